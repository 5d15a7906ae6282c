"""How far homework was done: counts, never a score of a person. Pure.

What lies in a pause, or was marked "could not", does not count. Quantity (how often) and quality (how hard, how helpful)
stay apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.homework import Barrier, Homework, HomeworkProgress
from intersession_schemas.documents.plan import Plan

OccurrenceState = Literal["done", "partly", "not", "could_not", "paused", "open", "unanswered"]
"""What became of an occurrence. `open`: its day is not over; `unanswered`: it is, and nothing was said."""


class OccurrenceView(Struct, frozen=True, kw_only=True):
    """One occurrence: `key`, its local day (None where it is due when the client likes), and what was said of it.

    `progress` are the ids of all progress on it, newest entered first: more than one where two devices recorded it
    offline. The newest decides the state.
    """

    key: str
    day: date | None
    state: OccurrenceState
    progress: tuple[UUID, ...] = ()


class Adherence(Struct, frozen=True, kw_only=True):
    """Counts over the occurrences whose day is over, and those answered before.

    `counted` = done + partly + not_done + unanswered; `could_not` and `paused` stand beside it. `difficulty` and
    `helpfulness` are the ratings given, oldest first; `barriers` how often each was named; `late` how many were
    entered more than a day after they were done.
    """

    counted: int = 0
    done: int = 0
    partly: int = 0
    not_done: int = 0
    unanswered: int = 0
    could_not: int = 0
    paused: int = 0
    late: int = 0
    difficulty: tuple[int, ...] = ()
    helpfulness: tuple[int, ...] = ()
    barriers: dict[Barrier, int] = {}


def occurrences_with_progress(
    homework: Homework, progress: Sequence[tuple[UUID, HomeworkProgress]], plan: Plan, today: date
) -> list[OccurrenceView]:
    """Every occurrence up to `today`, oldest first, and those answered that are due later; with what became of each."""
    raise NotImplementedError


def adherence(
    homework: Homework, progress: Sequence[tuple[UUID, HomeworkProgress]], plan: Plan, today: date
) -> Adherence:
    """The counts of one assignment as of the local day `today`."""
    raise NotImplementedError
