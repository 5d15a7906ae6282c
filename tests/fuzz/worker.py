"""One worker process: case after case of one target, with a look at the time and the memory that each takes."""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import time
from collections import Counter
from ctypes import Array, c_longlong
from multiprocessing.connection import Connection

from tests.fuzz.cases import Broken, Case, Kept, Target, chance_of, failure, told
from tests.fuzz.targets import target_of
from tests.schemas.hostile import peak

SECONDS_AN_INPUT, SECONDS_A_CASE = 1.0, 8.0
"""Of processor time; a case holds up to a hundred inputs."""
MEGABYTES_A_CASE = 160
MOST_MEMORY = 3 * 2**30
"""Beyond it the process ends, which is noticed."""
ALIKE = 3
"""So many cases of what is probably one fault are kept."""
NUMBER, INPUTS, CASES, BEGUN = range(4)
"""What a worker tells as it goes: the number of the case at hand, how many inputs and cases are done, and that it has
begun, as what it imports takes a while."""


def work(
    target: str,
    seed: int,
    first: int,
    step: int,
    inputs: int,
    hangs: float,
    said: Array[c_longlong],
    findings: Connection,
) -> None:
    """Run the cases `first`, `first + step`, … until `inputs` are done; send what failed, and in the end None.

    A case that takes `hangs` seconds of processor time ends the process.
    """
    be_quiet()
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    one, alike = target_of(target), Counter[str]()
    with contextlib.suppress(Exception):  # what is made once is made now, and not measured
        one.make(chance_of(target, seed, first))
    number = first
    said[BEGUN] = 1
    while said[INPUTS] < inputs:
        said[NUMBER] = number
        signal.setitimer(signal.ITIMER_PROF, hangs)  # nothing handles its signal, which ends even what holds the GIL
        case, found = _case(target, one, seed, number)
        found = found or tried(target, one, case, seed, number)
        if found is not None:
            alike[found.alike] += 1
            if alike[found.alike] <= ALIKE:
                findings.send(found)
        said[INPUTS] += len(case.inputs)
        said[CASES] += 1
        number += step
    findings.send(None)


def _case(target: str, one: Target, seed: int, number: int) -> tuple[Case, Kept | None]:
    """The case of a number; what is wrong with the fuzzer where it cannot make one."""
    try:
        return one.make(chance_of(target, seed, number)), None
    except Exception as error:  # noqa: BLE001 - it is told, and the next case tried
        case = Case((("none", b""),))
        return case, Kept(target, seed, number, *told(error), case)


def tried(target: str, one: Target, case: Case, seed: int, number: int) -> Kept | None:
    """Run one case; what failed, or took too long or too much."""
    began, before = time.process_time(), peak()
    found = failure(target, one.run, case, seed, number)
    took, grew = time.process_time() - began, peak() - before
    if found is None and took > (SECONDS_AN_INPUT if len(case.inputs) <= 20 else SECONDS_A_CASE):
        return _slow(target, case, seed, number, f"it took {took:.1f} s")
    if found is None and grew > MEGABYTES_A_CASE:
        return _slow(target, case, seed, number, f"it took {grew} megabytes")
    return found


def _slow(target: str, case: Case, seed: int, number: int, text: str) -> Kept:
    what, where = told(Broken(text))
    return Kept(target, seed, number, what, where, case)


def be_quiet() -> None:
    """Each panic of the Rust side writes a line or a hundred."""
    os.environ["RUST_BACKTRACE"] = "0"
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    gc.freeze()
