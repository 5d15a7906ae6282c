from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import httpx
import msgspec
import pytest
from tests.server.accounts.world import CHEAP, PASSWORD, Clock, settings_for
from tests.server.web.practice import URL, Practice

from intersession_server.app import routes_and_rules
from intersession_server.services import open_services
from intersession_server.web.page.way_back import safe

pytestmark = pytest.mark.anyio

GOOD = {"username": "noor", "password": PASSWORD}


async def test_a_form_signs_in_and_leads_to_the_clients(practice: Practice) -> None:
    async with practice.browser() as browser:
        page = await browser.get("/")
        assert (page.status_code, page.headers["location"]) == (303, "/sign-in")
        answer = await browser.post("/sign-in", data=GOOD)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert (await browser.get("/")).status_code == 200


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(practice: Practice) -> None:
    async with practice.browser() as browser:
        cookie = (await browser.post("/sign-in", data=GOOD)).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie
    assert "max-age" not in cookie


async def test_over_https_the_cookie_is_secure_and_of_this_host_alone(tmp_path: Path) -> None:
    settings = msgspec.structs.replace(settings_for(tmp_path), public_url="https://journal.example.org")
    async with open_services(settings, clock=Clock(), hasher=CHEAP) as services:
        practice = await Practice(services).begin()
        async with practice.browser(host="journal.example.org") as browser:
            cookie = (await browser.post("/sign-in", data=GOOD)).headers["set-cookie"]
    assert cookie.startswith("__Host-intersession=")
    assert "secure" in cookie.lower()


async def test_a_program_signs_in_with_json(practice: Practice) -> None:
    async with practice.browser() as browser:
        answer = await browser.post("/sign-in", json=GOOD)
        me = (await browser.get("/api/me")).json()
    assert answer.status_code == 200
    assert answer.json() == me
    assert (me["name"], me["practice_name"]) == ("Noor Haddad", "Nord")


async def test_a_wrong_password_says_nothing_of_the_name(practice: Practice) -> None:
    async with practice.browser() as browser:
        for username in ("noor", "nobody", "", "n" * 10_000, "😀"):
            page = await browser.post("/sign-in", data={"username": username, "password": "wrong"})
            program = await browser.post("/sign-in", json={"username": username, "password": "wrong"})
            assert page.status_code == program.status_code == 401
            assert "Wrong user name or password." in page.text
            assert program.json()["code"] == "wrong_password"
            assert not page.headers.get("set-cookie")


NO_JSON = [
    b"",
    b"{}",
    b"[]",
    b'{"username": 1, "password": 2}',
    b"\xff",
    b'{"username": "\\ud83d", "password": "x"}',
]


async def test_json_that_is_none_is_refused(practice: Practice) -> None:
    async with practice.browser() as browser:
        for body in NO_JSON:
            answer = await browser.post("/sign-in", content=body, headers={"content-type": "application/json"})
            assert (answer.status_code, answer.json()["code"]) == (400, "bad_request"), body


async def test_too_many_wrong_passwords_have_to_wait(practice: Practice) -> None:
    async with practice.browser() as browser:
        for _ in range(10):
            await browser.post("/sign-in", data={"username": "noor", "password": "wrong"})
        page = await browser.post("/sign-in", data=GOOD)
    assert page.status_code == 429
    assert int(page.headers["retry-after"]) > 0
    assert "Too many wrong passwords" in page.text


async def test_another_sites_form_does_not_sign_in(practice: Practice) -> None:
    async with practice.browser(origin="https://elsewhere.example") as browser:
        answer = await browser.post("/sign-in", data=GOOD)
    assert answer.status_code == 403
    assert not answer.headers.get("set-cookie")


async def test_our_own_forms_carry_our_origin(practice: Practice) -> None:
    """With `no-referrer` a browser sends them with the origin `null`, which is nobody's."""
    async with practice.browser() as browser:
        page = await browser.get("/sign-in")
    assert page.headers["referrer-policy"] == "same-origin"


