"""Symptoms and mood as series: one per symptom and scale, by time. Pure. Spellings of one name are one symptom.

Values on different scales are never joined: a 3 of 5 and a 3 of 10 are not the same answer.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.care.plan import Plan, scales_in
from intersession_schemas.documents.diary.journal import JournalEntry
from intersession_schemas.documents.diary.symptom_history import Standing
from intersession_schemas.documents.diary.symptoms import Number
from intersession_schemas.documents.local_days import day_of
from intersession_schemas.documents.moments import is_late
from intersession_schemas.documents.names import name_key, tidy_name
from intersession_schemas.measures.material import Material
from intersession_schemas.streams import Kind
from intersession_server.web.charts.periods import MOST_PERIODS, Period, Unit, periods_of, unit_of
from intersession_server.web.charts.points import Point

Scale = tuple[Number, Number]

MOOD: Scale = (0, 10)
MOST_POINTS = 150
"""More answers than these in one picture are drawn by day, week, month or year."""
MOST_OF_A_DAY = 400
"""Answers of a single day that are drawn, the newest: there is nothing shorter to sum them up by."""
MOST_SERIES = 24
"""Series that are drawn: those of the plan, then those with the most answers."""
MOST_NAMED = 40
"""Symptoms without a chart that are named."""
_ZONES = timedelta(days=2)
"""Local days lie within these of the same days in UTC."""


class Series(Struct, frozen=True):
    """The answers to one symptom on one scale, oldest first. `scale` is None where the logs had none.

    `key` is what the spellings of its name have in common, empty for the mood of the journal; `tracked`: it is in the
    plan, on this scale.
    """

    name: str
    scale: Scale | None
    points: tuple[Point, ...]
    key: str = ""
    tracked: bool = False


class SeriesShown(Struct, frozen=True, kw_only=True):
    """A series of a range as it is drawn: `points`, or `periods` of so many answers; never both.

    They are in their order; `left_out` is how many older ones there are. `count`, `lowest`, `median` and `highest` are
    over all answers of the range, and so is how many of them were synced and how many were entered later.
    """

    key: str
    name: str
    tracked: bool
    scale: Scale | None
    unit: Unit | None
    points: tuple[Point, ...]
    periods: tuple[Period, ...]
    left_out: int
    latest: Point
    count: int
    lowest: Number
    median: Number
    highest: Number
    synced_later: int
    entered_later: int


class DiaryShown(Struct, frozen=True, kw_only=True):
    """All series of a range, the mood of the journal first. `others` are symptoms that are not among them, as far as
    they are named, and `others_unnamed` how many more there are."""

    series: tuple[SeriesShown, ...]
    logs: int
    others: tuple[str, ...] = ()
    others_unnamed: int = 0


_SHOWN_OF = frozenset({Kind.SYMPTOM_LOG, Kind.JOURNAL_ENTRY, Kind.PLAN})


def diary_shown(material: Material, first: date, last: date) -> DiaryShown:
    """What is drawn of the local days from `first` to `last`. It is kept with the material: it holds no words but the
    client's own."""
    return material.once(("diary shown", first, last), _SHOWN_OF, lambda: _diary_shown(material, first, last))


def _diary_shown(material: Material, first: date, last: date) -> DiaryShown:
    plan = material.plan
    logs = logs_between(material.symptom_logs(), first, last, plan.day_begins)
    chosen, others = most_answered(series_of(logs, plan), MOST_SERIES)
    mood = _mood(material, first, last)
    drawn = [*([mood] if mood.points else []), *chosen]
    return DiaryShown(
        series=tuple(shown(one, first, last, plan.day_begins) for one in drawn),
        logs=len(logs),
        others=tuple(others[:MOST_NAMED]),
        others_unnamed=max(len(others) - MOST_NAMED, 0),
    )


def days_logged(material: Material) -> tuple[date, date] | None:
    """The first and the last local day that a symptom log or a mood is about; None where there is neither."""
    begins = material.plan.day_begins

    def of_moods() -> tuple[date, ...]:
        entries = material.of(Kind.JOURNAL_ENTRY, JournalEntry)
        return _ends(sorted(one.written_at for _, one in entries if one.mood is not None and one.written_at), begins)

    def of_logs() -> tuple[date, ...]:
        return _ends([one.log.at for one in material.symptom_logs()], begins)

    # Apart: who writes an entry has not logged anything for it.
    days = (
        *material.once("days of moods", frozenset({Kind.JOURNAL_ENTRY, Kind.PLAN}), of_moods),
        *material.once("days of logs", frozenset({Kind.SYMPTOM_LOG, Kind.PLAN}), of_logs),
    )
    return (min(days), max(days)) if days else None


