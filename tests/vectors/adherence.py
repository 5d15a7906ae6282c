"""Cases of adherence: what became of each occurrence of an assignment, and the counts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from tests.vectors.cases import Case, Json, Subject

from intersession_schemas.documents.care.adherence import Recorded, adherence, occurrences_with_progress
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress
from intersession_schemas.documents.care.plan import Plan


def _adherence(given: dict[str, Json]) -> Json:
    """Occurrences and counts of one assignment."""
    homework, plan = msgspec.convert(given["homework"], Homework), msgspec.convert(given.get("plan", {}), Plan)
    told, now = [_recorded(one) for one in given.get("progress", ())], datetime.fromisoformat(given["now"])
    return {
        "occurrences": occurrences_with_progress(homework, told, plan, now),
        "counts": adherence(homework, told, plan, now),
    }


def _recorded(one: dict[str, Json]) -> Recorded:
    arrived = one.get("arrived_at")
    progress = msgspec.convert(one["says"], HomeworkProgress)
    return Recorded(UUID(one["id"]), progress, None if arrived is None else datetime.fromisoformat(arrived))


WALK = "00000001-0000-4000-8000-000000000000"
DAILY = {"what": "Walk", "rule": "FREQ=DAILY", "since": "2026-05-01"}
TODAY = "2026-05-04"


def _case(shows: str, *progress: dict[str, Json], homework: Json = None, today: str = TODAY, plan: Json = None) -> Case:
    given = {"homework": DAILY if homework is None else homework, "now": f"{today}T18:00:00+02:00"}
    if progress:
        given["progress"] = list(progress)
    return Case(shows, "adherence", given if plan is None else {**given, "plan": plan})


def _said(
    number: int, occurrence: str, status: str = "done", *, entered: str = "", arrived: str = "", **more: Json
) -> dict[str, Json]:
    """Progress on an occurrence, entered at noon of its day and arrived a minute later, unless told otherwise."""
    entered = entered or f"{occurrence[:10]}T12:00:00+02:00"
    says = {"homework": WALK, "occurrence": occurrence, "status": status, "done_at": entered, "entered_at": entered}
    id = f"0000000{number}-0000-4000-a000-000000000000"
    return {"id": id, "says": {**says, **more}, "arrived_at": arrived or entered.replace("00:00+", "01:00+")}


CASES = (
    _case("Past days without an answer are unanswered, today is open and does not count."),
    _case("What was done is done.", _said(1, "2026-05-03")),
    _case(
        "Assigned by a therapist whose clocks are ahead: the first day is that of the client's clock.",
        homework={**DAILY, "assigned_at": "2026-05-03T09:00:00+12:00"},
    ),
    _case(
        "The four answers are counted apart, and what could not be done counts beside them.",
        _said(1, "2026-05-01"),
        _said(2, "2026-05-02", "partly"),
        _said(3, "2026-05-03", "not"),
        _said(4, "2026-05-04", "could_not"),
    ),
    _case("Today counts once it is answered.", _said(1, "2026-05-04")),
    _case("What is due later is listed and counted where it is answered already.", _said(1, "2026-05-06")),
    _case(
        "Difficulty, helpfulness and barriers are listed, the oldest occurrence first.",
        _said(1, "2026-05-03", difficulty=7, helpfulness=2),
        _said(2, "2026-05-01", difficulty=4),
        _said(3, "2026-05-02", "not", barrier="forgot"),
    ),
    _case(
        "What was entered more than 24 hours after it was done is late.",
        _said(1, "2026-05-01", entered="2026-05-02T12:00:01+02:00", done_at="2026-05-01T12:00:00+02:00"),
        _said(2, "2026-05-02", entered="2026-05-03T12:00:00+02:00", done_at="2026-05-02T12:00:00+02:00"),
    ),
    _case(
        "Of two answers to one occurrence the one entered last decides; both are named, the newest first.",
        _said(1, "2026-05-03", "not", entered="2026-05-03T09:00:00+02:00"),
        _said(2, "2026-05-03", "done", entered="2026-05-03T20:00:00+02:00"),
    ),
    _case(
        "Only the deciding answer of an occurrence gives its ratings.",
        _said(1, "2026-05-03", entered="2026-05-03T09:00:00+02:00", difficulty=9),
        _said(2, "2026-05-03", entered="2026-05-03T20:00:00+02:00", difficulty=3),
    ),
    _case(
        "Nothing was entered after it arrived: a clock that is ahead does not have the last word.",
        _said(1, "2026-05-03", "not", entered="2026-05-09T12:00:00+02:00", arrived="2026-05-03T10:00:00+02:00"),
        _said(2, "2026-05-03", "done", entered="2026-05-03T11:00:00+02:00", arrived="2026-05-03T11:00:05+02:00"),
    ),
    _case(
        "What has not arrived yet is taken at its word.",
        _said(1, "2026-05-03", "not", entered="2026-05-03T12:00:00+02:00") | {"arrived_at": None},
        _said(2, "2026-05-03", "done", entered="2026-05-03T11:00:00+02:00"),
    ),
    _case(
        "Of two answers entered in the same moment the one with the higher id decides.",
        _said(2, "2026-05-03", "partly", arrived="2026-05-03T13:00:00+02:00"),
        _said(1, "2026-05-03", "not", arrived="2026-05-03T13:00:00+02:00"),
    ),
    _case(
        "A paused day counts beside the others, whatever was said of it.",
        _said(1, "2026-05-02"),
        plan={"pauses": {"p": {"first": "2026-05-02", "last": "2026-05-03"}}},
    ),
    _case("Homework without a day is one occurrence, open until it is done.", homework={"what": "Read"}),
    _case(
        "Homework without a day is done once it is answered, and has no day then either.",
        _said(1, "once", entered="2026-05-03T12:00:00+02:00"),
        homework={"what": "Read"},
    ),
    _case("Homework without a day is unanswered after its last day.", homework={"what": "Read", "until": "2026-05-03"}),
    _case("Homework without a day that has not begun is not listed.", homework={"what": "Read", "since": "2026-05-05"}),
    _case(
        "Homework without a day that ended before it was done is not listed.",
        homework={"what": "Read", "ended_on": "2026-05-04"},
    ),
    _case("Homework that is due once has one occurrence, its day.", homework={"what": "Call Jo", "due": "2026-05-02"}),
    _case("Homework that is due later has no occurrence yet.", homework={"what": "Call Jo", "due": "2026-05-06"}),
    _case(
        "A rule with times has an occurrence for each of them.",
        _said(1, "2026-05-03T20:00"),
        homework={**DAILY, "rule": "FREQ=DAILY;BYHOUR=8,20", "since": "2026-05-03"},
    ),
    _case(
        "Nothing is asked from before the day on which it was assigned.",
        homework={**DAILY, "assigned_at": "2026-05-03T18:00:00+02:00"},
    ),
    _case(
        "Where days begin at 4, what was assigned at one o'clock at night was assigned the day before.",
        homework={**DAILY, "assigned_at": "2026-05-03T01:00:00+02:00"},
        plan={"day_begins": 4},
    ),
    _case("From the day on which it ended nothing is asked.", homework={**DAILY, "ended_on": "2026-05-03"}),
    _case("After its last day nothing is asked.", homework={**DAILY, "until": "2026-05-02"}),
    _case(
        "An answer to an occurrence that the rule no longer gives is kept.",
        _said(1, "2026-05-02"),
        homework={**DAILY, "rule": "FREQ=WEEKLY;BYDAY=FR"},
    ),
    _case(
        "An answer under a key that is none has no day, and comes last.",
        _said(1, "sometime", entered="2026-05-02T12:00:00+02:00"),
    ),
    _case(
        "With a rule that cannot be read there are no occurrences but the answered ones.",
        _said(1, "2026-05-02"),
        homework={**DAILY, "rule": "FREQ=HOURLY"},
    ),
)

SUBJECT = Subject(
    "What became of each occurrence of an assignment up to today, and the counts: never a score of a person.",
    {"adherence": _adherence},
    CASES,
)
