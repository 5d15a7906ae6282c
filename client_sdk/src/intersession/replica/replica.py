"""A replica: the store, its documents, and who listens to it.

One lock guards all of it. A call takes the lock, does its work as one transaction, lets the lock go, and only
then tells the listeners; so a listener may call anything. Nothing here knows of the network.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import NoReturn, TypeVar
from uuid import UUID, uuid4

from intersession.documents import applying, saved, stored
from intersession.documents.documents import Documents
from intersession.documents.rows import Destination
from intersession.documents.writing import Writing
from intersession.errors import NotPaired, StoreClosed, StoreFull, StoreInvalid
from intersession.inputs.clock import Clock, checked
from intersession.models.devices import Change, LastError, Pairing
from intersession.sealing import vault_keys
from intersession.store.forks import ProcessLock
from intersession.store.store import Store
from intersession.store.store_file import FileKey
from intersession_schemas.records.instants import from_micros, to_micros

T = TypeVar("T")
_log = logging.getLogger("intersession")

AT_ONCE = 25
"""Documents that are applied while whoever writes waits,"""
BETWEEN = 0.001
"""and seconds between that and the next, in which they have their turn."""

_LAST_ERROR = "last_error"
_CLOCK_OFFSET = "clock_offset"
_COUNTRY = "country"
_ACCESS_ENDED = "access_ended"

Callback = Callable[[Change], object]
Dispatch = Callable[[Callable[[], object]], object]
"""Runs what it is given on another thread, for example a GUI's loop."""


