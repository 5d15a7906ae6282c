"""What is read of a client: values, as the pages and the HTTP API have them. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.assessments.wordings import Wording
from intersession_schemas.documents.care.adherence import Adherence, OccurrenceView
from intersession_schemas.documents.care.comments import Acknowledgement, Comment, Note
from intersession_schemas.documents.care.episodes import Episode
from intersession_schemas.documents.care.goals import Goal
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress, HomeworkReview
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.documents.care.resources import Resource
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.documents.diary.sections import Section
from intersession_schemas.documents.diary.symptoms import Number
from intersession_schemas.records.kinds import MODELS, RECORDS, subject_of
from intersession_schemas.streams import Kind


class EntryView(Struct, frozen=True):
    """A journal entry, as it stands now.

    `written_at` is what it is about and `entered_at` when it was typed in, both as the client's clock showed them;
    `arrived_at` is when its first, `changed_at` when its latest change was received, which `changed_by` wrote. `late`:
    it arrived more than a day after what it is about. `problems` names what of it could not be read. `corrected_at` is
    when its time was corrected last, and `earlier` what that was before, newest first.
    """

    id: UUID
    written_at: datetime | None
    entered_at: datetime | None
    zone: str | None
    arrived_at: datetime
    changed_by: UUID
    changed_at: datetime
    late: bool
    mood: int | None
    tags: list[str]
    text: str
    sections: list[Section]
    problems: list[str]
    corrected_at: datetime | None = None
    earlier: tuple[datetime, ...] = ()


class EarlierLogView(Struct, frozen=True):
    """What a symptom log said before it was corrected, and when that was entered."""

    at: datetime
    values: dict[str, Number]
    scale: tuple[Number, Number] | None
    note: str
    entered_at: datetime


class FoundEntryView(EntryView, frozen=True, kw_only=True):
    """An entry that a search found: the passage that shows most of what was sought, on one line, and where in it the
    matches are (first, past the last), in characters.
    """

    snippet: str
    spans: list[tuple[int, int]]


class SymptomLogView(Struct, frozen=True):
    """The symptoms noted at one moment: `values` by name, on `scale` (lowest, highest) where it has one.

    `at` is what it is about, with the offset that the client's clock had; the other moments as of `EntryView`.
    `corrected_at` is when the client corrected it last, and `earlier` what it said before, newest first.
    """

    id: UUID
    at: datetime
    zone: str | None
    values: dict[str, Number]
    scale: tuple[Number, Number] | None
    note: str
    entered_at: datetime
    arrived_at: datetime
    late: bool
    corrected_at: datetime | None = None
    earlier: tuple[EarlierLogView, ...] = ()


class SymptomAnswers(Struct, frozen=True):
    """What a chart needs of a symptom log. `noted`: it has a note; `corrected`: it was corrected.

    Of those two, `id` is that of their row, for reading the rest of it.
    """

    at: datetime
    values: dict[str, Number]
    scale: tuple[Number, Number] | None
    arrived_at: datetime
    late: bool
    id: UUID | None = None
    noted: bool = False
    corrected: bool = False


class Summary(Struct, frozen=True):
    """What has arrived of a client. `last_written_at` is the newest moment that an entry or a log is about."""

    entries: int = 0
    symptom_logs: int = 0
    last_written_at: datetime | None = None
    last_arrived_at: datetime | None = None


class RecordView(Struct, frozen=True, kw_only=True):
    """What is known of every document that is a record of fields.

    `author` made it, `changed_by` wrote its latest change; `arrived_at` and `changed_at` are when the first and the
    latest were received. `heads` names its latest changes, for an edit that is to be made on just this view.
    """

    id: UUID
    author: UUID
    arrived_at: datetime
    changed_by: UUID
    changed_at: datetime
    heads: list[str]


class PlanView(RecordView, frozen=True, kw_only=True):
    """A client's plan."""

    plan: Plan


class GoalView(RecordView, frozen=True, kw_only=True):
    """A goal."""

    goal: Goal


class CommentView(RecordView, frozen=True, kw_only=True):
    """A comment on another document."""

    comment: Comment


