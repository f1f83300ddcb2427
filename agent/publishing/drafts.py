"""How far independent drafts agree, as every edge shows it: sentences, a row a draft, a row an input."""

from __future__ import annotations

from dataclasses import dataclass

from agent.publishing import words
from agent.schemas.agreement import Agreement, DraftState, IndependentDraft, Spread
from agent.schemas.assessment import Assessment
from agent.schemas.scored import Intermediate
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, PrincipleName

ONE_DRAFT = "No interval is known: the inputs were drafted once, so nobody knows how far another draft would differ."
CHANGED = (
    "The interval is of the drafts: the inputs were changed after they were drafted, and the score beside it is of the "
    "changed ones."
)
_WHOLE = {
    "score": "Score",
    "task_resistance": "Task resistance",
    "evidence": "Evidence, total",
    "barriers": "Barriers, total",
    "growth": "Growth",
    "principles": "Principles, total",
    **{f"tasks.{bucket.value}": f"Time in {words.BUCKETS[bucket].lower()}" for bucket in Bucket},
    "tasks.exposed": "Time on tasks that score 3 or more",
    **{f"evidence.{name.value}": words.EVIDENCE[name] for name in EvidenceName},
    **{f"barriers.{name.value}": words.BARRIERS[name] for name in BarrierName},
    **{f"principles.{name.value}": words.PRINCIPLES[name] for name in PrincipleName},
}
_PARTS = {"share": "share of time", "score": "score"}
_DECIMALS = {"score": 1, "task_resistance": 2}


@dataclass(frozen=True)
class DraftRow:
    """One draft."""

    number: int
    """1 is the one that was reviewed."""
    score: str
    zone: str
    """`GREEN`, `YELLOW`, `RED`; empty without a score."""
    label: str
    """The label, or why there is no score."""
    parts: str
    """Task resistance and totals; empty without a score."""


@dataclass(frozen=True)
class SpreadRow:
    """One input over the drafts that have a score."""

    input: str
    name: str
    values: tuple[str, ...]
    span: str
    """From the lowest to the highest."""
    mark: str
    """What a rule of agreement says of it; empty where none does."""


@dataclass(frozen=True)
class DraftsView:
    """Several drafts side by side, or that there was one."""

    sentences: tuple[str, ...]
    """The interval and the zones, then what to know about them."""
    low: float | None = None
    high: float | None = None
    zones: tuple[tuple[str, str, int, int], ...] = ()
    """Zone, its words, how many drafts have a score in it, and their percent of all drafts, rounded half up."""
    drafts: tuple[DraftRow, ...] = ()
    spreads: tuple[SpreadRow, ...] = ()
    """Only where the drafts say something else; the first is the score."""
    agreed: int = 0
    """How many inputs all drafts say the same of."""
    defaults: tuple[Intermediate, ...] = ()


def drafts_view(assessment: Assessment) -> DraftsView:
    """How far the drafts of an assessment agree."""
    found = assessment.agreement
    if found is None:
        return DraftsView(sentences=(ONE_DRAFT,))
    total = len(found.drafts)
    shown = [spread for spread in found.spreads if spread.low != spread.high]
    return DraftsView(
        sentences=sentences(assessment, found),
        low=found.low,
        high=found.high,
        zones=tuple(
            (zone.value, words.ZONES[zone], count, (200 * count + total) // (2 * total))
            for zone, count in found.zones.items()
        ),
        drafts=tuple(_draft(draft) for draft in found.drafts),
        spreads=tuple(_spread(spread) for spread in shown),
        agreed=len(found.spreads) - len(shown),
        defaults=found.defaults,
    )


def sentences(assessment: Assessment, found: Agreement) -> tuple[str, ...]:
    """The interval and the zones, what the interval is, and whether it is of these very inputs."""
    total = len(found.drafts)
    zones = words.listed([f"{count} {words.ZONES[zone]}" for zone, count in found.zones.items()]) if found.zones else ""
    lines = []
    if found.low is None or found.high is None:
        lines.append(f"No interval is known: fewer than two of {total} independent drafts have a score.")
    else:
        scored = len(found.scored)
        span = f"{found.low:.1f}" if found.low == found.high else f"{found.low:.1f} to {found.high:.1f}"
        which = f"{total} independent drafts" if scored == total else f"{scored} of {total} independent drafts"
        lines.append(f"{which} score {span}: {zones}.")
        lines.append(
            "That is the range of these drafts, not a confidence interval: one more draft made in the same way would "
            f"lie outside of it in up to 2 of {scored + 1} cases."
        )
    if found.unscored:
        numbers = words.listed([str(draft.sample + 1) for draft in found.unscored])
        one = len(found.unscored) == 1
        named = f"Draft {numbers} has" if one else f"Drafts {numbers} have"
        lines.append(f"{named} no score and {'is' if one else 'are'} part of no interval.")
    if is_changed(assessment, found):
        lines.append(CHANGED)
    return tuple(lines)


def is_changed(assessment: Assessment, found: Agreement) -> bool:
    """Whether the numbers of the assessment are other ones than those of the draft that went on to review."""
    return assessment.override is not None or assessment.inputs.scored() != found.drafts[0].inputs


def document(assessment: Assessment) -> dict[str, object] | None:
    """The agreement as `--json` prints it; `None` with one draft."""
    found = assessment.agreement
    if found is None:
        return None
    total = len(found.drafts)
    return {
        "drafts": [
            draft.model_dump(mode="json", include={"sample", "model", "state", "score", "zone", "label", "reasons"})
            for draft in found.drafts
        ],
        "low": found.low,
        "high": found.high,
        "zones": {
            zone.value: {"drafts": count, "share": round(count / total, 4)} for zone, count in found.zones.items()
        },
        "changed": is_changed(assessment, found),
        "spreads": [spread.model_dump(mode="json") for spread in found.spreads],
        "policy": found.policy,
    }


def _draft(draft: IndependentDraft) -> DraftRow:
    number = draft.sample + 1
    if draft.score is None or draft.zone is None or draft.label is None:
        why = "too little evidence" if draft.state is DraftState.ABSTAINED else "cannot be approved"
        return DraftRow(number, "none", "", f"{why}: {'; '.join(draft.reasons)}", "")
    inputs = draft.inputs
    evidence = sum(value or 0 for value in inputs.evidence.values())
    parts = (
        f"TR {draft.task_resistance:.2f}, E {words.signed(evidence)}, B {sum(inputs.barriers.values())}, "
        f"G {words.signed(inputs.growth)}"
    )
    return DraftRow(number, f"{draft.score:.1f}", draft.zone.value, draft.label, parts)


def _spread(spread: Spread) -> SpreadRow:
    low, high = (_value(spread, end) for end in (spread.low, spread.high))
    return SpreadRow(
        input=spread.input,
        name=_name(spread),
        values=tuple(_value(spread, value) for value in spread.values),
        span=f"{low} to {high}",
        mark=words.DIFFER if spread.differs else "",
    )


def _name(spread: Spread) -> str:
    if spread.name is not None:
        return f"{spread.name}, {_PARTS[spread.input.rpartition('.')[2]]}"
    return _WHOLE[spread.input]


def _value(spread: Spread, value: float | None) -> str:
    if value is None:
        return "unknown"
    group, _, last = spread.input.partition(".")
    if group == "tasks" and not last.endswith("score"):
        return f"{value:.0f}%"
    if group in ("evidence", "growth"):
        return words.signed(int(value))
    return f"{value:.{_DECIMALS.get(spread.input, 0)}f}"
