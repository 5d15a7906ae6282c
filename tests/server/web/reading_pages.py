"""Reads a page as strictly as a browser with our policy."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import httpx

SCRIPTS = [f"/static/{name}.js" for name in ("htmx.min", "idiomorph.min", "live", "forms")]
"""What a page of a signed-in therapist loads, and nothing else."""
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Reader(HTMLParser):
    """Reads a page strictly: every element closed in order, no id twice, nothing inline that a strict CSP forbids."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        if found.get("id"):
            self.ids.append(found["id"] or "")
        assert tag not in ("style", "iframe", "object", "embed", "base"), tag
        assert tag != "script" or found.get("src"), "an inline script"
        assert not [name for name in found if name == "style" or name.startswith("on")], found
        for name in ("href", "src", "action"):
            if name in found:
                assert re.match(r"[/#?]|$", found[name] or ""), f"an address of somewhere else: {found[name]}"
                assert not (found[name] or "").startswith("//")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """What a person reads."""
        return " ".join(" ".join(self.words).split())


def read(answer: httpx.Response, status: int = 200) -> Reader:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    reader = Reader()
    reader.feed(answer.text)
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))
    for _, attributes in reader.elements:
        for name in ("for", "aria-labelledby", "aria-describedby"):
            assert set((attributes.get(name) or "").split()) <= set(reader.ids), attributes
    return reader


def without_once(text: str) -> str:
    """A page without what is another in each of its forms whenever it is made."""
    return re.sub(r'name="once" value="[^"]*"', 'name="once"', text)
