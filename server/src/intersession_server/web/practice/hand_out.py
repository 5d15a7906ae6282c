"""The page that a new client is given on paper, in the language that they read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from litestar.exceptions import NotFoundException
from litestar.params import QueryParameter
from msgspec import Struct

from intersession_server.accounts.audit import Action
from intersession_server.language.catalogue import LANGUAGES, language
from intersession_server.language.language import current, use
from intersession_server.passage import Member
from intersession_server.settings import app_url_of
from intersession_server.web.app.files import built_app
from intersession_server.web.dependencies import GivenMember, GivenServices, GivenSession
from intersession_server.web.page.live_page import live_page
from intersession_server.web.page.qr import QrCode, qr_code
from intersession_server.web.practice import staff
from intersession_server.web.practice.frame import PracticeFrame, frame_of
from intersession_server.web.practice.staff import PairingCode
from intersession_server.web.record.disclosure import note_staff_read

Written = Annotated[Literal["en", "de"] | None, QueryParameter(description="The language of the hand-out.")]


class HandOut(Struct, frozen=True, kw_only=True):
    """The page. `languages`: its other versions. `url`: the address for those who type. `has_app`: the
    app is had from there.

    `until_day`: a day on which a code that lasts for days still works, wherever the client is.
    """

    frame: PracticeFrame
    member: Member
    code: PairingCode | None
    qr: QrCode | None
    url: str
    has_app: bool
    until_day: date | None
    languages: list[tuple[str, str, bool]]


@live_page("/practice/people/{person:uuid}/hand-out", "practice/hand_out.html", access="practice-person")
async def hand_out(
    services: GivenServices, session: GivenSession, member: GivenMember, lang: Written = None
) -> HandOut:
    """What the app is, who sees what, and how to begin: in the language asked for, or that of the page."""
    if member.role != "client":
        raise NotFoundException
    here = f"/practice/people/{member.id}/hand-out"
    frame = await frame_of(services, session, here, {"lang": lang})
    code = await staff.shown_code(services, session, member.id)
    await note_staff_read(services, session, Action.PEOPLE_LISTED, client=member.id, subject=member.id)
    if lang is not None:
        use(language(lang))
    chosen = current().tag
    return HandOut(
        frame=frame,
        member=member,
        code=code,
        qr=qr_code(code.link) if code is not None else None,
        url=app_url_of(services.settings),
        has_app=not built_app().missing,
        until_day=_until_day(code, frame.now),
        languages=[(f"{here}?lang={tag}", name, tag == chosen) for tag, name in LANGUAGES.items()],
    )


def _until_day(code: PairingCode | None, now: datetime) -> date | None:
    if code is None or code.expires_at - now < timedelta(days=2):
        return None
    return (code.expires_at - timedelta(days=1)).date()
