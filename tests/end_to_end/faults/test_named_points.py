"""SIGKILL at named points, of the server and of a device: before and after each step that has to be taken whole.

`test_kills.py` kills at any moment; here it is known which promise is at stake.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from tests.end_to_end.conftest import Note
from tests.end_to_end.support.dying import Point
from tests.end_to_end.support.practice import Practice, desk
from tests.end_to_end.support.server_process import ServerProcess, wait_for
from tests.end_to_end.support.writing_device import Written, check_store, writing_device

from intersession import Tracker

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL and fork are POSIX"),
    pytest.mark.timeout(300),
]

THERAPIST = "anna"
LOG = "intersession_server.log"
OF_SERVER = [
    Point("staged, not committed", f"{LOG}.writer:Writer._commit", call=3),
    Point("committed, nobody has heard", f"{LOG}.writer:Writer._commit", "after", call=3),
    Point("accepted, not confirmed", "intersession_server.sync.endpoint:SyncConnection._persist", "after", call=2),
    Point("confirmed, not applied", f"{LOG}.applier:Applier._apply", call=2),
    Point("applied, not noted", f"{LOG}.applier:Applier._settle", call=2),
    Point("noted, not read on", f"{LOG}.applier:Applier._settle", "after", call=2),
    Point("read models written, not committed", "intersession_server.projections.projector:write_through", "after"),
    Point("read models committed, not remembered", "intersession_server.projections.projector:Projector._remember"),
    Point("erased, not audited", "intersession_server.accounts.directory:AccountsDirectory.note_erased"),
    Point("erased and audited, not answered", "intersession_server.accounts.directory:AccountsDirectory.read_at"),
    Point("emptying the write-ahead log", f"{LOG}.writer:_empty_wal", "within"),
]
OF_DEVICE = [
    Point("change stored, not committed", "intersession.documents.stored:add_made", "after", call=4),
    Point("committed, call not returned", "intersession.replica.replica:Replica.outbox_changed", call=4),
    Point("sent and accepted, not kept", "intersession.sync.exchange:Exchange.settle"),
    Point("accepted and kept, not told", "intersession.sync.exchange:Exchange.settle", "after"),
    Point("page being stored, cursor not moved", "intersession.sync.inbox:_move", call=2),
    Point("page stored, not applied", "intersession.documents.applying:apply_first", call=2),
    Point("page applied, listeners not told", "intersession.documents.applying:apply_first", "after", call=2),
    Point("saved document not kept yet", "intersession.documents.saved:keep"),
    Point("saved, bytes not dropped", "intersession.store.store:Store.run_many", of="UPDATE changes SET data = NULL"),
    Point("saved and dropped, not committed", "intersession.documents.saved:keep", "after"),
]


def test_the_server_dies_at_each_of_its_points(
    server: ServerProcess, practice: Practice, tmp_path: Path, note: Note
) -> None:
    """Each start goes on from the last end, and is armed for the next."""
    practice.add_therapist(THERAPIST)
    client = practice.add_client("Mara", THERAPIST)
    armed = tmp_path / "armed"
    texts: dict[str, str] = {}
    began = time.monotonic()
    with practice.tracker(tmp_path / "device.db", client) as tracker:
        assert tracker.sync().complete
        server.stop()
        for point in OF_SERVER:
            server.first = point.program(armed)
            server.start()
            with tracker.live():
                armed.touch()
                write_until(lambda: not server.is_running(), tracker, texts, point)
            armed.unlink()
            server.kill()
        server.first = ""
        server.start()
        assert tracker.sync().complete
        status = tracker.status()
        assert (status.pending, status.refusals, status.problems, status.stopped) == (0, (), 0, ())
        assert {str(one.id): one.text for one in tracker.journal.entries()} == texts
    with practice.tracker(tmp_path / "second.db", client.person) as second:
        assert second.sync().complete
        found = [(str(one.id), one.text) for one in second.journal.entries()]
        assert dict(found) == texts
        assert len(found) == len(texts)
    with desk(server.url, THERAPIST) as signed_in:
        wait_for(lambda: {one["id"]: one["text"] for one in signed_in.entries(client.person)} == texts, 30, "the same")
    note(
        f"the server killed at {len(OF_SERVER)} named points: {len(texts)} entries, each found once on every side;"
        f" {time.monotonic() - began:.1f} s"
    )


def write_until(happened: object, tracker: Tracker, texts: dict[str, str], point: Point) -> None:
    """Write, edit and now and then withdraw, until it has happened."""
    assert callable(happened)
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < 30, f"never came there: {point.name}"
        one = tracker.journal.write(f"{point.name}, {len(texts)}")
        edited = tracker.journal.edit(one.id, text=f"{one.text}, edited")
        texts[str(edited.id)] = edited.text
        tracker.wait_synced(0.05)
        if (len(texts) % 3 == 0 and "erased" in point.name) or "emptying" in point.name:
            gone = tracker.journal.entries()[-1].id
            tracker.journal.withdraw(gone)
            del texts[str(gone)]


def test_a_device_dies_at_each_of_its_points(
    server: ServerProcess, practice: Practice, tmp_path: Path, note: Note
) -> None:
    practice.add_therapist(THERAPIST)
    client = practice.add_client("Mara", THERAPIST)
    store = tmp_path / "device.db"
    with practice.tracker(store, client) as tracker:
        tracker.journal.write("To begin with.")
        assert tracker.sync().complete
        first = {str(one.id): one.text for one in tracker.journal.entries()}
    written = Written(first)
    began = time.monotonic()
    with writing_device(store) as device:
        for point in OF_DEVICE:
            device.write_and_die(written, point)
            with Tracker.open(store) as tracker:
                check_store(tracker, written)
    with Tracker.open(store) as tracker:
        assert tracker.sync().complete
        check_store(tracker, written)
        status = tracker.status()
        assert (status.pending, status.refusals, status.problems) == (0, (), 0)
    with practice.tracker(tmp_path / "second.db", client.person) as second:
        assert second.sync().complete
        check_store(second, written)
    note(
        f"a device killed at {len(OF_DEVICE)} named points: {written.returned} writes returned into"
        f" {len(written.texts)} entries, each found as it was last written; {time.monotonic() - began:.1f} s"
    )
