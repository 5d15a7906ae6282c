"""Homework and one symptom of one person, week by week, and each pair of weeks as a point. Pure.

Every point is drawn, nothing is drawn under `LEAST_PAIRS` pairs, there is no line through the points, and no sentence
says that one caused the other: docs/explanation/homework-and-symptoms.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from markupsafe import Markup
from msgspec import Struct

from intersession_schemas.documents.diary.symptoms import Number
from intersession_schemas.measures.together import LEAST_PAIRS, Direction, Together, WeekPoint
from intersession_server.language.language import count, say
from intersession_server.web.charts.drawing import (
    PlotArea,
    axes,
    joined_line,
    level,
    mark,
    picture,
    stretched,
    words_at,
)
from intersession_server.web.page import phrases

_EDGE = 4.0
"""How far from the edges of a scatter its points lie, in percent."""
TALL = 120.0
MOST_ROWS = 104


class DirectionShown(Struct, frozen=True):
    """One direction: what it is about, the sentence that it allows, why not more, and its picture."""

    id: str
    heading: str
    verdict: str
    why: str
    pairs: str
    svg: Markup | None


class WeekRow(Struct, frozen=True):
    """A week of the table: homework and symptom, empty where a gap."""

    week: date
    homework: str
    symptom: str


class TogetherShown(Struct, frozen=True):
    """Both directions, the weeks as two pictures above one another, and the table."""

    verdict: str
    enough: bool
    moved: bool
    homework_svg: Markup | None
    symptom_svg: Markup | None
    directions: list[DirectionShown]
    rows: list[WeekRow]
    rivals: list[str]


def together_shown(found: Together, symptom: str, scale: tuple[Number, Number] | None) -> TogetherShown:
    """What is shown of homework and the symptom of this name."""
    enough = found.n >= LEAST_PAIRS
    ends = _ends(found, scale)
    pictures = _weeks(found, symptom, ends) if enough else (None, None)
    directions = [
        _direction(found, found.forward, symptom, ends, forward=True),
        _direction(found, found.backward, symptom, ends, forward=False),
    ]
    return TogetherShown(
        verdict=overall_words(found),
        enough=enough,
        moved=found.words == "moved together",
        homework_svg=pictures[0],
        symptom_svg=pictures[1],
        directions=directions if enough else [],
        rows=[_row(one) for one in reversed(found.points)][:MOST_ROWS] if enough else [],
        rivals=rival_explanations(),
    )


def overall_words(found: Together) -> str:
    """The sentence that all of it allows."""
    match found.words:
        case "too little data":
            return count(
                "Too little data: %(n)s pair of weeks, and at least %(least)s are needed.",
                "Too little data: %(n)s pairs of weeks, and at least %(least)s are needed.",
                found.n,
                least=LEAST_PAIRS,
            )
        case "no clear pattern":
            return count(
                "No clear pattern over %(n)s pair of weeks.", "No clear pattern over %(n)s pairs of weeks.", found.n
            )
        case "moved together":
            return count(
                "Homework and symptom moved together over %(n)s pair of weeks.",
                "Homework and symptom moved together over %(n)s pairs of weeks.",
                found.n,
            )


def direction_words(one: Direction, *, forward: bool) -> str:
    """The sentence that one direction allows."""
    if one.words == "too little data":
        return say("Too little data.")
    if one.words == "no clear pattern" or one.r is None:
        return say("No clear pattern.")
    if forward and one.r < 0:
        return say("Moved together: more homework in one week went with a lower symptom in the next.")
    if forward:
        return say("Moved together: more homework in one week went with a higher symptom in the next.")
    if one.r < 0:
        return say("Moved together: a higher symptom in one week went with less homework in the next.")
    return say("Moved together: a higher symptom in one week went with more homework in the next.")


def why_words(one: Direction) -> str:
    """What a correlation rests on, where that is why there is no clear pattern."""
    match one.why:
        case "":
            return ""
        case "mostly one rhythm that both have":
            return say("The similarity is mostly one rhythm that both have.")
        case _:
            return say("The similarity is mostly one slow change that both have.")


def rival_explanations() -> list[str]:
    """What else may stand behind "moved together", in the order of RIVAL_EXPLANATIONS."""
    return [
        say("something else changed both: an event, a holiday, an illness, a session, a change of medication"),
        say("how somebody feels also decides how much homework gets done: read both directions"),
        say("very bad weeks are followed by better ones, and very good ones by worse, whatever was done"),
        say(
            "both carry over from week to week, repeat, or follow a curve; the test allows for that, though not for all"
            " of it"
        ),
        say("the same week matters too: homework and symptom of one week are not compared here"),
        say("what was entered later than it was done, and weeks without any entry, may differ from the rest"),
    ]


# --- pictures ---------------------------------------------------------------------------------------------------------


def _ends(found: Together, scale: tuple[Number, Number] | None) -> tuple[float, float]:
    values = [one.symptom.value for one in found.points if one.symptom is not None]
    ends = [*values, *(scale or ())] or [0.0, 1.0]
    low, high = min(ends), max(ends)
    return (low, high) if low < high else (low - 1, high + 1)


def _weeks(found: Together, symptom: str, ends: tuple[float, float]) -> tuple[Markup, Markup]:
    first, last = found.points[0].week, found.points[-1].week + timedelta(days=6)
    homework = PlotArea.of_days(first, last, 0, 1, tall=34)
    felt = PlotArea.of_days(first, last, *_whole(ends), tall=70)
    bars: list[str] = []
    for one in found.points:
        if one.homework is not None:
            height = max(one.homework.value, 0.06) * homework.tall
            x, y = _middle(homework, one), homework.bottom - height
            bars.append(
                f'<rect class="value done {"done-done" if one.homework.value else "done-not"}" x="{x:.2f}%" y="{y:.1f}"'
                f' width="7" height="{height:.1f}" rx="1.5" transform="translate(-3.5 0)">'
                f"<title>{_week_words(one)}</title></rect>"
            )
    said = count("%(n)s week", "%(n)s weeks", len(found.points))
    top = picture(
        "together-homework",
        say("Homework done, by week"),
        said,
        [*bars, level("axis", homework.bottom)],
        homework.bottom,
    )
    points = [one for one in found.points if one.symptom is not None]
    placed = [(_middle(felt, one), felt.y(one.symptom.value)) for one in points if one.symptom is not None]
    marks = [mark(x, y, _week_words(one)) for one, (x, y) in zip(points, placed, strict=True)]
    lines = stretched(felt, (joined_line(run) for run in _runs(points, placed) if len(run) > 1))
    below = picture("together-symptom", symptom, said, [*axes(felt, first, last), lines, *marks], felt.bottom)
    return top, below


def _runs(points: list[WeekPoint], placed: list[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """Weeks that follow one another."""
    runs: list[list[tuple[float, float]]] = []
    for number, (one, at) in enumerate(zip(points, placed, strict=True)):
        if number and one.week - points[number - 1].week == timedelta(weeks=1):
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _middle(frame: PlotArea, one: WeekPoint) -> float:
    return frame.middle(one.week, one.week + timedelta(days=6))


def _week_words(one: WeekPoint) -> Markup:
    said = say(
        "Week of %(day)s: homework %(homework)s, symptom %(symptom)s",
        day=phrases.day(one.week),
        homework=_homework_words(one) or say("none due"),
        symptom=_symptom_words(one) or say("not logged"),
    )
    return Markup.escape(said)


def _homework_words(one: WeekPoint) -> str:
    if one.homework is None:
        return ""
    done = phrases.number(round(one.homework.value * one.homework.count, 1))
    return say("%(done)s of %(due)s", done=done, due=one.homework.count)


def _symptom_words(one: WeekPoint) -> str:
    if one.symptom is None:
        return ""
    mean = phrases.number(round(one.symptom.value, 1))
    return count("%(mean)s (%(n)s log)", "%(mean)s (%(n)s logs)", one.symptom.count, mean=mean)


def _row(one: WeekPoint) -> WeekRow:
    return WeekRow(one.week, _homework_words(one), _symptom_words(one))


def _direction(
    found: Together, one: Direction, symptom: str, ends: tuple[float, float], *, forward: bool
) -> DirectionShown:
    if forward:
        id_, heading = "forward", say("Homework in a week, and %(symptom)s in the next", symptom=symptom)
    else:
        id_, heading = "backward", say("%(symptom)s in a week, and homework in the next", symptom=symptom)
    verdict = direction_words(one, forward=forward)
    svg = None
    if one.n >= LEAST_PAIRS:
        svg = picture(f"together-{id_}", heading, verdict, _scatter(found, one, ends, forward=forward), TALL + 20)
    pairs = count("%(n)s pair of weeks", "%(n)s pairs of weeks", one.n)
    return DirectionShown(id_, heading, verdict, why_words(one), pairs, svg)


def _scatter(found: Together, one: Direction, ends: tuple[float, float], *, forward: bool) -> Iterator[str]:
    """Each pair as a point: across what came first, up what came a week later."""
    at = date(2000, 1, 3)
    share, felt = (0.0, 1.0), ends
    across, up = (share, felt) if forward else (felt, share)
    frame = PlotArea.of_days(at, at, *_whole(up), tall=TALL)
    yield from (level("grid", frame.y(value)) for value in (frame.low, frame.high))
    yield level("axis", frame.bottom)
    names = (say("none done"), say("all done"))
    if forward:
        for value in (frame.low, frame.high):
            yield words_at("-8", frame.y(value) + 4, "end", phrases.number(round(value, 1)))
        yield words_at("0", frame.bottom + 17, "start", names[0])
        yield words_at("100%", frame.bottom + 17, "end", names[1])
    else:
        for value, name in ((frame.low, names[0]), (frame.high, names[1])):
            yield words_at("0.6%", frame.y(value) + (-5 if value == frame.low else 12), "start", name)
        yield words_at("0", frame.bottom + 17, "start", phrases.number(round(across[0], 1)))
        yield words_at("100%", frame.bottom + 17, "end", phrases.number(round(across[1], 1)))
    weeks = {each.week: each for each in found.points}
    for pair in one.pairs:
        x = _EDGE + (pair.value - across[0]) / (across[1] - across[0]) * (100 - 2 * _EDGE)
        yield mark(x, frame.y(pair.next), _pair_words(weeks, pair.week, forward=forward))


def _pair_words(weeks: dict[date, WeekPoint], week: date, *, forward: bool) -> str:
    one, after = weeks[week], weeks[week + timedelta(weeks=1)]
    day = phrases.day(week)
    if forward:
        return say(
            "Week of %(day)s: homework %(homework)s; the week after: symptom %(symptom)s",
            day=day,
            homework=_homework_words(one),
            symptom=_symptom_words(after),
        )
    return say(
        "Week of %(day)s: symptom %(symptom)s; the week after: homework %(homework)s",
        day=day,
        homework=_homework_words(after),
        symptom=_symptom_words(one),
    )


def _whole(ends: tuple[float, float]) -> tuple[Number, Number]:
    """Ends as whole numbers where they are."""
    low, high = (int(one) if float(one).is_integer() else one for one in ends)
    return low, high
