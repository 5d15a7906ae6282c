"""A peer that speaks the protocol by hand, and so may also speak it wrongly. One thread uses a peer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
import msgspec
from msgspec import Struct
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from intersession_schemas import codec
from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.messages import (
    PROTOCOL,
    Accepted,
    Down,
    Error,
    Hello,
    Push,
    Rejected,
    Row,
    Rows,
    RowType,
    Snapshot,
    SnapshotDocument,
    StreamCursor,
    StreamOffer,
    Up,
    Welcome,
)
from intersession_schemas.streams import Audience

F = TypeVar("F", bound=Down)
ANSWER_WITHIN = 20.0

SERVER = UUID(int=0)
"""The author of what the server itself writes."""


class Token(Struct, frozen=True):
    """What pairing gives: a device and the token it shows."""

    token: str
    account: UUID
    device: UUID


class Peer:
    """One open connection. Raises `ConnectionClosed` when the server has closed it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.welcome: Welcome | None = None
        self.seen: list[Down] = []
        """Every frame that came, in order."""
        self._next_push = 1

    def say(self, frame: Up) -> None:
        """Send a frame."""
        self.socket.send(codec.encode(frame))

    def say_raw(self, data: bytes | str) -> None:
        """Send bytes, or a TEXT message, that may be no frame."""
        self.socket.send(data)

    def hear(self, within: float = ANSWER_WITHIN) -> Down:
        """The next frame. Raises `TimeoutError`."""
        frame = codec.decode_down(self.socket.recv(within))
        self.seen.append(frame)
        return frame

    def hear_a(self, kind: type[F], where: Callable[[F], bool] = lambda _: True) -> F:
        """The next frame of that kind for which `where` holds; others are passed by."""
        while True:
            frame = self.hear()
            if isinstance(frame, kind) and where(frame):
                return frame

    def hello(self, *cursors: StreamCursor, protocol: tuple[int, int] = (PROTOCOL, PROTOCOL)) -> Welcome:
        """Say hello and await the welcome."""
        self.say(Hello(protocol, uuid4(), "a test", list(cursors)))
        self.welcome = self.hear_a(Welcome)
        return self.welcome

    def offer(self, audience: Audience = Audience.RECORD) -> StreamOffer:
        """The stream of that audience, of which there must be one."""
        assert self.welcome is not None
        (offer,) = (offer for offer in self.welcome.streams if offer.audience is audience)
        return offer

    def push(
        self,
        document: UUID,
        changes: Sequence[bytes],
        *,
        kind: str = "journal_entry",
        stream: UUID | None = None,
        id: int | None = None,
    ) -> Accepted | Rejected:
        """Push and await the answer."""
        sent = self.send_push(document, changes, kind=kind, stream=stream, id=id)
        answer = self.hear_a(Accepted | Rejected, lambda frame: frame.id == sent)  # type: ignore[arg-type]
        assert isinstance(answer, Accepted | Rejected)
        return answer

    def send_push(
        self,
        document: UUID,
        changes: Sequence[bytes],
        *,
        kind: str = "journal_entry",
        stream: UUID | None = None,
        id: int | None = None,
    ) -> int:
        """Push without awaiting the answer; returns the push's id."""
        sent = self._next_push if id is None else id
        self._next_push = max(self._next_push, sent) + 1
        self.say(Push(sent, stream or self.offer().stream, document, kind, list(changes)))
        return sent

    def error(self) -> Error:
        """The next `error` frame."""
        return self.hear_a(Error)

    def close_code(self) -> int:
        """The code that the server closes with, after whatever else it sends."""
        try:
            while True:
                self.hear()
        except ConnectionClosed as closed:
            return code_of(closed)

    def everything(self, through: int = 0) -> dict[UUID, list[bytes]]:
        """The changes of each document of the client's record, in the log's order: what a new device is sent.

        It waits for row `through`, which may have been accepted and not applied yet. Rows set aside are left out, and
        what the server itself began the record with (its plan).
        """
        head, stream = self.offer().head, self.offer().stream
        found: dict[UUID, dict[int, bytes]] = {}
        backfilling, reached = head > 0, 0
        while backfilling or reached < max(head, through):
            frame = self.hear()
            if isinstance(frame, Snapshot) and frame.stream == stream:
                rows = [row for item in frame.items for row in [*rows_inside(item), *item.rows]]
                backfilling, reached = frame.backfill > 0, frame.head
            elif isinstance(frame, Rows) and frame.stream == stream:
                rows, reached = frame.items, frame.through
            else:
                continue
            for row in rows:
                if row.type is not RowType.CHANGE or row.author == SERVER:
                    continue
                of_document = found.setdefault(row.document, {})
                assert row.seq not in of_document, "a row came twice"
                of_document[row.seq] = row.change
        return {document: [rows[seq] for seq in sorted(rows)] for document, rows in found.items()}


def rows_inside(item: SnapshotDocument) -> list[Row]:
    """The rows of what is in a saved document, each with its change: taken out of it."""
    changes = {read_change(one).hash: one for one in Document.load(item.saved, bytes(16)).changes()}
    assert changes.keys() == {row.hash for row in item.inside}, (
        "a saved document holds something else than its rows say"
    )
    return [
        Row(
            *(row.seq, item.document, item.kind, row.hash, row.author, row.device, row.received_at),
            change=changes[row.hash],
        )
        for row in item.inside
    ]


def code_of(closed: ConnectionClosed) -> int:
    """The code that a connection was closed with by the server."""
    assert closed.rcvd is not None, "the connection was cut, not closed"
    return closed.rcvd.code


def redeem(url: str, code: str, *, agent: str = "a test") -> Token:
    """Redeem a pairing code, as an app does."""
    answer = httpx.post(f"{url}/pair", json={"code": code, "agent": agent}, timeout=30.0)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=Token)


@contextmanager
def connected(url: str, token: str | None, **options: Any) -> Iterator[Peer]:
    """A websocket to the server at `url`; `options` are those of `connect`."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    headers |= options.pop("headers", {})
    with connect(
        "ws" + url.removeprefix("http") + "/sync",
        additional_headers=headers,
        compression=None,
        max_size=codec.MAX_FRAME_DOWN,
        open_timeout=ANSWER_WITHIN,
        close_timeout=1.0,
        **options,
    ) as socket:
        yield Peer(socket)


@contextmanager
def welcomed(url: str, token: str, *cursors: StreamCursor, **options: Any) -> Iterator[Peer]:
    """A connection that has said hello and been welcomed."""
    with connected(url, token, **options) as peer:
        peer.hello(*cursors)
        yield peer
