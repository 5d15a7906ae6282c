"""The HTTP API of a client's plan."""

from __future__ import annotations

import msgspec
from litestar import get, patch
from litestar.params import JSONBody
from msgspec import UNSET

from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.streams import Kind
from intersession_server.accounts.audit import Action
from intersession_server.projections import record_reading
from intersession_server.projections.read_models import PlanView
from intersession_server.web.api.records import (
    CHANGE,
    READ,
    new_id,
    target_of,
)
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.record.as_of import through_of
from intersession_server.web.record.changes import (
    PlanChange,
    changed,
    heads_of,
)
from intersession_server.web.record.disclosure import note_read
from intersession_server.web.record.library import wordings_to_copy
from intersession_server.web.record.writing import change_draft, not_found, write

TAGS = ["plan and homework"]


@get("/plan", **READ, tags=TAGS)
async def client_plan(services: GivenServices, session: GivenSession, client_access: GivenAccess) -> PlanView:
    """A client's plan: journal sections, trackers, assessments, safety plan and pauses."""
    through = await through_of(client_access)
    found = await record_reading.plan(client_access.client)
    if found is None:
        raise not_found()
    await note_read(services, session, client_access, through, Action.PLAN_READ)
    return found


@patch("/plan", **CHANGE, tags=TAGS)
async def change_plan(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, data: JSONBody[PlanChange]
) -> PlanView:
    """Change a client's plan. A map of elements contains those to add or change, and null for those to remove.

    Scheduling an instrument copies the practice's wording into the record, so that the client can be asked.
    """
    if client_access.plan is None:
        raise not_found()

    def apply(before: Plan) -> Plan:
        return changed(before, data, new_id)

    draft = await change_draft(
        services, session, target_of(client_access), Kind.PLAN, client_access.plan, apply, heads_of(data)
    )
    scheduled = (
        [one.instrument for one in draft.value.assessments.values()]
        if getattr(data, "assessments", UNSET) is not UNSET
        else []
    )
    wordings = await wordings_to_copy(services, session, client_access, scheduled)
    await write(services, session, target_of(client_access), [*wordings, draft])
    return PlanView(**msgspec.structs.asdict(draft.record), plan=draft.value)


HANDLERS = (client_plan, change_plan)
