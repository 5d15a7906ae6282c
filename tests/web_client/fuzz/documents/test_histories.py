"""Documents written to by the Python code and by the core in turn: the same changes, heads and reading."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.vectors.documents import edited, edited_as, made, read_from
from tests.web_client.fuzz.asking import ask_both
from tests.web_client.fuzz.documents.histories import ACTORS, History, core_made, history
from tests.web_client.test_vectors import assert_alike, told

from intersession_schemas.changes import read_change
from intersession_schemas.documents.diary.symptoms import keys_in
from intersession_schemas.records.guard import Guard

PORTIONS = 8
AT_ONCE = 250
"""Histories of a portion, which are asked for at once."""


@pytest.mark.page
@pytest.mark.parametrize("portion", range(PORTIONS))
def test_histories_come_to_the_same(core: Page, request: pytest.FixtureRequest, portion: int) -> None:
    changed = refused = 0
    begins = [portion * AT_ONCE + more * PORTIONS * AT_ONCE for more in range(5 if _is_long(request) else 1)]
    for begin in begins:
        some = [history(Random(seed)) for seed in range(begin, begin + AT_ONCE)]
        for seed, (one, said) in enumerate(zip(some, _asked(core, some), strict=True), begin):
            _check(one, said, f"history {seed} of a {one.kind}")
            changed += sum(bool(step.get("hashes")) for step in one.said)
            refused += sum("refused" in step for step in one.said)
    assert changed > len(begins) * AT_ONCE * 2
    assert 0 < refused < changed / 3, "hardly anything is refused, or too much"


@pytest.mark.page
def test_a_difference_is_noticed(core: Page) -> None:
    """One value, one text, one refusal that is not as Python had it."""
    played = next(one for one in map(history, map(Random, range(100))) if one.kind == "goal" and len(one.steps) > 3)
    (said,) = _asked(core, [played])
    _check(played, said, "as it is")
    last = played.said[-1]["read"]
    for other in (
        {"read": {**last, "what": last["what"] + "."}},
        {"read": {**last, "state": "reached" if last["state"] != "reached" else "open"}},
        {"read": {**last, "problems": [*last["problems"], "state: invalid"]}},
        {"heads": [ACTORS[0] * 2]},
    ):
        changed = played._replace(said=[*played.said[:-1], {**played.said[-1], **other}])
        with pytest.raises(AssertionError):
            _check(changed, said, "changed")


@pytest.mark.page
def test_a_change_tells_which_logs_it_writes(core: Page) -> None:
    played = [one for one in map(history, map(Random, range(150))) if one.kind == "symptom_log" and one.changes]
    asked = [{"changes": [b64encode(one).decode() for one in each.changes]} for each in played]

    def told_ids(given: dict[str, Any]) -> list[list[str]]:
        return [sorted(map(str, keys_in(read_change(b64decode(one))))) for one in given["changes"]]

    said = ask_both(core, "histories", "ids", asked, told_ids)
    assert sum(len(ids) for each in said for ids in each) > 20


LONG = {"journal_entry": ("text", 18_000), "goal": ("what", 1_000), "homework": ("why", 4_000)}
"""Texts, and how long one device may make them."""


@pytest.mark.page
@pytest.mark.parametrize("kind", LONG)
def test_what_a_merge_made_too_long_may_be_made_shorter(core: Page, kind: str) -> None:
    name, most = LONG[kind]
    words = "🌊 " * (most // 2 - 10)
    entry = {"written_at": "2026-05-04T21:50:00+02:00", "entered_at": "2026-05-04T21:50:00+02:00"}
    rest = {"journal_entry": entry, "goal": {}, "homework": {"what": "Walk"}}[kind]
    base = made(kind, {**rest, name: words})
    one = edited(kind, base, ACTORS[0], {name: f"{words}first"})
    other = edited(kind, base, ACTORS[1], {name: f"Then the other device {words}"[:most]})
    changes = [*base, *one, *other]
    both = read_from(kind, changes)[name]
    assert len(both) > most
    after = [both[1:], both[:most], both + "x", "x" + both[1:], "y" + both[2:]]
    asked = [{"kind": kind, "actor": ACTORS[2], "changes": changes, "edit": {name: text}} for text in after]
    others = {"journal_entry": {"mood": 3}, "goal": {"state": "reached"}, "homework": {"what": ""}}[kind]
    said = ask_both(core, "layout", "edit", [*asked, {**asked[0], "edit": others}], edited_as)
    assert ["refused" in one for one in said] == [False, False, True, False, False, kind == "homework"]


def _is_long(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--long"))


def _asked(core: Page, histories: list[History]) -> list[Any]:
    cases = [
        {"call": "history", "given": {"kind": one.kind, "actors": ACTORS, "steps": one.steps}} for one in histories
    ]
    # As texts, which cross over to the browser in a fraction of the time.
    asking = "async cases => JSON.stringify(await answers('histories', JSON.parse(cases)))"
    answers = json.loads(core.evaluate(asking, json.dumps(cases)))
    return [one.get("answer") or one for one in answers]


def _check(played: History, said: Any, which: str) -> None:
    assert "said" in said, f"{which}: {said}"
    for at, (step, expected, answer) in enumerate(zip(played.steps, played.said, said["said"], strict=True)):
        assert_alike(told(answer), told(expected), f"{which}, step {at} {step}")
    assert core_made(played, said["changes"]) == said["heads"], which
    guard = Guard(played.kind, ordered=False)
    assert [one.hash.hex() for one in guard.admit(map(read_change, played.changes))] == said["refused"], which
