"""A store belongs to the process that opened it: what keeps a forked child away from the file.

A child has its parent's connections in its memory, but not their locks. Using one, and just as much closing one, which
SQLite does when the object is freed, would write into a file that the parent goes on using. So every use in a child is
refused, and the connections that a child was born with are never freed there. Likewise the network: a child shares its
parent's sockets, and what waits for them, until they are replaced by nothing, first thing.

Invariant: nothing that was open at a fork is read, written, closed or unlocked by the child.
"""

from __future__ import annotations

import ctypes
import os
import threading
import weakref
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from intersession.errors import StoreBusy

_connections: dict[int, weakref.ref[Any]] = {}
"""Every connection that is open, by its `id`. A plain dict: it is copied in one step, whatever other threads do."""
_carried: list[Any] = []
"""While a fork goes on, what is open: other threads cannot free it meanwhile."""
_in_children: list[Callable[[], None]] = []


def elsewhere(file: object) -> StoreBusy:
    """The error for a call in another process than the one that opened the store."""
    return StoreBusy(
        f"The store {file} was opened by another process, from which this one was forked. Nothing was done. Use it in "
        "the process that opened it, or open a store after the fork.",
        code="store_forked",
    )


class ProcessLock:
    """A re-entrant lock for the threads of the process that made it; in any other, entering it raises `StoreBusy`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._process = os.getpid()
        self._lock = threading.RLock()

    @property
    def elsewhere(self) -> bool:
        """Whether this is another process."""
        return os.getpid() != self._process

    def check(self) -> None:
        """Raise `StoreBusy` in another process. Before the lock is taken: its holder may not exist here."""
        if self.elsewhere:
            raise elsewhere(self._file)

    def __enter__(self) -> None:
        self.check()
        self._lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()


@cache
def connection_class(driver: ModuleType) -> type[Any]:
    """The driver's connection, one that knows its process and does nothing in another.

    It stands behind `ProcessLock`, for a call that was under way, lock taken, when its own thread forked.
    """
    base: type[Any] = driver.Connection

    class OwnedConnection(base):  # type: ignore[misc]  # the base is one of two, chosen when it runs
        def __init__(self, database: object, *given: object, **named: object) -> None:
            self._process, self._file = os.getpid(), database
            super().__init__(database, *given, **named)
            key = id(self)
            _connections[key] = weakref.ref(self, lambda _: _connections.pop(key, None))

    def guarded(name: str) -> Callable[..., Any]:
        method = getattr(base, name)

        def call(self: Any, *given: object, **named: object) -> Any:
            if os.getpid() != self._process:
                raise elsewhere(self._file)
            return method(self, *given, **named)

        return call

    for name in ("execute", "executemany", "executescript", "cursor", "commit", "rollback", "close", "interrupt"):
        setattr(OwnedConnection, name, guarded(name))
    return OwnedConnection


def in_children(action: Callable[[], None]) -> None:
    """Call `action` first thing in every forked child."""
    _in_children.append(action)


def detach(descriptors: Iterable[int]) -> None:
    """Put nothing in the place of what is open; in a child, its parent keeps what the two share.

    The numbers stay taken: objects that still hold them can be used and closed without reaching anything.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    try:
        for descriptor in descriptors:
            with suppress(OSError):  # closed already
                os.fstat(descriptor)
                os.dup2(nothing, descriptor, inheritable=False)
    finally:
        os.close(nothing)


def _open_connections() -> list[Any]:
    found = [reference() for reference in list(_connections.values())]
    return [connection for connection in found if connection is not None]


def _before_a_fork() -> None:
    _carried.extend(_open_connections())


def _in_the_parent() -> None:
    _carried.clear()


def _in_the_child() -> None:
    for connection in {id(one): one for one in [*_carried, *_open_connections()]}.values():
        # One reference that is never given back: not by the garbage collector, nor when the interpreter ends.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))
    _carried.clear()
    _connections.clear()
    for action in _in_children:
        action()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_a_fork, after_in_parent=_in_the_parent, after_in_child=_in_the_child)
