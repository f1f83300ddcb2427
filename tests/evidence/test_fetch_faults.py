"""No server can hold a download up, fill the memory, or pass off a part as the whole."""

from __future__ import annotations

import gzip
import socket
import struct
import time
import tracemalloc
from http.server import BaseHTTPRequestHandler

import pytest
from factories_fetch import (
    HTML,
    Page,
    a_fetched,
    a_network,
    a_site,
    drip,
    drip_in_the_head,
    one,
    page,
    reason,
    redirect,
    silence,
)

from agent.evidence.fetch import Surroundings

SHORT_S = 0.7


@pytest.mark.parametrize("slow", [drip, drip_in_the_head, silence])
def test_a_slow_server_has_the_time_limit_for_everything_together(slow: Page) -> None:
    with a_site({"/": slow}) as site:
        started = time.monotonic()
        assert reason(site.at(), timeout_s=SHORT_S) == "it was not all there within 0.7 s"
        assert time.monotonic() - started < 3


def test_the_time_limit_holds_for_all_redirects_together() -> None:
    def late(handler: BaseHTTPRequestHandler) -> None:
        handler.server.site.over.wait(0.3)  # type: ignore[attr-defined]
        redirect("/")(handler)

    with a_site({"/": late}) as site:
        assert reason(site.at(), timeout_s=SHORT_S) == "it was not all there within 0.7 s"
        assert 1 <= len(site.asked) <= 3


def test_a_name_that_is_looked_up_for_too_long_is_not_waited_for() -> None:
    with a_site() as site:

        def resolve(host: str, port: int) -> list[str]:
            site.over.wait(5)
            return ["127.0.0.1"]

        started = time.monotonic()
        why = reason("http://slow.example/", timeout_s=SHORT_S, outside=Surroundings(resolve=resolve))
        assert why == "its host could not be reached within 0.7 s"
        assert time.monotonic() - started < 3


def test_a_server_that_does_not_accept_leaves_time_for_its_other_addresses() -> None:
    with a_site() as site:
        network = a_network(site.port, good=[["2606:2800::1", "93.184.216.34"]])

        def connect(address: str, port: int, timeout_s: float) -> socket.socket:
            if ":" in address:
                assert timeout_s <= 2.5
                raise TimeoutError
            return network.connect(address, port, timeout_s)

        url = "http://good.example/"
        assert one(url, allow_private=False, outside=network.surroundings(connect=connect)) == a_fetched(url)


def test_a_server_that_never_accepts_and_one_that_refuses_are_told_apart() -> None:
    def fails_with(error: OSError) -> Surroundings:
        def connect(address: str, port: int, timeout_s: float) -> socket.socket:
            raise error

        return a_network(9, good="93.184.216.34").surroundings(connect=connect)

    url = "http://good.example/"
    slow = reason(url, outside=fails_with(TimeoutError()))
    refused = reason(url, outside=fails_with(ConnectionRefusedError(111, "Connection refused")))
    assert slow == "its host could not be reached within 5 s"
    assert refused == "its host cannot be reached (Connection refused)"


# Size.


def test_an_answer_as_large_as_the_limit_is_taken_and_one_byte_more_is_not() -> None:
    with a_site({"/fits": page(b"a" * 1_000), "/not": page(b"a" * 1_001)}) as site:
        assert one(site.at("/fits"), max_bytes=1_000) == a_fetched(site.at("/fits"), content=b"a" * 1_000)
        assert reason(site.at("/not"), max_bytes=1_000) == "it is larger than 1 kB"


def test_a_length_above_the_limit_is_refused_before_the_first_byte() -> None:
    def announce(handler: BaseHTTPRequestHandler) -> None:
        page(b"", content_length="20000001")(handler)
        silence(handler)

    with a_site({"/": announce}) as site:
        assert reason(site.at()) == "it is larger than 20 MB"


