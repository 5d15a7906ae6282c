"""Bytes to frame and back; whatever comes, a `WireError` at worst, and nothing of it quoted."""

from __future__ import annotations

import random
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.schemas import frames

from intersession_schemas import codec
from intersession_schemas.codec import (
    MAX_FRAME_DOWN,
    MAX_FRAME_UP,
    MAX_VALUES_UP,
    decode_down,
    decode_up,
    encode,
)
from intersession_schemas.errors import ErrorCode, WireError
from intersession_schemas.messages import Down, Frame, Packed, Rows, Up
from intersession_schemas.nesting import DEPTH

SENTENCE = "nobody may read this sentence"
pack = msgspec.msgpack.encode
every_frame = pytest.mark.parametrize("frame", [*frames.UP, *frames.DOWN], ids=lambda frame: type(frame).__name__)


def decode(data: bytes, frame: Frame) -> Frame:
    """Decode as the one whom `frame` is sent to."""
    return decode_up(data) if type(frame).__name__.lower() in codec.UP_FRAMES else decode_down(data)


def refused(data: bytes | str, *, up: bool = True) -> WireError:
    with pytest.raises(WireError) as caught:
        decode_up(data) if up else decode_down(data)
    error = caught.value
    assert error.__suppress_context__ or error.__context__ is None  # the decoder's own error may quote
    return error


# -- round trips -------------------------------------------------------------------------------------------------------


@every_frame
def test_a_frame_comes_back(frame: Any) -> None:
    assert decode(encode(frame), frame) == frame


@given(frames.any_of(Up))
@settings(max_examples=60)
def test_any_frame_up_comes_back(frame: Up) -> None:
    assert decode_up(encode(frame)) == frame


@given(frames.any_of(Down))
@settings(max_examples=60)
def test_any_frame_down_comes_back(frame: Down) -> None:
    assert decode_down(encode(frame)) == frame


def test_each_direction_names_its_frames() -> None:
    assert codec.UP_FRAMES.keys() == {"hello", "push", "pushes", "erase", "have", "purged"}
    assert codec.DOWN_FRAMES.keys() == {
        *("welcome", "accepted", "rejected", "outcomes", "erased", "rows", "snapshot", "packed"),
        *("want", "revoked", "error"),
    }


def test_a_large_page_is_packed_where_that_pays_and_comes_back() -> None:
    row = frames.ROW
    for change, packs in ((b"the same " * 40, True), (random.Random(1).randbytes(6_000), False)):
        items = [msgspec.structs.replace(row, seq=seq, change=change) for seq in range(1, 20)]
        page = Rows(frames.ONE, items if packs else items[:1], 20, b"12345678")
        data = encode(page)
        assert (msgspec.msgpack.decode(data)["frame"] == "packed") is packs
        assert (len(data) < len(pack(page)) / 3) is packs
        assert decode_down(data) == page


def test_a_packed_frame_does_not_inflate_beyond_the_limit() -> None:
    bomb = pack(Packed(zlib.compress(bytes(500_000_000), 1)))
    tracemalloc.start()
    error = refused(bomb, up=False)
    assert (error.code, tracemalloc.get_traced_memory()[1] < 4 * MAX_FRAME_DOWN) == (ErrorCode.FRAME_TOO_LARGE, True)
    tracemalloc.stop()
    inside = pack(Packed(encode(frames.DOWN[1])))
    for data in (Packed(zlib.compress(inside)), Packed(zlib.compress(inside)[:-3]), Packed(b""), Packed(b"x" * 20)):
        assert refused(pack(data), up=False).code == ErrorCode.PROTOCOL_ERROR


@every_frame
def test_unknown_fields_are_ignored_everywhere(frame: Any) -> None:
    def with_more(plain: Any) -> Any:
        if isinstance(plain, dict):
            return {key: with_more(value) for key, value in plain.items()} | {"from the future": {"a": [1, None]}}
        return [with_more(one) for one in plain] if isinstance(plain, list) else plain

    assert decode(pack(with_more(msgspec.msgpack.decode(encode(frame)))), frame) == frame


