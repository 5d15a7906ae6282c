"""Files that are too large, or made to cost more than their length."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from tests.client_sdk.importing.spreadsheets import T, Write

from intersession import InvalidField, Tracker


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
