"""Changes are applied in any order and in any batches, twice without harm; a gap is said and healed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.schemas.crdt.editing import WHOLE, actor, put, refused, values

from intersession_schemas.changes import Change, read_change
from intersession_schemas.crdt import Document
from intersession_schemas.crdt.batches import read_batch
from intersession_schemas.errors import RefusalCode


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
    assert [read.data for read in read_batch(changes[::-1])] == changes


def test_one_actor_cannot_say_two_things_under_one_number() -> None:
    one, other = Document.new(actor(7)), Document.new(actor(7))
    first, second = put(one, "k", "one"), put(other, "k", "other")
    document = Document.new(actor(1))
    document.apply([first])
    assert refused(lambda: document.apply([second])) == RefusalCode.DOES_NOT_APPLY
    assert refused(lambda: Document.new(actor(2)).apply([first, second])) == RefusalCode.DOES_NOT_APPLY
