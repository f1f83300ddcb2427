"""`corpus coverage ROLE`: what the corpus holds on a role, before anything is paid for."""

from __future__ import annotations

import datetime
from typing import Annotated

import typer

from agent.cli.options import AsJson, OneRole, Seniority
from agent.cli.output import Terminal


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("coverage", cls=OneRole)(coverage)


def coverage(
    role: Annotated[str, typer.Argument(metavar="ROLE", help='The role, for example "Data Engineer".')],
    seniority: Seniority = None,
    alias: Annotated[
        list[str] | None, typer.Option("--alias", help="Another title that counts as the role; may be given again.")
    ] = None,
    proxy: Annotated[
        list[str] | None,
        typer.Option("--proxy", help="A neighbouring role whose evidence counts as named; may be given again."),
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="The day to look back from: YYYY-MM-DD.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what the corpus holds on a role, and what is missing.

    A role with a bundled recording is looked up as the recording describes it, with its aliases and proxies and on its
    day; any other by its title and what --alias and --proxy name. No model is called. The same count decides in a run,
    once a model has described the role, whether an assessment is begun.

    \b
    Columns, one line a section or dimension of the evidence:
      FOR        the section or dimension
      FOUND      passages that the search gives
      ON IT      of these, on its subject and naming the role, an alias or a proxy
      SOURCES    independent sources of those ON IT
      TIERS 1-4  of those ON IT, how many are of each source tier
      FRESH      of those ON IT, dated within 24 months
      NO DATE    of those ON IT, without a date
      NEWEST     the latest date among them

    \b
    Examples:
      assess-role corpus coverage "Data Engineer"
      assess-role corpus coverage "Nurse" --alias "registered nurse" --json
    """
    from agent.cli.coverage_view import coverage_lines, coverage_origin
    from agent.cli.opening import open_corpus
    from agent.drafting.prompts import PromptLibrary
    from agent.llm.recording import load_recordings
    from agent.settings import read_settings
    from agent.shipped import shipped_path
    from agent.workflow.outlook import coverage_before, described

    terminal = Terminal(as_json=as_json)
    with open_corpus(terminal) as opened:
        looked_up = described(
            role,
            seniority,
            recordings=load_recordings(shipped_path("recordings")),
            prompts=PromptLibrary(shipped_path("prompts")),
            aliases=tuple(alias or ()),
            proxies=tuple(proxy or ()),
        )
        recording, frame = looked_up.recording, looked_up.frame
        found = coverage_before(
            opened.corpus,
            looked_up,
            as_of=as_of or (recording.as_of if recording else datetime.date.today().isoformat()),
            known=opened.corpus.store.find_passages,
            replayed=recording is not None and as_of in (None, recording.as_of) and not read_settings().connected,
        )
        named = {"aliases": list(frame.aliases), "proxies": list(frame.proxies), "recorded": recording is not None}
        if as_json:
            terminal.document({"ok": True, **found.model_dump(mode="json"), **named})
            return
        if recording is not None:
            terminal.words(coverage_origin(recording, frame, found))
        for line in coverage_lines(found):
            terminal.data(line)
