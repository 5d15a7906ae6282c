"""What is around every page of the practice: who looks, at which of its pages, and how current it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from msgspec import Struct

from intersession_server.accounts import listing
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.accounts.tables import Practice
from intersession_server.errors import StorageError
from intersession_server.language.language import count, say
from intersession_server.services import Services
from intersession_server.web.live import state_text
from intersession_server.web.record.disclosure import clients_in_care, states

CODE_MINUTES = (10, 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60, 14 * 24 * 60)
"""How long pairing codes may last, as the page offers it."""


class PracticeFrame(Struct, frozen=True, kw_only=True):
    """Around a page. `state` are the marks of the session's own clients; `address` is the page's, with its query."""

    session: CurrentSession
    now: datetime
    name: str
    code_minutes: int
    reminders: bool
    country: str | None
    clients: int
    therapists: int
    state: str
    address: str

    @property
    def lasts(self) -> str:
        """How long a code lasts."""
        return lasts(self.code_minutes)


async def frame_of(
    services: Services, session: CurrentSession, path: str, query: Mapping[str, str | None] = {}
) -> PracticeFrame:
    """What is around the page at `path`. Ask for it before what the page shows. Raises `StorageError`."""
    state = state_text(await states(services, await clients_in_care(services, session), "devices"))
    practice = await Practice.objects().where(Practice.id == session.practice).first()
    if practice is None:
        raise StorageError("The practice of a therapist is missing from the account database.")
    people = await listing.counted(session.practice) if session.manager else {}
    given = urlencode({name: value for name, value in query.items() if value})
    return PracticeFrame(
        session=session,
        now=services.clock(),
        name=practice.name,
        code_minutes=practice.code_minutes,
        reminders=practice.reminders,
        country=practice.country,
        clients=people.get("client", 0),
        therapists=people.get("therapist", 0),
        state=state,
        address=f"{path}?{given}" if given else path,
    )


def lasts(minutes: int) -> str:
    """10 minutes, 1 hour, 14 days"""
    span = timedelta(minutes=minutes)
    if span >= timedelta(days=1) and not minutes % (24 * 60):
        return count("%(n)s day", "%(n)s days", span.days)
    if minutes >= 60 and not minutes % 60:
        return count("%(n)s hour", "%(n)s hours", minutes // 60)
    return count("%(n)s minute", "%(n)s minutes", minutes)


def role_words(role: str) -> str:
    """The role on a care team."""
    match role:
        case "primary":
            return say("primary therapist")
        case "covering":
            return say("covering")
        case "supervisor":
            return say("supervisor")
        case _:
            return role
