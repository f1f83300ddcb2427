"""Tables, results and the next command as a person sees them. Outside text is printed as text, never as markup, after
control characters are stripped."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from agent.cli.wording import LEVEL_OPEN, counted, dated
from agent.schemas.article import ArticleMeta, Passage, TextKind
from agent.schemas.scored import ScoreResult
from agent.schemas.text import one_line, without_controls

GAP = "  "
LEAST_WIDTH = 12
"""A shortened column keeps at least this many characters."""


def console() -> Console:
    """stdout; colours only where a terminal takes them and NO_COLOR is unset."""
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=False)


def show(parts: Iterable[RenderableType]) -> None:
    """Print parts one below the other, without the blanks that padding and wrapping leave at line ends."""
    out = console()
    with out.capture() as captured:
        for part in parts:
            out.print(part)
    sys.stdout.write("\n".join(line.rstrip(" ") for line in captured.get().split("\n")))


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, flexible: Sequence[str] = ()) -> str:
    """A plain table without a box, so that it can be cut and piped.

    In a terminal too narrow for it the `flexible` columns are shortened; where that is not enough, each row stands
    whole below its first cell. Ids and paths are never shortened, and a pipe always gets everything.
    """
    cells = [[one_line(cell) for cell in row] for row in (head, *rows)]
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    if width is not None:
        whole, cells = cells, _shortened(cells, [name in flexible for name in head], width)
        if sum(_widths(cells)) + len(GAP) * (len(head) - 1) > width:
            return "\n".join(_below(row, width) for row in whole[1:])
    widths = _widths(cells)
    return "\n".join(GAP.join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells)


def _below(row: Sequence[str], width: int) -> str:
    """The first cell, and the others below it: as many on a line as fit, one too long for a line wrapped at words."""
    lines: list[str] = []
    for cell in filter(None, row[1:]):
        if lines and len(lines[-1]) + len(GAP) + len(cell) <= width:
            lines[-1] += GAP + cell
        else:
            lines += textwrap.wrap(
                cell,
                width,
                initial_indent=GAP,
                subsequent_indent=GAP,
                break_long_words=False,
                break_on_hyphens=False,
            )
    return "\n".join([row[0], *lines])


def _widths(cells: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(len, column)) for column in zip(*cells, strict=True)]


def _shortened(cells: list[list[str]], flexible: Sequence[bool], width: int) -> list[list[str]]:
    """The cells with the widest flexible columns cut until the row fits, none below LEAST_WIDTH."""
    widths = _widths(cells)
    while sum(widths) + len(GAP) * (len(widths) - 1) > width:
        open_ones = [i for i, w in enumerate(widths) if flexible[i] and w > LEAST_WIDTH]
        if not open_ones:
            break
        widths[max(open_ones, key=lambda i: widths[i])] -= 1
    return [[c if len(c) <= w else c[: w - 1] + "…" for c, w in zip(row, widths, strict=True)] for row in cells]


def summary_lines(document: Mapping[str, object]) -> list[str]:
    """Where an assessment stands, in a few lines."""
    findings = document["findings"]
    lines = [f"{document['role']} ({document['seniority'] or LEVEL_OPEN})  {document['id']}"]
    if document["score"] is not None:
        lines.append(f"{document['score']} of 100, {document['label']}")
    standing = str(document["status"]).replace("_", " ")
    if document["gate"]:
        standing += f" at gate {document['gate']}"
    lines.append(f"status: {standing}")
    refresh = document["refresh"]
    if isinstance(refresh, Mapping):
        lines.append(f"refreshes version {refresh['version']}, {refresh['score']} of 100")
    if document["reason"]:
        lines.append(f"reason: {document['reason']}")
    if document["revision"] and isinstance(findings, Mapping):
        lines.append(f"findings: {findings['block']} block, {findings['review']} review")
        lines.append(f"revision: {document['revision']}")
    published = document["published"]
    if isinstance(published, Mapping):
        lines.append(f"published: version {published['version']} in {published['path']}")
        if isinstance(withdrawn := published["withdrawn"], Mapping):
            lines.append(
                f"withdrawn: by {withdrawn['reviewer']} on {withdrawn['withdrawn_at'][:10]}: {withdrawn['reason']}"
            )
    return lines


def refresh_lines(document: Mapping[str, object]) -> list[str]:
    """For a refresh: what made the published version due, and what is different now. Else nothing."""
    refresh = document["refresh"]
    if not isinstance(refresh, Mapping):
        return []
    due = ["Due:", *(f"  {reason}" for reason in refresh["reasons"])]
    if document["revision"] is None or document["status"] == "abstained":
        return ["", f"Refresh of version {refresh['version']}, {refresh['score']} of 100", *due]
    now = "not scorable" if document["score"] is None else f"{document['score']}"
    lines = ["", f"Refresh of version {refresh['version']}: score {refresh['score']} to {now}", *due]
    lines += ["Changed since:", *(f"  {change}" for change in refresh["changes"])]
    return lines if refresh["changes"] else [*lines, "  nothing but the day of the evidence"]


def next_step(document: Mapping[str, object]) -> list[str]:
    """What to type next."""
    name = document["id"]
    match document["status"]:
        case "waiting":
            return [f"Next: assess-role review {name}"]
        case "needs_model":
            error = document.get("error")
            hint = error.get("hint") if isinstance(error, Mapping) else None
            way = f"Next: connect a model and type `assess-role resume {name}`"
            if document["revision"]:
                way += ", or go on without one: `--by-hand` (edit yourself), `--without-commentary`, `--without-lens`"
            return [*([str(hint)] if hint else []), f"{way}."]
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
        "Joint worst and best case, each task score and the totals E, B and G one step: "
        f"{robust.joint_low:.1f} to {robust.joint_high:.1f}",
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


def passage_in_text(passage: Passage, text: str, start: int, end: int, *, active: bool) -> None:
    """A passage marked in the text of the version that it was cut from."""
    passages_view([passage])
    state = "is found by searches" if active else "has left the search; what cites it can still be shown"
    marked = Text(f"{without_controls(text[:start])}>>> ")
    marked.append(without_controls(text[start:end]), style="bold")
    marked.append(f" <<<{without_controls(text[end:])}")
    show([Text(f"It {state}. In its article's text, between >>> and <<<:"), Text(""), marked])


def passages_view(passages: Sequence[Passage], *, copies: Sequence[int] = ()) -> None:
    """Passages with their source, and for each in how many copies of its article it stands too."""
    for passage, also in zip(passages, copies or repeat(0), strict=False):
        meta = passage.meta
        page = f", {passage.page_words}" if passage.page_words else ""
        show(
            [
                Text(f"{passage.id}  {one_line(meta.title)}", style="bold"),
                Text(
                    f"{one_line(meta.publisher)}, {dated(meta.date)}, tier {tier_words(meta)}"
                    f"{_kind(meta.text_kind)}{page}" + (f", also in {counted(also, 'copy', 'copies')}" if also else ""),
                    style="dim",
                ),
                *([Text("holds words addressed to a model", style="bold red")] if passage.suspicious else []),
                Padding(Text(without_controls(passage.text)), (0, 0, 1, 2), expand=False),
            ]
        )


def tier_words(meta: ArticleMeta) -> str:
    """The tier, marked where nobody stated it."""
    return f"{meta.tier}{' (assumed)' if 'tier' in meta.assumed else ''}"


def _kind(kind: TextKind) -> str:
    return ", our digest" if kind is TextKind.DIGEST else ""
