"""What `assess-role controls` does once its arguments are read."""

from __future__ import annotations

from agent.cli.naming import check_named
from agent.cli.output import Terminal
from agent.cli.views import table
from agent.errors import InvalidInput
from agent.review.controls import ControlKind
from agent.review.identity import Scope
from agent.schemas.vocabulary import Status
from agent.settings import Settings
from agent.store.controls import ControlRow
from agent.workflow.acting import acting
from agent.workflow.controls import all_catches, is_admin, plant
from agent.workflow.wiring import open_stores


def plant_control(
    terminal: Terminal, settings: Settings, assessment: str, reviewer: str | None, kind: str | None, seed: int | None
) -> None:
    """Plant an error and say where. Raises InvalidInput for an unknown kind, and as `plant` does."""
    check_named(settings, reviewer)
    if kind is not None and kind not in list(ControlKind):
        raise InvalidInput(f"There is no kind {kind!r}; there are {', '.join(ControlKind)}.")
    with open_stores(settings) as stores:
        by = acting(settings, stores.accounts, reviewer, "script", Scope.RUN)
        row = plant(stores, by, assessment, kind=None if kind is None else ControlKind(kind), seed=seed)
    if terminal.as_json:
        terminal.document({"ok": True, **_document(row)})
        return
    terminal.data(f"planted: {row.assessment}")
    terminal.data(f"{row.kind} at {row.place}: {row.what}")
    terminal.words("It stands in the queue like any other. Tell nobody; your own decision about it does not count.")


def show_controls(terminal: Terminal, settings: Settings) -> None:
    """Every control that has ended with what each person made of it; open ones for who may see them."""
    with open_stores(settings) as stores:
        by = acting(settings, stores.accounts, None, "script", Scope.READ)
        made: dict[str, list[dict[str, object]]] = {}
        for one in all_catches(stores):
            made.setdefault(one.assessment, []).append({"reviewer": one.reviewer, "caught": one.caught})
        admin = is_admin(stores.accounts, by) and bool(stores.accounts.all())
        items = []
        for row in stores.controls.all():
            ended = stores.assessments.get(row.assessment).status is Status.REJECTED
            if ended or admin or by.name.casefold() == row.planted_by.casefold():
                state = "decided" if ended else "open"
                items.append({**_document(row), "state": state, "decided": made.get(row.assessment, [])})
    if terminal.as_json:
        terminal.document({"ok": True, "items": items})
    elif items:
        rows = [[str(item[key]) for key in ("id", "kind", "state", "place", "planted_by")] for item in items]
        for cells, item in zip(rows, items, strict=True):
            cells.insert(3, _made(made.get(str(item["id"]), [])))
        terminal.data(
            table(("ID", "KIND", "STATE", "RESULT", "PLACE", "PLANTED BY"), rows, flexible=("RESULT", "PLACE"))
        )
    else:
        terminal.words("No control that you may see.")


def _document(row: ControlRow) -> dict[str, object]:
    return {"id": row.assessment, **row.model_dump(exclude={"assessment"})}


def _made(found: list[dict[str, object]]) -> str:
    return ", ".join(f"{one['reviewer']}: {'caught' if one['caught'] else 'missed'}" for one in found) or "-"
