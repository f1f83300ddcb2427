"""`run` and `resume`: from a role to the next checkpoint."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import AsJson, Drafts, Identifier, MaxTokens, OneRole, PublishDir, Quiet, Seniority
from agent.cli.output import Terminal


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run", cls=OneRole)(run)
    app.command("resume")(resume)


def run(
    role: Annotated[str, typer.Argument(metavar="ROLE", help='The role to assess, for example "Data Engineer".')],
    seniority: Seniority = None,
    recorded: Annotated[
        bool, typer.Option("--recorded", help="Replay the bundled recording even when a model is connected.")
    ] = False,
    drafts: Drafts = None,
    max_tokens: MaxTokens = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done and called, and stop.")] = False,
    publish_dir: PublishDir = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Assess a role up to the first checkpoint. `assess-role ROLE` is the same.

    \b
    Examples:
      assess-role "ML Platform Engineer"
      assess-role "Data Engineer" --seniority Mid-level --json
      assess-role "Nurse" --max-tokens 80000 --dry-run
      assess-role "Data Engineer" --drafts 3
    """
    from agent.cli.interrupt import interruptible
    from agent.cli.session import announce, asked_for, open_engine, plan
    from agent.cli.walk import finish

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with terminal.outcome(), open_engine(terminal, publish_dir) as engine:
        request = asked_for(
            engine,
            role,
            seniority=seniority,
            recorded=recorded,
            max_tokens=max_tokens,
            drafts=1 if drafts is None else drafts,
        )
        if dry_run:
            plan(terminal, engine, request)
            return
        announce(terminal, engine, request)
        asker = engine.requester()
        finish(terminal, engine, interruptible(terminal, engine, lambda: engine.runner.start(request, asker)).id)


def resume(
    assessment: Identifier,
    drafts: Drafts = None,
    max_tokens: MaxTokens = None,
    by_hand: Annotated[
        bool, typer.Option("--by-hand", help="Where a redraft has no model, leave draft and findings to the reviewer.")
    ] = False,
    without_commentary: Annotated[
        bool, typer.Option("--without-commentary", help="Go on to the second checkpoint without a commentary.")
    ] = False,
    without_lens: Annotated[
        bool, typer.Option("--without-lens", help="Go on to the second checkpoint without an AI-driven lens.")
    ] = False,
    publish_dir: PublishDir = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Carry on an assessment that stopped.

    After a crash or Ctrl-C, a failed endpoint, or for want of a model. No stored answer is paid for again.

    \b
    Examples:
      assess-role resume ml-platform-engineer-1a2b3c4d
      assess-role resume ml-platform --without-commentary --without-lens
      assess-role resume ml-platform --drafts 1
    """
    from agent.cli.interrupt import interruptible
    from agent.cli.session import open_engine
    from agent.cli.walk import finish
    from agent.errors import InvalidInput
    from agent.schemas.vocabulary import Status
    from agent.workflow.engine import check_drafts

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with terminal.outcome(), open_engine(terminal, publish_dir) as engine:
        row = engine.stores.assessments.get(assessment)
        if drafts is not None:
            check_drafts(drafts)
        given: dict[str, object] = {"max_tokens": max_tokens} if max_tokens is not None else {}
        given |= {"by_hand": True} if by_hand else {}
        given |= {"drafts": drafts} if drafts is not None else {}
        given |= {"without_commentary": True} if without_commentary else {}
        given |= {"without_lens": True} if without_lens else {}
        ended = row.status is Status.REJECTED
        if drafts is not None and engine.stores.assessments.revisions(row.id):
            raise InvalidInput(
                f"{row.id} has been put up for review; how often it is drafted can no longer be changed.",
                hint="Start it anew with --drafts to see how far drafts agree.",
            )
        if given and not ended:
            engine.stores.assessments.change_request(row.id, given)
        again = f"assess-role resume {row.id}"
        # The thread of a discarded assessment could still go on; nobody wants it to.
        if not ended:
            interruptible(terminal, engine, lambda: engine.runner.advance(row.id), again=again)
        finish(terminal, engine, row.id)
