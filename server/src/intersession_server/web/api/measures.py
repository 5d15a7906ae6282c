"""The HTTP API of what is made of a record: scores, signals, homework and symptoms together, the brief; and of
assessments from paper."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, QueryParameter
from msgspec import Struct

from intersession_schemas.measures import brief as briefs
from intersession_schemas.measures.scores import Measured, measured
from intersession_schemas.measures.signals.of_record import signals
from intersession_schemas.measures.signals.signal import Signal
from intersession_schemas.measures.together import RIVAL_EXPLANATIONS, Together
from intersession_schemas.measures.together_in import together_in
from intersession_server.accounts.audit import Action
from intersession_server.projections.read_models import (
    AcknowledgementView,
    AssessmentView,
)
from intersession_server.projections.windows import MAX_LIMIT
from intersession_server.web.api.lists import CLIENT_ANSWERS, Before, Limit
from intersession_server.web.api.records import READ, WRITE
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.record.as_of import Head, Locale, Now, Zone, asked
from intersession_server.web.record.briefs import brief_of
from intersession_server.web.record.care.acknowledging import acknowledged
from intersession_server.web.record.disclosure import note_read
from intersession_server.web.record.instruments.paper import NewAssessment, take_down
from intersession_server.web.record.measured import place_of_score, place_of_signal
from intersession_server.web.record.paging import PageOfList, page_of
from intersession_server.work import effort

TAGS = ["measures"]

ForSession = Annotated[
    UUID | None, QueryParameter(name="session", description="The session to prepare for. Default: as of now.")
]
Symptom = Annotated[str, QueryParameter(description="The symptom's name, as logged.", max_length=64)]
OfHomework = Annotated[UUID | None, QueryParameter(description="Only this assignment. Default: all homework.")]
OfInstrument = Annotated[str | None, QueryParameter(description="Only this instrument (its key).", max_length=64)]


class TogetherAnswer(Struct, frozen=True):
    """The result of `together`, with alternative explanations; show both together."""

    together: Together
    rival_explanations: list[str]


class NewAcknowledgement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That the signal of this id was seen, and what was done. `zone`: the one that the signals were asked for with.

    The client can read `note`; `team_note` is written among the care team's notes, which they cannot read.
    """

    signal: str
    note: str = ""
    zone: str | None = None
    team_note: str = ""


# --- what is made of a record -----------------------------------------------------------------------------------------


@get("/scores", **READ, tags=TAGS)
async def client_scores(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    instrument: OfInstrument = None,
    limit: Limit = MAX_LIMIT,
    before: Before = None,
) -> PageOfList[Measured]:
    """A client's scores, one of each scale of each completed assessment, the newest first: with bands where they are
    published, and compared with the baseline and the last one."""
    what = await asked(services, client_access)
    found = await effort.in_thread(measured, what.material, what.cut)
    await note_read(services, session, client_access, what.head, Action.ASSESSMENTS_READ)
    wanted = [one for one in found if instrument in (None, one.instrument)]
    return page_of(wanted, place_of_score, limit, before, descending=True)


@get("/signals", **READ, tags=TAGS)
async def client_signals(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    zone: Zone = None,
    locale: Locale = "en",
    limit: Limit = MAX_LIMIT,
    before: Before = None,
) -> PageOfList[Signal]:
    """What somebody should look at, the newest first: facts with their age, and whether they were acknowledged.

    Nobody watches them in real time.
    """
    what = await asked(services, client_access, zone=zone, locale=locale, heard=True)
    found = await effort.in_thread(signals, what.material, what.cut)
    await note_read(services, session, client_access, what.head, Action.SIGNALS_READ)
    return page_of(found, place_of_signal, limit, before)


@get("/together", **READ, tags=TAGS)
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
    tags=TAGS,
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


# --- assessments and signals ------------------------------------------------------------------------------------------


@post("/assessments", **WRITE, tags=TAGS)
async def take_assessment(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, data: JSONBody[NewAssessment]
) -> AssessmentView:
    """Enter the answers of a paper form or an interview, item by item; completed when this returns.

    With `amends`, they correct an earlier assessment, which stays as it is.
    """
    draft = await take_down(services, session, client_access, data)
    return AssessmentView(**msgspec.structs.asdict(draft.record), assessment=draft.value)


@post("/acknowledgements", **WRITE, tags=TAGS)
async def acknowledge(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, data: JSONBody[NewAcknowledgement]
) -> AcknowledgementView:
    """Acknowledge a signal, with a note on what was done. The signal remains, marked as acknowledged."""
    draft = await acknowledged(services, session, client_access, data.signal, data.note, data.zone, data.team_note)
    return AcknowledgementView(**msgspec.structs.asdict(draft.record), acknowledgement=draft.value)


HANDLERS = (take_assessment, client_scores, client_signals, acknowledge, client_together, client_brief)
