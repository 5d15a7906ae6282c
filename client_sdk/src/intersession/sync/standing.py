"""Where a replica stands: what waits, when the practice was last heard, and what is wrong, if something is."""

from __future__ import annotations

from uuid import UUID

from intersession.documents import applying
from intersession.models.devices import Refusal, Status, Transfer
from intersession.replica.replica import Replica
from intersession.store.store import Store
from intersession.sync import inbox, outbox
from intersession_schemas.records.instants import from_micros


def status(replica: Replica, *, connected: bool, transfer: Transfer | None) -> Status:
    """It all, as of one moment; `connected` and `transfer` are the connection's."""
    with replica.reading() as store:
        pending = outbox.pending(store)
        return Status(
            paired=replica.pairing(),
            pending=pending.changes,
            oldest_pending=pending.oldest,
            last_contact=replica.last_contact,
            connected=connected,
            refusals=_refusals(store),
            problems=store.number("SELECT count(*) FROM problems"),
            transfer=transfer,
            last_error=replica.last_error,
            access_ended=replica.access_ended,
            stopped=inbox.stopped(store),
            clock_offset=replica.clock_offset,
            not_listed=applying.left(store),
        )


def _refusals(store: Store) -> tuple[Refusal, ...]:
    rows = store.all("SELECT document, kind, code, message, text, at FROM refusals ORDER BY position DESC")
    return tuple(
        Refusal(UUID(bytes=document), kind, code, message, text or "", from_micros(at))
        for document, kind, code, message, text, at in rows
    )
