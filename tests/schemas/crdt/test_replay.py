"""Single changes that build on just what is here are made once more: the document is the same as by applying them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from automerge import _automerge as am
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.schemas import forging
from tests.schemas.crdt.editing import actor, edited, put, refused

from intersession_schemas import crdt
from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document, Edit, edits
from intersession_schemas.crdt import document as module
from intersession_schemas.crdt.document import MOST_AGAIN, MOST_FIRST, SINGLE_CHANGES
from intersession_schemas.crdt.replay import MOST_OPERATIONS
from intersession_schemas.errors import DocumentError, RefusalCode

TEXT = "Slept badly, and lay awake with the list."


class Counted:
    """How many changes were made once more, and how many were applied in the other way."""

    def __init__(self) -> None:
        self.again = self.otherwise = 0


@contextmanager
def counting() -> Iterator[Counted]:
    counted, original = Counted(), Document._do_again

    def do_again(self: Document, change: object) -> bool:
        done = original(self, change)  # type: ignore[arg-type]
        counted.again += done
        counted.otherwise += not done
        return done

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Document, "_do_again", do_again)
        yield counted


def applied_otherwise(document: Document, change: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Document, "_do_again", lambda *_: False)
        document.apply([change])


def written() -> tuple[Document, crdt.ObjectId, bytes]:
    """A document with a text, the text, and the change that made them."""
    document, made = Document.new(actor(1)), []
    first = edited(document, lambda edit: made.append(edit.put_text("text", TEXT)))
    return document, made[0], first


def prepared(first: bytes, text: Document) -> Document:
    """A reader of the document for which the characters of its text are counted from here on."""
    reader = Document.new(actor(2))
    reader.apply([first])
    for number in range(SINGLE_CHANGES):
        reader.apply([put(text, "mood", number)])
    return reader


_value = st.sampled_from([1, -70, True, None, "x", 1.5, b"b"])
_piece = st.text(st.sampled_from("abc é😀\n字"), max_size=6)
_edit = st.one_of(
    st.tuples(st.just("splice"), st.integers(0, 200), st.integers(0, 8), _piece),
    st.tuples(st.just("rewrite"), _piece, _piece),
    st.tuples(st.just("put"), st.sampled_from(["mood", "k", "é"]), _value),
    st.tuples(st.just("delete"), st.sampled_from(["mood", "k", "é"])),
    st.tuples(st.just("map"), st.sampled_from(["m", "n"])),
    st.tuples(st.just("text"), st.sampled_from(["m", "n"]), _piece),
)


def carry_out(edit: Edit, document_text: str, text: crdt.ObjectId, keys: list[str], step: tuple[object, ...]) -> None:
    match step:
        case ("splice", int(at), int(delete), str(insert)):
            at = min(at, len(document_text))
            edit.splice(text, at, min(delete, len(document_text) - at), insert)
        case ("rewrite", str(begin), str(end)):
            edit.rewrite(text, begin + document_text[3:-3] + end)
        case ("put", str(key), value):
            edit.put(key, value)  # type: ignore[arg-type]
        case ("delete", str(key)) if key in keys:
            edit.delete(key)
        case ("map", str(key)):
            edit.put("inside", "a map", edit.put_map(key))
        case ("text", str(key), str(said)):
            edit.put_text(key, said)
        case _:
            pass


@given(st.lists(st.tuples(st.integers(1, 2), st.booleans(), st.lists(_edit, min_size=1, max_size=3)), max_size=25))
@settings(max_examples=60, deadline=None)
def test_what_is_made_once_more_is_what_applying_makes(steps: list[tuple[int, bool, list[tuple[object, ...]]]]) -> None:
    """Two devices write, now and then merging; one reader makes changes once more, the other applies them."""
    one, text, first = written()
    other = Document.load(first, actor(3))
    readers = [Document.load(first, actor(8)), Document.load(first, actor(9)), Document.new(actor(7))]
    readers[2].apply([first])
    batched, batch = Document.new(actor(6)), [first]
    for who, merges, parts in steps:
        writer, peer = (one, other) if who == 1 else (other, one)
        if merges:
            applied_all(writer, peer)
        before, keys = writer.text(text), writer.keys()
        with writer.edit() as edit:
            for step in parts[:1]:
                carry_out(edit, before, text, keys, step)
            for step in parts[1:]:
                if step[0] != "splice" and step[0] != "rewrite":
                    carry_out(edit, before, text, keys, step)
        if edit.change is None:
            continue
        readers[0].apply([edit.change])
        applied_otherwise(readers[1], edit.change)
        readers[2].apply([edit.change])
        batch.append(edit.change)
        if len(batch) == 3:
            batched.apply(batch)
            batch = []
        assert readers[0].heads == readers[1].heads == readers[2].heads
    batched.apply(batch)
    # In which order a document has what was written at once is its own affair.
    assert sorted(readers[0].changes()) == sorted(readers[1].changes()) == sorted(readers[2].changes())
    assert batched.heads == readers[1].heads
    assert len({str(values_of(reader)) for reader in (*readers, batched)}) == 1
    assert {reader.text(text) for reader in (*readers, batched)} == {readers[1].text(text)}
    assert Document.load(readers[0].save(), actor(5)).heads == readers[0].heads


def values_of(document: Document) -> list[tuple[str, object]]:
    return [(key, document.scalar(key)) for key in document.keys()]  # noqa: SIM118 - it is no dictionary


def applied_all(into: Document, of: Document) -> None:
    missing = [change for change in of.changes() if read_change(change).hash not in hashes(into)]
    if missing:
        into.apply(missing)


def hashes(document: Document) -> set[bytes]:
    return {read_change(change).hash for change in document.changes()}


def test_typing_is_made_once_more_and_characters_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    writer, text, first = written()
    reader = Document.load(first, actor(2))
    for number in range(SINGLE_CHANGES):
        reader.apply([put(writer, "mood", number)])
    built = []
    original = edits.are_characters

    def counted_once(elements: Sequence[object]) -> bool:
        built.append(len(elements))
        return original(elements)

    monkeypatch.setattr(module, "are_characters", counted_once)
    with counting() as counted:
        for number in range(50):
            with writer.edit() as edit:
                edit.splice(text, number % 30, number % 3, "ab")
            assert edit.change is not None
            reader.apply([edit.change])
    assert (counted.again, counted.otherwise) == (50, 0)
    assert built == [len(TEXT)]
    assert reader.text(text) == writer.text(text)


def typed(writer: Document, text: crdt.ObjectId, count: int) -> list[bytes]:
    return [edited(writer, lambda edit: edit.splice(text, number, number % 3, "ab")) for number in range(count)]  # noqa: B023


def test_where_characters_are_follows_from_the_changes_of_a_document_that_began_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    writer, text, first = written()
    reader = Document.new(actor(2))
    reader.apply([first])
    reader.apply([put(writer, "mood", 1)])
    monkeypatch.setattr(module, "are_characters", lambda elements: pytest.fail("counted"))
    with counting() as counted:
        for change in typed(writer, text, 2 * MOST_FIRST):
            reader.apply([change])
    assert (counted.again, counted.otherwise) == (2 * MOST_FIRST, 0)
    assert reader.save() == writer.save()


def test_a_few_changes_in_one_batch_are_made_once_more() -> None:
    writer, text, first = written()
    reader = Document.new(actor(2))
    reader.apply([first])
    with counting() as counted:
        reader.apply(typed(writer, text, MOST_AGAIN))
        reader.apply(typed(writer, text, MOST_AGAIN + 1))
        reader.apply([*typed(writer, text, 2), edited(writer, a_list), *typed(writer, text, 2)])
        reader.apply(typed(writer, text, 1))
    # Two were made before the list was met, and given up with it.
    assert (counted.again, counted.otherwise) == (MOST_AGAIN + 2 + 1, 1)
    assert reader.save() == writer.save()


def test_a_batch_whose_last_change_does_not_apply_leaves_the_document_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    writer, text, first = written()
    reader = prepared(first, writer)
    before, changes = reader.save(), typed(writer, text, 3)

    def unusual(made: Sequence[object], heads: object) -> None:
        raise DocumentError("A change is not in canonical encoding.", code=RefusalCode.DOES_NOT_APPLY)

    with monkeypatch.context() as patch:
        patch.setattr(module, "check_reproduced", unusual)
        original = Document._do_again
        last = read_change(changes[-1]).hash
        patch.setattr(Document, "_do_again", lambda self, change: change.hash != last and original(self, change))
        with pytest.raises(DocumentError):
            reader.apply(changes)
    assert reader.save() == before
    reader.apply(changes)
    assert reader.save() == writer.save()


def test_few_single_changes_do_not_pay_for_counting() -> None:
    writer, text, first = written()
    reader = Document.load(first, actor(2))
    with counting() as counted:
        for _ in range(SINGLE_CHANGES):
            reader.apply([edited(writer, lambda edit: edit.splice(text, 0, 1, ""))])
    assert counted.otherwise == SINGLE_CHANGES - 1
    assert counted.again == 1


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda edit, text: edit.splice(text, 0, 0, "x" * (MOST_OPERATIONS + 1)), id="many operations"),
        pytest.param(lambda edit, text: a_list(edit), id="a list"),
        pytest.param(lambda edit, _: unsigned(edit), id="an unsigned number"),
    ],
)
def test_what_cannot_be_made_once_more_is_applied(write: Callable[[Edit, crdt.ObjectId], object]) -> None:
    writer, text, first = written()
    reader = prepared(first, writer)
    with counting() as counted:
        reader.apply([edited(writer, lambda edit: write(edit, text))])
        reader.apply([put(writer, "mood", 100)])
    assert (counted.again, counted.otherwise) == (1, 1)
    assert reader.save() == writer.save()


def a_list(edit: Edit) -> None:
    edit.transaction.put_object(crdt.ROOT, "l", edits.OBJECT_TYPES["list"])


def unsigned(edit: Edit) -> None:
    edit.transaction.put(crdt.ROOT, "u", am.ScalarType.Uint, 3)


def test_a_change_that_follows_a_deleted_character_is_applied() -> None:
    """Two devices at one place: what the second writes follows a character that the first has deleted."""
    one, text, first = written()
    other = Document.load(first, actor(3))
    reader = prepared(first, one)
    deleted = edited(one, lambda edit: edit.splice(text, 4, 3, ""))
    inserted = edited(other, lambda edit: edit.splice(text, 6, 0, "new"))
    reader.apply([deleted])
    with counting() as counted:
        reader.apply([inserted])
    assert counted.otherwise == 1
    one.apply([inserted])
    assert reader.text(text) == one.text(text)
    joined = edited(one, lambda edit: edit.splice(text, 0, 0, "joined "))
    with counting() as counted:
        reader.apply([joined])
    assert reader.save() == one.save()


def test_another_encoding_of_the_same_operations_is_refused_and_leaves_the_document() -> None:
    """It makes another change once more, which the hash tells; and Automerge would not give it back as it came."""
    document = Document.new(actor(1))
    begun = forging.change(forging.sets(1))
    document.apply([begun])
    begun_hash = forging.hash_of(begun)
    saved = document.save()
    odd = forging.change(
        forging.sets(2, key_string=forging.literal([forging.text(b"a"), forging.text(b"a")])),
        deps=[begun_hash],
        seq=2,
        start_op=2,
    )
    assert refused(lambda: document.apply([odd])) == RefusalCode.DOES_NOT_APPLY
    assert document.save() == saved
    document.apply(
        [
            forging.change(
                forging.sets(1, key_string=forging.run(1, forging.text(b"b"))), deps=[begun_hash], seq=2, start_op=2
            )
        ]
    )
    assert document.keys() == ["b", "k"]


def test_a_message_that_an_edit_of_ours_does_not_write_is_kept() -> None:
    document = Document.new(actor(1))
    begun = forging.change(forging.sets(1))
    said = forging.change(
        forging.sets(1, key_string=forging.run(1, forging.text(b"b"))),
        deps=[forging.hash_of(begun)],
        seq=2,
        start_op=2,
        message=b"why",
    )
    document.apply([begun])
    with counting() as counted:
        document.apply([said])
    assert counted.otherwise == 1
    assert document.heads == (forging.hash_of(said),)
    assert document.changes()[1] == said


def test_what_another_app_put_into_a_text_is_noticed_after_it_was_edited_before() -> None:
    """Whether a text holds nothing but characters is remembered until changes of others were applied."""
    mine, text, first = written()
    edited(mine, lambda edit: edit.rewrite(text, TEXT + " More."))
    other = Document.load(b"".join(mine.changes()), actor(3))
    with other.edit() as edit:
        edit.transaction.insert(text, 0, am.ScalarType.Int, 7)
    assert edit.change is not None
    mine.apply([edit.change])
    assert refused(lambda: edited(mine, lambda edit: edit.rewrite(text, "Other."))) == RefusalCode.BAD_CHANGE
    assert first


def test_a_text_that_is_edited_again_is_not_looked_through_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    original = edits._is_character_by_character

    def counted(elements: Sequence[object], said: str) -> bool:
        looked.append(len(elements))
        return original(elements, said)

    monkeypatch.setattr(edits, "_is_character_by_character", counted)
    document, text, _ = written()
    for number in range(5):
        edited(document, lambda edit, said=TEXT + str(number): edit.rewrite(text, said))  # type: ignore[misc]
    assert looked == [len(TEXT)]
