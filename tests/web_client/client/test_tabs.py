"""One tab has the store: another is told so, may take it over, and what was written is there whatever ends a tab."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright
from tests.end_to_end.support.server_process import ServerProcess, wait_for
from tests.web_client import profiles
from tests.web_client.client.tab import tab
from tests.web_client.peer import Refused

pytestmark = pytest.mark.page

BEFORE_THE_KILL = 12


def test_another_tab_is_told_where_it_is_open_and_takes_it_over(device: BrowserContext, server: ServerProcess) -> None:
    one, other = tab(device, server), tab(device, server)
    assert one.open() == {"state": "open"}
    one.write("In the first tab.")
    assert other.open() == {"state": "elsewhere", "where": "tab"}
    assert other.page.evaluate("() => takeOver()") == {"state": "open"}
    one.wait_for("() => said.lost")
    with pytest.raises(Refused) as refusal:
        one.write("No longer.")
    assert refusal.value.code == "store_closed"
    assert other.texts() == {"In the first tab."}
    assert one.open() == {"state": "elsewhere", "where": "tab"}


def test_a_tab_that_is_closed_or_left_lets_go(device: BrowserContext, server: ServerProcess) -> None:
    one, other = tab(device, server), tab(device, server)
    one.open()
    one.write("In the first tab.")
    one.page.close()
    assert other.open() == {"state": "open"}
    assert other.texts() == {"In the first tab."}
    third = tab(device, server)
    other.page.goto("about:blank")
    # Which of two pages a browser hears first is not said.
    wait_for(lambda: third.open() == {"state": "open"}, 10, "the tab that was left has let go")


def test_a_page_that_is_frozen_lets_go_and_comes_back(device: BrowserContext, server: ServerProcess) -> None:
    one, other = tab(device, server), tab(device, server)
    one.open()
    one.write("In the first tab.")
    # A browser that is driven keeps its pages from being frozen; so they are told, as if they were.
    one.page.evaluate("() => document.dispatchEvent(new Event('freeze'))")
    assert other.open() == {"state": "open"}
    assert other.texts() == {"In the first tab."}
    other.page.evaluate("() => closeClient()")
    assert not one.page.evaluate("() => said.lost")
    one.page.evaluate("() => document.dispatchEvent(new Event('resume'))")
    one.wait_for("() => said.lost")
    assert one.open() == {"state": "open"}


def test_what_is_told_to_be_written_is_there_after_the_browser_was_killed(
    playwright: Playwright, chromium: str, server: ServerProcess, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    with profiles.device(playwright, chromium, profile) as context:
        phone = tab(context, server)
        phone.open()
        phone.page.evaluate("() => { void call('notes', 'writeMany', [0, 10_000]); }")
        phone.wait_for(f"() => said.written.length >= {BEFORE_THE_KILL}")
        told = set(phone.page.evaluate("() => said.written"))
        profiles.kill_all(profile)
    with profiles.device(playwright, chromium, profile) as context:
        phone = tab(context, server)
        assert phone.open() == {"state": "open"}
        texts = phone.texts()
        assert told <= texts
        # At most the one that was under way is there beside them, and none is half there.
        assert texts == {f"Note {number}" for number in range(len(texts))}
        phone.write("And on.")
