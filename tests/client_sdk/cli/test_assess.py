"""`intersession` asks an assessment item by item, goes on where it was left, and shows the safety plan when it must."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.client_sdk.care_practice import Care
from tests.client_sdk.wordings import library_has, wording_of

from intersession import Caseload, Tracker
from intersession.cli import main


class Store:
    """A client's store that the command opens; their therapist has scheduled a questionnaire."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "client.db"
        self._care = folder / "care.db"
        with self.care() as care:
            library_has(care, wording_of("phq-9"))
            care.client.resources.add("Crisis line", text="Day and night.", tags=["crisis"])
            care.tracker._replica.note_country("GB")  # as a server says it
            with care.client.plan.edit() as plan:
                plan.add_assessment("phq-9", "daily", open_days=1)
                plan.add_safety_step("people_to_ask", "My sister", contact="the number on the fridge")
            care.sync()

    @contextmanager
    def care(self) -> Iterator[Care]:
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
    for module in ("care", "measures"):
        monkeypatch.setattr(f"intersession.cli.{module}.is_terminal", lambda: True)


@pytest.mark.usefixtures("terminal")
def test_an_assessment_is_left_and_gone_on_with(store: Store) -> None:
    shown = store("assess", "check-in", input="3\n11\n4\n\n").stdout
    assert "no norms" in shown
    assert "That is not a valid answer here." in shown
    assert "Saved for later" in shown
    (draft,) = store.json("assessments")["assessments"]
    assert (draft["state"], [one["answer"] for one in draft["items"]][:3]) == ("draft", [3, 4, None])
    shown = store("assess", "check-in", input="1\n1\n1\n10, as much as can be\n\n").stdout
    assert "total: 20 (0 to 60)" in shown
    assert store.json("assessments")["assessments"][0]["state"] == "completed"
    listed = store("assessments").stdout
    assert "intersession assess phq-9" in listed
    assert "completed" in listed
    assert "completed" not in store("assessments", "--available").stdout
    assert "Check-in" in store("progress").stdout


@pytest.mark.usefixtures("terminal")
def test_today_asks_it_and_a_positive_risk_item_shows_the_safety_plan_at_once(store: Store) -> None:
    shown = store("today", input="1\n" * 9 + "\n" + "y\n").stdout
    notice, question = shown.index("real time"), shown.index("Difficulty in daily life")
    assert notice < question
    for text in ("My sister  the number on the fridge", "Crisis line", "Day and night."):
        assert notice < shown.index(text) < question
    assert "total: 9 (0 to 27), mild" in shown
    assert "1 of 1 answered" in shown
    assert store.json("today") == []


@pytest.mark.usefixtures("terminal")
def test_it_may_stay_a_draft(store: Store) -> None:
    assert "not completed" in store("today", input="0\n" * 10 + "n\n").stdout
    assert len(store.json("today")) == 1


def test_answers_may_be_given_without_being_asked(store: Store) -> None:
    shown = store("assess", "phq-9", "--answer", "q9=1").stdout
    assert "begun" in shown
    assert "My sister" in shown
    found = store.json("assess", "phq-9", "--answer", "q1=2", "--complete")
    assert (found["state"], found["note"], found["risk"][0]["item"]) == ("completed", "incomplete, not scored", "q9")
    store("assess", "phq-9", code=2)
    store("assess", "phq-9", "--answer", "q1=often", code=2)
    assert "wording" in store("assess", "gad-7", "--answer", "q1=1", code=1).stderr


def test_the_safety_plan_says_that_nobody_reads_along(store: Store) -> None:
    shown = store("safety-plan").stdout
    assert "real time" in shown
    # The practice's own comes before what its country has.
    own, emergency = shown.index("Crisis line"), shown.index("In danger now: 999 / 112")
    assert own < emergency < shown.index("Samaritans: 116 123")
    assert "Shout: send a text message with “SHOUT” to 85258" in shown
    assert [one["title"] for one in store.json("safety-plan")["resources"]] == ["Crisis line"]
