"""Journal entries as changes, for peers that push by hand."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal


def entry(text: str = "A word.", actor: bytes | None = None) -> tuple[Document, bytes]:
    """A new journal entry and the change that it is."""
    now = datetime.now(UTC)
    document = Document.new(actor or random.randbytes(16))
    return document, journal.create(document, written_at=now, entered_at=now, text=text)


def edited(document: Document, text: str) -> bytes:
    change = journal.edit(document, text=text)
    assert change is not None
    return change