def test_an_answer_without_length_is_cut_at_the_limit() -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        page(b"", content_length="")(handler)
        for _ in range(10_000):
            handler.wfile.write(b"a" * 10_000)

    with a_site({"/": endless}) as site:
        assert reason(site.at(), max_bytes=100_000) == "it is larger than 100 kB"


def test_what_unpacks_to_more_than_the_limit_is_refused_without_being_unpacked() -> None:
    bomb = gzip.compress(bytes(40_000_000), 9)
    with a_site({"/": page(bomb, content_encoding="gzip")}) as site:
        tracemalloc.start()
        why = reason(site.at(), max_bytes=1_000_000)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert (why, len(bomb) < 100_000) == ("it is larger than 1 MB", True)
    assert peak < 10_000_000


def test_what_is_sent_is_limited_too_when_it_unpacks_to_nothing() -> None:
    # A gzip head whose file name does not end.
    packed = b"\x1f\x8b\x08\x08" + bytes(6) + b"a" * 200_000

    with a_site({"/": page(packed, content_encoding="gzip", content_length="")}) as site:
        assert reason(site.at(), max_bytes=100_000) == "it is larger than 100 kB"


def test_a_packed_answer_is_unpacked_whole_in_all_its_members() -> None:
    packed = gzip.compress(HTML) + gzip.compress(b"more") + bytes(8)

    def in_pieces(handler: BaseHTTPRequestHandler) -> None:
        page(b"", content_encoding="gzip", content_length=str(len(packed)))(handler)
        for place in range(0, len(packed), 7):
            handler.wfile.write(packed[place : place + 7])
            handler.wfile.flush()

    with a_site({"/": in_pieces}) as site:
        assert one(site.at(), max_bytes=len(HTML) + 100) == a_fetched(site.at(), content=HTML + b"more")


def test_a_packed_answer_in_endless_empty_members_is_refused() -> None:
    with a_site({"/": page(gzip.compress(b"") * 2_000, content_encoding="gzip")}) as site:
        assert reason(site.at()) == "its answer is packed in more than 1,000 pieces"


# Broken answers.


def test_an_answer_shorter_than_announced_is_not_taken_for_the_whole() -> None:
    with a_site({"/": page(HTML, content_length=str(len(HTML) + 1))}) as site:
        assert reason(site.at()) == "its answer broke off or is no valid HTTP"


def test_a_packed_answer_that_ends_early_is_not_taken_for_the_whole() -> None:
    with a_site({"/": page(gzip.compress(HTML)[:-9], content_encoding="gzip")}) as site:
        assert reason(site.at()) == "its answer broke off"


def test_an_answer_longer_than_announced_ends_where_it_was_announced_to() -> None:
    with a_site({"/": page(HTML, content_length=str(len(HTML) - 7))}) as site:
        assert one(site.at()) == a_fetched(site.at(), content=HTML[:-7])


def test_a_connection_that_is_reset_is_named() -> None:
    def reset(handler: BaseHTTPRequestHandler) -> None:
        page(HTML, content_length="1000000")(handler)
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()

    with a_site({"/": reset}) as site:
        assert reason(site.at()) in (
            "its connection broke off (Connection reset by peer)",
            "its answer broke off or is no valid HTTP",
        )


@pytest.mark.parametrize(
    "sent",
    [
        *(
            b"",
            b"\r\n",
            b"SSH-2.0-OpenSSH_9.6\r\n",
            b"HTTP/1.1 2000 OK\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        ),
        *(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n"),
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000 + b"\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://a:b/\r\n\r\n",
    ],
)
def test_what_is_no_valid_http_is_named(sent: bytes) -> None:
    def raw(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(sent)

    with a_site({"/": raw}) as site:
        assert reason(site.at()) in (
            "its answer broke off or is no valid HTTP",
            "its connection broke off (Connection reset by peer)",
            "it redirects to an address that is not fetched: it is no valid web address",
        )
