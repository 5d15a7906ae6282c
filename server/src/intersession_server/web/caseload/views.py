"""The caseload in words: one row a client. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import get_args
from uuid import UUID

from msgspec import Struct

from intersession_schemas.instruments import INSTRUMENTS, labels
from intersession_schemas.streams import Role
from intersession_server.language.language import count, current, say
from intersession_server.projections.overviews.overview import MOST_NEW, CourseLine, NewItems, OpenSignal
from intersession_server.web.caseload.order import Arranged, Show, Sort, matches
from intersession_server.web.page import phrases
from intersession_server.web.record.caseload.client_item import ClientItem
from intersession_server.web.signals.kinds import Severity, heading, severity

WIDTH, HEIGHT, EDGE = 112.0, 28.0, 3.0
SIGNALS_SHOWN = 2


class SignalBadge(Struct, frozen=True):
    """An open signal: what kind it is, how much it presses, and what its age is counted from."""

    severity: Severity
    words: str
    at: datetime


class CoursePicture(Struct, frozen=True):
    """A line of some weeks: its path, the days with a log, its name, the newest value, and all of it in words."""

    path: str
    dots: str
    name: str
    last: str
    said: str


class CaseloadRow(Struct, frozen=True, kw_only=True):
    """One client. `among` are the filters that they match, and `updates` says what has come to one who would stand
    elsewhere now."""

    id: UUID
    name: str
    role: str
    signals: list[SignalBadge]
    more_signals: str
    new: list[str]
    written_at: datetime | None
    heard_at: datetime | None
    session_at: datetime | None
    session_words: str
    homework: str
    course: CoursePicture | None
    among: str
    updates: str


class RiskNotice(Struct, frozen=True):
    """A risk signal that has arrived since the page was opened."""

    client: UUID
    name: str
    heading: str
    at: datetime


def row_of(item: ClientItem, now: datetime, updates: NewItems | None) -> CaseloadRow:
    """A client's row. `updates`: what has come since the page was opened, to one who would stand elsewhere now."""
    left = len(item.signals) + item.signals_left_out - SIGNALS_SHOWN
    return CaseloadRow(
        id=item.id,
        name=item.name,
        role=role_words(item.role),
        signals=[_badge(one) for one in _most_pressing(item.signals)],
        more_signals=say("%(n)s more", n=left) if left > 0 else "",
        new=new_words(item),
        written_at=item.last_written_at,
        heard_at=item.last_heard_at,
        session_at=item.next_session_at,
        session_words="" if item.next_session_at is None else session_words(item.next_session_at, now),
        homework=homework_words(item),
        course=None if item.course is None else picture(item.course),
        among=" ".join(one for one in get_args(Show) if matches(item, one, now)),
        updates="" if updates is None else update_words(updates),
    )


def _most_pressing(signals: Sequence[OpenSignal]) -> list[OpenSignal]:
    order: tuple[Severity, ...] = ("risk", "attention", "note")
    return sorted(signals, key=lambda one: order.index(severity(one.kind)))[:SIGNALS_SHOWN]


def _badge(one: OpenSignal) -> SignalBadge:
    return SignalBadge(severity(one.kind), heading(one.kind), one.at)


def role_words(role: Role) -> str:
    """As what the therapist sees a client of somebody else; nothing for their own."""
    match role:
        case Role.COVERING:
            return say("covering for a colleague")
        case Role.SUPERVISOR:
            return say("as supervisor")
        case _:
            return ""


def new_words(item: ClientItem) -> list[str]:
    """What is new: 3 entries, 12 logs, 1 assessment. Nothing where nothing is."""
    new = item.new
    found = (
        _bounded(new.entries, count("%(n)s entry", "%(n)s entries", new.entries)),
        _bounded(new.symptom_logs, count("%(n)s log", "%(n)s logs", new.symptom_logs)),
        _bounded(new.assessments, count("%(n)s assessment", "%(n)s assessments", new.assessments)),
        _bounded(new.homework_reports, count("%(n)s homework report", "%(n)s homework reports", new.homework_reports)),
        _bounded(new.topics, count("%(n)s topic", "%(n)s topics", new.topics)),
        _bounded(new.comments, count("%(n)s comment", "%(n)s comments", new.comments)),
    )
    return [words for words in found if words]


def _bounded(number: int, words: str) -> str:
    if not number:
        return ""
    return say("at least %(count)s", count=words) if number >= MOST_NEW else words


def update_words(new: NewItems) -> str:
    """Of one who keeps their place: how much has come."""
    return count("%(n)s update", "%(n)s updates", new.total) if new.total else say("changed")


def session_words(at: datetime, now: datetime) -> str:
    """Today, 14:00; tomorrow, 9:00; Mon 16 Mar, 14:00; Mon 16 Mar 2020, 14:00 in another year."""
    clock, today = phrases.clock(at), now.astimezone(at.tzinfo).date()
    days = (at.date() - today).days
    if days == 0:
        return say("today, %(time)s", time=clock)
    if days == 1:
        return say("tomorrow, %(time)s", time=clock)
    if at.year != today.year:
        return phrases.moment(at)
    weekday = current().locale.days["format"]["abbreviated"][at.weekday()]
    return say("%(weekday)s %(day)s, %(time)s", weekday=weekday, day=phrases.short_day(at), time=clock)


