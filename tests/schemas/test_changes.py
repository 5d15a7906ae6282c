"""`read_change`: the same facts as Automerge itself, and what it refuses. What it may cost: test_change_bounds.py."""

from __future__ import annotations

import random
from typing import Any

import pytest
from automerge import _automerge as am
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.schemas import forging
from tests.schemas.forging import change, literal, nulls, run, sealed, sets, signed, text, unsigned
from tests.schemas.reading import MANY, many_ids, outcome, refused, writing

from intersession_schemas.changes import inflated_size, read_change
from intersession_schemas.errors import DocumentError, RefusalCode
from intersession_schemas.leb128 import leb128

# -- what it reads -----------------------------------------------------------------------------------------------------

characters = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
scalars = st.one_of(
    st.tuples(st.just(am.ScalarType.Str), characters),
    st.tuples(st.just(am.ScalarType.Int), st.integers(-(2**63), 2**63 - 1)),
    st.tuples(st.just(am.ScalarType.Uint), st.integers(0, 2**64 - 1)),
    st.tuples(st.just(am.ScalarType.F64), st.floats(allow_nan=False)),
    st.tuples(st.just(am.ScalarType.Boolean), st.booleans()),
    st.tuples(st.just(am.ScalarType.Bytes), st.binary(max_size=30)),
    st.tuples(st.just(am.ScalarType.Null), st.none()),
)
steps = st.one_of(
    st.tuples(st.just("put"), st.text("abcä", min_size=1, max_size=300), scalars),
    st.tuples(st.just("delete"), st.text("abcä", min_size=1, max_size=2)),
    st.tuples(st.just("map"), st.sampled_from("mn")),
    st.tuples(st.just("splice"), st.integers(0, 50), st.integers(0, 20), characters),
    st.tuples(st.just("insert"), st.integers(0, 50), scalars),
    st.tuples(st.just("remove"), st.integers(0, 50)),
)


def take_step(transaction: Any, prose: bytes, items: bytes, step: tuple[Any, ...]) -> None:
    match step:
        case "put", key, (kind, value):
            transaction.put(am.ROOT, key, kind, value)
        case "delete", key if key in transaction.keys(am.ROOT):
            transaction.delete(am.ROOT, key)
        case "map", key:
            transaction.put(transaction.put_object(am.ROOT, key, am.ObjType.Map), "in", am.ScalarType.Int, 1)
        case "splice", at, delete, insert:
            length = transaction.length(prose)
            at = min(at, length)
            transaction.splice_text(prose, at, min(delete, length - at), insert)
        case "insert", at, (kind, value):
            transaction.insert(items, min(at, transaction.length(items)), kind, value)
        case "remove", at if transaction.length(items):
            transaction.delete(items, at % transaction.length(items))


@given(st.lists(st.tuples(st.binary(min_size=16, max_size=16), st.lists(steps, max_size=6)), max_size=4))
@settings(max_examples=80)
def test_it_says_what_automerge_says(writers: list[tuple[bytes, list[tuple[Any, ...]]]]) -> None:
    document = am.Document(bytes(16))
    with document.transaction() as transaction:
        prose = transaction.put_object(am.ROOT, "prose", am.ObjType.Text)
        items = transaction.put_object(am.ROOT, "items", am.ObjType.List)
    for actor, edits in writers:
        document.set_actor(actor)
        with document.transaction() as transaction:
            for step in edits:
                take_step(transaction, prose, items, step)
    for theirs in document.get_changes([]):
        for data in (theirs.bytes, theirs.raw_bytes):
            ours = read_change(data)
            assert (ours.hash, list(ours.deps), ours.actor) == (theirs.hash, theirs.deps, theirs.actor_id)
            assert (ours.seq, ours.start_op, ours.operations) == (theirs.seq, theirs.start_op, len(theirs))
            assert (ours.size, ours.data) == (len(forging.body_of(data)), data)


