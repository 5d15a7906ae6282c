"""The one way to write: every edit made on this device, whatever its kind and whoever asks for it.

    with replica.writing() as writing:
        made = writing.create(kind, write, to)
        writing.edit(made.document.position, write)

Each edit is kept, put into the outbox (or sealed, in a vault), and brought into the rows that reading goes by, all in
the transaction of the block. `write` is given the document and returns the changes that it has made of it; what a
kind's rows are, `projections` knows. So no caller stores, queues or projects anything itself.

Not thread-safe: every call must hold the replica's lock.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from intersession.documents import erasures, projections, sealed, stored
from intersession.documents.documents import Documents
from intersession.documents.rows import Destination, LoadedDocument, Made, StoredDocument, Write
from intersession.errors import InvalidField
from intersession.inputs import versions
from intersession.inputs.versions import Heads
from intersession_schemas.changes import Change, read_change
from intersession_schemas.crdt import Document
from intersession_schemas.errors import DocumentError, RefusalCode
from intersession_schemas.streams import Audience, Kind

if TYPE_CHECKING:
    from intersession.store.store import Store

Project = Callable[[Made], None]
"""Brings an edit into the rows of its document."""
_ACTOR_BYTES = 16


class Writing:
    """What one call writes, in its transaction. Made by `Replica.writing`."""

    def __init__(self, store: Store, documents: Documents) -> None:
        self.store = store
        self._documents = documents
        self.touched: set[UUID] = set()
        """The ids of the documents that differ now: listeners are told of them. A block may add some."""
        self.sheds = False
        """Whether something was deleted that is to be gone from the write-ahead log, too, when the call returns."""

    def create(self, kind: Kind, write: Write, to: Destination, *, project: Project | None = None) -> Made:
        """Make a document. Raises `InvalidField` when it would be too large.

        `project` takes the place of what the kind does by itself, where only the caller knows what differs, and to read
        the whole document for that would cost more with each edit.
        """
        position = stored.add_document(self.store, uuid4(), kind.value, to)
        return self._write(position, self._documents.new(), write, project)

    def edit(
        self, position: int, write: Write, *, based_on: Heads | None = None, project: Project | None = None
    ) -> Made:
        """Change a document; nothing happens if `write` returns no change.

        With `based_on`, `write` is given the document as it was then, and what it makes of it is merged with what has
        come since. Raises `InvalidField` where that version is not here, or when it would grow too large. `project` as
        in `create`.
        """
        opened = self._documents.load(position)
        if based_on is not None and based_on != opened.document.heads:
            if not self.holds(position, based_on):
                raise versions.unknown()
            write = _at_version(based_on, write)
        return self._write(position, opened, write, project)

    def holds(self, position: int, heads: Heads) -> bool:
        """Whether that version of a document is part of what it says here."""
        return all(stored.is_applied(self.store, position, head) for head in heads)

    def read(self, position: int) -> Document:
        """The document, to be read only."""
        return self._documents.read(position)

    def withdraw(self, document: StoredDocument) -> None:
        """Forget a document for good, and have the server and the other devices do the same.

        Of one that others read it is noted that it was withdrawn; a private one is just gone.
        """
        erasures.ask(self.store, document, withdrawn=stored.is_shared(self.store, document))
        self.touched.add(document.id)
        self.sheds = True

    def supersede(self, position: int, copy: int | None = None) -> None:
        """Forget a document of which there is a copy; one in a stream is erased there as well.

        That waits until the server holds `copy`; left out, until nothing of the record waits to be sent.
        """
        self._documents.let_go(position)
        document = stored.at_position(self.store, position)
        if document.stream is None:
            stored.drop_document(self.store, position)
        else:
            erasures.ask(self.store, document, withdrawn=False, copy=copy)
        self.touched.add(document.id)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part that leaves no trace when it fails, while the rest of the block is written."""
        before = set(self.touched)
        try:
            with self._documents.transaction():
                yield
        except BaseException:
            self.touched = before
            raise

    def _write(self, position: int, opened: LoadedDocument, write: Write, project: Project | None) -> Made:
        self._documents.written += 1
        changes = [_checked(data) for data in write(opened.document)]
        document = stored.at_position(self.store, position)
        if not stored.has_room(document, changes):
            raise _too_large(RefusalCode.TOO_LARGE)
        audience = stored.audience_of(self.store, document.stream)
        sent = audience not in (None, Audience.VAULT)
        made = Made(document, tuple(stored.add_made(self.store, document, change, sent=sent) for change in changes))
        if audience is Audience.VAULT:
            sealed.seal_changes(self.store, document)
        self._documents.note_made(position, opened, changes)
        if made.changes:
            self.touched.add(document.id)
            if project is not None:
                project(made)
            else:
                projections.project(self.store, document, opened.document)
        return made


def _at_version(heads: Heads, write: Write) -> Write:
    """Does `write` where a document was at that version, as another author than the one who has gone on from there."""

    def merged(document: Document) -> Sequence[bytes]:
        then = document.fork(secrets.token_bytes(_ACTOR_BYTES), heads)
        changes = write(then)
        document.apply(changes)
        return changes

    return merged


def _checked(data: bytes) -> Change:
    try:
        return read_change(data)
    except DocumentError as problem:
        raise _too_large(problem.code) from problem


def _too_large(code: str) -> InvalidField:
    return InvalidField("With its history this would be too large. Continue in a new one.", code=code)
