"""Passwords of therapists: argon2id, computed beside the event loop, one at a time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from intersession_server.errors import Refused

T = TypeVar("T")

MIN_LENGTH = 8
MAX_LENGTH = 256
AT_ONCE = 1
"""A check uses several cores by itself."""
NICENESS = 10
"""By so much others go first: whoever guesses passwords must not take the cores from everybody else."""
MAX_WAITING = 16


class Passwords:
    """Hashes and checks passwords. One check costs about 0.2 s of CPU and 64 MiB."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """`hasher`: argon2id parameters; the library's defaults (RFC 9106, low memory) when not given."""
        self._hasher = hasher or PasswordHasher()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2", initializer=_give_way)
        self._waiting = 0
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """The argon2id hash to keep. Raises `Refused` (`bad_password`, `busy`)."""
        check_new(password)
        return await self._compute(lambda: self._hasher.hash(_plain(password)))

    async def verify(self, password: str, kept: str | None) -> bool:
        """Whether `password` is the one that was hashed. Takes as long without a hash (`kept` None) as with one.

        Raises `Refused` (`busy`) when too many checks wait already.
        """
        if len(password) > MAX_LENGTH:
            return False
        return await self._compute(lambda: self._verify(password, kept))

    def outdated(self, kept: str) -> bool:
        """Whether a kept hash was made with weaker parameters than today's, and should be made again."""
        return self._hasher.check_needs_rehash(kept)

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _verify(self, password: str, kept: str | None) -> bool:
        if self._nobody is None:
            self._nobody = self._hasher.hash("nobody's password")
        try:
            self._hasher.verify(kept or self._nobody, _plain(password))
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    async def _compute(self, work: Callable[[], T]) -> T:
        if self._waiting >= MAX_WAITING:
            raise Refused("busy", "Too many sign-ins at once. Try again in a few seconds.", retry_after=5.0)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def _plain(password: str) -> str:
    """The same on every keyboard: a phone, a Mac and a Japanese input method spell one password differently."""
    return unicodedata.normalize("NFKC", password)


def _give_way() -> None:
    """Let this thread, and those that a computation in it starts, take only what others leave."""
    if sys.platform == "linux":  # elsewhere it would be the whole process
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def check_new(password: str) -> None:
    """Raise `Refused` (`bad_password`) unless `password` may be set."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise Refused("bad_password", f"A password must have {MIN_LENGTH} to {MAX_LENGTH} characters.")
