"""The app on a host of its own: what is had under which name, and that nothing of the one is had under the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from tests.server.accounts.world import CHEAP, PASSWORD, Clock, http_client, practice_with, settings_for
from tests.server.web.client_app.standin import build
from tests.server.web.practice import Practice, send

from intersession_server.access import session_cookie_name
from intersession_server.app import create_app, create_operator_app, routes_and_rules
from intersession_server.edge.hosts import reachable
from intersession_server.errors import ConfigurationError
from intersession_server.services import Services, open_services
from intersession_server.settings import Settings, app_url_of, url_of
from intersession_server.web.app import files
from intersession_server.web.page.qr import qr_code

pytestmark = pytest.mark.anyio

PAGES = "practice.example.org"
APP = "app.practice.example.org"


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Services]:
    settings = settings_for(tmp_path, public_url=f"https://{PAGES}", app_host=APP, behind_proxy=True)
    async with open_services(settings, clock=Clock(), hasher=CHEAP) as opened:
        yield opened


@pytest.fixture
async def http(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with http_client(create_app(services)) as client:
        yield client


async def status(http: httpx.AsyncClient, host: str, path: str, method: str = "GET") -> int:
    return (await http.request(method, path, headers={"host": host})).status_code


async def test_each_name_has_its_part_and_no_more(http: httpx.AsyncClient, services: Services) -> None:
    """Every route of the server is tried under both names: what answers under one does not under the other."""
    under_both: set[str] = set()
    under_app: set[str] = set()
    for path, method, _ in routes_and_rules(create_app(services)):
        if method == "WEBSOCKET":
            continue
        filled = path.replace("{name:str}", "style.css").replace(":uuid}", "}").replace("{path:path}", "x")
        filled = "/".join(
            "0" * 8 + "-0000-4000-8000-" + "0" * 12 if "{" in part else part for part in filled.split("/")
        )
        there, here = await status(http, APP, filled, method), await status(http, PAGES, filled, method)
        assert (there, here) != (421, 421), path
        if there != 421:
            (under_app if here == 421 else under_both).add(path)
    assert under_both == {"/", "/health", "/static/{name:str}"}
    assert under_app == {"/pair", "/device/reminders", "/app", "/app/install", "/app/{path:path}"}


async def test_a_wrong_name_is_told_in_a_sentence(http: httpx.AsyncClient) -> None:
    answer = await http.get("/sign-in", headers={"host": APP})
    assert (answer.status_code, answer.json()["code"]) == (421, "other_host")
    page = await http.get("/sign-in", headers={"host": APP, "accept": "text/html", "accept-language": "de"})
    assert page.status_code == 421
    assert "Nehmen Sie die Adresse, die die Praxis Ihnen gegeben hat." in page.text
    assert 'href="/"' not in page.text.partition("<main")[2]


async def test_who_types_the_apps_name_comes_to_the_app(http: httpx.AsyncClient) -> None:
    answer = await http.get("/", headers={"host": APP})
    assert (answer.status_code, answer.headers["location"]) == (307, "/app/")
    assert await status(http, PAGES, "/") == 303


@pytest.mark.parametrize("host", [f"{APP}:8443", f"x.{APP}", "app.example.org", f"{APP}.", f"{APP}@{PAGES}", ""])
async def test_names_that_only_look_like_it_are_refused(http: httpx.AsyncClient, host: str) -> None:
    for path in ("/app/", "/health", "/sign-in"):
        assert await status(http, host, path) == 403


async def test_the_pages_cookies_mean_nothing_to_the_app_and_it_sets_none(
    http: httpx.AsyncClient, services: Services
) -> None:
    await practice_with(services, "ada")
    given = {"username": "ada", "password": PASSWORD}
    answer = await http.post("/sign-in", data=given, headers={"host": APP, "origin": f"https://{APP}"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (421, False)
    answer = await http.post("/sign-in", data=given, headers={"host": PAGES, "origin": f"https://{PAGES}"})
    cookies = answer.headers.get_list("set-cookie")
    # The prefix has browsers keep them for this host alone, and none names a domain.
    assert len(cookies) == 2
    assert all(one.startswith("__Host-") and "domain" not in one.lower() for one in cookies)
    name = session_cookie_name(https=True)
    held = next(one for one in cookies if one.startswith(f"{name}=")).split(";")[0]
    assert (await http.get("/api/me", headers={"host": PAGES, "cookie": held})).status_code == 200
    for path in ("/api/me", "/", "/app/", "/app/install"):
        answer = await http.get(path, headers={"host": APP, "cookie": held})
        assert "ada" not in answer.text
        assert "set-cookie" not in answer.headers


async def test_neither_page_changes_anything_of_the_other(http: httpx.AsyncClient, services: Services) -> None:
    async def code(host: str, origin: str, path: str) -> str:
        answer = await http.post(path, json={"code": "ABCD-EFGH"}, headers={"host": host, "origin": origin})
        return str(answer.json()["code"])

    assert await code(APP, f"https://{APP}", "/pair") == "wrong_code"
    assert await code(APP, f"https://{PAGES}", "/pair") == "wrong_origin"
    assert await code(PAGES, f"https://{APP}", "/api/account/password") == "wrong_origin"
    assert services.hub.origins == {f"https://{APP}"}


async def test_this_machines_names_have_the_pages(http: httpx.AsyncClient) -> None:
    assert await status(http, "127.0.0.1:8765", "/sign-in") == 200
    assert await status(http, "127.0.0.1:8765", "/app/") == 421


async def test_the_operators_door_is_as_it_was(tmp_path: Path) -> None:
    """Also where the app has that name of this machine under which the door is reached."""
    settings = settings_for(tmp_path, public_url=f"https://{PAGES}", app_host="127.0.0.1")
    async with (
        open_services(settings, clock=Clock(), hasher=CHEAP) as services,
        http_client(create_operator_app(services)) as door,
    ):
        assert (await door.post("/operator", json={}, headers={"host": "127.0.0.1:9"})).status_code == 401


def test_on_this_machine_alone_its_names_are_told_apart() -> None:
    settings = Settings(app_host="localhost")
    settings.check()
    assert (url_of(settings), app_url_of(settings)) == ("http://127.0.0.1:8765", "http://localhost:8765")
    found = reachable(settings)
    assert found.sync_origins == {"http://localhost:8765"}
    assert found.has("app", "localhost:8765")
    assert not found.has("pages", "localhost:1")  # cookies know no ports
    assert found.has("pages", "127.0.0.1:8765")
    assert found.trusts("http://localhost:8765", "localhost:8765")
    assert not found.trusts("http://localhost:8765", "127.0.0.1:8765")


def test_a_port_is_that_of_the_pages() -> None:
    settings = Settings(public_url=f"https://{PAGES}:8443", app_host=APP.upper())
    assert app_url_of(settings) == f"https://{APP}:8443"
    assert reachable(settings).serves(f"{APP}:8443")
    assert not reachable(settings).serves(APP)


@pytest.mark.parametrize(
    ("host", "public_url"),
    [
        (PAGES, f"https://{PAGES}"),
        (PAGES.upper(), f"https://{PAGES}:8443"),
        (APP, None),
        (f"https://{APP}", f"https://{PAGES}"),
        (f"{APP}:8443", f"https://{PAGES}"),
        (f"{APP}/app", f"https://{PAGES}"),
        ("-a.example", f"https://{PAGES}"),
        ("a..example", f"https://{PAGES}"),
        ("127.0.0.1", None),
        ("", f"https://{PAGES}"),
    ],
)
def test_what_is_no_host_of_its_own_is_refused(host: str, public_url: str | None) -> None:
    with pytest.raises(ConfigurationError, match="--app-host"):
        Settings(app_host=host, public_url=public_url).check()


async def test_what_is_handed_out_leads_to_the_app(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(files, "FOLDER", build(tmp_path / "built"))
    page = await http.get("/app/install", headers={"host": APP})
    assert f"https://{APP}/app/install" in page.text
    assert qr_code(f"https://{APP}/app/install").path in page.text
    assert f"wss://{APP}" in (await http.get("/app/", headers={"host": APP})).headers["content-security-policy"]


async def test_a_pairing_link_names_the_app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(files, "FOLDER", build(tmp_path / "built"))
    settings = settings_for(tmp_path / "data", app_host="localhost")
    async with open_services(settings, clock=Clock(), hasher=CHEAP) as services:
        practice = await Practice(services).begin()
        client = await practice.client("Alex")
        async with practice.signed_in() as noor:
            answer = await send(noor, "POST", f"/api/practice/people/{client.id}/invitation", None)
            assert answer.json()["link"] == f"http://localhost:8765/pair#{answer.json()['code']}"
            page = await noor.get(f"/practice/people/{client.id}/hand-out")
            assert "http://localhost:8765/app/install" in page.text
