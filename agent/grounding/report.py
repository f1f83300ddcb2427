"""The guard: one report of findings over the drafts of an assessment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from agent.grounding.citations import Ground, Quoted, check_citations_of
from agent.grounding.claims import CheckedClaim, check_claim
from agent.grounding.compared_roles import compared_text_findings
from agent.grounding.content import Said, text_findings
from agent.grounding.contradictions import opposed
from agent.grounding.echo import echoes
from agent.grounding.evidence_rules import evidence_findings
from agent.grounding.frame_rules import (
    frame_findings,
    gap_findings,
    safety_findings_beside,
    task_name_findings,
    texts_beside,
)
from agent.grounding.language import analyse
from agent.grounding.lens_rules import lens_findings
from agent.grounding.names import name_words
from agent.grounding.repair import repaired_claim
from agent.grounding.role_mentions import speaking_sources
from agent.grounding.sources import PassageText, Sources
from agent.schemas.article import Passage
from agent.schemas.draft import Citation, Claim, ClaimKind, Commentary, EvidenceDraft, Inputs, RoleFrame, Stance
from agent.schemas.finding import Finding, GuardReport, Opposed, Tier, Verdict
from agent.schemas.lens import Lens
from agent.schemas.places import PlacedClaim, placed_claims
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
    told: str = "",
    lens: Lens | None = None,
) -> GuardReport:
    """Check drafts against the stored passages they cite; `None` is a part that is not drafted. The rules of a lens are
    checked beside the inputs that it starts from.

    `told` are the instructions that the drafting model was given: their words may not come back.

    `passages` holds every passage that may be cited, by id; `packs` the ids each section's drafter was shown, from
    which corrections are suggested; no cited article may have appeared after `as_of` (YYYY-MM-DD). Findings come in
    printed order, at most one of a code at a place. Never raises.
    """
    sources = Sources(passages, quote_minimum=policy.quote_min_characters)
    placed = tuple(placed_claims(inputs, commentary, lens))
    known = _known(frame, inputs)
    role = _role_stems(frame, inputs)
    grounds = {
        name: Ground(sources, packs.get(name, frozenset()), known, as_of, role, policy.stale_months, frame)
        for name in Section
    }
    checked = tuple(check_claim(claim, grounds[claim.section]) for claim in placed)
    beside = (
        *safety_findings_beside(frame, inputs, lens),
        *_compared_findings(frame, inputs, lens),
        *_echo_findings(told, texts_beside(frame, inputs, lens), placed),
    )
    findings = [*frame_findings(frame), *beside, *(finding for claim in checked for finding in claim.findings)]
    if inputs is not None:
        findings += [*_rule_findings(inputs, policy), *_rationale_findings(inputs)]
        findings += [*task_name_findings(inputs.tasks, frame), *gap_findings(inputs)]
        findings += _dimension_findings(inputs.evidence, checked, policy, as_of)
    if inputs is not None and lens is not None:
        findings += lens_findings(lens, inputs, checked, policy, as_of)
    order = list(Section)
    clean = [claim.placed.claim.kind for claim in checked if not claim.findings]
    return GuardReport(
        findings=tuple(sorted(findings, key=lambda finding: order.index(finding.section))),
        verified=clean.count(ClaimKind.SOURCED),
        judgement=clean.count(ClaimKind.JUDGEMENT),
        speaking_sources=speaking_sources(checked, frame),
        verdicts={claim.placed.path: claim.verdict for claim in checked},
        counts=_counts(checked),
        opposed=_opposed(checked) if inputs else {},
        admissible={name.value: len(_admissible(name, checked)) for name in EvidenceName} if inputs else {},
    )


def _compared_findings(frame: RoleFrame, inputs: Inputs | None, lens: Lens | None) -> Iterator[Finding]:
    for section, path, text in texts_beside(frame, inputs, lens):
        yield from compared_text_findings(section, path, text, frame)


def _echo_findings(
    told: str, beside: Sequence[tuple[Section, str, str]], placed: Sequence[PlacedClaim]
) -> Iterator[Finding]:
    texts = [*beside, *((claim.section, claim.path, claim.claim.text) for claim in placed)]
    for section, path, text in texts if told else ():
        found = echoes(text, told)
        if found is not None:
            message = f'"{found}" are words of the instructions, not of a source; say it of the role or leave it out.'
            yield _block("G-PROMPT-ECHO", section, path, message)


def _counts(checked: Sequence[CheckedClaim]) -> dict[Section, dict[Verdict, int]]:
    found: dict[Section, Counter[Verdict]] = {}
    for claim in checked:
        found.setdefault(claim.placed.section, Counter())[claim.verdict] += 1
    return {s: {v: found[s][v] for v in Verdict if found[s][v]} for s in Section if s in found}


def _opposed(checked: Sequence[CheckedClaim]) -> dict[EvidenceName, Opposed]:
    pairs = {name: opposed(_claims_of(name, checked)) for name in EvidenceName}
    return {name: pair for name, pair in pairs.items() if pair.for_ or pair.against}


def check_one(
    claim: Claim,
    *,
    section: Section,
    path: str,
    passages: Mapping[str, Passage],
    pack: frozenset[str],
    frame: RoleFrame,
    policy: Policy,
    as_of: str | None = None,
) -> CheckedClaim:
    """One claim of `section` on its own, after slips in its quotes were repaired. Arguments as for `check`."""
    sources = Sources(passages, quote_minimum=policy.quote_min_characters)
    known, role = name_words(_role_text(frame, None)), _role_stems(frame, None)
    ground = Ground(sources, pack, known, as_of, role, policy.stale_months, frame)
    return check_claim(PlacedClaim(claim=repaired_claim(claim, sources), section=section, path=path), ground)


def check_text(text: str, against: Passage, *, policy: Policy) -> tuple[Finding, ...]:
    """The findings on a sentence that is to say what one passage says, without a quote.

    Figures and names may stand anywhere in the passage; the meaning is compared with the sentences most like `text`.
    """
    source = PassageText(against)
    ground = Ground(Sources({}, quote_minimum=policy.quote_min_characters), frozenset(), frozenset())
    claim = Claim(text=text, kind=ClaimKind.SOURCED, stance=Stance.CONTEXT)
    whole = (Quoted(source, (0, len(against.text))),)
    nearest = tuple(Quoted(source, span) for span in source.nearest_sentences(text))
    return tuple(text_findings(Said(claim, Section.EVIDENCE, "text", whole, (source,), ground, nearest)))


def repairer(passages: Mapping[str, Passage], policy: Policy) -> Callable[[Claim], Claim]:
    """Replaces slips in a claim's quotes by the exact text of their passage, keeping beside it what was drafted."""
    sources = Sources(passages, quote_minimum=policy.quote_min_characters)
    return lambda claim: repaired_claim(claim, sources)


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
    ground = Ground(sources, frozenset(passages), frozenset(), as_of)
    return check_citations_of(citations, section, path, ground).findings


