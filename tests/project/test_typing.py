"""A type check of an app finds a typo, against the package as it is installed, and nothing in what is right."""

from __future__ import annotations

from pathlib import Path

import pytest
from mypy import api

START = """
from datetime import date
from uuid import UUID
from intersession import Caseload, Client, HomeworkFields, PlanEditor, Tracker

async def app(tracker: Tracker, caseload: Caseload, client: Client, plan: PlanEditor, id: UUID) -> None:
"""
RIGHT = """
    tracker.homework.record(id, date.today(), "could not", barrier="no chance", answers={"felt": "better", "fear": 7})
    tracker.journal.write(sections={"What?": "x", "How tense?": 6}, mood=3, tags=["a"])
    for hit in tracker.journal.search("walked", limit=5, after=client.search("x").next):
        print(hit.snippet, hit.spans, hit.text, hit.shared)
    plan.change_section("1", prompt="Why?", required=True)
    plan.pause(date.today(), reason="holiday")
    plan.add_safety_step("people_to_ask", "My sister")
    client.homework.review(id, "step_down", change={"what": "Less", "until": None})
    tracker.symptoms.log({"worry": 3}, scale=(1, 5))
    print((await tracker.aio.pair("https://x", "ABCD-EFGH", share_by_default=True)).practice)
    print((await caseload.aio.pair("https://x", "ABCD-EFGH", timeout=5)).name)
"""
WRONG = [
    'tracker.homework.record(id, None, "half")',
    "tracker.homework.record(id, dificulty=3)",
    'tracker.homework.record(id, barrier="no time")',
    'tracker.homework.record(id, answers={"a": object()})',
    'plan.change_section("1", promt="Why?")',
    'plan.change_section("1", required="yes")',
    'plan.change_tracker("1", hihg=3)',
    'plan.change_pause("1", reason="vacation")',
    'plan.change_safety_step("1", part="friends")',
    'plan.change_assessment("1", opendays=3)',
    'plan.pause(date.today(), reason="vacation")',
    'plan.add_section("x", "slider")',
    'plan.add_safety_step("friends", "x")',
    'client.homework.review(id, "stepdown")',
    'client.homework.review(id, "adapt", change={"waht": "x"})',
    'client.episodes.begin(phase="ended soon")',
    'tracker.journal.search("x", limmit=3)',
    'tracker.journal.search("x").entries[0].snipet',
    "tracker.status().pendng",
    'await tracker.aio.pair("https://x", "ABCD-EFGH")',
    'await tracker.aio.pair("https://x", "ABCD-EFGH", share_by_defualt=True)',
    'await caseload.aio.pair("https://x", "ABCD-EFGH", share_by_default=True)',
]


def check(code: str, folder: Path) -> str:
    """What mypy says of an app's module that is nowhere near this repository's settings."""
    module = folder / "app.py"
    module.write_text(START + code, encoding="utf-8")
    config = folder / "mypy.ini"
    config.write_text("[mypy]\nstrict = true\n", encoding="utf-8")
    said, trouble, _ = api.run([str(module), "--config-file", str(config), "--cache-dir", str(folder / "cache")])
    assert trouble == ""
    return said


@pytest.mark.timeout(600)
def test_a_typo_fails_a_type_check_and_what_is_right_passes(tmp_path: Path) -> None:
    assert "Success" in check(RIGHT, tmp_path)
    said = check("".join(f"    {line}\n" for line in WRONG), tmp_path)
    first = START.count("\n") + 1
    without = [line for number, line in enumerate(WRONG, start=first) if f"app.py:{number}: error:" not in said]
    assert without == []
