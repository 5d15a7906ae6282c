"""What reading and applying changes costs, without store or server, in this process."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from uuid import UUID

from tests.bench.result import Figure, Options, Result

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
EDITS = 200
LOGS = 120


def run(options: Options) -> Result:
    """Each `rounds` times; batches a fifth as often."""
    rounds, batches = options["rounds"], options["rounds"] // 5 or 1
    figures: dict[str, Figure] = {}
    cpu, began = time.process_time(), time.perf_counter()
    for language, sentence in PROSE.items():
        change = _written((sentence * LETTERS)[:LETTERS])[1]
        figures[f"{language}: read_us"] = _us(lambda change=change: read_change(change), rounds)  # type: ignore[misc]
        figures[f"{language}: apply_us"] = _us(lambda change=change: _apply([change]), rounds)  # type: ignore[misc]
    document, edits, logs = _entry(), _small_edits(), _bucket()
    figures["load_us"] = _us(lambda: Document.load(document.save(), bytes(16)), rounds)
    figures["edit_a_word_us"] = _us(lambda: _edit_a_word(document), rounds)
    figures["small_edit_read_us"] = _us(lambda: read_change(edits[-1]), rounds)
    figures["small_edit_apply_us"] = _us_prepared(lambda: (_entry(), edits[:1]), rounds)
    figures[f"{EDITS}_edits_apply_us"] = _us_prepared(lambda: (_entry(), edits), batches)
    figures[f"{EDITS}_edits_last_first_apply_us"] = _us_prepared(lambda: (_entry(), edits[::-1]), batches)
    figures[f"{LOGS}_logs_apply_us"] = _us(lambda: _apply(logs), batches)
    return Result(
        n=rounds * len(figures),
        wall_s=time.perf_counter() - began,
        client_cpu_s=time.process_time() - cpu,
        figures=figures,
    )


def _apply(changes: list[bytes], document: Document | None = None) -> None:
    (document or Document.new(bytes(16))).apply(changes)


def _written(text: str) -> tuple[Document, bytes]:
    document = Document.new(bytes(16))
    return document, journal.create(document, written_at=AT, entered_at=AT, text=text)


def _entry() -> Document:
    return _written((PROSE["English"] * LETTERS)[:LETTERS])[0]


def _small_edits() -> list[bytes]:
    document = _entry()
    known = document.heads
    for number in range(EDITS):
        journal.edit(document, text=f"{number} " + journal.read(document).text[:LETTERS])
    return document.changes(known)


def _edit_a_word(document: Document) -> None:
    text = journal.read(document).text
    journal.edit(document, text=text.replace("badly", "well", 1) if "badly" in text else text + "badly")


def _bucket() -> list[bytes]:
    document = Document.new(bytes(16))
    symptoms.create(document, "2020-03")
    values = {f"symptom {number}": number % 5 for number in range(18)}
    for number in range(LOGS):
        symptoms.add(document, [symptoms.Log(UUID(int=number), AT, AT, dict(values))])
    return document.changes()


def _us(work: Callable[[], object], rounds: int) -> float:
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return 1e6 * median(took)


def _us_prepared(prepare: Callable[[], tuple[Document, list[bytes]]], rounds: int) -> float:
    """Apply to a document that is made anew each time, which is not measured."""
    took = []
    for _ in range(rounds):
        document, changes = prepare()
        began = time.perf_counter()
        _apply(changes, document)
        took.append(time.perf_counter() - began)
    return 1e6 * median(took)
