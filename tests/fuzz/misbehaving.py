"""Targets that do what a fuzzer has to notice."""

from __future__ import annotations

import os
import signal
import time
from random import Random

from tests.fuzz.cases import Broken, Case

BAD = 3


class _Numbered:
    """Behaves well in most cases."""

    def make(self, chance: Random) -> Case:
        """A case of one input."""
        return Case((("", chance.randbytes(4)),))

    def run(self, case: Case) -> str:
        """Misbehave in one of five."""
        if case.inputs[0][1][0] % 5 == BAD:
            self.misbehave()
        return "well"

    def misbehave(self) -> None:
        """Do so."""


class Fails(_Numbered):
    """Raises."""

    def misbehave(self) -> None:
        raise Broken("as it was meant to")


class Hangs(_Numbered):
    """Never comes back."""

    def misbehave(self) -> None:
        time.sleep(600)


class Spins(_Numbered):
    """Never comes back, and takes all the time there is."""

    def misbehave(self) -> None:
        while True:
            pass


class Dies(_Numbered):
    """Ends the process, as a violation of memory does."""

    def misbehave(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class Swells(_Numbered):
    """Takes memory."""

    def misbehave(self) -> None:
        len(b"x" * (400 * 2**20))


class Dawdles(_Numbered):
    """Takes its time."""

    def misbehave(self) -> None:
        end = time.process_time() + 1.3
        while time.process_time() < end:
            pass
