"""What the SDK answers with of records: frozen values, never live objects.

Datetimes are aware; those that a person wrote keep the offset they were written under. Lists are newest first.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.care import plan, templates
from intersession_schemas.documents.care.adherence import Adherence, OccurrenceView
from intersession_schemas.documents.care.agenda import Due
from intersession_schemas.documents.care.goals import GoalState
from intersession_schemas.documents.care.homework import Barrier, Decision, EarlierMark
from intersession_schemas.documents.care.homework import Status as ProgressStatus
from intersession_schemas.documents.care.plan import (
    Pause,
    PlanTracker,
    SafetyStep,
    ScheduledAssessment,
    TemplateSection,
    Threshold,
)
from intersession_schemas.documents.diary.sections import Section
from intersession_schemas.documents.forms import Answer, Field, Label
from intersession_schemas.documents.recurrence import Occurrence

__all__ = [
    "Adherence",
    "Answer",
    "Assignment",
    "Changed",
    "Comment",
    "Due",
    "EarlierMark",
    "Entry",
    "Field",
    "Goal",
    "GoalStep",
    "HomeworkProgress",
    "HomeworkReview",
    "Label",
    "Note",
    "Occurrence",
    "OccurrenceView",
    "Pause",
    "Plan",
    "PlanTracker",
    "Resource",
    "ResourceStep",
    "SafetyStep",
    "ScheduledAssessment",
    "Section",
    "Template",
    "TemplateSection",
    "Threshold",
    "Topic",
]

Number = int | float


class Changed(Struct, frozen=True, kw_only=True):
    """Who wrote the latest change of a document, and when: what all that several people may write have in common.

    `changed_by` is an account at the practice: this device's own until the change is confirmed, None for what was
    written here before pairing. `changed_at` is when the server received it, before that when it was made here.
    `version` says which version of the document this is, for the `based_on` of a later edit: keep it as it is, and
    compare it for equality only. It is the same on every device that holds the same changes.
    """

    changed_by: UUID | None = None
    changed_at: datetime | None = None
    version: str = ""


class Plan(plan.Plan, frozen=True, kw_only=True):
    """A client's plan: what the journal asks, trackers, scheduled assessments, pauses, the safety plan.

    `changed_by`, `changed_at` and `version` mean what they mean on `Changed`; the first two are None in an editor.
    """

    changed_by: UUID | None = None
    changed_at: datetime | None = None
    version: str = ""


class Entry(Changed, frozen=True):
    """A journal entry as it stands now.

    `written_at` is what it is about, local; `entered_at` when it was typed in; `arrived_at` when the server
    received it (None: not yet, or never to be). `late`: it was received, or entered, more than a day after. `shared`:
    the care team can read it, or will after the next sync. `problems` lists what could not
    be read. `corrected_at` is when its time was corrected last, and `earlier` what it was before, newest first.
    """

    id: UUID
    text: str
    sections: tuple[Section, ...]
    mood: int | None
    tags: tuple[str, ...]
    written_at: datetime
    entered_at: datetime
    zone: str | None
    arrived_at: datetime | None
    shared: bool
    late: bool
    problems: tuple[str, ...] = ()
    corrected_at: datetime | None = None
    earlier: tuple[datetime, ...] = ()


class HomeworkProgress(Changed, frozen=True, kw_only=True):
    """The client's report on one occurrence of homework (`occurrence` is its key).

    `difficulty` and `helpfulness` are 0–10; `barrier` is why it was not done. `done_at` is when it was done, local,
    `entered_at` when that was typed in, `arrived_at` when the server received it (None: not yet). `late`: it was
    entered more than a day after it was done. `earlier` are the marks before they were corrected, newest first.
    """

    id: UUID
    homework: UUID
    occurrence: str
    status: ProgressStatus
    answers: tuple[Answer, ...]
    difficulty: int | None
    helpfulness: int | None
    learned: str
    barrier: Barrier | None
    barrier_note: str
    done_at: datetime
    entered_at: datetime
    arrived_at: datetime | None
    late: bool
    corrected_at: datetime | None = None
    earlier: tuple[EarlierMark, ...] = ()
    problems: tuple[str, ...] = ()


class HomeworkReview(Changed, frozen=True, kw_only=True):
    """The care team's review of an assignment: `decision`, `reason`, and the documents it is based on (`evidence`).

    `successor` is the assignment that continues it; `author` is an account at the practice.
    """

    id: UUID
    homework: UUID
    decision: Decision
    reason: str
    evidence: tuple[UUID, ...]
    successor: UUID | None
    reviewed_at: datetime
    author: UUID | None
    arrived_at: datetime | None
    problems: tuple[str, ...] = ()


class Assignment(Changed, frozen=True, kw_only=True):
    """Homework as it stands now: `what` to do and `why`, with what was said of it.

    `agreed`: the rationale was talked through; `confidence` (0–10) is the client's, before they begin. `goal` is the
    goal it serves, `fields` its worksheet by id, `resources` what helps with it. It is due once, on the day `due`, or
    by `rule` (RRULE) from `since` through `until`, or at any time; no longer from the day `ended_on`.
    `predecessor` is the assignment it was adapted from. `occurrences` are those up to today and those answered,
    oldest first; `progress` and `reviews` are newest first. `adherence` has counts, not scores.
    """

    id: UUID
    what: str
    why: str
    agreed: bool
    confidence: int | None
    goal: UUID | None
    fields: dict[str, Field]
    resources: tuple[UUID, ...]
    due: date | None
    rule: str
    since: date | None
    until: date | None
    ended_on: date | None
    predecessor: UUID | None
    assigned_at: datetime | None
    arrived_at: datetime | None
    occurrences: tuple[OccurrenceView, ...]
    progress: tuple[HomeworkProgress, ...]
    reviews: tuple[HomeworkReview, ...]
    adherence: Adherence
    problems: tuple[str, ...] = ()


class GoalStep(Struct, frozen=True, kw_only=True):
    """A step towards a goal, and the day it was done (None: not yet)."""

    id: str
    text: str
    done_on: date | None = None


class Goal(Changed, frozen=True, kw_only=True):
    """What a client wants and why it matters to them, with steps in order; `state` is open, reached or let_go."""

    id: UUID
    what: str
    why: str
    steps: tuple[GoalStep, ...]
    state: GoalState
    made_at: datetime | None
    arrived_at: datetime | None
    problems: tuple[str, ...] = ()


class Topic(Changed, frozen=True, kw_only=True):
    """What a client wants to talk about; `talked_on` is the day it was ticked off, None while it is open."""

    id: UUID
    text: str
    made_at: datetime | None
    talked_on: date | None
    arrived_at: datetime | None
    problems: tuple[str, ...] = ()


class ResourceStep(Struct, frozen=True, kw_only=True):
    """One step of a resource that is gone through step by step."""

    id: str
    text: str


class Resource(Changed, frozen=True, kw_only=True):
    """Something to read or do: a `text`, `steps`, a `link`, or several of them; all but the link's target is here.

    `helped` is the client's newest word on whether it did; None where they said nothing. `retired`: it was put away
    in the library.
    """

    id: UUID
    title: str
    text: str
    steps: tuple[ResourceStep, ...]
    link: str
    tags: tuple[str, ...]
    made_at: datetime | None
    arrived_at: datetime | None
    helped: bool | None = None
    retired: bool = False
    problems: tuple[str, ...] = ()


class Comment(Changed, frozen=True, kw_only=True):
    """A comment on the document `on`; `helped` is set if it says whether a resource helped.

    `author` is an account at the practice, None for what was written here before pairing; `mine`: this account wrote
    it.
    """

    id: UUID
    on: UUID
    text: str
    helped: bool | None
    made_at: datetime
    author: UUID | None
    mine: bool
    arrived_at: datetime | None
    problems: tuple[str, ...] = ()


class Note(Changed, frozen=True, kw_only=True):
    """A private note of the care team, never seen by the client; `about` is a document it is about, if it is of one."""

    id: UUID
    text: str
    about: UUID | None
    made_at: datetime
    author: UUID | None
    mine: bool
    arrived_at: datetime | None
    problems: tuple[str, ...] = ()


class Template(templates.Template, frozen=True, kw_only=True):
    """A template; `makes` says for what. One of the practice's own has an `id`, one that comes with
    Intersession a `key` that stays.

    Homework takes `what`, `why`, `fields` and `rule`; a journal takes `fields` as its sections; a resource `what` as
    its text and `fields` as its steps; a safety plan `steps`; a goal `what`, `why` and `fields` as its steps.
    """

    id: UUID | None = None
    key: str = ""
