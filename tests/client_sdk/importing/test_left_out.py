"""What an import does not read is named with the reason; reading nothing is an error."""

from __future__ import annotations

import pytest
from tests.client_sdk.importing.spreadsheets import T, Write, left_out

from intersession import InvalidField, LeftOut, Tracker


def test_every_column_that_is_left_out_is_named_with_why(tracker: Tracker, write: Write) -> None:
    header = "time,person_id,phone,worry,mood,woken,empty,plz,diary\n"
    rows = "".join(
        f"2026-05-{day:02}T21:13:00Z,1,0171555{day:04},3,good,2026-05-{day:02}T07:00:00Z,,01069,words words words\n"
        for day in range(1, 6)
    )
    report = tracker.symptoms.import_csv(write(header + rows), time="time")
    assert report.columns == ("worry",)
    assert {one.column for one in report.left_out} == {
        "person_id", "phone", "mood", "woken", "empty", "plz", "diary"
    }  # fmt: skip
    assert LeftOut("mood", "most of its cells are not numbers") in report.left_out
    assert LeftOut("empty", "it holds no answers") in report.left_out
    assert LeftOut("woken", "it holds times") in report.left_out
    assert tracker.symptoms.names() == ["worry"]
    again = tracker.symptoms.plan_import(write(header + rows), time="time", columns=["phone"])
    assert again.columns == ("phone",)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("born", ("1985", "1985", "1985")),
        ("code", ("8010", "8010", "8010")),
        ("participant id", ("1", "2", "3")),
        ("Nr", ("1", "2", "3")),
        ("handed in", ("1777921980", "1777921990", "1777922000")),
        ("serial", ("46146", "46147", "46148")),
        ("card", ("00417", "01223", "00998")),
        ("mobile", ("+4915112345", "+4915112346", "+4915112347")),
        ("zip", ("80331", "10115", "01069")),
    ],
)
def test_what_looks_like_no_scale_is_left_out(
    tracker: Tracker, write: Write, name: str, cells: tuple[str, ...]
) -> None:
    rows = "".join(f"2026-05-0{day}T08:00Z,{day},{cell}\n" for day, cell in enumerate(cells, start=1))
    plan = tracker.symptoms.plan_import(write(f"time,worry,{name}\n{rows}"))
    assert (plan.columns, list(left_out(plan))) == (("worry",), [name])


@pytest.mark.parametrize("name", ["number of panic attacks", "stress during the day", "code red days", "weekend mood"])
def test_a_symptom_may_be_called_nearly_like_a_number(tracker: Tracker, write: Write, name: str) -> None:
    assert tracker.symptoms.plan_import(write(f"time,{name}\n{T},3\n")).columns == (name,)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("time,worry\n", "nothing in the file"),
        (f"time,worry\n{T},\n", "no column contains a symptom"),
        (f"time,mood\n{T},good\n", "most of its cells are not numbers"),
        ("time,worry\nyesterday,3\n", "No column contains dates"),
        ("", "empty"),
        ("\n\n\r\n", "empty"),
        ("\0\0\0", "empty"),
    ],
    ids=repr,
)
def test_reading_nothing_is_an_error(tracker: Tracker, write: Write, text: str, says: str) -> None:
    with pytest.raises(InvalidField, match=says):
        tracker.symptoms.import_csv(write(text))
    assert tracker.symptoms.logs() == []


def test_rows_of_nobody_who_is_named_are_an_error(tracker: Tracker, write: Write) -> None:
    with pytest.raises(InvalidField, match="rows"):
        tracker.symptoms.import_csv(write(f"time,who,worry\n{T},a,1\n"), only="who=b")
