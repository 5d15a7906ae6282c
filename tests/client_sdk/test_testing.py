"""What app authors test with: a clock that keeps its zone, and a server's process that is started and ended."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from intersession import IntersessionError, InvalidField, Tracker, testing
from intersession.testing import PracticeServerError, SettableClock, practice_server

BERLIN = ZoneInfo("Europe/Berlin")
NAIVE = datetime.fromisoformat("2026-05-04T12:00")
only_posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script")


def test_a_clock_stands_still_until_it_is_moved() -> None:
    clock = SettableClock(datetime(2026, 5, 4, 12, tzinfo=UTC))
    assert clock() == clock() == datetime(2026, 5, 4, 12, tzinfo=UTC)
    assert clock.forward(days=1, hours=2, minutes=3, seconds=4) == clock() == datetime(2026, 5, 5, 14, 3, 4, tzinfo=UTC)
    clock.set(datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=5, minutes=30))))
    assert clock().utcoffset() == timedelta(hours=5, minutes=30)


@pytest.mark.parametrize(
    ("start", "by", "there"),
    [
        (datetime(2026, 3, 28, 12, tzinfo=BERLIN), {"days": 1}, "2026-03-29T12:00:00+02:00"),
        (datetime(2026, 3, 28, 12, tzinfo=BERLIN), {"hours": 24}, "2026-03-29T13:00:00+02:00"),
        (datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN), {"days": 1}, "2026-03-29T03:30:00+02:00"),
        (datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN), {"hours": 1}, "2026-03-29T03:30:00+02:00"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN), {"hours": 1}, "2026-10-25T02:30:00+01:00"),
        (datetime(2026, 10, 24, 12, tzinfo=BERLIN), {"days": 2, "minutes": -1}, "2026-10-26T11:59:00+01:00"),
    ],
    ids=str,
)
def test_days_are_the_calendars_and_hours_are_time_that_passes(
    start: datetime, by: dict[str, float], there: str
) -> None:
    clock = SettableClock(start)
    clock.forward(**by)
    assert clock().isoformat() == there
    assert clock().tzinfo is BERLIN


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(InvalidField, match="now"):
        SettableClock(NAIVE)
    with pytest.raises(InvalidField, match="at"):
        SettableClock().set(NAIVE)


def test_what_is_written_bears_the_clocks_time(tmp_path: Path) -> None:
    clock = SettableClock(datetime(2026, 5, 4, 21, 30, tzinfo=BERLIN))
    with Tracker.open(tmp_path / "x.db", clock=clock) as tracker:
        tracker.journal.write("first")
        clock.forward(days=1)
        tracker.journal.write("second")
        newest, oldest = tracker.journal.entries()
    assert newest.written_at - oldest.written_at == timedelta(days=1)
    assert newest.written_at == clock()


def test_it_can_be_imported_without_pytest() -> None:
    program = "import sys; sys.modules['pytest'] = None; import intersession.testing as t; print(t.SettableClock()())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.startswith("2026-05-04")


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment's folder of commands, empty so far, and nothing else on the PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_without_the_command_it_says_what_to_install(bin_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(PracticeServerError, match="install intersession-server") as missing, practice_server(tmp_path):
        pass
    assert isinstance(missing.value, IntersessionError)
    assert missing.value.code == "practice_server"
    assert not (tmp_path / "data").exists()


STAND_IN = """#!{python}
import json, os, pathlib, signal, sys
words = sys.argv[1:]
data = pathlib.Path(words[words.index("--data") + 1])
data.mkdir(exist_ok=True)
with open(data / "said", "a") as said:
    print(*words, [name for name in os.environ if name.startswith("INTERSESSION_")], file=said)
if words[0] != "serve":
    print(json.dumps({{"code": "ABCD-EFGH"}}))
    sys.exit()
{serve}
"""
DEAF = """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("Serving on http://127.0.0.1:4711", flush=True)
while True:
    signal.pause()
"""
WILLING = """
print("Serving on http://127.0.0.1:4711", flush=True)
signal.pause()
"""
BROKEN = "sys.exit('the port is taken')"


def stand_in(folder: Path, serve: str) -> None:
    script = folder / "intersession-server"
    script.write_text(STAND_IN.format(python=os.path.realpath(sys.base_prefix + "/bin/python3"), serve=serve))
    script.chmod(script.stat().st_mode | stat.S_IXUSR)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@only_posix
@pytest.mark.parametrize("serve", [WILLING, DEAF], ids=["willing", "deaf"])
def test_the_process_is_gone_after_the_block(
    bin_folder: Path, tmp_path: Path, serve: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testing, "STOP_WITHIN", 0.1)
    monkeypatch.setenv("INTERSESSION_PORT", "80")
    stand_in(bin_folder, serve)
    with practice_server(tmp_path, practice="P") as server:
        assert server.url == "http://127.0.0.1:4711"
        pid = server.pid
        assert pid is not None
        assert not is_gone(pid)
    assert is_gone(pid)
    assert server.pid is None
    said = (tmp_path / "data" / "said").read_text().splitlines()
    assert said[0].startswith("practice create P --json")
    assert "--port 0" in said[1]
    assert all(line.endswith("[]") for line in said)


@only_posix
def test_it_is_ended_after_a_test_that_fails_too(bin_folder: Path, tmp_path: Path) -> None:
    stand_in(bin_folder, WILLING)
    pids = []

    def failing() -> None:
        with practice_server(tmp_path) as server:
            pids.append(server.pid)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert pids[0] is not None
    assert is_gone(pids[0])


@only_posix
def test_stopped_and_started_it_keeps_its_port_and_its_practice(bin_folder: Path, tmp_path: Path) -> None:
    stand_in(bin_folder, WILLING)
    with practice_server(tmp_path) as server:
        server.start()
        server.stop()
        server.stop()
        server.start()
        assert server.code_for_client("Alma") == "ABCD-EFGH"
    with practice_server(tmp_path):
        pass
    said = [line.partition(" --data")[0] for line in (tmp_path / "data" / "said").read_text().splitlines()]
    assert said == [
        "practice create Practice --json",
        "serve",
        "serve",
        "client invite --client Alma --json",
        "serve",
    ]
    assert "--port 4711" in (tmp_path / "data" / "said").read_text().splitlines()[2]


@only_posix
def test_a_server_that_does_not_start_says_why(bin_folder: Path, tmp_path: Path) -> None:
    stand_in(bin_folder, BROKEN)
    with pytest.raises(PracticeServerError, match="the port is taken"), practice_server(tmp_path):
        pass


@only_posix
def test_a_temporary_folder_is_removed(bin_folder: Path) -> None:
    stand_in(bin_folder, WILLING)
    with practice_server() as server:
        folder = server.log.parent
        assert folder.exists()
    assert not folder.exists()
