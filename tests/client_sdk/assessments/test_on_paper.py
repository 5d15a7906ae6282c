"""What was answered on paper: taken without a wording, by the instrument's rules, also of the practice's own."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.client_sdk.answers import phq_9
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import SettableClock
from tests.client_sdk.wordings import library_has

from intersession import InvalidField, NotFound
from intersession_schemas.documents.assessments.wordings import wording_of as stored
from intersession_schemas.instruments.values import (
    BoundWording,
    Choice,
    Instrument,
    Item,
    Licence,
    Prompt,
    Scale,
    Source,
)


def test_what_was_answered_on_paper_needs_no_wording(care: Care, clock: SettableClock) -> None:
    at = clock.now - timedelta(days=1)
    found = care.client.assessments.on_paper("phq-9", phq_9(11), at=at)
    care.sync()
    account = care.practice.authors[id(care.sides[1])]
    for reader in (care.client.assessments, care.tracker.assessments):
        kept = reader.get(found.id)
        assert (kept.administered_by, kept.completed_at, kept.scores[0].score) == (account, at, 11)
        assert kept.completions[0].wording == "paper"
        assert kept.items[0].prompt == ""
    (score,) = care.client.scores()
    assert (score.paper, score.wording, score.at, score.value) == (True, "paper", at, 11)
    assert care.tracker.progress().scores == (score,)
    assert [one.instrument for one in care.tracker.assessments.available()] == ["check-in"]
    with pytest.raises(InvalidField, match="care team"):
        care.tracker.assessments.amend(found.id)
    corrected = care.client.assessments.on_paper("phq-9", phq_9(12), amends=found.id)
    assert [(one.value, one.amended) for one in care.client.scores()] == [(12, False), (11, True)]
    assert care.client.assessments.get(found.id).amended_by == (corrected.id,)


def test_what_a_client_answered_themselves_is_not_corrected_for_them(care: Care) -> None:
    draft = care.tracker.assessments.start("check-in")
    for item in ("q1", "q2", "q3", "q4"):
        draft.answer(item, 4)
    theirs = draft.complete()
    care.sync()
    with pytest.raises(InvalidField, match="took an assessment down"):
        care.client.assessments.on_paper("check-in", {"q1": 1}, amends=theirs.id)
    assert len(care.client.assessments.list()) == 1


def test_paper_takes_nothing_that_the_instrument_does_not(care: Care) -> None:
    on_paper = care.client.assessments.on_paper
    for instrument, answers in (("phq-9", {"q1": 4}), ("phq-9", {"q11": 1}), ("none", {"q1": 1}), ("phq-9", {})):
        with pytest.raises(InvalidField):
            on_paper(instrument, answers)
    with pytest.raises(InvalidField):
        on_paper("phq-9", [1, 2])  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        on_paper("phq-9", phq_9(3), amends=uuid4())
    assert care.client.assessments.list() == []
    found = on_paper("phq-9", {"q1": 1, "q9": 2})
    assert (found.note, [one.item for one in found.risk]) == ("incomplete, not scored", ["q9", "q9"])


def test_an_instrument_of_the_practices_own_is_scored_everywhere(care: Care) -> None:
    """It comes with its definition, which goes into the record with the first sheet of paper."""
    source = Source(text="The practice", sure="own")
    own = Instrument(
        key="x-own",
        scheme="sum of 1 items, 0-2",
        title="Own",
        window="today",
        direction="not stated",
        items=(Item(key="a", label="A", allowed=(0, 1, 2)),),
        scales=(Scale(key="total", label="Sum", items=("a",), low=0, high=2),),
        missing="Not scored.",
        licence=Licence(status="own", holder="Practice", terms="None.", source=source),
        sources=(source,),
    )
    words = BoundWording(
        instrument="x-own",
        scheme=own.scheme,
        status="imported",
        hash="1" * 64,
        prompts=(Prompt(item="a", text="How is it?", choices=(Choice(text="well", value=0),)),),
    )
    library_has(care, stored(words, own, ships=False))
    found = care.client.assessments.on_paper("x-own", {"a": 2})
    care.sync()
    assert found.scores[0].score == 2
    assert care.tracker.assessments.get(found.id).scores == found.scores
    assert {one.instrument for one in care.tracker.assessments.available()} == {"check-in", "x-own"}
