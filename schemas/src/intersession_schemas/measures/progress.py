"""How homework went: all progress by the assignment it is on, and the occurrences of each with their counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, timezone
from uuid import UUID

from intersession_schemas.documents.care.adherence import Course, OccurrenceView, Recorded, course
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.streams import Kind

EASTERNMOST = timezone(timedelta(hours=14))
"""Where days begin, and are over, first."""


def progress_by_homework(material: Material) -> dict[UUID, list[Recorded]]:
    """All progress by the assignment it is on."""
    found: dict[UUID, list[Recorded]] = {}
    for filed, one in material.of(Kind.HOMEWORK_PROGRESS, HomeworkProgress):
        if one.homework is not None:
            found.setdefault(one.homework, []).append(Recorded(filed.id, one, filed.arrived()))
    return found


def how_it_went(material: Material, cut: Cut) -> dict[UUID, Course]:
    """The occurrences and counts of each assignment, as of the local day of the cut."""
    kinds = frozenset({Kind.HOMEWORK, Kind.HOMEWORK_PROGRESS, Kind.PLAN})

    def work_out() -> dict[UUID, Course]:
        progress, plan, now = progress_by_homework(material), material.plan, cut.local(cut.now)
        homework = material.of(Kind.HOMEWORK, Homework)
        return {filed.id: course(one, progress.get(filed.id, []), plan, now) for filed, one in homework}

    return material.once(("how it went", material.days(cut), material.local_day(cut)), kinds, work_out)


def offered(homework: Homework, occurrences: Sequence[OccurrenceView]) -> list[OccurrenceView]:
    """The occurrences that have a day, without what may never have been offered.

    Nothing was said of it, and its day was over somewhere when the homework was assigned: the client may be there.
    """
    if homework.assigned_at is None:
        return [one for one in occurrences if one.day is not None]
    first = homework.assigned_at.astimezone(EASTERNMOST).date()
    return [one for one in occurrences if one.day is not None and (one.state != "unanswered" or one.day >= first)]


def missed_run(homework: Homework, occurrences: Sequence[OccurrenceView]) -> list[OccurrenceView]:
    """The possible occurrences in a row that were not done, up to the newest; `occurrences` are oldest first.

    What was never offered, lay in a pause or could not be done was not possible: it neither counts nor breaks the run.
    """
    run: list[OccurrenceView] = []
    for one in offered(homework, occurrences):
        if one.state in ("unanswered", "not"):
            run.append(one)
        elif one.state in ("done", "partly"):
            run = []
    return run


def first_line(text: str) -> str:
    """The first line that says something, for naming an assignment or a goal."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")
