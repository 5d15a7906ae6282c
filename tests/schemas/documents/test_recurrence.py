"""When something is due again: rules worked out by hand, rules that are refused, and no rule that takes long."""

from __future__ import annotations

from datetime import date, datetime, time
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from intersession_schemas.documents.recurrence import (
    MOST,
    Occurrence,
    check_rule,
    occurrences,
    read_occurrence,
)
from intersession_schemas.errors import InvalidField

SINCE = date(2026, 1, 1)  # a Thursday
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def keys(rule: str, since: str, first: str, last: str) -> list[str]:
    found = occurrences(rule, date.fromisoformat(since), date.fromisoformat(first), date.fromisoformat(last))
    return [one.key for one in found]


# Worked out with a calendar: rule, since, window, what is due.
CASES: list[tuple[str, str, str, str, list[str]]] = [
    ("FREQ=DAILY", "2026-01-30", "2026-01-01", "2026-02-01", ["2026-01-30", "2026-01-31", "2026-02-01"]),
    ("FREQ=DAILY;INTERVAL=3", "2026-02-27", "2026-03-01", "2026-03-08", ["2026-03-02", "2026-03-05", "2026-03-08"]),
    ("FREQ=WEEKLY", "2026-01-01", "2026-01-02", "2026-01-16", ["2026-01-08", "2026-01-15"]),
    ("FREQ=WEEKLY;BYDAY=MO,TH", "2026-01-01", "2026-01-01", "2026-01-08", ["2026-01-01", "2026-01-05", "2026-01-08"]),
    # Every other week is counted from the week of the beginning, wherever in it that lies and the window begins.
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2026-01-01", "2026-01-01", "2026-01-31", ["2026-01-12", "2026-01-26"]),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2026-01-01", "2026-01-13", "2026-01-31", ["2026-01-26"]),
    # Where weeks begin decides which Sunday belongs to the week of Thursday the 1st.
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", "2026-01-01", "2026-01-01", "2026-01-20", ["2026-01-04", "2026-01-18"]),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU", "2026-01-01", "2026-01-01", "2026-01-20", ["2026-01-11"]),
    # A month without a 31st is left out; the last day is there in every month.
    ("FREQ=MONTHLY", "2026-01-31", "2026-01-01", "2026-05-31", ["2026-01-31", "2026-03-31", "2026-05-31"]),
    (
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "2028-01-31",
        "2028-02-01",
        "2028-04-30",
        ["2028-02-29", "2028-03-31", "2028-04-30"],
    ),
    ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15", "2026-01-20", "2026-01-01", "2026-08-01", ["2026-04-15", "2026-07-15"]),
    (
        "FREQ=MONTHLY;BYDAY=1FR,MO",
        "2026-01-01",
        "2026-02-01",
        "2026-02-16",
        ["2026-02-02", "2026-02-06", "2026-02-09", "2026-02-16"],
    ),
    ("FREQ=MONTHLY;BYDAY=1MO,-1FR", "2026-01-01", "2026-02-01", "2026-02-28", ["2026-02-02", "2026-02-27"]),
    ("FREQ=DAILY;BYMONTHDAY=13;BYDAY=FR", "2026-01-01", "2026-01-01", "2026-06-30", ["2026-02-13", "2026-03-13"]),
    ("FREQ=DAILY;UNTIL=20260103", "2026-01-01", "2026-01-02", "2026-01-09", ["2026-01-02", "2026-01-03"]),
    # An end without a time includes its day.
    ("FREQ=DAILY;BYHOUR=20;UNTIL=20260101", "2026-01-01", "2026-01-01", "2026-01-09", ["2026-01-01T20:00"]),
    ("FREQ=DAILY;BYHOUR=8,20;UNTIL=20260101T120000", "2026-01-01", "2026-01-01", "2026-01-09", ["2026-01-01T08:00"]),
    # What ends by its count is counted from the beginning, not from the window.
    ("FREQ=DAILY;COUNT=3", "2026-01-01", "2026-01-03", "2026-01-09", ["2026-01-03"]),
    ("FREQ=DAILY;COUNT=3;BYHOUR=8,20", "2026-01-01", "2026-01-02", "2026-01-09", ["2026-01-02T08:00"]),
    ("FREQ=WEEKLY;COUNT=2;INTERVAL=2", "2026-01-01", "2026-01-01", "2026-12-31", ["2026-01-01", "2026-01-15"]),
    (
        "FREQ=DAILY;BYHOUR=18,8;BYMINUTE=30,0",
        "2026-01-01",
        "2026-01-01",
        "2026-01-01",
        ["2026-01-01T08:00", "2026-01-01T08:30", "2026-01-01T18:00", "2026-01-01T18:30"],
    ),
    # The word means the last day of a month that is shorter, and so does every so many months.
    (
        "monthly",
        "2026-01-31",
        "2026-01-01",
        "2026-05-31",
        ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"],
    ),
    ("monthly", "2028-01-30", "2028-02-01", "2028-03-31", ["2028-02-29", "2028-03-30"]),
    (
        "every 3 months",
        "2025-11-30",
        "2026-01-01",
        "2026-12-31",
        ["2026-02-28", "2026-05-30", "2026-08-30", "2026-11-30"],
    ),
    ("FREQ=MONTHLY;BYMONTHDAY=29,30,31;SKIP=BACKWARD", "2026-02-01", "2026-02-01", "2026-02-28", ["2026-02-28"]),
    ("yearly", "2024-02-29", "2025-01-01", "2028-12-31", ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
    ("FREQ=YEARLY", "2024-02-29", "2025-01-01", "2028-12-31", ["2028-02-29"]),
    ("every other year", "2024-05-04", "2025-01-01", "2028-12-31", ["2026-05-04", "2028-05-04"]),
    (
        "FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1,-1",
        "2026-01-01",
        "2026-01-01",
        "2026-12-31",
        ["2026-03-01", "2026-03-31", "2026-09-01", "2026-09-30"],
    ),
    ("every two days", "2026-01-01", "2026-01-01", "2026-01-04", ["2026-01-01", "2026-01-03"]),
    ("every 3 weeks", "2026-01-01", "2026-01-02", "2026-02-12", ["2026-01-22", "2026-02-12"]),
    ("FREQ=MONTHLY;COUNT=3;SKIP=BACKWARD", "2026-01-31", "2026-02-01", "2026-12-31", ["2026-02-28", "2026-03-31"]),
    # Calendars end a rule with the last second of its last day.
    ("FREQ=DAILY;UNTIL=20260102T235959", "2026-01-01", "2026-01-01", "2026-01-09", ["2026-01-01", "2026-01-02"]),
    ("daily", "2026-01-01", "2026-01-01", "2026-01-01", ["2026-01-01"]),
    ("weekdays", "2026-01-01", "2026-01-01", "2026-01-05", ["2026-01-01", "2026-01-02", "2026-01-05"]),
    ("FREQ=DAILY", "2026-01-05", "2025-12-31", "2026-01-04", []),
    ("FREQ=DAILY", "2026-01-01", "2026-01-04", "2026-01-01", []),
    ("nonsense", "2026-01-01", "2026-01-01", "2026-01-09", []),
]


