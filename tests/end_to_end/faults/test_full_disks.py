"""No room to write: on the server's disk and on the device's. Nothing accepted is lost, and with room all goes on.

The room is taken away by a limit on the size of files, which a process can be given and relieved of while it runs.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from tests.end_to_end.conftest import Note
from tests.end_to_end.support.entries import entry
from tests.end_to_end.support.practice import PASSWORD, Practice, desk
from tests.end_to_end.support.server_process import CLEAN, ServerProcess, wait_for
from tests.end_to_end.support.wire import Peer, redeem, welcomed

from intersession import Tracker
from intersession.errors import Unreachable
from intersession_schemas.changes import read_change
from intersession_schemas.errors import RefusalCode
from intersession_schemas.messages import Accepted, Rejected

resource = pytest.importorskip("resource", reason="limits of POSIX")
pytestmark = pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of a running process are Linux's")

THERAPIST = "anna"


@contextmanager
def no_room(server: ServerProcess, spare: int | None) -> Iterator[None]:
    """None of the server's files may grow beyond the size of its largest one and `spare`; None: no write at all."""
    before = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    largest = max(path.stat().st_size for path in server.data.iterdir())
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (0 if spare is None else largest + spare, before[1]))
    try:
        yield
    finally:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, before)


def push_until_refused(peer: Peer, accepted: set[bytes], chance: random.Random) -> Rejected:
    """Push entries until one is not taken."""
    for _ in range(2_000):
        _, change = entry(f"{chance.getrandbits(20_000):x}")
        answer = peer.push(uuid4(), [change])
        if isinstance(answer, Rejected):
            return answer
        accepted.add(read_change(change).hash)
    raise AssertionError("there was always room")


def test_a_server_without_room_accepts_nothing_and_loses_nothing(
    server: ServerProcess, practice: Practice, tmp_path: Path, note: Note
) -> None:
    chance = random.Random(1)
    practice.add_therapist(THERAPIST)
    client = practice.add_client("Mara", THERAPIST)
    token = redeem(server.url, practice.invite_client(client.person)).token
    accepted: set[bytes] = set()
    refused = through = 0
    with practice.tracker(tmp_path / "device.db", client.person) as tracker, welcomed(server.url, token) as peer:
        tracker.journal.write("Before.")
        assert tracker.sync().complete
        for turn in range(3):
            with no_room(server, spare=40_000):
                rejected = push_until_refused(peer, accepted, chance)
                assert rejected.code == RefusalCode.STORAGE_FAILED
                assert rejected.retry_after is not None
                refused += 1
                assert httpx.get(f"{server.url}/health").status_code == 200
                tracker.journal.write(f"While there was no room, {turn}: {chance.getrandbits(60_000):x}")
                report = tracker.sync(timeout=2.0)
                status = tracker.status()
                assert (report.complete, report.refused, status.refusals) == (False, 0, ())
                assert status.pending > 0
            assert tracker.sync().complete
            _, change = entry("With room again.")
            last = peer.push(uuid4(), [change])
            assert isinstance(last, Accepted)
            accepted.add(read_change(change).hash)
            through = last.seq
    server.kill()
    server.start()
    with welcomed(server.url, redeem(server.url, practice.invite_client(client.person)).token) as peer:
        documents = peer.everything(through)
        found = {read_change(change).hash for changes in documents.values() for change in changes}
    assert accepted <= found
    with desk(server.url, THERAPIST) as signed_in:
        wait_for(lambda: len(signed_in.entries(client.person)) == len(accepted) + 4, 20, "all entries are shown")
    note(
        f"server without room, 3 times: {len(accepted)} pushes accepted, all found; {refused} refused as storage_failed"
    )


def test_a_server_that_can_write_nothing_at_all_says_so_everywhere(
    server: ServerProcess, practice: Practice, tmp_path: Path
) -> None:
    """What is read must be written down as read; so nothing is shown either, and nobody is let in unseen."""
    practice.add_therapist(THERAPIST)
    client = practice.add_client("Mara", THERAPIST)
    token = redeem(server.url, practice.invite_client(client.person)).token
    code = practice.invite_client(client.person)
    with welcomed(server.url, token) as peer, desk(server.url, THERAPIST) as signed_in:
        assert isinstance(peer.push(uuid4(), [entry()[1]]), Accepted)
        wait_for(lambda: len(signed_in.entries(client.person)) == 1, 20, "the entry is shown")
        with no_room(server, spare=None):
            refused = peer.push(uuid4(), [entry()[1]])
            assert isinstance(refused, Rejected)
            assert refused.code == RefusalCode.STORAGE_FAILED
            assert httpx.get(f"{server.url}/health").status_code == 200
            answers = [
                signed_in.http.get(f"/api/clients/{client.person}/entries"),
                signed_in.http.get("/api/clients"),
                httpx.post(f"{server.url}/pair", json={"code": code}),
                httpx.post(f"{server.url}/sign-in", json={"username": THERAPIST, "password": PASSWORD}),
            ]
            assert [(one.status_code, one.json()["code"]) for one in answers] == [(503, "storage_failed")] * 4
            with Tracker.open(tmp_path / "device.db") as tracker, pytest.raises(Unreachable):
                tracker.pair(server.url, code, share_by_default=True)
        with practice.tracker(tmp_path / "device.db", client.person) as tracker:
            tracker.journal.write("With room again.")
            assert tracker.sync().complete
        assert isinstance(peer.push(uuid4(), [entry()[1]]), Accepted)
        wait_for(lambda: len(signed_in.entries(client.person)) == 3, 20, "all entries are shown")


DEVICE = """
import json, os, resource, sys
from pathlib import Path
from intersession import StoreFull, Tracker

store = Path(sys.argv[1])
kept, full = {}, 0
with Tracker.open(store) as tracker:
    def write(text):
        kept[str(tracker.journal.write(text).id)] = text
    write("Before.")
    for turn in range(3):
        largest = max(path.stat().st_size for path in store.parent.glob(store.name + "*"))
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 200_000, hard))
        try:
            for number in range(2_000):
                write(os.urandom(500).hex())
        except StoreFull:
            full += 1
        # Reading goes on, and so does the process.
        assert {str(one.id): one.text for one in tracker.journal.entries()} == kept
        try:
            tracker.journal.edit(tracker.journal.entries()[-1].id, text=os.urandom(9_000).hex())
        except StoreFull:
            full += 1
        assert {str(one.id): one.text for one in tracker.journal.entries()} == kept
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        write(f"With room again, {turn}.")
print(json.dumps({"kept": kept, "full": full}))
"""


def test_a_device_without_room_says_so_and_keeps_what_it_has(
    server: ServerProcess, practice: Practice, tmp_path: Path, note: Note
) -> None:
    practice.add_therapist(THERAPIST)
    client = practice.add_client("Mara", THERAPIST)
    store = tmp_path / "device.db"
    with practice.tracker(store, client):
        pass
    command = [sys.executable, "-c", DEVICE, str(store)]
    done = subprocess.run(command, env=CLEAN, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["full"] == 6
    with Tracker.open(store) as tracker:
        assert {str(one.id): one.text for one in tracker.journal.entries()} == said["kept"]
        assert tracker.sync().complete
    with desk(server.url, THERAPIST) as signed_in:
        wait_for(lambda: len(signed_in.entries(client.person)) >= len(said["kept"]), 20, "all entries are shown")
        assert {one["id"]: one["text"] for one in signed_in.entries(client.person)} == said["kept"]
    note(f"device without room: StoreFull {said['full']} times, {len(said['kept'])} writes returned, all found")
