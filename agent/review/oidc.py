"""Signing in at an OpenID Connect issuer: authorization code with PKCE, state and nonce, by Authlib.

The issuer says who somebody is; whether they are a reviewer here says the account that an admin linked to its `iss` and
`sub` beforehand. No account is made, and no e-mail address is believed. Nothing is asked of the network before `begin`.

Specification: OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3; RFC 7636 (PKCE); RFC 9207 (issuer in the answer).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from threading import Lock
from urllib.parse import quote, urlsplit

import httpx

from agent.errors import AssessorError, Forbidden, InvalidInput, Prerequisite, UpstreamFailed
from agent.review.identity import secret_digest
from agent.store.accounts import AccountRow, AccountStore
from agent.store.stamps import Stamps, later

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures by a key that only the issuer has: neither `none` nor one made with the client's secret."""
STATE_MINUTES = 10
"""How long somebody may take to sign in at the issuer."""
MOST_BEGUN = 1000
"""Sign-ins that wait at once; the oldest is dropped for a further one."""
FRESH_MINUTES = 10
"""How long the issuer's configuration is used before it is read again."""
LEEWAY_S = 60
"""How far the clocks may differ."""
TIMEOUT_S = 10.0
MAX_ANSWER = 1_000_000
"""Bytes."""
MAX_SUB = 255
"""Characters (OpenID Connect Core 1.0, section 2)."""


@dataclass(frozen=True)
class Begun:
    """A sign-in that goes on at the issuer."""

    address: str
    """Where to send the browser."""
    browser: str
    """A secret for a cookie of this browser (HttpOnly, SameSite=Lax: it comes back from another site)."""


@dataclass(frozen=True)
class _Asked:
    """What was asked of the issuer, once."""

    browser: str
    """Digest."""
    nonce: str
    verifier: str
    redirect: str
    expires_at: str


class OpenIdSignIn:
    """Signs people in at one issuer. One a process: what was begun is in memory, and used once."""

    def __init__(
        self,
        issuer: str,
        client: str | None,
        secret: str | None,
        stamps: Stamps,
        *,
        http: Callable[[], httpx.Client] | None = None,
    ) -> None:
        """`http` makes the client to ask with. Raises Prerequisite without a client's id, InvalidInput for an issuer
        that is reached without encryption."""
        if not client:
            raise Prerequisite("ASSESS_ROLE_OIDC_ISSUER is set, but no client.", hint="Set ASSESS_ROLE_OIDC_CLIENT.")
        if not _safe(issuer):
            raise InvalidInput(f"The issuer {issuer} is reached without encryption; expected https://.")
        _check_installed()
        self._issuer, self._client, self._secret, self._stamps = issuer, client, secret, stamps
        self._http = http or (lambda: httpx.Client(timeout=TIMEOUT_S, follow_redirects=False))
        self._asked: dict[str, _Asked] = {}
        self._read: tuple[str, dict[str, object]] | None = None
        self._lock = Lock()

    def begin(self, redirect: str) -> Begun:
        """Begin a sign-in whose answer the issuer sends to `redirect`. Raises UpstreamFailed."""
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        with self._http() as http:
            endpoint = _address(self._configuration(http), "authorization_endpoint")
        state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        asked = _Asked(
            browser=secret_digest(browser),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            redirect=redirect,
            expires_at=later(self._stamps.now(), STATE_MINUTES),
        )
        with self._lock:
            while len(self._asked) >= MOST_BEGUN:
                self._asked.pop(next(iter(self._asked)))
            self._asked[secret_digest(state)] = asked
        address = prepare_grant_uri(
            endpoint,
            client_id=self._client,
            response_type="code",
            redirect_uri=redirect,
            scope="openid",
            state=state,
            nonce=asked.nonce,
            code_challenge=create_s256_code_challenge(asked.verifier),
            code_challenge_method="S256",
        )
        return Begun(address=str(address), browser=browser)

    def finish(
        self, *, state: str, code: str, browser: str, issuer: str | None = None, error: str | None = None
    ) -> str:
        """Who signed in, as `iss|sub`: the issuer answered with `state` and `code` to the browser with this cookie.

        Raises Forbidden for an answer to nothing that was asked, or asked by another browser, answered before or too
        late, and for one that does not hold; UpstreamFailed when the issuer fails.
        """
        with self._lock:
            asked = self._asked.pop(secret_digest(state), None)
        if asked is None or asked.expires_at <= self._stamps.now():
            raise Forbidden("This sign-in is over, or was never begun.", hint="Begin it again.")
        if not compare_digest(asked.browser, secret_digest(browser)):
            raise Forbidden("This sign-in was begun in another browser.", hint="Begin it again.")
        if issuer is not None and issuer != self._issuer:
            raise Forbidden("The answer comes from another issuer than was asked.")
        if error is not None or not code:
            raise Forbidden(f"{self._issuer} did not sign you in{_said(error)}.")
        with self._http() as http:
            configuration = self._configuration(http)
            answer = self._exchanged(http, configuration, code, asked)
            keys = _document(http, "GET", _address(configuration, "jwks_uri"))
        return self._subject(answer, keys, asked.nonce)

    def _configuration(self, http: httpx.Client) -> dict[str, object]:
        now = self._stamps.now()
        if self._read is not None and now < later(self._read[0], FRESH_MINUTES):
            return self._read[1]
        found = _document(http, "GET", f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self._issuer:
            raise UpstreamFailed(f"The configuration at {self._issuer} is that of another issuer.")
        self._read = (now, found)
        return found

    def _exchanged(
        self, http: httpx.Client, configuration: Mapping[str, object], code: str, asked: _Asked
    ) -> dict[str, object]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": asked.redirect,
            "code_verifier": asked.verifier,
        }
        headers = {}
        methods = configuration.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if self._secret is None:
            form["client_id"] = self._client
        elif isinstance(methods, list) and "client_secret_basic" not in methods:
            form |= {"client_id": self._client, "client_secret": self._secret}
        else:
            # RFC 6749, section 2.3.1: both are form-encoded first.
            login = httpx.BasicAuth(quote(self._client, safe=""), quote(self._secret, safe=""))
            request = next(login.auth_flow(httpx.Request("POST", self._issuer)))
            headers["authorization"] = request.headers["authorization"]
        return _document(http, "POST", _address(configuration, "token_endpoint"), form=form, headers=headers)

    def _subject(self, answer: Mapping[str, object], keys: dict[str, object], nonce: str) -> str:
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        given = answer.get("id_token")
        if not isinstance(given, str):
            raise UpstreamFailed(f"{self._issuer} answered without an id_token.")
        try:
            key_set = KeySet.import_key_set(_signing(keys))  # type: ignore[arg-type]
            token = jwt.decode(given, key_set, algorithms=list(ALGORITHMS))
            expected = {"iss": self._issuer, "aud": self._client, "nonce": nonce}
            claims = CodeIDToken(
                token.claims,
                token.header,
                {name: {"essential": True, "value": value} for name, value in expected.items()},
                {"nonce": nonce, "client_id": self._client, "access_token": answer.get("access_token")},
            )
            claims.validate(now=int(datetime.fromisoformat(self._stamps.now()).timestamp()), leeway=LEEWAY_S)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            problem = str(error) if isinstance(error, JoseError) else type(error).__name__
            raise Forbidden(f"What {self._issuer} says of you does not hold{_said(problem)}.") from error
        subject = token.claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUB or not subject.isprintable():
            raise Forbidden(f"What {self._issuer} says of you has no subject of 1 to {MAX_SUB} characters.")
        return subject_of(self._issuer, subject)


