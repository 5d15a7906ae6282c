from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.server.accounts.world import Clock
from tests.server.web.api.test_measures import MILD, SEVERE, got, paper, sent
from tests.server.web.practice import MONDAY, Client, Practice, assigned
from tests.server.web.reading_pages import Reader, read
from tests.server.web.test_events import page_of

from intersession_schemas.documents.care.comments import Comment
from intersession_schemas.documents.care.topics import Topic
from intersession_schemas.streams import Kind
from intersession_server.accounts import seen
from intersession_server.accounts.tables import Device, Seen
from intersession_server.web.caseload import page as caseload
from intersession_server.web.live import Follows

pytestmark = pytest.mark.anyio

HOSTILE = "<script>alert('x')</script> ابجد \" & 'quoted'"


async def shown(practice: Practice, browser: httpx.AsyncClient, path: str = "/", **headers: str) -> Reader:
    """A page, once everything is worked out."""
    await practice.worked_out()
    return read(await browser.get(path, headers=headers))


def rows(page: Reader) -> list[str]:
    """The clients of a page, in order, by id."""
    return [
        str(a["id"]).removeprefix("client-")
        for tag, a in page.elements
        if tag == "tr" and str(a.get("id", "")).startswith("client-")
    ]


def fragment_of(page: Reader) -> str:
    (main,) = [a for tag, a in page.elements if tag == "main"]
    return str(main["data-fragment"])


def links(page: Reader, path: str) -> list[str]:
    return [str(a["href"]) for tag, a in page.elements if tag == "a" and str(a.get("href")).startswith(path)]


async def heard(client: Client, at: datetime) -> None:
    fields: dict[str, Any] = {"agent": "", "token_prefix": "x", "token_hash": str(uuid4()), "paired_at": MONDAY}
    await Device.insert(Device(id=uuid4(), person=client.id, last_heard_at=at, **fields))


