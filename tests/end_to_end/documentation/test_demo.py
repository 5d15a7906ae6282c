"""The demo, as a person runs it: a ready line, a page that moves, Ctrl-C, and everything there again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import sync_playwright
from tests.end_to_end.support.demo import demo, interrupt
from tests.end_to_end.support.practice import EACH_ITS_OWN, Desk

BOTH_EDITS = "This morning, rereading: Worry came back on the train. I noticed it sooner than last time."


@contextmanager
def signed_in(url: str, user: str, password: str) -> Iterator[Desk]:
    with httpx.Client(base_url=url, timeout=30.0, limits=EACH_ITS_OWN) as http:
        assert http.post("/sign-in", json={"username": user, "password": password}).status_code == 200
        yield Desk(http)


def texts(desk: Desk) -> dict[str, list[str]]:
    """What every client has written, by name."""
    return {name: [entry["text"] for entry in desk.entries(client["id"])] for name, client in desk.clients().items()}


@pytest.mark.page
@pytest.mark.timeout(900)
def test_pages_move_and_another_start_has_everything(tmp_path: Path, chromium: str, made_demo: Path) -> None:
    """The first start, in which the past is played, is that of `made_demo`: it said `ready`, and Ctrl-C ended it."""
    shutil.copytree(made_demo, tmp_path / "demo")
    with demo(tmp_path / "demo") as (process, *login):
        with signed_in(*login) as desk:
            before = texts(desk)
            shows_what_it_is_for(desk)
        the_caseload_moves(chromium, *login)
        assert interrupt(process) < 5
    assert len(before) == 12
    assert any(BOTH_EDITS in text and "counted stations" in text for text in before["Mara Keller"])
    with demo(tmp_path / "demo") as (process, *again), signed_in(*again) as desk:
        assert again[1:] == login[1:]
        after = texts(desk)
        assert all(set(before[name]) <= set(after[name]) for name in before)
        interrupt(process)


def shows_what_it_is_for(desk: Desk) -> None:
    """A risk item answered two days ago and received today, a silence, and reliable changes both ways."""
    ids = {name: client["id"] for name, client in desk.clients().items()}
    signals = {name: desk.http.get(f"/api/clients/{id}/signals").json()["items"] for name, id in ids.items()}
    (risk,) = [one for one in signals["Daniel Okonjo-Pryce"] if one["kind"] == "risk" and not one["acknowledged"]]
    assert risk["late"]
    assert 24 < risk["age_hours"] < 80
    assert any(one["kind"] == "silence" for one in signals["Ravi Deshpande"])
    assert any(one["kind"] == "deterioration" for one in signals["Tom Reed"])


def the_caseload_moves(chromium: str, url: str, user: str, password: str) -> None:
    """Within a minute of signing in, without being loaded anew."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(url)
        page.fill("input[name=username]", user)
        page.fill("input[name=password]", password)
        page.click("button[type=submit]")
        page.locator("main", has_text="Jonas Brandt").wait_for()
        # How long ago something was is told anew by itself; what is left changes only with what somebody writes.
        facts = "document.querySelector('main').innerText.replace(/just now|\\d+ \\w+ ago/g, '')"
        before = page.evaluate(facts)
        page.evaluate("window.sameDocument = true")
        page.wait_for_function(f"before => {facts} !== before", arg=before, timeout=60_000)
        assert page.evaluate("window.sameDocument"), "the page was loaded anew"
        browser.close()
