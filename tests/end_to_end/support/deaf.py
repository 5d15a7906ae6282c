"""Peers that ask for everything and read nothing, and a record that is more than their sockets' buffers hold."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import uuid4

from tests.end_to_end.support.server_process import ServerProcess
from tests.end_to_end.support.wire import Token, welcomed
from websockets.client import ClientProtocol
from websockets.protocol import State
from websockets.uri import parse_uri

from intersession_schemas import codec
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal
from intersession_schemas.messages import Accepted, Hello

LARGE_ENTRIES = 16


class Deaf:
    """One of them, which may listen in the end."""

    def __init__(self, raw: socket.socket, protocol: ClientProtocol) -> None:
        self._raw = raw
        self._began = time.monotonic()
        self._protocol = protocol

    def listen(self, after: float, within: float) -> int | None:
        """From so many seconds after its hello on, read until the connection ends.

        Returns the code that it was closed with, None where it was cut without a word.
        """
        time.sleep(max(0.0, self._began + after - time.monotonic()))
        self._raw.settimeout(within)
        try:
            while self._protocol.close_rcvd is None and (data := self._raw.recv(65_536)):
                self._protocol.receive_data(data)
                self._protocol.events_received()
        except ConnectionError:
            pass
        return None if self._protocol.close_rcvd is None else self._protocol.close_rcvd.code


def fill(server: ServerProcess, token: Token) -> None:
    """Entries with a large field of a later version: far more than a socket's buffers hold."""
    now, filler = datetime.now(UTC), random.Random(1)
    with welcomed(server.url, token.token) as peer:
        for _ in range(LARGE_ENTRIES):
            document = Document.new(filler.randbytes(16))
            changes = [journal.create(document, written_at=now, entered_at=now, text="Large.")]
            with document.edit() as edit:
                edit.put("drawing", filler.randbytes(900_000))
            assert edit.change is not None
            assert isinstance(peer.push(uuid4(), [*changes, edit.change]), Accepted)


@contextmanager
def never_reading(server: ServerProcess, token: Token) -> Iterator[Deaf]:
    """A device that asks for everything and reads nothing, with a small receive buffer."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", server.port))
    with raw:
        protocol = ClientProtocol(parse_uri(f"ws://127.0.0.1:{server.port}/sync"))
        request = protocol.connect()
        request.headers["Authorization"] = f"Bearer {token.token}"
        protocol.send_request(request)
        raw.sendall(b"".join(protocol.data_to_send()))
        while protocol.state is not State.OPEN:
            protocol.receive_data(raw.recv(1024))
        protocol.send_binary(codec.encode(Hello((1, 1), uuid4(), "reads nothing")))
        raw.sendall(b"".join(protocol.data_to_send()))
        yield Deaf(raw, protocol)
