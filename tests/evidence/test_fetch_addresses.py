"""No download connects to this machine or its neighbours, whatever an address, a name or a redirect says."""

from __future__ import annotations

import http.server
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from factories_fetch import HTML, PUBLIC, MadeUpNetwork, a_network, a_site, one, page, reason, redirect
from hypothesis import given
from hypothesis import strategies as st

from agent.evidence.addresses import special_address
from agent.evidence.fetch import Fetched, NotFetched, Surroundings

SPECIAL = {
    "127.0.0.1": "a loopback address",
    "127.255.255.254": "a loopback address",
    "0.0.0.0": "an address of this machine",
    "0.1.2.3": "an address of this machine",
    "10.1.2.3": "a private address",
    "172.16.0.1": "a private address",
    "172.31.255.255": "a private address",
    "192.168.1.1": "a private address",
    "100.64.0.1": "an address inside a provider's network",
    "100.100.100.200": "an address inside a provider's network",
    "169.254.169.254": "a link-local address",
    "168.63.129.16": "a cloud's metadata service",
    "192.0.0.192": "a reserved address",
    "192.0.2.1": "a documentation address",
    "198.19.0.1": "a benchmarking address",
    "224.0.0.251": "a multicast address",
    "240.0.0.1": "a reserved address",
    "255.255.255.255": "a reserved address",
    "::": "an address of this machine",
    "::1": "a loopback address",
    "fd00:ec2::254": "a private address",
    "fe80::1%eth0": "a link-local address",
    "fec0::1": "a private address",
    "ff02::1": "a multicast address",
    "::ffff:127.0.0.1": "a loopback address",
    "::ffff:10.0.0.1": "a private address",
    "::ffff:a9fe:a9fe": "a link-local address",
    "64:ff9b::7f00:1": "a loopback address",
    "64:ff9b:1::7f00:1": "a reserved address",
    "::127.0.0.1": "a reserved address",
    "2002:7f00:1::": "an address that tunnels to another one",
    "2001::7f00:1": "a reserved address",
    "2001:db8::1": "a documentation address",
    "100::1": "a reserved address",
}


@pytest.mark.parametrize(("address", "name"), SPECIAL.items())
def test_a_special_address_is_known_and_not_connected_to(address: str, name: str) -> None:
    network = a_network(9, odd=address)
    why = reason("http://odd.example/", allow_private=False, outside=network.surroundings())
    assert why == f"its host's address {address} is {name}, which is not fetched unless allowed"
    assert network.connected == []


@pytest.mark.parametrize(
    "address", [PUBLIC, "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:2800:21f::1", "64:ff9b::5db8:d822"]
)
def test_a_public_address_is_connected_to(address: str) -> None:
    with a_site() as site:
        network = a_network(site.port, good=address)
        assert isinstance(one("http://good.example/", allow_private=False, outside=network.surroundings()), Fetched)
        assert set(network.connected) == {(address, 80)}


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_nothing_that_python_takes_for_not_global_counts_as_public(address: object) -> None:
    found = ip_address(str(address))
    inner = getattr(found, "ipv4_mapped", None) or found
    if not inner.is_global or inner.is_multicast:
        assert special_address(str(address)) is not None or str(address).startswith("64:ff9b::")


def test_what_is_no_address_is_not_connected_to() -> None:
    network = a_network(9, odd="localhost")
    assert "no address that can be judged" in reason(
        "http://odd.example/", allow_private=False, outside=network.surroundings()
    )
    assert network.connected == []


