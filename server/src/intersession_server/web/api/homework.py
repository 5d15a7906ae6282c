"""The HTTP API of homework: assignments, what became of them, and what the care team makes of that."""

from __future__ import annotations

from uuid import UUID

from litestar import get, patch, post
from litestar.params import FromPath, JSONBody

from intersession_server.accounts.audit import Action
from intersession_server.projections import record_reading
from intersession_server.projections.read_models import HomeworkView
from intersession_server.web.api.records import CHANGE, READ, WRITE
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.record.as_of import through_of
from intersession_server.web.record.care.assigning import (
    NewReview,
    Reviewed,
    assign,
    assign_again,
    change_assignment,
    review,
)
from intersession_server.web.record.changes import HomeworkChange, NewHomework
from intersession_server.web.record.disclosure import note_read
from intersession_server.web.record.local_time import now_of
from intersession_server.web.record.writing import not_found

TAGS = ["plan and homework"]


@get("/homework/{homework:uuid}", **READ, tags=TAGS)
async def one_homework(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, homework: FromPath[UUID]
) -> HomeworkView:
    """One assignment, with the client's progress and the care team's reviews."""
    through = await through_of(client_access)
    now = await now_of(services, client_access)
    planned = await record_reading.agreed(client_access.client)
    found = await record_reading.one_homework(client_access.client, homework, planned, now)
    if found is None:
        raise not_found()
    await note_read(services, session, client_access, through, Action.HOMEWORK_READ)
    return found


@post("/homework", **WRITE, tags=TAGS)
async def assign_homework(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, data: JSONBody[NewHomework]
) -> HomeworkView:
    """Assign homework. With a rule, `since` defaults to today in the client's local time."""
    return await assign(services, session, client_access, data)


@patch("/homework/{homework:uuid}", **CHANGE, tags=TAGS)
async def change_homework(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    homework: FromPath[UUID],
    data: JSONBody[HomeworkChange],
) -> HomeworkView:
    """Change an assignment. `ended_on` ends it: it is no longer due from that day."""
    return await change_assignment(services, session, client_access, homework, data)


@post("/homework/{homework:uuid}/again", **WRITE, tags=TAGS)
async def assign_homework_again(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    homework: FromPath[UUID],
    data: JSONBody[NewHomework],
) -> HomeworkView:
    """Assign homework again from today, with the same fields but for those given; the earlier assignment ends."""
    return await assign_again(services, session, client_access, homework, data)


@post("/homework/{homework:uuid}/reviews", **WRITE, tags=TAGS)
async def review_homework(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    homework: FromPath[UUID],
    data: JSONBody[NewReview],
) -> Reviewed:
    """Review homework: keep it, adapt it, step it up or down, replace it or stop it."""
    return await review(services, session, client_access, homework, data)


HANDLERS = (one_homework, assign_homework, change_homework, assign_homework_again, review_homework)
