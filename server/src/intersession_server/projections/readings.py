"""Where documents are made after they were applied: once, for the read models and for briefs alike."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from msgspec import Struct

from intersession_schemas.messages import Row
from intersession_server.log.store import Stream
from intersession_server.projections.applied import Applied, spoiled
from intersession_server.projections.documents import DocumentRows, Location, project
from intersession_server.projections.filing import Filing, filing
from intersession_server.work.workshop import Workshop, is_heavy


class LogReader(Protocol):
    """What is read of the log; a `LogStore` is one."""

    async def stream(self, id: UUID) -> Stream | None:
        """A stream by id."""

    async def stream_heads(self) -> dict[UUID, int]:
        """The last applied row of every stream."""

    async def stream_rows(self, stream: UUID, after: int, limit: int) -> list[Row]:
        """Applied rows after `after`, at most `limit`."""

    async def document_rows(self, document: UUID) -> list[Row]:
        """The applied rows of a document in log order."""

    async def document_operations(self, documents: Sequence[UUID]) -> dict[UUID, int]:
        """How many operations the changes of each document hold, where there are any."""


class Reading(Struct, frozen=True):
    """What was made of a document's rows up to `through` (0: there are none), as far as it was wanted.

    `rows` are those of the read models, `filing` is what briefs are made from; it is None too where there is none.
    """

    document: UUID
    through: int
    rows: DocumentRows | None
    filing: Filing | None


class Wanted(Struct, frozen=True):
    """For whom documents are made."""

    rows: bool = False
    filing: bool = False


class Readings:
    """Runs on one event loop."""

    def __init__(self, source: LogReader, workshop: Workshop | None = None) -> None:
        self._source = source
        self._workshop = workshop or Workshop()

    async def of(self, locations: Sequence[Location], wanted: Wanted, through: int | None = None) -> list[Reading]:
        """What the documents say, as they stand or as of the row `through`. Raises `StorageError`."""
        held = await asyncio.gather(*(self._source.document_rows(location.document) for location in locations))
        if through is not None:
            held = [[row for row in rows if row.seq <= through] for rows in held]
        return await self.of_rows(locations, held, wanted)

    async def of_rows(self, locations: Sequence[Location], held: Sequence[list[Row]], wanted: Wanted) -> list[Reading]:
        """What documents say by these, which are all of their applied rows. Raises `StorageError`."""
        operations = await self._source.document_operations([location.document for location in locations])
        pairs = list(zip(locations, held, strict=True))
        heavy = [is_heavy(rows, operations.get(location.document, 0)) for location, rows in pairs]
        return await self._workshop.make(_made, [(*pair, wanted) for pair in pairs], heavy, _spoiled)


_Given = tuple[Location, list[Row], Wanted]


def _made(given: _Given) -> Reading:
    location, rows, wanted = given
    applied = Applied(rows)
    return Reading(
        document=location.document,
        through=rows[-1].seq if rows else 0,
        rows=project(location, applied) if wanted.rows else None,
        filing=filing(applied) if wanted.filing else None,
    )


def _spoiled(given: _Given) -> _Given:
    location, rows, wanted = given
    return location, spoiled(rows), wanted
