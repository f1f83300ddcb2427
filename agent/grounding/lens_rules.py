"""What an AI-driven lens needs before it can be approved (METHODOLOGY sections 7 and 10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from agent.grounding.claims import CheckedClaim
from agent.grounding.dates import months_before
from agent.grounding.independence import independent_sources
from agent.grounding.normalise import folded_words, mentions
from agent.grounding.spoken import block, review, shown
from agent.grounding.tool_names import names_a_tool
from agent.schemas.draft import Inputs, Stance
from agent.schemas.finding import Finding
from agent.schemas.lens import IMPACTS, SIGNALS, EvidenceDelta, Lens, LensTask
from agent.schemas.vocabulary import LensOutcome, Section, Zone
from agent.scoring.lens import lens_problems, lens_score
from agent.scoring.policy import Policy
from agent.scoring.rules import problems

Groups = Mapping[str, Sequence[CheckedClaim]]
"""The checked claims of a lens by the place of their group, for example `lens.tasks.0.share_claims`."""


def lens_findings(
    lens: Lens, inputs: Inputs, checked: Sequence[CheckedClaim], policy: Policy, as_of: str | None = None
) -> Iterator[Finding]:
    """Every rule of the lens that is broken, given its base and its checked claims.

    Without `as_of` (YYYY-MM-DD) no signal is stale.
    """
    groups: dict[str, list[CheckedClaim]] = {path: [] for path, _ in lens.groups()}
    for claim in checked:
        if claim.placed.section is Section.LENS:
            groups[claim.placed.path.rpartition(".")[0]].append(claim)
    broken = lens_problems(lens, inputs, policy)
    yield from _rule_findings(broken)
    yield from _rationale_findings(lens, inputs, groups)
    yield from _source_findings(lens, inputs, groups, policy)
    yield from _task_findings(lens, inputs, groups)
    for at, change in enumerate(lens.evidence):
        yield from _evidence_findings(at, change, groups[f"lens.evidence.{at}.claims"], policy)
    yield from _counter_findings(lens, groups)
    if as_of is not None:
        yield from _age_findings(groups["lens.postings_signal"], policy, as_of)
    if not broken and not problems(inputs.scored(), policy):
        yield from _outcome_findings(lens, inputs, policy)


def _rule_findings(broken: Sequence[str]) -> Iterator[Finding]:
    """One finding a place: each sentence begins with its place."""
    places: dict[str, list[str]] = {}
    for problem in broken:
        place = problem.partition(": ")[0].replace("[", ".").replace("]", "")
        places.setdefault(place, []).append(problem)
    for place, sentences in places.items():
        yield block("G-LENS-RULES", Section.LENS, place, "; ".join(sentences))


def _rationale_findings(lens: Lens, inputs: Inputs, groups: Groups) -> Iterator[Finding]:
    """What needs a claim of any kind."""
    wanted = [f"lens.concept.{name}" for name in ("subject_or_method", "base_consistency", "spine")]
    wanted += [f"lens.{name}" for name in IMPACTS] if lens.outcome.has_composite else []
    wanted += [f"lens.barriers.{at}.claims" for at, change in enumerate(lens.barriers) if change.delta]
    if lens.growth is not None and lens.growth.score != inputs.growth.score:
        wanted.append("lens.growth.claims")
    for path in wanted:
        if not groups[path]:
            place = path.removesuffix(".claims")
            yield block("G-LENS-RATIONALE", Section.LENS, place, f"{place} has no claim; give one sentence for it.")


def _source_findings(lens: Lens, inputs: Inputs, groups: Groups, policy: Policy) -> Iterator[Finding]:
    """What needs a verified sourced claim: the market's part of the gate, the signals, changed evidence, growth +2."""
    wanted = {"lens.concept.market_evidence": "The outcome"}
    if lens.outcome.has_composite:
        wanted |= {f"lens.{name}": name.replace("_", " ").capitalize() for name in SIGNALS}
    wanted |= {
        f"lens.evidence.{at}.claims": f"The change of {change.name} by {change.delta:+d}"
        for at, change in enumerate(lens.evidence)
        if change.delta
    }
    recursive, growth = policy.lens_recursive_growth, lens.growth
    if growth is not None and growth.score >= recursive > inputs.growth.score:
        wanted["lens.growth.claims"] = f"Growth of {growth.score:+d}"
    for path, what in wanted.items():
        if not any(claim.admissible for claim in groups[path]):
            message = f"{what} rests on no verified sourced claim; cite evidence for it or leave it as in the base."
            if path in {f"lens.{name}" for name in SIGNALS} | {"lens.concept.market_evidence"}:
                message = f"{what} rests on no verified sourced claim; cite evidence for it."
            yield block("G-LENS-NO-SOURCE", Section.LENS, path.removesuffix(".claims"), message)


