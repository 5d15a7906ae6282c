"""Material: in one order, without what no record holds, and with when each part arrived."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from tests.schemas.measures.records import CLIENT, Record, at, cut

from intersession_schemas.documents.care.comments import Note
from intersession_schemas.documents.care.goals import Goal
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.measures.material import Material, begins, material
from intersession_schemas.records.filing import Filed, FiledRows
from intersession_schemas.streams import Kind

ROWS = FiledRows(author=CLIENT, first_seq=1, last_seq=2, first_received_at=at(1), last_received_at=at(2))


def test_the_order_is_by_kind_and_id() -> None:
    documents = [
        (UUID(int=2), Kind.PLAN, Plan(), ROWS),
        (UUID(int=9), Kind.GOAL, Goal(), ROWS),
        (UUID(int=1), Kind.GOAL, Goal(what="x"), ROWS),
    ]
    found = material(documents)
    assert [(one.kind, one.id.int) for one in found.filed] == [(Kind.GOAL, 1), (Kind.GOAL, 9), (Kind.PLAN, 2)]
    assert found == material(documents[::-1])
    assert [goal.what for _, goal in found.of(Kind.GOAL, Goal)] == ["x", ""]


def test_a_note_of_the_care_team_is_no_part_of_it() -> None:
    assert material([(UUID(int=1), Kind.NOTE, Note(text="private"), ROWS)]).filed == ()


def test_a_read_model_of_another_kind_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="goal"):
        material([(UUID(int=1), Kind.GOAL, Plan(), ROWS)])


def test_when_a_part_arrived() -> None:
    part = UUID(int=5)
    one = Filed(id=UUID(int=1), kind=Kind.GOAL, model=Goal(), rows=ROWS)
    assert (one.arrived(), one.arrived(part)) == (at(1), at(2))
    known = FiledRows(first_received_at=at(1), last_received_at=at(3), parts={str(part): at(2)})
    assert Filed(id=UUID(int=1), kind=Kind.GOAL, model=Goal(), rows=known).arrived(part) == at(2)
    assert Filed(id=UUID(int=1), kind=Kind.GOAL, model=Goal()).arrived(part) is None


def test_without_a_plan_there_is_an_empty_one() -> None:
    assert Record().material.plan == Plan()


def test_a_brief_for_no_known_session_begins_from_now() -> None:
    assert begins(Record().material, cut(at(20)), UUID(int=1)).at == at(6)


def test_what_is_made_of_the_documents_is_made_once_whoever_tells_more_of_them() -> None:
    made: list[Material] = []

    def counted(found: Material) -> int:
        def count() -> int:
            made.append(found)
            return len(found.filed)

        return found.once("count", frozenset({Kind.GOAL}), count)

    found = material([(UUID(int=1), Kind.GOAL, Goal(), ROWS)])
    told = found.telling(heard_at=at(3))
    assert (counted(told), counted(found), counted(told.telling(plan_then=Plan()))) == (1, 1, 1)
    assert len(made) == 1
    assert (told.heard_at, told.plan_then, told.filed) == (at(3), None, found.filed)
    assert told.telling(plan_then=Plan(introduction="then")).heard_at == at(3)
    other = material([(UUID(int=1), Kind.GOAL, Goal(), ROWS), (UUID(int=2), Kind.GOAL, Goal(), ROWS)])
    assert counted(other) == 2


def test_what_was_made_of_it_is_no_part_of_its_value() -> None:
    documents: Any = [(UUID(int=1), Kind.GOAL, Goal(), ROWS)]
    asked, fresh = material(documents), material(documents)
    assert asked.symptom_logs() == ()
    assert asked == fresh
