"""How the therapist's pages and HTTP API write: the way of a device's push, into the log and never beside it.

A change is made on the document as the log has it, by an actor of its own, and appended as from the therapist's
browser session. Who may write what is decided where it is decided for everybody: in the transaction that appends.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from msgspec import Struct

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.crdt.history import up_to
from intersession_schemas.errors import REFUSAL_TEXT, DocumentError, RefusalCode
from intersession_schemas.messages import Row, RowType
from intersession_schemas.records.kinds import RECORDS, SHAPES
from intersession_schemas.streams import Kind
from intersession_server import errors
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.errors import StorageError
from intersession_server.language.language import say
from intersession_server.log.submissions import Declined, Submission
from intersession_server.passage import ClientAccess
from intersession_server.projections import reading
from intersession_server.projections.read_models import RecordView
from intersession_server.services import Services
from intersession_server.sync.wakeups import Wakeups
from intersession_server.web.record.changes import clashes
from intersession_server.web.record.disclosure import note_written
from intersession_server.web.record.references import named_by
from intersession_server.work import effort

SHOWN_WITHIN = 2.0
"""Seconds that an answer waits, once the write is durable, for the read models to have it as well."""
_ACTOR_BYTES = 16


class WriteTarget(Struct, frozen=True):
    """Where something is written: a stream, and whose it is (None: a practice's library)."""

    stream: UUID
    client: UUID | None


def target_of(access: ClientAccess) -> WriteTarget:
    """Where the documents of a client's record are written."""
    return WriteTarget(access.record_stream, access.client)


def new_id() -> str:
    """An id for an element."""
    return str(uuid4())


class DraftChange(Struct, frozen=True):
    """A document with a change that is not in the log yet (None: nothing differs), and what it says with it.

    `more` are the changes that follow the first one where it takes several.
    """

    kind: Kind
    change: bytes | None
    record: RecordView
    value: Any
    more: tuple[bytes, ...] = ()


def new_draft(session: CurrentSession, kind: Kind, value: Any, now: datetime) -> DraftChange:
    """A new document. Raises `InvalidField` for a value that it may not hold."""
    document = new_document()
    change = SHAPES[kind].create(document, value)
    return drafted(session, kind, document, (change,), now)


def new_document() -> Document:
    """An empty document, to be written into by an actor of its own."""
    return Document.new(secrets.token_bytes(_ACTOR_BYTES))


def drafted(
    session: CurrentSession, kind: Kind, document: Document, changes: Sequence[bytes], now: datetime
) -> DraftChange:
    """A new document that these changes make."""
    now = now.astimezone(UTC)
    record = RecordView(
        id=uuid4(),
        author=session.person,
        arrived_at=now,
        changed_by=session.person,
        changed_at=now,
        heads=_heads(document),
    )
    return DraftChange(kind, changes[0], record, RECORDS[kind].read(document), tuple(changes[1:]))


async def change_draft(
    services: Services,
    session: CurrentSession,
    target: WriteTarget,
    kind: Kind,
    id_: UUID,
    change: Callable[[Any], Any],
    based_on: Sequence[bytes] | None = None,
) -> DraftChange:
    """A document with what `change` makes of it; where `based_on` names heads, of it as it was then.

    Raises `Refused` (`not_found`, `unknown_heads`) where there is no such document or version in that place, or
    where it is to name another document that is not there (`changed_meanwhile`: where somebody else has set the same
    value since then, of which only one could stay); and `InvalidField` for what the document may not hold.
    """
    rows = await rows_in(services, target, id_, kind)
    # In a thread: a document of many changes takes long enough to hold up the event loop.
    before, draft = await effort.in_thread(_change, kind, id_, rows, change, based_on, session.person, services.clock())
    await check_named(services, target, draft.value, named_by(before))
    return draft


async def check_named(services: Services, target: WriteTarget, value: Any, already: Collection[UUID] = ()) -> None:
    """Raise `Refused` (`not_found`) where a value names a document that is not in that place. What it named `already`
    may have been withdrawn since."""
    for id_, kind in named_by(value).items():
        if id_ not in already:
            await rows_in(services, target, id_, kind)


async def rows_in(services: Services, target: WriteTarget, id_: UUID, kind: Kind | None = None) -> list[Row]:
    """The changes of a document (of that kind) in a stream, in order. Raises `Refused` where it has none there."""
    rows = await services.log.document_rows(id_)
    found = [row for row in rows if row.type is RowType.CHANGE and row.change]
    if not found or (kind is not None and found[0].kind != kind):
        raise not_found()
    if await services.log.missing_changes(target.stream, id_, [found[0].hash]):
        raise not_found()  # it lives in another stream, of which nothing is said
    return found


def not_found() -> errors.Refused:
    """There is no such document in that client's record."""
    return errors.Refused("not_found", "There is no such document. It may have been withdrawn.")


def changed_meanwhile() -> errors.Refused:
    """Somebody else has set the same value since it was shown."""
    text = say("Somebody has changed the same thing meanwhile, so this was not saved. Load the page again to see it.")
    return errors.Refused("changed_meanwhile", text)


async def write(
    services: Services, session: CurrentSession, target: WriteTarget, drafts: Sequence[DraftChange]
) -> None:
    """Put drafts into the log, all with one commit; durable, and mostly in the read models, when this returns.

    Raises `Refused` with a code of the wire where one was not taken or does not apply, `StorageError` where nothing
    could be.
    """
    changed = [draft for draft in drafts if draft.change is not None]
    if not changed:
        return
    await note_written(services, session, target.client, target.stream, [draft.record.id for draft in changed])
    now = services.clock()
    # All are handed over before the first is awaited: so they are staged together.
    appending = [services.log.append(_submission(session, target, draft), now) for draft in changed]
    try:
        outcomes = await asyncio.gather(*appending)
    finally:
        services.hub.appended()
    for outcome in outcomes:
        if isinstance(outcome, Declined):
            raise errors.Refused(outcome.code.value, REFUSAL_TEXT[outcome.code])
    seqs = [outcome.seq for outcome in outcomes if not isinstance(outcome, Declined)]
    await _shown(services, target, max(seqs))
    await _check_applied(services, target, seqs)


async def _check_applied(services: Services, target: WriteTarget, seqs: Sequence[int]) -> None:
    """Raise `Refused` where one of these rows was set aside.

    Whether a change applies is found out after it is in the log. Nobody is told that it was saved where it was not.
    """
    for seq in seqs:
        for row in await services.log.stream_rows(target.stream, seq - 1, 1):
            if row.seq == seq and row.type is RowType.QUARANTINE:
                code = RefusalCode.DOES_NOT_APPLY
                raise errors.Refused(code.value, REFUSAL_TEXT[code])


def _submission(session: CurrentSession, target: WriteTarget, draft: DraftChange) -> Submission:
    assert draft.change is not None
    return Submission(
        account=session.person,
        device=session.id,
        stream=target.stream,
        document=draft.record.id,
        kind=draft.kind.value,
        changes=tuple(map(read_change, (draft.change, *draft.more))),
    )


def _change(
    kind: Kind,
    id_: UUID,
    rows: Sequence[Row],
    change: Callable[[Any], Any],
    based_on: Sequence[bytes] | None,
    by: UUID,
    now: datetime,
) -> tuple[Any, DraftChange]:
    shape = SHAPES[kind]
    changes = [row.change for row in rows]
    document = whole = _load(changes)
    if based_on is not None and set(based_on) != set(whole.heads):
        document = _load(_as_of(changes, based_on))
    before = shape.read(document)
    after = change(before)
    if document is not whole and clashes(shape, before, shape.read(whole), after):
        raise changed_meanwhile()
    made = shape.update(document, before, after)
    if document is not whole and made is not None:
        whole.apply([made])
    record = RecordView(
        id=id_,
        author=rows[0].author,
        arrived_at=rows[0].received_at,
        changed_by=by if made else rows[-1].author,
        changed_at=now if made else rows[-1].received_at,
        heads=_heads(whole),
    )
    return before, DraftChange(kind, made, record, shape.read(whole))


def _load(changes: Sequence[bytes]) -> Document:
    document = new_document()
    document.apply(changes)
    return document


def _as_of(changes: Sequence[bytes], heads: Sequence[bytes]) -> list[bytes]:
    """The changes of the version that these heads are."""
    try:
        return [change.data for change in up_to(changes, heads)]
    except DocumentError:
        raise errors.Refused(
            "unknown_heads",
            "This server does not have that version of the document (based_on). Read the document again.",
        ) from None


def _heads(document: Document) -> list[str]:
    return [head.hex() for head in document.heads]


class _Listener:
    """Hears that a stream moved."""

    def __init__(self) -> None:
        self.moved = asyncio.Event()

    def woken(self, stream: UUID, head: int) -> None:
        self.moved.set()

    def grants_changed(self) -> None:
        """Nothing that matters here."""


async def _shown(services: Services, target: WriteTarget, seq: int) -> None:
    """Wait a little for whoever writes and then reads: it is durable, and what shows it is never far behind."""

    async def applied() -> int:
        stream = await services.log.stream(target.stream)
        return seq if stream is None else stream.head

    async def projected() -> int:
        return (await reading.throughs([target.stream]))[target.stream]

    with contextlib.suppress(TimeoutError, StorageError):
        async with asyncio.timeout(SHOWN_WITHIN):
            if target.client is None:
                await _reached(applied, seq, services.wakeups, target.stream)
            else:
                await _reached(projected, seq, services.projector.updates, target.stream)


async def _reached(where: Callable[[], Awaitable[int]], seq: int, wakeups: Wakeups, stream: UUID) -> None:
    ear = _Listener()
    subscription = wakeups.subscribe(ear)
    subscription.watch(frozenset({stream}))
    try:
        while await where() < seq:
            await ear.moved.wait()
            ear.moved.clear()
    finally:
        subscription.close()
