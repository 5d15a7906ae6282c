"""Real answers of 79 people: noted offline, synced all at once, read by their therapist. Once undisturbed, and once
with every connection cut at random moments and the server killed in the middle.

What is expected is read from the file here, with the standard library alone.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from tests.end_to_end.conftest import Note
from tests.end_to_end.support.practice import NAME, PASSWORD, Desk, Invitation, Practice, desk
from tests.end_to_end.support.proxy import cut_after, through_proxy
from tests.end_to_end.support.server_process import CLEAN, SERVER, ServerProcess, wait_for

from intersession import Caseload, Tracker
from intersession.errors import Unreachable

pytestmark = pytest.mark.timeout(300)

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "ema_fried2021.csv"
ITEMS = [
    "relax", "irritable", "worry", "nervous", "future", "anhedonia", "tired", "hungry", "alone", "angry",
    "social_offline", "social_online", "music", "procrastinate", "outdoors", "c19_occupied", "c19_worry", "home",
]  # fmt: skip
THERAPIST = "fried"
PEOPLE, LOGS, PARTLY_ANSWERED = 79, 3_948, 30
OFFSETS = {"+01:00": 3_170, "+02:00": 645, "+03:00": 133}
SDK = [sys.executable, "-m", "intersession"]

Logged = tuple[str, dict[str, int]]
"""When it was answered, as the file has it with local time and offset, and what was answered."""


class Person(Struct):
    """One of the 79: what the file holds of them, and what came of importing it."""

    id: str
    rows: int
    logs: list[Logged]
    invitation: Invitation
    store: Path


def answers() -> dict[str, tuple[int, list[Logged]]]:
    """Of each person: how many rows the file has, and the logs that should come of them."""
    assert DATA.is_file(), (
        f"This test needs the real data at {DATA} (beside the repository, as shared/data; see its README)."
    )
    found: dict[str, tuple[int, list[Logged]]] = {}
    with DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows, logs = found.setdefault(row["person"], (0, []))
            answered = {item: int(row[item]) for item in ITEMS if row[item]}
            found[row["person"]] = rows + 1, [*logs, (row["answered_at"], answered)] if answered else logs
    return found


@pytest.fixture
def people(practice: Practice, tmp_path: Path) -> list[Person]:
    """Everybody of the file, invited and assigned to one therapist."""
    expected = answers()
    logs = [log for _, logs in expected.values() for log in logs]
    assert (len(expected), len(logs)) == (PEOPLE, LOGS)
    assert sum(len(values) < len(ITEMS) for _, values in logs) == PARTLY_ANSWERED
    assert Counter(at[-6:] for at, _ in logs) == OFFSETS
    practice.add_therapist(THERAPIST)
    return [
        Person(id, rows, logs, practice.add_client(id, THERAPIST), tmp_path / f"{id}.db")
        for id, (rows, logs) in expected.items()
    ]


def write_offline(person: Person, url: str, number: int) -> None:
    """Import what one person answered into a store of their own: of every second one before the store is paired."""
    with Tracker.open(person.store) as tracker:
        if number % 2:
            tracker.pair(url, person.invitation.code, share_by_default=True)
        only = ("person", person.id)
        report = tracker.symptoms.import_csv(DATA, time="answered_at", columns=ITEMS, only=only, scale="1-5")
        assert report.imported == len(person.logs)
        assert (report.bad, report.conflicts) == ((), ())
        assert report.skipped_empty == person.rows - len(person.logs)
        if not number % 2:
            tracker.pair(url, person.invitation.code, share_by_default=True, share_earlier=True)
        assert tracker.status().pending > 0


def sync_all(people: list[Person], synced: Callable[[Person], object] = lambda _: None) -> int:
    """Sync every store at the same time, as often as it takes; how many syncs that were."""
    start = threading.Barrier(len(people))

    def sync(person: Person) -> int:
        with Tracker.open(person.store) as tracker:
            start.wait(60)
            times = 1
            while not is_complete(tracker):
                times += 1
                assert times < 100, f"{person.id} does not come to an end"
            status = tracker.status()
            assert (status.pending, status.refusals, status.problems) == (0, (), 0)
        synced(person)
        return times

    with ThreadPoolExecutor(len(people)) as threads:
        return sum(threads.map(sync, people))


def is_complete(tracker: Tracker) -> bool:
    """Sync, as an app does it that tries again when there was no server."""
    try:
        return tracker.sync(timeout=20.0).complete
    except Unreachable:
        time.sleep(0.2)
        return False


def check_desk(desk: Desk, people: list[Person]) -> int:
    """That the therapist reads every log exactly once, as it was answered, and nothing else; how many."""
    wait_for(lambda: count(desk) >= LOGS, 30, f"{LOGS} logs in the read models")
    clients = desk.clients()
    assert clients.keys() == {person.id for person in people}
    seen: set[str] = set()
    for number, person in enumerate(people):
        found = desk.symptoms(clients[person.id]["id"], limit=(50, 7, 500)[number % 3])
        assert sorted(map(as_answered, found), key=str) == sorted(person.logs, key=str)
        assert [one["at"] for one in found] == sorted(
            (one["at"] for one in found), key=datetime.fromisoformat, reverse=True
        )
        assert all(one["scale"] == [1, 5] and one["late"] and not one["note"] for one in found)
        seen.update(one["id"] for one in found)
        assert clients[person.id]["symptom_logs"] == len(person.logs)
        assert clients[person.id]["entries"] == 0
    assert len(seen) == LOGS
    return len(seen)


def count(desk: Desk) -> int:
    """How many logs the caseload says have arrived."""
    return sum(client["symptom_logs"] for client in desk.clients().values())


def as_answered(item: dict[str, Any]) -> Logged:
    return item["at"], item["values"]


def check_caseload(caseload: Caseload, people: list[Person]) -> None:
    """That the therapist's own device holds the same, read offline."""
    clients = {client.name: client for client in caseload.clients()}
    for person in people:
        logs = caseload.client(clients[person.id].id).logs()
        found = [(log.at.isoformat(), dict(log.values)) for log in logs]
        assert sorted(found, key=str) == sorted(person.logs, key=str)