def _task_findings(lens: Lens, inputs: Inputs, groups: Groups) -> Iterator[Finding]:
    base = {task.id: task for task in inputs.tasks}
    for at, task in enumerate(lens.tasks):
        place = f"lens.tasks.{at}"
        moves, rescores = groups[f"{place}.share_claims"], groups[f"{place}.score_claims"]
        for number, tool in enumerate(task.tools):
            if not names_a_tool(tool):
                message = (
                    f'"{shown(tool)}" is a kind of tool and no tool; name the deployed tool that the evidence names, '
                    "or leave it out and keep the base's share and score."
                )
                yield block("G-LENS-UNNAMED-TOOL", Section.LENS, f"{place}.tools.{number}", message)
            elif not any(_names(claim, tool) for claim in (*moves, *rescores)):
                message = (
                    f'"{shown(tool)}" is named by no verified sourced claim of the task whose passage speaks of it; '
                    "cite where it stands or leave it out."
                )
                yield block("G-LENS-TOOL", Section.LENS, f"{place}.tools.{number}", message)
        as_is = base.get(task.id)
        if as_is is None:
            continue
        for field, was, now, claims in (
            ("share", as_is.share, task.share, moves),
            ("score", as_is.score, task.score, rescores),
        ):
            if was != now and not _by_a_tool(claims, task):
                message = (
                    f"The {field} goes from {was} to {now} without a verified sourced claim that names a deployed tool "
                    "of the task; cite one or keep the base's."
                )
                yield block("G-LENS-NO-TOOL", Section.LENS, f"{place}.{field}", message)


def _by_a_tool(claims: Sequence[CheckedClaim], task: LensTask) -> bool:
    named = [tool for tool in task.tools if names_a_tool(tool)]
    return any(_names(claim, tool) for claim in claims for tool in named)


def _names(claim: CheckedClaim, tool: str) -> bool:
    """Whether an admissible claim and a passage that it cites both name a tool."""
    if not claim.admissible or not mentions(folded_words(claim.placed.claim.text), tool):
        return False
    return any(mentions(words, tool) for source in claim.cited for words in source.words)


def _evidence_findings(
    at: int, change: EvidenceDelta, claims: Sequence[CheckedClaim], policy: Policy
) -> Iterator[Finding]:
    """What a changed dimension needs beside one admissible claim: its direction, and sources of weight."""
    admissible = [claim for claim in claims if claim.admissible]
    if not change.delta or not admissible:
        return
    place, what = f"lens.evidence.{at}", f"{change.name} is changed by {change.delta:+d}"
    against = Stance.AGAINST if change.delta > 0 else Stance.FOR
    carrying = [claim for claim in admissible if claim.placed.claim.stance is not against]
    if not carrying:
        message = f"{what} and every verified claim points the other way ({against}); change it or cite the evidence."
        yield block("G-LENS-STANCE", Section.LENS, place, message)
        return
    tiers = [source.passage.meta.tier for claim in carrying for source in claim.cited]
    if all(tier >= policy.inert_tier for tier in tiers):
        message = f"{what} on sources of tier {policy.inert_tier} alone, which never move a dimension."
        yield block("G-LENS-TIER", Section.LENS, place, message)
    elif abs(change.delta) > 1:
        sources = independent_sources(source.passage for claim in carrying for source in claim.cited)
        if sources < policy.strong_evidence_sources or min(tiers) > policy.strong_evidence_tier:
            message = (
                f"{what} on {sources} independent {'source' if sources == 1 else 'sources'}, the best of tier "
                f"{min(tiers)}; more than one point needs {policy.strong_evidence_sources}, one of them of tier "
                f"{policy.strong_evidence_tier} or better."
            )
            yield block("G-LENS-WEAK-SOURCES", Section.LENS, place, message)


def _counter_findings(lens: Lens, groups: Groups) -> Iterator[Finding]:
    """Evidence against the outcome that speaks for it is none."""
    own = {LensOutcome.TRANSFORMS: Stance.FOR, LensOutcome.COMPRESSES: Stance.AGAINST}.get(lens.outcome)
    admissible = [claim for claim in groups["lens.counter_evidence"] if claim.admissible]
    if own is not None and admissible and all(claim.placed.claim.stance is own for claim in admissible):
        message = (
            f"The outcome is {lens.outcome}, and every verified claim of the counter-evidence points the same way "
            f"({own}); cite the strongest evidence against it."
        )
        yield block("G-LENS-STANCE", Section.LENS, "lens.counter_evidence", message)


def _age_findings(claims: Sequence[CheckedClaim], policy: Policy, as_of: str) -> Iterator[Finding]:
    """Current postings of which none is current."""
    dates = [source.passage.meta.date for claim in claims if claim.admissible for source in claim.cited]
    ages = [months_before(date, as_of) for date in dates]
    if dates and all(age is None or age > policy.stale_months for age in ages):
        newest = max((date for date in dates if date != "unknown"), default=None)
        dated = f"none newer than {newest}" if newest else "none with a known date"
        message = f"The signal of current postings rests on evidence of which {dated}; is it still so on {as_of}?"
        yield review("G-LENS-STALE", Section.LENS, "lens.postings_signal", message)


def _outcome_findings(lens: Lens, inputs: Inputs, policy: Policy) -> Iterator[Finding]:
    """T3 by the numbers: a role that is transformed does not end in a worse zone."""
    result = lens_score(lens, inputs, policy)
    order = list(Zone)
    if result is None or lens.outcome is not LensOutcome.TRANSFORMS:
        return
    if order.index(result.zone) > order.index(result.base_zone):
        message = (
            f"The outcome is {lens.outcome}, and the zone falls from {result.base_zone} to {result.zone}; "
            "does the role gain from it?"
        )
        yield review("G-LENS-OUTCOME", Section.LENS, "lens.outcome", message)
