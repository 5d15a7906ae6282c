"""The app as it is built, and a real server that hands it out."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from client_sdk.web.node import PACKAGE, node
from filelock import FileLock
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import ServerProcess, serving


def build(folder: Path, *options: str) -> str:
    """Build the app into `folder`; gives its hash, raises `AssertionError` with what the build says."""
    words = [node(), str(PACKAGE / "build.mjs"), str(folder), *options]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return done.stdout.strip()


def built_once(own: Path) -> Path:
    """The app, built once for all workers of a run; `own` is the folder of this one. To be served only."""
    room = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder, whole = room / "built-app", room / "built-app.done"
    with FileLock(room / "built-app.lock"):
        if not whole.exists():
            build(folder, "--plain")
            whole.touch()
    return folder


@contextmanager
def server_of(app: Path, folder: Path, *flags: str, first: str = "") -> Iterator[ServerProcess]:
    """A server that serves the files of a folder as its app; `first` as in `ServerProcess`."""
    files = (
        f"from pathlib import Path\nfrom intersession_server.web.app import files\nfiles.FOLDER = Path({str(app)!r})"
    )
    with serving(folder, *flags, first=f"{files}\n{first}") as server:
        yield server


@contextmanager
def practice_on(server: ServerProcess) -> Iterator[Practice]:
    """A practice on a server that has none, with one therapist, Anna."""
    with Practice.on(server) as made:
        made.add_therapist("anna")
        yield made