async def test_a_row_says_what_is_new_who_wrote_when_and_is_honest_about_silence(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    busy, quiet = await practice.client("Alex"), await practice.client("Mira", role="supervisor")
    await busy.write("one", at=MONDAY, arrived=MONDAY + timedelta(days=2))
    await busy.log({"worry": 3})
    await heard(busy, practice.services.clock() - timedelta(minutes=5))
    page = await shown(practice, noor)
    assert "Alex – 1 entry, 1 log Last written 6 days ago 5 minutes ago none planned – worry 3" in page.text
    assert "Mira as supervisor – nothing new nothing received yet never none planned – –" in page.text
    assert rows(page) == [str(busy.id), str(quiet.id)]
    assert links(page, "/clients/") == [f"/clients/{busy.id}", f"/clients/{quiet.id}"]
    said = [a.get("aria-label") for tag, a in page.elements if tag == "svg"]
    assert said == ["worry, last 4 weeks: latest 3 on 23 Feb, on a scale from 1 to 5"]


async def test_an_empty_caseload(noor: httpx.AsyncClient) -> None:
    assert "No clients are assigned to you." in read(await noor.get("/")).text


async def test_open_risk_comes_first_and_an_acknowledged_one_presses_no_more(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    alex, mira, tom = [await practice.client(name) for name in ("Alex", "Mira", "Tom")]
    await mira.write("one")
    await paper(noor, tom, SEVERE, MONDAY)
    page = await shown(practice, noor)
    assert rows(page) == [str(tom.id), str(mira.id), str(alex.id)]
    assert "Tom Risk item endorsed 6 days ago" in page.text
    (signal,) = (await got(noor, f"/api/clients/{tom.id}/signals"))["items"]
    await sent(noor, "POST", f"/api/clients/{tom.id}/acknowledgements", 201, signal=signal["id"], note="x")
    page = await shown(practice, noor)
    assert rows(page) == [str(mira.id), str(alex.id), str(tom.id)]
    assert "Risk item endorsed" not in page.text


async def test_sessions_and_homework_of_this_week(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    now = practice.services.clock()  # a Monday
    await assigned(noor, client, rule="FREQ=DAILY", since=str(now.date() - timedelta(days=20)))
    at = now + timedelta(hours=5)
    await sent(noor, "POST", f"/api/clients/{client.id}/sessions", 201, planned_at=at.isoformat())
    page = await shown(practice, noor, "/?show=today")
    assert "today, 14:00 0 of 1" in page.text
    assert rows(page) == [str(client.id)]
    assert "Session today 1" in page.text


# --- what is new ------------------------------------------------------------------------------------------------------


async def test_whoever_opens_a_page_of_a_client_has_looked_and_another_therapist_has_not(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    await practice.therapist("sam", "Sam")
    await practice.do(practice.assign(client, "sam", "covering"))
    await client.write("one")
    assert "1 entry" in (await shown(practice, noor)).text
    await noor.get(f"/clients/{client.id}")
    assert "nothing new" in (await shown(practice, noor)).text
    async with practice.signed_in("sam") as sam:
        assert "Alex covering for a colleague – 1 entry" in (await shown(practice, sam)).text
    await client.write("two")
    await client.make(Kind.TOPIC, Topic(text="x", made_at=MONDAY))
    await client.make(Kind.COMMENT, Comment(on=uuid4(), text="y", made_at=MONDAY))
    assert "1 entry, 1 topic, 1 comment" in (await shown(practice, noor)).text


async def test_a_program_and_a_page_out_of_view_do_not_look(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("one")
    for path, headers in (
        (f"/api/clients/{client.id}/entries", {}),
        (f"/api/clients/{client.id}/entries", {"x-in-view": "1"}),
        (f"/fragments/clients/{client.id}", {}),
        (f"/fragments/clients/{client.id}", {"x-in-view": "0"}),
        ("/api/clients", {}),
    ):
        assert (await noor.get(path, headers=headers)).status_code == 200
        assert "1 entry" in (await shown(practice, noor)).text, path
        assert await Seen.count() == 0
    await noor.get(f"/fragments/clients/{client.id}", headers={"x-in-view": "1"})
    assert "nothing new" in (await shown(practice, noor)).text


async def test_what_one_has_looked_at_is_kept_up_to_the_row_that_was_shown_and_never_goes_back(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    await client.write("one")
    await noor.get(f"/clients/{client.id}")
    await client.write("two")
    (row,) = await Seen.select()
    assert (row["client"], row["through_row"], row["at"]) == (client.id, 3, practice.services.clock())
    assert not await seen.note(row["therapist"], client.id, 1, practice.services.clock())
    assert [one["through_row"] for one in await Seen.select()] == [3]


async def test_it_goes_with_the_assignment(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("one")
    await noor.get(f"/clients/{client.id}")
    assert await Seen.count() == 1
    await practice.unassign(client)
    assert await Seen.count() == 0
    await practice.do(practice.assign(client, "noor"))
    assert "1 entry" in (await shown(practice, noor)).text


# --- who is shown -----------------------------------------------------------------------------------------------------


async def test_a_filter_a_name_and_an_order_are_in_the_address(
    practice: Practice, noor: httpx.AsyncClient, clock: Clock
) -> None:
    alex, mira, tom = [await practice.client(name) for name in ("Alex Öz", "Mira", "Tom Oz")]
    await tom.write("one")
    await heard(tom, clock.now - timedelta(days=1))
    page = await shown(practice, noor)
    assert "All 3 Open signals 0 Something new 1 No sync for a week 2 Session today 0 Session this week 0" in page.text
    assert rows(await shown(practice, noor, "/?show=new")) == [str(tom.id)]
    assert rows(await shown(practice, noor, "/?show=quiet")) == [str(alex.id), str(mira.id)]
    assert rows(await shown(practice, noor, "/?q=oz")) == [str(tom.id), str(alex.id)]
    page = await shown(practice, noor, "/?q=oz&sort=name&show=new")
    assert rows(page) == [str(tom.id)]
    assert "/?sort=name&q=oz" in links(page, "/?")
    assert "No client is like that now." in (await shown(practice, noor, "/?show=signals")).text
    for query in ("show=x", "sort=x", "kept=x", "kept=", "before=x", f"q={'x' * 201}"):
        assert (await noor.get(f"/?{query}")).status_code == 400, query


async def test_what_is_typed_is_told_nobody(practice: Practice, noor: httpx.AsyncClient) -> None:
    for path in ("/?q=mira", "/fragments?q=mira", "/api/clients?q=mira"):
        assert (await noor.get(path)).headers["referrer-policy"] == "strict-origin"


async def test_two_hundred_clients_are_a_page(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caseload, "CLIENTS_PER_PAGE", 2)
    clients = [await practice.client(name) for name in "ABCDE"]
    found: list[str] = []
    path: str | None = "/"
    while path:
        page = await shown(practice, noor, path)
        found += rows(page)
        path = next((str(a["href"]) for tag, a in page.elements if tag == "a" and a.get("rel") == "next"), None)
    assert found == [str(one.id) for one in clients]


async def test_a_name_is_text(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client(HOSTILE)
    await paper(noor, client, SEVERE, MONDAY)
    page = await shown(practice, noor, f"/?q={HOSTILE[:8]}")
    assert rows(page) == [str(client.id)]
    assert " ".join(HOSTILE.split()) in page.text


# --- what moves -------------------------------------------------------------------------------------------------------


async def test_a_row_that_would_move_stays_and_says_how_much_has_come(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    clients = [await practice.client(name) for name in "ABC"]
    page = await shown(practice, noor)
    for number in range(3):
        await clients[2].write(f"number {number}")
    moved = await shown(practice, noor, fragment_of(page))
    assert rows(moved) == rows(page) == [str(one.id) for one in clients]
    assert "C 3 updates – 3 entries" in moved.text
    assert "The order stays as it was when you opened this page. Sort again" in moved.text
    assert fragment_of(moved) == fragment_of(page)
    assert rows(await shown(practice, noor)) == [str(clients[2].id), str(clients[0].id), str(clients[1].id)]
    # What is new in its place needs no such mark.
    first = await shown(practice, noor)
    await clients[2].write("one more")
    again = await shown(practice, noor, fragment_of(first))
    assert "C – 4 entries" in again.text
    assert "Sort again" not in again.text


async def test_a_new_risk_is_told_above_the_list_wherever_its_client_stands(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    _, mira = await practice.client("Alex"), await practice.client("Mira")
    await paper(noor, mira, SEVERE | {"q9": 2}, MONDAY - timedelta(days=3))
    whole, named = await shown(practice, noor), await shown(practice, noor, "/?q=alex")
    for page in (whole, named):
        assert "Risk item endorsed ·" not in (await shown(practice, noor, fragment_of(page))).text
    await paper(noor, mira, SEVERE, MONDAY)
    for page in (whole, named):
        moved = await shown(practice, noor, fragment_of(page))
        assert "Risk item endorsed · Mira · 6 days ago" in moved.text
        assert rows(moved) == rows(page)
        assert f"/clients/{mira.id}" in links(moved, "/clients/")
    assert "Risk item endorsed ·" not in (await shown(practice, noor)).text


async def test_whoever_stops_matching_stays_until_it_is_sorted_again(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    await client.write("one")
    page = await shown(practice, noor, "/?show=new")
    await noor.get(f"/clients/{client.id}")
    moved = await shown(practice, noor, fragment_of(page))
    assert "Alex changed – nothing new" in moved.text
    assert "No client is like that now." in (await shown(practice, noor, "/?show=new")).text


async def test_what_it_shows_is_what_the_events_say(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("one")
    await practice.worked_out()
    text = (await noor.get("/")).text
    state = unescape(re.findall(r'data-state="([^"]*)"', text)[0])
    async with await page_of(practice, noor, follows=Follows(marks="caseload")) as page:
        event, data = await page.next()
        assert event == "state"
    assert json.loads(state) == data


def changed_of(page: Reader, *clients: Client) -> str:
    """Where the rows of these clients alone are."""
    (main,) = [a for tag, a in page.elements if tag == "main"]
    return str(main["data-changed"]) + "".join(f"&only={one.id}" for one in clients)


def state_of(page: Reader) -> dict[str, str]:
    (main,) = [a for tag, a in page.elements if tag == "main"]
    found: dict[str, str] = json.loads(str(main["data-state"]))
    return found


@pytest.mark.parametrize("address", ["/", "/?sort=new", "/?sort=name&show=new", "/?q=a"])
async def test_the_rows_of_some_alone_say_what_the_whole_page_says_of_them(
    practice: Practice, noor: httpx.AsyncClient, address: str
) -> None:
    clients = [await practice.client(name, role="supervisor") for name in ("Anna", "Clara", "Mara")]
    for one in clients:
        await one.write("one")
    page = await shown(practice, noor, address)
    assert len(rows(page)) == 3
    await clients[1].write("two")
    await paper(noor, clients[2], SEVERE, MONDAY)
    whole = await shown(practice, noor, fragment_of(page))
    some = await shown(practice, noor, changed_of(page, *clients[1:]))
    assert rows(some) == rows(whole)[1:]
    assert state_of(some) == {str(one.id): state_of(whole)[str(one.id)] for one in clients[1:]}
    assert ("Risk item endorsed · Mara" in some.text) is ("Risk item endorsed · Mara" in whole.text) is True
    of_whole, of_some = [[a for tag, a in one.elements if tag == "tr" and a.get("id")] for one in (whole, some)]
    assert of_some == of_whole[1:]
    assert "Anna" not in some.text


async def test_a_row_alone_that_would_move_says_so(practice: Practice, noor: httpx.AsyncClient) -> None:
    clients = [await practice.client(name) for name in "ABC"]
    page = await shown(practice, noor)
    await clients[2].write("one")
    moved = await shown(practice, noor, changed_of(page, clients[2]))
    assert "C 1 update – 1 entry" in moved.text
    assert "Sort again" in moved.text
    first = await shown(practice, noor)
    await clients[2].write("one more")
    again = await shown(practice, noor, changed_of(first, clients[2]))
    assert "C – 2 entries" in again.text
    assert "Sort again" not in again.text


async def test_rows_alone_are_of_clients_in_care(practice: Practice, noor: httpx.AsyncClient) -> None:
    mine, ended = await practice.client("Alex"), await practice.client("Mira")
    theirs = await practice.client("Tom", therapist=None)
    page = await shown(practice, noor)
    await practice.unassign(ended)
    some = await shown(practice, noor, changed_of(page, mine, ended, theirs))
    assert rows(some) == list(state_of(some)) == [str(mine.id)]
    assert "Tom" not in some.text
    assert "Mira" not in some.text
    before = len(await practice.audit("clients_read"))
    assert (await noor.get(changed_of(page, mine))).status_code == 200
    assert len(await practice.audit("clients_read")) == before + 1
    for query in ("", f"only={mine.id}", f"only={mine.id}&kept=x", f"kept=x&only={mine.id}", "only=x&kept=AAAA"):
        assert (await noor.get(f"/fragments/caseload/changed?{query}")).status_code == 400, query
    address = changed_of(page, *[mine] * (caseload.MOST_CHANGED + 1))
    assert (await noor.get(address)).status_code == 400


# --- the HTTP API -----------------------------------------------------------------------------------------------------


async def test_the_api_says_the_same(practice: Practice, noor: httpx.AsyncClient) -> None:
    alex, mira = await practice.client("Alex"), await practice.client("Mira")
    await mira.write("one")
    await mira.log({"worry": 3})
    await paper(noor, mira, MILD, MONDAY - timedelta(days=20))
    await paper(noor, mira, SEVERE, MONDAY)
    now = practice.services.clock()
    at = now + timedelta(days=1)
    await sent(noor, "POST", f"/api/clients/{mira.id}/sessions", 201, planned_at=at.isoformat())
    await assigned(noor, mira, rule="FREQ=DAILY", since=str(now.date() - timedelta(days=3)))
    await heard(mira, now)
    await practice.worked_out()
    before = len(await practice.audit("clients_read"))
    items = (await got(noor, "/api/clients"))["items"]
    assert [one["id"] for one in items] == [str(alex.id), str(mira.id)]
    assert len(await practice.audit("clients_read")) == before + 1
    found = items[1]
    assert {one["kind"] for one in found["signals"]} == {"risk", "deterioration"}
    assert found["signals"][0]["kind"] == "risk"
    assert found["new"] == {
        **dict.fromkeys(("assessments", "homework_reports", "topics", "comments"), 0),
        "entries": 1,
        "symptom_logs": 1,
    }
    assert (found["looked_at"], found["homework_this_week"]) == (False, {"done": 0, "due": 1})
    assert datetime.fromisoformat(found["next_session_at"]) == at
    assert datetime.fromisoformat(found["last_heard_at"]) == now
    assert found["course"]["name"] == "worry"
    for query, expected in (
        ("show=signals", [mira]),
        ("sort=pressing", [mira, alex]),
        ("q=al", [alex]),
        ("sort=pressing&limit=1", [mira]),
    ):
        found = (await noor.get(f"/api/clients?{query}")).json()
        assert [UUID(one["id"]) for one in found["items"]] == [one.id for one in expected], query
    rest = await got(noor, "/api/clients", sort="pressing", limit=1, before=found["next"])
    assert [one["id"] for one in rest["items"]] == [str(alex.id)]
    paths = (await got(noor, "/schema/openapi.json"))["paths"]
    named = [one["name"] for one in paths["/api/clients"]["get"]["parameters"]]
    assert {"show", "sort", "q", "limit", "before"} <= set(named)
