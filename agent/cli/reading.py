"""An assessment as its reviewer reads it: result first, then findings, then what is new at the gate (commentary and
lens at the second one), then every other claim, each with its quote in context.

Outside text is printed as text, never as markup, after control characters are stripped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from agent.cli.drafts_reading import draft_lines
from agent.cli.lens_reading import lens_parts
from agent.cli.views import show, tier_words
from agent.cli.wording import counted, dated
from agent.grounding.quotes import locate
from agent.publishing.answers import answers
from agent.publishing.words import DRAFTS, levels
from agent.schemas.article import TextKind
from agent.schemas.assessment import Assessment, Source
from agent.schemas.draft import Claim, Commentary, RoleFrame, Stance
from agent.schemas.finding import Finding, Tier
from agent.schemas.lens import Lens
from agent.schemas.pages import page_words, pages_of
from agent.schemas.places import placed_claims
from agent.schemas.text import one_line
from agent.schemas.vocabulary import BarrierName, EvidenceName, Gate, PrincipleName

Name = TypeVar("Name", bound=StrEnum)
Part = TypeVar("Part")
STANCES = {Stance.FOR: "for the role", Stance.AGAINST: "against the role", Stance.CONTEXT: "context"}
ZONE_STYLE = {"GREEN": "bold green", "YELLOW": "bold yellow", "RED": "bold red"}
COMMENTARY = {
    "summary": "Summary",
    "score_against_reality": "Score against reality",
    "not_captured": "What the numbers do not capture",
    "who_should_worry": "Who should worry",
    "who_should_not": "Who should worry less",
    "separator": "The biggest difference",
    "outlook": "The role in two to three years",
    "survival_strategy": "What to do",
    "timeline": "How fast",
}
"""The parts of a commentary, as they are headed and in this order."""
CONTEXT = 140
"""Characters of the passage shown on each side of a quote."""


def review_view(assessment: Assessment) -> None:
    """Everything a reviewer should have seen: score, robustness, findings, every claim with its quote in context."""
    show(_review_parts(assessment))


def _review_parts(assessment: Assessment) -> Iterable[RenderableType]:
    role, result = assessment.role, assessment.result
    yield Text(f"{one_line(role.title)} ({one_line(role.seniority)}), evidence as of {assessment.as_of}", style="bold")
    if result is None:
        yield Text("Not scorable as drafted: see the findings.", style="bold red")
    else:
        head = Text(f"{result.score:.1f} of 100  ")
        head.append(result.label, style=ZONE_STYLE[result.zone.value])
        yield head
        robust = result.robustness
        yield Text(f"{result.distance}. {robust.verdict}")
        span = f"{robust.joint_low:.1f} to {robust.joint_high:.1f}"
        yield Text(f"Each task score and the totals E, B and G one step worse or better: {span}.")
        parts = ", ".join(f"{c.factor} {c.points:+.1f}" for c in result.contributions)
        yield Text(f"{parts} = {result.score:.1f}; {result.label_reason}", style="dim")
        if result.unknown:
            named = ", ".join(name.value.replace("_", " ") for name in result.unknown)
            span = f"{result.unknown_low} to {result.unknown_high}"
            yield Text(f"Unknown, entered as 0: {named}. With -1 to +1 each: {span}.", style="bold")
    if assessment.override is not None and result is not None:
        yield Text(f"Override: formula {result.formula_score:.1f}. {one_line(assessment.override.reason)}")
    if assessment.gate is Gate.PUBLICATION:
        for question, answer in answers(assessment):
            yield Text(f"{question} ", style="bold").append(answer, style="not bold")
    yield from _findings(assessment)
    yield _heading(DRAFTS)
    yield from (Text(line) for line in draft_lines(assessment))
    yield from _commentary(assessment)
    yield from lens_parts(assessment, lambda claims: _claims(claims, assessment))
    if assessment.gate is Gate.PUBLICATION:
        yield _heading("Inputs (unchanged since gate 1)")
    yield from _role(role)
    yield from _tasks(assessment)
    yield from _dimensions(assessment)
    made = assessment.provenance
    yield _heading("Provenance")
    origin = "recorded answers of" if made.recorded else "drafted by"
    yield Text(f"{origin} {one_line(made.model)}; policy {made.policy}; corpus {made.corpus[:19]}", style="dim")


def _role(role: RoleFrame) -> Iterable[RenderableType]:
    """Everything of the frame that a page prints: nothing may be approved unseen."""
    yield _heading("Role")
    yield Text(one_line(role.function))
    lists = (
        ("Also called", role.aliases),
        ("Neighbouring roles, named as proxies", role.proxies),
        ("Domain", role.tags),
    )
    lines = [f"{name}: {'; '.join(one_line(item) for item in items)}" for name, items in lists if items]
    lines += [
        f"Experience: {one_line(role.experience)}",
        f"Other levels ({levels(role.seniority_note)}): {one_line(role.seniority_note)}",
    ]
    lines += [f"Not {one_line(other.title)}: {one_line(other.difference)}" for other in role.is_not]
    yield from (Text(line) for line in lines)


def claim_at(assessment: Assessment, path: str) -> str | None:
    """The claim that a finding's path leads to or into, on one line; `None` when it is about something else."""
    at: object = {
        **assessment.inputs.model_dump(mode="json"),
        "commentary": _dumped(assessment.commentary),
        "lens": _dumped(assessment.lens),
    }
    for part in path.split("."):
        if isinstance(at, Mapping) and part in at:
            at = at[part]
        elif isinstance(at, Sequence) and not isinstance(at, str) and part.isdecimal() and int(part) < len(at):
            at = at[int(part)]
        else:
            return None
        if isinstance(at, Mapping) and "text" in at and "kind" in at:
            return one_line(str(at["text"]))
    return None


