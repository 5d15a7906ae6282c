"""A record to make signals and briefs of: documents are added one by one, each with the rows that it came in."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.assessments.answers import AnswerValue, Completion, ItemAnswer
from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.diary.journal import JournalEntry
from intersession_schemas.documents.diary.symptoms import Bucket, Log
from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.measures.material import Cut, Material, material
from intersession_schemas.records.filing import FiledRows
from intersession_schemas.streams import Kind

SUMMER = timezone(timedelta(hours=2))
THERAPIST = UUID(int=1)
CLIENT = UUID(int=2)


def at(day: int, hour: int = 12, minute: int = 0, *, month: int = 5) -> datetime:
    """A moment in May 2026 (the 4th is a Monday), two hours ahead of UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=SUMMER)


def day(number: int, *, month: int = 5) -> date:
    """A day in May 2026."""
    return date(2026, month, number)


def cut(now: datetime, seq: int = 1_000) -> Cut:
    """As of `now`."""
    return Cut(heads={"record": seq}, now=now, zone="Europe/Berlin")


def answers(instrument: str, value: AnswerValue = 0, **others: AnswerValue) -> dict[str, AnswerValue]:
    """Every required item of an instrument answered with `value`, but for `others`."""
    return {item.key: value for item in INSTRUMENTS[instrument].required()} | others


class Record:
    """Documents in the order in which they arrive, one row each unless told otherwise."""

    def __init__(self) -> None:
        self.documents: list[tuple[UUID, Kind, Struct, FiledRows]] = []
        self.options: dict[str, Any] = {}

    def add(
        self,
        kind: Kind,
        model: Struct,
        arrived: datetime | None = None,
        *,
        author: UUID = CLIENT,
        last: datetime | None = None,
        parts: dict[str, datetime] | None = None,
    ) -> UUID:
        """Add a document that arrived at `arrived`; `last` is when its last row did."""
        number = len(self.documents) + 1
        id_ = UUID(int=1_000 + number)
        seq = None if arrived is None else number * 10
        rows = FiledRows(
            author=author,
            first_seq=seq,
            last_seq=seq + 1 if seq is not None and last is not None else seq,
            first_received_at=arrived,
            last_received_at=last or arrived,
            parts=parts or {},
        )
        self.documents.append((id_, kind, model, rows))
        return id_

    def entry(self, written: datetime, arrived: datetime | None = None, text: str = "Slept.") -> UUID:
        """A journal entry; it arrives when it is written."""
        entry = JournalEntry(written, written, "Europe/Berlin", text, (), None, ())
        return self.add(Kind.JOURNAL_ENTRY, entry, arrived or written)

    def logs(self, *logs: tuple[datetime, dict[str, float]], arrived: dict[int, datetime] | None = None) -> UUID:
        """A bucket of logs, each arriving when it is made, or as `arrived` says by its place."""
        base = len(self.documents) * 100
        made = tuple(
            Log(UUID(int=10_000 + base + number), moment, moment, values)
            for number, (moment, values) in enumerate(logs)
        )
        times = {str(log.id): (arrived or {}).get(number, log.at) for number, log in enumerate(made)}
        return self.add(Kind.SYMPTOM_LOG, Bucket("2026-05", made), min(times.values()), parts=times)

    def assessment(
        self,
        given: dict[str, AnswerValue],
        completed: datetime,
        arrived: datetime | None = None,
        *,
        instrument: str = "phq-9",
        **fields: Any,
    ) -> UUID:
        """An assessment completed at once."""
        id_ = UUID(int=5_000 + len(self.documents))
        completion = Completion(id=id_, answers=given, completed_at=completed, scheme=INSTRUMENTS[instrument].scheme)
        return self.add(
            Kind.ASSESSMENT, assessed(instrument, completed, completions=(completion,), **fields), arrived or completed
        )

    @property
    def material(self) -> Material:
        """What is in the record."""
        return material(self.documents, **self.options)


def assessed(instrument: str, started: datetime, **fields: Any) -> Assessment:
    """An assessment as it is read."""
    scheme = INSTRUMENTS[instrument].scheme if instrument in INSTRUMENTS else "another"
    return Assessment(instrument=instrument, scheme=scheme, started_at=started, **fields)


def drafted(value: AnswerValue, moment: datetime, number: int = 1) -> ItemAnswer:
    """An answer in a draft."""
    return ItemAnswer(id=UUID(int=7_000 + number), value=value, at=moment)
