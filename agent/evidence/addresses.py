"""Where a download may connect to, decided on the very address that is connected to.

A name is looked up once; what the look-up gave is judged and connected to. A name that answers with a public address
when it is judged and with a private one when it is connected to (DNS rebinding) therefore gains nothing, and neither
does an odd spelling of an address (decimal, octal, hexadecimal): the look-up spells it out.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Resolve = Callable[[str, int], Sequence[str]]
"""Host name and port to IP addresses, the preferred one first. Raises OSError or UnicodeError when there is none."""
Connect = Callable[[str, int, float], socket.socket]
"""IP address, port and seconds to a connected TCP socket. Raises OSError."""

MAX_ADDRESSES = 4
"""Addresses of one host that are tried before it counts as unreachable."""

# IANA's special-purpose registries for IPv4 and IPv6, and the one metadata service that has a public address.
_SPECIAL = tuple(
    (ip_network(network), name)
    for network, name in (
        ("0.0.0.0/8", "an address of this machine"),
        ("127.0.0.0/8", "a loopback address"),
        ("10.0.0.0/8", "a private address"),
        ("172.16.0.0/12", "a private address"),
        ("192.168.0.0/16", "a private address"),
        ("100.64.0.0/10", "an address inside a provider's network"),
        ("169.254.0.0/16", "a link-local address"),
        ("168.63.129.16/32", "a cloud's metadata service"),
        ("192.0.0.0/24", "a reserved address"),
        ("192.0.2.0/24", "a documentation address"),
        ("192.88.99.0/24", "a reserved address"),
        ("198.18.0.0/15", "a benchmarking address"),
        ("198.51.100.0/24", "a documentation address"),
        ("203.0.113.0/24", "a documentation address"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
        ("::/128", "an address of this machine"),
        ("::1/128", "a loopback address"),
        ("fc00::/7", "a private address"),
        ("fe80::/10", "a link-local address"),
        ("fec0::/10", "a private address"),
        ("ff00::/8", "a multicast address"),
        ("2001::/23", "a reserved address"),
        ("2001:db8::/32", "a documentation address"),
        ("2002::/16", "an address that tunnels to another one"),
        ("3fff::/20", "a documentation address"),
    )
)
_METADATA = tuple(map(ip_network, ("169.254.0.0/16", "168.63.129.16/32", "fd00:ec2::254/128", "fd20:ce::254/128")))
"""Where clouds hand out a machine's credentials: no article stands there, and no option opens them."""
_GLOBAL = IPv6Network("2000::/3")
"""The only IPv6 range in public use."""
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""RFC 6052: how a network without IPv4 spells an IPv4 address."""


class Unreachable(Exception):
    """No connection to this host is or can be made; the message is the reason, as half a sentence."""


def special_address(address: str) -> str | None:
    """What keeps an IP address from being a public one ("a loopback address"); None for a public one.

    An IPv4 address inside an IPv6 one is judged as itself. Raises ValueError for what is no IP address.
    """
    judged = _judged(address)
    for network, name in _SPECIAL:
        if _within(judged, network):
            return name
    if isinstance(judged, IPv6Address) and judged not in _GLOBAL:
        return "a reserved address"
    return None


def is_metadata(address: str) -> bool:
    """Whether a cloud's metadata service may answer at an IP address. Raises ValueError for what is no IP address."""
    judged = _judged(address)
    return any(_within(judged, network) for network in _METADATA)


def _judged(address: str) -> IPv4Address | IPv6Address:
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return found.ipv4_mapped
        if found in _TRANSLATED:
            return IPv4Address(int(found) & 0xFFFFFFFF)
    return found


def _within(address: IPv4Address | IPv6Address, network: IPv4Network | IPv6Network) -> bool:
    return address.version == network.version and address in network


def look_up(host: str, port: int) -> list[str]:
    """The addresses the system's resolver gives for a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def open_socket(address: str, port: int, timeout_s: float) -> socket.socket:
    """A TCP connection to an IP address."""
    opened = socket.create_connection((address, port), timeout_s)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


class Limit:
    """A time limit over everything one download does."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self.seconds = seconds
        self._clock = clock
        self._ends = clock() + seconds

    def left(self) -> float:
        """Seconds, above 0. Raises TimeoutError when they are over."""
        left = self._ends - self._clock()
        if left <= 0:
            raise TimeoutError
        return left

    def outside(self, action: Callable[[], None]) -> None:
        """Does something whose time does not count."""
        started = self._clock()
        action()
        self._ends += self._clock() - started


@dataclass
class Network:
    """What httpcore calls a network backend: opens connections, to allowed addresses only and within `limit`.

    It takes the time left of the whole download for every single step, because the per-step limits of an HTTP client
    let a server that sends a byte a second go on for ever.
    """

    allow_private: bool
    resolve: Resolve
    connect: Connect
    limit: Limit

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[object] | None = None,
    ) -> Stream:
        """Raises Unreachable when the host has no address, may not be connected to or does not answer."""
        try:
            addresses = self._addresses(host, port)
            for address in addresses:
                _check(address, allow_private=self.allow_private)
            return Stream(self._first(addresses[:MAX_ADDRESSES], port), self)
        except TimeoutError as error:
            raise Unreachable(f"its host could not be reached within {self.limit.seconds:g} s") from error

    def _addresses(self, host: str, port: int) -> list[str]:
        # The system's look-up knows no time limit, so it is waited for and not called.
        answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(list(self.resolve(host, port)))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        threading.Thread(target=ask, daemon=True).start()
        try:
            answer = answers.get(timeout=self.limit.left())
        except queue.Empty as error:
            raise TimeoutError from error
        if isinstance(answer, Exception) or not answer:
            raise Unreachable("its host has no address")
        return answer

    def _first(self, addresses: list[str], port: int) -> socket.socket:
        for place, address in enumerate(addresses):
            share = self.limit.left() / (len(addresses) - place)
            try:
                return self.connect(address, port, share)
            except OSError as error:
                failed = error
        if isinstance(failed, TimeoutError):
            raise failed
        raise Unreachable(f"its host cannot be reached ({failed.strerror or type(failed).__name__})")


def _check(address: str, *, allow_private: bool) -> None:
    try:
        if allow_private and not is_metadata(address):
            return
        special = special_address(address)
    except ValueError:
        special = "no address that can be judged"
    if special is not None and allow_private:
        raise Unreachable(f"its host's address {address} is {special}, which is never fetched")
    if special is not None:
        raise Unreachable(f"its host's address {address} is {special}, which is not fetched unless allowed")


class Stream:
    """One connection, as httpcore's network stream."""

    def __init__(self, connected: socket.socket, network: Network) -> None:
        self._socket = connected
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """At most `max_bytes`; empty at the end."""
        self._socket.settimeout(self._network.limit.left())
        return self._socket.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of `buffer`."""
        if buffer:
            self._socket.settimeout(self._network.limit.left())
            self._socket.sendall(buffer)

    def close(self) -> None:
        """Closes the connection."""
        self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Stream:
        """The same connection, encrypted; the certificate is checked against the host's name, not its address."""
        try:
            self._socket.settimeout(self._network.limit.left())
            return Stream(ssl_context.wrap_socket(self._socket, server_hostname=server_hostname), self._network)
        except (OSError, ValueError):
            self.close()
            raise

    def get_extra_info(self, info: str) -> object:
        """Nothing: connections are neither kept nor upgraded to HTTP/2, and httpcore asks for no other reason."""
        return None
