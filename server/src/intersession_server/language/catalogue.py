"""The message catalogues of the pages, and which one a request is answered from.

Every language but English has one in `catalogues`, by its tag. `./run messages` brings them up to date with the source;
a test says what has not been translated.
"""

from __future__ import annotations

import importlib.resources
import io
from functools import cache

from babel import Locale, UnknownLocaleError, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from intersession_server.language.language import ENGLISH, Language

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""The languages that are complete, by tag, each by its own name; the source's first."""
_LONGEST_HEADER = 200


@cache
def language(tag: str) -> Language:
    """The language of a tag in `LANGUAGES`."""
    if tag == ENGLISH.tag:
        return ENGLISH
    file = importlib.resources.files("intersession_server.language") / "catalogues" / f"{tag}.po"
    with file.open("rb") as source:
        messages = read_po(source, locale=tag)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Language(tag, Locale.parse(tag), Translations(compiled))


def negotiated(chosen: str | None, accept_language: str) -> Language:
    """The language that a person chose; else the first that their browser accepts and that there is; else English."""
    if chosen in LANGUAGES:
        return language(chosen)
    accepted = [part.partition(";") for part in accept_language[:_LONGEST_HEADER].split(",")]
    ranked = sorted(((_quality(rest), tag.strip()) for tag, _, rest in accepted), key=lambda one: -one[0])
    for quality, wanted in ranked:
        try:
            found = negotiate_locale([wanted], LANGUAGES, sep="-") if quality > 0 else None
        except (ValueError, UnknownLocaleError):
            continue
        if found is not None:
            return language(found)
    return ENGLISH


def _quality(parameters: str) -> float:
    try:
        return float(parameters.partition("q=")[2] or 1)
    except ValueError:
        return 0.0
