"""The read models as Piccolo sees them, twice: those that are read, and those that a rebuild fills out of sight.

The SQL in `migrations/` makes them and says what each column holds; a test compares the two.
"""

from __future__ import annotations

import importlib.resources
from typing import NamedTuple

from piccolo.columns import UUID, BigInt, Boolean, Integer, Text
from piccolo.table import Table

from intersession_server.storage.migrations import Schema

FILE_NAME = "projections.db"
SCHEMA = Schema(
    name=FILE_NAME,
    application_id=0x49535052,
    folder=importlib.resources.files("intersession_server.projections") / "migrations",
)


class Entry(Table, tablename="entries"):
    """A journal entry."""

    document = UUID(primary_key=True)
    stream = UUID()
    client = UUID()
    author = UUID()
    seq = BigInt()
    moment = BigInt()
    local_at = Text()
    written_at = Text(null=True, default=None)
    entered_at = Text(null=True, default=None)
    zone = Text(null=True, default=None)
    arrived_at = BigInt()
    changed_by = UUID()
    changed_at = BigInt()
    late = Boolean()
    mood = Integer(null=True, default=None)
    tags = Text()
    text = Text()
    sections = Text()
    problems = Text()
    corrected_at = Text(null=True, default=None)
    earlier = Text()


class SymptomRecord(Table, tablename="symptom_records"):
    """A symptom log as a bucket holds it, itself or a correction."""

    id = UUID(primary_key=True)
    document = UUID()
    log = UUID()
    stream = UUID()
    client = UUID()
    author = UUID()
    seq = BigInt()
    arrived_at = BigInt()
    mark = Text(null=True, default=None)
    corrects = UUID(null=True, default=None)
    model = Text()


class SymptomWithdrawn(Table, tablename="symptom_withdrawn"):
    """What was withdrawn of a client's symptom logs."""

    id = UUID(primary_key=True)
    document = UUID()
    client = UUID()
    what = Text()
    until = BigInt()


class SymptomLog(Table, tablename="symptom_logs"):
    """A symptom log that stands, as it was last corrected."""

    id = UUID(primary_key=True)
    document = UUID()
    log = UUID()
    stream = UUID()
    client = UUID()
    author = UUID()
    seq = BigInt()
    moment = BigInt()
    logged_at = Text()
    entered_at = Text()
    zone = Text(null=True, default=None)
    arrived_at = BigInt()
    late = Boolean()
    values = Text()
    keys = Text()
    scale = Text(null=True, default=None)
    note = Text()
    corrected_at = Text(null=True, default=None)
    earlier = Text()


class Problem(Table, tablename="problems"):
    """A document that cannot be read, or not all of it, where no entry can say so."""

    document = UUID(primary_key=True)
    stream = UUID()
    client = UUID()
    kind = Text()
    arrived_at = BigInt()
    problems = Text()


class Record(Table, tablename="records"):
    """A document of one of the kinds that are records of fields, whole."""

    document = UUID(primary_key=True)
    stream = UUID()
    client = UUID()
    kind = Text()
    about = UUID(null=True, default=None)
    author = UUID()
    device = UUID()
    seq = BigInt()
    arrived_at = BigInt()
    changed_by = UUID()
    changed_at = BigInt()
    moment = BigInt()
    late = Boolean(null=True, default=None)
    heads = Text()
    model = Text()
    problems = Text()
    last_seq = BigInt()
    filed = Text()


class SetAside(Table, tablename="set_aside"):
    """An assessment for which something was sent that was set aside."""

    document = UUID(primary_key=True)
    stream = UUID()
    client = UUID()
    rows = Text()


class ClientOverview(Table, tablename="overviews"):
    """What a caseload says of a client."""

    stream = UUID(primary_key=True)
    client = UUID()
    through = BigInt()
    until = BigInt()
    mark = Text()
    model = Text()


class ChartNote(Table, tablename="chart_notes"):
    """A note of the care team, which no record holds."""

    document = UUID(primary_key=True)
    stream = UUID()
    client = UUID()
    author = UUID()
    seq = BigInt()
    arrived_at = BigInt()
    changed_by = UUID()
    changed_at = BigInt()
    moment = BigInt()
    heads = Text()
    model = Text()
    problems = Text()


class Projected(Table, tablename="projected"):
    """How far a stream is projected."""

    stream = UUID(primary_key=True)
    client = UUID()
    through = BigInt()


class RebuiltEntry(Entry, tablename="rebuilt_entries"):
    """See `Entry`."""


class RebuiltSymptomLog(SymptomLog, tablename="rebuilt_symptom_logs"):
    """See `SymptomLog`."""


class RebuiltSymptomRecord(SymptomRecord, tablename="rebuilt_symptom_records"):
    """See `SymptomRecord`."""


class RebuiltSymptomWithdrawn(SymptomWithdrawn, tablename="rebuilt_symptom_withdrawn"):
    """See `SymptomWithdrawn`."""


class RebuiltProblem(Problem, tablename="rebuilt_problems"):
    """See `Problem`."""


class RebuiltRecord(Record, tablename="rebuilt_records"):
    """See `Record`."""


class RebuiltChartNote(ChartNote, tablename="rebuilt_chart_notes"):
    """See `ChartNote`."""


class RebuiltSetAside(SetAside, tablename="rebuilt_set_aside"):
    """See `SetAside`."""


class RebuiltClientOverview(ClientOverview, tablename="rebuilt_overviews"):
    """See `ClientOverview`."""


class RebuiltProjected(Projected, tablename="rebuilt_projected"):
    """See `Projected`."""


class TableSet(NamedTuple):
    """The tables that one projection writes."""

    entries: type[Entry]
    symptom_records: type[SymptomRecord]
    symptom_withdrawn: type[SymptomWithdrawn]
    symptom_logs: type[SymptomLog]
    problems: type[Problem]
    records: type[Record]
    chart_notes: type[ChartNote]
    set_aside: type[SetAside]
    overviews: type[ClientOverview]
    projected: type[Projected]


LIVE = TableSet(
    Entry, SymptomRecord, SymptomWithdrawn, SymptomLog, Problem, Record, ChartNote, SetAside, ClientOverview, Projected
)
REBUILT = TableSet(
    RebuiltEntry,
    RebuiltSymptomRecord,
    RebuiltSymptomWithdrawn,
    RebuiltSymptomLog,
    RebuiltProblem,
    RebuiltRecord,
    RebuiltChartNote,
    RebuiltSetAside,
    RebuiltClientOverview,
    RebuiltProjected,
)
TABLES: tuple[type[Table], ...] = (*LIVE, *REBUILT)
