"""Changes written by hand, well-formed or not: what an attacker could send, with the right checksum.

Columns are those of Automerge's binary format. `sealed` puts a body into a chunk, `change` a header and columns
into a body, and `operations` encodes rows as Automerge itself would, so that what it applies can be read back.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple, TypeAlias

OBJECT_ACTOR, OBJECT_COUNTER = 0x01, 0x02
KEY_ACTOR, KEY_COUNTER, KEY_STRING = 0x11, 0x13, 0x15
INSERT, ACTION = 0x34, 0x42
VALUE_META, VALUE = 0x56, 0x57
PREDECESSOR_COUNT, PREDECESSOR_ACTOR, PREDECESSOR_COUNTER = 0x70, 0x71, 0x73
EXPAND, MARK_NAME = 0x94, 0xA5

MAKE_MAP, SET, MAKE_LIST, DELETE, MAKE_TEXT, INCREMENT, MAKE_TABLE, MARK = range(8)
NULL, FALSE, TRUE, UNSIGNED, SIGNED, FLOAT, STRING, BYTES, COUNTER, TIMESTAMP, UNKNOWN = range(11)

ACTOR = b"\xaa" * 16

Columns: TypeAlias = Mapping[int, bytes]


def unsigned(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def signed(number: int) -> bytes:
    out = bytearray()
    while True:
        byte = number & 0x7F
        number >>= 7
        if (number == 0 and not byte & 0x40) or (number == -1 and byte & 0x40):
            out.append(byte)
            return bytes(out)
        out.append(byte | 0x80)


def text(value: bytes) -> bytes:
    return unsigned(len(value)) + value


def run(rows: int, value: bytes) -> bytes:
    """`rows` times the same encoded value, as Automerge writes it: one is a literal."""
    return signed(-1 if rows == 1 else rows) + value


def nulls(rows: int) -> bytes:
    return b"\0" + unsigned(rows)


def literal(values: Sequence[bytes]) -> bytes:
    """Encoded values, one by one."""
    return signed(-len(values)) + b"".join(values)


def sealed(body: bytes, *, deflate: bool = False, checksum: bytes | None = None, more: bytes = b"") -> bytes:
    """A chunk with the right checksum, or with the one given; `more` goes into it after the body."""
    hash_ = sha256(b"\x01" + unsigned(len(body)) + body).digest()
    data = body
    if deflate:
        deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
        data = deflater.compress(body) + deflater.flush()
    data += more
    kind = b"\x02" if deflate else b"\x01"
    return b"\x85\x6f\x4a\x83" + (checksum or hash_[:4]) + kind + unsigned(len(data)) + data


def deflated_zeros(size: int) -> bytes:
    """That many zeros, deflated."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = bytes(2**20)
    return b"".join([*(deflater.compress(block) for _ in range(size // len(block))), deflater.flush()])


def hash_of(data: bytes) -> bytes:
    body = body_of(data)
    return sha256(b"\x01" + unsigned(len(body)) + body).digest()


def body_of(data: bytes) -> bytes:
    """What is in a chunk, inflated."""
    at = 9
    while data[at] & 0x80:
        at += 1
    body = data[at + 1 :]
    return zlib.decompress(body, -15) if data[8] == 2 else body


def change(
    columns: Columns | Sequence[tuple[int, bytes]],
    *,
    deps: Sequence[bytes] = (),
    actor: bytes = ACTOR,
    seq: int = 1,
    start_op: int = 1,
    message: bytes = b"",
    others: Sequence[bytes] = (),
    extra: bytes = b"",
    deflate: bool = False,
) -> bytes:
    """A change with these columns, as they are; a mapping is sorted."""
    rows = sorted(columns.items()) if isinstance(columns, Mapping) else list(columns)
    head = [unsigned(len(deps)), *deps, text(actor), unsigned(seq), unsigned(start_op), b"\0", text(message)]
    head += [unsigned(len(others)), *map(text, others), unsigned(len(rows))]
    head += [unsigned(specification) + unsigned(len(data)) for specification, data in rows]
    return sealed(b"".join([*head, *(data for _, data in rows), extra]), deflate=deflate)


def sets(rows: int, **columns: bytes) -> dict[int, bytes]:
    """The columns of `rows` times: set "k" in the root to null. Others by the names above, lower case."""
    made = {
        KEY_STRING: run(rows, text(b"k")),
        INSERT: unsigned(rows),
        ACTION: run(rows, unsigned(SET)),
        VALUE_META: run(rows, unsigned(NULL)),
        PREDECESSOR_COUNT: run(rows, unsigned(0)),
    }
    return made | {globals()[name.upper()]: data for name, data in columns.items()}


class Op(NamedTuple):
    """One operation. Ids are (index of the actor, counter); a key is text, or the element before or at it."""

    key: bytes | tuple[int, int] | None
    action: int = SET
    object: tuple[int, int] | None = None
    insert: bool = False
    type: int = NULL
    value: bytes = b""
    preds: tuple[tuple[int, int], ...] = ()


def operations(rows: Sequence[Op]) -> dict[int, bytes]:
    """Columns as Automerge would write them."""
    elements = [row.key if isinstance(row.key, tuple) else None for row in rows]
    preds = [pred for row in rows for pred in row.preds]
    columns = {
        OBJECT_ACTOR: _column([row.object[0] if row.object else None for row in rows], unsigned),
        OBJECT_COUNTER: _column([row.object[1] if row.object else None for row in rows], unsigned),
        KEY_ACTOR: _column([element[0] if element else None for element in elements], unsigned),
        KEY_COUNTER: _deltas([_element_counter(row.key) for row in rows]),
        KEY_STRING: _column([row.key if isinstance(row.key, bytes) else None for row in rows], text),
        INSERT: _booleans([row.insert for row in rows]),
        ACTION: _column([row.action for row in rows], unsigned),
        VALUE_META: _column([len(row.value) << 4 | row.type for row in rows], unsigned),
        VALUE: b"".join(row.value for row in rows),
        PREDECESSOR_COUNT: _column([len(row.preds) for row in rows], unsigned),
        PREDECESSOR_ACTOR: _column([actor for actor, _ in preds], unsigned),
        PREDECESSOR_COUNTER: _deltas([counter for _, counter in preds]),
    }
    return {specification: data for specification, data in columns.items() if data}


def text_of(elements: Iterable[Op]) -> bytes:
    """A change that makes the text "t" of these elements, each after the one before."""
    rows = [Op(b"t", MAKE_TEXT)]
    for element in elements:
        previous = (0, len(rows)) if len(rows) > 1 else None
        rows.append(element._replace(object=(0, 1), key=previous, insert=True))
    return change(operations(rows))


def big(number: int) -> bytes:
    """A change by actor `number` that takes a kilobyte, and inflates to nearly a megabyte."""
    key = literal([text(b"k" * 900_000)])
    return change(sets(1, key_string=key), actor=bytes([number]) * 16, deflate=True)


LETTER = Op(None, type=STRING, value=b"x")


def mutated(data: bytes, chance: random.Random) -> bytes:
    """`data`'s body with a few bytes changed, left out or put in, and the right checksum for that."""
    body = bytearray(body_of(data))
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(body))
        match chance.randrange(4):
            case 0:
                body[at] = chance.randrange(256)
            case 1:
                body[at] ^= 1 << chance.randrange(8)
            case 2:
                del body[at : at + chance.randint(1, 3)]
            case _:
                body[at:at] = chance.randbytes(chance.randint(1, 3))
    return sealed(bytes(body), deflate=chance.random() < 0.2)


def _element_counter(key: bytes | tuple[int, int] | None) -> int | None:
    if isinstance(key, bytes):
        return None
    return key[1] if key else 0


def _column(values: Sequence[Any], encode: Callable[[Any], bytes]) -> bytes:
    if all(value is None for value in values):
        return b""
    out, single, at = bytearray(), [], 0
    while at < len(values):
        end = at
        while end < len(values) and values[end] == values[at]:
            end += 1
        if values[at] is not None and end - at == 1:
            single.append(encode(values[at]))
        else:
            out += literal(single) if single else b""
            single = []
            out += nulls(end - at) if values[at] is None else run(end - at, encode(values[at]))
        at = end
    return bytes(out + literal(single)) if single else bytes(out)


def _deltas(values: Sequence[int | None]) -> bytes:
    found: list[int | None] = []
    last = 0
    for value in values:
        found.append(None if value is None else value - last)
        last = last if value is None else value
    return _column(found, signed)


def _booleans(values: Sequence[bool]) -> bytes:
    out, current, rows = bytearray(), False, 0
    for value in values:
        if value is not current:
            out += unsigned(rows)
            current, rows = value, 0
        rows += 1
    return bytes(out + unsigned(rows))


PANICS: dict[str, bytes] = {
    "an object that is none": change(sets(1, object_actor=run(1, b"\0"), object_counter=run(1, b"\1"))),
    "an element that is none": change(operations([Op(b"t", MAKE_TEXT), Op((0, 1), object=(0, 1))])),
    "a sequence number out of turn": change(sets(1), seq=5),
    "nothing that could be deleted": change(sets(1, action=run(1, unsigned(DELETE)))),
}
"""Changes with the right checksum, and within all bounds, on which Automerge panics."""

OUT_OF_BOUNDS: dict[str, bytes] = {
    "an object that is nowhere": change(sets(1, object_actor=run(1, b"\0"), object_counter=run(1, b"\x63"))),
    "a counter beyond 32 bits": change(sets(1, object_actor=run(1, b"\0"), object_counter=run(1, unsigned(2**40)))),
    "an object that is the root's own": change(sets(1, object_actor=run(1, b"\0"), object_counter=run(1, b"\0"))),
    "an actor that is nowhere": change(sets(1, object_actor=run(1, b"\x09"), object_counter=run(1, b"\1"))),
    "the actor of a key that is nowhere": change(sets(1, key_actor=run(1, b"\1"))),
    "the actor of what is replaced that is nowhere": change(
        sets(1, predecessor_count=run(1, b"\1"), predecessor_actor=run(1, b"\1"), predecessor_counter=run(1, b"\1"))
    ),
    "an element that is nowhere": change(operations([Op(b"t", MAKE_TEXT), Op((0, 99), object=(0, 1))])),
    "an element before all": change(sets(1, key_counter=run(1, signed(-1)))),
    "something replaced that comes later": change(sets(1) | operations([Op(b"k", preds=((0, 2),))])),
    "counters of a run that leave the bounds": change(sets(3, key_counter=run(3, signed(2)))),
    "a sequence number beyond all": change(sets(1), seq=2**40),
    "no sequence number": change(sets(1), seq=0),
    "no first operation": change(sets(1), start_op=0),
    "an actor of no bytes": change(sets(1), actor=b""),
    "an actor of 65 bytes": change(sets(1), actor=bytes(65)),
    "another actor of no bytes": change(sets(1), others=[b""], start_op=9),
    "another actor twice": change(sets(1), others=[b"b", b"b"], start_op=9),
    "itself as another actor": change(sets(1), others=[ACTOR], start_op=9),
    "more actors than operations before it": change(sets(1), others=[b"b" * 16, b"c" * 16], start_op=2),
    "a dependency twice": change(sets(1), deps=[bytes(32)] * 2, start_op=2),
    "a long message": change(sets(1), message=bytes(1_001)),
    "bytes after its columns": change(sets(1), extra=b"x"),
}
"""Changes with the right checksum in which a number, a length or a name is beyond what it can mean."""

PANICS_WHEN_EDITED = bytes.fromhex(
    "856f4a8353bdf8d001c5010010aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa01010000000a010e020e110a13101513340542025617573070020001170000"
    "017f000001050000020001170100017f190001051b00020002160000040400000200017e0002150100037e691c030100027f017400177d016d016101"
    "6c00057e01660162011703050222047f0007167f2604167f460a167c0014001304237e85013768656c6c6f2077c3b6726c6420f09f988020616e6420"
    "736f206f6e7b00e807d00fb817a01f000000000000f83f78797a2200"
)
"""A change that is applied, after which inserting at 1 in the text "m" panics: it has a key for a character."""
