"""The language in which the command speaks to people: the one that the system is set to, or English."""

from __future__ import annotations

import os

from intersession_schemas.client_words import say

_SETTINGS = ("LC_ALL", "LC_MESSAGES", "LANG")


def language() -> str:
    """The locale of this system's messages, as `de_DE.UTF-8`; the first setting that is there counts."""
    return next((found for name in _SETTINGS if (found := os.environ.get(name))), "en")


def told(key: str, /, **values: object) -> str:
    """A text for clients in that language."""
    return say(language().partition(".")[0], key, **values)


def counted(one: str, many: str, count: int, **values: object) -> str:
    """A text for one of something, or for so many of it."""
    return told(one, **values) if count == 1 else told(many, count=count, **values)
