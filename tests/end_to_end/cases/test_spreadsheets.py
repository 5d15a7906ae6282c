"""Spreadsheets of others: what can be read is kept, what cannot is named, and what has two readings is asked.

More of each kind: delimiters, keys, names and cells in tests/client_sdk/importing/, any bytes and cells in
test_anything.py there, one file on two devices in tests/end_to_end/test_corrected_logs.py, and whole spreadsheets of
eight locales in tests/end_to_end/real_data/test_spreadsheets_of_others.py.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.end_to_end.cases.conftest import DRAWN_ELSEWHERE, Command, Write, read_json

from intersession import ImportPlan, InvalidField, Tracker
from intersession.importing.choices import Choices
from intersession.importing.importer import zone_called
from intersession.importing.reading import RowReader, key_of
from intersession.importing.understanding import understand

pytestmark = DRAWN_ELSEWHERE

T, U, V = "2026-05-04T21:13:00+02:00", "2026-05-05T21:13:00+02:00", "2026-05-06T21:13:00+02:00"


class Read(NamedTuple):
    """What an import makes of a file, before it is kept: logs in the order of their moments, and what it names."""

    plan: ImportPlan
    at: list[datetime]
    values: list[dict[str, Any]]
    notes: list[str]
    bad: list[int]
    cells: list[tuple[int, str]]
    keys: list[str]


def read(content: str | bytes, **given: Any) -> Read:
    """What is understood of a file, if nothing has to be asked. Raises `InvalidField`."""
    data = content if isinstance(content, bytes) else content.encode()
    found = understand(data, Choices(**given), lambda _: None, zone_called)
    assert found.plan.ambiguous == (), found.plan.ambiguous
    reader = RowReader(found.table, found.recipe, zone_called)
    logs = sorted(
        ((at, place, log) for at, there in reader.by_moment().items() for place, log in enumerate(there, start=1)),
        key=lambda one: one[:2],
    )
    return Read(
        found.plan,
        [at for at, _, _ in logs],
        [dict(zip(log.names, log.values, strict=True)) for _, _, log in logs],
        [log.note for _, _, log in logs],
        [row.line for row in reader.bad],
        [(cell.line, cell.column) for cell in reader.cells],
        [key_of(at, place, None) for at, place, _ in logs],
    )


# -- what is read, what is not and why ---------------------------------------------------------------------------------


def test_a_table_of_somebody_elses_spreadsheet_by_the_command(command: Command, write: Write) -> None:
    rows = [(T, "3", "7,5"), (U, "4", "6,5"), (V, "2", "8"), ("2026-05-07T21:13:00+02:00", "2", "8")]
    file = write("time;worry;sleep\n" + "".join(f"{';'.join(row)}\n" for row in rows))
    report = read_json(command("--json", "import", "symptoms", str(file)))
    assert (report["columns"], report["imported"], report["bad"], report["left_out"]) == (["worry", "sleep"], 4, [], [])
    assert "7.5" in command("symptoms", "sleep").output


def test_a_row_without_an_answer_is_counted_as_that(command: Command, write: Write) -> None:
    done = command("import", "symptoms", str(write(f"time,worry\n{T},3\n{U},\n{V},n/a\n")))
    assert done.exit_code == 0
    assert "1 imported" in done.output
    assert "2 without an answer" in done.output


def test_a_phone_number_is_no_symptom_and_that_is_said(command: Command, write: Write) -> None:
    rows = "".join(f"{at},7,01715550{n},3\n" for n, at in enumerate((T, U, V)))
    done = command("import", "symptoms", str(write("time,person_id,phone,worry\n" + rows)))
    assert done.exit_code == 0
    assert "read: worry" in done.output
    assert {"left out: person_id", "left out: phone"} <= {line.rsplit(":", 1)[0] for line in done.output.splitlines()}


OTHER_FILES = {
    "a workbook": (b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)), "workbook"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), "older Excel"),
    "a PDF": (b"%PDF-1.4\n%\xe2\xe3\n", "a PDF"),
    "a web page called xls": (b"\n<html><table><tr><td>time</td></tr></table></html>", "web page"),
    "JSON": (b'[{"time": "2026-05-04T21:13:00Z", "worry": 3}]', "JSON"),
    "something compressed": (b"\x1f\x8b\x08\x00\x00", "compressed"),
    "a store": (b"SQLite format 3\0" + bytes(100), "a database"),
}


@pytest.mark.parametrize("what", OTHER_FILES)
def test_a_file_of_another_kind_is_called_what_it_is(what: str) -> None:
    content, says = OTHER_FILES[what]
    with pytest.raises(InvalidField, match=rf"The file is .*{says}.*save it as CSV"):
        read(content)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it is empty"),
        ("\ufeff", "it is empty"),
        (" \n\t\n", "no header line"),
        ("time,worry", "a header but no rows"),
        (f"time,worry\n{T},3,5\n{U},4,2\n", "Line 2: 3 cells where the header has 2"),
        (f"time!worry\n{T}!3\n", "one column: time!worry"),
        (f"time，worry\n{T}，3\n", "one column"),
        (f"time,worry, worry \n{T},3,4\n", "has the column 'worry' twice"),
        (f"time,sléep,sle\u0301ep\n{T},3,4\n", "has the column 'sléep' twice"),
        (b"time,worry\n\xff\x00\xfe\x00\x80\n", "encoding of the file is not recognised"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_says_why(
    tracker: Tracker, write: Write, text: str | bytes, says: str
) -> None:
    with pytest.raises(InvalidField, match=says):
        tracker.symptoms.import_csv(write(text))
    assert tracker.symptoms.logs() == []


# -- how columns are parted --------------------------------------------------------------------------------------------

SHAPES: dict[str, str] = {
    "a comma in the header": f"time;How tense, sad, low, flat are you?;sleep\n{T};3;6\n",
    "sep= and a mark": f"sep=;\n\ufefftime;x, y;sleep\n{T};3;6\n",
    "SEP= with a pipe": f"SEP=|\r\ntime|x, y|sleep\r\n{T}|3|6\r\n",
    "tabs": f"time\tx, y; z\tsleep\n{T}\t3\t6\n",
    "columns without a name behind": f"time,x,sleep,,\n{T},3,6,,\n",
    "delimiters behind the header alone": f"time,x,sleep,,\n{T},3,6\n",
    "delimiters behind the rows alone": f"time,x,sleep\n{T},3,6,,,\n",
    "an index in front": f",time,x,sleep\n0,{T},3,6\n",
    "a title over merged cells": f"My diary,,\n,,\ntime,x,sleep\n{T},3,6\n",
    "a comment": f"# exported by an app; 2026\ntime,x,sleep\n{T},3,6\n",
    "an empty row first": f",,\ntime,x,sleep\n{T},3,6\n",
    "two marks": f"\ufeff\ufefftime,x,sleep\n{T},3,6\n",
    "a mark in front of a row": f"time,x,sleep\n\ufeff{T},3,6\n",
    "quotes round everything": f'"time","x","sleep"\n"{T}","3","6"\n',
    "spaces": f" time ; x ; sleep \n {T} ; 3 ; 6 \n",
    "old line ends": f"time,x,sleep\r{T},3,6\r",
    "doubled line ends": f"time,x,sleep\r\r\n{T},3,6\r\r\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_however_columns_are_parted(shape: str) -> None:
    found = read(SHAPES[shape])
    assert (found.bad, found.cells) == ([], [])
    (log,) = found.values
    assert sorted(log.values()) == [3, 6]


def test_what_stands_above_the_header_is_said_not_to_be_read(command: Command, write: Write) -> None:
    file = write(SHAPES["a title over merged cells"])
    assert (
        "Its columns are named in line 3; nothing above it is read."
        in command("import", "symptoms", str(file), "--plan").output
    )


def test_a_row_of_data_is_no_header() -> None:
    plan = read(f"time,,\n{T},3,6\n{U},4,7\n").plan
    assert (plan.header_line, plan.time, plan.columns) == (1, ("time",), ())
    assert [one.column for one in plan.left_out] == ["column 2", "column 3"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-8-sig", "utf-32"])
def test_wide_text_without_many_latin_letters(encoding: str) -> None:
    name = "不安と睡眠の質と一日の気分の記録" * 3
    assert read(f"日時;{name}\n2026-05-04T21:13:00Z;3\n".encode(encoding)).plan.columns == (name,)


CODE_PAGES = {"shift_jis": "不安", "gb18030": "焦虑", "cp1251": "тревога", "iso8859-7": "άγχος"}
CODE_PAGES |= dict.fromkeys(("cp850", "mac-roman"), "Müdigkeit")


@pytest.mark.parametrize("encoding", CODE_PAGES)
def test_letters_of_another_code_page_are_asked_about(tracker: Tracker, write: Write, encoding: str) -> None:
    file = write(f"time;{CODE_PAGES[encoding]}\n{T};3\n", encoding)
    assert "encoding" in {one.option for one in tracker.symptoms.plan_import(file).ambiguous}
    assert tracker.symptoms.import_csv(file, encoding=encoding).columns == (CODE_PAGES[encoding],)


@pytest.mark.parametrize(
    ("called", "sign"), [("tab", "\t"), ("semicolon", ";"), ("comma", ","), ("bar", "|"), ("!", "!")]
)
def test_the_sign_between_cells_can_be_named(command: Command, write: Write, called: str, sign: str) -> None:
    file = write(f"time{sign}worry\n{T}{sign}3\n")
    assert command("import", "symptoms", str(file), "--delimiter", called).exit_code == 0


# -- cells -------------------------------------------------------------------------------------------------------------

NUMBERS: dict[str, float] = {
    '="3"': 3,
    '"=""3"""': 3,
    "'3": 3,
    "3\u200b": 3,
    "\u200e3": 3,
    "3\0": 3,
    "3\ufe0f\u20e3": 3,
    "٣": 3,
    "۳": 3,
    "３": 3,
    '"3,5"': 3.5,
    "٣٫٥": 3.5,
    "3.50": 3.5,
    "3e0": 3,
    "−3": -3,
    "1\u202f234,5": 1234.5,
    "1'234.5": 1234.5,
    '"1.234,5"': 1234.5,
}


