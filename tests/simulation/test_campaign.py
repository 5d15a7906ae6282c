"""`./run simulate`: many runs with a summary, failed ones kept; and one again, told without content."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.simulation import campaign, fleet
from tests.simulation.fleet import Outcome, play


def test_it_sums_up_and_ends_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep = tmp_path / "failed"
    assert campaign.main(["--seeds", "3", "--from", "40", "--keep", str(keep)]) == 0
    said = dict(re.findall(r"^(\w[\w ]+?) {2,}([\d,]+)$", capsys.readouterr().out, re.MULTILINE))
    assert (said["seeds"], said["failed"]) == ("3", "0")
    assert int(said["acts"].replace(",", "")) >= 3
    assert not keep.exists()


def test_a_run_that_fails_is_said_and_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def second_fails(seed: int) -> Outcome:
        outcome = play(seed)
        outcome.violations += ["something is lost"] * (seed == 41)
        return outcome

    monkeypatch.setattr(campaign, "play", second_fails)
    assert campaign.main(["--seeds", "2", "--from", "40", "--keep", str(tmp_path / "failed")]) == 1
    (kept,) = [json.loads(line) for line in (tmp_path / "failed").read_text().splitlines()]
    assert (kept["seed"], kept["violations"]) == (41, ["something is lost"])
    assert "./run simulate --seed 41 --trace" in capsys.readouterr().out


def test_a_run_is_told_again_without_content(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fleet, "LENGTHS", {25: 1})
    assert campaign.main(["--seed", "7", "--trace"]) == 0
    said = capsys.readouterr().out
    assert "--- healing ---" in said
    assert "seed 7: all is well" in said
    assert not re.search(r"\bm\d+x\b|some words|a walk", said)


def test_more_than_one_process_plays_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counted = []
    for workers in ("1", "2"):
        assert campaign.main(["--seeds", "2", "--workers", workers, "--keep", str(tmp_path / "failed")]) == 0
        counted.append(re.sub(r"seconds.*", "", capsys.readouterr().out))
    assert counted[0] == counted[1]
