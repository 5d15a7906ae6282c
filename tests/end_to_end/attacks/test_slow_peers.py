"""Peers that open connections and say little: a server serves everybody else meanwhile, and closes them."""

from __future__ import annotations

import contextlib
import resource
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from tests.end_to_end.support.server_process import ServerProcess, serving, wait_for

from intersession_server.edge import gate

CLOSED_WITHIN = gate.HEADER_WITHIN + 10.0


@contextmanager
def opened(server: ServerProcess, first: bytes = b"") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.port), 5.0) as peer:
        peer.sendall(first)
        yield peer


def is_closed(peer: socket.socket) -> bool:
    """Whether the server has closed it; what it said before is passed by."""
    peer.setblocking(False)
    try:
        while peer.recv(4096):
            pass
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def defences(server: ServerProcess) -> list[str]:
    return [event["kind"] for event in server.events() if event["event"] == "defence"]


def test_who_sends_no_request_or_no_end_of_one_is_closed(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server, ExitStack() as open_:
        silent = open_.enter_context(opened(server))
        slow = open_.enter_context(opened(server, b"GET /health HTTP/1.1\r\nHost: 127"))
        kept = open_.enter_context(
            opened(server, f"GET /health HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
        )
        assert kept.recv(4096).startswith(b"HTTP/1.1 200")
        kept.sendall(b"GET /hea")
        began = time.monotonic()
        while time.monotonic() - began < gate.HEADER_WITHIN / 2:  # byte by byte is no request either
            slow.sendall(b".")
            time.sleep(0.5)
        for peer in (silent, slow, kept):
            wait_for(lambda peer=peer: is_closed(peer), CLOSED_WITHIN, "closed")
        assert defences(server) == ["slow_header"]


@pytest.mark.long
def test_who_does_not_finish_a_body_is_closed(tmp_path: Path) -> None:
    head = "POST /pair HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n"
    with serving(tmp_path / "data") as server, opened(server, head.format(server.port).encode()) as peer:
        wait_for(lambda: is_closed(peer), gate.BODY_WITHIN + 10, "closed")
        assert defences(server) == ["slow_body"]


def test_many_silent_connections_keep_nobody_out(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server, ExitStack() as open_:
        for _ in range(300):
            open_.enter_context(opened(server))
        for _ in range(5):
            assert httpx.get(f"{server.url}/health", timeout=5.0).status_code == 200
        assert defences(server) == ["closed_silent_connections_of_address"]


def test_a_server_with_few_descriptors_goes_on_and_says_so(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    class Limited(ServerProcess):
        def begin(self) -> None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 1024), hard))
            super().begin()
            subprocess.run(["prlimit", f"--pid={self.pid}", "--nofile=40:40"], check=True)

    server = Limited(tmp_path / "data")
    try:
        server.start()
        with ExitStack() as open_:
            for _ in range(60):
                with contextlib.suppress(OSError):
                    open_.enter_context(opened(server))
            assert httpx.get(f"{server.url}/health", timeout=10.0).status_code == 200
        assert "no_descriptors" in defences(server) or "closed_silent_connections" in defences(server)
        assert server.stop() == 0
    finally:
        if server.is_running():
            server.kill()
