"""What the other cases of the agenda give: assessments and sessions, what lies ahead, and days."""

from __future__ import annotations

from tests.vectors.agenda.agenda_cases import (
    BERLIN,
    CALL,
    FIRST,
    MONDAY,
    NIGHT,
    READ,
    SECOND,
    THRICE,
    TOKYO,
    TUESDAY,
    WALK,
    WORRY,
    asked,
    due,
    logged,
    now_at,
    planned,
    scheduled,
    upcoming,
)
from tests.vectors.cases import Case

ASSESSMENTS = (
    due("A scheduled assessment is due on its day, and closes six days later.", MONDAY, scheduled()),
    due("It is open for seven days, the last one included.", "2026-05-10T23:59:00+02:00", scheduled()),
    due("With one day open it is due on its day only.", TUESDAY, scheduled(open_days=1)),
    due(
        "Two occurrences may be open at once where one is open for longer than the rule takes to come again.",
        MONDAY,
        scheduled(open_days=10),
    ),
    due(
        "Once an occurrence was completed it is not due any more.",
        TUESDAY,
        scheduled(),
        done={"assessments": {"mood": ["2026-05-04"]}},
    ),
    due(
        "Another occurrence that was completed makes no difference.",
        TUESDAY,
        scheduled(),
        done={"assessments": {"mood": ["2026-04-27"]}},
    ),
    due("What began by its last day stays open for its days after that.", TUESDAY, scheduled(until="2026-05-04")),
    due("It is not due for an occurrence after its last day.", MONDAY, scheduled(until="2026-05-03")),
    due(
        "An occurrence that falls on a paused day is not asked, also not on the days after it.",
        TUESDAY,
        {**scheduled(), "pauses": {"p": {"first": "2026-05-04", "last": "2026-05-04"}}},
    ),
    due(
        "Before the third day after it opened, it is no reminder.",
        TUESDAY,
        scheduled(remind_days=3),
    ),
    due(
        "From the third day after it opened on, it is a reminder.",
        "2026-05-07T12:00:00+02:00",
        scheduled(remind_days=3),
    ),
    due(
        "Before a session, an assessment is open from so many days before it on, the session's day included.",
        MONDAY,
        asked(open_days=3),
        sessions={FIRST: planned("2026-05-06T15:00:00+02:00")},
    ),
    due(
        "A day earlier it is not open yet.",
        "2026-05-03T12:00:00+02:00",
        asked(open_days=3),
        sessions={FIRST: planned("2026-05-06T15:00:00+02:00")},
    ),
    due(
        "On the day of the session it is open up to its beginning.",
        "2026-05-06T14:59:00+02:00",
        asked(open_days=3),
        sessions={FIRST: planned("2026-05-06T15:00:00+02:00")},
    ),
    due(
        "When the session begins it is open no more.",
        "2026-05-06T15:00:00+02:00",
        asked(open_days=3),
        sessions={FIRST: planned("2026-05-06T15:00:00+02:00")},
    ),
    due(
        "Once completed for that session it is not asked again, even if the session is moved.",
        MONDAY,
        asked(),
        sessions={FIRST: planned("2026-05-08T15:00:00+02:00")},
        done={"assessments": {"mood": [f"session/{FIRST}"]}},
    ),
    due(
        "Nothing is asked before a session that was cancelled.",
        MONDAY,
        asked(),
        sessions={FIRST: planned("2026-05-06T15:00:00+02:00", "cancelled")},
    ),
    due(
        "It does not open before the day after the session ahead of it.",
        MONDAY,
        asked(),
        sessions={
            FIRST: planned("2026-05-04T15:00:00+02:00"),
            SECOND: planned("2026-05-07T15:00:00+02:00"),
        },
    ),
    due(
        "Of two sessions on one day, both are asked for on that day.",
        MONDAY,
        asked(),
        sessions={
            FIRST: planned("2026-05-04T15:00:00+02:00"),
            SECOND: planned("2026-05-04T17:00:00+02:00"),
        },
    ),
    due(
        "It opens on the first day that is in no pause.",
        TUESDAY,
        {**asked(open_days=4), "pauses": {"p": {"first": "2026-05-03", "last": "2026-05-04"}}},
        sessions={FIRST: planned("2026-05-06T15:00:00+02:00")},
    ),
    due(
        "Before a session it is a reminder so many days after it opened.",
        TUESDAY,
        asked(open_days=4, remind_days=2),
        sessions={FIRST: planned("2026-05-06T15:00:00+02:00")},
    ),
    Case(
        "What is asked before sessions is listed for each planned one ahead, open already or not.",
        "before_sessions",
        {
            "plan": asked(open_days=3),
            "sessions": {
                FIRST: planned("2026-05-06T15:00:00+02:00"),
                SECOND: planned("2026-05-20T15:00:00+02:00"),
            },
            "now": now_at(MONDAY),
        },
    ),
    Case(
        "A session all of whose days lie in a pause is not asked for.",
        "before_sessions",
        {
            "plan": {**asked(open_days=3), "pauses": {"p": {"first": "2026-05-01", "last": "2026-05-10"}}},
            "sessions": {FIRST: planned("2026-05-06T15:00:00+02:00")},
            "now": now_at(MONDAY),
        },
    ),
    Case(
        "A session outside of the schedule's first and last day is not asked for.",
        "before_sessions",
        {
            "plan": asked(open_days=3, until="2026-05-10"),
            "sessions": {
                FIRST: planned("2026-05-06T15:00:00+02:00"),
                SECOND: planned("2026-05-20T15:00:00+02:00"),
            },
            "now": now_at(MONDAY),
        },
    ),
    Case(
        "The day of a session is that of the clocks where the person is.",
        "before_sessions",
        {
            "plan": asked(open_days=3),
            "sessions": {FIRST: planned("2026-05-06T18:00:00+02:00")},
            "now": now_at("2026-05-04T19:00:00+09:00", TOKYO),
        },
    ),
)

