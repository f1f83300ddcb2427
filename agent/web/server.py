"""Serving: one engine, one application, one address."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

import uvicorn

from agent.errors import Forbidden, InvalidInput, Prerequisite
from agent.review.oidc import OpenIdSignIn
from agent.settings import Settings
from agent.store.stamps import Stamps
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


def issuer_of(settings: Settings, stamps: Stamps) -> OpenIdSignIn | None:
    """The issuer of the settings. Raises Prerequisite for half a configuration, InvalidInput."""
    if settings.oidc_issuer is None:
        return None
    secret = settings.oidc_secret.get_secret_value() if settings.oidc_secret else None
    return OpenIdSignIn(settings.oidc_issuer, settings.oidc_client, secret, stamps)


def serve(
    settings: Settings,
    host: str,
    port: int,
    *,
    known_as: tuple[str, ...] = (),
    say: Callable[[str], None] = print,
    behind_proxy: bool = False,
) -> None:
    """Serve until Ctrl-C. `behind_proxy` believes a proxy on this machine how and from where it was reached.

    Raises Forbidden for an address that others reach while nobody has an account, Prerequisite for one that is taken.
    """
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
        desk = Desk(
            engine, door, Worker(engine, also=also, works=works), site, issuer_of(settings, engine.stores.stamps)
        )
        app = application(desk, hosts=names_of(host, port, known_as))
        bound = _bound(host, port)
        shown = f"[{host}]" if ":" in host else host
        key = "" if door.has_accounts else f"/login?key={door.local.secret}"
        say(f"Serving the review queue of {settings.home} at http://{shown}:{port}{key}")
        if not door.has_accounts:
            say(f"Nobody has an account: whoever opens this address decides as {settings.reviewer}, unverified.")
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=behind_proxy,
            timeout_graceful_shutdown=5,
        )
        with bound:
            uvicorn.Server(config).run(sockets=[bound])


def _bound(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises Prerequisite when it cannot."""
    found = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(128)
    except OSError as error:
        found.close()
        raise Prerequisite(
            f"{host}:{port} cannot be listened at: {error.strerror or error}.",
            hint="Another server may be there; choose another --port.",
        ) from error
    return found