@pytest.mark.parametrize(
    ("rule", "since", "first", "last", "due"), CASES, ids=[f"{case[0]} from {case[2]} to {case[3]}" for case in CASES]
)
def test_worked_out_with_a_calendar(rule: str, since: str, first: str, last: str, due: list[str]) -> None:
    assert keys(rule, since, first, last) == due


@given(
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]),
    st.sampled_from([1, 2, 3, 5]),  # with others some rules never come true, which dateutil takes seconds to see
    st.sampled_from(["", ";BYDAY=MO", ";BYDAY=TU,SA,SU", ";BYDAY=WE;WKST=SU"]),
    st.sampled_from(["", ";COUNT=4", ";UNTIL=20260601"]),
    st.dates(date(2025, 1, 1), date(2026, 6, 1)),
    st.dates(*YEAR),
)
@settings(max_examples=150, deadline=None)
def test_it_says_what_dateutil_says_of_the_whole_rule(
    frequency: str, interval: int, byday: str, end: str, since: date, first: date
) -> None:
    rule = f"FREQ={frequency};INTERVAL={interval}{byday}{end}"
    whole = rrulestr(rule, dtstart=datetime.combine(since, time()))
    expected = whole.between(datetime.combine(first, time()), datetime(2026, 12, 31), inc=True)  # noqa: DTZ001
    found = occurrences(rule, since, first, YEAR[1])
    assert [one.day for one in found] == [at.date() for at in expected]


@given(st.dates(*YEAR), st.dates(*YEAR), st.sampled_from([case[0] for case in CASES]))
@settings(max_examples=100, deadline=None)
def test_two_windows_give_what_one_gives(one: date, other: date, rule: str) -> None:
    first, middle = sorted((one, other))
    later = date.fromordinal(middle.toordinal() + 1)
    whole = occurrences(rule, SINCE, first, YEAR[1])
    assert occurrences(rule, SINCE, first, middle) + occurrences(rule, SINCE, later, YEAR[1]) == whole


