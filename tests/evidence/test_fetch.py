"""What fetching gives, what it refuses and names, and that nothing makes it raise."""

from __future__ import annotations

import gzip
import socket
import ssl
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler

import pytest
from factories_fetch import (
    NOW,
    Page,
    a_fetched,
    a_network,
    a_site,
    one,
    page,
    reason,
    redirect,
    robots,
    silence,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.evidence.fetch import NotFetched, Surroundings, fetch, own_user_agent

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TLS = ssl.create_default_context()
"""Shared where many fetches are made: reading the list of authorities takes longer than they do."""


def test_a_page_comes_with_its_address_type_charset_and_day() -> None:
    with a_site({"/a": page(content_type='Text/HTML; q=1; Charset="ISO-8859-1"')}) as site:
        assert one(site.at("/a#top")) == a_fetched(site.at("/a#top"), final_url=site.at("/a"), charset="iso-8859-1")


def test_the_day_is_the_day_in_utc() -> None:
    early = datetime(2025, 11, 21, 1, 0, tzinfo=timezone(timedelta(hours=5)))
    with a_site() as site:
        assert one(site.at(), outside=Surroundings(now=lambda: early)) == a_fetched(site.at(), retrieved="2025-11-20")


def test_every_address_has_one_outcome_in_order_and_is_asked_only_when_its_turn_comes() -> None:
    with a_site({"/b": page(b"two", content_type="text/plain")}) as site:
        urls = [site.at("/"), site.at("/missing"), site.at("/b")]
        outcomes = fetch(urls, allow_private=True, outside=Surroundings(now=lambda: NOW))
        first = next(outcomes)
        assert site.asked == ["/"]
        assert [first, *outcomes] == [
            a_fetched(urls[0]),
            NotFetched(urls[1], "it was answered with status 404 (Not Found)"),
            a_fetched(urls[2], content=b"two", content_type="text/plain"),
        ]


def test_it_says_who_it_is_and_nothing_about_the_machine_or_the_page_before() -> None:
    with a_site({"/from": redirect("/"), "/": page(set_cookie="seen=1; Path=/")}) as site:
        list(fetch([site.at("/from"), site.at("/")], allow_private=True))
        sent = {name for headers in site.headers for name in headers}
        assert sent == {"host", "user-agent", "accept", "accept-encoding", "connection"}
        assert {headers["user-agent"] for headers in site.headers} == {own_user_agent()}
        assert own_user_agent().startswith("assess-role")
        assert {headers["accept-encoding"] for headers in site.headers} == {"gzip"}


def test_proxies_and_certificates_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")
    with a_site() as site:
        assert one(site.at()) == a_fetched(site.at())


@pytest.mark.parametrize(
    "kind",
    [
        *("text/html", "application/xhtml+xml", "text/plain", "text/markdown", "application/pdf", WORD),
        *("application/epub+zip", "application/json", "application/x-ndjson", "text/csv", "message/rfc822"),
        "application/warc",
    ],
)
def test_the_types_that_have_a_reader_are_taken(kind: str) -> None:
    with a_site({"/": page(b"content", content_type=kind)}) as site:
        assert one(site.at()) == a_fetched(site.at(), content=b"content", content_type=kind)


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "audio/mpeg", "text/css", "application/x-msdownload"])
def test_other_types_are_named_and_not_read(kind: str) -> None:
    with a_site({"/": page(b"%PDF-1.7", content_type=kind)}) as site:
        assert reason(site.at()) == f"it is of type {kind}, which is not read"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 and so on", "application/pdf"),
        (b"PK\x03\x04 and so on" * 1_000, "application/zip"),
        (b"WARC/1.0\r\n", "application/warc"),
        (gzip.compress(b"WARC/1.0\r\n", mtime=0), "application/gzip"),
        (b"\xef\xbb\xbf\n <!DocType  html><p>", "text/html"),
    ],
)
@pytest.mark.parametrize("said", ["application/octet-stream", ""])
def test_a_type_that_says_too_little_is_told_from_the_first_bytes(content: bytes, kind: str, said: str) -> None:
    with a_site({"/": page(content, content_type=said)}) as site:
        assert one(site.at()) == a_fetched(site.at(), content=content, content_type=kind)


