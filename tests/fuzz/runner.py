"""Workers as processes, watched: one that hangs or dies is ended, its case is kept, and another goes on after it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import RawArray
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from tests.fuzz.cases import Kept, chance_of
from tests.fuzz.targets import target_of
from tests.fuzz.worker import BEGUN, CASES, INPUTS, NUMBER, be_quiet, tried, work

HANGS = 20.0
"""Seconds of processor time in which a worker must come to its next case."""
STARVES = 6
"""So many times as long may pass meanwhile, as there may be other work on the machine."""
BEGINS = 120.0
"""Seconds that a worker may take to begin."""
LOOK_EVERY, TELL_EVERY = 0.05, 10.0
_processes = multiprocessing.get_context("spawn")
_longlong = "q"


class Ran(Struct):
    """What came of a run of one target."""

    target: str
    inputs: int = 0
    cases: int = 0
    seconds: float = 0.0
    findings: list[Kept] = []

    @property
    def rate(self) -> float:
        """Inputs a second, of all workers together."""
        return self.inputs / self.seconds if self.seconds else 0.0


class _Worker:
    """One lane of numbers, and the process that works through it now."""

    def __init__(self, target: str, seed: int, lane: int, lanes: int, inputs: int, hangs: float) -> None:
        self.target, self.seed = target, seed
        self.said: Any = RawArray(_longlong, 4)
        self.done = False
        self._lanes, self._inputs, self._hangs = lanes, inputs, hangs
        self._start(lane)

    def _start(self, first: int) -> None:
        self._at, self._since = -1, time.monotonic()
        self.said[NUMBER], self.said[BEGUN] = first, 0
        self._findings, theirs = _processes.Pipe(duplex=False)
        arguments = (self.target, self.seed, first, self._lanes, self._inputs, self._hangs, self.said, theirs)
        self._process = _processes.Process(target=work, args=arguments, daemon=True)
        self._process.start()
        theirs.close()

    def look(self) -> list[Kept]:
        """What it has found since; ends it where it hangs, and starts the next one where it ended."""
        found = self._received()
        if self.done:
            self._process.join()
            return found
        progress = self.said[CASES]
        if progress != self._at:
            self._at, self._since = progress, time.monotonic()
        ended = not self._process.is_alive()
        patience = STARVES * self._hangs if self.said[BEGUN] else BEGINS
        if ended or time.monotonic() - self._since > patience:
            found += self._received()
            if self.done:
                return found
            if not ended:
                self._process.kill()
            self._process.join()
            number = self.said[NUMBER]
            case = target_of(self.target).make(chance_of(self.target, self.seed, number))
            what = _ending(self._process.exitcode if ended else None)
            found.append(Kept(self.target, self.seed, number, what, "", case))
            self.said[INPUTS] += len(case.inputs)
            self._start(number + self._lanes)
        return found

    def _received(self) -> list[Kept]:
        found: list[Kept] = []
        try:
            while self._findings.poll():
                one = self._findings.recv()
                if one is None:
                    self.done = True
                    return found
                found.append(one)
        except EOFError:
            pass
        return found

    def stop(self) -> None:
        """End it, wherever it is."""
        self._process.kill()
        self._process.join()


def run(
    target: str,
    inputs: int,
    seed: int,
    workers: int,
    tell: Callable[[Ran], None],
    kept: Callable[[Kept], None],
    *,
    most: int = 20,
    hangs: float = HANGS,
) -> Ran:
    """Try so many inputs of a target. `kept` hears of each failure at once, `tell` now and then of how far it is; it
    ends early with `most` different failures."""
    ran = Ran(target)
    began = told_at = time.monotonic()
    lanes = [_Worker(target, seed, lane, workers, -(-inputs // workers), hangs) for lane in range(workers)]
    alike: set[str] = set()
    try:
        while not all(lane.done for lane in lanes) and len(alike) < most and len(ran.findings) < 3 * most:
            time.sleep(LOOK_EVERY)
            for found in [one for lane in lanes for one in lane.look()]:
                kept(found)
                ran.findings.append(found)
                alike.add(found.alike)
            ran.inputs = sum(lane.said[INPUTS] for lane in lanes)
            ran.cases = sum(lane.said[CASES] for lane in lanes)
            ran.seconds = time.monotonic() - began
            if time.monotonic() - told_at > TELL_EVERY:
                told_at = time.monotonic()
                tell(ran)
    finally:
        for lane in lanes:
            lane.stop()
    return ran


def replay(kept: Kept, hangs: float = HANGS) -> Kept | None:
    """Run a kept case again, in a process of its own; what comes of it now, None where all is well."""
    ours, theirs = _processes.Pipe(duplex=False)
    process = _processes.Process(target=_again, args=(kept, hangs, theirs), daemon=True)
    process.start()
    theirs.close()
    found: Kept | None = None
    try:
        if ours.poll(BEGINS) and ours.recv() and ours.poll(STARVES * hangs):
            found = ours.recv()
        else:
            found = replace(kept, what=_ending(None), where="")
    except EOFError:
        process.join()
        found = replace(kept, what=_ending(process.exitcode), where="")
    process.kill()
    process.join()
    return found


def _again(kept: Kept, hangs: float, out: Connection) -> None:
    be_quiet()
    target = target_of(kept.target)
    out.send(True)
    signal.setitimer(signal.ITIMER_PROF, hangs)
    out.send(tried(kept.target, target, kept.case, kept.seed, kept.number))


def _ending(code: int | None) -> str:
    """How a process ended that came to no end of its own; None: it did not."""
    if code is None or code == -signal.SIGPROF:
        return "Hung: nothing came of it"
    return f"Ended: the process ended with {code}"


def available() -> int:
    """How many workers there is room for."""
    return max(1, os.cpu_count() or 1)
