"""The HTTP API of one's own account, `/api/account`."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, patch, post
from litestar.params import FromPath, JSONBody

from intersession_server.operator import staff_commands as given
from intersession_server.web.account import own
from intersession_server.web.account.own import Account, AccountChange, PasswordChange
from intersession_server.web.api.lists import SIGNED_IN_ANSWERS
from intersession_server.web.dependencies import GivenServices, GivenSession
from intersession_server.web.practice import staff
from intersession_server.web.practice.staff import DeviceItem, PairingCode

_OPT = {"access": "therapist"}


@get("/", opt=_OPT, responses=SIGNED_IN_ANSWERS)
async def account(session: GivenSession) -> Account:
    """One's own account."""
    return await own.account_of(session)


@patch("/", opt=_OPT, responses=SIGNED_IN_ANSWERS)
async def change(services: GivenServices, session: GivenSession, data: JSONBody[AccountChange]) -> Account:
    """Change one's name, or the language of the pages (`en`, `de`; null: the browser's)."""
    return await own.change_account(services, session, data)


@post("/password", status_code=204, opt=_OPT, responses=SIGNED_IN_ANSWERS)
async def password(services: GivenServices, session: GivenSession, data: JSONBody[PasswordChange]) -> None:
    """Change one's password; ends all other sessions. 403 with `wrong_old_password` where `old` is not right."""
    await own.change_password(services, session, data)


@post("/sign-out-everywhere", status_code=204, opt=_OPT, responses=SIGNED_IN_ANSWERS)
async def sign_out_everywhere(services: GivenServices, session: GivenSession) -> None:
    """End all of one's sessions, this one included."""
    await own.sign_out_everywhere(services, session)


@post("/invitation", opt=_OPT, responses=SIGNED_IN_ANSWERS)
async def invitation(services: GivenServices, session: GivenSession) -> PairingCode:
    """A code to pair one's own device; an earlier one stops working. It is told once."""
    return await own.pair_own_device(services, session)


@post("/invitation/revoke", status_code=204, opt=_OPT, responses=SIGNED_IN_ANSWERS)
async def revoke_invitation(services: GivenServices, session: GivenSession) -> None:
    """End the code that works now, if there is one."""
    await staff.done(services, session, given.RevokeInvitation(person=str(session.person)), given.InvitationRevoked)


@get("/devices", opt=_OPT, responses=SIGNED_IN_ANSWERS)
async def devices(services: GivenServices, session: GivenSession) -> list[DeviceItem]:
    """One's own devices, those in use first."""
    return await staff.devices_of(services, session, session.person)


@post("/devices/{device:uuid}/revoke", status_code=204, opt=_OPT, responses=SIGNED_IN_ANSWERS)
async def revoke_device(services: GivenServices, session: GivenSession, device: FromPath[UUID]) -> None:
    """End the access of one of one's own devices."""
    await staff.revoke_device(services, session, session.person, device)


def account_api() -> Router:
    """The routes under `/api/account`."""
    own_routes = [account, change, password, sign_out_everywhere, invitation, revoke_invitation, devices, revoke_device]
    return Router("/api/account", route_handlers=own_routes, tags=["account"])
