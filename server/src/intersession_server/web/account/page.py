"""A therapist's own account: name, password, language, devices."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from litestar import Router
from litestar.params import FromPath
from msgspec import Struct

from intersession_schemas.errors import InvalidField
from intersession_server.accounts.listing import InvitationRow, open_invitations
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.language.language import say
from intersession_server.operator import staff_commands as given
from intersession_server.web.account import own
from intersession_server.web.account.own import Account, AccountChange, PasswordChange
from intersession_server.web.dependencies import GivenServices, GivenSession
from intersession_server.web.forms.answering import SentForm, form
from intersession_server.web.live import state_text
from intersession_server.web.page.live_page import live_page
from intersession_server.web.page.qr import QrCode, qr_code
from intersession_server.web.practice import staff
from intersession_server.web.practice.staff import DeviceItem, PairingCode
from intersession_server.web.record.disclosure import clients_in_care, states


class AccountPage(Struct, frozen=True, kw_only=True):
    """What the page shows. `invitation`: the code that works now, `code`: the same, where this session made it."""

    session: CurrentSession
    now: datetime
    state: str
    account: Account
    devices: list[DeviceItem]
    invitation: InvitationRow | None
    code: PairingCode | None
    qr: QrCode | None


@live_page("/account", "account/account.html", access="therapist")
async def account(services: GivenServices, session: GivenSession) -> AccountPage:
    """One's own account; before the first password of one's own, that alone."""
    now = services.clock()
    if session.password_once:
        return AccountPage(
            session=session,
            now=now,
            state="",
            account=await own.account_of(session),
            devices=[],
            invitation=None,
            code=None,
            qr=None,
        )
    state = state_text(await states(services, await clients_in_care(services, session), "access"))
    open_now = await open_invitations(session.practice, now, 1, person=session.person)
    code = await staff.shown_code(services, session, session.person)
    return AccountPage(
        session=session,
        now=now,
        state=state,
        account=await own.account_of(session),
        devices=await staff.devices_of(services, session, session.person),
        invitation=open_now[0] if open_now else None,
        code=code,
        qr=qr_code(code.link) if code is not None else None,
    )


@form("/account", access="therapist")
async def change(form: SentForm, services: GivenServices, session: GivenSession) -> str:
    """Another name, or another language."""
    await own.change_account(services, session, form.read(AccountChange))
    return "/account"


@form("/account/password", access="therapist")
async def password(form: SentForm, services: GivenServices, session: GivenSession) -> str:
    """Another password; then to the clients where it was the first of one's own."""
    if form.text("new") != form.text("again"):
        raise InvalidField(say("The new password was typed in two ways."))
    await own.change_password(services, session, PasswordChange(old=form.text("old"), new=form.text("new")))
    return "/" if session.password_once else "/account"


@form("/account/sign-out-everywhere", access="therapist")
async def sign_out_everywhere(form: SentForm, services: GivenServices, session: GivenSession) -> str:
    """End all sessions."""
    await own.sign_out_everywhere(services, session)
    return "/sign-in"


@form("/account/invitation", access="therapist")
async def make_code(form: SentForm, services: GivenServices, session: GivenSession) -> str:
    """A code for one's own device."""
    await own.pair_own_device(services, session)
    return "/account"


@form("/account/invitation/revoke", access="therapist")
async def revoke_code(form: SentForm, services: GivenServices, session: GivenSession) -> str:
    """End the code that works now."""
    await staff.done(services, session, given.RevokeInvitation(person=str(session.person)), given.InvitationRevoked)
    return "/account"


@form("/account/devices/{device:uuid}/revoke", access="therapist")
async def revoke_own_device(
    form: SentForm, services: GivenServices, session: GivenSession, device: FromPath[UUID]
) -> str:
    """End the access of one's own device."""
    await staff.revoke_device(services, session, session.person, device)
    return "/account"


def account_router() -> Router:
    """The routes of the page and its forms."""
    forms = [change, password, sign_out_everywhere, make_code, revoke_code, revoke_own_device]
    return Router("/", route_handlers=[*account, *forms])
