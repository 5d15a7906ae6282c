"""Chance that is the same every time: each number follows from a seed and from what it is asked for."""

from __future__ import annotations

from hashlib import blake2b

from msgspec import Struct

_STEPS = 2**32


class Chances(Struct, frozen=True):
    """Numbers from a seed. What is asked for one thing never changes what another one gets."""

    seed: int

    def share(self, *what: object) -> float:
        """From 0 up to, not including, 1."""
        asked = "\x1f".join(map(str, (self.seed, *what))).encode()
        return int.from_bytes(blake2b(asked, digest_size=4).digest(), "big") / _STEPS

    def off(self, swing: float, *what: object) -> float:
        """From -swing to +swing, near nought most often."""
        return swing * (self.share("a", *what) + self.share("b", *what) + self.share("c", *what) - 1.5) / 1.5

    def happens(self, of_ten: float, *what: object) -> bool:
        """Whether something happens that does so so many times of ten."""
        return self.share(*what) * 10 < of_ten

    def place(self, count: int, *what: object) -> int:
        """A place in a list of `count`."""
        return int(self.share(*what) * count)
