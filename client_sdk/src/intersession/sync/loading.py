"""Loading the network's modules when they are first needed, which the system may refuse as it may a connection."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from intersession.errors import Unreachable
from intersession.protocol.problems import TOO_MANY_FILES


@contextmanager
def loading() -> Iterator[None]:
    """Load the network's modules, which needs files to be opened. Raises `Unreachable` where the system does not."""
    try:
        yield
    except (OSError, ImportError) as failure:
        reason = failure if isinstance(failure, OSError) else _no_more_files()
        if reason is None:
            raise
        if reason.errno in (errno.EMFILE, errno.ENFILE):
            raise Unreachable(TOO_MANY_FILES.message, code=TOO_MANY_FILES.code) from failure
        text = f"This app cannot load what it needs to connect: {os.strerror(reason.errno or 0)}."
        raise Unreachable(f"{text} Close and start it again.") from failure


def _no_more_files() -> OSError | None:
    """Why no file can be opened now, if none can: a module is then said to be missing."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as failure:
        return failure
    return None