def subject_of(issuer: str, subject: str) -> str:
    """What an account keeps of somebody whom an issuer knows."""
    return f"{issuer}|{subject}"


def linked_account(accounts: AccountStore, subject: str) -> AccountRow:
    """The account that an admin linked to a subject. Raises Forbidden, in the same words for none and a closed one."""
    account = accounts.of_subject(subject)
    if account is None or not account.active:
        raise Forbidden(
            f"You are signed in as {subject}, and no account here is linked to that.",
            hint="An admin links it: `assess-role reviewer add NAME --oidc SUBJECT`.",
        )
    return account


def _check_installed() -> None:
    try:
        import authlib.oidc.core  # noqa: F401
    except ImportError as error:
        raise Prerequisite(
            "OpenID Connect needs a library that is not installed.", hint="pip install 'assess-role[serve]'"
        ) from error


def _safe(address: str) -> bool:
    """Encrypted, or on this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost"))


def _address(configuration: Mapping[str, object], name: str) -> str:
    found = configuration.get(name)
    if not isinstance(found, str) or not _safe(found):
        raise UpstreamFailed(f"The issuer's configuration has no {name} that is reached with encryption.")
    return found


def _signing(keys: Mapping[str, object]) -> dict[str, object]:
    """The keys that sign: issuers put others beside them, and of kinds that are not known here."""
    found = keys.get("keys")
    listed = [key for key in found if isinstance(key, dict)] if isinstance(found, list) else []
    return {"keys": [key for key in listed if key.get("use") in (None, "sig") and key.get("kty") in ("RSA", "EC")]}


def _document(
    http: httpx.Client,
    method: str,
    address: str,
    *,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, object]:
    """A JSON object from the issuer. The error never repeats what was sent or answered."""
    host = urlsplit(address).netloc.rpartition("@")[2]
    try:
        with http.stream(
            method, address, data=form, headers={"accept": "application/json", **(headers or {})}
        ) as response:
            body = b""
            for part in response.iter_bytes():
                body += part
                if len(body) > MAX_ANSWER:
                    raise UpstreamFailed(f"The issuer at {host} answered with more than {MAX_ANSWER} bytes.")
            status = response.status_code
    except httpx.HTTPError as error:
        raise UpstreamFailed(f"The issuer at {host} cannot be reached ({type(error).__name__}).") from error
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if status != httpx.codes.OK or not isinstance(found, dict):
        code = found.get("error") if isinstance(found, dict) else None
        raise _failure(host, status, code if isinstance(code, str) else None)
    return found


def _failure(host: str, status: int, code: str | None) -> AssessorError:
    if code == "invalid_grant":
        return Forbidden("The issuer does not take this sign-in (any more).", hint="Begin it again.")
    return UpstreamFailed(f"The issuer at {host} answered with status {status}{_said(code)}.")


def _said(code: str | None) -> str:
    """A short word of the issuer's, in brackets."""
    return f" ({code[:80]})" if code and code.isascii() and code.isprintable() else ""
