"""As of when something is measured for a request, and of what: the cut, and the material of one record."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar.params import QueryParameter
from msgspec import Struct

from intersession_schemas.errors import InvalidField
from intersession_schemas.measures.material import Cut, Material
from intersession_server.passage import ClientAccess
from intersession_server.projections import reading, record_reading
from intersession_server.projections.windows import read_bound
from intersession_server.services import Services

Zone = Annotated[
    str | None,
    QueryParameter(
        description="IANA time zone for days and times. Default: the zone of the client's latest entry.",
        max_length=64,
    ),
]
Locale = Annotated[
    str, QueryParameter(description="Language of the sentences.", pattern=r"^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$")
]
Now = Annotated[
    str | None,
    QueryParameter(
        description="As of this time, with its offset (encode the plus sign as `%2B` in a URL). Default: now.",
        max_length=40,
    ),
]
Head = Annotated[
    int | None,
    QueryParameter(
        ge=0, description="As of this row of the record, to reproduce an earlier brief. Default: everything received."
    ),
]


class Asked(Struct, frozen=True):
    """What is measured, as of when. `head` is the record's last row that counts."""

    cut: Cut
    head: int
    material: Material


async def asked(
    services: Services,
    access: ClientAccess,
    *,
    now: str | None = None,
    zone: str | None = None,
    locale: str = "en",
    head: int | None = None,
    heard: bool = False,
) -> Asked:
    """The cut that a request asks for, and the material as of it.

    `heard`: with when a device of the client was in touch last. A therapist's device cannot know that, so a brief has
    when the last change of the client's arrived.
    Raises `InvalidField` for a time, zone or row that is none.
    """
    through = await through_of(access)
    if head is not None and head > through:
        raise InvalidField("head must be a row that exists.")
    last = through if head is None else head
    at = await _moment(services, access, now, zone)
    cut = Cut(heads={str(access.record_stream): last}, now=at, zone=zone or str(at.tzinfo), locale=locale)
    heard_at = (await services.devices.last_heard([access.client])).get(access.client) if heard else None
    return Asked(cut, last, await services.materials.of(access.record_stream, access.client, last, heard_at))


async def outlined(
    services: Services, access: ClientAccess, *, zone: str | None = None, locale: str = "en", heard: bool = False
) -> Asked:
    """As `asked` for now, but of the outline: for signals and scores, which are the same in it, at once.

    Raises `InvalidField` for a zone that is none.
    """
    through = await through_of(access)
    at = await _moment(services, access, None, zone)
    heard_at = (await services.devices.last_heard([access.client])).get(access.client) if heard else None
    return await outline_at(services, access, through, at, heard_at, locale=locale, zone=zone)


async def outline_at(
    services: Services,
    access: ClientAccess,
    through: int,
    at: datetime,
    heard_at: datetime | None = None,
    *,
    locale: str = "en",
    zone: str | None = None,
) -> Asked:
    """The outline at least as of the row `through`, and what is measured of it at that moment of the client's clock."""
    outlines = services.projector.overviews.outlines
    found = await outlines.of(access.record_stream, access.client, services.clock(), through)
    material = Material() if found is None else found.material
    last = through if found is None else found.through
    cut = Cut(heads={str(access.record_stream): last}, now=at, zone=zone or str(at.tzinfo), locale=locale)
    return Asked(cut, last, material if heard_at is None else material.telling(heard_at=heard_at))


async def _moment(services: Services, access: ClientAccess, now: str | None, zone: str | None) -> datetime:
    given = None if now is None else read_bound("now", now)
    if given is not None and not isinstance(given, datetime):
        raise InvalidField("now must be a time with its offset (2020-03-16T23:50:00+01:00).")
    if zone is None:
        return given or await record_reading.local_now(access.client, services.clock())
    try:
        clock = ZoneInfo(zone)
    except (ValueError, OSError):  # unknown zones are KeyErrors to some, and files that are none to others
        raise InvalidField("zone must be an IANA time zone, for example Europe/Amsterdam.") from None
    except KeyError:
        raise InvalidField(
            "zone must be an IANA time zone that this server knows, for example Europe/Amsterdam."
        ) from None
    return (given or services.clock()).astimezone(clock)


async def through_of(access: ClientAccess) -> int:
    """Up to which row of the log the read models show a client."""
    return (await reading.throughs([access.record_stream]))[access.record_stream]


async def reached_of(access: ClientAccess) -> dict[UUID, int]:
    """Up to which row the read models show each stream of all that pages about the client are made of."""
    return await reading.throughs(
        [access.record_stream, *([] if access.chart_stream is None else [access.chart_stream])]
    )
