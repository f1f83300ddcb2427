"""What a person sees: result first, then evidence, then the next command. Outside text is printed as text, never as
markup, after control characters are stripped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from agent.schemas.article import Passage, TextKind
from agent.schemas.assessment import Assessment, Source
from agent.schemas.draft import Claim, Commentary
from agent.schemas.finding import Tier
from agent.schemas.scored import ScoreResult
from agent.schemas.text import one_line, without_controls

ZONE_STYLE = {"GREEN": "bold green", "YELLOW": "bold yellow", "RED": "bold red"}
CONTEXT = 140
"""Characters of the passage shown on each side of a quote."""


def console() -> Console:
    """stdout; colours only where a terminal takes them and NO_COLOR is unset."""
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=False)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A plain table: columns as wide as their content, no box, so that it can be cut and piped."""
    cells = [[one_line(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells)


def summary_lines(document: Mapping[str, object]) -> list[str]:
    """Where an assessment stands, in a few lines."""
    findings = document["findings"]
    lines = [f"{document['role']} ({document['seniority'] or 'level open'})  {document['id']}"]
    if document["score"] is not None:
        lines.append(f"{document['score']} of 100, {document['label']}")
    standing = str(document["status"]).replace("_", " ")
    if document["gate"]:
        standing += f" at gate {document['gate']}"
    lines.append(f"status: {standing}")
    if document["reason"]:
        lines.append(f"reason: {document['reason']}")
    if document["revision"] and isinstance(findings, Mapping):
        lines.append(f"findings: {findings['block']} block, {findings['review']} review")
        lines.append(f"revision: {document['revision']}")
    published = document["published"]
    if isinstance(published, Mapping):
        lines.append(f"published: version {published['version']} in {published['path']}")
    return lines


def next_step(document: Mapping[str, object]) -> list[str]:
    """What to type next."""
    name = document["id"]
    match document["status"]:
        case "waiting":
            return [f"Next: assess-role review {name}"]
        case "needs_model":
            error = document.get("error")
            hint = error.get("hint") if isinstance(error, Mapping) else None
            ways = f"Next: connect a model and type `assess-role resume {name}`, or go on without one: "
            return [*([str(hint)] if hint else []), ways + "`--by-hand` (edit yourself) or `--without-commentary`."]
        case "failed":
            error = document.get("error")
            hint = error.get("hint") if isinstance(error, Mapping) else None
            return [*([str(hint)] if hint else []), f"Next: assess-role resume {name}"]
        case "published":
            return ["Next: assess-role published"]
        case _:
            return []


def result_lines(role: str, result: ScoreResult) -> list[str]:
    """A score with its derivation, as `assess-role score` prints it."""
    robust = result.robustness
    lines = [
        f"{one_line(role)}: {result.score:.1f} of 100, {result.label}",
        f"{result.distance}. {robust.verdict}",
        result.label_reason,
        "",
        "Contributions: "
        + " ".join(
            f"{'+' if c.points >= 0 and i else ''}{c.points:.1f} {c.factor}" for i, c in enumerate(result.contributions)
        )
        + f" = {result.score:.1f}",
        *(f"  {step.name}: {step.value}" for step in result.derivation),
        "",
        f"Joint worst and best case, every input one step: {robust.joint_low:.1f} to {robust.joint_high:.1f}",
        *(f"Watch: {crossing.signal}" for crossing in robust.crossings),
    ]
    if result.unknown:
        named = ", ".join(name.value for name in result.unknown)
        lines.append(
            f"Unknown, entered as 0: {named}; with -1 to +1 each: {result.unknown_low} to {result.unknown_high}"
        )
    if result.override is not None:
        lines.append(
            f"Override: formula {result.formula_score:.1f}, set to {result.score:.1f}: {result.override.reason}"
        )
    lines += [
        f"Quick screen (a prior, not the score): {result.quick_screen.expectation}",
        "",
        f"Policy {result.policy}. Our defaults, not published anywhere:",
        *(f"  {default.name}: {default.value}" for default in result.defaults),
    ]
    return lines


def passages_view(passages: Sequence[Passage]) -> None:
    """Passages with their source."""
    out = console()
    for passage in passages:
        meta = passage.meta
        out.print(Text(f"{passage.id}  {one_line(meta.title)}", style="bold"))
        out.print(
            Text(f"{one_line(meta.publisher)}, {meta.date}, tier {meta.tier}{_kind(meta.text_kind)}", style="dim")
        )
        out.print(Padding(Text(without_controls(passage.text)), (0, 0, 1, 2)))


def review_view(assessment: Assessment) -> None:
    """Everything a reviewer should have seen: score, robustness, findings, every claim with its quote in context."""
    out = console()
    for part in _review_parts(assessment):
        out.print(part)


def _review_parts(assessment: Assessment) -> Iterable[RenderableType]:
    role, result = assessment.role, assessment.result
    yield Text(f"{one_line(role.title)} ({one_line(role.seniority)}), evidence as of {assessment.as_of}", style="bold")
    if result is None:
        yield Text("Not scorable as drafted: see the findings.", style="bold red")
    else:
        head = Text(f"{result.score:.1f} of 100  ")
        head.append(result.label, style=ZONE_STYLE[result.zone.value])
        yield head
        yield Text(f"{result.distance}. {result.robustness.verdict}")
        yield Text(" ".join(f"{c.factor} {c.points:+.1f}" for c in result.contributions), style="dim")
    if assessment.override is not None and result is not None:
        yield Text(f"Override: formula {result.formula_score:.1f}. {one_line(assessment.override.reason)}")
    yield from _findings(assessment)
    yield _heading("Role")
    yield Text(one_line(role.function))
    yield from _tasks(assessment)
    yield from _dimensions(assessment)
    if assessment.commentary is not None:
        yield _heading("Commentary")
        for name in Commentary.model_fields:
            claims = getattr(assessment.commentary, name)
            if claims:
                yield Text(name.replace("_", " "), style="bold")
                yield _claims(claims, assessment)
    made = assessment.provenance
    yield _heading("Provenance")
    origin = "recorded answers of" if made.recorded else "drafted by"
    yield Text(f"{origin} {one_line(made.model)}; policy {made.policy}; corpus {made.corpus[:19]}", style="dim")


def _heading(title: str) -> RenderableType:
    return Text(f"\n{title}", style="bold underline")


def _findings(assessment: Assessment) -> Iterable[RenderableType]:
    accepted = {a.finding: a.reason for a in assessment.accepted}
    guard = assessment.guard
    yield _heading("Findings")
    yield Text(
        f"{guard.verified} sourced claims verified, {guard.judgement} judgements, {len(guard.findings)} findings"
    )
    for finding in guard.findings:
        line = Text("  ")
        line.append(finding.tier.value, style="bold red" if finding.tier is Tier.BLOCK else "bold yellow")
        line.append(f" {finding.id}\n      {one_line(finding.message)}")
        if finding.id in accepted:
            line.append(f"\n      accepted: {one_line(accepted[finding.id])}", style="dim")
        yield line


def _tasks(assessment: Assessment) -> Iterable[RenderableType]:
    yield _heading("Tasks (share of time, score 1 to 5, bucket)")
    for task in assessment.inputs.tasks:
        yield Text(f"{task.share:>3} %  {task.score}  {task.bucket.value:<13} {one_line(task.name)}", style="bold")
        yield _claims(task.claims, assessment)
    if assessment.inputs.reinstatement:
        yield Text("New tasks that AI creates", style="bold")
        yield _claims(assessment.inputs.reinstatement, assessment)


def _dimensions(assessment: Assessment) -> Iterable[RenderableType]:
    inputs = assessment.inputs
    groups: list[tuple[str, list[tuple[str, int | None, tuple[Claim, ...]]]]] = [
        ("Evidence (-2 to +2)", [(n.value, d.score, d.claims) for n, d in inputs.evidence.items()]),
        ("Barriers (0 to 2)", [(n.value, b.score, b.claims) for n, b in inputs.barriers.items()]),
        ("Protective principles (0 to 3)", [(n.value, p.score, p.claims) for n, p in inputs.principles.items()]),
        ("Growth (-2 to +2)", [("growth", inputs.growth.score, inputs.growth.claims)]),
    ]
    for title, rows in groups:
        yield _heading(title)
        for name, score, claims in rows:
            shown = "unknown" if score is None else str(score) if title.endswith("3)") else f"{score:+d}"
            yield Text(f"{shown:>7}  {name.replace('_', ' ')}", style="bold")
            yield _claims(claims, assessment)


def _claims(claims: Sequence[Claim], assessment: Assessment) -> RenderableType:
    sources = {source.passage: source for source in assessment.sources}
    lines: list[RenderableType] = []
    for claim in claims:
        marks = [claim.kind.value, claim.stance.value]
        marks += [f"proxy: {one_line(claim.proxy)}"] if claim.proxy else []
        marks += [f"horizon: {one_line(claim.horizon)}"] if claim.horizon else []
        line = Text(f"- {one_line(claim.text)} ")
        line.append(f"[{', '.join(marks)}]", style="dim")
        lines.append(Padding(line, (0, 0, 0, 6)))
        lines += [Padding(_quoted(c.quote, c.passage, sources.get(c.passage)), (0, 0, 0, 10)) for c in claim.citations]
    return Group(*lines)


def _quoted(quote: str, passage: str, source: Source | None) -> Text:
    """The quote inside its passage: what stands before and after it is dim."""
    if source is None:
        return Text(f"{passage}: no such passage; cited as: {one_line(quote)}", style="red")
    text, wanted = one_line(source.text), one_line(quote)
    at = text.find(wanted)
    line = Text()
    if at < 0:
        line.append(f"{wanted}\n", style="red")
    else:
        before, after = text[max(0, at - CONTEXT) : at], text[at + len(wanted) : at + len(wanted) + CONTEXT]
        line.append(("…" if at > CONTEXT else "") + before, style="dim")
        line.append(wanted, style="italic")
        line.append(after + ("…" if at + len(wanted) + CONTEXT < len(text) else "") + "\n", style="dim")
    meta = source.meta
    line.append(
        f"{one_line(meta.publisher)}, {one_line(meta.title)}, {meta.date}, tier {meta.tier}"
        f"{', interested' if meta.interested else ''}{_kind(meta.text_kind)}, {passage}",
        style="dim",
    )
    return line


def _kind(kind: TextKind) -> str:
    return ", our digest" if kind is TextKind.DIGEST else ""
