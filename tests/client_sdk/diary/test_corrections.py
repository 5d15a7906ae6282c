"""Correcting, withdrawing and undoing symptom logs on one device: what stands, what is told, and what is gone."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from tests.client_sdk.practice import NOON, SettableClock

from intersession import InvalidField, NotFound, Tracker
from intersession.cli import main

OpenTracker = Callable[[str], Tracker]


def planted() -> str:
    """A word that no compression hides."""
    return secrets.token_hex(12)


def holds(folder: Path, word: str) -> bool:
    return any(word.encode() in path.read_bytes() for path in folder.glob("tracker.db*"))


def test_what_is_given_takes_the_place_of_what_it_said(tracker: Tracker, clock: SettableClock) -> None:
    first = tracker.symptoms.log({"worry": 3, "sleep": 6}, scale=(0, 10), note="late", key="mine")
    clock.forward(hours=2)
    corrected = tracker.symptoms.correct(first.id, values={"worry": 5})
    assert corrected.id == first.id
    assert (corrected.values, corrected.note, corrected.scale, corrected.key) == ({"worry": 5}, "late", (0, 10), "mine")
    assert (corrected.at, corrected.entered_at, corrected.corrected_at) == (NOON, NOON, NOON + timedelta(hours=2))
    (was,) = corrected.earlier
    assert (was.values, was.note, was.at, was.entered_at) == (first.values, "late", NOON, NOON)
    assert tracker.symptoms.logs() == [corrected]
    assert [point.value for point in tracker.symptoms.series("worry")] == [5]
    assert tracker.symptoms.series("sleep") == []
    assert tracker.symptoms.names() == ["worry"]
    clock.forward(hours=1)
    again = tracker.symptoms.correct(first.id, at=NOON - timedelta(days=40), note="")
    assert again.at == NOON - timedelta(days=40)
    assert [one.values for one in again.earlier] == [{"worry": 5}, {"worry": 3, "sleep": 6}]
    assert tracker.symptoms.correct(first.id, note="") == again, "nothing to correct"
    assert tracker.symptoms.log({"worry": 5}, key="mine") == again


def test_a_correction_is_checked_as_a_log_is(tracker: Tracker) -> None:
    log = tracker.symptoms.log({"worry": 3}, scale=(0, 10))
    for values in ({}, {"worry": 11}, {"a": 1, "A": 2}):
        with pytest.raises(InvalidField):
            tracker.symptoms.correct(log.id, values=values)
    with pytest.raises(InvalidField):
        tracker.symptoms.correct(log.id, scale=(4, 10))
    with pytest.raises(NotFound):
        tracker.symptoms.correct(uuid4(), values={"worry": 1})
    assert tracker.symptoms.logs() == [log]


def test_a_withdrawn_log_is_nowhere_and_the_others_stay_as_they_were(tracker: Tracker, tmp_path: Path) -> None:
    word, earlier = planted(), planted()
    kept = [tracker.symptoms.log({"worry": n}, note="stays") for n in range(3)]
    gone = tracker.symptoms.log({"dread": 9}, note=earlier)
    tracker.symptoms.correct(gone.id, note=word)
    assert holds(tmp_path, word)
    asked = tracker.symptoms.withdraw(gone.id)
    assert (asked.id, asked.state) == (gone.id, "erased"), "no server ever had it"
    assert {log.id: log for log in tracker.symptoms.logs()} == {log.id: log for log in kept}
    assert tracker.symptoms.names() == ["worry"]
    assert not holds(tmp_path, word)
    assert not holds(tmp_path, earlier)
    assert tracker.symptoms.withdraw(gone.id) == asked
    assert tracker.symptoms.withdrawals() == [asked]
    for call in (tracker.symptoms.correct, tracker.symptoms.withdrawal):
        with pytest.raises(NotFound):
            call(uuid4())
    tracker.symptoms.log({"worry": 9})
    assert len(tracker.symptoms.logs()) == 4


def test_a_withdrawn_key_can_be_logged_again(tracker: Tracker, clock: SettableClock) -> None:
    first = tracker.symptoms.log({"worry": 3}, key="k")
    tracker.symptoms.withdraw(first.id)
    clock.forward(seconds=1)
    again = tracker.symptoms.log({"worry": 4}, key="k")
    assert again.id != first.id
    assert tracker.symptoms.logs() == [again]


def imported(tracker: Tracker, tmp_path: Path, rows: int, *, first: int = 0) -> UUID:
    lines = [f"{(NOON - timedelta(days=n)).isoformat()},{n % 7}" for n in range(first, first + rows)]
    file = tmp_path / f"{uuid4()}.csv"
    file.write_text("\n".join(["time,worry", *lines]))
    report = tracker.symptoms.import_csv(file, time="time")
    assert report.imported == rows
    return report.id


def test_an_import_is_undone_as_a_whole_and_nothing_else(
    tracker: Tracker, tmp_path: Path, clock: SettableClock
) -> None:
    other = tracker.symptoms.log({"worry": 1})
    kept = imported(tracker, tmp_path, 30, first=400)
    undone = imported(tracker, tmp_path, 400)
    (some, *_) = tracker.symptoms.logs(limit=1)
    clock.forward(hours=1)
    tracker.symptoms.correct(some.id if some.id != other.id else tracker.symptoms.logs()[1].id, note="mine")
    assert tracker.symptoms.undo_import(undone) == 400
    assert len(tracker.symptoms.logs()) == 31
    assert other in tracker.symptoms.logs()
    assert tracker.symptoms.undo_import(undone) == 0
    assert tracker.symptoms.undo_import(uuid4()) == 0
    clock.forward(hours=1)
    imported(tracker, tmp_path, 400)
    assert len(tracker.symptoms.logs()) == 431
    assert tracker.symptoms.undo_import(kept) == 30


def test_on_the_command_line(tmp_path: Path) -> None:
    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(main, ["--store", str(tmp_path / "line.db"), *words])
        assert done.exit_code == code, done.output
        return done.output

    run("log", "worry=3", "sleep=6", "--at", "2026-05-04T21:13+02:00")
    (line,) = run("logs", "list").splitlines()
    id_ = line[line.index("(") + 1 : line.index(")")]
    said = run("logs", "correct", id_[:8], "worry=5", "--note", "typed 3 by mistake")
    assert "worry=5" in said
    assert "before: 2026-05-04 21:13+02:00  worry=3 sleep=6" in said
    assert "corrected " in said
    run("logs", "correct", id_[:8], code=2)
    run("logs", "correct", id_[:8], "--at", "2026-05-03T21:13+02:00")
    assert "2026-05-03 21:13+02:00  worry=5" in run("logs", "list")
    assert "worry  1 times, last 5" in run("symptoms")
    file = tmp_path / "d.csv"
    file.write_text("t,worry\n2026-05-05T21:13:00+02:00,1\n2026-05-06T21:13:00+02:00,2\n")
    report = json.loads(run("--json", "import", "symptoms", str(file), "--time", "t"))
    assert "2 logs were withdrawn." in run("logs", "undo-import", report["id"], "--yes")
    run("logs", "undo-import", report["id"], "--yes", code=1)
    run("logs", "withdraw", id_[:8], "--yes")
    assert run("logs", "list") == "No logs.\n"
    assert id_ in run("logs", "withdrawals")


def test_it_is_all_there_after_opening_again(open_tracker: OpenTracker, tmp_path: Path, clock: SettableClock) -> None:
    tracker = open_tracker("tracker")
    first, second = tracker.symptoms.log({"worry": 3}), tracker.symptoms.log({"worry": 4})
    clock.forward(hours=1)
    tracker.symptoms.correct(first.id, values={"worry": 5})
    tracker.symptoms.withdraw(second.id)
    before = tracker.symptoms.logs(), tracker.symptoms.withdrawals()
    tracker.close()
    again = open_tracker("tracker")
    assert (again.symptoms.logs(), again.symptoms.withdrawals()) == before
