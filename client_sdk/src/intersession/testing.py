"""For testing apps: a settable clock, and a practice on a real server.

    pytest_plugins = ["intersession.testing"]  # in the app's conftest.py

    def test_what_is_shared_arrives(intersession_server, intersession_clock, tmp_path):
        code = intersession_server.add_client("Alma")
        with Tracker.open(tmp_path / "alma.db", clock=intersession_clock) as tracker:
            tracker.pair(intersession_server.url, code, share_by_default=True, share_earlier=False)
            tracker.journal.write("Slept through.")
            assert tracker.sync().complete

The two fixtures are there where pytest is; everything else works without it, and with any other test runner. The
server is the installed `intersession-server` command (the distribution of that name), run as a process of its own:
nothing of it is imported here.

PYTEST_DONT_REWRITE: an app may import this module before pytest knows that it brings fixtures.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from intersession.errors import IntersessionError
from intersession.inputs.clock import moment

__all__ = ["PracticeServer", "PracticeServerError", "SettableClock", "practice_server"]

COMMAND = "intersession-server"
PASSWORD = "correct horse battery"  # noqa: S105 - of people who are invented, on a server that nobody else reaches
START = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
"""When `intersession_clock` stands at first: noon UTC on a Monday."""

START_WITHIN = 60.0
STOP_WITHIN = 20.0
ANSWER_WITHIN = 60.0
"""Seconds."""


class SettableClock:
    """A clock that stands still until the test moves it: `Tracker.open(path, clock=SettableClock(now))`.

    Calling it returns the time that was set, aware, in the time zone it was set in.
    """

    def __init__(self, now: datetime = START) -> None:
        """A clock that stands at `now`. Raises `InvalidField` when that is naive."""
        self._now = moment("now", now)

    def __call__(self) -> datetime:
        return self._now

    def set(self, at: datetime) -> None:
        """Set the clock to `at`, in its time zone; it may go backwards. Raises `InvalidField` when it is naive."""
        self._now = moment("at", at)

    def forward(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Move the clock forward, and return the new time. The time zone stays.

        Days are those of a calendar: tomorrow at the same time of day, also where the clocks change in between. The
        rest is time that passes: over a change of the clocks, an hour may lead from 01:30 to 03:30. A time of day that
        tomorrow does not have becomes the one that a clock shows then.
        """
        zone = self._now.tzinfo
        same_time_of_day = (self._now + timedelta(days=days)).astimezone(UTC)
        passed = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        self._now = (same_time_of_day + passed).astimezone(zone)
        return self._now

    def __repr__(self) -> str:
        return f"SettableClock({self._now.isoformat()})"


class PracticeServerError(IntersessionError):
    """The practice's server is not installed, does not start, or reports an error; the text says why."""

    code = "practice_server"


