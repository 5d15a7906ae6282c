"""Rules, the agenda and how homework went: whatever the case, the core answers what the Python code does."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.vectors import adherence, recurrence
from tests.vectors.agenda import agenda
from tests.web_client.fuzz import due_cases
from tests.web_client.fuzz.asking import ask_both, cases

Given = dict[str, Any]
SUBJECTS = {"recurrence": recurrence.SUBJECT, "agenda": agenda.SUBJECT, "adherence": adherence.SUBJECT}


def _rule(random: Random) -> Given:
    return due_cases.some(
        {"rule": due_cases.rule(random), "zone": due_cases.maybe(random, lambda: random.choice(due_cases.ZONES))}
    )


@pytest.mark.page
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("subject", "call", "make", "number"),
    [
        ("recurrence", "rule", _rule, 1_500),
        ("recurrence", "due", due_cases.window, 1_000),
        ("agenda", "due", due_cases.work, 400),
        ("agenda", "upcoming", due_cases.until, 300),
        ("agenda", "before_sessions", due_cases.work, 300),
        ("adherence", "adherence", due_cases.course, 300),
    ],
)
def test_answered_alike(
    core: Page, request: pytest.FixtureRequest, subject: str, call: str, make: Callable[[Random], Given], number: int
) -> None:
    made = cases(make, 7, number * (10 if request.config.getoption("--long") else 1))
    answers = ask_both(core, subject, call, made, SUBJECTS[subject].calls[call])
    said = [one for one in answers if one and "refused" not in one]
    assert len(said) > number / 20, "hardly any case says anything"