@pytest.mark.parametrize("cell", NUMBERS)
def test_a_number_is_read_however_it_is_written(cell: str) -> None:
    assert read(f"time;x\n{T};{cell}\n").values == [{"x": NUMBERS[cell]}]
    if "," not in cell:
        assert read(f"time,x\n{T},{cell}\n").values == [{"x": NUMBERS[cell]}]


UNITS = [(("7 h", "6,5 h"), 7), (("70 %", "65%"), 70), (("36,6°C", "37 °C"), 36.6)]


@pytest.mark.parametrize(("cells", "value"), UNITS)
def test_a_unit_is_part_of_how_a_column_is_written(cells: tuple[str, str], value: float) -> None:
    found = read(f"time;x\n{T};{cells[0]}\n{U};{cells[1]}\n{V};7 min\n")
    assert (len(found.values), found.bad, found.values[0]) == (2, [4], {"x": value})


@pytest.mark.parametrize(
    "cell",
    ["x", "?", "much", "3 or 4", "3-4", "3/10", "~3", ">3", "3+", "(3)", "€3", "7:30", "½", "#DIV/0!", "=A1", "***"],
)
def test_one_cell_that_is_no_number_costs_itself(cell: str) -> None:
    found = read(f"time,worry,sleep\n{T},3,{cell}\n{U},4,6\n")
    assert (found.bad, found.cells) == ([], [(2, "sleep")])
    assert found.values == [{"worry": 3}, {"worry": 4, "sleep": 6}]


