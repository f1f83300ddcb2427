"""Serving: one engine, one application, one address."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable

import uvicorn

from agent.errors import Forbidden, InvalidInput
from agent.settings import Settings
from agent.web.app import application
from agent.web.desk import Desk
from agent.web.site import Site
from agent.web.visitor import Door, LocalKey
from agent.web.worker import Worker, Works
from agent.workflow.engine import open_runner
from agent.workflow.webhooks import deliverer

LOOPBACK = "127.0.0.1"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def names_of(host: str, port: int, known_as: tuple[str, ...]) -> frozenset[str]:
    """What a browser may call the server: its address and, with the port or without, the names it was given."""
    own = ("127.0.0.1", "localhost", "[::1]") if is_loopback(host) else ()
    shown = f"[{host}]" if ":" in host else host
    return frozenset({f"{name}:{port}" for name in (*own, shown, *known_as)} | set(known_as))


def serve(
    settings: Settings,
    host: str,
    port: int,
    *,
    known_as: tuple[str, ...] = (),
    say: Callable[[str], None] = print,
    secure: bool = False,
) -> None:
    """Serve until Ctrl-C. Raises Forbidden for an address that others reach while nobody has an account."""
    if not 1 <= port <= 65535:
        raise InvalidInput(f"The port is {port}, expected 1 to 65535.")
    works = Works()
    with open_runner(settings, progress=works.told) as engine:
        door = Door(engine.stores.accounts, LocalKey(settings.reviewer))
        if not is_loopback(host) and not door.has_accounts:
            raise Forbidden(
                f"{host} can be reached by others, and nobody has an account here.",
                hint="Add one, `assess-role reviewer add NAME`, or serve 127.0.0.1.",
            )
        site = Site(settings, engine.stores)
        also = (site.bring_up_to_date, deliverer(engine.stores.db, settings, engine.stores.stamps))
        desk = Desk(engine, door, Worker(engine, also=also, works=works), site)
        app = application(desk, hosts=names_of(host, port, known_as))
        shown = f"[{host}]" if ":" in host else host
        key = "" if door.has_accounts else f"/login?key={door.local.secret}"
        say(f"Serving the review queue of {settings.home} at http://{shown}:{port}{key}")
        if not door.has_accounts:
            say(f"Nobody has an account: whoever opens this address decides as {settings.reviewer}, unverified.")
        logging.getLogger("uvicorn.access").disabled = True
        uvicorn.run(
            app,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=True,
            proxy_headers=secure,
            timeout_graceful_shutdown=5,
        )
