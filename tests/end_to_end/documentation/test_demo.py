"""The demo, as a person runs it: a ready line, a page that moves, Ctrl-C, and everything there again."""

from __future__ import annotations

import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import sync_playwright
from tests.end_to_end.support.practice import Desk
from tests.end_to_end.support.server_process import CLEAN

DEMO = [sys.executable, "-c", "from intersession_server.cli import main; main()", "demo"]
READY_WITHIN = 60.0
BOTH_EDITS = "This morning, rereading: Worry came back on the train. I noticed it sooner than last time."


@contextmanager
def demo(data: Path) -> Iterator[tuple[subprocess.Popen[str], str, str, str]]:
    """A running demo: process, URL, user, password."""
    with subprocess.Popen([*DEMO, "--data", str(data)], stdout=subprocess.PIPE, text=True, env=CLEAN) as process:
        try:
            assert process.stdout is not None
            assert select.select([process.stdout], [], [], READY_WITHIN)[0], "not ready in time"
            word, url, user, password = process.stdout.readline().split()
            assert word == "ready"
            yield process, url, user, password
        finally:
            process.kill()


def interrupt(process: subprocess.Popen[str]) -> float:
    """Press Ctrl-C; seconds until the demo has ended, well."""
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    return time.monotonic() - began


@contextmanager
def signed_in(url: str, user: str, password: str) -> Iterator[Desk]:
    with httpx.Client(base_url=url, timeout=30.0) as http:
        assert http.post("/sign-in", json={"username": user, "password": password}).status_code == 200
        yield Desk(http)


def texts(desk: Desk) -> dict[str, list[str]]:
    """What every client has written, by name."""
    return {name: [entry["text"] for entry in desk.entries(client["id"])] for name, client in desk.clients().items()}


@pytest.mark.timeout(240)
def test_a_second_start_has_everything_and_ctrl_c_ends_it_well(tmp_path: Path) -> None:
    with demo(tmp_path / "demo") as (process, *login):
        with signed_in(*login) as desk:
            before = texts(desk)
        assert interrupt(process) < 5
    assert len(before) == 4
    assert any(BOTH_EDITS in text and "counted stations" in text for text in before["Mara Keller"])
    with demo(tmp_path / "demo") as (process, *again), signed_in(*again) as desk:
        assert again[1:] == login[1:]
        after = texts(desk)
        assert all(set(before[name]) <= set(after[name]) for name in before)
        interrupt(process)


@pytest.mark.page
@pytest.mark.timeout(240)
def test_the_open_page_moves_within_a_minute_of_signing_in(tmp_path: Path, chromium: str) -> None:
    with demo(tmp_path / "demo") as (_, url, user, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(url)
        page.fill("input[name=username]", user)
        page.fill("input[name=password]", password)
        page.click("button[type=submit]")
        page.click("text=Jonas Brandt")
        entries = page.locator("article", has_text="Two walks this week.")
        entries.wait_for()
        before = page.locator("article").count()
        page.evaluate("window.sameDocument = true")
        page.locator("article").nth(before).wait_for(timeout=60_000)
        assert page.evaluate("window.sameDocument"), "the page was loaded anew"
        browser.close()
