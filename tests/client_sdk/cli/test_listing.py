"""Commands that list what may be long, a page at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from tests.client_sdk.practice import SettableClock

from intersession import Tracker
from intersession.cli import main

COMMANDS: dict[str, Callable[[Tracker, int], object]] = {
    "entries": lambda tracker, n: tracker.journal.write(f"Entry {n}"),
    "logs list": lambda tracker, n: tracker.symptoms.log({"worry": n}),
    "goals list": lambda tracker, n: tracker.goals.add(f"Goal {n}"),
    "withdrawals": lambda tracker, n: tracker.journal.withdraw(tracker.journal.write(f"{n}", shared=True).id),
    "logs withdrawals": lambda tracker, n: tracker.symptoms.withdraw(tracker.symptoms.log({"worry": n}).id),
}
EMPTY = ("homework", "resources", "assessments")


def run(path: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--store", str(path), *words])


@pytest.mark.parametrize("command", COMMANDS)
def test_a_list_goes_on_behind_the_last_one(
    open_tracker: Callable[[str], Tracker], clock: SettableClock, tmp_path: Path, command: str
) -> None:
    with open_tracker("own") as tracker:
        for number in range(5):
            clock.forward(hours=1)
            COMMANDS[command](tracker, number)
    path, words = tmp_path / "own.db", command.split()
    whole = [one["id"] for one in json.loads(run(path, *words, "--json").output)]
    assert len(whole) == 5
    found, after = list[str](), list[str]()
    while True:
        page = run(path, *words, "--limit", "2", *after)
        assert page.exit_code == 0, page.output
        found += [one["id"] for one in json.loads(run(path, *words, "--limit", "2", *after, "--json").output)]
        more = [line for line in page.output.splitlines() if line.startswith("There is more: ")]
        if not more:
            break
        after = [more[0].removeprefix("There is more: ")]
        assert after == [f"--after={found[-1]}"]
    assert found == whole
    assert "There is more" not in run(path, *words, "--limit", "5").output
    assert json.loads(run(path, *words, "--limit", "0", "--json").output) == []


@pytest.mark.parametrize("command", [*COMMANDS, *EMPTY])
def test_after_what_is_not_there(tmp_path: Path, command: str) -> None:
    gone = run(tmp_path / "own.db", *command.split(), "--limit", "2", "--after", str(uuid4()))
    assert gone.exit_code == 1
    assert "first page" in gone.output
    assert run(tmp_path / "own.db", *command.split(), "--after", "no id").exit_code == 2
