"""SIGKILL at random moments: of the server with pushes under way, of a device in the middle of an edit.

What the server has accepted and what a call has returned must be there afterwards, exactly once. A few kills in
every run, a hundred of each in a long one.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path
from uuid import UUID

import pytest
from tests.end_to_end.conftest import Note
from tests.end_to_end.support.practice import Practice, desk
from tests.end_to_end.support.pushers import Pusher, Trap, kill_under_load
from tests.end_to_end.support.server_process import ServerProcess, wait_for
from tests.end_to_end.support.wire import Token, redeem, welcomed
from tests.end_to_end.support.writing_device import Written, check_store, writing_device

from intersession import Tracker
from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL and fork are POSIX"),
    pytest.mark.timeout(900),
]

THERAPIST = "anna"
PUSHERS = 3

how_many = pytest.mark.parametrize("kills", [10, pytest.param(100, marks=pytest.mark.long)])


@how_many
def test_nothing_that_the_server_accepted_is_lost(
    server: ServerProcess, practice: Practice, kills: int, note: Note
) -> None:
    chance = random.Random(1)
    clients = [practice.add_client(f"client {number}").person for number in range(PUSHERS)]
    tokens = [redeem(server.url, practice.invite_client(client)) for client in clients]
    trap = Trap()
    pushers = [Pusher(server.url, token, trap, random.Random(number)) for number, token in enumerate(tokens)]
    began = time.monotonic()
    under_way = kill_under_load(server, pushers, trap, kills, chance)
    took = time.monotonic() - began
    found = sum(
        check_log(server, redeem(server.url, practice.invite_client(client)), pusher)
        for client, pusher in zip(clients, pushers, strict=True)
    )
    accepted = sum(len(pusher.accepted) for pusher in pushers)
    note(
        f"kills of the server: {kills}, with {under_way} pushes under way; {accepted} pushes accepted,"
        f" {found} found, each once; {took:.1f} s"
    )


def check_log(server: ServerProcess, token: Token, pusher: Pusher) -> int:
    """That a new device is sent every accepted change, once, and nothing else; how many."""
    with welcomed(server.url, token.token) as peer:
        documents = peer.everything(pusher.last)
    found: dict[bytes, UUID] = {}
    for document, changes in documents.items():
        hashes = [read_change(change).hash for change in changes]
        assert len(set(hashes)) == len(hashes)
        found.update(dict.fromkeys(hashes, document))
    assert pusher.accepted <= found.keys(), "accepted, and lost"
    assert found == pusher.made
    for document, changes in documents.items():
        assert journal.read(Document.load(b"".join(changes), bytes(16))).text == pusher.text(document)
    return len(found)


@how_many
def test_nothing_that_a_call_returned_is_lost(
    server: ServerProcess, practice: Practice, tmp_path: Path, kills: int, note: Note
) -> None:
    chance = random.Random(2)
    practice.add_therapist(THERAPIST)
    client = practice.add_client("Mara", THERAPIST)
    store = tmp_path / "device.db"
    with practice.tracker(store, client):
        pass
    written = Written()
    killed = edits_killed = kept = 0
    began = time.monotonic()
    with writing_device(store) as device:
        while edits_killed < kills:
            written.under_way = None
            device.write_and_kill(written, chance.uniform(0.0, 0.3))
            killed += 1
            edits_killed += written.under_way is not None
            assert killed < 2 * kills + 10, "hardly ever was a call under way"
            with Tracker.open(store) as tracker:
                kept += check_store(tracker, written)
    took = time.monotonic() - began
    with Tracker.open(store) as tracker:
        assert tracker.sync().complete
        assert check_store(tracker, written) == 0
        status = tracker.status()
        assert (status.pending, status.refusals, status.problems) == (0, (), 0)
    with practice.tracker(tmp_path / "second.db", client.person) as second:
        assert second.sync().complete
        check_store(second, written)
    with desk(server.url, THERAPIST) as signed_in:
        wait_for(lambda: len(signed_in.entries(client.person, limit=500)) >= len(written.texts), 30, "all entries")
        found = signed_in.entries(client.person, limit=500)
    assert {one["id"]: one["text"] for one in found} == written.texts
    assert len(found) == len(written.texts)
    note(
        f"kills of a writing device: {killed}, {edits_killed} of them with an edit under way ({kept} of those kept);"
        f" {written.returned} writes returned into {len(written.texts)} entries, {len(found)} found on the device, on"
        f" another one and by the therapist, each as it was last written; {took:.1f} s"
    )
