"""What the connection needs of a replica: each call takes the lock, is one transaction, and then tells listeners."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from intersession.documents import applying, erasures, stored
from intersession.errors import NotPaired
from intersession.models.devices import Amount, Change, LastError, Stopped
from intersession.protocol.outgoing import Outgoing
from intersession.protocol.problems import Trouble
from intersession.protocol.session import Opened, Settle
from intersession.replica.replica import Replica
from intersession.sync import inbox, outbox, unsent
from intersession.sync.agent import agent
from intersession.sync.conversation import Credentials
from intersession_schemas.messages import Rows, Snapshot, Welcome

CONTACT_KEPT_EVERY = timedelta(minutes=1)
"""Each frame is a contact; writing that down costs a commit, so it is done this often at most."""


class Exchange:
    """The connection's `LocalSide`, on a replica. Thread-safe."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    def credentials(self) -> Credentials:
        """Raises `NotPaired`."""
        with self._replica.reading() as store:
            pairing, token = self._replica.paired(), store.meta("token", str)
        if token is None:
            raise NotPaired("This store has no device token. Pair it again with a new code.")
        return Credentials(pairing.url, token)

    def opened(self) -> Opened:
        """Who this replica is and what it holds."""
        with self._replica.reading() as store:
            return Opened(
                self._replica.identity(), agent(), inbox.cursors(store), inbox.known(store), bool(inbox.stopped(store))
            )

    def join(self, welcome: Welcome) -> None:
        """Remember the offered streams; what was meant to be shared goes into the record."""
        with self._replica.reading() as store:
            inbox.join(store, welcome)
            self._replica.note_server_time(welcome.at)
            self._replica.note_country(welcome.country)
        self._replica.notify(Change((), "sync"))

    def stop(self, streams: Mapping[UUID, tuple[str, str]]) -> None:
        """Remember which streams cannot go on with this server, and why."""
        with self._replica.reading() as store:
            inbox.stop(store, streams)
        self._replica.notify(Change((), "sync"))

    def stopped(self) -> tuple[Stopped, ...]:
        """Which streams cannot go on with this server, and why."""
        with self._replica.reading() as store:
            return inbox.stopped(store)

    def store_page(self, page: Rows | Snapshot) -> int:
        """Store a page with its cursor; returns how many of its changes were new.

        What is to be applied is, if that is little; else the first of it, and the rest by `apply_some`.
        """
        with self._replica.reading() as store:
            before, written = store.epoch, self._replica.documents.written
            asked, _ = erasures.waiting(store)
            new = inbox.store_page(store, page)
            touched = applying.apply_first(store, self._replica.documents)
            if store.epoch != before:
                store.truncate_log()
            answered = self._replica.documents.written != written or erasures.waiting(store)[0] > asked
            whole = touched if applying.is_behind(store) else {*touched, *(item.document for item in page.items)}
        if answered:  # logs were withdrawn on another device, or their bucket was, and are rewritten here; or a copy of
            # this store has sent what was withdrawn here
            self._replica.outbox_changed()
        if whole:
            self._replica.notify(Change(tuple(sorted(whole)), "sync"))
        if isinstance(page, Rows):
            self._replica.save_long({item.document for item in page.items})
        return new

    def apply_some(self) -> bool:
        """Apply the next of what was stored; returns whether there is more."""
        return self._replica.apply_some()

    def is_behind(self) -> bool:
        """Whether anything was stored that is not applied yet."""
        with self._replica.reading() as store:
            return applying.is_behind(store)

    def outgoing(self, exclude: frozenset[UUID], limit: int, limit_bytes: int) -> list[Outgoing]:
        """What waits to be sent, oldest first, one item a document."""
        with self._replica.reading() as store:
            return outbox.outgoing(store, exclude, limit, limit_bytes)

    def waits(self) -> bool:
        """Whether anything written here is not on the server yet, be it sendable or not."""
        with self._replica.reading() as store:
            return outbox.waits(store)

    def amount(self) -> Amount:
        """How much it is."""
        with self._replica.reading() as store:
            return outbox.amount(store)

    def settle(self, accepted: Sequence[Settle]) -> None:
        """The server holds these changes."""
        with self._replica.reading() as store, store.transaction():
            for one in accepted:
                outbox.settle(store, one.document, one.hashes)
        self._replica.notify(Change((), "sync"))

    def settle_erasure(self, document: UUID, seq: int, kept: bool, read_at: tuple[datetime, ...]) -> None:
        """The server has erased the document."""
        with self._replica.reading() as store:
            erasures.settle(store, document, seq, kept, read_at)
        self._replica.notify(Change((document,), "sync"))

    def refuse(self, document: UUID, hashes: tuple[bytes, ...], code: str, message: str) -> None:
        """The server will never take these changes: they leave the document and are kept as text.

        Without any, it will not erase the document, which stays erased here.
        """
        with self._replica.reading() as store:
            before = store.epoch
            outbox.refuse(store, document, hashes, code, message)
            applying.apply_first(store, self._replica.documents)
            if store.epoch != before:
                store.truncate_log()
        self._replica.notify(Change((document,), "sync"))

    def resend(self, document: UUID) -> None:
        """Put all changes of the document into the outbox again."""
        with self._replica.reading() as store:
            outbox.resend(store, document)

    def purge(self, stream: UUID, grant: UUID | None) -> int:
        """Delete all that is held of the stream, under that grant (None: under any).

        Returns how many changes had not been sent and are kept as text.
        """
        with self._replica.reading() as store:
            held = stored.ids_in(store, stream)
            kept = unsent.purge(store, stream, grant)
            gone = () if stored.ids_in(store, stream) else held  # it may have been another grant's end
        self._replica.notify(Change(gone, "sync"))
        return kept

    def contact(self) -> None:
        """The server has just been heard from."""
        self._replica.note_contact(CONTACT_KEPT_EVERY)

    def trouble(self, trouble: Trouble | None) -> None:
        """What keeps this device and the server from exchanging everything; None: nothing does any more."""
        if trouble is None:
            self._replica.note_error(None)
        else:
            now = self._replica.now()
            self._replica.note_error(LastError(trouble.code, trouble.message, now, trouble.final))

    def access_ended(self, ended: bool) -> None:
        """Whether the practice has ended this device's access."""
        self._replica.note_access_ended(ended)

    def on_outbox(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back, on whichever thread wrote, when something was put into the outbox; returns what ends it."""
        return self._replica.on_outbox(callback)
