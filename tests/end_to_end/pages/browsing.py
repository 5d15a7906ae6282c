"""A browser that reads the pages: signed in, watched for what may not happen, its page looked at by axe."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from msgspec import Struct
from playwright.sync_api import Browser, Page, expect
from tests.end_to_end.support.practice import PASSWORD, Practice

from intersession import Tracker

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'"
LIVE = "Live updates on"
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
    expect(page.get_by_role("status")).to_have_text(LIVE)


def accessible(page: Page) -> list[str]:
    """What axe finds wrong."""
    # axe measures colours on what is shown; something that is fading in has none of its own yet.
    page.emulate_media(reduced_motion="reduce")
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found]
