"""The core's client in a browser, at a real server: served as its app, opened in tabs, asked by `page.evaluate`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page
from tests.end_to_end.support.server_process import ServerProcess
from tests.web_client.core import bundle
from tests.web_client.peer import Refused
from tests.web_client.served import server_of

ENTRY = Path(__file__).parent.parent / "entries" / "client.ts"
PASSCODE = "over the lake 7"
CALL = "([face, method, given]) => call(face, method, given)"


class Tab:
    """A tab of a browser, with the client's page in it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> Any:
        """Open the client in it; how that went."""
        return self.page.evaluate("() => opening()")

    def call(self, face: str, method: str, *given: Any) -> Any:
        """What a face answers. Raises `Refused`."""
        said = self.page.evaluate(CALL, [face, method, list(given)])
        if "refused" in said:
            raise Refused(said["refused"], said["message"])
        return said["answer"]

    def pair(self, server: ServerProcess, code: str, *, shared: bool = True, earlier: bool = False) -> Any:
        """Pair the client."""
        given = {"url": server.url, "code": code, "share_by_default": shared, "share_earlier": earlier}
        return self.call("device", "pair", given)

    def sync(self) -> Any:
        """Exchange everything."""
        return self.call("device", "sync")

    def status(self) -> Any:
        """Where it stands."""
        return self.call("device", "status", "en")

    def set_lock(self, *, safety_outside: bool = False) -> None:
        """Set a lock, which `PASSCODE` opens."""
        self.call("lock", "set", PASSCODE, {"safety_outside": safety_outside})

    def write(self, text: str) -> str:
        """Write an entry; its id."""
        return str(self.call("notes", "write", text))

    def texts(self) -> set[str]:
        """What all entries say."""
        return {entry["text"] for entry in self.call("notes", "list")}

    def wait_for(self, condition: str) -> None:
        """Wait until a condition of the page holds."""
        self.page.wait_for_function(condition, timeout=20_000)


@contextmanager
def app_server(folder: Path) -> Iterator[ServerProcess]:
    """A server that serves the client's page as its app."""
    app = folder / "app"
    app.mkdir(parents=True)
    bundle(ENTRY, app)
    with server_of(app, folder / "server") as server:
        yield server


def tab(context: BrowserContext, server: ServerProcess) -> Tab:
    """A new tab at the app."""
    page = context.new_page()
    page.goto(f"{server.url}/app/")
    page.wait_for_function("() => 'opening' in globalThis")
    return Tab(page)
