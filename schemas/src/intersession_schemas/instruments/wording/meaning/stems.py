"""Short stems of words, looked for in a text: how meaning is read without anybody's wording.

A pattern is alternatives parted by `|`; in each, `+` joins stems that must all be there. A stem stands at the beginning
of a word; with `*` before it, anywhere in a word (German joins words); with `.` behind it, for the whole word. Several
words in one stem follow one another. Everything is without case and accents.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_UMLAUT = re.compile("([aou])e")
_APART = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """A text as words in small letters without accents, with a space before, between and after them."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return f" {_APART.sub(' ', letters).strip()} "


@cache
def alternatives(pattern: str) -> tuple[tuple[str, ...], ...]:
    """The alternatives of a pattern, each as what has to be in a folded text."""
    return tuple(tuple(map(_sought, one.split("+"))) for one in pattern.split("|"))


def spellings(text: str) -> tuple[str, ...]:
    """A text folded, and once more with ae, oe and ue for the letters that they stand for where umlauts are missing."""
    words = folded(text)
    plain = _UMLAUT.sub(r"\1", words)
    return (words,) if plain == words else (words, plain)


def _sought(stem: str) -> str:
    begins = "" if stem.startswith("*") else " "
    ends = " " if stem.endswith(".") else ""
    return f"{begins}{stem.removeprefix('*').removesuffix('.')}{ends}"


def weight(pattern: str, text: str) -> int:
    """How much of a pattern is in a folded text: the stems of all its alternatives that are there."""
    return sum(len(one) for one in alternatives(pattern) if all(stem in text for stem in one))