def _dumped(part: Commentary | Lens | None) -> Mapping[str, object]:
    return {} if part is None else part.model_dump(mode="json")


def _heading(title: str) -> RenderableType:
    return Text(f"\n{title}", style="bold underline")


def _findings(assessment: Assessment) -> Iterable[RenderableType]:
    accepted = {a.finding: a.reason for a in assessment.accepted}
    guard = assessment.guard
    yield _heading("Findings")
    yield Text(f"{counted(len(guard.findings), 'finding')}. What the check made of the claims:")
    for section, counts in guard.counts.items():
        named = ", ".join(f"{number} {verdict.value}" for verdict, number in reversed(counts.items()))
        yield Text(f"  {section.value}: {named}")
    for finding in guard.findings:
        line = Text("  ")
        line.append(finding.tier.value, style="bold red" if finding.tier is Tier.BLOCK else "bold yellow")
        line.append(f" {finding.id}\n      {one_line(finding.message)}")
        claim = claim_at(assessment, finding.path)
        if claim is not None:
            line.append(f"\n      on: {claim}")
        words = _highlighted(finding, assessment)
        if words:
            line.append(f"\n      words: {words}", style="bold")
        if finding.id in accepted:
            line.append(f"\n      accepted: {one_line(accepted[finding.id])}", style="dim")
        yield line


def _highlighted(finding: Finding, assessment: Assessment) -> str:
    """The words of the claim that a finding is about; empty when it is about the whole of it."""
    if finding.highlight is None or finding.highlight.of != "claim":
        return ""
    every = placed_claims(assessment.inputs, assessment.commentary, assessment.lens)
    texts = {placed.path: placed.claim.text for placed in every}
    text = texts.get(finding.path, "")
    found = text[finding.highlight.start : finding.highlight.end]
    return "" if found == text else one_line(found)


def _commentary(assessment: Assessment) -> Iterable[RenderableType]:
    if assessment.commentary is None:
        return
    yield _heading("Commentary")
    for name, title in COMMENTARY.items():
        claims = getattr(assessment.commentary, name)
        if claims:
            yield Text(title, style="bold")
            yield _claims(claims, assessment)


def _tasks(assessment: Assessment) -> Iterable[RenderableType]:
    yield _heading("Tasks (share of time, score 1 to 5, bucket)")
    for task in assessment.inputs.tasks:
        yield Text(f"{task.share:>3}%  {task.score}  {task.bucket.value:<13} {one_line(task.name)}", style="bold")
        yield _claims(task.claims, assessment)
    if assessment.inputs.reinstatement:
        yield Text("New tasks that AI creates", style="bold")
        yield _claims(assessment.inputs.reinstatement, assessment)


