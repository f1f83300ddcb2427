"""Signing in at an issuer that is made here: what holds, and everything that must not."""

from __future__ import annotations

import base64
import hmac
import json
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
from factories_accounts import NOW, OPERATOR, HandClock, Office
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from agent.errors import AssessorError, Forbidden, InvalidInput, Prerequisite, UpstreamFailed
from agent.review.accounts import OIDC, open_session
from agent.review.keeping import close_account
from agent.review.oidc import MOST_BEGUN, OpenIdSignIn, linked_account

ISSUER, CLIENT, SECRET = "https://login.example", "desk & chair", "client:secret/of the test"
BACK = "https://desk.example/login/oidc"
SUBJECT = "auth0|248289761001"
SECONDS = int(datetime.fromisoformat(NOW).timestamp())
KEY = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
STRANGER = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})


class Issuer:
    """An issuer behind a transport: it hands out what a test has put into it."""

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.asked: list[httpx.Request] = []
        self.nonce = ""
        self.claims: dict[str, object] = {}
        self.header: dict[str, object] = {}
        self.key: ECKey | RSAKey | OctKey | bytes = KEY
        self.keys: dict[str, object] = KeySet([KEY]).as_dict(private=False)  # type: ignore[assignment]
        self.answer: dict[str, object] = {}
        self.status = 200
        self.configuration: dict[str, object] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize?tenant=7",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
        }
        self.sign_in = OpenIdSignIn(ISSUER, CLIENT, SECRET, clock, http=self.client)

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self.handle))

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.path == "/token":
            return httpx.Response(self.status, json={"access_token": "at", "id_token": self.token()} | self.answer)
        if request.url.path == "/keys":
            return httpx.Response(200, json=self.keys)
        return httpx.Response(200, json=self.configuration)

    def token(self) -> str:
        claims = {
            **{"iss": ISSUER, "sub": SUBJECT, "aud": CLIENT, "exp": SECONDS + 300, "iat": SECONDS},
            **{"nonce": self.nonce, "email": "ada@desk.example", **self.claims},
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "ES256", "kid": "one", **self.header}
        if header["alg"] == "none" or isinstance(self.key, bytes):
            text = ".".join(_coded(json.dumps(part).encode()) for part in (header, kept))
            by = self.key if isinstance(self.key, bytes) else None
            return f"{text}.{'' if by is None else _coded(hmac.digest(by, text.encode(), 'sha256'))}"
        return jwt.encode(header, kept, self.key, algorithms=[str(header["alg"])])

    def begin(self) -> tuple[str, str]:
        """The state and the browser's secret of a sign-in that was begun."""
        begun = self.sign_in.begin(BACK)
        query = parse_qs(urlsplit(begun.address).query)
        self.nonce = query["nonce"][0]
        return query["state"][0], begun.browser

    def finish(self) -> str:
        state, browser = self.begin()
        return self.sign_in.finish(state=state, code="a code", browser=browser)


def _coded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(HandClock())


def test_who_signs_in_is_known_by_issuer_and_subject(issuer: Issuer) -> None:
    assert issuer.finish() == f"{ISSUER}|{SUBJECT}"


def test_the_browser_is_sent_with_state_nonce_and_a_challenge_and_no_secret(issuer: Issuer) -> None:
    first, second = issuer.sign_in.begin(BACK), issuer.sign_in.begin(BACK)
    query = dict(parse_qsl(urlsplit(first.address).query))
    assert first.address.startswith(f"{ISSUER}/authorize?tenant=7&")
    assert {name: query[name] for name in ("response_type", "client_id", "redirect_uri", "scope", "tenant")} == {
        **{"response_type": "code", "client_id": CLIENT, "redirect_uri": BACK, "scope": "openid", "tenant": "7"}
    }
    assert query["code_challenge_method"] == "S256"
    other = dict(parse_qsl(urlsplit(second.address).query))
    assert not {query[name] for name in ("state", "nonce", "code_challenge")} & set(other.values())
    assert first.browser != second.browser
    assert first.browser not in first.address
    assert SECRET not in first.address


