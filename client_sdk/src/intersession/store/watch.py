"""Who is told of the transactions of a store."""

from __future__ import annotations


class TransactionWatch:
    """Somebody who is told of transactions; this one does nothing."""

    def begins(self) -> None:
        """One is about to begin."""

    def undone(self) -> None:
        """One was undone, or a part of it."""
