"""Servers that are forked from a process which has imported everything, for runs that start one very many times.

Most of a start is importing. What is forked has the same program, folder and signals as `ServerProcess`, and is killed
in the same way. `python -m tests.end_to_end.support.forked_server` is the process that forks.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tests.end_to_end.support.server_process import CLEAN, ROOT, ServerProcess

LOOK_EVERY = 0.005


class Forked:
    """A forked server, as far as `ServerProcess` needs a `Popen` of it."""

    def __init__(self, pid: int, stdout: TextIO, ended: Path) -> None:
        self.pid = pid
        self.stdout = stdout
        self.returncode: int | None = None
        self._ended = ended

    def poll(self) -> int | None:
        """Its exit code once it has ended."""
        if self.returncode is None and self._ended.exists() and (said := self._ended.read_text("ascii")):
            self.returncode = int(said)
        return self.returncode

    def wait(self, timeout: float = 60.0) -> int:
        """Its exit code. Raises `TimeoutExpired`."""
        give_up = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > give_up:
                raise subprocess.TimeoutExpired("forked server", timeout)
            time.sleep(LOOK_EVERY)
        return code

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def _signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


class ForkedServer(ServerProcess):
    """Made by `forking`."""

    def __init__(self, forge: subprocess.Popen[str], data: Path, *flags: str) -> None:
        super().__init__(data, *flags)
        self._forge = forge
        self._starts = 0

    def begin(self) -> None:
        """Start it without waiting."""
        assert self._process is None
        self._starts += 1
        pipe = self.data.parent / f"{self.data.name}.{self._starts}"
        os.mkfifo(pipe)
        stdout = os.fdopen(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), encoding="utf-8")
        arguments = ["serve", "--data", str(self.data), "--port", str(self.port), *self._flags]
        asked = {"arguments": arguments, "stdout": str(pipe), "stderr": str(self._log_path)}
        assert self._forge.stdin is not None
        assert self._forge.stdout is not None
        self._forge.stdin.write(json.dumps(asked) + "\n")
        self._forge.stdin.flush()
        pid = int(self._forge.stdout.readline())
        os.set_blocking(stdout.fileno(), True)
        self._process = Forked(pid, stdout, pipe.with_suffix(f"{pipe.suffix}.ended"))  # type: ignore[assignment]


@contextmanager
def forking(data: Path, *flags: str) -> Iterator[ForkedServer]:
    """A server on `data` for as long as the block, as `serving` gives, which starts again quickly."""
    command = [sys.executable, "-m", "tests.end_to_end.support.forked_server"]
    with subprocess.Popen(
        command, cwd=ROOT, env=CLEAN, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as forge:
        server = ForkedServer(forge, data, *flags)
        try:
            server.start()
            yield server
            assert server.is_running(), server.events()[-3:]
            assert server.stop() == 0, server.events()[-3:]
            assert server.alarms() == []
        finally:
            if server.is_running():
                server.kill()
            forge.kill()


def main() -> None:
    """Fork a server for each line that comes, and write down how each ends."""
    from intersession_server.cli import main as serve

    running: dict[int, Path] = {}
    while True:
        for pid in list(running):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                ended = running.pop(pid)
                part = ended.with_name(f"{ended.name}.part")
                part.write_text(str(os.waitstatus_to_exitcode(status)), "ascii")
                part.rename(ended)
        if not select.select([sys.stdin], [], [], LOOK_EVERY)[0]:
            continue
        line = sys.stdin.readline()
        if not line:
            return
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            become(asked["arguments"], asked["stdout"], asked["stderr"])
            serve()
            os._exit(0)
        running[pid] = Path(f"{asked['stdout']}.ended")
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def become(arguments: Sequence[str], stdout: str, stderr: str) -> None:
    """Take the command line and the streams of a server."""
    sys.argv = ["intersession-server", *arguments]
    for path, flags, number in (
        (os.devnull, os.O_RDONLY, 0),
        (stdout, os.O_WRONLY, 1),
        (stderr, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 2),
    ):
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)


if __name__ == "__main__":
    main()