REFUSED = [
    "",
    "x" * 300,
    "FREQ=HOURLY",
    "FREQ=YEARLY;BYDAY=MO",
    "FREQ=YEARLY;BYMONTH=13",
    "FREQ=MONTHLY;BYMONTH=5",
    "FREQ=DAILY;SKIP=BACKWARD",
    "FREQ=MONTHLY;SKIP=FORWARD",
    "FREQ=MONTHLY;BYDAY=1MO;SKIP=BACKWARD",
    "every 0 weeks",
    "every 1000 months",
    "every three fortnights",
    "FREQ=SECONDLY",
    "FREQ=",
    "INTERVAL=2",
    "FREQ=DAILY;FREQ=WEEKLY",
    "FREQ=DAILY;BYSETPOS=1",
    "FREQ=DAILY;BYSECOND=1",
    "FREQ=DAILY;INTERVAL=0",
    "FREQ=DAILY;INTERVAL=1000",
    "FREQ=DAILY;INTERVAL=-1",
    "FREQ=DAILY;COUNT=0",
    "FREQ=DAILY;COUNT=2;UNTIL=20260101",
    "FREQ=DAILY;UNTIL=20260230",
    "FREQ=DAILY;UNTIL=2026",
    "FREQ=DAILY;UNTIL=20260101,20260102",
    "FREQ=DAILY;BYDAY=XX",
    "FREQ=DAILY;BYDAY=1MO",
    "FREQ=WEEKLY;BYDAY=1MO",
    "FREQ=MONTHLY;BYDAY=6MO",
    "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYMONTHDAY=0",
    "FREQ=MONTHLY;BYMONTHDAY=32",
    "FREQ=WEEKLY;BYMONTHDAY=1",
    "FREQ=DAILY;BYMINUTE=5",
    "FREQ=DAILY;BYHOUR=24",
    "FREQ=DAILY;BYHOUR=8;BYMINUTE=60",
    "FREQ=DAILY;BYHOUR=8;BYMINUTE=" + ",".join(map(str, range(13))),
    "FREQ=DAILY;WKST=8",
    "DTSTART:20260101\nRRULE:FREQ=DAILY",
    "RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY",
    "RRULE:RRULE:FREQ=DAILY",
]


@pytest.mark.parametrize("rule", REFUSED)
def test_a_rule_that_is_not_taken_is_refused_and_gives_nothing(rule: str) -> None:
    with pytest.raises(InvalidField):
        check_rule(rule)
    assert occurrences(rule, SINCE, *YEAR) == []


@pytest.mark.parametrize("rule", [None, 5, b"FREQ=DAILY"])
def test_only_text_is_a_rule(rule: object) -> None:
    with pytest.raises(InvalidField):
        check_rule(rule)  # type: ignore[arg-type]


def test_a_rule_is_given_back_in_its_plain_form() -> None:
    assert check_rule(" Every week ") == "FREQ=WEEKLY"
    assert check_rule("rrule:freq=daily;interval=2") == "FREQ=DAILY;INTERVAL=2"
    assert check_rule(check_rule("weekdays")) == check_rule("weekdays")


