"""Cases of signals: what in a record somebody should look at; and of the brief's measures that are small."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct
from tests.vectors.cases import Json, Subject
from tests.vectors.signals import measure_cases, signal_cases

from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.measures.brief import brief, encode
from intersession_schemas.measures.material import Cut, Material, material
from intersession_schemas.measures.plan_changes import plan_changes
from intersession_schemas.measures.scores import measured
from intersession_schemas.measures.signals.of_record import signals
from intersession_schemas.measures.trends import trends
from intersession_schemas.records.filing import FiledRows, NotAccepted
from intersession_schemas.records.kinds import MODELS
from intersession_schemas.streams import Kind

_NO_ENTRY: dict[str, Json] = {"zone": None, "text": "", "sections": [], "mood": None, "tags": []}


class Document(Struct, frozen=True):
    """One document of a record: what is read from it, which row brought it, and when that and its parts arrived.

    `last_seq` and `last_arrived_at` are of its last row, where it has several; without `seq` it is not confirmed yet.
    """

    id: UUID
    kind: Kind
    says: Json
    seq: int | None = None
    arrived_at: datetime | None = None
    author: UUID | None = None
    parts: dict[str, datetime | None] = {}
    last_seq: int | None = None
    last_arrived_at: datetime | None = None

    @property
    def model(self) -> Struct:
        """What is read from it."""
        says = {**_NO_ENTRY, **self.says} if self.kind is Kind.JOURNAL_ENTRY else self.says
        return msgspec.convert(says, MODELS[self.kind])

    @property
    def rows(self) -> FiledRows:
        """Its rows."""
        return FiledRows(
            author=self.author,
            first_seq=self.seq,
            last_seq=self.seq if self.last_seq is None else self.last_seq,
            first_received_at=self.arrived_at,
            last_received_at=self.last_arrived_at or self.arrived_at,
            parts=self.parts,
        )


class Record(Struct, frozen=True):
    """A record as of a cut."""

    cut: Cut
    documents: tuple[Document, ...] = ()
    heard_at: datetime | None = None
    not_accepted: tuple[NotAccepted, ...] = ()


def _signals(given: dict[str, Json]) -> Json:
    """All signals of a record."""
    return signals(*_record(given))


def _scores(given: dict[str, Json]) -> Json:
    """Every scale of every completed assessment, with what it is compared with."""
    return measured(*_record(given))


def _trends(given: dict[str, Json]) -> Json:
    """Symptom logs by local day since a moment."""
    told, left_out = trends(*_record(given), datetime.fromisoformat(given["since"]))
    return {"trends": told, "left_out": left_out}


def _plan_changes(given: dict[str, Json]) -> Json:
    """What became of a plan."""
    return plan_changes(msgspec.convert(given["before"], Plan), msgspec.convert(given["after"], Plan))


def _brief(given: dict[str, Json]) -> Json:
    """The whole brief."""
    return brief(*_record(given))


def _brief_text(given: dict[str, Json]) -> Json:
    """The brief as the text that everybody makes of it, to the byte; nothing is left out here."""
    return encode(brief(*_record(given))).decode()


def _record(given: dict[str, Json]) -> tuple[Material, Cut]:
    cut = {"heads": {}, **given["cut"]}
    record = msgspec.convert({**given, "cut": cut}, Record)
    documents = [(one.id, one.kind, one.model, one.rows) for one in record.documents]
    return material(documents, heard_at=record.heard_at, not_accepted=record.not_accepted), record.cut


SUBJECT = Subject(
    "What in a record somebody should look at as of a cut, with its words; scores and their comparison, trends, what "
    "became of a plan, and a brief.",
    {
        "signals": _signals,
        "scores": _scores,
        "trends": _trends,
        "plan_changes": _plan_changes,
        "brief": _brief,
        "brief_text": _brief_text,
    },
    (*signal_cases.CASES, *measure_cases.CASES),
)
