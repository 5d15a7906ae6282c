"""The HTTP API of sessions, episodes and assessments, and of what is made of a record: scores, signals, the brief."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, Router, get, patch, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET, Meta, Struct

from intersession_schemas.documents import assessments
from intersession_schemas.documents.answers import WordingTaken
from intersession_schemas.documents.comments import Acknowledgement
from intersession_schemas.documents.episodes import Episode
from intersession_schemas.documents.sessions import Session
from intersession_schemas.instruments import check_answers
from intersession_schemas.measures import brief as briefs
from intersession_schemas.measures.scores import Measured, measured
from intersession_schemas.measures.signals import Signal, signals
from intersession_schemas.measures.together import RIVAL_EXPLANATIONS, Together
from intersession_schemas.measures.together_in import together_in
from intersession_schemas.streams import Kind
from intersession_server.accounts.audit import Action
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.passage import ClientAccess
from intersession_server.projections import record_reading
from intersession_server.projections.read_models import (
    AcknowledgementView,
    AssessmentView,
    EpisodeView,
    SessionView,
)
from intersession_server.projections.record_reading import MOST
from intersession_server.services import Services
from intersession_server.web.api import CLIENT_ANSWERS, through_of
from intersession_server.web.care import note_read
from intersession_server.web.changes import (
    EpisodeChange,
    NewEpisode,
    NewSession,
    SessionChange,
    changed,
    heads_of,
)
from intersession_server.web.given import GivenAccess, GivenServices, GivenSession
from intersession_server.web.instruments import instrument_named, wordings_to_copy
from intersession_server.web.measuring import Asked, Head, Locale, Now, Zone, asked
from intersession_server.web.record_routes import (
    CHANGE,
    READ,
    WRITE,
    WRITE_HANDLERS,
    made_change,
    new_id,
    now_of,
    target_of,
    today_of,
)
from intersession_server.web.writing import (
    DraftChange,
    change_draft,
    drafted,
    new_document,
    new_draft,
    not_found,
    rows_in,
    write,
)
from intersession_server.work import effort

ForSession = Annotated[
    UUID | None, QueryParameter(name="session", description="The session to prepare for. Default: as of now.")
]
Symptom = Annotated[str, QueryParameter(description="The symptom's name, as logged.", max_length=64)]
OfHomework = Annotated[UUID | None, QueryParameter(description="Only this assignment. Default: all homework.")]
OfInstrument = Annotated[str | None, QueryParameter(description="Only this instrument (its key).", max_length=64)]


class Assessments(Struct, frozen=True):
    """Assessments, the newest first."""

    items: list[AssessmentView]
    next: str | None = None
    left_out: int = 0
    """Number of older items that are not in this response."""


class Scores(Struct, frozen=True):
    """Scores, one of each scale of each completed assessment, the newest first."""

    items: list[Measured]
    next: str | None = None
    left_out: int = 0
    """Number of older items that are not in this response."""


class Signals(Struct, frozen=True):
    """Signals, the newest first; acknowledged ones say so. Nobody watches them in real time."""

    items: list[Signal]
    next: str | None = None
    left_out: int = 0
    """Number of older items that are not in this response."""


class Sessions(Struct, frozen=True):
    """Appointments, the latest first."""

    items: list[SessionView]
    next: str | None = None
    left_out: int = 0
    """Number of older items that are not in this response."""


class Episodes(Struct, frozen=True):
    """Episodes of care, the one begun last first."""

    items: list[EpisodeView]
    next: str | None = None
    left_out: int = 0
    """Number of older items that are not in this response."""


class NewAssessment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answers from paper or an interview, by item. `at` is when they were given, `amends` what they correct."""

    instrument: str
    answers: Annotated[dict[str, bool | int | None], Meta(max_length=500)]
    at: Annotated[datetime, Meta(tz=True)] | None = None
    amends: UUID | None = None


class TogetherAnswer(Struct, frozen=True):
    """The result of `together`, with alternative explanations; show both together."""

    together: Together
    rival_explanations: list[str]


class NewAcknowledgement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That the signal of this id was seen, and what was done. `zone`: the one that the signals were asked for with."""

    signal: str
    note: str = ""
    zone: str | None = None


# --- what is made of a record -----------------------------------------------------------------------------------------


@get("/assessments", **READ)
async def client_assessments(services: GivenServices, session: GivenSession, client_access: GivenAccess) -> Assessments:
    """A client's assessments with their answers: completed ones, and drafts."""
    through = await through_of(client_access)
    found = await record_reading.assessments(client_access.client)
    await note_read(services, session, client_access, through, Action.ASSESSMENTS_READ)
    more = await record_reading.left_out(client_access.client, Kind.ASSESSMENT, len(found))
    return Assessments(found, left_out=more)


