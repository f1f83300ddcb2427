"""Opening an engine for one command, and saying beforehand what it will call."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.cli.output import Terminal
from agent.cli.wording import LEVEL_OPEN
from agent.errors import NeedsModel
from agent.schemas.vocabulary import INPUT_SECTIONS
from agent.settings import Settings, read_settings
from agent.workflow.engine import Engine, open_runner, request_for
from agent.workflow.state import MAX_ROUNDS
from agent.workflow.workbench import Request


def settings_with(publish_dir: Path | None) -> Settings:
    """The settings in force, with the publish folder of the command line."""
    settings = read_settings()
    if publish_dir is None:
        return settings
    return settings.model_copy(update={"publish_dir": publish_dir.expanduser().absolute()})


@contextmanager
def open_engine(terminal: Terminal, publish_dir: Path | None = None) -> Iterator[Engine]:
    """The engine of the home folder, reporting progress to this terminal."""
    with open_runner(settings_with(publish_dir), progress=terminal.progress) as engine:
        yield engine


def asked_for(
    engine: Engine, role: str, *, seniority: str | None, recorded: bool, max_tokens: int | None, drafts: int
) -> Request:
    """See `request_for`; a title that is nearly a recorded one raises NeedsModel with the one that may be meant."""
    try:
        return request_for(engine, role, seniority=seniority, recorded=recorded, max_tokens=max_tokens, drafts=drafts)
    except NeedsModel as error:
        known = {recording.role.casefold(): recording.role for recording in engine.bench.recordings}
        typed = " ".join(role.split()).casefold()
        near = [] if typed in known else difflib.get_close_matches(typed, known, n=1, cutoff=0.8)
        if not near:
            raise
        raise NeedsModel(f'{error.message} Did you mean "{known[near[0]]}"?', hint=error.hint) from error


def calls(request: Request) -> str:
    """How many model calls the request can take."""
    sections = len(INPUT_SECTIONS)
    drafts = f", for each of {request.drafts} drafts" if request.drafts > 1 else ""
    return (
        f"{calls_to_gate_1(request)} model calls to the first checkpoint (one for the role, {sections} side by "
        f"side{drafts}), two after it (commentary and AI-driven lens), and at most {MAX_ROUNDS} redrafts a "
        f"section{' of each draft' if drafts else ''}"
    )


def calls_to_gate_1(request: Request) -> int:
    """The model calls before the first checkpoint, redrafts aside."""
    return 1 + len(INPUT_SECTIONS) * request.drafts


def announce(terminal: Terminal, engine: Engine, request: Request) -> None:
    """Before anything is paid for: what answers, and how often."""
    if request.recorded:
        recording = engine.bench.recording(request)
        model = "" if recording is None else f" given by {recording.model} on {recording.recorded_at}"
        terminal.words(
            f"Replaying recorded answers{model}; evidence as of {request.as_of}. No model is called. "
            "To draft afresh, connect one: `assess-role doctor` says how."
        )
    else:
        bound = f", at most {request.max_tokens} tokens" if request.max_tokens else ""
        terminal.words(f"Drafting with {engine.settings.model_name}: {calls(request)}{bound}.")


def plan(terminal: Terminal, engine: Engine, request: Request) -> None:
    """What a run would do."""
    source = "recording" if request.recorded else engine.settings.model_name
    if terminal.as_json:
        terminal.document(
            {
                "ok": True,
                "role": request.role,
                "seniority": request.seniority,
                "as_of": request.as_of,
                "recorded": request.recorded,
                "model": source,
                "max_tokens": request.max_tokens,
                "drafts": request.drafts,
                "calls": {
                    "to_gate_inputs": calls_to_gate_1(request),
                    "commentary": 1,
                    "lens": 1,
                    "redrafts_per_section": MAX_ROUNDS,
                },
            }
        )
        return
    level = request.seniority or LEVEL_OPEN
    terminal.data(f"{request.role} ({level}), evidence as of {request.as_of}, answers: {source}")
    terminal.data(calls(request) if not request.recorded else "No model is called.")
