"""Where documents are made after they were applied: once, for the read models and for briefs alike."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.diary import symptoms
from intersession_schemas.documents.diary.symptoms import Bucket
from intersession_schemas.messages import Row
from intersession_server.log.standing import ShownBucket, StandingDocument
from intersession_server.log.store import Stream
from intersession_server.projections.applied import Applied, spoiled
from intersession_server.projections.documents import DocumentRows, Location, project, project_part
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
    """For whom documents are made. `parts`: of what the read models in use hold already only what differs."""

    rows: bool = False
    filing: bool = False
    parts: bool = False


Standing = Callable[[UUID], StandingDocument | None]
"""A document that is open at this moment, as it stands; None where it is not."""


class Readings:
    """Runs on one event loop."""

    def __init__(
        self, source: LogReader, workshop: Workshop | None = None, standing: Standing = lambda document: None
    ) -> None:
        self._source = source
        self._workshop = workshop or Workshop()
        self._standing = standing
        self._tables = object()

    async def of(self, locations: Sequence[Location], wanted: Wanted, through: int | None = None) -> list[Reading]:
        """What the documents say, as they stand or as of the row `through`. Raises `StorageError`.

        Where `parts` are wanted, say `not_written` unless all of it was written.
        """
        found: dict[UUID, Reading] = {}
        for location in locations:
            standing = self._standing(location.document)
            if standing is not None and (through is None or standing.history.through <= through):
                if standing.tables is not self._tables:
                    standing.tables, standing.bucket = self._tables, None
                found[location.document] = _of_standing(location, standing, wanted)
        left = [location for location in locations if location.document not in found]
        held = await asyncio.gather(*(self._source.document_rows(location.document) for location in left))
        if through is not None:
            held = [[row for row in rows if row.seq <= through] for rows in held]
        if left:
            found |= {one.document: one for one in await self.of_rows(left, held, wanted)}
        return [found[location.document] for location in locations]

    def not_written(self, read: Iterable[Reading]) -> None:
        """What was made of these documents was not written: next time they are made whole."""
        for one in read:
            standing = self._standing(one.document)
            if standing is not None:
                standing.bucket = None

    def begin_anew(self) -> None:
        """The read models in use are others from now on: everything is made whole once."""
        self._tables = object()

    async def of_rows(self, locations: Sequence[Location], held: Sequence[list[Row]], wanted: Wanted) -> list[Reading]:
        """What documents say by these, which are all of their applied rows. Raises `StorageError`."""
        operations = await self._source.document_operations([location.document for location in locations])
        pairs = list(zip(locations, held, strict=True))
        heavy = [is_heavy(rows, operations.get(location.document, 0)) for location, rows in pairs]
        return await self._workshop.make(_made, [(*pair, wanted) for pair in pairs], heavy, _spoiled)


def _of_standing(location: Location, standing: StandingDocument, wanted: Wanted) -> Reading:
    through = standing.history.through
    if wanted.parts and not wanted.filing and (part := project_part(location, standing)) is not None:
        assert standing.bucket is not None
        standing.bucket.names |= part.names
        standing.bucket.written = set()
        return Reading(location.document, through, part, None)
    applied = Applied.of(location.document, standing)
    if wanted.parts and isinstance(applied.model, Bucket):
        whole = not applied.model.problems
        standing.bucket = ShownBucket(symptoms.names_in(applied.model.logs)) if whole else None
    return _read(location, applied, through, wanted)


_Given = tuple[Location, list[Row], Wanted]


def _made(given: _Given) -> Reading:
    location, rows, wanted = given
    return _read(location, Applied(rows), rows[-1].seq if rows else 0, wanted)


def _read(location: Location, applied: Applied, through: int, wanted: Wanted) -> Reading:
    return Reading(
        document=location.document,
        through=through,
        rows=project(location, applied) if wanted.rows else None,
        filing=filing(applied) if wanted.filing else None,
    )


def _spoiled(given: _Given) -> _Given:
    location, rows, wanted = given
    return location, spoiled(rows), wanted
