"""`doctor` and `config`: what is installed, where things are, and whether they work."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import AsJson
from agent.cli.output import Terminal


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("doctor")(doctor)
    app.command("config")(config)


def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Do not probe the model endpoint.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check versions, home, corpus, model endpoint, paused threads.

    \b
    Example:
      assess-role doctor
    """
    from agent.cli.checks import run_checks
    from agent.settings import read_settings

    terminal = Terminal(as_json=as_json)
    with terminal.outcome():
        checks = run_checks(read_settings(), probe=not offline)
        failed = [check for check in checks if not check.ok]
        if as_json:
            rows = [{"check": c.name, "ok": c.ok, "found": c.found, "hint": c.hint} for c in checks]
            terminal.document({"ok": not failed, "checks": rows})
        else:
            for check in checks:
                terminal.data(f"{'ok  ' if check.ok else 'FAIL'}  {check.name:<12} {check.found}", hang=19)
                if check.hint:
                    terminal.data(f"{'':<19}{check.hint}", hang=0)
    if failed:
        raise typer.Exit(4)


def config(as_json: AsJson = False) -> None:
    """Show every setting in force and where it was taken from. Keys are never shown.

    \b
    Example:
      assess-role config
    """
    from agent.cli.views import table
    from agent.settings import ENVIRONMENT, read_settings

    terminal = Terminal(as_json=as_json)
    with terminal.outcome():
        settings = read_settings()
        rows = []
        for name, variable in ENVIRONMENT.items():
            shown = _shown(name, settings.traces_to if name == "traces_endpoint" else getattr(settings, name))
            rows.append((name, shown, settings.sources.get(name, "default"), variable))
        if as_json:
            items = [{"setting": n, "value": v, "source": s, "variable": e} for n, v, s, e in rows]
            terminal.document({"ok": True, "items": items})
        else:
            terminal.data(table(("SETTING", "VALUE", "FROM", "VARIABLE"), rows))


def _shown(name: str, value: object) -> str:
    """A value as it may be seen by whoever looks over a shoulder: no key, no password in an address."""
    if value is None:
        return "not set"
    if name == "api_key":
        return "set"
    if name == "webhook_url":
        from agent.workflow.webhooks import shown_address

        return shown_address(str(value))
    if name.endswith("_url"):
        from agent.llm.openai_endpoint import shown_url

        return shown_url(str(value))
    return str(value)