def test_the_code_is_exchanged_with_the_verifier_of_the_challenge_and_the_clients_secret(issuer: Issuer) -> None:
    begun = issuer.sign_in.begin(BACK)
    query = dict(parse_qsl(urlsplit(begun.address).query))
    issuer.nonce = query["nonce"]
    issuer.sign_in.finish(state=query["state"], code="a code", browser=begun.browser)
    (request,) = [asked for asked in issuer.asked if asked.url.path == "/token"]
    form = dict(parse_qsl(request.content.decode()))
    digest = sha256(form.pop("code_verifier").encode()).digest()
    assert _coded(digest) == query["code_challenge"]
    assert form == {"grant_type": "authorization_code", "code": "a code", "redirect_uri": BACK}
    login = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
    assert login == "desk%20%26%20chair:client%3Asecret%2Fof%20the%20test"


def test_a_client_without_a_secret_and_one_that_sends_it_in_the_form(issuer: Issuer) -> None:
    issuer.configuration["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    issuer.finish()
    issuer.sign_in = OpenIdSignIn(ISSUER, CLIENT, None, issuer.clock, http=issuer.client)
    issuer.finish()
    forms = [dict(parse_qsl(r.content.decode())) for r in issuer.asked if r.url.path == "/token"]
    assert [(form["client_id"], form.get("client_secret")) for form in forms] == [(CLIENT, SECRET), (CLIENT, None)]
    assert not any("authorization" in request.headers for request in issuer.asked)


def test_an_rsa_key_among_others_holds_too(issuer: Issuer) -> None:
    issuer.key = RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})
    encrypting = ECKey.generate_key("P-256", {"kid": "three", "use": "enc"})
    issuer.keys = KeySet([KEY, issuer.key, encrypting]).as_dict(private=False)  # type: ignore[assignment]
    unknown = {"kty": "XYZ", "kid": "four"}
    issuer.keys["keys"] = [*issuer.keys["keys"], unknown]  # type: ignore[misc]
    issuer.header = {"alg": "RS256", "kid": "two"}
    assert issuer.finish() == f"{ISSUER}|{SUBJECT}"


def _of_a_stranger(issuer: Issuer) -> None:
    issuer.key = STRANGER


def _of_an_unknown_key(issuer: Issuer) -> None:
    issuer.header = {"kid": "another"}


def _unsigned(issuer: Issuer) -> None:
    issuer.header = {"alg": "none"}


def _signed_with_the_clients_secret(issuer: Issuer) -> None:
    issuer.key, issuer.header = OctKey.import_key(SECRET), {"alg": "HS256"}


def _signed_with_the_public_key_as_a_secret(issuer: Issuer) -> None:
    issuer.key, issuer.header = KEY.as_pem(private=False), {"alg": "HS256"}


def _signed_with_a_secret_among_the_keys(issuer: Issuer) -> None:
    issuer.key, issuer.header = OctKey.import_key(SECRET, {"kid": "oct"}), {"alg": "HS256", "kid": "oct"}
    issuer.keys = {"keys": [issuer.key.as_dict(private=True)]}


def _by_a_key_in_the_header(issuer: Issuer) -> None:
    issuer.key, issuer.header = STRANGER, {"jwk": STRANGER.as_dict(private=False)}


def _said(**claims: object) -> Callable[[Issuer], None]:
    return lambda issuer: issuer.claims.update(claims)


@pytest.mark.parametrize(
    "bent",
    [
        *(_of_a_stranger, _of_an_unknown_key, _unsigned, _signed_with_the_clients_secret),
        *(_signed_with_the_public_key_as_a_secret, _signed_with_a_secret_among_the_keys, _by_a_key_in_the_header),
        *(_said(nonce="another"), _said(nonce=None), _said(nonce="")),
        *(_said(iss="https://evil.example"), _said(iss=None), _said(iss=f"{ISSUER}/")),
        *(_said(aud="another"), _said(aud=None), _said(aud=["another"]), _said(aud=[CLIENT, "another"])),
        _said(aud=[CLIENT, "another"], azp="another"),
        *(_said(exp=SECONDS - 61), _said(exp=None), _said(exp="tomorrow"), _said(iat=SECONDS + 600), _said(iat=None)),
        *(_said(nbf=SECONDS + 600), _said(at_hash="wrong")),
        *(_said(sub=None), _said(sub=""), _said(sub=7), _said(sub="x" * 256), _said(sub="a\x1bb")),
    ],
)
def test_an_answer_that_does_not_hold_lets_nobody_in(bent: Callable[[Issuer], None], issuer: Issuer) -> None:
    bent(issuer)
    with pytest.raises(Forbidden, match="says of you"):
        issuer.finish()