def homework_words(item: ClientItem) -> str:
    """3 of 5; nothing where nothing was due."""
    week = item.homework_this_week
    return "" if week is None else say("%(done)s of %(due)s", done=week.done, due=week.due)


# --- the picture ------------------------------------------------------------------------------------------------------


def picture(course: CourseLine) -> CoursePicture:
    """A course as a line without axes over the height of its whole scale. A day without a log is a gap."""
    last = phrases.number(round(course.last, 1))
    name = _names(current().tag).get(course.name, course.name) if course.of == "score" else course.name
    return CoursePicture(path_of(course), dots_of(course), name, last, _said(course, name, last))


@cache
def _names(tag: str) -> Mapping[str, str]:
    """The names that overviews keep of the scales of instruments, and what they are in a language."""
    found = {}
    for one in INSTRUMENTS.values():
        for scale in one.scales:
            kept = one.title if scale.label == one.title else f"{one.title}, {scale.label}"
            title, label = labels.title(one, tag), labels.scale_label(one, scale.key, tag)
            found[kept] = title if label == title else f"{title}, {label}"
    return found


def _said(course: CourseLine, name: str, last: str) -> str:
    latest = _day_of(course.last_on)
    if course.of == "score":
        return count(
            "%(name)s, %(n)s score: %(last)s on %(day)s",
            "%(name)s, the last %(n)s scores: latest %(last)s on %(day)s",
            len(course.values),
            name=name,
            last=last,
            day=latest,
        )
    if course.low is None or course.high is None:
        return say("%(name)s, last 4 weeks: latest %(last)s on %(day)s", name=name, last=last, day=latest)
    return say(
        "%(name)s, last 4 weeks: latest %(last)s on %(day)s, on a scale from %(low)s to %(high)s",
        name=name,
        last=last,
        day=latest,
        low=phrases.number(course.low),
        high=phrases.number(course.high),
    )


def _day_of(day: date) -> str:
    return phrases.short_day(day)


def path_of(course: CourseLine) -> str:
    """What an SVG path draws through the days that follow one another."""
    parts: list[str] = []
    before = None
    for number, at in _places(course):
        parts.append(f"L{at}" if before == number - 1 else f"M{at}")
        before = number
    return "".join(parts)


def dots_of(course: CourseLine) -> str:
    """What an SVG path draws as a dot for each day with a log."""
    return "".join(f"M{at}h0" for _, at in _places(course))


def _places(course: CourseLine) -> Iterator[tuple[int, str]]:
    """Where the values stand, each with the number of its day; a day without one is left out."""
    logged = [one for one in course.values if one is not None]
    low = min(logged) if course.low is None else min(course.low, *logged)
    high = max(logged) if course.high is None else max(course.high, *logged)
    if low == high:
        low, high = low - 1, high + 1
    step = (WIDTH - 2 * EDGE) / max(1, len(course.values) - 1)
    tall = (HEIGHT - 2 * EDGE) / (high - low)
    for number, value in enumerate(course.values):
        if value is not None:
            yield number, f"{EDGE + number * step:.1f} {HEIGHT - EDGE - (value - low) * tall:.1f}"


# --- around the list --------------------------------------------------------------------------------------------------


def filter_words(counts: Mapping[Show, int]) -> list[tuple[Show, str]]:
    """The choices of who is shown, with how many each is."""
    words: dict[Show, str] = {
        "all": say("All %(n)s", n=counts["all"]),
        "signals": say("Open signals %(n)s", n=counts["signals"]),
        "new": say("Something new %(n)s", n=counts["new"]),
        "quiet": say("No sync for a week %(n)s", n=counts["quiet"]),
        "today": say("Session today %(n)s", n=counts["today"]),
        "week": say("Session this week %(n)s", n=counts["week"]),
    }
    return list(words.items())


def sort_words() -> list[tuple[Sort, str]]:
    """The orders to choose from."""
    return [
        ("pressing", say("What presses most")),
        ("name", say("Name")),
        ("new", say("Most new")),
        ("sync", say("Last sync, longest ago")),
        ("session", say("Next session")),
    ]


def rows_of(shown: Arranged, now: datetime, updates: Mapping[UUID, NewItems]) -> list[CaseloadRow]:
    """The rows of clients in their order."""
    nothing = NewItems()
    return [row_of(one, now, updates.get(one.id, nothing) if one.id in shown.moved else None) for one in shown.items]


def notices_of(found: Sequence[tuple[ClientItem, OpenSignal]]) -> list[RiskNotice]:
    """What is said above the list of risk that has just arrived: once a client, of the newest."""
    newest = {item.id: RiskNotice(item.id, item.name, heading(one.kind), one.at) for item, one in reversed(found)}
    return list(newest.values())[::-1]