@pytest.mark.parametrize(
    ("said", "words"), [("application/octet-stream", "of type application/octet-stream"), ("", "without a type")]
)
def test_unknown_bytes_of_an_unsure_type_are_refused_before_they_are_all_read(said: str, words: str) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        page(b"\x00\x00\x00\x18ftypmp42" * 100, content_type=said, content_length="1000000")(handler)
        silence(handler)

    with a_site({"/": endless}) as site:
        assert reason(site.at()) == f"it is {words}, and its first bytes are of no kind that is read"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (page(b""), "its answer is empty"),
        (page(b"", status=204, content_length=""), "it was answered with status 204 (No Content)"),
        (page(status=403), "it was answered with status 403 (Forbidden)"),
        (page(status=500), "it was answered with status 500 (Internal Server Error)"),
        (page(status=599), "it was answered with status 599"),
        (page(status=302), "it redirects without saying where to (status 302)"),
        (page(content_encoding="br"), "it is packed as br, which was not asked for"),
        (page(content_encoding="gzip, gzip"), "it is packed as gzip, gzip, which was not asked for"),
        (page(content_encoding="gzip"), "its answer cannot be unpacked"),
    ],
)
def test_an_answer_that_is_no_page_is_named(answer: Page, why: str) -> None:
    with a_site({"/": answer}) as site:
        assert reason(site.at()) == why


# Redirects.


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_its_end_is_told(status: int) -> None:
    with a_site({"/old": redirect("new?a=1#part", status), "/new": page()}) as site:
        assert one(site.at("/old")) == a_fetched(site.at("/old"), final_url=site.at("/new?a=1"))


def test_redirects_end_at_their_limit() -> None:
    with a_site({"/": redirect("/")}) as site:
        assert reason(site.at()) == "it redirects more than 5 times"
        assert len(site.asked) == 6


def test_as_many_redirects_as_the_limit_are_followed() -> None:
    with a_site({"/2": redirect("/1"), "/1": redirect("/")}) as site:
        assert one(site.at("/2"), max_redirects=2) == a_fetched(site.at("/2"), final_url=site.at("/"))
        assert reason(site.at("/2"), max_redirects=1) == "it redirects more than 1 times"


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("file:///etc/passwd", "it is no http or https address but file"),
        ("ftp://good.example/", "it is no http or https address but ftp"),
        ("http://ada:secret@good.example/", "it holds a user name or password"),
        ("http://good.example:0/", "it names port 0, which does not exist"),
        ("http://good.example/" + "a" * 2_000, "its address is longer than 2,000 characters"),
    ],
)
def test_a_redirect_is_checked_like_the_address_itself(place: str, why: str) -> None:
    with a_site({"/": redirect(place)}) as site:
        assert reason(site.at()) == f"it redirects to an address that is not fetched: {why}"


# Addresses.


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("file:///etc/passwd", "it is no http or https address but file"),
        ("javascript:alert(1)", "it is no http or https address but javascript"),
        ("good.example/page", "it is no web address"),
        ("", "it is no web address"),
        ("http:///page", "it names no host"),
        ("http://[::1/", "it is no valid web address"),
        ("http://good.example:99999/", "it names port 99999, which does not exist"),
        ("http://good.example/\x00", "it is no valid web address"),
        ("https://good.example/" + "a" * 2_000, "its address is longer than 2,000 characters"),
    ],
)
def test_an_address_that_is_none_is_refused_without_a_look_up(url: str, why: str) -> None:
    network = a_network(9)
    assert reason(url, outside=network.surroundings()) == why
    assert network.looked_up == []