def test_clocks_may_differ_by_a_minute(issuer: Issuer) -> None:
    issuer.claims = {"exp": SECONDS - 30, "iat": SECONDS + 30}
    assert issuer.finish()


def test_a_client_among_several_audiences_is_let_in_as_the_authorized_party(issuer: Issuer) -> None:
    issuer.claims = {"aud": [CLIENT, "another"], "azp": CLIENT}
    assert issuer.finish()


def test_a_state_is_used_once_whatever_came_of_it(issuer: Issuer) -> None:
    state, browser = issuer.begin()
    assert issuer.sign_in.finish(state=state, code="a code", browser=browser)
    with pytest.raises(Forbidden, match="is over, or was never begun"):
        issuer.sign_in.finish(state=state, code="a code", browser=browser)
    state, browser = issuer.begin()
    with pytest.raises(Forbidden, match="in another browser"):
        issuer.sign_in.finish(state=state, code="a code", browser="x" * 43)
    with pytest.raises(Forbidden, match="is over, or was never begun"):
        issuer.sign_in.finish(state=state, code="a code", browser=browser)


def test_of_twenty_replays_at_once_one_gets_through(issuer: Issuer) -> None:
    state, browser = issuer.begin()
    found: list[str] = []

    def replay() -> None:
        try:
            found.append(issuer.sign_in.finish(state=state, code="a code", browser=browser))
        except Forbidden as error:
            found.append(type(error).__name__)

    threads = [threading.Thread(target=replay) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["Forbidden"] * 19 + [f"{ISSUER}|{SUBJECT}"]


@pytest.mark.parametrize("state", ["", "x" * 43, "x" * 1_000_000, "\ud800"])
def test_a_state_that_nobody_was_given_is_refused_without_asking_the_issuer(state: str, issuer: Issuer) -> None:
    issuer.begin()
    issuer.asked.clear()
    with pytest.raises(Forbidden):
        issuer.sign_in.finish(state=state, code="a code", browser="")
    assert issuer.asked == []


def test_a_sign_in_that_takes_longer_than_ten_minutes_is_over(issuer: Issuer) -> None:
    state, browser = issuer.begin()
    issuer.clock.move(minutes=10)
    with pytest.raises(Forbidden, match="is over"):
        issuer.sign_in.finish(state=state, code="a code", browser=browser)


def test_sign_ins_that_nobody_ends_do_not_pile_up(issuer: Issuer) -> None:
    first = issuer.begin()
    for _ in range(MOST_BEGUN):
        last = issuer.begin()
    with pytest.raises(Forbidden, match="is over"):
        issuer.sign_in.finish(state=first[0], code="a code", browser=first[1])
    assert issuer.sign_in.finish(state=last[0], code="a code", browser=last[1])
    assert len([asked for asked in issuer.asked if "well-known" in asked.url.path]) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"issuer": "https://evil.example", "code": "c"}, "another issuer"),
        ({"code": "", "error": "access_denied"}, r"did not sign you in \(access_denied\)"),
        ({"code": "c", "error": "\x1b[31mred"}, r"did not sign you in\."),
        ({"code": ""}, "did not sign you in"),
    ],
)
def test_another_issuers_answer_and_a_refusal_let_nobody_in(answer: dict[str, str], said: str, issuer: Issuer) -> None:
    state, browser = issuer.begin()
    with pytest.raises(Forbidden, match=said):
        issuer.sign_in.finish(**{"state": state, "browser": browser, **answer})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://evil.example"},
        {"issuer": f"{ISSUER}/"},
        {"authorization_endpoint": "http://login.example/authorize"},
        {"token_endpoint": None},
        {"jwks_uri": "file:///etc/passwd"},
    ],
)
def test_a_configuration_of_another_issuer_or_without_encryption_is_refused(
    change: dict[str, object], issuer: Issuer
) -> None:
    issuer.configuration |= change
    with pytest.raises(UpstreamFailed):
        issuer.finish()


