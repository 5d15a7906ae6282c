"""A server's write-ahead log that was cut short, or has a flipped bit, after a kill: what is lost is announced.

Where the damage is in the last commits, SQLite takes them for ones that were never finished. Then devices that have
their rows, or had them accepted and not seen come back, say so or send them again; a row that only the server had is
gone, and nothing can know of it.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.end_to_end.conftest import Note
from tests.end_to_end.support.forked_server import ForkedServer, forking
from tests.end_to_end.support.practice import Invitation, Practice, desk
from tests.end_to_end.support.server_process import CLEAN, SERVER, wait_for

from intersession import Tracker
from intersession.errors import LogDiverged

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="forks servers"),
    pytest.mark.timeout(900),
]

THERAPIST = "anna"
WAL = "log.db-wal"
_FRAME = 4096 + 24


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ForkedServer]:
    with forking(tmp_path / "server") as running:
        yield running


def written_and_killed(server: ForkedServer, practice: Practice, folder: Path) -> Invitation:
    """A client's entries, of which the server was killed the moment that it had accepted the last."""
    practice.add_therapist(THERAPIST)
    client = practice.add_client("Mara", THERAPIST)
    with practice.tracker(folder / "phone.db", client) as phone, desk(server.url, THERAPIST) as signed_in:
        assert phone.sync().complete
        server.stop()  # from here on, what is in the write-ahead log are entries
        server.start()
        for number in range(12):
            phone.journal.write(f"entry {number}")
            assert phone.sync().complete
        wait_for(lambda: len(signed_in.entries(client.person)) == 12, 20, "all are shown")
        for number in range(12, 18):
            phone.journal.write(f"entry {number}")
            assert phone.sync().complete
        server.kill()
    return client


def damage(wal: Path, chance: random.Random) -> str:
    """Cut it short or flip a bit, half of the time among the last commits."""
    data = bytearray(wal.read_bytes())
    low = max(32, len(data) - 12 * _FRAME) if chance.random() < 0.5 else 0
    at = chance.randrange(low, len(data))
    if chance.random() < 0.5:
        wal.write_bytes(data[:at])
        return "cut"
    data[at] ^= 1 << chance.randrange(8)
    wal.write_bytes(data)
    return "flipped"


@pytest.mark.parametrize("rounds", [3, pytest.param(150, marks=pytest.mark.long)])
def test_what_is_lost_is_announced(
    server: ForkedServer, practice: Practice, tmp_path: Path, rounds: int, note: Note
) -> None:
    began, ended = time.monotonic(), Counter[str]()
    client = written_and_killed(server, practice, tmp_path)
    whole = tmp_path / "whole"
    shutil.copytree(server.data, whole)
    try:
        for number in range(rounds):
            chance = random.Random(number)
            shutil.rmtree(server.data)
            shutil.copytree(whole, server.data)
            shutil.copy(tmp_path / "phone.db", tmp_path / f"{number}.db")
            how = damage(server.data / WAL, chance)
            outcome = opened(server)
            if outcome == "refused":
                for path in server.data.glob("projections.db*"):  # what an operator may do who has no backup
                    path.unlink()
                again = opened(server)
                ended[f"{how}, refused at the start, {again} without read models"] += 1
                if again == "refused":
                    continue
            ended[f"{how}, {heard(server, practice, client, tmp_path, number)}"] += 1
            server.kill()
    finally:
        if server.is_running():
            server.kill()
        shutil.rmtree(server.data)
        shutil.copytree(whole, server.data)
        server.start()
    outcomes = ", ".join(f"{count} {what}" for what, count in sorted(ended.items()))
    note(f"write-ahead log damaged {rounds} times: {outcomes}; {time.monotonic() - began:.1f} s")


def opened(server: ForkedServer) -> str:
    """Start the server; whether it refused, which `verify` must explain."""
    server.begin()
    try:
        server.wait_until_serving()
    except AssertionError:
        server.kill()
        said = subprocess.run(
            [*SERVER, "verify", "--data", str(server.data)], env=CLEAN, capture_output=True, text=True, check=False
        )
        assert said.returncode == 1, "refused, and nothing is wrong with it"
        return "refused"
    return "opened"


def heard(server: ForkedServer, practice: Practice, client: Invitation, folder: Path, number: int) -> str:
    """What the device hears that has everything; a new one, and the therapist, get all that it has, or it knows."""
    with Tracker.open(folder / f"{number}.db") as phone, desk(server.url, THERAPIST) as signed_in:
        texts = {one.text for one in phone.journal.entries()}
        assert len(texts) == 18
        try:
            complete = phone.sync().complete
        except LogDiverged:
            complete = False
        assert {one.text for one in phone.journal.entries()} == texts
        with practice.tracker(folder / f"new {number}.db", client.person) as new:
            assert new.sync().complete
            found = [one.text for one in new.journal.entries()]
        assert len(found) == len(set(found))
        assert set(found) <= texts
        wait_for(lambda: {one["text"] for one in signed_in.entries(client.person)} == set(found), 20, "shown alike")
        if complete:
            assert set(found) == texts, "lost, and nobody was told"
            return "all there"
        assert [one.audience for one in phone.status().stopped] == ["record"]
        return f"{len(texts) - len(found)} lost and the device told" if set(found) != texts else "device told"
