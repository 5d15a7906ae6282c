"""What comes from the server: streams, pages of rows, snapshots, the end of a grant.

A page is kept with the cursor it brings in one transaction, before anything of it is applied; so a crash in
between costs nothing, and a row that cannot be used never stops the cursor. Functions work on an open store,
under the replica's lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from intersession.documents import arriving, erasures, sealed, stored
from intersession.documents.rows import Arrival, Destination, StoredDocument
from intersession.documents.tables import symptom_rows
from intersession.models.devices import Stopped
from intersession.sealing import vault_keys
from intersession.sync import outbox
from intersession_schemas.changes import read_change
from intersession_schemas.errors import REFUSAL_TEXT, DocumentError, RefusalCode
from intersession_schemas.messages import (
    Row,
    Rows,
    RowType,
    Snapshot,
    SnapshotDocument,
    StreamCursor,
    StreamOffer,
    Welcome,
)
from intersession_schemas.records.instants import to_micros
from intersession_schemas.streams import Audience, Kind, Role

if TYPE_CHECKING:
    from intersession.store.store import Store


def cursors(store: Store) -> list[StreamCursor]:
    """How far this replica is in each stream it holds, for `hello`."""
    return [
        StreamCursor(UUID(bytes=id), cursor, chain, backfill)
        for id, cursor, chain, backfill in store.all("SELECT id, cursor, chain, backfill FROM streams ORDER BY id")
    ]


def known(store: Store) -> list[StreamOffer]:
    """What this replica was offered last, of each stream it holds, for `hello`."""
    rows = store.all("SELECT id, audience, role, grant_id, client, label FROM streams ORDER BY id")
    return [
        StreamOffer(UUID(bytes=id), Audience(audience), Role(role), UUID(bytes=grant), UUID(bytes=client), label)
        for id, audience, role, grant, client, label in rows
    ]


def join(store: Store, welcome: Welcome) -> None:
    """Take over the streams that this account may read; what is to be shared gets its stream.

    A stream that is no longer offered stays until the server says `revoked`. One that is offered as what it cannot be
    is left as it is.
    """
    with store.transaction():
        for offer in welcome.streams:
            if not _fits(store, offer):
                continue
            store.run(
                "INSERT INTO streams (id, audience, role, grant_id, client, label, head) VALUES (?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET audience = excluded.audience, role = excluded.role,"
                " grant_id = excluded.grant_id, client = excluded.client, label = excluded.label, head = excluded.head",
                offer.stream.bytes,
                offer.audience.value,
                offer.role.value,
                offer.grant.bytes,
                offer.client.bytes,
                offer.label,
                offer.head,
            )
            if offer.audience is Audience.RECORD and offer.role is Role.CLIENT:
                _send_wished(store, offer)
        outbox.resend_unconfirmed(store)


def _fits(store: Store, offer: StreamOffer) -> bool:
    """Whether the offer is of the stream as it is held.

    A stream has one audience for ever, and an account is its client or is not. So what was sealed for a vault is never
    sent in the open because a server calls the vault something else; and rows of logs, which are kept by whose they
    are, are found again when they are to go.
    """
    held = store.one("SELECT audience, role FROM streams WHERE id = ?", offer.stream.bytes)
    return held is None or (
        held[0] == offer.audience.value and (held[1] == Role.CLIENT.value) == (offer.role is Role.CLIENT)
    )


def stop(store: Store, streams: Mapping[UUID, tuple[str, str]]) -> None:
    """Remember which streams, and no others, cannot go on with the server, and why: nothing of them is sent."""
    with store.transaction():
        store.run("UPDATE streams SET stopped = NULL, stopped_message = NULL WHERE stopped IS NOT NULL")
        store.run_many(
            "UPDATE streams SET stopped = ?, stopped_message = ? WHERE id = ?",
            [(code, message, stream.bytes) for stream, (code, message) in streams.items()],
        )


def stopped(store: Store) -> tuple[Stopped, ...]:
    """Which streams cannot go on with the server, and why."""
    rows = store.all(
        "SELECT id, audience, client, label, stopped, stopped_message FROM streams WHERE stopped IS NOT NULL"
        " ORDER BY label, id"
    )
    return tuple(
        Stopped(UUID(bytes=id), audience, UUID(bytes=client), name, code, message)
        for id, audience, client, name, code, message in rows
    )


def _send_wished(store: Store, offer: StreamOffer) -> None:
    """What was written to be shared before the stream was known goes into it, as it is."""
    for (position,) in store.all("SELECT position FROM documents WHERE stream IS NULL AND wish = 1"):
        stored.move(store, position, Destination(offer.stream.bytes, None))
        store.run(
            "INSERT INTO outbox (change, document) SELECT position, document FROM changes WHERE document = ?", position
        )


def store_page(store: Store, page: Rows | Snapshot) -> int:
    """Keep a page and the cursor it brings in one transaction; returns how many changes were new.

    Touched documents are marked for `applying`. A row that cannot be used is kept as a problem and never
    stops the cursor. Raises `StoreFull`; then nothing of the page is kept.
    """
    with store.transaction():
        row = store.one("SELECT cursor, backfill FROM streams WHERE id = ?", page.stream.bytes)
        if row is None:
            return 0  # the grant ended while the page was on its way
        cursor, backfill = row
        before = store.epoch
        if isinstance(page, Rows):
            new = _take_rows(store, page.stream, page.items)
            if page.through > cursor:
                _move(store, page.stream, page.through, page.chain)
        else:
            new = sum(_take_document(store, page.stream, item) for item in page.items)
            if backfill is None:  # the first of its series fixes the cursor; rows after it come on their own
                _move(store, page.stream, page.head, page.chain)
            store.run("UPDATE streams SET backfill = ? WHERE id = ?", page.backfill or None, page.stream.bytes)
        if store.epoch != before:
            stored.compact_search(store)
        return new


def _move(store: Store, stream: UUID, cursor: int, chain: bytes) -> None:
    store.run("UPDATE streams SET cursor = ?, chain = ? WHERE id = ?", cursor, chain, stream.bytes)


def _take_document(store: Store, stream: UUID, item: SnapshotDocument) -> int:
    """Keep a whole document; returns how many changes were new. One of which a part is saved is not looked at yet."""
    rows, new = item.rows, 0
    if item.inside:
        try:
            if stored.is_vault(store, stream.bytes):
                raise DocumentError(REFUSAL_TEXT[RefusalCode.BAD_CHANGE], code=RefusalCode.BAD_CHANGE)
            if stored.find(store, item.document) is not None or erasures.knows(store, item.document):
                rows = arriving.rows_of(item)
            else:
                arriving.keep(store, stream, item)
                new = len(item.inside)
        except DocumentError as problem:
            arriving.note_problem(store, stream.bytes, item.inside[0].seq, item.document, problem)
            return 0
    return new + _take_rows(store, stream, rows)


def _take_rows(store: Store, stream: UUID, rows: Iterable[Row]) -> int:
    new = 0
    for row in rows:
        try:
            new += _take_row(store, stream, row)
        except DocumentError as problem:
            arriving.note_problem(store, stream.bytes, row.seq, row.document, problem)
            store.run("UPDATE documents SET dirty = 1 WHERE id = ? AND stream = ?", row.document.bytes, stream.bytes)
    return new


def _take_row(store: Store, stream: UUID, row: Row) -> bool:
    """Keep one row; returns whether it brought a new change. Raises `DocumentError` when it cannot be used."""
    vault = stored.is_vault(store, stream.bytes)
    document = _here(store, stream, row, vault=vault)
    if document is not None and (document.stream != stream.bytes or document.kind != row.kind):
        raise DocumentError(REFUSAL_TEXT[RefusalCode.WRONG_DOCUMENT], code=RefusalCode.WRONG_DOCUMENT)
    if row.type is RowType.ERASURE:
        erasures.arrive(store, document or _added(store, stream, row))
        return False
    if row.type is RowType.QUARANTINE:
        _take_quarantine(store, stream, document, row)
        return False
    if document is not None and document.erased:
        return False
    arrival = Arrival(row.seq, row.author.bytes, row.device.bytes, to_micros(row.received_at))
    if vault:
        return _take_blob(store, document or _added(store, stream, row), row, arrival)
    if document is not None and stored.came_back(store, document.position, row.hash, row.change, arrival):
        if document.kind == Kind.SYMPTOM_LOG:
            symptom_rows.arrived(store, document, row.hash)
        return False
    change = read_change(row.change)
    if change.hash != row.hash:
        raise DocumentError(REFUSAL_TEXT[RefusalCode.BAD_CHECKSUM], code=RefusalCode.BAD_CHECKSUM)
    document = document or _added(store, stream, row)
    if not stored.knows(store, document.position, change.hash) and not stored.has_room(document, [change]):
        raise DocumentError(REFUSAL_TEXT[RefusalCode.TOO_LARGE], code=RefusalCode.TOO_LARGE)
    new = stored.add_received(store, document.position, change, arrival)
    if new:
        stored.mark_for_applying(store, document.position)
    return new


def _here(store: Store, stream: UUID, row: Row, *, vault: bool) -> StoredDocument | None:
    """The document of a row as far as it is here. What a copy of this store has sent is in its stream from now on."""
    document = stored.find(store, row.document)
    if document is None and erasures.ask_again(store, row.document, stream):
        document = _added(store, stream, row)
        store.run("UPDATE documents SET erased = 1 WHERE position = ?", document.position)
        return stored.at_position(store, document.position)
    alone = document is not None and document.stream is None and not document.wish and document.kind == row.kind
    if vault and document is not None and alone:
        # A copy of this store has put it into the vault; so it is there.
        stored.move(store, document.position, Destination(stream.bytes, False))
        document = stored.at_position(store, document.position)
    return document


def _take_quarantine(store: Store, stream: UUID, document: StoredDocument | None, row: Row) -> None:
    """The server took it, found that it does not apply or would alter what stays, and delivers it to nobody."""
    if row.kind == Kind.ASSESSMENT:
        store.run(
            "REPLACE INTO not_accepted (stream, seq, document, author, received_at) VALUES (?, ?, ?, ?, ?)",
            stream.bytes,
            row.seq,
            row.document.bytes,
            row.author.bytes,
            to_micros(row.received_at),
        )
    if document is not None:
        message = REFUSAL_TEXT[RefusalCode.DOES_NOT_APPLY]
        outbox.quarantine(store, document, row.hash, RefusalCode.DOES_NOT_APPLY, message)


def _take_blob(store: Store, document: StoredDocument, row: Row, arrival: Arrival) -> bool:
    """Keep a sealed row; it is opened when it is applied, if its key is open on this device."""
    new = sealed.receive(store, document, row.hash, row.change, arrival)
    if new:
        stored.mark_for_applying(store, document.position)
    return new


def _added(store: Store, stream: UUID, row: Row) -> StoredDocument:
    """The document of a row, new here."""
    wish = False if stored.is_vault(store, stream.bytes) else None
    position = stored.add_document(store, row.document, row.kind, Destination(stream.bytes, wish))
    return stored.at_position(store, position)


def purge(store: Store, stream: UUID, grant: UUID) -> bool:
    """Delete all that is held under that grant: data, cursor, outbox, projections, search.

    False when the stream is not held, or by now under another grant.
    """
    with store.transaction():
        row = store.one("SELECT 1 FROM streams WHERE id = ? AND grant_id = ?", stream.bytes, grant.bytes)
        if row is None:
            return False
        for (position,) in store.all("SELECT position FROM documents WHERE stream = ?", stream.bytes):
            stored.drop_document(store, position)
        store.run("DELETE FROM problems WHERE stream = ?", stream.bytes)
        store.run("DELETE FROM not_accepted WHERE stream = ?", stream.bytes)
        store.run("DELETE FROM refusals WHERE stream = ?", stream.bytes)
        erasures.purge(store, stream)
        if stored.is_vault(store, stream.bytes):
            vault_keys.forget(store)
        store.run("DELETE FROM streams WHERE id = ?", stream.bytes)
        symptom_rows.forget_unused_names(store)
        stored.compact_search(store)
    store.epoch += 1
    store.truncate_log()
    return True
