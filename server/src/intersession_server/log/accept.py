"""What becomes of a push or an erasure: from what a store looked up to the rows and totals that it writes. Pure.

A store gathers a `Situation` inside its transaction, and carries out the `LogWrite` in the same one. Whatever is
numbered, chained or counted is so here, so that every store keeps the same log of the same pushes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from intersession_schemas.changes import Change
from intersession_schemas.errors import RefusalCode
from intersession_schemas.messages import RowType
from intersession_schemas.records.instants import to_micros
from intersession_schemas.streams import Audience
from intersession_server.log import chain, checks, quotas
from intersession_server.log.quotas import Quotas, Usage
from intersession_server.log.store import UnknownStream, erasure_hash
from intersession_server.log.submissions import Appended, Declined, ErasureDone, ErasureRequest, Submission


class End(Struct, frozen=True):
    """Where a stream ends: its last row and the chain there."""

    head: int
    chain: bytes


class Tombstone(Struct, frozen=True):
    """The erasure of a document: its row, when that was received, and whether the bytes were kept."""

    seq: int
    at: datetime
    kept: bool


class ToErase(Struct, frozen=True):
    """What a document holds that is to be erased: the bytes of its rows, what they count, and the rows themselves."""

    bytes: int = 0
    content: int = 0
    rows: tuple[int, ...] = ()


class Situation(Struct, frozen=True):
    """What a store looked up. `end` and `usage` are None where there is no such stream.

    `aside` is how many rows of the document were quarantined, asked for where a refusal may be noted
    (`checks.tells_set_aside`). `tombstone` and `held` are of the document of an erasure.
    """

    facts: checks.Facts
    end: End | None
    usage: Usage | None
    aside: int = 0
    tombstone: Tombstone | None = None
    held: ToErase = ToErase()


class NewRow(Struct, frozen=True):
    """A row to be written: as `Row`, with its link of the chain. Actor, its number and the last operation are None for
    what holds no change, and in a vault."""

    seq: int
    type: RowType
    hash: bytes
    chain: bytes
    change: bytes | None = None
    actor: bytes | None = None
    actor_seq: int | None = None
    last_op: int | None = None


class Totals(Struct, frozen=True):
    """By how much totals grow (below zero: shrink). `operations` and `size` are the document's, and where several
    write it also the account's share; `content` is what the document counts, `held` what the stream and its practice
    do; `documents` and `bytes` are the stream's."""

    operations: int = 0
    size: int = 0
    content: int = 0
    documents: int = 0
    bytes: int = 0
    held: int = 0


class LogWrite(Struct, frozen=True):
    """What is written in one transaction, all by one account through one device.

    `is_new`: the document begins with the first row. `dropped`: of these of its rows the bytes go; `"all"`: of all.
    `erased`: the row that erases it, and whether its bytes stay. `owned` are actors that are the account's from now on.
    """

    stream: UUID
    document: UUID
    kind: str
    account: UUID
    device: UUID
    received_at: datetime
    rows: tuple[NewRow, ...]
    totals: Totals
    is_new: bool = False
    is_shared: bool = False
    dropped: Sequence[bytes] | Literal["all"] = ()
    erased: tuple[int, bool] | None = None
    owned: tuple[bytes, ...] = ()


def accept(
    submission: Submission, found: Situation, limits: Quotas, received_at: datetime
) -> tuple[Appended | Declined, LogWrite | None]:
    """What is answered to a push, and what is written for it. Raises `UnknownStream`."""
    verdict = checks.judge(submission, found.facts)
    match verdict:
        case checks.Reject(code=code):
            noted = _noted(submission, found, code, limits, received_at)
            return Declined(code, noted=noted is not None), noted
        case checks.Duplicate(seq=seq, replaced=replaced):
            return Appended(seq, duplicate=True), _dropping(submission, found.facts, replaced, received_at)
    usage = _of_stream(submission.stream, found)[1]
    write = _written(submission, verdict.changes, found, received_at, verdict.replaced)
    if not quotas.has_room(limits, usage, submission.kind, write.totals.held):
        return Declined(RefusalCode.STORAGE_FULL), None
    after = Usage(usage.audience, usage.stream + write.totals.held, usage.practice + write.totals.held)
    return Appended(write.rows[-1].seq, nearly_full=quotas.nearly_full(limits, after)), write


def accept_own(submission: Submission, found: Situation, received_at: datetime) -> LogWrite:
    """What is written for a document that the server makes itself: nothing is judged. Raises `UnknownStream`."""
    return _written(submission, submission.changes, found, received_at)


