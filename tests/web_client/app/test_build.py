"""What the build makes: the same bytes from the same sources, small, installable, and there without a network."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.web_client.app.phone import phone_in
from tests.web_client.core import serving
from tests.web_client.served import build

FIRST_DOWNLOAD = 1_800_000
PACKED = {".br", ".gz"}


def plain_files(folder: Path) -> dict[str, str]:
    """The hash of each file that is not compressed, by its name."""
    files = sorted(path for path in folder.iterdir() if path.suffix not in PACKED)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.page
@pytest.mark.timeout(600)
def test_two_builds_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    build(tmp_path / "again", "--plain")
    assert plain_files(tmp_path / "again") == plain_files(built)


@pytest.mark.page
def test_the_hash_is_that_of_all_files(built: Path) -> None:
    files = plain_files(built)
    told = json.loads((built / "version.json").read_text(encoding="utf-8"))["bundle"]
    lines = "".join(f"{digest}  {name}\n" for name, digest in files.items() if name != "version.json")
    assert told == hashlib.sha256(lines.encode()).hexdigest()


@pytest.mark.page
@pytest.mark.timeout(600)  # compressing as well as can be takes a busy machine minutes
def test_every_file_is_there_compressed_and_a_first_download_is_small(tmp_path: Path) -> None:
    build(tmp_path / "whole")
    names = plain_files(tmp_path / "whole")
    found = {path.name for path in (tmp_path / "whole").iterdir()}
    assert found == {f"{name}{end}" for name in names for end in ("", ".br", ".gz")}
    assert sum((tmp_path / "whole" / f"{name}.br").stat().st_size for name in names) < FIRST_DOWNLOAD


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """The app on a device that has no practice yet, with its service worker."""
    with phone_in(browser, address) as phone:
        phone.open()
        phone.shows("Welcome")
        yield phone.page


class Files(SimpleHTTPRequestHandler):
    """Serves a folder as `/app`; what is no file there is a place in the app."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
    }

    def translate_path(self, path: str) -> str:
        folder = Path(self.directory)
        file = folder / urlsplit(path).path.removeprefix("/app/")
        return str(file if file.is_file() else folder / "index.html")

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served(built: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server with a copy of the app that may be changed."""
    folder = tmp_path / "served"
    folder.mkdir()
    for name in plain_files(built):
        (folder / name).write_bytes((built / name).read_bytes())
    with serving(folder, Files) as address:
        yield address, folder


BECOMES = """async () => {
    const registration = await navigator.serviceWorker.register('/app/sw.js', { scope: '/app/' });
    const worker = registration.installing ?? registration.waiting ?? registration.active;
    return new Promise((done) => {
        const look = () => ['activated', 'redundant'].includes(worker.state) && done(worker.state);
        worker.onstatechange = look;
        look();
    });
}"""
"""What becomes of the service worker that the server has."""


def in_charge(page: Page) -> None:
    page.evaluate("() => navigator.serviceWorker.ready")


@pytest.mark.page
def test_it_starts_without_a_network(browser: Browser, served: tuple[str, Path]) -> None:
    address, _ = served
    with opened(browser, address) as page:
        in_charge(page)
        page.context.set_offline(True)
        page.goto("/app/safety")
        expect(page.get_by_role("heading", level=1, name="Safety plan")).to_be_visible()
        page.goto("/app/pair#ABCD-EFGH")
        expect(page.get_by_role("button", name="Connect")).to_be_visible()


@pytest.mark.page
def test_a_new_version_waits_until_the_person_takes_it(browser: Browser, served: tuple[str, Path]) -> None:
    address, folder = served
    with opened(browser, address) as page:
        in_charge(page)
        page.reload()
        update(folder, "<title>Intersession</title>", "<title>Intersession 2</title>")
        page.evaluate("async () => void (await (await navigator.serviceWorker.ready).update())")
        expect(page.get_by_text("A new version is here.")).to_be_visible()
        assert "Intersession 2" not in page.evaluate("async () => (await fetch('/app/index.html')).text()")
        with page.expect_navigation():
            page.get_by_role("button", name="Update now").click()
        expect(page.get_by_role("heading", level=1, name="Welcome")).to_be_visible()
        assert "Intersession 2" in page.evaluate("async () => (await fetch('/app/index.html')).text()")
        assert len(page.evaluate("() => caches.keys()")) == 1


@pytest.mark.page
def test_a_file_that_is_not_as_it_was_built_is_not_kept(browser: Browser, served: tuple[str, Path]) -> None:
    address, folder = served
    page_file = folder / "index.html"
    page_file.write_text(page_file.read_text("utf-8") + "<!-- changed on its way -->", encoding="utf-8")
    with opened(browser, address) as page:
        assert page.evaluate(BECOMES) == "redundant"


def update(folder: Path, was: str, becomes: str) -> None:
    """Another version of the page, and the service worker that belongs to it."""
    page_file, worker = folder / "index.html", folder / "sw.js"
    before = hashlib.sha256(page_file.read_bytes()).hexdigest()
    page_file.write_text(page_file.read_text("utf-8").replace(was, becomes), encoding="utf-8")
    after = hashlib.sha256(page_file.read_bytes()).hexdigest()
    script = worker.read_text("utf-8")
    assert script.count(before) == 1
    # The hash of the list names the cache: another version, another one.
    worker.write_text(re.sub("shell-(?=[0-9a-f])", "shell-2", script.replace(before, after)), encoding="utf-8")


@pytest.mark.page
def test_it_can_be_installed(browser: Browser, served: tuple[str, Path]) -> None:
    address, _ = served
    with opened(browser, address) as page:
        in_charge(page)
        session = page.context.new_cdp_session(page)
        manifest = session.send("Page.getAppManifest")
        assert manifest["errors"] == []
        told = json.loads(manifest["data"])
        assert {icon["sizes"] for icon in told["icons"]} == {"192x192", "512x512"}
        errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        # A browser of its own for a test counts as private, in which nothing is installed.
        assert {one["errorId"] for one in errors} <= {"in-incognito"}
