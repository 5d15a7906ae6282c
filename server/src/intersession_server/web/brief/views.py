"""What the page of a brief shows, prepared: a brief is values, and this says them in words and in order. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct

from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.instruments import Instrument
from intersession_schemas.measures.assignments import Assigned, BriefOccurrence, Said
from intersession_schemas.measures.brief import Ahead, Brief, BriefScore, BriefTopic
from intersession_schemas.measures.entries import BriefEntry
from intersession_schemas.measures.material import Material
from intersession_schemas.measures.plan_changes import PlanChange, PlanPart
from intersession_schemas.measures.signals.signal import Signal
from intersession_schemas.measures.trends import Trend
from intersession_schemas.streams import Kind
from intersession_server.web.brief.sparkline import sparkline
from intersession_server.web.client.homework_views import BARRIERS, STATES, counts_words, quality_words, title
from intersession_server.web.client.measure_views import change_words, odd_words, score_words
from intersession_server.web.page import phrases
from intersession_server.web.page.prose import FoldedText, answer_words, prose

_PARTS: dict[PlanPart, str] = {
    "introduction": "Introduction",
    "journal": "Journal",
    "days": "Start of the day",
    "sections": "Journal section",
    "trackers": "Tracker",
    "assessments": "Assessment",
    "safety_plan": "Safety plan",
    "pauses": "Pause",
}
_LISTS = {"unfinished": "unfinished assessments", "plan_changes": "changes to the plan", "trends": "symptoms"}
_PHASES = {"assessment": "assessment", "treatment": "treatment", "follow_up": "follow-up", "ended": "ended"}


class EntryPage(Struct, frozen=True):
    """A journal entry of the brief."""

    heading: str
    notes: str
    prose: FoldedText
    answers: list[tuple[str, str]]


class TrendRow(Struct, frozen=True):
    """A symptom over the days of the brief; a day without a log is a gap, shown as one."""

    name: str
    scale: str
    logged: str
    median: str
    range: str
    change: str
    before: str
    picture: Markup
    days: list[tuple[date, str]]
    days_left_out: int


class ScoreLine(Struct, frozen=True):
    """A score, with what is to be said of it."""

    name: str
    when: datetime
    said: str
    notes: list[str]


class AssignmentPage(Struct, frozen=True):
    """An assignment since the last session."""

    what: str
    counts: str
    quality: list[str]
    occurrences: list[str]
    notes: list[str]


class GoalPage(Struct, frozen=True):
    """A goal with its steps."""

    what: str
    state: str
    steps: list[str]


class BriefPage(Struct, frozen=True):
    """A brief as it is shown."""

    heading: str
    since: str
    as_of: str
    phase: str
    after_session: bool
    signals: list[tuple[Signal, str]]
    topics: list[tuple[str, str]]
    scores: list[ScoreLine]
    unfinished: list[str]
    homework: list[AssignmentPage]
    trends: list[TrendRow]
    entries: list[EntryPage]
    goals: list[GoalPage]
    plan_changes: list[str] | None
    upcoming: list[str]
    problems: Sequence[str]
    left_out: list[str]


def brief_page(
    brief: Brief, material: Material, known: Mapping[str, Instrument], names: Mapping[UUID, str]
) -> BriefPage:
    """A brief, prepared; `known` are the instruments by key, `names` the people who acknowledged signals by id."""
    session = next((one for filed, one in material.of(Kind.SESSION, Session) if filed.id == brief.session), None)
    planned = session.planned_at if session is not None else None
    beginning = f"{phrases.moment(brief.beginning.at)} {phrases.offset(brief.beginning.at)}"
    return BriefPage(
        heading="As of now" if planned is None else f"For {phrases.moment(planned)} {phrases.offset(planned)}",
        since=(
            f"Since {beginning}, the last session attended."
            if brief.beginning.session is not None
            else f"Since {beginning}: no session attended before."
        ),
        as_of=f"{phrases.moment(brief.cut.now)} ({brief.cut.zone})",
        after_session=brief.beginning.session is not None,
        phase=_PHASES.get(brief.phase, brief.phase),
        signals=[(one, _acknowledged(one, names)) for one in brief.signals],
        topics=[(one.text, _noted(one)) for one in brief.topics],
        scores=[_score(one) for one in brief.scores],
        unfinished=[
            f"{one.title}: {one.answered} of {one.of or 'an unknown number'} items answered"
            + (f"; answered differently on two devices: {', '.join(one.conflicts)}" if one.conflicts else "")
            for one in brief.unfinished
        ],
        homework=[_assignment(one) for one in brief.homework],
        trends=[_trend(one, f"trend-{number}") for number, one in enumerate(brief.trends)],
        entries=[_entry(one) for one in brief.entries],
        goals=[
            GoalPage(
                what=one.what,
                state=phrases.joined("" if one.state == "open" else one.state, "changed" if one.changed else ""),
                steps=[
                    f"{step.text} ({'done ' + phrases.day(step.done_on) if step.done_on else 'to do'})"
                    for step in one.steps
                ],
            )
            for one in brief.goals
        ],
        plan_changes=None if brief.plan_changes is None else [_plan_change(one) for one in brief.plan_changes],
        upcoming=_upcoming(brief.upcoming, known),
        problems=brief.problems,
        left_out=[f"{number:,} more {_LISTS.get(name, name)}" for name, number in sorted(brief.left_out.items())],
    )


def _acknowledged(signal: Signal, names: Mapping[UUID, str]) -> str:
    """Who has seen it, when, and every note."""
    if not signal.acknowledged:
        return "not acknowledged"
    found = []
    for one in signal.acknowledged:
        at = "" if one.at is None else f" {phrases.moment(one.at)}"
        by = f" by {names[one.by]}" if one.by is not None and one.by in names else ""
        found.append(f"acknowledged{at}{by}" + (f": {one.note}" if one.note else ""))
    return "; ".join(found)


def _noted(one: BriefTopic) -> str:
    return phrases.joined(
        "" if one.made_at is None else f"noted {phrases.moment(one.made_at)}",
        "carried over from before the last session" if one.carried_over else "",
    )


def _score(told: BriefScore) -> ScoreLine:
    one = told.measured
    notes = [change_words(each) for each in one.compared]
    if not told.since:
        notes.append("From before the last session.")
    if told.after_session:
        notes.append("Completed before the last session, synced after it.")
    if one.amended:
        notes.append("Corrected later.")
    if one.odd:
        odd = odd_words(one)
        notes.append(f"{odd[0].upper()}{odd[1:]}.")
    if one.one_of > 1:
        notes.append(f"One of {one.one_of} completions of the same assessment.")
    said = score_words(one) + (f", {one.score.band}" if one.score.band else "")
    name = one.title if one.label == one.title else f"{one.title}: {one.label}"
    return ScoreLine(name, one.measured_at, said, notes)


def _assignment(one: Assigned) -> AssignmentPage:
    notes = []
    if one.missed_run:
        notes.append(f"Not done or not reported {phrases.count(one.missed_run, 'time')} in a row.")
    if one.to_review:
        notes.append(f"{phrases.count(len(one.to_review), 'report')} not reviewed yet.")
    if one.ended_on is not None:
        notes.append(f"Ends {phrases.day(one.ended_on)}.")
    return AssignmentPage(
        what=title(one.what.strip()),
        counts=counts_words(one.adherence),
        quality=quality_words(one.adherence),
        occurrences=[_occurrence(each) for each in one.occurrences],
        notes=notes,
    )


def _occurrence(one: BriefOccurrence) -> str:
    state = STATES[one.state][1]
    day = "" if one.day is None else f"{phrases.day(one.day)}: "
    return day + "; ".join([state, *(said for each in one.said if (said := _said(each)))])


def _said(said: Said) -> str:
    barrier = "" if said.barrier is None else BARRIERS.get(said.barrier, said.barrier)
    return phrases.joined(
        "" if said.difficulty is None else f"difficulty {said.difficulty}",
        "" if said.helpfulness is None else f"helpfulness {said.helpfulness}",
        said.learned,
        barrier,
        said.barrier_note,
        "synced later" if said.late else "",
        "corrected" if said.corrected_at is not None else "",
        "written before the last session, synced after it" if said.after_session else "",
    )


def _trend(one: Trend, id_: str) -> TrendRow:
    change = _change(one)
    spread = "–" if one.least is None else f"{_number(one.least)} to {_number(one.most)}"
    scale = "" if one.low is None or one.high is None else f"{phrases.number(one.low)}–{phrases.number(one.high)}"
    return TrendRow(
        name=one.name,
        scale=scale,
        logged=f"{one.logged} of {phrases.count(len(one.days), 'day')}",
        median=_number(one.median),
        range=spread,
        change=change,
        before=_number(one.mean_before),
        picture=sparkline(
            one, id_, f"Median {_number(one.median)}, range {spread}; {change or 'too few days for a trend'}."
        ),
        days=[(day.day, ", ".join(map(phrases.number, day.values)) or "–") for day in (*one.earlier, *one.days)],
        days_left_out=one.earlier_left_out,
    )


def _change(one: Trend) -> str:
    """By how much it rose or fell in a week, where it did."""
    if one.a_week is None:
        return ""
    rounded = round(one.a_week, 1)
    if rounded == 0:
        return "steady"
    return f"{'+' if rounded > 0 else '−'}{phrases.number(abs(rounded))} a week"


def _number(value: float | None) -> str:
    return "–" if value is None else phrases.number(round(value, 1))


def _entry(one: BriefEntry) -> EntryPage:
    about = one.written_at or one.entered_at or one.arrived_at
    heading = "Time of writing unknown" if about is None else f"{phrases.moment(about)} {phrases.offset(about)}"
    notes = phrases.joined(
        one.mark,
        "synced later" if one.late and not one.mark else "",
        "edited" if one.edited else "",
        "" if one.mood is None else f"mood {one.mood} of 10",
        *one.tags,
    )
    answers = [
        (each.prompt, each.text if each.type == "prose" else answer_words(each.value, each.label, each.unit))
        for each in one.sections
    ]
    return EntryPage(heading, notes, prose(one.text), answers)


def _plan_change(one: PlanChange) -> str:
    named = f" “{title(one.title.strip())}”" if one.title else ""
    fields = f" ({', '.join(one.fields)})" if one.fields else ""
    return f"{_PARTS[one.part]}{named} {one.what}{fields}"


def _upcoming(upcoming: Sequence[Ahead], known: Mapping[str, Instrument]) -> list[str]:
    """What is coming, each thing once: with its first day, and how often until when."""
    found: dict[tuple[str, str], list[Ahead]] = {}
    for one in upcoming:
        found.setdefault((one.kind, one.id), []).append(one)
    return [_ahead(several, known) for several in found.values()]


def _ahead(several: Sequence[Ahead], known: Mapping[str, Instrument]) -> str:
    one, last = several[0], several[-1]
    when = phrases.day(one.day) if one.at is None else f"{phrases.moment(one.at)} {phrases.offset(one.at)}"
    if len(several) > 1:
        when += f", and {phrases.count(len(several) - 1, 'more time')} until {phrases.day(last.day)}"
    if one.kind == "session":
        return f"{when}: session"
    named = known[one.title].title if one.kind == "assessment" and one.title in known else one.title
    return f"{when}: {title(named.strip())}"
