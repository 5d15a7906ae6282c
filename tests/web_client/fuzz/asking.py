"""Random cases, asked of the core in the browser and of the Python code."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from playwright.sync_api import Page
from tests.vectors.cases import plain
from tests.web_client.test_vectors import assert_alike, told

from intersession_schemas.errors import IntersessionError

Json = Any
Given = dict[str, Json]
AT_ONCE = 200
"""Cases of one question: whole ones are shown where an answer differs."""


def ask_both(
    core: Page, subject: str, call: str, cases: Sequence[Given], python: Callable[[Given], object]
) -> list[Json]:
    """What Python answers to the cases; fails at the first one to which the core answers something else."""
    expected = []
    for begin in range(0, len(cases), AT_ONCE):
        some = cases[begin : begin + AT_ONCE]
        for given, said in zip(some, ask(core, subject, call, some), strict=True):
            assert "answer" in said, f"{given}: {said.get('failed') or said}"
            expected.append(told(_answer(python, given)))
            try:
                assert_alike(told(said["answer"]), expected[-1], call)
            except AssertionError as difference:
                difference.add_note(f"Asked was: {given}")
                raise
    return expected


def ask(core: Page, subject: str, call: str, cases: Sequence[Given]) -> list[Json]:
    """What the core answers to the cases. They go as text, which takes a tenth of the time that values take."""
    asked = json.dumps([subject, [{"call": call, "given": one} for one in cases]])
    answers = core.evaluate("async (text) => JSON.stringify(await answers(...JSON.parse(text)))", asked)
    said: list[Json] = json.loads(answers)
    return said


def _answer(python: Callable[[Given], object], given: Given) -> Json:
    try:
        return plain(python(given))
    except IntersessionError as refusal:
        return {"refused": {"code": str(refusal.code), "words": str(refusal)}}


def cases(make: Callable[[Random], Given], seed: int, number: int) -> list[Given]:
    """Random cases, the same whenever they are made."""
    random = Random(seed)
    return [make(random) for _ in range(number)]
