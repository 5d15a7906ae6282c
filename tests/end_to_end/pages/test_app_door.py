"""A browser at the app's door: what the app's policy lets a page do, what it does not, and how a scanned code goes on.

The app is a stand-in that tries each thing that the real one needs, and one that nobody may do.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.end_to_end.pages.browsing import accessible
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import ServerProcess, serving

from intersession_schemas.errors import CloseCode

pytestmark = pytest.mark.page

FILES = {
    "index.html": '<!doctype html><title>App</title><script type="module" src="/app/main.js"></script>',
    "main.js": """
const tried = async (what) => { try { return await what(); } catch (error) { return error.name; } };
const answer = (port, event) => new Promise((resolve) => { port[event] = resolve; });
const compiled = async () => (await WebAssembly.instantiateStreaming(fetch("/app/empty.wasm"))).instance;
const socket = () => new WebSocket("/sync", ["intersession.1", "bearer." + "A".repeat(43)]);
window.results = Promise.all([
  tried(async () => (await compiled()) instanceof WebAssembly.Instance),
  tried(async () => (await answer(new Worker("/app/worker.js", { type: "module" }), "onmessage")).data),
  tried(async () => (await navigator.serviceWorker.register("/app/sw.js")).scope),
  tried(async () => (await answer(socket(), "onclose")).code),
  tried(() => eval("1")),
  tried(async () => (await fetch("http://127.0.0.1:9/")).status),
  tried(async () => (await navigator.serviceWorker.register("/app/sw.js", { scope: "/" })).scope),
]);
""",
    "worker.js": """
const { instance } = await WebAssembly.instantiateStreaming(fetch("/app/empty.wasm"));
let evaluated;
try { evaluated = eval("1"); } catch (error) { evaluated = error.name; }
postMessage([instance instanceof WebAssembly.Instance, evaluated]);
""",
    "sw.js": "self.addEventListener('fetch', () => {});",
    "manifest.webmanifest": '{"name": "App", "start_url": "/app/", "scope": "/app/", "display": "standalone"}',
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server whose app has a host of its own: `localhost`, while the pages are at `127.0.0.1`."""
    folder = tmp_path_factory.mktemp("door")
    app = folder / "app"
    app.mkdir()
    for name, text in FILES.items():
        (app / name).write_text(text)
    (app / "empty.wasm").write_bytes(b"\0asm\1\0\0\0")
    first = (
        f"from pathlib import Path\nfrom intersession_server.web.app import files\nfiles.FOLDER = Path({str(app)!r})"
    )
    with serving(folder / "server", "--app-host", "localhost", first=first) as running:
        yield running


@pytest.fixture
def app_url(server: ServerProcess) -> str:
    return f"http://localhost:{server.port}"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 320, "height": 700}) as context:
        yield context.new_page()


def test_the_policy_lets_it_do_what_it_needs_and_no_more(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/app/journal/new")
    compiled, worker, scope, closed, evaluated, fetched, wider = page.evaluate("window.results")
    assert compiled is True
    assert worker == [True, "EvalError"]
    assert scope == f"{app_url}/app/"
    assert closed == CloseCode.UNAUTHENTICATED
    assert (evaluated, fetched, wider) == ("EvalError", "TypeError", "SecurityError")


def test_nothing_of_the_pages_is_under_the_apps_name(page: Page, server: ServerProcess, app_url: str) -> None:
    page.goto(app_url)
    assert page.url == f"{app_url}/app/"
    for url in (f"{app_url}/sign-in", f"{server.url}/app/"):
        answer = page.goto(url)
        assert answer is not None
        assert answer.status == 421
        expect(page.get_by_text("Use the address that the practice gave you")).to_be_visible()


def test_a_scanned_code_goes_on_to_the_app_and_to_nobody_else(page: Page, practice: Practice, app_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{app_url}/pair#ABCD-EFGH-JKMN-PQRS")
    expect(page.locator(".code")).to_have_text("ABCD-EFGH-JKMN-PQRS")
    assert accessible(page) == []
    page.get_by_role("link", name="Open the app").click()
    page.wait_for_url(f"{app_url}/app/pair#ABCD-EFGH-JKMN-PQRS")
    assert asked
    assert not any("ABCD" in url.partition("#")[0] for url in asked)
    # What is no code is neither shown nor handed on.
    page.goto(f"{app_url}/pair#<b>call-0123</b>")
    expect(page.locator(".code")).to_be_hidden()
    expect(page.get_by_role("link", name="Open the app")).to_have_attribute("href", "/app/pair")


def test_how_to_install_it_is_read_on_a_narrow_phone(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/app/install")
    expect(page.get_by_role("heading", level=1)).to_have_text("Install the app")
    for part in page.locator("summary").all():
        part.click()
    assert accessible(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
