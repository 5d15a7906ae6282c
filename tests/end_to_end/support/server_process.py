"""The server as people run it: a process of its own, on a free port, ended by its process id.

`SIGKILL` is what a power cut looks like to it; `start` after that serves the same folder on the same port.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START = "from intersession_server.cli import main; main()"
SERVER = [sys.executable, "-c", START]
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("INTERSESSION_")}
ROOT = Path(__file__).resolve().parents[3]
START_WITHIN = 60.0
STOP_WITHIN = 20.0

_ALARMS = {"sync.failed", "http.failed", "log.apply_failed", "projections.failed"}
"""Events that only a defect causes, whatever a peer or a disk does."""


class ServerProcess:
    """One data folder and the server on it. Not thread-safe, but for `url` and `port`."""

    def __init__(self, data: Path, *flags: str, first: str = "") -> None:
        """`first`: Python that the process runs before anything of the server, to give it shorter times or a fault."""
        self.data = data
        self.port = 0
        self.first = first
        self._flags = flags
        self._process: subprocess.Popen[str] | None = None
        self._log_path = data.parent / f"{data.name}.log"

    @property
    def url(self) -> str:
        """Where it serves; the same for ever once it has been started."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it serves."""
        self.begin()
        self.wait_until_serving()

    def begin(self) -> None:
        """Start it without waiting."""
        assert self._process is None
        program = [*SERVER[:-1], f"{self.first}\n{START}"]
        command = [*program, "serve", "--data", str(self.data), "--port", str(self.port), *self._flags]
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, text=True, env=CLEAN, cwd=ROOT
            )

    def wait_until_serving(self) -> None:
        """Wait for the line that says where it serves."""
        assert self._process is not None
        assert self._process.stdout is not None
        select.select([self._process.stdout], [], [], START_WITHIN)
        line = self._process.stdout.readline()
        assert line.startswith("Serving on "), self._log_path.read_text("utf-8")[-2000:]
        self.port = int(line.rpartition(":")[2])

    def kill(self) -> None:
        """SIGKILL; returns when the process is gone."""
        self._end(self._running().kill)

    def stop(self) -> int:
        """SIGTERM; returns its exit code when it has ended."""
        process = self._running()
        self._end(process.terminate)
        assert process.returncode is not None
        return process.returncode

    def is_running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def memory(self) -> int:
        """Bytes of memory it holds now; 0 where the system does not tell (it does on Linux)."""
        return self._status("VmRSS")

    def most_memory(self) -> int:
        """Bytes of memory it has held at most."""
        return self._status("VmHWM")

    def forget_most_memory(self) -> None:
        """Let `most_memory` count from now on, where the system can."""
        with contextlib.suppress(OSError):
            Path(f"/proc/{self.pid}/clear_refs").write_text("5", "ascii")

    def cpu(self) -> float:
        """Seconds of CPU it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def events(self) -> list[dict[str, Any]]:
        """What it has logged, over all its starts."""
        lines = self._log_path.read_text("utf-8").splitlines() if self._log_path.exists() else []
        return [json.loads(line) if line.startswith("{") else {"event": line} for line in lines]

    def alarms(self) -> list[dict[str, Any]]:
        """What it has logged that it should never have to."""
        return [event for event in self.events() if event["event"] in _ALARMS or "Traceback" in event["event"]]

    def _running(self) -> subprocess.Popen[str]:
        assert self._process is not None, "the server is not running"
        return self._process

    def _end(self, how: Any) -> None:
        process, self._process = self._running(), None
        how()
        try:
            process.wait(STOP_WITHIN)
        finally:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()

    def _status(self, field: str) -> int:
        status = Path(f"/proc/{self.pid}/status")
        if not status.exists():
            return 0
        (line,) = (line for line in status.read_text("ascii").splitlines() if line.startswith(f"{field}:"))
        return int(line.split()[1]) * 1024


@contextmanager
def serving(data: Path, *flags: str, first: str = "") -> Iterator[ServerProcess]:
    """A server on `data`, which is made, for as long as the block; it must end in order, and with a clean log."""
    server = ServerProcess(data, *flags, first=first)
    server.start()
    try:
        yield server
        assert server.is_running(), server.events()[-3:]
        assert server.stop() == 0, server.events()[-3:]
        assert server.alarms() == []
    finally:
        if server.is_running():
            server.kill()


def wait_for(happened: Any, within: float, what: str) -> float:
    """Seconds until `happened()` is true; an error that names `what` after `within` seconds."""
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < within, f"not within {within} s: {what}"
        time.sleep(0.005)
    return time.monotonic() - began
