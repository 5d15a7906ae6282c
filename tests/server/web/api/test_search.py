"""Search by the HTTP API: the same words as on a device, one client's entries alone, and nothing that was withdrawn."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from tests.server.web.practice import MONDAY, Client, Practice

from intersession_schemas.documents.diary.sections import Section
from intersession_server.accounts import audit
from intersession_server.accounts.tables import AuditRow

pytestmark = pytest.mark.anyio

ANY = ["'", '"', "\0", "(", "AND", "a" * 1_000, "^", "{a b}", "\ufffd", "%", "é" * 400, "- " * 400, "a " * 500]


async def found(browser: httpx.AsyncClient, client: Client, query: str, **params: Any) -> dict[str, Any]:
    answer = await browser.get(f"/api/clients/{client.id}/search", params={"q": query, **params})
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def texts(browser: httpx.AsyncClient, client: Client, query: str) -> list[str]:
    return [item["text"] for item in (await found(browser, client, query))["items"]]


async def test_answers_and_tags_are_found_and_the_passage_shows_where(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    await client.write(
        "nothing",
        tags=["nightmares"],
        sections=[Section("What helped?", "a long walk"), Section("Which?", "", "k", "one_of", "tea")],
    )
    for query, shown in (("nightm", "nightmares"), ("long", "a long walk"), ("tea", "tea")):
        (item,) = (await found(noor, client, query))["items"]
        assert item["snippet"] == shown
        ((first, last),) = item["spans"]
        assert item["snippet"][first:last].startswith(query)


async def test_pages_hold_still_while_entries_arrive(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    for number in range(7):
        await client.write(f"walk {number}", at=MONDAY + timedelta(hours=number))
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = await found(noor, client, "walk", limit=3, **after)
        seen += [item["text"] for item in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
        await client.write("walk, later", at=MONDAY + timedelta(days=2))
    assert seen == [f"walk {number}" for number in reversed(range(7))]


async def test_a_range_of_time(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    for number in range(4):
        await client.write(f"walk {number}", at=MONDAY + timedelta(hours=number))
    since, until = ((MONDAY + timedelta(hours=hour)).isoformat() for hour in (1, 3))
    page = await found(noor, client, "walk", since=since, until=until)
    assert [item["text"] for item in page["items"]] == ["walk 2", "walk 1"]


async def test_many_entries_of_one_moment_are_all_found(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    for number in range(70):
        await client.write(f"walk {number}", at=MONDAY)
    page = await found(noor, client, "walk", limit=100)
    assert {item["text"] for item in page["items"]} == {f"walk {number}" for number in range(70)}


async def test_one_client_is_searched_and_nobody_else(practice: Practice, noor: httpx.AsyncClient) -> None:
    alex, zoe = await practice.client("Alex"), await practice.client("Zoe")
    foreign = await practice.client("somebody else's", therapist=None)
    for client in (alex, zoe, foreign):
        await client.write(f"a walk of {client.name}")
    assert await texts(noor, alex, "walk") == ["a walk of Alex"]
    assert await texts(noor, alex, zoe.id.hex) == []
    refused = await noor.get(f"/api/clients/{foreign.id}/search", params={"q": "walk"})
    assert refused.status_code == 404


async def test_it_is_written_down_that_it_was_read(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("a walk")
    await found(noor, client, "walk")
    (row,) = await AuditRow.select().where(AuditRow.client == client.id, AuditRow.action == audit.Action.ENTRIES_READ)
    assert "walk" not in str(row)


async def test_what_is_changed_is_found_by_its_new_words(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await client.write("a walk")
    assert await texts(noor, client, "walk") == ["a walk"]
    await client.erase(id_)
    assert await texts(noor, client, "walk") == []


@pytest.mark.parametrize(
    "params",
    [
        {"q": "x" * 1_001},
        {"q": "x", "limit": 0},
        {"q": "x", "limit": 101},
        {"q": "x", "after": "odd"},
        {"q": "x", "after": "ü"},
        {"q": "x", "since": "yesterday"},
        {"q": "x", "until": "2026-02-23"},
    ],
)
async def test_a_parameter_that_does_not_fit_is_refused(
    practice: Practice, noor: httpx.AsyncClient, params: dict[str, str]
) -> None:
    client = await practice.client("Alex")
    answer = await noor.get(f"/api/clients/{client.id}/search", params=params)
    assert answer.status_code == 400
    assert "yesterday" not in answer.text


async def test_any_text_may_be_sought(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("a walk")
    for query in (
        "'",
        '"',
        "\0",
        "(",
        "AND",
        "a" * 1_000,
        "^",
        "{a b}",
        "\ufffd",
        "%",
        "é" * 400,
        "- " * 400,
        "a " * 500,
    ):
        answer = await noor.get(f"/api/clients/{client.id}/search?q={quote(query)}")
        assert answer.status_code == 200, query


async def test_the_index_of_a_client_without_entries_is_empty(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    assert await found(noor, client, "walk") == {"items": [], "next": None}
    await client.write("a walk")
    answer = await noor.get(f"/api/clients/{client.id}/search")
    assert answer.json() == {"items": [], "next": None}  # nothing was asked for
