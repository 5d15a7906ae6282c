"""Symptom logs as trends over local days. A day without a log is a gap and stays one: nothing is drawn in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations
from math import fsum
from statistics import median
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.care.plan import PlanTracker, scales_in
from intersession_schemas.documents.local_days import day_of
from intersession_schemas.documents.moments import is_late
from intersession_schemas.documents.names import name_key, tidy_name
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.streams import Kind

DIGITS = 3
"""Decimals that a mean is rounded to."""
LONGEST = 366
"""Days of one trend at most; the newest are kept."""
MOST_EARLIER = 31
"""Days of one trend that came later at most; the newest are kept, and `earlier_left_out` says how many there are
besides: a diary of years may come at once."""
MOST_BEFORE = 31
"""Days before the brief that a trend shows at most."""
FEWEST_FOR_SLOPE, MOST_FOR_SLOPE = 4, 60
MOST_TRENDS = 60
"""Trends of one brief at most. Those of the plan come first; `left_out` says how many there are besides."""

Number = int | float


class TrendDay(Struct, frozen=True, kw_only=True):
    """A local day: its logged values in their order, their mean (None: a gap), and how many of them arrived late."""

    day: date
    values: tuple[Number, ...] = ()
    mean: float | None = None
    late: int = 0


class Trend(Struct, frozen=True, kw_only=True):
    """One symptom on one scale (`low` to `high`, None where it has none), with its `question` if it is in the plan.

    `days` are all days of the brief, gaps among them; `logged` how many are not gaps. Each of these counts once, by its
    mean: in `mean`, `median`, `least` and `most`, and in `a_week`, by how much it rose in a week (None where fewer than
    `FEWEST_FOR_SLOPE` days were logged). `mean_before` is over as many days before; `before` are the means of up to
    `MOST_BEFORE` of these, oldest first, None where a gap. `earlier` are days before the beginning that were
    written before it and arrived after it, the newest; `earlier_left_out` how many older ones there are.
    """

    name: str
    question: str
    low: Number | None
    high: Number | None
    days: tuple[TrendDay, ...]
    logged: int
    mean: float | None
    mean_before: float | None
    logged_before: int
    median: float | None
    least: float | None
    most: float | None
    a_week: float | None
    before: tuple[float | None, ...]
    earlier: tuple[TrendDay, ...]
    earlier_left_out: int = 0


class _Point(Struct, frozen=True):
    """One value, what it is about, and when it arrived."""

    at: datetime
    value: Number
    arrived: datetime | None
    id: UUID
    day: date


_Key = tuple[str, tuple[Number, Number] | None]


def trends(material: Material, cut: Cut, since: datetime) -> tuple[tuple[Trend, ...], int]:
    """A trend for every tracker in the plan, in the plan's order, then for what else was logged since, by name.

    One symptom logged on two scales is two trends; spellings of one name are one symptom. The second value is how many
    trends were left out.
    """
    what = ("trends", material.days(cut), material.local_day(cut), since)
    return material.once(what, _SERIES_OF, lambda: _trends(material, cut, since))


_SERIES_OF = frozenset({Kind.SYMPTOM_LOG, Kind.PLAN})


def _trends(material: Material, cut: Cut, since: datetime) -> tuple[tuple[Trend, ...], int]:
    days = material.days(cut)
    today = days.of(cut.now)
    first = max(day_of(since, days.begins), today - timedelta(days=LONGEST - 1))
    series, shown = material.once("series of trends", _SERIES_OF, lambda: _series(material))
    trackers = {name_key(tracker.name): tracker for tracker in material.plan.trackers.values()}
    wanted: list[_Key] = []
    for name, tracker in trackers.items():
        on_plan = (name, (tracker.low, tracker.high))
        others = sorted((key for key in series if key[0] == name and key != on_plan), key=_scale_order)
        wanted.append(on_plan)
        wanted += [key for key in others if _concerns(series[key], since)]
    wanted += [
        key
        for key in sorted(series, key=lambda key: (key[0], _scale_order(key)))
        if key[0] not in trackers and _concerns(series[key], since)
    ]
    told = tuple(
        _trend(shown.get(key[0], key[0]), key, trackers.get(key[0]), series.get(key, []), first, today, since)
        for key in wanted[:MOST_TRENDS]
    )
    return told, max(len(wanted) - MOST_TRENDS, 0)


def mean_of(values: Iterable[float]) -> float | None:
    """The mean, rounded; None of nothing. The order of the values makes no difference."""
    found = list(values)
    return round(fsum(found) / len(found), DIGITS) + 0.0 if found else None


def _series(material: Material) -> tuple[dict[_Key, list[_Point]], dict[str, str]]:
    """Every logged value by symptom and scale, and how each symptom is spelled.

    A log without a scale is on that of its tracker in the plan. A tracker's spelling is shown, else the first one.
    Values are in the order of the logs: by what they are about, then by id.
    """
    plan = material.plan
    trackers, scales = plan.trackers.values(), scales_in(plan)
    keys: dict[str, str] = {}
    first: dict[str, tuple[UUID, str]] = {}
    found: dict[_Key, list[_Point]] = {}
    for noted in material.symptom_logs():
        log = noted.log
        day = day_of(log.at, plan.day_begins)
        for name, value in log.values.items():
            if name not in keys:
                keys[name] = name_key(name)
            key = keys[name]
            if key not in first or (first[key][0] == log.id and name < first[key][1]):
                first[key] = (log.id, name)
            point = _Point(log.at, value, noted.arrived_at, log.id, day)
            found.setdefault((key, log.scale or scales.get(key)), []).append(point)
    shown = {key: tidy_name(name) for key, (_, name) in first.items()}
    return found, shown | {name_key(one.name): one.name for one in trackers}


def _scale_order(key: _Key) -> tuple[bool, Number, Number]:
    low, high = key[1] or (0, 0)
    return key[1] is not None, low, high


def _concerns(points: Sequence[_Point], since: datetime) -> bool:
    return any(point.at >= since or _came_later(point, since) for point in reversed(points))


def _came_later(point: _Point, since: datetime) -> bool:
    """Whether it was written before the beginning and arrived after it."""
    return point.arrived is not None and point.arrived > since and point.at < since


def _trend(
    name: str,
    key: _Key,
    tracker: PlanTracker | None,
    points: Sequence[_Point],
    first: date,
    today: date,
    since: datetime,
) -> Trend:
    span = (today - first).days + 1
    earliest = first - timedelta(days=max(span, 0))
    by_day = _by_day([point for point in points if point.day >= earliest])
    days = [first + timedelta(days=number) for number in range(max(span, 0))]
    before = [first - timedelta(days=number) for number in range(1, max(span, 0) + 1)]
    told = tuple(_day(day, by_day.get(day, [])) for day in days)
    means = [one.mean for one in told if one.mean is not None]
    all_before = [_day(day, by_day.get(day, [])).mean for day in before]
    means_before = [mean for mean in all_before if mean is not None]
    later = _by_day([point for point in points if _came_later(point, since) and point.day < first])
    kept = sorted(later)[-MOST_EARLIER:]
    low, high = key[1] or (None, None)
    return Trend(
        name=name,
        question=tracker.question.strip() if tracker is not None else "",
        low=low,
        high=high,
        days=told,
        logged=len(means),
        mean=mean_of(means),
        mean_before=mean_of(means_before),
        logged_before=len(means_before),
        median=None if not means else round(median(means), DIGITS) + 0.0,
        least=min(means, default=None),
        most=max(means, default=None),
        a_week=_a_week(told),
        before=tuple(reversed(all_before[:MOST_BEFORE])),
        earlier=tuple(_day(day, later[day]) for day in kept),
        earlier_left_out=len(later) - len(kept),
    )


def _a_week(days: Sequence[TrendDay]) -> float | None:
    """The median of the slopes between any two logged days, times seven: what one odd day says does not turn it.

    Theil 1950, Proc. K. Ned. Akad. Wet. 53; Sen 1968, J Am Stat Assoc 63, 1379-1389. Of more than `MOST_FOR_SLOPE`
    logged days, the newest.
    """
    logged = [(one.day.toordinal(), one.mean) for one in days if one.mean is not None][-MOST_FOR_SLOPE:]
    if len(logged) < FEWEST_FOR_SLOPE:
        return None
    slopes = [(later - earlier) / (at - before) for (before, earlier), (at, later) in combinations(logged, 2)]
    return round(7 * median(slopes), DIGITS) + 0.0


def _by_day(points: Sequence[_Point]) -> Mapping[date, list[_Point]]:
    found: dict[date, list[_Point]] = {}
    for point in points:
        found.setdefault(point.day, []).append(point)
    return found


def _day(day: date, points: Sequence[_Point]) -> TrendDay:
    late = sum(point.arrived is not None and is_late(point.at, point.arrived) for point in points)
    values = tuple(point.value for point in points)
    return TrendDay(day=day, values=values, mean=mean_of(values), late=late)
