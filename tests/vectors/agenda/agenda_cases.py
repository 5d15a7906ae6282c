"""What the cases of the agenda give. Days are of 2026 where a rule of daylight saving is old, else of 2025."""

from __future__ import annotations

from typing import Any

from tests.vectors.cases import Case, Json

BERLIN, TOKYO, HONOLULU = "Europe/Berlin", "Asia/Tokyo", "Pacific/Honolulu"
WALK, READ, CALL = (f"0000000{number}-0000-4000-8000-000000000000" for number in (1, 2, 3))
FIRST, SECOND = (f"0000000{number}-0000-4000-9000-000000000000" for number in (8, 9))

JOURNAL = {"sections": {"day": {"prompt": "How was the day?"}}}
WORRY = {"trackers": {"w": {"name": "worry", "since": "2026-01-01"}}}
THRICE = {"trackers": {"w": {"name": "worry", "rule": "FREQ=DAILY;BYHOUR=12,15,18", "since": "2026-01-01"}}}
NIGHT = {"trackers": {"w": {"name": "worry", "rule": "FREQ=DAILY;BYHOUR=2;BYMINUTE=30", "since": "2025-01-01"}}}
WEEKLY = {"instrument": "phq-9", "rule": "FREQ=WEEKLY;BYDAY=MO", "since": "2026-01-01"}
BEFORE = {"instrument": "phq-9", "before_each_session": True}


def now_at(at: str, zone: str = BERLIN) -> dict[str, str]:
    return {"at": at, "zone": zone}


def due(shows: str, now: str, plan: Json = None, *, zone: str = BERLIN, **more: Json) -> Case:
    given: dict[str, Any] = {} if plan is None else {"plan": plan}
    return Case(shows, "due", {**given, **more, "now": now_at(now, zone)})


def upcoming(shows: str, now: str, until: str, plan: Json = None, *, zone: str = BERLIN, **more: Json) -> Case:
    given: dict[str, Any] = {} if plan is None else {"plan": plan}
    return Case(shows, "upcoming", {**given, **more, "now": now_at(now, zone), "until": until})


def logged(*moments: str, name: str = "worry") -> dict[str, Json]:
    return {"logs": [{"at": at, "names": [name]} for at in moments]}


def scheduled(**more: Json) -> dict[str, Json]:
    return {"assessments": {"mood": {**WEEKLY, **more}}}


def asked(**more: Json) -> dict[str, Json]:
    return {"assessments": {"mood": {**BEFORE, **more}}}


def planned(at: str, state: str = "planned") -> dict[str, Json]:
    return {"planned_at": at, "state": state}


MONDAY = "2026-05-04T12:00:00+02:00"
TUESDAY = "2026-05-05T12:00:00+02:00"
DAILY_WALK = {WALK: {"what": "Walk", "rule": "FREQ=DAILY", "since": "2026-05-01"}}

