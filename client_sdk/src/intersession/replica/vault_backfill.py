"""Putting into an open vault what is on this device only: all that is private or undecided, with its history.

What was edited in the vault's documents while it was locked is sealed here as well. Some documents at a time; how
far it has come is in the store itself, so after a crash or a full disk the next opening goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intersession.documents import sealed, stored
from intersession.documents.rows import Destination
from intersession.documents.writing import Writing
from intersession.replica.sharing import share_earlier
from intersession.sealing import vault_keys

if TYPE_CHECKING:
    from intersession.replica.replica import Replica
    from intersession.store.store import Store

_DUE = "vault_intake"
AT_ONCE = 50
"""Documents per transaction."""


def plan(store: Store) -> None:
    """Note that the vault has been opened, in a transaction."""
    store.set_meta(_DUE, True)


def take_in(replica: Replica) -> None:
    """Carry out what `plan` has noted; does nothing when that is done. Raises `StoreFull`."""
    with replica.reading() as store:
        if store.meta(_DUE, bool) is None:
            return
    share_earlier(replica)  # what is to be shared is not private
    more = True
    while more:
        with replica.writing() as writing:
            more = _take_some(writing)


def _take_some(writing: Writing) -> bool:
    store = writing.store
    vault = stored.vault_stream(store)
    if vault is None or vault_keys.sealing_key(store) is None:  # locked again, or ended
        store.set_meta(_DUE, None)
        return False
    rows = store.all("SELECT position FROM documents WHERE stream IS NULL AND wish IS NOT 1 LIMIT ?", AT_ONCE)
    for (position,) in rows:
        stored.move(store, position, Destination(vault, False))
    if not rows:
        rows = store.all(
            "SELECT position FROM documents d WHERE stream = ? AND EXISTS"
            " (SELECT 1 FROM changes c WHERE c.document = d.position AND NOT c.sealed) LIMIT ?",
            vault,
            AT_ONCE,
        )
    for (position,) in rows:
        document = stored.at_position(store, position)
        sealed.seal_changes(store, document)
        writing.touched.add(document.id)
    if not rows:
        store.set_meta(_DUE, None)
    return bool(rows)
