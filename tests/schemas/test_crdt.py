"""The seam to Automerge: batches, order, bounds, undone edits; and that no input ends the process."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Callable

import pytest
from automerge import _automerge as am
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.schemas import forging, hostile
from tests.schemas.forging import LETTER, PANICS, Op, change, literal, run, sets, text, text_of

from intersession_schemas import crdt
from intersession_schemas.changes import Change, read_change
from intersession_schemas.crdt import ROOT, Document, Edit
from intersession_schemas.errors import DocumentError, RefusalCode
from intersession_schemas.prose import Splice


def actor(number: int) -> bytes:
    return bytes([number]) * 16


def edited(document: Document, write: Callable[[Edit], object]) -> bytes:
    with document.edit() as edit:
        write(edit)
    assert edit.change is not None
    return edit.change


def put(document: Document, key: str, value: crdt.Scalar) -> bytes:
    return edited(document, lambda edit: edit.put(key, value))


def copy_of(document: Document, number: int) -> Document:
    return Document.load(document.save(), actor(number))


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(DocumentError) as caught:
        action()
    return caught.value.code


def values(document: Document) -> dict[str, crdt.Scalar]:
    return {key: document.scalar(key) for key in document.keys()}  # noqa: SIM118 (it is no dict)


# -- reading and writing -----------------------------------------------------------------------------------------------

characters = st.characters(exclude_categories=["Cs"])
scalars: st.SearchStrategy[crdt.Scalar] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.binary(),
    st.text(characters),
)


@given(st.dictionaries(st.text(characters, min_size=1, max_size=10), scalars, max_size=8))
def test_scalars_come_back_as_they_were_put(wanted: dict[str, crdt.Scalar]) -> None:
    document = Document.new(actor(1))
    with document.edit() as edit:
        for key, value in wanted.items():
            edit.put(key, value)
    again = copy_of(document, 2)
    assert values(again) == wanted
    assert {key: type(value) for key, value in values(again).items()} == {key: type(v) for key, v in wanted.items()}


def test_keys_are_sorted_and_objects_have_types() -> None:
    document = Document.new(actor(1))
    with document.edit() as edit:
        prose = edit.put_text("prose", "words")
        inner = edit.put_map("inner")
        edit.put("b", 2, inner)
        edit.put("a", 1, inner)
    assert document.keys() == ["inner", "prose"]
    assert document.keys(inner) == ["a", "b"]
    assert document.scalar("b", inner) == 2
    assert (document.object("prose", "text"), document.object("inner", "map")) == (prose, inner)
    assert document.object("prose", "map") is None
    assert document.object("inner", "list") is None
    assert document.object("missing", "text") is None
    assert document.scalar("prose") is None
    assert document.scalar("missing") is None


@given(st.text(characters), st.text(characters))
def test_a_text_becomes_what_it_is_rewritten_to(before: str, after: str) -> None:
    document = Document.new(actor(1))
    with document.edit() as edit:
        prose = edit.put_text("prose", before)
    assert document.text(prose) == before
    with document.edit() as edit:
        edit.rewrite(prose, after)
    assert document.text(prose) == after
    assert (edit.change is None) == (before == after)


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=64), st.integers(1, 60)), min_size=1, max_size=6))
@settings(max_examples=40)
def test_the_origin_of_a_value_is_in_the_change_that_wrote_it(writers: list[tuple[bytes, int]]) -> None:
    data, document = b"", Document.new(actor(1))
    wanted: dict[str, Change] = {}
    for number, (name, count) in enumerate(writers):
        document = Document.load(data, name)
        with document.edit() as edit:
            for value in range(count):
                edit.put(f"{number} {value}", value)
        assert edit.change is not None
        wanted |= {f"{number} {value}": read_change(edit.change) for value in range(count)}
        data += edit.change
    reader = Document.load(data, actor(1))
    for key, written in wanted.items():
        origin = reader.origin(key)
        assert origin is not None
        assert origin[0] == written.actor
        assert written.start_op <= origin[1] < written.start_op + written.operations
        assert document.origin(key) == origin


def test_only_scalars_have_an_origin() -> None:
    document = Document.new(actor(1))
    with document.edit() as edit:
        edit.put_text("prose", "words")
        edit.put("k", None)
    assert document.origin("prose") is None
    assert document.origin("missing") is None
    assert document.origin("k") == (actor(1), 7)


def test_letters_are_counted_in_code_points_whatever_their_size() -> None:
    document = Document.new(actor(1))
    with document.edit() as edit:
        prose = edit.put_text("prose", "😀 é 👩‍👧 end")
    other = copy_of(document, 2)
    with document.edit() as edit:
        edit.rewrite(prose, "😀😀 é 👩‍👧 end")
    with other.edit() as edit:
        edit.rewrite(prose, "😀 é 👩‍👧 the end")
    document.apply(other.changes())
    assert document.text(prose) == "😀😀 é 👩‍👧 the end"


def test_concurrent_edits_of_one_text_both_survive() -> None:
    document = Document.new(actor(1))
    with document.edit() as edit:
        prose = edit.put_text("prose", "I slept badly. Then I worked.")
    other = copy_of(document, 2)
    with document.edit() as edit:
        edit.rewrite(prose, "I slept well. Then I worked.")
    with other.edit() as edit:
        edit.rewrite(prose, "I slept badly. Then I worked all day.")
    document.apply(other.changes())
    other.apply(document.changes())
    assert document.heads == other.heads
    assert document.text(prose) == other.text(prose) == "I slept well. Then I worked all day."


# -- edits -------------------------------------------------------------------------------------------------------------


def test_an_edit_is_one_change_that_makes_the_same_document_elsewhere() -> None:
    document = Document.new(actor(1))
    first = put(document, "a", 1)
    with document.edit() as edit:
        edit.put("b", 2)
        edit.delete("a")
    second = edit.change
    assert second is not None
    assert document.changes() == [first, second]
    assert document.heads == (read_change(second).hash,)
    other = Document.new(actor(2))
    other.apply([first, second])
    assert (other.heads, values(other)) == (document.heads, {"b": 2})


def test_an_edit_of_nothing_is_no_change() -> None:
    document = Document.new(actor(1))
    put(document, "a", 1)
    with document.edit() as edit:
        pass
    assert edit.change is None
    assert len(document.changes()) == 1


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, DocumentError])
def test_an_error_in_an_edit_undoes_all_of_it(error: type[BaseException]) -> None:
    document = Document.new(actor(1))
    before = put(document, "a", 1)

    def fail(edit: Edit) -> None:
        edit.put("a", 2)
        edit.put_text("prose", "lost")
        raise error("on purpose")

    with pytest.raises(error, match="on purpose"):
        edited(document, fail)
    assert document.changes() == [before]
    assert values(document) == {"a": 1}
    after = read_change(put(document, "a", 3))
    assert (after.seq, after.start_op) == (2, 2)  # nothing of what was undone is counted


def test_a_mistake_in_an_edit_undoes_it_and_leaves_the_document_usable() -> None:
    document = Document.new(actor(1))
    put(document, "a", 1)
    with document.edit() as edit:
        prose = edit.put_text("prose", "words")
    assert refused(lambda: edited(document, lambda edit: edit.put("key", 1, prose))) == RefusalCode.DOES_NOT_APPLY
    assert read_change(put(document, "a", 2)).seq == 3


def test_with_fixed_actors_all_bytes_are_the_same() -> None:
    def story() -> tuple[list[bytes], bytes]:
        document = Document.new(actor(1))
        with document.edit() as edit:
            prose = edit.put_text("prose", "some words")
            edit.put("mood", 3)
        other = copy_of(document, 2)
        with other.edit() as edit:
            edit.rewrite(prose, "some other words")
        put(document, "mood", 4)
        document.apply(other.changes())
        return document.changes(), document.save()

    assert story() == story()


# -- applying ----------------------------------------------------------------------------------------------------------


def three_writers() -> Document:
    """Nine changes, partly concurrent, merged in between."""
    documents = [Document.new(actor(number)) for number in (1, 2, 3)]
    put(documents[0], "start", 0)
    for document in documents[1:]:
        document.apply(documents[0].changes())
    for number, document in enumerate(documents):
        put(document, "shared", number)
        put(document, f"own {number}", number)
    documents[1].apply(documents[0].changes())
    put(documents[1], "joined", 1)
    documents[0].apply(documents[1].changes())
    documents[0].apply(documents[2].changes())
    put(documents[0], "end", 1)
    return documents[0]


WHOLE = three_writers()


def lacks_one(known: list[Change], wanted: set[bytes]) -> bool:
    """Whether one of `wanted` builds, directly or not, on a change that is not known."""
    complete: set[bytes] = set()
    while more := {change.hash for change in known if complete.issuperset(change.deps)} - complete:
        complete |= more
    return not complete.issuperset(wanted)


@given(st.permutations(WHOLE.changes()), st.lists(st.integers(1, 4), min_size=9, max_size=9))
@settings(max_examples=60)
def test_order_and_batches_do_not_matter(changes: list[bytes], sizes: list[int]) -> None:
    document = Document.new(actor(9))
    left = list(changes)
    for size in sizes:
        batch, left = left[:size], left[size:]
        known = [read_change(data) for data in changes[: len(changes) - len(left)]]
        if lacks_one(known, {change.hash for change in known if change.data in batch}):
            assert refused(lambda batch=batch: document.apply(batch)) == RefusalCode.MISSING_DEPENDENCY  # type: ignore[misc]
        else:
            document.apply(batch)
    assert document.heads == WHOLE.heads
    assert values(document) == values(WHOLE)
    assert sorted(document.changes()) == sorted(WHOLE.changes())


@given(st.lists(st.sampled_from(WHOLE.changes()), max_size=12))
def test_duplicates_are_harmless(more: list[bytes]) -> None:
    document = Document.new(actor(9))
    document.apply([*WHOLE.changes(), *more])
    document.apply(more)
    assert document.heads == WHOLE.heads
    assert len(document.changes()) == len(WHOLE.changes())


def test_a_missing_dependency_is_said_and_healed_when_it_comes() -> None:
    document = Document.new(actor(1))
    first, second, third = (put(document, "k", number) for number in range(3))
    other = Document.new(actor(2))
    assert refused(lambda: other.apply([third])) == RefusalCode.MISSING_DEPENDENCY
    assert refused(lambda: other.apply([second])) == RefusalCode.MISSING_DEPENDENCY
    assert refused(lambda: other.apply([third])) == RefusalCode.MISSING_DEPENDENCY
    assert (other.heads, values(other)) == ((), {})
    other.apply([first])
    assert (other.heads, values(other)) == (document.heads, {"k": 2})
    other.apply([second])


def test_a_gap_is_said_even_where_other_changes_of_the_batch_apply() -> None:
    document = Document.new(actor(1))
    first, second, third = (put(document, "k", number) for number in range(3))
    del second
    other = Document.new(actor(2))
    assert refused(lambda: other.apply([first, third])) == RefusalCode.MISSING_DEPENDENCY
    assert values(other) == {"k": 0}


def test_applying_nothing_does_nothing() -> None:
    document = Document.new(actor(1))
    document.apply([])
    assert document.heads == ()


def test_dependencies_are_applied_first() -> None:
    """Automerge takes the square of the number of changes that come before what they build on."""
    document = Document.new(actor(1))
    changes = [put(document, "k", number) for number in range(50)]
    assert [read.data for read in crdt._read_batch(changes[::-1])] == changes


def test_one_actor_cannot_say_two_things_under_one_number() -> None:
    one, other = Document.new(actor(7)), Document.new(actor(7))
    first, second = put(one, "k", "one"), put(other, "k", "other")
    document = Document.new(actor(1))
    document.apply([first])
    assert refused(lambda: document.apply([second])) == RefusalCode.DOES_NOT_APPLY
    assert refused(lambda: Document.new(actor(2)).apply([first, second])) == RefusalCode.DOES_NOT_APPLY


# -- loading and saving ------------------------------------------------------------------------------------------------


def test_a_document_is_loaded_from_a_save_from_changes_or_from_both() -> None:
    document = Document.new(actor(1))
    put(document, "a", 1)
    saved = document.save()
    later = [put(document, "b", 2), put(document, "c", 3)]
    for data in (document.save(), saved + b"".join(later), b"".join(document.changes())):
        again = Document.load(data, actor(2))
        assert (again.heads, values(again)) == (document.heads, {"a": 1, "b": 2, "c": 3})
        put(again, "d", 4)
        document.apply(again.changes(document.heads))
        document = Document.load(b"".join(document.changes()[:3]), actor(3))


def test_nothing_loads_as_an_empty_document() -> None:
    document = Document.load(b"", actor(1))
    assert (document.heads, values(document)) == ((), {})
    assert read_change(put(document, "a", 1)).actor == actor(1)


@pytest.mark.parametrize("cut", [1, 8, 20, -1])
def test_what_is_no_document_does_not_load(cut: int) -> None:
    whole = WHOLE.save()
    assert refused(lambda: Document.load(whole[:cut], actor(1))) in {RefusalCode.DOES_NOT_APPLY, RefusalCode.BAD_CHANGE}
    damaged = bytearray(whole)
    damaged[cut] ^= 0xFF
    assert refused(lambda: Document.load(bytes(damaged), actor(1))) in {
        RefusalCode.DOES_NOT_APPLY,
        RefusalCode.BAD_CHANGE,
    }


def test_changes_since_known_heads_are_the_rest() -> None:
    document = Document.new(actor(1))
    put(document, "a", 1)
    known = document.heads
    rest = [put(document, "b", 2), put(document, "c", 3)]
    assert document.changes(known) == rest
    assert document.changes(document.heads) == []
    assert document.changes()[1:] == rest


def test_weight_grows_with_what_is_held_also_where_it_was_deflated() -> None:
    large = change(sets(1, key_string=literal([text(b"k" * 900_000)])), deflate=True)
    assert len(large) < 2_000
    applied, loaded = Document.new(actor(1)), Document.load(large, actor(1))
    empty = applied.weight
    applied.apply([large])
    assert applied.weight > 900_000
    assert loaded.weight > 900_000
    many = Document.load(change(sets(20_000)), actor(1), operations=20_000)
    assert many.weight > empty + 20_000
    put(many, "k", "a long value" * 100)
    assert many.weight > Document.load(change(sets(20_000)), actor(1), operations=20_000).weight


# -- conflicts ---------------------------------------------------------------------------------------------------------


def test_conflicts_are_all_that_the_heads_leave_the_winner_first() -> None:
    document = Document.new(actor(1))
    put(document, "k", 0)
    others = [copy_of(document, number) for number in (2, 3)]
    put(others[0], "k", "b")
    put(others[1], "k", "c")
    for other in others:
        document.apply(other.changes())
    assert document.conflicts("k") == [document.scalar("k"), *({"b", "c"} - {document.scalar("k")})]
    assert document.conflicts("nothing") == []
    put(document, "k", "settled")
    assert document.conflicts("k") == ["settled"]


def test_a_later_change_that_joins_the_heads_leaves_only_the_winner() -> None:
    document = Document.new(actor(1))
    other = Document.new(actor(2))
    put(document, "k", 1)
    put(other, "k", 2)
    document.apply(other.changes())
    assert len(document.conflicts("k")) == 2
    put(document, "elsewhere", 1)
    assert document.conflicts("k") == [document.scalar("k")]


def test_a_value_that_the_winners_writer_had_seen_is_no_conflict() -> None:
    """Somebody set it anew while somebody else, who still shows the old one, wrote elsewhere."""
    document = Document.new(actor(1))
    put(document, "k", "old")
    other = copy_of(document, 2)
    put(document, "k", "new")
    put(other, "elsewhere", 1)
    document.apply(other.changes())
    other.apply(document.changes())
    assert len(document.heads) == 2
    assert document.conflicts("k") == other.conflicts("k") == ["new"]


def test_a_third_who_had_seen_neither_value_adds_the_one_that_only_they_wrote() -> None:
    document = Document.new(actor(1))
    put(document, "k", "old")
    others = [copy_of(document, number) for number in (2, 3)]
    put(document, "k", "new")
    put(others[0], "elsewhere", 1)
    put(others[1], "k", "another")
    for other in others:
        document.apply(other.changes())
    assert len(document.heads) == 3
    assert set(document.conflicts("k")) == {"new", "another"}


# -- hostile changes ---------------------------------------------------------------------------------------------------


def test_the_vector_is_refused_before_automerge_sees_it() -> None:
    """It is a sync message on which Automerge panics when it answers; we take changes only, and never answer."""
    vector = bytes.fromhex(
        "42019979c1fca799fc05fd03b4f8fa2de911bfc95152507ee4d2f81673c28962e0cf00010005010007794200020102"
    )
    document = Document.new(actor(1))
    put(document, "k", 1)
    assert refused(lambda: document.apply([vector])) == RefusalCode.BAD_CHANGE
    put(document, "k", 2)  # not even this document took harm


@pytest.mark.parametrize("data", PANICS.values(), ids=PANICS)
def test_a_panic_is_a_document_error_and_leaves_the_document_as_it_was(data: bytes) -> None:
    document = Document.new(actor(1))
    good = put(document, "k", 1)
    also_good = put(copy_of(document, 2), "other", 2)
    saved = document.save()
    assert refused(lambda: document.apply([data])) == RefusalCode.DOES_NOT_APPLY
    assert refused(lambda: document.apply([also_good, data])) == RefusalCode.DOES_NOT_APPLY
    assert (document.save(), document.changes()) == (saved, [good])
    document.apply([also_good])
    change = read_change(put(document, "k", 2))
    assert (change.actor, change.seq) == (actor(1), 2)
    assert values(document) == {"k": 2, "other": 2}


def test_what_waits_for_others_still_waits_after_a_panic() -> None:
    document = Document.new(actor(1))
    first, second = put(document, "k", 1), put(document, "k", 2)
    other = Document.new(actor(2))
    assert refused(lambda: other.apply([second])) == RefusalCode.MISSING_DEPENDENCY
    for data in PANICS.values():
        assert refused(lambda data=data: other.apply([data])) == RefusalCode.DOES_NOT_APPLY  # type: ignore[misc]
    other.apply([first])
    assert values(other) == {"k": 2}


def test_a_document_that_failed_otherwise_is_broken_and_others_are_not() -> None:
    document, other = Document.new(actor(1)), Document.new(actor(2))
    put(document, "k", 1)
    put(other, "k", 1)
    assert refused(lambda: document.text(b"no object")) == RefusalCode.DOES_NOT_APPLY
    uses: list[Callable[[], object]] = [document.keys, document.changes, document.save, lambda: document.heads]
    uses += [lambda: put(document, "k", 2), lambda: document.apply(other.changes())]
    for use in uses:
        assert refused(use) == RefusalCode.DOES_NOT_APPLY
    put(other, "k", 2)
    assert values(other) == {"k": 2}


class Panic(BaseException):
    """As the binding's: no `Exception`."""


