"""A writing process killed at any moment: what a call had returned is there, whole, and nothing is half there."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from intersession import Tracker

WRITER = """
import json, sys
from intersession import Tracker
with Tracker.open(sys.argv[1]) as tracker:
    n = 0
    while True:
        n += 1
        text = f"{sys.argv[2]} entry {n} " + "x" * (n * 37 % 900)
        entry = tracker.journal.write(text, tags=[f"t{n}"], shared=n % 2 == 0)
        print(json.dumps(["entry", str(entry.id), entry.text]), flush=True)
        log = tracker.symptoms.log({"n": n}, note=sys.argv[2])
        print(json.dumps(["log", str(log.id), n]), flush=True)
        edited = tracker.journal.edit(entry.id, text=entry.text + " edited", mood=n % 10)
        print(json.dumps(["entry", str(edited.id), edited.text]), flush=True)
"""


def write_until_killed(path: Path, name: str, after: int) -> tuple[dict[UUID, str], dict[UUID, int]]:
    """What a writing process reported as returned before it was killed, `after` or somewhat more reports in."""
    entries: dict[UUID, str] = {}
    logs: dict[UUID, int] = {}
    with subprocess.Popen([sys.executable, "-c", WRITER, path, name], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for count, line in enumerate(writer.stdout):
            if count == after:
                writer.kill()  # what it still wrote into the pipe is read to the end
            if not line.endswith("\n"):
                break
            kind, id, value = json.loads(line)
            if kind == "entry":
                entries[UUID(id)] = value
            else:
                logs[UUID(id)] = value
    return entries, logs


def kill_and_check(path: Path, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    entries: dict[UUID, str] = {}
    logs: dict[UUID, int] = {}
    for number in range(rounds):
        new_entries, new_logs = write_until_killed(path, f"round {number}", chance.randrange(40))
        entries |= new_entries
        logs |= new_logs
        with Tracker.open(path) as tracker:
            found = {entry.id: entry for entry in tracker.journal.entries()}
            for id, text in entries.items():
                assert found[id].text in (text, f"{text} edited"), f"seed {seed}, round {number}"
            noted = {log.id: log.values["n"] for log in tracker.symptoms.logs()}
            assert {id: noted.get(id) for id in logs} == logs, f"seed {seed}, round {number}"
            # At most the calls under way went further than was reported, one of each kind a round.
            assert len(found) <= len(entries) + number + 1
            assert all(entry.problems == () for entry in found.values())
            words: set[UUID] = set()
            page = tracker.journal.search("entry", limit=1_000)
            words.update(entry.id for entry in page)
            while page.next is not None:
                page = tracker.journal.search("entry", limit=1_000, after=page.next)
                words.update(entry.id for entry in page)
            assert words == set(found)
            pending = tracker.status().pending
            assert pending >= sum(entry.shared for entry in found.values())
    assert len(entries) > rounds


def test_a_few_kills(tmp_path: Path) -> None:
    kill_and_check(tmp_path / "store.db", rounds=5, seed=1)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_hundred_kills(tmp_path: Path) -> None:
    kill_and_check(tmp_path / "store.db", rounds=100, seed=2)
