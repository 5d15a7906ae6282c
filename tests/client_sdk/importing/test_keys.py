"""Rows are known again by what they say: none is imported twice, on whichever device, and none is lost."""

from __future__ import annotations

from typing import Any

import pytest
from tests.client_sdk.importing.spreadsheets import BERLIN, T, Write

from intersession import Tracker


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
