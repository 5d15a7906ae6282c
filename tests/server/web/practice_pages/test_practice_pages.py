"""The pages of a practice: who sees what of whom, and what the forms do."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
from tests.server.accounts.world import Clock
from tests.server.web.practice import Client, Practice
from tests.server.web.reading_pages import Reader, read

from intersession_server.accounts import invitations
from intersession_server.accounts.tables import Assignment, AuditRow, Device, Person
from intersession_server.operator import staff_commands as staff

pytestmark = pytest.mark.anyio

HOSTILE = "<script>alert('x')</script>\u202e\"'&"
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4})+")


@pytest.fixture
async def sam(practice: Practice) -> AsyncIterator[httpx.AsyncClient]:
    """A therapist who does not manage the practice."""
    await practice.therapist("sam", "Sam Okafor")
    async with practice.signed_in("sam") as browser:
        yield browser


async def post(browser: httpx.AsyncClient, path: str, status: int = 303, **fields: str) -> httpx.Response:
    """Send a form, with the session's token."""
    csrf = (await browser.get("/api/me")).json()["csrf"]
    answer = await browser.post(path, data={"csrf": csrf, **fields})
    assert answer.status_code == status, answer.text
    return answer


async def shown(browser: httpx.AsyncClient, path: str, status: int = 200) -> Reader:
    return read(await browser.get(path), status)


def links(page: Reader, under: str) -> list[str]:
    found = [attributes.get("href") or "" for tag, attributes in page.elements if tag == "a"]
    return [href for href in found if href.startswith(under)]


def forms(page: Reader) -> set[str]:
    return {attributes.get("action") or "" for tag, attributes in page.elements if tag == "form"} - {"/sign-out"}


def code_on(page: Reader) -> str:
    (code,) = CODE.findall(page.text)
    return str(code)


async def test_a_client_is_added_assigned_and_paired_with_the_code_that_is_shown(
    practice: Practice, noor: httpx.AsyncClient, clock: Clock
) -> None:
    me = (await noor.get("/api/me")).json()["id"]
    answer = await post(noor, "/practice/clients", name="Änne Köhler", therapist=me, namesake="false")
    page = await shown(noor, answer.headers["location"])
    assert "Änne Köhler" in page.text
    assert "Noor Haddad primary therapist" in page.text
    code = code_on(page)
    redeemed = await invitations.redeem(code, "phone", clock())
    assert f"/practice/people/{redeemed.person}#saved" == answer.headers["location"]
    page = await shown(noor, answer.headers["location"])
    assert not CODE.findall(page.text)
    assert "phone" in page.text
    audited = await AuditRow.objects().where(AuditRow.action.is_in(["client_added", "invited", "assigned"]))
    assert {str(row.person) for row in audited if row.client == redeemed.person} == {me}


async def test_a_second_client_of_a_name_must_be_meant(practice: Practice, noor: httpx.AsyncClient) -> None:
    await post(noor, "/practice/clients", name="Ann")
    answer = await post(noor, "/practice/clients", 422, name="Ann")
    assert "tick “Another person of the same name”" in answer.text
    assert "--new" not in answer.text
    await post(noor, "/practice/clients", name="Ann", namesake="true")
    assert await Person.count().where(Person.name == "Ann") == 2