class ResourceView(RecordView, frozen=True, kw_only=True):
    """A resource, and how often it was said that it helped, or did not."""

    resource: Resource
    helped: int = 0
    did_not_help: int = 0


class ProgressView(RecordView, frozen=True, kw_only=True):
    """What the client says of one occurrence of homework. `late`: it arrived more than a day after it was done."""

    progress: HomeworkProgress
    late: bool


class ReviewView(RecordView, frozen=True, kw_only=True):
    """What the care team made of homework."""

    review: HomeworkReview


class HomeworkSummary(RecordView, frozen=True, kw_only=True):
    """An assignment, what became of each occurrence (oldest first), and the counts."""

    homework: Homework
    occurrences: list[OccurrenceView]
    adherence: Adherence


class HomeworkView(HomeworkSummary, frozen=True, kw_only=True):
    """An assignment with what was said of it, newest first, and how much of that is not in this answer."""

    progress: list[ProgressView]
    reviews: list[ReviewView]
    progress_left_out: int = 0
    reviews_left_out: int = 0


class AssessmentView(RecordView, frozen=True, kw_only=True):
    """One administration of an instrument, as it was answered."""

    assessment: Assessment


class SessionView(RecordView, frozen=True, kw_only=True):
    """An appointment."""

    session: Session


class EpisodeView(RecordView, frozen=True, kw_only=True):
    """A stretch of care."""

    episode: Episode


class AcknowledgementView(RecordView, frozen=True, kw_only=True):
    """That a signal was seen."""

    acknowledgement: Acknowledgement


class WordingView(RecordView, frozen=True, kw_only=True):
    """The wording of an instrument, as it was copied into a record."""

    wording: Wording


class NoteView(RecordView, frozen=True, kw_only=True):
    """A note of the care team."""

    note: Note


VIEWS: dict[Kind, type[RecordView]] = {
    Kind.PLAN: PlanView,
    Kind.HOMEWORK: HomeworkView,
    Kind.HOMEWORK_PROGRESS: ProgressView,
    Kind.HOMEWORK_REVIEW: ReviewView,
    Kind.GOAL: GoalView,
    Kind.RESOURCE: ResourceView,
    Kind.COMMENT: CommentView,
    Kind.ACKNOWLEDGEMENT: AcknowledgementView,
    Kind.ASSESSMENT: AssessmentView,
    Kind.SESSION: SessionView,
    Kind.EPISODE: EpisodeView,
    Kind.INSTRUMENT: WordingView,
    Kind.NOTE: NoteView,
}
"""How a document of each kind is shown. A kind that says no more of its documents than what they hold needs no type of
its own here."""


def _plain_view(kind: Kind) -> type[RecordView]:
    """What is known of a document of a kind, and what it holds under the kind's own name."""
    view = msgspec.defstruct(
        f"{MODELS[kind].__name__}View",
        [(kind.value, MODELS[kind])],
        bases=(RecordView,),
        frozen=True,
        kw_only=True,
        module=__name__,
        namespace={"__doc__": MODELS[kind].__doc__},
    )
    assert issubclass(view, RecordView)
    return view


VIEWS |= {kind: _plain_view(kind) for kind in RECORDS.keys() - VIEWS.keys()}
KINDS: dict[type[RecordView], Kind] = {view: kind for kind, view in VIEWS.items()}
_KNOWN_OF_ALL = frozenset(RecordView.__struct_fields__)
MODEL_FIELDS: dict[type[RecordView], str] = {
    view: next(name for name in view.__struct_fields__ if name not in _KNOWN_OF_ALL) for view in KINDS
}
"""The field of a view that has what the document holds."""


def kind_of(view: RecordView) -> Kind:
    """Of which kind the document is that a view shows."""
    return Kind.HOMEWORK if isinstance(view, HomeworkSummary) else KINDS[type(view)]


def model_of(view: RecordView) -> Any:
    """What the document says that a view shows."""
    return getattr(view, MODEL_FIELDS[type(view)])


def subject_of_view(view: RecordView) -> UUID | None:
    """The document that the one is about which a view shows."""
    return subject_of(kind_of(view), model_of(view))
