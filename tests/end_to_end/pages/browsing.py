"""A browser that reads the pages: signed in, watched for what may not happen, its page looked at by axe."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from msgspec import Struct
from playwright.sync_api import Browser, Page, expect
from tests.end_to_end.support.practice import PASSWORD, Practice

from intersession import Tracker

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'"
LIVE = "Live updates on"
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
_VIOLATIONS = """async (options) => (await axe.run(options)).violations.map(
    (one) => [one.id, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 120))])"""
"""All else that axe tells is more than a browser hands over in the time that axe takes."""
_names = (f"Client {number}" for number in itertools.count(1))


class Written(Struct):
    """A client, and the store of their device."""

    id: UUID
    name: str
    tracker: Tracker


@contextmanager
def writing(practice: Practice, therapist: str, store: Path, name: str | None = None) -> Iterator[Written]:
    invited = practice.add_client(name or next(_names), therapist)
    with practice.tracker(store, invited) as tracker:
        yield Written(invited.person, invited.name, tracker)


@contextmanager
def opened(browser: Browser, practice: Practice, therapist: str | None, **options: Any) -> Iterator[Page]:
    """A browser of its own, signed in; nothing in it may raise, be blocked by the CSP or ask."""
    options.setdefault("viewport", {"width": 1280, "height": 800})
    context = browser.new_context(base_url=practice.server.url, **options)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    page.on("console", lambda said: wrong.extend([said.text] if "Content Security" in said.text else []))
    if therapist is not None:
        sign_in(page, therapist)
    yield page
    context.close()
    assert wrong == []


def sign_in(page: Page, therapist: str) -> None:
    if "/sign-in" not in page.url:
        page.goto("/sign-in")
    page.get_by_label("User name").fill(therapist)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def is_live(page: Page) -> None:
    expect(page.locator("#live")).to_have_text(LIVE)


def accessible(page: Page, *, colours_only: bool = False) -> list[str]:
    """What axe finds wrong. `colours_only`: by those rules that judge colours, for a page that was looked at before."""
    # axe measures colours on what is shown; something that is fading in has none of its own yet.
    page.emulate_media(reduced_motion="reduce")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"]} | ({"runOnly": COLOUR_RULES} if colours_only else {})
    found = page.evaluate(_VIOLATIONS, options)
    return [f"{rule}: {html}" for rule, html in found]
