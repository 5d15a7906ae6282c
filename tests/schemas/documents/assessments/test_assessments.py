"""Assessments: drafts on two devices merge, conflicts are shown, what was completed never changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import ROOT, Document
from intersession_schemas.documents.assessments.answers import MAX_ITEMS, AnswerValue, WordingTaken
from intersession_schemas.documents.assessments.assessments import (
    ASSESSMENT,
    Assessment,
    Start,
    answer,
    complete,
    create,
    read,
)
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind

AT = datetime(2026, 5, 4, 23, 50, tzinfo=timezone(timedelta(hours=2)))
START = Start(instrument="phq-9", scheme="phq-9 sum 0-27", started_at=AT, zone="Europe/Berlin")
VERIFIED = WordingTaken(status="verified", hash="ab" * 32)
SECRET = "nobody may read this sentence"


def actor(number: int) -> bytes:
    return bytes([number]) * 16


def started(start: Start = START) -> Document:
    document = Document.new(actor(1))
    create(document, start)
    return document


def opened(document: Document, number: int) -> Document:
    return Document.load(document.save(), actor(number))


def merge(*documents: Document) -> None:
    for one in documents:
        for other in documents:
            if one is not other:
                one.apply(other.changes())
    assert len({document.heads for document in documents}) == 1


def say(document: Document, item: str, value: AnswerValue, number: int, minutes: int = 0) -> bytes | None:
    return answer(document, item, value, answer_id=UUID(int=number), at=AT + timedelta(minutes=minutes))


def finish(
    document: Document,
    number: int = 900,
    at: datetime = AT + timedelta(hours=1),
    resolved: Mapping[str, AnswerValue] | None = None,
) -> bytes:
    return complete(
        document,
        completion_id=UUID(int=number),
        at=at,
        zone="Europe/Berlin",
        wording=VERIFIED,
        resolved=resolved,
    )


def values(assessment: Assessment) -> dict[str, list[AnswerValue]]:
    return {item: [one.value for one in given] for item, given in assessment.draft.items()}


def test_what_is_begun_answered_and_completed_is_read() -> None:
    start = replace(START, administered_by=UUID(int=5), schedule="weekly", occurrence="2026-05-04", amends=UUID(int=6))
    document = started(start)
    found = read(document)
    assert [getattr(found, name) for name in start.__struct_fields__] == [
        getattr(start, name) for name in start.__struct_fields__
    ]
    assert (found.state, found.draft, found.completions, found.problems) == ("draft", {}, (), ())
    say(document, "q1", 2, 1)
    say(document, "q2", False, 2)
    say(document, "q3", 1, 3)
    say(document, "q3", None, 4)
    assert read(document).answers == {"q1": 2, "q2": False, "q3": None}
    finish(document)
    found = read(document)
    (completion,) = found.completions
    assert found.state == "completed"
    assert completion.answers == {"q1": 2, "q2": False}
    assert (completion.scheme, completion.wording, completion.zone) == (START.scheme, VERIFIED, "Europe/Berlin")
    assert completion.completed_at.isoformat() == "2026-05-05T00:50:00+02:00"
    assert found.problems == ()


def test_each_step_is_one_change() -> None:
    document = Document.new(actor(1))
    changes = [create(document, START), say(document, "q1", 1, 1), say(document, "q1", 2, 2), finish(document)]
    assert [read_change(one).hash for one in document.changes()] == [read_change(one or b"").hash for one in changes]


def test_the_same_answer_again_is_no_change() -> None:
    document = started()
    assert say(document, "q1", None, 1) is None
    say(document, "q1", 1, 1)
    assert say(document, "q1", 1, 2) is None
    assert say(document, "q1", True, 3) is not None


def test_a_correction_leaves_one_answer_and_keeps_the_others_beside_it() -> None:
    document = started()
    for number, value in enumerate((3, 1, 0), 1):
        say(document, "q9", value, number)
    found = read(document)
    assert values(found) == {"q9": [0]}
    assert [one.value for one in found.overridden["q9"]] == [3, 1]


def test_an_answer_over_that_of_another_device_keeps_it() -> None:
    first = started()
    say(first, "q9", 3, 1)
    second = opened(first, 2)
    say(second, "q9", 0, 2, minutes=1)
    say(second, "q9", 1, 3, minutes=2)
    found = read(second)
    assert values(found) == {"q9": [1]}
    assert found.conflicts == ()
    assert [one.value for one in found.overridden["q9"]] == [3, 0]


def test_different_answers_on_two_devices_are_a_conflict_until_one_is_given() -> None:
    first = started()
    second = opened(first, 2)
    say(first, "q1", 3, 1, minutes=5)
    say(second, "q1", 1, 2)
    say(second, "q2", 2, 3)
    merge(first, second)
    found = read(first)
    assert values(found) == {"q1": [1, 3], "q2": [2]}
    assert found.conflicts == ("q1",)
    assert found.answers == {"q2": 2}
    say(first, "q1", 1, 4, minutes=9)
    merge(first, second)
    found = read(second)
    assert values(found) == {"q1": [1], "q2": [2]}
    assert found.conflicts == ()
    assert [one.value for one in found.overridden["q1"]] == [1, 3]


def test_the_same_answer_on_two_devices_is_none() -> None:
    first = started()
    second = opened(first, 2)
    say(first, "q1", 3, 1)
    say(second, "q1", 3, 2)
    merge(first, second)
    assert read(first).conflicts == ()
    assert read(first).answers == {"q1": 3}
    finish(first)
    assert read(first).completions[0].answers == {"q1": 3}


def test_two_who_settle_a_conflict_differently_have_another() -> None:
    first = started()
    second = opened(first, 2)
    say(first, "q1", 3, 1)
    say(second, "q1", 1, 2)
    merge(first, second)
    say(first, "q1", 3, 3, minutes=1)
    say(second, "q1", 1, 4, minutes=2)
    merge(first, second)
    found = read(first)
    assert values(found) == {"q1": [3, 1]}
    assert found.conflicts == ("q1",)


def test_completing_needs_a_word_on_each_conflict() -> None:
    first = started()
    second = opened(first, 2)
    for document, value in ((first, 3), (second, 1)):
        say(document, "q1", value, value)
        say(document, "q2", value, 10 + value)
    merge(first, second)
    with pytest.raises(InvalidField, match="q1, q2"):
        finish(first)
    with pytest.raises(InvalidField, match="q2"):
        finish(first, resolved={"q1": 1})
    with pytest.raises(InvalidField, match="must be resolved to one of its answers"):
        finish(first, resolved={"q1": 1, "q2": 2})
    finish(first, resolved={"q1": 1, "q2": 3})
    assert read(first).completions[0].answers == {"q1": 1, "q2": 3}
    assert values(read(first)) == {"q1": [1, 3], "q2": [1, 3]}


def test_what_is_resolved_may_be_settled_already_and_no_other_item() -> None:
    document = started()
    say(document, "q1", 1, 1)
    for resolved in ({"q2": 1}, {"q1": True}, {"q1": 2}):
        with pytest.raises(InvalidField):
            finish(document, resolved=resolved)
    finish(document, resolved={"q1": 1})


def test_completing_on_two_devices_keeps_both() -> None:
    first = started()
    say(first, "q1", 1, 1)
    second = opened(first, 2)
    say(second, "q1", 2, 2)
    finish(first, 900, at=AT + timedelta(hours=2))
    finish(second, 901, at=AT + timedelta(hours=1))
    before = {one.id: one for document in (first, second) for one in read(document).completions}
    merge(first, second)
    found = read(first)
    assert [one.id.int for one in found.completions] == [901, 900]
    assert {one.id: one for one in found.completions} == before


def test_what_is_completed_takes_no_answer_and_is_not_completed_again() -> None:
    document = started()
    with pytest.raises(InvalidField, match="Nothing has been answered"):
        finish(document)
    say(document, "q1", 1, 1)
    finish(document)
    heads = document.heads
    with pytest.raises(InvalidField, match="amendment"):
        say(document, "q1", 2, 2)
    with pytest.raises(InvalidField, match="amendment"):
        finish(document, 901)
    assert document.heads == heads


def test_an_answer_that_comes_after_another_device_completed_is_kept_beside_it() -> None:
    first = started()
    say(first, "q9", 0, 1)
    second = opened(first, 2)
    finish(first)
    say(second, "q9", 3, 2)
    merge(first, second)
    found = read(first)
    assert found.completions[0].answers == {"q9": 0}
    assert values(found) == {"q9": [3]}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**16, "x" * 201, [1], {"a": 1}, b"x", "\ud800"])
def test_only_small_values_are_taken(value: Any) -> None:
    document = started()
    with pytest.raises(InvalidField, match="q1"):
        say(document, "q1", value, 1)
    assert read(document).draft == {}


@pytest.mark.parametrize("item", ["", "a/b", "x" * 65, "ä", "a\n", 7])
def test_an_items_key_is_plain(item: Any) -> None:
    with pytest.raises(InvalidField):
        say(started(), item, 1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"instrument": ""},
        {"scheme": ""},
        {"scheme": "x" * 201},
        {"occurrence": "a\nb"},
        {"started_at": datetime(2026, 5, 4)},  # noqa: DTZ001
        {"zone": ""},
    ],
)
def test_a_start_that_lacks_something_is_refused(wrong: dict[str, Any]) -> None:
    document = Document.new(actor(1))
    with pytest.raises(InvalidField):
        create(document, replace(START, **wrong))
    assert document.heads == ()


def test_moments_are_aware() -> None:
    document = started()
    with pytest.raises(InvalidField):
        answer(document, "q1", 1, answer_id=UUID(int=1), at=datetime(2026, 5, 4))  # noqa: DTZ001
    say(document, "q1", 1, 1)
    with pytest.raises(InvalidField):
        finish(document, at=datetime(2026, 5, 4))  # noqa: DTZ001


def test_there_are_not_too_many_items() -> None:
    document = started()
    container = document.object("draft", "map")
    assert container is not None
    with document.edit() as edit:
        for number in range(MAX_ITEMS):
            text = json.dumps({"value": 1, "at": AT.isoformat()})
            edit.put(f"q{number}/{UUID(int=number)}", text, container)
    with pytest.raises(InvalidField, match="at most"):
        say(document, "one more", 1, 9999)
    say(document, "q1", 2, 9999)


def test_odd_content_is_listed_and_never_raised() -> None:
    document = started()
    draft, completions = document.object("draft", "map"), document.object("completions", "map")
    assert draft is not None
    assert completions is not None
    fine = json.dumps({"value": 3, "at": AT.isoformat()})
    odd: list[str | int] = [
        SECRET,
        json.dumps({"value": SECRET * 20, "at": AT.isoformat()}),
        json.dumps({"value": 1e300, "at": AT.isoformat()}),
        json.dumps({"value": 1, "at": "2026-05-04T10:00:00"}),
        json.dumps({"value": [SECRET], "at": AT.isoformat()}),
        "[" * 100_000,
        7,
    ]
    with document.edit() as edit:
        edit.put("q1/x", fine, draft)
        edit.put(f"q/1/{UUID(int=1)}", fine, draft)
        edit.put(f"q9/{UUID(int=1)}", fine, draft)
        for number, value in enumerate(odd, 10):
            edit.put(f"q2/{UUID(int=number)}", value, draft)
            edit.put(str(UUID(int=number)), value, completions)
        edit.put("nothing", json.dumps({"answers": {}, "completed_at": AT.isoformat()}), completions)
        for answers in ({"a/b": 1}, {"q1": "x" * 300}, {"q1": [1]}):
            text = json.dumps({"answers": answers, "completed_at": AT.isoformat()})
            edit.put(str(UUID(int=50 + len(str(answers)))), text, completions)
        edit.put("zone", 7)
        edit.put("amends", SECRET)
        edit.put("started_at", SECRET)
        edit.put("scheme", 7)
    found = read(document)
    assert values(found) == {"q9": [3]}
    assert found.completions == ()
    assert found.state == "draft"
    assert {"zone: invalid", "amends: invalid"} <= set(found.problems)
    assert SECRET not in str(found.problems)
    assert len(found.problems) == 2 + len(odd) * 2 + 4 + 4


def test_answers_that_name_one_another_all_stand() -> None:
    """No app that works writes them; nothing is hidden by one that does not."""
    document = started()
    container = document.object("draft", "map")
    assert container is not None
    one, other = UUID(int=1), UUID(int=2)
    with document.edit() as edit:
        for id_, over, value in ((one, other, 3), (other, one, 0)):
            text = json.dumps({"value": value, "at": AT.isoformat(), "over": [str(over), str(id_)]})
            edit.put(f"q9/{id_}", text, container)
    assert values(read(document)) == {"q9": [3, 0]}


def test_an_empty_document_is_read_too() -> None:
    found = read(Document.new(actor(1)))
    assert found.problems
    assert replace(found, problems=()) == Assessment()
    document = Document.new(actor(1))
    with document.edit() as edit:
        edit.put("kind", "assessment")
    for write in (lambda: say(document, "q1", 1, 1), lambda: finish(document)):
        with pytest.raises(InvalidField, match="another app"):
            write()


def test_it_is_a_record_to_projections() -> None:
    document = started()
    say(document, "q1", 2, 1)
    finish(document)
    found = ASSESSMENT.read(document)
    assert (ASSESSMENT.kind, ASSESSMENT.model) == (Kind.ASSESSMENT, Assessment)
    assert ASSESSMENT.text(found) == "q1: 2\nq1: 2"
    assert msgspec.json.decode(msgspec.json.encode(found), type=Assessment) == found
    ASSESSMENT.check(found)
    with pytest.raises(InvalidField):
        ASSESSMENT.check(Assessment())
    with pytest.raises(InvalidField):
        ASSESSMENT.check(replace(found, draft={"a/b": ()}))


def test_what_is_read_survives_json() -> None:
    first = started(replace(START, started_at=datetime(2026, 1, 1, tzinfo=UTC)))
    second = opened(first, 2)
    given: list[tuple[Document, AnswerValue]] = [(first, 3), (second, True), (first, 2.5), (second, "x")]
    for number, (document, value) in enumerate(given):
        say(document, "q1", value, number)
    merge(first, second)
    finish(first, resolved={"q1": 2.5})
    found = read(first)
    again = msgspec.json.decode(msgspec.json.encode(found), type=Assessment)
    assert again == found
    assert [type(one.value) for one in again.draft["q1"]] == [type(one.value) for one in found.draft["q1"]]


def test_it_keeps_fields_it_does_not_know() -> None:
    document = started()
    with document.edit() as edit:
        edit.put("later", "x", ROOT)
    say(document, "q1", 1, 1)
    assert document.scalar("later") == "x"
    assert read(document).problems == ()
