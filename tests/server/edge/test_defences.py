"""What stands before every route: hosts, origins, headers, and errors that leak nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import structlog
from litestar import Litestar, get, post
from litestar.exceptions import HTTPException, ValidationException
from litestar.params import FromPath, FromQuery
from structlog.testing import capture_logs
from tests.server.accounts.world import http_client

from intersession_server import app as app_module
from intersession_server.app import create_app
from intersession_server.edge.defences import SECURITY_HEADERS, frames_of
from intersession_server.edge.hosts import reachable
from intersession_server.errors import Refused, StorageError
from intersession_server.services import Services
from intersession_server.settings import Settings

pytestmark = pytest.mark.anyio

PUBLIC = {"access": "public"}
SECRET = "dear diary"


@get("/here", opt=PUBLIC)
async def here() -> str:
    return "here"


@get("/cached", opt=PUBLIC, cache_control=None, response_headers={"Cache-Control": "max-age=60"})
async def cached() -> str:
    return "here"


@post("/change", status_code=200, opt=PUBLIC)
async def change() -> str:
    return "changed"


@get("/fail/{how:str}", opt=PUBLIC)
async def fail(how: FromPath[str]) -> str:
    raise {
        "storage": StorageError(SECRET, code="x"),
        "key": KeyError(SECRET),
        "http": HTTPException(SECRET, status_code=418, extra=[SECRET], headers={"X-Secret": SECRET}),
        "validation": ValidationException(SECRET, extra=[{"message": SECRET, "key": SECRET}]),
        "busy": Refused("busy", "Wait.", retry_after=2.4),
        "refused": Refused("not_assigned", "Not assigned."),
    }[how]


@get("/number", opt=PUBLIC)
async def number(n: FromQuery[int]) -> int:
    return n


@pytest.fixture
def app(services: Services, monkeypatch: pytest.MonkeyPatch) -> Litestar:
    monkeypatch.setattr(app_module, "public_routes", lambda _: [here, cached, change, fail, number])
    return create_app(services)


@pytest.fixture
async def http(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with http_client(app, raise_errors=False) as client:
        yield client


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost", "LOCALHOST:1", "[::1]:8765"])
async def test_this_machines_names_are_served(http: httpx.AsyncClient, host: str) -> None:
    assert (await http.get("/here", headers={"host": host})).status_code == 200


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example.org", "evil.org:8765", "localhost@evil.org", ""])
async def test_other_names_are_not(http: httpx.AsyncClient, host: str) -> None:
    with capture_logs() as logs:
        for _ in range(3):
            answer = await http.get("/here", headers={"host": host, "accept": "*/*"})
            assert answer.status_code == 403
            assert answer.json()["code"] == "wrong_host"
            assert "--public-url" in answer.json()["message"]
    (line,) = [one for one in logs if one["event"] == "http.wrong_host"]
    assert not any(isinstance(said, str) and host and host in said for said in line.values())


async def test_a_person_reads_it_on_a_page(http: httpx.AsyncClient) -> None:
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for headers, path, status, said in (
        ({"host": "example.org"}, "/here", 403, "Use the address that the practice gave you"),
        ({}, "/no-such-page", 404, "This page does not exist"),
        ({}, "/clients/nobody/plan", 404, "or this page does not exist"),
    ):
        answer = await http.get(path, headers={**browser, **headers})
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")
        assert said in answer.text
    answer = await http.post("/change", headers={**browser, "origin": "https://evil.org"})
    assert answer.status_code == 403
    assert "This request came from another website" in answer.text
    assert (await http.get("/no-such-page")).json()["code"] == "not_found"


async def test_a_page_of_another_site_changes_nothing(http: httpx.AsyncClient) -> None:
    async def status(origin: str) -> int:
        answer = await http.post("/change", headers={"origin": origin})
        assert answer.status_code == 200 or answer.json()["code"] == "wrong_origin"
        return answer.status_code

    for origin in ("https://evil.org", "null", "http://127.0.0.1:9999", "http://127.0.0.1.evil.org:8765"):
        assert await status(origin) == 403
    assert await status("http://127.0.0.1:8765") == 200
    assert (await http.post("/change")).status_code == 200
    assert (await http.get("/here", headers={"origin": "https://evil.org"})).status_code == 200


@pytest.mark.parametrize(
    ("origin", "host", "trusted"),
    [
        ("https://journal.example.org", "journal.example.org", True),
        ("https://journal.example.org:443", "journal.example.org:443", True),
        ("HTTPS://Journal.Example.ORG", "journal.example.org", True),
        ("http://journal.example.org", "journal.example.org", False),
        ("https://journal.example.org:8443", "journal.example.org", False),
        ("https://journal.example.org.evil.example", "journal.example.org", False),
        ("https://journal.example.org@evil.example", "journal.example.org", False),
        ("https://user@journal.example.org", "journal.example.org", False),
        ("https://journal.example.org/", "journal.example.org", False),
        ("null", "journal.example.org", False),
        ("", "journal.example.org", False),
        ("https://", "journal.example.org", False),
        ("https://[::1", "journal.example.org", False),
        ("file://journal.example.org", "journal.example.org", False),
        ("http://localhost:8765", "localhost:8765", True),
        ("https://localhost:8765", "localhost:8765", False),
        ("http://localhost:9999", "localhost:8765", False),
        ("http://[::1]:8765", "[::1]:8765", True),
    ],
)
def test_an_origin_is_scheme_host_and_port(origin: str, host: str, trusted: bool) -> None:
    served = reachable(Settings(public_url="https://journal.example.org", host="127.0.0.1", port=8765))
    assert served.trusts(origin, host) == trusted


async def test_a_proxy_that_nobody_declared_is_told_once(http: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        for _ in range(3):
            assert (await http.get("/here", headers={"x-forwarded-for": "203.0.113.7"})).status_code == 200
    (warning,) = [one for one in logs if one["event"] == "http.proxy_not_declared"]
    assert "--behind-proxy" in warning["do"]


def test_the_public_url_is_what_is_served_on_the_network() -> None:
    found = reachable(
        Settings(host="0.0.0.0", port=8765, public_url="https://Journal.example.org:443/", behind_proxy=True)
    )
    assert found.serves("journal.example.org")
    assert found.serves("Journal.example.org:443")
    assert not found.serves("journal.example.org:8443")
    assert not found.serves("example.org")
    assert found.trusts("https://journal.example.org", "127.0.0.1:8765")
    assert found.sync_origins == {"https://journal.example.org"}
    elsewhere = reachable(Settings(host="::", port=8765, public_url="https://[2001:db8::1]:8443", behind_proxy=True))
    assert elsewhere.sync_origins == {"https://[2001:db8::1]:8443"}
    assert elsewhere.serves("[2001:db8::1]:8443")
    assert not elsewhere.serves("[2001:db8::1]")
    assert reachable(Settings(port=81)).sync_origins == {
        "http://127.0.0.1:81",
        "http://localhost:81",
        "http://[::1]:81",
    }


async def test_every_answer_has_the_headers_errors_included(http: httpx.AsyncClient) -> None:
    for answer in (
        await http.get("/here"),
        await http.get("/nothing"),
        await http.get("/fail/key"),
        await http.post("/here"),
        await http.get("/here", headers={"host": "evil.org"}),
        await http.get("/schema/openapi.json"),
    ):
        for name, value in SECURITY_HEADERS.items():
            assert answer.headers[name] == value
        assert "strict-transport-security" not in answer.headers
        assert "server" not in answer.headers


async def test_a_route_may_set_a_header_itself(http: httpx.AsyncClient) -> None:
    assert (await http.get("/cached")).headers.get_list("cache-control") == ["max-age=60"]


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("storage", 503, "storage_failed"),
        ("key", 500, "server_error"),
        ("http", 418, "bad_request"),
        ("validation", 400, "bad_request"),
        ("busy", 503, "busy"),
        ("refused", 409, "not_assigned"),
    ],
)
async def test_errors_say_what_to_do_and_nothing_else(
    http: httpx.AsyncClient, how: str, status: int, code: str
) -> None:
    with structlog.testing.capture_logs() as logged:
        answer = await http.get(f"/fail/{how}")
    assert (answer.status_code, answer.json()["code"], set(answer.json())) == (status, code, {"code", "message"})
    assert SECRET not in answer.text + repr(answer.headers) + repr(logged)


async def test_what_was_sent_is_not_repeated(http: httpx.AsyncClient) -> None:
    for path in (f"/number?n={SECRET}", f"/{SECRET}", "/number"):
        answer = await http.get(path)
        assert answer.status_code in (400, 404)
        assert SECRET not in answer.text
        assert "dear%20diary" not in answer.text


async def test_a_method_that_is_not_taken_says_which_are(http: httpx.AsyncClient) -> None:
    answer = await http.post("/here")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]


async def test_a_failure_is_logged_by_type_and_place(http: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as logged:
        await http.get("/fail/key")
    (event,) = [event for event in logged if event["event"] == "http.failed"]
    assert (event["error"], event["route"]) == ("KeyError", "/fail/{how}")
    assert any(frame.startswith("fail (") for frame in event["frames"])


def test_frames_hold_no_text_of_the_exception() -> None:
    def deep(value: str) -> Any:
        raise ValueError(value)

    with pytest.raises(ValueError, match=SECRET) as caught:
        deep(SECRET)
    found = frames_of(caught.value)
    assert [frame.split()[0] for frame in found] == ["test_frames_hold_no_text_of_the_exception", "deep"]
    assert SECRET not in repr(found)
