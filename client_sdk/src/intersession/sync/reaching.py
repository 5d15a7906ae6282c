"""Why no server was reached, in words for whoever can do something about it."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

from intersession.protocol.problems import NO_ANSWER, TOO_MANY_FILES, Trouble

UNTRUSTED = Trouble(
    "untrusted_server",
    "The server's identity could not be verified: its certificate is not valid for this address, or not at this time."
    " Check the address and this device's date; if both are right, tell the practice.",
)
NO_SUCH_NAME = Trouble(
    "unreachable", "The server's name could not be found. Check the address and the network connection."
)


def why_not_reached(error: BaseException) -> Trouble:
    """What a failure to connect means."""
    for one in _causes(error):
        if isinstance(one, ssl.SSLError):
            return UNTRUSTED
        if isinstance(one, socket.gaierror):
            return NO_SUCH_NAME
        if isinstance(one, OSError) and one.errno in (errno.EMFILE, errno.ENFILE):
            return TOO_MANY_FILES
    return NO_ANSWER


def seconds_of(retry_after: str | None) -> float | None:
    """The seconds of HTTP's `Retry-After`, where it gives seconds."""
    given = retry_after is not None and retry_after.isdecimal() and len(retry_after) < 6
    return float(retry_after or 0) if given else None


def _causes(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    for _ in range(10):
        if one is None:
            return
        yield one
        if isinstance(one, BaseExceptionGroup):
            yield from one.exceptions
        one = one.__cause__ or one.__context__
