"""What the whole brief shows, prepared: a brief is values, and this says them in words and in order. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct

from intersession_schemas.documents.care.goals import GoalState
from intersession_schemas.instruments import Instrument
from intersession_schemas.measures.assignments import Assigned
from intersession_schemas.measures.brief import Brief, BriefGoal, BriefScore, Unfinished
from intersession_schemas.measures.entries import BriefEntry
from intersession_schemas.measures.material import Material
from intersession_schemas.measures.signals.signal import Signal
from intersession_schemas.measures.trends import Trend
from intersession_server.language.language import count, say
from intersession_server.web.brief.words import (
    BriefHeading,
    acknowledged_words,
    heading_of,
    logged_words,
    occurrence_words,
    plan_change_words,
    rounded_words,
    slope_words,
    topic_words,
    upcoming_words,
)
from intersession_server.web.charts.scores import band_words, change_words, odd_words, score_name, score_words
from intersession_server.web.charts.sparkline import sparkline
from intersession_server.web.client.homework_views import counts_words, quality_words, title
from intersession_server.web.page import phrases
from intersession_server.web.page.prose import FoldedText, answer_words, prose


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

    heading: BriefHeading
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
    return BriefPage(
        heading=heading_of(brief, material),
        after_session=brief.beginning.session is not None,
        signals=[(one, acknowledged_words(one, names)) for one in brief.signals],
        topics=[(one.text, topic_words(one)) for one in brief.topics],
        scores=[_score(one) for one in brief.scores],
        unfinished=[unfinished_words(one) for one in brief.unfinished],
        homework=[_assignment(one) for one in brief.homework],
        trends=[trend_row(one, f"trend-{number}") for number, one in enumerate(brief.trends)],
        entries=[_entry(one) for one in brief.entries],
        goals=[_goal(one) for one in brief.goals],
        plan_changes=None if brief.plan_changes is None else [plan_change_words(one) for one in brief.plan_changes],
        upcoming=upcoming_words(brief.upcoming, known),
        problems=brief.problems,
        left_out=[left_out_words(name, number) for name, number in sorted(brief.left_out.items())],
    )


def unfinished_words(one: Unfinished) -> str:
    """An assessment that is begun, and how far it is."""
    said = {"title": one.title, "answered": one.answered}
    if one.of:
        words = say("%(title)s: %(answered)s of %(of)s items answered", of=one.of, **said)
    else:
        words = count("%(title)s: %(n)s item answered", "%(title)s: %(n)s items answered", one.answered, **said)
    if not one.conflicts:
        return words
    items = ", ".join(one.conflicts)
    return say("%(words)s; answered differently on two devices: %(items)s", words=words, items=items)


def score_notes(told: BriefScore) -> list[str]:
    """What is to be said of a score, but for what it changed by."""
    one = told.measured
    notes = []
    if not told.since:
        notes.append(say("From before the last session."))
    if told.after_session:
        notes.append(say("Completed before the last session, synced after it."))
    if one.amended:
        notes.append(say("Corrected later."))
    if one.odd:
        odd = odd_words(one)
        notes.append(f"{odd[0].upper()}{odd[1:]}.")
    if one.one_of > 1:
        notes.append(say("One of %(n)s completions of the same assessment.", n=one.one_of))
    return notes


def _score(told: BriefScore) -> ScoreLine:
    one = told.measured
    said = phrases.joined(score_words(one), band_words(one.score))
    notes = [*map(change_words, one.compared), *score_notes(told)]
    return ScoreLine(score_name(one), one.measured_at, said, notes)


def assignment_notes(one: Assigned) -> list[str]:
    """What is to be said of an assignment, but for its counts."""
    notes = []
    if one.missed_run:
        notes.append(
            count(
                "Not done or not reported %(n)s time in a row.",
                "Not done or not reported %(n)s times in a row.",
                one.missed_run,
            )
        )
    if one.to_review:
        notes.append(count("%(n)s report not reviewed yet.", "%(n)s reports not reviewed yet.", len(one.to_review)))
    if one.ended_on is not None:
        notes.append(say("Ends %(day)s.", day=phrases.day(one.ended_on)))
    return notes


def _assignment(one: Assigned) -> AssignmentPage:
    return AssignmentPage(
        what=title(one.what.strip()),
        counts=counts_words(one.adherence),
        quality=quality_words(one.adherence),
        occurrences=[occurrence_words(each) for each in one.occurrences],
        notes=assignment_notes(one),
    )


def trend_row(one: Trend, id_: str) -> TrendRow:
    """A symptom over the days of the brief."""
    change = slope_words(one)
    spread = "–" if one.least is None else f"{rounded_words(one.least)} – {rounded_words(one.most)}"
    scale = "" if one.low is None or one.high is None else f"{phrases.number(one.low)}–{phrases.number(one.high)}"
    said = say(
        "Median %(median)s, range %(range)s; %(change)s.",
        median=rounded_words(one.median),
        range=spread,
        change=change or say("too few days for a trend"),
    )
    return TrendRow(
        name=one.name,
        scale=scale,
        logged=logged_words(one),
        median=rounded_words(one.median),
        range=spread,
        change=change,
        before=rounded_words(one.mean_before),
        picture=sparkline(one, id_, said),
        days=[(day.day, ", ".join(map(phrases.number, day.values)) or "–") for day in (*one.earlier, *one.days)],
        days_left_out=one.earlier_left_out,
    )


def entry_heading(one: BriefEntry) -> str:
    """What an entry is about."""
    about = one.written_at or one.entered_at or one.arrived_at
    return say("Time of writing unknown") if about is None else f"{phrases.moment(about)} {phrases.offset(about)}"


def entry_notes(one: BriefEntry) -> list[str]:
    """How an entry came, and its mood."""
    notes = [
        say("written before the last session, synced after it") if one.mark else "",
        say("synced later") if one.late and not one.mark else "",
        say("edited") if one.edited else "",
        "" if one.mood is None else say("mood %(mood)s of 10", mood=one.mood),
    ]
    return [one for one in notes if one]


def _entry(one: BriefEntry) -> EntryPage:
    answers = [
        (each.prompt, each.text if each.type == "prose" else answer_words(each.value, each.label, each.unit))
        for each in one.sections
    ]
    return EntryPage(entry_heading(one), phrases.joined(*entry_notes(one), *one.tags), prose(one.text), answers)


def _goal(one: BriefGoal) -> GoalPage:
    steps = [
        say("%(step)s (to do)", step=step.text)
        if step.done_on is None
        else say("%(step)s (done %(day)s)", step=step.text, day=phrases.day(step.done_on))
        for step in one.steps
    ]
    return GoalPage(one.what, phrases.joined(_state(one.state), say("changed") if one.changed else ""), steps)


def _state(state: GoalState) -> str:
    match state:
        case "open":
            return ""
        case "reached":
            return say("reached")
        case "let_go":
            return say("let go")


def left_out_words(name: str, number: int) -> str:
    """How many of a list are not in the brief."""
    match name:
        case "signals":
            return count("%(n)s more signal", "%(n)s more signals", number)
        case "topics":
            return count("%(n)s more topic", "%(n)s more topics", number)
        case "scores":
            return count("%(n)s more score", "%(n)s more scores", number)
        case "unfinished":
            return count("%(n)s more unfinished assessment", "%(n)s more unfinished assessments", number)
        case "entries":
            return count("%(n)s more entry", "%(n)s more entries", number)
        case "homework":
            return count("%(n)s more assignment", "%(n)s more assignments", number)
        case "goals":
            return count("%(n)s more goal", "%(n)s more goals", number)
        case "plan_changes":
            return count("%(n)s more change to the plan", "%(n)s more changes to the plan", number)
        case "upcoming":
            return count("%(n)s more to come", "%(n)s more to come", number)
        case "trends":
            return count("%(n)s more symptom", "%(n)s more symptoms", number)
        case _:
            return count("%(n)s more problem", "%(n)s more problems", number)
