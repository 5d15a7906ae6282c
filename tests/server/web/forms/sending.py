"""Sends a form of a page as a browser does: with what stands in it, but for what somebody changes."""

from __future__ import annotations

from collections.abc import Sequence

import httpx
from tests.server.web.forms.browser import sent_by

_FORM = {"content-type": "application/x-www-form-urlencoded"}


async def submit(
    browser: httpx.AsyncClient, page: str, id_: str, action: str = "", /, *ticked: str, **changes: str
) -> httpx.Response:
    """The answer to the form `id_` of a page, sent to `action` (the page's own address where it is left out).

    `changes` are by field name, with `__` for a dot; `ticked` are further fields, as `name=value`.
    """
    html = (await browser.get(page)).text
    wanted = {name.replace("__", "."): value for name, value in changes.items()}
    sent = [(name, value) for name, value in sent_by(html, id_) if name not in wanted]
    # What is changed stands where it stood: the order of fields says something of questions without a place.
    places = {name: number for number, (name, _) in reversed([*enumerate(sent_by(html, id_))])}
    pairs = sorted([*sent, *wanted.items()], key=lambda one: places.get(one[0], len(places)))
    more = [(name, value) for name, _, value in (one.partition("=") for one in ticked)]
    return await send_form(browser, action or page, [*pairs, *more])


async def send_form(browser: httpx.AsyncClient, address: str, pairs: Sequence[tuple[str, str]]) -> httpx.Response:
    """The answer to these fields, without what a page says of them."""
    return await browser.post(address, content=str(httpx.QueryParams(list(pairs))), headers=_FORM)
