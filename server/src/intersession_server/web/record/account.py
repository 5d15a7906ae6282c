"""What an account is told of itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from litestar.exceptions import HTTPException
from msgspec import Struct

from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.accounts.tables import Practice


class Me(Struct, frozen=True):
    """Who is signed in. `csrf` goes into the header `X-CSRF-Token` of every request that changes something."""

    id: UUID
    name: str
    practice: UUID
    practice_name: str
    csrf: str
    expires_at: datetime


async def me_of(session: CurrentSession) -> Me:
    """What an account is told of itself."""
    practice = await Practice.objects().where(Practice.id == session.practice).first()
    if practice is None:
        raise HTTPException(status_code=500)
    return Me(session.person, session.name, practice.id, practice.name, session.csrf, session.expires_at)
