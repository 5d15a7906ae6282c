"""What is around every page of one client: who, how current it is, and the pages beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode

from msgspec import Struct

from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.language import language
from intersession_server.passage import ClientAccess
from intersession_server.services import Services
from intersession_server.web.record.as_of import reached_of
from intersession_server.web.record.disclosure import Marked, clock_of, documents_mark, mark_of

Tab = Literal["", "timeline", "progress", "homework", "plan", "assessments", "sessions", "notes"]


BESIDE_DIARY: frozenset[Tab] = frozenset({"homework", "plan", "assessments", "notes"})
"""Pages that show nothing of entries and symptom logs."""


class Shell(Struct, frozen=True, kw_only=True):
    """Around a page of one client. `through`: everything up to that row of the record is on it. `local` is now on the
    client's clock; `address` is the page's own, with its query."""

    session: CurrentSession
    now: datetime
    local: datetime
    access: ClientAccess
    through: int
    mark: str
    follows: Marked
    heard: datetime | None
    tab: Tab
    address: str

    @property
    def state(self) -> tuple[object, ...]:
        """All that a page about the record says depends on this, and on what its address asks for: of which client, up
        to which row, when a device was heard, the minute and the offset of the client's clock, and the language."""
        minute = self.local.replace(second=0, microsecond=0)
        return self.access.client, self.through, self.heard, minute.isoformat(), language.current().tag

    @property
    def here(self) -> str:
        """The address of the client."""
        return f"/clients/{self.access.client}"


async def shell_of(
    services: Services, session: CurrentSession, access: ClientAccess, tab: Tab, query: Mapping[str, str | None] = {}
) -> Shell:
    """What is around a page. Ask for it before what the page shows: that is then at least as new.

    `query` is what the page's address says besides; what is None is left out.
    """
    reached, heard = await asyncio.gather(reached_of(access), services.devices.last_heard([access.client]))
    through, last = reached[access.record_stream], heard.get(access.client)
    zone = await clock_of(services, access.client, through)
    beside_diary = tab in BESIDE_DIARY
    if beside_diary:
        mark = documents_mark(services, reached, last, zone)
    else:
        mark = mark_of(sum(reached.values()), last)
    now = services.clock()
    given = urlencode({name: value for name, value in query.items() if value is not None})
    path = f"/clients/{access.client}" + (f"/{tab}" if tab else "")
    return Shell(
        session=session,
        now=now,
        local=now.astimezone(zone),
        access=access,
        through=through,
        mark=mark,
        follows="documents" if beside_diary else "records",
        heard=last,
        tab=tab,
        address=f"{path}?{given}" if given else path,
    )
