"""Telling an address of new items, decisions and publications: in order, at least once, signed.

Events are read off the audit trail behind a cursor, so that nothing in the way of a decision knows of them. An event
that is not taken is tried again, later each time, and those behind it wait; after MOST_ATTEMPTS it is given up with an
entry in the trail.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import httpx

from agent.errors import InvalidInput, Prerequisite
from agent.schemas.base import Value
from agent.settings import Settings
from agent.store.database import Database
from agent.store.stamps import Stamps
from agent.store.webhooks import HookEvent, HookRow, WebhookStore

TIMEOUT_S = 5.0
MOST_ATTEMPTS = 24
LONGEST_WAIT_MIN = 60.0
SIGNATURE = "X-Assess-Role-Signature"
EVENT = "X-Assess-Role-Event"
ATTEMPT = "X-Assess-Role-Attempt"


class Delivered(Value):
    """What became of the events that were due."""

    sent: int = 0
    skipped: int = 0
    """Given up after the last attempt."""
    pending: int = 0
    attempts: int = 0
    """At the first one pending."""
    due_at: str | None = None
    """When it is tried again; `None` when nothing is pending."""
    error: str | None = None
    """Why the last attempt failed, without address and secret."""


class Hook(Value):
    """Where a webhook stands, for `webhooks status` and `doctor`."""

    address: str | None
    """Without user, password and query; `None` when none is set."""
    signed: bool
    begun: bool
    """Something was asked to be delivered there before."""
    pending: int
    attempts: int
    due_at: str | None
    last_error: str | None
    skipped: int


def webhook_client() -> httpx.Client:
    """An HTTP client for `deliver_due`: bounded, no redirects, nothing from the environment."""
    return httpx.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False)


def deliver_due(db: Database, settings: Settings, stamps: Stamps, client: httpx.Client) -> Delivered:
    """Send what is due, in order, until one is not taken or somebody else sends.

    Raises Prerequisite without address or secret, InvalidInput for an address that is none, StorageFailed.
    """
    address, secret = _target(settings)
    store = WebhookStore(db, stamps)
    row: HookRow | None = store.begin(address)
    sent = skipped = 0
    error = None
    while row is not None and error is None and row.due_at <= stamps.now():
        event = store.next_event(row)
        claimed = None if event is None else store.claim(row)
        if event is None or claimed is None:
            break
        error = _send(client, address, secret, event, claimed.attempts, stamps.now())
        if error is None:
            row, sent = store.told(claimed, event.id), sent + 1
        elif claimed.attempts >= MOST_ATTEMPTS:
            row, skipped, error = store.skip(claimed, event.id, error, shown=shown_address(address)), skipped + 1, None
        else:
            row = store.failed(claimed, error, minutes=wait_min(claimed.attempts))
    now = store.begin(address)
    pending = store.pending(now)
    return Delivered(
        sent=sent,
        skipped=skipped,
        pending=pending,
        attempts=now.attempts,
        due_at=now.due_at if pending else None,
        error=error,
    )


def deliverer(db: Database, settings: Settings, stamps: Stamps) -> Callable[[], None]:
    """What a server calls from a thread of its own from time to time; does nothing where no address is set."""

    def deliver() -> None:
        if settings.webhook_url is not None:
            with webhook_client() as client:
                deliver_due(db, settings, stamps, client)

    return deliver


def hook_of(db: Database, settings: Settings, stamps: Stamps) -> Hook:
    """Where the webhook of the settings stands."""
    store = WebhookStore(db, stamps)
    row = None if settings.webhook_url is None else store.find(settings.webhook_url)
    pending = 0 if row is None else store.pending(row)
    return Hook(
        address=None if settings.webhook_url is None else shown_address(settings.webhook_url),
        signed=settings.webhook_secret is not None,
        begun=row is not None,
        pending=pending,
        attempts=0 if row is None else row.attempts,
        due_at=row.due_at if row is not None and pending else None,
        last_error=None if row is None else row.last_error,
        skipped=store.skipped(),
    )


def body_of(event: HookEvent) -> bytes:
    """The body: the same bytes at every attempt."""
    return json.dumps(event.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":")).encode()


def signature(secret: str, at: int, body: bytes) -> str:
    """The header that a receiver checks: `at` in seconds since 1970, and HMAC-SHA256 of `at`, a dot and the body."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, "sha256").hexdigest()
    return f"t={at},v1={digest}"


def wait_min(attempts: int) -> float:
    """Minutes until the next attempt: 1, 2, 4 and so on, at most an hour."""
    return min(2.0 ** (attempts - 1), LONGEST_WAIT_MIN)


def shown_address(address: str) -> str:
    """Where it is, for messages: without user, password, path and query, which can hold a secret."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}"


def _target(settings: Settings) -> tuple[str, str]:
    if settings.webhook_url is None:
        raise Prerequisite("No webhook is set.", hint="Set ASSESS_ROLE_WEBHOOK_URL and ASSESS_ROLE_WEBHOOK_SECRET.")
    if urlsplit(settings.webhook_url).scheme not in ("http", "https"):
        raise InvalidInput("The webhook's address is not one of http or https.")
    if settings.webhook_secret is None or not settings.webhook_secret.get_secret_value():
        raise Prerequisite(
            "The webhook has no secret, and nothing is sent unsigned.",
            hint="Set ASSESS_ROLE_WEBHOOK_SECRET to one that the receiver knows too.",
        )
    return settings.webhook_url, settings.webhook_secret.get_secret_value()


def _send(client: httpx.Client, address: str, secret: str, event: HookEvent, attempt: int, now: str) -> str | None:
    """Why it was not taken, in words without address and secret; `None` when it was. The answer's body is not read."""
    body = body_of(event)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "assess-role",
        SIGNATURE: signature(secret, int(datetime.fromisoformat(now).timestamp()), body),
        EVENT: str(event.id),
        ATTEMPT: str(attempt),
    }
    try:
        with client.stream("POST", address, content=body, headers=headers) as response:
            return None if response.is_success else f"it answered HTTP {response.status_code}"
    except httpx.TimeoutException:
        return f"it did not answer within {TIMEOUT_S:g} s"
    except httpx.TransportError:
        return "it cannot be reached"
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError):
        return "it cannot be asked at that address"
