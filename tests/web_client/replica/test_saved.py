"""Saved documents that come from elsewhere: the core refuses what the SDK refuses, for the same reason."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from random import Random

import pytest
from tests.web_client.peer import Peer, Refused

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.documents.care.goals import GOAL, Goal
from intersession_schemas.errors import DocumentError
from intersession_schemas.leb128 import ByteReader, leb128
from intersession_schemas.saved_documents import check_saved

WORDS = ["I", "walked", "once", "round", "the", "lake", "and", "back"]


def saved(random: Random) -> tuple[bytes, int, int]:
    """A document that was edited now and then, how many changes it has, and how many operations."""
    document = Document.new(random.randbytes(16))
    GOAL.create(document, Goal(what="Walk", why=" ".join(random.choices(WORDS, k=random.randrange(200)))))
    for _ in range(random.randrange(6)):
        before = GOAL.read(document)
        GOAL.update(document, before, Goal(what=random.choice(WORDS), why=before.why[random.randrange(9) :]))
    changes = [read_change(change) for change in document.changes()]
    return document.save(), len(changes), sum(change.operations for change in changes)


def spoiled(data: bytes, random: Random) -> bytes:
    """The same with some bytes of its body changed, and a checksum that is right again."""
    reader = ByteReader(data[9:])
    body = bytearray(reader.take(reader.uint()))
    for _ in range(random.randrange(1, 4)):
        body[random.randrange(len(body))] = random.randrange(256)
    rest = b"\0" + leb128(len(body)) + bytes(body)
    return data[:4] + sha256(rest).digest()[:4] + rest


def code_of_sdk(data: bytes, changes: int, operations: int) -> str | None:
    try:
        check_saved(data, changes, operations)
    except DocumentError as refusal:
        return str(refusal.code)
    return None


def test_the_core_refuses_what_the_sdk_refuses(peer: Peer) -> None:
    peer.open("saved")
    random = Random(11)
    codes: dict[str | None, int] = {}
    for number in range(400):
        data, changes, operations = saved(random)
        if number % 4:
            data = spoiled(data, random)
        if number % 5 == 0:
            changes, operations = random.choice([(changes - 1, operations), (changes, operations - 1), (0, 0)])
        expected = code_of_sdk(data, changes, operations)
        try:
            given = {"data": b64encode(data).decode(), "changes": changes, "operations": operations}
            said = peer.ask("checkSaved", "saved", **given)
        except Refused as refusal:
            said = refusal.code
        assert said == expected, data.hex()
        codes[expected] = codes.get(expected, 0) + 1
    assert codes.keys() >= {None, "bad_change", "too_many_operations"}, codes


def cut(data: bytes) -> bytes:
    return data[:-1]


def longer(data: bytes) -> bytes:
    return data + b"x"


def of_another_kind(data: bytes) -> bytes:
    return b"x" + data[1:]


@pytest.mark.parametrize("spoil", [cut, longer, of_another_kind])
def test_what_is_no_saved_document_is_refused(peer: Peer, spoil: Callable[[bytes], bytes]) -> None:
    peer.open("saved")
    data, changes, operations = saved(Random(1))
    given = {"data": b64encode(spoil(data)).decode(), "changes": changes, "operations": operations}
    with pytest.raises(Refused) as refusal:
        peer.ask("checkSaved", "saved", **given)
    assert refusal.value.code == "bad_change"
