"""What is read of a client: values, as the pages and the HTTP API have them. Pure."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.journal import Section
from intersession_schemas.documents.symptoms import Number


class EntryView(Struct, frozen=True):
    """A journal entry, as it stands now.

    `written_at` is what it is about and `entered_at` when it was typed in, both as the client's clock showed them;
    `arrived_at` is when its first, `changed_at` when its latest change was received. `late`: it arrived more than a
    day after what it is about. `problems` names what of it could not be read.
    """

    id: UUID
    written_at: datetime | None
    entered_at: datetime | None
    zone: str | None
    arrived_at: datetime
    changed_at: datetime
    late: bool
    mood: int | None
    tags: list[str]
    text: str
    sections: list[Section]
    problems: list[str]


class SymptomLogView(Struct, frozen=True):
    """The symptoms noted at one moment: `values` by name, on `scale` (lowest, highest) where it has one.

    `at` is what it is about, with the offset that the client's clock had; the other moments as of `EntryView`.
    """

    id: UUID
    at: datetime
    zone: str | None
    values: dict[str, Number]
    scale: tuple[Number, Number] | None
    note: str
    entered_at: datetime
    arrived_at: datetime
    late: bool


class Summary(Struct, frozen=True):
    """What has arrived of a client. `last_written_at` is the newest moment that an entry or a log is about."""

    entries: int = 0
    symptom_logs: int = 0
    last_written_at: datetime | None = None
    last_arrived_at: datetime | None = None
