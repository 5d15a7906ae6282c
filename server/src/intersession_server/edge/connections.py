"""Who may hold a connection open, and for how long before they say something. Pure: no socket, no clock.

Every connection counts from the moment it is accepted, before anything is awaited. One that has not signed in counts
against its address as well: against the /64 and the /48 of an IPv6 address, which one person has for the asking. A
connection that has signed in does not: a clinic behind one address is many people.

Where there are too many, the one that has been silent the longest goes first, so that whoever comes to say something
gets in while somebody holds silent connections open; where all of them are at work, the new one is refused.
"""

from __future__ import annotations

import ipaddress
from collections import Counter, OrderedDict
from enum import StrEnum

from msgspec import Struct


class ConnectionLimits(Struct, frozen=True):
    """How many connections there may be: in all, and of one address of those that have not signed in."""

    total: int = 1_000
    per_address: int = 64
    per_prefix: int = 256
    """Of one IPv6 /48; `per_address` is for a /64 there."""


class Why(StrEnum):
    """Which limit a connection met."""

    TOTAL = "connections"
    ADDRESS = "connections_of_address"


class Ticket:
    """One connection. Compared by identity."""

    __slots__ = ("known", "owners")

    def __init__(self, owners: tuple[str, ...]) -> None:
        self.owners = owners
        self.known = False
        """Whether it has signed in."""


class Admitted(Struct, frozen=True):
    """The new connection's ticket, and whose connection is to be closed to make room for it."""

    ticket: Ticket
    instead_of: Ticket | None = None
    why: Why | None = None


class Ledger:
    """All connections of a server."""

    def __init__(self, limits: ConnectionLimits) -> None:
        self.limits = limits
        # Silent and not signed in, by how long they have been; the longest first.
        self._silent: OrderedDict[Ticket, None] = OrderedDict()
        self._of: Counter[str] = Counter()
        self._silent_of: dict[str, OrderedDict[Ticket, None]] = {}
        self._open: set[Ticket] = set()

    def __len__(self) -> int:
        return len(self._open)

    @property
    def tickets(self) -> frozenset[Ticket]:
        """All that are open."""
        return frozenset(self._open)

    def admit(self, address: str | None) -> Admitted | Why:
        """Count a connection in; or which limit it met. None is an address that is not limited by itself."""
        owners = owners_of(address)
        instead: Ticket | None = None
        why: Why | None = None
        for owner in owners:
            if self._of[owner] >= self._most(owner):
                why = Why.ADDRESS
                instead = next(iter(self._silent_of.get(owner, ())), None)
                if instead is None:
                    return why
                self.leave(instead)
        if len(self._open) >= self.limits.total:
            why = Why.TOTAL
            instead = next(iter(self._silent), None)
            if instead is None:
                return why
            self.leave(instead)
        ticket = Ticket(owners)
        self._open.add(ticket)
        self._of.update(owners)
        self._fall_silent(ticket)
        return Admitted(ticket, instead, why)

    def asks(self, ticket: Ticket) -> None:
        """A whole request has come: it is not silent now."""
        self._speak(ticket)

    def answered(self, ticket: Ticket) -> None:
        """Its request is answered, and the next is waited for."""
        if ticket in self._open and not ticket.known:
            self._fall_silent(ticket)

    def signed_in(self, ticket: Ticket) -> None:
        """It counts against no address any more."""
        if not ticket.known and ticket in self._open:
            ticket.known = True
            self._speak(ticket)
            self._release(ticket)

    def leave(self, ticket: Ticket) -> None:
        """It is closed. Nothing happens when it has left before."""
        if ticket in self._open:
            self._open.discard(ticket)
            self._speak(ticket)
            if not ticket.known:
                self._release(ticket)

    def longest_silent(self) -> Ticket | None:
        """Who has not signed in and has been silent the longest."""
        return next(iter(self._silent), None)

    def _most(self, owner: str) -> int:
        return self.limits.per_prefix if owner.endswith("/48") else self.limits.per_address

    def _fall_silent(self, ticket: Ticket) -> None:
        self._silent[ticket] = None
        for owner in ticket.owners:
            self._silent_of.setdefault(owner, OrderedDict())[ticket] = None

    def _speak(self, ticket: Ticket) -> None:
        self._silent.pop(ticket, None)
        for owner in ticket.owners:
            silent = self._silent_of.get(owner)
            if silent is not None:
                silent.pop(ticket, None)
                if not silent:
                    del self._silent_of[owner]

    def _release(self, ticket: Ticket) -> None:
        for owner in ticket.owners:
            self._of[owner] -= 1
            if not self._of[owner]:
                del self._of[owner]


def owners_of(address: str | None) -> tuple[str, ...]:
    """Against what a connection from an address counts."""
    if address is None:
        return ()
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return (address,)
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return (str(found.ipv4_mapped),)
        return tuple(str(ipaddress.ip_network((found, length), strict=False)) for length in (64, 48))
    return (str(found),)


class DefenceLog:
    """One line per kind of defence and minute, with how often it was needed."""

    def __init__(self, every: float = 60.0) -> None:
        self._every = every
        self._last: dict[str, float] = {}
        self._unsaid: Counter[str] = Counter()

    def count(self, kind: str, now: float) -> int:
        """Count one; how many there were since the last line if it is time for another, else 0."""
        self._unsaid[kind] += 1
        if now - self._last.get(kind, float("-inf")) < self._every:
            return 0
        self._last[kind] = now
        return self._unsaid.pop(kind)
