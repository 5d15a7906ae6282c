"""The app on a new device, brought to where a test is to begin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from playwright.sync_api import Browser
from tests.web_client.app.phone import Phone, phone_in
from tests.web_client.app.record import QUIET, Record

Begin = Literal["elsewhere", "failed", "gone", "locked", "open", "unpaired"]


@contextmanager
def opened(browser: Browser, record: Record, path: str = "/", begin: Begin = "open", **options: Any) -> Iterator[Phone]:
    """The app on a new phone at a path, in which `{names}` are those of the record's places."""
    with phone_in(browser, record.url, **{"service_workers": "block"} | options) as phone:
        start(phone, record, begin)
        phone.visit(record.at(path))
        yield phone


def start(phone: Phone, record: Record, begin: Begin) -> None:
    """Open the app on a phone that has none yet; `open` and `locked`: with the record on it."""
    if begin == "gone":
        phone.context.add_cookies([{"name": "device", "value": "1", "url": f"{record.url}/app/"}])
    if begin == "failed":
        phone.context.route("**/worker-*.js", lambda route: route.abort())
    if begin not in {"open", "locked"}:  # these are opened to be paired
        phone.open()
    if begin == "elsewhere":
        phone.use(phone.context.new_page())
        phone.open()
    if begin in {"open", "locked"}:
        phone.pair(record.code())
        phone.visit("/journal")
        phone.sees(QUIET[:20])
    if begin == "locked":
        phone.set_lock()
        phone.lock()
