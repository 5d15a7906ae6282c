"""Homework on the days of the charts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import get_args
from uuid import UUID
from xml.etree import ElementTree as ET

from msgspec import Struct

from intersession_schemas.documents.care.adherence import OccurrenceState
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress
from intersession_schemas.measures.material import Cut, Material, material
from intersession_schemas.records.filing import FiledRows
from intersession_schemas.streams import Kind
from intersession_server.web.charts.backdrop import Backdrop
from intersession_server.web.charts.homework_charts import (
    MOST_ASSIGNMENTS,
    HomeworkShown,
    done_of_due,
    homework_picture,
    homework_shown,
    state_words,
    states_words,
)

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
FIRST, LAST = date(2026, 3, 25), date(2026, 3, 31)
CUT = Cut(heads={}, now=NOW, zone="UTC")
DAY = timedelta(days=1)


def record(homework: Homework, *progress: tuple[HomeworkProgress, datetime]) -> Material:
    def filed() -> list[tuple[UUID, Kind, Struct, FiledRows]]:
        found: list[tuple[UUID, Kind, Struct, FiledRows]] = [(UUID(int=1), Kind.HOMEWORK, homework, FiledRows())]
        for number, (one, arrived) in enumerate(progress, start=2):
            rows = FiledRows(first_received_at=arrived, last_received_at=arrived)
            found.append((UUID(int=number), Kind.HOMEWORK_PROGRESS, one, rows))
        return found

    return material(filed())


def daily(since: date = FIRST) -> Homework:
    return Homework(what="walk", rule="FREQ=DAILY", since=since, assigned_at=NOW - timedelta(days=4_000))


def said(
    day: int, status: str, entered: timedelta = timedelta(), waited: timedelta = timedelta()
) -> tuple[HomeworkProgress, datetime]:
    at = datetime(2026, 3, day, 18, tzinfo=UTC)
    progress = HomeworkProgress(
        homework=UUID(int=1),
        occurrence=at.date().isoformat(),
        status=status,  # type: ignore[arg-type]
        done_at=at,
        entered_at=at + entered,
    )
    return progress, at + entered + waited


def drawn(one: HomeworkShown, first: date = FIRST, last: date = LAST) -> ET.Element:
    return ET.fromstring(homework_picture(one, Backdrop(first, last), one.what, "h1"))


def bars(svg: ET.Element) -> list[tuple[str, str, float]]:
    """Class, title and height of each value."""
    return [
        (one.attrib["class"], one.findtext("title") or "", float(one.attrib["height"]))
        for one in svg.iter("rect")
        if "value" in one.attrib["class"].split()
    ]


def test_done_and_not_done_days_are_told_apart_by_height_and_in_words() -> None:
    found, left_out = homework_shown(
        record(daily(), said(25, "done"), said(26, "partly"), said(27, "not"), said(28, "could_not")), CUT, FIRST, LAST
    )
    (one,) = found
    assert left_out == 0
    assert done_of_due(one.states) == "1 of 5 done"
    assert states_words(one.states) == "1 done, 1 partly done, 1 not done, 1 could not, 1 open, 2 unanswered"
    values = bars(drawn(one))
    assert [title for _, title, _ in values] == [
        "Wed 25 Mar 2026: done",
        "Thu 26 Mar 2026: partly done",
        "Fri 27 Mar 2026: not done",
        "Sat 28 Mar 2026: could not",
        "Sun 29 Mar 2026: unanswered",
        "Mon 30 Mar 2026: unanswered",
        "Tue 31 Mar 2026: open",
    ]
    heights = [height for _, _, height in values]
    assert heights[0] > heights[1] > heights[2]
    assert [class_ for class_, _, _ in values][:3] == [
        "value done done-done",
        "value done done-partly",
        "value done done-not",
    ]


def test_what_was_synced_and_what_was_entered_later_are_two_things() -> None:
    found, _ = homework_shown(
        record(daily(), said(25, "done", waited=2 * DAY), said(26, "done", entered=3 * DAY), said(27, "done")),
        CUT,
        FIRST,
        LAST,
    )
    assert [(class_.partition("done-done ")[2], title) for class_, title, _ in bars(drawn(found[0]))][:3] == [
        ("synced-later", "Wed 25 Mar 2026: done; synced later"),
        ("entered-later", "Thu 26 Mar 2026: done; entered later"),
        ("", "Fri 27 Mar 2026: done"),
    ]


def test_years_are_summed_up_and_every_occurrence_is_counted() -> None:
    first = date(2024, 4, 1)
    found, _ = homework_shown(record(daily(first), said(25, "done")), CUT, first, LAST)
    (one,) = found
    assert (one.marks, one.unit) == ((), "week")
    assert sum(sum(each.states.values()) for each in one.periods) == (LAST - first).days + 1
    values = bars(drawn(one, first))
    assert len(values) == len(one.periods)
    assert [title for class_, title, _ in values if class_ == "value done done-done"] == [
        "23 Mar – 29 Mar 2026: 1 done, 6 unanswered".replace("23 Mar", "23\N{NO-BREAK SPACE}Mar").replace(
            "29 Mar 2026", "29\N{NO-BREAK SPACE}Mar\N{NO-BREAK SPACE}2026"
        )
    ]


def test_only_so_many_assignments_are_drawn_and_those_without_a_day_in_the_range_are_not() -> None:
    homework = [
        Homework(what=f"walk {number}", due=FIRST if number else FIRST - DAY, assigned_at=NOW - 40 * DAY)
        for number in range(MOST_ASSIGNMENTS + 3)
    ]
    made = material((UUID(int=n), Kind.HOMEWORK, one, FiledRows()) for n, one in enumerate(homework, start=1))
    found, left_out = homework_shown(made, CUT, FIRST, LAST)
    assert (len(found), left_out) == (MOST_ASSIGNMENTS, 2)
    assert "walk 0" not in {one.what for one in found}


def test_nothing_that_is_due_is_not_a_share_of_nothing() -> None:
    assert done_of_due({"open": 3, "paused": 1}) == "none due yet"
    assert all(state_words(state) for state in get_args(OccurrenceState))
