"""The faces as an app has them: in a worker of a real browser, called from its page, on files of that browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.web_client.core import bundle, opened, serving

PHRASE = "Walked round the lake."


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    bundle(Path(__file__).parents[1] / "entries" / "app.ts", tmp_path)
    with serving(tmp_path) as address, opened(browser, address) as page:
        yield page


def _begin(page: Page) -> None:
    page.wait_for_function("() => 'begin' in globalThis")
    assert page.evaluate("() => begin()") == "open"


def _call(page: Page, face: str, method: str, *given: Any) -> dict[str, Any]:
    said: dict[str, Any] = page.evaluate(
        "([face, method, given]) => call(face, method, given)", [face, method, list(given)]
    )
    return said


def test_what_is_written_in_a_page_is_there_when_it_is_opened_again(page: Page) -> None:
    _begin(page)
    entry = _call(page, "journal", "write", {"text": PHRASE, "mood": 6})["answer"]
    assert entry["text"] == PHRASE
    assert entry["zone"] == page.evaluate("() => new Intl.DateTimeFormat().resolvedOptions().timeZone")
    assert page.evaluate("() => changed") == [entry["id"]]
    _call(page, "symptoms", "log", {"values": {"Sleep": 4}})
    _call(page, "drafts", "keep", "entry", {"text": "Half a"})
    _call(page, "settings", "set", "language", "de")
    refused = _call(page, "journal", "write", {"text": ""})
    assert refused["refused"] == "invalid_field"
    page.evaluate("() => end()")

    page.reload()
    _begin(page)
    [found] = _call(page, "journal", "search", "lak")["answer"]["entries"]
    assert {name: found[name] for name in entry} == entry
    assert found["spans"] == [[17, 21]]
    assert _call(page, "symptoms", "names")["answer"] == ["Sleep"]
    assert _call(page, "drafts", "get", "entry")["answer"] == {"text": "Half a"}
    assert _call(page, "settings", "get", "language")["answer"] == "de"
    assert _call(page, "device", "status", "de")["answer"]["paired"] is None
    written = _call(page, "device", "export", "de")["answer"]
    assert PHRASE in written["json"]
    assert PHRASE in written["html"]
