"""A therapist's commands, and a client's topics, as people type them."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.client_sdk.care_practice import Care

from intersession import Caseload, Tracker
from intersession.cli import caseload, main


def run(*words: str, store: Path) -> Result:
    return CliRunner().invoke(main, ["--store", str(store), *words])


def test_topics_are_added_listed_ticked_off_and_withdrawn(tmp_path: Path) -> None:
    path = tmp_path / "own.db"
    assert run("topics", "list", store=path).output.strip() == "Nothing to talk about is noted."
    added = run("topics", "add", "The move", store=path)
    assert added.exit_code == 0
    assert added.output.startswith("The move  (")
    with Tracker.open(path) as tracker:
        (topic,) = tracker.topics.list()
    ticked = run("topics", "tick-off", str(topic.id)[:8], store=path)
    assert "talked about on" in ticked.output
    assert run("topics", "list", store=path).output.strip() == "Nothing to talk about is noted."
    assert "The move" in run("topics", "list", "--talked", store=path).output
    assert json.loads(run("--json", "topics", "withdraw", str(topic.id), store=path).output) == {
        "withdrawn": str(topic.id)
    }
    assert "The move" not in run("topics", "list", "--talked", store=path).output


def test_nobody_is_found_in_an_empty_caseload(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    with Caseload.open(path):
        pass
    assert "Nobody is assigned to you" in run("caseload", "clients", store=path).output
    for words in (("signals", "Alex"), ("episode", "list", "Alex"), ("episode", "end", "Alex")):
        answer = run("caseload", *words, store=path)
        assert answer.exit_code == 1
        assert "No id begins like that" in answer.output


@pytest.fixture
def desk(care: Care, monkeypatch: pytest.MonkeyPatch) -> Care:
    """What the commands open is the caseload of `care`."""
    care.sync()
    monkeypatch.setattr(caseload, "open_caseload", lambda _: nullcontext(care.caseload))
    return care


def test_an_episode_is_begun_put_in_a_phase_and_ended(desk: Care, tmp_path: Path) -> None:
    def said(*words: str) -> str:
        answer = run("caseload", *words, store=tmp_path / "x")
        assert answer.exit_code == 0, answer.output
        return answer.output

    name = desk.client.name
    assert name in said("clients")
    assert said("signals", name).strip() == "There are no signals."
    begun = said("episode", "begin", name, "assessment", "--reason", "Low mood", "--on", "2026-05-01")
    assert begun.startswith("assessment: episode since 2026-05-01, Low mood")
    assert "treatment, since 2026-05-04" in said("episode", "phase", name[:2], "treatment")
    assert "treatment, since 2026-05-04" in said("episode", "list", str(desk.practice.client)[:8])
    assert "ended: episode 2026-05-01 to 2026-05-04" in said("episode", "end", name)
    answer = run("caseload", "episode", "phase", name, "follow_up", store=tmp_path / "x")
    assert (answer.exit_code, "has no open episode" in answer.output) == (2, True)
