"""Every text that clients read, a file a language: their own words, those of signals, the labels of instruments."""

from __future__ import annotations

from functools import partial
from string import Formatter
from typing import Any

import msgspec

from intersession_schemas import client_words
from intersession_schemas.instruments import labels
from intersession_schemas.languages import Tables
from intersession_schemas.measures.words import WORDS

LANGUAGES = tuple(client_words.TABLES)
"""The first one is what others fall back on."""


def data(language: str) -> Any:
    """The texts in a language, whole: what it does not have is told in English.

    `labels` and `phrases` say the labels of instruments, which are in English with the instruments themselves.
    """
    return {
        "client": _whole(client_words.TABLES, language),
        "signals": _whole(WORDS, language),
        "labels": msgspec.to_builtins(labels.TABLES.get(language, {})),
        "phrases": dict(labels.PHRASES.get(language, {})),
    }


FILES = {f"words.{language}.json": partial(data, language) for language in LANGUAGES}
"""What makes the content of each file."""


def _whole(tables: Tables, language: str) -> dict[str, str]:
    texts = {**tables[LANGUAGES[0]], **tables.get(language, {})}
    for text in texts.values():
        for _, value, format_, conversion in Formatter().parse(text):
            if format_ or conversion or (value is not None and not value.isidentifier()):
                raise ValueError(f"The core fills in values as they are, which {text!r} is not content with.")
    return texts
