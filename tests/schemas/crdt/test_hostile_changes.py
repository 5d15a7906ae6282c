"""No change, however hostile, ends the process or breaks the document that it is applied to."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Callable

import pytest
from tests.schemas import forging, hostile
from tests.schemas.crdt.editing import actor, copy_of, edited, put, refused, values
from tests.schemas.forging import LETTER, PANICS, Op, change, run, sets, text_of

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document, edits
from intersession_schemas.errors import DocumentError, RefusalCode
from intersession_schemas.prose import Splice

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
    with pytest.raises(DocumentError) as caught, edits.mending():
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
    monkeypatch.setattr(edits, "splices", lambda before, after: [Splice(0, 0, "other ")])
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
