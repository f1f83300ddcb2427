"""The line in which a number or a claim is edited where it stands; every key says what it would become."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import JsonValue
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static
from textual.widgets.input import Selection

from agent.cli.screen.items import Field
from agent.errors import InvalidInput
from agent.review.changing import Change
from agent.schemas.text import one_line

UNKNOWN = "unknown"


def read_value(field: Field, typed: str) -> JsonValue:
    """The value that was typed. Raises InvalidInput with what was found and expected."""
    text = one_line(typed)
    if field.low is None or field.high is None:
        if not text:
            raise InvalidInput("Found no words, expected text.")
        return text
    if field.unknown and text.lower() in ("", "-", "?", UNKNOWN):
        return None
    try:
        value = int(text)
    except ValueError:
        value = field.low - 1
    if not field.low <= value <= field.high:
        raise InvalidInput(f"Found {text!r}, expected {field.expected}.")
    return value


class EditBar(Horizontal):
    """Hidden until something is edited."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "drop", "drop"), ("tab", "next_field", "next")]

    class Typed(Message):
        """What stands in the line: a change, or why it is none."""

        def __init__(self, change: Change | None, wrong: str = "") -> None:
            super().__init__()
            self.change, self.wrong = change, wrong

    class Kept(Message):
        """A change that the reviewer keeps; `None` where nothing is different."""

        def __init__(self, change: Change | None, *, done: bool) -> None:
            super().__init__()
            self.change, self.done = change, done

    class Dropped(Message):
        """The reviewer left the line."""

    _fields: Sequence[Field] = ()
    _values: Sequence[str] = ()
    _at = 0

    def compose(self) -> ComposeResult:
        """What is edited, and the line."""
        yield Static("", markup=False, id="edited")
        yield Input(id="value", select_on_focus=False)

    def begin(self, fields: Sequence[Field], values: Sequence[str]) -> None:
        """Edit these fields of one line, the first one first; `values` is what stands there now."""
        self._fields, self._values = fields, tuple(one_line(value) for value in values)
        self.display = True
        self._show(0)

    def _show(self, at: int) -> None:
        self._at = at
        field, line = self._fields[at], self.query_one(Input)
        others = "  tab: " + self._fields[(at + 1) % len(self._fields)].name if len(self._fields) > 1 else ""
        label = f"{field.name} ({field.expected}){others} " if field.low is not None else "text "
        self.query_one("#edited", Static).update(Text(label, style="bold"))
        line.value = self._values[at]
        # A number is typed over; in a text one goes on at its end.
        line.selection = Selection(0 if field.low is not None else len(line.value), len(line.value))
        self.screen.set_focus(line)

    def _change(self) -> Change | None:
        """What the line says; `None` where it says what stood there. Raises InvalidInput."""
        field, typed = self._fields[self._at], self.query_one(Input).value
        value = read_value(field, typed)
        same = one_line(typed) == self._values[self._at]
        return None if same else Change(place=field.place, value=value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what stands in the line."""
        event.stop()
        if not self.display:
            return
        try:
            self.post_message(self.Typed(self._change()))
        except InvalidInput as error:
            self.post_message(self.Typed(None, error.message))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep it."""
        event.stop()
        self._keep(done=True)

    def action_next_field(self) -> None:
        """Keep it and go on to the line's other number."""
        if len(self._fields) > 1 and self._keep(done=False):
            typed = self.query_one(Input).value
            self._values = tuple(typed if at == self._at else v for at, v in enumerate(self._values))
            self._show((self._at + 1) % len(self._fields))

    def _keep(self, *, done: bool) -> bool:
        try:
            change = self._change()
        except InvalidInput as error:
            self.post_message(self.Typed(None, error.message))
            return False
        self.display = not done
        self.post_message(self.Kept(change, done=done))
        return True

    def action_drop(self) -> None:
        """Leave what stood there."""
        self.display = False
        self.post_message(self.Dropped())
