"""Pairing codes and passwords for once, for as long as the page shows them to whoever made them: in memory alone.

Kept on disk is only what they are compared with. So a page that is opened again, or a hand-out that is printed, still
has the code; another browser, or the server after a start, does not.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from cachetools import LRUCache
from msgspec import Struct

_MOST = 2_000
PASSWORD_SHOWN_FOR = timedelta(minutes=10)


class ShownCode(Struct, frozen=True):
    """A code that a session made for a person, in the form that is shown. `invitation`: where it is kept as a hash."""

    code: str
    invitation: UUID
    expires_at: datetime


class ShownCodes:
    """By browser session and person. Used on the event loop."""

    def __init__(self) -> None:
        self._codes: LRUCache[tuple[UUID, UUID], ShownCode] = LRUCache(_MOST)
        self._passwords: LRUCache[tuple[UUID, UUID], tuple[str, datetime]] = LRUCache(_MOST)

    def keep_code(self, session: UUID, person: UUID, code: ShownCode) -> None:
        """Show the code to this session from now on."""
        self._codes[session, person] = code

    def code(self, session: UUID, person: UUID, live: UUID | None, at: datetime) -> ShownCode | None:
        """The code that this session made for a person, if it is the `live` invitation's and has not expired."""
        found = self._codes.get((session, person))
        if found is None or found.invitation != live or found.expires_at <= at:
            self._codes.pop((session, person), None)
            return None
        return found

    def keep_password(self, session: UUID, person: UUID, password: str, at: datetime) -> None:
        """Show the password for once to this session, for ten minutes."""
        self._passwords[session, person] = password, at + PASSWORD_SHOWN_FOR

    def password(self, session: UUID, person: UUID, at: datetime) -> str | None:
        """The password for once that this session has just made for a person."""
        password, until = self._passwords.get((session, person), ("", at))
        if until <= at:
            self._passwords.pop((session, person), None)
            return None
        return password