def test_what_the_binding_says_is_not_repeated() -> None:
    """Its messages, those of panics most of all, may quote what stands in the document."""
    with pytest.raises(DocumentError) as caught, crdt._mending():
        raise Panic("nobody may read this sentence")
    assert "nobody" not in f"{caught.value} {caught.value.args}"
    assert caught.value.__suppress_context__


def test_a_counter_is_refused_and_breaks_nothing() -> None:
    document = Document.new(actor(1))
    counter = change(sets(1, value_meta=run(1, forging.unsigned(1 << 4 | forging.COUNTER)), value=b"\1"))
    assert refused(lambda: document.apply([counter])) == RefusalCode.BAD_CHANGE
    put(document, "k", 1)


UNUSUAL = {
    "a run of one": change(sets(1, action=forging.signed(1) + b"\1")),
    "a column of nulls": change(sets(2, object_actor=forging.nulls(2))),
    "null written in a byte": text_of([LETTER, LETTER._replace(type=forging.NULL, value=b"x")]),
}


@pytest.mark.parametrize("data", UNUSUAL.values(), ids=UNUSUAL)
def test_what_automerge_could_not_give_back_is_not_taken(data: bytes) -> None:
    """It keeps no bytes and writes changes anew: another hash, and a document saved with it could not be loaded."""
    assert read_change(data).operations
    assert refused(lambda: Document.new(actor(1)).apply([data])) == RefusalCode.DOES_NOT_APPLY


