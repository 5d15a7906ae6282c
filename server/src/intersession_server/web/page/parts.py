"""Parts of pages that are kept as they were rendered: most of a page that is shown again says what it said before.

    {{ part("timeline/item.html", "item", one, here, csrf=session.csrf, back=shell.address) }}

A part is a macro that is told all that it shows, and sees nothing of the page. It is kept by what it is told and by the
language, so whoever is shown it may see each word of it: a page that may not be shown has nothing to ask for it with.
What every reader is told for themselves is named (`csrf`, `back`), and is put in last.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from hashlib import blake2b
from sys import getsizeof
from threading import Lock
from typing import Any

import msgspec
from cachetools import TTLCache
from markupsafe import Markup, escape

from intersession_server.language import language

MOST_BYTES = 16 * 1024 * 1024
KEPT_FOR = 600.0
"""Seconds after which a part is rendered again: what was withdrawn does not stay in memory for longer."""

_MARK = secrets.token_hex(16)
"""No text holds it but by a macro that was given it: it is another one each time the server starts."""
_PLACES = re.compile(f"{_MARK}([a-z]+);")

Macro = Callable[..., str]


class Parts:
    """Rendered parts, those that were made last. Thread-safe: pages are rendered in threads."""

    def __init__(self, macro: Callable[[str, str], Macro], most_bytes: int = MOST_BYTES) -> None:
        """`macro` gives that of a template, by name; it is rendered without the page that asks for it."""
        self._macro = macro
        self._kept: TTLCache[tuple[object, ...], list[str]] = TTLCache(most_bytes, KEPT_FOR, getsizeof=_bytes)
        self._lock = Lock()

    def of(self, template: str, name: str, *told: Any, **own: str) -> Markup:
        """The macro `name` with what it is `told`, which are values that JSON has; `own` are the reader's texts."""
        here = language.current()
        text = msgspec.json.encode((told, tuple(own)), enc_hook=_markup)
        digest = blake2b(text, digest_size=16).digest()
        key = (here.tag, here.messages, template, name, digest)
        with self._lock:
            pieces = self._kept.get(key)
        if pieces is None:
            made = self._macro(template, name)(*told, **{one: f"{_MARK}{one};" for one in own})
            # Text, and the name of what stands behind it, by turns.
            pieces = _PLACES.split(made)
            with self._lock:
                if _bytes(pieces) <= self._kept.maxsize:
                    self._kept[key] = pieces
        return _filled(pieces, own)


def _filled(pieces: list[str], own: Mapping[str, str]) -> Markup:
    if len(pieces) == 1:
        return Markup(pieces[0])  # noqa: S704 - what a template has made
    texts = {name: escape(text) for name, text in own.items()}
    filled = list(pieces)
    filled[1::2] = [texts[name] for name in pieces[1::2]]
    return Markup("".join(filled))  # noqa: S704 - likewise


def _markup(value: object) -> object:
    """Markup, which is put in as it is, apart from a text of the same letters, which is not."""
    if isinstance(value, Markup):
        return {"markup": str.__str__(value)}
    raise TypeError(type(value).__name__)


def _bytes(pieces: list[str]) -> int:
    return sum(map(getsizeof, pieces))
