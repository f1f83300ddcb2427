"""The checks of `assess-role doctor`, each with what was found and what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

from agent.errors import AssessorError
from agent.llm.recorded import THREE_WAYS
from agent.settings import Settings
from agent.workflow.engine import Engine, open_runner

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
    checks = [_versions(), Check("home", True, str(settings.home)), _model(settings, probe=probe)]
    try:
        with open_runner(settings) as engine:
            checks += [_guarded("corpus", lambda: _corpus(engine)), _guarded("paused", lambda: _paused(engine))]
            recorded = ", ".join(f"{r.role} ({r.seniority})" for r in engine.bench.recordings)
            checks.append(Check("recordings", bool(recorded), recorded or "none"))
    except AssessorError as error:
        checks.append(Check("store", False, error.message, error.hint or ""))
    return checks


def _guarded(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except AssessorError as error:
        return Check(name, False, error.message, error.hint or "")


def _versions() -> Check:
    python = ".".join(map(str, sys.version_info[:3]))
    found = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return Check("versions", True, f"assess-role {version('assess-role')}, Python {python}, {found}")


def _corpus(engine: Engine) -> Check:
    articles = engine.corpus.articles()
    engine.corpus.search(["data engineer"], limit=1)
    found = (
        f"{len(articles)} articles, {len(engine.stores.corpus.active_passages())} passages, {engine.corpus.embedding}"
    )
    return Check("corpus", True, found)


def _paused(engine: Engine) -> Check:
    unfinished = engine.stores.assessments.unfinished()
    stranded = engine.runner.stranded()
    if stranded:
        return Check(
            "paused",
            False,
            f"{len(stranded)} of {len(unfinished)} unfinished assessments cannot go on: {', '.join(stranded)}",
            "Finish them with the version that started them, or start them anew.",
        )
    return Check("paused", True, f"{len(unfinished)} unfinished assessments, all can go on")


def _model(settings: Settings, *, probe: bool) -> Check:
    if not settings.connected:
        return Check("model", True, "none connected; recorded answers are replayed", THREE_WAYS)
    try:
        name = settings.model_name
    except AssessorError as error:
        return Check("model", False, error.message, error.hint or "")
    where = settings.base_url or "OpenAI"
    if not probe:
        return Check("model", True, f"{name} at {where}, not probed")
    return _probe(settings, name, where)


def _probe(settings: Settings, name: str, where: str) -> Check:
    """Lists the endpoint's models: reachable, key accepted, model known. Costs nothing."""
    import openai

    key = settings.api_key.get_secret_value() if settings.api_key else "none"
    client = openai.OpenAI(base_url=settings.base_url, api_key=key, timeout=10.0, max_retries=0)
    try:
        known = {model.id for model in client.models.list()}
    except openai.APIStatusError as error:
        return Check(
            "model", False, f"{where} answered HTTP {error.status_code}", "Check OPENAI_API_KEY and the address."
        )
    except openai.APIError:
        return Check("model", False, f"{where} cannot be reached", "Check OPENAI_BASE_URL, and that the server runs.")
    if known and name not in known:
        return Check("model", False, f"{where} has no model {name}; it has {', '.join(sorted(known)[:5])}")
    return Check("model", True, f"{name} at {where}")
