"""Decisions: `review` for people at a terminal, the others for scripts, each bound to the revision it names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import AsJson, Identifier, PublishDir, Quiet, Reason, ReviewerName, Revision
from agent.cli.output import Terminal
from agent.schemas.vocabulary import Section


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("review")(review)
    app.command("approve")(approve)
    app.command("send-back")(send_back)
    app.command("reject")(reject)
    app.command("discard")(discard)
    app.command("accept")(accept)
    app.command("override")(override)
    app.command("edit")(edit)


def review(
    assessment: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]", help="The assessment's id, or an unambiguous beginning of it. Without one: the queue."
        ),
    ] = None,
    reviewer: Annotated[str | None, typer.Option("--reviewer", help="Your name; the login name unless given.")] = None,
    take_over: Annotated[
        str | None, typer.Option("--take-over", metavar="REASON", help="Take it from whoever holds it, and say why.")
    ] = None,
    publish_dir: PublishDir = None,
) -> None:
    """Read what waits and decide about it.

    Without an id, the whole queue is worked off on a full screen.

    \b
    Keys with an id: a approve, e edit in $EDITOR, F accept a finding, O override,
                     r send back, x reject, d defer, o view again
    Keys of the full screen: ? shows them
    Examples:
      assess-role review
      assess-role review ml-platform-engineer-1a2b3c4d --reviewer "Ada Marsh"
    """
    from agent.cli.reviewing import review_in_terminal
    from agent.cli.session import open_engine

    terminal = Terminal()
    if assessment is None:
        from agent.cli.screen.opening import review_queue

        if take_over is not None:
            raise typer.BadParameter("--take-over takes an ID; on the full screen t takes a review over.")
        with terminal.outcome():
            review_queue(terminal, reviewer, publish_dir)
        return
    with terminal.outcome(), open_engine(terminal, publish_dir) as engine:
        row = engine.stores.assessments.get(assessment)
        review_in_terminal(terminal, engine, row.id, reviewer, over=take_over)


def approve(
    assessment: Identifier,
    revision: Revision,
    reviewer: ReviewerName = None,
    publish_dir: PublishDir = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Approve exactly one revision that waits at a checkpoint.

    \b
    Example:
      assess-role approve ID --revision sha256:... --reviewer "Ada Marsh" --json
    """
    from agent.cli.deciding import take

    take(
        Terminal(as_json=as_json, quiet=quiet),
        assessment,
        reviewer,
        lambda service, known, by: service.approve(known, revision, by),
        publish_dir,
    )


def send_back(
    assessment: Identifier,
    revision: Revision,
    reason: Reason,
    reviewer: ReviewerName = None,
    section: Annotated[
        list[Section] | None,
        typer.Option("--section", help="Only this section; may be given several times. Default: all of the gate."),
    ] = None,
    publish_dir: PublishDir = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Have sections drafted again with your reason.

    \b
    Example:
      assess-role send-back ID --revision sha256:... --reviewer "Ada Marsh" \\
        --section tasks --reason "Task 3 and task 5 are the same work."
    """
    from agent.cli.deciding import take

    take(
        Terminal(as_json=as_json, quiet=quiet),
        assessment,
        reviewer,
        lambda service, known, by: service.send_back(known, revision, by, reason, tuple(section or ())),
        publish_dir,
    )


def reject(
    assessment: Identifier,
    revision: Revision,
    reason: Reason,
    reviewer: ReviewerName = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """End an assessment without a publication.

    \b
    Example:
      assess-role reject ID --revision sha256:... --reviewer "Ada Marsh" \\
        --reason "The corpus is too thin."
    """
    from agent.cli.deciding import take

    take(
        Terminal(as_json=as_json, quiet=quiet),
        assessment,
        reviewer,
        lambda service, known, by: service.reject(known, revision, by, reason),
    )


def discard(
    assessment: Identifier, reason: Reason, reviewer: ReviewerName = None, as_json: AsJson = False, quiet: Quiet = False
) -> None:
    """End an assessment that stopped before a checkpoint.

    For a run that failed, or was started by mistake: the audit trail says who ended it and why.

    \b
    Example:
      assess-role discard ID --reviewer "Ada Marsh" --reason "Started by mistake."
    """
    from agent.cli.discarding import discard_stopped
    from agent.cli.naming import check_named
    from agent.cli.views import summary_lines
    from agent.settings import read_settings
    from agent.workflow.acting import deciding
    from agent.workflow.summary import summary
    from agent.workflow.wiring import open_stores

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with terminal.outcome():
        settings = read_settings()
        check_named(settings, reviewer)
        with open_stores(settings) as stores:
            by = deciding(settings, stores.accounts, reviewer, "script")
            document = summary(stores, discard_stopped(stores, settings.home / "locks", assessment, by, reason))
        if as_json:
            terminal.document(document)
            return
        for line in summary_lines(document):
            terminal.data(line)


def accept(
    assessment: Identifier,
    revision: Revision,
    reason: Reason,
    finding: Annotated[
        list[str], typer.Option("--finding", help="The finding's name CODE@path; may be given several times.")
    ],
    reviewer: ReviewerName = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Accept REVIEW findings by name and with a reason. Makes a new revision, which then waits for approval.

    \b
    Example:
      assess-role accept ID --revision sha256:... --reviewer "Ada Marsh" \\
        --finding G-NAME-UNKNOWN@tasks.2.claims.0 \\
        --reason "The tool is well known in this field."
    """
    from agent.cli.deciding import accepting, take_edit

    terminal = Terminal(as_json=as_json, quiet=quiet)
    take_edit(terminal, assessment, revision, reviewer, accepting(finding, reason))


def override(
    assessment: Identifier,
    revision: Revision,
    reason: Reason,
    score: Annotated[float, typer.Option("--score", min=0, max=100, help="The score, within 5.0 of the formula's.")],
    passage: Annotated[str, typer.Option("--passage", help="Id of the passage that supports it.")],
    quote: Annotated[str, typer.Option("--quote", help="The quote from that passage, word for word.")],
    reviewer: ReviewerName = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Move the score by at most 5 points, citing evidence. Makes a new revision at gate 1.

    \b
    Example:
      assess-role override ID --revision sha256:... --reviewer "Ada Marsh" \\
        --score 49.0 --reason "..." --passage p-0123456789ab --quote "..."
    """
    from agent.cli.deciding import overriding, take_edit

    terminal = Terminal(as_json=as_json, quiet=quiet)
    take_edit(terminal, assessment, revision, reviewer, overriding(score, reason, passage, quote))


def edit(
    assessment: Identifier,
    revision: Revision,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML as `show ID --yaml` prints it, changed.")],
    reviewer: ReviewerName = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Replace the content by an edited file. It is validated, guarded and scored again, then up for review anew.

    \b
    Example:
      assess-role show ID --yaml > draft.yaml   (edit draft.yaml)
      assess-role edit ID draft.yaml --revision sha256:... --reviewer "Ada Marsh"
    """
    from agent.cli.deciding import edited_file, take_edit

    terminal = Terminal(as_json=as_json, quiet=quiet)
    take_edit(terminal, assessment, revision, reviewer, edited_file(file))