async def test_nobody_is_added_where_the_therapist_is_somebody_elses(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    for therapist in (str(UUID(int=7)), "x"):
        await post(noor, "/practice/clients", 422, name="Ann", therapist=therapist)
    assert not await Person.exists().where(Person.name == "Ann")


async def test_a_therapist_is_added_with_a_password_that_has_to_be_changed(
    practice: Practice, noor: httpx.AsyncClient, clock: Clock
) -> None:
    answer = await post(noor, "/practice/therapists/new", username="lena", name="Lena Vogt")
    page = await shown(noor, answer.headers["location"])
    password = page.text.split("Password for the first sign-in ")[1].split()[0]
    # No code of theirs: whoever has it reads what they read.
    assert not CODE.findall(page.text)
    assert "Lena" not in (await shown(noor, "/practice/invitations")).text
    async with practice.browser() as browser:
        signed_in = await browser.post("/sign-in", data={"username": "lena", "password": password})
        assert signed_in.status_code == 303
        for path in ("/", "/practice"):
            assert (await browser.get(path)).headers["location"] == "/account"
        first = await shown(browser, "/account")
        assert "Choose your own" in first.text
        assert forms(first) == {"/account/password"}
        await post(browser, "/account/password", old=password, new="my own words", again="my own words")
        assert (await browser.get("/")).status_code == 200
    clock.move(minutes=10)
    assert password not in (await shown(noor, answer.headers["location"])).text


async def test_who_does_not_manage_sees_clients_in_their_care_alone(
    practice: Practice, noor: httpx.AsyncClient, sam: httpx.AsyncClient
) -> None:
    hers, his = await practice.client("Alex"), await practice.client("Mira", therapist="sam")
    assert links(await shown(noor, "/practice"), "/practice/people/") == [
        f"/practice/people/{one.id}" for one in (hers, his)
    ]
    page = await shown(sam, "/practice")
    assert links(page, "/practice/people/") == [f"/practice/people/{his.id}"]
    assert forms(page) == {"/practice"}
    assert "Alex" not in page.text + (await shown(sam, "/practice/invitations")).text
    for path in ("/practice/therapists", "/practice/settings"):
        assert "not allowed" in (await shown(sam, path, 403)).text
    for path in (f"/practice/people/{hers.id}", f"/practice/people/{hers.id}/hand-out"):
        nobodys = await sam.get(path.replace(str(hers.id), str(UUID(int=3))))
        assert (await sam.get(path)).content == nobodys.content
    await practice.unassign(his, "sam")
    assert links(await shown(sam, "/practice"), "/practice/people/") == []
    await shown(sam, f"/practice/people/{his.id}", 404)


async def test_without_the_right_one_invites_and_revokes_for_ones_own_clients(
    practice: Practice, sam: httpx.AsyncClient, clock: Clock
) -> None:
    client = await practice.client("Mira", therapist="sam")
    here = f"/practice/people/{client.id}"
    page = await shown(sam, here)
    assert {action.removeprefix(here) for action in forms(page)} == {"/invitation", "/invitation/revoke"}
    await post(sam, f"{here}/invitation")
    redeemed = await invitations.redeem(code_on(await shown(sam, here)), "phone", clock())
    await post(sam, f"{here}/devices/{redeemed.device}/revoke")
    device = await Device.objects().get(Device.id == redeemed.device)
    assert device is not None
    assert device.revoked_at is not None
    for act in ("name", "assignments", "assignments/end", "end", "resume", "manager", "password"):
        await post(sam, f"{here}/{act}", 403, name="x", sure="true")
    for path in ("/practice/clients", "/practice/therapists/new", "/practice/settings"):
        await post(sam, path, 403, name="x", username="x", code_minutes="60")


async def test_a_device_is_revoked_as_its_own_persons_only(practice: Practice, noor: httpx.AsyncClient) -> None:
    one, other = await practice.client("Alex"), await practice.client("Mira")
    code = await staff_code(practice, noor, one)
    redeemed = await invitations.redeem(code, "phone", practice.services.clock())
    await post(noor, f"/practice/people/{other.id}/devices/{redeemed.device}/revoke", 422)
    device = await Device.objects().get(Device.id == redeemed.device)
    assert device is not None
    assert device.revoked_at is None


async def staff_code(practice: Practice, browser: httpx.AsyncClient, client: Client) -> str:
    await post(browser, f"/practice/people/{client.id}/invitation")
    return code_on(await shown(browser, f"/practice/people/{client.id}"))


async def test_a_code_is_shown_to_who_made_it_and_while_it_works(
    practice: Practice, noor: httpx.AsyncClient, clock: Clock
) -> None:
    client = await practice.client("Alex")
    here = f"/practice/people/{client.id}"
    code = await staff_code(practice, noor, client)
    assert 'class="qr"' in (await noor.get(here)).text
    assert code_on(await shown(noor, f"{here}/hand-out")) == code
    async with practice.signed_in() as other:
        page = await shown(other, here)
        assert not CODE.findall(page.text)
        assert "made in another browser" in page.text
        assert not CODE.findall((await shown(other, f"{here}/hand-out")).text)
    page = await shown(noor, "/practice/invitations")
    assert "Alex" in page.text
    assert not CODE.findall(page.text)
    await post(noor, f"{here}/invitation/revoke", to="invitations")
    assert "Alex" not in (await shown(noor, "/practice/invitations")).text
    assert not CODE.findall((await shown(noor, here)).text)
    code = await staff_code(practice, noor, client)
    clock.move(minutes=10)
    assert not CODE.findall((await shown(noor, here)).text)


async def test_care_teams_are_changed_and_keep_their_dates(
    practice: Practice, noor: httpx.AsyncClient, sam: httpx.AsyncClient, clock: Clock
) -> None:
    client = await practice.client("Alex")
    here = f"/practice/people/{client.id}"
    his = (await sam.get("/api/me")).json()["id"]
    assert (await sam.get(f"/clients/{client.id}")).status_code == 404
    await post(noor, f"{here}/assignments", therapist=his, role="covering")
    assert (await sam.get(f"/clients/{client.id}")).status_code == 200
    assert (
        "already, in another role" in (await post(noor, f"{here}/assignments", 422, therapist=his, role="primary")).text
    )
    clock.move(days=0.01)
    await post(noor, f"{here}/assignments/end", other=his)
    assert (await sam.get(f"/clients/{client.id}")).status_code == 404
    assert "Sam Okafor covering Mon 2 Mar 2026 Mon 2 Mar 2026" in (await shown(noor, here)).text
    mine = (await noor.get("/api/me")).json()["id"]
    await post(noor, f"/practice/people/{mine}/assignments/end", other=str(client.id))
    assert await Assignment.count().where(Assignment.until.is_null()) == 0


async def test_who_manages_and_is_not_on_the_care_team_sees_no_content(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex", therapist=None)
    await client.write("a secret sentence", tags=["secret tag"])
    here = f"/practice/people/{client.id}"
    page = await shown(noor, here)
    assert "You are not on this client’s care team" in page.text
    assert links(page, "/clients/") == []
    for path in ("/practice", here, f"{here}/hand-out", "/practice/invitations", f"/api/practice/people/{client.id}"):
        assert "secret" not in (await noor.get(path)).text
    for path in ("", "/entries", "/plan"):
        assert (await noor.get(f"/api/clients/{client.id}{path}")).status_code == 404


async def test_the_end_of_care_is_confirmed_and_says_what_stays(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    here = f"/practice/people/{client.id}"
    page = await shown(noor, here)
    assert "What stays The record, with everything that was shared" in page.text
    answer = await post(noor, f"{here}/end", 422, sure="false")
    assert "Tick the box" in answer.text
    assert (await noor.get(f"/clients/{client.id}")).status_code == 200
    await post(noor, f"{here}/end", sure="true")
    assert (await noor.get(f"/clients/{client.id}")).status_code == 404
    assert "The care of this client has ended." in (await shown(noor, here)).text
    assert "Alex" not in (await shown(noor, "/practice")).text
    assert "Alex" in (await shown(noor, "/practice?ended=yes")).text
    assert "taken up again" not in (await post(noor, f"{here}/invitation", 422)).text
    await post(noor, f"{here}/resume")
    assert "Alex" in (await shown(noor, "/practice")).text


async def test_names_cannot_do_anything(practice: Practice, noor: httpx.AsyncClient) -> None:
    name = HOSTILE.replace("\u202e", "")
    client = await practice.client(name)
    await practice.do(staff.Rename(person="noor", name=name))
    here = f"/practice/people/{client.id}"
    await post(noor, f"{here}/invitation")
    mine = (await noor.get("/api/me")).json()["id"]
    for path in ("/practice", "/practice/therapists", "/practice/invitations", here, f"{here}/hand-out", "/account"):
        answer = await noor.get(path)
        assert "<script>alert" not in answer.text
        assert name in read(answer).text
    assert name in (await shown(noor, f"/practice/people/{mine}")).text
    assert "control characters" in (await post(noor, f"{here}/name", 422, name=HOSTILE)).text


async def test_the_list_is_searched_and_read_a_page_at_a_time(practice: Practice, noor: httpx.AsyncClient) -> None:
    for number in range(51):
        await post(noor, "/practice/clients", name=f"Client {number:02}")
    page = await shown(noor, "/practice")
    assert len(links(page, "/practice/people/")) == 50
    (more,) = links(page, "/practice?before=")
    rest = await shown(noor, more)
    assert len(links(rest, "/practice/people/")) == 1
    assert "/practice" in links(rest, "/practice")
    found = await noor.get("/practice", params={"q": "client 07"})
    assert len(links(read(found), "/practice/people/")) == 1
    assert found.headers["referrer-policy"] == "strict-origin"
    assert "Nobody here has a name like that." in (await shown(noor, "/practice?q=<script>")).text


async def test_reading_the_pages_is_audited(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    me = UUID((await noor.get("/api/me")).json()["id"])
    for path, action in (
        ("/practice", "people_listed"),
        ("/practice/therapists", "people_listed"),
        ("/practice/invitations", "people_listed"),
        (f"/practice/people/{client.id}", "devices_listed"),
        (f"/practice/people/{client.id}/hand-out", "people_listed"),
        ("/account", "devices_listed"),
    ):
        await AuditRow.delete(force=True)
        await noor.get(path)
        rows = await AuditRow.objects()
        assert [(row.action, row.person) for row in rows] == [(action, me)], path


async def test_every_page_and_form_needs_a_session_and_its_token(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    here = f"/practice/people/{client.id}"
    async with practice.browser() as browser:
        for path in ("/practice", "/practice/therapists", "/practice/invitations", "/practice/settings", here):
            answer = await browser.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?to={path}")
    for path in (f"{here}/invitation", f"{here}/end", "/practice/clients", "/practice/settings"):
        assert (await noor.post(path, data={"sure": "true"})).status_code == 403
    assert (await Person.objects().get(Person.id == client.id)).ended_at is None  # type: ignore[union-attr]