UPCOMING = (
    upcoming(
        "What will be due are the days after today, up to but not including the end.",
        MONDAY,
        "2026-05-07T00:00:00+02:00",
        WORRY,
    ),
    upcoming(
        "Slots of today that lie ahead are among them; those that have begun are not.",
        MONDAY,
        "2026-05-05T00:00:00+02:00",
        THRICE,
    ),
    upcoming(
        "The end may be in another zone: it is a moment.",
        MONDAY,
        "2026-05-05T01:00:00+09:00",
        THRICE,
    ),
    upcoming(
        "A slot ahead that is answered already is not listed.",
        MONDAY,
        "2026-05-05T00:00:00+02:00",
        THRICE,
        done=logged("2026-05-04T15:30:00+02:00"),
    ),
    upcoming(
        "Days of a pause are left out.",
        MONDAY,
        "2026-05-09T00:00:00+02:00",
        {**WORRY, "pauses": {"p": {"first": "2026-05-05", "last": "2026-05-07"}}},
    ),
    upcoming(
        "Daily slots keep their hour when clocks go forward.",
        "2026-03-28T12:00:00+01:00",
        "2026-03-31T00:00:00+02:00",
        {"trackers": {"w": {"name": "worry", "rule": "FREQ=DAILY;BYHOUR=20", "since": "2026-01-01"}}},
    ),
    upcoming(
        "Daily slots keep their hour when clocks go back.",
        "2026-10-24T12:00:00+02:00",
        "2026-10-27T00:00:00+01:00",
        {"trackers": {"w": {"name": "worry", "rule": "FREQ=DAILY;BYHOUR=20", "since": "2026-01-01"}}},
    ),
    upcoming(
        "In the hour that clocks show twice, a slot of its first showing has begun in the second.",
        "2026-10-25T02:15:00+01:00",
        "2026-10-26T00:00:00+01:00",
        NIGHT,
    ),
    upcoming(
        "Homework is listed on its days, and homework without a day when it begins.",
        MONDAY,
        "2026-05-08T00:00:00+02:00",
        homework={
            WALK: {"what": "Walk", "rule": "FREQ=DAILY;INTERVAL=2", "since": "2026-05-05"},
            READ: {"what": "Read chapter 2", "since": "2026-05-06"},
            CALL: {"what": "Call Jo", "due": "2026-05-07"},
        },
    ),
    upcoming("An assessment is listed on the day it opens.", MONDAY, "2026-05-13T00:00:00+02:00", scheduled()),
    upcoming(
        "A reminder to come of what is open already is listed on the day of the reminder.",
        TUESDAY,
        "2026-05-11T00:00:00+02:00",
        scheduled(remind_days=3),
    ),
    upcoming(
        "A reminder of what opens later is listed besides it.",
        "2026-05-03T12:00:00+02:00",
        "2026-05-08T00:00:00+02:00",
        scheduled(remind_days=3),
        done={"assessments": {"mood": ["2026-04-27"]}},
    ),
    upcoming(
        "A reminder of an assessment with a time of day comes at that time.",
        TUESDAY,
        "2026-05-11T00:00:00+02:00",
        scheduled(rule="FREQ=WEEKLY;BYDAY=MO;BYHOUR=19", remind_days=2),
    ),
    upcoming(
        "On a day of a pause nobody is reminded.",
        TUESDAY,
        "2026-05-11T00:00:00+02:00",
        {**scheduled(remind_days=3), "pauses": {"p": {"first": "2026-05-07", "last": "2026-05-07"}}},
    ),
    upcoming(
        "What opens before a session is listed on the day it opens.",
        MONDAY,
        "2026-05-30T00:00:00+02:00",
        asked(open_days=3),
        sessions={FIRST: planned("2026-05-20T15:00:00+02:00")},
    ),
    upcoming(
        "Where days begin at 4, tomorrow begins at 4.",
        MONDAY,
        "2026-05-06T00:00:00+02:00",
        {**WORRY, "day_begins": 4},
    ),
)


