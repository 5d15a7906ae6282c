"""The app as a browser gets it: headers, encodings, screens, and what stands there when it was not built."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from tests.server.accounts.world import http_client
from tests.server.web.client_app.standin import FILES, SCRIPT, WASM, build
from tests.server.web.standing_app import app_for

from intersession_server.edge.defences import SECURITY_HEADERS
from intersession_server.services import Services
from intersession_server.web.app import files
from intersession_server.web.app.page import content_security

pytestmark = pytest.mark.anyio

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the app lies."""
    folder = build(tmp_path / "built")
    monkeypatch.setattr(files, "FOLDER", folder)
    return folder


@pytest.fixture
async def http(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with http_client(app_for(services)) as client:
        yield client


@pytest.mark.usefixtures("built")
async def test_every_file_is_what_it_says(http: httpx.AsyncClient) -> None:
    types = {
        "": "text/html; charset=utf-8",
        "journal/new": "text/html; charset=utf-8",
        "sw.js": "text/javascript; charset=utf-8",
        SCRIPT: "text/javascript; charset=utf-8",
        WASM: "application/wasm",
        "manifest.webmanifest": "application/manifest+json",
        "icons/icon-maskable.png": "image/png",
    }
    for path, type_ in types.items():
        answer = await http.get(f"/app/{path}", headers={"accept-encoding": "identity"})
        assert (answer.status_code, answer.headers["content-type"]) == (200, type_), path
        assert answer.content == FILES.get(path, FILES["index.html"])
        assert answer.headers["content-length"] == str(len(answer.content))
        assert answer.headers["vary"] == "accept-encoding"
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self' 'wasm-unsafe-eval';" in policy
        assert "unsafe-inline" not in policy
        assert "'unsafe-eval'" not in policy
        others = {"content-security-policy", "cache-control", "permissions-policy"}
        for name in SECURITY_HEADERS.keys() - others:
            assert answer.headers[name] == SECURITY_HEADERS[name]
        allowed = answer.headers["permissions-policy"]
        assert allowed == "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
        assert not {"set-cookie", "service-worker-allowed"} & set(answer.headers)
    assert (await http.get("/app/sw.js")).headers["cache-control"] == "no-cache"


@pytest.mark.usefixtures("built")
async def test_it_is_sent_compressed_in_pieces(http: httpx.AsyncClient) -> None:
    answer = await http.get(f"/app/{SCRIPT}", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == FILES[SCRIPT]
    async with http.stream("GET", f"/app/{SCRIPT}", headers={"accept-encoding": "br"}) as raw:
        assert raw.headers["content-encoding"] == "br"
        assert b"".join([piece async for piece in raw.aiter_raw()]) == FILES[f"{SCRIPT}.br"]


@pytest.mark.usefixtures("built")
async def test_what_a_browser_has_is_not_sent_again(http: httpx.AsyncClient) -> None:
    first = await http.get("/app/")
    again = await http.get("/app/", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    other = await http.get(f"/app/{SCRIPT}", headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200
    # A mark of one encoding says nothing of another.
    plain = await http.get(f"/app/{SCRIPT}", headers={"accept-encoding": "identity"})
    given = {"accept-encoding": "gzip", "if-none-match": plain.headers["etag"]}
    assert (await http.get(f"/app/{SCRIPT}", headers=given)).status_code == 200


@pytest.mark.usefixtures("built")
async def test_heads_and_other_methods(http: httpx.AsyncClient) -> None:
    for path in ("/app/", f"/app/{SCRIPT}"):
        whole = await http.get(path, headers={"accept-encoding": "identity"})
        head = await http.head(path, headers={"accept-encoding": "identity"})
        assert (head.status_code, head.content) == (200, b"")
        assert {name: head.headers[name] for name in ("etag", "content-length", "content-type")} == {
            name: whole.headers[name] for name in ("etag", "content-length", "content-type")
        }
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            assert (await http.request(method, path)).status_code == 405
    assert (await http.get("/app")).headers["location"] == "/app/"


@pytest.mark.usefixtures("built")
async def test_nothing_outside_is_had_and_nothing_gone_is_the_page(http: httpx.AsyncClient, built: Path) -> None:
    (built.parent / "secret.txt").write_text("secret")
    (built.parent / "app.db").write_text("secret")
    for path in (
        "../secret.txt",
        "..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "icons/../../secret.txt",
        "icons/..%5c..%5csecret.txt",
        "%2Fetc/passwd.txt",
        "//etc/passwd.txt",
        "secret.txt%00",
        "main-HIJKLMN2.js",
        f"{SCRIPT}.br",
        "stamp.txt",
        "main.js.map",
        "SW.JS",
    ):
        answer = await http.get(f"/app/{path}")
        assert answer.status_code in (404, 400), path
        assert "secret" not in answer.text
        assert answer.headers["cache-control"] == "no-store"  # a gap is not kept, by anybody


@pytest.mark.usefixtures("built")
async def test_what_is_kept_by_caches_holds_nothing_of_a_request(http: httpx.AsyncClient) -> None:
    """Whoever asks, under whatever name and with whatever headers: the same bytes and the same headers."""
    for path in ("/app/", f"/app/{SCRIPT}"):
        plain = await http.get(path)
        poison = {
            "host": "localhost:1",
            "x-forwarded-host": "evil.example",
            "x-forwarded-proto": "https",
            "x-original-url": "/evil",
            "origin": "https://evil.example",
            "accept-language": "de",
            "cookie": "intersession=x",
            "user-agent": IPHONE,
        }
        other = await http.get(f"{path}?evil=1", headers=poison)
        assert (other.content, dict(other.headers)) == (plain.content, dict(plain.headers))
        assert (await http.get(path, headers={"host": "evil.example"})).status_code == 403


def test_the_policy_names_the_sockets_of_the_settings() -> None:
    policy = content_security(frozenset({"https://app.example.org", "http://localhost:8765", "http://[::1]:8765"}))
    assert "connect-src 'self' ws://localhost:8765 wss://app.example.org;" in policy


async def test_where_it_was_not_built_a_page_says_so(
    http: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "FOLDER", tmp_path / "none")
    for path in ("/app/", "/app/journal", "/app/sw.js", "/app/install"):
        answer = await http.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")
        assert "client_sdk/web" in answer.text
        assert "./run build" in answer.text
    note = tmp_path / "npm"
    note.mkdir()
    (note / "missing").write_text("npm")
    monkeypatch.setattr(files, "FOLDER", note)
    answer = await http.get("/app/", headers={"accept-language": "de"})
    assert answer.status_code == 503
    assert '<html lang="de">' in answer.text
    assert "npm config get registry" in answer.text
    assert (await http.get("/sign-in")).status_code == 200
    assert "/app/pair" not in (await http.get("/pair")).text


@pytest.mark.usefixtures("built")
async def test_how_to_install_it(http: httpx.AsyncClient) -> None:
    def opens(text: str) -> str:
        """Whose steps are not folded."""
        return text.split("<h2>")[1].split("</h2>")[0]

    for agent, first in (
        (IPHONE, "On this iPhone or iPad"),
        (ANDROID, "On this phone or tablet"),
        (MAC, "On your phone"),
    ):
        answer = await http.get("/app/install", headers={"user-agent": agent})
        assert answer.status_code == 200
        assert opens(answer.text) == first
        # An iPad says that it is a Mac: every way is on every page.
        assert "Add to Home Screen" in answer.text
        assert "Install app" in answer.text
        assert 'rel="manifest"' in answer.text
        assert answer.headers["content-security-policy"].endswith("; manifest-src 'self'")
        # No picture of an address that only this computer has.
        assert ("a phone cannot reach it" in answer.text) == (agent == MAC)
        assert "<svg" not in answer.text
    german = await http.get("/app/install", headers={"accept-language": "de"})
    assert "Zum Home-Bildschirm" in german.text


@pytest.mark.usefixtures("built")
async def test_a_scanned_code_leads_to_the_app(http: httpx.AsyncClient) -> None:
    page = (await http.get("/pair")).text
    assert 'href="/app/pair" data-takes-code' in page
    assert 'href="/app/install"' in page
    assert "static/pair.js" in page
