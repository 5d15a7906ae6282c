"""Applying rows to documents, with real changes of Automerge and forged ones that make it panic."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.schemas import forging

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.messages import RowType
from intersession_schemas.streams import Audience
from intersession_server.log.applying import (
    MANY_CHANGES,
    AppliedThrough,
    HeldDocuments,
    OpenDocument,
    Steps,
    advance,
    by_document,
    erased,
    settle,
    worn_out,
)
from intersession_server.log.store import MAX_ATTEMPTS, LoggedRow

STREAM, DOCUMENT, ACCOUNT, DEVICE = (UUID(int=number) for number in range(1, 5))
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def written(actor: bytes = b"honest", *words: str) -> list[bytes]:
    """One change for each word."""
    document, changes = Document.new(actor), []
    for word in words:
        with document.edit() as edit:
            edit.put(word, word)
        assert edit.change is not None
        changes.append(edit.change)
    return changes


def forged(actor: bytes) -> bytes:
    """A well-formed change that deletes what is not there: Automerge panics over it."""
    return forging.change(forging.sets(1, action=forging.run(1, forging.unsigned(forging.DELETE))), actor=actor)


def rows(changes: Sequence[bytes], first: int = 1) -> list[LoggedRow]:
    return [
        LoggedRow(
            STREAM,
            seq,
            DOCUMENT,
            "journal_entry",
            Audience.RECORD,
            read_change(change).hash,
            ACCOUNT,
            DEVICE,
            NOW,
            1,
            change,
        )
        for seq, change in enumerate(changes, start=first)
    ]


def finish(steps: Steps) -> tuple[list[int], int]:
    """What was set aside, and in how many steps."""
    number = 0
    while True:
        try:
            next(steps)
            number += 1
        except StopIteration as done:
            return done.value, number


def test_good_rows_are_applied_in_one_batch() -> None:
    held = OpenDocument("journal_entry", [])
    assert finish(advance(held, rows(written(b"honest", "a", "b", "c")))) == ([], 0)
    assert held.document.keys() == ["a", "b", "c"]
    assert held.document.changes() == written(b"honest", "a", "b", "c")


def test_a_document_goes_on_from_what_was_stored() -> None:
    changes = written(b"honest", "a", "b", "c")
    held = OpenDocument("journal_entry", changes[:2])
    assert finish(advance(held, rows(changes[2:]))) == ([], 0)
    assert held.document.keys() == ["a", "b", "c"]


def test_rows_that_are_applied_a_second_time_are_harmless() -> None:
    changes = written(b"honest", "a", "b")
    held = OpenDocument("journal_entry", changes)
    assert finish(advance(held, rows(changes))) == ([], 0)
    assert held.document.keys() == ["a", "b"]


def test_a_row_that_makes_automerge_panic_does_not_stop_the_good_ones() -> None:
    one, two, three = written(b"honest", "a", "b", "c")
    held = OpenDocument("journal_entry", [one])
    mixed = rows([two, forged(b"liar"), three], first=2)
    aside, steps = finish(advance(held, mixed))
    assert aside == [3]
    assert steps == 3
    assert held.document.keys() == ["a", "b", "c"]
    assert held.document.changes() == [one, two, three]


def test_what_builds_on_a_refused_row_goes_with_it_and_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    held = OpenDocument("journal_entry", [])
    good = written(b"honest", "a")
    bad = forged(b"liar")
    later = on_top_of(bad)
    tried: list[Sequence[bytes]] = []
    apply = Document.apply

    def noting(document: Document, some: Sequence[bytes]) -> None:
        tried.append(some)
        apply(document, some)

    monkeypatch.setattr(Document, "apply", noting)
    assert finish(advance(held, rows([bad, *good, later])))[0] == [1, 3]
    assert held.document.keys() == ["a"]
    assert [later] not in tried


def on_top_of(parent: bytes) -> bytes:
    """A change that says it builds on `parent`."""
    (change,) = written(b"later!", "later")
    at = change.index(b"later!") - 2
    body = bytes([1]) + read_change(parent).hash + change[at + 1 :]
    length = bytes([len(body)]) if len(body) < 128 else bytes([len(body) & 127 | 128, len(body) >> 7])
    digest = sha256(b"\x01" + length + body).digest()
    made = b"\x85\x6f\x4a\x83" + digest[:4] + b"\x01" + length + body
    assert read_change(made).deps == (read_change(parent).hash,)
    return made


def test_a_row_whose_dependency_never_came_is_set_aside() -> None:
    _, two, three = written(b"honest", "a", "b", "c")
    held = OpenDocument("journal_entry", [])
    assert finish(advance(held, rows([two, three])))[0] == [1, 2]
    assert held.document.keys() == []
    assert held.document.changes() == []


def test_a_document_works_after_a_panic() -> None:
    changes = written(b"honest", "a", "b", "c", "d")
    held = OpenDocument("journal_entry", changes[:1])
    assert finish(advance(held, rows([forged(b"liar")], first=2)))[0] == [2]
    assert finish(advance(held, rows(changes[1:], first=3)))[0] == []
    assert held.document.keys() == ["a", "b", "c", "d"]


def test_stored_changes_that_no_longer_apply_are_left_out() -> None:
    changes = written(b"honest", "a", "b")
    held = OpenDocument("journal_entry", [changes[0], forged(b"liar"), changes[1]])
    assert held.document.keys() == ["a", "b"]
    assert held.document.changes() == changes


def test_a_long_document_is_made_again_from_its_saved_state(monkeypatch: pytest.MonkeyPatch) -> None:
    changes = written(b"honest", *(f"word {number}" for number in range(MANY_CHANGES + 10)))
    held = OpenDocument("journal_entry", changes[: MANY_CHANGES + 5])
    lighter = OpenDocument("journal_entry", changes[:MANY_CHANGES])
    assert held.weight < lighter.weight
    applied: list[int] = []
    apply = Document.apply

    def counting(document: Document, some: Sequence[bytes]) -> None:
        applied.append(len(some))
        apply(document, some)

    monkeypatch.setattr(Document, "apply", counting)
    assert finish(advance(held, rows([forged(b"liar"), *changes[MANY_CHANGES + 5 :]], first=100)))[0] == [100]
    assert max(applied) <= 6
    assert held.document.changes() == changes


@given(st.lists(st.sampled_from(["good", "panic"]), max_size=8), st.integers(1, 8))
def test_exactly_the_bad_rows_are_set_aside_wherever_they_are(plan: list[str], batch: int) -> None:
    good = iter(written(b"honest", *(f"word {number}" for number in range(plan.count("good")))))
    changes = [next(good) if kind == "good" else forged(b"liar%d" % n) for n, kind in enumerate(plan)]
    held, logged, aside = OpenDocument("journal_entry", []), rows(changes), []
    for start in range(0, len(logged), batch):
        aside += finish(advance(held, logged[start : start + batch]))[0]
    assert aside == [seq for seq, kind in enumerate(plan, start=1) if kind == "panic"]
    assert len(held.document.keys()) == plan.count("good")


def test_rows_are_gathered_by_document_and_vaults_are_left_out() -> None:
    one, two = rows(written(b"honest", "a", "b"))
    other = replace(one, document=UUID(int=9))
    vault = replace(one, audience=Audience.VAULT)
    assert by_document([one, vault, other, two]) == {DOCUMENT: [one, two], UUID(int=9): [other]}


def test_progress_is_told_per_stream() -> None:
    mine = rows(written(b"honest", "a", "b", "c"), first=5)
    other = replace(mine[0], stream=UUID(int=9), seq=2)
    assert settle([*mine, other], {(STREAM, 6)}) == [
        AppliedThrough(STREAM, 7, (6,)),
        AppliedThrough(UUID(int=9), 2, ()),
    ]
    assert settle([], set()) == []


@pytest.mark.parametrize(("attempts", "worn"), [(1, False), (MAX_ATTEMPTS - 1, False), (MAX_ATTEMPTS, True)])
def test_a_row_is_worn_out_after_so_many_attempts(attempts: int, worn: bool) -> None:
    (row,) = rows(written(b"honest", "a"))
    assert worn_out(replace(row, attempts=attempts)) is worn


def test_the_documents_used_last_are_held_up_to_a_weight() -> None:
    one, two, three = (
        OpenDocument("journal_entry", []),
        OpenDocument("journal_entry", []),
        OpenDocument("journal_entry", []),
    )
    documents = HeldDocuments[OpenDocument](2 * one.weight)
    ids = [UUID(int=number) for number in range(3)]
    documents.put(ids[0], one)
    documents.put(ids[1], two)
    assert documents.take(ids[0]) is one
    assert documents.take(ids[0]) is None
    documents.put(ids[0], one)
    documents.put(ids[2], three)
    assert documents.take(ids[1]) is None
    assert documents.take(ids[0]) is one
    assert documents.take(ids[2]) is three


def test_a_document_that_grew_is_weighed_anew() -> None:
    held = OpenDocument("journal_entry", [])
    documents = HeldDocuments[OpenDocument](held.weight + 10)
    documents.put(DOCUMENT, held)
    taken = documents.take(DOCUMENT)
    assert taken is held
    finish(advance(held, rows(written(b"honest", "a", "b"))))
    documents.put(DOCUMENT, held)
    assert documents.take(DOCUMENT) is None


def test_a_document_larger_than_all_the_room_pushes_no_other_out() -> None:
    small, large = OpenDocument("journal_entry", []), OpenDocument("journal_entry", written(b"honest", "a", "b"))
    documents = HeldDocuments[OpenDocument](large.weight - 1)
    documents.put(STREAM, small)
    documents.put(DOCUMENT, large)
    assert documents.take(DOCUMENT) is None
    assert documents.take(STREAM) is small


def test_of_what_was_erased_nothing_is_applied_and_nothing_set_aside() -> None:
    first, second = rows(written(b"honest", "a", "b"))
    gone = replace(first, change=b"", dropped=True, attempts=MAX_ATTEMPTS)
    erasure = replace(second, change=b"", dropped=True, type=RowType.ERASURE, attempts=MAX_ATTEMPTS)
    assert by_document([gone, erasure]) == {}
    assert not worn_out(gone)
    assert not worn_out(erasure)
    assert settle([gone, erasure], set()) == [AppliedThrough(STREAM, 2, ())]
    assert erased([first, gone, erasure]) == [DOCUMENT]


def test_a_document_that_is_forgotten_is_not_held_any_more() -> None:
    held = HeldDocuments[OpenDocument](1_000_000)
    held.put(DOCUMENT, OpenDocument("journal_entry", written(b"honest", "a")))
    held.forget([DOCUMENT, STREAM])
    assert held.take(DOCUMENT) is None


def test_many_operations_are_applied_in_pieces_with_turns_for_others_in_between() -> None:
    changes = [forging.change(forging.sets(6_000), actor=bytes([number]) * 16) for number in range(5)]
    held = OpenDocument("journal_entry", [])
    assert finish(advance(held, rows(changes))) == ([], 4)
    assert len(held.document.changes()) == 5
