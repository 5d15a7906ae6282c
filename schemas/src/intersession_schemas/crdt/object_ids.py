"""The ids by which the binding calls objects and operations, read and made.

An id is 0x10, the actor (its length first), the actor's place in the document, and the number of the operation. The
binding looks at the place only to find the actor sooner, so any will do.
"""

from __future__ import annotations

from intersession_schemas.leb128 import ByteReader, leb128
from intersession_schemas.operations import OperationId

ObjectId = bytes

_TAG = b"\x10"


def operation_of(id_: ObjectId) -> OperationId:
    """The operation that an id names, or that made the object it names."""
    reader = ByteReader(id_, 1)
    actor = reader.take(reader.uint())
    reader.uint()
    return actor, reader.uint()


def object_of(operation: OperationId) -> ObjectId:
    """The id of the object that an operation made."""
    actor, number = operation
    return _TAG + leb128(len(actor)) + actor + b"\x00" + leb128(number)


def called(id_: ObjectId) -> OperationId | None:
    """The operation that made the object which an id names, however the id is spelled; None for the root."""
    return operation_of(id_) if id_.startswith(_TAG) else None
