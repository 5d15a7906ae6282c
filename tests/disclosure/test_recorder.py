"""The recorder gives messages back as they were sent, whatever parts they came in."""

from __future__ import annotations

import pytest
from tests.disclosure.conftest import Planted
from tests.disclosure.database_files import Unreadable
from tests.disclosure.recorder import messages
from websockets.frames import Frame, Opcode

from intersession_schemas import codec
from intersession_schemas.messages import Hello, Push, Rows, Welcome


def sent(*frames: Frame, mask: bool) -> bytes:
    return b"".join(frame.serialize(mask=mask) for frame in frames)


@pytest.mark.parametrize("mask", [True, False])
@pytest.mark.parametrize("size", [0, 125, 126, 70_000])
def test_messages_of_every_size(size: int, mask: bool) -> None:
    content = bytes(number % 251 for number in range(size))
    data = sent(Frame(Opcode.BINARY, content), Frame(Opcode.BINARY, b"next"), mask=mask)
    assert messages(data).whole == [content, b"next"]


def test_a_message_in_parts_with_a_ping_between() -> None:
    data = sent(
        Frame(Opcode.BINARY, b"one", fin=False),
        Frame(Opcode.PING, b"are you there"),
        Frame(Opcode.CONT, b"two"),
        mask=True,
    )
    read = messages(data)
    assert read.whole == [b"onetwo"]
    assert b"are you there" in read.rest


def test_what_was_cut_off_is_kept() -> None:
    data = sent(Frame(Opcode.BINARY, b"whole"), mask=False) + sent(Frame(Opcode.BINARY, b"x" * 300), mask=False)[:200]
    read = messages(data)
    assert read.whole == [b"whole"]
    assert b"x" * 150 in read.rest[-1]


def test_packed_messages_are_not_taken_for_searched() -> None:
    with pytest.raises(Unreadable):
        messages(bytes([0xC2, len(b"packed")]) + b"packed")


def test_what_devices_said_and_heard_is_recorded(planted: Planted) -> None:
    frames, _ = planted.recorder.places("wire")
    up = [type(codec.decode_up(message)) for message in frames.up]  # type: ignore[union-attr]
    down = [type(codec.decode_down(message)) for message in frames.down]  # type: ignore[union-attr]
    assert {Hello, Push} <= set(up)
    assert {Welcome, Rows} <= set(down)
