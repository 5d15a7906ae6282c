"""What the SDK answers with: frozen values, never live objects.

Datetimes are aware; those that a person wrote keep the offset they were written under. Lists are newest first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.journal import Section

__all__ = [
    "BadRow",
    "Change",
    "ClientSummary",
    "Conflict",
    "Entry",
    "ImportReport",
    "Pairing",
    "Point",
    "Refusal",
    "Section",
    "Status",
    "SymptomLog",
    "SyncReport",
]

Number = int | float
Role = Literal["client", "therapist"]


class Entry(Struct, frozen=True):
    """A journal entry as it stands now.

    `written_at` is what it is about, local; `entered_at` when it was typed in; `arrived_at` when the server
    received it (None: not yet, or never to be). `late`: it arrived, or was entered, more than a day after.
    `shared`: the care team reads it, or will as soon as the server is reached. `problems` lists what could not
    be read.
    """

    id: UUID
    text: str
    sections: tuple[Section, ...]
    mood: int | None
    tags: tuple[str, ...]
    written_at: datetime
    entered_at: datetime
    zone: str | None
    arrived_at: datetime | None
    shared: bool
    late: bool
    problems: tuple[str, ...] = ()


class SymptomLog(Struct, frozen=True):
    """The symptoms noted at one moment: `values` by name, on `scale` (lowest, highest) where it has one.

    The moments mean what they mean on `Entry`; `key` is the caller's own.
    """

    id: UUID
    at: datetime
    values: dict[str, Number]
    scale: tuple[Number, Number] | None
    note: str
    key: str | None
    entered_at: datetime
    zone: str | None
    arrived_at: datetime | None
    shared: bool
    late: bool


class Point(Struct, frozen=True):
    """One value of a symptom's series; `late` as on `Entry`."""

    at: datetime
    value: Number
    late: bool


class BadRow(Struct, frozen=True):
    """A row of a file that was not imported: `line` as in the file (the header is line 1), and why."""

    line: int
    reason: str


class Conflict(Struct, frozen=True):
    """A row that was imported before, under the same `key`, with other values. What is kept was not changed."""

    line: int
    key: str
    names: tuple[str, ...]


class ImportReport(Struct, frozen=True):
    """What an import did. Every row of the file is in exactly one of the counts and lists.

    `rows` counts all but the header; `imported` are new, `unchanged` were there already; `skipped_empty` had no
    answer; `other` belong to somebody else (see `only`). `columns` are the symptoms that were read.
    """

    rows: int
    imported: int
    skipped_empty: int
    unchanged: int
    other: int
    conflicts: tuple[Conflict, ...]
    bad: tuple[BadRow, ...]
    columns: tuple[str, ...]


class Pairing(Struct, frozen=True):
    """The practice this store belongs to, and as whom."""

    url: str
    account: UUID
    device: UUID
    practice: str
    role: Role
    name: str
    share_by_default: bool


class SyncReport(Struct, frozen=True):
    """What one `sync` did: changes pushed and pulled, pushes refused for good; `complete`: nothing is left to do."""

    pushed: int
    pulled: int
    refused: int
    complete: bool


class Refusal(Struct, frozen=True):
    """An edit that the server will never take. `text` is what it said, to be read and taken up again."""

    document: UUID
    kind: str
    code: str
    message: str
    text: str
    at: datetime


class Status(Struct, frozen=True):
    """Where this store stands.

    `pending` counts changes that the server has not accepted yet, `oldest_pending` is when the first of them was
    made; `last_contact` when a server was last heard; `problems` counts rows from it that could not be used.
    """

    paired: Pairing | None
    pending: int
    oldest_pending: datetime | None
    last_contact: datetime | None
    connected: bool
    refusals: tuple[Refusal, ...]
    problems: int


class Change(Struct, frozen=True):
    """What `on_change` hands over: ids of documents that differ now, and who changed them.

    No documents means that the status may differ. Ids of entries are ids of documents.
    """

    documents: tuple[UUID, ...]
    source: Literal["local", "sync"]


class ClientSummary(Struct, frozen=True):
    """One client of a caseload. `entries` and `symptom_logs` count what is held; moments are None without any."""

    id: UUID
    name: str
    role: str
    entries: int
    symptom_logs: int
    last_written_at: datetime | None
    last_arrived_at: datetime | None
