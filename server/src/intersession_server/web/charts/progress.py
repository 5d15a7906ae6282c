"""What is drawn of a record's progress over a range of days, as values: for the page and for the HTTP API. Pure."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.care.goals import Goal
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.measures.scores import instruments_of, measured
from intersession_schemas.streams import Kind
from intersession_server.web.charts.backdrop import Backdrop, backdrop
from intersession_server.web.charts.homework_charts import HomeworkShown, homework_shown
from intersession_server.web.charts.score_charts import ScoresShown, scores_shown
from intersession_server.web.charts.scores import by_scale
from intersession_server.web.charts.series import DiaryShown, diary_shown

MOST_SCALES = 12
"""Scales that are drawn: those with scores in the range, then those answered last."""
MOST_GOALS = 10


class GoalSteps(Struct, frozen=True, kw_only=True):
    """How far a goal is: `done` of so many `steps`, the last of them on `last_done_on`."""

    id: UUID
    what: str
    state: Literal["open", "reached", "let_go"]
    done: int
    steps: int
    last_done_on: date | None


class ProgressOfRange(Struct, frozen=True, kw_only=True):
    """Everything on the local days from `first` to `last`. What is left out is told: symptoms (in `diary`), scales,
    assignments and goals."""

    first: date
    last: date
    backdrop: Backdrop
    diary: DiaryShown
    scores: tuple[ScoresShown, ...]
    scales_left_out: int
    homework: tuple[HomeworkShown, ...]
    homework_left_out: int
    goals: tuple[GoalSteps, ...]
    goals_left_out: int


def progress_of(material: Material, cut: Cut, first: date, last: date) -> ProgressOfRange:
    """What is drawn of a record. Raises `InvalidField` when the cut's `now` is naive."""
    known = instruments_of(material)
    scales = [
        scores_shown(found, known[key], first, last) for (key, _), found in by_scale(measured(material, cut)).items()
    ]
    scales.sort(key=lambda one: not one.drawn)
    homework, homework_left_out = homework_shown(material, cut, first, last)
    goals = _goals(material)
    return ProgressOfRange(
        first=first,
        last=last,
        backdrop=backdrop(material, cut, first, last),
        diary=diary_shown(material, first, last),
        scores=tuple(scales[:MOST_SCALES]),
        scales_left_out=max(len(scales) - MOST_SCALES, 0),
        homework=tuple(homework),
        homework_left_out=homework_left_out,
        goals=tuple(goals[:MOST_GOALS]),
        goals_left_out=max(len(goals) - MOST_GOALS, 0),
    )


def _goals(material: Material) -> list[GoalSteps]:
    """Those with steps: what is open first."""
    found = []
    for filed, one in material.of(Kind.GOAL, Goal):
        done = [step.done_on for step in one.steps.values() if step.done_on is not None]
        if one.steps:
            found.append(
                GoalSteps(
                    id=filed.id,
                    what=one.what,
                    state=one.state,
                    done=len(done),
                    steps=len(one.steps),
                    last_done_on=max(done, default=None),
                )
            )
    return sorted(found, key=lambda one: (one.state != "open", one.id))
