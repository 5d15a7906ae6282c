"""What reading and applying changes costs: medians, printed and never asserted. Run: python tests/bench/changes.py"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal, symptoms

AT = datetime(2020, 3, 1, tzinfo=UTC)
LETTERS = 1_500
PROSE = {
    "English": "I slept badly, again and again. ",
    "German": "Ich schlief schlecht für Wochen, äußerst müde. ",
    "Russian": "Я плохо спал сегодня ночью, снова. ",
    "Chinese": "我昨晚又没睡好觉。",
    "with emoji": "I slept badly. 😀 ",
}


def main() -> None:
    for language, sentence in PROSE.items():
        text = (sentence * LETTERS)[:LETTERS]
        document = Document.new(bytes(16))
        change = journal.create(document, written_at=AT, entered_at=AT, text=text)
        report(f"{LETTERS} letters, {language}: read_change", lambda change=change: read_change(change))  # type: ignore[misc]
        report(f"{LETTERS} letters, {language}: apply", lambda change=change: apply([change]))  # type: ignore[misc]
    document = entry()
    report(f"{LETTERS} letters: load", lambda: Document.load(document.save(), bytes(16)))
    report(f"{LETTERS} letters: edit a word", edit_a_word(document))
    edits = small_edits()
    report("a small edit: read_change", lambda: read_change(edits[-1]))
    report("a small edit: apply", prepared(lambda: (entry(), edits[:1])))
    report(f"{len(edits)} small edits in one batch: apply", prepared(lambda: (entry(), edits)), repeat=20)
    report(f"{len(edits)} small edits, last first: apply", prepared(lambda: (entry(), edits[::-1])), repeat=20)
    logs = bucket()
    report(f"{len(logs)} symptom logs in one batch: apply", lambda: apply(logs), repeat=20)


def apply(changes: list[bytes], document: Document | None = None) -> None:
    (document or Document.new(bytes(16))).apply(changes)


def entry() -> Document:
    document = Document.new(bytes(16))
    text = (PROSE["English"] * LETTERS)[:LETTERS]
    journal.create(document, written_at=AT, entered_at=AT, text=text)
    return document


def small_edits() -> list[bytes]:
    document = entry()
    known = document.heads
    for number in range(200):
        journal.edit(document, text=f"{number} " + journal.read(document).text[:LETTERS])
    return document.changes(known)


def edit_a_word(document: Document) -> Callable[[], object]:
    def edit() -> None:
        text = journal.read(document).text
        journal.edit(document, text=text.replace("badly", "well", 1) if "badly" in text else text + "badly")

    return edit


def bucket() -> list[bytes]:
    document = Document.new(bytes(16))
    symptoms.create(document, "2020-03")
    values = {f"symptom {number}": number % 5 for number in range(18)}
    for number in range(120):
        symptoms.add(document, [symptoms.Log(UUID(int=number), AT, AT, dict(values))])
    return document.changes()


def prepared(prepare: Callable[[], tuple[Document, list[bytes]]]) -> Callable[[], Callable[[], object]]:
    """Work on something that is made anew each time, which is not measured."""

    def make() -> Callable[[], object]:
        document, changes = prepare()
        return lambda: apply(changes, document)

    return make


def report(name: str, work: Callable[[], object], repeat: int = 100) -> None:
    taken = []
    for _ in range(repeat):
        started = time.perf_counter()
        made = work()
        if callable(made):
            started = time.perf_counter()
            made()
        taken.append(time.perf_counter() - started)
    sys.stdout.write(f"{statistics.median(taken) * 1e6:12,.0f} µs  {name}\n")


if __name__ == "__main__":
    main()