def test_a_long_text_is_deflated_and_read_all_the_same() -> None:
    document = am.Document(forging.ACTOR)
    with writing(document) as transaction:
        prose = transaction.put_object(am.ROOT, "prose", am.ObjType.Text)
        transaction.splice_text(prose, 0, 0, "Не спал всю ночь, 😀 again and again. " * 40)
    (theirs,) = document.get_changes([])
    assert theirs.bytes[8] == 2  # deflated
    ours = read_change(theirs.bytes)
    assert (ours.hash, ours.operations) == (theirs.hash, len(theirs))
    assert len(theirs.bytes) < ours.size == len(forging.body_of(theirs.bytes))


def test_a_merge_without_operations_is_a_change() -> None:
    assert read_change(change({})).operations == 0


@given(st.integers(0, 2**64))
def test_numbers_are_written_as_automerge_writes_them(number: int) -> None:
    assert leb128(number) == unsigned(number)


def test_the_inflated_size_is_known_without_loading() -> None:
    small, large = change(sets(1)), change(sets(1, key_string=literal([text(b"k" * 50_000)])), deflate=True)
    assert inflated_size(small + large) == len(small) - 10 + read_change(large).size
    assert inflated_size(b"") == 0
    for cut in (small[:-1], large[:20], b"\x85"):
        with pytest.raises(DocumentError):
            inflated_size(cut)


def with_values(type_: int, value: bytes) -> bytes:
    return change(sets(1, value_meta=literal([unsigned(len(value) << 4 | type_)]), value=value))


NOT_TAKEN = {
    "nothing": b"",
    "half a header": change({})[:9],
    "not a chunk": b"\0" * 50,
    "the vector, which is a sync message": bytes.fromhex(
        "42019979c1fca799fc05fd03b4f8fa2de911bfc95152507ee4d2f81673c28962e0cf00010005010007794200020102"
    ),
    "a saved document": am.Document(forging.ACTOR).save(),
    "two changes": change({}) + change({}),
    "a byte too many": change({}) + b"\0",
    "no actor": change({}, actor=b""),
    "a long actor": change({}, actor=b"a" * 65),
    "sequence number 0": change({}, seq=0),
    "first operation 0": change({}, start_op=0),
    "a number of 11 bytes": change({}, seq=2**70),
    "a counter": with_values(forging.COUNTER, b"\1"),
    "an increment": change(sets(1, action=run(1, unsigned(forging.INCREMENT)))),
    "an increment in a literal run": change(sets(2, action=literal([b"\1", b"\5"]))),
    "a timestamp": with_values(forging.TIMESTAMP, signed(2**55)),
    "a value of an unknown type": with_values(forging.UNKNOWN, b"x"),
    "a table": change(sets(1, action=run(1, unsigned(forging.MAKE_TABLE)))),
    "a mark": change(sets(1, action=run(1, unsigned(forging.MARK)))),
    "names of marks": change(sets(1) | {forging.MARK_NAME: literal([text(b"bold")])}),
    "ends of marks": change(sets(1) | {forging.EXPAND: b"\0\1"}),
    "an operation of an unknown kind": change(sets(1, action=run(1, unsigned(8)))),
    "an operation of no kind": change(sets(1, action=nulls(1))),
    "an unknown column": change(sets(1) | {0xB2: run(1, b"\1")}),
    "a deflated column": change(sets(1) | {forging.ACTION | 8: b"\1\1"}),
    "a doubled column": change([*sorted(sets(1).items()), (forging.ACTION, run(MANY, b"\1"))]),
    "an empty run": change(sets(1, object_actor=nulls(0))),
    "an empty run of keys": change(sets(1, key_string=nulls(0))),
    "a value longer than its bytes": change(
        sets(1, value_meta=run(1, unsigned(5 << 4 | forging.BYTES)), value=b"four")
    ),
    "a column that ends in a run": change(sets(1, object_actor=b"\1")),
    "a key that ends too early": change(sets(1, key_string=b"\1\5four")),
    "bytes after the deflated part": sealed(forging.body_of(change(sets(1))), deflate=True, more=b"\0"),
    "bytes that do not inflate": b"\x85\x6f\x4a\x83abcd\x02\x02\xff\xff",
    "an unfinished deflated part": sealed(b"x" * 100, deflate=True)[:9] + b"\x01\x4b",
}