def _dimensions(assessment: Assessment) -> Iterable[RenderableType]:
    inputs = assessment.inputs
    groups: list[tuple[str, list[tuple[str, int | None, tuple[Claim, ...]]]]] = [
        ("Evidence (-2 to +2)", [(n.value, d.score, d.claims) for n, d in _ordered(EvidenceName, inputs.evidence)]),
        ("Barriers (0 to 2)", [(n.value, b.score, b.claims) for n, b in _ordered(BarrierName, inputs.barriers)]),
        (
            "Protective principles (0 to 3; shown, not scored)",
            [(n.value, p.score, p.claims) for n, p in _ordered(PrincipleName, inputs.principles)],
        ),
        ("Growth (-2 to +2)", [("growth", inputs.growth.score, inputs.growth.claims)]),
    ]
    missing = {name.value: draft.gap for name, draft in inputs.evidence.items() if draft.gap is not None}
    for title, rows in groups:
        yield _heading(title)
        for name, score, claims in rows:
            signed = title.startswith(("Evidence", "Growth"))
            shown = "unknown" if score is None else f"{score:+d}" if signed and score else str(score)
            yield Text(f"{shown:>7}  {name.replace('_', ' ')}", style="bold")
            yield _claims(claims, assessment, opposed=title.startswith("Evidence"))
            if name in missing:
                yield _indented(Text(f"Missing: {one_line(missing[name])}"), 6)
    if inputs.gaps:
        yield _heading("What the drafts could not find")
        for gap in inputs.gaps:
            yield _indented(Text(f"- {one_line(gap)}"), 6)


def _ordered(names: type[Name], group: Mapping[Name, Part]) -> list[tuple[Name, Part]]:
    """In printed order, whatever order the stored document has."""
    return [(name, group[name]) for name in names if name in group]


def _indented(text: Text, by: int) -> RenderableType:
    return Padding(text, (0, 0, 0, by), expand=False)


def _claims(claims: Sequence[Claim], assessment: Assessment, *, opposed: bool = False) -> RenderableType:
    sources = {source.passage: source for source in assessment.sources}
    lines: list[RenderableType] = []
    verdicts, strongest = assessment.verdicts(), assessment.strongest()
    for claim in claims:
        verdict = verdicts.get(claim)
        marks = [claim.kind.value] if verdict is None else [verdict.value]
        marks += [STANCES[claim.stance], *(["strongest on this side"] if opposed and claim in strongest else [])]
        marks += [f"proxy: {one_line(claim.proxy)}"] if claim.proxy else []
        marks += [f"horizon: {one_line(claim.horizon)}"] if claim.horizon else []
        line = Text(f"- {one_line(claim.text)} ")
        line.append(f"[{', '.join(marks)}]", style="dim")
        lines.append(_indented(line, 6))
        for citation in claim.citations:
            if citation.as_drafted is not None:
                repaired = Text(f"repaired; drafted as: {one_line(citation.as_drafted)}", style="yellow")
                lines.append(_indented(repaired, 10))
            lines.append(_indented(_quoted(citation.quote, citation.passage, sources.get(citation.passage)), 10))
    return Group(*lines)


def _quoted(quote: str, passage: str, source: Source | None) -> Text:
    """The quote inside its passage, marked also where there are no colours: "..." in a source's own words, [...] in
    our digest of it."""
    if source is None:
        return Text(f"{passage}: no such passage; cited as: {one_line(quote)}", style="red")
    meta = source.meta
    first, last = "[]" if meta.text_kind is TextKind.DIGEST else '""'
    found = locate(quote, source.text)
    line = Text()
    if found is None:
        line.append(f"not in the passage: {one_line(quote)}\n", style="red")
    else:
        start, end = found
        before, after = source.text[max(0, start - CONTEXT) : start], source.text[end : end + CONTEXT]
        line.append(("…" if start > CONTEXT else "") + _joined(before), style="dim")
        line.append(f"{first}{one_line(source.text[start:end])}{last}", style="italic")
        line.append(_joined(after) + ("…" if end + CONTEXT < len(source.text) else "") + "\n", style="dim")
    if source.suspicious:
        line.append("This passage holds words addressed to a model.\n", style="bold red")
    pages = page_words(pages_of(source.page, source.pages, *(found or (0, len(source.text)))))
    page = f", {pages}" if pages else ""
    line.append(
        f"{'our digest of ' if meta.text_kind is TextKind.DIGEST else ''}{one_line(meta.publisher)}, "
        f"{one_line(meta.title)}{page}, {dated(meta.date)}, tier {tier_words(meta)}"
        f"{', interested' if meta.interested else ''}, {passage}",
        style="dim",
    )
    return line


def _joined(text: str) -> str:
    """One line that keeps a blank at either end."""
    return f"{' ' * text[:1].isspace()}{one_line(text)}{' ' * (text[-1:].isspace() and bool(text.strip()))}"
