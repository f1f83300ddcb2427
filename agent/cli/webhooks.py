"""`webhooks`: telling an address of new items, decisions and publications."""

from __future__ import annotations

import typer

from agent.cli.options import AsJson, Quiet
from agent.cli.output import Terminal

app = typer.Typer(
    help="Tell an address of new items, decisions and publications.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("deliver")
def deliver(as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Send what is due, in order and signed; for cron. `serve` does it by itself.

    The address is ASSESS_ROLE_WEBHOOK_URL, the secret ASSESS_ROLE_WEBHOOK_SECRET. The first call starts with what
    happens after it. What is not taken is tried again, after a minute at first and an hour at most.

    \b
    Example:
      * * * * * assess-role webhooks deliver --quiet
    """
    from agent.cli.telling import deliver_now
    from agent.settings import read_settings

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with terminal.outcome():
        deliver_now(terminal, read_settings())


@app.command("status")
def status(as_json: AsJson = False) -> None:
    """Show what is pending, when it is due and what went wrong last.

    \b
    Example:
      assess-role webhooks status
    """
    from agent.cli.telling import show_hook
    from agent.settings import read_settings

    terminal = Terminal(as_json=as_json)
    with terminal.outcome():
        show_hook(terminal, read_settings())
