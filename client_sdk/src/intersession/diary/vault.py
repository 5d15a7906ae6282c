"""The vault: private entries on all of a client's devices, and readable on none of the practice's."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from uuid import uuid4

from intersession.documents import sealed, stored
from intersession.documents.rows import Destination
from intersession.errors import NotPaired, StoreFull, VaultExists, VaultLocked, WrongPassphrase
from intersession.models.private import VaultStatus
from intersession.replica import vault_backfill
from intersession.replica.replica import Replica
from intersession.sealing import recovery_code, sealing, vault_keys
from intersession.sealing.sealing import VaultKey, WrappedKey
from intersession.sealing.vault_keys import KnownKey
from intersession_schemas.streams import Kind

_MOST_TRIED = 16
"""Wrapped keys that one passphrase is tried on: each takes a moment, and the server could hold any number."""


class Vault:
    """The client's vault, as `tracker.vault`. Thread-safe; when a call returns, its data is on disk.

    Without one, private entries stay on the device they were written on. Once it is unlocked on a device, everything
    private there is encrypted with a key that the server never has, and synced to the client's other devices. The key
    is kept in this device's store. Passphrases have at least 8 characters; creating, unlocking and changing take a
    moment, on purpose.
    """

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    def status(self) -> VaultStatus:
        """Whether there is a vault and whether it is unlocked here, and how much could not be read yet."""
        with self._replica.reading() as store:
            is_open, is_known = bool(vault_keys.open_keys(store)), bool(vault_keys.known(store))
            return VaultStatus(
                state="open" if is_open else "locked" if is_known else "none",
                waiting=sealed.count(store, "closed"),
                unreadable=sealed.count(store, "unreadable"),
            )

    def create(self, passphrase: str) -> str:
        """Create the vault and unlock it here; returns its recovery code, which is shown only once.

        The client has to keep the code, on paper for example. If both the passphrase and the code are lost, so is the
        vault: neither the practice nor anybody else can restore it. Everything private on this device goes into it; if
        there is not enough space, the rest follows when the store is next opened. Raises `NotPaired` before pairing and
        before the first sync after it, `VaultExists`, `InvalidField` for a passphrase that is too short, `StoreFull`;
        then there is no vault.
        """
        secret = sealing.normal(passphrase)
        self._check_none()
        key, code = sealing.new_key(), sealing.new_code()
        wrapped = sealing.wrap(key, secret, code)
        with self._replica.writing() as writing:
            stream = self._check_none()
            id = uuid4()
            document = stored.add_document(self._replica.store, id, Kind.VAULT_KEY.value, Destination(stream, False))
            sealed.add_made(self._replica.store, document, wrapped)
            self._opened([key])
            writing.touched.add(id)
        with suppress(StoreFull):  # the code must not be lost: it is never shown again
            vault_backfill.take_in(self._replica)
        return recovery_code.written(code)

    def unlock(self, passphrase_or_code: str) -> None:
        """Unlock the vault on this device, with its passphrase or its recovery code; it stays unlocked until `lock`.

        What came sealed is read now, and all that is private on this device goes into the vault. Where two devices
        each made a vault, every key that fits is opened. Raises `VaultLocked` when no vault is known here (sync
        first), `WrongPassphrase`, `StoreFull`.
        """
        found = self._unwrapped(passphrase_or_code)
        with self._replica.writing():
            self._opened([key for _, _, key in found])
        self._replica.apply_received()
        vault_backfill.take_in(self._replica)

    def lock(self) -> None:
        """Forget the key on this device.

        Entries here stay readable and editable, but nothing is encrypted or decrypted any more: new edits go to the
        other devices, and theirs become readable here, after the next `unlock`.
        """
        with self._replica.reading() as store:
            with store.transaction():
                vault_keys.forget(store)
            store.truncate_log()

    def change_passphrase(self, passphrase_or_code: str, new: str) -> None:
        """Change the vault's passphrase; the recovery code stays valid. Devices on which it is open stay so.

        Other devices ask for the new passphrase once both have synced. Raises `VaultLocked` when no vault is known
        here, `WrongPassphrase`, `InvalidField` for a new one that is too short, `StoreFull`.
        """
        secret = sealing.normal(new)
        self._rewrap(passphrase_or_code, partial(sealing.rewrap, passphrase=secret))

    def new_recovery_code(self, passphrase_or_code: str) -> str:
        """Create a new recovery code, which is shown only once; the previous one stops working.

        Raises as `change_passphrase`.
        """
        code = sealing.new_code()
        self._rewrap(passphrase_or_code, partial(sealing.rewrap, code=code))
        return recovery_code.written(code)

    def _check_none(self) -> bytes:
        """The vault's stream, where no vault has been made yet."""
        with self._replica.reading() as store:
            self._replica.paired()
            stream = stored.vault_stream(store)
            if stream is None:
                raise NotPaired("This store does not know its vault stream yet. Sync once, then create the vault.")
            if vault_keys.known(store) or vault_keys.open_keys(store):
                raise VaultExists("There already is a vault. Unlock it with its passphrase or recovery code.")
            if store.number("SELECT cursor < head OR backfill IS NOT NULL FROM streams WHERE id = ?", stream):
                raise VaultExists(
                    "There already is a vault, but this device has not received it yet. Sync, then unlock it."
                )
            return stream

    def _unwrapped(self, secret: str) -> list[tuple[KnownKey, WrappedKey, VaultKey]]:
        """The wrapped keys that `secret` opens, each with its key; the lock is free while that takes its time."""
        with self._replica.reading() as store:
            known = [(each, each.key) for each in vault_keys.known(store) if each.key is not None]
        if not known:
            raise VaultLocked("This device does not know of a vault. Sync first, or create one.", code="no_vault")
        found = []
        for each, wrapped in known[:_MOST_TRIED]:
            key = sealing.unwrap(wrapped, secret)
            if key is not None:
                found.append((each, wrapped, key))
        if not found:
            raise WrongPassphrase("That is neither the passphrase nor the recovery code of the vault.")
        return found

    def _opened(self, keys: list[VaultKey]) -> None:
        """Remember keys, and that there is something to open and to take in; in a transaction."""
        store = self._replica.store
        vault_keys.keep_open(store, keys)
        sealed.mark_closed(store)
        vault_backfill.plan(store)

    def _rewrap(self, secret: str, wrap: Callable[[WrappedKey, VaultKey, list[bytes]], bytes]) -> None:
        """Put a new wrapped key in the place of each one that `secret` opens."""
        found = {each.document: (wrapped, key) for each, wrapped, key in self._unwrapped(secret)}
        with self._replica.reading() as store:
            known = vault_keys.known(store)
        made = []
        for document, (wrapped, key) in found.items():
            before = [each.hash for each in known if each.document == document]
            made.append((document, before, wrap(wrapped, key, before)))
        with self._replica.writing() as writing:
            store = self._replica.store
            for document, before, blob in made:
                sealed.stop_sending(store, document, before)
                sealed.add_made(store, document, blob, replaces=before)
                writing.touched.add(stored.at_position(store, document).id)