@get("/scores", **READ)
async def client_scores(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, instrument: OfInstrument = None
) -> Scores:
    """A client's scores, with published bands, compared with the baseline and the previous score."""
    what = await asked(services, client_access)
    found = await effort.in_thread(measured, what.material, what.cut)
    await note_read(services, session, client_access, what.head, Action.ASSESSMENTS_READ)
    wanted = [one for one in found if instrument in (None, one.instrument)]
    return Scores(wanted[:MOST], left_out=max(len(wanted) - MOST, 0))


@get("/signals", **READ)
async def client_signals(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    zone: Zone = None,
    locale: Locale = "en",
) -> Signals:
    """Signals: facts with their age, and whether they were acknowledged."""
    what = await asked(services, client_access, zone=zone, locale=locale, heard=True)
    found = await effort.in_thread(signals, what.material, what.cut)
    await note_read(services, session, client_access, what.head, Action.SIGNALS_READ)
    return Signals(list(found[:MOST]), left_out=max(len(found) - MOST, 0))


@get("/together", **READ)
async def client_together(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    symptom: Symptom,
    homework: OfHomework = None,
    zone: Zone = None,
) -> TogetherAnswer:
    """Homework and a symptom, week by week, one week apart in both directions: every point, and a cautious verdict."""
    what = await asked(services, client_access, zone=zone)
    found = await effort.in_thread(together_in, what.material, what.cut, symptom, homework)
    await note_read(services, session, client_access, what.head, Action.HOMEWORK_READ, Action.SYMPTOMS_READ)
    return TogetherAnswer(found, list(RIVAL_EXPLANATIONS))


@get(
    "/brief",
    opt={"access": "client-record"},
    responses={**CLIENT_ANSWERS, 200: ResponseSpec(briefs.Brief, description="The brief, in canonical JSON.")},
)
async def client_brief(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    for_session: ForSession = None,
    zone: Zone = None,
    locale: Locale = "en",
    now: Now = None,
    head: Head = None,
) -> Response[bytes]:
    """The brief for a session: what has happened since the last one.

    From the same cut, devices make identical bytes.
    """
    what = await asked(services, client_access, now=now, zone=zone, locale=locale, head=head)
    body = briefs.encode(await brief_of(services, what, for_session))
    await note_read(services, session, client_access, what.head, Action.BRIEF_READ)
    return Response(body, media_type="application/json")


async def brief_of(services: Services, what: Asked, session: UUID | None) -> briefs.Brief:
    """The brief of what was asked for. Raises `Refused` (`not_found`) for a session that the record has not."""
    known = {one.id for one in what.material.filed if one.kind is Kind.SESSION}
    if session is not None and session not in known:
        raise not_found()
    material = await services.materials.for_brief(what.material, what.cut, what.head, session)
    return await effort.in_thread(briefs.brief, material, what.cut, session)


# --- assessments and signals ------------------------------------------------------------------------------------------


@post("/assessments", **WRITE)
async def take_assessment(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, data: JSONBody[NewAssessment]
) -> AssessmentView:
    """Enter the answers of a paper form or an interview, item by item; completed when this returns."""
    if data.amends is not None:
        await rows_in(services, target_of(client_access), data.amends, Kind.ASSESSMENT)
    drafts = [
        await _taken(services, session, client_access, data),
        *await wordings_to_copy(services, session, client_access, [data.instrument]),
    ]
    # An instrument that ships is known everywhere; of one that the practice brought the record needs the definition.
    drafts = [one for one in drafts if one.kind is Kind.ASSESSMENT or one.value.definition]
    await write(services, session, target_of(client_access), drafts)
    return AssessmentView(**msgspec.structs.asdict(drafts[0].record), assessment=drafts[0].value)


async def _taken(services: Services, session: CurrentSession, access: ClientAccess, data: NewAssessment) -> DraftChange:
    instrument = await instrument_named(services, session, data.instrument)
    given = {item: value for item, value in data.answers.items() if value is not None}
    check_answers(instrument, given)
    now = await now_of(services, access)
    at = data.at or now
    document = new_document()
    start = assessments.Start(
        instrument=instrument.key,
        scheme=instrument.scheme,
        started_at=at,
        administered_by=session.person,
        amends=data.amends,
    )
    changes = [assessments.create(document, start)]
    for item, value in given.items():
        change = assessments.answer(document, item, value, answer_id=UUID(new_id()), at=at)
        assert change is not None
        changes.append(change)
    wording = WordingTaken(status="paper")
    changes.append(assessments.complete(document, completion_id=UUID(new_id()), at=at, wording=wording))
    return drafted(session, Kind.ASSESSMENT, document, changes, now)


