"""The access rule of a route decides who is served; a route without one serves nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from litestar import Litestar, get, post
from litestar.di import NamedDependency
from tests.server.accounts.world import PASSWORD, Clock, http_client, invite, practice_with

from intersession_server import app as app_module
from intersession_server.access import RULES, session_cookie
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.app import create_app, create_operator_app, routes_and_rules
from intersession_server.operator import commands
from intersession_server.operator import staff_commands as staff
from intersession_server.passage import ClientAccess, Member
from intersession_server.services import Services

pytestmark = pytest.mark.anyio


@get("/clients", opt={"access": "therapist"})
async def clients(session: NamedDependency[CurrentSession]) -> str:
    return session.name


@get("/live", opt={"access": "therapist", "live": True})
async def live(session: NamedDependency[CurrentSession]) -> str:
    return session.name


@post("/clients", status_code=200, opt={"access": "therapist"})
async def change(session: NamedDependency[CurrentSession]) -> str:
    return session.name


@get("/clients/{client:uuid}/entries", opt={"access": "client-record"})
async def entries(client_access: NamedDependency[ClientAccess]) -> str:
    return f"{client_access.name} {client_access.role}"


@get("/managing", opt={"access": "manager"})
async def managing(session: NamedDependency[CurrentSession]) -> str:
    return session.name


@get("/staff/{person:uuid}", opt={"access": "practice-person"})
async def staff_person(member: NamedDependency[Member]) -> str:
    return f"{member.name} {member.role} {member.in_care}"


@get("/managed/{person:uuid}", opt={"access": "manager"})
async def managed_person(member: NamedDependency[Member]) -> str:
    return member.name


@pytest.fixture
def app(services: Services, monkeypatch: pytest.MonkeyPatch) -> Litestar:
    """The app with a few routes of each rule."""
    monkeypatch.setattr(
        app_module, "public_routes", lambda _: [clients, live, change, entries, managing, staff_person, managed_person]
    )
    return create_app(services)


@pytest.fixture
async def http(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with http_client(app) as client:
        yield client


async def signed_in(services: Services, http: httpx.AsyncClient, username: str) -> CurrentSession:
    """Sign the client in; its session."""
    token = (await services.sign_in.sign_in(username, PASSWORD, "192.0.2.7", services.clock())).token
    cookie = session_cookie(token, https=False)
    http.cookies.set(cookie.key, token)
    session = await services.sign_in.current(token, services.clock(), extend=True)
    assert session is not None
    return session


async def assign(services: Services, *, end: bool = False) -> None:
    command: Any = commands.Unassign if end else commands.Assign
    await services.operations.execute(command(client="Ann", therapist="ada"))


async def test_nobody_who_is_not_signed_in_gets_anything(services: Services, http: httpx.AsyncClient) -> None:
    ann = (await practice_with(services, "ada", clients=("Ann",)))["Ann"].person
    for path in ("/clients", "/live", f"/clients/{ann}/entries", f"/clients/{uuid4()}/entries"):
        for cookie in (None, "x", "A" * 43):
            answer = await http.get(path, headers={"cookie": f"intersession={cookie}"} if cookie else {})
            assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert (await http.post("/clients")).status_code == 401


async def test_a_therapist_reads_those_clients_that_the_log_grants_now(
    services: Services, http: httpx.AsyncClient
) -> None:
    people = await practice_with(services, "ada", "ben", clients=("Ann", "Bob"))
    ann, bob = people["Ann"].person, people["Bob"].person
    await signed_in(services, http, "ada")
    assert (await http.get("/clients")).text == "ada"

    async def status(client: UUID) -> int:
        return (await http.get(f"/clients/{client}/entries")).status_code

    assert await status(ann) == 404
    await assign(services)
    assert (await http.get(f"/clients/{ann}/entries")).text == "Ann primary"
    nobodys = await http.get(f"/clients/{bob}/entries")
    missing = await http.get(f"/clients/{uuid4()}/entries")
    assert (nobodys.status_code, nobodys.text) == (missing.status_code, missing.text) == (404, missing.text)
    assert await status(people["ada"].person) == 404
    await signed_in(services, http, "ben")
    assert await status(ann) == 404
    await signed_in(services, http, "ada")
    await assign(services, end=True)
    assert await status(ann) == 404


async def test_what_ended_in_the_log_alone_has_ended(services: Services, http: httpx.AsyncClient) -> None:
    people = await practice_with(services, "ada", clients=("Ann",))
    await assign(services)
    await signed_in(services, http, "ada")
    streams = await services.log.streams_of_client(people["Ann"].person)
    for stream in streams:
        await services.log.end_grants(stream.id, people["ada"].person, services.clock())
    assert (await http.get(f"/clients/{people['Ann'].person}/entries")).status_code == 404


async def test_a_change_needs_the_sessions_own_token(services: Services, http: httpx.AsyncClient) -> None:
    await practice_with(services, "ada", "ben")
    other = await signed_in(services, http, "ben")
    session = await signed_in(services, http, "ada")

    async def status(**request: Any) -> int:
        return (await http.post("/clients", **request)).status_code

    assert await status() == 403
    assert await status(headers={"x-csrf-token": other.csrf}) == 403
    assert await status(data={"csrf": other.csrf}) == 403
    assert await status(json={"csrf": session.csrf}) == 403
    assert await status(data={"x": "1"}) == 403
    assert await status(params={"csrf": session.csrf}) == 403
    assert await status(headers={"x-csrf-token": session.csrf}) == 200
    assert await status(data={"csrf": session.csrf}) == 200


async def test_who_manages_the_practice_reaches_its_people_and_nobody_elses(
    services: Services, http: httpx.AsyncClient
) -> None:
    people = await practice_with(services, "ada", "ben", clients=("Ann",))
    await services.operations.execute(commands.CreatePractice(name="Süd"))
    other = await invite(services, commands.AddClient(name="Bob", practice="Süd"))

    async def status(path: str) -> int:
        return (await http.get(path)).status_code

    for path in ("/managing", f"/staff/{people['Ann'].person}", f"/managed/{people['Ann'].person}"):
        assert await status(path) == 401
    await signed_in(services, http, "ada")
    assert await status("/managing") == 200
    assert (await http.get(f"/staff/{people['Ann'].person}")).text == "Ann client False"
    assert (await http.get(f"/managed/{people['ben'].person}")).text == "ben"
    for path in ("/staff", "/managed"):
        theirs, nobodys = await http.get(f"{path}/{other.person}"), await http.get(f"{path}/{uuid4()}")
        assert (theirs.status_code, theirs.text) == (nobodys.status_code, nobodys.text) == (404, nobodys.text)
    # Content is asked for by another rule.
    assert await status(f"/clients/{people['Ann'].person}/entries") == 404
    await services.operations.execute(staff.SetManager(therapist="ben", manager=True))
    await services.operations.execute(staff.SetManager(therapist="ada", manager=False))
    assert await status("/managing") == 403
    assert await status(f"/managed/{people['Ann'].person}") == 403
    assert await status(f"/staff/{people['Ann'].person}") == 404


async def test_without_that_right_a_therapist_reaches_the_clients_in_their_care(
    services: Services, http: httpx.AsyncClient
) -> None:
    people = await practice_with(services, "ben", "ada", clients=("Ann",))
    await signed_in(services, http, "ada")
    ann = f"/staff/{people['Ann'].person}"
    assert (await http.get(ann)).status_code == 404
    await assign(services)
    assert (await http.get(ann)).text == "Ann client True"
    for colleague in ("ada", "ben"):
        assert (await http.get(f"/staff/{people[colleague].person}")).status_code == 404
    assert (await http.get("/managing")).status_code == 403
    streams = await services.log.streams_of_client(people["Ann"].person)
    for stream in streams:  # in the log alone: that is what counts
        await services.log.end_grants(stream.id, people["ada"].person, services.clock())
    assert (await http.get(ann)).status_code == 404


async def test_with_a_password_for_once_nothing_is_reached(services: Services, http: httpx.AsyncClient) -> None:
    await practice_with(services, "ada")
    await services.operations.execute(commands.SetPassword(therapist="ada", password=PASSWORD, once=True))
    await signed_in(services, http, "ada")
    for path in ("/clients", "/live", "/managing"):
        answer = await http.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "password_to_change")
    await services.operations.execute(commands.SetPassword(therapist="ada", password=PASSWORD))
    await signed_in(services, http, "ada")
    assert (await http.get("/clients")).status_code == 200


async def test_looking_live_does_not_keep_a_session_awake(
    services: Services, http: httpx.AsyncClient, clock: Clock
) -> None:
    await practice_with(services, "ada")
    await signed_in(services, http, "ada")
    for _ in range(3):
        clock.move(minutes=9)
        assert (await http.get("/live")).status_code == 200
    clock.move(minutes=3)
    assert (await http.get("/live")).status_code == 401
    await signed_in(services, http, "ada")
    for _ in range(3):
        clock.move(minutes=20)
        assert (await http.get("/clients")).status_code == 200


@pytest.mark.parametrize("opt", [{}, {"access": "everybody"}, {"access": None}])
async def test_a_route_without_a_rule_is_not_served(
    services: Services, monkeypatch: pytest.MonkeyPatch, opt: dict[str, Any]
) -> None:
    @get("/open", opt=opt)
    async def forgotten() -> str:
        return "served"

    monkeypatch.setattr(app_module, "public_routes", lambda _: [forgotten])
    with pytest.raises(ValueError, match="/open"):
        create_app(services)
    monkeypatch.setattr(app_module, "RULES", RULES | {None, "everybody"})
    async with http_client(create_app(services)) as client:
        assert (await client.get("/open")).status_code == 403


async def test_every_route_has_a_rule(services: Services) -> None:
    found = {(path, method): rule for path, method, rule in routes_and_rules(create_app(services))}
    assert found[("/pair", "POST")] == "public"
    assert found[("/sync", "WEBSOCKET")] == "device"
    assert found[("/schema/openapi.json", "GET")] == "public"
    assert routes_and_rules(create_operator_app(services)) == [("/operator", "POST", "operator")]


async def test_every_route_about_a_client_asks_for_their_record(services: Services) -> None:
    found = routes_and_rules(create_app(services))
    about_clients = {(path, method): rule for path, method, rule in found if "{client" in path}
    assert set(about_clients.values()) == {"client-record"}
    changing = {(path, rule) for path, method, rule in found if method not in ("GET", "HEAD", "WEBSOCKET")}
    assert {path for path, rule in changing if rule == "public"} == {"/pair", "/sign-in"}


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites() -> None:
    plain, safe = session_cookie("t", https=False), session_cookie("t", https=True)
    assert (plain.key, safe.key) == ("intersession", "__Host-intersession")
    header = safe.to_header(header="")
    assert all(word in header for word in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"))
    assert "Domain" not in header
    assert "Secure" not in plain.to_header(header="")
    assert session_cookie("", https=True).max_age == 0