def deepened(frame: Any, levels: int) -> Iterator[Any]:
    """The frame again and again, with an unknown field in each of its maps in turn, nested `levels` deep in all."""

    def in_turn(plain: Any, above: int) -> Iterator[Any]:
        if isinstance(plain, dict):
            new = msgspec.msgpack.decode(b"\x91" * (levels - above - 1) + b"\xc0")
            yield plain | {"from the future": new}
        parts = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
        for key, part in parts:
            for changed in in_turn(part, above + 1):
                copy = plain.copy()
                copy[key] = changed
                yield copy

    return in_turn(msgspec.msgpack.decode(encode(frame)), 0)


@every_frame
def test_unknown_fields_nest_as_deep_on_every_python(frame: Any) -> None:
    for plain in deepened(frame, DEPTH):
        assert decode(pack(plain), frame) == frame
    for levels in (DEPTH + 1, 500):  # decoders by themselves take 900 and more
        for plain in deepened(frame, levels):
            error = refused(pack(plain), up=type(frame).__name__.lower() in codec.UP_FRAMES)
            assert (error.code, "nested 100 deep" in str(error)) == (ErrorCode.PROTOCOL_ERROR, True)


@pytest.mark.parametrize("levels", [DEPTH + 1, 900, 50_000, 1_000_000])
@pytest.mark.parametrize(
    "before",
    [b"\x82\xa5frame\xa6purged\xa1x", b"\x81\xa5frame", b"\x82\xa5frame\xa4shot\xa1x", b""],
    ids=["unknown field", "name", "unknown frame", "no map"],
)
def test_what_is_nested_deeply_is_the_same_error_whatever_else_it_is(before: bytes, levels: int) -> None:
    for up in (True, False):
        error = refused(before + b"\x91" * levels + b"\xc0", up=up)
        assert (error.code, "nested 100 deep" in str(error)) == (ErrorCode.PROTOCOL_ERROR, True)


def test_of_what_is_not_known_only_so_many_values_are_looked_at() -> None:
    plain = msgspec.msgpack.decode(encode(frames.UP[4]))
    assert decode_up(pack(plain | {"new": [0] * (MAX_VALUES_UP - 30)})) == frames.UP[4]
    for one, count in ((0, 2_000_000), (b"", 1_000_000), ([], 2_000_000)):
        error = refused(pack(plain | {"new": [one] * count}))
        assert (error.code, f"{MAX_VALUES_UP} values" in str(error)) == (ErrorCode.PROTOCOL_ERROR, True)


@pytest.mark.parametrize(("seconds", "nanoseconds"), [(253_402_300_800, 0), (253_402_300_799, 999_999_999), (2**62, 0)])
def test_a_moment_after_the_calendar_is_refused(seconds: int, nanoseconds: int) -> None:
    late = msgspec.msgpack.Ext(-1, nanoseconds.to_bytes(4) + seconds.to_bytes(8))
    refused(pack({"frame": "erased", "id": 1, "seq": 2, "read_at": [late]}), up=False)


def test_an_offset_that_leaves_the_calendar_in_utc_is_no_reason_to_fail() -> None:
    (frame,) = (one for one in frames.DOWN if isinstance(one, Rows))
    plain = msgspec.msgpack.decode(encode(frame))
    plain["items"][0]["received_at"] = "0001-01-01T00:00:00+23:59"
    found = decode_down(pack(plain))
    assert isinstance(found, Rows)
    assert found.items[0].received_at.year == 1


@pytest.mark.parametrize("field", ["messages_per_second", "burst", "work_per_second", "work_burst"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0])
def test_a_limit_is_a_number(field: str, value: float) -> None:
    plain = msgspec.msgpack.decode(encode(frames.DOWN[0]))
    plain["limits"][field] = value
    assert refused(pack(plain), up=False).code == ErrorCode.PROTOCOL_ERROR


