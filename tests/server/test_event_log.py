"""The log of events lets through what it knows, and never an exception's text."""

from __future__ import annotations

import ast
import errno
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from intersession_server import event_log


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    root, handlers, level = logging.getLogger(), logging.getLogger().handlers[:], logging.getLogger().level
    yield io.StringIO()
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_unknown_fields_are_dropped_and_named(out: io.StringIO) -> None:
    event_log.set_up("info", "json", out)
    structlog.get_logger("test").info("pair.done", device="d", text="dear diary", token="t")
    (line,) = lines(out)
    assert (line["event"], line["device"], line["dropped"]) == ("pair.done", "d", ["text", "token"])
    assert "dear diary" not in out.getvalue()


def test_a_librarys_exception_loses_its_text(out: io.StringIO) -> None:
    event_log.set_up("info", "json", out)
    try:
        raise ValueError("dear diary")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n", extra={"body": "dear diary"})
    (line,) = lines(out)
    assert (line["logger"], line["level"], line["error"]) == ("uvicorn.error", "error", "ValueError")
    assert line["frames"]
    assert "dear diary" not in out.getvalue()


def test_of_libraries_only_what_goes_wrong_is_heard(out: io.StringIO) -> None:
    event_log.set_up("debug", "json", out)
    logging.getLogger("uvicorn.access").info("GET /api/clients?search=dear+diary")
    logging.getLogger("some.library").warning("failed for %s", "dear diary")
    (line,) = lines(out)
    assert line["event"] == "failed for %s"


def test_a_level_silences_what_is_less(out: io.StringIO) -> None:
    event_log.set_up("warning", "text", out)
    structlog.get_logger("test").info("one")
    structlog.get_logger("test").warning("two", code="x")
    assert "one" not in out.getvalue()
    assert "two" in out.getvalue()


def test_every_event_that_the_server_logs_has_known_fields_only() -> None:
    unknown = {}
    for path in Path(event_log.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "_log"), attr=level), keywords=keywords):
                    fields = {str(keyword.arg) for keyword in keywords}
                    if level in ("debug", "info", "warning", "error", "exception") and fields - event_log.FIELDS:
                        unknown[f"{path.name}:{node.lineno}"] = fields - event_log.FIELDS
    assert not unknown


def test_a_log_that_cannot_be_written_stops_nobody(out: io.StringIO) -> None:
    class FullDisk(io.StringIO):
        full = True

        def write(self, text: str) -> int:
            if self.full:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(text)

        def flush(self) -> None:
            if self.full:
                raise OSError(errno.ENOSPC, "No space left on device")

    disk = FullDisk()
    event_log.set_up("info", "json", disk)
    structlog.get_logger("test").error("log.commit_failed", count=1)
    logging.getLogger("a.library").error("it fails")
    disk.full = False
    structlog.get_logger("test").info("server.ready")
    assert [line["event"] for line in lines(disk)] == ["server.ready"]
