"""The one door: every answer about a client leaves a row of the audit, whatever the method, or is not given."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.server.web.practice import URL, Practice

from intersession_schemas.nesting import DEPTH
from intersession_server.accounts import audit
from intersession_server.accounts.tables import AuditRow
from intersession_server.app import create_app, routes_and_rules
from intersession_server.errors import StorageError
from intersession_server.operator import commands
from intersession_server.services import Services

pytestmark = pytest.mark.anyio

SENTENCE = "Zaunkoenig sentence of the door"


async def rows(**where: Any) -> list[dict[str, Any]]:
    found = await AuditRow.select()
    return [row for row in found if all(row[name] == value for name, value in where.items())]


async def csrf(browser: httpx.AsyncClient) -> dict[str, str]:
    return {"X-CSRF-Token": (await browser.get("/api/me")).json()["csrf"]}


async def test_a_change_of_nothing_is_a_read(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Ben", "noor")
    base, token = f"/api/clients/{client.id}", await csrf(noor)
    goal = (await noor.post(f"{base}/goals", json={"what": SENTENCE}, headers=token)).json()
    before = len(await rows(client=client.id, action="goals_read"))
    answer = await noor.patch(f"{base}/goals/{goal['id']}", json={}, headers=token)
    assert (answer.status_code, SENTENCE in answer.text) == (200, True)
    assert len(await rows(client=client.id, action="goals_read")) == before + 1


async def test_no_route_answers_with_content_that_is_not_written_down(
    services: Services, practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Ben", "noor")
    await client.write(SENTENCE)
    await client.log({"worry": 3}, note=SENTENCE)
    base, token = f"/api/clients/{client.id}", await csrf(noor)
    made: dict[str, str] = {}
    for name in ("goals", "resources", "homework", "sessions", "episodes"):
        said = await noor.post(f"{base}/{name}", json=_new(name), headers=token)
        assert said.status_code == 201, said.text
        made[name] = said.json()["id"]
    with_content = 0
    for path, method, rule in routes_and_rules(create_app(services)):
        if rule != "client-record":
            continue
        url = path.replace("{client:uuid}", str(client.id))
        for name, id_ in made.items():
            url = url.replace(f"{name}/{{document:uuid}}", f"{name}/{id_}")
        url = url.replace("{homework:uuid}", made["homework"]).replace("{path:str}", "goals")
        before = len(await rows(client=client.id))
        body = _new(url.rpartition("/")[2]) if method == "POST" else {}
        asked = {"headers": token, "params": {"symptom": "worry"}}
        answer = await (
            noor.get(url, **asked) if method == "GET" else noor.request(method, url, json=body, **asked)  # type: ignore[arg-type]
        )
        assert answer.status_code < 500, (method, path, answer.text)
        if SENTENCE in answer.text:
            with_content += 1
            read = [row["action"] for row in (await rows(client=client.id))[before:]]
            assert any(action.endswith("_read") for action in read), (method, path, read)
            once = [action for action in read if action != "written"]  # a write may be of several documents
            assert len(set(once)) == len(once), (method, path, read)
            assert all(row["person"] and row["web_session"] for row in (await rows(client=client.id))[before:])
    assert with_content >= 10
    for path in ("/", "/api/clients", "/fragments"):
        before = len(await rows(action="clients_read"))
        assert "Ben" in (await noor.get(path)).text
        assert len(await rows(action="clients_read")) == before + 1, path


async def test_every_route_about_a_client_refuses_who_may_not_read_and_says_nothing(
    services: Services, practice: Practice, noor: httpx.AsyncClient
) -> None:
    """Each by itself: one row of the audit for each, of who asked, through which session, and for whom."""
    token, asked = await csrf(noor), 0
    client = await practice.client("Cleo", None)
    await client.write(SENTENCE)
    for path, method, rule in routes_and_rules(create_app(services)):
        if rule != "client-record":
            continue
        for counted in (services.refused_reads.each, services.refused_reads.all):
            counted._failures.clear()  # as if time had passed
        url = path.replace("{client:uuid}", str(client.id))
        url = url.replace("{path:str}", "goals")
        while "{" in url:
            url = url[: url.index("{")] + str(uuid4()) + url[url.index("}") + 1 :]
        before = len(await rows())
        kwargs: dict[str, Any] = {} if method == "GET" else {"json": _new(url.rpartition("/")[2])}
        answer = await noor.request(method, url, headers=token, params={"symptom": "worry"}, **kwargs)
        assert answer.status_code == 404, (method, path, answer.status_code)
        assert SENTENCE not in answer.text
        assert "Cleo" not in answer.text
        (row,) = (await rows())[before:]
        assert (row["action"], row["client"]) == ("read_refused", client.id), (method, path)
        assert row["person"] is not None, (method, path)
        assert row["web_session"] is not None, (method, path)
        asked += 1
    assert asked > 25


async def test_what_cannot_be_written_down_is_not_given(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await practice.client("Ben", "noor")
    base, token = f"/api/clients/{client.id}", await csrf(noor)
    goal = (await noor.post(f"{base}/goals", json={"what": SENTENCE}, headers=token)).json()

    async def fails(*_: Any, **__: Any) -> None:
        raise StorageError("full")

    monkeypatch.setattr("intersession_server.web.record.disclosure.record", fails)
    answer = await noor.patch(f"{base}/goals/{goal['id']}", json={}, headers=token)
    assert answer.status_code == 503
    assert SENTENCE not in answer.text


async def test_a_refused_read_leaves_a_row_and_asking_over_and_over_no_more(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Cleo", None)
    for path in ("entries", "plan", "entries", "goals"):
        assert (await noor.get(f"/api/clients/{client.id}/{path}")).status_code == 404
    (row,) = await rows(action=audit.Action.READ_REFUSED.value)
    assert (row["client"], row["person"] is not None, row["web_session"] is not None) == (client.id, True, True)
    assert (await noor.get(f"/api/clients/{uuid4()}/plan")).status_code == 404
    assert len(await rows(action=audit.Action.READ_REFUSED.value)) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 3_000,
        b'{"what": ' + b"[" * 3_000,
        b'{"what": "\xff\xfe"}',
        b'{"what": "\\ud800"}',
        b'{"what": NaN}',
        b'{"what": 1e999}',
        b'{"what": "a\\u0000b"}',
        b"",
        b"\x00",
        b"\xff",
    ],
)
async def test_what_cannot_be_decoded_is_the_askers_mistake(
    practice: Practice, noor: httpx.AsyncClient, body: bytes
) -> None:
    client = await practice.client("Ben", "noor")
    headers = await csrf(noor) | {"Content-Type": "application/json"}
    asked = [("POST", f"/api/clients/{client.id}/goals"), ("PATCH", f"/api/clients/{client.id}/plan")]
    for method, url in [*asked, ("POST", "/pair"), ("POST", "/sign-in")]:
        answer = await noor.request(method, url, content=body, headers=headers)
        assert answer.status_code < 500, (url, answer.status_code)
        assert answer.status_code in (200, 201, 400, 403), (url, answer.status_code)


async def test_json_nests_as_deep_on_every_python(noor: httpx.AsyncClient) -> None:
    """Decoders by themselves take from 900 to 50,000 levels: what a request may hold would depend on the machine."""
    headers = await csrf(noor) | {"Content-Type": "application/json"}
    for path, body, status in (
        ("/pair", '{"code": "ABCD-EFGH", "agent": "x"', 403),
        ("/sign-in", '{"username": "noor", "password": "not the one"', 401),
    ):
        for levels in (DEPTH, DEPTH + 1, 500, 1_500):
            deep = f'{body}, "new": {"[" * (levels - 1)}{"]" * (levels - 1)}}}'
            answer = await noor.post(path, content=deep, headers=headers)
            assert answer.status_code == (status if levels <= DEPTH else 400), (path, levels, answer.text)
            assert levels <= DEPTH or answer.json()["code"] == "bad_request"


@pytest.mark.parametrize(
    "moment",
    [
        "0001-01-01T00:00:00+01:00",
        "0001-01-01T00:00:00-01:00",
        "9999-12-31T23:59:59-01:00",
        "9999-12-31T23:59:59+14:00",
        "0001-01-01",
        "9999-12-31",
        "nonsense",
        "\x00",
        "2026-02-30T00:00:00Z",
    ],
)
async def test_a_moment_beyond_reckoning_is_refused_wherever_it_is_given(
    practice: Practice, noor: httpx.AsyncClient, moment: str
) -> None:
    client = await practice.client("Ben", "noor")
    base, token = f"/api/clients/{client.id}", await csrf(noor)
    for path, name in (("brief", "now"), ("entries", "since"), ("entries", "until"), ("symptoms", "since")):
        answer = await noor.get(f"{base}/{path}", params={name: moment})
        assert answer.status_code == 400, (path, answer.status_code, answer.text)
    bodies = [
        ("sessions", {"planned_at": moment}),
        ("assessments", {"instrument": "phq-2", "answers": {}, "at": moment}),
        ("homework", {"what": "x", "since": moment}),
        ("homework", {"what": "x", "due": moment}),
        ("episodes", {"began_on": moment}),
    ]
    for path, body in bodies:
        answer = await noor.post(f"{base}/{path}", json=body, headers=token)
        assert answer.status_code in (201, 400, 404), (path, body, answer.status_code)
    assert (await noor.get(f"{base}/brief")).status_code == 200
    assert (await noor.get(f"/clients/{client.id}")).status_code == 200


NASTY = [
    "\x00",
    "a" * 5_000,
    "%ff",
    "-1",
    "99999999999999999999999",
    "NaN",
    "1e999",
    "\ud7ff",
    "../..",
    "[]",
    "Europe/../x",
]


@pytest.mark.parametrize("nasty", NASTY)
async def test_no_parameter_makes_the_server_fail(
    services: Services, practice: Practice, noor: httpx.AsyncClient, nasty: str
) -> None:
    client = await practice.client("Ben", "noor")
    await client.log({"worry": 3})
    document = (await noor.get("/schema/openapi.json")).json()
    asked = 0
    for path, item in document["paths"].items():
        for operation in (item[method] for method in ("get",) if method in item):
            names = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
            url = path.replace("{client}", str(client.id)).replace("{homework}", str(uuid4()))
            for name in names:
                for query in ({name: nasty}, {name: [nasty, "2"]}):
                    answer = await noor.get(url, params=query)
                    assert answer.status_code < 500, (url, query, answer.status_code)
                    asked += 1
    assert asked > 20


@pytest.mark.parametrize("raw", ["%ff", "%00", "%ed%a0%80", "%2e%2e", "a" * 3000])
async def test_no_address_makes_the_server_fail(practice: Practice, noor: httpx.AsyncClient, raw: str) -> None:
    for url in (
        f"/{raw}",
        f"/api/clients/{raw}/plan",
        f"/clients/{raw}",
        f"/api/clients?x={raw}",
        f"/sign-in?to={raw}",
    ):
        answer = await noor.get(URL + url)
        assert answer.status_code < 500, url
    for headers in ({"Cookie": b"intersession=\xff\xfe; =;;"}, {"X-CSRF-Token": b"\xff"}, {"Content-Type": b"\xff"}):
        answer = await noor.post("/api/clients", headers=headers)  # type: ignore[arg-type]
        assert answer.status_code < 500, headers


def _new(name: str) -> dict[str, Any]:
    fields: dict[str, dict[str, Any]] = {
        "goals": {"what": SENTENCE},
        "resources": {"title": "A page", "text": SENTENCE},
        "homework": {"what": SENTENCE},
        "sessions": {"planned_at": "2026-03-05T10:00:00+01:00"},
        "episodes": {"reason": SENTENCE},
    }
    new = fields.get(name, {})
    return dict(new)


async def test_an_operators_rows_say_who_ran_the_command(practice: Practice) -> None:
    for command in (
        commands.ListPeople(by="carla"),
        commands.ListDevices(by="carla"),
        commands.AddClient(name="Cleo", by="carla"),
    ):
        await practice.do(command)
    told = {row["action"] for row in await AuditRow.select() if row["operator"] == "operator:carla"}
    assert told == {"people_listed", "devices_listed", "client_added", "invited"}
    assert all(row["operator"] for row in await AuditRow.select() if row["person"] is None)
