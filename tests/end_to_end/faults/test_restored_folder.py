"""A data folder that was put back to an earlier copy: what cannot go on says so, on both sides, and stops nothing else.

The server's log is copied while it is stopped and put back later, as an operator does who restores a backup.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.end_to_end.support.entries import entry
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import ServerProcess, serving, wait_for
from tests.end_to_end.support.wire import Token, connected, redeem, welcomed

from intersession import Caseload
from intersession.cli import main
from intersession.errors import LogDiverged
from intersession_schemas.errors import ErrorCode
from intersession_schemas.messages import Accepted, Error, Hello, Rejected, Rows, Snapshot, StreamCursor, Welcome
from intersession_schemas.streams import Audience

THERAPIST = "anna"


class Backup:
    """A copy of a data folder, taken and put back while the server is stopped."""

    def __init__(self, server: ServerProcess, to: Path) -> None:
        self._server = server
        self._to = to

    def take(self) -> None:
        """Copy the folder as it is now."""
        self._server.stop()
        shutil.copytree(self._server.data, self._to)
        self._server.start()

    def put_back(self) -> None:
        """The folder is as it was."""
        self._server.stop()
        shutil.rmtree(self._server.data)
        shutil.copytree(self._to, self._server.data)
        self._server.start()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with serving(tmp_path / "server") as running:
        yield running


@pytest.fixture
def backup(server: ServerProcess, tmp_path: Path) -> Backup:
    return Backup(server, tmp_path / "backup")


def stopped_events(server: ServerProcess) -> list[dict[str, object]]:
    return [event for event in server.events() if event["event"] == "sync.stream_stopped"]


def test_one_record_that_was_put_back_stops_no_other(
    server: ServerProcess, practice: Practice, backup: Backup, tmp_path: Path
) -> None:
    therapist = practice.add_therapist(THERAPIST)
    ben, cleo = practice.add_client("Ben", THERAPIST), practice.add_client("Cleo", THERAPIST)
    with (
        practice.tracker(tmp_path / "ben.db", ben) as ben_writes,
        practice.tracker(tmp_path / "cleo.db", cleo) as cleo_writes,
        practice.caseload(tmp_path / "anna.db", therapist) as caseload,
    ):
        for tracker in (ben_writes, cleo_writes):
            tracker.journal.write("Before the copy.")
            assert tracker.sync().complete
        backup.take()
        ben_writes.journal.write("After the copy.")
        assert ben_writes.sync().complete
        assert caseload.sync().complete
        backup.put_back()

        cleo_writes.journal.write("After it was put back.")
        assert cleo_writes.sync().complete
        caseload.client(ben.person).comment(_newest(caseload, ben.person), "Waits here.")
        report = caseload.sync()

        assert "After it was put back." in _texts(caseload, cleo.person)
        assert "After the copy." in _texts(caseload, ben.person)
        assert not report.complete
        assert report.reason is not None
        assert "Ben" in report.reason
        assert "practice" in report.reason
        assert report.refused == 0
        status = caseload.status()
        assert [(one.name, one.client, one.audience, one.code) for one in status.stopped] == [
            ("Ben", ben.person, "record", "log_diverged")
        ]
        assert status.pending > 0
        assert caseload.sync().complete is False
        with caseload.live():
            assert caseload.wait_synced(10.0) is False
            cleo_writes.journal.write("Live, too.")
            assert cleo_writes.sync().complete
            wait_for(lambda: "Live, too." in _texts(caseload, cleo.person), 10.0, "the other record's entry")
    assert len(stopped_events(server)) == 1
    with Caseload.open(tmp_path / "anna.db") as again:
        assert [one.name for one in again.status().stopped] == ["Ben"]


def test_a_device_with_nothing_else_is_told_at_once_and_keeps_what_it_has(
    server: ServerProcess, practice: Practice, backup: Backup, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    practice.add_therapist(THERAPIST)
    ben = practice.add_client("Ben", THERAPIST)
    path = tmp_path / "ben.db"
    with practice.tracker(path, ben) as tracker:
        tracker.journal.write("Before.")
        assert tracker.sync().complete
        backup.take()
        tracker.journal.write("After.")
        assert tracker.sync().complete
        backup.put_back()
        tracker.journal.write("Not sent.")
        began = time.monotonic()
        with pytest.raises(LogDiverged, match=r"earlier backup.*tell the practice") as refused:
            tracker.sync(timeout=60.0)
        assert time.monotonic() - began < 10.0
        assert refused.value.code == "log_diverged"
        assert [one.audience for one in tracker.status().stopped] == ["record"]
        assert tracker.status().pending == 1
        assert {entry.text for entry in tracker.journal.entries()} == {"Before.", "After.", "Not sent."}
    with pytest.raises(SystemExit) as ended:
        main(["sync", "--store", str(path)])
    assert ended.value.code == 1
    assert "earlier backup" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["status", "--store", str(path)])
    assert "Stopped: The record cannot be exchanged (log_diverged)." in capsys.readouterr().out


def test_it_goes_on_when_the_newer_folder_is_back(
    server: ServerProcess, practice: Practice, backup: Backup, tmp_path: Path
) -> None:
    practice.add_therapist(THERAPIST)
    ben = practice.add_client("Ben", THERAPIST)
    with practice.tracker(tmp_path / "ben.db", ben) as tracker:
        tracker.journal.write("Before.")
        assert tracker.sync().complete
        backup.take()
        tracker.journal.write("After.")
        assert tracker.sync().complete
        newest = Backup(server, tmp_path / "newest")
        newest.take()
        backup.put_back()
        tracker.journal.write("Waits.")
        with pytest.raises(LogDiverged):
            tracker.sync()
        newest.put_back()
        assert tracker.sync().complete
        assert tracker.status().stopped == ()
        assert tracker.status().pending == 0


def test_a_record_newer_than_the_copy_is_kept_and_nothing_of_it_is_refused(
    server: ServerProcess, practice: Practice, backup: Backup, tmp_path: Path
) -> None:
    therapist = practice.add_therapist(THERAPIST)
    ben = practice.add_client("Ben", THERAPIST)
    with (
        practice.tracker(tmp_path / "ben.db", ben) as ben_writes,
        practice.caseload(tmp_path / "anna.db", therapist) as caseload,
    ):
        ben_writes.journal.write("Known.")
        assert ben_writes.sync().complete
        assert caseload.sync().complete
        backup.take()
        cleo = practice.add_client("Cleo", THERAPIST)
        with practice.tracker(tmp_path / "cleo.db", cleo) as cleo_writes:
            cleo_writes.journal.write("Newer than the copy.")
            assert cleo_writes.sync().complete
        assert caseload.sync().complete
        backup.put_back()
        caseload.client(cleo.person).comment(_newest(caseload, cleo.person), "Waits here.")
        report = caseload.sync()
        assert (report.complete, report.refused) == (False, 0)
        assert ("Cleo", "record", "unknown_stream") in {
            (one.name, one.audience, one.code) for one in caseload.status().stopped
        }
        assert caseload.status().pending > 0
        assert caseload.status().refusals == ()
        assert _texts(caseload, cleo.person) == {"Newer than the copy."}


def test_on_the_wire_the_one_stream_is_named_and_takes_nothing_for_now(
    server: ServerProcess, practice: Practice
) -> None:
    practice.add_therapist(THERAPIST)
    token: Token = redeem(server.url, practice.add_client("Ben", THERAPIST).code)
    with welcomed(server.url, token.token) as peer:
        stream, vault = peer.offer().stream, peer.offer(Audience.VAULT).stream
    with connected(server.url, token.token) as peer:
        peer.say(Hello((1, 1), token.device, "", [StreamCursor(stream, 1, b"12345678")]))
        welcome, error = peer.hear(), peer.hear()
        assert isinstance(error, Error)
        assert (error.code, error.stream) == (ErrorCode.LOG_DIVERGED, stream)
        assert isinstance(welcome, Welcome)
        assert [offer.stream for offer in welcome.streams if offer.fork is not None] == [stream]
        answer = peer.push(uuid4(), [entry()[1]], stream=stream)
        assert isinstance(answer, Rejected)
        assert answer.code == "log_diverged"
        assert answer.retry_after is not None
        assert isinstance(peer.push(uuid4(), [b"sealed"], stream=vault), Accepted)
        assert not [frame for frame in peer.seen if isinstance(frame, Rows | Snapshot) and frame.stream == stream]
        assert stream in {offer.stream for offer in welcome.streams}


def _texts(caseload: Caseload, client: UUID) -> set[str]:
    return {entry.text for entry in caseload.client(client).entries()}


def _newest(caseload: Caseload, client: UUID) -> UUID:
    return caseload.client(client).entries()[0].id
