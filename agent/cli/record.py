"""`record`: keep the answers of a connected model for a role, so that it can be replayed anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import AsJson, Drafts, MaxTokens, OneRole, Quiet, Seniority
from agent.cli.output import Terminal
from agent.cli.wording import counted


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("record", cls=OneRole)(record)


def record(
    role: Annotated[str, typer.Argument(metavar="ROLE", help="The role to draft and record.")],
    seniority: Seniority = None,
    out: Annotated[Path, typer.Option("--out", help="Folder of recordings.")] = Path("evals/recordings"),
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Take over no answer, day or passage of the role's present recording.")
    ] = False,
    drafts: Drafts = None,
    max_tokens: MaxTokens = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Draft a role with the connected model and keep the answers. Approves and publishes nothing.

    Of a role that has a recording, only what was never asked is asked. An
    interrupted recording goes on where it stopped. With --drafts N the answers
    of N independent drafts are kept in the one file.

    \b
    Example:
      OPENAI_BASE_URL=http://127.0.0.1:8000/v1 ASSESS_ROLE_MODEL=my-model \\
        assess-role record "Data Engineer" --seniority Mid-level
    """
    import shutil
    from functools import partial

    from agent.cli.interrupt import interruptible
    from agent.errors import NeedsModel
    from agent.llm.recorded import THREE_WAYS
    from agent.settings import read_settings
    from agent.workflow.engine import open_runner
    from agent.workflow.publication import slug
    from agent.workflow.record import record as draft_and_record
    from agent.workflow.titles import check_role

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with terminal.outcome():
        settings = read_settings()
        title = check_role(role)
        if not settings.connected:
            raise NeedsModel("Recording takes a connected model.", hint=THREE_WAYS)
        scratch = settings.home / "recording" / slug(title, seniority or "")
        own = settings.model_copy(update={"home": scratch, "publish_dir": scratch / "published"})
        with open_runner(own, progress=terminal.progress) as engine:
            work = partial(
                draft_and_record, engine, title, seniority, out, max_tokens=max_tokens, fresh=fresh, drafts=drafts
            )
            path, row = interruptible(terminal, engine, work, again="the same command")
            usage = engine.stores.assessments.usage(row.id)
        shutil.rmtree(scratch)
        if as_json:
            told = {"role": row.role, "seniority": row.seniority, "path": str(path), "drafts": row.request["drafts"]}
            terminal.document({"ok": True, **told, **usage})
        else:
            terminal.data(f"Recorded {row.role} ({row.seniority}): {counted(usage['calls'], 'answer')} in {path}")
