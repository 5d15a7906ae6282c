"""`intersession.testing` as an app's tests use it: the installed command, two devices, and pytest's fixtures."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from intersession import Caseload, Tracker, Unreachable
from intersession.testing import PracticeServerError, SettableClock, practice_server


def test_a_client_and_a_therapist_on_a_practices_server(tmp_path: Path) -> None:
    clock = SettableClock()
    with practice_server(tmp_path / "server") as server:
        alma, kim = server.add_client("Alma"), server.add_therapist("kim", name="Dr Kim")
        server.assign("Alma", "kim")
        with (
            Tracker.open(tmp_path / "alma.db", clock=clock) as tracker,
            Caseload.open(tmp_path / "kim.db", clock=clock) as caseload,
        ):
            tracker.pair(server.url, alma, share_by_default=True, share_earlier=False)
            caseload.pair(server.url, kim)
            tracker.journal.write("Slept through.")
            assert tracker.sync().complete
            assert caseload.sync().complete
            (client,) = caseload.clients()
            assert [entry.text for entry in caseload.client(client.id).entries()] == ["Slept through."]

            server.stop()
            tracker.journal.write("Offline.")
            with pytest.raises(Unreachable):
                tracker.sync(timeout=1)
            server.start()
            assert tracker.sync().pushed == 1

            server.unassign("Alma", "kim")
            caseload.sync()
            assert caseload.clients() == []
        with Tracker.open(tmp_path / "phone.db") as phone:
            phone.pair(server.url, server.code_for_client("Alma"), share_by_default=True, share_earlier=False)
            phone.sync()
            assert len(phone.journal.entries()) == 2
        with Caseload.open(tmp_path / "tablet.db") as tablet:
            tablet.pair(server.url, server.code_for_therapist("kim"))
        with pytest.raises(PracticeServerError, match="Nobody"):
            server.assign("Nobody", "kim")
        pid = server.pid
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


APP_TEST = """
from intersession import Tracker
from intersession.testing import SettableClock

pytest_plugins = ["intersession.testing"]

def test_it(intersession_server, intersession_clock, tmp_path):
    assert isinstance(intersession_clock, SettableClock)
    code = intersession_server.add_client("Alma")
    with Tracker.open(tmp_path / "alma.db", clock=intersession_clock) as tracker:
        tracker.pair(intersession_server.url, code, share_by_default=True, share_earlier=False)
        tracker.journal.write("Slept through.")
        assert tracker.sync().complete
"""


def test_the_fixtures_of_an_apps_own_tests(tmp_path: Path) -> None:
    (tmp_path / "test_app.py").write_text(APP_TEST)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-W",
        "error",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
    ]
    done = subprocess.run(
        [*command, str(tmp_path / "test_app.py")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
