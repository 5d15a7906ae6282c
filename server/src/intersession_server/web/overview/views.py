"""What the first page of a client shows, prepared: what is new, how it stands, what comes next. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.care.adherence import OccurrenceState
from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.documents.moments import is_late
from intersession_schemas.instruments import Instrument
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.measures.progress import how_it_went
from intersession_schemas.measures.scores import Measured
from intersession_schemas.records.filing import Filed
from intersession_schemas.records.instants import from_micros, to_micros
from intersession_schemas.records.kinds import moment_of
from intersession_schemas.streams import Kind
from intersession_server.language.language import count, say
from intersession_server.projections.read_models import EntryView
from intersession_server.projections.timeline.values import NewArrival
from intersession_server.web.charts.scores import band_words, change_words, score_name, score_words
from intersession_server.web.page import phrases
from intersession_server.web.timeline.filters import Filter, address, place_address
from intersession_server.web.timeline.kinds import named
from intersession_server.web.timeline.lines import titled

MOST_NEWS = 10
MOST_SCALES = 8
MOST_HOMEWORK = 6
TEASER = 320
"""Characters of the latest entry that are shown."""
WEEK = 7
DAYS_WITHOUT_SESSION = timedelta(days=14)

_ANSWERED: tuple[OccurrenceState, ...] = ("done", "partly", "not", "could_not", "open", "unanswered")
"""What counts as due in a week: all but what was paused."""


class Looked(Struct, frozen=True):
    """From when on something is new to a therapist: since they looked, the last session, or some days.

    `nothing_since`: they looked then, and nothing has come.
    """

    at: datetime
    why: Literal["looked", "session", "days"]
    nothing_since: datetime | None = None


class NewsLine(Struct, frozen=True):
    """Something that was received: what, when that was, and where it is on the timeline."""

    id: str
    words: str
    about: str
    arrived_at: datetime
    late: bool
    address: str


class News(Struct, frozen=True):
    """What is new, the last to arrive first. `all`: the address of all there is; `more`: whether not all are shown."""

    since: str
    nothing_since: datetime | None
    lines: list[NewsLine]
    more: bool
    all: str


class OverviewScore(Struct, frozen=True):
    """The latest score of a scale, and what it changed by, in words."""

    name: str
    score: str
    band: str
    at: datetime
    changes: list[str]


class WeekOfHomework(Struct, frozen=True):
    """One assignment in the last seven days: how often it was done of how often it was due, and what else is to say."""

    what: str
    done: int
    due: int
    notes: str


class EntryTeaser(Struct, frozen=True):
    """The beginning of the latest journal entry."""

    at: datetime
    when: str
    offset: str
    text: str
    mood: int | None
    late: bool
    address: str


class Appointment(Struct, frozen=True):
    """A session, and its id."""

    id: UUID
    session: Session


class Appointments(Struct, frozen=True):
    """The session that comes, and the one before that was attended."""

    next: Appointment | None = None
    last: Appointment | None = None


def appointments(material: Material, now: datetime) -> Appointments:
    """Of all sessions the next one that is planned and the last one that was attended."""
    sessions = [Appointment(filed.id, one) for filed, one in material.of(Kind.SESSION, Session)]
    timed = [(at, one) for one in sessions if (at := one.session.planned_at) is not None]
    planned = [(at, one) for at, one in timed if one.session.state == "planned" and at >= now]
    attended = [(at, one) for at, one in timed if one.session.state == "attended" and at <= now]
    return Appointments(
        next=min(planned, key=lambda each: each[0])[1] if planned else None,
        last=max(attended, key=lambda each: each[0])[1] if attended else None,
    )


def news(here: str, arrived: Sequence[NewArrival], looked: Looked, now: datetime) -> News:
    """What has arrived, the last first; symptom logs in one line."""
    lines: list[NewsLine] = []
    logs = [one for one in arrived if one.kind is Kind.SYMPTOM_LOG]
    for one in arrived:
        if one.kind is not Kind.SYMPTOM_LOG:
            lines.append(_line(here, one, now))
        elif one is logs[0]:
            lines.append(_logs_line(here, logs, now))
    return News(_since(looked, now), looked.nothing_since, lines[:MOST_NEWS], len(lines) > MOST_NEWS, address(here))


def _since(looked: Looked, now: datetime) -> str:
    day = phrases.day(looked.at.astimezone(now.tzinfo))
    match looked.why:
        case "looked":
            return say("Received since you last looked, %(day)s", day=day)
        case "session":
            return say("Received since the last session attended, %(day)s", day=day)
        case "days":
            return count("Received in the last %(n)s day", "Received in the last %(n)s days", DAYS_WITHOUT_SESSION.days)


def _line(here: str, one: NewArrival, now: datetime) -> NewsLine:
    at = from_micros(one.moment)
    return NewsLine(
        id=f"new-{one.id}",
        words=named(one.kind),
        about=phrases.moment(at.astimezone(now.tzinfo)),
        arrived_at=one.arrived_at,
        late=is_late(at, one.arrived_at),
        address=place_address(here, one.moment, one.id),
    )


def _logs_line(here: str, logs: Sequence[NewArrival], now: datetime) -> NewsLine:
    first, last = (find(from_micros(one.moment) for one in logs) for find in (min, max))
    zone = now.tzinfo
    return NewsLine(
        id="new-logs",
        words=named(Kind.SYMPTOM_LOG, number=len(logs)),
        about=phrases.period(first.astimezone(zone).date(), last.astimezone(zone).date()),
        arrived_at=logs[0].arrived_at,
        late=any(is_late(from_micros(one.moment), one.arrived_at) for one in logs),
        address=address(here, Filter("symptoms")),
    )


def latest_scores(scores: Sequence[Measured], known: Mapping[str, Instrument]) -> list[OverviewScore]:
    """The newest score of each scale; `scores` are newest first."""
    found: dict[tuple[str, str], Measured] = {}
    for one in scores:
        if not one.amended:
            found.setdefault((one.instrument, one.scale), one)
    return [
        OverviewScore(
            name=score_name(one),
            score=score_words(one),
            band=band_words(one.score),
            at=one.measured_at,
            changes=[change_words(each) for each in one.compared],
        )
        for one in found.values()
        if one.instrument in known
    ]


def week_of_homework(material: Material, cut: Cut) -> list[WeekOfHomework]:
    """Assignments that were due in the seven days up to today, the newest first."""
    found = []
    went, today = how_it_went(material, cut), material.local_day(cut)
    for filed, homework in sorted(material.of(Kind.HOMEWORK, Homework), key=_assigned, reverse=True):
        states = [
            each.state
            for each in went[filed.id].occurrences
            if each.day is not None and today - timedelta(days=WEEK) < each.day <= today and each.state in _ANSWERED
        ]
        if not states:
            continue
        partly, could_not = states.count("partly"), states.count("could_not")
        notes = phrases.joined(
            count("%(n)s partly", "%(n)s partly", partly) if partly else "",
            count("%(n)s not possible", "%(n)s not possible", could_not) if could_not else "",
        )
        found.append(WeekOfHomework(titled(homework.what), states.count("done"), len(states), notes))
    return found


def _assigned(one: tuple[Filed, Homework]) -> tuple[datetime, bytes]:
    filed, homework = one
    at = moment_of(Kind.HOMEWORK, homework) or filed.rows.first_received_at
    return at or datetime.min.replace(tzinfo=UTC), filed.id.bytes


def teaser(here: str, entry: EntryView) -> EntryTeaser:
    """The beginning of an entry, or of its first answer."""
    at = entry.written_at or entry.entered_at or entry.arrived_at
    text = next((one for one in (entry.text, *(each.text for each in entry.sections)) if one.strip()), "")
    cut = text if len(text) <= TEASER else f"{text[: max(text.rfind(' ', 0, TEASER), TEASER // 2)]}…"
    return EntryTeaser(
        at=at,
        when=phrases.moment(at),
        offset=phrases.offset(at),
        text=cut,
        mood=entry.mood,
        late=entry.late,
        address=place_address(here, to_micros(at), entry.id),
    )
