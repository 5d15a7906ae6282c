"""What the SDK answers about symptoms. Frozen values; datetimes are aware, those that a person wrote as they were."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.diary.symptoms import Number

Scale = str | tuple[Number, Number]
"""The lowest and the highest value, as `"1-5"` or `(1, 5)`."""

__all__ = ["EarlierLog", "Point", "Scale", "SymptomLog"]


class EarlierLog(Struct, frozen=True):
    """What a symptom log said before it was corrected, and when that was entered."""

    at: datetime
    values: dict[str, Number]
    scale: tuple[Number, Number] | None
    note: str
    entered_at: datetime


class SymptomLog(Struct, frozen=True):
    """The symptoms noted at one moment: `values` by name, on `scale` (lowest, highest) where it has one.

    The moments mean what they mean on `Entry`; `key` is the caller's own. `corrected_at` is when the client corrected
    it last, and `earlier` what it said before, newest first.
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
    corrected_at: datetime | None = None
    earlier: tuple[EarlierLog, ...] = ()


class Point(Struct, frozen=True):
    """One value of a symptom's series, on its `scale` (None: none was given); `late` as on `Entry`."""

    at: datetime
    value: Number
    late: bool
    scale: tuple[Number, Number] | None = None
