"""Every screen can be read and used by everybody: axe, narrow, light and dark, with large text, by keyboard alone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect
from tests.end_to_end.pages.browsing import accessible
from tests.web_client.app.beginning import Begin
from tests.web_client.app.looks.phones import Phones

SCREENS: list[tuple[str, Begin]] = [
    ("/", "open"),
    ("/log", "open"),
    ("/log/{log}", "open"),
    ("/journal", "open"),
    ("/journal/{entry}", "open"),
    ("/journal/new", "open"),
    ("/journal/{entry}/edit", "open"),
    ("/homework", "open"),
    ("/homework/{homework}", "open"),
    ("/homework/{homework}/report?occurrence={occurrence}", "open"),
    ("/assessments", "open"),
    ("/assessments/{assessment}", "open"),
    ("/progress", "open"),
    ("/goals", "open"),
    ("/goals/{goal}", "open"),
    ("/resources", "open"),
    ("/resources/{resource}", "open"),
    ("/safety", "open"),
    ("/topics", "open"),
    ("/search", "open"),
    ("/sync", "open"),
    ("/withdrawn", "open"),
    ("/settings", "open"),
    ("/more", "open"),
    ("/nowhere", "open"),
    ("/journal/gone", "open"),
    ("/", "unpaired"),
    ("/pair#ABCD-EFGH", "unpaired"),
    ("/safety", "unpaired"),
    ("/", "locked"),
    ("/safety", "locked"),
    ("/", "gone"),
    ("/", "elsewhere"),
    ("/", "failed"),
]
each_screen = pytest.mark.parametrize(("path", "begin"), SCREENS, ids=lambda one: one)

TOO_WIDE = "() => document.documentElement.scrollWidth - innerWidth"
CUT_OFF = """() => [...document.querySelectorAll('body *')]
    .filter((one) => !one.closest('.unseen, .skip, .glimpse, svg, dialog:not([open])') && one.checkVisibility())
    .filter((one) => one.tagName !== 'INPUT' && one.tagName !== 'TEXTAREA' && one.tagName !== 'PROGRESS')
    .filter((one) => one.clientWidth > 0 && getComputedStyle(one).display !== 'inline')
    .filter((one) => one.scrollWidth > one.clientWidth + 1)
    .map((one) => one.outerHTML.slice(0, 160))"""


@pytest.mark.page
@each_screen
def test_axe_finds_nothing(phones: Phones, path: str, begin: Begin) -> None:
    page = phones.at(path, begin).page
    page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true }")
    assert accessible(page) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 320, "height": 640})
    assert accessible(page) == []


@pytest.mark.page
@each_screen
def test_nothing_is_cut_off(phones: Phones, path: str, begin: Begin) -> None:
    """At 320 px, and at 200 % text size there, in German, whose words are the longer ones."""
    page = phones.at(path, begin, locale="de-DE", width=320).page
    before = page.evaluate("() => document.documentElement.style.fontSize")
    for size in ("", "200%"):
        page.evaluate("(size) => { document.documentElement.style.fontSize = size }", size)
        assert page.evaluate(TOO_WIDE) <= 0, size
        assert page.evaluate(CUT_OFF) == [], size
    page.evaluate("(size) => { document.documentElement.style.fontSize = size }", before)


FOCUSED = """() => {
    const one = document.activeElement;
    if (one === null || one === document.body) return null;
    one.dataset.seen ??= crypto.randomUUID();
    const shown = one.matches('.point input') ? one.nextElementSibling : one;
    const box = one.getBoundingClientRect();
    const style = getComputedStyle(shown);
    const after = getComputedStyle(shown, '::after');
    const [x, y] = [box.x + Math.min(box.width, innerWidth) / 2, Math.max(box.y, 1) + Math.min(box.height, 20) / 2];
    const bar = document.elementFromPoint(x, y)?.closest('.tabs, .actions, .toast') ?? null;
    return {
        html: one.outerHTML.slice(0, 120),
        name: one.dataset.seen,
        outlined: style.outlineStyle !== 'none' || after.outlineStyle !== 'none',
        covered: bar !== null && !bar.contains(one),
    };
}"""
REACHABLE = """() => {
    const groups = new Set();
    return [...document.querySelectorAll('a[href], button:not(:disabled), input:not(:disabled), textarea, summary')]
        .filter((one) => one.checkVisibility())
        .filter((one) => one.type !== 'radio' || !groups.has(one.name) && groups.add(one.name))
        .length;
}"""


@pytest.mark.page
@each_screen
def test_everything_is_reached_by_tab_and_seen(phones: Phones, path: str, begin: Begin) -> None:
    page = phones.at(path, begin, width=320).page
    wanted = page.evaluate(REACHABLE)
    page.evaluate("() => { document.activeElement?.blur(); getSelection()?.setPosition(document.body, 0) }")
    seen: set[str] = set()
    for _ in range(wanted + 8):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            continue
        assert focused["outlined"], focused["html"]
        assert not focused["covered"], focused["html"]
        seen.add(focused["name"])
    assert len(seen) >= wanted


@pytest.mark.page
@pytest.mark.parametrize(("path", "begin"), [one for one in SCREENS if one[1] in {"locked", "open", "unpaired"}])
def test_the_safety_plan_is_one_tap_away(phones: Phones, path: str, begin: Begin) -> None:
    page = phones.at(path, begin).page
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Safety plan").click()
    expect(page.get_by_role("heading", level=1, name="Safety plan")).to_be_visible()
    expect(page.get_by_text("Nobody is watching this in real time")).to_be_visible()
    assert begin == "unpaired" or page.get_by_role("link", name="Call").count() > 0


@pytest.mark.page
@pytest.mark.parametrize("path", ["/", "/journal", "/goals/{goal}", "/settings"])
def test_a_screen_says_where_one_is(phones: Phones, path: str) -> None:
    page = phones.at(path).page
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_count(1)
    expect(heading).to_be_focused()
    assert page.title() == f"{heading.inner_text()} · Intersession"
    assert levels_without_gaps(page)


LEVELS = "() => [...document.querySelectorAll('h1, h2, h3')].map((one) => Number(one.tagName[1]))"


def levels_without_gaps(page: Page) -> bool:
    return all(after - before <= 1 for before, after in pairwise(page.evaluate(LEVELS)))
