"""Homework and a symptom of one person, week by week: whether they moved together, one week apart. Pure.

Within one person only, with every week and the number of pairs in the answer, and never a word about causes. What the
test can and cannot do is measured: docs/explanation/homework-and-symptoms.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from math import isfinite
from typing import Literal

from msgspec import Struct

from intersession_schemas.documents.care.adherence import OccurrenceView
from intersession_schemas.errors import InvalidField
from intersession_schemas.measures.together_statistics import Series, Strength, strengths

LEAST_PAIRS = 8
"""Under this many pairs of weeks nothing is computed."""
LONGEST = 104
"""Only the newest so many weeks are looked at: two years."""
LIMIT = 0.055
"""Up to this `p`, "moved together" is said. Of people without any relation it may be said of 5 % at most; the limit is
a little higher, because what one rhythm or curve carries is looked at twice, and the second look only ever refuses."""
RIVAL_EXPLANATIONS = (
    "something else changed both: an event, a holiday, an illness, a session, a change of medication",
    "how somebody feels also decides how much homework gets done: read both directions",
    "very bad weeks are followed by better ones, and very good ones by worse, whatever was done",
    "both carry over from week to week, repeat, or follow a curve; the test allows for that, though not for all of it",
    "the same week matters too: homework and symptom of one week are not compared here",
    "what was entered later than it was done, and weeks without any entry, may differ from the rest",
)
"""What else may stand behind "moved together"; to be shown with it."""

Words = Literal["moved together", "no clear pattern", "too little data"]
_FORWARD = {
    False: "more homework, lower symptom in the next week",
    True: "more homework, higher symptom in the next week",
}
_BACKWARD = {
    False: "higher symptom, less homework in the next week",
    True: "higher symptom, more homework in the next week",
}
_WHY = {
    "": "",
    "rhythm": "mostly one rhythm that both have",
    "curve": "mostly one slow change that both have",
}
_DONE = {"done": 1.0, "partly": 0.5, "not": 0.0, "unanswered": 0.0}


class Weekly(Struct, frozen=True):
    """One week's value and over how many it was taken: occurrences that counted, or logs."""

    value: float
    count: int = 1


class WeekPoint(Struct, frozen=True, kw_only=True):
    """One week, by its Monday. `homework` is the share done (0 to 1); None is a gap, not a zero."""

    week: date
    homework: Weekly | None = None
    symptom: Weekly | None = None


class Pair(Struct, frozen=True):
    """A week (its Monday), one series in it, and the other one in the week after it."""

    week: date
    value: float
    next: float


class Direction(Struct, frozen=True, kw_only=True):
    """One direction of the two: every pair and how many, and what may be said of it.

    `r` is the correlation over the pairs without each side's own straight line; None where it was not computed (under
    8 pairs) or cannot be (one side never moved). `p` counts both directions, and what is left of `r` without a rhythm
    or a slow change that carries it. `told` says in which sense it moved, empty unless `words` is "moved together".
    `why` says what the correlation rests on where that is why there is "no clear pattern", and is empty otherwise.
    """

    pairs: tuple[Pair, ...]
    n: int
    r: float | None
    p: float | None
    words: Words
    told: str = ""
    why: str = ""


class Together(Struct, frozen=True, kw_only=True):
    """Homework and one symptom: every week from the first to the last, gaps as gaps, and both directions.

    `forward` is homework in a week with the symptom in the next one, `backward` the symptom in a week with homework in
    the next one. `n` is the larger number of pairs, `p` the smaller one of both directions, which is already for both
    together; None where neither could be computed.
    """

    points: tuple[WeekPoint, ...]
    n: int
    forward: Direction
    backward: Direction
    words: Words
    p: float | None


def weekly_homework(occurrences: Iterable[OccurrenceView], today: date) -> dict[date, Weekly]:
    """The share of the counted occurrences that were done, by the Monday of their week; partly is half.

    What was paused, could not be done, is open, or has no day does not count; a week without any that counts is left
    out, and so is the week of `today`, which is not over. Give the occurrences of all homework that is meant.
    """
    days = ((one.day, _DONE.get(one.state)) for one in occurrences)
    return _by_week(((day, share) for day, share in days if day is not None and share is not None), today)


