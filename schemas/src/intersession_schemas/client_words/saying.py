"""Tells a text for clients in their language. Pure."""

from __future__ import annotations

from intersession_schemas.client_words.english import ENGLISH
from intersession_schemas.client_words.german import GERMAN
from intersession_schemas.client_words.german_sync import GERMAN_SYNC
from intersession_schemas.languages import Tables, phrase

TABLES: Tables = {"en": ENGLISH, "de": {**GERMAN, **GERMAN_SYNC}}
"""By language, then by what is told."""


def say(locale: str, told: str, /, **values: object) -> str:
    """The text for `told` in the language of `locale`, in English where there is no table for it.

    Raises `KeyError` where there is no such text.
    """
    return phrase(TABLES, locale, told, **values)
