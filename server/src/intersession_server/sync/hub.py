"""What all connections of this process share: the store, the people's budgets, and who is here. On the event loop."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

import structlog
from msgspec.structs import replace

from intersession_schemas.errors import RefusalCode
from intersession_schemas.messages import Limits
from intersession_server.log.store import LogStore
from intersession_server.log.submissions import Appended, Declined
from intersession_server.sync.answers import back_after, reconnect_within_ms
from intersession_server.sync.directory import Authenticated, Directory
from intersession_server.sync.in_touch import ConnectedDevices
from intersession_server.sync.limits import EndpointLimits
from intersession_server.sync.wakeups import Wakeups
from intersession_server.sync.warned import Warned
from intersession_server.work.budget import Budgets

log = structlog.get_logger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Leaving(Protocol):
    """A connection, as far as the hub ends it."""

    def leave(self, retry_after: float) -> None:
        """Close, as the server is going away; the device is told in how many seconds to come back."""


class SyncHub:
    """What all connections of this process share."""

    def __init__(
        self,
        store: LogStore,
        directory: Directory,
        wakeups: Wakeups,
        appended: Callable[[], None],
        *,
        server: str,
        limits: EndpointLimits | None = None,
        origins: frozenset[str] = frozenset(),
        clock: Callable[[], datetime] = _utc_now,
        expected: int = 0,
    ) -> None:
        """`appended` is called after each durable append, to set the applier going; `clock` says when it was received.

        `expected`: how many devices there are to come, of which few may be here yet.
        """
        self.store = store
        self.directory = directory
        self.wakeups = wakeups
        self.appended = appended
        self.server = server
        self.limits = limits or EndpointLimits()
        self.origins = origins
        self.clock = clock
        self.budgets = Budgets(self.limits.session.rates)
        self.in_touch = ConnectedDevices(directory)
        self._expected = expected
        self._open: Counter[UUID] = Counter()
        self._connections: set[Leaving] = set()
        self._appends: set[asyncio.Task[None]] = set()
        self._filling: dict[UUID, str] = {}
        self.warned = Warned()

    def told(self, limits: Limits) -> Limits:
        """The limits of a welcome, with the time over which devices come back should this process end now."""
        devices = max(self._expected, len(self._connections))
        return replace(limits, reconnect_within_ms=reconnect_within_ms(devices))

    def see_through(self, work: Coroutine[Any, Any, None]) -> None:
        """Do work that outlives the connection which asked for it: what is durable must be applied."""
        task = asyncio.get_running_loop().create_task(work)
        self._appends.add(task)
        task.add_done_callback(self._appends.discard)

    def spent(self, account: UUID, work: float) -> None:
        """What somebody wrote has cost so much more than was foreseen: it is counted now."""
        now = asyncio.get_running_loop().time()
        self.budgets.of(account, now).spend(work, now)

    def note_fullness(self, stream: UUID, outcome: Appended | Declined) -> None:
        """Log, once a stream, that it or its practice is nearly full, and once that it is."""
        if isinstance(outcome, Declined):
            said = "sync.storage_full" if outcome.code is RefusalCode.STORAGE_FULL else ""
        else:
            said = "sync.storage_low" if outcome.nearly_full else ""
            if not said and not outcome.duplicate:
                self._filling.pop(stream, None)
        if said and self._filling.get(stream) not in (said, "sync.storage_full"):
            self._filling[stream] = said
            log.warning(said, stream=str(stream))

    def admit(self, connection: Leaving, who: Authenticated) -> bool:
        """Count a connection in, unless its device or person has too many."""
        limits = self.limits
        if (
            self._open[who.device] >= limits.connections_per_device
            or self._open[who.account] >= limits.connections_per_person
        ):
            now = asyncio.get_running_loop().time()
            if self.budgets.of(who.account, now).may_note("too_many_connections", now):
                log.warning("sync.too_many_connections", account=str(who.account), device=str(who.device))
            return False
        self._open.update((who.device, who.account))
        self._connections.add(connection)
        return True

    def leave(self, connection: Leaving, who: Authenticated) -> None:
        """Count it out again."""
        self._connections.discard(connection)
        self.in_touch.left(connection)
        for owner in (who.device, who.account):
            self._open[owner] -= 1
            if not self._open[owner]:
                del self._open[owner]

    def close(self) -> None:
        """Close every connection, as the server is going away, each told to come back at another moment."""
        leaving = tuple(self._connections)
        for number, connection in enumerate(leaving):
            connection.leave(back_after(number, len(leaving)))
