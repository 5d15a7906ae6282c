"""The one way to write: what an edit leaves behind, whatever its kind, and that there is no other way."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from tests.client_sdk.practice import NOON, Practice, replica_of

import intersession
from intersession import Change, InvalidField, Tracker
from intersession.documents.projections import PROJECTIONS
from intersession_schemas.crdt import Document
from intersession_schemas.documents.assessments import assessments
from intersession_schemas.documents.assessments.assessments import Start
from intersession_schemas.documents.diary import journal, symptoms
from intersession_schemas.records.kinds import MODELS, SHAPES
from intersession_schemas.streams import Kind

SOURCE = Path(intersession.__file__).parent


@pytest.fixture
def shared(tracker: Tracker, practice: Practice, pair: Callable[[Tracker], None]) -> Tracker:
    """A tracker that is paired and knows its streams."""
    pair(tracker)
    practice.join(tracker)
    return tracker


def counts(tracker: Tracker) -> tuple[int, int, int]:
    """Documents, changes, and what waits in the outbox."""
    with replica_of(tracker).reading() as store:
        one = [store.number(f"SELECT count(*) FROM {table}") for table in ("documents", "changes", "outbox")]
    return one[0], one[1], one[2]


def fill(kind: Kind) -> Callable[[Document], list[bytes]]:
    """Writes some document of that kind, as other apps might."""
    if kind is Kind.JOURNAL_ENTRY:
        return lambda document: [
            journal.create(document, written_at=NOON, entered_at=NOON, zone="Europe/Berlin", text="x")
        ]
    if kind is Kind.SYMPTOM_LOG:
        return lambda document: [symptoms.create(document, "2026-05")]
    if kind is Kind.ASSESSMENT:
        start = Start(instrument="check-in", scheme="sum", started_at=NOON, zone="Europe/Berlin")
        return lambda document: [assessments.create(document, start)]

    def bare(document: Document) -> list[bytes]:
        with document.edit() as edit:
            edit.put("kind", kind.value)
        assert edit.change is not None
        return [edit.change]

    return bare


@pytest.mark.parametrize("kind", [*sorted(MODELS), Kind.VAULT_KEY])
def test_an_edit_of_any_kind_is_kept_queued_and_told_of(shared: Tracker, kind: Kind) -> None:
    heard: list[Change] = []
    shared.on_change(heard.append)
    replica = replica_of(shared)
    with replica.writing() as writing:
        made = writing.create(kind, fill(kind), replica.destination(shared=True))
    assert counts(shared) == (1, len(made.changes), len(made.changes))
    assert heard == [Change((made.document.id,), "local")]
    with replica.writing() as writing:
        assert writing.edit(made.document.position, lambda _: []).changes == ()
    assert len(heard) == 1, "nothing was changed, so nothing is told"


def test_every_kind_that_is_read_has_a_projection() -> None:
    assert set(PROJECTIONS) == set(MODELS)
    assert SHAPES.keys() <= PROJECTIONS.keys()


def test_one_call_is_one_transaction_whatever_it_writes(shared: Tracker) -> None:
    replica = replica_of(shared)
    before = counts(shared)

    def several() -> None:
        with replica.writing() as writing:
            writing.create(Kind.JOURNAL_ENTRY, fill(Kind.JOURNAL_ENTRY), replica.destination(shared=True))
            shared.symptoms.log({"worry": 3})
            shared.goals.add("Ride the bus")
            assert counts(shared) != before
            raise InvalidField("No.")

    with pytest.raises(InvalidField):
        several()
    assert counts(shared) == before
    assert not shared.goals.list()
    assert not shared.journal.entries()
    assert not shared.symptoms.logs()


def test_an_attempt_that_fails_leaves_no_trace_and_the_rest_is_written(shared: Tracker) -> None:
    replica = replica_of(shared)
    heard: list[Change] = []
    shared.on_change(heard.append)
    ids: list[UUID] = []
    with replica.writing() as writing:
        for fails in (False, True, False):
            try:
                with writing.attempt():
                    made = writing.create(Kind.GOAL, fill(Kind.GOAL), replica.destination(shared=True))
                    if fails:
                        raise InvalidField("No.")
                    ids.append(made.document.id)
            except InvalidField:
                continue
    assert heard == [Change(tuple(sorted(ids)), "local")]
    assert {goal.id for goal in shared.goals.list()} == set(ids)


def test_nothing_else_stores_a_change_that_is_made_here() -> None:
    """Whoever calls `stored.add_made` would have to queue, project and tell of it, too."""
    callers = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "add_made" and ast.unparse(node) == "stored.add_made"
    }
    assert callers == {str(Path("documents", "writing.py"))}
