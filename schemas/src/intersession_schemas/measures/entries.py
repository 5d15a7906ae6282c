"""Journal entries since the last session, and older ones that arrived only after it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.diary.journal import JournalEntry
from intersession_schemas.documents.diary.sections import Section
from intersession_schemas.documents.moments import is_late
from intersession_schemas.measures.material import Beginning, Material
from intersession_schemas.streams import Kind

AFTER_SESSION = "written before, arrived after"


class BriefEntry(Struct, frozen=True, kw_only=True):
    """One entry. `mark` says so where it was written before the last session and arrived after it.

    `late`: it arrived more than a day after what it is about; `edited`: more of it arrived later than its beginning.
    """

    id: UUID
    written_at: datetime | None
    entered_at: datetime | None
    arrived_at: datetime | None
    zone: str | None
    text: str
    sections: tuple[Section, ...]
    mood: int | None
    tags: tuple[str, ...]
    mark: str = ""
    late: bool = False
    edited: bool = False


def arrived_after(written: datetime | None, arrived: datetime | None, beginning: Beginning) -> bool:
    """Whether something was written before the last session and arrived after it."""
    if beginning.session is None or written is None or arrived is None:
        return False
    return written < beginning.at < arrived


def entries(material: Material, beginning: Beginning) -> tuple[BriefEntry, ...]:
    """The entries written, or arrived, since the beginning; oldest written first, those without a time last."""
    found = []
    for filed, entry in material.of(Kind.JOURNAL_ENTRY, JournalEntry):
        arrived = filed.arrived()
        about = entry.written_at or arrived
        lately = any(at is not None and at >= beginning.at for at in (about, arrived))
        if not (lately or about is None):
            continue
        after = arrived_after(entry.written_at, arrived, beginning)
        told = BriefEntry(
            id=filed.id,
            written_at=entry.written_at,
            entered_at=entry.entered_at,
            arrived_at=arrived,
            zone=entry.zone,
            text=entry.text,
            sections=entry.sections,
            mood=entry.mood,
            tags=entry.tags,
            mark=AFTER_SESSION if after else "",
            late=entry.written_at is not None and arrived is not None and is_late(entry.written_at, arrived),
            edited=filed.rows.last_seq != filed.rows.first_seq,
        )
        found.append((about is None, about or beginning.at, filed.id, told))
    return tuple(each[-1] for each in sorted(found, key=lambda each: each[:3]))
