"""How far a run has come, as other threads wait for it.

What was written counts as exchanged only when the outbox was read after it was written. So writes are counted, and what
stands is known by the count at which it stood.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from intersession.models.devices import Transfer
from intersession.protocol.transfers import Meter

LOOK_EVERY = 0.1
"""Seconds between two looks at how far it is, for whoever waits."""

Progress = Callable[[Transfer], object]


class RunState:
    """Thread-safe."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._changed = threading.Condition()
        self._synced_at = -1
        self._stopped_at = -1
        self.writes = 0
        """How often something was put into the outbox, by whichever thread, since the run began."""
        self.ended = False
        self.failure: Exception | None = None
        """What has ended the run for good."""

    def wrote(self) -> None:
        """Something was put into the outbox."""
        with self._changed:
            self.writes += 1

    def exchanged(self, read_at: int, *, left: bool, stopped: bool) -> None:
        """All is exchanged that can be, of what had been written at `read_at`; whether something is `left`, and whether
        there are streams that cannot go on with this server."""
        with self._changed:
            self._synced_at = -1 if left else read_at
            self._stopped_at = read_at if stopped else -1
            self._changed.notify_all()

    def disconnected(self) -> None:
        """What is exchanged is not known any more."""
        self._synced_at = self._stopped_at = -1

    def end(self) -> None:
        """The run has ended."""
        with self._changed:
            self.ended = True
            self._synced_at = -1
            self._changed.notify_all()

    def is_known_at(self, read_at: int) -> bool:
        """Whether it was said before that all of that is exchanged."""
        return self._synced_at == read_at

    def wait_ended(self, progress: Progress | None, halted: Callable[[], bool]) -> None:
        """Wait on the caller's thread until the run has ended or is `halted`, calling `progress` here now and then."""
        told: Transfer | None = None
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self.ended, LOOK_EVERY)
            if halted():
                return
            ended = self.ended
            told = self._tell(progress, told)
            if ended:
                return

    def wait_synced(self, timeout: float | None, progress: Progress | None, halted: Callable[[], bool]) -> bool:
        """Wait until everything is exchanged; see `Connection.wait_synced`."""
        deadline = None if timeout is None else time.monotonic() + timeout
        told: Transfer | None = None
        while not halted():
            with self._changed:
                left = LOOK_EVERY if deadline is None else min(LOOK_EVERY, deadline - time.monotonic())
                if left > 0:
                    self._changed.wait_for(lambda: self._is_synced() or self._is_stopped() or self.ended, left)
                synced, stopped, ended = self._is_synced(), self._is_stopped(), self.ended
            told = self._tell(progress, told)
            if synced or stopped:
                return synced
            if ended and self.failure is not None:
                raise self.failure
            if ended or left <= 0:
                return False
        return False

    def _tell(self, progress: Progress | None, told: Transfer | None) -> Transfer | None:
        """Say how far the transfer is, where it differs from what was told; returns what was told last."""
        transfer = self._meter.transfer
        if progress is None or transfer == told:
            return told
        progress(transfer)
        return transfer

    def _is_synced(self) -> bool:
        return self._synced_at == self.writes

    def _is_stopped(self) -> bool:
        """Whether all is exchanged but what cannot go on with this server."""
        return self._stopped_at == self.writes
