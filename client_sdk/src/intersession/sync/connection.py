"""The network half of a replica: syncing once, staying connected, and where that stands.

Nothing of it runs on the caller's thread but the waiting: the exchange has a thread of its own (`runner`). While the
network is down nothing here is needed, and nothing that was written depends on it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from intersession.errors import Unreachable
from intersession.models.devices import SyncReport, Transfer
from intersession.protocol import problems
from intersession.protocol import session as core
from intersession.protocol.pace import Pace
from intersession.protocol.transfers import Meter
from intersession.sync.attempts import Memory
from intersession.sync.conversation import Exchanged, LocalSide
from intersession.sync.runner import Runner

_log = logging.getLogger("intersession")

Progress = Callable[[Transfer], object]


class Halt:
    """Ends a waiting call from another thread."""

    def __init__(self) -> None:
        self._halted = False
        self._runner: Runner | None = None

    def __call__(self) -> bool:
        return self._halted

    def set(self) -> None:
        """End the call; what it runs, too."""
        self._halted = True
        runner = self._runner
        if runner is not None:
            runner.stop()

    def owns(self, runner: Runner) -> None:
        """The call has started this run, which ends with it."""
        self._runner = runner
        if self._halted:
            runner.stop()


class Connection:
    """The replica's connection. Thread-safe."""

    def __init__(self, local: LocalSide) -> None:
        self._local = local
        self._memory = Memory(Pace(), Meter())
        self._runner: Runner | None = None
        self._syncing: set[Runner] = set()
        self._lock = threading.Lock()
        self._listens_no_more = local.on_outbox(lambda: self.tell(core.OutboxChanged()))

    @property
    def connected(self) -> bool:
        """Whether a server has welcomed this replica and the connection stands."""
        runner = self._runner
        return (runner is not None and runner.connected) or any(one.connected for one in tuple(self._syncing))

    @property
    def transfer(self) -> Transfer:
        """How far the exchange under way has come, or the last one."""
        return self._memory.meter.transfer

    def sync(self, timeout: float, progress: Progress | None = None, halt: Halt | None = None) -> SyncReport:
        """Exchange everything, then disconnect; with `live` on, wait until all is exchanged.

        Raises `NotPaired`, `AccessEnded`, `Unreachable` when no server was reached, and what the store raises.
        Broken connections are taken up again until `timeout` seconds are over; the report then says what is left.
        `progress` is called on this thread. Interrupted or halted, it ends at once and loses nothing.
        """
        halt = halt or Halt()
        told = None if progress is None else guarded(progress)
        live = self._runner
        if live is not None and live.running:
            before = live.exchanged
            counts = (before.pushed, before.pulled, before.refused)
            complete = live.wait_synced(timeout, told, halt)
            after = live.exchanged
            done = Exchanged(after.pushed - counts[0], after.pulled - counts[1], after.refused - counts[2], complete)
            return self._report(live, done, timeout)
        runner = Runner(self._local, self._memory, until_synced=True, timeout=timeout)
        self._syncing.add(runner)
        try:
            runner.start()
            halt.owns(runner)
            runner.wait(told, halt)
        finally:
            runner.stop()
            self._syncing.discard(runner)
        if runner.failure is not None:
            raise runner.failure
        return self._report(runner, runner.exchanged, timeout)

    def _report(self, runner: Runner, done: Exchanged, timeout: float) -> SyncReport:
        if done.complete:
            return SyncReport(done.pushed, done.pulled, done.refused, complete=True)
        why = problems.why_incomplete(runner.trouble, self.transfer, self._local.amount(), timeout)
        return SyncReport(done.pushed, done.pulled, done.refused, False, why.message, why.code)

    @contextmanager
    def live(self) -> Iterator[None]:
        """Stay connected, on a separate thread, for as long as the context lasts. Raises `NotPaired`."""
        self._local.credentials()
        with self._lock:
            runner = Runner(self._local, self._memory, until_synced=False)
            self._runner = runner
            runner.start()
        try:
            yield
        finally:
            runner.stop()

    def wait_synced(self, timeout: float | None, halt: Halt | None = None) -> bool:
        """Wait, with `live` on, until everything known of is exchanged; False when `timeout` seconds are over.

        Raises what has ended the connection for good (`AccessEnded`), and `Unreachable` without `live`.
        """
        runner = self._runner
        if runner is None:
            raise Unreachable("wait_synced only works inside live(); use sync() to exchange once.")
        return runner.wait_synced(timeout, halted=halt or Halt())

    def tell(self, event: core.Event) -> None:
        """Tell each session what has happened on this device. Without a connection nobody hears it."""
        for runner in (self._runner, *self._syncing):
            if runner is not None:
                runner.tell(event)

    def close(self) -> None:
        """End the live connection and every sync, without waiting for the network."""
        self._listens_no_more()
        for runner in (self._runner, *self._syncing):
            if runner is not None:
                runner.stop()


def guarded(progress: Progress) -> Progress:
    """A callback that fails does not end the exchange. Its text may quote content, so only its kind is logged."""

    def call(transfer: Transfer) -> None:
        try:
            progress(transfer)
        except Exception as failure:  # noqa: BLE001 - whatever it is, the exchange goes on
            _log.warning("a progress callback failed: %s", type(failure).__name__)

    return call
