"""The TypeScript core scores the forms that were scored by hand as they were: docs/reference/scoring-vectors.json."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.web_client.core import ROOT

from intersession_schemas.instruments import INSTRUMENTS

BY_HAND: dict[str, Any] = json.loads((ROOT / "docs/reference/scoring-vectors.json").read_text(encoding="utf-8"))

Json = dict[str, Any]


@pytest.mark.page
@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_forms_are_scored_as_by_hand(core: Page, instrument: str) -> None:
    given = [one for one in BY_HAND["vectors"] if one["instrument"] == instrument]
    assert given
    for one, said in zip(given, asked(core, "score", given), strict=True):
        if one["expect"] is None:
            assert said["refused"]["code"] == "invalid_field", one["why"]
        else:
            assert in_the_words_of(one["expect"], said) == one["expect"], one["why"]


@pytest.mark.page
def test_changes_are_named_as_by_hand(core: Page) -> None:
    given = BY_HAND["changes"]
    for one, said in zip(given, asked(core, "change", given), strict=True):
        assert (said["threshold"], said["verdict"]) == (one["threshold"], one["verdict"]), one["why"]


def asked(core: Page, call: str, given: list[Json]) -> list[Json]:
    cases = [{"call": call, "given": one} for one in given]
    said: list[Json] = core.evaluate("(cases) => answers('scores', cases)", cases)
    return [one["answer"] for one in said]


def in_the_words_of(expect: Json, said: Json) -> Json:
    """An answer, as far as the vectors say what it must be."""
    scales = {one["key"]: {name: one[name] for name in expect["scales"][one["key"]]} for one in said["scales"]}
    rules = {one["key"]: one["met"] for one in said["rules"]}
    return {"scales": scales, "rules": rules, **{name: said[name] for name in ("risks", "level", "missing")}}
