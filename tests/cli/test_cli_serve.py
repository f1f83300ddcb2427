"""`assess-role serve`: where it listens, whom it lets in, and how it ends."""

from __future__ import annotations

import re
import socket
import time
from pathlib import Path

import httpx
import pytest
from factories_cli import Cli
from terminal_cli import Screen

PATIENCE_S = 60


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answered(address: str) -> httpx.Response:
    """What the server says once it listens."""
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            return httpx.get(address, timeout=5)
        except httpx.TransportError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def test_it_prints_an_address_with_a_key_serves_there_and_ends_with_ctrl_c(corpus_home: Path) -> None:
    port = a_free_port()
    with Screen(["serve", "--port", str(port)], columns=300) as screen:
        printed = screen.until("unverified.")
        found = re.search(rf"http://127\.0\.0\.1:{port}/login\?key=(\S+)", printed)
        assert found is not None
        answer = answered(found[0])
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert httpx.get(f"http://127.0.0.1:{port}/", cookies=answer.cookies, timeout=20).status_code == 200
        assert httpx.get(f"http://127.0.0.1:{port}/", timeout=20).headers["location"] == "/login"
        assert httpx.get(f"http://localhost:{port}/login?key=guess", timeout=20).status_code == 200
        with Screen(["serve", "--port", str(port)], columns=300) as second:
            second.until(f"127.0.0.1:{port} cannot be listened at")
            assert second.end() == 4
        screen.send(b"\x03")
        assert screen.end() == 130
        assert "Traceback" not in screen.text


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "review.example.org"])
def test_an_address_that_others_reach_is_refused_while_nobody_has_an_account(
    cli: Cli, corpus_home: Path, host: str
) -> None:
    run = cli("serve", "--host", host)
    assert run.code == 3
    assert "can be reached by others, and nobody has an account here" in run.err.replace("\n", " ")
    assert "assess-role reviewer add" in run.err


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_that_is_none_is_a_usage_error(cli: Cli, port: str) -> None:
    assert cli("serve", "--port", port).code == 2
