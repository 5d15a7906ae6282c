"""What a hostile server sends to a device: pages of mutated documents, answers to pushes, and all else there is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from random import Random
from uuid import UUID

from msgspec.structs import replace
from tests.fuzz.inputs import corpus
from tests.fuzz.inputs.mutated_changes import mutant, relinked
from tests.fuzz.inputs.mutated_frames import mutated_frame
from tests.fuzz.inputs.mutated_saved import saved_story
from tests.fuzz.inputs.people import ACCOUNTS, CLIENT, DEVICE, STREAMS, id_of

from intersession_schemas import codec
from intersession_schemas.changes import read_change
from intersession_schemas.errors import DocumentError, ErrorCode, RefusalCode
from intersession_schemas.messages import (
    Accepted,
    Down,
    Erased,
    Error,
    Limits,
    Rejected,
    Revoked,
    Row,
    Rows,
    RowType,
    Snapshot,
    SnapshotDocument,
    StreamOffer,
    Want,
    Welcome,
)
from intersession_schemas.streams import Audience, Kind, Role, kinds_of

RECORD, VAULT = STREAMS[Audience.RECORD], STREAMS[Audience.VAULT]
GRANTS = {RECORD: id_of(50), VAULT: id_of(51)}
_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
_MOMENTS = (
    _AT,
    _AT + timedelta(days=40),
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=UTC).replace(tzinfo=None).replace(tzinfo=UTC),
)
_KINDS = sorted(kind.value for kind in kinds_of(Audience.RECORD))


def welcome(role: Role = Role.CLIENT, *, pushes: int = 8) -> Welcome:
    """What the first answer says when all is well."""
    client = ACCOUNTS[CLIENT]
    offers = [StreamOffer(RECORD, Audience.RECORD, role, GRANTS[RECORD], client, "Alma", 40, 3, 900)]
    if role is Role.CLIENT:
        offers.append(StreamOffer(VAULT, Audience.VAULT, role, GRANTS[VAULT], client))
    return Welcome(1, "hostile", client, DEVICE, offers, Limits(2**20, pushes, 0.0))


def frames(chance: Random, count: int) -> list[bytes]:
    """Frames of one connection, after the welcome."""
    made: list[bytes] = []
    seq = chance.choice((0, 0, 0, 38, 2**63 - 40))
    for _ in range(count):
        way = chance.random()
        if way < 0.5:
            rows = _rows(chance, seq)
            seq = rows[-1].seq if rows else seq
            data = codec.encode(_page(rows, seq, chance))
        else:
            data = chance.choice(_answers())
        made.append(mutated_frame(data, chance) if chance.random() < (0.3 if way < 0.5 else 0.5) else data)
    return made


def _page(rows: list[Row], seq: int, chance: Random) -> Down:
    stream = RECORD if chance.random() < 0.9 else VAULT
    if chance.random() < 0.8:
        return Rows(stream, rows, min(max(0, seq + chance.choice((0, 0, 0, 1, -1))), 2**63 - 1), bytes(8))
    documents = [SnapshotDocument(row.document, row.kind, [row]) for row in rows]
    if rows and chance.random() < 0.7:
        documents = [SnapshotDocument(rows[0].document, rows[0].kind, rows)]
    if chance.random() < 0.5:
        kind = chance.choice(_KINDS)
        data, inside = saved_story(kind, seq, chance.choice(_MOMENTS), chance)
        document = id_of(1_000 + 10 * _KINDS.index(kind) + chance.randrange(4))
        documents.append(SnapshotDocument(document, kind, rows[:1] if chance.random() < 0.1 else [], data, inside))
    return Snapshot(stream, documents, seq, bytes(8), chance.choice((0, 0, 1, 5)))


def _rows(chance: Random, seq: int) -> list[Row]:
    """Rows of a document, mutated from some change on."""
    kind = chance.choice(_KINDS)
    some = corpus.stories_of(kind)
    story = min(chance.choice(some), chance.choice(some), key=lambda one: sum(map(len, one.changes)))
    if chance.random() < 0.5:
        before, chain = relinked(story.changes, chance)
        changes = [*before, *chain][:10]
    else:
        changes = [one if chance.random() < 0.6 else mutant(one, chance) for one in story.changes[:6]]
    document = id_of(1_000 + 10 * _KINDS.index(kind) + chance.randrange(4))
    rows = []
    for change in changes:
        seq = min(seq + 1, 2**63 - 1)
        row = Row(seq, document, kind, _hash(change), ACCOUNTS[CLIENT], DEVICE, _AT, change=change)
        rows.append(_odd(row, chance) if chance.random() < 0.12 else row)
    return rows


def _odd(row: Row, chance: Random) -> Row:
    """A row that says something strange about its change."""
    match chance.randrange(9):
        case 0:
            return replace(row, type=RowType.ERASURE, change=b"")
        case 1:
            return replace(row, type=RowType.QUARANTINE, change=b"")
        case 2:
            return replace(row, received_at=chance.choice(_MOMENTS))
        case 3:
            return replace(row, hash=chance.choice((b"", bytes(32), row.hash[:8])))
        case 4:
            return replace(row, kind=chance.choice((*_KINDS, "vault_key", "note", "", "x" * 64)))
        case 5:
            return replace(row, document=id_of(1_000 + chance.randrange(200)))
        case 6:
            return replace(row, seq=chance.choice((0, 1, row.seq - 1 if row.seq else 0, 2**63 - 1)))
        case 7:
            return replace(row, change=chance.choice((b"", b"x", row.change * 2, row.change[:-1])))
        case _:
            return replace(row, author=id_of(chance.randrange(9)), device=UUID(int=0))


def _hash(change: bytes) -> bytes:
    try:
        return read_change(change).hash
    except DocumentError:
        return sha256(change).digest()


@lru_cache(maxsize=1)
def _answers() -> tuple[bytes, ...]:
    """All that is no page."""
    made: list[Down] = []
    for id_ in (1, 2, 3, 4, 9):
        made += [Accepted(id_, 7 + id_), Accepted(id_, 3), Erased(id_, 9, bool(id_ % 2), [_AT])]
        made += [Rejected(id_, code, "No.", id_of(id_)) for code in RefusalCode]
        made += [Rejected(id_, code, "Later.", id_of(id_), 1.5) for code in RefusalCode]
    for code in (*ErrorCode, "new"):
        made += [Error(code, "So it is.", wait, stream) for wait in (None, 2.0) for stream in (None, RECORD, VAULT)]
    for stream, grant in GRANTS.items():
        made += [Want(stream, id_of(1_000), [bytes(32)]), Revoked(stream, grant), Revoked(stream, id_of(99))]
    asked = welcome()
    for _ in range(12):
        made += [asked, welcome(Role.PRIMARY), welcome(pushes=1)]
    made += [replace(asked, streams=[]), replace(asked, streams=[replace(asked.streams[0], fork=0)])]
    made += [replace(asked, limits=limits) for limits in _LIMITS]
    return tuple(map(codec.encode, made))


_LIMITS = (
    Limits(1_000, 1, 5.0, 2.0, 10.0, 5.0),
    Limits(100, 2, 0.001, 0.001, 0.001, 0.001),
    Limits(2**31, 10**6, 1e9, 1e9, 1e9, 1e9),
    Limits(1, 1, 1.0),
)
assert Kind.PLAN.value in _KINDS
