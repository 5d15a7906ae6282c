"""What a signal is, and how one is made: with its age, and whether it came late."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.local_days import LocalDays
from intersession_schemas.documents.moments import is_late
from intersession_schemas.measures.material import Cut
from intersession_schemas.measures.words import day_text, days_text, say

SignalKind = Literal["risk", "deterioration", "missed_run", "silence", "not_accepted"]


class Acknowledged(Struct, frozen=True, kw_only=True):
    """Who has seen a signal, when, and what they noted."""

    by: UUID | None
    at: datetime | None
    note: str


class Signal(Struct, frozen=True, kw_only=True):
    """One thing to look at. `id` stays the same as long as what it tells of does; `about` is the document.

    `at` is what it is about, `arrived_at` when that arrived (None: not known, or nothing that arrives), `late` whether
    that was more than a day later; `age_hours` is from `at` to the cut's now. `acknowledged` is oldest first.
    """

    kind: SignalKind
    id: str
    about: UUID | None
    at: datetime
    arrived_at: datetime | None
    late: bool
    age_hours: int
    text: str
    acknowledged: tuple[Acknowledged, ...] = ()


def signal(
    kind: SignalKind,
    id_: str,
    about: UUID | None,
    at: datetime,
    arrived: datetime | None,
    text: str,
    cut: Cut,
    days: LocalDays,
) -> Signal:
    """A signal of something that was `at`, which says so where it `arrived` late."""
    late = arrived is not None and is_late(at, arrived)
    if arrived is not None and late:
        after = days_text(cut.locale, (arrived - at).days)
        text += say(cut.locale, "late", days=after, arrived=day_text(days.of(arrived)))
    age = max(0, (cut.now - at) // timedelta(hours=1))
    return Signal(kind=kind, id=id_, about=about, at=at, arrived_at=arrived, late=late, age_hours=age, text=text)