def test_what_it_takes_comes_back_as_it_was() -> None:
    ours = text_of([LETTER] * 5)
    document = Document.new(actor(1))
    document.apply([ours])
    assert document.changes() == [ours]
    assert copy_of(document, 2).changes() == [ours]


def test_a_batch_is_bounded_too_by_what_it_inflates_to() -> None:
    document = Document.new(actor(9))
    assert sum(len(forging.big(number)) for number in range(1, 6)) < 6_000
    assert refused(lambda: document.apply([forging.big(number) for number in range(1, 6)])) == RefusalCode.TOO_LARGE
    many = [change(sets(20_000), actor=actor(number)) for number in range(1, 12)]
    assert refused(lambda: document.apply(many)) == RefusalCode.TOO_MANY_OPERATIONS
    assert values(document) == {}
    put(document, "k", 1)


NOT_LETTERS = {
    "several characters": [LETTER._replace(value=b"several characters"), LETTER],
    "no letter": [LETTER._replace(value=b""), LETTER],
    "a number": [LETTER, LETTER._replace(type=forging.SIGNED, value=b"\5")],
    "a map": [LETTER, Op(None, forging.MAKE_MAP)],
    "characters joined": [LETTER, LETTER._replace(value="👨‍👩‍👧".encode())],
}