def _known(frame: RoleFrame, inputs: Inputs | None) -> frozenset[str]:
    return name_words(_role_text(frame, inputs))


def _role_stems(frame: RoleFrame, inputs: Inputs | None) -> frozenset[str]:
    return analyse(_role_text(frame, inputs)).content


def _role_text(frame: RoleFrame, inputs: Inputs | None) -> str:
    own = [frame.title, frame.seniority, frame.function, frame.experience, frame.seniority_note]
    own += [*frame.aliases, *frame.proxies, *frame.tags, *(other.title for other in frame.is_not)]
    own += [other.difference for other in frame.is_not] + [task.name for task in (inputs.tasks if inputs else ())]
    return "\n".join(own)


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
    evidence: Mapping[EvidenceName, EvidenceDraft],
    checked: Sequence[CheckedClaim],
    policy: Policy,
    as_of: str | None,
) -> Iterator[Finding]:
    for name, draft in evidence.items():
        yield from evidence_findings(name, draft, _claims_of(name, checked), policy, as_of)


def _claims_of(name: EvidenceName, checked: Sequence[CheckedClaim]) -> list[CheckedClaim]:
    return [claim for claim in checked if claim.placed.path.startswith(f"evidence.{name}.")]


def _admissible(name: EvidenceName, checked: Sequence[CheckedClaim]) -> list[CheckedClaim]:
    return [claim for claim in _claims_of(name, checked) if claim.admissible]


def _block(code: str, section: Section, path: str, message: str) -> Finding:
    return Finding(code=code, tier=Tier.BLOCK, section=section, path=path, message=message)
