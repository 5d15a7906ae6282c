"""Pages that are open: they listen as `live.js` does, and fetch what their marks say is another."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx

WITHIN = 60.0
SETTLES = 2.5
"""Seconds after which all that follows from an update has been shown: a page waits for one between two fetches."""
AGAIN_AFTER = 1.0


class OpenPage:
    """One page of a therapist's browser; `moved` is set when it has fetched something again."""

    def __init__(self, http: httpx.AsyncClient, path: str) -> None:
        self._http, self._path = http, path
        self._fragment, self._client, self._changed, self._follows = "", "", "", ""
        self._wanted: dict[str, str] = {}
        self._shown: dict[str, str] = {}
        self.moved, self.told = asyncio.Event(), asyncio.Event()
        self.fetched = 0

    async def show(self) -> None:
        """Open it."""
        self._read((await self._http.get(self._path)).raise_for_status().text)

    async def listen(self) -> None:
        """Hear the events and follow them, until cancelled."""
        asked = {"client": self._client, "follows": self._follows, "caseload": "true" if self._changed else ""}
        given = {name: value for name, value in asked.items() if value}
        event = ""
        async with self._http.stream("GET", "/events", params=given, timeout=None) as events:
            async for line in events.aiter_lines():
                name, _, value = line.partition(": ")
                event = value if name == "event" else event
                if name == "data" and event in {"state", "moved"}:
                    self._wanted = json.loads(value) if event == "state" else self._wanted | json.loads(value)
                    await self._follow()
                    self.told.set()

    async def _follow(self) -> None:
        changed = [one for one, mark in self._wanted.items() if self._shown.get(one) != mark]
        if not changed:
            return
        if self._changed:
            address = self._changed + "".join(f"&only={one}" for one in changed)
            self._shown |= self._marks(await self._fetch(address))
        else:
            self._read(await self._fetch(self._fragment))
        self.moved.set()
        await asyncio.sleep(AGAIN_AFTER)

    async def _fetch(self, address: str) -> str:
        self.fetched += 1
        return (await self._http.get(address, headers={"x-in-view": "1"})).raise_for_status().text

    def _read(self, text: str) -> None:
        self._client, self._fragment = _of(text, "client"), _of(text, "fragment")
        self._changed, self._follows = _of(text, "changed"), _of(text, "follows")
        self._shown = self._marks(text)

    def _marks(self, text: str) -> dict[str, str]:
        state = _of(text, "state")
        return {self._client: state} if self._client else json.loads(state)


def _of(text: str, name: str) -> str:
    found = re.search(rf'<main[^>]*\sdata-{name}="([^"]*)"', text)
    return html.unescape(found[1]) if found else ""


@asynccontextmanager
async def open_pages(url: str, cookies: httpx.Cookies, paths: Sequence[str]) -> AsyncIterator[list[OpenPage]]:
    """A page of each of these addresses, all listening."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, cookies=cookies, timeout=WITHIN, limits=limits) as http:
        pages = [OpenPage(http, path) for path in paths]
        for page in pages:
            await page.show()
        listening = [asyncio.create_task(page.listen()) for page in pages]
        try:
            async with asyncio.timeout(WITHIN):
                for page in pages:
                    await page.told.wait()
            yield pages
        finally:
            for one in listening:
                one.cancel()
            await asyncio.gather(*listening, return_exceptions=True)


async def until_shown(pages: Sequence[OpenPage]) -> None:
    """Wait until each of these has fetched since `about_to`, and what follows has been fetched, too."""
    async with asyncio.timeout(WITHIN):
        for page in pages:
            await page.moved.wait()
    await asyncio.sleep(SETTLES)


def about_to(pages: Sequence[OpenPage]) -> None:
    """Something is about to come."""
    for page in pages:
        page.moved.clear()
