"""One request on its way through the door: who asks, about whom, and whether it was written down yet.

`access` opens a passage once a route's rule is met; `web.door` lets no answer out of it without a row of the audit.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct

from intersession_schemas.streams import Role

if TYPE_CHECKING:
    from intersession_server.accounts.sign_in import CurrentSession
    from intersession_server.services import Services


class ClientAccess(Struct, frozen=True):
    """A client whose record the signed-in therapist may read now."""

    client: UUID
    name: str
    record_stream: UUID
    role: Role
    plan: UUID | None = None


class Passage:
    """A therapist's request about a client's record."""

    __slots__ = ("access", "path", "services", "session", "written")

    def __init__(self, services: Services, session: CurrentSession, access: ClientAccess, path: str) -> None:
        """`path` is the route's pattern."""
        self.services = services
        self.session = session
        self.access = access
        self.path = path
        self.written = False


_current: ContextVar[Passage | None] = ContextVar("passage", default=None)


def enter(passage: Passage | None) -> None:
    """The request that this task serves from here on; None: one that reads no client's record."""
    _current.set(passage)


def current() -> Passage | None:
    """The request that this task serves, where it is one about a client's record."""
    return _current.get()


def written() -> None:
    """Its row of the audit is on disk."""
    passage = _current.get()
    if passage is not None:
        passage.written = True
