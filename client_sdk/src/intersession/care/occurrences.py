"""Which occurrence of homework somebody means, however they name it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from uuid import UUID

from intersession.errors import InvalidField
from intersession.inputs.clock import moment
from intersession_schemas.documents.care.adherence import OccurrenceView
from intersession_schemas.documents.care.agenda import Due
from intersession_schemas.documents.care.homework import ONCE, Homework, occurrences_of
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.documents.recurrence import Occurrence, read_occurrence

Which = str | date | datetime | Occurrence | OccurrenceView | Due
"""An occurrence: its key as text, its day, a moment on it, or what a list of occurrences or of due things gave."""
_AROUND = (1, 7, 40, 400)
"""Days in which to look for the nearest occurrences, one window after the other."""


def key_of(
    homework: Homework, id: UUID, which: Which | None, plan: Plan, now: datetime, recorded: Collection[str]
) -> str:
    """The key of the occurrence that is meant. Raises `InvalidField` where there is none, or more than one.

    `recorded` are the keys that have progress already: those are taken whatever the assignment says by now.
    """
    if which is None:
        return _open_one(homework, plan.day_of(now), recorded)
    if isinstance(which, Due):
        if which.kind != "homework" or which.id != str(id):
            raise InvalidField("That due item is not for this homework.")
        which = which.occurrence
    elif isinstance(which, OccurrenceView):
        which = which.key
    if isinstance(which, str) and which in recorded:
        return which
    if not homework.rule and homework.due is None:
        if which == ONCE:
            return ONCE
        raise InvalidField(f'This homework has no due dates; its occurrence is "{ONCE}".')
    return _at(homework, *_day_and_time(which, plan), recorded)


def _day_and_time(which: str | date | Occurrence, plan: Plan) -> tuple[date, time | None]:
    if isinstance(which, str):
        which = read_occurrence(which)
    if isinstance(which, Occurrence):
        return which.day, which.at
    if isinstance(which, datetime):
        at = moment("occurrence", which)
        return plan.day_of(at), at.time().replace(second=0, microsecond=0)
    if isinstance(which, date):
        return which, None
    raise InvalidField("occurrence must be a date, a datetime, an occurrence, or its key as a string.")


def _open_one(homework: Homework, today: date, recorded: Collection[str]) -> str:
    """What is meant without saying: the only occurrence there is, or the only one today that nothing was said of."""
    if homework.due is not None:
        return Occurrence(homework.due).key
    if not homework.rule:
        return ONCE
    keys = [one.key for one in occurrences_of(homework, today, today)]
    if not keys:
        raise InvalidField(f"This homework is not due today{_nearest(homework, today)} Say which occurrence you mean.")
    unsaid = [key for key in keys if key not in recorded]
    if len(keys) == 1 or len(unsaid) == 1:
        return keys[0] if len(keys) == 1 else unsaid[0]
    raise InvalidField(f"This homework is due more than once today: say which one, for example {keys[0]}.")


def _at(homework: Homework, day: date, at: time | None, recorded: Collection[str]) -> str:
    found = occurrences_of(homework, day, day)
    exact = [one for one in found if one.at == at]
    if exact:
        return exact[0].key
    if len(found) == 1 and (at is None or found[0].at is None):
        return found[0].key
    if found:
        raise InvalidField(
            f"This homework is due at other times on that day: say which one, for example {found[0].key}."
        )
    if day.isoformat() in recorded:
        return day.isoformat()
    raise InvalidField(f"This homework is not due on {day.isoformat()}{_nearest(homework, day)}")


def _nearest(homework: Homework, day: date) -> str:
    """The days on which it is due next to `day`, as the end of a sentence."""
    before = next((found[-1] for days in _AROUND if (found := _window(homework, day, -days, -1))), None)
    after = next((found[0] for days in _AROUND if (found := _window(homework, day, 1, days))), None)
    days = [one.day.isoformat() for one in (before, after) if one is not None]
    return f"; it is on {' and on '.join(days)}." if days else "."


def _window(homework: Homework, day: date, first: int, last: int) -> list[Occurrence]:
    try:
        return occurrences_of(homework, day + timedelta(days=first), day + timedelta(days=last))
    except OverflowError:
        return []
