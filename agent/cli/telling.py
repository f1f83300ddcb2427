"""What the commands of `webhooks` do once their arguments are read."""

from __future__ import annotations

import typer

from agent.cli.output import Terminal
from agent.cli.wording import counted
from agent.errors import UpstreamFailed
from agent.settings import Settings
from agent.store.database import Database
from agent.store.stamps import SystemStamps
from agent.workflow.webhooks import deliver_due, hook_of, shown_address, webhook_client


def deliver_now(terminal: Terminal, settings: Settings) -> None:
    """Send what is due and say what became of it; exit code 5 when something was not taken."""
    db = Database.of_home(settings.home)
    try:
        with webhook_client() as client:
            found = deliver_due(db, settings, SystemStamps(), client)
    finally:
        db.close()
    if found.error is not None:
        error = UpstreamFailed(
            f"The webhook at {shown_address(settings.webhook_url or '')} did not take an event: {found.error}.",
            hint=f"It is tried again from {found.due_at} on. `assess-role webhooks status` shows where it stands.",
        )
        terminal.failure(error, beside=found.model_dump(exclude={"error"}))
        raise typer.Exit(error.exit_code)
    if terminal.as_json:
        terminal.document({"ok": True, **found.model_dump(exclude={"error"})})
        return
    terminal.words(
        f"Sent {counted(found.sent, 'event')}, gave up {found.skipped}; {found.pending} pending"
        + (f", due at {found.due_at}." if found.pending else ".")
    )


def show_hook(terminal: Terminal, settings: Settings) -> None:
    """Print where the webhook stands."""
    db = Database.of_home(settings.home)
    try:
        hook = hook_of(db, settings, SystemStamps())
    finally:
        db.close()
    if terminal.as_json:
        terminal.document({"ok": True, **hook.model_dump()})
        return
    if hook.address is None:
        terminal.words("No webhook is set. Set ASSESS_ROLE_WEBHOOK_URL and ASSESS_ROLE_WEBHOOK_SECRET.")
        return
    terminal.data(f"address: {hook.address}{'' if hook.signed else ' (no secret, so nothing is sent)'}")
    if not hook.begun:
        terminal.data("not begun: it will be told of what happens after the first `assess-role webhooks deliver`")
    terminal.data(f"pending: {hook.pending}" + (f", tried {counted(hook.attempts, 'time')}" if hook.attempts else ""))
    if hook.due_at:
        terminal.data(f"due: {hook.due_at}")
    if hook.last_error:
        terminal.data(f"last error: {hook.last_error}")
    if hook.skipped:
        terminal.data(f"given up: {counted(hook.skipped, 'event')} (`assess-role audit export` names them)")
