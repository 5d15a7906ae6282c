"""The TypeScript core answers every test vector as the Python code does, in a real browser."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.web_client.core import ROOT

from intersession_schemas.changes import read_change

VECTORS = ROOT / "docs" / "reference" / "vectors"
CALLS: dict[str, set[str]] = {
    "adherence": {"adherence"},
    "agenda": {"before_sessions", "due", "local_day", "moment", "upcoming"},
    "frames": {"read", "write"},
    "layout": {"create", "edit", "read", "splices"},
    "merge": {"admit", "edit", "key_mark", "merge", "name", "standing"},
    "recurrence": {"due", "key", "rule"},
    "scores": {"change", "risks", "score"},
    "signals": {"brief", "brief_text", "plan_changes", "scores", "signals", "trends"},
    "sealing": {
        "chain",
        "erasure",
        "open",
        "pairing_code",
        "passphrase",
        "read_code",
        "seal",
        "typed",
        "unwrap",
        "wrap",
        "write_code",
    },
    "sessions": {"attempt", "closed", "session", "too_large", "transfer", "wait"},
}
"""What the core answers so far, by subject."""

Case = dict[str, Any]


def cases_of(subject: str) -> list[Case]:
    cases: list[Case] = json.loads((VECTORS / f"{subject}.json").read_text(encoding="utf-8"))["cases"]
    return [one for one in cases if one["call"] in CALLS[subject]]


CASES = [
    pytest.param(subject, at, id=f"{subject}: {one['shows']}")
    for subject in CALLS
    for at, one in enumerate(cases_of(subject))
]


@pytest.fixture(scope="module")
def answers(core: Page) -> Callable[[str], list[Case]]:
    """All answers of a subject, asked for at once."""

    @cache
    def ask(subject: str) -> list[Case]:
        given = [{"call": one["call"], "given": one.get("given", {})} for one in cases_of(subject)]
        said: list[Case] = core.evaluate("([subject, cases]) => answers(subject, cases)", [subject, given])
        return said

    return ask


@pytest.mark.page
@pytest.mark.parametrize(("subject", "at"), CASES)
def test_answered_alike(answers: Callable[[str], list[Case]], subject: str, at: int) -> None:
    said = answers(subject)[at]
    assert "answer" in said, said.get("failed") or said
    assert_alike(told(said["answer"]), told(cases_of(subject)[at]["expected"]))


def told(value: Any) -> Any:
    """A value without what is empty, which vectors leave out."""
    if isinstance(value, list):
        return [told(one) for one in value]
    if isinstance(value, dict):
        kept = {name: told(one) for name, one in value.items()}
        return {name: one for name, one in kept.items() if one not in (None, "", [], {})}
    return value


def assert_alike(said: Any, expected: Any, where: str = "answer") -> None:
    """Equal, fractions within 1e-9; words of a refusal are each implementation's own."""
    if isinstance(expected, dict) and isinstance(said, dict):
        if isinstance(expected.get("refused"), dict):
            assert said.get("refused", {}).get("code") == expected["refused"]["code"], where
            return
        assert said.keys() == expected.keys(), where
        for name, one in expected.items():
            assert_alike(said[name], one, f"{where}.{name}")
    elif isinstance(expected, list) and isinstance(said, list):
        assert len(said) == len(expected), where
        for at, (one, other) in enumerate(zip(said, expected, strict=True)):
            assert_alike(one, other, f"{where}[{at}]")
    elif isinstance(expected, float) or isinstance(said, float):
        assert said == pytest.approx(expected, rel=1e-9, abs=1e-9), where
    elif isinstance(expected, str) and isinstance(said, str) and said != expected:
        assert _meant(said) == _meant(expected), where
    else:
        assert said == expected, where
        assert type(said) is type(expected), where


_CHANGE = "hW9Kg"
"""How every change begins in base64."""


def _meant(text: str) -> Any:
    """What a text means that may be written in more than one way: a change, deflated or not, and JSON."""
    if text.startswith(_CHANGE):
        return read_change(b64decode(text)).hash
    return json.loads(text) if text.startswith(("{", "[")) else text
