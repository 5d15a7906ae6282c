"""What clients' and therapists' apps have in common: a replica on this device, and its connection to the practice."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, ClassVar, Self

from intersession.errors import StoreFull, StoreInvalid
from intersession.inputs.clock import Clock
from intersession.models.devices import Pairing, Refusal, Role, Status, SyncReport, Transfer
from intersession.replica.backups import back_up
from intersession.replica.backups import restore as put_back
from intersession.replica.replica import Callback, Dispatch, Replica
from intersession.replica.sharing import share_earlier
from intersession.replica.vault_backfill import take_in
from intersession.store.store_key import StoreKey, as_store_key
from intersession.sync.loading import loading
from intersession.sync.standing import dismiss, in_language, status

if TYPE_CHECKING:
    from intersession.sync.connection import Connection


class Device:
    """Thread-safe, and a context manager that closes. Use `Tracker` or `Caseload`."""

    ROLE: ClassVar[Role]
    """Whose device it is, as a pairing code says."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._connected: Connection | None = None

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        key: StoreKey | str | bytes | None = None,
        clock: Clock | None = None,
    ) -> Self:
        """Open the store at `path`, or create one there; its folder must exist.

        With `key` the store is encrypted as a whole, which needs `intersession[encrypted]`: a `StoreKey`, a passphrase
        as text, or 32 bytes. Losing the key means losing everything that the practice does not have.
        `intersession.store.store_key` encrypts unencrypted stores and changes keys.

        `clock` returns the current time, aware; the default is this device's, in its time zone. Raises `StoreBusy`
        at once when the store is open elsewhere, `StoreLocked` when the key, or no key, does not open it,
        `StoreInvalid`, `StoreTooNew` or `StoreFull`; `InvalidField` for a key that cannot be one.
        """
        replica = Replica.open(path, clock, as_store_key(key))
        paired = replica.pairing()
        if paired is not None and paired.role != cls.ROLE:
            replica.close()
            raise StoreInvalid(f"The store {path} belongs to a {paired.role}. Open it with the app that created it.")
        with suppress(StoreFull):  # what a crash cut short; without room for it, it can wait
            share_earlier(replica)
            take_in(replica)
        return cls(replica)

    def close(self) -> None:
        """Disconnect and close the store; a second call does nothing. Calls after it raise `StoreClosed`."""
        self._replica.lock.check()
        if self._connected is not None:
            self._connected.close()
        self._replica.close()

    def backup(
        self,
        path: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        progress: Callable[[int, int], object] | None = None,
    ) -> None:
        """Back up the store to `path`, for `restore`: everything written before this call.

        The store stays open, and other threads and the network may write to it meanwhile. The backup is one file,
        encrypted with the same key if the store is, and is verified before it appears under its name. It contains this
        device's access to the practice: keep it as safe as the store. `progress` is called on this thread with the
        bytes that are copied and all there are.

        Raises `StoreInvalid` (`backup_exists` for a file that is there already, unless `overwrite`), `StoreFull`,
        `StoreBusy` for a store that is open.
        """
        back_up(self._replica, path, overwrite, progress)

    @classmethod
    def restore(
        cls,
        path: str | os.PathLike[str],
        backup: str | os.PathLike[str],
        *,
        key: StoreKey | str | bytes | None = None,
        progress: Callable[[int, int], object] | None = None,
    ) -> Path | None:
        """Replace the store at `path`, which must be closed or missing, with `backup`.

        The backup is checked first, with its `key` if it is encrypted, and is not removed. The replaced store is kept
        with its log, as `<path>.replaced-1` (or the next free number), and that path is returned; None if there was
        none. What was synced after the backup was made comes back with the next `sync`; what was not is only in the
        kept file, which can be opened like any store.

        Raises `StoreBusy` when either is open, `StoreLocked`, `StoreInvalid`, `StoreTooNew`, `StoreFull`; then the
        store is as it was.
        """
        return put_back(path, backup, as_store_key(key), cls.ROLE, progress)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and self._replica.lock.elsewhere:
            return  # a forked child that ends: what ends it is not to be hidden, and there is nothing to close
        self.close()

    def sync(self, *, timeout: float = 60.0, progress: Callable[[Transfer], object] | None = None) -> SyncReport:
        """Exchange everything with the practice's server, for at most `timeout` seconds.

        Raises `NotPaired`, `Unreachable` when no server answered, `AccessEnded`, `StoreFull`, and `LogDiverged` when
        nothing can be exchanged because the server was restored from an earlier backup; if that concerns only some
        records, the others are exchanged, and `reason` and `status().stopped` name those. Broken connections are
        re-established; if not everything could be exchanged in time, `complete` is False, `reason` says why, and the
        rest is kept for the next sync. `progress` is called on the calling thread, a few times a second, with a
        `Transfer`; an exception in it is logged and stops nothing. Interrupted (by Ctrl-C, say) it ends at once and
        loses nothing.
        """
        return self._connection().sync(timeout, progress)

    def live(self) -> AbstractContextManager[None]:
        """Stay connected, on a separate thread, for as long as the context lasts. Raises `NotPaired`."""
        return self._connection().live()

    def wait_synced(self, timeout: float | None = None) -> bool:
        """Within `live`, wait until everything is exchanged; False after `timeout` seconds.

        Also False if everything is exchanged except stopped records (`status().stopped`). Raises `NotPaired`,
        `AccessEnded`, and `Unreachable` outside of `live`.
        """
        return self._connection().wait_synced(timeout)

    def status(self, *, locale: str = "en") -> Status:
        """The state of this store: pending edits, last contact, refused edits, and any current problem.

        What it says of refusals and problems is in the language of `locale`.
        """
        link = self._connected
        now = status(
            self._replica,
            connected=link is not None and link.connected,
            transfer=None if link is None else link.transfer,
        )
        return in_language(now, locale)

    def dismiss(self, refusal: Refusal) -> None:
        """Delete what is kept of a refused edit, its text included; of one that is gone already, nothing.

        Raises `StoreFull`.
        """
        dismiss(self._replica, refusal)

    def _connection(self) -> Connection:
        """The way to the server; the network's modules are loaded with the first call. Raises `NotPaired`."""
        self._replica.paired()
        with self._replica.lock:
            if self._connected is None:
                with loading():
                    from intersession.sync.connection import Connection
                    from intersession.sync.exchange import Exchange

                self._connected = Connection(Exchange(self._replica))
            return self._connected

    def on_change(self, callback: Callback, *, dispatch: Dispatch | None = None) -> Callable[[], None]:
        """Call `callback` with a `Change` after each change, local or from the server; returns what ends that.

        It is called on the thread that made the change, unless `dispatch` carries it to another: `dispatch` is
        called with a function without arguments and runs it later, for example on a GUI's loop. An exception in
        `callback` is logged and stops nothing.
        """
        return self._replica.on_change(callback, dispatch)

    @property
    def pairing(self) -> Pairing | None:
        """The practice and person this store belongs to; None before pairing."""
        return self._replica.pairing()
