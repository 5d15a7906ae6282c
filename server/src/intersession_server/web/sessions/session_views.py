"""Appointments and episodes, prepared for their page. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.care.episodes import Phase, is_open, scale_key
from intersession_schemas.documents.care.sessions import SessionState
from intersession_schemas.instruments import Instrument
from intersession_schemas.measures.scores import Measured
from intersession_server.language.language import say, say_as
from intersession_server.projections.read_models import EpisodeView, SessionView
from intersession_server.web.client.last_change import LastChanges
from intersession_server.web.page import phrases
from intersession_server.web.page.prose import FoldedText, prose
from intersession_server.web.record.care.current_episode import current_episode, is_from_server
from intersession_server.web.sessions.clocks import form_zone, on_their_clock

BADGES: dict[SessionState, str] = {"planned": "note", "attended": "good", "missed": "attention", "cancelled": "quiet"}


class SessionRow(Struct, frozen=True, kw_only=True):
    """An appointment. `theirs` is when it is on the client's clock, where that shows another time; `to_mark`: it is
    over, and nobody has said whether it was attended."""

    id: UUID
    at: datetime | None
    minutes: int
    state: SessionState
    words: str
    badge: str
    theirs: str
    to_mark: bool
    is_next: bool
    heads: list[str]
    day: str
    clock: str
    zone: str
    changed: str
    problems: Sequence[str]


class BaselineRow(Struct, frozen=True):
    """What change of one scale is measured against. `chosen`: somebody said so; else it is the first of the episode."""

    scale: str
    words: str
    chosen: bool


class EpisodeCard(Struct, frozen=True, kw_only=True):
    """A stretch of care. `from_server`: it came with the record, and nobody has written to it."""

    id: UUID
    phase: Phase
    words: str
    when: str
    phase_when: str
    reason: FoldedText
    reason_text: str
    is_open: bool
    is_current: bool
    from_server: bool
    baselines: list[BaselineRow]
    choices: list[tuple[str, str]]
    heads: list[str]
    changed: str
    problems: Sequence[str]


def state_words(state: SessionState) -> str:
    """What became of an appointment, in words."""
    words: dict[SessionState, str] = {
        "planned": say("Planned"),
        "attended": say("Attended"),
        "missed": say("Did not attend"),
        "cancelled": say("Cancelled"),
    }
    return words[state]


def phase_words(phase: Phase) -> str:
    """A phase of care, in words."""
    words: dict[Phase, str] = {
        "assessment": say_as("phase", "Assessment"),
        "treatment": say("Treatment"),
        "follow_up": say("Follow-up"),
        "ended": say("Ended"),
    }
    return words[phase]


def session_rows(views: Sequence[SessionView], now: datetime, zone: tzinfo, last: LastChanges) -> list[SessionRow]:
    """Appointments in their order. `zone` is the client's; the next one is the first of those planned from `now`."""
    planned = [one for one in views if one.session.state == "planned" and _is_ahead(one, now)]
    upcoming = min(planned, key=lambda one: (one.session.planned_at or now, one.id), default=None)
    return [_row(one, now, zone, last.words(one), is_next=one is upcoming) for one in views]


def _is_ahead(view: SessionView, now: datetime) -> bool:
    return view.session.planned_at is not None and view.session.planned_at >= now


def _row(view: SessionView, now: datetime, zone: tzinfo, changed: str, *, is_next: bool) -> SessionRow:
    session = view.session
    at = session.planned_at
    return SessionRow(
        id=view.id,
        at=at,
        minutes=session.minutes,
        state=session.state,
        words=state_words(session.state),
        badge=BADGES[session.state],
        theirs="" if at is None else on_their_clock(at, zone),
        to_mark=session.state == "planned" and at is not None and at < now,
        is_next=is_next,
        heads=view.heads,
        day="" if at is None else at.date().isoformat(),
        clock="" if at is None else phrases.clock(at),
        zone="" if at is None else form_zone(at, zone),
        changed=changed,
        problems=session.problems,
    )


# --- episodes ---------------------------------------------------------------------------------------------------------


def episode_cards(
    views: Sequence[EpisodeView],
    found: Sequence[Measured],
    known: Mapping[str, Instrument],
    today: date,
    last: LastChanges,
) -> list[EpisodeCard]:
    """Episodes, the one begun last first; `found` are the scores that baselines are chosen from, newest first."""
    current = current_episode(views, today)
    return [_episode(one, found, known, today, last.words(one), is_current=one is current) for one in views]


def _episode(
    view: EpisodeView,
    found: Sequence[Measured],
    known: Mapping[str, Instrument],
    today: date,
    changed: str,
    *,
    is_current: bool,
) -> EpisodeCard:
    episode = view.episode
    began = episode.phase_began_on or episode.began_on
    within = [one for one in found if _is_within(one, episode.began_on, episode.ended_on)]
    return EpisodeCard(
        id=view.id,
        phase=episode.phase,
        words=phase_words(episode.phase),
        when=_when(episode.began_on, episode.ended_on),
        phase_when="" if began is None else say("since %(day)s", day=phrases.day(began)),
        reason=prose(episode.reason),
        reason_text=episode.reason,
        is_open=is_open(episode, today),
        is_current=is_current,
        from_server=is_from_server(view),
        baselines=_baselines(view, found, within, known),
        choices=[(f"{_key(one)} {one.assessment}", _score_words(one, known)) for one in within],
        heads=view.heads,
        changed=changed,
        problems=episode.problems,
    )


def _when(began: date | None, ended: date | None) -> str:
    if began is None:
        return say("beginning unknown")
    if ended is None:
        return say("since %(day)s", day=phrases.day(began))
    return say("%(first)s to %(last)s", first=phrases.day(began), last=phrases.day(ended))


def _is_within(one: Measured, began: date | None, ended: date | None) -> bool:
    inside = began is not None and began <= one.day and (ended is None or one.day < ended)
    return inside and one.score.score is not None and not one.amended


def _baselines(
    view: EpisodeView, found: Sequence[Measured], within: Sequence[Measured], known: Mapping[str, Instrument]
) -> list[BaselineRow]:
    scores = {(_key(one), one.assessment): one for one in found}
    rows: dict[str, BaselineRow] = {}
    for key, chosen in view.episode.baseline.items():
        one = None if chosen.assessment is None else scores.get((key, chosen.assessment))
        words = say("an assessment without a score") if one is None else _score_words(one, known)
        rows[key] = BaselineRow(key, words, chosen=True)
    for one in reversed(within):  # oldest first
        rows.setdefault(_key(one), BaselineRow(_key(one), _score_words(one, known), chosen=False))
    return [rows[key] for key in sorted(rows)]


def _score_words(one: Measured, known: Mapping[str, Instrument]) -> str:
    title = one.title
    name = title if one.label == title else say("%(title)s, %(scale)s", title=title, scale=one.label)
    score = phrases.number(one.score.score or 0)
    return say("%(name)s: %(score)s on %(day)s", name=name, score=score, day=phrases.day(one.day))


def _key(one: Measured) -> str:
    return scale_key(one.instrument, one.scale)