def _ends(moments: Sequence[datetime], begins: int) -> tuple[date, ...]:
    """The first and the last local day of moments that are in order; nothing where there are none."""
    if not moments:
        return ()
    first = moments[: bisect_right(moments, moments[0] + _ZONES)]
    last = moments[bisect_left(moments, moments[-1] - _ZONES) :]
    return min(day_of(at, begins) for at in first), max(day_of(at, begins) for at in last)


def logs_between(logs: Sequence[Standing], first: date, last: date, day_begins: int) -> list[Standing]:
    """Of logs in the order of what they are about, those of the local days from `first` to `last`."""
    since = datetime.combine(max(first, date.min + _ZONES), time(), UTC) - _ZONES
    until = datetime.combine(min(last, date.max - _ZONES), time(), UTC) + _ZONES
    begin = bisect_left(logs, since, key=_about)
    end = bisect_right(logs, until, key=_about)
    return [one for one in logs[begin:end] if first <= day_of(one.log.at, day_begins) <= last]


def _about(one: Standing) -> datetime:
    return one.log.at


def point(at: datetime, value: Number, entered: datetime | None, arrived: datetime | None) -> Point:
    """One answer. What was entered late did not arrive late for that."""
    arrived = arrived or at
    entered = min(entered or at, arrived)
    entered_later = is_late(at, entered)
    return Point(at, value, arrived, is_late(entered if entered_later else at, arrived), entered_later)


def series_of(logs: Iterable[Standing], plan: Plan) -> list[Series]:
    """One series per symptom and scale: those of the plan in its order, then by name and scale. `logs`: oldest first.

    A log without a scale is on that of its tracker. A tracker's spelling is the name, else the first one of the logs.
    """
    trackers = {name_key(one.name): one for one in plan.trackers.values()}
    scales, order = scales_in(plan), {key: number for number, key in enumerate(trackers)}
    points: dict[tuple[str, Scale | None], list[Point]] = {}
    keys: dict[str, str] = {}
    spelled: dict[str, tuple[UUID, str]] = {}
    for noted in logs:
        log = noted.log
        for name, value in log.values.items():
            if name not in keys:
                keys[name] = name_key(name)
            key = keys[name]
            spelled.setdefault(key, (log.id, name))
            one = point(log.at, value, log.entered_at, noted.arrived_at)
            points.setdefault((key, log.scale or scales.get(key)), []).append(one)
    found = [
        Series(
            trackers[key].name if key in trackers else tidy_name(spelled[key][1]),
            scale,
            tuple(answers),
            key,
            key in scales and scales[key] == scale,
        )
        for (key, scale), answers in points.items()
    ]
    return sorted(found, key=lambda one: (not one.tracked, order.get(one.key, len(order)), *_by_name(one)))


def _by_name(one: Series) -> tuple[str, str, bool, Scale]:
    return one.name.casefold(), one.name, one.scale is None, one.scale or (0, 0)


def _mood(material: Material, first: date, last: date) -> Series:
    begins = material.plan.day_begins

    def points() -> Iterator[Point]:
        for filed, one in material.of(Kind.JOURNAL_ENTRY, JournalEntry):
            at = one.written_at
            if one.mood is not None and at is not None and first <= day_of(at, begins) <= last:
                yield point(at, one.mood, one.entered_at, filed.arrived())

    return Series("", MOOD, tuple(sorted(points(), key=lambda one: one.at)))


def most_answered(series: Sequence[Series], most: int) -> tuple[list[Series], list[str]]:
    """The `most` series, those of the plan before those with the most answers, in their order; and the names of the
    symptoms of the others."""
    ranked = sorted(
        range(len(series)), key=lambda place: (not series[place].tracked, -len(series[place].points), place)
    )
    chosen = set(ranked[:most])
    others = [one.name for place, one in enumerate(series) if place not in chosen]
    return [series[place] for place in sorted(chosen)], list(dict.fromkeys(others))


def shown(series: Series, first: date, last: date, day_begins: int = 0) -> SeriesShown:
    """A series that has at least one point, as it is drawn from the local day `first` to `last`."""
    points, periods, unit, left_out = series.points, tuple[Period, ...](), None, 0
    if len(points) > MOST_POINTS and first < last:
        unit = unit_of(first, last)
        whole = tuple(periods_of(series.points, unit, first, last, day_begins))
        points, periods = (), whole[-MOST_PERIODS:]
        left_out = len(whole) - len(periods)
    else:
        points = points[-MOST_OF_A_DAY:]
        left_out = len(series.points) - len(points)
    values = [one.value for one in series.points]
    return SeriesShown(
        key=series.key,
        name=series.name,
        tracked=series.tracked,
        scale=series.scale,
        unit=unit,
        points=points,
        periods=periods,
        left_out=left_out,
        latest=series.points[-1],
        count=len(values),
        lowest=min(values),
        median=median(values),
        highest=max(values),
        synced_later=sum(one.synced_later for one in series.points),
        entered_later=sum(one.entered_later for one in series.points),
    )
