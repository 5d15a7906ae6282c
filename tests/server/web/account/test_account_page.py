"""A therapist's own account, by page and by HTTP API."""

from __future__ import annotations

import httpx
import pytest
from tests.server.accounts.world import PASSWORD, Clock
from tests.server.web.practice import Practice, send
from tests.server.web.practice_pages.test_practice_pages import CODE, code_on, post, shown

from intersession_server.accounts import invitations
from intersession_server.accounts.tables import AuditRow, Person

pytestmark = pytest.mark.anyio

NEW = "another good password"


async def signs_in(practice: Practice, password: str) -> int:
    async with practice.browser() as browser:
        return (await browser.post("/sign-in", json={"username": "noor", "password": password})).status_code


async def test_a_new_password_ends_the_other_sessions_and_not_this_one(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    async with practice.signed_in() as elsewhere:
        await post(noor, "/account/password", old=PASSWORD, new=NEW, again=NEW)
        assert (await elsewhere.get("/api/me")).status_code == 401
    assert (await noor.get("/api/me")).status_code == 200
    assert (await signs_in(practice, PASSWORD), await signs_in(practice, NEW)) == (401, 200)
    (row,) = await AuditRow.objects().where(AuditRow.action == "password_set")
    assert str(row.person) == (await noor.get("/api/me")).json()["id"]


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("wrong", NEW, NEW, "Your current password is not right."),
        (PASSWORD, "short", "short", "8 to 256 characters"),
        (PASSWORD, "x" * 257, "x" * 257, "8 to 256 characters"),
        (PASSWORD, NEW, NEW + "x", "typed in two ways"),
        (PASSWORD, PASSWORD, PASSWORD, "have already"),
        ("", NEW, NEW, "not right"),
    ],
)
async def test_a_password_that_cannot_be_set_changes_nothing(
    practice: Practice, noor: httpx.AsyncClient, old: str, new: str, again: str, words: str
) -> None:
    answer = await post(noor, "/account/password", 422, old=old, new=new, again=again)
    assert words in answer.text
    assert await signs_in(practice, PASSWORD) == 200


async def test_an_open_browser_is_no_place_to_guess_the_password(
    practice: Practice, noor: httpx.AsyncClient, clock: Clock
) -> None:
    for _ in range(10):
        await post(noor, "/account/password", 422, old="guess", new=NEW, again=NEW)
    answer = await post(noor, "/account/password", 422, old=PASSWORD, new=NEW, again=NEW)
    assert "Too many wrong passwords" in answer.text
    clock.move(minutes=15)
    await post(noor, "/account/password", old=PASSWORD, new=NEW, again=NEW)


async def test_signing_out_everywhere_ends_this_session_too(practice: Practice, noor: httpx.AsyncClient) -> None:
    async with practice.signed_in() as elsewhere:
        answer = await post(noor, "/account/sign-out-everywhere")
        assert answer.headers["location"] == "/sign-in"
        for browser in (noor, elsewhere):
            assert (await browser.get("/api/me")).status_code == 401


async def test_the_pages_are_in_the_language_that_was_chosen(practice: Practice, noor: httpx.AsyncClient) -> None:
    german = {"accept-language": "de"}
    assert '<html lang="de">' in (await noor.get("/account", headers=german)).text
    await post(noor, "/account", name="Noor Haddad", language="en")
    assert '<html lang="en">' in (await noor.get("/account", headers=german)).text
    await post(noor, "/account", name="Noor Haddad", language="")
    assert '<html lang="de">' in (await noor.get("/account", headers=german)).text
    assert (await send(noor, "PATCH", "/api/account", {"language": "tlh"})).json()["code"] == "bad_language"


async def test_a_name_is_changed_and_the_language_left(practice: Practice, noor: httpx.AsyncClient) -> None:
    await send(noor, "PATCH", "/api/account", {"language": "de"})
    changed = (await send(noor, "PATCH", "/api/account", {"name": "  Dr Noor   Haddad "})).json()
    assert (changed["name"], changed["language"]) == ("Dr Noor Haddad", "de")
    person = await Person.objects().get(Person.username == "noor")
    assert person is not None
    assert person.folded == "dr noor haddad noor"


async def test_ones_own_device_is_paired_and_revoked(practice: Practice, noor: httpx.AsyncClient, clock: Clock) -> None:
    await post(noor, "/account/invitation")
    code = code_on(await shown(noor, "/account"))
    redeemed = await invitations.redeem(code, "my laptop", clock(), role="therapist")
    page = await shown(noor, "/account")
    assert "my laptop" in page.text
    assert not CODE.findall(page.text)
    await practice.therapist("sam", "Sam")
    async with practice.signed_in("sam") as sam:
        await post(sam, f"/account/devices/{redeemed.device}/revoke", 422)
    (device,) = (await noor.get("/api/account/devices")).json()
    assert device["revoked_at"] is None
    await post(noor, f"/account/devices/{redeemed.device}/revoke")
    (device,) = (await noor.get("/api/account/devices")).json()
    assert device["revoked_at"] is not None


async def test_programs_can_do_the_same(practice: Practice, noor: httpx.AsyncClient, clock: Clock) -> None:
    wrong = await send(noor, "POST", "/api/account/password", {"old": "x", "new": NEW})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_old_password")
    assert (await send(noor, "POST", "/api/account/password", {"old": PASSWORD, "new": NEW})).status_code == 204
    made = (await send(noor, "POST", "/api/account/invitation", None)).json()
    assert made["link"] == f"http://127.0.0.1:8765/pair#{made['code']}"
    assert (await send(noor, "POST", "/api/account/invitation/revoke", None)).status_code == 204
    with pytest.raises(Exception, match="expired"):
        await invitations.redeem(made["code"], "x", clock())
    assert (await send(noor, "POST", "/api/account/sign-out-everywhere", None)).status_code == 204
    assert (await noor.get("/api/account")).status_code == 401
