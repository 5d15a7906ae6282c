from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.server.accounts.world import Clock
from tests.server.web.practice import Client, Practice

from intersession_server.accounts import invitations
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.errors import Refused
from intersession_server.operator import commands
from intersession_server.services import Services
from intersession_server.web import live as events
from intersession_server.web.live import STREAMS_PER_PERSON, Feeds

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here waits for a clock on the wall."""
    monkeypatch.setattr(events, "SETTLE_SECONDS", 0.0)


class Page:
    """One open page of a therapist."""

    def __init__(self, services: Services, session: CurrentSession, token: str, feeds: Feeds) -> None:
        self.session = session
        self._events = feeds.stream(services, session, token)

    async def __aenter__(self) -> Page:
        assert await self.next() == ("", "retry: 2000")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._events.aclose()  # type: ignore[attr-defined]

    async def next(self) -> tuple[str, Any]:
        """The next event and its data."""
        text = (await anext(self._events)).decode()
        assert text.endswith("\n\n")
        fields = dict(line.split(": ", 1) for line in text.strip().splitlines() if not line.startswith(":"))
        if "event" not in fields:
            return "", text.strip()
        return fields["event"], json.loads(fields["data"])

    async def state(self) -> dict[str, str]:
        """The next state, beats left out."""
        while True:
            event, data = await self.next()
            if event == "state":
                state: dict[str, str] = data
                return state
            assert event == "beat"

    async def over(self) -> bool:
        """Whether the stream has ended."""
        try:
            await anext(self._events)
        except StopAsyncIteration:
            return True
        return False


async def page_of(practice: Practice, browser: httpx.AsyncClient, feeds: Feeds | None = None) -> Page:
    token = browser.cookies["intersession"]
    session = await practice.services.sign_in.current(token, practice.services.clock(), extend=False)
    assert session is not None
    return Page(practice.services, session, token, feeds or Feeds(practice.services.projector.updates))


async def test_a_page_hears_first_how_everything_stands(practice: Practice, noor: httpx.AsyncClient) -> None:
    one, two = await practice.client("Alex"), await practice.client("Mira")
    await practice.client("somebody else's", therapist=None)
    await one.write("one")
    async with await page_of(practice, noor) as page:
        assert await page.state() == {str(one.id): "3.0", str(two.id): "2.0"}


async def test_a_page_hears_that_something_arrived_and_not_what(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    async with await page_of(practice, noor) as page:
        assert await page.state() == {str(client.id): "2.0"}
        await client.write("secret words")
        assert await page.state() == {str(client.id): "3.0"}


async def test_it_hears_that_a_device_was_in_touch(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    device = await paired(practice, client)
    now = practice.services.clock()
    async with await page_of(practice, noor) as page:
        assert await page.state() == {str(client.id): f"2.{int(now.timestamp())}"}
        later = now + timedelta(minutes=5)
        await practice.services.devices.heard(device, later)
        await client.write("and wrote")
        assert await page.state() == {str(client.id): f"3.{int(later.timestamp())}"}


async def test_what_concerns_others_is_not_heard(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "BEAT_SECONDS", 0.05)
    mine, theirs = await practice.client("Alex"), await practice.client("Mira", therapist=None)
    async with await page_of(practice, noor) as page:
        await page.state()
        await theirs.write("not for noor")
        assert await page.next() == ("beat", 1)
        await mine.write("for noor")
        assert list(await page.state()) == [str(mine.id)]


async def test_the_end_of_an_assignment_drops_the_client(practice: Practice, noor: httpx.AsyncClient) -> None:
    one, two = await practice.client("Alex"), await practice.client("Mira")
    async with await page_of(practice, noor) as page:
        assert set(await page.state()) == {str(one.id), str(two.id)}
        async with asyncio.timeout(1):
            await practice.unassign(one)
            assert set(await page.state()) == {str(two.id)}
        await one.write("after that")
        await two.write("for noor")
        assert await page.state() == {str(two.id): "3.0"}


async def test_a_client_newly_in_care_is_heard_of(practice: Practice, noor: httpx.AsyncClient) -> None:
    async with await page_of(practice, noor) as page:
        assert await page.state() == {}
        client = await practice.client("Alex")
        state = await page.state()
        assert state == {str(client.id): "2.0"}
        await client.write("one")
        assert await page.state() == {str(client.id): "3.0"}


async def test_signing_out_ends_it_at_once(practice: Practice, noor: httpx.AsyncClient) -> None:
    async with await page_of(practice, noor) as page:
        await page.state()
        await noor.post("/sign-out", headers={"x-csrf-token": page.session.csrf})
        async with asyncio.timeout(1):
            assert await page.next() == ("ended", 1)
            assert await page.over()


async def test_an_idle_session_ends_it_and_it_does_not_keep_the_session_awake(
    practice: Practice, noor: httpx.AsyncClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "BEAT_SECONDS", 0.01)
    async with await page_of(practice, noor) as page:
        await page.state()
        for _ in range(2):
            clock.move(minutes=14)
            assert await page.next() == ("beat", 1)
        clock.move(minutes=3)
        assert await page.next() == ("ended", 1)


async def test_a_server_that_stops_ends_it(practice: Practice, noor: httpx.AsyncClient) -> None:
    async with await page_of(practice, noor) as page:
        await page.state()
        practice.services.stop()
        async with asyncio.timeout(1):
            assert await page.over()


async def test_a_person_may_have_so_many_pages_open(practice: Practice, noor: httpx.AsyncClient) -> None:
    feeds = Feeds(practice.services.projector.updates)
    pages = [await page_of(practice, noor, feeds) for _ in range(STREAMS_PER_PERSON)]
    for page in pages:
        feeds.admit(page.session.person)
        await page.__aenter__()
    with pytest.raises(Refused, match="Too many pages"):
        feeds.admit(pages[0].session.person)
    await pages[0].__aexit__()
    feeds.admit(pages[0].session.person)
    for page in pages[1:]:
        await page.__aexit__()


async def test_a_page_that_closes_leaves_nothing_behind(practice: Practice, noor: httpx.AsyncClient) -> None:
    updates, wakeups = practice.services.projector.updates, practice.services.wakeups
    await practice.client("Alex")
    before = (len(updates.by_stream), len(wakeups.by_owner))
    async with await page_of(practice, noor) as page:
        await page.state()
        assert len(updates.by_stream) > before[0]
    assert (len(updates.by_stream), len(wakeups.by_owner)) == before


async def paired(practice: Practice, client: Client) -> UUID:
    """A device of a client."""
    invited = await practice.do(commands.InviteClient(client=str(client.id)))
    assert isinstance(invited, commands.Invited)
    redeemed = await invitations.redeem(invited.code, "test", practice.services.clock())
    return redeemed.device
