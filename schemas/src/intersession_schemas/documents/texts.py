"""What every text that a person gives has to be before it is written into a document."""

from __future__ import annotations

from intersession_schemas.errors import InvalidField


def check_text(field: str, text: str, most: int) -> str:
    """`text` if it is at most `most` letters of Unicode; raises `InvalidField` naming `field` if not."""
    if not isinstance(text, str) or len(text) > most:
        raise InvalidField(f"{field} must be text of at most {most} letters.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidField(f"{field} holds half of a surrogate pair, which is not text.") from None
    return text
