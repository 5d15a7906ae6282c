"""Calls that no page of ours makes: whatever is posted to the worker is answered, changes nothing where it fails, and
says nothing of what is in the record or was given.

What is not of its type as a whole, such as no entry at all where one is to be written, is told as a defect: the types
of a page keep it from that. What a person can type is refused by name.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from client_sdk.web.node import PACKAGE
from tests.web_client.peer import Peer

PLANTED = "Zvrkplanted"
INTERFACE = re.compile(r"^export interface (\w+) \{(.*?)^\}", re.DOTALL | re.MULTILINE)
METHOD = re.compile(r"^  (\w+)\(", re.MULTILINE)
FACES = [
    "journal",
    "symptoms",
    "homework",
    "assessments",
    "goals",
    "topics",
    "resources",
    "sessions",
    "comments",
    "plans",
    "vault",
    "drafts",
    "settings",
    "device",
]
NOT_ALONE = {"pair", "live", "sync", "leave", "deleteEverything"}
"""Of a device that no network is near."""
NAMES = [
    "text",
    "values",
    "note",
    "sections",
    "mood",
    "tags",
    "at",
    "shared",
    "limit",
    "after",
    "since",
    "until",
    "done",
    "based_on",
    "status",
    "answers",
    "occurrence",
    "on",
    "why",
    "steps",
    "what",
    "scale",
    "open",
    "tag",
    "kind",
    "instrument",
    "id",
    "__proto__",
    "constructor",
    "toString",
]
TEXTS = ["", PLANTED, f"\ud800{PLANTED}", f"\0{PLANTED}", "a" * 5_000, "2026-05-04T18:30:00+02:00", "2026-13-01",
         "phq-9", "done", "0" * 64]  # fmt: skip
NUMBERS = [0, -1, 1, 3.5, 1e308, -1e15, 2**53]
UUID = re.compile(r'"id": "([0-9a-f-]{36})"')
TELLS_ITS_KIND = re.compile(r"This app has a defect \(\w+Error\)\. What was written before is kept\.")


def methods() -> list[tuple[str, str]]:
    """Every method of every face, as the source declares them."""
    source = (PACKAGE / "src" / "faces" / "faces.ts").read_text("utf-8")
    found = {name.lower(): METHOD.findall(body) for name, body in INTERFACE.findall(source)}
    return [(face, name) for face in FACES for name in found[face] if name not in NOT_ALONE]


class Enemy:
    """Somebody who may post anything to a worker."""

    def __init__(self, peer: Peer, store: str, chance: random.Random) -> None:
        self._peer, self._store, self._chance = peer, store, chance
        self._methods = methods()
        self._ids: list[str] = ["00000000-0000-4000-8000-000000000000"]

    def post(self, message: Any) -> dict[str, Any]:
        """Post a message, and be answered."""
        answer = self._peer.ask("post", self._store, message=message)
        assert isinstance(answer, dict)
        return answer

    def record(self) -> dict[str, Any]:
        """All there is."""
        answer = self.post({"call": 0, "path": ["device", "export"], "given": ["en"]})
        found: dict[str, Any] = json.loads(answer["value"]["json"])
        self._ids = UUID.findall(json.dumps(found)) or self._ids
        return {name: value for name, value in found.items() if name != "exported_at"}

    def message(self) -> dict[str, Any]:
        """A call, mostly of a method that there is."""
        if self._chance.random() < 0.05:
            return {"call": 1, "path": self._value(), "given": self._value()}
        return {
            "call": 1,
            "path": self._chance.choice(self._methods),
            "given": [self._value() for _ in range(self._chance.randrange(4))],
        }

    def _value(self, depth: int = 0) -> Any:
        kind = self._chance.choice(["text", "number", "id", "id", "flag", "none", "list", "map", "map"])
        match kind:
            case "text":
                return self._chance.choice(TEXTS)
            case "number":
                return self._chance.choice(NUMBERS)
            case "id":
                return self._chance.choice(self._ids)
            case "flag":
                return self._chance.random() < 0.5
            case "list" if depth < 3:
                return [self._value(depth + 1) for _ in range(self._chance.randrange(3))]
            case "map" if depth < 3:
                return {self._chance.choice(NAMES): self._value(depth + 1) for _ in range(self._chance.randrange(4))}
        return None


@pytest.mark.parametrize("seeds", [range(2), pytest.param(range(2, 60), marks=pytest.mark.long)], ids=["few", "many"])
@pytest.mark.timeout(900)
def test_what_fails_changes_nothing_and_says_nothing(devices: Peer, store: Path, seeds: range) -> None:
    told = {"answered": 0, "refused": 0, "defect": 0}
    for seed in seeds:
        chance = random.Random(seed)
        devices.open(f"hostile {seed}", store)
        enemy = Enemy(devices, f"hostile {seed}", chance)
        enemy.post({"call": 0, "path": ["journal", "write"], "given": [{"text": PLANTED, "shared": False}]})
        before = enemy.record()
        for _ in range(150):
            message = enemy.message()
            said = enemy.post(message)
            if "answered" in said:
                told["answered"] += 1
                before = enemy.record()
                continue
            assert PLANTED not in said["message"], (seed, message)
            if said["code"] == "defect":
                told["defect"] += 1
                assert TELLS_ITS_KIND.fullmatch(said["message"]), (seed, message)
            else:
                told["refused"] += 1
            if chance.random() < 0.2:
                assert enemy.record() == before, (seed, message)
        assert enemy.record() == before
    assert min(told.values()) > 10, told
