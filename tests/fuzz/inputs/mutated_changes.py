"""Changes that say something else than they said, with the right checksum for it: the first door lets them in."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from random import Random

from tests.fuzz.inputs import mutated_values
from tests.fuzz.inputs.change_parts import Parts, parts_of, rows_of
from tests.fuzz.inputs.corpus import DEAREST
from tests.schemas import forging
from tests.schemas.forging import Op, sealed, signed, unsigned

from intersession_schemas.changes import read_change
from intersession_schemas.errors import DocumentError

_NUMBERS = (
    0,
    1,
    2,
    3,
    5,
    63,
    64,
    127,
    128,
    1_000,
    20_000,
    20_001,
    200_000,
    200_001,
    2**31,
    2**32,
    2**53,
    2**63,
    2**64 - 1,
)
_ACTORS = (b"", b"\0", b"a" * 16, b"\xaa" * 16, b"\xbb" * 16, bytes(64), bytes(65))
_KEYS = (b"", b"kind", b"\xff", "k\u00e9".encode(), b"a" * 300, b"written_at", b"draft", b"completions", b"removed")
_COLUMNS = (*range(0x80), 0x94, 0xA5, 0x0F, 0x8F)
_ROW = Op(b"k", type=forging.STRING, value=b"v")
MOST_ROWS = 200
"""A longer change is not taken apart into operations, as that takes too long."""


@lru_cache(maxsize=4_000)
def _known(data: bytes) -> tuple[Parts, tuple[Op, ...]]:
    parts = parts_of(data)
    rows = rows_of(parts)
    return parts, tuple(rows if len(rows) <= MOST_ROWS else ())


def mutant(data: bytes, chance: Random, deps: Sequence[bytes] | None = None) -> bytes:
    """An honest change, altered. `deps`: what it builds on now."""
    known, rows = _known(data)
    parts = known.copy()
    if deps is not None:
        parts.deps = sorted(deps)
    way = chance.random()
    if rows and way < 0.62:
        some = list(rows)
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            _mutate_rows(some, parts, chance)
        parts.columns = sorted(forging.operations(some).items())
    elif way < 0.72:
        _mutate_header(parts, chance)
    elif way < 0.9:
        _mutate_columns(parts, chance)
    elif way < 0.902:
        return chance.choice(DEAREST)
    else:
        body = parts.body()
        return forging.mutated(sealed(body), chance)
    return closed(parts.body(), chance)


def with_deps(data: bytes, deps: Sequence[bytes]) -> bytes:
    """The same change, building on others."""
    parts = _known(data)[0].copy()
    parts.deps = sorted(deps)
    return sealed(parts.body())


def relinked(changes: Sequence[bytes], chance: Random) -> tuple[tuple[bytes, ...], list[bytes]]:
    """Honest changes as they were up to one, and from there on mutated, each building on the mutants before it."""
    at = chance.randrange(len(changes))
    new: dict[bytes, bytes] = {}
    chain: list[bytes] = []
    for number, data in enumerate(changes[at:]):
        honest = read_change(data)
        deps = [new.get(dep, dep) for dep in honest.deps]
        if number == 0 or chance.random() < 0.3:
            made = mutant(data, chance, deps)
        else:
            made = with_deps(data, deps)
        with suppress(DocumentError):
            new[honest.hash] = read_change(made).hash
        chain.append(made)
    if chance.random() < 0.2:
        chance.shuffle(chain)
    if chance.random() < 0.2:
        chain.append(chance.choice(chain))
    return tuple(changes[:at]), chain


def closed(body: bytes, chance: Random) -> bytes:
    """A chunk of it with the right checksum, now and then deflated, or deflated oddly."""
    odd = chance.random()
    if odd < 0.9:
        return sealed(body)
    if odd < 0.97:
        return sealed(body, deflate=True)
    if odd < 0.98:
        return sealed(body, deflate=True, more=chance.randbytes(3))
    if odd < 0.99:
        return sealed(body)[: -chance.randint(1, 12)]
    return sealed(body, checksum=chance.randbytes(4))


# -- operations --------------------------------------------------------------------------------------------------------


def _mutate_rows(rows: list[Op], parts: Parts, chance: Random) -> None:
    at = chance.randrange(len(rows)) if rows else 0
    way = chance.randrange(22)
    if way == 0 or not rows:
        rows.insert(at, chance.choice(rows) if rows and chance.random() < 0.7 else _ROW)
    elif way == 1:
        del rows[at]
    elif way == 2:
        other = chance.randrange(len(rows))
        rows[at], rows[other] = rows[other], rows[at]
    elif way == 3:
        rows[at:at] = [rows[at]] * chance.choice((1, 5, 300))
    elif way < 8:
        rows[at] = _misplaced(rows[at], rows, parts, chance)
    elif way == 8:
        rows[at] = rows[at]._replace(action=chance.choice((0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 2**32)))
    elif way == 9:
        rows[at] = rows[at]._replace(insert=not rows[at].insert)
    elif way == 10:
        preds = tuple(_id(rows, parts, chance) for _ in range(chance.choice((0, 1, 2, 5))))
        rows[at] = rows[at]._replace(preds=preds if chance.random() < 0.7 else rows[at].preds * 2)
    else:
        valued = [number for number, row in enumerate(rows) if row.value]
        at = chance.choice(valued) if valued and chance.random() < 0.9 else at
        type_, value = _value(rows[at], chance)
        rows[at] = rows[at]._replace(type=type_, value=value)


def _misplaced(row: Op, rows: Sequence[Op], parts: Parts, chance: Random) -> Op:
    match chance.randrange(4):
        case 0:
            return row._replace(key=chance.choice((*_KEYS, row.key if isinstance(row.key, bytes) else b"x")))
        case 1:
            keys = [one.key for one in rows if one.key != row.key]
            return row._replace(key=chance.choice(keys) if keys else None)
        case 2:
            return row._replace(key=chance.choice((None, _id(rows, parts, chance))))
        case _:
            objects = [one.object for one in rows if one.object != row.object]
            return row._replace(object=chance.choice((*objects, None, _id(rows, parts, chance))))


def _id(rows: Sequence[Op], parts: Parts, chance: Random) -> tuple[int, int]:
    """The id of an operation: mostly one of this change or one before it."""
    actor = 0 if chance.random() < 0.8 else chance.choice((1, len(parts.others), 9))
    return actor, chance.choice((chance.randint(1, parts.start_op + len(rows)), chance.choice(_NUMBERS)))


def _value(row: Op, chance: Random) -> tuple[int, bytes]:
    """Another value: of its type at an edge, or of another type."""
    if row.type == forging.STRING and row.value[:1] in (b"{", b"[") and chance.random() < 0.8:
        return forging.STRING, _json(row.value, chance)
    match chance.randrange(12):
        case 0:
            return forging.SIGNED, signed(chance.choice((1, -1)) * chance.choice(_NUMBERS))
        case 1:
            return forging.UNSIGNED, unsigned(chance.choice(_NUMBERS))
        case 2:
            wanted = chance.choice((*mutated_values.BAD_FLOATS, 0.0, -0.0, 0.5, 1e308, 5e-324, 1e15, 3.0))
            return forging.FLOAT, struct.pack("<d", wanted)
        case 3:
            return chance.choice((forging.NULL, forging.TRUE, forging.FALSE)), b""
        case 4:
            return forging.BYTES, chance.choice((b"", b"\xff", bytes(16), b"x" * 400))
        case 5:  # of a type that it is too long or too short for
            return chance.randrange(16), chance.randbytes(chance.choice((0, 1, 3, 8, 9, 11, 40)))
        case 6:
            return forging.STRING, chance.choice((b"\xff\xfe", b"\xed\xa0\x80", b"\xf0\x9f", b"\xc0\x80", b"\0"))
        case 7 if row.value and chance.random() < 0.1:
            size = chance.choice((10_001, 100_001, 400_000))
            return forging.STRING, (row.value * (1 + size // len(row.value)))[:size]
        case 8 if row.value:
            at = chance.randrange(len(row.value))
            return row.type, row.value[:at] + chance.randbytes(chance.randrange(2)) + row.value[at + 1 :]
        case _:
            return forging.STRING, chance.choice(mutated_values.TEXTS).encode()


def _json(value: bytes, chance: Random) -> bytes:
    try:
        found = json.loads(value)
        made = mutated_values.mutated(found, chance)
        if chance.random() < 0.3:
            made = mutated_values.mutated(made, chance)
        return json.dumps(made, default=str, ensure_ascii=chance.random() < 0.5).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        return mutated_values.damaged(value, chance)


# -- header and columns ------------------------------------------------------------------------------------------------


def _mutate_header(parts: Parts, chance: Random) -> None:
    match chance.randrange(9):
        case 0:
            parts.deps = parts.deps[1:] if parts.deps else [chance.randbytes(32)]
        case 1:
            parts.deps = chance.choice(
                (parts.deps * 2, [*parts.deps, bytes(32)], parts.deps[::-1], [bytes(32)] * 1_001)
            )
        case 2:
            parts.actor = chance.choice((*_ACTORS, *parts.others, chance.randbytes(16)))
        case 3:
            parts.seq = chance.choice((*_NUMBERS, parts.seq + 1))
        case 4:
            parts.start_op = chance.choice((*_NUMBERS, parts.start_op + 1, parts.start_op - 1 if parts.start_op else 0))
        case 5:
            parts.time = chance.choice((1, -1)) * chance.choice((*_NUMBERS, 253_402_300_799, 253_402_300_800))
        case 6:
            parts.message = chance.choice((b"x", b"\xff", b"m" * 1_000, b"m" * 1_001))
        case 7:
            parts.others = [*parts.others, chance.choice((*_ACTORS, parts.actor, chance.randbytes(16)))]
        case _:
            parts.others = chance.choice((parts.others[1:], parts.others[::-1], parts.others * 2))


def _mutate_columns(parts: Parts, chance: Random) -> None:
    columns = parts.columns
    at = chance.randrange(len(columns)) if columns else 0
    way = chance.randrange(12)
    if way == 0 or not columns:
        columns.insert(at, (chance.choice(_COLUMNS), chance.randbytes(chance.randrange(6))))
    elif way == 1:
        del columns[at]
    elif way == 2:
        columns.insert(at, columns[chance.randrange(len(columns))])
    elif way == 3:
        columns[at] = (chance.choice(_COLUMNS), columns[at][1])
    elif way == 4:
        other = chance.randrange(len(columns))
        (one, data), (two, more) = columns[at], columns[other]
        columns[at], columns[other] = (one, more), (two, data)
    elif way == 5:
        parts.extra = chance.randbytes(chance.choice((1, 9)))
    else:
        specification, data = columns[at]
        columns[at] = (specification, _column(data, chance))


def _column(data: bytes, chance: Random) -> bytes:
    """Runs of a column with another length or value, or more of them."""
    at = chance.randrange(len(data) + 1)
    many = chance.choice((2, 3, 50, 19_999, 20_000, 20_001, 2**32, 2**62))
    run = chance.choice(
        (
            signed(many) + b"\1",
            signed(-chance.choice((1, 2, 3, 2**31))),
            b"\0" + unsigned(many),
            b"\0\0",
            signed(chance.choice((1, -1)) * chance.choice(_NUMBERS)),
            unsigned(chance.choice(_NUMBERS)),
            chance.randbytes(2),
        )
    )
    if chance.random() < 0.02:
        run *= chance.choice((100, 20_000))
    return data[:at] + run + data[at + chance.randrange(3) :]
