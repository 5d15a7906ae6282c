"""What a browser sends of a form in a page, without one: its successful controls, as HTML has it."""

from __future__ import annotations

from functools import lru_cache
from html.parser import HTMLParser


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[tuple[str, str]]] = {}
        self._form: list[tuple[str, str]] | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._area: tuple[str, list[str]] | None = None
        self._in_option = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = self.found.setdefault(given.get("id", ""), [])
        if self._form is None:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind not in ("checkbox", "radio") or "checked" in given:
                self._form.append((name, given.get("value", "on" if kind in ("checkbox", "radio") else "")))
        elif tag == "select":
            self._select = (name, [])
        elif tag == "option" and self._select is not None:
            self._select[1].append((given.get("value", ""), "selected" in given))
        elif tag == "textarea":
            self._area = (name, [])

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._form is None:
            return
        if tag == "select" and self._select is not None:
            name, options = self._select
            chosen = next((value for value, selected in options if selected), options[0][0] if options else None)
            if chosen is not None:
                self._form.append((name, chosen))
            self._select = None
        elif tag == "textarea" and self._area is not None:
            name, parts = self._area
            self._form.append((name, "".join(parts).removeprefix("\n")))
            self._area = None
        elif tag == "form":
            self._form = None


def forms_in(html: str) -> dict[str, list[tuple[str, str]]]:
    """The forms of a page by their ids, and what each sends as it is."""
    return {id_: list(pairs) for id_, pairs in _read(html).items()}


@lru_cache(maxsize=8)  # a page is read for what it has, and then for what is sent of it
def _read(html: str) -> dict[str, list[tuple[str, str]]]:
    reader = _Forms()
    reader.feed(html)
    return reader.found


def sent_by(html: str, id_: str = "") -> list[tuple[str, str]]:
    """What the form with that id sends as it is."""
    return forms_in(html)[id_]
