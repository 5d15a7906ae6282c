"""What every text that a person gives has to be before it is written into a document."""

from __future__ import annotations

import re

from intersession_schemas.errors import InvalidField

# Controls, unusual spaces, marks of direction and format, private use, and what no version of Unicode will ever assign.
UNPRINTABLE = re.compile(
    "[\0-\x1f\x7f-\xa0\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    "\u3000\ud800-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000efffe-\U0010ffff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 14))
    + "]"
)

# Of what Unicode says may be ignored: spaces without width, soft hyphens, marks of direction and the like. What joins
# two characters is part of how words (as in Persian) and emoji are spelled, and stays.
UNSEEN = re.compile(
    "[\xad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def without_unseen(text: str) -> str:
    """A text without the characters that nobody can see, and that phones and web pages leave in it."""
    return text if text.isascii() else UNSEEN.sub("", text)


def is_printable(text: str) -> bool:
    """Whether all of a text can be seen, on every Python alike.

    `str.isprintable` knows only the characters of that Python's Unicode: a name with a new emoji, written on one
    device, would be unreadable on another.
    """
    return UNPRINTABLE.search(text) is None


def check_text(field: str, text: str, most: int) -> str:
    """`text` if it is at most `most` characters of Unicode; raises `InvalidField` naming `field` if not."""
    if not isinstance(text, str) or len(text) > most:
        raise InvalidField(f"{field} must be text of at most {most} characters.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidField(f"{field} contains a lone surrogate, which is not valid text.") from None
    return text


def check_rewritten(field: str, before: str, after: str, most: int) -> str:
    """As `check_text`, for a text that is there already: a merge may have made it longer than `most`.

    What is no longer than it was is taken, so that it can be shortened step by step; it may not grow beyond `most`.
    """
    shorter = isinstance(after, str) and len(after) <= len(before)
    return check_text(field, after, len(before) if shorter else most)
