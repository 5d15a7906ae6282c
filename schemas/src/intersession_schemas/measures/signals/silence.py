"""Nothing received for longer than this client's own rate explains, or the plan's own limit. Pauses do not count."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.care.episodes import Episode
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress
from intersession_schemas.documents.care.plan import SILENCE, Plan, sections_on
from intersession_schemas.documents.diary.journal import JournalEntry
from intersession_schemas.documents.local_days import LocalDays, day_of
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.measures.scores import open_episode, when
from intersession_schemas.measures.signals.chance import WEEKS, rate, unusual_from
from intersession_schemas.measures.signals.signal import Signal, signal
from intersession_schemas.measures.words import day_text, days_text, say
from intersession_schemas.streams import Kind

SHORTEST = 4
"""Days; a shorter silence is never told."""
LONGEST = 13
"""Days; a longer one is told of everybody who writes on one day in five or more, and of whoever has hardly begun."""
OFTEN_ENOUGH = 0.2
FEWEST_DAYS = 3
"""Days on which something was written, from which on there is a rate without a plan that asks for anything."""
LATELY = timedelta(days=90)
"""The rate is that of so many days before the last one."""
USUAL, WEIGHT = 0.6, 4.0
"""What is supposed of a rate before it is known, and for how many chances that counts."""


class Silence(Struct, frozen=True):
    """Nothing since the local day `last`, for so many `days` without pauses; `usual` is the gap of nine times in ten.

    `begun`: anything was received at all.
    """

    last: date
    days: int
    usual: int | None
    begun: bool


def silence(material: Material, cut: Cut) -> Silence | None:
    """The silence there is today; None where it is no longer than usual, nothing is asked for, or care has ended."""
    if material.of(Kind.EPISODE, Episode) and open_episode(material, cut) is None:
        return None
    today, counted = material.local_day(cut), DaysWithoutPauses(material.plan)
    about, arrived = _activity(material, material.days(cut))
    active = [day for day in about if day <= today]
    last = max((day for day in (*active[-1:], *arrived) if day <= today), default=None)
    asked = _asked_since(material, material.days(cut), today)
    if last is None or (len(active) < FEWEST_DAYS and asked is not None and asked > last):
        last = asked
    if last is None or (len(active) < FEWEST_DAYS and asked is None):
        return None
    gaps = [counted.between(*pair) for pair in pairwise([day for day in active if active[-1] - day <= LATELY])]
    gaps = [max(1, gap) for gap in gaps]
    limit = material.plan.thresholds.get(SILENCE)
    longest = limit.at if limit is not None else longest_usual(gaps)
    silent = counted.between(last, today)
    if silent < longest:
        return None
    return Silence(last, silent, usual_gap(gaps), bool(active))


def longest_usual(gaps: Sequence[int]) -> int:
    """From how many days on it is more than chance explains, given the gaps between the days on which something came.

    A quarter of the gaps is no longer than the rhythm that this client keeps: every day, every week. Days are counted
    in it.
    """
    if len(gaps) < FEWEST_DAYS - 1:
        return LONGEST
    rhythm = sorted(gaps)[len(gaps) // 4]
    chances = 7 * WEEKS / rhythm
    each = rate(len(gaps), sum(gaps) / rhythm, USUAL, WEIGHT)
    longest = max(SHORTEST, unusual_from(each, chances) * rhythm)
    return min(longest, LONGEST) if len(gaps) / sum(gaps) >= OFTEN_ENOUGH else longest


def usual_gap(gaps: Sequence[int]) -> int | None:
    """The 90th percentile (nearest rank) of gaps, in days; None where they are too few to tell."""
    return sorted(gaps)[math.ceil(0.9 * len(gaps)) - 1] if len(gaps) >= FEWEST_DAYS else None


def silences(material: Material, cut: Cut, found: Silence | None) -> Iterator[Signal]:
    """The signal of a silence, if there is one."""
    if found is None:
        return
    days, locale = material.days(cut), cut.locale
    whole = (days.of(cut.now) - found.last).days
    spent = days_text(locale, found.days)
    if whole != found.days:
        spent = say(locale, "without pauses", days=spent)
    text = say(locale, "silence" if found.begun else "silence from the beginning", day=day_text(found.last), days=spent)
    if found.usual is not None:
        text += say(locale, "usual gap", gap=days_text(locale, max(found.usual, 1)))
    if material.heard_at is not None:
        text += say(locale, "heard", day=day_text(days.of(material.heard_at)))
    id_ = f"silence/{found.last.isoformat()}"
    yield signal("silence", id_, None, days.moment(found.last), None, text, cut, days)


class DaysWithoutPauses:
    """Days, without those that lie in a pause."""

    def __init__(self, plan: Plan) -> None:
        spans = sorted(
            (one.first.toordinal(), (one.last or date.max).toordinal())
            for one in plan.pauses.values()
            if one.first is not None
        )
        self._pauses: list[tuple[int, int]] = []
        for first, last in spans:
            if self._pauses and first <= self._pauses[-1][1] + 1:
                self._pauses[-1] = self._pauses[-1][0], max(last, self._pauses[-1][1])
            else:
                self._pauses.append((first, last))

    def between(self, earlier: date, later: date) -> int:
        """The days after `earlier`, up to `later`."""
        begin, end = earlier.toordinal() + 1, later.toordinal()
        paused = sum(max(0, min(end, last) - max(begin, first) + 1) for first, last in self._pauses)
        return max(0, end - begin + 1 - paused)


# -- what came, and what is asked for ----------------------------------------------------------------------------------

_OF = frozenset(
    {Kind.JOURNAL_ENTRY, Kind.SYMPTOM_LOG, Kind.HOMEWORK_PROGRESS, Kind.ASSESSMENT, Kind.HOMEWORK, Kind.PLAN}
)


def _activity(material: Material, days: LocalDays) -> tuple[list[date], list[date]]:
    """The local days that something is of which the client wrote, and those on which some arrived; each once."""
    return material.once(("activity", days), _OF, lambda: _all_activity(material, days))


def _all_activity(material: Material, days: LocalDays) -> tuple[list[date], list[date]]:
    about: list[date] = []
    arrived: list[datetime | None] = []
    for filed, entry in material.of(Kind.JOURNAL_ENTRY, JournalEntry):
        if entry.written_at is not None:
            about.append(day_of(entry.written_at, days.begins))
            arrived.append(filed.arrived())
    for noted in material.symptom_logs():
        about.append(day_of(noted.log.at, days.begins))
        arrived.append(noted.arrived_at)
    for filed, progress in material.of(Kind.HOMEWORK_PROGRESS, HomeworkProgress):
        if progress.entered_at is not None:
            about.append(day_of(progress.entered_at, days.begins))
            arrived.append(filed.arrived())
    for filed, assessment in material.of(Kind.ASSESSMENT, Assessment):
        if assessment.administered_by is None:
            for completion in assessment.completions:
                about.append(day_of(when(filed, assessment, completion.id, completion.completed_at), days.begins))
                arrived.append(filed.arrived(completion.id))
    # What came together came at one moment.
    return sorted(set(about)), sorted({days.of(at) for at in set(arrived) if at is not None})


def _asked_since(material: Material, days: LocalDays, today: date) -> date | None:
    """The day from which on something has been asked for that is asked for today; None where nothing is."""
    plan = material.plan
    filed = next((one for one, _ in material.of(Kind.PLAN, Plan)), None)
    arrived = None if filed is None else filed.rows.last_received_at
    changed = None if arrived is None else days.of(arrived)
    begins = [plan.journal_since or changed] if sections_on(plan, today) else []
    begins += [one.since or changed for one in plan.trackers.values() if one.until is None or one.until >= today]
    begins += [
        one.since or changed
        for one in plan.assessments.values()
        if one.rule and (one.until is None or one.until >= today)
    ]
    for _, homework in material.of(Kind.HOMEWORK, Homework):
        if homework.rule and (homework.ended_on is None or homework.ended_on > today):
            assigned = None if homework.assigned_at is None else days.of(homework.assigned_at)
            begins.append(max((day for day in (homework.since, assigned) if day is not None), default=None))
    return min((day for day in begins if day is not None and day <= today), default=None)
