"""Dates, clocks and zones of a spreadsheet: each moment is read as it is meant, or asked about."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from tests.client_sdk.importing.spreadsheets import BERLIN, T, Write, asks, logs

from intersession import InvalidField, Tracker


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (("13/05/2026 21:13", "04/05/2026 21:13"), "dmy"),
        (("05/13/2026 21:13", "05/04/2026 21:13"), "mdy"),
        (("13-05-2026 21:13", "04-05-2026 21:13"), "dmy"),
        (("05-13-2026 9:13 PM", "05-04-2026 9:13 PM"), "mdy"),
        (("13.05.2026 21:13", "04.05.2026 21:13"), "dmy"),
        (("13.05.2026 21:13", "4.5.2026 21.13"), "dmy"),
        (("2026/05/13 21:13", "2026/05/04 21:13"), None),
        (("2026-05-13 21:13", "2026-5-4 9:13 pm"), None),
        (("13. Mai 2026, 21:13 Uhr", "4. Mai 2026 um 21.13 Uhr"), None),
        (("May 13, 2026 9:13 PM", "May 4, 2026 at 9:13 p.m."), None),
        (("Wed, 13 May 2026 21:13", "Montag, 4. Mai 2026 21:13"), None),
        (("13th May 2026 21:13", "4 mai 2026 21h13"), None),
        (("20260513T2113", "20260504T211300"), None),
    ],
    ids=str,
)
def test_dates_that_leave_no_doubt(tracker: Tracker, write: Write, cells: tuple[str, str], order: str | None) -> None:
    file = write("time;x\n" + "".join(f"{cell};{value}\n" for value, cell in enumerate(cells)))
    plan = tracker.symptoms.plan_import(file, zone=BERLIN)
    assert (plan.ambiguous, plan.date_order) == ((), order)
    tracker.symptoms.import_csv(file, plan)
    assert logs(tracker) == [("2026-05-04T21:13+02:00", {"x": 1}), ("2026-05-13T21:13+02:00", {"x": 0})]


@pytest.mark.parametrize(
    ("cell", "answers"),
    [
        ("04/05/2026 21:13", {"dmy": "2026-05-04", "mdy": "2026-04-05"}),
        ("04-05-2026 21:13", {"dmy": "2026-05-04", "mdy": "2026-04-05"}),
        ("04.05.26 21:13", {"dmy": "2026-05-04", "mdy": "2026-04-05", "ymd": "2004-05-26"}),
        ("26-05-04 21:13", {"dmy": "2004-05-26", "ymd": "2026-05-04"}),
        ("04/05/69 21:13", {"dmy": "1969-05-04"}),
        ("04-May-26 21:13", {"dmy": "2026-05-04", "ymd": "2004-05-26"}),
    ],
)
def test_dates_that_can_be_two_days_are_asked_about(
    tracker: Tracker, write: Write, cell: str, answers: dict[Any, str]
) -> None:
    file = write(f"time;x\n{cell};1\n")
    assert asks(tracker.symptoms.plan_import(file, zone=BERLIN)) == {"date_order"}
    with pytest.raises(InvalidField, match="date_order"):
        tracker.symptoms.import_csv(file, zone=BERLIN)
    assert tracker.symptoms.logs() == []
    for order, day in answers.items():
        plan = tracker.symptoms.plan_import(file, zone=BERLIN, date_order=order)
        assert (plan.ambiguous, plan.first_rows[0].at.date().isoformat()) == ((), day)


def test_a_day_that_is_its_month_needs_no_order(tracker: Tracker, write: Write) -> None:
    assert tracker.symptoms.plan_import(write("time;x\n05/05/2026 21:13;1\n"), zone=BERLIN).ambiguous == ()


def test_a_file_that_proves_both_orders_is_asked_about(tracker: Tracker, write: Write) -> None:
    file = write("time;x\n13/05/2026 21:13;1\n05/13/2026 21:13;2\n")
    assert asks(tracker.symptoms.plan_import(file, zone=BERLIN)) == {"date_order"}
    report = tracker.symptoms.import_csv(file, zone=BERLIN, date_order="dmy")
    assert ([row.line for row in report.bad], report.imported) == ([3], 1)


def test_an_order_that_the_rows_contradict_is_asked_about_again(tracker: Tracker, write: Write) -> None:
    file = write("time;x\n13/05/2026 21:13;1\n14/05/2026 21:13;2\n")
    assert asks(tracker.symptoms.plan_import(file, zone=BERLIN, date_order="mdy")) == {"date_order"}


def test_days_as_excel_counts_them_are_asked_about(tracker: Tracker, write: Write) -> None:
    file = write("time;x\n46146,884027778;1\n46147,5;2\n")
    assert asks(tracker.symptoms.plan_import(file, zone=BERLIN)) == {"date_order"}
    plan = tracker.symptoms.plan_import(file, zone=BERLIN, date_order="excel")
    assert [row.at.isoformat(timespec="seconds") for row in plan.first_rows] == [
        "2026-05-04T21:13:00+02:00",
        "2026-05-05T12:00:00+02:00",
    ]


@pytest.mark.parametrize(
    ("shown", "at"),
    [
        ("9:13 PM", time(21, 13)),
        ("9:13 pm", time(21, 13)),
        ("9:13:24 p.m.", time(21, 13, 24)),
        ("9:13 p.\u00a0m.", time(21, 13)),
        ("09:13PM", time(21, 13)),
        ("12:00 AM", time(0)),
        ("12:30 am", time(0, 30)),
        ("12:00 PM", time(12)),
        ("9 PM", time(21)),
        ("21:13:24.5", time(21, 13, 24, 500_000)),
        ("21.13 Uhr", time(21, 13)),
        ("21h13", time(21, 13)),
    ],
)
def test_clocks(tracker: Tracker, write: Write, shown: str, at: time) -> None:
    plan = tracker.symptoms.plan_import(write(f"time;x\n2026-05-13 {shown};1\n"), zone=BERLIN)
    assert plan.first_rows[0].at.replace(tzinfo=None) == datetime.combine(datetime(2026, 5, 13), at)  # noqa: DTZ001


@pytest.mark.parametrize("shown", ["13:00 PM", "0:30 AM", "25:00", "21:60"])
def test_a_clock_that_shows_no_such_time_is_a_bad_row(tracker: Tracker, write: Write, shown: str) -> None:
    file = write(f"time;x\n2026-05-13 {shown};1\n2026-05-13 21:13;2\n2026-05-14 21:13;2\n")
    report = tracker.symptoms.import_csv(file, zone=BERLIN)
    assert ([row.line for row in report.bad], report.imported) == ([2], 2)


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("date;clock;x", "04.05.2026;21:13;1"),
        ("clock;x;date", "9:13 PM;1;2026-05-04"),
        ("Datum;Uhrzeit;x", "4. Mai 2026;21:13 Uhr;1"),
    ],
)
def test_a_day_and_a_time_in_columns_of_their_own(tracker: Tracker, write: Write, header: str, row: str) -> None:
    plan = tracker.symptoms.plan_import(write(f"{header}\n{row}\n"), zone=BERLIN)
    assert (plan.ambiguous, plan.columns, len(plan.time)) == ((), ("x",), 2)
    assert plan.first_rows[0].at.isoformat(timespec="minutes") == "2026-05-04T21:13+02:00"


def test_a_day_without_a_time_is_asked_about(tracker: Tracker, write: Write) -> None:
    file = write("Datum;Sorge\n04.05.2026;3\n")
    assert asks(tracker.symptoms.plan_import(file, zone=BERLIN)) == {"time_of_day"}
    tracker.symptoms.import_csv(file, zone=BERLIN, time_of_day="20:00")
    assert logs(tracker) == [("2026-05-04T20:00+02:00", {"Sorge": 3})]


@pytest.mark.parametrize("zone", ["EST", "CST", "IST", "BST", "XYZ"])
def test_a_zone_that_is_several_is_asked_about(tracker: Tracker, write: Write, zone: str) -> None:
    file = write(f"time;x\n2026-01-04 21:13 {zone};1\n")
    assert asks(tracker.symptoms.plan_import(file)) == {"zone"}


def test_a_zones_own_abbreviation_tells_which_of_two_times_it_is(tracker: Tracker, write: Write) -> None:
    file = write("time;x\n2026-11-01 01:30 EDT;1\n2026-11-01 01:30 EST;2\n2026-11-02 01:30 EDT;3\n")
    report = tracker.symptoms.import_csv(file, zone="America/New_York")
    assert [row.line for row in report.bad] == [4]
    first, second = sorted(log.at.astimezone(UTC) for log in tracker.symptoms.logs())
    assert second - first == timedelta(hours=1)


@pytest.mark.parametrize(
    ("wall", "says"), [("2026-03-29 02:30", "does not exist"), ("2026-10-25 02:30", "occurred twice")]
)
def test_a_wall_time_that_is_none_or_two_is_a_bad_row(tracker: Tracker, write: Write, wall: str, says: str) -> None:
    file = write(f"time;x\n{wall};1\n2026-05-04 21:13;2\n{wall}+02:00;3\n")
    report = tracker.symptoms.import_csv(file, zone=BERLIN)
    assert ([row.line for row in report.bad], report.imported) == ([2], 2)
    assert says in report.bad[0].reason


def test_which_column_says_when_is_asked_where_there_are_several(tracker: Tracker, write: Write) -> None:
    file = write(f"asked,answered,worry\n{T},{T},3\n")
    (unclear,) = tracker.symptoms.plan_import(file).ambiguous
    assert (unclear.option, unclear.choices) == ("time", ("asked", "answered"))
    assert tracker.symptoms.import_csv(file, time="answered").imported == 1