LEADS = [
    ("/clients/6f1c8f5e-0000-4000-8000-000000000000", "/clients/6f1c8f5e-0000-4000-8000-000000000000"),
    (
        "/clients/6f1c8f5e-0000-4000-8000-000000000000?range=all",
        "/clients/6f1c8f5e-0000-4000-8000-000000000000?range=all",
    ),
    (
        "/clients/6f1c8f5e-0000-4000-8000-000000000000/search",
        "/clients/6f1c8f5e-0000-4000-8000-000000000000/search",
    ),
    ("/clients/6f1c8f5e-0000-4000-8000-000000000000/search?q=walk", "/"),
    ("/clients/6f1c8f5e-0000-4000-8000-000000000000/timeline?q=walk", "/"),
    *(
        (page, page)
        for tab in ("timeline", "progress", "homework", "plan", "assessments", "sessions", "notes")
        for page in (f"/clients/6f1c8f5e-0000-4000-8000-000000000000/{tab}",)
    ),
    *((page, page) for page in ("/library", "/practice", "/account", "/instruments")),
    *((page, page) for page in ("/practice/therapists", "/practice/invitations", "/practice/settings")),
    *((page, page) for page in ("/practice/people/6f1c8f5e-0000-4000-8000-000000000000",)),
    # Names are not to stand in the address of a form that anybody sees.
    ("/practice?q=anna", "/"),
    ("/practice/elsewhere", "/"),
    ("/accounts", "/"),
    ("/account/password", "/"),
    ("https://elsewhere.example/", "/"),
    ("//elsewhere.example/", "/"),
    ("/\\elsewhere.example", "/"),
    ("/clients/../../elsewhere", "/"),
    ("javascript:alert(1)", "/"),
    ("/\r\nset-cookie: a=b", "/"),
]


async def test_signing_in_leads_to_our_pages_only(practice: Practice) -> None:
    for to, leads in LEADS:
        async with practice.browser() as browser:
            form = await browser.get("/sign-in", params={"to": to})
            assert f'name="to" value="{leads}"' in form.text
            answer = await browser.post("/sign-in", data={**GOOD, "to": to})
            assert answer.headers["location"] == leads
            again = await browser.get("/sign-in", params={"to": to})
            assert (again.status_code, again.headers["location"]) == (303, leads)


async def test_the_way_back_is_kept(practice: Practice) -> None:
    client = await practice.client("Alex")
    async with practice.browser() as browser:
        page = await browser.get(f"/clients/{client.id}?range=all")
        form = await browser.get(page.headers["location"])
    assert page.status_code == 303
    assert f'value="/clients/{client.id}?range=all"' in form.text


async def test_every_page_that_can_be_opened_can_be_come_back_to(practice: Practice) -> None:
    """So whoever is signed out over a form is led back to it."""
    ids = {"client": uuid4(), "homework": uuid4(), "document": uuid4(), "person": uuid4()}
    names = {"{name:str}": "worry-time", "{key:str}": "phq-9", "{path:str}": "goals"}
    asked = 0
    for path, method, rule in routes_and_rules(practice.app):
        page = method == "GET" and rule in ("client-record", "therapist", "manager", "practice-person")
        if not page or re.match(r"/(api|fragments|events|design|schema)\b", path) or path.endswith("/search"):
            continue
        address = re.sub(r"\{(\w+):uuid\}", lambda match: str(ids[match[1]]), path)
        for given, name in names.items():
            address = address.replace(given, name)
        assert safe(address) == address
        asked += 1
    assert asked > 30
    assert safe(f"/clients/{ids['client']}/timeline?kind=journal&q=divorce") == "/"
    assert safe(f"/clients/{ids['client']}/plan/journal/more") == "/"


