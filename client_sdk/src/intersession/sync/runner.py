"""A thread with an event loop that connects, exchanges, and connects again.

Whoever starts one may end it at any moment and does not wait for the network: `stop` cancels what is under way, and
the socket is dropped. Only what is being written to the store just then is finished first.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import selectors
import socket
import threading
import weakref
from collections.abc import Callable
from typing import ClassVar

from intersession.errors import IntersessionError
from intersession.protocol import problems
from intersession.protocol import session as core
from intersession.protocol.problems import Trouble
from intersession.store import forks
from intersession.sync.attempts import Attempts, Memory, unreachable
from intersession.sync.conversation import Exchanged, LocalSide
from intersession.sync.reaching import why_not_reached
from intersession.sync.run_state import Progress, RunState

STOP_WITHIN = 0.15
"""Seconds that `stop` waits for the thread; one that is writing a page to the store ends after that by itself."""


class Runner:
    """One run. Thread-safe."""

    _all: ClassVar[weakref.WeakSet[Runner]] = weakref.WeakSet()

    def __init__(self, local: LocalSide, memory: Memory, *, until_synced: bool, timeout: float | None = None) -> None:
        """`until_synced`: it ends once all is exchanged, or after `timeout` seconds."""
        self._local = local
        self._state = RunState(memory.meter)
        self._attempts = Attempts(local, memory, self._state, until_synced=until_synced, timeout=timeout)
        self._process = os.getpid()
        self._thread = threading.Thread(
            target=self._main, name=f"intersession-{'sync' if until_synced else 'live'}", daemon=True
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._selector: selectors.BaseSelector | None = None
        self._stopping = threading.Event()
        self._all.add(self)

    @property
    def running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._thread.ident is not None and not self._state.ended

    @property
    def connected(self) -> bool:
        """Whether a server has welcomed this replica and the connection stands."""
        return self._attempts.connected

    @property
    def exchanged(self) -> Exchanged:
        """What was exchanged so far."""
        return self._attempts.exchanged

    @property
    def trouble(self) -> Trouble | None:
        """What went wrong last, and has not gone well since."""
        return self._attempts.trouble

    @property
    def failure(self) -> Exception | None:
        """What has ended it for good."""
        return self._state.failure

    # --- called from other threads ---

    def start(self) -> None:
        """Run on a thread of its own, since the caller's may have an event loop running."""
        self._thread.start()

    def wait(self, progress: Progress | None, halted: Callable[[], bool]) -> None:
        """Wait on the caller's thread until it has ended or is `halted`, calling `progress` here now and then."""
        self._state.wait_ended(progress, halted)

    def wait_synced(
        self, timeout: float | None, progress: Progress | None = None, halted: Callable[[], bool] = lambda: False
    ) -> bool:
        """Wait until everything is exchanged; see `Connection.wait_synced`."""
        return self._state.wait_synced(timeout, progress, halted)

    def stop(self) -> None:
        """End it, without waiting for the network, nor long for anything else. Nothing is lost."""
        if self._elsewhere:
            return
        self._stopping.set()
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just ended
                loop.call_soon_threadsafe(self._cancel)
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(STOP_WITHIN)

    def tell(self, event: core.Event) -> None:
        """Something has happened on this device: the session hears of it, if there is one."""
        if self._state.ended:
            return
        if isinstance(event, core.OutboxChanged):
            self._state.wrote()
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._put, event)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _put(self, event: core.Event) -> None:
        if self._attempts.inbox is not None:
            self._attempts.inbox.put_nowait(event)

    # --- the thread ---

    def _main(self) -> None:
        try:
            with asyncio.Runner(loop_factory=self._new_loop) as loop:
                loop.run(self._run())
        except asyncio.CancelledError:
            pass
        except Exception as error:  # noqa: BLE001 - raised again on the thread that waits
            if not self._stopping.is_set() and not self._elsewhere:  # else the store may be closed already
                failure = unreachable(why_not_reached(error)) if isinstance(error, OSError) else error
                self._state.failure = failure
                self._note_failure(failure)
        finally:
            self._attempts.connected = False
            if not self._elsewhere:  # else whoever held that lock may not exist
                self._state.end()

    def _new_loop(self) -> asyncio.AbstractEventLoop:
        """A loop of whose descriptors a forked child can be relieved."""
        if not hasattr(os, "fork"):
            return asyncio.new_event_loop()
        self._selector = selectors.DefaultSelector()
        for one in socket.socketpair():  # fails in order where there is no room, as a half-made loop does not
            one.close()
        return asyncio.SelectorEventLoop(self._selector)

    @property
    def _elsewhere(self) -> bool:
        """Whether this is a forked child: the thread, its loop and its sockets are the parent's."""
        return os.getpid() != self._process

    @classmethod
    def detach_all(cls) -> None:
        """In a forked child: no loop and no socket of the parent is reached from here, by whatever ends here.

        A fork on the run's own thread, by a listener, goes on there too; the loop fails as soon as it waits.
        """
        for runner in list(cls._all):
            forks.detach(runner.shared())

    def shared(self) -> list[int]:
        """The descriptors of the loop and of the connection."""
        shared: list[int] = []
        if self._selector is not None:
            with contextlib.suppress(RuntimeError, ValueError):  # closed
                shared += [*(self._selector.get_map() or ()), self._selector.fileno()]  # type: ignore[attr-defined]
        if self._attempts.socket is not None:
            shared.append(self._attempts.socket.transport.get_extra_info("socket").fileno())
        return [number for number in shared if number >= 0]

    def _note_failure(self, error: Exception) -> None:
        """What ends the run for good is to be read in the status, too."""
        if isinstance(error, IntersessionError):
            with contextlib.suppress(IntersessionError):
                self._attempts.say(problems.of_error(error))

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        if not self._stopping.is_set():
            await self._attempts.run()


forks.in_children(Runner.detach_all)
