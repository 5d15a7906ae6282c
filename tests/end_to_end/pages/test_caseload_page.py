"""The caseload in a browser: it moves without moving anything under the pointer, and is read and used by keyboard."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.end_to_end.pages.browsing import HOSTILE, Written, accessible, is_live, opened, writing
from tests.end_to_end.support.practice import Practice, desk

pytestmark = pytest.mark.page

_numbers = itertools.count(1)


@pytest.fixture
def clients(practice: Practice, therapist: str, tmp_path: Path) -> Iterator[list[Written]]:
    """Three clients of theirs, of whom nothing has come yet."""
    with ExitStack() as stack:
        number = next(_numbers)
        yield [
            stack.enter_context(writing(practice, therapist, tmp_path / f"{name}.db", f"{name} {number}"))
            for name in ("Anna", "Berta Öz", "Carl")
        ]


def names(page: Page) -> list[str]:
    return page.locator(".caseload tbody th a").all_text_contents()


def row(page: Page, client: Written) -> Any:
    return page.locator(f"#client-{client.id}")


def endorse(practice: Practice, therapist: str, client: Written) -> None:
    """A questionnaire with a positive risk item."""
    with desk(practice.server.url, therapist) as signed_in:
        csrf = signed_in.http.get("/api/me").json()["csrf"]
        body = {"instrument": "phq-9", "answers": {"q9": 1}}
        path = f"/api/clients/{client.id}/assessments"
        answer = signed_in.http.post(path, json=body, headers={"x-csrf-token": csrf})
        assert answer.status_code == 201, answer.text


def write(client: Written, number: int = 1) -> None:
    for place in range(number):
        client.tracker.journal.write(f"number {place}")
    client.tracker.sync()


def test_what_a_client_syncs_changes_their_row_and_moves_no_other(
    browser: Browser, practice: Practice, therapist: str, clients: list[Written]
) -> None:
    anna, berta, carl = clients
    with opened(browser, practice, therapist) as page:
        page.goto("/")
        is_live(page)
        page.evaluate("window.loadedOnce = true")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        expect(row(page, carl)).to_contain_text("nothing received yet")
        pointed = row(page, berta).get_by_role("link")
        pointed.hover()
        before = pointed.bounding_box()
        write(carl, 2)
        expect(row(page, carl)).to_contain_text("2 updates")
        expect(row(page, carl)).to_contain_text("2 entries")
        expect(row(page, carl)).to_contain_text("just now")
        assert names(page) == [one.name for one in clients]
        write(anna)
        expect(row(page, anna)).to_contain_text("1 entry")
        # What is counted over all is counted on, from the rows that came alone.
        for link in ("All 3", "Something new 2", "No sync for a week 0"):
            expect(page.get_by_role("link", name=link, exact=True)).to_be_visible()
        assert asked
        assert {url.partition("?")[0] for url in asked} == {f"{practice.server.url}/fragments/caseload/changed"}
        after = pointed.bounding_box()
        assert before is not None
        assert after is not None
        assert abs(after["y"] - before["y"]) < 1
        assert page.evaluate("window.loadedOnce")
        page.get_by_role("link", name="Sort again").click()
        expect(page.locator(".caseload tbody th a")).to_have_text([anna.name, carl.name, berta.name])
        expect(page.get_by_text("updates", exact=False).filter(has_text="2 updates")).to_have_count(0)


def test_a_new_risk_shows_at_once_in_its_row_and_above_the_list(
    browser: Browser, practice: Practice, therapist: str, clients: list[Written]
) -> None:
    carl = clients[2]
    with opened(browser, practice, therapist) as page, opened(browser, practice, therapist) as named:
        page.goto("/")
        named.goto("/?q=anna")
        for one in (page, named):
            is_live(one)
        pointed = row(page, clients[0]).get_by_role("link")
        pointed.hover()
        before = pointed.bounding_box()
        endorse(practice, therapist, carl)
        for one in (page, named):
            expect(one.get_by_role("alert")).to_contain_text(f"Risk item endorsed · {carl.name}")
        expect(row(page, carl)).to_contain_text("Risk item endorsed")
        assert names(page) == [one.name for one in clients]
        assert pointed.bounding_box() == before
        assert accessible(page) == []
        named.get_by_role("alert").get_by_role("link").click()
        expect(named.get_by_role("heading", level=1)).to_have_text(carl.name)
        page.reload()
        assert names(page) == [carl.name, clients[0].name, clients[1].name]


def test_who_has_looked_has_nothing_new_also_on_a_caseload_that_is_open_elsewhere(
    browser: Browser, practice: Practice, therapist: str, clients: list[Written]
) -> None:
    anna = clients[0]
    write(anna)
    with opened(browser, practice, therapist) as caseload, opened(browser, practice, therapist) as page:
        caseload.goto("/")
        is_live(caseload)
        expect(row(caseload, anna)).to_contain_text("1 entry")
        page.goto(f"/clients/{anna.id}")
        is_live(page)
        expect(row(caseload, anna)).to_contain_text("nothing new")
        # What comes while that page is in view is looked at as well.
        write(anna)
        expect(row(caseload, anna)).to_contain_text("nothing new")


def test_filters_and_names_by_keyboard_and_without_script(
    browser: Browser, practice: Practice, therapist: str, clients: list[Written]
) -> None:
    write(clients[2])
    for scripted in (True, False):
        with opened(browser, practice, therapist, java_script_enabled=scripted) as page:
            page.goto("/")
            new = page.get_by_role("link", name="Something new 1")
            new.focus()
            page.keyboard.press("Enter")
            expect(page.locator(".caseload tbody th a")).to_have_text([clients[2].name])
            page.get_by_role("link", name="All 3").focus()
            page.keyboard.press("Enter")
            page.get_by_role("searchbox", name="Name").focus()
            page.keyboard.type("oz")
            page.keyboard.press("Enter")
            expect(page.locator(".caseload tbody th a")).to_have_text([clients[1].name])
            page.get_by_role("link", name="Show all names").click()
            page.get_by_label("Sort by").select_option("name")
            page.get_by_role("button", name="Show").click()
            expect(page).to_have_url(f"{practice.server.url}/?q=&sort=name")
            expect(page.locator(".caseload tbody th a")).to_have_text([one.name for one in clients])


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_everybody_can_read_it(
    browser: Browser, practice: Practice, therapist: str, clients: list[Written], tmp_path: Path, look: str
) -> None:
    options: dict[str, Any] = {"color_scheme": "dark"} if look == "dark" else {}
    if look == "phone":
        options["viewport"] = {"width": 390, "height": 844}
    write(clients[0])
    clients[1].tracker.symptoms.log({"worry": 3}, scale=(1, 5))
    clients[1].tracker.sync()
    endorse(practice, therapist, clients[2])
    with (
        writing(practice, therapist, tmp_path / "long.db", HOSTILE[:60] + look + "x" * 120),
        opened(browser, practice, therapist, **options) as page,
    ):
        for path in ("/", "/?show=signals", "/?q=nobody"):
            page.goto(path)
            is_live(page)
            assert accessible(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
