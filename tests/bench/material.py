"""What is written in the bench: texts, entries with a history, months of symptom logs, as prepared changes.

The same seed gives the same texts; ids and actors are random, as on devices.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from msgspec import Struct

from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal, symptoms

BODY = 1_500
TOKEN = 8
_SENTENCES = """
today morning session felt anxious calm tired sleep hours work family call walk breathing exercise thought record
evidence against for panic heart chest mood better worse medication dose evening dinner friend argument remember
notice trigger crowded train meeting practice homework therapist question week plan small step avoid again maybe
because before after always never sometimes really quite little much alone together home"""
WORDS = _SENTENCES.split()
COMMON = "morning"
"""A word of nearly every text."""
RARE = "lighthouse"
"""A word of one entry in `RARE_EVERY`."""
RARE_EVERY = 20
SYMPTOM = "worry"
LAST = datetime(2026, 11, 1, 20, 0, tzinfo=UTC)
"""When the newest of a diary's entries was written."""


class Prepared(Struct, frozen=True):
    """One document's changes, the oldest first."""

    document: UUID
    kind: str
    changes: tuple[bytes, ...]


def text(seed: int, *, length: int = BODY, rare: bool = False) -> str:
    """So many characters of words."""
    chance = random.Random(seed)
    made = f"{COMMON} {RARE} " if rare else f"{COMMON} "
    while len(made) < length:
        made += chance.choice(WORDS) + (". " if chance.random() < 0.1 else " ")
    return made[: length - 1] + "."


def token(number: int) -> str:
    """What edit `number` appends."""
    return f" e{number:05d}."


def edits_in(said: str) -> int:
    """How many tokens have been appended to a text of `BODY` characters."""
    return (len(said) - BODY) // TOKEN


def entry(seed: int, changes: int = 1, *, at: datetime = LAST, rare: bool = False) -> Prepared:
    """An entry of `BODY` characters: its creation, and edits that each append a token."""
    document, said = Document.new(random.randbytes(16)), text(seed, rare=rare)
    made = [journal.create(document, written_at=at, entered_at=at, text=said)]
    for number in range(changes - 1):
        said += token(number)
        made.append(_edit(document, said))
    return Prepared(uuid4(), "journal_entry", tuple(made))


def rewritten(seed: int, edits: int, *, at: datetime = LAST + timedelta(hours=1)) -> Prepared:
    """An entry of `BODY` characters that was edited so often without growing: each edit changes its last word."""
    document, said = Document.new(random.randbytes(16)), text(seed)
    made = [journal.create(document, written_at=at, entered_at=at, text=said)]
    made += [_edit(document, said[:-TOKEN] + token(number)) for number in range(edits)]
    return Prepared(uuid4(), "journal_entry", tuple(made))


def month_of_logs(month: datetime, logs: int) -> Prepared:
    """A month's symptom logs, evenly spread: the document's creation, and a change a log."""
    document = Document.new(random.randbytes(16))
    made = [symptoms.create(document, symptoms.month_of(month))]
    for number in range(logs):
        at = month + timedelta(minutes=27 * 24 * 60 * number // logs)
        made.append(symptoms.add(document, [symptoms.Log(uuid4(), at, at, {SYMPTOM: number % 11})]))
    return Prepared(uuid4(), "symptom_log", tuple(made))


def diary(documents: int, changes: int) -> list[Prepared]:
    """Entries and months of logs (a twentieth of the documents), the oldest first; each of so many changes.

    With one change there are entries only: a month begins without logs.
    """
    months = min(60, documents // 20) if changes > 1 else 0
    entries = documents - months
    found = [
        entry(number, changes, at=LAST - timedelta(hours=8 * (entries - number)), rare=number % RARE_EVERY == 0)
        for number in range(entries)
    ]
    starts = [datetime(2025 - number // 12, 12 - number % 12, 1, 8, tzinfo=UTC) for number in range(months)]
    return found + [month_of_logs(start, changes - 1) for start in starts]


def _edit(document: Document, said: str) -> bytes:
    change = journal.edit(document, text=said)
    assert change is not None
    return change
