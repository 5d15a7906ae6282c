"""Warnings about a device in the server's log: each once, not at every connection. On the event loop's thread."""

from __future__ import annotations

from uuid import UUID

import structlog

from intersession_schemas.errors import ErrorCode
from intersession_server.sync.events import NoteStopped, NoteUnasked

log = structlog.get_logger(__name__)

MOST = 10_000
"""Of so many it is remembered that they were logged; then all are forgotten, and may be logged again."""


class Warned:
    """What one process has warned of."""

    def __init__(self) -> None:
        self._told: set[tuple[str, UUID, UUID | None]] = set()

    def about(self, device: UUID, what: NoteStopped | NoteUnasked) -> None:
        """Log that a stream cannot go on with a device, or that it says `purged` without having been asked."""
        stream = str(what.stream)
        if isinstance(what, NoteUnasked):
            if self._is_new("sync.purged_unasked", device, None):
                log.warning("sync.purged_unasked", device=str(device), stream=stream, grant=str(what.grant))
            return
        # Of a stream that nobody knows any id may be sent: those are one line a device.
        about = what.stream if what.code is ErrorCode.LOG_DIVERGED else None
        if self._is_new("sync.stream_stopped", device, about):
            log.warning("sync.stream_stopped", device=str(device), stream=stream, code=what.code.value)

    def _is_new(self, event: str, device: UUID, about: UUID | None) -> bool:
        if (event, device, about) in self._told:
            return False
        if len(self._told) >= MOST:
            self._told.clear()
        self._told.add((event, device, about))
        return True
