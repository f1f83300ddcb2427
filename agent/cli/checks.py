"""The checks of `assess-role doctor`, each with what was found and what to do."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass

from agent.cli.installed import version_of
from agent.cli.wording import counted
from agent.errors import AssessorError
from agent.llm.openai_endpoint import shown_url
from agent.llm.recorded import THREE_WAYS
from agent.schemas.vocabulary import Status
from agent.settings import DEFAULT_MODEL, Settings
from agent.workflow.engine import Engine, open_runner
from agent.workflow.webhooks import hook_of

HINTS = {
    401: "Check OPENAI_API_KEY.",
    403: "Check that OPENAI_API_KEY may use this server.",
    404: "Check that OPENAI_BASE_URL ends where the server's API starts (usually /v1).",
}
LIBRARIES = ("langgraph", "langgraph-checkpoint-sqlite", "chromadb", "openai", "pydantic", "sqlalchemy", "typer")


@dataclass(frozen=True)
class Check:
    """One line of the report."""

    name: str
    ok: bool
    found: str
    hint: str = ""


def run_checks(settings: Settings, *, probe: bool) -> list[Check]:
    """Every check; a failing one does not stop the others."""
    checks = [_versions(), _home(settings), _model(settings, probe=probe)]
    if settings.traces_endpoint is not None:
        checks.append(_guarded("traces", lambda: _traces(settings, probe=probe)))
    try:
        with open_runner(_whole(settings)) as engine:
            checks += [_guarded("corpus", lambda: _corpus(engine)), _guarded("paused", lambda: _paused(engine))]
            if settings.webhook_url is not None:
                checks.append(_guarded("webhook", lambda: _webhook(engine)))
            recorded = ", ".join(f"{r.role} ({r.seniority})" for r in engine.bench.recordings)
            checks.append(Check("recordings", bool(recorded), recorded or "none"))
    except AssessorError as error:
        checks.append(Check("store", False, error.message, error.hint or ""))
    return checks


def _whole(settings: Settings) -> Settings:
    """Half a configuration of the model is the finding of one check; the others need no model, whatever its name."""
    return settings if settings.model is not None else settings.model_copy(update={"model": DEFAULT_MODEL})


def _guarded(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except AssessorError as error:
        return Check(name, False, error.message, error.hint or "")


def _versions() -> Check:
    python = ".".join(map(str, sys.version_info[:3]))
    found = ", ".join(f"{name} {version_of(name)}" for name in LIBRARIES)
    return Check("versions", True, f"assess-role {version_of('assess-role')}, Python {python}, {found}")


def _corpus(engine: Engine) -> Check:
    articles = engine.corpus.articles()
    engine.corpus.search(["data engineer"], limit=1)
    found = (
        f"{counted(len(articles), 'article')}, "
        f"{counted(len(engine.stores.corpus.active_passages()), 'passage')}, {engine.corpus.embedding}"
    )
    return Check("corpus", True, found)


def _paused(engine: Engine) -> Check:
    store = engine.stores.assessments
    unfinished = store.unfinished()
    stranded = engine.runner.stranded()
    if stranded:
        return Check(
            "paused",
            False,
            f"{len(stranded)} of {counted(len(unfinished), 'unfinished assessment')} cannot go on: "
            + ", ".join(stranded),
            "Finish them with the version that started them, or start them anew.",
        )
    stopped = [name for name in unfinished if store.get(name).status is not Status.WAITING]
    hint = f"Stopped before a checkpoint, go on with `assess-role resume`: {', '.join(stopped)}" if stopped else ""
    return Check("paused", True, _going_on(len(unfinished)), hint)


def _going_on(count: int) -> str:
    return counted(count, "unfinished assessment") + (", all can go on" if count > 1 else ", can go on" * count)


def _webhook(engine: Engine) -> Check:
    hook = hook_of(engine.stores.db, engine.settings, engine.stores.stamps)
    if not hook.signed:
        return Check("webhook", False, f"{hook.address} has no secret", "Set ASSESS_ROLE_WEBHOOK_SECRET.")
    found = f"{hook.address}, {counted(hook.pending, 'event')} pending" if hook.begun else f"{hook.address}, not begun"
    found += f", {hook.skipped} given up" if hook.skipped else ""
    if hook.last_error is None:
        return Check("webhook", True, found)
    return Check("webhook", False, f"{found}; {hook.last_error}", "`assess-role webhooks status` says more.")


def _traces(settings: Settings, *, probe: bool) -> Check:
    """Sends one span, if it may."""
    from agent.workflow.otel import Export

    found = f"{settings.traces_protocol} to {settings.traces_to}{', with texts' * settings.trace_texts}"
    if not probe:
        return Check("traces", True, f"{found}, not probed")
    export = Export(settings)
    with export.tracer.span("doctor", {}):
        pass
    if export.close():
        return Check("traces", True, found)
    return Check("traces", False, f"{found}: no span arrived", "Check OTEL_EXPORTER_OTLP_ENDPOINT and _PROTOCOL.")


def _home(settings: Settings) -> Check:
    """Whether files can be written there."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.home):
            pass
    except OSError as error:
        hint = "Make it writable, or choose another folder with ASSESS_ROLE_HOME."
        return Check("home", False, f"{settings.home} cannot be written: {error.strerror}", hint)
    return Check("home", True, str(settings.home))


def _model(settings: Settings, *, probe: bool) -> Check:
    if not settings.connected:
        return Check("model", True, "none connected; recorded answers are replayed", THREE_WAYS)
    try:
        name = settings.model_name
    except AssessorError as error:
        return Check("model", False, error.message, error.hint or "")
    where = shown_url(settings.base_url) if settings.base_url else "OpenAI"
    if not probe:
        return Check("model", True, f"{name} at {where}, not probed")
    return _probe(settings, name, where)


def _probe(settings: Settings, name: str, where: str) -> Check:
    """Lists the endpoint's models: reachable, key accepted, model known. Costs nothing."""
    import openai

    key = settings.api_key.get_secret_value() if settings.api_key else "none"
    client = openai.OpenAI(base_url=settings.base_url, api_key=key, timeout=10.0, max_retries=0)
    client.organization, client.project = None, None
    try:
        known = {str(model.id) for model in client.models.list()}
    except openai.APIStatusError as error:
        status = error.status_code
        return Check("model", False, f"{where} answered HTTP {status}", HINTS.get(status, "Try again later."))
    except openai.APIError:
        return Check("model", False, f"{where} cannot be reached", "Check OPENAI_BASE_URL, and that the server runs.")
    except (AttributeError, TypeError, ValueError):
        return Check("model", False, f"{where} does not list models as an OpenAI-compatible server does", HINTS[404])
    if known and name not in known:
        has = f"{where} has no model {name}; it has {', '.join(sorted(known)[:5])}"
        return Check("model", False, has, "Set ASSESS_ROLE_MODEL to one of them.")
    return Check("model", True, f"{name} at {where}")
