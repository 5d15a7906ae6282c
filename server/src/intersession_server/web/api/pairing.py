"""POST /pair: a device turns a pairing code into its token."""

from __future__ import annotations

from math import ceil
from typing import Annotated, Any, Literal
from uuid import UUID

import structlog
from litestar import Request, post
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.params import JSONBody
from msgspec import Meta, Struct

from intersession_server.accounts import invitations
from intersession_server.accounts.people import CLIENT, person_by_id
from intersession_server.accounts.tables import Practice
from intersession_server.accounts.throttle import address_key
from intersession_server.edge.defences import remote_address
from intersession_server.errors import Refused
from intersession_server.services import Services

log = structlog.get_logger(__name__)


class PairRequest(Struct, frozen=True):
    """What a device sends: the code as it was typed, which app it is, and the role that the app is for."""

    code: Annotated[str, Meta(max_length=64)]
    agent: Annotated[str, Meta(max_length=invitations.MAX_AGENT)] = ""
    role: Literal["client", "therapist"] | None = None


class Paired(Struct, frozen=True):
    """What a device is told, once: its token, its ids, and whom it was paired to."""

    token: str
    account: UUID
    device: UUID
    practice: UUID
    practice_name: str
    role: Literal["client", "therapist"]
    name: str


@post("/pair", status_code=200, request_max_body_size=4096, opt={"access": "public", "part": "app"}, tags=["devices"])
async def pair(
    request: Request[Any, Any, Any], data: JSONBody[PairRequest], services: NamedDependency[Services]
) -> Paired:
    """Redeem a pairing code. Answers 403 with `wrong_code`, `old_code`, `used_code`, `too_many_tries` or
    `wrong_role` (the code is another role's, and stays good), and 429 with `rate_limited` when too many codes from
    one address were wrong."""
    at = services.clock()
    address = address_key(remote_address(request))
    if (wait := services.pairing_throttle.wait(address, at)) is not None:
        minutes = ceil(wait / 60)
        text = f"Too many wrong pairing codes from this network. Try again in {minutes} min."
        raise Refused("rate_limited", text, retry_after=wait)
    # Counted before anything is awaited and undone after it, so that many at once cannot all slip through.
    services.pairing_throttle.failed(address, at)
    try:
        redeemed = await invitations.redeem(data.code, data.agent, at, role=data.role)
    except Refused as refusal:
        log.info("pair.refused", code=refusal.code)
        raise
    except BaseException:
        services.pairing_throttle.take_back(address)
        raise
    services.pairing_throttle.take_back(address)
    person = await person_by_id(redeemed.person)
    practice = await Practice.objects().get(Practice.id == person.practice) if person is not None else None
    if person is None or practice is None:
        raise HTTPException(status_code=500)
    log.info("pair.done", device=str(redeemed.device), account=str(person.id))
    return Paired(
        token=redeemed.token,
        account=person.id,
        device=redeemed.device,
        practice=practice.id,
        practice_name=practice.name,
        role="client" if person.role == CLIENT else "therapist",
        name=person.name,
    )
