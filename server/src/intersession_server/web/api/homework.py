"""The HTTP API of homework: assignments, what became of them, and what the care team makes of that."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec
from litestar import get, patch, post
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, Struct, UnsetType

from intersession_schemas.documents.care.homework import Decision, Homework, HomeworkReview
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind
from intersession_server.accounts.audit import Action
from intersession_server.passage import ClientAccess
from intersession_server.projections import record_reading
from intersession_server.projections.read_models import HomeworkView, ReviewView
from intersession_server.web.api.records import (
    CHANGE,
    READ,
    WRITE,
    new_id,
    now_of,
    target_of,
    today_of,
)
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.record.as_of import through_of
from intersession_server.web.record.changes import HomeworkChange, NewHomework, changed, heads_of
from intersession_server.web.record.disclosure import note_read
from intersession_server.web.record.writing import DraftChange, change_draft, new_draft, not_found, write

TAGS = ["plan and homework"]

_GOES_ON = frozenset({"adapt", "step_up", "step_down", "replace"})
"""Decisions after which homework may go on as another assignment."""


class NewReview(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the care team makes of homework.

    `successor` says what is changed where it goes on as another assignment (adapt, step_up, step_down, replace): that
    one is made with the old one's other fields, and the old one ends on the client's local today, as it does with stop.
    """

    decision: Decision
    reason: str = ""
    evidence: tuple[UUID, ...] = ()
    successor: NewHomework | UnsetType = UNSET


class Reviewed(Struct, frozen=True, kw_only=True):
    """A review, the assignment it is of, and the one that this goes on as."""

    review: ReviewView
    homework: HomeworkView
    successor: HomeworkView | None = None


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
    now = await now_of(services, client_access)
    assigned = _assigned(Homework(), data, now, await today_of(client_access, now))
    draft = new_draft(session, Kind.HOMEWORK, assigned, now)
    await write(services, session, target_of(client_access), [draft])
    return await _homework_view(client_access, draft, now)


@patch("/homework/{homework:uuid}", **CHANGE, tags=TAGS)
async def change_homework(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    homework: FromPath[UUID],
    data: JSONBody[HomeworkChange],
) -> HomeworkView:
    """Change an assignment. `ended_on` ends it: it is no longer due from that day."""
    target = target_of(client_access)

    def apply(before: Homework) -> Homework:
        return changed(before, data, new_id)

    draft = await change_draft(services, session, target, Kind.HOMEWORK, homework, apply, heads_of(data))
    await write(services, session, target, [draft])
    return await _homework_view(client_access, draft, await now_of(services, client_access))


@post("/homework/{homework:uuid}/reviews", **WRITE, tags=TAGS)
async def review_homework(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    homework: FromPath[UUID],
    data: JSONBody[NewReview],
) -> Reviewed:
    """Review homework: keep it, adapt it, step it up or down, replace it or stop it."""
    going_on = None if isinstance(data.successor, UnsetType) else data.successor
    if going_on is not None and data.decision not in _GOES_ON:
        raise InvalidField("A successor is only possible with the decision adapt, step_up, step_down or replace.")
    now = await now_of(services, client_access)
    today = await today_of(client_access, now)
    target = target_of(client_access)
    ends = going_on is not None or data.decision == "stop"

    def end(before: Homework) -> Homework:
        if not ends or (before.ended_on is not None and before.ended_on <= today):
            return before
        return msgspec.structs.replace(before, ended_on=today)

    old = await change_draft(services, session, target, Kind.HOMEWORK, homework, end)
    drafts = [old]
    successor = None
    if going_on is not None:
        begun = msgspec.structs.replace(
            old.value, predecessor=homework, ended_on=None, since=today if old.value.rule else None, problems=()
        )
        successor = new_draft(session, Kind.HOMEWORK, _assigned(begun, going_on, now, today), now)
        drafts.insert(0, successor)
    review = HomeworkReview(
        homework=homework,
        decision=data.decision,
        reason=data.reason,
        evidence=data.evidence,
        successor=None if successor is None else successor.record.id,
        reviewed_at=now,
    )
    reviewed = new_draft(session, Kind.HOMEWORK_REVIEW, review, now)
    await write(services, session, target, [*drafts, reviewed])
    view = ReviewView(**msgspec.structs.asdict(reviewed.record), review=reviewed.value)
    whole = await _homework_view(client_access, old, now)
    reviews = [view, *(one for one in whole.reviews if one.id != view.id)]
    return Reviewed(
        review=view,
        homework=msgspec.structs.replace(whole, reviews=reviews),
        successor=None if successor is None else await _homework_view(client_access, successor, now),
    )


def _assigned(before: Homework, given: Struct, now: datetime, today: date) -> Homework:
    """`before` with what a request gives, as an assignment made now."""
    after = changed(before, given, new_id)
    since = today if after.rule and after.since is None else after.since
    return msgspec.structs.replace(after, since=since, assigned_at=now)


async def _homework_view(access: ClientAccess, draft: DraftChange, now: datetime) -> HomeworkView:
    """An assignment as just written, with the progress and reviews that have arrived."""
    planned = await record_reading.agreed(access.client)
    known = await record_reading.one_homework(access.client, draft.record.id, planned, now)
    return record_reading.with_progress(
        draft.record,
        draft.value,
        known.progress if known else [],
        known.reviews if known else [],
        planned,
        now,
    )


HANDLERS = (one_homework, assign_homework, change_homework, review_homework)
