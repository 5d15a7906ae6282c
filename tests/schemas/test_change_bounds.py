"""`read_change` expands nothing beyond its bounds: small changes that would cost much, the dearest that are taken."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import pytest
from automerge import _automerge as am
from tests.schemas import forging
from tests.schemas.forging import change, literal, nulls, run, sealed, sets, signed, text, unsigned
from tests.schemas.reading import MANY, outcome, refused, writing

from intersession_schemas.changes import (
    MAX_CHANGE_BYTES,
    MAX_CHANGE_OPERATIONS,
    MAX_DEPENDENCIES,
    MAX_DOCUMENT_OPERATIONS,
    read_change,
)
from intersession_schemas.errors import RefusalCode

# -- bombs: small changes that would cost much -------------------------------------------------------------------------


def in_every_column(runs: bytes, *, repeat: int | None = None) -> bytes:
    """20,000 operations whose columns are made of these runs, over and over: a few hundred bytes once deflated."""
    rows = {b"\x7f": 1, b"\0": 1, b"\2": 4, b"\x7e": 4}[runs[:1]] if repeat is None else 1
    column = runs * (repeat or 20_000 // rows)
    columns = dict.fromkeys(
        (
            forging.OBJECT_ACTOR,
            forging.OBJECT_COUNTER,
            forging.KEY_ACTOR,
            forging.KEY_COUNTER,
            forging.VALUE_META,
            forging.PREDECESSOR_ACTOR,
            forging.PREDECESSOR_COUNTER,
        ),
        column,
    )
    made = change(sets(20_000, predecessor_count=run(20_000, b"\1")) | columns, deflate=True)
    assert len(made) < 3_000
    return made


element = {forging.KEY_ACTOR: nulls(1) + run(MANY, b"\0"), forging.KEY_COUNTER: signed(MANY) + signed(1)}
BOMBS: dict[str, tuple[bytes, RefusalCode]] = {
    "operations, run-length": (change(sets(MANY)), RefusalCode.TOO_MANY_OPERATIONS),
    "operations, one too many": (change(sets(MAX_CHANGE_OPERATIONS + 1)), RefusalCode.TOO_MANY_OPERATIONS),
    "operations in many runs": (
        change(sets(1, action=b"".join(run(5_000, unsigned(kind % 2)) for kind in range(5)))),
        RefusalCode.TOO_MANY_OPERATIONS,
    ),
    "operations in a literal run": (
        change(sets(1, action=literal([b"\1"] * 20_001)), deflate=True),
        RefusalCode.TOO_MANY_OPERATIONS,
    ),
    "a literal run longer than its bytes": (change(sets(1, action=signed(-MANY))), RefusalCode.TOO_MANY_OPERATIONS),
    "operations, 2**62": (change(sets(2**62)), RefusalCode.TOO_MANY_OPERATIONS),
    "predecessors, on one operation": (
        change(sets(1, predecessor_count=run(1, unsigned(MANY)), predecessor_actor=run(MANY, b"\0"))),
        RefusalCode.TOO_MANY_OPERATIONS,
    ),
    "predecessors, on each operation": (
        change(sets(20_000, predecessor_count=run(20_000, unsigned(20_000)))),
        RefusalCode.TOO_MANY_OPERATIONS,
    ),
    "predecessors in a longer column than counted": (
        change(sets(2, predecessor_count=run(2, b"\1"), predecessor_counter=literal([b"\1"] + [b"\0"] * 50))),
        RefusalCode.TOO_MANY_OPERATIONS,
    ),
    "keys repeated": (change(sets(20_000, key_string=run(20_000, text(b"k" * 60)))), RefusalCode.TOO_LARGE),
    "more keys than operations": (change(sets(1, key_string=run(MANY, text(b"k")))), RefusalCode.TOO_MANY_OPERATIONS),
    "more keys than operations, one by one": (
        change(sets(1, key_string=literal([text(b"k")] * 50))),
        RefusalCode.TOO_MANY_OPERATIONS,
    ),
    "keys that are null": (change(sets(1, key_string=nulls(MANY))), RefusalCode.TOO_MANY_OPERATIONS),
    "objects": (change(sets(1, object_counter=run(MANY, b"\1"))), RefusalCode.TOO_MANY_OPERATIONS),
    "objects that are null": (change(sets(1, object_actor=nulls(2**60))), RefusalCode.TOO_MANY_OPERATIONS),
    "elements": (change(sets(1) | element), RefusalCode.TOO_MANY_OPERATIONS),
    "booleans": (change(sets(1, insert=b"\0" + unsigned(MANY))), RefusalCode.TOO_MANY_OPERATIONS),
    "booleans that alternate": (change(sets(1, insert=b"\0" * 900_000), deflate=True), RefusalCode.TOO_MANY_OPERATIONS),
    "values": (change(sets(1, value_meta=run(MANY, b"\0"))), RefusalCode.TOO_MANY_OPERATIONS),
    "values repeated": (
        change(sets(20_000, value_meta=run(20_000, unsigned(900_000 << 4 | forging.BYTES)), value=b"x" * 900_000)),
        RefusalCode.BAD_CHANGE,
    ),
    "runs of one, in every column": (in_every_column(b"\x7f\0"), RefusalCode.BAD_CHANGE),
    "runs of one null, in every column": (in_every_column(b"\0\1"), RefusalCode.BAD_CHANGE),
    "runs that take turns, in every column": (in_every_column(b"\0\1\x7f\0", repeat=10_000), RefusalCode.BAD_CHANGE),
    "runs of two that take turns, in every column": (in_every_column(b"\2\0\2\1"), RefusalCode.BAD_CHANGE),
    "literal runs of two, in every column": (in_every_column(b"\x7e\0\1\2\0"), RefusalCode.BAD_CHANGE),
    "numbers of several bytes, in every column": (
        in_every_column(literal([b"\x80\1"] * 20_000), repeat=1),
        RefusalCode.BAD_CHANGE,
    ),
    "numbers longer than they need be": (
        in_every_column(b"\x81" + b"\x80" * 7 + b"\0\0", repeat=8_000),
        RefusalCode.BAD_CHANGE,
    ),
    "booleans of no length": (
        change(sets(20_000, insert=bytes(40_000) + unsigned(20_000)), deflate=True),
        RefusalCode.BAD_CHANGE,
    ),
    "a megabyte and more, deflated": (change({}, extra=bytes(1_100_000), deflate=True), RefusalCode.TOO_LARGE),
    "a gigabyte, deflated": (
        sealed(b"", deflate=True)[:9] + text(forging.deflated_zeros(2**30)),
        RefusalCode.TOO_LARGE,
    ),
    "a megabyte and more, plain": (change({}, extra=bytes(1_100_000)), RefusalCode.TOO_LARGE),
    "a first operation far off": (change(sets(1), start_op=2**40), RefusalCode.TOO_MANY_OPERATIONS),
    "more dependencies than are taken": (change({}, deps=[bytes(32)] * (MAX_DEPENDENCIES + 1)), RefusalCode.BAD_CHANGE),
    "dependencies, 2**62": (sealed(unsigned(2**62)), RefusalCode.BAD_CHANGE),
    "other actors, 2**62": (sealed(b"\0\1a\1\1\0\0" + unsigned(2**62)), RefusalCode.BAD_CHANGE),
    "columns, 2**62": (sealed(b"\0\1a\1\1\0\0\0" + unsigned(2**62)), RefusalCode.BAD_CHANGE),
    "a column of 2**62 bytes": (sealed(b"\0\1a\1\1\0\0\0\1\x42" + unsigned(2**62)), RefusalCode.BAD_CHANGE),
    "a message of 2**62 bytes": (sealed(b"\0\1a\1\1\0" + unsigned(2**62)), RefusalCode.BAD_CHANGE),
}


def cost_of(action: Callable[[], object]) -> tuple[float, int]:
    """Seconds of CPU and bytes of memory at the peak."""
    tracemalloc.start()
    started = time.process_time()
    try:
        action()
    finally:
        seconds = time.process_time() - started
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return seconds, peak


@pytest.mark.parametrize(("data", "code"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_at_little_cost(data: bytes, code: RefusalCode) -> None:
    found = []
    seconds, peak = cost_of(lambda: found.append(refused(data)))
    assert found == [code]
    # tracemalloc makes it several times slower. What is measured is the order: nothing here grows with the bomb.
    assert seconds < 1
    assert peak < 8 * 2**20


def filled(size: int) -> bytes:
    """A change that sets one value of so many bytes."""
    return change(sets(1, value_meta=run(1, unsigned(size << 4 | forging.BYTES)), value=bytes(size)), deflate=True)


DEPENDENCIES = [number.to_bytes(32, "big") for number in range(MAX_DEPENDENCIES)]
DEAREST = {
    "operations, run-length": change(sets(20_000)),
    "every column one by one": change(
        sets(20_000, key_string=literal([text(b"k%d" % number) for number in range(20_000)]))
        | {
            forging.OBJECT_COUNTER: literal([unsigned(number) for number in range(1, 20_001)]),
            forging.PREDECESSOR_COUNT: literal([b"\1"] * 20_000),
            forging.PREDECESSOR_COUNTER: literal(
                [signed(1 if number % 2 else 2) for number in range(10_000)] + [b"\0"] * 10_000
            ),
        }
    ),
    "a megabyte deflated": filled(1_000_000),
    "a key of a megabyte": change(sets(1, key_string=literal([text(b"k" * 1_000_000)]))),
    "dependencies": change({}, deps=DEPENDENCIES),
}


@pytest.mark.parametrize(
    "prose", ["ab😀" * 5_000, "día" * 6_000, "e\u0301a" * 6_000, "\n".join("a b c" for _ in range(3_000))]
)
def test_a_text_that_repeats_itself_is_not_taken_for_a_bomb(prose: str) -> None:
    document = am.Document(b"a" * 16)
    with writing(document) as transaction:
        transaction.splice_text(transaction.put_object(am.ROOT, "t", am.ObjType.Text), 0, 0, prose)
    (made,) = document.get_changes([])
    assert len(made.bytes) < len(prose) / 20
    assert outcome(made.bytes) == "taken"


@pytest.mark.parametrize("data", DEAREST.values(), ids=DEAREST)
def test_the_dearest_that_is_taken_is_read_at_bounded_cost(data: bytes) -> None:
    seconds, peak = cost_of(lambda: read_change(data))
    assert seconds < 2
    assert peak < 8 * 2**20


def test_the_bounds_are_exact() -> None:
    assert read_change(change(sets(MAX_CHANGE_OPERATIONS))).operations == MAX_CHANGE_OPERATIONS
    assert len(read_change(change({}, deps=DEPENDENCIES)).deps) == MAX_DEPENDENCIES
    last = change(sets(2), start_op=MAX_DOCUMENT_OPERATIONS - 1)
    assert read_change(last).start_op == MAX_DOCUMENT_OPERATIONS - 1
    assert refused(change(sets(2), start_op=MAX_DOCUMENT_OPERATIONS)) == RefusalCode.TOO_MANY_OPERATIONS
    header = len(forging.body_of(filled(1_000_000))) - 1_000_000
    largest = filled(MAX_CHANGE_BYTES - header)
    assert read_change(largest).size == MAX_CHANGE_BYTES
    assert refused(filled(MAX_CHANGE_BYTES - header + 1)) == RefusalCode.TOO_LARGE
    keys = MAX_CHANGE_BYTES // 20_000
    assert outcome(change(sets(20_000, key_string=run(20_000, text(b"k" * keys))))) == "taken"
