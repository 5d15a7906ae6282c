"""What lies behind every picture of a range: sessions as lines, and the phases of care. Pure.

A record says of an episode when it began, and since when it is in its phase; which phases came before is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct

from intersession_schemas.documents.care.episodes import Phase
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.documents.local_days import day_of
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.measures.scores import episodes_of
from intersession_schemas.streams import Kind
from intersession_server.language.language import count, say, say_as
from intersession_server.web.charts.drawing import (
    TOP,
    PlotArea,
    along,
    area,
    days_axis,
    picture,
    stretched,
    upright,
    words_at,
)
from intersession_server.web.page import phrases

MOST_LINES = 60
"""More sessions than these in one picture are ticks at its upper edge."""
MOST_SESSIONS = 300
"""Sessions of a range that are drawn, the newest."""
MOST_PHASES = 12
_TICK = 6.0
_UNDER = 9.0
"""How high the marks of the sessions are, below the bars of the phases."""
_LEAST_NAMED = 15.0
"""A phase narrower than this (in percent) is named by its title alone."""


class SessionLine(Struct, frozen=True):
    """A session that was attended."""

    id: UUID
    at: datetime


class PhaseSpan(Struct, frozen=True):
    """The local days of an episode in its phase, or from its beginning until that phase began (`phase` is None).

    `last` is the last of them within the range, and `goes_on` whether that is only the end of the range.
    """

    episode: UUID
    phase: Phase | None
    first: date
    last: date
    goes_on: bool


class Backdrop(Struct, frozen=True):
    """Sessions attended, and phases, oldest first; `sessions_left_out` older sessions are not among them."""

    first: date
    last: date
    sessions: tuple[SessionLine, ...] = ()
    phases: tuple[PhaseSpan, ...] = ()
    sessions_left_out: int = 0


def backdrop(material: Material, cut: Cut, first: date, last: date) -> Backdrop:
    """What lies behind the local days from `first` to `last`."""
    begins = material.plan.day_begins
    attended = sorted(
        (one.planned_at, filed.id)
        for filed, one in material.of(Kind.SESSION, Session)
        if one.state == "attended" and one.planned_at is not None and first <= day_of(one.planned_at, begins) <= last
    )
    drawn = [SessionLine(id_, at) for at, id_ in attended[-MOST_SESSIONS:]]
    today = material.local_day(cut)
    phases = sorted(_phases(material, first, last, today), key=lambda one: (one.first, one.last, one.episode))
    left_out = len(attended) - len(drawn)
    return Backdrop(first, last, tuple(drawn), tuple(phases[-MOST_PHASES:]), left_out)


def _phases(material: Material, first: date, last: date, today: date) -> Iterator[PhaseSpan]:
    for filed, one in episodes_of(material):
        if one.began_on is None:
            continue
        ended = one.ended_on
        over = min(last, today) if ended is None else ended
        changed = one.phase_began_on
        if changed is not None and one.began_on < changed <= over:
            spans = [(None, one.began_on, changed - timedelta(days=1)), (one.phase, changed, over)]
        else:
            spans = [(one.phase, one.began_on, over)]
        for phase, begin, end in spans:
            if begin <= last and end >= first:
                goes_on = ended is None and phase is not None
                yield PhaseSpan(filed.id, phase, max(begin, first), min(end, last), goes_on)


def phase_words(phase: Phase | None) -> str:
    """What a phase is called."""
    match phase:
        case "assessment":
            return say_as("phase", "Assessment")
        case "treatment":
            return say("Treatment")
        case "follow_up":
            return say("Follow-up")
        case "ended":
            return say("Ended")
        case None:
            return say("Earlier in this episode")


def span_words(one: PhaseSpan) -> str:
    """A phase and its days."""
    return say("%(phase)s: %(days)s", phase=phase_words(one.phase), days=phrases.period(one.first, one.last))


def session_words(one: SessionLine) -> str:
    """A session and its time."""
    return say("Session attended: %(moment)s", moment=phrases.moment(one.at))


def behind(frame: PlotArea, drawn: Backdrop) -> Iterator[str]:
    """The lines of the sessions, and one where a phase begins."""
    for one in drawn.phases:
        if one.first > drawn.first:
            yield upright("phase-begins", frame.x(frame.beginning(one.first)), TOP, frame.bottom, span_words(one))
    if len(drawn.sessions) > MOST_LINES:
        ticks = "".join(f"M{along(frame.within(one.at))} {TOP:g}v{_TICK:g}" for one in drawn.sessions)
        yield stretched(frame, [f'<path class="session-ticks" vector-effect="non-scaling-stroke" d="{ticks}"/>'])
        return
    for session in drawn.sessions:
        yield upright("session", frame.within(session.at), TOP, frame.bottom, session_words(session))


def ruler(drawn: Backdrop, id_: str, day_begins: int = 0) -> Markup:
    """Phases as bars with their names, sessions as marks on them, the days below."""
    frame = PlotArea.of_days(drawn.first, drawn.last, 0, 1, day_begins, tall=30)
    shown: list[str] = []
    for one in drawn.phases:
        left, right = frame.within(frame.beginning(one.first)), frame.within(frame.beginning(_next(one.last)))
        shown.append(
            area(f"phase phase-{one.phase or 'earlier'}", left, right, TOP, frame.bottom - _UNDER - 2, span_words(one))
        )
        if right - left >= _LEAST_NAMED:
            shown.append(words_at(f"{left + 0.6:.2f}%", TOP + 15, "start", phase_words(one.phase), "phase-name"))
    shown += [
        upright("session value", frame.within(one.at), frame.bottom - _UNDER, frame.bottom, session_words(one))
        for one in drawn.sessions
    ]
    return picture(
        id_,
        say("Phases and sessions"),
        ruler_summary(drawn),
        [*shown, *days_axis(frame, drawn.first, drawn.last)],
        frame.bottom,
    )


def ruler_summary(drawn: Backdrop) -> str:
    """What the ruler shows, in words."""
    said = count("%(n)s session attended.", "%(n)s sessions attended.", len(drawn.sessions) + drawn.sessions_left_out)
    return " ".join([said, *(f"{span_words(one)}." for one in drawn.phases)])


def _next(day: date) -> date:
    return date.fromordinal(min(day.toordinal() + 1, date.max.toordinal()))
