"""Mutated frames and changes: the core reads in them what the Python code does, or refuses them with the same code."""

from __future__ import annotations

import zlib
from random import Random
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page
from tests.fuzz.inputs import corpus, mutated_values
from tests.fuzz.inputs.mutated_changes import mutant
from tests.fuzz.inputs.mutated_frames import mutated_frame
from tests.vectors import frames
from tests.vectors.cases import plain
from tests.web_client.fuzz.asking import ask_both, cases

from intersession_schemas import codec
from intersession_schemas.changes import read_change
from intersession_schemas.errors import WireError
from intersession_schemas.messages import Accepted

Given = dict[str, Any]
COUNTED = 2**53
"""What JavaScript counts to."""
_MOMENTS = (
    *("2026-05-04T10:00:00Z", "2026-05-04 10:00:00.5+0200", "2026-02-29T10:00:00Z", "0001-01-01T00:00:00+23:59"),
    *("2026-05-04T10:00:00.9999995-00:00", "2026-05-04T24:00:00Z", "2026-05-04", "9999-12-31T23:59:59.9999999Z", ""),
)
_NUMBERS = (0, 1, 23, 499, 500, 999_999_499, 999_999_500, 999_999_999, 1_000_000_000, 2**32 - 1)
_SECONDS = (
    *(0, -1, 1, 2**31, 2**32, 2**34 - 1, 2**34, 2**62, -(2**63)),
    *(-62_135_596_800, -62_135_596_801, 253_402_300_799, 253_402_300_800),
)


def _frame(random: Random) -> Given:
    up = random.random() < 0.35
    data = random.choice(corpus.frames(up=up))
    match random.random():
        case way if way < 0.5:
            data = mutated_frame(data, random)
        case way if way < 0.65:
            data = mutated_values.damaged(data, random)
        case way if way < 0.8 and not up:
            data = msgspec.msgpack.encode({"frame": "erased", "id": 1, "seq": 2, "read_at": [_moment(random)]})
        case way if way < 0.9:
            data = _shuffled(data, random)
    if not up and random.random() < 0.15:
        packed = zlib.compress(data, random.choice((0, 1, 9)))
        packed = mutated_values.damaged(packed, random) if random.random() < 0.5 else packed
        data = msgspec.msgpack.encode({"frame": "packed", "data": packed})
    limit = {"limit": len(data) + random.choice((-1, 0, 1, 200))} if random.random() < 0.05 else {}
    return {"direction": "up" if up else "down", "bytes": data.hex(), **limit}


def _moment(random: Random) -> object:
    if random.random() < 0.3:
        return random.choice(_MOMENTS)
    nanoseconds, seconds = random.choice(_NUMBERS), random.choice((*_SECONDS, random.randrange(2**34)))
    match random.randrange(4):
        case 0:
            return msgspec.msgpack.Ext(-1, (seconds % 2**32).to_bytes(4))
        case 1:
            return msgspec.msgpack.Ext(-1, (nanoseconds % 2**30 << 34 | seconds % 2**34).to_bytes(8))
        case 2:
            data = random.randbytes(random.choice((0, 1, 4, 8, 12, 16)))
            return msgspec.msgpack.Ext(random.choice((-1, -1, 0)), data)
        case _:
            return msgspec.msgpack.Ext(-1, nanoseconds.to_bytes(4) + seconds.to_bytes(8, signed=True))


def _shuffled(data: bytes, random: Random) -> bytes:
    """The same fields in another order, some of them twice, some of them nowhere, and others that are not known."""
    fields = list(msgspec.msgpack.decode(data).items())
    random.shuffle(fields)
    fields += random.choices(fields, k=random.randrange(3))
    fields = fields[: len(fields) - (random.random() < 0.3)]
    for _ in range(random.randrange(3)):
        more = (random.choice(("more", "", "é", "\udc00", 7, None, b"frame")), mutated_values.any_edge(random))
        fields.insert(random.randint(0, len(fields)), more)
    body = b"".join(_encoded(key) + _encoded(value) for key, value in fields)
    return bytes([0x80 + len(fields)]) + body if len(fields) < 16 else bytes([0xDE, 0, len(fields)]) + body


def _encoded(value: object) -> bytes:
    return b"\xa2\xff\xfe" if value == "\udc00" else mutated_values.encoded(value)


def _read(given: Given) -> Any:
    """As the vectors have it, but for numbers that JavaScript does not count to."""
    found = frames.read(given)
    if _counts_too_far(found):
        raise WireError("It counts beyond 2^53.")
    return found


def _counts_too_far(value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(map(_counts_too_far, value.values() if isinstance(value, dict) else value))
    return isinstance(value, int) and abs(value) > COUNTED


def _rewritten(given: Given) -> Any:
    _read(given)
    decode: Any = codec.decode_up if given["direction"] == "up" else codec.decode_down
    return codec._encoder.encode(decode(bytes.fromhex(given["bytes"]), given.get("limit", codec.MAX_FRAME_DOWN)))


def _is_in_the_calendar(given: Given) -> bool:
    try:
        _rewritten(given)
    except OverflowError:
        return False
    except WireError:
        pass
    return True


@pytest.fixture
def number(request: pytest.FixtureRequest) -> int:
    return 8_000 if request.config.getoption("--long") else 800


@pytest.mark.page
def test_frames_are_read_alike(core: Page, number: int) -> None:
    given = cases(_frame, 1, number)
    found = ask_both(core, "frames", "read", given, _read)
    codes = [one["refused"]["code"] if "refused" in one else "read" for one in found]
    assert min(map(codes.count, ("read", "protocol_error", "unknown_frame", "frame_too_large"))) > number / 400
    again = [one for one in given if _is_in_the_calendar(one)]
    ask_both(core, "frames", "rewrite", again, _rewritten)


def _change(random: Random) -> Given:
    data = random.choice(random.choice(corpus.stories()).changes)
    match random.random():
        case way if way < 0.75:
            data = mutant(data, random)
        case way if way < 0.9:
            data = mutated_values.damaged(data, random)
    return {"bytes": data.hex()}


def _header(given: Given) -> Any:
    told: dict[str, Any] = plain(read_change(bytes.fromhex(given["bytes"])))
    told.pop("data")
    return told


@pytest.mark.page
def test_changes_are_bounded_alike(core: Page, number: int) -> None:
    found = ask_both(core, "frames", "change", cases(_change, 2, number), _header)
    codes = {one["refused"]["code"] if "refused" in one else "read" for one in found}
    assert codes >= {"read", "bad_change", "bad_checksum", "too_many_operations"}


@pytest.mark.page
def test_a_difference_is_noticed(core: Page) -> None:
    given = {"direction": "down", "bytes": codec.encode(Accepted(1, 300)).hex()}
    with pytest.raises(AssertionError):
        ask_both(core, "frames", "read", [given], lambda given: _read(given) | {"seq": 7})
