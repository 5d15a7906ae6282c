"""One of every frame, and strategies that make any."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args
from uuid import UUID

import msgspec
from hypothesis import strategies as st

from intersession_schemas.messages import (
    Accepted,
    Down,
    Erase,
    Erased,
    Error,
    Have,
    Hello,
    Limits,
    Outcomes,
    Purged,
    Push,
    Pushes,
    Rejected,
    Revoked,
    Row,
    Rows,
    RowType,
    SavedRow,
    Snapshot,
    SnapshotDocument,
    StreamCursor,
    StreamOffer,
    Up,
    Want,
    Welcome,
)
from intersession_schemas.streams import Audience, Role

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))
AT = datetime(2020, 3, 31, 21, 50, 0, 123_456, tzinfo=UTC)
ROW = Row(7, ONE, "journal_entry", b"h" * 32, TWO, THREE, AT, change=b"change")
SAVED_ROW = SavedRow(6, b"h" * 32, TWO, THREE, AT, [b"d" * 32], b"actor", 4, 2, 90)
ERASURE = Row(8, ONE, "journal_entry", b"h" * 32, TWO, THREE, AT, RowType.ERASURE)

UP: list[Up] = [
    Hello((1, 2), ONE, "an app/1.0", [StreamCursor(TWO), StreamCursor(THREE, 9, b"12345678", 4)]),
    Push(1, ONE, TWO, "journal_entry", [b"first", b"second"], [b"r" * 32]),
    Pushes([Push(3, ONE, TWO, "goal", [b"first"]), Push(4, ONE, THREE, "goal", [b"second"])]),
    Erase(2, ONE, TWO, "journal_entry"),
    Have(ONE, TWO, [b"h" * 32]),
    Purged(ONE, TWO),
]
DOWN: list[Down] = [
    Welcome(
        1, "a server/1.0", ONE, TWO, [StreamOffer(ONE, Audience.RECORD, Role.CLIENT, TWO, THREE)], Limits(9, 8, 7.5)
    ),
    Accepted(1, 2),
    Rejected(1, "busy", "Send it again.", ONE, 1.5),
    Outcomes([Accepted(3, 4), Rejected(4, "busy", "Send it again.", THREE, 1.5)]),
    Erased(1, 2, True, [AT]),
    Rows(ONE, [ROW, ERASURE], 8, b"12345678"),
    Snapshot(
        ONE,
        [SnapshotDocument(TWO, "goal", [ROW]), SnapshotDocument(THREE, "goal", [], b"saved", [SAVED_ROW])],
        *(9, b"12345678", 0),
    ),
    Want(ONE, TWO, [b"h" * 32]),
    Revoked(ONE, TWO),
    Error("rate_limited", "Wait.", 5.0),
]


def any_of(union: object) -> st.SearchStrategy[Any]:
    """Any frame of a union, its fields within their bounds."""
    return st.one_of([_struct(frame) for frame in get_args(union)])


def _struct(type_: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    info = msgspec.inspect.type_info(type_)
    assert isinstance(info, msgspec.inspect.StructType)
    return st.builds(type_, **{field.name: _value(field.type) for field in info.fields})


def _value(info: msgspec.inspect.Type) -> st.SearchStrategy[Any]:
    match info:
        case msgspec.inspect.Metadata(type=inner):
            return _value(inner)
        case msgspec.inspect.UnionType(types=types):
            return st.one_of([_value(one) for one in types])
        case msgspec.inspect.ListType(item_type=item, min_length=least):
            return st.lists(_value(item), min_size=least or 0, max_size=3)
        case msgspec.inspect.TupleType(item_types=items):
            return st.tuples(*map(_value, items))
        case msgspec.inspect.StructType(cls=cls):
            return _struct(cls)
        case msgspec.inspect.EnumType(cls=enum):
            return st.sampled_from(enum)
    return _scalar(info)


def _scalar(info: msgspec.inspect.Type) -> st.SearchStrategy[Any]:
    match info:
        case msgspec.inspect.NoneType():
            return st.none()
        case msgspec.inspect.BoolType():
            return st.booleans()
        case msgspec.inspect.IntType(ge=least, le=most):
            return st.integers(-(2**63) if least is None else least, 2**63 - 1 if most is None else most)
        case msgspec.inspect.FloatType(ge=lowest, le=highest):
            return st.floats(lowest, highest, allow_nan=False)
        case msgspec.inspect.StrType(max_length=most):
            return st.text(st.characters(exclude_categories=["Cs"]), max_size=min(most or 20, 20))
        case msgspec.inspect.BytesType(min_length=least, max_length=most):
            return st.binary(min_size=least or 0, max_size=40 if most is None else most)
        case msgspec.inspect.UUIDType():
            return st.uuids()
        case msgspec.inspect.DateTimeType():
            return st.datetimes(timezones=st.just(UTC))
    raise NotImplementedError(info)
