"""Changes that are applied together: read and bounded, in the order that costs least, and as Automerge takes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from intersession_schemas.changes import (
    MAX_DOCUMENT_BYTES,
    MAX_DOCUMENT_OPERATIONS,
    Change,
    read_change,
)
from intersession_schemas.errors import DocumentError, RefusalCode
from intersession_schemas.leb128 import leb128


def read_batch(changes: Iterable[bytes | Change]) -> list[Change]:
    """Changes read and bounded, one by one and together."""
    read = [change if isinstance(change, Change) else read_change(change) for change in changes]
    if sum(change.size for change in read) > MAX_DOCUMENT_BYTES:
        raise DocumentError(
            f"The changes of one document exceed {MAX_DOCUMENT_BYTES} bytes in total.", code=RefusalCode.TOO_LARGE
        )
    if sum(change.operations for change in read) > MAX_DOCUMENT_OPERATIONS:
        raise DocumentError(
            f"The changes of one document exceed {MAX_DOCUMENT_OPERATIONS} operations in total.",
            code=RefusalCode.TOO_MANY_OPERATIONS,
        )
    # Dependencies first, as a change starts after all that it builds on: Automerge takes the square of the number
    # of changes that come before theirs.
    return sorted(read, key=lambda change: change.start_op)


def check_reproduced(made: Sequence[Any], heads: Iterable[bytes]) -> None:
    """Raise unless Automerge gives back the changes `made` just now with the hashes that they came with.

    It keeps operations, not bytes, and rewrites changes when asked for them. One that another writer encoded
    in an unusual way gets another hash so; a document saved with it could never be loaded.
    """
    named = set(heads).union(*(change.deps for change in made))
    if not named.issuperset(change.hash for change in made):
        raise DocumentError("A change is not in canonical encoding.", code=RefusalCode.DOES_NOT_APPLY)


def are_chained(heads: Sequence[bytes], changes: Sequence[Change]) -> bool:
    """Whether the first builds on just what is there, and each further one on the one before."""
    for change in changes:
        if set(change.deps) != set(heads):
            return False
        heads = (change.hash,)
    return True


def sync_message(changes: Sequence[Change]) -> bytes:
    """Raw changes wrapped as a sync message: the binding has no other way to apply a batch."""
    message = bytearray(b"\x42\x00\x00\x00")
    message += leb128(len(changes))
    for change in changes:
        message += leb128(len(change.data)) + change.data
    return bytes(message)
