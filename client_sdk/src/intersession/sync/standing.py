"""Where a replica stands: what waits, when the practice was last heard, and what is wrong, if something is."""

from __future__ import annotations

from uuid import UUID

from msgspec.structs import replace

from intersession.documents import applying
from intersession.models.devices import Change, Refusal, Status, Transfer
from intersession.replica.replica import Replica
from intersession.store.store import Store
from intersession.sync import inbox, outbox
from intersession_schemas import languages
from intersession_schemas.client_words import TABLES
from intersession_schemas.records.instants import from_micros, to_micros


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


def dismiss(replica: Replica, refusal: Refusal) -> None:
    """Delete what is kept of a refused edit."""
    with replica.writing() as writing:
        writing.store.run(
            "DELETE FROM refusals WHERE document = ? AND at = ?", refusal.document.bytes, to_micros(refusal.at)
        )
        writing.sheds = True
    replica.notify(Change((), "local"))


def in_language(one: Status, locale: str) -> Status:
    """The same, with what it says about refusals and problems in the language of `locale`, as far as that has words."""
    error = one.last_error
    return replace(
        one,
        refusals=tuple(replace(it, message=_said(locale, f"refusal {it.code}", it.message)) for it in one.refusals),
        stopped=tuple(replace(it, message=_said(locale, f"stopped {it.code}", it.message)) for it in one.stopped),
        last_error=None
        if error is None
        else replace(error, message=_said(locale, f"trouble {error.code}", error.message)),
    )


def _said(locale: str, key: str, otherwise: str) -> str:
    """In English what was said at the time stays, which may be more exact; and so does what depends on a number."""
    table = languages.in_language(TABLES, locale)
    if table is None or table is TABLES["en"] or key not in table or "{" in table[key]:
        return otherwise
    return table[key]
