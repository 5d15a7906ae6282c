"""Which rows are read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from intersession_schemas.records.instants import to_micros


class ReadWindow(Struct, frozen=True):
    """Which rows to read: from `since` up to but not including `until`, the newest `limit`; of one stream or of all.

    `after` is the item that the page before ended with.
    """

    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None
    stream: UUID | None = None
    after: UUID | str | None = None

    @property
    def bounds(self) -> tuple[int, int, int]:
        """The values of the placeholders in the queries below: since, until, limit."""
        return (
            -(2**63) if self.since is None else to_micros(self.since),
            2**63 - 1 if self.until is None else to_micros(self.until),
            -1 if self.limit is None else self.limit,
        )


ALL = ReadWindow()
"""All rows."""
