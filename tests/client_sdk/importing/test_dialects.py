"""Spreadsheets with any delimiter, encoding and line end, and with decimals of their own."""

from __future__ import annotations

import pytest
from tests.client_sdk.importing.spreadsheets import BERLIN, T, Write, asks, logs

from intersession import InvalidField, Tracker


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
