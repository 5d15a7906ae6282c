"""What the forms of appointments and episodes are sent to."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from litestar.params import FromPath
from msgspec import UNSET, Struct, UnsetType

from intersession_schemas.documents.care.episodes import Phase
from intersession_schemas.documents.care.sessions import SessionState
from intersession_schemas.errors import InvalidField
from intersession_server.language.language import say
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.forms.answering import SentForm, form
from intersession_server.web.record.care.episodes import EPISODES, Begun, begin_episode, set_baseline, set_phase
from intersession_server.web.record.changes import EpisodeChange, Heads, NewSession, SessionChange
from intersession_server.web.record.documents import change_document, make_document
from intersession_server.web.record.resources import BY_PATH
from intersession_server.web.sessions.clocks import Appointed, moment_of

SESSIONS = BY_PATH["sessions"]


class _BasedOn(Struct, frozen=True):
    based_on: Heads | UnsetType = UNSET


class _State(_BasedOn, frozen=True, kw_only=True):
    state: SessionState


class _InPhase(_BasedOn, frozen=True, kw_only=True):
    phase: Phase
    on: date | None = None


class _Reason(_BasedOn, frozen=True, kw_only=True):
    reason: str = ""


class _Ended(_BasedOn, frozen=True, kw_only=True):
    on: date | None = None


@form("/clients/{client:uuid}/sessions")
async def plan_form(form: SentForm, services: GivenServices, session: GivenSession, client_access: GivenAccess) -> str:
    """Plan an appointment."""
    said = form.read(Appointed)
    minutes = UNSET if said.minutes is None else said.minutes
    made = NewSession(planned_at=moment_of(said), minutes=minutes)
    await make_document(services, session, client_access, SESSIONS, made)
    return _address(client_access.client)


@form("/clients/{client:uuid}/sessions/{appointment:uuid}")
async def move_form(
    form: SentForm,
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    appointment: FromPath[UUID],
) -> str:
    """Move an appointment; it is planned again."""
    said = form.read(Appointed)
    minutes = UNSET if said.minutes is None else said.minutes
    heads = form.read(_BasedOn).based_on
    change = SessionChange(planned_at=moment_of(said), minutes=minutes, state="planned", based_on=heads)
    await change_document(services, session, client_access, SESSIONS, appointment, change)
    return _address(client_access.client)


@form("/clients/{client:uuid}/sessions/{appointment:uuid}/state")
async def state_form(
    form: SentForm,
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    appointment: FromPath[UUID],
) -> str:
    """Say what became of an appointment."""
    said = form.read(_State)
    change = SessionChange(state=said.state, based_on=said.based_on)
    await change_document(services, session, client_access, SESSIONS, appointment, change)
    return _address(client_access.client)


@form("/clients/{client:uuid}/episodes")
async def begin_form(form: SentForm, services: GivenServices, session: GivenSession, client_access: GivenAccess) -> str:
    """Begin an episode."""
    await begin_episode(services, session, client_access, form.read(Begun))
    return _address(client_access.client)


@form("/clients/{client:uuid}/episodes/{episode:uuid}")
async def reason_form(
    form: SentForm,
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    episode: FromPath[UUID],
) -> str:
    """Change what an episode is for."""
    said = form.read(_Reason)
    change = EpisodeChange(reason=said.reason, based_on=said.based_on)
    await change_document(services, session, client_access, EPISODES, episode, change)
    return _address(client_access.client)


@form("/clients/{client:uuid}/episodes/{episode:uuid}/phase")
async def phase_form(
    form: SentForm,
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    episode: FromPath[UUID],
) -> str:
    """Put an episode into a phase."""
    said = form.read(_InPhase)
    await set_phase(services, session, client_access, episode, said.phase, said.on, said.based_on)
    return _address(client_access.client)


@form("/clients/{client:uuid}/episodes/{episode:uuid}/end")
async def end_form(
    form: SentForm,
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    episode: FromPath[UUID],
) -> str:
    """End an episode."""
    said = form.read(_Ended)
    await set_phase(services, session, client_access, episode, "ended", said.on, said.based_on)
    return _address(client_access.client)


@form("/clients/{client:uuid}/episodes/{episode:uuid}/baseline")
async def baseline_form(
    form: SentForm,
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    episode: FromPath[UUID],
) -> str:
    """Choose what change of a scale is measured against."""
    scale, _, assessment = form.text("chosen").rpartition(" ")
    try:
        chosen = UUID(assessment)
    except ValueError:
        raise InvalidField(say("Choose an assessment.")) from None
    await set_baseline(services, session, client_access, episode, scale, chosen, form.read(_BasedOn).based_on)
    return _address(client_access.client)


def _address(client: UUID) -> str:
    return f"/clients/{client}/sessions"


FORMS = (plan_form, move_form, state_form, begin_form, reason_form, phase_form, end_form, baseline_form)
