"""Forms, differences, numbers and words: whatever the case, the core answers what the Python code does."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from random import Random
from statistics import median
from string import Formatter
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page
from tests.vectors import scores
from tests.web_client.fuzz import score_cases
from tests.web_client.fuzz.asking import ask, ask_both, cases

from intersession.assessments.views import questions
from intersession.scoring.asking import Askable
from intersession_schemas import client_words
from intersession_schemas.instruments import INSTRUMENTS, instrument, labels
from intersession_schemas.measures import words
from intersession_schemas.measures.signals import chance, silence, worsening
from intersession_schemas.measures.signals.missed import OFTEN, USUAL, WEIGHT

Given = dict[str, Any]
LOCALES = ("en", "de", "de-AT", "de_CH", "DE", "en-GB", "fr", "")


def _asked(given: Given) -> Any:
    asked = instrument(given["instrument"])
    words = asked.wording if given["worded"] else None
    askable = None if words is None else Askable(asked, words)
    found = questions(asked, askable, given["answers"], given["conflicts"])
    needed = [one for one in found if one.applies and one.answer is None]
    return {"questions": found, "next": min(needed, key=lambda one: one.optional, default=None)}


def _numbers(given: Given) -> Any:
    values = given["values"]
    return {
        "rounded": [round(value, given["digits"]) + 0.0 for value in values],
        "texts": [words.number_text(value) for value in values],
        "sum": math.fsum(values),
        "median": median(values),
    }


CALLS: dict[str, Callable[[Given], Any]] = {**scores.SUBJECT.calls, "asked": _asked}


@pytest.mark.page
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("call", "make", "number"),
    [
        ("score", score_cases.form, 2_000),
        ("risks", score_cases.form, 500),
        ("asked", score_cases.asked, 500),
        ("change", score_cases.change, 500),
    ],
)
def test_answered_alike(
    core: Page, request: pytest.FixtureRequest, call: str, make: Callable[[Random], Given], number: int
) -> None:
    made = cases(make, 11, number * (10 if request.config.getoption("--long") else 1))
    answers = ask_both(core, "scores", call, made, CALLS[call])
    said = [one for one in answers if one and "refused" not in one]
    assert len(said) > number / 20, "hardly any case says anything"


@pytest.mark.page
def test_numbers_are_the_same_to_the_last_bit(core: Page, request: pytest.FixtureRequest) -> None:
    made = cases(score_cases.numbers, 12, 20_000 if request.config.getoption("--long") else 2_000)
    for given, said in zip(made, ask(core, "scores", "numbers", made), strict=True):
        assert said["answer"] == _numbers(given), given


def _worsenings(given: Given) -> Any:
    row = msgspec.convert(given["row"], list[worsening.Administered])
    return worsening.worsenings(row, msgspec.convert(given["allowance"], worsening.Allowance))


def _chance(given: Given) -> Any:
    return {
        "from": chance.unusual_from(given["rate"], given["chances"]),
        "after": chance.unusual_after(given["done"], given["missed"], USUAL, WEIGHT, OFTEN),
        "longest": silence.longest_usual(given["gaps"]),
        "gap": silence.usual_gap(given["gaps"]),
    }


@pytest.mark.page
def test_rows_of_scores_become_worse_alike(core: Page, request: pytest.FixtureRequest) -> None:
    made = cases(score_cases.row, 15, 10_000 if request.config.getoption("--long") else 1_000)
    answers = ask_both(core, "signals", "worsenings", made, _worsenings)
    found = Counter(one["evidence"] for answer in answers for one in answer)
    assert set(found) == {"limit", "reliable", "published", "band", "own", "severest"}, found
    assert any("ended" in one for answer in answers for one in answer)


@pytest.mark.page
def test_chance_is_the_same(core: Page, request: pytest.FixtureRequest) -> None:
    made = cases(score_cases.chance, 16, 20_000 if request.config.getoption("--long") else 2_000)
    ask_both(core, "signals", "chance", made, _chance)


@pytest.mark.page
@pytest.mark.parametrize("locale", LOCALES)
def test_labels_are_the_same_in_every_language(core: Page, locale: str) -> None:
    ask_both(core, "scores", "labels", [{"instrument": key, "locale": locale} for key in INSTRUMENTS], _labels)


def _labels(given: Given) -> Any:
    one, locale = instrument(given["instrument"]), given["locale"]
    return {
        "title": labels.title(one, locale),
        "items": [labels.label(one, key, locale) for key in one.item_keys()],
        "scales": [labels.scale_label(one, key, locale) for key in one.scale_keys()],
        "risks": [labels.risk_label(one, rule, locale) for rule in one.risks],
        "bands": [labels.band_label(band, locale) for scale in one.scales for band in scale.bands],
        "cut_offs": [labels.cut_off_label(cut, locale) for scale in one.scales for cut in scale.cut_offs],
        "rules": [labels.rule_label(rule, locale) for rule in one.rules],
        "published": [labels.published_label(scale, locale) for scale in one.scales],
    }


@pytest.mark.page
@pytest.mark.parametrize("locale", LOCALES)
def test_texts_are_filled_in_alike(core: Page, locale: str) -> None:
    given = {
        "locale": locale,
        "client": list(_every(client_words.TABLES)),
        "signals": list(_every(words.WORDS)),
    }
    ask_both(core, "scores", "texts", [given], _texts)


def _every(tables: Mapping[str, Mapping[str, str]]) -> Iterable[tuple[str, dict[str, str | int]]]:
    """Each text with a value for each that it has to fill in."""
    for told, text in tables["en"].items():
        named = {name for _, name, _, _ in Formatter().parse(text + tables["de"][told]) if name is not None}
        yield told, {name: number if number % 2 else f"«{{{name}}}»" for number, name in enumerate(sorted(named))}


def _texts(given: Given) -> Any:
    locale = given["locale"]
    return {
        "client": [client_words.say(locale, told, **values) for told, values in given["client"]],
        "signals": [words.say(locale, told, **values) for told, values in given["signals"]],
    }
