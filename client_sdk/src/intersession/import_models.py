"""What the import of a file answers with. Frozen values."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

__all__ = ["BadRow", "Conflict", "ImportReport"]


class BadRow(Struct, frozen=True):
    """A row of a file that was not imported: `line` as in the file (the header is line 1), and why."""

    line: int
    reason: str


class Conflict(Struct, frozen=True):
    """A row that was imported before, under the same `key`, with other values. What is kept was not changed."""

    line: int
    key: str
    names: tuple[str, ...]


class ImportReport(Struct, frozen=True):
    """What an import did. Every row of the file is in exactly one of the counts and lists.

    `id` is the import's own, by which it can be undone. `rows` counts all but the header; `imported` are new,
    `unchanged` were there already; `skipped_empty` had no answer; `other` belong to somebody else (see `only`).
    `columns` are the symptoms that were read.
    """

    id: UUID
    rows: int
    imported: int
    skipped_empty: int
    unchanged: int
    other: int
    conflicts: tuple[Conflict, ...]
    bad: tuple[BadRow, ...]
    columns: tuple[str, ...]
