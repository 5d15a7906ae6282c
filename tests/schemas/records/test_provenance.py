"""Which change brought a value: as it stands, whoever wrote it before, in whatever order changes come."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.records.provenance import Provenance

ACTORS = [bytes([number]) * 16 for number in (1, 2, 3)]


def brought(changes: list[bytes]) -> Provenance[bytes]:
    read = [read_change(data) for data in changes]
    return Provenance((one.actor, one.start_op, one.operations, one.data) for one in read)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=25), st.randoms())
@settings(max_examples=60, deadline=None)
def test_it_is_the_last_change_that_wrote_it(writes: list[tuple[int, int]], order: object) -> None:
    """Each of some devices writes at some keys, having seen what all wrote before: the last one to write is known."""
    document, changes, last = Document.new(ACTORS[0]), list[bytes](), dict[str, bytes]()
    for number, (actor, key) in enumerate(writes):
        document = document.fork(ACTORS[actor])
        with document.edit() as edit:
            edit.put(f"k{key}", number)
            edit.put("all", number)
        assert edit.change is not None
        changes.append(edit.change)
        last[f"k{key}"] = last["all"] = edit.change
    order.shuffle(changes)  # type: ignore[attr-defined]
    found = brought(changes)
    for name, change in last.items():
        assert found.of(document, name) == change


def test_of_what_is_not_there_or_came_with_no_known_change_there_is_none() -> None:
    document = Document.new(ACTORS[0])
    with document.edit() as edit:
        edit.put("a", 1)
    first = edit.change
    with document.edit() as edit:
        edit.put("b", 2)
    assert first is not None
    assert edit.change is not None
    found = brought([first])
    assert found.of(document, "a") == first
    assert found.of(document, "b") is None, "its change is not among them, though its actor's first one is"
    assert found.of(document, "c") is None
    assert brought([]).of(document, "a") is None


def test_within_a_map() -> None:
    document = Document.new(ACTORS[0])
    with document.edit() as edit:
        inner = edit.put_map("answers")
        edit.put("x", 1, inner)
    first = edit.change
    with document.edit() as edit:
        edit.put("x", 2, inner)
    assert first is not None
    assert edit.change is not None
    container = document.object("answers", "map")
    assert container is not None
    assert brought([first, edit.change]).of(document, "x", container) == edit.change