@pytest.mark.parametrize("elements", NOT_LETTERS.values(), ids=NOT_LETTERS)
def test_a_text_of_other_things_than_letters_is_read_but_not_edited(elements: list[Op]) -> None:
    document = Document.new(actor(1))
    document.apply([text_of(elements)])
    prose = document.object("t", "text")
    assert prose is not None
    before = document.text(prose)
    assert refused(lambda: edited(document, lambda edit: edit.rewrite(prose, before + "!"))) == RefusalCode.BAD_CHANGE
    assert document.text(prose) == before
    put(document, "k", 1)


def test_a_rewrite_that_would_not_give_the_text_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    document = Document.new(actor(1))
    with document.edit() as edit:
        prose = edit.put_text("prose", "words")
    monkeypatch.setattr(crdt, "splices", lambda before, after: [Splice(0, 0, "other ")])
    assert refused(lambda: edited(document, lambda edit: edit.rewrite(prose, "some words"))) == RefusalCode.BAD_CHANGE
    assert document.text(prose) == "words"


# What may end, hang or swell the process runs in one of its own.


def test_a_panic_inside_an_edit_ends_no_process() -> None:
    """The binding frees a transaction after its document, which ends the process unless that is kept for good."""
    ended = hostile.apart(hostile.edit_until_panic, [forging.PANICS_WHEN_EDITED], "m")
    assert ended.code == 0, ended.errors
    assert {"raised PanicException", "marked broken", "freed"} <= ended.said.keys()


