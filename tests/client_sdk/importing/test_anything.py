"""Nothing that a file holds ends an import otherwise than in words."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from intersession import InvalidField
from intersession.importing.choices import Choices
from intersession.importing.importer import zone_called
from intersession.importing.reading import RowReader
from intersession.importing.understanding import understand

CELLS = [
    *("", "NA", "3", "3,5", "1.234", "-1e400", "9" * 400, "=1+1", "٣", "½", "²", "7 h", "x\u2028y", "\0"),
    *('"', '""', "'"),
    *("2026-05-04T21:13Z", "2026-02-30 10:00", "0000-00-00", "9999-12-31T23:59-23:59", "0001-01-01T00:00+23:59"),
    *("04/05/2026",),
    *("32.13.2026", "04.05.26", "May 4", "4 May 2026 9:13 PM", "9:13 PM", "25:61", "46146,5", "99999999999999999999"),
    *("1777921980", "2026-05-04 21:13 Europe/Nowhere", "2026-05-04 21:13 ../../x", "2026-05-04 02:30 EST", "²³:⁴⁵"),
    *("worry", "time", "symptom", "value", "note", "mood", "weekday", "activities", "category"),
    *("rating/amount", "detail"),
]  # fmt: skip
CHOICES = st.builds(
    Choices,
    zone=st.sampled_from([None, "Europe/Berlin"]),
    date_order=st.sampled_from([None, "dmy", "mdy", "ymd", "excel"]),
    layout=st.sampled_from([None, "wide", "long"]),
    scale=st.sampled_from([None, (0, 10)]),
)


def read(data: bytes, choices: Choices) -> None:
    with suppress(InvalidField):
        found = understand(data, choices, lambda _: None, zone_called)
        reader = RowReader(found.table, found.recipe, zone_called)
        if found.plan.time:
            logs = [one for there in reader.by_moment().values() for one in there]
            assert all(line > 1 for one in logs for line in one.lines)
            assert reader.rows == found.plan.rows


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=400), choices=CHOICES)
def test_any_bytes(data: bytes, choices: Choices) -> None:
    read(data, choices)
    read(b"time,worry\n" + data, choices)


@settings(max_examples=500, deadline=None)
@given(
    rows=st.lists(st.lists(st.sampled_from(CELLS), min_size=1, max_size=6), min_size=1, max_size=8),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    choices=CHOICES,
)
def test_any_cells(rows: list[list[str]], delimiter: str, end: str, choices: Choices) -> None:
    read(end.join(delimiter.join(row) for row in rows).encode(), choices)
    read(f"time{delimiter}worry{end}".encode() + end.join(delimiter.join(row) for row in rows).encode(), choices)
