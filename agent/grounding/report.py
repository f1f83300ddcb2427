"""The guard: one report of findings over the drafts of an assessment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from agent.grounding.claims import CheckedClaim, Ground, Placed, check_claim, citation_findings
from agent.grounding.evidence_rules import evidence_findings
from agent.grounding.frame_rules import frame_findings, gap_findings, task_name_findings
from agent.grounding.names import name_words
from agent.grounding.role_mentions import speaking_sources
from agent.grounding.sources import Sources
from agent.schemas.article import Passage
from agent.schemas.draft import Citation, Claim, ClaimKind, Commentary, EvidenceDraft, Inputs, RoleFrame
from agent.schemas.finding import Finding, GuardReport, Tier
from agent.schemas.vocabulary import EvidenceName, Section
from agent.scoring.policy import Policy
from agent.scoring.rules import problems


def check(
    *,
    inputs: Inputs | None,
    commentary: Commentary | None,
    passages: Mapping[str, Passage],
    packs: Mapping[Section, frozenset[str]],
    frame: RoleFrame,
    policy: Policy,
    as_of: str | None = None,
) -> GuardReport:
    """Check drafts against the stored passages they cite; `None` is a part that is not drafted.

    `passages` holds every passage that may be cited, by id; `packs` the ids each section's drafter was shown, from
    which corrections are suggested; no cited article may have appeared after `as_of` (YYYY-MM-DD). Findings come in
    printed order, at most one of a code at a place. Never raises.
    """
    sources = Sources(passages, quote_minimum=policy.quote_min_characters)
    placed = (*_input_claims(inputs), *_commentary_claims(commentary))
    known = _known(frame, inputs)
    grounds = {name: Ground(sources, packs.get(name, frozenset()), known, as_of) for name in Section}
    checked = tuple(check_claim(claim, grounds[claim.section]) for claim in placed)
    findings = [*frame_findings(frame), *(finding for claim in checked for finding in claim.findings)]
    if inputs is not None:
        findings += [*_rule_findings(inputs, policy), *_rationale_findings(inputs)]
        findings += [*task_name_findings(inputs.tasks, frame), *gap_findings(inputs)]
        findings += _dimension_findings(inputs.evidence, checked, policy)
    order = list(Section)
    clean = [claim.placed.claim.kind for claim in checked if not claim.findings]
    return GuardReport(
        findings=tuple(sorted(findings, key=lambda finding: order.index(finding.section))),
        verified=clean.count(ClaimKind.SOURCED),
        judgement=clean.count(ClaimKind.JUDGEMENT),
        speaking_sources=speaking_sources(checked, frame),
        admissible={name.value: len(_admissible(name, checked)) for name in EvidenceName} if inputs else {},
    )


def check_citations(
    citations: Sequence[Citation],
    *,
    section: Section,
    path: str,
    passages: Mapping[str, Passage],
    policy: Policy,
    as_of: str | None = None,
) -> tuple[Finding, ...]:
    """The findings on citations that belong to no claim, such as those of an override at `path`."""
    sources = Sources(passages, quote_minimum=policy.quote_min_characters)
    return citation_findings(citations, section, path, Ground(sources, frozenset(passages), frozenset(), as_of))[0]


def _input_claims(inputs: Inputs | None) -> Iterator[Placed]:
    if inputs is None:
        return
    for at, task in enumerate(inputs.tasks):
        yield from _placed(task.claims, Section.TASKS, f"tasks.{at}.claims")
    yield from _placed(inputs.reinstatement, Section.TASKS, "reinstatement")
    for evidence, dimension in inputs.evidence.items():
        yield from _placed(dimension.claims, Section.EVIDENCE, f"evidence.{evidence}.claims")
    for name, barrier in inputs.barriers.items():
        yield from _placed(barrier.claims, Section.BARRIERS, f"barriers.{name}.claims")
    for principle, draft in inputs.principles.items():
        yield from _placed(draft.claims, Section.GROWTH, f"principles.{principle}.claims")
    yield from _placed(inputs.growth.claims, Section.GROWTH, "growth.claims")


def _commentary_claims(commentary: Commentary | None) -> Iterator[Placed]:
    if commentary is None:
        return
    for part in Commentary.model_fields:
        yield from _placed(getattr(commentary, part), Section.COMMENTARY, f"commentary.{part}")


def _placed(claims: Sequence[Claim], section: Section, path: str) -> Iterator[Placed]:
    for at, claim in enumerate(claims):
        yield Placed(claim=claim, section=section, path=f"{path}.{at}")


def _known(frame: RoleFrame, inputs: Inputs | None) -> frozenset[str]:
    own = [frame.title, frame.seniority, frame.function, frame.experience, frame.seniority_note]
    own += [*frame.aliases, *frame.proxies, *frame.tags, *(other.title for other in frame.is_not)]
    own += [other.difference for other in frame.is_not] + [task.name for task in (inputs.tasks if inputs else ())]
    return name_words("\n".join(own))


def _rule_findings(inputs: Inputs, policy: Policy) -> Iterator[Finding]:
    """The breaches that scoring would refuse, one finding a place: each sentence begins with its place."""
    sections = {"evidence": Section.EVIDENCE, "barriers": Section.BARRIERS, "principles": Section.GROWTH}
    places: dict[str, list[str]] = {}
    for problem in problems(inputs.scored(), policy):
        place = problem.partition(": ")[0].replace("[", ".").replace("]", "")
        places.setdefault(place, []).append(problem)
    for place, sentences in places.items():
        section = sections.get(place.partition(".")[0], Section.TASKS)
        code = "G-TASK-RULES" if section is Section.TASKS else "G-DIMENSION-MISSING"
        yield _block(code, section, place, "; ".join(sentences))


def _rationale_findings(inputs: Inputs) -> Iterator[Finding]:
    bare: list[tuple[Section, str]] = []
    bare += [(Section.TASKS, f"tasks.{at}") for at, task in enumerate(inputs.tasks) if not task.claims]
    bare += [(Section.BARRIERS, f"barriers.{name}") for name, draft in inputs.barriers.items() if not draft.claims]
    bare += [(Section.GROWTH, f"principles.{name}") for name, part in inputs.principles.items() if not part.claims]
    bare += [] if inputs.growth.claims else [(Section.GROWTH, "growth")]
    for section, path in bare:
        yield _block(
            "G-RATIONALE-MISSING", section, path, f"{path} has a score and no claim; give one sentence for it."
        )


def _dimension_findings(
    evidence: Mapping[EvidenceName, EvidenceDraft], checked: Sequence[CheckedClaim], policy: Policy
) -> Iterator[Finding]:
    for name, draft in evidence.items():
        yield from evidence_findings(name, draft, _claims_of(name, checked), policy)


def _claims_of(name: EvidenceName, checked: Sequence[CheckedClaim]) -> list[CheckedClaim]:
    return [claim for claim in checked if claim.placed.path.startswith(f"evidence.{name}.")]


def _admissible(name: EvidenceName, checked: Sequence[CheckedClaim]) -> list[CheckedClaim]:
    return [claim for claim in _claims_of(name, checked) if claim.admissible]


def _block(code: str, section: Section, path: str, message: str) -> Finding:
    return Finding(code=code, tier=Tier.BLOCK, section=section, path=path, message=message)
