"""Homework on the same days as the charts: what became of each occurrence, or of all of a week, month or year. Pure.

Nothing is a percentage and nothing counts days in a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from markupsafe import Markup, escape
from msgspec import Struct

from intersession_schemas.documents.care.adherence import OccurrenceState, OccurrenceView
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress
from intersession_schemas.documents.moments import is_late
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.measures.progress import how_it_went
from intersession_schemas.streams import Kind
from intersession_server.language.language import count, say
from intersession_server.web.charts.backdrop import Backdrop, behind
from intersession_server.web.charts.drawing import TOP, PlotArea, came_words, days_axis, picture
from intersession_server.web.charts.periods import Unit, ends_of, unit_of
from intersession_server.web.page import phrases

MOST_ASSIGNMENTS = 8
"""Assignments of one range that are drawn, those assigned last."""
MOST_MARKS = 150
"""More occurrences than these in one picture are drawn by week, month or year."""
TALL = 26.0
_NARROW = 7.0
"""How wide a mark is, in pixels."""


class OccurrenceMark(Struct, frozen=True):
    """One occurrence: its day, what became of it, and how that came."""

    day: date
    state: OccurrenceState
    synced_later: bool = False
    entered_later: bool = False


class PeriodMark(Struct, frozen=True):
    """The occurrences of some days: how many there were of each state."""

    first: date
    last: date
    states: Mapping[OccurrenceState, int]


class HomeworkShown(Struct, frozen=True, kw_only=True):
    """An assignment in a range: `marks`, or `periods` of very many; and how many there are of each state."""

    id: UUID
    what: str
    states: Mapping[OccurrenceState, int]
    unit: Unit | None
    marks: tuple[OccurrenceMark, ...]
    periods: tuple[PeriodMark, ...]


def homework_shown(material: Material, cut: Cut, first: date, last: date) -> tuple[list[HomeworkShown], int]:
    """The assignments that have occurrences on the local days from `first` to `last`, those assigned last first; and
    how many more there are."""
    went = how_it_went(material, cut)
    found: list[tuple[date, UUID, Homework, list[OccurrenceView]]] = []
    for filed, one in material.of(Kind.HOMEWORK, Homework):
        views = [each for each in went[filed.id].occurrences if each.day is not None and first <= each.day <= last]
        if views:
            begun = one.assigned_at.date() if one.assigned_at is not None else views[0].day or first
            found.append((begun, filed.id, one, views))
    found.sort(key=lambda each: (each[0], each[1]), reverse=True)
    said = {filed.id: (filed.arrived(), one) for filed, one in material.of(Kind.HOMEWORK_PROGRESS, HomeworkProgress)}
    unit = unit_of(first, last)
    shown = [
        _shown(id_, one, [_mark(each, said) for each in views], unit, (first, last))
        for _, id_, one, views in found[:MOST_ASSIGNMENTS]
    ]
    return shown, max(len(found) - MOST_ASSIGNMENTS, 0)


def _mark(view: OccurrenceView, said: Mapping[UUID, tuple[datetime | None, HomeworkProgress]]) -> OccurrenceMark:
    assert view.day is not None
    arrived, one = said[view.progress[0]] if view.progress else (None, None)
    if one is None or one.done_at is None:
        return OccurrenceMark(view.day, view.state)
    entered_later = one.entered_at is not None and is_late(one.done_at, one.entered_at)
    about = one.entered_at if entered_later and one.entered_at is not None else one.done_at
    return OccurrenceMark(view.day, view.state, arrived is not None and is_late(about, arrived), entered_later)


def _shown(
    id_: UUID, one: Homework, marks: Sequence[OccurrenceMark], unit: Unit, ends: tuple[date, date]
) -> HomeworkShown:
    whole = _counted(marks)
    if len(marks) <= MOST_MARKS and unit in ("day", "week"):
        return HomeworkShown(id=id_, what=one.what, states=whole, unit=None, marks=tuple(marks), periods=())
    unit = "week" if unit == "day" else unit
    grouped: dict[tuple[date, date], list[OccurrenceMark]] = {}
    for each in marks:
        grouped.setdefault(ends_of(each.day, unit), []).append(each)
    periods = tuple(
        PeriodMark(max(begin, ends[0]), min(end, ends[1]), _counted(of)) for (begin, end), of in sorted(grouped.items())
    )
    return HomeworkShown(id=id_, what=one.what, states=whole, unit=unit, marks=(), periods=periods)


def _counted(marks: Sequence[OccurrenceMark]) -> Mapping[OccurrenceState, int]:
    found: dict[OccurrenceState, int] = {}
    for one in marks:
        found[one.state] = found.get(one.state, 0) + 1
    return found


# --- the picture ------------------------------------------------------------------------------------------------------


def homework_picture(one: HomeworkShown, drawn: Backdrop, name: str, id_: str, day_begins: int = 0) -> Markup:
    """The picture of an assignment in the range of the backdrop."""
    frame = PlotArea.of_days(drawn.first, drawn.last, 0, 1, day_begins, TALL)
    values = _by_period(frame, one.periods) if one.periods else _by_occurrence(frame, one.marks)
    shown = [*behind(frame, drawn), *values, *days_axis(frame, drawn.first, drawn.last)]
    return picture(id_, name, states_words(one.states), shown, frame.bottom)


def _by_occurrence(frame: PlotArea, marks: Sequence[OccurrenceMark]) -> Iterator[str]:
    for one in marks:
        said = say("%(day)s: %(state)s", day=phrases.day(one.day), state=state_words(one.state))
        said = came_words(synced_later=one.synced_later, entered_later=one.entered_later, said=said)
        came = (" synced-later" if one.synced_later else "") + (" entered-later" if one.entered_later else "")
        height = _HEIGHTS[one.state] * (frame.bottom - TOP)
        yield _bar(f"value done done-{one.state}{came}", frame.middle(one.day, one.day), frame.bottom, height, said)


_HEIGHTS: Mapping[OccurrenceState, float] = {
    "done": 1.0,
    "partly": 0.55,
    "not": 0.16,
    "could_not": 0.16,
    "paused": 0.16,
    "open": 0.16,
    "unanswered": 0.16,
}
"""How high the mark of an occurrence is."""


def _by_period(frame: PlotArea, periods: Sequence[PeriodMark]) -> Iterator[str]:
    """Of each period a bar: what was done of what counted, over a faint one for all that counted."""
    tall = frame.bottom - TOP
    for one in periods:
        counted = sum(one.states.get(state, 0) for state in ("done", "partly", "not", "unanswered"))
        done = one.states.get("done", 0) + one.states.get("partly", 0) / 2
        said = say("%(days)s: %(states)s", days=phrases.period(one.first, one.last), states=states_words(one.states))
        x = frame.middle(one.first, one.last)
        if counted:
            yield _bar("done done-due", x, frame.bottom, tall, "")
        height = tall * max(done / counted, 0.08) if counted else tall * 0.08
        yield _bar(f"value done {'done-done' if done else 'done-not'}", x, frame.bottom, height, said)


def _bar(class_: str, x: float, bottom: float, height: float, said: str) -> str:
    title = f"<title>{escape(said)}</title>" if said else ""
    return (
        f'<rect class="{class_}" x="{x:.2f}%" y="{bottom - height:.1f}" width="{_NARROW:g}" height="{height:.1f}"'
        f' rx="1.5" transform="translate({-_NARROW / 2:g} 0)">{title}</rect>'
    )


def state_words(state: OccurrenceState) -> str:
    """What became of an occurrence."""
    match state:
        case "done":
            return say("done")
        case "partly":
            return say("partly done")
        case "not":
            return say("not done")
        case "could_not":
            return say("could not")
        case "paused":
            return say("paused")
        case "open":
            return say("open")
        case "unanswered":
            return say("unanswered")


def states_words(states: Mapping[OccurrenceState, int]) -> str:
    """5 done, 1 partly done, 2 not reported"""
    found = [f"{states[state]:,} {state_words(state)}" for state in _HEIGHTS if states.get(state)]
    return phrases.joined(*found)


def done_of_due(states: Mapping[OccurrenceState, int]) -> str:
    """5 of 7 done: of those that counted, which are neither paused nor open, and could be done."""
    counted = sum(states.get(state, 0) for state in ("done", "partly", "not", "unanswered"))
    if not counted:
        return say("none due yet")
    return count("%(done)s of %(n)s done", "%(done)s of %(n)s done", counted, done=states.get("done", 0))
