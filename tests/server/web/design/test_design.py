from __future__ import annotations

import dataclasses

import httpx
import pytest
from tests.server.web.practice import Practice
from tests.server.web.reading_pages import read

from intersession_server.app import create_app
from intersession_server.services import Services
from intersession_server.web.assets import ASSETS, STYLE_SHEET
from intersession_server.web.design.contrast import PAIRS, colours, contrast, pairs


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#1a5a86", "#1a5a86") == 1.0


def test_every_pair_can_be_read_light_and_dark() -> None:
    light, dark = colours(ASSETS[STYLE_SHEET].content.decode())
    assert light["ink"] != dark["ink"]
    weak = [
        (mode, one.front, one.back, round(one.ratio, 2))
        for mode, named in (("light", light), ("dark", dark))
        for one in pairs(named)
        if one.ratio < one.needed
    ]
    assert weak == []


def test_every_colour_of_the_tokens_is_among_the_pairs() -> None:
    light, dark = colours(ASSETS[STYLE_SHEET].content.decode())
    used = {name for front, back, _ in PAIRS for name in (front, back)}
    assert set(light) - used == {"line"}  # parts cards from paper, and tells nothing
    assert set(dark) == set(light)


@pytest.mark.anyio
async def test_the_page_is_in_the_demo_alone(practice: Practice, noor: httpx.AsyncClient, services: Services) -> None:
    read(await noor.get("/design"), 404)
    practice.app = create_app(dataclasses.replace(services, demo=True))
    async with practice.signed_in() as browser:
        page = read(await browser.get("/design"))
    assert "Risk item endorsed" in page.text
    assert "Reliable-change threshold" in page.text
    shown = {one.get("id") for _, one in page.elements}
    assert shown >= {"signal-risk", "signal-seen", "sample-entry", "sample-log", "d-rule-1", "d-worksheet-1"}
    assert shown >= {"d-strip-caption", "d-name", "design-act"}
