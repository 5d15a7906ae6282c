"""Episodes of care as the care team keeps them: begun, put into a phase, ended, with their baselines.

What a page does here, the HTTP API does by making and changing episodes.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from intersession_schemas.documents.care.episodes import Phase, scale_key
from intersession_schemas.errors import InvalidField
from intersession_schemas.measures.scores import measured
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.language.language import say
from intersession_server.passage import ClientAccess
from intersession_server.projections import record_reading
from intersession_server.projections.read_models import EpisodeView
from intersession_server.services import Services
from intersession_server.web.record.as_of import outlined
from intersession_server.web.record.care.current_episode import current_episode, is_from_server
from intersession_server.web.record.changes import BaselineChange, EpisodeChange, Heads, NewEpisode
from intersession_server.web.record.documents import change_document, make_document
from intersession_server.web.record.local_time import now_of, today_of
from intersession_server.web.record.resources import BY_PATH
from intersession_server.work import effort

EPISODES = BY_PATH["episodes"]
BasedOn = Heads | UnsetType
"""What of an episode somebody saw who changes it."""


class Begun(Struct, frozen=True):
    """How an episode begins; without a day, today."""

    reason: str = ""
    began_on: date | None = None
    phase: Phase = "assessment"


async def begin_episode(services: Services, session: CurrentSession, access: ClientAccess, begun: Begun) -> None:
    """Begin an episode. The one that came with the record is the one that begins, as long as nobody has written to it.

    Raises `InvalidField` while another one is open.
    """
    today = await today_of(access, await now_of(services, access))
    if begun.phase == "ended":
        raise InvalidField(say("An episode begins in another phase than its end."))
    there = current_episode((await record_reading.page(EpisodeView, access.client)).items, today)
    day = begun.began_on or today
    if there is None:
        made = NewEpisode(reason=begun.reason, began_on=day, phase=begun.phase)
        await make_document(services, session, access, EPISODES, made)
        return
    if not is_from_server(there):
        raise InvalidField(say("An episode is already open. End it before beginning another."))
    change = EpisodeChange(reason=begun.reason, began_on=day, phase=begun.phase, phase_began_on=None, ended_on=None)
    await change_document(services, session, access, EPISODES, there.id, change)


async def set_phase(
    services: Services,
    session: CurrentSession,
    access: ClientAccess,
    episode: UUID,
    phase: Phase,
    on: date | None,
    based_on: BasedOn = UNSET,
) -> None:
    """Put an episode into a phase from a day on; `ended` ends it on that day. Raises `Refused`, `InvalidField`.

    Without a day it is today; to set the phase that it has then changes no day.
    """
    given: dict[str, Any] = {"phase": phase, "based_on": based_on}
    if phase != "ended":
        given["ended_on"] = None
    if on is not None:
        given |= {"phase_began_on": on} if phase != "ended" else {"phase_began_on": on, "ended_on": on}
    await change_document(services, session, access, EPISODES, episode, EpisodeChange(**given))


async def set_baseline(
    services: Services,
    session: CurrentSession,
    access: ClientAccess,
    episode: UUID,
    scale: str,
    assessment: UUID,
    based_on: BasedOn = UNSET,
) -> None:
    """Measure a scale in an episode against that assessment. Raises `InvalidField` where it has no score on it."""
    what = await outlined(services, access)
    scores = await effort.in_thread(measured, what.material, what.cut)
    if not any(
        scale_key(one.instrument, one.scale) == scale and one.assessment == assessment and one.score.score is not None
        for one in scores
    ):
        raise InvalidField(say("That assessment has no score on that scale."))
    change = EpisodeChange(baseline={scale: BaselineChange(assessment=assessment)}, based_on=based_on)
    await change_document(services, session, access, EPISODES, episode, change)
