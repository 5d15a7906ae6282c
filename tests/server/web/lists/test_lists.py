"""Every list that can grow is read a page at a time, to its end, each item once: in the API and on the pages."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.server.web.api.test_plan import sent
from tests.server.web.practice import MONDAY, Client, Practice

from intersession_schemas.documents.care.comments import Comment
from intersession_schemas.documents.care.goals import Goal
from intersession_schemas.documents.care.homework import HomeworkProgress
from intersession_schemas.documents.care.topics import Topic
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind
from intersession_server.projections.windows import cursor_text, read_cursor
from intersession_server.web.caseload import page as caseload
from intersession_server.web.lists import page as lists
from intersession_server.web.record.paging import SortKey, page_of
from intersession_server.web.record.resources import RESOURCES

pytestmark = pytest.mark.anyio

NUMBER = 7
LISTS_WITHOUT_CLIENT = {"/api/clients", "/api/templates", "/api/instruments", "/api/library/resources"} | {
    "/api/practice/clients",
    "/api/practice/therapists",
}
LISTS_OF_A_DIARY = {"entries", "search", "symptoms"}
MADE = {"scores", "signals"}
MADE_NOW = {"acknowledgements", "homework", "homework-reviews", "resources"}
"""Those that are filled at one moment, so that their order is that of their ids."""


async def whole(
    browser: httpx.AsyncClient,
    path: str,
    limit: int,
    between: Callable[[], Awaitable[Any]] | None = None,
    **params: str,
) -> list[list[dict[str, Any]]]:
    """The pages of a list; `between` happens after the first."""
    found: list[list[dict[str, Any]]] = []
    asked: dict[str, Any] = {"limit": limit, **params}
    while True:
        answer = await browser.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        found.append(answer.json()["items"])
        if answer.json()["next"] is None:
            return found
        asked["before"] = answer.json()["next"]
        if between is not None and len(found) == 1:
            await between()


async def fill(noor: httpx.AsyncClient, client: Client, path: str, number: int) -> str:
    """One more document of a list; its id."""
    at = MONDAY + timedelta(hours=number)
    base = f"/api/clients/{client.id}/{path}"
    match path:
        case "goals":
            return str(await client.make(Kind.GOAL, Goal(what=f"Goal {number}", made_at=at)))
        case "resources":
            return str((await sent(noor, "POST", base, 201, title=f"No {number}", text="x"))["id"])
        case "homework":
            return str((await sent(noor, "POST", base, 201, what=f"No {number}"))["id"])
        case "homework-progress":
            said = HomeworkProgress(homework=client.id, occurrence="once", status="done", done_at=at, entered_at=at)
            return str(await client.make(Kind.HOMEWORK_PROGRESS, said))
        case "homework-reviews":
            homework = await fill(noor, client, "homework", number)
            path = f"/api/clients/{client.id}/homework/{homework}/reviews"
            return str((await sent(noor, "POST", path, 201, decision="keep"))["review"]["id"])
        case "comments":
            return str(await client.make(Kind.COMMENT, Comment(on=client.id, text=f"No {number}", made_at=at)))
        case "topics":
            return str(await client.make(Kind.TOPIC, Topic(text=f"No {number}", made_at=at)))
        case "sessions":
            return str((await sent(noor, "POST", base, 201, planned_at=at.isoformat()))["id"])
        case "episodes":
            day = (at + timedelta(days=number + 10)).date().isoformat()
            return str((await sent(noor, "POST", base, 201, began_on=day))["id"])
        case "assessments":
            taken = {"instrument": "phq-9", "answers": {"q9": 1}, "at": at.isoformat()}
            return str((await sent(noor, "POST", base, 201, **taken))["id"])
        case "acknowledgements":
            risk = await fill(noor, client, "assessments", number)
            return str((await sent(noor, "POST", base, 201, signal=f"risk/{risk}/q9/1"))["id"])
    raise AssertionError(f"Say here how a list of {path} is filled.")


@pytest.mark.parametrize("path", [one.path for one in RESOURCES])
async def test_a_list_is_read_to_its_end(practice: Practice, noor: httpx.AsyncClient, path: str) -> None:
    client = await practice.client("Alex")
    (at_first,) = await whole(noor, f"/api/clients/{client.id}/{path}", 3)  # a first episode comes with the record
    written = [str(one["id"]) for one in at_first]
    written += [await fill(noor, client, path, number) for number in range(NUMBER)]
    found = await whole(noor, f"/api/clients/{client.id}/{path}", 3)
    assert [len(page) for page in found] == [3, 3, 1 + len(at_first)]
    assert sorted(one["id"] for page in found for one in page) == sorted(written)
    if path not in MADE_NOW:
        assert [one["id"] for page in found for one in page] == written[::-1]


async def test_what_comes_in_between_is_neither_skipped_nor_repeated(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    written = [await fill(noor, client, "goals", number) for number in range(NUMBER)]

    async def newer() -> None:
        await fill(noor, client, "goals", 100)

    found = await whole(noor, f"/api/clients/{client.id}/goals", 3, newer)
    assert [one["id"] for page in found for one in page] == written[::-1]


@pytest.mark.parametrize("path", sorted(MADE))
async def test_what_is_made_of_a_record_is_paged_too(practice: Practice, noor: httpx.AsyncClient, path: str) -> None:
    client = await practice.client("Alex")
    for number in range(NUMBER):
        await fill(noor, client, "assessments", number)
    base = f"/api/clients/{client.id}/{path}"
    (at_once,) = await whole(noor, base, 500)
    found = await whole(noor, base, 3)
    assert len(at_once) >= NUMBER
    assert [one for page in found for one in page] == at_once
    assert {len(page) for page in found[:-1]} == {3}


async def test_clients_templates_and_instruments_are_paged_too(practice: Practice, noor: httpx.AsyncClient) -> None:
    for name in ("Éva", "alex", "Alex", "Bo", "Cleo"):
        await practice.client(name)
    for title in ("walks", "Diary", "diary", "Breathing"):
        await sent(noor, "POST", "/api/templates", 201, title=title, what="x")
    for path, named in (("/api/clients", "name"), ("/api/templates", None), ("/api/instruments", "key")):
        (at_once,) = await whole(noor, path, 500)
        found = await whole(noor, path, 2)
        assert [one for page in found for one in page] == at_once
        assert len(found) == -(-len(at_once) // 2)
        assert len(at_once) >= 4
        if named == "name":
            assert [one["name"].casefold() for one in at_once] == ["alex", "alex", "bo", "cleo", "éva"]


async def test_every_list_of_the_api_says_where_it_goes_on(practice: Practice) -> None:
    """Also one that somebody adds one day."""
    async with practice.browser() as browser:
        schema = (await browser.get("/schema/openapi.json")).json()
    lists_found = set()
    for path, methods in schema["paths"].items():
        answer = methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {}).get("application/json")
        name = (answer or {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
        fields = schema["components"]["schemas"].get(name, {}).get("properties", {})
        if "items" not in fields:
            continue
        lists_found.add(path)
        parameters = {one["name"] for one in methods["get"]["parameters"]}
        assert "next" in fields, path
        assert "limit" in parameters, path
        assert {"before", "after"} & parameters, path
    base = "/api/clients/{client}/"
    of_a_client = {base + name for name in {one.path for one in RESOURCES} | MADE | LISTS_OF_A_DIARY | {"notes"}}
    assert lists_found == of_a_client | LISTS_WITHOUT_CLIENT


NO_PLACES = ("x", "", "%", cursor_text(("a",)), cursor_text((1, 2, 3)), "A" * 3_000)


@pytest.mark.parametrize("before", NO_PLACES)
async def test_a_place_of_no_list_is_refused(practice: Practice, noor: httpx.AsyncClient, before: str) -> None:
    client = await practice.client("Alex")
    await fill(noor, client, "assessments", 1)
    for path in ("goals", "scores", "signals"):
        answer = await noor.get(f"/api/clients/{client.id}/{path}", params={"before": before})
        assert answer.status_code == 400, path
        page = await noor.get(f"/clients/{client.id}/records/{path}", params={"before": before})
        assert page.status_code == 400, path


def test_a_page_begins_behind_the_place() -> None:
    numbers = [(number,) for number in range(5)]
    first = page_of(numbers, lambda one: one, 2, None)
    assert (first.items, read_cursor(first.next or "", SortKey)) == ([(0,), (1,)], (1,))
    assert page_of(numbers[2:], lambda one: one, 9, first.next).items == numbers[2:], "its item may be gone"
    down = page_of(numbers[::-1], lambda one: one, 2, cursor_text((3,)), descending=True)
    assert (down.items, down.next is None) == ([(2,), (1,)], False)
    with pytest.raises(InvalidField):
        page_of(numbers, lambda one: one, 2, cursor_text(("x",)))


# --- the pages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*(one.path for one in RESOURCES), *sorted(MADE)])
async def test_a_page_of_a_list_leads_to_its_end(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(lists, "CARDS_PER_PAGE", 3)
    client = await practice.client("Alex")
    for number in range(NUMBER):
        await fill(noor, client, "assessments" if path in MADE else path, number)
    address: str | None = f"/clients/{client.id}/records/{path}"
    shown: list[str] = []
    while address is not None:
        page = await noor.get(address)
        assert page.status_code == 200
        fragment = await noor.get(f"/fragments{address}")
        assert fragment.status_code == 200
        cards = re.findall(r'<article class="[^"]*" id="([^"]+)"', page.text)
        assert cards == re.findall(r'<article class="[^"]*" id="([^"]+)"', fragment.text)
        assert 1 <= len(cards) <= 3
        shown += cards
        further = re.search(r'rel="next" href="([^"]+)"', page.text)
        address = further[1] if further else None
    assert len(shown) == len(set(shown)) >= NUMBER


async def test_a_document_without_a_card_of_its_own_is_shown_field_by_field(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    await sent(
        noor, "POST", f"/api/clients/{client.id}/sessions", 201, planned_at="2026-03-10T10:00:00+01:00", minutes=50
    )
    page = (await noor.get(f"/clients/{client.id}/records/sessions")).text
    for words in ("Planned at", "Tue 10 Mar 2026, 10:00", "Minutes", "50", "State", "planned"):
        assert words in page
    await fill(noor, client, "assessments", 1)
    assert "q9: 1" in (await noor.get(f"/clients/{client.id}/records/assessments")).text, "an answer to no item"
    nothing = (await noor.get(f"/clients/{client.id}/records/goals")).text
    assert "Nothing received yet." in nothing


async def test_there_is_no_page_of_another_list(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    for path in ("plan", "notes", "x", "%2e%2e"):
        assert (await noor.get(f"/clients/{client.id}/records/{path}")).status_code == 404


async def test_a_long_caseload_has_pages(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caseload, "CLIENTS_PER_PAGE", 2)
    for name in ("Alex", "Bo", "Cleo"):
        await practice.client(name)
    first = (await noor.get("/")).text
    assert ("Alex" in first, "Cleo" in first) == (True, False)
    more = re.search(r'rel="next" href="([^"]+)"', first)
    assert more is not None
    second = (await noor.get(more[1])).text
    assert ("Alex" in second, "Cleo" in second, 'rel="next"' in second) == (False, True, False)
