"""When an appointment is, as a form asks it: a day and a time on the clock of some place. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from intersession_schemas.errors import InvalidField
from intersession_server.language.language import say
from intersession_server.web.page import phrases

_OFFSET = re.compile(r"(?:UTC|GMT)?\s*(?:([+\-−])\s*(\d{1,2})(?::?(\d{2}))?)?", re.IGNORECASE)


class Appointed(Struct, frozen=True):
    """The fields of a form that say when."""

    day: date | None = None
    at: str = ""
    zone: str = ""
    minutes: Annotated[int, Meta(ge=1, le=1_440)] | None = None


def moment_of(said: Appointed) -> datetime:
    """The moment that the fields say, with the offset that the place has then. Raises `InvalidField`."""
    if said.day is None:
        raise InvalidField(say("Choose a day."))
    try:
        clock = time.fromisoformat(said.at)
    except ValueError:
        raise InvalidField(say("Write the time as 10:00.")) from None
    zone = zone_named(said.zone)
    local = datetime.combine(said.day, clock.replace(second=0, microsecond=0), zone)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise InvalidField(say("Clocks are put forward then, and that time is left out. Choose another."))
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta()))


def zone_named(text: str) -> tzinfo:
    """The time zone of that name, or an offset as UTC+1. Raises `InvalidField`."""
    plain = text.strip()
    if plain and (found := _OFFSET.fullmatch(plain)) is not None:
        sign, hours, minutes = found.groups()
        away = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        if away < timedelta(hours=24):
            return timezone(-away if sign in ("-", "−") else away)
    try:
        return ZoneInfo(plain)
    except (ValueError, OSError, KeyError):  # unknown zones are KeyErrors to some, and files that are none to others
        raise InvalidField(say("Write the time zone as Europe/Berlin or UTC+1.")) from None


def zone_words(zone: tzinfo, at: datetime) -> str:
    """What a zone is called in the form: its name, or its offset."""
    return zone.key if isinstance(zone, ZoneInfo) else phrases.offset(at.astimezone(zone))


def form_zone(at: datetime, clients: tzinfo) -> str:
    """The zone of an appointment in the form that changes it: the client's, where it shows the same time there."""
    there = at.astimezone(clients)
    return zone_words(clients, at) if there.utcoffset() == at.utcoffset() else phrases.offset(at)


def on_their_clock(at: datetime, clients: tzinfo) -> str:
    """When that is for the client, where their clock shows another time: 09:00; Tue 1 Dec 2026, 23:00."""
    there = at.astimezone(clients)
    if there.utcoffset() == at.utcoffset():
        return ""
    return phrases.clock(there) if there.date() == at.date() else phrases.moment(there)
