"""Questions and texts over a screen: one line of text, yes or no, sections, something to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from agent.cli.wording import worded
from agent.errors import AssessorError
from agent.schemas.text import without_controls
from agent.schemas.vocabulary import Section


def plain(text: str | Text) -> Text:
    """Outside text as text: without control characters, and no markup."""
    return text if isinstance(text, Text) else Text(without_controls(text))


def error_text(error: AssessorError) -> Text:
    """An error with every breach it names and what to do."""
    message, problems = worded(error)
    lines = [message, *(f"- {problem}" for problem in problems if problem not in message)]
    return plain("\n".join([*lines, *([error.hint] if error.hint else [])]))


class Reading(ModalScreen[None]):
    """A text, scrolled with the arrows or j and k."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,enter,question_mark", "dismiss", "back"),
        ("j,down", "move(1)", "down"),
        ("k,up", "move(-1)", "up"),
    ]

    def __init__(self, title: str, text: str | Text) -> None:
        super().__init__()
        self._title, self._text = title, plain(text)

    def compose(self) -> ComposeResult:
        """Title, text, keys."""
        with Vertical(classes="dialog"):
            yield Static(Text(self._title, style="bold"), markup=False)
            with VerticalScroll(classes="reading"):
                yield Static(self._text, markup=False, classes="text")
            yield Static("enter or escape goes back", markup=False, classes="quiet")

    def action_move(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)


class Confirm(ModalScreen[bool]):
    """A question that takes a `y`; everything else that closes it is a no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("y", "answer(True)", "yes"),
        ("n,escape,q", "answer(False)", "no"),
        ("j,down", "move(1)", "down"),
        ("k,up", "move(-1)", "up"),
    ]

    def __init__(self, question: str, text: str | Text = "") -> None:
        super().__init__()
        self._question, self._text = question, plain(text)

    def compose(self) -> ComposeResult:
        """What it is about, then the question."""
        with Vertical(classes="dialog"):
            with VerticalScroll(classes="reading") as reading:
                yield Static(self._text, markup=False, classes="text")
            reading.display = bool(self._text)
            yield Static(plain(self._question), markup=False, classes="question")
            yield Static("y yes, n no", markup=False, classes="quiet")

    def action_answer(self, answer: bool) -> None:
        """Close with the answer."""
        self.dismiss(answer)

    def action_move(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)


class Ask(ModalScreen[str | None]):
    """One line of text, checked before it is taken; `None` when the reviewer goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "back", "back")]

    def __init__(self, question: str, check: Callable[[str], str]) -> None:
        super().__init__()
        self._question, self._check = question, check

    def compose(self) -> ComposeResult:
        """The question, a line to type in, what was wrong with it."""
        with Vertical(classes="dialog"):
            yield Static(plain(self._question), markup=False)
            yield Input(classes="line")
            yield Static("", markup=False, id="wrong", classes="wrong")
            yield Static("enter takes it, escape goes back", markup=False, classes="quiet")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what passes the check."""
        event.stop()
        try:
            self.dismiss(self._check(event.value))
        except AssessorError as error:
            self.query_one("#wrong", Static).update(error_text(error))

    def action_back(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


class Sections(ModalScreen[tuple[Section, ...] | None]):
    """Which sections are drafted again; at least one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q", "back", "back"),
        ("j", "move(1)", "down"),
        ("k", "move(-1)", "up"),
        ("space", "mark", "mark"),
    ]

    def __init__(self, open_to: Sequence[Section], marked: Sequence[Section]) -> None:
        super().__init__()
        self._open_to, self._marked = tuple(open_to), set(marked)

    def compose(self) -> ComposeResult:
        """A line a section."""
        with Vertical(classes="dialog"):
            yield Static("Send back which sections?", markup=False)
            yield OptionList(*self._options(), markup=False, classes="lines")
            yield Static("", markup=False, id="wrong", classes="wrong")
            yield Static("space marks, enter goes on, escape goes back", markup=False, classes="quiet")

    def _options(self) -> list[Option]:
        return [
            Option(Text(f"{'x' if section in self._marked else ' '} {section.value}"), id=section.value)
            for section in self._open_to
        ]

    def action_move(self, by: int) -> None:
        """One line down or up."""
        lines = self.query_one(OptionList)
        (lines.action_cursor_down if by > 0 else lines.action_cursor_up)()

    def action_mark(self) -> None:
        """Mark the section, or not."""
        lines = self.query_one(OptionList)
        at = lines.highlighted
        if at is not None:
            self._marked ^= {self._open_to[at]}
            lines.set_options(self._options())
            lines.highlighted = at

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go on with what is marked."""
        event.stop()
        if self._marked:
            self.dismiss(tuple(section for section in self._open_to if section in self._marked))
        else:
            self.query_one("#wrong", Static).update("Mark at least one.")

    def action_back(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