def weekly_means(values: Iterable[tuple[date, float]], today: date) -> dict[date, Weekly]:
    """The mean of a symptom's logs (their local day and value), by the Monday of their week.

    A week without logs is left out, and so is the week of `today`; values that are not numbers are passed over.
    """
    return _by_week(((day, float(value)) for day, value in values if isfinite(value)), today)


def together(homework: Mapping[date, Weekly], symptom: Mapping[date, Weekly], *, seed: int = 0) -> Together:
    """Whether `homework` and `symptom`, by the Mondays of their weeks, moved together one week apart.

    The answer depends on the values and `seed` (another set of comparisons) alone. Raises InvalidField for a date that
    is not a Monday.
    """
    weeks = _weeks({*homework, *symptom})
    points = tuple(WeekPoint(week=week, homework=homework.get(week), symptom=symptom.get(week)) for week in weeks)
    done: Series = [None if point.homework is None else point.homework.value for point in points]
    felt: Series = [None if point.symptom is None else point.symptom.value for point in points]
    ahead, back = strengths(done, felt, least=LEAST_PAIRS, limit=LIMIT, seed=seed)
    forward = _direction(_pairs(weeks, done, felt), ahead, _FORWARD)
    backward = _direction(_pairs(weeks, felt, done), back, _BACKWARD)
    return Together(
        points=points,
        n=max(forward.n, backward.n),
        forward=forward,
        backward=backward,
        words=_overall(forward.words, backward.words),
        p=min((one.p for one in (forward, backward) if one.p is not None), default=None),
    )


def _by_week(values: Iterable[tuple[date, float]], today: date) -> dict[date, Weekly]:
    running = _monday(today)
    found: dict[date, list[float]] = {}
    for day, value in values:
        if day < running:
            found.setdefault(_monday(day), []).append(value)
    # sorted: a sum of floats depends on the order, and the answer must not depend on that in which rows arrived
    return {week: Weekly(sum(sorted(found[week])) / len(found[week]), len(found[week])) for week in sorted(found)}


def _monday(day: date) -> date:
    return date.fromordinal(max(1, day.toordinal() - day.weekday()))


def _weeks(known: set[date]) -> list[date]:
    """Every week from the first to the last that is known, the newest `LONGEST` at most."""
    if not all(week.weekday() == 0 for week in known):
        raise InvalidField("weeks are identified by their Mondays: use weekly_homework() and weekly_means()")
    if not known:
        return []
    last = max(known)
    earliest = max(1, last.toordinal() - 7 * (LONGEST - 1))
    first = min(week for week in known if week.toordinal() >= earliest)
    return [first + timedelta(weeks=number) for number in range((last - first).days // 7 + 1)]


def _pairs(weeks: list[date], earlier: Series, later: Series) -> tuple[Pair, ...]:
    following = zip(weeks, earlier, later[1:], strict=False)
    return tuple(Pair(week, one, two) for week, one, two in following if one is not None and two is not None)


def _direction(pairs: tuple[Pair, ...], strength: Strength, told: dict[bool, str]) -> Direction:
    words: Words = "no clear pattern"
    if strength.n < LEAST_PAIRS:
        words = "too little data"
    elif strength.p is not None and strength.p <= LIMIT:
        words = "moved together"
    sense = told[strength.r > 0] if words == "moved together" and strength.r is not None else ""
    why = _WHY[strength.carried] if words == "no clear pattern" else ""
    return Direction(pairs=pairs, n=strength.n, r=strength.r, p=strength.p, words=words, told=sense, why=why)


def _overall(*directions: Words) -> Words:
    ranked: tuple[Words, ...] = ("moved together", "no clear pattern", "too little data")
    return min(directions, key=ranked.index)
