"""Names of symptoms, tags and questions: which spellings are one name. Pure.

People type on phones: "Sleep", "sleep ", an "é" in two code points, a curly apostrophe, full-width letters and a space
that cannot be seen are meant as one. A name is kept as it was typed, but for its Unicode form (NFC), its spaces and
what cannot be seen; what is compared is its `name_key`. Where several spellings meet, the first one is shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TypeVar

from intersession_schemas.documents.texts import is_printable, without_unseen

V = TypeVar("V")

MAX_NAMES = 300
"""Different symptoms of one record. Each is a series of its own, with a chart of its own."""

JOINERS = "\u200c\u200d"
"""Kept between two characters, and not compared."""
NOT_COMPARED = re.compile(f"[{JOINERS}\u115f\u1160\u3164\uffa0\ufe00-\ufe0f]")
ALIKE = str.maketrans(
    dict.fromkeys("‘’‚‛′ʹʻʼʽ`´＇｀", "'")
    | dict.fromkeys("“”„‟«»″＂", '"')
    | dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
    | {"ı": "i", "ي": "ی", "ى": "ی", "ك": "ک"}
)
"""What keyboards put in one for the other: apostrophes, quotes, dashes; a dotless i; Arabic and Persian letters."""
_REMEMBERED = 100
"""Characters of a name whose key is remembered."""


def tidy_name(name: str) -> str:
    """A name as it is kept: NFC, without what cannot be seen, no spaces around, one space wherever there is any."""
    if name.isascii():
        return " ".join(name.split())
    seen = unicodedata.normalize("NFC", without_unseen(name))
    return " ".join(filter(None, (word.strip(JOINERS) for word in seen.split())))


def name_key(name: str) -> str:
    """What two spellings of one name have in common; empty where nothing of it can be seen."""
    if name.isascii():
        return " ".join(name.replace("`", "'").split()).lower()
    return _remembered_key(name) if len(name) <= _REMEMBERED else _key(name)


def _key(name: str) -> str:
    key, folded = name, _folded(name)
    while folded != key:
        key, folded = folded, _folded(folded)
    return key


_remembered_key = lru_cache(maxsize=4_096)(_key)


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKC", without_unseen(name).translate(ALIKE))
    folded = NOT_COMPARED.sub("", plain).casefold().replace("i\u0307", "i")
    return " ".join(unicodedata.normalize("NFKC", folded.translate(ALIKE)).split())


def spelled_as(name: str, known: Iterable[str]) -> str | None:
    """The one of some known names that a name is, or is another spelling of; None for none of them."""
    names = list(known)
    if name in names:
        return name
    key = name_key(name)
    return next((one for one in names if name_key(one) == key), None)


def is_name(name: str) -> bool:
    """Whether all of a name can be seen, on every Python alike; see `is_printable`."""
    return is_printable(name.translate(_WITHOUT_JOINERS)) and name_key(name) != ""


_WITHOUT_JOINERS = dict.fromkeys(map(ord, JOINERS))


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
