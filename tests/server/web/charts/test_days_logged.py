from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.documents.diary.journal import JournalEntry
from intersession_schemas.documents.diary.symptoms import Bucket, Log
from intersession_schemas.documents.local_days import day_of
from intersession_schemas.measures.material import Material, material
from intersession_schemas.records.filing import FiledRows
from intersession_schemas.streams import Kind
from intersession_server.web.charts.series import days_logged

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MOMENTS = st.builds(
    lambda hours, offset: (NOON + timedelta(hours=hours)).astimezone(timezone(timedelta(hours=offset))),
    st.integers(-30, 30),
    st.integers(-12, 14),
)


def made(moods: list[datetime], logs: list[datetime], begins: int) -> Material:
    entries = [JournalEntry(at, None, None, "", (), 4, ()) for at in moods]
    unsaid = JournalEntry(NOON - timedelta(days=90), None, None, "", (), None, ())
    bucket = Bucket("", tuple(Log(id=UUID(int=n), at=at, entered_at=at, values={}) for n, at in enumerate(logs)))
    return material(
        [
            (UUID(int=100), Kind.PLAN, Plan(day_begins=begins), FiledRows()),
            (UUID(int=101), Kind.SYMPTOM_LOG, bucket, FiledRows()),
            *((UUID(int=200 + n), Kind.JOURNAL_ENTRY, one, FiledRows()) for n, one in enumerate([unsaid, *entries])),
        ]
    )


@given(st.lists(MOMENTS, max_size=6), st.lists(MOMENTS, max_size=6), st.integers(0, 6))
def test_it_is_from_the_first_to_the_last_local_day_of_all(
    moods: list[datetime], logs: list[datetime], begins: int
) -> None:
    days = [day_of(at, begins) for at in (*moods, *logs)]
    assert days_logged(made(moods, logs, begins)) == ((min(days), max(days)) if days else None)
