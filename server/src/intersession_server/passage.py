"""One request on its way through the door: who asks, about whom, and whether it was written down yet.

`access` opens a passage once a route's rule is met; `web.door` lets no answer out of it without a row of the audit.
"""

from __future__ import annotations

from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from msgspec import Struct

from intersession_schemas.streams import Role

if TYPE_CHECKING:
    from intersession_server.accounts.sign_in import CurrentSession
    from intersession_server.services import Services


class ClientAccess(Struct, frozen=True):
    """A client whose record the signed-in therapist may read now. `chart_stream`: where they may read notes, too."""

    client: UUID
    name: str
    record_stream: UUID
    role: Role
    plan: UUID | None = None
    chart_stream: UUID | None = None


class Member(Struct, frozen=True):
    """A person of the practice of the signed-in therapist, who may look after their name, codes and devices.

    `in_care`: a client whom the therapist may read now, as well.
    """

    id: UUID
    role: Literal["client", "therapist"]
    name: str
    username: str | None
    manager: bool
    ended_at: datetime | None
    in_care: bool


class Passage:
    """A therapist's request about a client's record."""

    __slots__ = ("access", "looks", "path", "services", "session", "written")

    def __init__(
        self, services: Services, session: CurrentSession, access: ClientAccess, path: str, *, looks: bool = False
    ) -> None:
        """`path` is the route's pattern; `looks`: a person looks at the page that is asked for."""
        self.services = services
        self.session = session
        self.access = access
        self.path = path
        self.looks = looks
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
