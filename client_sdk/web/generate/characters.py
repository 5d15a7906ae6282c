"""Characters: what cannot be seen, how words are cut, which letters are taken for others. Sets are the insides of a
regular expression's class."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any

from intersession_schemas import search_words, typed
from intersession_schemas.documents import texts

_ALL = "".join(map(chr, range(sys.maxunicode + 1)))


def data() -> Any:
    """Sets by their names, and what is put in the place of characters."""
    return {
        "unprintable": ranges(texts.UNPRINTABLE),
        "unseen": ranges(texts.UNSEEN),
        "search": {
            "noSpaces": ranges(search_words.NO_SPACES),
            "joinedOn": ranges(search_words.JOINED_ON),
            "plain": _replaced(search_words.PLAIN),
            "between": search_words.BETWEEN,
            "ellipsis": search_words.ELLIPSIS,
            "snippet": search_words.SNIPPET,
            "lead": search_words.LEAD,
            "mostShown": search_words.MOST_SHOWN,
        },
        "typed": {
            "alphabet": typed.ALPHABET,
            "readAs": {
                one: as_one.translate(typed.READ_AS)
                for one, as_one in (_replaced(typed.READ_AS) | _replaced(typed.LOOK_ALIKE)).items()
            },
            "linkPath": typed.LINK_PATH,
            "longestLink": typed.LONGEST_LINK,
        },
    }


def ranges(of: re.Pattern[str]) -> str:
    """The characters that a pattern matches, as ranges of JavaScript's regular expressions (flag u)."""
    found = (one.span() for one in re.finditer(f"(?:{of.pattern})+", _ALL))
    return "".join(_escaped(start) + (f"-{_escaped(end - 1)}" if end - start > 1 else "") for start, end in found)


def _replaced(by: Mapping[int, int | str | None]) -> dict[str, str]:
    """A table of `str.translate`: by character, what stands in its place."""
    return {chr(code): chr(one) if isinstance(one, int) else one or "" for code, one in by.items()}


def _escaped(code: int) -> str:
    return f"\\u{{{code:x}}}"
