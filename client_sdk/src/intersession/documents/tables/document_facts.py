"""What lists show of a document beside what it says: when it arrived, who it is from, which change is the latest.

It stands in the row of the document, and each change that comes adds to it: so no list looks for it among all changes.
Functions work on an open store, inside a transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intersession.documents.rows import Arrival
    from intersession.store.store import Store

# What was made here and has not come back is newer than all that has.
_LATEST = """
    ifnull(
        (SELECT position FROM changes INDEXED BY changes_by_seq
            WHERE document = documents.position AND NOT set_aside AND seq IS NULL ORDER BY position DESC LIMIT 1),
        (SELECT position FROM changes INDEXED BY changes_by_seq
            WHERE document = documents.position AND NOT set_aside ORDER BY seq DESC, position DESC LIMIT 1))
"""
_ADD = f"""
    UPDATE documents SET
        arrived_at = min(ifnull(arrived_at, ?), ?),
        heard_at = max(ifnull(heard_at, ?), ?),
        author = CASE WHEN first_seq < ? THEN author ELSE ? END,
        first_seq = min(ifnull(first_seq, ?), ?),
        latest = {_LATEST}
    WHERE position = ?
"""  # noqa: S608 - a constant is put in
_FIND = f"""
    UPDATE documents SET
        arrived_at = (SELECT min(received_at) FROM changes c WHERE c.document = documents.position),
        heard_at = (SELECT max(received_at) FROM changes c WHERE c.document = documents.position),
        first_seq = (SELECT min(seq) FROM changes c WHERE c.document = documents.position),
        author = (SELECT author FROM changes c
            WHERE c.document = documents.position AND seq IS NOT NULL ORDER BY seq LIMIT 1),
        latest = {_LATEST}
    WHERE position = ?
"""  # noqa: S608 - likewise


def note_arrival(store: Store, document: int, arrival: Arrival) -> None:
    """A change of the document is in the log, at that row."""
    at, seq = arrival.received_at, arrival.seq
    store.run(_ADD, at, at, at, at, seq, arrival.author, seq, seq, document)


def note_blob(store: Store, document: int, arrival: Arrival) -> None:
    """The same of a blob with changes, where any of them came with it first."""
    sql = "SELECT 1 FROM changes INDEXED BY changes_by_seq WHERE document = ? AND NOT set_aside AND seq = ? LIMIT 1"
    if store.one(sql, document, arrival.seq) is not None:
        note_arrival(store, document, arrival)


def find_again(store: Store, document: int) -> None:
    """Find it among all changes, as some have gone or do not count any more."""
    store.run(_FIND, document)