class Replica:
    """One open replica. Thread-safe. Make it with `open`."""

    def __init__(self, store: Store, now: Clock) -> None:
        self.lock = ProcessLock(store.path)
        self.copying = threading.RLock()
        """Held while the store is copied. Never waited for by whoever holds `lock`."""
        self.now = now
        self._store = store
        self._documents = Documents(store)
        self._open = True
        self._listeners: dict[object, tuple[Callback, Dispatch | None]] = {}
        self._outbox_listeners: dict[object, Callable[[], None]] = {}
        self._last_contact: datetime | None = None
        self._last_error: LastError | None = None

    @classmethod
    def open(cls, path: str | os.PathLike[str], clock: Clock | None, key: FileKey | None = None) -> Replica:
        """Open the store at `path`; see `Store.open` for what it raises."""
        now = checked(clock)
        replica = cls(Store.open(path, now=now, key=key), now)
        with suppress(StoreFull):  # what a crash cut short; without room for it, it can wait
            applying.apply_first(replica.store, replica.documents)
            if applying.is_behind(replica.store):
                threading.Thread(target=replica._apply_the_rest, name="intersession-applying", daemon=True).start()
        return replica

    def _apply_the_rest(self) -> None:
        """Go on with what the last process had stored and not applied, so little at a time that nobody waits for it."""
        with suppress(StoreFull, StoreInvalid, StoreClosed):
            while self.apply_some():
                time.sleep(BETWEEN)

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"The store {self._store.path} belongs to the process that opened it and cannot be copied or sent to "
            "another. Close it and open it there, or do the work in this process."
        )

    def close(self) -> None:
        """Close the store. A second call does nothing."""
        self.lock.check()
        with self.lock:
            was_open, self._open = self._open, False
        if was_open:
            with self.copying, self.lock:
                self._store.close()

    # -- work on the store ---------------------------------------------------------------------------------------------

    @property
    def store(self) -> Store:
        """The store, for a caller that holds the lock. Raises `StoreClosed`, `StoreBusy` in a forked child."""
        self.lock.check()
        if not self._open:
            raise StoreClosed(f"The store {self._store.path} has been closed. Open it again.")
        return self._store

    @property
    def documents(self) -> Documents:
        """The documents, for a caller that holds the lock."""
        return self._documents

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """The lock, and the store to read from."""
        with self.lock:
            yield self.store

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """The lock and one transaction, and the `Writing` that all edits in it are made with.

        When the block has ended, all of it is on disk, or after an error nothing is. Then, without the lock, the
        connection and the listeners are told of the documents that it touched.
        """
        with self.reading() as store:
            with self.documents.transaction():
                writing = Writing(store, self.documents)
                yield writing
            if writing.sheds:
                store.truncate_log()
        if writing.touched:
            self.outbox_changed()
            self.notify(Change(tuple(sorted(writing.touched)), "local"))

    def apply_some(self) -> bool:
        """Apply a little of what was stored and not applied, and tell the listeners; returns whether any is left."""
        with self.reading() as store:
            written = self.documents.written
            touched = applying.apply_some(store, self.documents, AT_ONCE)
            answered, behind = self.documents.written != written, applying.is_behind(store)
        if answered:
            self.outbox_changed()
        if touched:
            self.notify(Change(tuple(sorted(set(touched))), "sync"))
        return behind

    def apply_received(self) -> None:
        """Apply what was stored and not applied yet, and tell the listeners what differs now."""
        with self.reading() as store:
            touched = applying.apply_dirty(store, self.documents)
        self.notify(Change(tuple(sorted(touched)), "sync"))

    def save_long(self, ids: Iterable[UUID]) -> None:
        """Put saved documents in the place of what the server has long accepted of these, where that is much by now.

        They are made without the lock, so that nobody who writes waits for it. Raises `StoreInvalid` where what was
        saved before is damaged.
        """
        for id in ids:
            with self.reading():
                gathered = self.documents.to_save(id)
            if gathered is not None:
                made = saved.make(gathered)
                with suppress(StoreFull), self.reading():  # without room for it, it can wait
                    self.documents.keep_saved(gathered, made)

    # -- listeners -----------------------------------------------------------------------------------------------------

    def on_change(self, callback: Callback, dispatch: Dispatch | None) -> Callable[[], None]:
        """Call back after each change; returns what ends that. `dispatch` carries the call to another thread."""
        self.lock.check()
        return _subscribe(self._listeners, (callback, dispatch))

    def on_outbox(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back, on whichever thread wrote, when something was put into the outbox; returns what ends it."""
        return _subscribe(self._outbox_listeners, callback)

    def notify(self, change: Change) -> None:
        """Tell the listeners, without the lock. One that fails is logged and does not keep others from hearing."""
        for callback, dispatch in list(self._listeners.values()):
            call = partial(_tell, callback, change)
            if dispatch is None:
                call()
            else:
                _guarded(partial(dispatch, call))

    def outbox_changed(self) -> None:
        """Tell the connection that something may be waiting."""
        for callback in list(self._outbox_listeners.values()):
            callback()

    # -- pairing and status --------------------------------------------------------------------------------------------

    def pairing(self) -> Pairing | None:
        """Whose store this is, or None before pairing."""
        with self.reading() as store:
            return store.meta("pairing", Pairing)

    def paired(self) -> Pairing:
        """Whose store this is. Raises `NotPaired`."""
        pairing = self.pairing()
        if pairing is None:
            raise NotPaired("This store is not paired with a practice yet. Ask for a pairing code and pair it first.")
        return pairing

    def identity(self) -> UUID:
        """This replica's id; a copied store has the same."""
        with self.lock:
            found = self.store.meta("replica", UUID)
            if found is None:
                found = uuid4()
                with self.store.transaction():
                    self.store.set_meta("replica", found)
            return found

    def destination(self, shared: bool | None) -> Destination:
        """Where something written now goes. `shared` None: as was chosen at pairing, undecided before.

        What is not shared goes into the vault where that is open.
        """
        pairing = self.pairing()
        wish = shared if shared is not None or pairing is None else pairing.share_by_default
        if not wish:
            vault = stored.vault_stream(self.store) if vault_keys.open_keys(self.store) else None
            return Destination(vault, wish if vault is None else False)
        stream = stored.record_stream(self.store)
        return Destination(stream, None if stream is not None else True)

    @property
    def last_contact(self) -> datetime | None:
        """When the server was last heard, for a caller that holds the lock."""
        kept = self.store.meta("last_contact", int)
        return self._last_contact or (None if kept is None else from_micros(kept))

    @property
    def clock_offset(self) -> timedelta | None:
        """How far this device's clock is from the server's, for a caller that holds the lock; None: not known."""
        offset = self.store.meta(_CLOCK_OFFSET, int)
        return None if offset is None else timedelta(seconds=offset)

    @property
    def last_error(self) -> LastError | None:
        """What keeps this device and the server apart, for a caller that holds the lock."""
        return self._last_error or self.store.meta(_LAST_ERROR, LastError)

    @property
    def access_ended(self) -> bool:
        """Whether the practice has ended this device's access, for a caller that holds the lock."""
        return self.store.meta(_ACCESS_ENDED, bool) or False

    def note_contact(self, every: timedelta) -> None:
        """The server has just been heard; written down at most once per `every`."""
        with self.reading() as store:
            now = self.now()
            kept = store.meta("last_contact", int)
            self._last_contact = now
            if kept is None or now - from_micros(kept) >= every:
                with suppress(StoreFull), store.transaction():
                    store.set_meta("last_contact", to_micros(now))

    def note_server_time(self, at: datetime | None) -> None:
        """The server has just said what time it is there; how far this device's clock is from that is written down."""
        with self.reading() as store:
            offset = None if at is None else round((self.now() - at).total_seconds())
            if offset != store.meta(_CLOCK_OFFSET, int):
                with suppress(StoreFull), store.transaction():
                    store.set_meta(_CLOCK_OFFSET, offset)

    def country(self) -> str | None:
        """Where the practice is, as the server said last; None before, and where it does not say."""
        with self.reading() as store:
            return store.meta(_COUNTRY, str)

    def note_country(self, country: str | None) -> None:
        """The server has just said where the practice is."""
        with self.reading() as store:
            if country != store.meta(_COUNTRY, str):
                with suppress(StoreFull), store.transaction():
                    store.set_meta(_COUNTRY, country)

    def note_error(self, error: LastError | None) -> None:
        """What keeps this device and the server apart; written down when it is another than before."""
        with self.reading() as store:
            kept = store.meta(_LAST_ERROR, LastError)
            self._last_error = error
            if (kept is None) != (error is None) or (kept and error and kept.code != error.code):
                with suppress(StoreFull), store.transaction():
                    store.set_meta(_LAST_ERROR, error)
            else:
                return
        self.notify(Change((), "sync"))

    def note_access_ended(self, ended: bool) -> None:
        """Whether the practice has ended this device's access."""
        with self.reading() as store:
            if (store.meta(_ACCESS_ENDED, bool) or False) == ended:
                return
            with suppress(StoreFull), store.transaction():
                store.set_meta(_ACCESS_ENDED, ended or None)
        self.notify(Change((), "sync"))


def _tell(callback: Callback, change: Change) -> None:
    _guarded(partial(callback, change))


def _guarded(call: Callable[[], object]) -> None:
    """A listener's failure is not the writer's. Its text may quote an entry, so only its kind is logged."""
    try:
        call()
    except Exception as failure:  # noqa: BLE001 - whatever it is, others still want to hear
        _log.warning("a listener of on_change failed: %s", type(failure).__name__)


def _subscribe(listeners: dict[object, T], listener: T) -> Callable[[], None]:
    ticket = object()
    listeners[ticket] = listener

    def end() -> None:
        listeners.pop(ticket, None)

    return end
