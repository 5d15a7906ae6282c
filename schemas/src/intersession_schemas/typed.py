"""Codes as people type them, on whatever keyboard: the same code in one form. Pure."""

from __future__ import annotations

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: what codes are made of."""

_LOOK_ALIKE = str.maketrans(
    "ıİОАВСЕНКМРТХΑΒΕΗΚΜΝΟΡΤΧΖ",
    "II0ABCEHKMPTXABEHKMN0PTXZ",
)
_READ_AS = str.maketrans("OIL", "011")


def typed_code(text: str) -> str:
    """A code of `ALPHABET` as it was typed, without what makes no difference to people.

    Case, width (as of full-width forms), spaces, dashes of any length and other punctuation, what cannot be seen, and
    the digits of which script do not matter; O is read as 0, I and L as 1, and a letter of another alphabet that looks
    like one of these as that one. What is no such letter stays as it is, for the caller to refuse.
    """
    kept = (_plain(character) for character in unicodedata.normalize("NFKC", text))
    return "".join(kept).translate(_LOOK_ALIKE).translate(_READ_AS)


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] in "PZCS" or category in ("Mn", "Me"):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    upper = character.upper()
    return upper if len(upper) == 1 else character
