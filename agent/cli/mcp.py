"""`mcp`: a model's tools over stdin and stdout."""

from __future__ import annotations

import typer

from agent.cli.output import Terminal

INTERRUPTED = 130


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("mcp")(mcp)


def mcp() -> None:
    """Give a model client tools, none of which decides.

    Speaks the Model Context Protocol on stdin and stdout. Tools: search_evidence, start_assessment, queue, show,
    published, read_published, score; approving takes a person. A client starts this command itself; by hand it waits
    for messages until Ctrl-C.

    \b
    Example, an entry of a client's configuration:
      {"mcpServers": {"assess-role": {"command": "assess-role", "args": ["mcp"]}}}
    """
    import os
    import signal

    from agent.cli.installed import version_of
    from agent.errors import Prerequisite
    from agent.settings import read_settings

    terminal = Terminal()
    with terminal.outcome():
        # Wrong settings are said now and not to the model with every call.
        read_settings()
        try:
            from agent.mcp.server import serve
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] != "mcp":
                raise
            raise Prerequisite(
                "Serving a model takes the library mcp, version 2.3 or later, which is not installed here.",
                hint="Install it: pip install 'assess-role[mcp]', or pip install '.[mcp]' in a checkout.",
            ) from error
        # The thread that waits for the client's next line would hold an ordinary Ctrl-C until that line comes.
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
        serve(version_of("assess-role"))
