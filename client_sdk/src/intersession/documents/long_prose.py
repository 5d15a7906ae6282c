"""Rewriting prose in several changes: one change holds a bounded number of operations, and each character that is
written or deleted is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal
from intersession_schemas.documents.diary.entry_times import Time, correct_time
from intersession_schemas.documents.diary.journal import JournalEntry
from intersession_schemas.documents.diary.sections import MAX_TEXT, Section
from intersession_schemas.documents.texts import check_rewritten
from intersession_schemas.prose import splices

STEP = 8_000
"""Characters written or deleted in one change: well below what a change may hold, as an edit is measured in words."""


def copy_entry(document: Document, entry: JournalEntry) -> list[bytes]:
    """Write what an entry says into an empty document; returns the changes. Raises `InvalidField`."""
    assert entry.written_at is not None
    assert entry.entered_at is not None
    # Edits and merges may have made it longer than a new entry may be.
    whole = len(entry.text) + _characters(entry.sections) <= MAX_TEXT
    longest = max(MAX_TEXT, len(entry.text), *(len(section.text) for section in entry.sections))
    first = journal.create(
        document,
        written_at=entry.written_at,
        entered_at=entry.entered_at,
        zone=entry.zone,
        text=entry.text if whole else "",
        sections=entry.sections if whole else [replace(section, text="") for section in entry.sections],
        mood=entry.mood,
        tags=entry.tags,
        held=entry.tags,
    )
    if whole:
        return [first]
    return [first, *_edit(document, journal.read(document), longest, text=entry.text, sections=entry.sections)]


def edit_entry(
    document: Document,
    *,
    text: str | UnsetType = UNSET,
    sections: Sequence[Section] | UnsetType = UNSET,
    mood: int | UnsetType | None = UNSET,
    tags: Sequence[str] | UnsetType = UNSET,
    time: tuple[UUID, Time] | UnsetType = UNSET,
) -> list[bytes]:
    """Change what is given; returns the changes, none if nothing differs. Raises `InvalidField`.

    A text that a merge made longer than one may write can be made shorter, in as many steps as one likes.
    """
    before = journal.read(document)
    if text is not UNSET:
        check_rewritten("text", before.text, text, MAX_TEXT)
    if sections is not UNSET:
        for old, new in zip(before.sections, sections, strict=False):
            check_rewritten("A section's text", old.text, new.text, MAX_TEXT)
    longest = max(MAX_TEXT, len(before.text), *(len(section.text) for section in before.sections))
    changes = _edit(document, before, longest, text=text, sections=sections, mood=mood, tags=tags)
    return changes if time is UNSET else [*changes, correct_time(document, *time)]


def _edit(
    document: Document,
    before: JournalEntry,
    longest: int,
    *,
    text: str | UnsetType = UNSET,
    sections: Sequence[Section] | UnsetType = UNSET,
    mood: int | UnsetType | None = UNSET,
    tags: Sequence[str] | UnsetType = UNSET,
) -> list[bytes]:
    """The changes; what they write has been judged as a whole, no step of it is longer than `longest`."""
    changes: list[bytes | None] = []
    if text is not UNSET:
        first = stages(before.text, text)[:-1]
        changes += [journal.edit(document, text=stage, longest=longest) for stage in first]
    if sections is not UNSET and _characters(before.sections) + _characters(sections) > STEP:
        changes += _edit_sections(document, before.sections, sections, longest)
    changes.append(journal.edit(document, text=text, sections=sections, mood=mood, tags=tags, longest=longest))
    return [change for change in changes if change is not None]


def _characters(sections: Sequence[Section]) -> int:
    return sum(len(section.text) for section in sections)


def _edit_sections(
    document: Document, before: Sequence[Section], after: Sequence[Section], longest: int
) -> list[bytes | None]:
    """One section after the other, each in steps. Sections that do not fit the entry's are left to `journal.edit`."""
    if len(before) != len(after):
        return []
    changes: list[bytes | None] = []
    now = [replace(new, text=old.text) for old, new in zip(before, after, strict=True)]
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        for stage in stages(old.text, new.text):
            now[number] = replace(new, text=stage)
            changes.append(journal.edit(document, sections=now, longest=longest))
    return changes


class _Piece(Struct, frozen=True):
    """At character `at`, delete `delete` characters and insert `insert`; together `STEP` at most."""

    at: int
    delete: int
    insert: str


def stages(before: str, after: str) -> list[str]:
    """Texts on the way from `before` to `after`, which is the last, each at most `STEP` characters from the one before.

    None is longer than the longer of the two: all deletions come first.
    """
    if len(before) + len(after) <= STEP:
        return [after]
    found: list[str] = []
    text, done = before, 0
    for piece in _pieces(before, after):
        size = piece.delete + len(piece.insert)
        if done + size > STEP:
            found.append(text)
            done = 0
        text = text[: piece.at] + piece.insert + text[piece.at + piece.delete :]
        done += size
    return [*found, after]


def _pieces(before: str, after: str) -> Iterator[_Piece]:
    found = splices(before, after)  # the last position first, so that none moves another
    for splice in found:
        for start in range(0, splice.delete, STEP):
            yield _Piece(splice.at, min(STEP, splice.delete - start), "")
    deleted_before = sum(splice.delete for splice in found)
    for splice in found:
        deleted_before -= splice.delete
        for start in range(0, len(splice.insert), STEP):
            yield _Piece(splice.at - deleted_before + start, 0, splice.insert[start : start + STEP])
