"""One review: its lines, the evidence beside or below them, and every change and decision by a key."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from agent.cli.screen import help_text
from agent.cli.screen.deciding_screen import DecidingScreen
from agent.cli.screen.desk import Opened
from agent.cli.screen.dialogs import Ask, Confirm, Reading
from agent.cli.screen.edit_bar import EditBar
from agent.cli.screen.evidence_text import claim_evidence, finding_text, first_quote, remarks_at
from agent.cli.screen.heading import head_text
from agent.cli.screen.holding import HoldLine
from agent.cli.screen.hosting import Host
from agent.cli.screen.items import RECORD, Item, Marks, items
from agent.cli.screen.pending import Outlook, Pending, value_at
from agent.cli.wording import counted
from agent.errors import InvalidInput
from agent.review.parts import names_part
from agent.review.rules import MAX_REASON, check_reason
from agent.schemas.text import one_line
from agent.store.attention import Look

WIDE = 110
"""Columns from which the evidence stands beside the lines."""
KEYS = "o evidence f findings e edit a approve r send back x reject u undo ? help"


class ReviewScreen(DecidingScreen):
    """The review that was opened. Closing it gives it back, and a decision that is held back is not recorded."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("j", "move(1)", "down"),
        ("k", "move(-1)", "up"),
        ("space", "page(1)", "scroll the evidence"),
        ("b", "page(-1)", "scroll the evidence back"),
        ("o", "evidence", "evidence"),
        ("f", "finding", "findings"),
        ("m", "since", "changed since"),
        ("v", "drafted", "draft against edit"),
        ("slash", "search", "search"),
        ("n", "search_on", "next"),
        ("c", "comment", "comment"),
        ("e", "edit", "edit"),
        ("u", "undo", "undo"),
        ("question_mark", "help", "help"),
        ("escape", "back", "back"),
        ("q", "leave", "leave"),
    ]

    def __init__(self, host: Host, opened: Opened) -> None:
        super().__init__(host, opened)
        self._items: tuple[Item, ...] = ()
        self._beside = False
        """The evidence is open."""
        self._seen: set[tuple[str, str]] = set()
        self._words = ""
        self._claimed_at = monotonic()

    def compose(self) -> ComposeResult:
        """What is decided about, its lines, the evidence, the line to edit in, what was said, keys."""
        yield Static("", markup=False, id="head")
        with Container(id="body"):
            yield OptionList(markup=False, classes="lines", id="items")
            with VerticalScroll(id="pane", can_focus=False):
                yield Static("", markup=False, id="evidence", classes="text")
        yield EditBar(id="bar")
        yield HoldLine("", markup=False, id="status")
        yield Static(KEYS, markup=False, id="keys", classes="quiet")

    def on_mount(self) -> None:
        """Show the review and watch what becomes of it."""
        self.query_one("#pane").display = False
        self.query_one("#bar").display = False
        self.show()
        self.query_one("#items").focus()
        self.set_interval(self.host.refresh_s, self.watch_review)

    def on_resize(self) -> None:
        """Beside each other where there is room, else one below the other."""
        self.query_one("#body").set_class(self.size.width >= WIDE, "wide")

    def open(self, opened: Opened) -> None:
        """Show another revision of the same assessment, or the same one anew."""
        if opened.review.revision != self.opened.review.revision:
            self.pending, self._seen = Pending(opened.content), set()
        self.opened, self.read_only, self._claimed_at = opened, opened.read_only, monotonic()
        self.show()

    def show(self) -> None:
        """Show every line with the changes in it; the marked one stays marked."""
        lines = self.query_one("#items", OptionList)
        marked, scroll = lines.highlighted, lines.scroll_y
        was = self.item.id if self.item is not None else None
        marks = Marks(self.pending.were(), self.opened.remarks, self.opened.parts)
        self._items = items(self.pending.shown(), marks, len(self.pending.changes))
        lines.set_options(Option(item.text, id=f"{at}", disabled=item.heading) for at, item in enumerate(self._items))
        ids = [item.id for item in self._items]
        lines.highlighted = ids.index(was) if was in ids else min(marked or 0, len(ids) - 1)
        lines.scroll_to(y=scroll, animate=False)
        self.show_head()
        self._show_beside()

    def show_head(self, outlook: Outlook | None = None) -> None:
        """Show what is decided about; `outlook` is what a change that is being typed would make."""
        if outlook is None and self.pending.changes:
            outlook = self.pending.outlook()
        text = head_text(self.opened, self.read_only, outlook, len(self.pending.changes))
        self.query_one("#head", Static).update(text)

    @property
    def item(self) -> Item | None:
        """The marked line."""
        at = self.query_one("#items", OptionList).highlighted
        return self._items[at] if at is not None and at < len(self._items) else None

    def watch_review(self) -> None:
        """Go on holding the review where there was a key since, and see whether somebody else decided or took it."""
        desk, opened = self.host.desk, self.opened
        due = self.host.key_at > self._claimed_at and monotonic() - self._claimed_at >= self.host.renew_s
        renew = due and not self.read_only
        if renew:
            self._claimed_at = monotonic()

        def look() -> tuple[str, str]:
            gone = desk.gone(opened)
            return gone, "" if gone else (desk.renew(opened) if renew else desk.taken(opened))

        def found(words: tuple[str, str]) -> None:
            gone, taken = words
            if opened is not self.opened or not self.query("#items") or self.recording:
                return
            if gone:
                self._gone(gone)
            elif taken and taken != self.read_only:
                self.line.take_back()
                self.read_only = taken
                self.show_head()

        self.host.work(look, found)

    def _gone(self, words: str) -> None:
        if not self._given_up:
            self.line.take_back()
            self.close()
            name = one_line(self.opened.review.role)
            self.app.push_screen(Reading("Somebody decided first", f"{name}: {words} You recorded nothing."))

    # Moving and reading

    def action_move(self, by: int) -> None:
        """One line down or up."""
        lines = self.query_one("#items", OptionList)
        (lines.action_cursor_down if by > 0 else lines.action_cursor_up)()

    def action_page(self, by: int) -> None:
        """Scroll the evidence."""
        pane = self.query_one("#pane", VerticalScroll)
        (pane.scroll_page_down if by > 0 else pane.scroll_page_up)(animate=False)

    def on_option_list_option_highlighted(self) -> None:
        """Keep the evidence with the marked line."""
        self._show_beside()

    def on_option_list_option_selected(self) -> None:
        """Do what the marked line is for."""
        item = self.item
        if item is None:
            return
        if item.id == RECORD:
            self.action_record()
        elif item.finding is not None and item.claim:
            self._mark(item.claim)
        elif item.claim or item.finding is not None:
            self.action_evidence()

    def action_evidence(self) -> None:
        """Open the evidence, or close it."""
        self._beside = not self._beside
        item = self.item
        if self._beside and item is not None and not item.claim and item.finding is None and not self._said_of(item):
            self.say("Claims and findings have something to show here.")
        self._show_beside()

    def _show_beside(self) -> None:
        pane = self.query_one("#pane", VerticalScroll)
        if pane.display != self._beside:
            pane.display = self._beside
            self.call_after_refresh(self.query_one("#items", OptionList).scroll_to_highlight)
        item = self.item
        if not self._beside or item is None:
            return
        text = Text("Nothing is cited here.", style="dim")
        if item.finding is not None:
            text = finding_text(self.pending.shown(), item.finding)
            self._looked("finding", item.finding.id)
        elif item.claim in self.opened.evidence:
            found = self.opened.evidence[item.claim]
            text = claim_evidence(self.opened.content, found, self.opened.remarks)
            for passage in found.passages:
                self._looked("evidence", passage.passage)
        elif self._said_of(item):
            text = remarks_at(item.part, self.opened.remarks)
        self.query_one("#evidence", Static).update(text)
        self.call_after_refresh(self._to_quote, text)

    def _said_of(self, item: Item) -> bool:
        """Whether there are comments on the part of a line."""
        return bool(item.part) and any(one.place == item.part for one in self.opened.remarks)

    def _to_quote(self, text: Text) -> None:
        """Scroll the evidence so far that its first quote is in sight, with what stands before it."""
        pane = self.query_one("#pane", VerticalScroll)
        width = max(1, pane.scrollable_content_region.width)
        above = len(text[: first_quote(text)].wrap(self.app.console, width))
        room = max(1, pane.scrollable_content_region.height)
        pane.scroll_to(y=max(0, above - room // 2), animate=False)

    def _looked(self, kind: Look, place: str = "") -> None:
        """Keep that something was opened, the first time."""
        if (kind, place) not in self._seen:
            self._seen.add((kind, place))
            opened = self.opened
            self.host.work(lambda: self.host.desk.look(opened, kind, place), lambda _: None)

    def _mark(self, name: str) -> None:
        ids = [item.id for item in self._items]
        if name in ids:
            self.query_one("#items", OptionList).highlighted = ids.index(name)

    def action_finding(self) -> None:
        """Mark the next finding and open it."""
        here = self.query_one("#items", OptionList).highlighted or 0
        places = [at for at, item in enumerate(self._items) if item.finding is not None]
        if not places:
            self.say("There is no finding.")
            return
        self._beside = True
        onward = [at for at in places if at > here]
        self.query_one("#items", OptionList).highlighted = (onward or places)[0]
        self._show_beside()

    def action_since(self) -> None:
        """What changed since the revision before."""
        self._looked("changes")
        self._read("Changed since the revision before", lambda: self.host.desk.since(self.opened))

    def action_drafted(self) -> None:
        """What people changed of the model's draft."""
        self._read("Changed since the model's draft", lambda: self.host.desk.drafted(self.opened))

    def _read(self, title: str, lines: Callable[[], tuple[str, ...]]) -> None:
        self.host.work(lines, lambda found: self._pushed(title, found))

    def _pushed(self, title: str, lines: tuple[str, ...]) -> None:
        self.app.push_screen(Reading(title, "\n".join(lines)))

    def action_search(self) -> None:
        """Go to words."""

        def take(words: str | None) -> None:
            self._words = words or ""
            self.action_search_on()

        self.app.push_screen(Ask("Search", lambda text: text), take)

    def action_search_on(self) -> None:
        """Go to the next place that has the words."""
        words, lines = self._words.casefold().strip(), self.query_one("#items", OptionList)
        if not words:
            return
        here = lines.highlighted or 0
        places = [at for at, i in enumerate(self._items) if not i.heading and words in i.text.plain.casefold()]
        if places:
            lines.highlighted = next((at for at in places if at > here), places[0])
        else:
            self.say(f"Nothing here says {words!r}.")

    # Changing

    def action_comment(self) -> None:
        """Comment on the marked claim or part, or on the whole."""
        place = self.item.about if self.item is not None else ""
        desk, opened = self.host.desk, self.opened

        def take(text: str | None) -> None:
            if text is None:
                return

            def keep() -> None:
                desk.comment(opened, place, text)

            self.host.work(keep, lambda _: self.read_marks("The comment is kept."))

        about = "the whole" if not place else "the task or dimension" if names_part(place) else "the claim"
        check = lambda text: check_reason("comment", text, at_most=MAX_REASON)  # noqa: E731
        self.app.push_screen(Ask(f"Comment on {about}", check), take)

    def read_marks(self, words: str) -> None:
        """Show comments and accepted parts as they are now, and say what was done."""

        def take(opened: Opened) -> None:
            if opened.review.revision == self.opened.review.revision and self.query("#items"):
                self.opened = opened
                self.show()
                self.say(words)

        before = self.opened
        self.host.work(lambda: self.host.desk.with_remarks(before), take)

    def action_edit(self) -> None:
        """Edit the marked line where it stands."""
        item = self.item
        if item is None or not item.fields:
            self.say("Nothing to edit here: numbers and texts can be.")
        elif self.may_change():
            document = self.pending.edit().model_dump(mode="json")
            values = [value_at(document, field.place) or "" for field in item.fields]
            self.query_one(EditBar).begin(item.fields, values)

    def on_edit_bar_typed(self, event: EditBar.Typed) -> None:
        """Show the score as it is typed."""
        if event.wrong:
            self.show_head(Outlook(None, (event.wrong,)))
        elif event.change is not None:
            self.show_head(self.pending.outlook(event.change))
        else:
            self.show_head()

    def on_edit_bar_kept(self, event: EditBar.Kept) -> None:
        """Take a change over."""
        try:
            if event.change is not None:
                self.change(event.change)
            else:
                self.show_head()
        except InvalidInput as error:
            self.say("; ".join(error.problems) or error.message, style="bold red")
        if event.done:
            self.query_one("#items").focus()

    def on_edit_bar_dropped(self) -> None:
        """Go on as it was."""
        self.show_head()
        self.query_one("#items").focus()

    def action_undo(self) -> None:
        """Take a decision back, or undo the last change."""
        line = self.line
        if line.take_back():
            self.say("Taken back: nothing was recorded.")
        elif self.pending.changes:
            self.pending = self.pending.without_last()
            self.show()
            self.say("The last change is undone.")
        else:
            self.say("There is nothing to undo.")

    # Leaving

    def action_help(self) -> None:
        """Every key."""
        self.app.push_screen(Reading("Keys", help_text.REVIEW))

    def action_back(self) -> None:
        """Close the evidence, then the review."""
        if self._beside:
            self.action_evidence()
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Close the review, after a question where changes would go."""
        if self.line.take_back():
            self.host.tell("The decision was taken back by leaving: nothing was recorded.")
        if not self.pending.changes:
            self.close()
            return
        question = f"{counted(len(self.pending.changes), 'change')} not recorded. Leave without?"
        self.app.push_screen(Confirm(question), lambda yes: self.close() if yes else None)
