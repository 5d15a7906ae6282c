"""Applying rows to their documents: what a row that was accepted turns out to be. Pure.

Rows are applied per document in one batch, which is far cheaper than one by one. Only where a batch fails is
its document rebuilt and the rows tried singly, so that a row which does not apply is quarantined and the good
ones beside it go on. A document that failed is never used again: Automerge's side of it may be poisoned.

Before that, a `Guard` says which rows would alter what must stay as it is, in the order of the log: they are
quarantined like what does not apply, and nothing of them ever shows.

`applier` runs this on the event loop, the simulation in its own; neither knows more of documents than this.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Sequence
from operator import itemgetter
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from cachetools import LRUCache
from msgspec import Struct

from intersession_schemas.changes import Change, read_change
from intersession_schemas.crdt import Document
from intersession_schemas.errors import DocumentError
from intersession_schemas.messages import RowType
from intersession_schemas.records.guard import Guard
from intersession_schemas.streams import Audience
from intersession_server.log.store import MAX_ATTEMPTS, LoggedRow

MANY_CHANGES = 64
MANY_BYTES = 32 * 1024
"""A document that is held is saved after so many changes or bytes of them."""

BATCH_OPERATIONS = 10_000
"""So many operations are applied in one piece, unless one change has more."""
CHANGE_COUNTS = 20
"""What a change takes beside its operations, in operations."""

_NOBODY = bytes(16)
"""The actor of documents that are only read."""

Steps = Generator[None, None, list[int]]
"""Work in steps: between two of them others may run. Gives the seqs of the rows that were quarantined."""


class AppliedThrough(Struct, frozen=True):
    """All rows of a stream up to `through` are dealt with; those in `quarantined` do not apply."""

    stream: UUID
    through: int
    quarantined: tuple[int, ...]


class OpenDocument:
    """A document in memory, and what it takes to make it again after it failed: its state once saved, and since."""

    def __init__(self, kind: str, changes: Sequence[bytes]) -> None:
        """`changes` are those that applied before, dependencies first."""
        self._kind = kind
        self._saved = b""
        self._many = MANY_CHANGES
        self._since = list(changes)
        self.document = self._make()
        self._guard = self._learn()

    @property
    def weight(self) -> int:
        """About how many bytes of memory this takes."""
        return self.document.weight + self._guard.weight + len(self._saved) + sum(map(len, self._since))

    def take(self, changes: Sequence[bytes | Change]) -> bool:
        """Apply changes in one batch. False when they may not or do not all apply: then nothing of them is in it."""
        try:
            read = [change if isinstance(change, Change) else read_change(change) for change in changes]
            if len(read) == 1 and not self._guard.look(read[0]).fits:
                return False
            if self._guard.admit(read):
                self._guard = self._learn()
                return False
            self.document.apply(read)
        except DocumentError:
            self.document = self._make()
            self._guard = self._learn()
            return False
        self._since += [change.data for change in read]
        self._save_if_long(self.document)
        return True

    def _learn(self) -> Guard:
        guard = Guard(self._kind, ordered=True)
        guard.learn(map(read_change, self.document.changes()))
        return guard

    def _make(self) -> Document:
        document = Document.load(self._saved, _NOBODY)
        try:
            document.apply(self._since)
        except DocumentError:
            document = self._make_from_what_applies()
        self._save_if_long(document)
        return document

    def _make_from_what_applies(self) -> Document:
        """For changes that no longer apply together, as after an update of Automerge: with those that still do."""
        changes, self._since = self._since, []
        document = Document.load(self._saved, _NOBODY)
        for change in changes:
            try:
                document.apply([change])
                self._since.append(change)
            except DocumentError:
                document = Document.load(self._saved, _NOBODY)
                document.apply(self._since)
        return document

    def _save_if_long(self, document: Document) -> None:
        # Loading a saved document is ten times cheaper than applying its changes, and it is smaller than they are.
        # The longer it is, the later it is saved again: to save costs its whole length.
        if len(self._since) > self._many or sum(map(len, self._since)) > max(MANY_BYTES, len(self._saved)):
            self._saved, self._since, self._many = document.save(), [], self._many + self._many // 2


class Weighed(Protocol):
    """Something that takes memory."""

    @property
    def weight(self) -> int:
        """About how many bytes."""


D = TypeVar("D", bound=Weighed)


class HeldDocuments(Generic[D]):
    """The documents used last, up to about `limit_bytes` of memory."""

    def __init__(self, limit_bytes: int) -> None:
        self._held: LRUCache[UUID, tuple[D, int]] = LRUCache(limit_bytes, itemgetter(1))

    def get(self, document: UUID) -> D | None:
        """A document, to be read; None when it is not held, or somebody works on it."""
        held, _ = self._held.get(document, (None, 0))
        return held

    def take(self, document: UUID) -> D | None:
        """Take a document out, to work on it; None when it is not held."""
        held, _ = self._held.pop(document, (None, 0))
        return held

    def forget(self, documents: Iterable[UUID]) -> None:
        """Let go of documents for good."""
        for document in documents:
            self.take(document)

    def put(self, document: UUID, held: D) -> None:
        """Put a document back, and let go of those that were not used for longest; or of it, if it is too large."""
        self.take(document)
        weight = held.weight
        if weight <= self._held.maxsize:
            self._held[document] = held, weight


def advance(held: OpenDocument, rows: Sequence[LoggedRow]) -> Steps:
    """Apply rows of one document, in order, in batches of bounded work."""
    aside: list[int] = []
    refused: set[bytes] = set()
    for number, batch in enumerate(_batches(rows)):
        if number:
            yield
        if not refused and held.take(_changes(batch)):
            continue
        for row in batch:
            yield
            # What builds on a refused row cannot apply; to see that costs less than to try it and rebuild.
            if _builds_on(row, refused) or not held.take(_changes([row])):
                aside.append(row.seq)
                refused.add(row.hash)
    return aside


def _changes(rows: Sequence[LoggedRow]) -> list[bytes | Change]:
    return [row.header or row.change for row in rows]


def _batches(rows: Sequence[LoggedRow]) -> list[list[LoggedRow]]:
    """The rows cut where so many operations have come together: a batch is applied in one piece."""
    if len(rows) == 1:
        return [list(rows)]
    batches: list[list[LoggedRow]] = [[]]
    operations = 0
    for row in rows:
        counted = _operations(row)
        if batches[-1] and operations + counted > BATCH_OPERATIONS:
            batches.append([])
            operations = 0
        batches[-1].append(row)
        operations += counted
    return batches


def _operations(row: LoggedRow) -> int:
    try:
        return row.read().operations + CHANGE_COUNTS
    except DocumentError:
        return 0


def by_document(rows: Iterable[LoggedRow]) -> dict[UUID, list[LoggedRow]]:
    """Rows that are changes of documents, by document. What is in a vault is opaque and always applies.

    Nothing is left to apply of a row whose bytes were dropped or whose document has been erased.
    """
    documents: dict[UUID, list[LoggedRow]] = {}
    for row in rows:
        if row.audience is not Audience.VAULT and row.type is RowType.CHANGE and not row.dropped:
            documents.setdefault(row.document, []).append(row)
    return documents


def by_stream(rows: Iterable[LoggedRow]) -> list[list[LoggedRow]]:
    """The rows by stream, the fewest first: who wrote a line does not wait for who brings a year."""
    streams: dict[UUID, list[LoggedRow]] = {}
    for row in rows:
        streams.setdefault(row.stream, []).append(row)
    return sorted(streams.values(), key=len)


def divided(rows: Iterable[LoggedRow], heavy_from: int) -> tuple[list[LoggedRow], dict[UUID, list[LoggedRow]]]:
    """The rows of each stream up to its first document of more than `heavy_from` operations, and, by stream, those of
    such documents that follow at once. What comes after them has to wait until they are dealt with."""
    light: list[LoggedRow] = []
    heavy: dict[UUID, list[LoggedRow]] = {}
    over: set[UUID] = set()
    for row in rows:
        if row.stream in over:
            continue
        if row.operations > heavy_from and row.type is RowType.CHANGE and not row.dropped:
            heavy.setdefault(row.stream, []).append(row)
        elif row.stream in heavy:
            over.add(row.stream)
        else:
            light.append(row)
    return light, heavy


def set_aside(given: tuple[str, Sequence[bytes], Sequence[LoggedRow]]) -> list[int]:
    """The seqs of the quarantined rows of one document, given its kind, the changes applied before, and the rows."""
    kind, before, rows = given
    steps = advance(OpenDocument(kind, before), rows)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            seqs: list[int] = done.value
            return seqs


def erased(rows: Iterable[LoggedRow]) -> list[UUID]:
    """The documents that these rows erase. What is held of them is let go of once the rows before are applied."""
    return [row.document for row in rows if row.type is RowType.ERASURE]


def worn_out(row: LoggedRow) -> bool:
    """Whether applying it was begun so often, without coming to an end, that it must not be begun again."""
    return row.attempts >= MAX_ATTEMPTS and row.type is RowType.CHANGE and not row.dropped


def settle(rows: Iterable[LoggedRow], quarantined: Collection[tuple[UUID, int]]) -> list[AppliedThrough]:
    """What to tell the store once `rows`, the next ones of their streams, are dealt with."""
    through: dict[UUID, int] = {}
    for row in rows:
        through[row.stream] = max(row.seq, through.get(row.stream, 0))
    return [
        AppliedThrough(stream, last, tuple(sorted(seq for at, seq in quarantined if at == stream)))
        for stream, last in through.items()
    ]


def _builds_on(row: LoggedRow, refused: set[bytes]) -> bool:
    if not refused:
        return False
    try:
        return not refused.isdisjoint(row.read().deps)
    except DocumentError:
        return True
