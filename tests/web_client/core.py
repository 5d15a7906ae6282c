"""The TypeScript core in a real browser: bundled by esbuild, served on loopback, asked by `page.evaluate`."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from client_sdk.web.node import PACKAGE, node
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = PACKAGE.parents[1]
BROWSER = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


class _Files(SimpleHTTPRequestHandler):
    """Serves a folder, and says nothing of it."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".wasm": "application/wasm", ".js": "text/javascript"}

    def log_message(self, *_: object) -> None:
        pass


def bundle(entry: Path, folder: Path) -> None:
    """Bundle a module and all that it imports into `folder`; raises `AssertionError` with what esbuild says."""
    words = [node(), str(PACKAGE / "bundle.mjs"), str(entry), str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    (folder / "index.html").write_text(
        '<!doctype html><title>core</title><script type="module" src="main.js"></script>'
    )


@contextmanager
def serving(folder: Path, handler: type[SimpleHTTPRequestHandler] = _Files) -> Iterator[str]:
    """Serve a folder on a free port; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def launched(chromium: str) -> Iterator[Browser]:
    """A Chromium, until the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """A page at an address, its module run; an error in the page fails the test."""
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.wait_for_load_state()
    assert not errors, errors
    yield page
    page.close()
