"""A page is told of what it shows: entries and symptom logs move no page that shows none of them."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta, timezone
from html import unescape

import httpx
import pytest
from tests.server.web.practice import MONDAY, Client, Practice
from tests.server.web.test_events import page_of

from intersession_schemas.documents.care.goals import Goal
from intersession_schemas.streams import Kind
from intersession_server.web import live as events
from intersession_server.web.live import Follows, state_text
from intersession_server.web.record.disclosure import Marked

pytestmark = pytest.mark.anyio

WITHOUT_DIARY = ["homework", "plan", "plan/trackers", "plan/journal", "assessments", "notes"]
WITH_DIARY = ["", "timeline", "progress", "sessions"]
ALL = [*WITHOUT_DIARY, *WITH_DIARY]
EAST = timezone(timedelta(hours=9))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "SETTLE_SECONDS", 0.0)


async def lived(practice: Practice) -> Client:
    """A client of whom there is something on every page."""
    client = await practice.client("Alex")
    await client.make(Kind.GOAL, Goal(what="a walk"))
    await client.write("the first one")
    await client.log({"worry": 2})
    return client


async def shown(browser: httpx.AsyncClient, client: Client, tab: str) -> tuple[str, str]:
    """The mark of a page, and all else that it shows."""
    answer = await browser.get(f"/fragments/clients/{client.id}/{tab}".rstrip("/"))
    assert answer.status_code == 200
    text = re.sub(r'name="once" value="[^"]*"', "", answer.text)
    (mark,) = re.findall(r'data-state="([^"]*)"', text)
    return mark, text.replace(mark, "")


async def marks(browser: httpx.AsyncClient, client: Client, tabs: list[str]) -> dict[str, str]:
    return {tab: (await shown(browser, client, tab))[0] for tab in tabs}


async def test_an_entry_and_a_log_change_neither_the_mark_nor_anything_on_pages_without_a_diary(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await lived(practice)
    before = {tab: await shown(noor, client, tab) for tab in WITHOUT_DIARY}
    await client.write("another one", at=MONDAY + timedelta(hours=1))
    await client.log({"worry": 5}, at=MONDAY + timedelta(hours=1))
    assert {tab: await shown(noor, client, tab) for tab in WITHOUT_DIARY} == before


async def test_whatever_else_comes_moves_every_page(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await lived(practice)
    before = await marks(noor, client, ALL)
    await client.make(Kind.GOAL, Goal(what="another walk"))
    after = await marks(noor, client, ALL)
    assert [tab for tab in ALL if before[tab] == after[tab]] == []


async def test_an_entry_that_comes_or_goes_moves_the_pages_that_show_it(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await lived(practice)
    first = await marks(noor, client, WITH_DIARY)
    id_ = await client.write("another one", at=MONDAY + timedelta(hours=1))
    second = await marks(noor, client, WITH_DIARY)
    await client.erase(id_)
    third = await marks(noor, client, WITH_DIARY)
    assert [tab for tab in WITH_DIARY if len({first[tab], second[tab], third[tab]}) < 3] == []


async def test_an_entry_that_was_written_far_away_moves_every_page_as_the_clocks_on_it_are_others(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await lived(practice)
    before = await marks(noor, client, ALL)
    await client.write("far away", at=(MONDAY + timedelta(hours=1)).astimezone(EAST))
    after = await marks(noor, client, ALL)
    assert [tab for tab in ALL if before[tab] == after[tab]] == []


async def test_a_page_without_a_diary_is_told_the_mark_that_it_has_and_not_of_entries(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "BEAT_SECONDS", 0.05)
    client = await lived(practice)
    mark, _ = await shown(noor, client, "plan")
    async with await page_of(practice, noor, follows=Follows(client.id, "documents")) as page, asyncio.timeout(10):
        assert await page.state() == {str(client.id): mark}
        await client.write("another one", at=MONDAY + timedelta(hours=1))
        assert await page.next() == ("beat", 1)
        await client.make(Kind.GOAL, Goal(what="another walk"))
        assert await page.moves(client) == (await shown(noor, client, "plan"))[0]


async def test_a_page_of_no_client_is_told_of_who_is_in_care_and_not_of_what_they_write(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "BEAT_SECONDS", 0.05)
    client, both = await lived(practice), 2
    pages: dict[str, Marked] = {"account": "access", "instruments": "access", "practice": "devices"}
    for path, of in pages.items():
        text = unescape((await noor.get(f"/{path}")).text)
        assert f'data-follows="{of}"' in text
        async with await page_of(practice, noor, follows=Follows(marks=of)) as page, asyncio.timeout(10):
            state = await page.state()
            assert f'data-state="{state_text(state)}"' in text
            assert state[str(client.id)] == "0.0"
            await client.write("another one", at=MONDAY + timedelta(hours=1))
            assert await page.next() == ("beat", 1)
            await practice.client(path)
            assert len(await page.state()) == both
        both += 1
