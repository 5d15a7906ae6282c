"""The HTTP API of plans, goals, resources and comments: what a signed-in therapist reads and writes.

A change names only what it changes, and `based_on` the `heads` of the view it was made on: then it is merged with what
others changed since, as two devices' changes are. Without it, it is a change of the document as it is now. Every answer
to a write comes when that is durable, and holds the document as it is then.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET, Struct

from intersession_schemas.documents.comments import Comment
from intersession_schemas.documents.goals import Goal
from intersession_schemas.documents.plan import Plan
from intersession_schemas.documents.resources import Resource
from intersession_schemas.streams import Kind
from intersession_server.accounts.audit import Action
from intersession_server.projections import record_reading
from intersession_server.projections.read_models import CommentView, GoalView, PlanView, ResourceView
from intersession_server.web.api import through_of
from intersession_server.web.care import note_read
from intersession_server.web.changes import (
    GoalChange,
    NewGoal,
    NewResource,
    PlanChange,
    ResourceChange,
    changed,
    heads_of,
)
from intersession_server.web.given import GivenAccess, GivenServices, GivenSession
from intersession_server.web.instruments import wordings_to_copy
from intersession_server.web.record_routes import (
    CHANGE,
    READ,
    WRITE,
    WRITE_HANDLERS,
    made,
    made_change,
    new_id,
    target_of,
)
from intersession_server.web.writing import change_draft, not_found, rows_in, write

On = Annotated[UUID | None, QueryParameter(description="Only comments on this document.")]


class Goals(Struct, frozen=True):
    """Goals, the newest first."""

    items: list[GoalView]
    next: str | None = None
    left_out: int = 0
    """Number of older items that are not in this response."""


class Resources(Struct, frozen=True):
    """Resources, the newest first."""

    items: list[ResourceView]
    next: str | None = None
    left_out: int = 0
    """Number of older items that are not in this response."""


class Comments(Struct, frozen=True):
    """Comments, the newest first."""

    items: list[CommentView]
    next: str | None = None
    left_out: int = 0
    """Number of older items that are not in this response."""


class NewComment(Struct, frozen=True, forbid_unknown_fields=True):
    """A comment on the document `on` of this client's record."""

    on: UUID
    text: str


# --- plan -------------------------------------------------------------------------------------------------------------


@get("/plan", **READ)
async def client_plan(services: GivenServices, session: GivenSession, client_access: GivenAccess) -> PlanView:
    """A client's plan: journal sections, trackers, assessments, safety plan and pauses."""
    through = await through_of(client_access)
    found = await record_reading.plan(client_access.client)
    if found is None:
        raise not_found()
    await note_read(services, session, client_access, through, Action.PLAN_READ)
    return found


@patch("/plan", **CHANGE)
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


# --- goals, resources, comments ---------------------------------------------------------------------------------------


@get("/goals", **READ)
async def client_goals(services: GivenServices, session: GivenSession, client_access: GivenAccess) -> Goals:
    """A client's goals and their steps, whoever wrote them."""
    through = await through_of(client_access)
    found = await record_reading.goals(client_access.client)
    await note_read(services, session, client_access, through, Action.GOALS_READ)
    more = await record_reading.left_out(client_access.client, Kind.GOAL, len(found))
    return Goals(found, left_out=more)


@post("/goals", **WRITE)
async def make_goal(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, data: JSONBody[NewGoal]
) -> GoalView:
    """Add a goal."""
    draft = await made(services, session, client_access, Kind.GOAL, changed(Goal(), data, new_id))
    return GoalView(**msgspec.structs.asdict(draft.record), goal=draft.value)


@patch("/goals/{goal:uuid}", **CHANGE)
async def change_goal(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    goal: FromPath[UUID],
    data: JSONBody[GoalChange],
) -> GoalView:
    """Change a goal or its steps."""
    draft = await made_change(services, session, client_access, Kind.GOAL, goal, data)
    return GoalView(**msgspec.structs.asdict(draft.record), goal=draft.value)


@get("/resources", **READ)
async def client_resources(services: GivenServices, session: GivenSession, client_access: GivenAccess) -> Resources:
    """A client's resources, and how often they said that each helped."""
    through = await through_of(client_access)
    found = await record_reading.resources(client_access.client)
    await note_read(services, session, client_access, through, Action.RESOURCES_READ)
    more = await record_reading.left_out(client_access.client, Kind.RESOURCE, len(found))
    return Resources(found, left_out=more)


@post("/resources", **WRITE)
async def make_resource(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, data: JSONBody[NewResource]
) -> ResourceView:
    """Give a client something to read or do."""
    draft = await made(services, session, client_access, Kind.RESOURCE, changed(Resource(), data, new_id))
    return ResourceView(**msgspec.structs.asdict(draft.record), resource=draft.value)


@patch("/resources/{resource:uuid}", **CHANGE)
async def change_resource(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    resource: FromPath[UUID],
    data: JSONBody[ResourceChange],
) -> ResourceView:
    """Change a resource."""
    draft = await made_change(services, session, client_access, Kind.RESOURCE, resource, data)
    view = ResourceView(**msgspec.structs.asdict(draft.record), resource=draft.value)
    return record_reading.with_comments(view, await record_reading.comments(client_access.client, resource))


@get("/comments", **READ)
async def client_comments(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, on: On = None
) -> Comments:
    """Comments on documents in a client's record."""
    through = await through_of(client_access)
    found = await record_reading.comments(client_access.client, on)
    await note_read(services, session, client_access, through, Action.COMMENTS_READ)
    more = await record_reading.left_out(client_access.client, Kind.COMMENT, len(found), on)
    return Comments(found, left_out=more)


@post("/comments", **WRITE)
async def make_comment(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, data: JSONBody[NewComment]
) -> CommentView:
    """Comment on a document in this client's record."""
    await rows_in(services, target_of(client_access), data.on)
    draft = await made(services, session, client_access, Kind.COMMENT, Comment(on=data.on, text=data.text))
    return CommentView(**msgspec.structs.asdict(draft.record), comment=draft.value)


def plan_router() -> Router:
    """The routes under `/api/clients/{client}` of this module."""
    return Router(
        "/api/clients/{client:uuid}",
        route_handlers=[
            client_plan,
            change_plan,
            client_goals,
            make_goal,
            change_goal,
            client_resources,
            make_resource,
            change_resource,
            client_comments,
            make_comment,
        ],
        exception_handlers=WRITE_HANDLERS,
        tags=["plan and homework"],
    )
