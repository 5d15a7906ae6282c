"""A phone whose disk outlives its browser: it is closed or killed, and started again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Playwright
from tests.end_to_end.support.server_process import wait_for
from tests.web_client import profiles
from tests.web_client.app.phone import LOOK, Phone


class KeptPhone(Phone):
    """One profile on disk, and the browser that has it open; its app is not open yet when the browser has started."""

    def __init__(
        self,
        playwright: Playwright,
        chromium: str,
        profile: Path,
        url: str,
        *switches: str,
        script: str = "",
        **options: Any,
    ) -> None:
        """`switches` are of the browser's command line, `options` Playwright's; `script` runs first in every page."""
        self.profile = profile
        self._script = script
        self._start = lambda: profiles.started(playwright, chromium, profile, *switches, base_url=url, **LOOK | options)
        super().__init__(self._started())

    def start(self) -> None:
        """Start the browser again, when it has ended."""
        self.use(self._started())

    def close(self) -> None:
        """Close the browser as a person does; nothing happens where it has ended."""
        profiles.close(self.context)

    def kill(self) -> None:
        """SIGKILL for all of the browser's processes. May be called on another thread."""
        profiles.kill_all(self.profile)

    def wait_until_ended(self) -> None:
        """After `kill`: wait until no process has the profile any more."""
        wait_for(lambda: not profiles.processes(self.profile), 20, "the browser has ended")
        self.close()

    def _started(self) -> Page:
        context = self._start()
        context.add_init_script(self._script)
        return context.pages[0]


@contextmanager
def kept_phone(
    playwright: Playwright, chromium: str, profile: Path, url: str, *switches: str, script: str = "", **options: Any
) -> Iterator[KeptPhone]:
    """A phone as `KeptPhone` makes it, until the block ends. Nothing in it may go wrong."""
    phone = KeptPhone(playwright, chromium, profile, url, *switches, script=script, **options)
    try:
        yield phone
    finally:
        phone.close()
    assert phone.wrong == []
