"""Who wants to hear that a stream moved on or that access changed. In process, on the event loop's thread.

A wake-up is a level, "stream S is at N or beyond", never an edge: hearing it twice or late changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Protocol
from uuid import UUID


class Listener(Protocol):
    """A connection or a page that wants to hear."""

    def woken(self, stream: UUID, head: int) -> None:
        """The stream is at `head` or beyond."""

    def grants_changed(self) -> None:
        """What its account or device may read may have changed."""


class Subscription:
    """One listener's place in the register; made by `Wakeups.subscribe`."""

    def __init__(self, wakeups: Wakeups, listener: Listener, owners: tuple[UUID, ...]) -> None:
        self._wakeups = wakeups
        self._owners = owners
        self.listener = listener
        self._streams: frozenset[UUID] = frozenset()

    def watch(self, streams: frozenset[UUID]) -> None:
        """Hear of these streams, and only these, from now on."""
        for stream in self._streams - streams:
            _discard(self._wakeups.by_stream, stream, self)
        for stream in streams - self._streams:
            self._wakeups.by_stream[stream].add(self)
        self._streams = streams

    def close(self) -> None:
        """Hear nothing any more."""
        self.watch(frozenset())
        for owner in self._owners:
            _discard(self._wakeups.by_owner, owner, self)


class Wakeups:
    """The register, by stream and by owner (an account or a device)."""

    def __init__(self) -> None:
        self.by_stream: dict[UUID, set[Subscription]] = defaultdict(set)
        self.by_owner: dict[UUID, set[Subscription]] = defaultdict(set)
        self.heads: dict[UUID, int] = {}
        """How far streams are, of which that was said."""
        self._every: set[Callable[[UUID, int], None]] = set()

    def subscribe(self, listener: Listener, *owners: UUID) -> Subscription:
        """Tell `listener` when the access of one of `owners` changes, and of the streams it comes to watch."""
        subscription = Subscription(self, listener, owners)
        for owner in owners:
            self.by_owner[owner].add(subscription)
        return subscription

    def watch_all(self, callback: Callable[[UUID, int], None]) -> Callable[[], None]:
        """Call `callback(stream, head)` for every stream; returns what ends it."""
        self._every.add(callback)
        return lambda: self._every.discard(callback)

    def wake(self, stream: UUID, head: int) -> None:
        """Say that `stream` is at `head` or beyond."""
        self.heads[stream] = max(head, self.heads.get(stream, 0))
        for callback in tuple(self._every):
            callback(stream, head)
        for subscription in tuple(self.by_stream.get(stream, ())):
            subscription.listener.woken(stream, head)

    def grants_changed(self, account: UUID) -> None:
        """Say that what `account` may read has changed. Call it after the commit that changed it."""
        for subscription in tuple(self.by_owner.get(account, ())):
            subscription.listener.grants_changed()

    def device_revoked(self, device: UUID) -> None:
        """Say that `device` has been revoked. Call it after the commit that did it."""
        self.grants_changed(device)


def _discard(register: dict[UUID, set[Subscription]], key: UUID, subscription: Subscription) -> None:
    if key in register:
        register[key].discard(subscription)
        if not register[key]:
            del register[key]
