"""The seam to Automerge: what is put is read, an edit is one change or none, and what was seen is no conflict."""

from __future__ import annotations

import pytest
from automerge import _automerge as am
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.schemas.crdt.editing import WHOLE, actor, copy_of, edited, put, refused, values
from tests.schemas.forging import change, literal, sets, text

from intersession_schemas import crdt
from intersession_schemas.changes import Change, read_change
from intersession_schemas.crdt import ROOT, Document, Edit
from intersession_schemas.errors import DocumentError, RefusalCode

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


def test_a_copy_of_what_it_was_then() -> None:
    document = Document.new(bytes(16))
    with document.edit() as edit:
        text = edit.put_text("text", "one two")
    then = document.heads
    with document.edit() as edit:
        edit.rewrite(text, "one two three")
    copy = document.fork(bytes([1]) * 16, then)
    assert (copy.heads, copy.text(text)) == (then, "one two")
    with copy.edit() as elsewhere:
        elsewhere.rewrite(text, "one and two")
    assert elsewhere.change is not None
    document.apply([elsewhere.change])
    assert document.text(text) == "one and two three"


def test_no_copy_of_what_it_never_was() -> None:
    document = Document.new(bytes(16))
    put(document, "k", 1)
    with pytest.raises(DocumentError):
        document.fork(bytes([1]) * 16, [bytes(32)])
    put(document, "k", 2)
    assert document.scalar("k") == 2
