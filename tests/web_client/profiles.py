"""A browser with a profile on disk, as a device has it; and its end by SIGKILL."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Playwright
from tests.web_client.core import BROWSER


def started(playwright: Playwright, chromium: str, profile: Path, *switches: str, **options: Any) -> BrowserContext:
    """The browser, started with that profile; `switches` are of its command line, `options` Playwright's."""
    return playwright.chromium.launch_persistent_context(
        profile, executable_path=chromium, args=[*BROWSER, *switches], **options
    )


def close(context: BrowserContext) -> None:
    """Close it as a person does; one that was killed is closed already."""
    with suppress(Error):
        context.close()


@contextmanager
def device(playwright: Playwright, chromium: str, profile: Path) -> Iterator[BrowserContext]:
    """A browser with that profile, until the block ends."""
    context = started(playwright, chromium, profile)
    try:
        yield context
    finally:
        close(context)


def processes(profile: Path) -> list[int]:
    """The browser's processes: the one that was started with this profile, first, and all that came of it."""
    parents: dict[int, int] = {}
    begun: list[int] = []
    for one in Path("/proc").iterdir():
        with suppress(OSError):
            if one.name.isdecimal():
                words = (one / "cmdline").read_bytes().split(b"\0")
                parents[int(one.name)] = int((one / "stat").read_text("ascii").rpartition(")")[2].split()[1])
                if f"--user-data-dir={profile}".encode() in words and not any(
                    word.startswith(b"--type=") for word in words
                ):
                    begun.append(int(one.name))
    found = sorted(begun)
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid and child not in found]
    return found


def kill_all(profile: Path) -> None:
    """SIGKILL for all processes of the browser with that profile. May be called on any thread."""
    for pid in processes(profile):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