def _day(shows: str, at: str, begins: int = 0) -> Case:
    return Case(shows, "local_day", {"at": at, "day_begins": begins})


def _moment(shows: str, day: str, at: str | None, *, zone: str = BERLIN, begins: int = 0) -> Case:
    return Case(shows, "moment", {"zone": zone, "day_begins": begins, "day": day, "time": at})


DAYS = (
    _day("A moment belongs to the day that its own clock shows.", "2026-05-04T23:50:00+02:00"),
    _day("Its offset makes no difference to its day.", "2026-05-04T23:50:00-10:00"),
    _day("Midnight is the new day.", "2026-05-05T00:00:00+02:00"),
    _day("Where days begin at 4, 03:59 belongs to the day before.", "2026-05-05T03:59:00+02:00", 4),
    _day("Where days begin at 4, 04:00 is the new day's first moment.", "2026-05-05T04:00:00+02:00", 4),
    _day("Where days begin at 23, nearly all of a date belongs to the day before.", "2026-05-05T22:59:00+02:00", 23),
    _day("The first of a month may belong to the month before.", "2026-03-01T01:00:00+01:00", 4),
    _moment("A day begins at midnight.", "2026-05-04", None),
    _moment("A time of day is that of the clock in the zone.", "2026-05-04", "18:30"),
    _moment("Where days begin at 4, a day begins at 4.", "2026-05-04", None, begins=4),
    _moment("Where days begin at 4, 03:30 comes on the next date.", "2026-05-04", "03:30", begins=4),
    _moment("Where days begin at 4, 04:00 comes on the date itself.", "2026-05-04", "04:00", begins=4),
    _moment("A skipped time is later by what clocks skip.", "2026-03-29", "02:30"),
    _moment("Of a time shown twice it is the first.", "2026-10-25", "02:30"),
    _moment(
        "A skipped hour in the night after: where days begin at 4, it is that of the next date.",
        "2026-03-28",
        "02:30",
        begins=4,
    ),
    _moment("In New York 01:30 is shown twice on 1 November 2026.", "2026-11-01", "01:30", zone="America/New_York"),
)

CASES = (*ASSESSMENTS, *UPCOMING, *DAYS)
