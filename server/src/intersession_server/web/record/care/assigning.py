"""Homework as the care team gives it, for the API and the pages: assigning, changing, reviewing, taking up again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, UnsetType

from intersession_schemas.documents.care.homework import Decision, Homework, HomeworkReview
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.passage import ClientAccess
from intersession_server.projections import record_reading
from intersession_server.projections.read_models import HomeworkView, ReviewView
from intersession_server.services import Services
from intersession_server.web.record.changes import Heads, HomeworkChange, NewHomework, changed, differing, heads_of
from intersession_server.web.record.documents import check_there
from intersession_server.web.record.local_time import now_of, today_of
from intersession_server.web.record.references import named_by
from intersession_server.web.record.writing import (
    DraftChange,
    change_draft,
    check_named,
    new_draft,
    new_id,
    target_of,
    write,
)

GOES_ON = frozenset({"adapt", "step_up", "step_down", "replace"})
"""Decisions after which homework may go on as another assignment."""
ENDS = frozenset({"stop", "replace"})
"""Decisions that end an assignment, whether it goes on as another or not."""


class NewReview(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the care team makes of homework.

    `successor` says what is changed where it goes on as another assignment (adapt, step_up, step_down, replace): that
    one is made with the old one's other fields, from today. The old one ends on the client's local today where it goes
    on as another, and with stop and replace.
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


async def assign(services: Services, session: CurrentSession, access: ClientAccess, data: Struct) -> HomeworkView:
    """Homework, assigned: `data` is a `NewHomework`. With a rule, `since` defaults to the client's local today.

    Raises `InvalidField` for what it may not hold, `Refused` (`not_found`) for a goal or resource of another record.
    """
    now = await now_of(services, access)
    value = _assigned(Homework(), data, now, await today_of(access, now))
    await check_named(services, target_of(access), value)
    draft = new_draft(session, Kind.HOMEWORK, value, now)
    await write(services, session, target_of(access), [draft])
    return await _view(access, draft, now)


async def change_assignment(
    services: Services, session: CurrentSession, access: ClientAccess, homework: UUID, data: Struct
) -> HomeworkView:
    """An assignment with what a `HomeworkChange` names. Raises `Refused` (`not_found`, `removed_meanwhile`),
    `InvalidField`."""
    real = data

    def apply(before: Homework) -> Homework:
        nonlocal real
        after = changed(before, data, new_id)
        real = differing(data, before, after)
        return after

    target = target_of(access)
    draft = await change_draft(services, session, target, Kind.HOMEWORK, homework, apply, heads_of(data))
    check_there(real, draft.value)
    await write(services, session, target, [draft])
    return await _view(access, draft, await now_of(services, access))


async def end_assignment(
    services: Services,
    session: CurrentSession,
    access: ClientAccess,
    homework: UUID,
    on: date | None,
    based_on: Heads | UnsetType = UNSET,
) -> HomeworkView:
    """An assignment that is no longer due from the day `on`; None: from the client's local today."""
    day = on or await today_of(access, await now_of(services, access))
    return await change_assignment(services, session, access, homework, HomeworkChange(ended_on=day, based_on=based_on))


async def assign_again(
    services: Services, session: CurrentSession, access: ClientAccess, homework: UUID, data: Struct
) -> HomeworkView:
    """What an assignment goes on as after it was over: another one with the same fields, but for what `data` changes.

    It begins on the client's local today, so that the days between were never offered. The old one ends if it has not.
    Raises `Refused` (`not_found`), `InvalidField`.
    """
    now = await now_of(services, access)
    today = await today_of(access, now)
    old = await change_draft(services, session, target_of(access), Kind.HOMEWORK, homework, _ending(today))
    successor = new_draft(session, Kind.HOMEWORK, _successor(homework, old.value, data, now, today), now)
    await check_named(services, target_of(access), successor.value, named_by(old.value))
    await write(services, session, target_of(access), [successor, old])
    return await _view(access, successor, now)


async def review(
    services: Services, session: CurrentSession, access: ClientAccess, homework: UUID, data: NewReview
) -> Reviewed:
    """Homework, reviewed: kept, adapted, stepped up or down, replaced or stopped.

    Raises `InvalidField` for a successor of a decision that has none, and `Refused` where there is no such homework.
    """
    going_on = None if isinstance(data.successor, UnsetType) else data.successor
    if going_on is not None and data.decision not in GOES_ON:
        raise InvalidField("A successor is only possible with the decision adapt, step_up, step_down or replace.")
    now = await now_of(services, access)
    today = await today_of(access, now)
    ends = going_on is not None or data.decision in ENDS

    def end(before: Homework) -> Homework:
        return _ending(today)(before) if ends else before

    target = target_of(access)
    old = await change_draft(services, session, target, Kind.HOMEWORK, homework, end)
    drafts = [old]
    successor = None
    if going_on is not None:
        successor = new_draft(session, Kind.HOMEWORK, _successor(homework, old.value, going_on, now, today), now)
        await check_named(services, target, successor.value, named_by(old.value))
        drafts.insert(0, successor)
    made = HomeworkReview(
        homework=homework,
        decision=data.decision,
        reason=data.reason,
        evidence=data.evidence,
        successor=None if successor is None else successor.record.id,
        reviewed_at=now,
    )
    await check_named(services, target, made)
    reviewed = new_draft(session, Kind.HOMEWORK_REVIEW, made, now)
    await write(services, session, target, [*drafts, reviewed])
    view = ReviewView(**msgspec.structs.asdict(reviewed.record), review=reviewed.value)
    whole = await _view(access, old, now)
    reviews = [view, *(one for one in whole.reviews if one.id != view.id)]
    return Reviewed(
        review=view,
        homework=msgspec.structs.replace(whole, reviews=reviews),
        successor=None if successor is None else await _view(access, successor, now),
    )


def _ending(today: date) -> Callable[[Homework], Homework]:
    """Ends an assignment today, where it has not ended before."""

    def end(before: Homework) -> Homework:
        if before.ended_on is not None and before.ended_on <= today:
            return before
        return msgspec.structs.replace(before, ended_on=today)

    return end


def _successor(homework: UUID, old: Homework, given: Struct, now: datetime, today: date) -> Homework:
    """What goes on from `old`, which is ended. What is given in one way of being due takes the place of the other."""
    begun = msgspec.structs.replace(
        old, predecessor=homework, ended_on=None, since=today if old.rule else None, problems=()
    )
    rule, due = (getattr(given, name) for name in ("rule", "due"))
    if rule is not UNSET and rule:
        begun = msgspec.structs.replace(begun, due=None)
    elif due is not UNSET and due is not None:
        begun = msgspec.structs.replace(begun, rule="", since=None)
    if begun.until is not None and begun.until < today:
        begun = msgspec.structs.replace(begun, until=None)
    return _assigned(begun, given, now, today)


def _assigned(before: Homework, given: Struct, now: datetime, today: date) -> Homework:
    """`before` with what a request gives, as an assignment made now."""
    after = changed(before, given, new_id)
    since = today if after.rule and after.since is None else after.since
    return msgspec.structs.replace(after, since=since, assigned_at=now)


async def _view(access: ClientAccess, draft: DraftChange, now: datetime) -> HomeworkView:
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
