"""`serve`: the review queue in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import PublishDir
from agent.cli.output import Terminal


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port.")] = 8765,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", help="A name the server is reached by through a proxy; may be given several times."),
    ] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy on this machine says how and from where it was reached.")
    ] = False,
    publish_dir: PublishDir = None,
) -> None:
    """Serve the review queue to browsers.

    Reached from this machine only, unless people have accounts (`assess-role reviewer add NAME`) and --host says so.

    \b
    Examples:
      assess-role serve
      assess-role serve --host 0.0.0.0 --name review.example.org
    """
    from agent.cli.session import settings_with
    from agent.errors import Prerequisite

    terminal = Terminal()
    with terminal.outcome():
        settings = settings_with(publish_dir)
        try:
            from agent.web.server import serve as serve_queue
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in ("fastapi", "uvicorn", "starlette", "multipart"):
                raise
            raise Prerequisite(
                "Serving the queue takes libraries that are not installed here.",
                hint="Install them: pip install 'assess-role[serve]', or pip install '.[serve]' in a checkout.",
            ) from error
        serve_queue(settings, host, port, known_as=tuple(name or ()), say=terminal.data, behind_proxy=behind_proxy)
