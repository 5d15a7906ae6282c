"""Two devices answer and complete one assessment offline, in any order, and meet now and then.

However it goes, a positive answer to a risk item is never hidden once it was given, and what was completed stays as it
was completed.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from uuid import UUID

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from intersession_schemas.crdt import Document
from intersession_schemas.documents.assessments.answers import AnswerValue, Completion, WordingTaken
from intersession_schemas.documents.assessments.assessments import Assessment, Start, answer, complete, create, read
from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.measures.material import Cut, material
from intersession_schemas.measures.signals.of_record import signals
from intersession_schemas.records.filing import FiledRows
from intersession_schemas.streams import Kind

NOW = datetime(2026, 5, 4, 12, tzinfo=timezone(timedelta(hours=2)))
ASSESSMENT, AMENDMENT = UUID(int=1), UUID(int=2)
CUT = Cut(heads={"record": 9}, now=NOW + timedelta(days=1), zone="Europe/Berlin")
RISK = "q9"

steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("answer"), st.integers(0, 1), st.sampled_from(["q1", RISK, RISK]), st.sampled_from([0, 1, 3, None])
        ),
        st.tuples(st.just("complete"), st.integers(0, 1), st.booleans(), st.none()),
        st.tuples(st.just("merge"), st.integers(0, 1), st.none(), st.none()),
    ),
    max_size=14,
)


class Devices:
    """Two devices with one assessment, and what must be true of it for ever."""

    def __init__(self) -> None:
        first = Document.new(b"0" * 16)
        start = Start(instrument="phq-9", scheme=INSTRUMENTS["phq-9"].scheme, started_at=NOW)
        create(first, start)
        self.both = [Document.load(first.save(), bytes([number]) * 16) for number in (1, 2)]
        self.number = 100
        self.positive: set[int] = set()
        self.completed: dict[UUID, Completion] = {}

    def do(self, what: str, who: int, one: object, other: AnswerValue) -> None:
        document = self.both[who]
        self.number += 1
        at = NOW + timedelta(minutes=self.number)
        id_ = UUID(int=self.number)
        match what:
            case "merge":
                self.both[who].apply(self.both[1 - who].changes())
            case "answer":
                before = read(document)
                try:
                    answer(document, str(one), other, answer_id=id_, at=at)
                except InvalidField:
                    assert before.completions
                else:
                    if one == RISK and other:
                        self.positive.add(int(other))
            case _:
                found = read(document)
                # Whoever completes says of each conflict that the lowest, or the highest, answer holds.
                choose = max if one else min
                resolved = {
                    item: choose(
                        (each.value for each in found.draft[item]), key=lambda value: -1 if value is None else value
                    )
                    for item in found.conflicts
                }
                try:
                    complete(document, completion_id=id_, at=at, wording=WordingTaken(), resolved=resolved)
                except InvalidField:
                    return
        self.check(document)

    def check(self, document: Document) -> None:
        """A completion is as it was when it was first seen."""
        for one in read(document).completions:
            assert self.completed.setdefault(one.id, one) == one

    def end(self) -> Assessment:
        """Both exchange everything, whatever each has: it is then the same."""
        self.both[0].apply(self.both[1].changes())
        self.both[1].apply(self.both[0].changes())
        found = read(self.both[0])
        assert found == read(self.both[1])
        for document in self.both:
            self.check(document)
        return found


def risks(*assessments: tuple[UUID, Assessment]) -> set[int]:
    """The values that signals tell of the first assessment."""
    found = signals(material((id_, Kind.ASSESSMENT, one, FiledRows()) for id_, one in assessments), CUT)
    own = f"risk/{ASSESSMENT}/{RISK}/"
    return {int(one.id.removeprefix(own).partition("/")[0]) for one in found if one.id.startswith(own)}


@given(steps)
@settings(max_examples=150, deadline=None)
def test_no_interleaving_hides_a_positive_risk_item_or_changes_what_was_completed(
    given_steps: list[tuple[str, int, object, AnswerValue]],
) -> None:
    devices = Devices()
    for step in given_steps:
        devices.do(*step)
    found = devices.end()
    assert {one.id: one for one in found.completions} == devices.completed
    assert risks((ASSESSMENT, found)) == devices.positive
    # Nor does an amendment hide it, nor the way through JSON.
    completion = Completion(id=UUID(int=9), answers={RISK: 0}, completed_at=NOW + timedelta(hours=20))
    amendment = Assessment(instrument="phq-9", amends=ASSESSMENT, completions=(completion,))
    again = msgspec.json.decode(msgspec.json.encode(found), type=Assessment)
    assert risks((ASSESSMENT, again), (AMENDMENT, amendment)) == risks((ASSESSMENT, found))


@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from([0, 1, 2, 3])), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_every_order_of_the_same_changes_says_the_same(given_answers: list[tuple[int, int]]) -> None:
    first = Document.new(b"0" * 16)
    create(first, Start(instrument="phq-9", scheme="-", started_at=NOW))
    both = [Document.load(first.save(), bytes([number]) * 16) for number in (1, 2)]
    for number, (who, value) in enumerate(given_answers):
        answer(both[who], RISK, value, answer_id=UUID(int=number), at=NOW)
    forward, backward = (Document.load(first.save(), bytes([number]) * 16) for number in (3, 4))
    changes = [*both[0].changes(first.heads), *both[1].changes(first.heads)]
    forward.apply(changes)
    backward.apply(changes[::-1])
    assert read(forward) == read(backward)
    last = dict(given_answers)
    assert {one.value for one in read(forward).draft[RISK]} == set(last.values())
