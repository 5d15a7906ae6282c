"""What comes through a pipe, as a file: a file to import is read twice, which a pipe gives once."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from intersession.cli.output import printing as output
from intersession.importing.importer import content_of

WAITS_BEFORE_SAYING = 1.0
"""Seconds."""


@contextmanager
def as_file(path: Path) -> Iterator[Path]:
    """`path` if it is a file; of what is none all that comes, in a file that only this person can read and that is
    deleted afterwards. Raises `InvalidField` with the system's reason.
    """
    if path.is_file():
        yield path
        return
    with _said_if_it_lasts(f"Waiting for what is written to {path}. Ctrl-C ends it."):
        data = content_of(path)
    with TemporaryDirectory(prefix="intersession-") as folder:
        file = Path(folder) / "piped"
        file.write_bytes(data)
        yield file


@contextmanager
def _said_if_it_lasts(text: str) -> Iterator[None]:
    """Say so to whoever looks on, if what is done in here takes longer than a moment."""
    if not sys.stderr.isatty():
        yield
        return
    timer = threading.Timer(WAITS_BEFORE_SAYING, output.say, [text], {"err": True})
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
