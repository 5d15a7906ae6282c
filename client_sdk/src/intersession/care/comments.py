"""Comments, which client and care team both read, and notes, which the care team keeps to itself."""

from __future__ import annotations

import builtins
from datetime import UTC, datetime
from uuid import UUID

from intersession.documents.records import StoredRecord
from intersession.inputs import checks
from intersession.models.records import Comment, Note
from intersession.replica.scope import Scope
from intersession_schemas.documents.care import comments as documents
from intersession_schemas.streams import Kind

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def comment(scope: Scope, on: UUID, text: str, helped: bool | None = None) -> Comment:
    """Comment on a document that both sides can read. Raises `NotFound`, `InvalidField`, `StoreFull`."""
    said = checks.text("text", text)
    with scope.replica.writing() as writing:
        document = scope.shared(on)
        value = documents.Comment(on=document.id, text=said, helped=helped, made_at=scope.now())
        made = scope.add(writing, Kind.COMMENT, value)
        return _comment(scope, scope.row(Kind.COMMENT, made))


def comments(scope: Scope, on: UUID, limit: int | None, after: UUID | None) -> list[Comment]:
    """Comments on a document, newest first. Raises `NotFound`, `InvalidField`."""
    window = checks.listed(limit, after)
    with scope.replica.reading():
        document = scope.shared(on)
        return [_comment(scope, row) for row in scope.rows(Kind.COMMENT, about=document.id, window=window)]


def all_comments(scope: Scope) -> list[Comment]:
    """All comments, newest first."""
    with scope.replica.reading():
        return [_comment(scope, row) for row in scope.rows(Kind.COMMENT)]


class Notes:
    """Notes on one client, as `client.notes`: the care team can read them, the client never can.

    Every call raises `NotFound` once the assignment has ended.
    """

    def __init__(self, chart: Scope, record: Scope) -> None:
        self._chart = chart
        self._record = record

    def add(self, text: str, about: UUID | None = None) -> Note:
        """Write a note; `about` is the id of a document that it is about. Raises `NotFound`, `InvalidField`."""
        said = checks.text("text", text)
        with self._chart.replica.writing() as writing:
            document = None if about is None else self._record.shared(about).id
            value = documents.Note(text=said, about=document, made_at=self._chart.now())
            return _note(self._chart, self._chart.row(Kind.NOTE, self._chart.add(writing, Kind.NOTE, value)))

    def list(self, *, limit: int | None = None, after: UUID | None = None) -> builtins.list[Note]:
        """All notes, newest first; `limit` and `after` as in `Journal.entries`."""
        window = checks.listed(limit, after)
        with self._chart.replica.reading():
            return [_note(self._chart, row) for row in self._chart.rows(Kind.NOTE, window=window)]


def _comment(scope: Scope, row: StoredRecord[documents.Comment]) -> Comment:
    model, author = row.model, scope.author(row)
    assert model.on is not None
    return Comment(
        id=row.id,
        on=model.on,
        text=model.text,
        helped=model.helped,
        made_at=model.made_at or row.arrived_at or _EPOCH,
        author=author,
        mine=author == scope.account(),
        arrived_at=row.arrived_at,
        changed_by=row.last.by,
        changed_at=row.last.at,
        version=row.version,
        problems=model.problems,
    )


def _note(scope: Scope, row: StoredRecord[documents.Note]) -> Note:
    model, author = row.model, scope.author(row)
    return Note(
        id=row.id,
        text=model.text,
        about=model.about,
        made_at=model.made_at or row.arrived_at or _EPOCH,
        author=author,
        mine=author == scope.account(),
        arrived_at=row.arrived_at,
        changed_by=row.last.by,
        changed_at=row.last.at,
        version=row.version,
        problems=model.problems,
    )
