"""Editing in place: what the form as it stands would become, and the edit itself."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from agent.errors import InvalidInput
from agent.review.diff import changes
from agent.review.edit import Edit, edit_from, edit_of
from agent.review.identity import Scope
from agent.schemas.assessment import Assessment
from agent.schemas.finding import Tier
from agent.scoring import lens_problems, lens_score, problems, score
from agent.web.desk import Desk, desk_of
from agent.web.forms import edit_of_form
from agent.web.opened import check_same
from agent.web.pages import page

router = APIRouter(prefix="/review", include_in_schema=False)
MAX_FIELDS = 5000
"""A page at gate 2 has some 1,500."""
Fields = Sequence[tuple[str, str]]


@router.post("/{assessment}/preview")
async def preview(request: Request, assessment: str) -> Response:
    """Score, label, robustness and contributions of the form as it stands; nothing is recorded."""
    fields = await _fields(request)
    return await run_in_threadpool(_preview, desk_of(request), request, assessment, fields)


@router.post("/{assessment}/edit")
async def edit(request: Request, assessment: str) -> Response:
    """What the edit becomes, with the guard's findings, to be confirmed; then the edit itself."""
    fields = await _fields(request)
    return await run_in_threadpool(_edit, desk_of(request), request, assessment, fields)


def _preview(desk: Desk, request: Request, assessment: str, fields: Fields) -> Response:
    visitor, values = desk.visitor(request), dict(fields)
    visitor.check_form(values.get("csrf"))
    desk.engine.stores.assessments.whole(assessment)
    present = check_same(desk, assessment, values.get("revision", ""))
    content = desk.service.revision(assessment, present.revision)
    made = edit_of_form(fields, content)
    inputs = made.inputs.scored()
    found = problems(inputs)
    if found:
        return JSONResponse({"ok": False, "problems": list(found)})
    result = score(inputs)
    return JSONResponse(
        {
            "ok": True,
            "score": result.score,
            "label": result.label,
            "zone": result.zone.value,
            "distance": result.distance,
            "robustness": result.robustness.verdict,
            "contributions": [{"factor": c.factor, "points": c.points} for c in result.contributions],
            "before": None if content.result is None else content.result.formula_score,
            "lens": _lens(made, content),
        }
    )


def _lens(made: Edit, content: Assessment) -> str:
    """What an edited lens says; the rules that it breaks; empty where it is as it was, or falls with its inputs."""
    if made.lens is None or made.inputs != content.inputs or made.lens == content.lens:
        return ""
    found = lens_problems(made.lens, made.inputs)
    if found:
        return "; ".join(found)
    result = lens_score(made.lens, made.inputs)
    return "" if result is None else f"{result.verdict} {result.fragility}"


def _edit(desk: Desk, request: Request, assessment: str, fields: Fields) -> Response:
    visitor = desk.visitor(request, Scope.DECIDE)
    values = dict(fields)
    visitor.check_form(values.get("csrf"))
    desk.engine.stores.assessments.whole(assessment)
    revision = values.get("revision", "")
    present = check_same(desk, assessment, revision)
    content = desk.service.revision(assessment, revision)
    made = _made(fields, content)
    if made == edit_of(content):
        raise InvalidInput("The edit changes nothing.")
    if values.get("confirmed") == "yes":
        desk.decide(visitor, assessment, lambda service, by: service.edit(assessment, revision, by, made))
        return RedirectResponse(f"/review/{assessment}", status_code=303)
    after = desk.service.preview(assessment, revision, made)
    return page(
        request,
        "edit.html.j2",
        visitor=visitor,
        review=present,
        lines=changes(content, after),
        before=content,
        after=after,
        found=[f for f in after.guard.findings if f not in content.guard.findings],
        blocks=after.guard.count(Tier.BLOCK),
        fields=[(name, text) for name, text in fields if name not in ("csrf", "confirmed")],
    )


def _made(fields: Fields, content: Assessment) -> Edit:
    """The edit of the whole form: values, acceptances of findings and an override."""
    made = edit_of_form(fields, content)
    values = dict(fields)
    document = made.model_dump(mode="json")
    accepting = [
        {"finding": name.removeprefix("accept:"), "reason": text}
        for name, text in fields
        if name.startswith("accept:") and text.strip()
    ]
    if accepting:
        document["accepted"] = [*document["accepted"], *accepting]
    if values.get("override_score", "").strip():
        document["override"] = {
            "score": _number(values["override_score"]),
            "reason": values.get("override_reason", ""),
            "citations": [{"passage": values.get("override_passage", ""), "quote": values.get("override_quote", "")}],
        }
    elif values.get("override_out") == "yes":
        document["override"] = None
    return edit_from(document)


async def _fields(request: Request) -> list[tuple[str, str]]:
    """The fields of a form, in order. Raises InvalidInput for a file among them."""
    form = await request.form(max_files=0, max_fields=MAX_FIELDS)
    fields = list(form.multi_items())
    if any(isinstance(value, UploadFile) for _, value in fields):
        raise InvalidInput("The form holds a file, expected texts only.")
    return [(name, str(value)) for name, value in fields]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidInput(f"The override's score is {text[:20]!r}, expected a number.") from None
