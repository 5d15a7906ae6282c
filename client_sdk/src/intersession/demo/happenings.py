"""What happens in a history, one thing at a time: who does it, and when their clock shows what. Frozen values.

`key` names what later happenings are about: an assignment, a session, a goal, a topic, an entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from intersession.demo.telling import Story, StoryChange, StoryHomework
from intersession_schemas.documents.care.episodes import Phase
from intersession_schemas.documents.care.homework import Barrier, Decision, Status
from intersession_schemas.documents.forms import Value

Whose = Literal["client", "therapist", "covering"]


class Happening(Struct, frozen=True, kw_only=True):
    """The base of all: whose doing it is, and when."""

    at: datetime
    who: Whose = "client"


class CareBegun(Happening, frozen=True, kw_only=True):
    """The client is there, with a plan, a first episode, goals and resources."""

    story: Story


class PlanEdited(Happening, frozen=True, kw_only=True):
    """The plan is changed later on."""

    change: StoryChange
    pause: tuple[date, date, str] | None = None


class PhaseBegun(Happening, frozen=True, kw_only=True):
    """The episode enters another phase."""

    phase: Phase


class SessionSet(Happening, frozen=True, kw_only=True):
    """An appointment is made."""

    key: str
    begins: datetime


class SessionOver(Happening, frozen=True, kw_only=True):
    """It was attended, missed or cancelled."""

    key: str
    state: Literal["attended", "missed", "cancelled"]


class PaperFilled(Happening, frozen=True, kw_only=True):
    """A form was filled in on paper, and is entered."""

    instrument: str
    answers: Mapping[str, int]


class HomeworkGiven(Happening, frozen=True, kw_only=True):
    """Homework is assigned."""

    key: str
    homework: StoryHomework
    due: date | None = None
    until: date | None = None


class HomeworkTold(Happening, frozen=True, kw_only=True):
    """How one occurrence went. `turn` counts them."""

    key: str
    occurrence: str
    done_at: datetime
    status: Status
    turn: int
    difficulty: int | None = None
    helpful: int | None = None
    learned: str = ""
    barrier: Barrier | None = None
    barrier_note: str = ""


class HomeworkDecided(Happening, frozen=True, kw_only=True):
    """Homework was looked at together."""

    key: str
    decision: Decision
    reason: str
    becomes: str = ""


class EntryWritten(Happening, frozen=True, kw_only=True):
    """An entry, about a moment that may lie before."""

    key: str
    about: datetime
    text: str
    mood: int | None
    tags: tuple[str, ...]
    answers: Mapping[str, Value]
    shared: bool


class SymptomsLogged(Happening, frozen=True, kw_only=True):
    """Values of one evening."""

    about: datetime
    values: Mapping[str, int]


class FormAnswered(Happening, frozen=True, kw_only=True):
    """A form was answered on the client's device, item by item."""

    instrument: str
    answers: Mapping[str, int]


class EntryCommented(Happening, frozen=True, kw_only=True):
    """A comment below an entry."""

    key: str
    text: str


class NoteKept(Happening, frozen=True, kw_only=True):
    """A note of the care team."""

    text: str


class SignalsSeen(Happening, frozen=True, kw_only=True):
    """Whatever was a signal is acknowledged."""

    note: str


class TopicRaised(Happening, frozen=True, kw_only=True):
    """Something to talk about."""

    key: str
    text: str


class TopicTalked(Happening, frozen=True, kw_only=True):
    """It was talked about."""

    key: str


class StepTaken(Happening, frozen=True, kw_only=True):
    """A step of a goal was done, by its place; None: the goal was reached."""

    key: str
    step: int | None
