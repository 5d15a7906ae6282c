"""Signals, scores, trends and briefs of random records: the core tells what the Python code does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.vectors.signals.signals import SUBJECT
from tests.web_client.fuzz import record_cases
from tests.web_client.fuzz.asking import ask, ask_both, cases

Given = dict[str, Any]


@pytest.mark.page
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("call", "make", "number"),
    [
        ("signals", record_cases.record, 400),
        ("scores", record_cases.record, 150),
        ("trends", record_cases.record, 100),
        ("brief", record_cases.record, 100),
        ("plan_changes", record_cases.plans, 100),
    ],
)
def test_answered_alike(
    core: Page, request: pytest.FixtureRequest, call: str, make: Callable[[Random], Given], number: int
) -> None:
    made = cases(make, 13, number * (10 if request.config.getoption("--long") else 1))
    answers = ask_both(core, "signals", call, made, SUBJECT.calls[call])
    assert sum(map(bool, answers)) > number / 2, "hardly any case says anything"
    if call == "signals":
        kinds = Counter(one["kind"] for answer in answers for one in answer)
        assert set(kinds) == {"risk", "deterioration", "missed_run", "silence", "not_accepted"}, kinds


@pytest.mark.page
def test_a_brief_is_the_same_text_to_the_byte(core: Page, request: pytest.FixtureRequest) -> None:
    made = cases(record_cases.record, 14, 500 if request.config.getoption("--long") else 50)
    for given, said in zip(made, ask(core, "signals", "brief_text", made), strict=True):
        assert said["answer"] == SUBJECT.calls["brief_text"](given)
