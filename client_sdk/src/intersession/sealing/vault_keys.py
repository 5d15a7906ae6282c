"""The keys of the client's vault on this device: those that are open, and all that are known, wrapped.

An open key is kept in the store's `meta`. The wrapped ones are `vault_key` documents of the vault: there is one,
or two where two devices each made a vault before they heard of each other. Functions work on an open store, under
the replica's lock; those that write, inside a transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from intersession.sealing import sealing
from intersession.sealing.sealing import VaultKey, WrappedKey

if TYPE_CHECKING:
    from intersession.store.store import Store

_OPEN = "vault_keys"


class KnownKey(Struct, frozen=True):
    """One wrapped key: `document` is the position of its document, `hash` the one of its blob. `key` is None for a
    blob that this version cannot open."""

    document: int
    hash: bytes
    seq: int | None
    key: WrappedKey | None


def known(store: Store) -> list[KnownKey]:
    """All wrapped keys that are valid now, in the order of the log; those the server has not seen come last."""
    rows = store.all(
        "SELECT b.document, b.hash, b.seq, b.data FROM documents d JOIN sealed b ON b.document = d.position"
        " WHERE d.kind = 'vault_key' ORDER BY b.seq IS NULL, b.seq, b.position"  # as its index says
    )
    found = [KnownKey(document, hash, seq, sealing.read_wrapped(data)) for document, hash, seq, data in rows]
    replaced = {(each.document, hash) for each in found if each.key is not None for hash in each.key.replaces}
    return [each for each in found if (each.document, each.hash) not in replaced]


def open_keys(store: Store) -> list[VaultKey]:
    """The keys that are open on this device."""
    return store.meta(_OPEN, list[VaultKey]) or []


def keep_open(store: Store, keys: list[VaultKey]) -> None:
    """Remember keys as open, besides those that are."""
    there = open_keys(store)
    names = {key.id for key in there}
    store.set_meta(_OPEN, there + [key for key in keys if key.id not in names])


def forget(store: Store) -> None:
    """Remember no key any more."""
    store.set_meta(_OPEN, None)


def sealing_key(store: Store) -> VaultKey | None:
    """The open key that new blobs are sealed with: the one the log knew first. None while the vault is locked."""
    keys = {key.id: key for key in open_keys(store)}
    if len(keys) > 1:
        for each in known(store):
            if each.key is not None and each.key.key_id in keys:
                return keys[each.key.key_id]
    return next(iter(keys.values()), None)
