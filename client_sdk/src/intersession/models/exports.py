"""What an export holds, and what exporting and importing answer with. Frozen values."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from msgspec import Struct

from intersession.models.devices import Refusal
from intersession.models.drafts import FormDraft
from intersession.models.measures import Assessment, Session
from intersession.models.private import Withdrawal
from intersession.models.records import Assignment, Comment, Entry, Goal, Plan, Resource, Topic
from intersession.models.symptoms import SymptomLog

__all__ = ["ExportReport", "StoreImport"]

FORMAT = "intersession-export"
VERSION = 1


class Export(Struct, frozen=True, kw_only=True):
    """`export.json`: all of one's own data, as the SDK returns it, including private entries."""

    format: str = FORMAT
    version: int = VERSION
    exported_at: datetime
    practice: str
    name: str
    entries: tuple[Entry, ...] = ()
    symptom_logs: tuple[SymptomLog, ...] = ()
    homework: tuple[Assignment, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    goals: tuple[Goal, ...] = ()
    topics: tuple[Topic, ...] = ()
    comments: tuple[Comment, ...] = ()
    resources: tuple[Resource, ...] = ()
    sessions: tuple[Session, ...] = ()
    plan: Plan = Plan()
    drafts: tuple[FormDraft, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    left_out: tuple[str, ...] = ()


class ExportReport(Struct, frozen=True):
    """What an export wrote: where, which files, how many items of each kind, and in words what is not included.

    `private` counts the private entries among them.
    """

    path: Path
    files: tuple[str, ...]
    entries: int
    private: int
    symptom_logs: int
    homework: int
    assessments: int
    goals: int
    left_out: tuple[str, ...]


class StoreImport(Struct, frozen=True):
    """What was imported from another store or an export: how many items of each kind are new here.

    `unchanged` items were already here. `left_out` says in words what was not imported, and why.
    """

    entries: int
    symptom_logs: int
    goals: int
    topics: int
    assessments: int
    progress: int
    drafts: int
    unchanged: int
    left_out: tuple[str, ...]