class PracticeServer:
    """A practice on its own server, on a free port of this machine; created by `practice_server`.

    The methods run an operator's commands, one process each, which takes about a second. Not thread-safe, except
    `url`. All raise `PracticeServerError`, with the server's message if it refuses.
    """

    def __init__(self, folder: Path) -> None:
        """A server that keeps its data and its log in `folder`. Not started yet."""
        self._command = _found_command()
        self._data = folder / "data"
        self._process: subprocess.Popen[str] | None = None
        self._url = ""
        self.log = folder / "server.log"
        """Where the server logs, as lines of JSON."""

    @property
    def url(self) -> str:
        """The URL of the server, for `pair`; the same after `stop` and `start`."""
        return self._url

    @property
    def pid(self) -> int | None:
        """The server's process id; None when it is stopped."""
        return None if self._process is None else self._process.pid

    # -- people --------------------------------------------------------------------------------------------------------

    def add_client(self, name: str) -> str:
        """Add a client called `name`; returns a code to pair their device. Names must be unique."""
        return str(self._ask("client", "invite", name)["code"])

    def code_for_client(self, name: str) -> str:
        """A code to pair another device of an existing client."""
        return str(self._ask("client", "invite", "--client", name)["code"])

    def add_therapist(self, username: str, *, name: str | None = None, password: str = PASSWORD) -> str:
        """Add a therapist who signs in as `username` with `password`; returns a code to pair their device.

        Clients see them as `name`, by default the user name.
        """
        words = ["therapist", "add", username, "--name", name or username, "--password-stdin"]
        return str(self._ask(*words, said=password + "\n")["code"])

    def code_for_therapist(self, username: str) -> str:
        """A code to pair another device of an existing therapist."""
        return str(self._ask("therapist", "invite", username)["code"])

    def assign(self, client: str, therapist: str) -> None:
        """Add a therapist (user name) to the care team of a client (name): they can read what the client shares."""
        self._ask("assign", client, therapist)

    def unassign(self, client: str, therapist: str) -> None:
        """Remove a therapist (user name) from the care team of a client (name); their devices delete the data."""
        self._ask("unassign", client, therapist)

    # -- the process ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the server again after `stop`, on the same port. Does nothing while it is running."""
        if self._process is not None:
            return
        port = self._url.rpartition(":")[2] or "0"
        command = [self._command, "serve", "--data", str(self._data), "--port", port, "--log-format", "json"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True, env=_environment()
            )
        line = _first_line(self._process)
        if not line.startswith("Serving on "):
            self.stop()
            said = self.log.read_text("utf-8", errors="replace")[-2000:]
            raise PracticeServerError(
                f"{COMMAND} did not start within {START_WITHIN:.0f} s. Its output: {said or line}"
            )
        self._url = line.removeprefix("Serving on ").strip()

    def stop(self) -> None:
        """Stop the server; devices are offline until `start`. If it does not stop in time, it is killed.

        Does nothing when it is stopped. Only the process that was started here is touched.
        """
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        finally:
            if process.stdout is not None:
                process.stdout.close()

    def make_practice(self, name: str) -> None:
        """Create the practice on an empty server; `practice_server` does this for you."""
        self._ask("practice", "create", name)

    def _ask(self, *words: str, said: str = "") -> dict[str, Any]:
        command = [self._command, *words, "--json", "--data", str(self._data)]
        try:
            done = subprocess.run(  # noqa: S603 - our own command
                command,
                input=said,
                capture_output=True,
                text=True,
                check=False,
                timeout=ANSWER_WITHIN,
                env=_environment(),
            )
        except subprocess.TimeoutExpired as failure:
            raise PracticeServerError(f"{COMMAND} {' '.join(words[:2])} took too long.") from failure
        if done.returncode:
            raise PracticeServerError(_reason(done.stderr))
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer


@contextmanager
def practice_server(
    folder: str | os.PathLike[str] | None = None, *, practice: str = "Practice"
) -> Iterator[PracticeServer]:
    """A running server with a practice, stopped when the block ends.

    Data and log are kept in `folder`, which is created if necessary; the same folder again gives the same practice. By
    default a temporary folder is used and removed. Raises `PracticeServerError` when the
    `intersession-server` command is not installed, or does not start.
    """
    if folder is None:
        with (
            tempfile.TemporaryDirectory(prefix="intersession-") as made,
            practice_server(made, practice=practice) as one,
        ):
            yield one
        return
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    server = PracticeServer(place)
    if not (place / "data").exists():
        server.make_practice(practice)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _found_command() -> str:
    """The command of this Python's environment, else one on the PATH."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which(COMMAND, path=beside) or shutil.which(COMMAND)
    if found is None:
        raise PracticeServerError(
            f"The command {COMMAND} is not installed here: install {COMMAND} with your test tools."
        )
    return found


def _environment() -> dict[str, str]:
    """What is set for another server must not count for this one."""
    return {name: value for name, value in os.environ.items() if not name.startswith("INTERSESSION_")}


def _first_line(process: subprocess.Popen[str]) -> str:
    """The first line that a process prints; empty when it ends, or prints none in time."""
    assert process.stdout is not None
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    read = process.stdout.readline
    threading.Thread(target=lambda: lines.put(read()), daemon=True).start()
    try:
        return lines.get(timeout=START_WITHIN)
    except queue.Empty:
        return ""


def _reason(said: str) -> str:
    """The server's own words, of what it said on standard error."""
    try:
        return str(json.loads(said)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"{COMMAND} failed. Its output: {said[-2000:]}"


try:
    import pytest
except ImportError:  # then nobody asks for fixtures
    pass
else:

    @pytest.fixture
    def intersession_clock() -> SettableClock:
        """A `SettableClock` that stands at noon UTC, 4 May 2026, until the test moves it."""
        return SettableClock()

    @pytest.fixture
    def intersession_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeServer]:
        """A `PracticeServer` for this test alone. To share one among tests, use `practice_server`."""
        with practice_server(tmp_path_factory.mktemp("intersession")) as server:
            yield server
