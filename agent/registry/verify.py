"""Verifying a published assessment: hash, score and every citation again, against the passages in a store now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from agent.grounding.drafts import disagreements
from agent.grounding.report import check, check_citations
from agent.registry.holdings import Holdings, citations_of
from agent.registry.published_file import PublishedFile
from agent.registry.remarks import Check, Remark
from agent.registry.sources import source_misses, source_notes, to_guard
from agent.schemas.agreement import DraftState
from agent.schemas.assessment import Assessment
from agent.schemas.finding import Finding, GuardReport, Tier, Verdict
from agent.schemas.lens import LensResult
from agent.schemas.places import placed_claims
from agent.schemas.record import PublishedAssessment
from agent.schemas.scored import Override, ScoreResult
from agent.schemas.vocabulary import Gate, Section
from agent.scoring import (
    AGREEMENT,
    POLICY,
    agreement,
    lens_problems,
    lens_score,
    override_problems,
    problems,
    score,
    scored_draft,
)

UNCHECKED = "unchecked"
"""How a claim counts whose passage is not in the store."""
OF_RECORD = ("score", "formula_score", "zone", "label")
"""What two versions of the policy can be compared by."""
LENS_OF_RECORD = ("score", "zone", "base_score")
Result = TypeVar("Result", ScoreResult, LensResult)
PRINTED = ("verified", "judgement", "speaking_sources", "admissible", "verdicts", "counts", "opposed")
"""What a page says of the guard's report, beside the findings."""


@dataclass(frozen=True)
class Verification:
    """What came out."""

    revision: str
    """The hash that the file states."""
    score: float | None
    claims: dict[str, int]
    """How many claims the guard finds to be what, now; `unchecked` are those whose passage is not here."""
    citations: int
    misses: tuple[Remark, ...]
    """What does not hold, or cannot be checked here."""
    notes: tuple[Remark, ...]
    """What a reader should know and what is wrong with nothing."""

    def document(self) -> dict[str, object]:
        """What `assess-role verify --json` prints of it."""
        return {
            "revision": self.revision,
            "score": self.score,
            "claims": self.claims,
            "citations": self.citations,
            "misses": [remark._asdict() for remark in self.misses],
            "notes": [remark._asdict() for remark in self.notes],
        }


def verify(file: PublishedFile, held: Holdings, *, as_of: str) -> Verification:
    """Everything that can be recomputed, recomputed. `as_of` (YYYY-MM-DD) is the day that age counts to.

    Never raises for what a file says.
    """
    published, content = file.document, file.document.assessment
    report, extra = _guarded(content, held)
    wrong = [*source_misses(content, held)]
    found = (*report.findings, *extra)
    doubts = _unaccepted(content, found, {remark.place for remark in wrong})
    undecided = [f for f in doubts if held.drafted_from is None and _is_undecided(f)]
    misses = [*_hash_misses(file), *_decision_misses(published), *_score_misses(published), *wrong]
    misses += [Remark(f.code, f.path, f.message) for f in doubts if f not in undecided]
    notes = [*_withdrawal_notes(held), *_policy_notes(content), *source_notes(content, held, as_of)]
    notes += [Remark(f.code, f.path, f"{f.message} What it was drafted from is not here.") for f in undecided]
    notes += [] if misses or undecided else _guard_notes(content, report, found)
    return Verification(
        revision=published.revision,
        score=None if content.result is None else content.result.score,
        claims=_counted(content, report, held),
        citations=sum(1 for _ in citations_of(content)),
        misses=tuple(misses),
        notes=tuple(notes),
    )


def _hash_misses(file: PublishedFile) -> Iterator[Remark]:
    stated, recorded = file.document.revision, file.document.record.revision
    if file.found != stated:
        yield Remark(
            Check.HASH, "revision", f"the content was changed: its hash is {file.found}, the file says {stated}"
        )
    if recorded != stated:
        yield Remark(Check.HASH, "record.revision", f"the review record is of {recorded}")


def _decision_misses(published: PublishedAssessment) -> Iterator[Remark]:
    approved = {d.revision for d in published.record.decisions if (d.gate, d.action) == (Gate.PUBLICATION, "approve")}
    if published.revision not in approved:
        yield Remark(Check.DECISION, "record.decisions", "nobody approved this revision for publication")


def _score_misses(published: PublishedAssessment) -> Iterator[Remark]:
    content, result = published.assessment, published.assessment.result
    if result is None:
        yield Remark(Check.SCORE, "result", "it has no score")
        return
    if published.record.final_score != result.score:
        yield Remark(Check.SCORE, "record.final_score", f"it is {published.record.final_score}, not {result.score}")
    broken = [*_breaches(content)]
    yield from broken
    if not broken:
        yield from _result_misses("result", OF_RECORD, result, score(content.inputs.scored(), override=_plain(content)))
        yield from _lens_misses(content)
    yield from _agreement_misses(content)


def _agreement_misses(content: Assessment) -> Iterator[Remark]:
    """What does not follow from the numbers of the independent drafts."""
    stored = content.agreement
    if stored is None:
        return
    if stored.policy != AGREEMENT.version:
        message = f"cannot be checked here: compared by {stored.policy}; the present rules are {AGREEMENT.version}"
        yield Remark(Check.SCORE, "agreement.policy", message)
        return
    for draft in stored.drafts:
        place = f"agreement.drafts.{draft.sample}"
        broken = problems(draft.inputs) if draft.state is DraftState.SCORED else ()
        for problem in broken:
            yield Remark(Check.SCORE, place, problem)
        if not broken and draft.state is DraftState.SCORED:
            computed = scored_draft(draft.sample, draft.inputs, model=draft.model)
            if computed != draft:
                message = f"the file says {draft.score}, its inputs give {computed.score}"
                yield Remark(Check.SCORE, place, message)
    if agreement(stored.drafts) != stored:
        yield Remark(Check.SCORE, "agreement", "it does not follow from the drafts")


