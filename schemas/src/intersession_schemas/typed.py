"""Codes as people type them, on whatever keyboard, or scan them: the same code in one form. Pure.

A QR code holds a pairing link, the server's address and a pairing code in one text:

    https://intersession.example.org/pair#ABCD-EFGH

Whoever scans it with a camera gets a page of that server which says what to do with it. The code stands behind the `#`,
which no browser sends: it is in no log.
"""

from __future__ import annotations

import unicodedata

from intersession_schemas.errors import InvalidField

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: what codes are made of."""

LOOK_ALIKE = str.maketrans(
    "ıİОАВСЕНКМРТХΑΒΕΗΚΜΝΟΡΤΧΖ",
    "II0ABCEHKMPTXABEHKMN0PTXZ",
)
READ_AS = str.maketrans("OIL", "011")
LINK_PATH = "/pair"
LONGEST_LINK = 2_000


def typed_code(text: str) -> str:
    """A code of `ALPHABET` as it was typed, without what makes no difference to people.

    Case, width (as of full-width forms), spaces, dashes of any length and other punctuation, what cannot be seen, and
    the digits of which script do not matter; O is read as 0, I and L as 1, and a letter of another alphabet that looks
    like one of these as that one. What is no such letter stays as it is, for the caller to refuse.
    """
    kept = (_plain(character) for character in unicodedata.normalize("NFKC", text))
    return "".join(kept).translate(LOOK_ALIKE).translate(READ_AS)


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] in "PZCS" or category in ("Mn", "Me"):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    upper = character.upper()
    return upper if len(upper) == 1 else character


def pairing_link(url: str, code: str) -> str:
    """The link of a code for the server at `url`."""
    return f"{url.rstrip('/')}{LINK_PATH}#{code}"


def read_pairing_link(text: str) -> tuple[str, str]:
    """The server's address and the code of a pairing link, for `pair`. Raises `InvalidField` for any other text."""
    address, separator, code = text.strip().partition("#")
    url = address.removesuffix("/").removesuffix(LINK_PATH)
    shaped = (
        separator and code and address.removesuffix("/").endswith(LINK_PATH) and url.startswith(("https://", "http://"))
    )
    if not shaped or len(text) > LONGEST_LINK:
        raise InvalidField("This is not a pairing link. It has the form https://SERVER/pair#CODE.")
    return url, code
