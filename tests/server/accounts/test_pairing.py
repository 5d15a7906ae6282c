"""POST /pair, as a device sees it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import httpx
import pytest
from tests.server.accounts.world import Clock, http_client, invite, practice_with

from intersession_server.app import create_app
from intersession_server.operator import commands
from intersession_server.services import PAIRING_TRIES, Services

pytestmark = pytest.mark.anyio


@pytest.fixture
async def http(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with http_client(create_app(services), "192.0.2.7") as client:
        yield client


async def pair(http: httpx.AsyncClient, code: str) -> tuple[int, str]:
    answer = await http.post("/pair", json={"code": code, "agent": "test"})
    return answer.status_code, answer.json().get("code", "")


async def test_a_device_is_told_whom_it_was_paired_to(services: Services, http: httpx.AsyncClient) -> None:
    people = await practice_with(services, "ada", clients=("Ann",))
    for name, role in (("Ann", "client"), ("ada", "therapist")):
        answer = await http.post("/pair", json={"code": people[name].code.lower(), "agent": "test/1"})
        assert answer.status_code == 200
        told = answer.json()
        assert set(told) == {"token", "account", "device", "practice", "practice_name", "role", "name"}
        assert (told["account"], told["role"], told["name"]) == (str(people[name].person), role, name)
        assert told["practice_name"] == "Nord"
        found = await services.devices.authenticate(told["token"])
        assert found is not None
        device = await services.devices.get(found.device)
        assert device is not None
        assert (str(device.id), device.agent) == (told["device"], "test/1")


async def test_each_refusal_has_its_code(services: Services, http: httpx.AsyncClient, clock: Clock) -> None:
    people = await practice_with(services, clients=("Ann", "Bob"))
    assert await pair(http, "0000-0000") == (403, "wrong_code")
    assert await pair(http, people["Ann"].code) == (200, "")
    assert await pair(http, people["Ann"].code) == (403, "used_code")
    secret = people["Bob"].code
    for _ in range(5):
        assert await pair(http, secret[:-1] + ("0" if secret[-1] != "0" else "1")) == (403, "wrong_code")
    assert await pair(http, secret) == (403, "too_many_tries")
    again = await invite(services, commands.InviteClient(client="Bob"))
    clock.move(minutes=10)
    assert await pair(http, again.code) == (403, "old_code")


async def test_an_address_may_be_wrong_only_so_often(services: Services, http: httpx.AsyncClient, clock: Clock) -> None:
    people = await practice_with(services, clients=("Ann", "Bob"))
    for _ in range(PAIRING_TRIES):
        assert await pair(http, "0000-0000") == (403, "wrong_code")
    answer = await http.post("/pair", json={"code": people["Ann"].code})
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (429, "rate_limited", "600")
    async with http_client(create_app(services), "198.51.100.1") as elsewhere:
        assert await pair(elsewhere, people["Ann"].code) == (200, "")
    clock.move(minutes=10)
    assert await pair(http, (await invite(services, commands.InviteClient(client="Bob"))).code) == (200, "")


async def test_wrong_codes_at_once_have_no_more_tries(services: Services, http: httpx.AsyncClient) -> None:
    people = await practice_with(services, clients=("Ann",))
    answers = await asyncio.gather(*(pair(http, "0000-0000") for _ in range(300)))
    assert Counter(answers) == {(403, "wrong_code"): PAIRING_TRIES, (429, "rate_limited"): 300 - PAIRING_TRIES}
    assert await pair(http, people["Ann"].code) == (429, "rate_limited")


async def test_right_codes_are_not_counted(services: Services, http: httpx.AsyncClient) -> None:
    names = tuple(f"Client {number}" for number in range(PAIRING_TRIES + 2))
    people = await practice_with(services, clients=names)
    for name in names:
        assert await pair(http, people[name].code) == (200, "")


async def test_behind_a_proxy_that_nobody_declared_others_may_still_pair(services: Services) -> None:
    people = await practice_with(services, clients=("Ann",))
    async with http_client(create_app(services), "127.0.0.1") as http:
        http.headers["x-forwarded-for"] = "10.1.1.1, 203.0.113.7"  # what the proxy itself adds stands last
        for _ in range(PAIRING_TRIES):
            assert await pair(http, "0000-0000") == (403, "wrong_code")
        http.headers["x-forwarded-for"] = "10.9.9.9, 203.0.113.7"
        assert await pair(http, people["Ann"].code) == (429, "rate_limited")
        http.headers["x-forwarded-for"] = "203.0.113.8"
        assert await pair(http, people["Ann"].code) == (200, "")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"code": 7}',
        b'{"code": null}',
        b'{"code": "' + b"A" * 65 + b'"}',
        b'{"code": "0000", "agent": "' + b"a" * 201 + b'"}',
        b"\xff\xfe",
    ],
)
async def test_a_body_that_is_no_request_is_refused_without_repeating_it(http: httpx.AsyncClient, body: bytes) -> None:
    answer = await http.post("/pair", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message"}
    assert answer.json()["code"] == "bad_request"
    assert "AAAA" not in answer.text


async def test_a_large_body_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post("/pair", json={"code": "0000-0000", "agent": "x" * 5000})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