def test_a_failing_issuer_is_named_and_neither_code_nor_secret_nor_answer_repeated(issuer: Issuer) -> None:
    said = []
    for status, answer, kind in (
        (400, {"error": "invalid_grant", "error_description": "secret words"}, Forbidden),
        (401, {"error": "invalid_client", "error_description": "secret words"}, UpstreamFailed),
        (500, {"trace": "secret words"}, UpstreamFailed),
        (200, {"id_token": None, "trace": "secret words"}, UpstreamFailed),
        (200, {"id_token": "secret words"}, Forbidden),
        (200, {"trace": "x" * 1_100_000}, UpstreamFailed),
    ):
        issuer.status, issuer.answer = status, answer
        state, browser = issuer.begin()
        with pytest.raises(kind) as raised:
            issuer.sign_in.finish(state=state, code="code-of-the-test", browser=browser)
        assert isinstance(raised.value, AssessorError)
        said.append(f"{raised.value.message} {raised.value.hint}")
    for hidden in ("secret words", "code-of-the-test", SECRET, "client%3A"):
        assert [words for words in said if hidden in words] == []


def test_an_issuer_that_cannot_be_reached_is_named(issuer: Issuer) -> None:
    def refused(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    away = OpenIdSignIn(
        ISSUER, CLIENT, None, issuer.clock, http=lambda: httpx.Client(transport=httpx.MockTransport(refused))
    )
    with pytest.raises(UpstreamFailed, match=r"The issuer at login\.example cannot be reached \(ConnectError\)"):
        away.begin(BACK)


def test_a_redirect_of_the_issuer_is_not_followed(issuer: Issuer) -> None:
    moved = httpx.MockTransport(lambda request: httpx.Response(302, headers={"location": "https://evil.example/"}))
    away = OpenIdSignIn(ISSUER, CLIENT, None, issuer.clock, http=lambda: httpx.Client(transport=moved))
    with pytest.raises(UpstreamFailed, match="answered with status 302"):
        away.begin(BACK)


def test_half_a_configuration_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(Prerequisite) as raised:
        OpenIdSignIn(ISSUER, None, None, HandClock())
    assert raised.value.hint == "Set ASSESS_ROLE_OIDC_CLIENT."
    with pytest.raises(InvalidInput, match="without encryption"):
        OpenIdSignIn("http://login.example", CLIENT, None, HandClock())
    assert OpenIdSignIn("http://127.0.0.1:9000", CLIENT, None, HandClock())


def test_without_the_library_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "authlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "authlib", None)
    with pytest.raises(Prerequisite) as raised:
        OpenIdSignIn(ISSUER, CLIENT, None, HandClock())
    assert raised.value.hint == "pip install 'assess-role[serve]'"


def test_only_an_account_that_was_linked_beforehand_is_let_in_and_none_is_made(issuer: Issuer, office: Office) -> None:
    office.add("Ada", subject=f"{ISSUER}|another")
    office.add("ada@desk.example")
    subject = issuer.finish()
    with pytest.raises(Forbidden, match="no account here is linked to that") as unknown:
        linked_account(office.accounts, subject)
    office.add("Ben", password=None, subject=subject)
    account = linked_account(office.accounts, subject)
    assert account.name == "Ben"
    _, row = open_session(office.accounts, office.clock, account, OIDC)
    assert (row.reviewer, row.auth) == ("Ben", "oidc")
    close_account(office.accounts, "Ben", OPERATOR)
    with pytest.raises(Forbidden) as closed:
        linked_account(office.accounts, subject)
    assert closed.value.message == unknown.value.message
    assert [one.name for one in office.accounts.all()] == ["Ada", "Ben", "ada@desk.example"]
