from __future__ import annotations

import asyncio
import html
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.server.accounts.world import Clock
from tests.server.web.practice import Client, Practice, send

from intersession_server.accounts import invitations
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.errors import Refused
from intersession_server.operator import commands
from intersession_server.services import Services
from intersession_server.web import live as events
from intersession_server.web.live import RECORDS, STREAMS_PER_PERSON, Feed, Feeds, Follows

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here waits for a clock on the wall."""
    monkeypatch.setattr(events, "SETTLE_SECONDS", 0.0)


class Page:
    """One open page of a therapist."""

    def __init__(
        self, services: Services, session: CurrentSession, token: str, feeds: Feeds, follows: Follows = RECORDS
    ) -> None:
        self.session, self.token = session, token
        self._events = feeds.stream(services, session, token, follows)
        self._told: dict[str, str] = {}
        self._clients: dict[str, str] | None = None

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
        """The marks of the clients as they are told next, where they are other ones; beats left out."""
        while True:
            await self._told_next()
            if self._told != self._clients:
                self._clients = dict(self._told)
                return dict(self._told)

    async def moves(self, client: Client) -> str:
        """Until the mark of a client is another one; that mark."""
        before = self._told[str(client.id)]
        while self._told[str(client.id)] == before:
            await self._told_next()
        return self._told[str(client.id)]

    async def _told_next(self) -> None:
        event, data = await self.next()
        if event == "state":
            self._told = dict(data)
        elif event == "moved":
            assert data.items() - self._told.items() == data.items(), "told of what has not changed"
            self._told |= data
        else:
            assert event == "beat"

    async def over(self) -> bool:
        """Whether the stream has ended."""
        try:
            await anext(self._events)
        except StopAsyncIteration:
            return True
        return False


async def page_of(
    practice: Practice, browser: httpx.AsyncClient, feeds: Feeds | None = None, follows: Follows = RECORDS
) -> Page:
    token = browser.cookies["intersession"]
    session = await practice.services.sign_in.current(token, practice.services.clock(), extend=False)
    assert session is not None
    return Page(practice.services, session, token, feeds or Feeds(practice.services.projector.updates), follows)


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


async def test_what_moved_is_told_alone(practice: Practice, noor: httpx.AsyncClient) -> None:
    one = await practice.client("Alex")
    for number in range(5):
        await practice.client(f"Client {number}")
    async with await page_of(practice, noor) as page:
        assert len(await page.state()) == 6
        await one.write("something")
        event, told = await page.next()
        assert (event, told) == ("moved", {str(one.id): "3.0"})


async def test_a_page_of_one_client_hears_of_nobody_else(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "BEAT_SECONDS", 0.05)
    one, two = await practice.client("Alex"), await practice.client("Mira")
    theirs = await practice.client("somebody else's", therapist=None)
    async with await page_of(practice, noor, follows=Follows(one.id)) as page:
        assert await page.state() == {str(one.id): "2.0"}
        await two.write("something")
        assert await page.next() == ("beat", 1)
        await one.write("something")
        assert await page.state() == {str(one.id): "3.0"}
    async with await page_of(practice, noor, follows=Follows(theirs.id)) as page:
        assert await page.next() == ("beat", 1)


async def test_each_thing_that_moves_is_told_without_looking_up_the_session_until_it_may_have_ended(
    practice: Practice, noor: httpx.AsyncClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, looked = await practice.client("Alex"), []
    current = practice.services.sign_in.current

    async def counted(*given: Any, **words: Any) -> CurrentSession | None:
        looked.append(given)
        return await current(*given, **words)

    async with await page_of(practice, noor) as page:
        monkeypatch.setattr(practice.services.sign_in, "current", counted)
        await page.state()
        for _ in range(3):
            await client.write("something")
            await page.state()
        assert len(looked) == 1
        clock.move(seconds=int(events.BEAT_SECONDS))
        await client.write("something")
        await page.state()
        assert len(looked) == 2
        clock.move(minutes=30)
        await client.write("something")
        assert await page.next() == ("ended", 1)


async def test_what_moved_is_not_told_where_access_has_ended(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = await practice.client("Alex"), await practice.client("Mira")
    async with await page_of(practice, noor) as page:
        await page.state()
        # As if the page had not heard of it: the log decides all the same.
        monkeypatch.setattr(events.Feed, "grants_changed", lambda _: None)
        await practice.unassign(one)
        await one.write("not for noor")
        await two.write("for noor")
        event, told = await page.next()
        assert (event, told.keys()) == ("moved", {str(two.id)})


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
        await practice.worked_out()
        await theirs.write("not for noor")
        await practice.worked_out()
        while (event := (await page.next())[0]) != "beat":  # hers, that was still under way
            pass
        assert event == "beat"
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


async def test_a_caseload_hears_of_what_is_worked_out_and_of_what_its_therapist_has_looked_at(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    async with await page_of(practice, noor, follows=Follows(marks="caseload")) as page, asyncio.timeout(10):
        await page.state()
        await client.write("one")
        while (mark := (await page.moves(client)).split("."))[2] == "":
            pass
        overview = mark[2]
        assert mark[:2] + mark[3:] == ["3", "0", "0"]
        await client.write("two")
        while (await page.moves(client)).split(".")[2] == overview:
            pass
        await practice.worked_out()
        assert (await noor.get(f"/clients/{client.id}")).status_code == 200
        while (await page.moves(client)).split(".")[3] != "4":
            pass


def test_a_page_of_a_record_looks_again_for_rows_alone() -> None:
    stream, other = uuid4(), uuid4()
    page, caseload = Feed(rows_alone=True), Feed()
    for feed in (page, caseload):
        feed.taken()
        feed.woken(stream, 7)
        assert feed.taken() == {stream}
    # An overview is another one, or somebody has looked.
    for head in (0, 7):
        for feed in (page, caseload):
            feed.woken(stream, head)
        assert not page.moved.is_set()
        assert caseload.taken() == {stream}
    page.woken(other, 1)
    page.woken(stream, 8)
    assert page.taken() == {stream, other}


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


async def test_a_page_of_the_library_hears_of_it_and_of_nothing_else(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    page = await page_of(practice, noor)
    feeds = Feeds(practice.services.projector.updates)
    told = feeds.stream(practice.services, page.session, page.token, library=True)
    assert (await anext(told)).startswith(b"retry")
    first = (await anext(told)).decode()
    assert "event: state" in first
    assert first.split("data: ")[1].strip() in html.unescape((await noor.get("/library")).text)
    hearing = asyncio.ensure_future(anext(told))
    await client.write("of no interest here")
    await asyncio.sleep(0.2)
    assert not hearing.done()
    body = {"title": "Ours", "makes": "homework", "what": "x"}
    made = (await send(noor, "POST", "/api/templates", body)).json()
    moved = (await asyncio.wait_for(hearing, 5)).decode()
    assert moved != first
    for path in ("/library", f"/library/templates/{made['id']}"):
        answer = await noor.get(path)
        assert moved.split("data: ")[1].strip() in html.unescape(answer.text)
        assert f'data-fragment="/fragments{path}"' in answer.text
    await told.aclose()  # type: ignore[attr-defined]
