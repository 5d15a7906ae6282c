"""Where a face reads and writes: a client's own record, a record of a caseload, a chart, the practice's library."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from intersession.documents import records, stored
from intersession.documents.records import StoredRecord
from intersession.documents.rows import Destination, StoredDocument, Write
from intersession.documents.writing import Writing
from intersession.errors import InvalidField, NotFound
from intersession.inputs import checks
from intersession.inputs.versions import Heads
from intersession.inputs.windows import ALL, ReadWindow
from intersession.replica.replica import Replica
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.streams import Audience, Kind, is_authored


class Scope:
    """The record of the client whose device this is: what is here of any stream, and what waits for one.

    Calls read and write under the replica's lock; those that write, inside `replica.writing`.
    """

    def __init__(self, replica: Replica) -> None:
        self.replica = replica

    def stream(self) -> bytes | None:
        """The stream that is read; None: all. Raises `NotFound` where it is gone."""
        return None

    def destination(self) -> Destination:
        """Where new documents go. Raises `NotFound` where there is no such place any more."""
        return self.replica.destination(shared=True)

    def account(self) -> UUID | None:
        """Whose device this is; None before pairing."""
        pairing = self.replica.pairing()
        return None if pairing is None else pairing.account

    def author(self, row: StoredRecord[Any]) -> UUID | None:
        """Who wrote a document; None for one that was written here before pairing."""
        return row.author or self.account()

    def now(self) -> datetime:
        """The moment it is for the person at this device."""
        return self.replica.now()

    def today(self) -> date:
        """Their local day, which begins at the hour that the plan says."""
        return self.agreed().day_of(self.now())

    # -- reading -------------------------------------------------------------------------------------------------------

    def rows(
        self,
        kind: Kind,
        *,
        about: UUID | None = None,
        open: bool = False,
        window: ReadWindow = ALL,
        keep: Callable[[StoredRecord[Any]], bool] | None = None,
    ) -> list[StoredRecord[Any]]:
        """Documents of a kind, newest first: those about one document, if it is given, that `keep` keeps.

        `open`: only homework that goes on, and assessments that are not completed. Of them those that `window` asks
        for. Raises `NotFound`.
        """
        with self.replica.reading() as store:
            return records.records(store, kind, stream=self.stream(), about=about, open=open, window=window, keep=keep)

    def kept(self, kind: Kind, *, about: UUID | None = None) -> list[StoredRecord[Any]]:
        """As `rows`, all of them, from memory where they were read before: to work with, and never to hand out."""
        with self.replica.reading() as store:
            return records.kept(store, kind, stream=self.stream(), about=about)

    def row(self, kind: Kind, id: UUID | str) -> StoredRecord[Any]:
        """One document. Raises `NotFound`."""
        with self.replica.reading() as store:
            wanted = checks.uuid("id", id)
            found = records.record(store, kind, wanted, stream=self.stream())
        if found is None:
            raise NotFound(f"There is no {kind.value.replace('_', ' ')} with that id here.")
        return found

    def shared(self, on: UUID | str) -> StoredDocument:
        """A document that client and care team both read. Raises `NotFound`."""
        with self.replica.reading() as store:
            document = records.shared_document(store, checks.uuid("on", on), self.stream())
        if document is None:
            raise NotFound("There is no document with that id that the client and the care team share.")
        return document

    def plan(self) -> StoredRecord[Plan] | None:
        """The plan, if it has arrived."""
        found = self.rows(Kind.PLAN)
        return found[0] if found else None

    def agreed(self) -> Plan:
        """What the plan says, to work with; an empty one before it has arrived."""
        found = self.kept(Kind.PLAN)
        return found[0].model if found else Plan()

    # -- writing -------------------------------------------------------------------------------------------------------

    def add(self, writing: Writing, kind: Kind, value: Struct) -> UUID:
        """Make a document that says `value`; returns its id. Raises `InvalidField`, `StoreFull`."""
        return self.create(writing, kind, records.creation(kind, value))

    def create(self, writing: Writing, kind: Kind, write: Write) -> UUID:
        """Make a document of what `write` writes; returns its id. Raises `InvalidField`, `StoreFull`."""
        return writing.create(kind, write, self.destination()).document.id

    def change(
        self,
        writing: Writing,
        kind: Kind,
        row: StoredRecord[Any],
        change: Callable[[Any], Any],
        *,
        based_on: Heads | None = None,
    ) -> None:
        """Turn what a document says, or said at the version `based_on`, into what `change` makes of it.

        Raises `InvalidField`, `StoreFull`.
        """
        self.edit(writing, row, records.revision(kind, lambda value: [change(value)]), based_on=based_on)

    def edit(self, writing: Writing, row: StoredRecord[Any], write: Write, *, based_on: Heads | None = None) -> None:
        """Change a document by what `write` writes into it, as it is or as it was at the version `based_on`.

        Raises `InvalidField`, `StoreFull`.
        """
        self._check_author(row)
        writing.edit(row.position, write, based_on=based_on)

    def _check_author(self, row: StoredRecord[Any]) -> None:
        """Raise `InvalidField` where somebody else wrote the document and nobody but them may change it."""
        store = self.replica.store
        document = stored.at_position(store, row.position)
        audience = stored.audience_of(store, document.stream)
        if audience is None or row.author is None or row.author == self.account():
            return
        if is_authored(audience, Kind(document.kind)):
            raise InvalidField(
                "Somebody else wrote this, and only they may change it. Write a comment or a new one instead."
            )


class ClientScope(Scope):
    """One stream of a client in a caseload: the record, or the chart."""

    def __init__(self, replica: Replica, client: UUID, audience: Audience = Audience.RECORD) -> None:
        super().__init__(replica)
        self._client = client
        self._audience = audience

    def stream(self) -> bytes:
        """The stream. Raises `NotFound` once the assignment has ended."""
        with self.replica.reading() as store:
            found = records.stream_of(store, self._client, self._audience)
        if found is None:
            raise no_client()
        return found

    def destination(self) -> Destination:
        """The same stream. Raises `NotFound` once the assignment has ended."""
        return Destination(self.stream(), None)


class LibraryScope(Scope):
    """The practice's library."""

    def is_here(self) -> bool:
        """Whether this device has it: from the first contact after pairing on."""
        with self.replica.reading() as store:
            return records.library_stream(store) is not None

    def stream(self) -> bytes:
        """The library's stream. Raises `NotFound` before the first contact with the practice."""
        with self.replica.reading() as store:
            found = records.library_stream(store)
        if found is None:
            raise NotFound("This device does not have the practice's library yet. Pair and sync it.")
        return found

    def destination(self) -> Destination:
        """The same stream."""
        return Destination(self.stream(), None)


def no_client() -> NotFound:
    """What every call on a client raises once the assignment has ended."""
    return NotFound("There is no client with that id in this caseload; the assignment may have ended.")