async def test_a_script_is_not_led_to_the_form_which_it_would_take_for_what_was_saved(practice: Practice) -> None:
    client = await practice.client("Alex")
    async with practice.signed_in() as browser:
        csrf = (await browser.get("/api/me")).json()["csrf"]
        browser.cookies.clear()
        path = f"/clients/{client.id}/notes"
        given = {"csrf": csrf, "text": "typed over the end"}
        answer = await browser.post(path, data=given, headers={"hx-request": "true"})
        assert answer.status_code == 401
        answer = await browser.post(path, data=given)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?to={path}")


async def test_the_form_and_the_pages_of_errors_are_in_the_language_of_the_browser(practice: Practice) -> None:
    async with practice.browser(**{"accept-language": "de", "accept": "text/html"}) as browser:
        for path, status in (("/sign-in", 200), ("/nowhere", 404)):
            answer = await browser.get(path)
            assert answer.status_code == status
            assert '<html lang="de">' in answer.text


@pytest.mark.parametrize("given", [None, "", "0" * 64])
async def test_signing_out_needs_the_sessions_token(noor: httpx.AsyncClient, given: str | None) -> None:
    headers = {} if given is None else {"x-csrf-token": given}
    assert (await noor.post("/sign-out", headers=headers)).status_code == 403
    form = {} if given is None else {"csrf": given}
    assert (await noor.post("/sign-out", data=form)).status_code in (401, 403)
    assert (await noor.get("/api/me")).status_code == 200


async def test_signing_out_ends_the_session_and_removes_the_cookie(noor: httpx.AsyncClient) -> None:
    token = noor.cookies["intersession"]
    csrf = (await noor.get("/api/me")).json()["csrf"]
    answer = await noor.post("/sign-out", data={"csrf": csrf})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "intersession" not in noor.cookies
    noor.cookies.set("intersession", token)
    assert (await noor.get("/api/me")).status_code == 401


async def test_a_program_signs_out_with_the_header(noor: httpx.AsyncClient) -> None:
    csrf = (await noor.get("/api/me")).json()["csrf"]
    assert (await noor.post("/sign-out", headers={"x-csrf-token": csrf})).status_code == 200
    assert (await noor.get("/api/me")).status_code == 401


async def test_signing_in_again_ends_the_session_before(practice: Practice, noor: httpx.AsyncClient) -> None:
    before = noor.cookies["intersession"]
    await noor.post("/sign-in", data=GOOD)
    async with practice.browser(cookie=f"intersession={before}") as browser:
        assert (await browser.get("/api/me")).status_code == 401


async def test_an_idle_session_ends_and_the_form_says_so(noor: httpx.AsyncClient, clock: Clock) -> None:
    clock.move(minutes=31)
    page = await noor.get("/", follow_redirects=True)
    assert page.url == f"{URL}/sign-in"
    assert "You have been signed out" in page.text
    assert "30 minutes" in page.text


async def test_live_updates_do_not_keep_a_session_awake(
    practice: Practice, noor: httpx.AsyncClient, clock: Clock
) -> None:
    client = await practice.client("Alex")
    for _ in range(3):
        clock.move(minutes=9)
        assert (await noor.get("/fragments")).status_code == 200
        assert (await noor.get(f"/fragments/clients/{client.id}")).status_code == 200
    clock.move(minutes=4)
    assert (await noor.get("/fragments")).status_code == 401
    assert (await noor.get("/api/me")).status_code == 401


async def test_whoever_reads_on_stays_signed_in(noor: httpx.AsyncClient, clock: Clock) -> None:
    for _ in range(4):
        clock.move(minutes=20)
        assert (await noor.get("/")).status_code == 200


async def test_a_form_that_is_none_signs_nobody_in(practice: Practice) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    async with practice.browser() as browser:
        for body in (b"", b"username=%FF&password=%FF", b"username=a&username=b", b"=&=", b"username=%00"):
            answer = await browser.post("/sign-in", content=body, headers=headers)
            assert answer.status_code in (400, 401), body