def test_what_79_people_noted_arrives_exactly_once(
    server: ServerProcess, practice: Practice, people: list[Person], tmp_path: Path, note: Note
) -> None:
    began = time.monotonic()
    for number, person in enumerate(people):
        write_offline(person, server.url, number)
    wrote = time.monotonic()
    sync_all(people)
    synced = time.monotonic()
    with desk(server.url, THERAPIST) as signed_in:
        found = check_desk(signed_in, people)
    read = time.monotonic()
    with practice.caseload(tmp_path / "caseload.db", THERAPIST) as caseload:
        assert caseload.sync().complete
        check_caseload(caseload, people)
    note(
        f"real data: {len(people)} people, {found} of {LOGS} logs found exactly once;"
        f" written offline in {wrote - began:.1f} s, synced at once in {synced - wrote:.1f} s,"
        f" read over HTTP in {read - synced:.1f} s, on the therapist's device in {time.monotonic() - read:.1f} s"
    )


def test_the_same_with_connections_cut_and_the_server_killed(
    server: ServerProcess, practice: Practice, people: list[Person], note: Note
) -> None:
    began = time.monotonic()
    with through_proxy(server.port, cut_after(3_000), seed=20200316) as proxy:
        for number, person in enumerate(people):
            write_offline(person, proxy.url, number)
        proxy.calm = False
        done = threading.Semaphore(0)
        with ThreadPoolExecutor(1) as thread:
            syncing = thread.submit(sync_all, people, lambda _: done.release())
            for _ in range(len(people) // 3):
                assert done.acquire(timeout=60)
            assert not syncing.done()
            server.kill()
            assert not syncing.done(), "all was synced already: nothing was under way when the server was killed"
            server.start()
            syncs = syncing.result(timeout=100)
        counts = proxy.counts
    assert counts.cut >= len(people)
    with desk(server.url, THERAPIST) as signed_in:
        found = check_desk(signed_in, people)
    note(
        f"real data, disturbed: {len(people)} people, {found} of {LOGS} logs found exactly once;"
        f" {counts.cut} of {counts.connections} connections cut after {counts.bytes / counts.connections:.0f} bytes on"
        f" average, 1 SIGKILL of the server, {syncs} syncs; {time.monotonic() - began:.1f} s"
    )


def test_one_person_by_the_command_line_alone(server: ServerProcess, tmp_path: Path) -> None:
    """The two programs as a person at a terminal uses them, from an empty server to the therapist's list."""
    expected = answers()["p01"]
    store = ["--store", str(tmp_path / "p01.db"), "--json"]
    operator = ["--data", str(server.data), "--json"]
    run(*SERVER, "practice", "create", NAME, *operator)
    run(*SERVER, "therapist", "add", THERAPIST, "--password-stdin", *operator, said=f"{PASSWORD}\n")
    invited = run(*SERVER, "client", "invite", "p01", *operator)
    run(*SERVER, "assign", "p01", THERAPIST, *operator)
    words = ["--time", "answered_at", "--columns", ",".join(ITEMS), "--only", "person=p01", "--scale", "1-5"]
    imported = run(*SDK, "import", "symptoms", str(DATA), *words, *store)
    assert (imported["imported"], imported["rows"] - imported["other"]) == (len(expected[1]), expected[0])
    again = run(*SDK, "import", "symptoms", str(DATA), *words, *store)
    assert (again["imported"], again["unchanged"]) == (0, len(expected[1]))
    run(*SDK, "pair", server.url, invited["code"], "--share", "--share-earlier", *store)
    assert run(*SDK, "sync", *store)["complete"]
    with desk(server.url, THERAPIST) as signed_in:
        found = signed_in.symptoms(invited["person"])
    assert sorted(map(as_answered, found), key=str) == sorted(expected[1], key=str)


def run(*command: str, said: str = "") -> Any:
    """Run a program that answers in JSON."""
    done = subprocess.run(command, input=said, env=CLEAN, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
