"""The web application over a small home of its own, and those who open it: a browser with a session, a script with a
token."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from factories_workflow import Desk, FixedStamps, a_settings, open_desk
from fastapi import FastAPI
from fastapi.testclient import TestClient

from agent.llm.scripted import Script
from agent.review.identity import Scope, secret_digest
from agent.settings import Settings
from agent.store.accounts import AccountRole, TokenRow
from agent.web.app import application
from agent.web.desk import Desk as WebDesk
from agent.web.site import Site
from agent.web.visitor import Door, LocalKey
from agent.web.worker import Worker
from agent.workflow.engine import Engine

ORIGIN = "http://testserver"
EVERY_SCOPE = tuple(Scope)
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass(frozen=True)
class Stock:
    """A home with an assessment at either gate and one that is published. Never written to: copy it."""

    home: Path
    inputs: str
    """Waits at gate 1."""
    other: str
    """Waits at gate 1 too."""
    publication: str
    """Waits at gate 2."""
    published: str


class WatchedWorker(Worker):
    """A worker that can be waited for."""

    def __init__(self, engine: Engine, *, also: Sequence[Callable[[], None]] = ()) -> None:
        self._ended = threading.Condition()
        super().__init__(engine, also=also)

    def _after(self) -> None:
        super()._after()
        with self._ended:
            self._ended.notify_all()

    def settle_standing(self) -> None:
        """Carry on what a former server left standing, and wait for it."""
        for assessment in self.left_standing():
            self.carry_on(assessment)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is being carried on."""
        with self._ended:
            assert self._ended.wait_for(lambda: not self.working(), timeout=60)


@dataclass
class Web:
    """A server without a socket."""

    desk: Desk
    engine: Engine
    worker: WatchedWorker
    site: Site
    key: LocalKey
    app: FastAPI
    first: TestClient
    """Runs the application; whoever else opens it is served by the same."""

    def visitor(self, **headers: str) -> TestClient:
        """Somebody with no more than these headers, `_` for `-`."""
        client = TestClient(self.app, base_url=ORIGIN, raise_server_exceptions=False, follow_redirects=False)
        client.portal = self.first.portal
        client.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
        return client

    def browser(self) -> TestClient:
        """A browser that opened the address which the server printed."""
        client = self.visitor()
        assert client.get("/login", params={"key": self.key.secret}).status_code == 303
        return client

    def csrf(self, browser: TestClient) -> str:
        """The secret in the forms of a browser's session."""
        found = _CSRF.search(browser.get("/").text)
        assert found is not None
        return found[1]

    def account(self, name: str, role: AccountRole = AccountRole.REVIEWER) -> str:
        """A new account."""
        return self.desk.stores.accounts.add(name, role, password=None, subject=None, by="operator", auth="script").name

    def token(self, name: str, *scopes: Scope) -> str:
        """A token of somebody who has an account, for everything unless scopes are given."""
        secret = secrets.token_urlsafe(32)
        row = TokenRow(
            id=f"t-{secrets.token_hex(4)}",
            digest=secret_digest(secret),
            reviewer=name,
            scopes=tuple(scope.value for scope in scopes or EVERY_SCOPE),
            created_at=self.desk.stores.stamps.now(),
            expires_at="2999-01-01T00:00:00Z",
            revoked_at=None,
        )
        self.desk.stores.accounts.add_token(row, "operator", "script")
        return secret

    def script(self, name: str, *scopes: Scope) -> TestClient:
        """A script with such a token; its person gets an account where there is none."""
        if self.desk.stores.accounts.find(name) is None:
            self.account(name)
        return self.visitor(authorization=f"Bearer {self.token(name, *scopes)}")

    def settle(self) -> None:
        """Wait until everything that was to be carried on has been."""
        self.worker.settle()

    def revision(self, assessment: str) -> str:
        """The hash of what waits for a decision."""
        return self.desk.waiting(assessment).revision


@contextmanager
def open_web(
    home: Path, script: Script | None = None, *, first: int = 1000, settings: Settings | None = None, site: bool = False
) -> Iterator[Web]:
    """The application over a home. `first` is where its ids begin, after those that the home has. Without `site`
    nothing is built of what is published, which takes longest."""
    with (
        open_desk(home, script, stamps=FixedStamps(first=first)) as desk,
        over_desk(home, desk, settings, site=site) as web,
    ):
        yield web


@contextmanager
def over_desk(home: Path, desk: Desk, settings: Settings | None = None, *, site: bool = False) -> Iterator[Web]:
    """The application over a desk that is open."""
    engine = Engine(
        settings=settings or a_settings(home),
        stores=desk.stores,
        corpus=desk.bench.evidence,  # type: ignore[arg-type]
        bench=desk.bench,
        runner=desk.runner,
    )
    built, key = Site(engine.settings, desk.stores), LocalKey("Anna")
    worker = WatchedWorker(engine, also=(built.bring_up_to_date,)) if site else WatchedWorker(engine)
    app = application(WebDesk(engine, Door(desk.stores.accounts, key), worker, built), hosts=frozenset({"testserver"}))
    with TestClient(app, base_url=ORIGIN, raise_server_exceptions=False, follow_redirects=False) as client:
        yield Web(desk, engine, worker, built, key, app, client)
