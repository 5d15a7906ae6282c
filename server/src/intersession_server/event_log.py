"""What the server logs: named events with named facts, on standard error. Never content, tokens, codes, passwords.

Only the fields listed here come through: an event that carries anything else loses it and says so. Messages of
libraries come through without their exceptions' texts, which may quote what they choked on.
"""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, Literal, TextIO, cast

import structlog
from structlog.typing import Processor

from intersession_server.edge.defences import frames_of

FIELDS = frozenset(
    {
        "event", "level", "timestamp", "logger",
        "account", "device", "client", "stream", "document", "grant", "practice", "web_session",
        "code", "command", "count", "do", "error", "frames", "head", "jobs", "kind", "method", "port", "process",
        "reason", "route", "rows", "seconds", "seq", "size", "url", "version", "what",
    }
)  # fmt: skip


def set_up(level: str, form: Literal["auto", "text", "json"], stream: TextIO | None = None) -> None:
    """Send all logging of this process to `stream` (standard error). Called once, by a command that serves."""
    stream = cast("TextIO", _Unfailing(stream if stream is not None else sys.stderr))
    as_text = form == "text" or (form == "auto" and stream.isatty())
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        only_known_fields,
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=stream.isatty()) if as_text else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=[_strip_exception, *shared],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    # Libraries: only what goes wrong. Their informative messages tell paths and queries.
    root.setLevel(max(logging.WARNING, getattr(logging, level.upper())))


class _Unfailing(io.TextIOBase):
    """A stream without its failures: a log on a full disk, or in a broken pipe, must not stop whoever tells of it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()

    def isatty(self) -> bool:
        return self._stream.isatty()


def only_known_fields(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every field that is not in `FIELDS`, and name those that were dropped."""
    internal = {key for key in event if key.startswith("_")}
    unknown = sorted(event.keys() - FIELDS - internal)
    for key in unknown:
        del event[key]
    if unknown:
        event["dropped"] = unknown
    return event


def _strip_exception(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Of a library's message keep its name and, of an exception, its type and where it was raised."""
    record: logging.LogRecord = event["_record"]
    event["logger"] = record.name
    event["event"] = str(record.msg) if record.args else record.getMessage()
    info = event.pop("exc_info", None) or record.exc_info
    error = info[1] if isinstance(info, tuple) else sys.exc_info()[1] if info else None
    if error is not None:
        event["error"], event["frames"] = type(error).__name__, frames_of(error)
    record.exc_info, record.exc_text = None, None
    return event
