"""Phones whose screens are looked at one after another, and on which nothing is changed."""

from __future__ import annotations

from contextlib import ExitStack

from playwright.sync_api import Browser
from tests.web_client.app.beginning import Begin, start
from tests.web_client.app.phone import LOOK, Phone, phone_in
from tests.web_client.app.record import Record

SIZE = LOOK["viewport"]


class Phones:
    """One for each beginning and language."""

    def __init__(self, browser: Browser, record: Record) -> None:
        self._browser, self._record = browser, record
        self._stack = ExitStack()
        self._phones: dict[tuple[Begin, str], Phone] = {}

    def __enter__(self) -> Phones:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def at(self, path: str, begin: Begin = "open", *, locale: str = "en-GB", width: int = SIZE["width"]) -> Phone:
        """The one at a path, in the light, so wide."""
        if (begin, locale) not in self._phones:
            made = phone_in(self._browser, self._record.url, locale=locale, service_workers="block")
            self._phones[begin, locale] = self._stack.enter_context(made)
            start(self._phones[begin, locale], self._record, begin)
        phone = self._phones[begin, locale]
        phone.page.set_viewport_size({"width": width, "height": SIZE["height"] if width == SIZE["width"] else 640})
        phone.page.emulate_media(color_scheme="light")
        phone.visit(self._record.at(path))
        return phone