@pytest.mark.parametrize("second", [b"y", b"several characters"])
@pytest.mark.parametrize("first", [b"x", b"several characters"])
def test_a_text_with_two_values_at_one_place_is_not_edited(first: bytes, second: bytes) -> None:
    """Neither replaces the other: Automerge shows both and counts one, and may never come back from a splice there."""
    element = LETTER._replace(object=(0, 1), insert=True, value=first)
    rows = [Op(b"t", forging.MAKE_TEXT), element, element._replace(key=(0, 2), value=b"x")]
    rows.append(element._replace(key=(0, 2), insert=False, value=second))
    ended = hostile.apart(hostile.rewrite_in_vain, [change(forging.operations(rows))], "t", seconds=20)
    assert ended.code == 0, ended.errors
    assert "refused" in ended.said


def test_misuse_inside_an_edit_ends_no_process() -> None:
    ended = hostile.apart(hostile.misuse_while_editing)
    assert ended.code == 0, ended.errors
    assert {f"refused {number}" for number in range(4)} <= ended.said.keys()


def test_the_dearest_that_passes_is_applied_within_bounds() -> None:
    ended = hostile.apart(hostile.apply_dearest)
    assert ended.code == 0, ended.errors
    assert ended.megabytes < 400


def test_damaged_changes_end_no_process_and_take_little() -> None:
    ended = hostile.apart(hostile.mutants, 1, 1_200)
    assert ended.code == 0, ended.errors
    assert ended.megabytes < 100
    assert {"read bad_change", "apply does_not_apply", "used"} <= ended.said.keys()