@post("/acknowledgements", **WRITE)
async def acknowledge(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, data: JSONBody[NewAcknowledgement]
) -> AcknowledgementView:
    """Acknowledge a signal, with a note on what was done. The signal remains, marked as acknowledged."""
    draft = await acknowledged(services, session, client_access, data.signal, data.note, data.zone)
    return AcknowledgementView(**msgspec.structs.asdict(draft.record), acknowledgement=draft.value)


async def acknowledged(
    services: Services, session: CurrentSession, access: ClientAccess, signal: str, note: str, zone: str | None = None
) -> DraftChange:
    """A signal, acknowledged. Raises `Refused` (`not_found`) where there is no such signal now."""
    what = await asked(services, access, zone=zone)
    if signal not in {one.id for one in await effort.in_thread(signals, what.material, what.cut)}:
        raise not_found()
    now = await now_of(services, access)
    draft = new_draft(session, Kind.ACKNOWLEDGEMENT, Acknowledgement(signal=signal, note=note, made_at=now), now)
    await write(services, session, target_of(access), [draft])
    return draft


# --- sessions and episodes --------------------------------------------------------------------------------------------


@get("/sessions", **READ)
async def client_sessions(services: GivenServices, session: GivenSession, client_access: GivenAccess) -> Sessions:
    """A client's appointments, past and planned."""
    through = await through_of(client_access)
    found = await record_reading.sessions(client_access.client)
    await note_read(services, session, client_access, through, Action.SESSIONS_READ)
    more = await record_reading.left_out(client_access.client, Kind.SESSION, len(found))
    return Sessions(found, left_out=more)


@post("/sessions", **WRITE)
async def plan_session(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, data: JSONBody[NewSession]
) -> SessionView:
    """Plan an appointment, or record a past one."""
    draft = new_draft(session, Kind.SESSION, changed(Session(), data, new_id), services.clock())
    await write(services, session, target_of(client_access), [draft])
    return SessionView(**msgspec.structs.asdict(draft.record), session=draft.value)


@patch("/sessions/{appointment:uuid}", **CHANGE)
async def change_session(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    appointment: FromPath[UUID],
    data: JSONBody[SessionChange],
) -> SessionView:
    """Move an appointment, or mark it as attended, missed or cancelled."""
    draft = await made_change(services, session, client_access, Kind.SESSION, appointment, data)
    return SessionView(**msgspec.structs.asdict(draft.record), session=draft.value)


@get("/episodes", **READ)
async def client_episodes(services: GivenServices, session: GivenSession, client_access: GivenAccess) -> Episodes:
    """A client's episodes of care, with their baselines."""
    through = await through_of(client_access)
    found = await record_reading.episodes(client_access.client)
    await note_read(services, session, client_access, through, Action.EPISODES_READ)
    more = await record_reading.left_out(client_access.client, Kind.EPISODE, len(found))
    return Episodes(found, left_out=more)


@post("/episodes", **WRITE)
async def begin_episode(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, data: JSONBody[NewEpisode]
) -> EpisodeView:
    """Begin an episode of care; `began_on` defaults to today in the client's local time."""
    now = await now_of(services, client_access)
    value = changed(Episode(began_on=await today_of(client_access, now)), data, new_id)
    draft = new_draft(session, Kind.EPISODE, value, now)
    await write(services, session, target_of(client_access), [draft])
    return EpisodeView(**msgspec.structs.asdict(draft.record), episode=draft.value)


@patch("/episodes/{episode:uuid}", **CHANGE)
async def change_episode(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    episode: FromPath[UUID],
    data: JSONBody[EpisodeChange],
) -> EpisodeView:
    """Change an episode: its phase, reason, baselines. The phase `ended` without a day ends it today."""
    today = await today_of(client_access, await now_of(services, client_access))

    def apply(before: Episode) -> Episode:
        after = changed(before, data, new_id)
        if after.phase == "ended" and after.ended_on is None and getattr(data, "ended_on", UNSET) is UNSET:
            return msgspec.structs.replace(after, ended_on=today)
        return after

    target = target_of(client_access)
    draft = await change_draft(services, session, target, Kind.EPISODE, episode, apply, heads_of(data))
    await write(services, session, target, [draft])
    return EpisodeView(**msgspec.structs.asdict(draft.record), episode=draft.value)


def measures_router() -> Router:
    """The routes under `/api/clients/{client}` of this module."""
    return Router(
        "/api/clients/{client:uuid}",
        route_handlers=[
            client_assessments,
            take_assessment,
            client_scores,
            client_signals,
            acknowledge,
            client_together,
            client_brief,
            client_sessions,
            plan_session,
            change_session,
            client_episodes,
            begin_episode,
            change_episode,
        ],
        exception_handlers=WRITE_HANDLERS,
        tags=["measures"],
    )