@pytest.mark.parametrize("data", NOT_TAKEN.values(), ids=NOT_TAKEN)
def test_what_is_no_change_of_ours_is_a_bad_change(data: bytes) -> None:
    assert refused(data) == RefusalCode.BAD_CHANGE


@pytest.mark.parametrize("data", forging.OUT_OF_BOUNDS.values(), ids=forging.OUT_OF_BOUNDS)
def test_what_is_beyond_what_it_can_mean_is_a_bad_change(data: bytes) -> None:
    assert refused(data) == RefusalCode.BAD_CHANGE


def test_a_wrong_checksum_has_a_code_of_its_own() -> None:
    assert refused(sealed(b"\0" * 8, checksum=b"\0\1\2\3")) == RefusalCode.BAD_CHECKSUM
    whole = bytearray(change(sets(3)))
    whole[-1] ^= 1
    assert refused(bytes(whole)) == RefusalCode.BAD_CHECKSUM


def test_a_mark_made_by_automerge_is_refused() -> None:
    document = am.Document(forging.ACTOR)
    with writing(document) as transaction:
        prose = transaction.put_object(am.ROOT, "prose", am.ObjType.Text)
        transaction.splice_text(prose, 0, 0, "some words")
    with document.transaction() as transaction:
        transaction.mark(prose, 0, 4, "bold", am.ScalarType.Boolean, True, am.ExpandMark.Both)
    plain, marked = document.get_changes([])
    assert outcome(plain.bytes) == "taken"
    assert refused(marked.bytes) == RefusalCode.BAD_CHANGE


# -- damaged bytes -----------------------------------------------------------------------------------------------------

WHOLE = {
    "plain": change(sets(3)),
    "text": forging.text_of([forging.LETTER] * 20),
    "deflated": change(sets(50, object_actor=nulls(50), key_string=many_ids), deflate=True),
    "of several actors": change(sets(2), deps=[bytes(32)], others=[b"b" * 16, b"c" * 16], message=b"why", start_op=9),
}


@pytest.mark.parametrize("data", WHOLE.values(), ids=WHOLE)
def test_what_is_cut_off_anywhere_is_refused(data: bytes) -> None:
    codes = {outcome(data[:length]) for length in range(len(data))}
    assert codes <= {RefusalCode.BAD_CHANGE, RefusalCode.BAD_CHECKSUM}


@pytest.mark.parametrize("data", WHOLE.values(), ids=WHOLE)
def test_what_is_cut_off_and_sealed_again_raises_nothing_else(data: bytes) -> None:
    body = forging.body_of(data)
    codes = {outcome(sealed(body[:length])) for length in range(len(body))}
    assert codes <= {"taken", *RefusalCode}
    assert RefusalCode.BAD_CHANGE in codes


@pytest.mark.parametrize("data", WHOLE.values(), ids=WHOLE)
def test_a_flipped_bit_never_goes_unnoticed(data: bytes) -> None:
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        assert outcome(bytes(flipped)) != "taken"


@pytest.mark.parametrize("data", WHOLE.values(), ids=WHOLE)
def test_random_damage_under_a_right_checksum_raises_nothing_else(data: bytes) -> None:
    chance = random.Random(20)
    codes = {outcome(forging.mutated(data, chance)) for _ in range(3_000)}
    assert codes <= {"taken", *RefusalCode}


@given(st.binary(max_size=200))
def test_random_bodies_raise_nothing_else(body: bytes) -> None:
    assert outcome(sealed(body)) in {"taken", *RefusalCode}


def test_a_refusal_quotes_nothing() -> None:
    sentence = b"nobody may read this sentence"
    for data in (
        change(sets(20_000, key_string=run(20_000, text(sentence * 5))), message=sentence),
        change(sets(1, key_string=literal([text(sentence)]), value_meta=run(1, unsigned(99 << 4 | 6)), value=sentence)),
        sealed(sentence * 3),
        sentence * 3,
    ):
        with pytest.raises(DocumentError) as caught:
            read_change(data)
        assert "nobody may" not in str(caught.value)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
