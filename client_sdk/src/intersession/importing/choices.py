"""What a caller, or an earlier import, has said about a file; whatever is None is found out, or asked. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from intersession.importing.models import Layout
from intersession.importing.moments import DateOrder
from intersession.inputs.numbers import Decimal
from intersession_schemas.documents.diary.symptoms import Number


class Choices(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One field for each option of an import."""

    time: tuple[str, ...] | None = None
    columns: tuple[str, ...] | None = None
    names: dict[str, str] | None = None
    only: tuple[str, str] | None = None
    scale: tuple[Number, Number] | None = None
    zone: str | None = None
    date_order: DateOrder | None = None
    time_of_day: dt.time | None = None
    delimiter: str | None = None
    encoding: str | None = None
    decimal: Decimal | None = None
    layout: Layout | None = None
    name_column: str | None = None
    value_column: str | None = None
    note: tuple[str, ...] | None = None
    words: dict[str, Number] | None = None


def completed(given: Choices, earlier: Choices | None) -> Choices:
    """`given`, and what it leaves open as it was `earlier`."""
    if earlier is None:
        return given
    return msgspec.structs.replace(
        earlier, **{name: value for name in Choices.__struct_fields__ if (value := getattr(given, name)) is not None}
    )


def shape_of(columns: Sequence[str]) -> str:
    """What files with the same header have in common."""
    return hashlib.sha256("\0".join(columns).encode("utf-8", "replace")).hexdigest()
