"""The language that a page is written in: a locale of Babel's, and messages. Pure, but for what the task serves.

English is the language of the source. A message names its values, so that a translation can put them where they
belong: `say("Last sync %(ago)s", ago=…)`. Templates have the same functions, and Jinja's `trans` blocks.

The language belongs to the request that a task serves, as its passage and its budget do. Outside of one it is English.
"""

from __future__ import annotations

from contextvars import ContextVar
from gettext import NullTranslations
from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from msgspec import Struct


class Language(Struct, frozen=True):
    """A language of the pages. `tag` is what HTML calls it."""

    tag: str
    locale: Locale
    messages: NullTranslations


ENGLISH = Language("en", Locale("en"), NullTranslations())
_current: ContextVar[Language] = ContextVar("language", default=ENGLISH)


def use(language: Language) -> None:
    """The language of what this task answers from here on."""
    _current.set(language)


def current() -> Language:
    """The language of what this task answers."""
    return _current.get()


def say(message: str, **values: Any) -> str:
    """A message in the current language, with its values."""
    told = _current.get().messages.gettext(message)
    return told % values if values else told


def say_as(context: str, message: str, /, **values: Any) -> str:
    """A message that other languages say differently by what it is about: `say_as("phase", "Assessment")`."""
    told = _current.get().messages.pgettext(context, message)
    return told % values if values else told


def count(one: str, other: str, number: int, **values: Any) -> str:
    """A message that depends on a number, which it names `%(n)s`: 1 entry, 2 entries, 1,000 entries."""
    here = _current.get()
    return here.messages.ngettext(one, other, number) % {"n": grouped(number), **values}


def grouped(number: int) -> str:
    """A whole number with its thousands apart: 1,000."""
    return str(number) if 0 <= number < 1_000 else format_decimal(number, locale=_current.get().locale)
