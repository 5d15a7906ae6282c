"""A document's earlier versions: the changes that some heads stand for."""

from __future__ import annotations

from collections.abc import Sequence

from intersession_schemas.changes import Change, read_change
from intersession_schemas.errors import DocumentError, RefusalCode


def up_to(changes: Sequence[bytes], heads: Sequence[bytes]) -> list[Change]:
    """Those of `changes` that `heads` stand for, in their order.

    Raises `DocumentError` where one of the heads is not among them, or there are none: no heads are no version.
    """
    known = {change.hash: change for change in map(read_change, changes)}
    wanted, found = list(heads), set[bytes]()
    while wanted:
        hash_ = wanted.pop()
        if hash_ not in known:
            raise _unknown()
        if hash_ not in found:
            found.add(hash_)
            wanted += known[hash_].deps
    if not found:
        raise _unknown()
    return [change for change in known.values() if change.hash in found]


def _unknown() -> DocumentError:
    return DocumentError("This document has no such version here.", code=RefusalCode.MISSING_DEPENDENCY)
