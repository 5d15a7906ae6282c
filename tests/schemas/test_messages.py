"""The frames: a closed union, named by their classes, that a hostile server cannot use to harm a replica either."""

from __future__ import annotations

import math
from typing import Any, get_args

import msgspec
import pytest
from tests.schemas import frames

from intersession_schemas import codec, messages
from intersession_schemas.errors import WireError
from intersession_schemas.messages import Down, Frame, Packed, Up

FRAMES = [*get_args(Up), *get_args(Down), Packed]


def test_there_is_an_example_of_every_frame() -> None:
    assert [type(frame) for frame in frames.UP] == list(get_args(Up))
    assert [type(frame) for frame in frames.DOWN] == list(get_args(Down))


def test_every_frame_is_in_the_union_and_in_the_docstring() -> None:
    made = {value for value in vars(messages).values() if isinstance(value, type) and issubclass(value, Frame)}
    assert made - {Frame} == set(FRAMES)
    up, down = (messages.__doc__ or "").split("Down (")
    assert all(f"`{frame.__name__}`" in up for frame in get_args(Up))
    assert all(f"`{frame.__name__}`" in down for frame in (*get_args(Down), Packed))


@pytest.mark.parametrize("frame", [*frames.UP, *frames.DOWN], ids=lambda frame: type(frame).__name__)
def test_a_frame_is_a_map_with_its_name_and_cannot_be_changed(frame: Any) -> None:
    plain = msgspec.msgpack.decode(codec.encode(frame))
    assert plain["frame"] == type(frame).__name__.lower()
    with pytest.raises(AttributeError):
        frame.stream = None


def test_what_says_nothing_new_is_left_out() -> None:
    plain = msgspec.msgpack.decode(codec.encode(messages.Hello((1, 1), frames.ONE)))
    assert plain.keys() == {"frame", "protocol", "replica"}
    plain = msgspec.msgpack.decode(codec.encode(messages.Push(1, frames.ONE, frames.TWO, "goal", [b""])))
    assert "replaces" not in plain
    assert msgspec.msgpack.decode(codec.encode(messages.Erased(1, 2))).keys() == {"frame", "id", "seq"}
    (row, erased) = msgspec.msgpack.decode(codec.encode(frames.DOWN[5]))["items"]
    assert "type" not in row
    assert "change" not in erased


def test_ids_are_sixteen_bytes_and_times_are_instants() -> None:
    plain = msgspec.msgpack.decode(codec.encode(frames.DOWN[5]))
    assert plain["stream"] == frames.ONE.bytes
    assert plain["items"][0]["received_at"] == frames.AT


OUT_OF_BOUNDS: list[tuple[str, dict[str, Any]]] = [
    ("accepted", {"seq": 2**63}),
    ("accepted", {"seq": -1}),
    ("accepted", {"id": 2**64 - 1}),
    ("rejected", {"retry_after": math.inf}),
    ("rejected", {"retry_after": math.nan}),
    ("rejected", {"retry_after": -1}),
    ("error", {"retry_after": 1e9}),
    ("rows", {"through": 2**63}),
    ("rows", {"chain": b"123456789"}),
    ("snapshot", {"head": -1}),
    ("snapshot", {"backfill": 2**63}),
    ("want", {"heads": [b"short"]}),
    ("want", {"heads": [bytes(32)] * 1_001}),
    ("push", {"id": 2**63}),
    ("push", {"kind": "k" * 65}),
    ("push", {"changes": []}),
    ("push", {"changes": [b""] * 10_001}),
    ("push", {"replaces": [bytes(31)]}),
    ("push", {"replaces": [bytes(32)] * 10_001}),
    ("erase", {"id": -1}),
    ("erase", {"kind": "k" * 65}),
    ("erased", {"seq": 2**63}),
    ("erased", {"read_at": ["2020-03-01T00:00:00"]}),
    ("erased", {"read_at": [frames.AT] * 1_001}),
    ("hello", {"agent": "a" * 201}),
    ("hello", {"protocol": [1]}),
    ("have", {"heads": [bytes(31)]}),
    ("have", {"heads": [bytes(32)] * 1_001}),
]


@pytest.mark.parametrize(("name", "fields"), OUT_OF_BOUNDS)
def test_a_field_out_of_bounds_makes_a_frame_malformed(name: str, fields: dict[str, Any]) -> None:
    (frame,) = (frame for frame in [*frames.UP, *frames.DOWN] if type(frame).__name__.lower() == name)
    plain = msgspec.msgpack.decode(codec.encode(frame))
    decode = codec.decode_up if name in codec.UP_FRAMES else codec.decode_down
    assert decode(msgspec.msgpack.encode(plain)) == frame
    (field,) = fields
    with pytest.raises(WireError, match=rf"'{name}'.*\$\.{field}"):
        decode(msgspec.msgpack.encode(plain | fields))


@pytest.mark.parametrize(
    "fields", [{"seq": -1}, {"seq": 2**63}, {"hash": bytes(33)}, {"received_at": "2020-03-01T00:00:00"}]
)
def test_so_does_a_row_out_of_bounds(fields: dict[str, Any]) -> None:
    """A naive `received_at` could not be compared, and no database holds a larger number."""
    plain = msgspec.msgpack.decode(codec.encode(frames.DOWN[5]))
    plain["items"][0] |= fields
    with pytest.raises(WireError, match=r"\$\.items\[0\]"):
        codec.decode_down(msgspec.msgpack.encode(plain))
