"""What a person may ask of the server: work and messages, as buckets that refill. Pure: every `now` is an argument.

A bucket is spent down to nothing and then on credit: what a frame costs is known only once it has been read, and what a
change costs only once it has been applied. Whoever owes waits until the debt is paid. Nobody is refused for it, and it
binds only while others want something too: a server with one guest has nothing to share out.

Buckets belong to an account, not to a connection, so that connecting again fills nothing.
"""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

OTHERS_WITHIN = 2.0
"""Seconds for which somebody who asked for something counts as one who may be waiting."""
LOOK_AGAIN = 0.1
"""Seconds after which what is held is looked at again, as whoever was waited for may be done."""
NOTED_EVERY = 60.0
"""Seconds between two notes of one kind about one account, so that nobody can fill the log of events."""
KEPT_AT_LEAST = 1_000
"""So many accounts are kept before full buckets are looked for."""


class Rates(Struct, frozen=True):
    """What is given to each account: so much a second, and so much at once. Work is in units of `work.work`."""

    messages_per_second: float
    burst: float
    work_per_second: float
    work_burst: float


class Budget:
    """One account's buckets, shared by all of its connections."""

    __slots__ = (
        "_all",
        "_at",
        "_messages",
        "_noted",
        "_reader",
        "_work",
        "account",
        "connections",
        "erasing",
        "queued_bytes",
        "requests_waiting",
        "under_way",
    )

    def __init__(self, all_: Budgets, account: UUID, now: float) -> None:
        """Use `Budgets.of`."""
        self._all = all_
        self._at = now
        self._messages = all_.rates.burst
        self._work = all_.rates.work_burst
        self._noted: dict[str, float] = {}
        self.account = account
        self.connections = 0
        self.queued_bytes = 0
        """Bytes of frames that wait, over all connections."""
        self.requests_waiting = 0
        """Requests for pages and answers that wait for their turn."""
        self.under_way = 0
        """Pushes and erasures that are being kept, over all connections and those that have ended."""
        self._reader: object | None = None
        self.erasing = 0
        """Erasures among those."""

    def wait(self, now: float) -> float:
        """Seconds until the next frame may be taken; 0 where it may be now."""
        rates = self._all.rates
        self._refill(now)
        if not self._all.others_ask(self.account, now):
            return 0.0
        owed = max(-self._work / rates.work_per_second, (1.0 - self._messages) / rates.messages_per_second)
        return max(0.0, owed)

    def spend(self, work: float, now: float, *, messages: int = 0) -> None:
        """Take what was asked for off. Alone on the server one may come down to nothing, but owes nothing."""
        self._all.asked(self.account, now)
        self._refill(now)
        shared = self._all.others_ask(self.account, now)
        self._work = _spent(self._work, work, shared=shared)
        self._messages = _spent(self._messages, messages, shared=shared)

    def has_room(self, own: int, most: int) -> bool:
        """Whether a connection that has `own` pushes under way may have another: `most` in all of the person's, of
        which each may have one."""
        return own < most and (own == 0 or self.under_way < most)

    def begin_reading(self, reader: object) -> bool:
        """Whether this connection may read a page now; then it has begun. One at a time of all of the person's."""
        if self._reader is None:
            self._reader = reader
        return self._reader is reader

    def is_reading(self, reader: object) -> bool:
        """Whether this connection reads a page now."""
        return self._reader is reader

    def has_read(self, reader: object) -> None:
        """It has ended, if it was reading."""
        if self._reader is reader:
            self._reader = None

    def is_full(self, now: float) -> bool:
        """Whether nothing would change if it were forgotten."""
        rates = self._all.rates
        self._refill(now)
        return (
            not (self.connections or self.under_way)
            and self._work >= rates.work_burst
            and self._messages >= rates.burst
        )

    def may_note(self, what: str, now: float) -> bool:
        """Whether it is time to write into the log of events that `what` happened; then it counts as written."""
        last = self._noted.get(what)
        if last is not None and now - last < NOTED_EVERY:
            return False
        self._noted[what] = now
        return True

    def _refill(self, now: float) -> None:
        rates, passed = self._all.rates, max(0.0, now - self._at)
        self._at = max(self._at, now)
        self._messages = min(rates.burst, self._messages + passed * rates.messages_per_second)
        self._work = min(rates.work_burst, self._work + passed * rates.work_per_second)


class Budgets:
    """The buckets of all accounts. Only full ones are ever forgotten."""

    def __init__(self, rates: Rates) -> None:
        self.rates = rates
        self._of: dict[UUID, Budget] = {}
        self._sweep_at = KEPT_AT_LEAST
        self._latest: tuple[UUID, float] | None = None
        self._before: tuple[UUID, float] | None = None

    def __len__(self) -> int:
        return len(self._of)

    def of(self, account: UUID, now: float) -> Budget:
        """The account's buckets."""
        found = self._of.get(account)
        if found is None:
            if len(self._of) >= self._sweep_at:
                self._of = {id_: budget for id_, budget in self._of.items() if not budget.is_full(now)}
                self._sweep_at = max(KEPT_AT_LEAST, 2 * len(self._of))
            found = self._of[account] = Budget(self, account, now)
        return found

    def asked(self, account: UUID, now: float) -> None:
        """Somebody wants something of the server."""
        if self._latest is not None and self._latest[0] != account:
            self._before = self._latest
        self._latest = account, now

    def others_ask(self, account: UUID, now: float) -> bool:
        """Whether anybody but `account` has asked for something just now."""
        other = self._before if self._latest is not None and self._latest[0] == account else self._latest
        return other is not None and now - other[1] <= OTHERS_WITHIN


def _spent(level: float, cost: float, *, shared: bool) -> float:
    return level - cost if shared else max(level - cost, min(level, 0.0))
