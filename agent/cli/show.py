"""`queue`, `show` and `published`: looking without deciding. They load neither graph nor model."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import AsJson, Identifier
from agent.cli.output import Terminal
from agent.errors import NotFound
from agent.schemas.vocabulary import Gate, Zone

WHERE_IDS_ARE = (
    "`assess-role queue` lists those that wait for review or have stopped, `assess-role published --json` the ids of "
    "those that are published."
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("queue")(queue)
    app.command("show")(show)
    app.command("published")(published)


def queue(
    gate: Annotated[Gate | None, typer.Option("--gate", help="Only what waits at this checkpoint.")] = None,
    zone: Annotated[
        Zone | None, typer.Option("--zone", case_sensitive=False, help="Only what is drafted into this zone.")
    ] = None,
    role: Annotated[
        str, typer.Option("--role", help="Only where each of these words stands in role, label or id.")
    ] = "",
    mine: Annotated[bool, typer.Option("--mine", help="Only what you hold.")] = False,
    free: Annotated[bool, typer.Option("--free", help="Only what nobody holds.")] = False,
    brief: Annotated[bool, typer.Option("--brief", help="One line for a prompt; nothing when nothing waits.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what waits for review, the riskiest first.

    \b
    Examples:
      assess-role queue --free --gate inputs
      assess-role queue --brief
    """
    if brief and as_json:
        raise typer.BadParameter("--brief is a line of words, so it does not go with --json.")
    if mine and free:
        raise typer.BadParameter("what you hold is not free: give --mine or --free.")
    from agent.cli.queueing import list_queue
    from agent.settings import read_settings

    terminal = Terminal(as_json=as_json)
    with terminal.outcome():
        list_queue(
            terminal,
            read_settings(),
            gate=gate,
            zone=zone,
            role=role,
            mine=mine,
            free=free,
            in_brief=brief,
        )


def show(
    assessment: Identifier,
    revision: Annotated[
        str | None, typer.Option("--revision", help="Another revision than the newest; its full hash.")
    ] = None,
    as_yaml: Annotated[bool, typer.Option("--yaml", help="Print the editable content as YAML.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show an assessment: score, findings, claims and quotes.

    \b
    Examples:
      assess-role show ml-platform-engineer-1a2b3c4d
      assess-role show ml-platform --yaml > draft.yaml
    """
    from agent.settings import read_settings
    from agent.workflow.summary import summary
    from agent.workflow.wiring import open_stores

    terminal = Terminal(as_json=as_json)
    with terminal.outcome(), open_stores(read_settings()) as stores:
        try:
            document = summary(stores, stores.assessments.get(assessment).id)
        except NotFound as error:
            raise NotFound(error.message, hint=WHERE_IDS_ARE) from error
        if as_json:
            terminal.document(document)
            return
        from agent.cli.reading import review_view
        from agent.cli.views import next_step, refresh_lines, summary_lines
        from agent.review.edit import edit_text

        wanted = revision or document["revision"]
        content = stores.review.revision(str(document["id"]), str(wanted)) if wanted else None
        if as_yaml:
            if content is None:
                raise NotFound(f"Assessment {document['id']} has no revision yet; its status is {document['status']}.")
            terminal.data(edit_text(content).rstrip("\n"))
            return
        if content is not None:
            review_view(content)
        for line in [*refresh_lines(document), *summary_lines(document), *next_step(document)]:
            terminal.data(line)


def published(as_json: AsJson = False) -> None:
    """List what has been published, also what was withdrawn since.

    \b
    Example:
      assess-role published --json
    """
    from agent.registry.published import listed, withdrawn_words
    from agent.settings import read_settings
    from agent.workflow.lists import open_lists

    terminal = Terminal(as_json=as_json)
    with terminal.outcome(), open_lists(read_settings()) as stores:
        rows = stores.publications.done()
        if as_json:
            terminal.document({"ok": True, "items": listed(rows)})
            return
        from agent.cli.views import table

        if rows:
            marked = any(row.withdrawn for row in rows)
            terminal.data(
                table(
                    ("ROLE", "VERSION", "SCORE", "LABEL", "PUBLISHED", *(("WITHDRAWN",) if marked else ()), "FOLDER"),
                    [
                        (
                            f"{row.role} ({row.seniority})",
                            f"v{row.version}",
                            f"{row.score:.1f}",
                            row.label,
                            row.published_at[:10],
                            *((withdrawn_words(row),) if marked else ()),
                            row.path,
                        )
                        for row in rows
                    ],
                    flexible=("ROLE", "LABEL", "WITHDRAWN"),
                )
            )
        else:
            terminal.words("Nothing is published yet.")
