"""Wordings that somebody is looking at before they confirm them: kept in memory for an hour, a few a person."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from msgspec import Struct

from intersession_server.errors import Refused
from intersession_server.language.language import say
from intersession_server.web.record.instruments.bringing import read_brought
from intersession_server.web.record.instruments.brought import Brought, ReadWording

KEPT_FOR = timedelta(hours=1)
EACH = 4
"""Of one person; of more than that the oldest are forgotten."""
MOST = 64
"""Of all people together."""


READ_EACH = 2
"""Ways in which one of them was read that are kept: the page moves, and reading it each time would take long."""


class _LookedAt(Struct, frozen=True):
    """What one person sent, and when; and what it was found to be, by what it was taken as."""

    person: UUID
    brought: Brought
    at: datetime
    read: dict[Brought, ReadWording]


class LookedAt:
    """Runs on one event loop. Each can be read by the person who sent it, and by nobody else."""

    def __init__(self) -> None:
        self._kept: OrderedDict[UUID, _LookedAt] = OrderedDict()

    def keep(self, person: UUID, brought: Brought, now: datetime) -> UUID:
        """Keep a wording; the id by which it is looked at."""
        for id_ in [id_ for id_, one in self._kept.items() if now - one.at > KEPT_FOR]:
            del self._kept[id_]
        theirs = [id_ for id_, one in self._kept.items() if one.person == person]
        for id_ in theirs[: max(len(theirs) - EACH + 1, 0)]:
            del self._kept[id_]
        while len(self._kept) >= MOST:
            self._kept.popitem(last=False)
        id_ = uuid4()
        self._kept[id_] = _LookedAt(person, brought, now, {})
        return id_

    def get(self, id_: UUID, person: UUID, now: datetime) -> Brought:
        """What that person sent. Raises `Refused` where it is no longer kept."""
        found = self._kept.get(id_)
        if found is None or found.person != person or now - found.at > KEPT_FOR:
            text = say("This questionnaire is no longer kept for you to check. Choose the file again.")
            raise Refused("not_found", text)
        return found.brought

    async def read(self, id_: UUID, brought: Brought) -> ReadWording:
        """What that is, taken as `brought` says. Raises `Refused` with all that is wrong with it."""
        found = self._kept.get(id_)
        if found is not None and brought in found.read:
            return found.read[brought]
        made = await read_brought(brought)
        if found is not None:
            while len(found.read) >= READ_EACH:
                found.read.pop(next(iter(found.read)))
            found.read[brought] = made
        return made

    def forget(self, id_: UUID) -> None:
        """It has been imported."""
        self._kept.pop(id_, None)
