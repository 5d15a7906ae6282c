"""Finds every page that somebody can click their way to, and every form on them: of each kind one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from html.parser import HTMLParser

import httpx
from msgspec import Struct
from tests.server.web.forms.browser import forms_in

Kind = tuple[str, frozenset[str]]
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class FoundForm(Struct, frozen=True):
    """A form: on which page, under which id, where it is sent, what it sends as it is, and which fields are written
    into."""

    page: str
    id: str
    action: str
    pairs: tuple[tuple[str, str], ...]
    texts: tuple[str, ...] = ()

    @property
    def made_on(self) -> bool:
        """Whether it says what it was made on: it changes something that is there."""
        return any(name == "based_on" or name.startswith("was.") for name, _ in self.pairs)

    @property
    def kind(self) -> Kind:
        """Forms of one kind differ in what they are about alone."""
        return route_of(self.action), frozenset(_ID.sub("*", name) for name, _ in self.pairs)


def route_of(address: str) -> str:
    """An address without what it names."""
    return _ID.sub("*", address.partition("?")[0])


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.actions: dict[str, str] = {}
        self.texts: dict[str, list[str]] = {}
        self._form = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and (given.get("href") or "").startswith("/"):
            self.links.append((given["href"] or "").partition("#")[0])
        if tag == "form":
            self._form = given.get("id") or ""
            if given.get("method") == "post":
                self.actions[self._form] = given.get("action") or ""
        if tag == "textarea" or (tag == "input" and given.get("type", "text") == "text"):
            self.texts.setdefault(self._form, []).append(given.get("name") or "")


@lru_cache(maxsize=8)
def _read(html: str) -> _Links:
    reader = _Links()
    reader.feed(html)
    return reader


def forms_on(page: str, html: str) -> list[FoundForm]:
    """The forms of a page that change something."""
    reader = _read(html)
    sent = forms_in(html)
    return [
        FoundForm(page, id_, action, tuple(sent[id_]), tuple(reader.texts.get(id_, ())))
        for id_, action in reader.actions.items()
        if action != "/sign-out"  # on every page
    ]


async def crawl(
    browser: httpx.AsyncClient, begin: Sequence[str], more: Collection[str], rest: Callable[[], None]
) -> dict[Kind, FoundForm]:
    """Every kind of form that is reached from the pages `begin`, and then from `more`, each of which is looked at even
    where another page of its kind was. `rest` is called before each page, for the limits."""
    seen, found = set[str](), dict[Kind, FoundForm]()
    for wanted, always in ([*begin], frozenset()), ([*more], frozenset(more)):
        while wanted:
            page = wanted.pop(0)
            kind = _ID.sub("*", re.sub(r"=[^&]*", "=", page)) + ("#named" if _ID.search(page) else "")
            if kind in seen and page not in always:
                continue
            seen.add(kind)
            rest()
            answer = await browser.get(page, follow_redirects=True)
            if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"):
                continue
            wanted += [link for link in _read(answer.text).links if link not in always]
            for form in forms_on(page, answer.text):
                found.setdefault(form.kind, form)
    return found