def test_a_name_without_address_is_not_fetched() -> None:
    network = a_network(9, empty=[[]])
    options = {"allow_private": False, "outside": network.surroundings()}
    assert reason("http://empty.example/", **options) == "its host has no address"
    assert reason("http://unknown.example/", **options) == "its host has no address"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "localhost",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "127.1",
        "017700000001",
        "0",
    ],
)
def test_no_spelling_of_this_machine_is_connected_to(host: str) -> None:
    with a_site() as site:
        why = reason(site.at(host=host), allow_private=False)
        assert why.endswith("which is not fetched unless allowed") or why == "its host has no address"
        assert (site.asked, site.robots_asked) == ([], 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433"])
def test_this_machine_is_fetched_from_when_that_is_allowed(host: str) -> None:
    with a_site() as site:
        outcome = one(site.at(host=host), allow_private=True)
        assert isinstance(outcome, Fetched)
        assert outcome.content == HTML


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    network = a_network(9, mixed=[[PUBLIC, "10.0.0.1"]])
    why = reason("http://mixed.example/", allow_private=False, outside=network.surroundings())
    assert why == "its host's address 10.0.0.1 is a private address, which is not fetched unless allowed"
    assert network.connected == []


def test_a_name_that_turns_private_between_two_look_ups_is_not_followed_there() -> None:
    with a_site() as site:
        # The first look-up is for robots.txt, the second for the page.
        network = a_network(site.port, rebound=[[PUBLIC], ["127.0.0.1"]])
        why = reason("http://rebound.example/", allow_private=False, outside=network.surroundings())
        assert why == "its host's address 127.0.0.1 is a loopback address, which is not fetched unless allowed"
        assert network.connected == [(PUBLIC, 80)]
        assert site.asked == []


def test_each_connection_goes_to_the_address_of_its_one_look_up() -> None:
    with a_site() as site:
        network = a_network(site.port, moving=[[PUBLIC], ["93.184.216.35"], ["127.0.0.1"]])
        outcome = one("http://moving.example/", allow_private=False, outside=network.surroundings())
        assert isinstance(outcome, Fetched)
        assert network.looked_up == ["moving.example", "moving.example"]
        assert network.connected == [(PUBLIC, 80), ("93.184.216.35", 80)]
        assert {headers["host"] for headers in site.headers} == {"moving.example"}


@pytest.mark.parametrize("place", ["http://127.0.0.1/", "http://inside.example/", "//inside.example:8080/"])
def test_a_redirect_from_a_public_page_to_this_machine_is_refused(place: str) -> None:
    with a_site({"/": redirect(place)}) as site:
        network = a_network(site.port, good=PUBLIC, inside="127.0.0.1")
        network.names["127.0.0.1"] = [["127.0.0.1"]]
        why = reason("http://good.example/", allow_private=False, outside=network.surroundings())
        assert why == "its host's address 127.0.0.1 is a loopback address, which is not fetched unless allowed"
        assert {address for address, _ in network.connected} == {PUBLIC}
        assert site.asked == ["/"]


@pytest.mark.parametrize("inside", ["169.254.169.254", "169.254.170.2", "fd00:ec2::254", "::ffff:a9fe:a9fe"])
def test_a_clouds_metadata_is_not_fetched_even_where_private_addresses_are(inside: str) -> None:
    with a_site({"/": redirect("http://inside.example/latest/meta-data/")}) as site:
        network = a_network(site.port, good=PUBLIC, inside=inside)
        why = reason("http://good.example/", allow_private=True, outside=network.surroundings())
        assert why.startswith(f"its host's address {inside} is a") and why.endswith("which is never fetched")
        assert {address for address, _ in network.connected} == {PUBLIC}


def test_a_robots_txt_that_redirects_to_this_machine_is_refused_and_told_apart_from_the_page() -> None:
    with a_site({"/robots.txt": redirect("http://inside.example/")}) as site:
        network = a_network(site.port, good=PUBLIC, inside="127.0.0.1")
        why = reason("http://good.example/", allow_private=False, outside=network.surroundings())
        assert why == (
            "its site's robots.txt cannot be read: "
            "its host's address 127.0.0.1 is a loopback address, which is not fetched unless allowed"
        )
        assert (network.connected, site.asked) == ([(PUBLIC, 80)], [])


# TLS.


def the_name_in_the_hello(near: socket.socket) -> bytes:
    """What a client sends first, before any certificate."""
    near.settimeout(2)
    return near.recv(4_096)


def test_a_server_is_told_its_name_and_not_its_address() -> None:
    hellos: list[bytes] = []

    def connect(address: str, port: int, timeout_s: float) -> socket.socket:
        near, far = socket.socketpair()

        def listen() -> None:
            with far:
                hellos.append(the_name_in_the_hello(far))

        threading.Thread(target=listen, daemon=True).start()
        return near

    network = a_network(9, good=PUBLIC)
    why = reason("https://good.example/", allow_private=False, outside=network.surroundings(connect=connect))
    assert "no secure connection" in why or "broke off" in why
    assert b"good.example" in hellos[0]
    assert PUBLIC.encode() not in hellos[0]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for `good.example` that signs itself, with its key in the same file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl command on this machine")
    folder = tmp_path_factory.mktemp("tls")
    made = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    named = ("-subj", "/CN=good.example", "-addext", "subjectAltName=DNS:good.example")
    files = ("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"))
    subprocess.run([openssl, "req", "-x509", *made, *named, *files], check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_text((folder / "cert.pem").read_text() + (folder / "key.pem").read_text())
    return both


@pytest.fixture
def secure(certificate: Path) -> Iterator[MadeUpNetwork]:
    """A network in which every address leads to a server with that certificate."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page(status=404 if self.path == "/robots.txt" else 200)(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield a_network(server.server_address[1], good=PUBLIC, other=PUBLIC)
    server.shutdown()
    server.server_close()
    thread.join(5)


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def test_a_certificate_for_the_name_is_accepted_from_an_authority_that_is_trusted(
    secure: MadeUpNetwork, certificate: Path
) -> None:
    outside = secure.surroundings(tls=trusting(certificate))
    outcome = one("https://good.example/", allow_private=False, outside=outside)
    assert isinstance(outcome, Fetched)
    assert (outcome.content, secure.connected) == (HTML, [(PUBLIC, 443)] * 2)


def test_a_certificate_for_another_name_is_refused(secure: MadeUpNetwork, certificate: Path) -> None:
    outside = secure.surroundings(tls=trusting(certificate))
    why = reason("https://other.example/", allow_private=False, outside=outside)
    assert why.startswith("its host's certificate is not accepted (Hostname mismatch")


def test_a_certificate_of_nobody_known_is_refused(secure: MadeUpNetwork) -> None:
    why = reason("https://good.example/", allow_private=False, outside=secure.surroundings())
    assert why.startswith("its host's certificate is not accepted (self")


def test_a_server_without_tls_is_named() -> None:
    with a_site() as site:
        outcome = one(f"https://127.0.0.1:{site.port}/", outside=Surroundings())
        assert outcome == NotFetched(
            f"https://127.0.0.1:{site.port}/",
            "its site's robots.txt cannot be read: no secure connection to its host came about, or it broke off",
        )
