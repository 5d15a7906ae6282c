"""Journals and symptom logs between therapy sessions: a local-first store that syncs, for apps to embed.

`Tracker` is a client's device, `Caseload` a therapist's. All is written on the device first; nothing but `pair`,
`sync`, `wait_synced` and `live` touches the network.
"""

from msgspec import UNSET

from intersession.aio import AsyncCalls
from intersession.caseload import Caseload, Client
from intersession.errors import (
    AccessEnded,
    IntersessionError,
    InvalidField,
    NotFound,
    NotPaired,
    PairingRefused,
    StoreBusy,
    StoreClosed,
    StoreFull,
    StoreInvalid,
    StoreTooNew,
    Unreachable,
)
from intersession.journal import Journal
from intersession.models import (
    BadRow,
    Change,
    ClientSummary,
    Conflict,
    Entry,
    ImportReport,
    Pairing,
    Point,
    Refusal,
    Section,
    Status,
    SymptomLog,
    SyncReport,
)
from intersession.symptoms import Symptoms
from intersession.tracker import Tracker

__all__ = [
    "UNSET",
    "AccessEnded",
    "AsyncCalls",
    "BadRow",
    "Caseload",
    "Change",
    "Client",
    "ClientSummary",
    "Conflict",
    "Entry",
    "ImportReport",
    "IntersessionError",
    "InvalidField",
    "Journal",
    "NotFound",
    "NotPaired",
    "Pairing",
    "PairingRefused",
    "Point",
    "Refusal",
    "Section",
    "Status",
    "StoreBusy",
    "StoreClosed",
    "StoreFull",
    "StoreInvalid",
    "StoreTooNew",
    "SymptomLog",
    "Symptoms",
    "SyncReport",
    "Tracker",
    "Unreachable",
]
