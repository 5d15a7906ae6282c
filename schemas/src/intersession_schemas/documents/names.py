"""Names of symptoms and tags: which spellings are one name. Pure.

People type on phones: "Sleep", "sleep " and an "é" in two code points are meant as one. A name is kept as it was
typed, but for its Unicode form (NFC) and its spaces; what is compared is its `name_key`. Where several spellings meet,
the first one is shown.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

V = TypeVar("V")

MAX_NAMES = 300
"""Different symptoms of one record. Each is a series of its own, with a chart of its own."""


def tidy_name(name: str) -> str:
    """A name as it is kept: NFC, no spaces around, one space wherever there is any."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def name_key(name: str) -> str:
    """What two spellings of one name have in common."""
    return unicodedata.normalize("NFC", tidy_name(name).casefold())


def value_of(values: Mapping[str, V], key: str) -> V | None:
    """What is given under a spelling of the name whose `name_key` is `key`; None where nothing is."""
    return next((value for name, value in values.items() if name == key or name_key(name) == key), None)


class Names:
    """The names met so far, each under its first spelling; at most `most` of them."""

    def __init__(self, names: Iterable[str] = (), *, most: int = MAX_NAMES) -> None:
        self._shown: dict[str, str] = {}
        self._most = most
        self._left_out: set[str] = set()
        for name in names:
            self.meet(name)

    @property
    def left_out(self) -> int:
        """How many different names were met after there were as many as there may be."""
        return len(self._left_out)

    def meet(self, name: str) -> str | None:
        """The spelling under which a name is shown; None for one that is too many."""
        key = name_key(name)
        if key not in self._shown:
            if len(self._shown) >= self._most:
                self._left_out.add(key)
                return None
            self._shown[key] = name
        return self._shown[key]

    def __contains__(self, name: str) -> bool:
        return name_key(name) in self._shown

    def __iter__(self) -> Iterator[str]:
        return iter(self._shown.values())

    def __len__(self) -> int:
        return len(self._shown)
