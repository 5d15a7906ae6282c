"""What a brief says, in words: when it is for, who has seen a signal, what became of homework, what is coming. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.care.homework import Barrier
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.instruments import INSTRUMENTS, Instrument, labels
from intersession_schemas.measures.assignments import BriefOccurrence, Said
from intersession_schemas.measures.brief import Ahead, Brief, BriefTopic
from intersession_schemas.measures.material import Material
from intersession_schemas.measures.plan_changes import PlanChange, PlanPart
from intersession_schemas.measures.signals.signal import Signal
from intersession_schemas.measures.trends import Trend
from intersession_schemas.streams import Kind
from intersession_server.language.language import count, current, say
from intersession_server.web.charts.backdrop import phase_words
from intersession_server.web.charts.homework_charts import state_words
from intersession_server.web.client.homework_views import title
from intersession_server.web.page import phrases


class BriefHeading(Struct, frozen=True):
    """When a brief is for, since when it tells, as of when, and in which phase of care."""

    planned: str
    since: str
    as_of: str
    phase: str


def heading_of(brief: Brief, material: Material) -> BriefHeading:
    """The heading of a brief."""
    session = next((one for filed, one in material.of(Kind.SESSION, Session) if filed.id == brief.session), None)
    planned = session.planned_at if session is not None else None
    beginning = _exact(brief.beginning.at)
    if brief.beginning.session is not None:
        since = say("Since %(moment)s, the last session attended.", moment=beginning)
    else:
        since = say("Since %(moment)s: no session attended before.", moment=beginning)
    phases = {"assessment", "treatment", "follow_up", "ended"}
    return BriefHeading(
        planned=say("As of now") if planned is None else say("For %(moment)s", moment=_exact(planned)),
        since=since,
        as_of=say("%(moment)s (%(zone)s)", moment=phrases.moment(brief.cut.now), zone=brief.cut.zone),
        phase=phase_words(brief.phase) if brief.phase in phases else brief.phase,  # type: ignore[arg-type]  # one of them
    )


def _exact(at: datetime) -> str:
    return f"{phrases.moment(at)} {phrases.offset(at)}"


def acknowledged_words(signal: Signal, names: Mapping[UUID, str]) -> str:
    """Who has seen a signal, when, and every note."""
    if not signal.acknowledged:
        return say("not acknowledged")
    found = []
    for one in signal.acknowledged:
        by = names.get(one.by, "") if one.by is not None else ""
        at = "" if one.at is None else phrases.moment(one.at)
        said = {"at": at, "by": by, "note": one.note}
        if by and one.note:
            found.append(say("acknowledged %(at)s by %(by)s: %(note)s", **said))
        elif by:
            found.append(say("acknowledged %(at)s by %(by)s", **said))
        elif one.note:
            found.append(say("acknowledged %(at)s: %(note)s", **said))
        else:
            found.append(say("acknowledged %(at)s", **said))
    return "; ".join(found)


def topic_words(one: BriefTopic) -> str:
    """When a topic was noted, and whether it was carried over."""
    return phrases.joined(
        "" if one.made_at is None else say("noted %(moment)s", moment=phrases.moment(one.made_at)),
        say("carried over from before the last session") if one.carried_over else "",
    )


# --- homework ---------------------------------------------------------------------------------------------------------


def occurrence_words(one: BriefOccurrence) -> str:
    """What became of an occurrence, and what was said of it."""
    told = "; ".join([state_words(one.state), *(said for each in one.said if (said := said_words(each)))])
    if one.day is None:
        return told
    return say("%(day)s: %(told)s", day=phrases.day(one.day), told=told)


def said_words(said: Said) -> str:
    """How an occurrence went."""
    return phrases.joined(
        "" if said.difficulty is None else say("difficulty %(n)s", n=said.difficulty),
        "" if said.helpfulness is None else say("helpfulness %(n)s", n=said.helpfulness),
        said.learned,
        "" if said.barrier is None else barrier_words(said.barrier),
        said.barrier_note,
        say("entered later") if said.late else "",
        say("corrected") if said.corrected_at is not None else "",
        say("written before the last session, synced after it") if said.after_session else "",
    )


def barrier_words(barrier: Barrier) -> str:
    """What got in the way."""
    match barrier:
        case "forgot":
            return say("forgot")
        case "no_chance":
            return say("no chance")
        case "too_hard":
            return say("too hard")
        case "unclear":
            return say("unclear")
        case "felt_worse":
            return say("felt worse")
        case "no_point":
            return say("did not see the point")


# --- symptoms ---------------------------------------------------------------------------------------------------------


def slope_words(one: Trend) -> str:
    """By how much it rose or fell in a week, where it did; empty where too few days were logged."""
    if one.a_week is None:
        return ""
    rounded = round(one.a_week, 1)
    if rounded == 0:
        return say("steady")
    change = f"{'+' if rounded > 0 else '−'}{phrases.number(abs(rounded))}"
    return say("%(change)s a week", change=change)


def rounded_words(value: float | None) -> str:
    """A value with one decimal; a dash where there is none."""
    return "–" if value is None else phrases.number(round(value, 1))


def logged_words(one: Trend) -> str:
    """On how many of the days it was logged."""
    return count("%(logged)s of %(n)s day", "%(logged)s of %(n)s days", len(one.days), logged=one.logged)


# --- the plan, and what is coming -------------------------------------------------------------------------------------


def plan_change_words(one: PlanChange) -> str:
    """What was changed in the plan."""
    named = _element_words(one)
    said = {"part": part_words(one.part), "name": named, "fields": ", ".join(map(_field_words, one.fields))}
    match one.what:
        case "added":
            return say("%(part)s “%(name)s” added", **said) if named else say("%(part)s added", **said)
        case "removed":
            return say("%(part)s “%(name)s” removed", **said) if named else say("%(part)s removed", **said)
        case "changed" if named and one.fields:
            return say("%(part)s “%(name)s” changed (%(fields)s)", **said)
        case "changed" if named:
            return say("%(part)s “%(name)s” changed", **said)
        case "changed":
            return say("%(part)s changed (%(fields)s)", **said) if one.fields else say("%(part)s changed", **said)


def _element_words(one: PlanChange) -> str:
    """What an element of the plan is called: an instrument by its title, a pause by its days."""
    if one.part == "assessments" and one.title in INSTRUMENTS:
        return labels.title(INSTRUMENTS[one.title], current().tag)
    if one.part == "pauses":
        first, _, last = one.title.partition("/")
        days = [phrases.day(date.fromisoformat(day)) for day in (first, last) if day]
        return " – ".join(days)
    return title(one.title.strip()) if one.title else ""


def _field_words(name: str) -> str:
    """What a field of the plan is called."""
    words = {
        "introduction": say("introduction"),
        "journal_rule": say("days"),
        "journal_since": say("first day"),
        "day_begins": say("hour"),
        "safety_resources": say("resources"),
        "prompt": say("wording"),
        "type": say("kind of answer"),
        "options": say("choices"),
        "unit": say("unit"),
        "labels": say("labels"),
        "low": say("lowest value"),
        "high": say("highest value"),
        "order": say("place"),
        "active_from": say("first day"),
        "active_to": say("last day"),
        "name": say("name"),
        "question": say("question"),
        "rule": say("days"),
        "since": say("first day"),
        "until": say("last day"),
        "resources": say("resources"),
        "instrument": say("instrument"),
        "before_each_session": say("before each session"),
        "open_days": say("days it is open"),
        "remind_days": say("reminder"),
        "part": say("part"),
        "text": say("text"),
        "contact": say("contact"),
        "first": say("first day"),
        "last": say("last day"),
        "reason": say("reason"),
        "note": say("note"),
    }
    return words.get(name, name)


def part_words(part: PlanPart) -> str:
    """A part of the plan."""
    match part:
        case "introduction":
            return say("Introduction")
        case "journal":
            return say("Journal")
        case "days":
            return say("Start of the day")
        case "sections":
            return say("Journal section")
        case "trackers":
            return say("Tracker")
        case "assessments":
            return say("Assessment")
        case "safety_plan":
            return say("Safety plan")
        case "pauses":
            return say("Pause")


def upcoming_words(upcoming: Sequence[Ahead], known: Mapping[str, Instrument]) -> list[str]:
    """What is coming, each thing once: with its first day, and how often until when."""
    found: dict[tuple[str, str], list[Ahead]] = {}
    for one in upcoming:
        found.setdefault((one.kind, one.id), []).append(one)
    return [_ahead(several, known) for several in found.values()]


def _ahead(several: Sequence[Ahead], known: Mapping[str, Instrument]) -> str:
    one, last = several[0], several[-1]
    when = phrases.day(one.day) if one.at is None else _exact(one.at)
    if len(several) > 1:
        when = count(
            "%(when)s, and %(n)s more time until %(last)s",
            "%(when)s, and %(n)s more times until %(last)s",
            len(several) - 1,
            when=when,
            last=phrases.day(last.day),
        )
    if one.kind == "session":
        return say("%(when)s: session", when=when)
    named = (
        labels.title(known[one.title], current().tag) if one.kind == "assessment" and one.title in known else one.title
    )
    return say("%(when)s: %(what)s", when=when, what=title(named.strip()))