def accept_erasure(
    request: ErasureRequest, found: Situation, limits: Quotas, received_at: datetime, *, keep: bool
) -> tuple[ErasureDone | Declined, LogWrite | None]:
    """What is answered to an erasure, and what is written for it. Raises `UnknownStream`.

    There is always room to erase what is there. The tombstone of an unknown document takes room like anything else.
    """
    facts, before = found.facts, found.tombstone
    if refusal := checks.judge_erasure(request, facts):
        return Declined(refusal), None
    if before is not None:
        return ErasureDone(before.seq, before.kept, True, before.at, found.held.rows), None
    end, usage = _of_stream(request.stream, found)
    if facts.document is None and not quotas.has_room(limits, usage, request.kind, quotas.ROW):
        return Declined(RefusalCode.STORAGE_FULL), None
    kept = checks.keeps_bytes(facts.audience, keep=keep)
    content = 0 if kept else -found.held.content
    seq, hash_ = end.head + 1, erasure_hash(request.document)
    chained = _chained(end.chain, request, seq, RowType.ERASURE, hash_, received_at)
    write = LogWrite(
        stream=request.stream,
        document=request.document,
        kind=request.kind,
        account=request.account,
        device=request.device,
        received_at=received_at,
        rows=(NewRow(seq, RowType.ERASURE, hash_, chained),),
        totals=Totals(
            content=content,
            documents=0 if facts.document is None else -1,
            bytes=-found.held.bytes,
            held=content + quotas.ROW,
        ),
        is_new=facts.document is None,
        dropped=() if kept else "all",
        erased=(seq, kept),
    )
    return ErasureDone(seq, kept, False, received_at, found.held.rows), write


def _written(
    submission: Submission,
    changes: Sequence[Change],
    found: Situation,
    received_at: datetime,
    replaced: Sequence[bytes] = (),
) -> LogWrite:
    """The rows of new changes, with the bytes of those that they replace gone."""
    facts, (end, _) = found.facts, _of_stream(submission.stream, found)
    is_vault = facts.audience is Audience.VAULT
    rows, seq, chained = [], end.head, end.chain
    for change in changes:
        seq += 1
        chained = _chained(chained, submission, seq, RowType.CHANGE, change.hash, received_at)
        row = NewRow(seq, RowType.CHANGE, change.hash, chained, change.data)
        if not is_vault:
            row = NewRow(
                seq, RowType.CHANGE, change.hash, chained, change.data, change.actor, change.seq, change.last_op
            )
        rows.append(row)
    less = sum(facts.replaceable[hash_] for hash_ in replaced)
    content = quotas.content(changes) - less
    return LogWrite(
        stream=submission.stream,
        document=submission.document,
        kind=submission.kind,
        account=submission.account,
        device=submission.device,
        received_at=received_at,
        rows=tuple(rows),
        totals=Totals(
            operations=sum(change.operations for change in changes),
            # What is in a vault is not inflated, so the size of what is replaced is its length.
            size=sum(change.size for change in changes) - less,
            content=content,
            documents=int(facts.document is None),
            bytes=sum(len(change.data) for change in changes) - less,
            held=content + quotas.ROW * len(rows),
        ),
        is_new=facts.document is None,
        is_shared=checks.is_shared(facts.audience, submission.kind),
        dropped=tuple(replaced),
        owned=() if is_vault else tuple(sorted({change.actor for change in changes} - facts.owners.keys())),
    )


def _dropping(
    submission: Submission, facts: checks.Facts, replaced: Sequence[bytes], received_at: datetime
) -> LogWrite | None:
    """Nothing but that bytes go which newer ones of a vault hold as well."""
    less = sum(facts.replaceable[hash_] for hash_ in replaced)
    if not less:
        return None
    return LogWrite(
        stream=submission.stream,
        document=submission.document,
        kind=submission.kind,
        account=submission.account,
        device=submission.device,
        received_at=received_at,
        rows=(),
        totals=Totals(size=-less, content=-less, bytes=-less, held=-less),
        dropped=tuple(replaced),
    )


def _noted(
    submission: Submission, found: Situation, code: RefusalCode, limits: Quotas, received_at: datetime
) -> LogWrite | None:
    """A row without bytes that says of a refused push that there was one; None where that need not be known, where
    there are enough of them, and where there is no room."""
    facts = found.facts
    hash_ = checks.noted_as(submission, facts, code)
    if hash_ is None or found.end is None or found.usage is None or found.aside >= checks.MOST_NOTED:
        return None
    if not quotas.has_room(limits, found.usage, submission.kind, quotas.ROW):
        return None
    seq = found.end.head + 1
    # Whether it was quarantined is in no chain: of other rows that is found out after they were numbered.
    chained = _chained(found.end.chain, submission, seq, RowType.CHANGE, hash_, received_at)
    return LogWrite(
        stream=submission.stream,
        document=submission.document,
        kind=submission.kind,
        account=submission.account,
        device=submission.device,
        received_at=received_at,
        rows=(NewRow(seq, RowType.QUARANTINE, hash_, chained),),
        totals=Totals(documents=int(facts.document is None), held=quotas.ROW),
        is_new=facts.document is None,
    )


def _of_stream(stream: UUID, found: Situation) -> tuple[End, Usage]:
    if found.end is None or found.usage is None:
        raise UnknownStream.of(stream)
    return found.end, found.usage


def _chained(
    before: bytes, asked: Submission | ErasureRequest, seq: int, type_: RowType, hash_: bytes, received_at: datetime
) -> bytes:
    return chain.extend(
        before,
        asked.stream,
        seq,
        asked.document,
        type_,
        asked.kind,
        hash_,
        asked.account,
        asked.device,
        to_micros(received_at),
    )
