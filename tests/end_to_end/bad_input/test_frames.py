"""What is no frame, or none that may come now."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest
from tests.end_to_end.support.entries import entry
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import ServerProcess
from tests.end_to_end.support.wire import Peer, Token, connected
from websockets.exceptions import ConnectionClosed

from intersession.errors import Unreachable
from intersession_schemas import codec
from intersession_schemas.errors import CloseCode, ErrorCode
from intersession_schemas.messages import PROTOCOL, Accepted, Hello, Purged, Push

HELLO = codec.encode(Hello((PROTOCOL, PROTOCOL), UUID(int=1)))
NOT_FRAMES: dict[str, bytes | str] = {
    "text": "hello",
    "empty text": "",
    "empty": b"",
    "not msgpack": b"\xc1\xff\x00",
    "json": b'{"frame": "hello"}',
    "no map": msgspec.msgpack.encode([1, 2]),
    "no name": msgspec.msgpack.encode({"protocol": [1, 1]}),
    "a field is missing": msgspec.msgpack.encode({"frame": "hello"}),
    "a field is of another type": msgspec.msgpack.encode({"frame": "hello", "protocol": "one", "replica": bytes(16)}),
    "a text that is not UTF-8": b"\x81\xa5frame\xa5h\xffllo",
    "cut short": HELLO[:-3],
    "nested deeply": b"\x81\xa5frame" + b"\x91" * 100_000,
    "a list longer than its bytes": b"\xdd\xff\xff\xff\xff",
}


@pytest.mark.parametrize("said", NOT_FRAMES.values(), ids=NOT_FRAMES)
@pytest.mark.parametrize("after_hello", [False, True], ids=["first", "later"])
def test_what_is_no_frame_is_a_protocol_error(
    server: ServerProcess, token: Token, said: bytes | str, after_hello: bool
) -> None:
    with connected(server.url, token.token) as peer:
        if after_hello:
            peer.hello()
        peer.say_raw(said)
        assert peer.error().code == ErrorCode.PROTOCOL_ERROR
        assert peer.close_code() == CloseCode.PROTOCOL_ERROR


def test_an_unknown_frame_is_named_and_the_connection_goes_on(peer: Peer) -> None:
    peer.say_raw(msgspec.msgpack.encode({"frame": "shout"}))
    error = peer.error()
    assert error.code == ErrorCode.UNKNOWN_FRAME
    assert "shout" in error.message
    assert isinstance(peer.push(uuid4(), [entry()[1]]), Accepted)


@pytest.mark.parametrize(
    "frames",
    [
        [Push(1, UUID(int=1), UUID(int=2), "journal_entry", [b"x"])],
        [Purged(UUID(int=1), UUID(int=2))],
        [Hello((1, 1), UUID(int=1)), Hello((1, 1), UUID(int=1))],
    ],
    ids=["push first", "purged first", "hello twice"],
)
def test_a_frame_out_of_its_turn_is_a_protocol_error(
    server: ServerProcess, token: Token, frames: list[Hello | Push | Purged]
) -> None:
    with connected(server.url, token.token) as peer:
        for frame in frames:
            peer.say(frame)
        assert peer.error().code == ErrorCode.PROTOCOL_ERROR
        assert peer.close_code() == CloseCode.PROTOCOL_ERROR


@pytest.mark.parametrize("protocol", [(2, 9), (0, 0), (9, 2)])
def test_a_protocol_version_that_is_not_spoken(server: ServerProcess, token: Token, protocol: tuple[int, int]) -> None:
    with connected(server.url, token.token) as peer:
        peer.say(Hello(protocol, uuid4()))
        assert peer.error().code == ErrorCode.UPGRADE_REQUIRED
        assert peer.close_code() == CloseCode.UPGRADE_REQUIRED


def test_an_app_of_a_later_protocol_keeps_what_it_has(
    practice: Practice, client: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with practice.tracker(tmp_path / "store.db", client) as tracker:
        tracker.journal.write("Kept here.")
        with monkeypatch.context() as patched:
            patched.setattr("intersession.protocol.session.PROTOCOL", 99)
            with pytest.raises(Unreachable) as refused:
                tracker.sync()
        assert refused.value.code == "upgrade_required"
        assert tracker.status().pending == 1
        assert tracker.sync().complete
        assert tracker.status().pending == 0


@pytest.mark.parametrize("megabytes", [2, 3])
def test_a_frame_too_large_is_closed_with_4413(server: ServerProcess, peer: Peer, megabytes: int) -> None:
    peer.say_raw(bytes(megabytes * 2**20 + 1))
    assert peer.error().code == ErrorCode.FRAME_TOO_LARGE
    assert peer.close_code() == CloseCode.FRAME_TOO_LARGE


def test_a_frame_beyond_all_bounds_is_cut_off_before_it_has_come(peer: Peer) -> None:
    """Twice the limit and more is not even taken in. The websocket's own code says so, to whoever still listens."""
    with suppress(ConnectionClosed):
        peer.say_raw(bytes(64 * 2**20))
    with pytest.raises(ConnectionClosed) as closed:
        _hear_all(peer)
    assert closed.value.rcvd is None or closed.value.rcvd.code == 1009


def _hear_all(peer: Peer) -> None:
    """Hear until the connection ends: what the record held before may come first."""
    while True:
        peer.hear()
