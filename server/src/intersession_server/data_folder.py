"""The data folder: made for its owner alone, held by one process at a time, with a door for the operator.

Two processes that write one SQLite file can corrupt it, so whoever writes holds the folder's lock: the server for
as long as it runs, a command of the CLI for as long as it takes. While a server holds it, the file `operator.json`
(readable by the owner alone) says where a command can be handed to it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from intersession_server.errors import FolderBusy, StorageError


class Door(msgspec.Struct, frozen=True):
    """Where the running server takes an operator's commands: a port on this machine, and the token to show."""

    port: int
    token: str
    pid: int


class DataFolder:
    """One data folder. Holding it again from the same object is allowed and counts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = FileLock(path / ".lock", thread_local=False)

    @contextmanager
    def held(self, *, wait: float = 0.0) -> Iterator[None]:
        """Hold the folder, making it when it is missing.

        Raises `FolderBusy` when another process has it for longer than `wait` seconds, `StorageError` when it
        cannot be made or written.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.acquire(timeout=wait)
        except Timeout:
            door = self.door()
            who = f"a server (process {door.pid})" if door is not None else "another process"
            raise FolderBusy(
                f"The data folder {self.path} is in use by {who}. Only one process at a time may use it."
            ) from None
        except OSError as error:
            raise StorageError(f"The data folder {self.path} cannot be used: {error.strerror}.") from error
        try:
            yield
        finally:
            self._lock.release()

    def door(self) -> Door | None:
        """What the server that holds the folder has written, if anything; it may be from one that was killed."""
        try:
            return msgspec.json.decode(self._door_path.read_bytes(), type=Door)
        except (OSError, msgspec.DecodeError):
            return None

    def open_door(self, door: Door) -> None:
        """Write `operator.json`, whole or not at all, readable by the owner alone."""
        temporary = self.path / f".operator-{secrets.token_hex(8)}"
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.encode(door))
            temporary.replace(self._door_path)
        except OSError as error:
            with suppress(OSError):
                temporary.unlink()
            raise StorageError(f"The data folder {self.path} cannot be written: {error.strerror}.") from error

    def close_door(self) -> None:
        """Remove `operator.json`."""
        with suppress(OSError):
            self._door_path.unlink()

    @property
    def _door_path(self) -> Path:
        return self.path / "operator.json"
