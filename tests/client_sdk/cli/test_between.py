"""`intersession` between sessions: what is due is gone through in a terminal; plan, homework and goals are shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.client_sdk.care_practice import Care

from intersession import Caseload, Field, Tracker
from intersession.cli import main

TODAY = date(2026, 5, 4)


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a little after noon, on a day of its own: no test sees midnight pass."""
    seconds = count()

    def clock() -> datetime:
        return (datetime.combine(TODAY, time(12)) + timedelta(seconds=next(seconds))).astimezone()

    for module in ("intersession.inputs.clock", "intersession.cli.care"):
        monkeypatch.setattr(f"{module}.local_clock", clock)


class Store:
    """A client's store that the command opens, and what their therapist has put there."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "client.db"
        self._care = folder / "care.db"
        with self.care() as care:
            with care.client.plan.edit() as plan:
                plan.add_section("What happened?", required=True)
                plan.add_section("How tense were you?", type="scale", low=0, high=10, labels={0: "calm", 10: "very"})
                plan.add_section("Did you rest?", type="yes_no")
                plan.add_section("What helped?", type="several_of", options=("a walk", "a call", "nothing"))
                plan.add_tracker("worry", 0, 10, since=TODAY - timedelta(days=3))
                plan.add_safety_step("people_to_ask", "My sister", contact="the number on the fridge")
            breathing = care.client.resources.add("Breathing", steps=("In for four.", "Out for six."))
            care.client.homework.assign(
                "Breathe for five minutes",
                why="It slows things down.",
                rule="daily",
                since=TODAY - timedelta(days=1),
                fields={"felt": Field(prompt="How did it feel?", type="one_of", options=("better", "same", "worse"))},
                resources=(breathing.id,),
            )
            care.sync()

    @contextmanager
    def care(self) -> Iterator[Care]:
        """The client's device and the therapist's, brought together."""
        with Tracker.open(self.path) as tracker, Caseload.open(self._care) as caseload:
            yield Care(tracker, caseload)

    def __call__(self, *words: str, input: str | None = None, code: int = 0) -> Result:
        result = CliRunner().invoke(main, words, input=input, env={"INTERSESSION_STORE": str(self.path)})
        assert result.exit_code == code, result.output
        return result

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "--json").stdout)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody is there to be asked."""
    monkeypatch.setattr("intersession.cli.care.is_terminal", lambda: True)


def test_without_a_terminal_what_is_due_is_listed(store: Store) -> None:
    listed = store("today").stdout
    assert "Journal" in listed
    assert "worry" in listed
    assert "Breathe for five minutes" in listed
    assert {one["kind"] for one in store.json("today")} == {"journal", "tracker", "homework"}


@pytest.mark.usefixtures("terminal")
def test_today_asks_for_each_thing_and_keeps_what_is_answered(store: Store) -> None:
    answers = {
        "homework": ["done", "better", "11", "3", "7", "It gets easier."],
        "journal": ["", "A quiet day.", "9999", "4", "y", "1, a call", "And I slept."],
        "tracker": ["11", "5"],
    }
    kinds = [one["kind"] for one in store.json("today")]
    typed = "\n".join(line for kind in kinds for line in answers[kind]) + "\n"
    shown = store("today", input=typed + "\n" * 20).stdout
    assert shown.count("Kept.") == len(kinds), shown
    assert "Your care team asks for an answer here." in shown
    assert "Resource: Breathing" in shown
    (entry,) = store.json("entries")
    assert entry["text"] == "And I slept."
    sections = {one["prompt"]: one["text"] or one["value"] for one in entry["sections"]}
    assert sections == {
        "What happened?": "A quiet day.",
        "How tense were you?": 4,
        "Did you rest?": True,
        "What helped?": ["a walk", "a call"],
    }
    assert [point["value"] for point in store.json("symptoms", "worry")] == [5]
    (homework,) = store.json("homework")
    said = homework["progress"][0]
    assert (said["status"], said["difficulty"], said["helpfulness"]) == ("done", 3, 7)
    assert said["answers"][0]["value"] == "better"
    assert store.json("today") == [] or {one["kind"] for one in store.json("today")} == {"homework"}


@pytest.mark.usefixtures("terminal")
def test_enter_skips_and_what_was_skipped_stays_due(store: Store) -> None:
    before = store.json("today")
    shown = store("today", input="\n" * 20).stdout
    assert "Press Enter again to leave it for later." in shown
    assert f"0 of {len(before)} answered" in shown
    assert store.json("today") == before


def test_what_comes_is_listed_day_by_day(store: Store) -> None:
    days = {date.fromisoformat(one["day"]) for one in store.json("upcoming", "--days", "3") if one["kind"] == "tracker"}
    assert {TODAY + timedelta(days=1), TODAY + timedelta(days=2)} <= days


def test_the_plan_and_the_safety_plan_are_shown(store: Store) -> None:
    shown = store("plan").stdout
    for text in ("What happened?", "worry, 0 to 10: every day", "intersession safety-plan"):
        assert text in shown
    assert "My sister  the number on the fridge" in store("safety-plan").stdout


def test_homework_is_recorded_and_counted_without_a_score(store: Store) -> None:
    (homework,) = store.json("homework")
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    said = store("record", homework["id"][:8], yesterday, "--status", "not", "--barrier", "no chance").stdout
    assert said.startswith(f"{yesterday}  not")
    store("record", homework["id"][:8], TODAY.isoformat(), "--difficulty", "2", "--answer", "How did it feel?=same")
    shown = store("homework").stdout
    assert "○ ●" in shown
    assert "1 of 2 done" in shown
    assert "%" not in shown
    refused = store("record", homework["id"][:8], "2020-01-01", code=1)
    assert refused.stderr.startswith("Error: ")
    assert store("record", "ffffffff", code=1).stderr.startswith("Error: No id begins")


def test_goals_resources_and_progress(store: Store) -> None:
    goal = store.json("goals", "add", "Sleep through", "--why", "I am tired", "--step", "Phone away", "--step", "Walk")
    store("goals", "step-done", goal["id"][:8], "1")
    shown = store("goals", "list").stdout
    assert "1 ✓ Phone away" in shown
    assert "2 · Walk" in shown
    assert "reached" in store("goals", "reach", goal["id"][:8]).stdout
    (resource,) = store.json("resources")
    assert "1. In for four." in store("resources", resource["id"][:8]).stdout
    assert "did not help" in store("resources", resource["id"][:8], "--did-not-help").stdout
    for value in (2, 4, 8):
        store("log", f"worry={value}")
    assert "worry  ▁▃█  2 to 8, last 8" in store("progress").stdout


def test_share_and_withdraw(store: Store) -> None:
    with store.care() as care:
        private = care.tracker.journal.write("For me alone.", shared=False)
    shared = store.json("share", str(private.id)[:8])
    assert shared["shared"]
    assert store("withdraw", shared["id"][:8], input="n\n", code=1).stdout.startswith("It is deleted from this device")
    assert "deleted here" in store("withdraw", shared["id"][:8], "--yes").stdout
    assert store.json("entries") == []
    (withdrawal,) = store.json("withdrawals")
    assert withdrawal["id"] == shared["id"]


def test_the_vault_says_what_losing_it_means(store: Store) -> None:
    assert "There is no vault" in store("vault", "status").stdout
