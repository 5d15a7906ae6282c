"""The HTTP API of a practice: what its pages can do, programs can."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.server.accounts.world import Clock
from tests.server.web.practice import Practice, send

from intersession_server.accounts import invitations

pytestmark = pytest.mark.anyio


async def done(browser: httpx.AsyncClient, method: str, path: str, body: Any = None, status: int = 204) -> Any:
    answer = await send(browser, method, f"/api/practice{path}", body)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def got(browser: httpx.AsyncClient, path: str, status: int = 200) -> Any:
    answer = await browser.get(f"/api/practice{path}")
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_practice_is_staffed(practice: Practice, noor: httpx.AsyncClient, clock: Clock) -> None:
    lena = await done(noor, "POST", "/therapists", {"username": "lena", "name": "Lena"}, 201)
    assert len(lena["password"]) >= 12
    changed = await done(noor, "PATCH", "", {"code_minutes": 1440}, 200)
    assert (changed["code_minutes"], changed["therapists"], changed["country"]) == (1440, 2, None)
    changed = await done(noor, "PATCH", "", {"country": "DE"}, 200)
    assert (changed["code_minutes"], changed["country"]) == (1440, "DE")
    assert (await done(noor, "PATCH", "", {"country": "ZZ"}, 409))["code"] == "bad_country"
    assert (await done(noor, "PATCH", "", {"country": None}, 200))["country"] is None
    ann = await done(noor, "POST", "/clients", {"name": "Ann", "therapist": lena["person"]}, 201)
    assert len(ann["code"]) == 19
    (listed,) = (await got(noor, "/clients?q=an"))["items"]
    assert [one["name"] for one in listed["care_team"]] == ["Lena"]
    assert [one["name"] for one in await got(noor, "/invitations")] == ["Noor Haddad", "Ann"]
    device = (await invitations.redeem(ann["code"], "phone", clock())).device
    here = f"/people/{ann['person']}"
    assert [one["id"] for one in (await got(noor, here))["devices"]] == [str(device)]
    await done(noor, "POST", f"{here}/devices/{device}/revoke")
    await done(noor, "PATCH", here, {"name": "Anna"})
    await done(noor, "POST", f"{here}/assignments/{lena['person']}/end")
    await done(noor, "POST", f"{here}/assignments", {"therapist": lena["person"], "role": "supervisor"})
    found = await got(noor, here)
    assert found["person"]["name"] == "Anna"
    assert [(one["role"], one["until"] is None) for one in found["assignments"]] == [
        ("supervisor", True),
        ("primary", False),
    ]
    await done(noor, "POST", f"{here}/end")
    assert [one["name"] for one in (await got(noor, "/clients?ended=true"))["items"]] == ["Anna"]
    await done(noor, "POST", f"{here}/resume")
    again = await done(noor, "POST", f"{here}/invitation", None, 201)
    await done(noor, "POST", f"{here}/invitation/revoke")
    with pytest.raises(Exception, match="expired"):
        await invitations.redeem(again["code"], "phone", clock())


async def test_the_right_to_manage_is_given_and_withdrawn(practice: Practice, noor: httpx.AsyncClient) -> None:
    sam = await practice.therapist("sam", "Sam")
    async with practice.signed_in("sam") as browser:
        await got(browser, "/therapists", 403)
        await done(noor, "POST", f"/people/{sam}/manager")
        assert len((await got(browser, "/therapists"))["items"]) == 2
        me = (await noor.get("/api/me")).json()["id"]
        await done(noor, "POST", f"/people/{me}/manager/withdraw")
        await got(noor, "/therapists", 403)
        last = await done(browser, "POST", f"/people/{sam}/manager/withdraw", None, 409)
        assert last["code"] == "last_manager"


async def test_a_new_password_for_once_signs_them_out(practice: Practice, noor: httpx.AsyncClient) -> None:
    sam = await practice.therapist("sam", "Sam")
    async with practice.signed_in("sam") as browser:
        password = (await done(noor, "POST", f"/people/{sam}/password", None, 201))["password"]
        assert (await browser.get("/api/me")).status_code == 401
        await browser.post("/sign-in", json={"username": "sam", "password": password})
        refused = await browser.get("/api/clients")
        assert (refused.status_code, refused.json()["code"]) == (403, "password_to_change")


async def test_wrong_requests_are_refused(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Ann")
    here = f"/people/{client.id}"
    assert (await done(noor, "PATCH", "", {"code_minutes": 5}, 409))["code"] == "bad_lifetime"
    assert (await done(noor, "POST", "/clients", {"name": "Ann"}, 409))["code"] == "name_taken"
    assert (await done(noor, "POST", "/clients", {"name": ""}, 409))["code"] == "bad_name"
    await done(noor, "POST", "/clients", {"name": "Bob", "role": "x"}, 400)
    await done(noor, "POST", f"{here}/assignments", {"therapist": "x"}, 400)
    await done(noor, "POST", f"{here}/password", None, 404)
    await done(noor, "POST", f"{here}/manager", None, 404)
    for before in ("x", "AAAA", "gqFhoWI"):
        await got(noor, f"/clients?before={before}", 400)