# -- what is no frame --------------------------------------------------------------------------------------------------


@every_frame
def test_a_missing_field_is_an_error_that_names_the_frame(frame: Any) -> None:
    plain = msgspec.msgpack.decode(encode(frame))
    name = plain["frame"]
    up = name in codec.UP_FRAMES
    optional = {"agent", "streams", "retry_after", "replaces", "kept", "read_at"} if name != "welcome" else set()
    for field in plain.keys() - {"frame"} - optional:
        less = {key: value for key, value in plain.items() if key != field}
        error = refused(pack(less), up=up)
        assert error.code == ErrorCode.PROTOCOL_ERROR
        assert repr(name) in str(error)


def test_a_malformed_field_is_named() -> None:
    plain = msgspec.msgpack.decode(encode(frames.UP[0]))
    plain["streams"][1][1] = SENTENCE
    error = refused(pack(plain))
    assert (error.code, SENTENCE in str(error)) == (ErrorCode.PROTOCOL_ERROR, False)
    assert "$.streams[1][1]" in str(error)


@pytest.mark.parametrize("frame", frames.DOWN, ids=lambda frame: type(frame).__name__)
def test_a_frame_of_the_other_direction_is_unknown_and_named(frame: Any) -> None:
    error = refused(encode(frame))
    assert error.code == ErrorCode.UNKNOWN_FRAME
    assert repr(type(frame).__name__.lower()) in str(error)
    assert "erase, have, hello, purged, push, pushes" in str(error)


def test_a_frame_from_the_future_is_unknown_and_named() -> None:
    error = refused(pack({"frame": "archive", "stream": SENTENCE}))
    assert (error.code, "'archive'" in str(error)) == (ErrorCode.UNKNOWN_FRAME, True)
    error = refused(pack({"frame": "archive"}), up=False)
    assert (error.code, "welcome" in str(error)) == (ErrorCode.UNKNOWN_FRAME, True)


def test_a_name_that_is_none_is_not_repeated() -> None:
    for name in (SENTENCE, "a\nb", "ü" * 9, "x" * 300_000, ""):
        error = refused(pack({"frame": name}))
        assert error.code == ErrorCode.UNKNOWN_FRAME
        assert len(str(error)) < 250
        assert SENTENCE not in str(error)


def test_text_is_refused() -> None:
    for text in ("", SENTENCE, encode(frames.UP[4]).decode("latin-1")):
        error = refused(text)
        assert (error.code, "TEXT" in str(error), SENTENCE in str(error)) == (ErrorCode.PROTOCOL_ERROR, True, False)


def test_a_frame_too_large_is_refused_unread_and_one_of_that_size_is_not() -> None:
    data = encode(frames.UP[1])
    assert decode_up(data, limit=len(data)) == frames.UP[1]
    with pytest.raises(WireError) as caught:
        decode_up(data, limit=len(data) - 1)
    assert caught.value.code == ErrorCode.FRAME_TOO_LARGE
    assert refused(bytes(MAX_FRAME_UP + 1)).code == ErrorCode.FRAME_TOO_LARGE
    assert refused(bytes(MAX_FRAME_DOWN + 1), up=False).code == ErrorCode.FRAME_TOO_LARGE
    assert refused(bytes(MAX_FRAME_UP)).code == ErrorCode.PROTOCOL_ERROR


