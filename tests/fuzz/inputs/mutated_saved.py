"""Saved documents that say something else than they said, with the right checksum for it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from random import Random

from msgspec.structs import replace
from tests.fuzz.inputs import corpus
from tests.fuzz.inputs.people import ACCOUNTS, CLIENT, DEVICE

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.leb128 import ByteReader, leb128
from intersession_schemas.messages import Moment, SavedRow

_HEADER = 9
_DEFLATED = 0x08


@lru_cache(maxsize=512)
def _saved(changes: tuple[bytes, ...]) -> bytes:
    return Document.load(b"".join(changes), bytes(16)).save()


def saved_story(kind: str, seq: int, at: Moment, chance: Random) -> tuple[bytes, list[SavedRow]]:
    """A document as a server saves it, or as a hostile one says that it does."""
    story = chance.choice(corpus.stories_of(kind))
    data = _saved(story.changes)
    read = [read_change(change) for change in story.changes]
    rows = [
        SavedRow(
            *(min(seq + number, 2**63 - 1), one.hash, ACCOUNTS[CLIENT], DEVICE, at),
            *(list(one.deps), one.actor, one.start_op, one.operations, len(one.data)),
        )
        for number, one in enumerate(read, 1)
    ]
    way = chance.random()
    if way < 0.6:
        data = mutant(data, chance)
    if way > 0.5:
        rows = _odd_rows(rows, chance)
    return data, rows


def mutant(data: bytes, chance: Random) -> bytes:
    """Another document, or none, whose checksum is right."""
    reader = ByteReader(data, _HEADER)
    body = bytearray(reader.take(reader.uint()))
    if chance.random() < 0.6:
        body = bytearray(_unpacked(bytes(body)))
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        place = chance.randrange(len(body))
        match chance.randrange(4):
            case 0:
                body[place] ^= 1 << chance.randrange(8)
            case 1:
                body[place] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, 0x40, 0x3F))
            case 2:
                body[place:place] = leb128(chance.choice((0, 1, 127, 20_000, 2**31, 2**53, 2**62)))
            case _:
                del body[place : place + chance.choice((1, 1, 2, 8))]
        if not body:
            break
    return signed(bytes(body))


def signed(body: bytes) -> bytes:
    """The chunk of a saved document with this body."""
    rest = b"\x00" + leb128(len(body)) + body
    return b"\x85\x6f\x4a\x83" + sha256(rest).digest()[:4] + rest


def _unpacked(body: bytes) -> bytes:
    """The same body with no column deflated, so that its runs can be changed."""
    reader = ByteReader(body)
    for _ in range(reader.uint()):
        reader.take(reader.uint())
    reader.take(32 * reader.uint())
    head = body[: reader.at]
    groups = [[(reader.uint(), reader.uint()) for _ in range(reader.uint())] for _ in range(2)]
    named, columns = b"", b""
    for group in groups:
        named += leb128(len(group))
        for specification, length in group:
            column = reader.take(length)
            if specification & _DEFLATED:
                column = zlib.decompress(column, -15)
            named += leb128(specification & ~_DEFLATED) + leb128(len(column))
            columns += column
    return head + named + columns + body[reader.at :]


def _odd_rows(rows: Sequence[SavedRow], chance: Random) -> list[SavedRow]:
    odd = list(rows)
    place = chance.randrange(len(odd))
    row = odd[place]
    match chance.randrange(7):
        case 0:
            odd[place] = replace(row, hash=bytes(32))
        case 1:
            odd[place] = replace(row, deps=[*row.deps, chance.choice((bytes(32), row.hash))])
        case 2:
            odd[place] = replace(row, operations=chance.choice((0, 1, 200_000, 2**53)))
        case 3:
            odd[place] = replace(row, length=chance.choice((0, 2**22, 2**53)))
        case 4:
            odd[place] = replace(row, seq=chance.choice((0, 1, 2**63 - 1)), start_op=2**53)
        case 5:
            del odd[place]
        case _:
            chance.shuffle(odd)
    return odd
