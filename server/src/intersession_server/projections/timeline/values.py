"""What is read of a timeline: places in its order, and what stands there. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from intersession_schemas.streams import Kind
from intersession_server.projections.read_models import CommentView, EntryView, RecordView, SymptomLogView
from intersession_server.projections.windows import Place

KINDS = (
    Kind.JOURNAL_ENTRY,
    Kind.SYMPTOM_LOG,
    Kind.HOMEWORK,
    Kind.HOMEWORK_PROGRESS,
    Kind.HOMEWORK_REVIEW,
    Kind.ASSESSMENT,
    Kind.SESSION,
    Kind.EPISODE,
    Kind.GOAL,
    Kind.TOPIC,
    Kind.RESOURCE,
    Kind.COMMENT,
    Kind.ACKNOWLEDGEMENT,
)
"""What is on the timeline. The plan is one document that is always being changed, and has a page of its own."""


class TimelineRow(Struct, frozen=True):
    """Where something is on the timeline, of a symptom log with the id of its row."""

    kind: Kind
    moment: int
    id: UUID

    @property
    def place(self) -> Place:
        """Its place in the order."""
        return Place(self.moment, self.id)


class NewArrival(Struct, frozen=True):
    """Something that a client wrote, and when it was received; `late` as of the timeline's items."""

    kind: Kind
    moment: int
    id: UUID
    arrived_at: datetime


class Days(Struct, frozen=True):
    """From the local day `since` to the day `until`, both part of it; a day begins at the full hour `begins`."""

    since: date | None = None
    until: date | None = None
    begins: int = 0


class TimelineContent(Struct, frozen=True):
    """What stands at some places of a timeline, by id, and what is known around it.

    `subjects` are the documents that these are about, with their `kinds`; `comments` those on each, the oldest first.
    """

    entries: Mapping[UUID, EntryView]
    logs: Mapping[UUID, SymptomLogView]
    records: Mapping[UUID, RecordView]
    subjects: Mapping[UUID, EntryView | RecordView]
    comments: Mapping[UUID, Sequence[CommentView]]
    kinds: Mapping[UUID, Kind]


class FoundRow(Struct, frozen=True):
    """Something that a search found, and the passage that shows it: its text, and where in it the matches are."""

    row: TimelineRow
    passage: str
    spans: Sequence[tuple[int, int]]
