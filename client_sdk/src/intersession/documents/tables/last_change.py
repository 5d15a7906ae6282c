"""Who changed a document last, and when: told from the rows that brought its changes, not from what it says.

What was written on this device and has not come back from the server is newer than all that has, and this account's.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from intersession.models.devices import Pairing
from intersession_schemas.records.instants import from_micros

if TYPE_CHECKING:
    from intersession.store.store import Store

LAST_COLUMNS = "n.author, coalesce(n.received_at, n.made_at)"
"""What a query reads of the change that `LAST_JOIN` finds."""
LAST_JOIN = "LEFT JOIN changes n ON n.position = d.latest"
"""Joins the latest change `n` to a document `d`."""


class LastChange(NamedTuple):
    """`by` is an account; None for what was written here before pairing. `at` is when the server received it, before
    that when it was made here."""

    by: UUID | None
    at: datetime | None


def last_change(own: UUID | None, author: bytes | None, at: int | None) -> LastChange:
    """The columns as read; `own` is the account of this store."""
    return LastChange(own if author is None else UUID(bytes=author), None if at is None else from_micros(at))


def own_account(store: Store) -> UUID | None:
    """Whose store this is; None before pairing."""
    pairing = store.meta("pairing", Pairing)
    return None if pairing is None else pairing.account