def _lens_misses(content: Assessment) -> Iterator[Remark]:
    """What does not follow from the lens and the inputs that it starts from."""
    lens, stored = content.lens, content.lens_result
    if lens is None:
        if stored is not None:
            yield Remark(Check.SCORE, "lens_result", "there is no lens that it could follow from")
        return
    broken = lens_problems(lens, content.inputs)
    for problem in broken:
        yield Remark(Check.SCORE, "lens", problem)
    if broken:
        return
    computed = lens_score(lens, content.inputs)
    if stored is None or computed is None:
        if stored is not computed:
            found, expected = ("none", "one") if stored is None else ("one", "none")
            yield Remark(
                Check.SCORE, "lens_result", f"found {found}, expected {expected} for the outcome {lens.outcome}"
            )
        return
    yield from _result_misses("lens_result", LENS_OF_RECORD, stored, computed)


def _breaches(content: Assessment) -> Iterator[Remark]:
    """What keeps the formula from being computed at all."""
    scored, override = content.inputs.scored(), _plain(content)
    found = problems(scored)
    for place, problem in [("inputs", problem) for problem in found]:
        yield Remark(Check.SCORE, place, problem)
    if not found and override is not None:
        for problem in override_problems(override, score(scored).formula_score):
            yield Remark(Check.SCORE, "override", problem)


def _plain(content: Assessment) -> Override | None:
    given = content.override
    return None if given is None else Override(score=given.score, reason=given.reason)


def _result_misses(place: str, of_record: Sequence[str], stored: Result, computed: Result) -> Iterator[Remark]:
    same_policy = stored.policy == computed.policy
    names = tuple(type(stored).model_fields) if same_policy else of_record
    wrong = [name for name in names if getattr(stored, name) != getattr(computed, name)]
    if not wrong:
        return
    if not same_policy:
        message = f"cannot be checked here: scored by policy {stored.policy}; {computed.policy} gives {computed.score}"
    elif "score" in wrong:
        message = f"the file says {stored.score}, the inputs give {computed.score}"
    else:
        others = len(wrong) - 1
        more = f", nor {'does' if others == 1 else 'do'} {others} other part{'s'[: others > 1]} of the result"
        message = f"it does not follow from the inputs{more if others else ''}"
    yield Remark(Check.SCORE, f"{place}.{wrong[0]}", message)


def _withdrawal_notes(held: Holdings) -> Iterator[Remark]:
    if held.withdrawn is not None:
        yield Remark(Check.WITHDRAWN, "record", f"this version was withdrawn {held.withdrawn.words}")


def _policy_notes(content: Assessment) -> Iterator[Remark]:
    used = {content.provenance.policy} | ({content.result.policy} if content.result else set())
    for version in sorted(used - {POLICY.version}):
        yield Remark(
            Check.POLICY, "provenance.policy", f"scored by policy {version}; the present one is {POLICY.version}"
        )


def _guarded(content: Assessment, held: Holdings) -> tuple[GuardReport, tuple[Finding, ...]]:
    """The guard's report on inputs, commentary and lens, and its findings on the override's citations and on how far
    independent drafts agree."""
    passages = to_guard(content, held)
    report = check(
        inputs=content.inputs,
        commentary=content.commentary,
        lens=content.lens,
        passages=passages,
        packs={},
        frame=content.role,
        policy=POLICY,
        as_of=content.as_of,
    )
    drafted = () if content.agreement is None else disagreements(content.agreement)
    if content.override is None:
        return report, drafted
    cited = content.override.citations
    kind = Section.EVIDENCE
    extra = check_citations(cited, section=kind, path="override", passages=passages, policy=POLICY, as_of=content.as_of)
    return report, (*drafted, *extra)


def _unaccepted(content: Assessment, findings: Sequence[Finding], said: set[str]) -> list[Finding]:
    """The findings that nobody accepted, without those on a quote that was already said to be missing."""
    accepted = {acceptance.finding for acceptance in content.accepted}
    return [
        finding
        for finding in findings
        if not (finding.tier is Tier.REVIEW and finding.id in accepted)
        and not (finding.code.startswith("G-QUOTE-") and finding.path in said)
    ]


def _is_undecided(finding: Finding) -> bool:
    """A name in a judgement may stand in any passage that the draft was made from, also in one that is not cited."""
    return (finding.code, finding.tier) == ("G-NAME-UNKNOWN", Tier.REVIEW)


def _guard_notes(content: Assessment, report: GuardReport, findings: Sequence[Finding]) -> Iterator[Remark]:
    changed = [name for name in PRINTED if getattr(content.guard, name) != getattr(report, name)]
    if {finding.id for finding in content.guard.findings} != {finding.id for finding in findings}:
        changed.append("findings")
    if changed:
        message = f"the guard comes to another report now than the file prints: {', '.join(changed)}"
        yield Remark(Check.GUARD, f"guard.{changed[0]}", message)


def _counted(content: Assessment, report: GuardReport, held: Holdings) -> dict[str, int]:
    found: Counter[str] = Counter()
    for placed in placed_claims(content.inputs, content.commentary, content.lens):
        here = all(citation.passage in held.passages for citation in placed.claim.citations)
        found[report.verdicts[placed.path].value if here else UNCHECKED] += 1
    return {name: found[name] for name in (*(verdict.value for verdict in reversed(Verdict)), UNCHECKED)}
