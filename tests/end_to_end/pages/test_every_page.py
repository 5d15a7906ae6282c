"""Every page that links lead to, of a demo with months of histories: light and dark, on a desk and on a phone.

Nobody lists the pages: they are found as a person finds them, from the caseload on. So a new one is looked at as well.
"""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from tests.end_to_end.pages.browsing import accessible
from tests.end_to_end.support.demo import at_rest

DESK, PHONE = ViewportSize(width=1280, height=850), ViewportSize(width=390, height=844)
LOOKS = {(scheme, device): size for scheme in ("light", "dark") for device, size in (("desk", DESK), ("phone", PHONE))}
REACHED = {
    "/",
    "/account",
    "/clients/{id}",
    "/clients/{id}/assessments",
    "/clients/{id}/brief",
    "/clients/{id}/homework",
    "/clients/{id}/notes",
    "/clients/{id}/plan",
    "/clients/{id}/progress",
    "/clients/{id}/sessions",
    "/clients/{id}/timeline",
    "/instruments",
    "/library",
    "/practice",
}
"""Pages that must be among those found."""
UNLINKED = ("/design",)
"""What only those who build look at."""
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
_KEY = re.compile(r"^/instruments/[^/]+")
_LINKS = "[...document.querySelectorAll('a[href^=\"/\"]')].map((one) => one.getAttribute('href'))"
MOST_PAGES = 60


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, browser: Browser, made_demo: Path) -> Iterator[Page]:
    """A therapist's browser, signed in to a demo."""
    folder = shutil.copytree(made_demo, tmp_path_factory.mktemp("every-page") / "demo")
    with at_rest(folder) as (url, user, password):
        context = browser.new_context(base_url=url, viewport=DESK)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("User name").fill(user)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/")
        yield page
        context.close()


def pattern(address: str) -> str:
    """What pages of one kind have in common."""
    path = address.split("?")[0].split("#")[0]
    return _KEY.sub("/instruments/{key}", _ID.sub("{id}", path)).rstrip("/") or "/"


def found(page: Page) -> dict[str, str]:
    """One address of every kind of page that links lead to."""
    known, waiting = {one: one for one in ("/", *UNLINKED)}, ["/"]
    while waiting:
        page.goto(waiting.pop(0))
        for address in page.evaluate(_LINKS):
            kind = pattern(address)
            if kind not in known and not kind.startswith(("/static", "/api")):
                known[kind] = address
                waiting.append(address)
        assert len(known) <= MOST_PAGES, sorted(known)
    return known


@pytest.mark.timeout(900)  # with the making of the demo, if it is the first to ask
def test_every_page_can_be_used_by_everybody(desk: Page) -> None:
    pages = found(desk)
    assert set(pages) >= REACHED, f"not reached: {sorted(REACHED - set(pages))}"
    wrong: list[str] = []
    titles: dict[str, str] = {}
    for kind, address in pages.items():
        desk.set_viewport_size(DESK)
        answer = desk.goto(address)
        assert answer is not None
        if answer.status != 200:
            wrong.append(f"{kind}: {answer.status}")
            continue
        if answer.headers["content-type"].split(";")[0] != "text/html":
            continue
        wrong += [f"{kind}: {problem}" for problem in structure(desk)]
        if titles.setdefault(desk.title(), kind) != kind:
            wrong.append(f"{kind}: has the title of {titles[desk.title()]}")
        for summary in desk.locator("main summary").all()[:40]:
            if summary.is_visible():
                summary.click()
        for (scheme, device), size in LOOKS.items():
            desk.set_viewport_size(size)
            desk.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            problems = accessible(desk, colours_only=scheme == "dark")  # all else is as it was in the light
            wrong += [f"{kind}, {scheme}, {device}: {problem}" for problem in problems]
            wider = desk.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if wider > 0:
                wrong.append(f"{kind}, {device}: {wider} px too wide")
    assert wrong == []


def structure(page: Page) -> list[str]:
    """What is wrong with headings and landmarks."""
    problems = []
    if page.locator("h1").count() != 1:
        problems.append(f"{page.locator('h1').count()} headings of the first level")
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map((one) => Number(one.tagName[1]))")
    if any(after > before + 1 for before, after in itertools.pairwise(levels)):
        problems.append(f"a level of headings is left out: {levels}")
    if page.locator("main").count() != 1:
        problems.append("no main part, or several")
    return problems
