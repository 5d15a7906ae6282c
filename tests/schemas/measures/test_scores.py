"""Scores set against one another: which is the last one, which the baseline, and what an amendment does to both."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from msgspec.structs import replace
from tests.schemas.measures.records import THERAPIST, Record, answers, assessed, at, cut, day

from intersession_schemas.documents.assessments.answers import Completion
from intersession_schemas.documents.assessments.wordings import wording_of
from intersession_schemas.documents.care.episodes import Baseline, Episode
from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.instruments.labels import TABLES
from intersession_schemas.instruments.values import BoundWording, Prompt
from intersession_schemas.measures.material import material
from intersession_schemas.measures.scores import OTHER_SCHEME, Measured, instruments_of, measured, open_episode
from intersession_schemas.records.filing import FiledRows
from intersession_schemas.streams import Kind

CUT = cut(at(28))


def totals(record: Record) -> list[Measured]:
    """Oldest first."""
    return list(measured(record.material, CUT))[::-1]


def against(one: Measured) -> dict[str, UUID]:
    return {each.against: each.assessment for each in one.compared}


def begun(record: Record, *, baseline: UUID | None = None, number: int = 1) -> UUID:
    chosen = {} if baseline is None else {"gad-7/total": Baseline(assessment=baseline)}
    episode = Episode(phase="treatment", began_on=day(number), baseline=chosen)
    return record.add(Kind.EPISODE, episode, at(number), author=THERAPIST)


def gad(record: Record, value: int, number: int, **fields: Any) -> UUID:
    return record.assessment(answers("gad-7", value), at(number), instrument="gad-7", **fields)


def test_without_a_baseline_the_first_of_the_episode_stands_in() -> None:
    record = Record()
    before, first, second = gad(record, 1, 1), gad(record, 2, 8), gad(record, 3, 15)
    assert [against(one) for one in totals(record)] == [{}, {"last": before}, {"last": first}]
    begun(record, number=5)
    assert [against(one) for one in totals(record)] == [
        {},
        {"last": before},
        {"first of the episode": first, "last": first},
    ]
    assert totals(record)[2].assessment == second


def test_what_was_worked_out_in_one_language_is_not_told_in_another() -> None:
    record = Record()
    gad(record, 3, 1)
    kept = record.material
    told = [measured(kept, replace(CUT, locale=locale))[0].title for locale in ("en", "de", "en")]
    assert told == ["Generalized Anxiety Disorder 7 (GAD-7)", TABLES["de"]["gad-7"].title, told[0]]
    assert told[1] != told[0]


def test_the_chosen_baseline_may_be_older_than_the_episode() -> None:
    record = Record()
    before, first, _ = gad(record, 1, 1), gad(record, 2, 8), gad(record, 3, 15)
    begun(record, baseline=before, number=5)
    assert against(totals(record)[2]) == {"baseline": before, "last": first}


def test_an_amendment_takes_the_place_and_the_time_of_what_it_corrects() -> None:
    record = Record()
    first, second = gad(record, 1, 1), gad(record, 2, 8)
    amended = gad(record, 0, 20, amends=first)
    begun(record, baseline=first)
    found = {one.assessment: one for one in totals(record)}
    assert [one.assessment for one in totals(record)] == [first, amended, second]
    assert found[first].amended
    assert found[amended].measured_at == at(1)
    assert found[amended].compared == ()
    assert against(found[second]) == {"baseline": amended, "last": amended}


def test_amendments_that_amend_one_another_end_somewhere() -> None:
    record = Record()
    one = gad(record, 1, 1, amends=UUID(int=1_002))
    other = gad(record, 2, 2, amends=UUID(int=1_001))
    assert (one, other) == (UUID(int=1_001), UUID(int=1_002))
    assert [each.amended for each in totals(record)] == [True, True]


def test_two_completions_of_one_assessment_are_not_compared_with_each_other() -> None:
    record = Record()
    both = tuple(
        Completion(id=UUID(int=number), answers=answers("gad-7", number), completed_at=at(3, number))
        for number in (1, 2)
    )
    record.add(Kind.ASSESSMENT, assessed("gad-7", at(3), completions=both), at(3))
    found = totals(record)
    assert [one.score.score for one in found] == [7, 14]
    assert [one.compared for one in found] == [(), ()]


def test_another_way_of_scoring_is_not_compared() -> None:
    record = Record()
    gad(record, 1, 1)
    completion = Completion(id=UUID(int=1), answers=answers("gad-7", 3), completed_at=at(3), scheme="gad-7 as of old")
    record.add(Kind.ASSESSMENT, assessed("gad-7", at(3), completions=(completion,)), at(3))
    assert (totals(record)[1].score.score, totals(record)[1].score.why) == (None, OTHER_SCHEME)
    assert totals(record)[1].compared == ()


def test_the_episode_that_is_open_today_and_began_last() -> None:
    record = Record()
    assert open_episode(record.material, CUT) is None
    record.add(Kind.EPISODE, Episode(phase="ended", began_on=day(20), ended_on=day(21)), at(20))
    begun(record, number=1)
    begun(record, number=3)
    found = open_episode(record.material, CUT)
    assert found is not None
    assert found.began_on == day(3)


def test_an_instrument_that_does_not_ship_is_scored_by_what_its_wording_brings() -> None:
    original = INSTRUMENTS["gad-7"]
    mine = type(original)(**{name: getattr(original, name) for name in original.__struct_fields__} | {"key": "x-own"})
    bound = BoundWording(
        instrument="x-own", scheme=mine.scheme, status="imported", hash="", prompts=(Prompt(item="q1", text="?"),)
    )
    stored = wording_of(bound, mine, ships=False)
    completion = Completion(id=UUID(int=1), answers=answers("gad-7", 1), completed_at=at(3))
    found = material(
        [
            (UUID(int=1), Kind.INSTRUMENT, stored, FiledRows()),
            (UUID(int=2), Kind.ASSESSMENT, assessed("x-own", at(3), completions=(completion,)), FiledRows()),
        ]
    )
    assert instruments_of(found)["x-own"] == mine
    assert [one.score.score for one in measured(found, CUT)] == [7]


def test_sums_over_different_items_are_not_compared() -> None:
    record = Record()
    with_work = {"no-work": False} | {f"q{number}": 4 for number in range(1, 6)}
    without = {"no-work": True} | {f"q{number}": 4 for number in range(2, 6)}
    for number, given in ((1, with_work), (8, without), (15, with_work)):
        record.assessment(dict(given), at(number), instrument="wsas")
    found = totals(record)
    assert [one.score.score for one in found] == [20, 16, 20]
    assert [against(one) for one in found] == [{}, {}, {"last": found[0].assessment}]


def test_two_completions_of_one_check_in_are_told_and_not_compared_with_each_other() -> None:
    record = Record()
    scheduled = {"schedule": "weekly", "occurrence": "2026-03-08"}
    before = gad(record, 1, 1, schedule="weekly", occurrence="2026-03-01")
    here, there = gad(record, 3, 8, **scheduled), gad(record, 2, 9, **scheduled)
    after = gad(record, 3, 15, schedule="weekly", occurrence="2026-03-15")
    found = {one.assessment: one for one in totals(record)}
    assert {id_: one.one_of for id_, one in found.items()} == {before: 1, here: 2, there: 2, after: 1}
    assert against(found[here]) == against(found[there]) == {"last": before}
    assert against(found[after]) == {"last": there}


def test_an_amendment_is_no_second_answer() -> None:
    record = Record()
    first = gad(record, 3, 8, schedule="weekly", occurrence="2026-03-08")
    record.assessment(answers("gad-7", 2), at(9), instrument="gad-7", amends=first)
    assert {one.one_of for one in totals(record)} == {1}


def test_the_episode_that_a_record_begins_with_gives_way_to_one_that_somebody_began() -> None:
    record = Record()
    record.add(Kind.EPISODE, Episode(began_on=day(10)), at(10), author=UUID(int=0))
    assert open_episode(record.material, cut(at(12))) == Episode(began_on=day(10))
    record.add(Kind.EPISODE, Episode(phase="treatment", began_on=day(1)), at(11))
    assert open_episode(record.material, cut(at(12))) == Episode(phase="treatment", began_on=day(1))
    touched = Record()
    touched.add(Kind.EPISODE, Episode(phase="follow_up", began_on=day(10)), at(10), last=at(11), author=UUID(int=0))
    touched.add(Kind.EPISODE, Episode(phase="treatment", began_on=day(1)), at(11))
    assert open_episode(touched.material, cut(at(12))) == Episode(phase="follow_up", began_on=day(10))
