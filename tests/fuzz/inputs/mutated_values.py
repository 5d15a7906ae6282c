"""Values of JSON or msgpack with something in them changed: types swapped, numbers at their edges, fields missing,
doubled or unknown, nested deep, huge; and in msgpack lengths that lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import msgspec

NUMBERS = (
    *(0, -1, 1, 2, 7, 127, 128, 255, 256, 1_000, 20_001, 65_535, 2**31 - 1, 2**31, 2**32, 253_402_300_800),
    *(2**53, 2**63 - 1, -(2**63), 2**63, 2**64 - 1, 0.0, -0.0, 0.5, 1e-320, 1e300, -1e300, 86_400.5),
)
BAD_FLOATS = (float("nan"), float("inf"), float("-inf"))
TEXTS = (
    *("", " ", "x", "\0", "\n", "é", "😀" * 3, "‮x", "\ufeff", "null", "true", "0", "-1", "1e999", "NaN"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01", "9999-12-31", "2026-02-30", "2026-W01"),
    *("2026-03-29T02:30:00+01:00", "2026-05-04T12:00:00", "2026-05-04T12:00:00+23:59", "2026-05-04T12:00Z", "24:00"),
    *("Europe/Berlin", "../../etc/passwd", "Mars/Olympus", "UTC", "FREQ=SECONDLY", "FREQ=DAILY;INTERVAL=0"),
    *("FREQ=MONTHLY;BYMONTHDAY=31;UNTIL=99991231", "FREQ=YEARLY;BYDAY=53MO", "FREQ=DAILY;COUNT=999999999"),
    *("javascript:alert(1)", "a/b/c", "phq-9", "record", "vault", "client", "plan", "journal_entry", "vault_key"),
    *("00000000-0000-0000-0000-000000000000", "{}", "[]", '{"at":', "[" * 200, '{"a":' * 200),
)
OTHERS: tuple[Any, ...] = (None, True, False, [], {}, [[]], {"": {}}, b"", b"\0", bytes(16), bytes(32), b"\xff" * 33)

Wrap = Callable[[Any, Random], Any]


def edge(chance: Random) -> Any:
    """A value that is seldom meant."""
    return chance.choice(chance.choice((NUMBERS, NUMBERS, TEXTS, OTHERS)))


def mutated(value: Any, chance: Random, edges: Callable[[Random], Any] = edge, lie: Wrap | None = None) -> Any:
    """A copy of a value, changed in one place."""
    if isinstance(value, dict) and value and chance.random() < 0.93:
        return _map(value, chance, edges, lie)
    if isinstance(value, list | tuple) and value and chance.random() < 0.93:
        return _list(list(value), chance, edges, lie)
    return _other(value, chance, edges, lie)


def _map(value: dict[Any, Any], chance: Random, edges: Callable[[Random], Any], lie: Wrap | None) -> Any:
    key = chance.choice(list(value))
    match chance.randrange(12):
        case 0:
            return {name: one for name, one in value.items() if name != key}
        case 1:
            return value | {chance.choice(TEXTS): edges(chance)}
        case 2:
            return value | {key: chance.choice(list(value.values()))}
        case _:
            return value | {key: mutated(value[key], chance, edges, lie)}


def _list(value: list[Any], chance: Random, edges: Callable[[Random], Any], lie: Wrap | None) -> Any:
    at = chance.randrange(len(value))
    match chance.randrange(14):
        case 0:
            del value[at]
        case 1:
            value.insert(at, value[at])
        case 2:
            value.insert(at, edges(chance))
        case 3:
            chance.shuffle(value)
        case 4 if chance.random() < 0.05:
            value *= chance.choice((10, 1_001, 10_001)) if len(value) < 20 else 2
        case _:
            value[at] = mutated(value[at], chance, edges, lie)
    return value


def _other(value: Any, chance: Random, edges: Callable[[Random], Any], lie: Wrap | None) -> Any:
    match chance.randrange(10):
        case 0 if lie is not None:
            return lie(value, chance)
        case 1:
            return nested(value, chance)
        case 2 if isinstance(value, str):
            at = chance.randrange(len(value) + 1)
            return value[:at] + chance.choice(TEXTS) + value[at + chance.randrange(3) :]
        case 3 if isinstance(value, str | bytes) and len(value) < 10_000:
            return value * chance.choice((0, 2, 3, 70)) if chance.random() < 0.97 else value[:1] * 300_000
        case 4 if isinstance(value, bytes) and value:
            at = chance.randrange(len(value))
            return value[:at] + chance.randbytes(chance.randrange(3)) + value[at + chance.randrange(3) :]
        case 5 | 6 if isinstance(value, int | float):
            return value + chance.choice((1, -1, 2, 100))
        case 7:
            return [value]
        case _:
            return edges(chance)


def nested(value: Any, chance: Random) -> Any:
    """Inside one another, some of them too deep."""
    for _ in range(chance.choice((2, 5, 20, 98, 101, 300))):
        value = [value] if chance.random() < 0.5 else {"a": value}
    return value


# -- msgpack -----------------------------------------------------------------------------------------------------------

_TEXT, _BYTES, _LIST, _MAP = (
    (b"\xd9", b"\xda", b"\xdb"),
    (b"\xc4", b"\xc5", b"\xc6"),
    (b"\xdc", b"\xdd"),
    (b"\xde", b"\xdf"),
)
_SIZES = {b"\xd9": 1, b"\xda": 2, b"\xdb": 4, b"\xc4": 1, b"\xc5": 2, b"\xc6": 4, b"\xdc": 2, b"\xdd": 4, b"\xde": 2}
_RAW: tuple[bytes, ...] = (
    b"\xc1",
    b"\xd4\x05\0",
    b"\xd6\xff\0\0\0\0",
    b"\xc7\x0c\xff" + bytes(12),
    b"\xd7\xff" + b"\xff" * 8,
    b"\xca\x7f\xc0\0\0",
)
_RAW += (b"\xcb\x7f\xf8" + bytes(6), b"\xcb\xff\xf0" + bytes(6), b"\xc9\xff\xff\xff\xff\x01", b"\xd3\x80" + bytes(7))
_RAW += (b"\xa3\xff\xfe\xfd", b"\xa3\xed\xa0\x80", b"\xc7\0\x05", b"\xcf" + b"\xff" * 8)


def lie(value: Any, chance: Random) -> Any:
    """A value of msgpack whose length is not what it says, or which no decoder of frames expects."""
    match value:
        case str():
            return _lied(_TEXT, len(value.encode("utf-8", "replace")), value.encode("utf-8", "replace"), chance)
        case bytes():
            return _lied(_BYTES, len(value), value, chance)
        case list():
            return _lied(_LIST, len(value), b"".join(map(encoded, value)), chance)
        case dict():
            doubled = [encoded(key) + encoded(one) for key, one in value.items()]
            if doubled and chance.random() < 0.5:  # a key that is there twice
                doubled.append(encoded(chance.choice(list(value))) + encoded(edge(chance)))
            return _lied(_MAP, len(doubled), b"".join(doubled), chance)
    return msgspec.Raw(chance.choice(_RAW))


def _lied(heads: Sequence[bytes], length: int, content: bytes, chance: Random) -> msgspec.Raw:
    head = chance.choice(heads)
    size = _SIZES.get(head, 4)
    said = chance.choice(
        (length, length, length + 1, length - 1, 0, 2 * length, 2**31, 2**32 - 1, chance.randrange(300))
    )
    return msgspec.Raw(head + (said % (1 << 8 * size)).to_bytes(size, "big") + content)


def encoded(value: Any) -> bytes:
    """A value in msgpack, whatever is in it."""
    try:
        return msgspec.msgpack.encode(value, enc_hook=lambda _: None)
    except (OverflowError, RecursionError, ValueError, TypeError):
        return b"\xc0"


def any_edge(chance: Random) -> Any:
    """An edge of msgpack."""
    return chance.choice(BAD_FLOATS) if chance.random() < 0.05 else edge(chance)


def damaged(data: bytes, chance: Random) -> bytes:
    """Bytes cut short, or with a few changed, left out or put in."""
    if chance.random() < 0.2:
        return data[: chance.randrange(len(data) + 1)]
    made = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(made)) if made else 0
        made[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
    return bytes(made)
