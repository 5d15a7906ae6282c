"""What the faces answer in words comes in the language that is asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from intersession import Caseload, Tracker
from intersession.models.devices import LastError, Refusal, Status, Stopped
from intersession.sync.standing import in_language

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def test_the_safety_plan_says_that_nobody_watches(tmp_path: Path) -> None:
    with Tracker.open(tmp_path / "mine.db") as tracker:
        assert "real time" in tracker.safety().notice
        assert "in Echtzeit" in tracker.safety(locale="de-AT").notice
        assert tracker.safety(locale="pt").notice == tracker.safety().notice
        assert tracker.status(locale="de") == tracker.status()


def test_templates_come_in_a_language(tmp_path: Path) -> None:
    with Caseload.open(tmp_path / "desk.db") as caseload:
        english, german = caseload.templates.list(), caseload.templates.list(locale="de")
        assert [one.key for one in german] == [one.key for one in english]
        assert caseload.templates.get("worry_time", locale="de").title == "Sorgenzeit"
        assert caseload.templates.get("worry_time").title == "Worry time"


def test_a_status_tells_refusals_and_problems() -> None:
    refusal = Refusal(uuid4(), "comment", "erased", "This was withdrawn.", "Text", AT)
    status = Status(
        paired=None,
        pending=0,
        oldest_pending=None,
        last_contact=None,
        connected=False,
        refusals=(refusal, Refusal(uuid4(), "comment", "of_tomorrow", "Not known yet.", "", AT)),
        problems=0,
        last_error=LastError("unreachable", "The server does not answer.", AT, final=False),
        stopped=(Stopped(uuid4(), "record", uuid4(), "", "stream_damaged", "Part of it was damaged."),),
    )
    told = in_language(status, "de")
    assert told.refusals[0].message.startswith("Das wurde zurückgezogen")
    assert told.refusals[1].message == "Not known yet."
    assert told.last_error is not None
    assert told.last_error.message.startswith("Der Server antwortet nicht")
    assert told.stopped[0].message.startswith("Ein Teil dieser Akte")
    assert (told.refusals[0].code, told.refusals[0].text) == ("erased", "Text")
    assert in_language(status, "en-GB") == status
