"""What answers at an address that a code is redeemed at."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import UUID

import pytest

from intersession import PairingRefused, Unreachable
from intersession.pairing.redeeming import redeem
from intersession_schemas.nesting import DEPTH

PAIRED = (
    b'{"token": "t", "account": "%(id)s", "device": "%(id)s", "practice": "%(id)s", "practice_name": "Nord",'
    b' "role": "client", "name": "Ada"}' % {b"id": str(UUID(int=1)).encode()}
)
REFUSED = b'{"code": "used_code", "message": "This code has been used."}'


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """A server that answers everything with this; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def deepened(body: bytes, levels: int) -> bytes:
    """With an unknown field, nested `levels` deep in all."""
    return body[:-1] + b', "new": ' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


@pytest.mark.parametrize("levels", [DEPTH, DEPTH + 1, 50_000])
def test_an_answer_that_is_nested_too_deeply_is_none_of_a_server(levels: int) -> None:
    with answering(200, deepened(PAIRED, levels)) as url:
        if levels <= DEPTH:
            assert redeem(url, "ABCD-EFGH", role="client", agent="x", timeout=10).token == "t"
        else:
            with pytest.raises(Unreachable, match="not an Intersession server"):
                redeem(url, "ABCD-EFGH", role="client", agent="x", timeout=10)
    expected = PairingRefused if levels <= DEPTH else Unreachable
    with answering(403, deepened(REFUSED, levels)) as url, pytest.raises(expected):
        redeem(url, "ABCD-EFGH", role="client", agent="x", timeout=10)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"token": 1}', b"\xff\xfe", b'{"token": "\xff"}'])
def test_what_is_no_answer_of_a_server_is_unreachable(body: bytes) -> None:
    for status in (200, 403, 503):
        with answering(status, body) as url, pytest.raises(Unreachable, match="not an Intersession server"):
            redeem(url, "ABCD-EFGH", role="client", agent="x", timeout=10)