CASES = (
    due("With an empty plan nothing is due.", MONDAY),
    due("Without a rule the journal is due daily while the plan has sections.", MONDAY, JOURNAL),
    due(
        "An entry about today answers for today's journal.",
        MONDAY,
        JOURNAL,
        done={"entries": ["2026-05-04T08:00:00+02:00"]},
    ),
    due(
        "Yesterday's entry does not answer for today.", MONDAY, JOURNAL, done={"entries": ["2026-05-03T23:59:00+02:00"]}
    ),
    due(
        "With a rule the journal is due by the rule, sections or not.",
        MONDAY,
        {"journal_rule": "FREQ=WEEKLY;BYDAY=MO", "journal_since": "2026-01-01"},
    ),
    due(
        "The journal is not due before its first day.",
        MONDAY,
        {**JOURNAL, "journal_since": "2026-05-05"},
    ),
    due(
        "A section counts from its first to its last day, both included.",
        MONDAY,
        {"sections": {"day": {"prompt": "?", "active_from": "2026-05-04", "active_to": "2026-05-04"}}},
    ),
    due(
        "While no section is asked the journal is not due.",
        TUESDAY,
        {"sections": {"day": {"prompt": "?", "active_from": "2026-05-04", "active_to": "2026-05-04"}}},
    ),
    due("A tracker is due at the day's beginning, and shown by its name.", MONDAY, WORRY),
    due(
        "A tracker that has a question is shown by it.",
        MONDAY,
        {"trackers": {"w": {"name": "worry", "question": "How much did you worry?", "since": "2026-01-01"}}},
    ),
    due("A log about today answers for the tracker.", MONDAY, WORRY, done=logged("2026-05-04T09:00:00+02:00")),
    due(
        "A log under another spelling of the tracker's name answers for it.",
        MONDAY,
        WORRY,
        done=logged("2026-05-04T09:00:00+02:00", name=" WORRY "),
    ),
    due(
        "A log of another symptom does not answer.",
        MONDAY,
        WORRY,
        done=logged("2026-05-04T09:00:00+02:00", name="sleep"),
    ),
    due(
        "A tracker is not due after its last day.",
        MONDAY,
        {"trackers": {"w": {"name": "worry", "since": "2026-01-01", "until": "2026-05-03"}}},
    ),
    due(
        "A rule that cannot be read is never due.",
        MONDAY,
        {"trackers": {"w": {"name": "worry", "rule": "FREQ=HOURLY", "since": "2026-01-01"}}},
    ),
    due(
        "A rule without a first day is counted from 1 January 1990, a Monday.",
        MONDAY,
        {"trackers": {"w": {"name": "worry", "rule": "FREQ=WEEKLY"}}},
    ),
    due("A rule with times is due at each of them, those ahead included.", MONDAY, THRICE),
    due(
        "A log answers for the slot it falls into, the last that had begun; what was missed stays missed.",
        "2026-05-04T18:30:00+02:00",
        THRICE,
        done=logged("2026-05-04T18:15:00+02:00"),
    ),
    due(
        "A log in the very minute of a slot answers for that slot.",
        MONDAY,
        THRICE,
        done=logged("2026-05-04T15:00:00+02:00"),
    ),
    due(
        "A log a minute before a slot answers for the slot before it.",
        MONDAY,
        THRICE,
        done=logged("2026-05-04T14:59:00+02:00"),
    ),
    due(
        "A log before the day's first slot answers for that one.",
        MONDAY,
        THRICE,
        done=logged("2026-05-04T06:00:00+02:00"),
    ),
    due(
        "Two logs in one slot answer for that slot alone.",
        MONDAY,
        THRICE,
        done=logged("2026-05-04T12:10:00+02:00", "2026-05-04T13:00:00+02:00"),
    ),
    due(
        "Homework is due on its day, shown by the first line that says something.",
        MONDAY,
        homework={WALK: {"what": "\n  Walk \nfor ten minutes", "due": "2026-05-04"}},
    ),
    due(
        "Progress on the occurrence takes homework off the list, whatever its status is.",
        MONDAY,
        homework={WALK: {"what": "Walk", "due": "2026-05-04"}},
        done={"homework": {WALK: ["2026-05-04"]}},
    ),
    due(
        "Homework that was missed is overdue.",
        TUESDAY,
        homework={WALK: {"what": "Walk", "due": "2026-05-04"}},
    ),
    due(
        "Homework is overdue for 14 days.",
        "2026-05-18T12:00:00+02:00",
        homework={WALK: {"what": "Walk", "due": "2026-05-04"}},
    ),
    due(
        "On the 15th day after it, missed homework is off the list.",
        "2026-05-19T12:00:00+02:00",
        homework={WALK: {"what": "Walk", "due": "2026-05-04"}},
    ),
    due(
        "Of homework by a rule today's occurrence is due, and only the newest missed one is overdue.",
        MONDAY,
        homework=DAILY_WALK,
    ),
    due(
        "Once the newest missed occurrence is answered, the one missed before it is overdue.",
        MONDAY,
        homework=DAILY_WALK,
        done={"homework": {WALK: ["2026-05-03"]}},
    ),
    due(
        "No occurrence lies before the day on which homework was assigned.",
        MONDAY,
        homework={WALK: {**DAILY_WALK[WALK], "assigned_at": "2026-05-04T09:00:00+02:00"}},
    ),
    due(
        "The day of assignment is that of the clocks where the person is.",
        "2026-05-05T12:00:00+09:00",
        zone=TOKYO,
        homework={WALK: {**DAILY_WALK[WALK], "assigned_at": "2026-05-04T18:00:00+02:00"}},
    ),
    due(
        "Homework is due up to and including its last day.",
        MONDAY,
        homework={WALK: {**DAILY_WALK[WALK], "since": "2026-05-04", "until": "2026-05-04"}},
    ),
    due(
        "Homework that ended is due no more from that day on, and not overdue either.",
        MONDAY,
        homework={WALK: {**DAILY_WALK[WALK], "ended_on": "2026-05-04"}},
    ),
    due(
        "Homework without a day is due when the client likes, every day until it is done.",
        MONDAY,
        homework={READ: {"what": "Read chapter 2"}},
    ),
    due(
        "Homework without a day is done once there is progress on it.",
        MONDAY,
        homework={READ: {"what": "Read chapter 2"}},
        done={"homework": {READ: ["once"]}},
    ),
    due(
        "Homework without a day waits for its first day.",
        MONDAY,
        homework={READ: {"what": "Read chapter 2", "since": "2026-05-05"}},
    ),
    due(
        "Homework without a day is over after its last day.",
        TUESDAY,
        homework={READ: {"what": "Read chapter 2", "until": "2026-05-04"}},
    ),
    due(
        "What comes at one moment is in order: journal, trackers as in the plan, homework, assessments.",
        MONDAY,
        {
            **JOURNAL,
            **scheduled(),
            "trackers": {"z": {"name": "zest", "order": 1.0}, "a": {"name": "anger", "order": 2.0}},
        },
        homework={CALL: {"what": "Call Jo", "due": "2026-05-04"}},
    ),
    due(
        "On a day of a pause nothing is due.",
        MONDAY,
        {**JOURNAL, "pauses": {"p": {"first": "2026-05-04", "last": "2026-05-10"}}},
        homework={READ: {"what": "Read chapter 2"}},
    ),
    due(
        "The last day of a pause is part of it.",
        "2026-05-10T12:00:00+02:00",
        {**JOURNAL, "pauses": {"p": {"first": "2026-05-04", "last": "2026-05-10"}}},
    ),
    due(
        "On the day after a pause everything is due again.",
        "2026-05-11T12:00:00+02:00",
        {**JOURNAL, "pauses": {"p": {"first": "2026-05-04", "last": "2026-05-10"}}},
    ),
    due(
        "A pause without a last day goes on.",
        "2026-08-04T12:00:00+02:00",
        {**JOURNAL, "pauses": {"p": {"first": "2026-05-04"}}},
    ),
    due(
        "What fell on a paused day is not overdue afterwards.",
        TUESDAY,
        {"pauses": {"p": {"first": "2026-05-04", "last": "2026-05-04"}}},
        homework={WALK: {"what": "Walk", "due": "2026-05-04"}},
    ),
    due(
        "A time that clocks skip in spring is later by what they skip: 02:30 is 03:30.",
        "2026-03-29T12:00:00+02:00",
        NIGHT,
    ),
    due(
        "Of a time that clocks show twice in autumn it is the first.",
        "2026-10-25T12:00:00+01:00",
        NIGHT,
    ),
    due(
        "On a day of 23 hours the day begins at midnight as on any other.",
        "2026-03-29T12:00:00+02:00",
        WORRY,
    ),
    due(
        "Clocks in New York skip an hour on another day.",
        "2026-03-08T12:00:00-04:00",
        NIGHT,
        zone="America/New_York",
    ),
    due(
        "Where clocks skip midnight the day begins at one o'clock.",
        "2024-09-08T12:00:00-03:00",
        {"trackers": {"w": {"name": "worry", "since": "2024-01-01"}}},
        zone="America/Santiago",
    ),
    due(
        "On Lord Howe Island clocks skip half an hour: 02:15 is 02:45.",
        "2025-10-05T12:00:00+11:00",
        {"trackers": {"w": {"name": "worry", "rule": "FREQ=DAILY;BYHOUR=2;BYMINUTE=15", "since": "2025-01-01"}}},
        zone="Australia/Lord_Howe",
    ),
    due(
        "The same moment is another day elsewhere: in Tokyo it is Tuesday already.",
        "2026-05-05T00:30:00+09:00",
        {"journal_rule": "FREQ=WEEKLY;BYDAY=TU", "journal_since": "2026-01-01"},
        zone=TOKYO,
    ),
    due(
        "In Berlin that moment is still Monday, and nothing is due by the same plan.",
        "2026-05-04T17:30:00+02:00",
        {"journal_rule": "FREQ=WEEKLY;BYDAY=TU", "journal_since": "2026-01-01"},
    ),
    due(
        "An offset need not be of full hours: the day begins at midnight in Kathmandu.",
        "2026-05-04T00:10:00+05:45",
        WORRY,
        zone="Asia/Kathmandu",
    ),
    due(
        "After a flight to Tokyo, an entry at 23:50 in Berlin answers for the day it was written on, not for today.",
        "2026-05-05T08:00:00+09:00",
        JOURNAL,
        zone=TOKYO,
        done={"entries": ["2026-05-04T23:50:00+02:00"]},
    ),
    due(
        "After a flight to Tokyo, the slot of an entry is that of the clock it was written by.",
        "2026-05-04T23:30:00+09:00",
        THRICE,
        zone=TOKYO,
        done=logged("2026-05-04T15:10:00+02:00"),
    ),
    due(
        "After a flight to Honolulu, a day may come twice: what was done on it in Tokyo is done.",
        "2026-05-04T20:00:00-10:00",
        JOURNAL,
        zone=HONOLULU,
        done={"entries": ["2026-05-04T21:00:00+09:00"]},
    ),
    due(
        "After a flight to Honolulu, an entry about tomorrow's day does not answer for today.",
        "2026-05-04T20:00:00-10:00",
        JOURNAL,
        zone=HONOLULU,
        done={"entries": ["2026-05-05T00:30:00+09:00"]},
    ),
    due(
        "Where days begin at 4, one o'clock on Tuesday morning is still Monday, which began at 4.",
        "2026-05-05T01:00:00+02:00",
        {**JOURNAL, "day_begins": 4},
    ),
    due(
        "Where days begin at 4, four o'clock sharp is the new day.",
        "2026-05-05T04:00:00+02:00",
        {**JOURNAL, "day_begins": 4},
    ),
    due(
        "Where days begin at 4, an entry at one o'clock on Tuesday morning answers for Monday.",
        "2026-05-05T01:30:00+02:00",
        {**JOURNAL, "day_begins": 4},
        done={"entries": ["2026-05-05T01:00:00+02:00"]},
    ),
    due(
        "Where days begin at 4, that entry does not answer for Tuesday.",
        TUESDAY,
        {**JOURNAL, "day_begins": 4},
        done={"entries": ["2026-05-05T01:00:00+02:00"]},
    ),
    due(
        "Where days begin at 4, a slot at one o'clock comes at the end of its day, on the next morning.",
        MONDAY,
        {
            "day_begins": 4,
            "trackers": {"w": {"name": "worry", "rule": "FREQ=DAILY;BYHOUR=1,22", "since": "2026-05-01"}},
        },
    ),
    due(
        "Where days begin at 4, a log at half past one answers for the slot at one, not for that at 22.",
        "2026-05-05T02:00:00+02:00",
        {
            "day_begins": 4,
            "trackers": {"w": {"name": "worry", "rule": "FREQ=DAILY;BYHOUR=1,22", "since": "2026-05-01"}},
        },
        done=logged("2026-05-05T01:30:00+02:00"),
    ),
    due(
        "Where days begin at 3 and clocks skip from 2 to 3, the day begins at 3.",
        "2026-03-29T12:00:00+02:00",
        {**WORRY, "day_begins": 3},
    ),
    due(
        "Where days begin at 2 and clocks skip from 2 to 3, the day begins at 3.",
        "2026-03-29T12:00:00+02:00",
        {**WORRY, "day_begins": 2},
    ),
)
