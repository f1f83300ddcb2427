"""The queue: the riskiest first, then the oldest; read again every few seconds."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from agent.cli.reading import ZONE_STYLE
from agent.cli.screen import help_text
from agent.cli.screen.desk import Opened
from agent.cli.screen.dialogs import Reading
from agent.cli.screen.hosting import Host
from agent.cli.screen.review_screen import ReviewScreen
from agent.cli.wording import LEVEL_OPEN
from agent.review.queue import counts, look_first, queue_of
from agent.schemas.text import one_line
from agent.store.reviews import ReviewRow

WIDE = 118
"""Columns from which an item is one line."""
LEVEL_BESIDE = 66
"""Columns from which the level stands in the first line."""
KEYS = "j k move  enter opens  / search  ? help  q leaves"
NOTHING = "Nothing waits for review."


def age(opened_at: str, now: str) -> str:
    """How long something waits, in one unit."""
    seconds = (datetime.fromisoformat(now) - datetime.fromisoformat(opened_at)).total_seconds()
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return "now"


def cut(text: str, width: int) -> str:
    """`text` on one line and `width` columns wide."""
    line = Text(one_line(text))
    line.truncate(max(1, width), overflow="ellipsis", pad=True)
    return line.plain


def row_text(row: ReviewRow, width: int, now: str) -> Text:
    """One item: a line where there is room, else two, with everything in them."""
    score = "-" if row.score is None else f"{row.score:.1f}"
    style = ZONE_STYLE.get(row.zone or "", "")
    findings = f"{row.block} block, {row.review} review"
    risk = look_first(row)
    holder = "" if row.claimed_by is None else f"held by {one_line(row.claimed_by)}"
    level, waits = row.seniority or LEVEL_OPEN, age(row.opened_at, now)
    wide = width >= WIDE
    # Every other column has its width; the role takes what is left.
    beside = width >= LEVEL_BESIDE
    others = 6 + 21 + 7 + (12 if beside else 0) + (12 + 19 + 26 + 17 if wide else 0)
    line = Text(cut(row.role, width - others))
    line.append(f" {cut(level, 11)}" if beside else "")
    line.append(f" {cut(row.gate.value, 11)}" if wide else "")
    line.append(f" {score:>5} {cut(row.label or 'not scorable', 20)}", style=style)
    if not wide:
        line.append(f" {waits:>6}\n  {'' if beside else f'{one_line(level)}; '}gate {row.gate.value}")
        line.append(f"; {findings}", style="bold red" if row.block else "")
        line.append(f"; {risk}" if risk else "", style="yellow")
        return line.append(f"; {holder}" if holder else "", style="dim")
    line.append(f" {cut(findings, 18)}", style="bold red" if row.block else "")
    line.append(f" {cut(risk, 25)}", style="yellow")
    line.append(f" {cut(holder, 16)}", style="dim")
    return line.append(f" {waits:>6}")


class QueueScreen(Screen[None]):
    """Every open review."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("j", "move(1)", "down"),
        ("k", "move(-1)", "up"),
        ("slash", "search", "search"),
        ("question_mark", "help", "help"),
        ("escape", "everything", "all"),
        ("q", "leave", "leave"),
    ]

    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host = host
        self._rows: tuple[ReviewRow, ...] = ()
        self._shown: tuple[str, ...] | None = None
        self._words = ""
        self._news = ""
        self._opening = False

    def compose(self) -> ComposeResult:
        """Counts, items, search, what goes on, keys."""
        yield Static("", markup=False, id="head")
        yield OptionList(markup=False, classes="lines", id="rows")
        yield Input(placeholder="search", id="search", classes="line")
        yield Static("", markup=False, id="status")
        yield Static(KEYS, markup=False, id="keys", classes="quiet")

    def on_mount(self) -> None:
        """Read at once, then every few seconds."""
        self.query_one("#search").display = False
        self.read()
        self.set_interval(self._host.refresh_s, self.read)
        self.set_interval(0.5, self._going_on)

    def read(self) -> None:
        """Read the store in a thread."""
        self._host.work(self._host.desk.rows, self._take)

    def _take(self, rows: tuple[ReviewRow, ...]) -> None:
        self._rows = rows
        self.show()

    def on_resize(self) -> None:
        """Lay the items out anew."""
        self.show()

    def show(self) -> None:
        """Show the items that fit the search; the marked one stays marked."""
        if not self.query("#rows"):
            return  # not there yet, or no longer
        now, width = self._host.desk.now(), self.size.width - 4
        rows = queue_of(self._rows, text=self._words)
        found = tuple(row_text(row, width, now) for row in rows)
        head = self._counted(rows)
        lines = self.query_one("#rows", OptionList)
        fresh = (head.plain, *(row.assessment for row in rows), *(text.markup for text in found))
        if fresh == self._shown:
            return
        self._shown = fresh
        self.query_one("#head", Static).update(head)
        marked = lines.highlighted_option.id if lines.highlighted_option is not None else None
        lines.set_options(Option(text, id=row.assessment) for row, text in zip(rows, found, strict=True))
        if rows:
            names = [row.assessment for row in rows]
            lines.highlighted = names.index(marked) if marked in names else 0

    def _counted(self, rows: tuple[ReviewRow, ...]) -> Text:
        found = counts(rows)
        line = Text("Review queue  ", style="bold")
        if not self._rows:
            return line.append(NOTHING, style="not bold")
        of = f" of {len(self._rows)}" if len(rows) != len(self._rows) else ""
        mine = found.held_by(self._host.desk.by.name)
        parts = [f"{found.waiting}{of} waiting", f"{found.risky} risky", f"{found.blocked} blocked"]
        parts += [f"{found.free} free", *([f"{mine} yours"] if mine else [])]
        return line.append(", ".join(parts) + f"  as {one_line(self._host.desk.by.name)}", style="not bold")

    def _going_on(self) -> None:
        news = self._host.news()
        for status in self.query("#status").results(Static):
            if news != self._news:
                self._news = news
                status.update(Text(news))

    def action_move(self, by: int) -> None:
        """One item down or up."""
        lines = self.query_one("#rows", OptionList)
        (lines.action_cursor_down if by > 0 else lines.action_cursor_up)()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the marked item, once."""
        name = event.option_id
        if name is None or self._opening:
            return
        self._opening = True

        def failed(error: Exception) -> None:
            self._opening = False
            self._host.complain(error)

        self._host.work(lambda: self._host.desk.open(name), self._open, failed)

    def _open(self, opened: Opened | None) -> None:
        self._opening = False
        if opened is None:
            self._host.tell("It no longer waits for anybody.")
            self.read()
        else:
            self.app.push_screen(ReviewScreen(self._host, opened), lambda _: self.read())

    def action_search(self) -> None:
        """Narrow the queue to words."""
        line = self.query_one("#search", Input)
        line.display = True
        line.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow as one types."""
        self._words = event.value
        self.show()

    def on_input_submitted(self) -> None:
        """Go on with what was found."""
        self.query_one("#search", Input).display = bool(self._words)
        self.query_one("#rows", OptionList).focus()

    def action_everything(self) -> None:
        """Show everything again."""
        line = self.query_one("#search", Input)
        line.value, line.display = "", False
        self.query_one("#rows", OptionList).focus()

    def action_help(self) -> None:
        """Every key."""
        self.app.push_screen(Reading("Keys", help_text.QUEUE))

    def action_leave(self) -> None:
        """End the screen."""
        self._host.leave()
