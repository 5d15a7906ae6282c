"""Parts of pages that are kept: the same as if they were rendered each time, and each reader's own in them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from gettext import NullTranslations
from typing import Any

import httpx
import pytest
from babel import Locale
from markupsafe import Markup, escape
from tests.server.web.practice import Practice
from tests.server.web.reading_pages import without_once

from intersession_server.language import language
from intersession_server.web.page import parts as kept
from intersession_server.web.page.parts import Parts
from intersession_server.web.page.rendering import parts

MANY = 1_000_000


class Macros:
    """A macro that says what it is told, and how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, template: str, name: str) -> Any:
        return self.rendered

    def rendered(self, *told: object, **own: str) -> str:
        self.times += 1
        said = " ".join(str(escape(one)) for one in told)
        return f"<p>{said} {' '.join(escape(text) for text in own.values())}</p>"


def test_a_part_is_rendered_once_for_all_who_are_told_the_same() -> None:
    macros = Macros()
    some = Parts(macros, MANY)
    assert [some.of("a.html", "it", "walk", 3) for _ in range(3)] == ["<p>walk 3 </p>"] * 3
    assert macros.times == 1
    some.of("a.html", "other", "walk", 3)
    some.of("b.html", "it", "walk", 3)
    assert macros.times == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<b>", Markup("<b>")),
        (3, "3"),
        (3, 3.0),
        (None, ""),
        (True, 1),
        (datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 3, 2, 14, tzinfo=timezone(timedelta(hours=2)))),
    ],
)
def test_what_is_told_otherwise_is_another_part(one: object, other: object) -> None:
    macros = Macros()
    some = Parts(macros, MANY)
    assert [some.of("a.html", "it", told) for told in (one, other, one)] == [
        f"<p>{escape(told)} </p>" for told in (one, other, one)
    ]
    assert macros.times == 2


def test_each_reader_has_their_own_in_it() -> None:
    macros = Macros()
    some = Parts(macros, MANY)
    said = [some.of("a.html", "it", "walk", csrf=csrf, back="/") for csrf in ("anna's", "<noor>", "anna's")]
    assert said == [f"<p>walk {escape(csrf)} /</p>" for csrf in ("anna's", "<noor>", "anna's")]
    assert macros.times == 1


def test_each_language_has_its_own() -> None:
    macros = Macros()
    some = Parts(macros, MANY)
    some.of("a.html", "it", "walk")
    for messages in (NullTranslations(), NullTranslations()):
        language.use(language.Language("en", Locale("en"), messages))
        some.of("a.html", "it", "walk")
    language.use(language.ENGLISH)
    some.of("a.html", "it", "walk")
    assert macros.times == 3


def test_they_take_so_much_memory_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    macros = Macros()
    some = Parts(macros, 10_000)
    for number in range(100):
        some.of("a.html", "it", number, "x" * 1_000)
    assert macros.times == 100
    held = sum(kept._bytes(pieces) for pieces in some._kept.values())
    assert 5_000 < held <= 10_000
    some.of("a.html", "it", "x" * 20_000)
    assert some.of("a.html", "it", "x" * 20_000) == f"<p>{'x' * 20_000} </p>"
    assert macros.times == 102


def test_what_no_json_tells_apart_is_not_taken() -> None:
    with pytest.raises(TypeError, match="object"):
        Parts(Macros(), MANY).of("a.html", "it", object())


@pytest.mark.anyio
@pytest.mark.parametrize("tab", ["timeline", "progress"])
async def test_a_page_of_kept_parts_is_the_same_as_one_that_is_made_anew(
    practice: Practice, noor: httpx.AsyncClient, tab: str
) -> None:
    client = await practice.client("Alex")
    await client.write("<b>slept</b> badly", mood=4)
    await client.log({"worry": 3}, note="on the train")
    path = f"/clients/{client.id}/{tab}"
    async with practice.signed_in() as other:
        tokens = {await _shown_twice(browser, path) for browser in (noor, other)}
    assert len(tokens) == 2
    await client.write("another one", mood=5)
    grown = without_once((await noor.get(path)).text)
    parts._kept.clear()
    assert without_once((await noor.get(path)).text) == grown


async def _shown_twice(browser: httpx.AsyncClient, path: str) -> str:
    """A page that is shown twice, and each form of which is meant once; what its forms are let in by."""
    csrf = str((await browser.get("/api/me")).json()["csrf"])
    first, again = (await browser.get(path)).text, (await browser.get(path)).text
    onces = [set(re.findall(r'name="once" value="([^"]+)"', page)) for page in (first, again)]
    assert not onces[0] & onces[1]
    assert set(re.findall(r'name="csrf" value="([^"]+)"', first)) == {csrf}
    assert without_once(first) == without_once(again)
    assert kept._MARK not in first
    return csrf