@pytest.mark.parametrize("nothing", ["", "n/a", "N/A", "-", "–", "NaN", "null", "#N/A", "keine Angabe", "\u200b", "\0"])
def test_nothing_is_no_mistake(nothing: str) -> None:
    found = read(f"time,worry,sleep\n{T},3,{nothing}\n{U},4,6\n")
    assert (len(found.values), found.bad, found.cells) == (2, [], [])


ROWS: dict[str, tuple[str, list[int], list[str]]] = {
    "a quote that is never closed": (f'{T},3,6,"never closed\n{U},4,7,b c d\n', [], ["never closed", "b c d"]),
    "one in front of the time": (f'"{T},3,6,a b\n{U},4,7,b c d\n', [], ["a b", "b c d"]),
    "one in front of a number": (f'{T},"3,6,a b\n{U},4,7,b c d\n', [], ["a b", "b c d"]),
    "one with commas behind": (f'{T},3,6,"this, and that\n{U},4,7,b c d\n', [], ["this, and that", "b c d"]),
    "a quote in the middle": (f'{T},3,6,said "no" twice\n{U},4,7,b c d\n', [], ['said "no" twice', "b c d"]),
    "a cell of two lines": (f'{T},3,6,"a\nb, c"\n{U},4,7,b c d\n', [], ["a\nb, c", "b c d"]),
    "what ends a line elsewhere": (
        f"{T},3,6,a b\u2028b\u0085c\x0b\n{U},4,7,b c d\n",
        [],
        ["a b\u2028b\u0085c", "b c d"],
    ),
    "a row that is too short": (f"{T},3\n{T},3,6,a b\n{U},4,7,b c d\n", [2], ["a b", "b c d"]),
    "a row of something else": (f"Total,3\n\0\0\0\n{T},3,6,a b\n{U},4,7,b c d\n", [2, 3], ["a b", "b c d"]),
    "mixed line ends": (f"{T},3,6,a b\r{U},4,7,b c d\r\n", [], ["a b", "b c d"]),
}


