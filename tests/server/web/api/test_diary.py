from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from tests.server.web.practice import BERLIN, MONDAY, Client, Practice

from intersession_schemas.documents.diary.sections import Section
from intersession_schemas.documents.diary.symptoms import Log, Number
from intersession_schemas.documents.names import name_key
from intersession_schemas.streams import Kind
from intersession_server.accounts.tables import Device

pytestmark = pytest.mark.anyio


async def items(browser: httpx.AsyncClient, path: str, **params: Any) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    found: list[dict[str, Any]] = []
    while True:
        answer = await browser.get(path, params=params)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["items"]
        if page["next"] is None:
            return found
        params["before"] = page["next"]


async def texts(browser: httpx.AsyncClient, client: Client, **params: Any) -> list[str]:
    return [item["text"] for item in await items(browser, f"/api/clients/{client.id}/entries", **params)]


async def test_an_entry_is_there_with_all_it_has(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    arrived = datetime(2026, 2, 25, 6, 0, tzinfo=UTC)
    id_ = await client.write(
        "slept badly",
        at=MONDAY,
        arrived=arrived,
        entered_at=MONDAY + timedelta(days=1),
        zone="Europe/Berlin",
        mood=4,
        tags=["sleep"],
        sections=[Section("What helped?", "a walk", "helped")],
    )
    (item,) = await items(noor, f"/api/clients/{client.id}/entries")
    assert item == {
        "id": str(id_),
        "written_at": "2026-02-23T23:50:00+01:00",
        "entered_at": "2026-02-24T23:50:00+01:00",
        "zone": "Europe/Berlin",
        "arrived_at": "2026-02-25T06:00:00Z",
        "changed_by": str(client.id),
        "changed_at": "2026-02-25T06:00:00Z",
        "late": True,
        "mood": 4,
        "tags": ["sleep"],
        "text": "slept badly",
        "sections": [msgspec.to_builtins(Section("What helped?", "a walk", "helped"))],
        "problems": [],
        "corrected_at": None,
        "earlier": [],
    }


async def test_a_symptom_log_is_there_with_all_it_has(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    arrived = datetime(2026, 2, 23, 23, 0, tzinfo=UTC)
    values = {"worry": 3, "relax": 2.5, "“odd” % _ \\ name": 1}
    id_ = await client.log(values, arrived=arrived, scale=(1, 5), note="after work", zone="Europe/Berlin")
    (item,) = await items(noor, f"/api/clients/{client.id}/symptoms")
    assert item == {
        "id": str(id_),
        "at": "2026-02-23T23:50:00+01:00",
        "zone": "Europe/Berlin",
        "values": values,
        "scale": [1, 5],
        "note": "after work",
        "entered_at": "2026-02-23T23:50:00+01:00",
        "arrived_at": "2026-02-23T23:00:00Z",
        "late": False,
        "corrected_at": None,
        "earlier": [],
    }


async def test_what_cannot_be_read_is_listed_as_a_problem(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.put(Kind.JOURNAL_ENTRY, MONDAY, mood=99)
    (item,) = await items(noor, f"/api/clients/{client.id}/entries")
    assert (item["written_at"], item["mood"], item["text"]) == (None, None, "")
    assert any(problem.startswith("mood:") for problem in item["problems"])


ARRIVED = ("id", "name", "role", "last_written_at", "last_arrived_at", "last_heard_at", "entries", "symptom_logs")


async def test_the_clients_and_what_has_arrived_of_them(practice: Practice, noor: httpx.AsyncClient) -> None:
    quiet, busy = await practice.client("Zoe"), await practice.client("alex", role="covering")
    await practice.client("somebody else's", therapist=None)
    await busy.write("one", at=MONDAY)
    await busy.log({"worry": 1}, at=MONDAY - timedelta(days=3), arrived=MONDAY + timedelta(days=2))
    heard = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    for token, at in (("a", heard), ("b", heard - timedelta(days=9)), ("c", None)):
        await Device.insert(
            Device(
                id=uuid4(),
                person=busy.id,
                agent="",
                token_prefix=token,
                token_hash=token,
                paired_at=heard,
                last_heard_at=at,
            )
        )
    await practice.worked_out()
    found = await items(noor, "/api/clients")
    # What else it says is tried where caseloads are.
    assert [{name: one[name] for name in ARRIVED} for one in found] == [
        {
            "id": str(busy.id),
            "name": "alex",
            "role": "covering",
            "last_written_at": "2026-02-23T23:50:00+01:00",
            "last_arrived_at": "2026-02-25T22:50:00Z",
            "last_heard_at": "2026-03-01T12:00:00Z",
            "entries": 1,
            "symptom_logs": 1,
        },
        {
            "id": str(quiet.id),
            "name": "Zoe",
            "role": "primary",
            "last_written_at": None,
            "last_arrived_at": None,
            "last_heard_at": None,
            "entries": 0,
            "symptom_logs": 0,
        },
    ]


async def test_lists_are_newest_first_and_paged(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    for hour in (3, 1, 2, 2, 2):
        await client.write(str(hour), at=MONDAY - timedelta(hours=hour))
    for limit in (1, 2, 3, 4, 5, 500):
        assert await texts(noor, client, limit=limit) == ["1", "2", "2", "2", "3"]


async def test_a_page_stays_where_it_was_when_entries_come_in_before_it(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    for hour in range(4):
        await client.write(str(hour), at=MONDAY - timedelta(hours=hour))
    path = f"/api/clients/{client.id}/entries"
    first = (await noor.get(path, params={"limit": 2})).json()
    await client.write("newer", at=MONDAY + timedelta(hours=1))
    await client.write("in between", at=MONDAY - timedelta(minutes=30))
    second = (await noor.get(path, params={"limit": 2, "before": first["next"]})).json()
    assert [item["text"] for item in first["items"] + second["items"]] == ["0", "1", "2", "3"]
    assert second["next"] is None


RANGES: list[tuple[dict[str, str], list[str]]] = [
    ({"since": "2026-02-23"}, ["23:50", "00:10"]),
    ({"until": "2026-02-23"}, ["23:50", "00:10", "the day before"]),
    ({"since": "2026-02-23", "until": "2026-02-23"}, ["23:50", "00:10"]),
    ({"since": "2026-02-24"}, []),
    ({"since": "2026-02-23T23:50:00+01:00"}, ["23:50"]),
    ({"since": "2026-02-23T22:50:00Z"}, ["23:50"]),
    ({"until": "2026-02-23T23:50:00+01:00"}, ["00:10", "the day before"]),
    ({"since": "2026-02-22T23:10:00+00:00", "until": "2026-02-23T22:50:00.000001Z"}, ["23:50", "00:10"]),
]


async def test_a_range_of_local_days_or_of_moments(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("23:50", at=MONDAY)
    # 23:10 of the day before in UTC: the day is the writer's.
    await client.write("00:10", at=MONDAY.replace(hour=0, minute=10))
    await client.write("the day before", at=MONDAY - timedelta(days=1))
    for bounds, expected in RANGES:
        assert await texts(noor, client, **bounds) == expected, bounds


async def test_a_plus_that_was_not_escaped_is_understood(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("one", at=MONDAY)
    answer = await noor.get(f"/api/clients/{client.id}/entries?since=2026-02-23T23:50:00+01:00")
    assert [item["text"] for item in answer.json()["items"]] == ["one"]


NAMES: list[tuple[str, int]] = [
    ("worry", 3),
    ("relax", 1),
    ("rel", 0),
    ("RELAX", 1),
    ("  Relax ", 1),
    ("a%b", 1),
    ("a_b", 0),
    ('say "hm"', 1),
    ("back\\slash", 1),
    ("müde 😴", 1),
    ("note", 0),
]


async def test_logs_that_have_a_symptom(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    odd = {'say "hm"': 1, "back\\slash": 2, "müde 😴": 3, "worry": 4, "a%b": 1}
    written: list[dict[str, Number]] = [{"worry": 1}, {"relax": 2, "worry": 3}, {**odd}, {"aXb": 1}]
    for number, values in enumerate(written):
        await client.log(values, at=MONDAY - timedelta(hours=number), note='"note":1')
    for name, expected in NAMES:
        found = await items(noor, f"/api/clients/{client.id}/symptoms", name=name, limit=1)
        assert len(found) == expected, name
        assert all(name_key(name) in map(name_key, item["values"]) for item in found)


async def test_a_name_among_many_others_is_found_through_all_pages(practice: Practice, noor: httpx.AsyncClient) -> None:
    """The pattern that the database looks for also matches `aXb`; the right ones lie behind many of those."""
    client = await practice.client("Alex")
    logs = [
        Log(
            id=uuid4(),
            at=MONDAY - timedelta(hours=hour),
            entered_at=MONDAY,
            values={"a%b" if hour % 9 == 8 else "aXb": 1},
        )
        for hour in range(40)
    ]
    await client.logs(logs, MONDAY)
    found = await items(noor, f"/api/clients/{client.id}/symptoms", name="a%b", limit=2)
    assert [item["id"] for item in found] == [str(log.id) for log in logs if "a%b" in log.values]


NO_PARAMETERS: list[dict[str, Any]] = [
    {"limit": 0},
    {"limit": 501},
    {"limit": "many"},
    {"before": "nonsense"},
    {"before": ""},
    {"before": "kgHEEA"},
    {"before": "é"},
    {"since": "yesterday"},
    {"since": "2026-02-23T23:50:00"},
    {"since": "2026-02-30"},
    {"until": ""},
    {"since": "0" * 50},
]


async def test_a_parameter_that_is_none_is_refused_and_not_quoted(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    for params in NO_PARAMETERS:
        for what in ("entries", "symptoms"):
            answer = await noor.get(f"/api/clients/{client.id}/{what}", params=params)
            assert answer.status_code == 400, params
            assert answer.json()["code"] in ("bad_request", "invalid_field")
            assert "nonsense" not in answer.text
            assert "yesterday" not in answer.text


async def test_the_description_names_every_route_of_the_api(practice: Practice) -> None:
    async with practice.browser() as browser:
        schema = (await browser.get("/schema/openapi.json")).json()
    documented = {path for path in schema["paths"] if path.startswith(("/api", "/sign"))}
    assert documented == {
        "/api/me",
        "/api/clients",
        "/api/clients/{client}/entries",
        "/api/clients/{client}/search",
        "/api/clients/{client}/symptoms",
        "/api/clients/{client}/plan",
        "/api/clients/{client}/plan/templates",
        "/api/clients/{client}/notes",
        "/api/clients/{client}/notes/{document}",
        "/api/clients/{client}/progress",
        "/api/clients/{client}/homework/{homework}/again",
        "/api/clients/{client}/homework",
        "/api/clients/{client}/homework/{homework}",
        "/api/clients/{client}/homework/{homework}/reviews",
        "/api/clients/{client}/goals",
        "/api/clients/{client}/goals/{document}",
        "/api/clients/{client}/resources",
        "/api/clients/{client}/resources/{document}",
        "/api/clients/{client}/comments",
        "/api/clients/{client}/assessments",
        "/api/clients/{client}/scores",
        "/api/clients/{client}/signals",
        "/api/clients/{client}/together",
        "/api/clients/{client}/acknowledgements",
        "/api/clients/{client}/homework-progress",
        "/api/clients/{client}/homework-reviews",
        "/api/clients/{client}/brief",
        "/api/clients/{client}/sessions",
        "/api/clients/{client}/sessions/{document}",
        "/api/clients/{client}/episodes",
        "/api/clients/{client}/episodes/{document}",
        "/api/clients/{client}/topics",
        "/api/templates",
        "/api/templates/{document}",
        "/api/library/resources",
        "/api/library/resources/{document}",
        "/api/instruments",
        "/api/instruments/preview",
        "/api/instruments/{key}",
        "/api/account",
        "/api/account/devices",
        "/api/account/devices/{device}/revoke",
        "/api/account/invitation",
        "/api/account/invitation/revoke",
        "/api/account/password",
        "/api/account/sign-out-everywhere",
        "/api/practice",
        "/api/practice/clients",
        "/api/practice/invitations",
        "/api/practice/therapists",
        "/api/practice/people/{person}",
        "/api/practice/people/{person}/assignments",
        "/api/practice/people/{person}/assignments/{therapist}/end",
        "/api/practice/people/{person}/devices/{device}/revoke",
        "/api/practice/people/{person}/end",
        "/api/practice/people/{person}/invitation",
        "/api/practice/people/{person}/invitation/revoke",
        "/api/practice/people/{person}/manager",
        "/api/practice/people/{person}/manager/withdraw",
        "/api/practice/people/{person}/password",
        "/api/practice/people/{person}/resume",
        "/sign-in",
        "/sign-out",
    }
    entries = schema["paths"]["/api/clients/{client}/entries"]["get"]
    assert {one["name"] for one in entries["parameters"]} == {"client", "limit", "before", "since", "until"}
    assert set(entries["responses"]) == {"200", "400", "401", "404"}


async def test_an_entry_of_another_offset_is_on_its_own_day(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    utc = MONDAY.astimezone(UTC)
    await client.write("in London", at=utc)
    (item,) = await items(noor, f"/api/clients/{client.id}/entries", since="2026-02-23", until="2026-02-23")
    assert datetime.fromisoformat(item["written_at"]) == MONDAY
    assert datetime.fromisoformat(item["written_at"]).utcoffset() == timedelta(0)
    assert BERLIN.utcoffset(None) == MONDAY.utcoffset()
