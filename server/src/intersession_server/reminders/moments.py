"""When a client is reminded, by what they and their care team agreed: what the app would list as due then. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta, tzinfo
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.care.agenda import Done, Due, due, upcoming
from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.documents.care.plan import Plan, local_days
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.documents.local_days import in_zone, instant

UNTIMED_AT = time(9)
"""What has a day and no time of it would come due when that day begins, in the middle of the night."""
LATE = timedelta(hours=3)
"""A moment that is longer ago, as after the server was down, is not told any more."""
LOOK_AGAIN = timedelta(days=7)
"""When nothing comes due before, and nothing changes."""


class Agreed(Struct, frozen=True, kw_only=True):
    """What it is worked out from. `askable`: instruments whose wording the client has."""

    plan: Plan
    homework: Mapping[UUID, Homework]
    done: Done
    sessions: Mapping[UUID, Session]
    askable: Collection[str]


class Moments(Struct, frozen=True):
    """`came`: something came due lately that is open still. `next_at`: when to look again."""

    came: bool
    next_at: datetime


def moments(agreed: Agreed, since: datetime, now: datetime, zone: tzinfo) -> Moments:
    """What came due after `since` and up to `now`, on clocks of `zone`, and when something does next."""
    since = max(instant(since), instant(now) - LATE)
    local = in_zone(now, zone)
    # From a day before: what has a day alone counts as begun with it, and is told hours later.
    found = upcoming(
        agreed.plan,
        agreed.homework,
        agreed.done,
        in_zone(since - timedelta(days=1), zone),
        local + LOOK_AGAIN,
        agreed.sessions,
    )
    told = [(_told_at(agreed.plan, one, local), one) for one in found if _is_told(agreed, one)]
    open_now = {_key(one) for one in due(agreed.plan, agreed.homework, agreed.done, local, agreed.sessions)}
    came = any(since < at <= instant(now) and _key(one) in open_now for at, one in told)
    ahead = [at for at, _ in told if at > instant(now)]
    return Moments(came, min(ahead, default=instant(now) + LOOK_AGAIN))


def _is_told(agreed: Agreed, one: Due) -> bool:
    """What has a time of its own, or was to be reminded of; of assessments those that can be answered."""
    if one.kind == "assessment" and agreed.plan.assessments[one.id].instrument not in agreed.askable:
        return False
    return one.timed or one.reminder


def _told_at(plan: Plan, one: Due, local: datetime) -> datetime:
    if one.timed:
        return instant(one.at)
    return instant(local_days(plan, local).moment(one.day, max(UNTIMED_AT, time(plan.day_begins))))


def _key(one: Due) -> tuple[str, str, str]:
    return one.kind, one.id, one.occurrence
