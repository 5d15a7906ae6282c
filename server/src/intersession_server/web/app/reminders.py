"""`/device/reminders`: what a client's app asks so that reminders reach it while it is closed."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, delete, get, put
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody
from msgspec import Meta, Struct

from intersession_schemas.errors import InvalidField
from intersession_server.edge.defences import ErrorBody
from intersession_server.errors import Refused
from intersession_server.reminders import subscriptions, web_push
from intersession_server.reminders.push_services import MOST_CHARACTERS
from intersession_server.reminders.scheduler import zone_of
from intersession_server.web.dependencies import GivenCaller, GivenServices

_ANSWERS = {
    401: ResponseSpec(ErrorBody, description="No token of a device, or of one whose access has ended."),
    403: ResponseSpec(ErrorBody, description="The device is not a client's."),
}
_NEW_ANSWERS = {
    **_ANSWERS,
    400: ResponseSpec(ErrorBody, description="A key or the time zone is not one."),
    409: ResponseSpec(ErrorBody, description="Not carried out; `code` says why."),
}


class ReminderOffer(Struct, frozen=True):
    """Whether the practice offers reminders. `key` is what to subscribe with, in base64url, where it does; `on`: this
    device gets them."""

    offered: bool
    key: str | None
    on: bool


class NewSubscription(Struct, frozen=True, forbid_unknown_fields=True):
    """What the browser's push service gave this device, and the IANA name of its time zone. `key` is what it was
    subscribed with."""

    endpoint: Annotated[str, Meta(max_length=MOST_CHARACTERS)]
    p256dh: Annotated[str, Meta(max_length=100)]
    auth: Annotated[str, Meta(max_length=32)]
    zone: Annotated[str, Meta(max_length=64)]
    key: Annotated[str, Meta(max_length=100)]


@get("/", responses=_ANSWERS)
async def offer(services: GivenServices, caller: GivenCaller) -> ReminderOffer:
    """Whether reminders can be had, and whether this device gets them."""
    if not await subscriptions.offered_to(caller.account):
        return ReminderOffer(False, None, False)
    return ReminderOffer(True, await _key(services), await subscriptions.has(caller.device))


@put("/", status_code=204, request_max_body_size=4096, responses=_NEW_ANSWERS)
async def subscribe(services: GivenServices, caller: GivenCaller, data: JSONBody[NewSubscription]) -> None:
    """Have reminders sent to this device, from now on. One place for a device: an earlier one gets no more.

    409 with `reminders_off` (the practice does not offer them), `other_key` (subscribe anew, with the key of the
    offer), or `push_service_unknown` (one that this server does not call).
    """
    web_push.subscription_key(data.p256dh)
    web_push.decoded(data.auth, web_push.AUTH_BYTES)
    if zone_of(data.zone) is None:
        raise InvalidField("The time zone must be one that this server knows, such as Europe/Berlin.")
    if not await subscriptions.offered_to(caller.account):
        raise _off()
    if data.key != await _key(services):
        raise Refused("other_key", "The server has another key now. Subscribe with that one.")
    if not services.reminders.services.call(data.endpoint):
        raise Refused("push_service_unknown", "This server does not call that push service.")
    kept = await subscriptions.keep(
        caller.device,
        endpoint=data.endpoint,
        p256dh=data.p256dh,
        auth=data.auth,
        zone=data.zone,
        at=services.clock(),
    )
    if kept is None:
        raise _off()
    services.reminders.follow(kept.stream)


@delete("/", responses=_ANSWERS)
async def unsubscribe(services: GivenServices, caller: GivenCaller) -> None:
    """Have no more reminders sent to this device."""
    await subscriptions.drop(caller.device)


async def _key(services: GivenServices) -> str:
    return web_push.encoded(web_push.point((await services.reminders.key()).public_key()))


def _off() -> Refused:
    return Refused("reminders_off", "The practice does not offer reminders.")


def reminders_router() -> Router:
    """The routes under `/device/reminders`."""
    handlers = [offer, subscribe, unsubscribe]
    return Router(
        "/device/reminders", route_handlers=handlers, opt={"access": "device", "part": "app"}, tags=["devices"]
    )
