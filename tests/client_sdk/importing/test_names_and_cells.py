"""Names of symptoms and the cells below them: each number is read as it is meant, or asked about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.client_sdk.importing.spreadsheets import T, Write, asks, left_out, logs

from intersession import Tracker


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
