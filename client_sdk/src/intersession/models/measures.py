"""What the SDK answers with on measures: assessments, scores, sessions, episodes, the safety plan. Frozen values."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

from intersession.models.records import Changed, Due, Goal, Resource, SafetyStep
from intersession.models.symptoms import Point
from intersession_schemas.client_words import CrisisLine as CrisisLine
from intersession_schemas.client_words import LocalHelp as LocalHelp
from intersession_schemas.documents.assessments.answers import AnswerValue, WordingUsed
from intersession_schemas.documents.assessments.assessments import State
from intersession_schemas.documents.care.adherence import Adherence
from intersession_schemas.documents.care.episodes import Phase
from intersession_schemas.documents.care.sessions import SessionState
from intersession_schemas.instruments.change import ScoreChange as ScoreChange
from intersession_schemas.instruments.scoring import Counted, Level, ScaleScore
from intersession_schemas.instruments.values import Choice
from intersession_schemas.measures.scores import Against

__all__ = [
    "AnswerValue",
    "Assessment",
    "Available",
    "Baseline",
    "Choice",
    "Completion",
    "Counted",
    "CrisisLine",
    "Episode",
    "HomeworkCounts",
    "LocalHelp",
    "Progress",
    "Question",
    "Risk",
    "Safety",
    "ScaleScore",
    "ScoreChange",
    "ScoreComparison",
    "ScorePoint",
    "Session",
]

WhereRisk = Literal["completed", "draft", "overridden"]


class Question(Struct, frozen=True, kw_only=True):
    """One item of an instrument as it is asked, with its answer so far.

    `label` is a short name for it, `prompt` its wording (empty where none is here), `allowed` the values it may have:
    True and False where `yes_no`. `choices` are in the order shown; one whose value is None withdraws the answer.
    `conflict` holds the answers that were given on two devices at once; `answer` is None then. `applies`: it is asked,
    given the answers so far; `optional` items may stay unanswered.
    """

    item: str
    label: str
    prompt: str
    choices: tuple[Choice, ...]
    allowed: tuple[int, ...]
    yes_no: bool = False
    optional: bool = False
    applies: bool = True
    answer: AnswerValue = None
    conflict: tuple[AnswerValue, ...] = ()


class Available(Struct, frozen=True, kw_only=True):
    """An instrument that can be answered on this device, with its wording.

    `due` is the planned assessment that it would answer, or None; `draft` is an open draft to continue. `status` says
    whose wording it is: own, verified or imported. `licence` and `copyright` are what its owner wants to be shown;
    `notes` and `instructions` belong above the questions.
    """

    instrument: str
    title: str
    window: str
    status: WordingUsed
    items: tuple[Question, ...]
    instructions: tuple[str, ...] = ()
    language: str | None = None
    licence: str = ""
    copyright: str = ""
    notes: tuple[str, ...] = ()
    due: Due | None = None
    draft: UUID | None = None


class Risk(Struct, frozen=True, kw_only=True):
    """A positive risk item. `where`: in a completion, in the draft, or answered over since.

    `label` is a short name for what the item is about; `level` is low, moderate or high where the source grades it.
    """

    item: str
    label: str
    where: WhereRisk
    at: datetime
    level: Level | None = None


class Completion(Struct, frozen=True, kw_only=True):
    """Answers that were completed, and what they come to. They never change.

    `scores` are by scale, each with its band, or with the reason why there is no score; `rules` are published counting
    rules, `level` the highest level of risk where the source grades it. `note` says in words what is worth knowing, as
    "incomplete, not scored".
    """

    id: UUID
    completed_at: datetime
    answers: dict[str, AnswerValue]
    wording: WordingUsed
    scores: tuple[ScaleScore, ...] = ()
    rules: tuple[Counted, ...] = ()
    level: Level | None = None
    missing: tuple[str, ...] = ()
    note: str = ""


class Assessment(Changed, frozen=True, kw_only=True):
    """One administration of an instrument, as a draft or completed.

    `items` are in the order asked, with the answers of the draft, or of the newest completion; `missing` those that a
    complete form still needs, `conflicts` those answered differently on two devices at once. `completions` are by time,
    more than one where two devices completed it at once; `scores` and `note` are those of the newest. `risk` lists
    every positive risk item, wherever it is. `administered_by` entered the answers from paper or an interview. `amends`
    is the assessment that this one corrects, `amended_by` what corrects this one. `arrived_at` is when the server
    received the first of it; `sent` says that it has all of it, the last answer included.
    """

    id: UUID
    instrument: str
    title: str
    scheme: str
    state: State
    started_at: datetime
    completed_at: datetime | None
    arrived_at: datetime | None
    sent: bool
    items: tuple[Question, ...]
    missing: tuple[str, ...]
    conflicts: tuple[str, ...]
    completions: tuple[Completion, ...]
    scores: tuple[ScaleScore, ...]
    note: str
    risk: tuple[Risk, ...]
    zone: str | None = None
    schedule: str = ""
    occurrence: str = ""
    administered_by: UUID | None = None
    amends: UUID | None = None
    amended_by: tuple[UUID, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def answers(self) -> dict[str, AnswerValue]:
        """The answers by item, without conflicts and what is unanswered."""
        return {one.item: one.answer for one in self.items if one.answer is not None}


class Safety(Struct, frozen=True, kw_only=True):
    """The safety plan, from this device alone. Show `notice` above it: nobody is watching in real time.

    `steps` go through the parts in their order; `resources` are those that belong to the plan, then those of the
    practice that are tagged "crisis". `help` is whom to call in the practice's country, for after those; None while
    the country is not known.
    """

    notice: str
    steps: tuple[SafetyStep, ...]
    resources: tuple[Resource, ...]
    help: LocalHelp | None = None


class ScoreComparison(Struct, frozen=True, kw_only=True):
    """A score against an earlier one: `against` the baseline, the first of the episode, or the last one before.

    `change` holds the difference, the threshold and what that rests on; `words` say what it means.
    """

    against: Against
    assessment: UUID
    at: datetime
    change: ScoreChange
    words: str


class ScorePoint(Struct, frozen=True, kw_only=True):
    """One scale of one completed assessment. `value` is None where there is no score, and `why` says why.

    `at` is when it was measured, `arrived_at` when the server received it (None: not yet). `paper`: the care team
    entered it; `amended`: another assessment has corrected it; `one_of`: how many times the same scheduled assessment
    was completed, for example on two offline devices. `odd`: the device gave a date that cannot be right, and `at` is
    when it arrived. `baseline` and `last` compare it with earlier ones.
    """

    assessment: UUID
    instrument: str
    title: str
    scale: str
    label: str
    value: int | None
    low: int
    high: int
    band: str | None
    why: str | None
    at: datetime
    arrived_at: datetime | None
    paper: bool
    amended: bool
    wording: WordingUsed
    one_of: int = 1
    odd: bool = False
    baseline: ScoreComparison | None = None
    last: ScoreComparison | None = None


class Session(Changed, frozen=True, kw_only=True):
    """An appointment and its state: planned, attended, missed or cancelled."""

    id: UUID
    planned_at: datetime
    minutes: int
    state: SessionState
    arrived_at: datetime | None
    problems: tuple[str, ...] = ()


class Baseline(Struct, frozen=True, kw_only=True):
    """The assessment that a scale ("phq-9/total") is compared with; `chosen`: by the care team, else the first."""

    scale: str
    assessment: UUID
    chosen: bool


class Episode(Changed, frozen=True, kw_only=True):
    """A stretch of care: its phase (assessment, treatment, follow_up, ended), its days, and its baselines.

    Deterioration is judged against the best level since `phase_began_on`.
    """

    id: UUID
    phase: Phase
    began_on: date | None
    phase_began_on: date | None
    ended_on: date | None
    reason: str
    baselines: tuple[Baseline, ...]
    is_open: bool
    arrived_at: datetime | None
    problems: tuple[str, ...] = ()


class HomeworkCounts(NamedTuple):
    """How one assignment went so far: counts over all of its occurrences, never a score of a person."""

    id: UUID
    what: str
    adherence: Adherence


class Progress(Struct, frozen=True, kw_only=True):
    """A client's own view: `series` of symptoms by name (newest first), scores, homework and goals, from `since` on.

    `homework` holds the assignments that had not ended by `since`, `goals` all; `scores` are newest first.
    """

    series: dict[str, tuple[Point, ...]]
    homework: tuple[HomeworkCounts, ...]
    goals: tuple[Goal, ...]
    scores: tuple[ScorePoint, ...] = ()
    since: datetime | None = None
