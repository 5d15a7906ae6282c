"""A language that shows which texts of a page did not come through the catalogue, and what reads a page in it.

It answers every message with its texts in brackets, its values and elements left outside: a value must itself be made
of bracketed text, of data, or of what the language's own tables and dates say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from gettext import NullTranslations
from typing import Any

from babel import Locale
from tests.server.web.reading_pages import VOID, Reader

from intersession_schemas.client_words import LOCAL_HELP
from intersession_schemas.instruments.labels import PHRASES, TABLES
from intersession_schemas.languages import Tables
from intersession_schemas.library import templates_in
from intersession_server.language.language import Language

TAG = "de"
"""The language whose dates and tables of instruments and templates stand beside the brackets."""
SHOWN_NAMES = ("title", "aria-label", "placeholder", "alt", "data-label")
_OUTSIDE = re.compile(r"(%\(\w+\)s|%%|<[^>]+>|\{\w+\})")
_BRACKETED = re.compile(r"⟦[^⟦⟧]*⟧")
_DATA = re.compile(r"§\w*")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ADDRESS = re.compile(r"https?://[^\s⟧]*")
_AGO = re.compile(r"(vor|in) \d+ (Minuten?|Stunden?|Tag(en?)?|Monat(en?)?|Jahr(en?)?)")
ALLOWED = frozenset(
    {
        "Intersession",
        "UTC",
        "Deutsch",
        "English",
        # whoever the test's practice has
        "Nord",
        "Noor",
        "Haddad",
        "noor",
        "qqqq",
    }
)
"""Words that are the same in every language."""


def bracketed(message: str) -> str:
    """A message whose texts are in brackets, and whose values and elements are as they were."""
    parts = _OUTSIDE.split(message)
    return "".join(one if _OUTSIDE.fullmatch(one) else f"⟦{one}⟧" for one in parts if one)


class _Brackets(NullTranslations):
    def gettext(self, message: str) -> str:
        return bracketed(message)

    def pgettext(self, context: str, message: str) -> str:
        return bracketed(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return bracketed(msgid1 if n == 1 else msgid2)


PSEUDO = Language(TAG, Locale(TAG), _Brackets())


def told(table: Tables) -> dict[str, Mapping[str, str]]:
    """Sentences of signals as they are bracketed."""
    return {**table, TAG: {key: _braced(text) for key, text in table["en"].items()}}


def _braced(text: str) -> str:
    parts = re.split(r"(\{\w+\})", text)
    return "".join(one if one.startswith("{") else f"⟦{one}⟧" for one in parts if one)


@cache
def _known() -> re.Pattern[str]:
    """All that the tables of instruments and templates say, the names of days, months, languages and countries.

    The longest first.
    """
    found = set(PHRASES[TAG].values())
    for one in TABLES[TAG].values():
        found |= {one.title, *one.items, *one.scales, *one.risks.values()}
        found.add(one.title[one.title.rfind("(") + 1 : -1])
    for template in templates_in(TAG).values():
        found |= set(_texts(template))
    locale = Locale(TAG)
    found |= set(locale.languages.values()) | {locale.territories[one] for one in LOCAL_HELP}
    for names in (locale.months, locale.days):
        for form in names["format"].values():
            found |= set(form.values())
    return re.compile("|".join(re.escape(one) for one in sorted(found, key=len, reverse=True) if len(one) > 1))


@cache
def _wholes() -> list[str]:
    """What stands on cards cut: all texts of templates, each on one line."""
    return [" ".join(one.split()) for template in templates_in(TAG).values() for one in _texts(template)]


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for one in value.values():
                yield from _texts(one)
        case list() | tuple():
            for one in value:
                yield from _texts(one)
        case _ if hasattr(value, "__struct_fields__"):
            for name in value.__struct_fields__:
                yield from _texts(getattr(value, name))


def untranslated(text: str) -> str:
    """The words of a text that came from nowhere; empty where all is accounted for."""
    left = _ADDRESS.sub(" ", text)
    if left.rstrip().endswith("…") and (beginning := " ".join(left.split())[:-1].rstrip()):
        if any(beginning in one for one in _wholes()):
            return ""
        left = re.sub(r"⟦[^⟦⟧]*$", " ", left)
    while (fewer := _BRACKETED.sub(" ", left)) != left:
        left = fewer
    left = _known().sub(" ", _AGO.sub(" ", _DATA.sub(" ", left)))
    return " ".join(one for one in _WORD.findall(left) if one not in ALLOWED)


class PseudoReader(Reader):
    """Reads a page in the language of brackets; `strays` is what on it did not come through the catalogue."""

    def __init__(self) -> None:
        super().__init__()
        self.strays: list[str] = []
        self.languages: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        if tag not in VOID:
            self.languages.append(dict(attrs).get("lang"))
        for name, value in attrs:
            if name in SHOWN_NAMES and untranslated(value or ""):
                self.strays.append(f"{name}={value}")

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        self.languages.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.languages.pop()

    def handle_data(self, data: str) -> None:
        super().handle_data(data)
        if not self._is_foreign() and untranslated(data):
            self.strays.append(" ".join(data.split()))

    def _is_foreign(self) -> bool:
        """Whether it stands in an element that says it is in another language: a source, the wording of a form."""
        return any(one not in (None, TAG) for one in self.languages)
