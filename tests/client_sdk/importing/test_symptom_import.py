"""Importing symptom logs: real answers whole, bad rows told apart, nothing twice."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.client_sdk.practice import replica_of

from intersession import BadCell, BadRow, ImportReport, InvalidField, StoreFull, Tracker

EMA = Path(__file__).parents[4] / "shared" / "data" / "ema_fried2021.csv"
ITEMS = 18


@pytest.fixture
def ema() -> Path:
    """The real data that lie beside the repository."""
    assert EMA.is_file(), f"the data for these tests are missing: put them at {EMA}"
    return EMA


def answered(ema: Path) -> dict[str, list[dict[str, str]]]:
    """The rows with at least one answer, by person."""
    by_person: dict[str, list[dict[str, str]]] = {}
    with ema.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if any(list(row.values())[3:]):
                by_person.setdefault(row["person"], []).append(row)
    return by_person


def test_real_answers_of_everybody_arrive_whole(ema: Path, open_tracker: Any) -> None:
    expected = answered(ema)
    assert len(expected) == 79
    totals = {"imported": 0, "skipped_empty": 0, "partial": 0}
    for person, rows in expected.items():
        tracker = open_tracker(person)
        report = tracker.symptoms.import_csv(ema, time="answered_at", only=("person", person), scale=(1, 5))
        assert len(report.columns) == ITEMS
        assert (report.bad, report.conflicts, report.unchanged) == ((), (), 0)
        assert report.rows == 4372 == report.imported + report.skipped_empty + report.other
        logs = {log.at.isoformat(): log for log in tracker.symptoms.logs()}
        assert report.imported == len(rows) == len(logs)
        for row in rows:
            given = {name: int(row[name]) for name in report.columns if row[name]}
            assert logs[row["answered_at"]].values == given
        totals["imported"] += report.imported
        totals["skipped_empty"] += report.skipped_empty
        totals["partial"] += sum(len(log.values) < ITEMS for log in logs.values())
        tracker.close()
    assert totals == {"imported": 3948, "skipped_empty": 424, "partial": 30}


def test_importing_again_adds_nothing(ema: Path, tracker: Tracker, open_tracker: Any) -> None:
    first = tracker.symptoms.import_csv(ema, time="answered_at", only="person=p02")
    logs = tracker.symptoms.logs()
    tracker.close()
    tracker = open_tracker("tracker")
    again = tracker.symptoms.import_csv(ema, time="answered_at", only="person=p02")
    assert (again.imported, again.unchanged) == (0, first.imported)
    assert tracker.symptoms.logs() == logs


def test_few_documents_and_changes_for_many_logs(ema: Path, tracker: Tracker) -> None:
    report = tracker.symptoms.import_csv(ema, time="answered_at", only="person=p02")
    assert report.imported == 52
    with replica_of(tracker).reading() as store:
        assert store.number("SELECT count(*) FROM documents") == 1
        assert store.number("SELECT count(*) FROM changes") <= 20


T = "2026-05-04T08:00:00+02:00"


def test_a_changed_value_under_the_same_key_is_reported_and_not_overwritten(tracker: Tracker, write: Any) -> None:
    tracker.symptoms.import_csv(write(f"t,worry,relax\n{T},3,2\n"), time="t")
    report = tracker.symptoms.import_csv(write(f"t,worry,relax\n\n{T},4,2\n"), time="t")
    (conflict,) = report.conflicts
    assert (conflict.line, conflict.names, report.imported) == (3, ("worry",), 0)
    assert [log.values for log in tracker.symptoms.logs()] == [{"worry": 3, "relax": 2}]


def test_two_rows_of_one_moment_are_two_and_a_repeated_line_is_one(tracker: Tracker, write: Any) -> None:
    report = tracker.symptoms.import_csv(write(f"t,worry\n{T},3\n{T},3\n{T},4\n"), time="t")
    assert (report.imported, report.unchanged, report.conflicts) == (2, 1, ())
    assert sorted(point.value for point in tracker.symptoms.series("worry")) == [3, 4]


def test_the_same_moment_written_otherwise_is_the_same_row(tracker: Tracker, write: Any) -> None:
    tracker.symptoms.import_csv(write("t,worry\n2026-05-04T08:00:00+02:00,3\n"), time="t")
    report = tracker.symptoms.import_csv(write("t;worry\n2026-05-04 08:00+02:00;3\n"), time="t")
    assert (report.imported, report.unchanged) == (0, 1)


def test_bad_rows_are_listed_by_line_and_reason_and_the_good_ones_kept(tracker: Tracker, write: Any) -> None:
    rows = [
        "t,worry,relax,comment",
        f"{T},3,2,fine",
        "2026-05-04T09:00:00,3,2,no offset",
        "yesterday,3,2,no time",
        ",3,2,no time at all",
        f"{T},9,2,too much",
        f"{T},much,2,no number",
        f"{T},1,2",
        f"{T},inf,2,x",
        f"{T},nan,2,x",
        '"2026-05-04T10:00:00+02:00",1,2,"over',
        'two lines"',
        "2026-05-04T11:00:00+02:00,,NA,nothing",
        ",,,",
        "2026-05-04T12:00:00+02:00, 4 ,NA,partly",
        "2026-05-04T13:00:00+02:00,4,1,after the break",
        f"{T},1_0,2,x",
        "9999-12-31T23:59:59+00:00:30,1,2,x",
    ]
    report = tracker.symptoms.import_csv(write("\n".join(rows)), time="t", scale="1-5")
    assert report.columns == ("worry", "relax")
    assert (report.rows, report.imported, report.skipped_empty) == (16, 7, 2)
    assert report.bad == (
        BadRow(3, "the time has no UTC offset"),
        BadRow(4, "the time cannot be read; write it like 2020-03-16T12:04:45+01:00"),
        BadRow(5, "answers without a time"),
        BadRow(8, "3 cells where the header has 4"),
        BadRow(18, "the time must have a UTC offset of whole minutes"),
    )
    assert report.bad_cells == (
        BadCell(6, "worry", "is outside 1–5"),
        BadCell(7, "worry", "is not a number"),
        BadCell(9, "worry", "is not a number"),
        BadCell(13, "comment", "a note in a row without an answer is not imported"),
        BadCell(17, "worry", "is not a number"),
    )
    assert report.unchanged == 2
    logs = sorted(tracker.symptoms.logs(), key=lambda log: (-log.at.hour, len(log.values)))
    assert [(log.at.hour, log.values) for log in logs] == [
        (13, {"worry": 4, "relax": 1}),
        (12, {"worry": 4}),
        (10, {"worry": 1, "relax": 2}),
        (8, {"relax": 2}),
        (8, {"relax": 2}),
        (8, {"relax": 2}),
        (8, {"worry": 3, "relax": 2}),
    ]


def test_rows_of_others_count_as_nothing_else(tracker: Tracker, write: Any) -> None:
    file = write(f"who,t,worry\na,{T},1\nb,{T},nonsense\n b ,,\nc,{T},2\n")
    report = tracker.symptoms.import_csv(file, time="t", only="who=a", columns=["worry"])
    assert (report.rows, report.imported, report.other, report.skipped_empty, report.bad) == (4, 1, 3, 0, ())


def test_without_columns_all_that_hold_numbers_are_taken(tracker: Tracker, write: Any) -> None:
    file = write(f"who,t,asked,worry,half,empty,words\n1,{T},{T},1,2.5,,x\n1,{T[:-6]}+03:00,{T},oops,-1e-1,,y\n")
    report = tracker.symptoms.import_csv(file, time="t", only="who=1")
    assert report.columns == ("worry", "half")
    report = tracker.symptoms.import_csv(file, time="t", columns=["worry"], only="who=1")
    assert report.columns == ("worry",)


def test_a_column_is_taken_for_its_numbers_even_if_some_cells_are_bad(tracker: Tracker, write: Any) -> None:
    rows = "".join(f"2026-05-0{day}T08:00:00Z,{worry}\n" for day, worry in enumerate("12x", start=1))
    report = tracker.symptoms.import_csv(write("t,worry\n" + rows), time="t")
    assert (report.columns, report.imported, [row.line for row in report.bad]) == (("worry",), 2, [4])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (f"\ufefft,worry\r\n{T},1\r\n", "utf-8"),
        (f"t;worry\n{T};1\n", "utf-8"),
        (f"t\tworry\n{T}\t1", "utf-8"),
        (f'"t","worry"\r{T},"1"\r', "utf-8"),
        (f"t, worry \n {T} , 1 \n", "utf-8"),
        (f"t,Sörgen\n{T},1\n", "utf-8-sig"),
    ],
    ids=["BOM", "semicolons", "tabs", "old Mac", "spaces", "umlaut"],
)
def test_dialects(tracker: Tracker, write: Any, text: str, encoding: str) -> None:
    assert tracker.symptoms.import_csv(write(text, encoding), time="t").imported == 1


@pytest.mark.parametrize(
    ("text", "given", "says"),
    [
        (b"", {}, "no header"),
        (b"\n", {}, "no header"),
        (b"t,worry\n\xff\xfe,1\n", {}, "None of its 1 rows could be read"),
        (b"t,worry\n\xff\xfe,1\n", {"encoding": "utf-8"}, "not text in utf-8"),
        (b"t,worry,worry\n", {}, "twice"),
        (b"when,worry\n", {}, "no column 't'"),
        (b"t,worry\n", {"columns": ["relax"]}, "no column 'relax'"),
        (b"t,worry\n", {"only": "person=p01"}, "no column 'person'"),
        (b"t,worry\n", {"only": "person"}, "only must be"),
        (b"t,worry\n", {"only": ("person",)}, "only must be"),
        (b"t,worry\n", {"columns": "worry"}, "list"),
        (b"t,worry\n", {"columns": []}, "at least one"),
        (b"t,worry\n", {"scale": "5"}, "scale"),
        (b"t,worry\n", {"scale": "5-1"}, "scale"),
        (b"t,worry\n", {"time": 5}, "time"),
    ],
    ids=str,
)
def test_files_and_arguments_that_cannot_be_used(
    tracker: Tracker, tmp_path: Path, text: bytes, given: dict[str, Any], says: str
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(text)
    with pytest.raises(InvalidField, match=says):
        tracker.symptoms.import_csv(path, **{"time": "t", **given})


def test_a_file_that_is_not_there(tracker: Tracker, tmp_path: Path) -> None:
    with pytest.raises(InvalidField, match="cannot be read: No such file or directory"):
        tracker.symptoms.import_csv(tmp_path / "nothing.csv", time="t")


def test_strange_bytes_end_nothing(tracker: Tracker, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(
        f't,worry\n{T},1\n"x"y,2\n\x00,\x00\n'.encode() + b"," + b"9" * 200_000 + f"\n{T[:-6]}Z,2\n".encode()
    )
    report = tracker.symptoms.import_csv(path, time="t", columns=["worry"])
    assert report.imported == 2
    assert ([row.line for row in report.bad], report.skipped_empty) == ([3, 5], 1)


def test_progress_goes_from_nothing_to_all(tracker: Tracker, ema: Path) -> None:
    heard: list[tuple[int, int]] = []
    tracker.symptoms.import_csv(
        ema, time="answered_at", only="person=p01", progress=lambda done, rows: heard.append((done, rows))
    )
    assert heard[0] == (0, 4372)
    assert heard[-1] == (4372, 4372)
    assert heard == sorted(heard)


def test_what_a_full_disk_cut_short_is_completed_by_importing_again(tracker: Tracker, write: Any) -> None:
    start = datetime.fromisoformat(T)
    file = write("t,worry\n" + "".join(f"{(start + timedelta(hours=n)).isoformat()},{n}\n" for n in range(2000)))
    with replica_of(tracker).reading() as store:
        store.run(f"PRAGMA max_page_count = {store.number('PRAGMA page_count') + 120}")
    with pytest.raises(StoreFull):
        tracker.symptoms.import_csv(file, time="t")
    kept = len(tracker.symptoms.logs())
    assert 0 < kept < 2000
    with replica_of(tracker).reading() as store:
        store.run("PRAGMA max_page_count = 1000000")
    report: ImportReport = tracker.symptoms.import_csv(file, time="t")
    assert (report.imported, report.unchanged) == (2000 - kept, kept)
    assert sorted(point.value for point in tracker.symptoms.series("worry")) == list(range(2000))
