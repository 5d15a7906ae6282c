"""The client's app as the server has it, in a Chromium the size of a phone, with a profile on disk and a slowed CPU."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, ViewportSize

GIVE_UP_MS = 600_000
SCREEN = ViewportSize(width=390, height=844)
BROWSER = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
QUOTAS = Path("/sys/fs/cgroup/cpu")
"""Where processes are given a share of the CPU, as version 1 of control groups has it."""
PERIOD_US = 10_000

SHOWN_AFTER = """([act, target, value, shown]) => new Promise((done) => {
    const one = document.querySelector(target);
    const began = performance.now();
    const look = () => {
        if (document.querySelector(shown) === null) return;
        watching.disconnect();
        requestAnimationFrame(() => done(performance.now() - began));
    };
    const watching = new MutationObserver(look);
    watching.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    if (act === 'tap') return one.click();
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(one, value);
    one.dispatchEvent(new InputEvent('input', { bubbles: true }));
})"""
"""Do something to one element; the milliseconds until another one is shown, its frame drawn."""

USABLE = """(shown) => {
    globalThis.usableAfter = null;
    const look = () => {
        if (document.querySelector(shown) === null || document.querySelector('.waiting') !== null) return;
        watching.disconnect();
        requestAnimationFrame(() => { globalThis.usableAfter = performance.now(); });
    };
    const watching = new MutationObserver(look);
    watching.observe(document, { subtree: true, childList: true });
}"""
"""Note when a page that begins shows this, its frame drawn: milliseconds since somebody asked for it."""


class Phone:
    """A device in a browser. `slower`: how many times its pages are slowed down, in the browser's own way."""

    def __init__(self, context: BrowserContext, url: str, slower: int) -> None:
        self._context, self._url, self._slower = context, url, slower
        self.page = self._new_page()

    def _new_page(self) -> Page:
        page = self._context.new_page()
        page.set_default_timeout(GIVE_UP_MS)
        if self._slower > 1:
            self._context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": self._slower})
        return page

    def pair(self, code: str) -> None:
        """Pair it by the link of a code, sharing what is written."""
        self.page.goto(f"{self._url}/app/pair#{code}")
        self.page.get_by_role("radio").nth(1).check()
        self.page.locator("button.main-button").click()
        self.page.wait_for_selector("nav.quick")
        # From here on the app's files come from the service worker.
        self.page.evaluate("async () => void await navigator.serviceWorker.ready")

    def sync(self) -> None:
        """Exchange everything."""
        self.page.goto(f"{self._url}/app/sync")
        self.page.locator("button.main-button").click()
        self.page.get_by_text("Everything is in sync.").wait_for()

    def start(self, path: str, shown: str) -> float:
        """Close the app and open it at a path; milliseconds until it shows this and nothing is on its way."""
        self.page.close()
        self.page = self._new_page()
        self.page.add_init_script(f"({USABLE})({shown!r})")
        self.page.goto(f"{self._url}/app{path}", wait_until="commit")
        return float(self.page.wait_for_function("() => globalThis.usableAfter").json_value())

    def shown_after(self, act: str, target: str, shown: str, value: str = "") -> float:
        """`tap` an element, or `type` into it; milliseconds until another one is shown."""
        took: Any = self.page.evaluate(SHOWN_AFTER, [act, target, value, shown])
        return float(took)


@contextmanager
def phone(playwright: Playwright, chromium: str, folder: Path, url: str, *, slower: int = 1) -> Iterator[Phone]:
    """A device whose profile is in a folder; it is the same one when the folder is."""
    context = playwright.chromium.launch_persistent_context(
        folder, executable_path=chromium, args=BROWSER, viewport=SCREEN, locale="en-GB", has_touch=True,
    )  # fmt: skip
    try:
        yield Phone(context, url, slower)
    finally:
        context.close()


def can_be_held_back() -> bool:
    """Whether this process may give others a share of the CPU."""
    return os.access(QUOTAS, os.W_OK)


@contextmanager
def held_back(folder: Path, share: float) -> Iterator[None]:
    """Give the browser whose profile is in `folder`, all of its processes together, this share of one CPU."""
    group = QUOTAS / f"intersession-bench-{os.getpid()}"
    group.mkdir()
    try:
        (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
        (group / "cpu.cfs_quota_us").write_text(str(int(share * PERIOD_US)))
        for process in _processes_of(folder):
            with suppress(OSError):  # it has ended meanwhile
                (group / "cgroup.procs").write_text(str(process))
        yield
    finally:
        for name in (group / "cgroup.procs").read_text().split():
            with suppress(OSError):
                (QUOTAS / "cgroup.procs").write_text(name)
        group.rmdir()


def _processes_of(folder: Path) -> set[int]:
    """The browser and all that it has started, those that it will start follow it."""
    parents: dict[int, int] = {}
    found: set[int] = set()
    for one in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(one.name)] = int((one / "stat").read_text().rpartition(")")[2].split()[1])
            if f"--user-data-dir={folder}" in (one / "cmdline").read_text().split("\0"):
                found.add(int(one.name))
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found