@pytest.mark.parametrize(
    ("until", "zone", "plain"),
    [
        ("20260601T215959Z", "Europe/Berlin", "20260601"),
        ("20260602T035959Z", "America/New_York", "20260601"),
        ("20260601T160000Z", "Asia/Tokyo", "20260602T010000"),
        ("20261201T225959Z", "Europe/Berlin", "20261201"),
        ("20260601T180000Z", "UTC", "20260601T180000"),
    ],
)
def test_an_end_in_utc_is_taken_as_the_local_one(until: str, zone: str, plain: str) -> None:
    rule = f"FREQ=WEEKLY;BYDAY=MO;UNTIL={until}"
    assert check_rule(rule, ZoneInfo(zone)) == f"FREQ=WEEKLY;BYDAY=MO;UNTIL={plain}"
    with pytest.raises(InvalidField, match="in UTC"):
        check_rule(rule)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=DAILY;BYSETPOS=1", "BYSETPOS is not supported"),
        ("FREQ=HOURLY", "needs FREQ"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ appears twice"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY in the rule"),
        ("FREQ=WEEKLY;UNTIL=20260231", "UNTIL must be a valid date"),
        ("FREQ=WEEKLY;BYDAY=", "BYDAY in the rule"),
        ("FREQ=WEEKLY;X-WR=1", "X-WR is not supported"),
        ("DTSTART;TZID=Europe/Berlin:20260101T090000\r\nRRULE:FREQ=DAILY", "DTSTART is not part of the rule here"),
        ("RRULE:FREQ=DAILY\r\nEXDATE:20260105", "EXDATE is not supported"),
        ("BEGIN:VEVENT\r\nRRULE:FREQ=DAILY", "BEGIN is not supported"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(rule: str, said: str) -> None:
    with pytest.raises(InvalidField, match=said):
        check_rule(rule)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("RRULE:FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO"),
        ("rrule:freq=weekly;byday=mo;until=20260601t000000z", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20260601T000000"),
        ("RRULE:FREQ=WEEKLY;BYDAY=M\r\n O,TH\r\n", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("RRULE: FREQ = WEEKLY ; BYDAY = MO, TH ;", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("\ufeffFREQ=DAILY;;INTERVAL=2;", "FREQ=DAILY;INTERVAL=2"),
        ("ＦＲＥＱ＝ＤＡＩＬＹ\u200b", "FREQ=DAILY"),
        ("FREQ=DAILY;BYHOUR=9;BYMINUTE=0;BYSECOND=0", "FREQ=DAILY;BYHOUR=9;BYMINUTE=0"),
        ("RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD", "FREQ=MONTHLY;SKIP=BACKWARD"),
        ("FREQ=WEEKLY;WKST=SU;BYDAY=MO", "FREQ=WEEKLY;WKST=SU;BYDAY=MO"),
        ("FREQ=DAILY;UNTIL=99991231T235959Z", "FREQ=DAILY;UNTIL=99991231"),
        ("FREQ=DAILY;UNTIL=00010101T000000Z", "FREQ=DAILY;UNTIL=00010101T000000"),
        ("quarterly", "FREQ=MONTHLY;INTERVAL=3;SKIP=BACKWARD"),
        ("annually", "FREQ=YEARLY;SKIP=BACKWARD"),
        ("every Monday", "FREQ=WEEKLY;BYDAY=MO"),
        ("thursdays", "FREQ=WEEKLY;BYDAY=TH"),
        ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    ],
)
def test_a_rule_is_taken_as_calendars_and_people_write_it(written: str, plain: str) -> None:
    assert check_rule(written, ZoneInfo("UTC")) == plain
    assert check_rule(plain) == plain


def test_an_end_in_utc_that_another_app_left_in_a_document_is_one() -> None:
    assert keys("FREQ=DAILY;UNTIL=20260102T120000Z", "2026-01-01", *map(str, YEAR)) == ["2026-01-01", "2026-01-02"]


HOURS = ";BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=0,5,10,15,20,25,30,35,40,45,50,55"


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",  # never, as it began on a Thursday
        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=30",  # never, as it began in February
        "FREQ=DAILY;INTERVAL=999;BYMONTHDAY=31;COUNT=999",
        "FREQ=MONTHLY;INTERVAL=999;BYMONTHDAY=-31;BYDAY=SU;COUNT=999",
        "FREQ=DAILY;COUNT=999;INTERVAL=400" + HOURS,
        "FREQ=DAILY" + HOURS,
    ],
    ids=lambda rule: rule[:60],
)
def test_no_rule_takes_long_or_gives_too_many(rule: str) -> None:
    began = perf_counter()
    for since in (date(1, 1, 1), date(1990, 2, 1), SINCE):
        assert len(occurrences(rule, since, SINCE, date.max)) <= MOST
    assert perf_counter() - began < 2


def test_the_ends_of_the_calendar_raise_nothing() -> None:
    for rule in ("FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY"):
        assert occurrences(rule, SINCE, date(9999, 12, 1), date.max)
        assert occurrences(rule, date.max, date.min, date.max) == [Occurrence(date.max)]
        assert occurrences(rule, date.min, date.min, date(1, 2, 1)) == []


@given(st.dates(), st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_a_key_names_its_occurrence(day: date, at: time | None) -> None:
    assert read_occurrence(Occurrence(day, at).key) == Occurrence(day, at)


KEYS = ["", "T", "today", "20260504", "2026-W19-1", " 2026-05-04", "2026-02-30", "2026-05-04T", "2026-05-04T8:00"]
KEYS += ["2026-05-04T08:00:00", "2026-05-04T08:00+02:00", "2026-05-04T24:00"]


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_spelled_in_one_way_only(key: str) -> None:
    with pytest.raises(InvalidField):
        read_occurrence(key)
