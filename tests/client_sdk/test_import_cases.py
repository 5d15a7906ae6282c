"""Spreadsheets as people bring them: each is read as it is meant, or asked about."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.client_sdk.practice import replica_of

from intersession import ImportPlan, InvalidField, LeftOut, Tracker

Write = Callable[..., Path]
T = "2026-05-04T21:13:00+02:00"
BERLIN = "Europe/Berlin"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str | bytes, encoding: str = "utf-8", name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return written


def logs(tracker: Tracker) -> list[tuple[str, dict[str, Any]]]:
    """What is there, oldest first: the moment as it is shown, and the values."""
    found = sorted(tracker.symptoms.logs(), key=lambda log: (log.at, sorted(log.values.items())))
    return [(log.at.isoformat(timespec="minutes"), log.values) for log in found]


def asks(plan: ImportPlan) -> set[str]:
    return {one.option for one in plan.ambiguous}


def left_out(plan: ImportPlan) -> dict[str, str]:
    return {one.column: one.reason for one in plan.left_out}


# -- delimiters, encodings, line ends ----------------------------------------------------------------------------------


def test_decimal_commas_where_semicolons_part_the_columns(tracker: Tracker, write: Write) -> None:
    rows = "".join(f"2026-05-0{day}T21:13:00+02:00;{day};{day},5\n" for day in range(1, 5))
    report = tracker.symptoms.import_csv(write("time;worry;sleep\n" + rows))
    assert (report.columns, report.imported, report.bad, report.left_out) == (("worry", "sleep"), 4, (), ())
    assert logs(tracker)[0] == ("2026-05-01T21:13+02:00", {"worry": 1, "sleep": 1.5})


def test_german_headers_dates_and_decimals(tracker: Tracker, write: Write) -> None:
    file = write("Datum;Sorge;Schlaf\n04.05.2026 21:13;3,5;6\n05.05.2026 08:02;4;7,5\n")
    plan = tracker.symptoms.plan_import(file)
    assert (asks(plan), plan.date_order) == ({"zone"}, "dmy")
    with pytest.raises(InvalidField, match="zone"):
        tracker.symptoms.import_csv(file)
    assert tracker.symptoms.import_csv(file, zone=BERLIN).imported == 2
    assert logs(tracker) == [
        ("2026-05-04T21:13+02:00", {"Sorge": 3.5, "Schlaf": 6}),
        ("2026-05-05T08:02+02:00", {"Sorge": 4, "Schlaf": 7.5}),
    ]
    assert {log.zone for log in tracker.symptoms.logs()} == {BERLIN}


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        (f"time;How tense, sad, low, flat are you?;sleep\n{T};3;6\n", ";"),
        (f'time,"How tense; sad; low; flat are you?",sleep\n{T},3,6\n', ","),
        (f"time\tHow tense, sad; low, flat?\tsleep\n{T}\t3\t6\n", "\t"),
        (f"time|How tense, sad; low, flat?|sleep\n{T}|3|6\n", "|"),
        (f"sep=;\ntime;How tense, sad?;sleep\n{T};3;6\n", ";"),
        (f"sep=|\r\ntime|How tense, sad?|sleep\r\n{T}|3|6\r\n", "|"),
        (f'"sep=,"\ntime,"How tense, sad?",sleep\n{T},3,6\n', ","),
        (f"time;How tense, or sad?;sleep, last night\n{T};3,5;6,5\n", ";"),
    ],
    ids=str,
)
def test_the_delimiter_by_which_the_rows_agree(tracker: Tracker, write: Write, text: str, delimiter: str) -> None:
    plan = tracker.symptoms.plan_import(write(text))
    assert (plan.delimiter, plan.ambiguous, len(plan.columns)) == (delimiter, (), 2)
    assert tracker.symptoms.import_csv(write(text)).imported == 1


def test_the_delimiter_can_be_said(tracker: Tracker, write: Write) -> None:
    file = write(f"time!worry\n{T}!1\n")
    assert tracker.symptoms.plan_import(file, delimiter="!").columns == ("worry",)


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", b"\xff\xfe\x00\x00"),
        ("cp1252", b""),
    ],
)
def test_encodings(tracker: Tracker, write: Write, encoding: str, mark: bytes) -> None:
    text = f"Zeit;Müdigkeit;Größe der Sorge\r\n{T};3;7,5\r\n"
    report = tracker.symptoms.import_csv(write(mark + text.encode(encoding)))
    assert (report.imported, report.columns) == (1, ("Müdigkeit", "Größe der Sorge"))


def test_an_encoding_that_would_give_other_words_is_asked_about(tracker: Tracker, write: Write) -> None:
    file = write(f"czas;zmęczenie\n{T};3\n", "cp1250")
    plan = tracker.symptoms.plan_import(file)
    assert asks(plan) == {"encoding"}
    assert tracker.symptoms.import_csv(file, encoding="windows-1250").columns == ("zmęczenie",)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_only_cr_and_lf_end_lines(tracker: Tracker, write: Write, end: str) -> None:
    odd = "one\u2028two\u0085three\x0bfour\x0cfive\x1csix"
    report = tracker.symptoms.import_csv(write(f"time,worry,note{end}{T},3,{odd}{end}{T[:-6]}Z,4,x y{end}"))
    assert (report.imported, report.bad, report.bad_cells) == (2, (), ())
    assert {log.note for log in tracker.symptoms.logs()} == {odd, "x y"}


# -- what is not read is named -----------------------------------------------------------------------------------------


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


# -- keys --------------------------------------------------------------------------------------------------------------


def keys(tracker: Tracker) -> set[str | None]:
    return {log.key for log in tracker.symptoms.logs()}


def test_two_rows_of_one_moment_are_both_kept(tracker: Tracker, write: Write) -> None:
    text = "time,worry\n2026-05-04T21:00+02:00,3\n2026-05-04T21:00+02:00,7\n"
    assert tracker.symptoms.import_csv(write(text)).imported == 2
    again = tracker.symptoms.import_csv(write(text))
    assert (again.imported, again.unchanged, again.conflicts) == (0, 2, ())
    assert sorted(point.value for point in tracker.symptoms.series("worry")) == [3, 7]


@pytest.mark.parametrize(
    ("spelling", "given"),
    [
        ("2026-05-04T19:13:00Z", {}),
        ("2026-05-04 21:13 Europe/Berlin", {}),
        ("2026-05-04 21:13:00.000 CEST", {}),
        ("2026-05-04T15:13-04:00", {}),
        ("04.05.2026 21:13", {"zone": BERLIN}),
        ("5/4/2026 9:13 PM", {"zone": BERLIN, "date_order": "mdy"}),
        ("1777921980", {}),
        ("1777921980000", {}),
    ],
)
def test_a_moment_is_one_moment_however_it_is_spelled(
    tracker: Tracker, write: Write, spelling: str, given: dict[str, Any]
) -> None:
    tracker.symptoms.import_csv(write(f"time,worry\n{T},3\n"))
    report = tracker.symptoms.import_csv(write(f"time,worry,x\n{spelling},3,\n"), **given)
    assert (report.imported, report.unchanged, len(tracker.symptoms.logs())) == (0, 1, 1)


def test_keys_are_the_same_on_every_device(open_tracker: Any, write: Write) -> None:
    rows = [(T, 3), (T, 7), (T, 5), ("2026-05-05T08:00:00Z", 1)]
    files = [
        "time,worry\n" + "".join(f"{at},{value}\n" for at, value in rows),
        "time;worry\n" + "".join(f"{at.replace(T, '2026-05-04T19:13Z')};{value}\n" for at, value in rows),
        "time,worry\n" + "".join(f"{at},{value}\n" for at, value in reversed(rows)),
    ]
    found = []
    for number, text in enumerate(files):
        with open_tracker(f"device{number}") as tracker:
            tracker.symptoms.import_csv(write(text))
            found.append({(log.key, log.values["worry"]) for log in tracker.symptoms.logs()})
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 4


def test_a_file_that_grew_adds_what_is_new(tracker: Tracker, write: Write) -> None:
    text = f"time,worry\n{T},3\n{T},7\n"
    tracker.symptoms.import_csv(write(text))
    report = tracker.symptoms.import_csv(write(text + f"{T},5\n2026-05-05T08:00Z,1\n"))
    assert (report.imported, report.unchanged, report.conflicts) == (2, 2, ())
    other = tracker.symptoms.import_csv(write(f"time,worry\n2026-05-05T08:00Z,1\n{T},5\n{T},7\n{T},3\n"))
    assert (other.imported, other.unchanged, other.conflicts) == (0, 4, ())


def test_an_answer_that_was_mended_in_the_file_is_added(tracker: Tracker, write: Write) -> None:
    first = tracker.symptoms.import_csv(
        write(f"time,worry,sleep\n{T},3,seven\n2026-05-05T08:00Z,1,6\n"), columns=["worry", "sleep"]
    )
    assert [(cell.line, cell.column) for cell in first.bad_cells] == [(2, "sleep")]
    report = tracker.symptoms.import_csv(write(f"time,worry,sleep\n{T},3,7\n2026-05-05T08:00Z,1,6\n"))
    assert (report.imported, report.unchanged, report.conflicts) == (1, 1, ())
    assert [point.value for point in tracker.symptoms.series("sleep")] == [6, 7]
    again = tracker.symptoms.import_csv(write(f"time,worry,sleep\n{T},3,7\n2026-05-05T08:00Z,1,6\n"))
    assert (again.imported, again.unchanged, again.conflicts) == (0, 2, ())


def test_a_row_that_was_corrected_since_is_the_same_row(tracker: Tracker, write: Write) -> None:
    file = write(f"time,worry\n{T},3\n")
    tracker.symptoms.import_csv(file)
    tracker.symptoms.correct(tracker.symptoms.logs()[0].id, values={"worry": 4})
    report = tracker.symptoms.import_csv(file)
    assert (report.imported, report.unchanged, report.conflicts) == (0, 1, ())
    assert [point.value for point in tracker.symptoms.series("worry")] == [4]


# -- names -------------------------------------------------------------------------------------------------------------


def test_names_that_look_the_same_are_one(tracker: Tracker, write: Write) -> None:
    tracker.symptoms.import_csv(write(f"time,sle\u0301ep, worry\u00a0 much \n{T},3,2\n"))
    tracker.symptoms.log({"sléep": 4}, at=datetime(2026, 5, 5, tzinfo=UTC))
    assert tracker.symptoms.names() == ["sléep", "worry much"]


def test_two_spellings_of_one_name_in_a_header(tracker: Tracker, write: Write) -> None:
    plan = tracker.symptoms.plan_import(write(f"time,Sleep,sleep\n{T},3,4\n"))
    assert plan.columns == ("Sleep",)
    assert "another spelling" in left_out(plan)["sleep"]


def test_a_header_that_is_too_long_is_named_and_may_be_renamed(tracker: Tracker, write: Write) -> None:
    question = "How tense, sad or restless have you been since you answered these questions the last time?"
    file = write(f'time,worry,"{question}"\n{T},1,3\n')
    plan = tracker.symptoms.plan_import(file)
    assert "names" in left_out(plan)[question]
    report = tracker.symptoms.import_csv(file, names={question: "tension"})
    assert report.columns == ("worry", question)
    assert logs(tracker)[0][1] == {"worry": 1, "tension": 3}


# -- cells -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nothing", ["", "NA", "n/a", "N/A", "-", "–", "NaN", "null", "None", "#N/A", "k. A.", " "])
def test_no_answer_costs_nothing(tracker: Tracker, write: Write, nothing: str) -> None:
    report = tracker.symptoms.import_csv(write(f"time,worry,sleep\n{T},3,{nothing}\n2026-05-05T08:00Z,{nothing},1\n"))
    assert (report.imported, report.bad, report.bad_cells) == (2, (), ())


@pytest.mark.parametrize("cell", ["much", "3 or 4", "1_0", "inf", "1e400", "=1+2", "3/10", "7:30", "1.2.3", "1,23,4"])
def test_one_bad_cell_costs_that_cell(tracker: Tracker, write: Write, cell: str) -> None:
    rows = f'time,worry,sleep\n{T},3,"{cell}"\n2026-05-05T08:00Z,4,1\n2026-05-06T08:00Z,5,2\n'
    report = tracker.symptoms.import_csv(write(rows))
    assert [(one.line, one.column, one.reason) for one in report.bad_cells] == [(2, "sleep", "is not a number")]
    assert (report.imported, report.bad, logs(tracker)[0][1]) == (3, (), {"worry": 3})


def test_a_cell_of_a_megabyte_and_quotes_in_the_middle(tracker: Tracker, write: Write) -> None:
    rows = [
        f'{T},3,"{"x" * 2**20}"',
        '2026-05-05T08:00Z,4,he said "no" twice',
        '2026-05-06T08:00Z,5,"he said ""no""; then',
        'left"',
        '2026-05-07T08:00Z,6,"6" tall"',
        '2026-05-08T08:00Z,7,"never closed',
        "2026-05-09T08:00Z,8,plain",
    ]
    report = tracker.symptoms.import_csv(write("time,worry,diary\n" + "\n".join(rows) + "\n"))
    assert (report.bad, report.bad_cells) == ((), ())
    assert sorted(point.value for point in tracker.symptoms.series("worry")) == [3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        (("3", "4"), 3),
        (("3.5", "4"), 3.5),
        (('"3,5"', "4"), 3.5),
        (('"1.234,5"', "4"), 1234.5),
        (('"1,234.5"', "4"), 1234.5),
        (('"1,234"', "2.5"), 1234),
        (('"1,234"', '"2,5"'), 1.234),
        (("1.234", '"2,5"'), 1234),
        (("1.234", "2.5"), 1.234),
        (("0.125", "4"), 0.125),
        (("1 234", "4"), 1234),
        (("1\u202f234", "4"), 1234),
        (("1'234", "4"), 1234),
        (("３", "4"), 3),
        (("−3", "4"), -3),
        (("70%", "80 %"), 70),
        (("7 h", "8h"), 7),
        (("1e-2", "1"), 0.01),
    ],
    ids=str,
)
def test_numbers(tracker: Tracker, write: Write, cells: tuple[str, str], value: float) -> None:
    tracker.symptoms.import_csv(write(f"time,x\n{T},{cells[0]}\n2026-05-05T08:00Z,{cells[1]}\n"))
    assert [point.value for point in tracker.symptoms.series("x")][-1] == value


@pytest.mark.parametrize("cell", ['"1,234"', "1.234", '"12,000"', "-1.500"])
def test_a_thousand_or_one_and_a_bit_is_asked_about(tracker: Tracker, write: Write, cell: str) -> None:
    file = write(f"time,x\n{T},{cell}\n2026-05-05T08:00Z,4\n")
    assert asks(tracker.symptoms.plan_import(file)) == {"decimal"}
    whole = float(cell.strip('"').replace(",", "").replace(".", ""))
    sign = "." if "," in cell else ","
    tracker.symptoms.import_csv(file, decimal=sign)  # type: ignore[arg-type]
    assert tracker.symptoms.series("x")[-1].value == whole


def test_a_cell_in_another_unit_is_not_read(tracker: Tracker, write: Write) -> None:
    report = tracker.symptoms.import_csv(write(f"time,x\n{T},7 h\n2026-05-05T08:00Z,8 h\n2026-05-06T08:00Z,30 min\n"))
    assert [(row.line, row.reason) for row in report.bad] == [(4, "x is not in h")]


# -- moments -----------------------------------------------------------------------------------------------------------


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


# -- layouts, notes, known exports -------------------------------------------------------------------------------------


def test_the_long_layout(tracker: Tracker, write: Write) -> None:
    rows = [(T, "worry", 3), (T, "sleep", 6), ("2026-05-05T08:00Z", "worry", 4), (T, "worry", 3)]
    file = write("time,symptom,value\n" + "".join(f"{at},{name},{value}\n" for at, name, value in rows))
    plan = tracker.symptoms.plan_import(file)
    assert (plan.layout, plan.name_column, plan.value_column, plan.ambiguous) == ("long", "symptom", "value", ())
    report = tracker.symptoms.import_csv(file, plan)
    assert (report.imported, report.unchanged, report.rows) == (3, 1, 4)
    assert logs(tracker) == [
        ("2026-05-04T21:13+02:00", {"worry": 3, "sleep": 6}),
        ("2026-05-05T08:00+00:00", {"worry": 4}),
    ]
    again = tracker.symptoms.import_csv(file)
    assert (again.imported, again.unchanged) == (0, 4)


def test_two_answers_of_one_symptom_at_one_moment_are_two_logs(tracker: Tracker, write: Write) -> None:
    file = write(f"time,symptom,value\n{T},worry,3\n{T},worry,5\n{T},sleep,6\n")
    assert tracker.symptoms.import_csv(file).imported == 3
    assert sorted(point.value for point in tracker.symptoms.series("worry")) == [3, 5]


def test_a_layout_that_may_be_long_is_asked_about(tracker: Tracker, write: Write) -> None:
    rows = "".join(f"2026-05-{day:02}T08:00Z,{name},{day % 5}\n" for day in range(1, 9) for name in ("worry", "sleep"))
    file = write("time,what_it_was,how_much\n" + rows)
    assert asks(tracker.symptoms.plan_import(file)) == {"layout"}
    report = tracker.symptoms.import_csv(file, layout="long")
    assert (report.imported, tracker.symptoms.names()) == (16, ["sleep", "worry"])


def test_notes(tracker: Tracker, write: Write) -> None:
    file = write(f'time,worry,Notiz\n{T},3,"Slept badly, then\nwalked"\n2026-05-05T08:00Z,4,{"x" * 2001}\n')
    report = tracker.symptoms.import_csv(file)
    assert [(cell.line, cell.column) for cell in report.bad_cells] == [(4, "Notiz")]
    assert [log.note for log in tracker.symptoms.logs()] == ["", "Slept badly, then\nwalked"]


def test_a_note_is_chosen_or_left_out(tracker: Tracker, write: Write) -> None:
    file = write(f"time,worry,diary,note\n{T},3,a word,and another one\n")
    assert tracker.symptoms.plan_import(file, note="diary").first_rows[0].note == "a word"
    assert tracker.symptoms.plan_import(file, note=["note", "diary"]).first_rows[0].note == "and another one\na word"
    assert tracker.symptoms.plan_import(file, note=()).first_rows[0].note == ""


def test_daylio(tracker: Tracker, write: Write) -> None:
    file = write(
        "full_date,date,weekday,time,mood,activities,scales,note_title,note\n"
        '2026-05-20,May 20,Wednesday,22:13,rad,exercise | work,,Morning,"Felt great, rested"\n'
        "2026-05-19,May 19,Tuesday,10:00 PM,meh,,,,\n"
    )
    plan = tracker.symptoms.plan_import(file)
    assert (plan.source, asks(plan), plan.scale) == ("daylio", {"zone"}, (1, 5))
    tracker.symptoms.import_csv(file, zone=BERLIN)
    assert logs(tracker) == [("2026-05-19T22:00+02:00", {"mood": 3}), ("2026-05-20T22:13+02:00", {"mood": 5})]
    assert tracker.symptoms.logs()[0].note == "Morning\nFelt great, rested"


def test_daylio_with_moods_of_ones_own(tracker: Tracker, write: Write) -> None:
    file = write(
        "full_date,date,weekday,time,mood,activities,note_title,note\n"
        "2026-05-20,20. Mai,Mittwoch,22:13,super,,,\n2026-05-19,19. Mai,Dienstag,22:00,mies,,,\n"
    )
    plan = tracker.symptoms.plan_import(file, zone=BERLIN)
    (unclear,) = plan.ambiguous
    assert (unclear.option, set(unclear.choices)) == ("words", {"super", "mies"})
    tracker.symptoms.import_csv(file, zone=BERLIN, words={"super": 5, "mies": 2})
    assert [point.value for point in tracker.symptoms.series("mood")] == [5, 2]


def test_bearable(tracker: Tracker, write: Write) -> None:
    file = write(
        "date formatted,weekday,time of day,category,rating/amount,detail,notes\n"
        '22nd Jan 2026,Thu,09:30,Mood,7,,"a hard morning"\n'
        "22nd Jan 2026,Thu,09:30,Symptom,2,Headache,\n"
        "23rd Jan 2026,Fri,10:15 PM,Symptom,1,Headache,\n"
    )
    plan = tracker.symptoms.plan_import(file)
    assert (plan.source, asks(plan), plan.layout) == ("bearable", {"zone"}, "long")
    tracker.symptoms.import_csv(file, zone=BERLIN)
    assert logs(tracker) == [
        ("2026-01-22T09:30+01:00", {"Mood": 7, "Headache": 2}),
        ("2026-01-23T22:15+01:00", {"Headache": 1}),
    ]


def test_bearable_with_parts_of_the_day(tracker: Tracker, write: Write) -> None:
    file = write(
        "date formatted,weekday,time of day,category,rating/amount,detail,notes\n"
        "22nd Jan 2026,Thu,am,Symptom,2,Headache,\n22nd Jan 2026,Thu,all day,Symptom,3,Nausea,\n"
    )
    assert asks(tracker.symptoms.plan_import(file, zone=BERLIN)) == {"time_of_day"}


@pytest.mark.parametrize(
    ("stamp", "asked"),
    [
        ("2026/05/04 9:13:24 PM GMT+2", set()),
        ("5/4/2026 21:13:24", {"date_order", "zone"}),
        ("04.05.2026 21:13:24", {"zone"}),
    ],
)
def test_google_forms(tracker: Tracker, write: Write, stamp: str, asked: set[str]) -> None:
    file = write(f'Timestamp,"How worried are you?","Anything else?"\n"{stamp}",3,no\n')
    plan = tracker.symptoms.plan_import(file)
    assert (plan.source, asks(plan), plan.columns) == ("google-forms", asked, ("How worried are you?",))
    given: dict[str, Any] = {"zone": BERLIN} if "zone" in asked else {}
    given |= {"date_order": "mdy"} if "date_order" in asked else {}
    tracker.symptoms.import_csv(file, **given)
    assert logs(tracker)[0][0] == "2026-05-04T21:13+02:00"


def test_words_may_mean_numbers(tracker: Tracker, write: Write) -> None:
    file = write(f"time,worry\n{T},Often\n2026-05-05T08:00Z,never\n2026-05-06T08:00Z,sometimes\n")
    report = tracker.symptoms.import_csv(file, words={"never": 0, "often": 2})
    assert [point.value for point in tracker.symptoms.series("worry")] == [0, 2]
    assert [row.line for row in report.bad] == [4]


# -- the plan ----------------------------------------------------------------------------------------------------------


def test_a_plan_writes_nothing(tracker: Tracker, write: Write) -> None:
    with replica_of(tracker).reading() as store:
        before = store.number("SELECT total_changes()")
    plan = tracker.symptoms.plan_import(write(f"time,worry\n{T},3\n"))
    with replica_of(tracker).reading() as store:
        assert store.number("SELECT total_changes()") == before
    assert (plan.rows, plan.first_rows[0].line, plan.first_rows[0].values) == (1, 2, {"worry": 3})


def test_what_was_answered_is_not_asked_again(open_tracker: Any, write: Write) -> None:
    with open_tracker("one") as tracker:
        file = write("Datum;Sorge\n04/05/2026 21:13;3\n")
        assert tracker.symptoms.import_csv(file, zone=BERLIN, date_order="dmy").imported == 1
    with open_tracker("one") as tracker:
        file = write("Datum;Sorge\n04/05/2026 21:13;3\n06/05/2026 07:00;4\n")
        plan = tracker.symptoms.plan_import(file)
        assert (plan.ambiguous, plan.remembered, plan.zone, plan.date_order) == ((), True, BERLIN, "dmy")
        assert tracker.symptoms.import_csv(file).imported == 1
        assert asks(tracker.symptoms.plan_import(write("Datum;Sorge\n05/13/2026 21:13;3\n"))) == {"date_order"}
        assert asks(tracker.symptoms.plan_import(write("Tag;Sorge\n04/05/2026 21:13;3\n"))) == {"date_order", "zone"}


def test_what_was_not_imported_is_not_remembered(tracker: Tracker, write: Write) -> None:
    with pytest.raises(InvalidField):
        tracker.symptoms.import_csv(write("Datum;Sorge\nx;3\n"), time="Datum", zone=BERLIN)
    assert asks(tracker.symptoms.plan_import(write("Datum;Sorge\n13.05.2026 21:13;3\n"))) == {"zone"}


def test_a_plan_and_more_is_refused(tracker: Tracker, write: Write) -> None:
    file = write(f"time,worry\n{T},3\n")
    plan = tracker.symptoms.plan_import(file)
    with pytest.raises(InvalidField, match="not both"):
        tracker.symptoms.import_csv(file, plan, zone=BERLIN)
    with pytest.raises(InvalidField, match="plan_import"):
        tracker.symptoms.import_csv(file, "plan")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "given",
    [
        {"zone": "Berlin"},
        {"zone": "../../etc/passwd"},
        {"date_order": "ydm"},
        {"delimiter": ""},
        {"delimiter": '"'},
        {"encoding": "klingon"},
        {"encoding": "rot13"},
        {"decimal": ";"},
        {"layout": "round"},
        {"time_of_day": "late"},
        {"words": {"never": "0"}},
        {"names": {"worry": 1}},
        {"note": "diary"},
        {"name_column": "what", "value_column": "worry"},
        {"time": ()},
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused(tracker: Tracker, write: Write, given: dict[str, Any]) -> None:
    with pytest.raises(InvalidField):
        tracker.symptoms.plan_import(write(f"time,worry\n{T},3\n"), **given)


def test_a_file_that_is_too_large_is_refused_in_words(tracker: Tracker, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(33 * 2**20)
    with pytest.raises(InvalidField, match="32 MiB"):
        tracker.symptoms.plan_import(path)


@pytest.mark.parametrize(
    "text",
    [
        '2026-01-01T00:00Z,"x\n' * 20_000,
        '"' * 300_000,
        '"\n' * 100_000,
        '"a" b,' * 100_000,
        '" " ' * 100_000,
        "\n" * 500_000,
        "2026-01-01T00:00Z,1\0\n" * 1_000,
        "".join(f"2026-01-01T00:00Z,{n}\n" for n in range(20_000)),
    ],
    ids=[
        "open quotes",
        "quotes",
        "lines of a quote",
        "quotes in the middle",
        "spaces",
        "nothing",
        "NUL",
        "one instant",
    ],
)
def test_a_hostile_file_costs_its_length(tracker: Tracker, write: Write, text: str) -> None:
    """Each of these would take minutes, and more than the test's time, if it cost the square of its length."""
    with contextlib.suppress(InvalidField):
        tracker.symptoms.import_csv(write("time,worry\n" + text))
    assert len(tracker.symptoms.logs()) <= 200


def test_more_rows_than_a_file_may_have(tracker: Tracker, write: Write) -> None:
    with pytest.raises(InvalidField, match="500,000 rows"):
        tracker.symptoms.plan_import(write("t,a\n" + "1,2\n" * 500_001))


def test_lines_are_counted_as_the_file_has_them(tracker: Tracker, write: Write) -> None:
    text = f'\r\n\r\ntime,worry,diary\r\n\r\n{T},1,"one\r\ntwo\rthree\nfour"\r\r\n\n,2,x\r\n'
    report = tracker.symptoms.import_csv(write(text))
    assert [(row.line, row.reason) for row in report.bad] == [(11, "answers without a time")]
    assert tracker.symptoms.plan_import(write(text)).first_rows[0].line == 5
