"""A value that is nested too deeply is a listed problem wherever it lies, on every Python at the same depth.

Far less than what any decoder refuses by itself is enough to tell: 101 lists.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from msgspec.structs import replace

from intersession_schemas.crdt import ROOT, Document, ObjectId
from intersession_schemas.documents.assessments import assessments
from intersession_schemas.documents.assessments.answers import WordingTaken
from intersession_schemas.documents.assessments.wordings import definition_of, wording_of
from intersession_schemas.documents.care.homework import PROGRESS, HomeworkProgress
from intersession_schemas.documents.diary import journal, sections, symptoms
from intersession_schemas.documents.forms import Answer
from intersession_schemas.instruments.definitions.check_in import CHECK_IN
from intersession_schemas.nesting import DEPTH

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
ID = UUID(int=7)


def deepened(text: str, levels: int) -> str:
    """A JSON object with an unknown field in it, so that it is nested `levels` deep in all."""
    return text[:-1] + ', "new": ' + "[" * (levels - 1) + "]" * (levels - 1) + "}"


def deepen(document: Document, key: str, levels: int, obj: ObjectId) -> None:
    text = document.scalar(key, obj)
    assert isinstance(text, str)
    with document.edit() as edit:
        edit.put(key, deepened(text, levels), obj)


def inside(document: Document, *path: str) -> ObjectId:
    found = document.object(path[0], "map")
    for name in path[1:]:
        assert found is not None
        found = document.object(name, "map", found)
    assert found is not None
    return found


def a_log(levels: int) -> tuple[object, ...]:
    document = Document.new(b"1" * 16)
    symptoms.create(document, "2026-05")
    symptoms.add(document, [symptoms.Log(id=ID, at=AT, entered_at=AT, values={"worry": 3})])
    deepen(document, str(ID), levels, ROOT)
    return symptoms.read(document).problems


def an_answer_of_a_section(levels: int) -> tuple[object, ...]:
    document = Document.new(b"1" * 16)
    section = sections.Section("Slept", type="yes_no", value=True)
    journal.create(document, written_at=AT, entered_at=AT, sections=[section])
    deepen(document, "answer", levels, inside(document, "sections", "1"))
    return journal.read(document).problems


def _assessment() -> Document:
    document = Document.new(b"1" * 16)
    assessments.create(document, assessments.Start(instrument="phq9", scheme="sum", started_at=AT))
    assessments.answer(document, "1", 2, answer_id=ID, at=AT)
    return document


def a_draft_answer(levels: int) -> tuple[object, ...]:
    document = _assessment()
    deepen(document, f"1/{ID}", levels, inside(document, "draft"))
    return assessments.read(document).problems


def a_completion(levels: int) -> tuple[object, ...]:
    document = _assessment()
    assessments.complete(document, completion_id=ID, at=AT, wording=WordingTaken())
    deepen(document, str(ID), levels, inside(document, "completions"))
    return assessments.read(document).problems


def answers_to_homework(levels: int) -> tuple[object, ...]:
    document = Document.new(b"1" * 16)
    PROGRESS.create(document, HomeworkProgress(homework=ID, done_at=AT, entered_at=AT, answers=(Answer(key="a"),)))
    text = document.scalar("answers")
    assert isinstance(text, str)
    with document.edit() as edit:
        edit.put("answers", f"[{deepened(text[1:-1], levels - 1)}]")
    return PROGRESS.read(document).problems


def a_definition(levels: int) -> tuple[object, ...]:
    assert CHECK_IN.wording is not None
    wording = wording_of(CHECK_IN.wording, CHECK_IN, ships=False)
    deep = replace(wording, definition=deepened(wording.definition, levels))
    return () if definition_of(deep) == CHECK_IN else ("none",)


READERS: list[Callable[[int], tuple[object, ...]]] = [
    a_log,
    an_answer_of_a_section,
    a_draft_answer,
    a_completion,
    answers_to_homework,
    a_definition,
]


@pytest.mark.parametrize("problems", READERS, ids=lambda read: read.__name__)
def test_at_the_bound_it_is_read_and_beyond_it_is_a_problem(problems: Callable[[int], tuple[object, ...]]) -> None:
    assert problems(DEPTH) == ()
    for levels in (DEPTH + 1, 500, 50_000, 400_000):
        assert len(problems(levels)) == 1, levels


MAPS_IN_MAPS = """
import sys
from automerge import _automerge as am
from intersession_schemas.crdt import ROOT, Document
from intersession_schemas.documents.assessments import assessments
from intersession_schemas.documents.diary import journal
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.records.kinds import SHAPES

def nested(key, levels):
    raw, changes, obj = am.Document(b"a" * 16), [], ROOT
    while levels:
        with raw.transaction() as transaction:
            for _ in range(min(levels, 20_000)):
                obj = transaction.put_object(obj, key, am.ObjType.Map)
                levels -= 1
        changes.append(raw.get_last_local_change().bytes)
    return changes

for key in ("sections", "draft", "kind"):
    document = Document.new(b"b" * 16)
    document.apply(nested(key, int(sys.argv[1])))
    document = Document.load(document.save(), b"c" * 16)
    for read in (assessments.read, journal.read, symptoms.read):
        assert read(document).problems
    for shape in SHAPES.values():
        shape.read(document)
    with document.edit() as edit:
        edit.delete(key)
    assert document.fork(b"d" * 16).keys() == []
print("read")
"""


def test_maps_in_maps_are_read_with_problems_and_end_no_process() -> None:
    """As deep as one change may make them: far beyond any recursion."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", MAPS_IN_MAPS, "20000"], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "read\n", "")
