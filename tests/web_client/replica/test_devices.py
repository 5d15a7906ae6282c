"""Devices with the SDK and with the core, of one client.

Whatever they write, in whatever order it reaches them, all come to show the same; and what the core wrote into its rows
is what the SDK would have written.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.web_client.peer import Peer
from tests.web_client.replica.devices import CoreDevice, Device, PythonDevice, SharedLog

from intersession.documents import applying, journal_rows
from intersession.documents.tables import document_facts
from intersession.inputs.windows import ALL
from intersession.replica.replica import Replica
from intersession.testing import SettableClock

WORDS = [
    "I",
    "slept",
    "badly",
    "and",
    "walked",
    "round",
    "the",
    "lake",
    "🌧",
    "Straße",
    "naïve",
    "ÅNGSTRÖM",
    "müde",
    "散歩",
    "ἄνθρωπος",
]
NAMES = ["worry", "Worry ", "tension", "Schlaf", "2", "énergie"]
START = datetime(2026, 5, 4, 18, 30, tzinfo=timezone(timedelta(hours=2)))


def moment(random: Random) -> str:
    """Within some months, with any offset."""
    at = datetime(2026, 5, 4, 12, tzinfo=UTC) - timedelta(
        days=random.randrange(90), microseconds=random.randrange(10**9)
    )
    return at.astimezone(timezone(timedelta(hours=random.choice([-5, 0, 2, 9])))).isoformat()


def text(random: Random) -> str:
    return " ".join(random.choices(WORDS, k=random.randrange(1, 12)))


def values(random: Random) -> dict[str, int | float]:
    return {name: random.randrange(6) for name in random.sample(["worry", "tension", "Schlaf"], random.randrange(1, 3))}


def act(device: Device, random: Random) -> None:
    """One thing that somebody does on a device."""
    shared = random.choice([True, True, False, None])
    entries, logs, goals = device.entries(), device.logs(), device.goals()
    what = random.choices(
        ["write", "edit", "withdraw", "share", "log", "correct", "drop", "goal", "reword"], [5, 6, 1, 2, 5, 3, 1, 2, 3]
    )[0]
    match what:
        case "write":
            given: Any = {
                "mood": random.choice([None, random.randrange(11)]),
                "tags": random.sample(["sleep", "Walk"], 1),
            }
            device.write_entry(at=moment(random), shared=shared, text=text(random), **given)
        case "edit" if entries:
            entry = random.choice(entries)
            given = random.choice([{"text": text(random)}, {"mood": 3}, {"tags": ["new"]}, {"time": moment(random)}])
            device.edit_entry(entry["id"], based_on=random.choice([None, entry["version"]]), **given)
        case "withdraw" if entries:
            device.withdraw_entry(random.choice(entries)["id"])
        case "share" if [one for one in entries if not one["shared"]]:
            device.share_entry(random.choice([one for one in entries if not one["shared"]])["id"])
        case "log":
            key = random.choice([None, None, f"key {random.randrange(4)}"])
            device.log(at=moment(random), shared=shared, values=values(random), note=text(random), key=key)
        case "correct" if logs:
            device.correct(random.choice(logs)["id"], at=moment(random), values=values(random), note="Corrected.")
        case "drop" if logs:
            device.withdraw_log(random.choice(logs)["id"])
        case "goal":
            device.goal(what=text(random), why=text(random), made_at=moment(random))
        case "reword" if goals:
            goal = random.choice(goals)
            given = random.choice([{"why": text(random)}, {"what": text(random)}, {"state": "reached"}])
            device.edit_goal(goal["id"], based_on=random.choice([None, goal["version"]]), **given)


def shown(device: Device) -> dict[str, Any]:
    """What a device shows of what is in streams, where all devices have come to the same."""
    changed = ("changed_at", "changed_by")
    goals = [{**one, "last": None} for one in device.goals()]
    return {
        "entries": sorted(str({k: v for k, v in one.items() if k not in changed}) for one in device.entries()),
        "logs": sorted(map(str, device.logs())),
        "goals": sorted(map(str, goals)),
        "found": sorted(one["id"] + one["snippet"] for one in device.search("walked la")),
    }


TABLES = {
    "entries": "SELECT document, stream, written, place, model, version FROM entries ORDER BY 1",
    "entries_text": "SELECT rowid, stream, body FROM entries_text ORDER BY 1",
    "records": "SELECT document, id, stream, kind, ref, at, model, version FROM records ORDER BY 1",
    "symptom_logs": "SELECT document, log, scope, mark, corrects, batch, change, model FROM symptom_logs ORDER BY 1, 2",
    "symptom_withdrawn": "SELECT * FROM symptom_withdrawn ORDER BY 1, 3",
    "withdrawn_records": "SELECT * FROM withdrawn_records ORDER BY 1, 2",
    "symptoms_standing": "SELECT * FROM symptoms_standing ORDER BY 1, 2",
    "symptom_names": "SELECT name FROM symptom_names ORDER BY 1",
    "documents": """
        SELECT position, bytes, operations, arrived_at, heard_at, first_seq, author, latest, erased FROM documents
    """,
}


def rows(file: Path) -> dict[str, list[Any]]:
    """All read models of a store."""
    with sqlite3.connect(file) as conn:
        found = {name: [tuple(map(told, row)) for row in conn.execute(sql)] for name, sql in TABLES.items()}
    conn.close()
    return found


def told(value: Any) -> Any:
    """A value as it is compared: JSON by what it says."""
    if not (isinstance(value, bytes) and value[:1] == b"{" and value[-1:] == b"}"):
        return value
    model = json.loads(value)
    if "log" in model:
        model.pop("arrived_at")  # of a log that stands it is read from its change besides, and not kept up here
    return model


def written_anew(file: Path, clock: SettableClock) -> None:
    """Have the SDK write all read models of a store again, from its documents and where these came from."""
    replica = Replica.open(file, clock)
    with replica.store.transaction():
        for table in TABLES.keys() - {"documents", "entries", "entries_text"}:  # of entries their places are to stay
            replica.store.run(f"DELETE FROM {table}")
        for (position,) in replica.store.all("SELECT position FROM documents"):
            document_facts.find_again(replica.store, position)
        replica.store.run("UPDATE documents SET dirty = 1 WHERE NOT erased")
    applying.apply_dirty(replica.store, replica.documents)
    journal_rows.find(replica.store, "walked", ALL, None)
    replica.close()


def check_rows(device: CoreDevice, path: Path, clock: SettableClock) -> None:
    """The rows that the core wrote are those that the SDK writes from the same documents."""
    device.search("walked")  # what was edited is indexed
    device.file(path)
    before = rows(path)
    written_anew(path, clock)
    after = rows(path)
    for name in TABLES:
        assert before[name] == after[name], name


def histories(tmp_path: Path, seed: int, make: Callable[[SettableClock], list[Device]]) -> None:
    random, clock = Random(seed), SettableClock(START)
    log = SharedLog(clock)
    devices = make(clock)
    for _ in range(60):
        device = random.choice(devices)
        clock.forward(seconds=random.randrange(1, 5000))
        act(device, random)
        if random.random() < 0.25:
            log.exchange(device)
        if random.random() < 0.05:
            device.unlock()
    for device in devices:
        device.unlock()
    for _ in range(4):
        for device in devices:
            log.exchange(device)
    first, *others = map(shown, devices)
    for other in others:
        assert other == first
    for number, device in enumerate(devices):
        if isinstance(device, CoreDevice):
            check_rows(device, tmp_path / f"{number}.db", clock)


def one_of_the_sdk(peer: Peer, folder: Path) -> Callable[[SettableClock], list[Device]]:
    """A device with the SDK, and two with the core."""
    return lambda clock: [
        PythonDevice(folder / "sdk.db", clock),
        CoreDevice(peer, clock, "core"),
        CoreDevice(peer, clock, "other"),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_all_devices_come_to_show_the_same(peer: Peer, tmp_path: Path, seed: int) -> None:
    histories(tmp_path, seed, one_of_the_sdk(peer, tmp_path))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3, 60))
def test_all_devices_come_to_show_the_same_in_many_histories(peer: Peer, tmp_path: Path, seed: int) -> None:
    histories(tmp_path, seed, one_of_the_sdk(peer, tmp_path))


@pytest.mark.parametrize("first", ["sdk", "core"])
def test_a_withdrawn_log_takes_what_another_device_said_of_it_meanwhile(peer: Peer, tmp_path: Path, first: str) -> None:
    clock = SettableClock(START)
    log = SharedLog(clock)
    of_sdk, of_core = PythonDevice(tmp_path / "sdk.db", clock), CoreDevice(peer, clock, f"withdrawing {first}")
    one, other = (of_sdk, of_core) if first == "sdk" else (of_core, of_sdk)
    log.exchange(one)
    at = clock().isoformat()
    id = one.log(at=at, shared=True, values={"worry": 3}, note="A name.", key="row 1")
    stays = one.log(at=at, shared=True, values={"worry": 1}, note="", key=None)
    log.exchange(one)
    log.exchange(other)
    other.correct(id, at=at, values={"worry": 4}, note="A name, again.")
    other.log(at=at, shared=True, values={"worry": 4}, note="A name, imported.", key="row 1")
    clock.forward(minutes=1)
    one.withdraw_log(id)
    for device in (one, other, one, other):
        log.exchange(device)
    assert shown(one) == shown(other)
    assert [found["id"] for found in one.logs()] == [stays]