@pytest.mark.parametrize("what", ROWS)
def test_what_is_wrong_with_a_row_stays_with_it(what: str) -> None:
    rows, bad, notes = ROWS[what]
    found = read("time,worry,sleep,note\n" + rows)
    assert (found.bad, found.values) == (bad, [{"worry": 3, "sleep": 6}, {"worry": 4, "sleep": 7}])
    assert (found.notes, found.cells) == (notes, [])


def test_a_long_cell_costs_itself_at_most() -> None:
    rows = f"{T},3,{'x ' * 100_000}\n{U},4,b c d\n"
    assert (read("time,worry,diary\n" + rows).cells, len(read("time,worry,diary\n" + rows).values)) == ([], 2)
    noted = read("time,worry,note\n" + rows)
    assert (noted.cells, noted.values, noted.notes) == ([(2, "note")], [{"worry": 3}, {"worry": 4}], ["", "b c d"])


# -- moments -----------------------------------------------------------------------------------------------------------

SPELLINGS = [
    "2026-05-04T21:13:00+02:00", "2026-05-04T19:13:00Z", "2026-05-04t19:13z", "20260504T191300Z",
    "20260504T211300+0200", "2026-05-04T21:13:00.000000000+02:00", "2026-05-04 21:13 Europe/Berlin", "1777921980",
    "2026-05-04T21:13+02:00[Europe/Berlin]", "2026-05-04T15:13\u221204:00", '"Mon, 04 May 2026 21:13:00 +0200"',
    "2026-05-04\u00a021:13 CEST", '="2026-05-04 21:13 CEST"', "\u200e2026-05-04T19:13Z", "2026-05-04 21:13 +02",
]  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_one_moment_is_one_moment_in_whatever_spelling(spelling: str) -> None:
    """What makes a log the same one, on every device, is its key."""
    assert read(f"time,worry\n{spelling},3\n").keys == read(f"time,worry\n{T},3\n").keys
    both = read(f"time,worry\n{T},3\n{spelling},7\n{spelling},3\n")
    assert (len(set(both.keys)), both.bad) == (2, [])


def test_a_row_in_two_spellings_is_one_log_and_two_rows_of_one_time_are_two(tracker: Tracker, write: Write) -> None:
    report = tracker.symptoms.import_csv(write("".join(["time,worry\n", *(f"{at},3\n" for at in SPELLINGS)])))
    assert (report.imported, report.unchanged, report.conflicts) == (1, len(SPELLINGS) - 1, ())
    report = tracker.symptoms.import_csv(write(f"time,worry\n{T},3\n2026-05-04T19:13:00Z,7\n"))
    assert (report.imported, report.unchanged, report.conflicts) == (1, 1, ())


def test_the_end_of_a_day_is_the_beginning_of_the_next() -> None:
    assert read("time,x\n2026-05-04T24:00+02:00,3\n").keys == read("time,x\n2026-05-05T00:00+02:00,3\n").keys


def test_a_moment_that_there_is_not_is_a_bad_row() -> None:
    odd = ["0001-01-01T00:00+01:00", "9999-12-31T23:59-01:00", "0000-01-01T00:00Z", "2026-02-30T10:00Z"]
    found = read("time,worry\n" + "".join(f"{at},3\n" for at in (*odd, "2026-05-03T43:13Z", T)))
    assert (found.bad, len(found.values)) == ([2, 3, 4, 5, 6], 1)


# -- any of it ---------------------------------------------------------------------------------------------------------

DIRT = ["\u200b", "\ufeff", "\u200e", "\u00a0", " ", "\0", "\u202f", "\u2060"]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_nobody_can_see_changes_nothing(data: st.DataObject) -> None:
    """The same table with spaces and unseen characters round its cells is the same logs."""

    def dirty(cell: str) -> str:
        some = st.lists(st.sampled_from(DIRT), max_size=2).map("".join)
        return data.draw(some) + cell + data.draw(some)

    rows = data.draw(st.lists(st.tuples(st.sampled_from([T, U, V]), st.integers(0, 10)), min_size=1, max_size=4))
    delimiter, end = data.draw(st.sampled_from([",", ";", "\t", "|"])), data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
    clean = [("time", "worry"), *((at, str(value)) for at, value in rows)]
    soiled = end.join(delimiter.join(map(dirty, row)) for row in clean)
    assert read(soiled)[1:] == read("\n".join(map(",".join, clean)))[1:]
