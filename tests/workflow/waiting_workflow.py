"""Assessments that wait at a gate, carried there once a process: a test goes on in a copy of the home."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from factories_workflow import Desk, FixedStamps, copy_home, open_desk
from scripts_workflow import WidgetScript

from agent.llm.scripted import Call
from agent.schemas.vocabulary import Gate


@dataclass(frozen=True)
class Waiting:
    """A home whose one assessment waits. Never written to: copy it."""

    home: Path
    assessment: str
    calls: tuple[Call, ...]
    """What the model was asked until then."""
    token: int
    """The next one that the stamps give."""


class WaitingHomes:
    """By gate and script; made when the first test asks for it, in a folder of its own."""

    def __init__(self, start: Path, folder: Path) -> None:
        self._start, self._folder = start, folder
        # The script is kept with what it made: an id alone could come back as another's.
        self._made: dict[tuple[Gate, int], tuple[WidgetScript | None, Waiting]] = {}

    @contextmanager
    def desk(
        self, home: Path, gate: Gate, script: WidgetScript | None = None, *, then: WidgetScript | None = None
    ) -> Iterator[tuple[Desk, str]]:
        """A desk in a new home, as if all of it had just happened there; and the assessment that waits. With `then`
        the model answers by another script from here on."""
        waiting = self._waiting(gate, script)
        copy_home(waiting.home, home)
        stamps = FixedStamps(first=waiting.token)
        with open_desk(home, then or script, stamps=stamps, before=waiting.calls) as desk:
            yield desk, waiting.assessment

    def _waiting(self, gate: Gate, script: WidgetScript | None) -> Waiting:
        key = (gate, id(script))
        if key not in self._made:
            home = self._folder / f"home-{len(self._made)}-{gate.value}"
            self._made[key] = (script, self._carried(home, gate, script))
        return self._made[key][1]

    def _carried(self, home: Path, gate: Gate, script: WidgetScript | None) -> Waiting:
        if gate is Gate.PUBLICATION:
            with self.desk(home, Gate.INPUTS, script) as (desk, assessment):
                desk.approve(assessment)
                return _left(desk, home, assessment, gate)
        with open_desk(copy_home(self._start, home), script) as desk:
            return _left(desk, home, desk.start().id, gate)


def _left(desk: Desk, home: Path, assessment: str, gate: Gate) -> Waiting:
    assert desk.waiting(assessment).gate is gate
    return Waiting(home, assessment, desk.made(), int(desk.stores.stamps.token(), 16))