def test_strange_changes_end_no_process_and_take_little() -> None:
    ended = hostile.apart(hostile.confused, 1, 500)
    assert ended.code == 0, ended.errors
    assert ended.megabytes < 100
    assert {"apply does_not_apply", "use bad_change", "used"} <= ended.said.keys()


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("work", "seed"), [*itertools.product([hostile.mutants, hostile.confused], range(2, 5))])
def test_many_more_of_them(work: Callable[..., None], seed: int) -> None:
    ended = hostile.apart(work, seed, 6_000, seconds=800)
    assert ended.code == 0, ended.errors
    assert ended.megabytes < 200


def test_a_child_that_crashes_or_hangs_is_noticed() -> None:
    """The tests above are worth nothing if this is not so."""
    assert hostile.apart(hostile.crash).code != 0
    with pytest.raises(subprocess.TimeoutExpired):
        hostile.apart(hostile.hang, seconds=3)
    assert hostile.apart(hostile.swell, 300).megabytes >= 290


def test_the_root_is_the_default_object() -> None:
    document = Document.new(actor(1))
    put(document, "k", 1)
    assert document.scalar("k", ROOT) == document.scalar("k") == 1
    assert am.ROOT == ROOT


def test_a_copy_is_edited_apart_and_merges() -> None:
    document = Document.new(bytes(16))
    with document.edit() as edit:
        text = edit.put_text("text", "one two")
    copy = document.fork(bytes([1]) * 16)
    with copy.edit() as elsewhere:
        elsewhere.rewrite(text, "one and two")
    with document.edit() as edit:
        edit.rewrite(text, "one two three")
    assert (copy.text(text), document.text(text)) == ("one and two", "one two three")
    assert elsewhere.change is not None
    assert edit.change is not None
    document.apply([elsewhere.change])
    copy.apply([edit.change])
    assert document.text(text) == copy.text(text) == "one and two three"
    assert document.heads == copy.heads
    assert read_change(elsewhere.change).actor == bytes([1]) * 16
