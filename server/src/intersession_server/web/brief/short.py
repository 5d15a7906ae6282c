"""The brief that is read in two minutes and printed on one page, on two at most: a view of the brief. Pure.

Every open risk signal is in it. Of all else, what says most is chosen, cut, and how much more there is is counted; the
more a record holds, the less of each list there is (`QUOTAS`), so that it stays on its pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil
from statistics import median
from unicodedata import east_asian_width
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct

from intersession_schemas.documents.care.adherence import OccurrenceState
from intersession_schemas.instruments import Instrument
from intersession_schemas.measures.assignments import Assigned
from intersession_schemas.measures.brief import Brief, BriefScore
from intersession_schemas.measures.entries import BriefEntry
from intersession_schemas.measures.material import Material
from intersession_schemas.measures.scores import Compared
from intersession_schemas.measures.signals.signal import Signal
from intersession_server.language.language import count, say
from intersession_server.web.brief.views import (
    assignment_notes,
    entry_heading,
    entry_notes,
    score_notes,
    trend_row,
    unfinished_words,
)
from intersession_server.web.brief.words import (
    BriefHeading,
    acknowledged_words,
    heading_of,
    plan_change_words,
    topic_words,
    upcoming_words,
)
from intersession_server.web.charts.homework_charts import done_of_due
from intersession_server.web.charts.scores import (
    Tone,
    against_words,
    band_words,
    points_words,
    score_name,
    score_words,
    tone_of,
    verdict_words,
)
from intersession_server.web.client.homework_views import title
from intersession_server.web.page import phrases

MOST_LINES = 124
"""Lines of two printed pages, with some to spare."""
LINE = 100
"""Characters of a printed line, at least."""
LONGEST_TEXT = 150
LONGEST_NOTE = 220
MOST_RISKS = 24
"""Open risk signals that are told one by one, the newest; the others are told by month."""


class Quota(Struct, frozen=True):
    """How much of each list is shown."""

    signals: int
    acknowledged: int
    topics: int
    scores: int
    trends: int
    homework: int
    happened: int
    upcoming: int
    text: int = LONGEST_TEXT


QUOTAS = (
    Quota(signals=8, acknowledged=6, topics=8, scores=10, trends=12, homework=10, happened=12, upcoming=8),
    Quota(signals=6, acknowledged=4, topics=6, scores=8, trends=12, homework=10, happened=8, upcoming=6),
    Quota(signals=4, acknowledged=3, topics=5, scores=8, trends=8, homework=6, happened=5, upcoming=5),
    Quota(signals=4, acknowledged=3, topics=4, scores=6, trends=8, homework=6, happened=5, upcoming=4, text=110),
    Quota(signals=3, acknowledged=2, topics=3, scores=5, trends=5, homework=4, happened=3, upcoming=3, text=90),
)


class Told(Struct, frozen=True):
    """One line: what it says, and what is said beside it."""

    text: str
    beside: str = ""

    @property
    def lines(self) -> int:
        """How many printed lines it may take."""
        return max(1, ceil((width_of(self.text) + width_of(self.beside)) / LINE))


class ToldList(Struct, frozen=True):
    """Some lines, and how many more there are."""

    items: list[Told]
    more: int = 0

    @property
    def lines(self) -> int:
        """How many printed lines it may take, with its heading."""
        return sum(one.lines for one in self.items) + (2 if self.items else 0) + bool(self.more)


class ShortScore(Struct, frozen=True):
    """The newest score of a scale, and what it changed by."""

    name: str
    score: str
    band: str
    day: str
    points: str
    since: str
    verdict: str
    tone: Tone
    more: str
    note: str


class ShortTrend(Struct, frozen=True):
    """A symptom since the last session."""

    name: str
    picture: Markup
    median: str
    before: str
    change: str
    logged: str


class ShortHomework(Struct, frozen=True):
    """An assignment since the last session: done of due, and how it went."""

    name: str
    done: str
    went: str
    note: str


class ShortBrief(Struct, frozen=True, kw_only=True):
    """What the page shows. `risks` are all open risk signals, but for those that `older_risks` tells by month."""

    heading: BriefHeading
    risks: list[Told]
    older_risks: str
    signals: ToldList
    acknowledged: ToldList
    topics: ToldList
    scores: list[ShortScore]
    scores_more: int
    trends: list[ShortTrend]
    trends_more: int
    homework: list[ShortHomework]
    homework_more: int
    happened: ToldList
    upcoming: ToldList
    problems: int

    @property
    def lines(self) -> int:
        """How many printed lines it may take."""
        lists = (self.signals, self.acknowledged, self.topics, self.happened, self.upcoming)
        risks = sum(one.lines for one in self.risks) + ceil(len(self.older_risks) / LINE) + 2
        scores = sum(
            max(1, ceil((len(one.name) + len(one.verdict) + len(one.more) + len(one.note)) / 70)) for one in self.scores
        )
        homework = sum(max(1, ceil((len(one.name) + len(one.went) + len(one.note)) / LINE)) for one in self.homework)
        trends = sum(ceil(len(one.name) / 45) * 1.25 for one in self.trends)
        return ceil(6 + risks + sum(one.lines for one in lists) + scores + homework + trends + 9)


def short_brief(
    brief: Brief,
    all_signals: Sequence[Signal],
    material: Material,
    known: Mapping[str, Instrument],
    names: Mapping[UUID, str],
) -> ShortBrief:
    """A view of the brief. `all_signals` are those of the record, of which a brief holds the newest alone; `known` are
    the instruments by key, `names` the people who acknowledged signals by id."""
    made = [_with(quota, brief, all_signals, material, known, names) for quota in QUOTAS[:1]]
    for quota in QUOTAS[1:]:
        if made[-1].lines <= MOST_LINES:
            break
        made.append(_with(quota, brief, all_signals, material, known, names))
    return made[-1]


def _with(
    quota: Quota,
    brief: Brief,
    all_signals: Sequence[Signal],
    material: Material,
    known: Mapping[str, Instrument],
    names: Mapping[UUID, str],
) -> ShortBrief:
    open_ones = [one for one in all_signals if not one.acknowledged]
    risks = [one for one in open_ones if one.kind == "risk"]
    others = [one for one in open_ones if one.kind != "risk"]
    seen = [one for one in brief.signals if one.acknowledged]
    scores, trends = _newest(brief.scores), brief.trends
    homework = sorted(brief.homework, key=lambda one: (not one.to_review, not one.missed_run))
    ahead = sorted(brief.upcoming, key=lambda one: one.kind != "session")
    return ShortBrief(
        heading=heading_of(brief, material),
        risks=[Told(one.text, phrases.moment(one.at)) for one in risks[:MOST_RISKS]],
        older_risks=_by_month(risks[MOST_RISKS:]),
        signals=_list([Told(cut(one.text, quota.text)) for one in others], quota.signals),
        acknowledged=_list([_seen(one, names, quota) for one in seen], quota.acknowledged),
        topics=_list(
            [Told(cut(one.text, quota.text), topic_words(one)) for one in brief.topics],
            quota.topics,
            left_out=brief.left_out.get("topics", 0),
        ),
        scores=[_score(one) for one in scores[: quota.scores]],
        scores_more=max(len(scores) - quota.scores, 0),
        trends=[_trend(number, brief) for number in range(len(trends[: quota.trends]))],
        trends_more=max(len(trends) - quota.trends, 0) + brief.left_out.get("trends", 0),
        homework=[_homework(one) for one in homework[: quota.homework]],
        homework_more=max(len(homework) - quota.homework, 0) + brief.left_out.get("homework", 0),
        happened=_happened(brief, quota),
        upcoming=_list([Told(cut(one, quota.text)) for one in upcoming_words(ahead, known)], quota.upcoming),
        problems=len(brief.problems) + brief.left_out.get("problems", 0),
    )


def width_of(text: str) -> int:
    """How wide a text is, in letters: Chinese characters and emoji are as wide as two."""
    if text.isascii():
        return len(text)
    return len(text) + sum(east_asian_width(letter) in "WF" for letter in text)


def cut(text: str, most: int) -> str:
    """The beginning of a text on one line, about as wide as so many letters."""
    line = " ".join(text[: 4 * most].split())
    if width_of(line) <= most and len(text) <= 4 * most:
        return line
    if 2 * width_of(line) > 3 * len(line):
        most //= 2
    end = line.rfind(" ", most // 2, most)
    return f"{line[: end if end > 0 else most].rstrip(' ,.;:')} …"


def _list(items: list[Told], most: int, *, left_out: int = 0) -> ToldList:
    return ToldList(items[:most], max(len(items) - most, 0) + left_out)


def _by_month(signals: Sequence[Signal]) -> str:
    """Signals that are not told one by one: how many in which month, the newest first."""
    months: dict[tuple[int, int], list[Signal]] = {}
    for one in signals:
        months.setdefault((one.at.year, one.at.month), []).append(one)
    told = [
        say("%(month)s: %(n)s", month=phrases.month(found[0].at), n=len(found)) for _, found in sorted(months.items())
    ]
    return ", ".join(reversed(told))


def _seen(one: Signal, names: Mapping[UUID, str], quota: Quota) -> Told:
    return Told(cut(one.text, quota.text), cut(acknowledged_words(one, names), LONGEST_NOTE))


def _newest(scores: Sequence[BriefScore]) -> list[BriefScore]:
    """Of each scale the newest that holds: those since the beginning first."""
    found: dict[tuple[str, str], BriefScore] = {}
    for one in scores:
        key = (one.measured.instrument, one.measured.scale)
        if key not in found or found[key].measured.amended:
            found[key] = one
    return sorted(found.values(), key=lambda one: not one.since)


def _score(told: BriefScore) -> ShortScore:
    one = told.measured
    first = one.compared[0] if one.compared else None
    return ShortScore(
        name=cut(score_name(one), 70),
        score=score_words(one),
        band=band_words(one.score),
        day=phrases.day(one.day),
        points="" if first is None else points_words(first),
        since="" if first is None else against_words(first.against),
        verdict="" if first is None else verdict_words(first.change.verdict),
        tone="quiet" if first is None else tone_of(first),
        more=phrases.joined(*(_since(each) for each in one.compared[1:]), by="; "),
        note=" ".join(score_notes(told)),
    )


def _since(one: Compared) -> str:
    points = points_words(one)
    return say("%(points)s since %(since)s", points=points, since=against_words(one.against)) if points else ""


def _trend(number: int, brief: Brief) -> ShortTrend:
    row = trend_row(brief.trends[number], f"trend-{number}")
    return ShortTrend(cut(row.name, 60), row.picture, row.median, row.before, row.change, row.logged)


def _homework(one: Assigned) -> ShortHomework:
    states: dict[OccurrenceState, int] = {}
    for each in one.occurrences:
        states[each.state] = states.get(each.state, 0) + 1
    said = [each.said[0] for each in one.occurrences if each.said]
    went = [
        *_rated(lambda n: say("difficulty %(n)s", n=n), [each.difficulty for each in said]),
        *_rated(lambda n: say("helpfulness %(n)s", n=n), [each.helpfulness for each in said]),
    ]
    notes = " ".join(assignment_notes(one))
    return ShortHomework(cut(title(one.what.strip()), 90), done_of_due(states), phrases.joined(*went), notes)


def _rated(words: Callable[[str], str], ratings: Sequence[int | None]) -> list[str]:
    given = [one for one in ratings if one is not None]
    return [words(phrases.number(median(given)))] if given else []


def _happened(brief: Brief, quota: Quota) -> ToldList:
    """The newest entries, then what else has changed."""
    entries = brief.entries[::-1]
    others = [Told(cut(unfinished_words(one), quota.text), say("started, not completed")) for one in brief.unfinished]
    others += [
        Told(cut(say("Goal: %(goal)s", goal=one.what), quota.text), _steps(len(done), len(one.steps)))
        for one in brief.goals
        if one.changed and (done := [step for step in one.steps if step.done_on is not None])
    ]
    others += [Told(cut(plan_change_words(one), quota.text), say("plan")) for one in brief.plan_changes or ()]
    # Neither crowds the other out.
    kept = min(len(others), quota.happened // 3)
    shown = [_entry(one, quota) for one in entries[: quota.happened - kept]]
    shown += others[: quota.happened - len(shown)]
    left_out = brief.left_out.get("entries", 0) + brief.left_out.get("plan_changes", 0)
    return ToldList(shown, len(entries) + len(others) - len(shown) + left_out)


def _steps(done: int, steps: int) -> str:
    return count("%(done)s of %(n)s step done", "%(done)s of %(n)s steps done", steps, done=done)


def _entry(one: BriefEntry, quota: Quota) -> Told:
    words = one.text or " ".join(each.text for each in one.sections if each.type == "prose")
    said = cut(words, quota.text) or say("(no text)")
    return Told(said, phrases.joined(entry_heading(one), *entry_notes(one)))
