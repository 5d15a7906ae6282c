"""Appointments: what is written is read, and what makes none is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from intersession_schemas.crdt import Document
from intersession_schemas.documents.care.sessions import SESSION, Session
from intersession_schemas.errors import InvalidField

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_a_session_is_planned_moved_and_attended() -> None:
    document = Document.new(b"1" * 16)
    planned = Session(planned_at=AT)
    SESSION.create(document, planned)
    assert SESSION.read(document) == planned
    assert (planned.minutes, planned.state) == (50, "planned")
    attended = replace(planned, planned_at=AT.replace(hour=14), minutes=25, state="attended")
    SESSION.update(document, planned, attended)
    assert SESSION.read(document) == attended


@pytest.mark.parametrize(
    "wrong",
    [
        {"planned_at": None},
        {"planned_at": datetime(2026, 5, 4)},  # noqa: DTZ001
        {"minutes": 0},
        {"minutes": 1_441},
        {"state": "moved"},
    ],
)
def test_what_makes_no_session_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidField):
        SESSION.create(Document.new(b"1" * 16), replace(Session(planned_at=AT), **wrong))


def test_a_session_holds_no_words_and_is_shown_by_its_time() -> None:
    assert SESSION.text(Session(planned_at=AT)) == AT.isoformat(" ", "minutes")
