"""The HTTP API of a client's plan."""

from __future__ import annotations

from litestar import get, patch, post
from litestar.params import JSONBody
from msgspec import UNSET, Struct, UnsetType

from intersession_server.accounts.audit import Action
from intersession_server.projections import record_reading
from intersession_server.projections.read_models import PlanView
from intersession_server.web.api.records import CHANGE, READ
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.record.as_of import through_of
from intersession_server.web.record.care import planning
from intersession_server.web.record.changes import Heads, PlanChange, heads_of
from intersession_server.web.record.disclosure import note_read
from intersession_server.web.record.writing import not_found

TAGS = ["plan and homework"]


class TemplateUse(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which template to use: the key of one that comes with Intersession, or the id of one of the practice's."""

    template: str
    based_on: Heads | UnsetType = UNSET


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
    return await planning.change_plan(services, session, client_access, data)


@post("/plan/templates", **CHANGE, tags=TAGS)
async def use_template(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, data: JSONBody[TemplateUse]
) -> PlanView:
    """Add the content of a template to a client's plan: the questions of a journal, or the steps of a safety plan.

    A journal template also sets the introduction and the rule, unless the plan already has them.
    """
    return await planning.use_template(services, session, client_access, data.template, heads_of(data))


HANDLERS = (client_plan, change_plan, use_template)