@pytest.mark.parametrize("url", ["http://ada:secret@good.example/a?b", " HTTP://ada@good.example/a?b", "http://:@h/"])
def test_credentials_in_an_address_are_refused_and_not_repeated(url: str) -> None:
    outcome = one(url)
    assert outcome == NotFetched(url[: url.index("//") + 2] + url.partition("@")[2], "it holds a user name or password")


def test_any_port_is_asked() -> None:
    with a_site() as site:
        network = a_network(site.port, good="93.184.216.34")
        one("http://good.example:8022/", allow_private=False, outside=network.surroundings())
        assert network.connected == [("93.184.216.34", 8022)] * 2
        assert {headers["host"] for headers in site.headers} == {"good.example:8022"}


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.text(max_size=40).map(lambda text: f"http://{text}"),
        st.text(max_size=40).map(lambda text: f"https://good.example/{text}"),
        st.from_regex(r"https?://[\[\]0-9a-fx.:@%/\\?#-]{0,30}", fullmatch=True),
    )
)
def test_no_text_as_an_address_raises(url: str) -> None:
    outcomes = list(fetch([url], outside=a_network(9).surroundings(tls=TLS)))
    assert [type(outcome) for outcome in outcomes] == [NotFetched]


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["Content-Type", "Location", "Retry-After", "Content-Encoding", "Content-Length", "X"]),
        st.binary(max_size=30),
    ),
    st.sampled_from([200, 301, 429, 503, 999]),
    st.binary(max_size=60),
)
def test_no_answer_makes_it_raise(headers: dict[str, bytes], status: int, content: bytes) -> None:
    head = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in headers.items())
    sent = b"HTTP/1.1 %d X\r\n" % status + head + b"\r\n" + content

    def connect(address: str, port: int, timeout_s: float) -> socket.socket:
        near, far = socket.socketpair()
        far.sendall(sent)
        far.shutdown(socket.SHUT_WR)
        kept.append(far)
        return near

    kept: list[socket.socket] = []
    outside = a_network(9, good="93.184.216.34").surroundings(connect=connect, tls=TLS)
    outcomes = list(fetch(["http://good.example/"], timeout_s=2.0, outside=outside))
    for far in kept:
        far.close()
    assert len(outcomes) == 1


# Busy hosts.


@pytest.mark.parametrize(
    ("status", "wait", "words"),
    [
        (429, "120", "in 120 s"),
        (429, "", "later"),
        (429, "soon\x1b[31m", "later"),
        (503, "Thu, 20 Nov 2025 13:31:30 GMT", "in 90 s"),
        (429, "Thu, 20 Nov 2025 13:00:00 GMT", "in 0 s"),
    ],
)
def test_a_host_that_asks_to_come_back_later_is_named_with_its_time(status: int, wait: str, words: str) -> None:
    with a_site({"/": page(status=status, retry_after=wait)}) as site:
        assert reason(site.at()) == f"its host asks to come back {words} (status {status})"


def test_a_host_that_asked_to_be_left_alone_is_asked_again_only_when_the_time_is_over() -> None:
    with a_site({"/busy": page(status=429, retry_after="30"), "/robots.txt": robots("")}) as site:
        network = a_network(site.port, time_s=1_000.0, busy="93.184.216.34", other="93.184.216.35")
        urls = iter(["http://busy.example/busy", "http://busy.example/", "http://other.example/"])
        outside = network.surroundings()
        outcomes = fetch([*urls, "http://busy.example/?again"], outside=outside)
        found = [next(outcomes) for _ in range(3)]
        assert network.time_s is not None
        network.time_s += 31
        assert [*found, *outcomes] == [
            NotFetched("http://busy.example/busy", "its host asks to come back in 30 s (status 429)"),
            NotFetched("http://busy.example/", "its host has just asked to be left alone for another 30 s"),
            a_fetched("http://other.example/"),
            a_fetched("http://busy.example/?again"),
        ]
