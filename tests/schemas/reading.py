"""What comes of bytes that are read as a change: taken, or refused with a code."""

from __future__ import annotations

from typing import Any

import pytest
from automerge import _automerge as am
from tests.schemas.forging import literal, unsigned

from intersession_schemas.changes import read_change
from intersession_schemas.errors import DocumentError

MANY = 10_000_000


def writing(document: am.Document) -> Any:
    """A transaction. Any: the binding's stubs leave out `splice_text`."""
    return document.transaction()


# -- what it refuses ---------------------------------------------------------------------------------------------------


def refused(data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        read_change(data)
    return caught.value.code


many_ids = literal([unsigned(number) for number in range(200)])


def outcome(data: bytes) -> str:
    """The code of the refusal; anything else than a `DocumentError` fails the test."""
    try:
        read_change(data)
    except DocumentError as error:
        return error.code
    return "taken"
