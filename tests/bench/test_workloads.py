"""Every workload once, with tiny sizes: it runs, counts rightly and answers with every field. No figure is judged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, Self

import pytest
from tests.bench import measuring
from tests.bench.__main__ import PROCESSES
from tests.bench.catalogue import WORKLOADS
from tests.bench.ground import Ground, ground
from tests.bench.result import SHARED, Options, Result, as_json
from tests.bench.workloads import kill
from tests.end_to_end.support.practice import Invitation, Practice
from tests.end_to_end.support.writing_device import Written

pytestmark = [
    pytest.mark.skipif(not PROCESSES.exists(), reason="what a process uses is read from /proc"),
    pytest.mark.timeout(600),
]

LONG = {"history", "idle", "local", "pages", "app", "growth", "restart", "attacked", "reconnect-caseload"}
"""Those that start many processes or wait by design: they take many seconds also with the smallest sizes."""

TINY: dict[str, dict[str, int]] = {
    "live": {"edits": 4, "docs": 3},
    "history": {"edits": 2, "most": 0},
    "log": {"logs": 2, "most": 30},
    "ingest": {"docs": 2, "connections": 2, "changes": 3},
    "first-sync": {"docs": 4},
    "reconnect": {"docs": 4, "repeats": 1, "restarts": 1},
    "reconnect-caseload": {"docs": 2, "clients": 2, "repeats": 1, "restarts": 1},
    "bootstrap": {"docs": 24, "changes": 3},
    "idle": {"docs": 3, "connections": 3, "seconds": 0},
    "local": {"docs": 20, "years": 0, "days": 8, "rounds": 1},
    "pages": {"docs": 2, "years": 0, "days": 8, "clients": 3, "rounds": 1, "edits": 1, "open": 1},
    "app": {"docs": 20, "years": 0, "days": 8, "rounds": 1},
    "kill": {"kills": 1, "device_kills": 1, "seed": 1},
    "growth": {"operations": 2, "rounds": 1, "most": 1},
    "restart": {"devices": 2, "down": 0},
    "attacked": {"seconds": 1},
    "append": {"callers": 2, "pushes": 2, "rounds": 1},
    "changes": {"rounds": 1},
    "together": {"clients": 1, "seed": 1},
    "signals": {"clients": 1, "seed": 1},
}
WORDS = {"attacked": ("connecting",)}
N = {
    "live": 4, "history": 2, "log": 2, "ingest": 12, "first-sync": 4, "reconnect": 1, "reconnect-caseload": 1,
    "bootstrap": 24, "idle": 3, "growth": 2, "restart": 4, "append": 64, "together": 63, "signals": 42,
}  # fmt: skip
"""How many operations are measured, where that is fixed."""
CONFIRMED = {"live", "log", "ingest", "first-sync", "kill", "append"}
ON_THE_WIRE = {"live", "history", "log", "ingest", "first-sync", "reconnect", "reconnect-caseload", "bootstrap", "idle"}

every_workload = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long if name in LONG else ()) for name in TINY if name != "kill"]
)


class Crowded(Practice):
    """A practice on which one workload after another may name its clients alike."""

    numbers = count()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def add_client(self, name: str, *therapists: str) -> Invitation:
        return super().add_client(f"{name} ({next(self.numbers)})", *therapists)


@pytest.fixture(scope="module")
def one_ground() -> Iterator[Ground]:
    """One server for all: each would start its own."""
    with ground() as made, Crowded(made.server) as crowded:
        yield Ground(made.folder, made.server, crowded)


@pytest.fixture(autouse=True)
def shared(one_ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workloads take place there, each with a folder of its own, and not wait long for the server to be quiet."""

    @contextmanager
    def given(**_: object) -> Iterator[Ground]:
        yield Ground(tmp_path, one_ground.server, one_ground.practice)

    for workload in WORKLOADS.values():
        module = import_module(f"tests.bench.{workload.where.partition(':')[0]}")
        if hasattr(module, "ground"):
            monkeypatch.setattr(module, "ground", given)
    monkeypatch.setattr(measuring, "QUIET_WINDOW", 0.05)


def test_every_workload_is_tried() -> None:
    assert TINY.keys() == WORKLOADS.keys() - {"peers"}
    assert all(TINY[name].keys() == WORKLOADS[name].sizes.keys() for name in TINY)


@every_workload
def test_a_workload_counts_what_it_did(name: str) -> None:
    result = measured(name)
    said = result_of(name, result)
    assert said["workload"] == name
    assert said.keys() >= {*SHARED, "options", "conditions"}
    assert said["n"] == N.get(name, said["n"])
    assert said["n"] > 0
    assert not said["lost"]
    if name in CONFIRMED:
        assert said["acknowledged"] == said["n"]
    if name in ON_THE_WIRE:
        assert said["up_bytes"] > 100
        assert said["down_bytes"] > 100
    if name in ON_THE_WIRE:
        assert said["peak_rss_bytes"] > 2**20
    assert all(value >= 0 for value in numbers(said)), said


def numbers(said: Mapping[str, Any]) -> list[float]:
    return [value for name, value in said.items() if isinstance(value, int | float) and not name.startswith("kb_")]


def measured(name: str) -> Result:
    return WORKLOADS[name].run(Options(TINY[name], WORDS.get(name, ())))


def result_of(name: str, result: Result) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(as_json(name, Options(TINY[name]), result, {"cpus": 2}))
    return said


class TestLosses:
    """What `kill` is for: it must not say that nothing is lost when something is."""

    def test_a_confirmed_change_that_a_new_device_is_not_sent_is_lost(self, monkeypatch: pytest.MonkeyPatch) -> None:
        received = kill.received

        def dropping(*given: Any) -> set[bytes]:
            return set(sorted(received(*given))[1:])

        monkeypatch.setattr(kill, "received", dropping)
        result = measured("kill")
        assert result.kills == 2
        assert result.lost == result.figures["pushes_accepted_and_lost"] == kill.PUSHERS
        assert result.acknowledged == result.n
        assert result.n > kill.PUSHERS

    def test_only_what_was_accepted_is_missed(self) -> None:
        assert kill.missing({b"1", b"2", b"3"}, {b"2", b"4"}) == 2

    @pytest.mark.parametrize(
        ("under_way", "found", "lost"),
        [
            (None, {"a": "new", "b": "there"}, 0),
            (None, {"a": "old", "b": "there"}, 1),
            (None, {"b": "there"}, 1),
            (("a", "newer"), {"a": "newer", "b": "there"}, 0),
            (("a", "newer"), {"a": "new", "b": "there"}, 0),
            (("a", "newer"), {"a": "old", "b": "there"}, 1),
            ((None, "third"), {"a": "new", "b": "there", "c": "third"}, 0),
            ((None, "third"), {"a": "new", "b": "there"}, 0),
            ((None, "third"), {}, 2),
        ],
    )
    def test_a_write_that_returned_is_looked_for(
        self, under_way: tuple[str | None, str] | None, found: dict[str, str], lost: int
    ) -> None:
        written = Written({"a": "new", "b": "there"}, under_way)
        assert kill.lost_texts(written, found) == lost

    def test_what_was_under_way_and_was_there_has_to_stay(self) -> None:
        written = Written({}, (None, "first"))
        assert kill.lost_texts(written, {"a": "first"}) == 0
        assert kill.lost_texts(written, {}) == 1