NO_FRAME = {
    "nothing": b"",
    "an unused byte": b"\xc1",
    "a number": pack(5),
    "text": pack(SENTENCE),
    "a list": pack(["hello", SENTENCE]),
    "an empty map": pack({}),
    "a map of numbers": pack({5: 5}),
    "a map without a name": pack({"stream": SENTENCE}),
    "a name that is a number": pack({"frame": 5, "text": SENTENCE}),
    "a frame and more": encode(frames.UP[4]) + b"\0",
    "half a frame": encode(frames.UP[4])[:-3],
    "a frame in a frame": pack([encode(frames.UP[4])]),
    "lists in lists": b"\x91" * 1_000_000,
    "maps in maps": b"\x81\xa1a" * 300_000,
    "lists in lists in an unknown field": b"\x82\xa5frame\xa4have\xa1x" + b"\x91" * 1_000_000,
    "four thousand million fields": b"\xdf\xff\xff\xff\xff",
    "four thousand million changes": b"\x82\xa5frame\xa4push\xa7changes\xdd\xff\xff\xff\xff",
    "four thousand million bytes": b"\x82\xa5frame\xa4push\xa7changes\x91\xc6\xff\xff\xff\xff",
    "JSON": b'{"frame": "hello"}',
    "text that is not UTF-8": b"\x82\xa5frame\xa4push\xa4kind\xa4\xff" + SENTENCE.encode()[:3],
    "a name that is not UTF-8": b"\x81\xa5frame\xa5\xffello",
    "a field's name that is not UTF-8": b"\x82\xa5frame\xa5hello\xa2\xff\xff\x01",
    "an agent that is not UTF-8": encode(frames.UP[0]).replace(b"an app", b"\xff\xfe app"[:6]),
}


@pytest.mark.parametrize("data", NO_FRAME.values(), ids=NO_FRAME)
@pytest.mark.parametrize("up", [True, False], ids=["up", "down"])
def test_what_is_no_frame_is_a_wire_error_that_quotes_nothing(data: bytes, up: bool) -> None:
    tracemalloc.start()
    started = time.process_time()
    error = refused(data, up=up)
    seconds = time.process_time() - started
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert error.code in (ErrorCode.PROTOCOL_ERROR, ErrorCode.UNKNOWN_FRAME)
    assert SENTENCE not in str(error)
    assert SENTENCE not in repr(error)
    assert (seconds < 1, peak < 2**22) == (True, True)


@every_frame
def test_damaged_frames_raise_nothing_but_wire_errors(frame: Any) -> None:
    chance = random.Random(7)
    data = encode(frame)
    interesting = [0x80, 0x90, 0xA0, 0xC0, 0xC1, 0xC4, 0xC6, 0xC7, 0xCB, 0xCF, 0xD3, 0xD6, 0xDB, 0xDD, 0xDF, 0xFF]
    for _ in range(2_000):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(damaged) - 1)
            damaged[at : at + chance.randint(0, 1)] = [chance.choice([*interesting, chance.randrange(256)])]
        try:
            decode(bytes(damaged), frame)
        except WireError as error:
            assert len(str(error)) < 250  # noqa: PT017 (many are still frames)


@given(st.binary(max_size=300))
def test_random_bytes_raise_nothing_but_wire_errors(data: bytes) -> None:
    refused(data)
    refused(data, up=False)


def planted(plain: Any, new: Any) -> Iterator[Any]:
    """`plain` again and again, with `new` in place of each value in it in turn, however deep."""
    yield new
    parts = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    for key, part in parts:
        for changed in planted(part, new):
            copy = plain.copy()
            copy[key] = changed
            yield copy


@every_frame
def test_content_is_never_quoted(frame: Any) -> None:
    """A sentence in place of each value in turn, as text, as bytes, as a key, and inside others."""
    plain = msgspec.msgpack.decode(encode(frame))
    for new in (SENTENCE, SENTENCE * 500, SENTENCE.encode(), {SENTENCE: SENTENCE}, [SENTENCE], [[{SENTENCE: 1}]]):
        for damaged in planted(plain, new):
            try:
                decode(pack(damaged), frame)
            except WireError as error:
                assert "nobody" not in f"{error} {error!r} {error.args}"  # noqa: PT017
