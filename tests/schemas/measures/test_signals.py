"""Signals: each rule at its border, with its age and its arrival, and never a word that alarms."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.schemas.measures.records import CLIENT, THERAPIST, Record, answers, assessed, at, cut, day, drafted

from intersession_schemas.documents.assessments.answers import Completion
from intersession_schemas.documents.care.comments import Acknowledgement
from intersession_schemas.documents.care.episodes import Baseline, Episode
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress
from intersession_schemas.documents.care.plan import Pause, Plan
from intersession_schemas.errors import InvalidField
from intersession_schemas.measures.material import Cut, material
from intersession_schemas.measures.signals import Signal, signals, usual_gap
from intersession_schemas.measures.words import WORDS, say
from intersession_schemas.records.filing import NotAccepted
from intersession_schemas.streams import Kind

NOW = at(20)


def told(record: Record, now: datetime = NOW, kind: str | None = None) -> list[Signal]:
    return [one for one in signals(record.material, cut(now)) if kind in (None, one.kind)]


# -- positive risk items -----------------------------------------------------------------------------------------------


def test_a_positive_item_of_a_completed_assessment() -> None:
    record = Record()
    id_ = record.assessment(answers("phq-9", q9=1), at(18, 9), at(18, 10))
    record.assessment(answers("phq-9"), at(19))
    (found,) = told(record)
    assert (found.kind, found.id, found.about) == ("risk", f"risk/{id_}/q9/1", id_)
    assert (found.at, found.arrived_at, found.late, found.age_hours) == (at(18, 9), at(18, 10), False, 51)
    assert found.text == (
        "Patient Health Questionnaire 9 (PHQ-9), “Thoughts of death or self-harm”: answered “1” 2 days ago."
    )


def test_one_that_arrives_late_says_so() -> None:
    record = Record()
    record.assessment(answers("phq-9", q9=2), at(10, 9), at(18, 10))
    (found,) = told(record)
    assert found.late
    assert found.text.endswith("answered “2” 10 days ago. Received 8 days later, on 2026-05-18.")


def test_a_positive_item_counts_in_a_draft_in_a_conflict_and_where_it_was_answered_over() -> None:
    record = Record()
    draft = {"q9": (drafted(0, at(18), 1), drafted(2, at(18, 13), 2))}
    over = {"q9": (drafted(3, at(17), 3),)}
    id_ = record.add(
        Kind.ASSESSMENT,
        assessed("phq-9", at(17), draft=draft, overridden=over),
        at(17),
        last=at(18, 14),
        parts={str(UUID(int=7_002)): at(18, 13)},
    )
    found = told(record)
    assert {one.id: one.arrived_at for one in found} == {
        f"risk/{id_}/q9/2": at(18, 13),
        f"risk/{id_}/q9/3": at(18, 14),
    }
    assert found[1].text.endswith("answered “2” 2 days ago in an unfinished assessment.")
    assert "answered “3” 3 days ago; the answer was changed afterwards." in found[0].text


def test_a_draft_answer_that_was_not_completed_with_and_an_original_that_was_amended_count() -> None:
    record = Record()
    completion = Completion(id=UUID(int=1), answers=answers("phq-9", q9=1), completed_at=at(17))
    draft = {"q9": (drafted(1, at(16), 1), drafted(3, at(16), 2))}
    original = record.add(
        Kind.ASSESSMENT, assessed("phq-9", at(16), draft=draft, completions=(completion,), state="completed"), at(17)
    )
    record.assessment(answers("phq-9"), at(18), amends=original)
    found = {one.id: one.text for one in told(record)}
    assert found.keys() == {f"risk/{original}/q9/1", f"risk/{original}/q9/3"}
    assert "; the assessment was corrected later." in found[f"risk/{original}/q9/1"]
    assert "; the assessment was completed with another answer." in found[f"risk/{original}/q9/3"]


def test_of_two_completions_made_at_once_both_count() -> None:
    record = Record()
    both = tuple(
        Completion(id=UUID(int=value), answers=answers("phq-9", q9=value), completed_at=at(20 - value))
        for value in (2, 1)
    )
    id_ = record.add(Kind.ASSESSMENT, assessed("phq-9", at(16), completions=both, state="completed"), at(19))
    assert {one.id for one in told(record)} == {f"risk/{id_}/q9/1", f"risk/{id_}/q9/2"}


def test_a_yes_is_a_yes_and_its_level_is_told() -> None:
    record = Record()
    record.assessment({"q1": True, "q2": False}, at(18), instrument="c-ssrs")
    (found,) = told(record)
    assert "answered “yes”" in found.text
    assert "Published risk level: “low”." in found.text


def test_values_that_no_item_has_are_looked_at_too() -> None:
    record = Record()
    record.assessment(answers("phq-9", q9=99), at(18))
    record.assessment(answers("phq-9", q9="often"), at(19))
    assert [one.id.rpartition("/")[2] for one in told(record)] == ["99"]


def test_an_instrument_that_is_not_known_says_nothing() -> None:
    record = Record()
    record.add(Kind.ASSESSMENT, assessed("x-other", at(18), draft={"q9": (drafted(3, at(18)),)}), at(18))
    assert told(record) == []


# -- acknowledgements --------------------------------------------------------------------------------------------------


def test_an_acknowledgement_stays_with_what_it_was_of() -> None:
    record = Record()
    id_ = record.assessment(answers("phq-9", q9=1), at(17))
    for number, note in ((19, "Called again."), (18, "Called.")):
        seen = Acknowledgement(signal=f"risk/{id_}/q9/1", note=note, made_at=at(number))
        record.add(Kind.ACKNOWLEDGEMENT, seen, at(number), author=THERAPIST)
    (found,) = told(record)
    assert [(one.by, one.at, one.note) for one in found.acknowledged] == [
        (THERAPIST, at(18), "Called."),
        (THERAPIST, at(19), "Called again."),
    ]


def test_an_acknowledgement_does_not_cover_a_higher_answer_that_comes_later() -> None:
    record = Record()
    draft = {"q9": (drafted(1, at(17), 1), drafted(3, at(18), 2))}
    id_ = record.add(Kind.ASSESSMENT, assessed("phq-9", at(17), draft=draft), at(17))
    seen = Acknowledgement(signal=f"risk/{id_}/q9/1", note="", made_at=at(17, 20))
    record.add(Kind.ACKNOWLEDGEMENT, seen, at(17, 20), author=THERAPIST)
    assert {one.id[-1]: bool(one.acknowledged) for one in told(record)} == {"1": True, "3": False}


# -- deterioration -----------------------------------------------------------------------------------------------------


def phq(total: int) -> dict[str, Any]:
    """Answers that sum to `total`, none of them on the risk item."""
    found = answers("phq-9")
    for number in range(1, 9):
        found[f"q{number}"] = min(3, max(0, total - 3 * (number - 1)))
    assert sum(map(int, found.values())) == total  # type: ignore[arg-type]
    return found


def test_worse_than_the_one_before_by_more_than_measurement_error() -> None:
    """The threshold of the PHQ-9 is 6 points: from 8 to 13 is within, to 14 is beyond."""
    within, beyond = Record(), Record()
    for record, after in ((within, 13), (beyond, 14)):
        record.assessment(phq(8), at(4))
        record.assessment(phq(after), at(18))
    assert told(within) == []
    (found,) = told(beyond)
    assert found.id.endswith("/total/last")
    assert found.text == (
        "Patient Health Questionnaire 9 (PHQ-9), Depression: 14 on 2026-05-18, 8 on 2026-05-04 (the one before). "
        "This is a reliable deterioration: more than measurement error explains (6 points)."
    )


def test_better_is_no_signal_and_neither_is_a_difference_that_is_not_called_reliable() -> None:
    record = Record()
    record.assessment(phq(20), at(4))
    record.assessment(phq(2), at(18))
    assert told(record) == []
    record.assessment(answers("who-5", 4), at(4), instrument="who-5")
    record.assessment(answers("who-5", 1), at(18), instrument="who-5")
    # Published for the WHO-5 is a difference that matters, and nothing on measurement error.
    assert told(record) == []
    record.assessment(answers("gad-7", 1), at(4), instrument="gad-7")
    record.assessment(answers("gad-7", 2), at(18), instrument="gad-7")
    assert [one.kind for one in told(record)] == ["deterioration"]


def test_worse_than_the_baseline_though_each_step_is_within_measurement_error() -> None:
    record = Record()
    first = record.assessment(phq(6), at(1))
    record.assessment(phq(9), at(8))
    record.assessment(phq(12), at(15))
    assert told(record) == []
    episode = Episode(phase="treatment", began_on=day(1), baseline={"phq-9/total": Baseline(assessment=first)})
    record.add(Kind.EPISODE, episode, at(1), author=THERAPIST)
    (found,) = told(record)
    assert found.id.endswith("/total/baseline")
    assert "6 on 2026-05-01 (the baseline)" in found.text


def test_only_the_newest_is_held_against_the_baseline() -> None:
    record = Record()
    record.add(Kind.EPISODE, Episode(phase="treatment", began_on=day(1)), at(1), author=THERAPIST)
    for number, total in ((1, 2), (8, 12), (15, 3)):
        record.assessment(phq(total), at(number))
    assert [one.id.rpartition("/")[2] for one in told(record)] == ["last"]


def test_an_amended_score_is_compared_with_no_more() -> None:
    record = Record()
    record.assessment(phq(5), at(4))
    wrong = record.assessment(phq(20), at(11))
    assert len(told(record)) == 1
    record.assessment(phq(6), at(12), amends=wrong)
    assert told(record) == []
    record.assessment(phq(7), at(18))
    assert told(record) == []


# -- missed runs -------------------------------------------------------------------------------------------------------

DAILY = Homework(what="Walk\nfor a while", rule="FREQ=DAILY", since=day(10), assigned_at=at(10, 8))


def progressed(record: Record, homework: UUID, said: dict[int, Any]) -> None:
    for number, status in said.items():
        one = HomeworkProgress(
            homework=homework,
            occurrence=day(number).isoformat(),
            status=status,
            done_at=at(number, 20),
            entered_at=at(number, 20),
        )
        record.add(Kind.HOMEWORK_PROGRESS, one, at(number, 20))


@pytest.mark.parametrize(
    ("said", "pauses", "now", "expected"),
    [
        ({}, (), 12, None),
        ({}, (), 13, (3, 10, 12)),
        ({10: "not", 12: "not"}, (), 13, (3, 10, 12)),
        ({10: "done"}, (), 13, None),
        ({10: "done"}, (), 14, (3, 11, 13)),
        ({11: "partly"}, (), 14, None),
        ({11: "could_not"}, (), 13, None),
        ({11: "could_not"}, (), 14, (3, 10, 13)),
        ({}, (11, 12), 14, None),
        ({}, (11, 12), 15, (3, 10, 14)),
        ({14: "done"}, (), 14, None),
        ({13: "not"}, (), 13, (4, 10, 13)),
    ],
)
def test_three_possible_occurrences_in_a_row(
    said: dict[int, str], pauses: tuple[int, ...], now: int, expected: tuple[int, int, int] | None
) -> None:
    record = Record()
    plan = Plan(pauses={str(number): Pause(first=day(number), last=day(number)) for number in pauses})
    record.add(Kind.PLAN, plan, at(1))
    homework = record.add(Kind.HOMEWORK, DAILY, at(10), author=THERAPIST)
    progressed(record, homework, said)
    found = told(record, at(now))
    if expected is None:
        assert found == []
        return
    count, first, last = expected
    assert [one.id for one in found] == [f"missed_run/{homework}/{day(first).isoformat()}"]
    assert found[0].text == (
        f"“Walk”: not done or not reported {count} times in a row, from {day(first)} to {day(last)}."
    )
    assert found[0].at == at(last, 0)


def test_homework_that_was_ended_is_missed_no_more() -> None:
    record = Record()
    ended = Homework(what="Walk", rule="FREQ=DAILY", since=day(1), ended_on=day(20))
    record.add(Kind.HOMEWORK, ended, at(1))
    assert len(told(record, at(19))) == 1
    assert told(record, at(20)) == []


# -- silence -----------------------------------------------------------------------------------------------------------


def test_silence_is_longer_than_three_days_and_than_twice_the_usual_gap() -> None:
    record = Record()
    for number in range(1, 11):
        record.entry(at(number))
    assert told(record, at(13)) == []
    (found,) = told(record, at(14))
    assert found.id == "silence/2026-05-10"
    assert found.text == (
        "No journal entries or symptom logs received since 2026-05-10 (4 days). "
        "Nine times in ten, this client writes again within 1 day."
    )
    record.options["heard_at"] = at(13)
    assert told(record, at(14))[0].text.endswith(" Last sync: 2026-05-13.")


def test_whoever_writes_seldom_may_be_silent_longer() -> None:
    record = Record()
    for number in range(1, 29, 3):  # 1, 4, … 28
        record.entry(at(number))
    assert told(record, at(3, month=6)) == []
    assert [one.kind for one in told(record, at(4, month=6))] == ["silence"]


def test_fewer_than_ten_say_nothing_and_logs_count() -> None:
    record = Record()
    for number in range(1, 6):
        record.entry(at(number))
    record.logs(*((at(number), {"mood": 3.0}) for number in range(5, 9)))
    assert told(record) == []
    record.logs((at(9), {"mood": 3}))
    assert [one.id for one in told(record)] == ["silence/2026-05-09"]


def test_what_is_about_long_ago_and_arrived_today_ends_a_silence() -> None:
    record = Record()
    for number in range(1, 11):
        record.entry(at(number))
    record.entry(at(9, 20), arrived=at(19))
    assert told(record) == []


def test_an_entry_at_midnight_counts_on_its_own_day() -> None:
    record = Record()
    for number in range(1, 11):
        record.entry(at(number, 23, 50))
    assert told(record, at(13, 23)) == []
    assert len(told(record, at(14, 0))) == 1


@pytest.mark.parametrize(("gaps", "expected"), [([], 0), ([4], 4), ([1] * 9 + [7], 1), ([1] * 8 + [7, 7], 7)])
def test_the_usual_gap_is_the_ninetieth_percentile(gaps: list[int], expected: int) -> None:
    days = [day(1)]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    assert usual_gap(days) == expected


# -- all of them -------------------------------------------------------------------------------------------------------


def test_the_newest_to_arrive_comes_first() -> None:
    record = Record()
    late = record.assessment(answers("phq-9", q9=1), at(1), at(19))
    early = record.assessment(answers("phq-9", q9=1), at(10), at(10))
    assert [one.about for one in told(record)] == [late, early]


def test_now_is_aware() -> None:
    with pytest.raises(InvalidField):
        signals(Record().material, Cut(heads={}, now=datetime(2026, 5, 4), zone="UTC"))  # noqa: DTZ001


def test_a_clock_that_is_ahead_makes_no_negative_age() -> None:
    record = Record()
    record.assessment(answers("phq-9", q9=1), at(25), at(18))
    (found,) = told(record)
    assert found.age_hours == 0
    assert "answered “1” today" in found.text


def test_no_word_alarms_or_judges() -> None:
    texts = " ".join(text for table in WORDS.values() for text in table.values()).lower()
    for word in ("danger", "crisis", "urgent", "alarm", "warning", "suicid", "diagnos", "fail", "non-complian", "!"):
        assert word not in texts


def test_a_locale_without_a_table_is_told_in_english() -> None:
    assert say("de-DE", "today") == say("en-GB", "today") == say("en", "today") == "today"
    assert CLIENT != THERAPIST


def test_an_answer_that_was_not_accepted_is_told_once_an_assessment() -> None:
    """What it said is nobody's to read, and may have been a risk answer: that there was one is told, with its age."""
    one, other = UUID(int=1), UUID(int=2)
    aside = [
        NotAccepted(document=document, seq=seq, author=UUID(int=9), received_at=NOW + timedelta(hours=seq))
        for document, seq in ((one, 3), (other, 5), (one, 7))
    ]
    cut = Cut(heads={}, now=NOW + timedelta(hours=9), zone="Europe/Berlin")
    found = signals(material([], not_accepted=reversed(aside)), cut)
    assert [(each.kind, each.about, each.age_hours) for each in found] == [
        ("not_accepted", one, 2),
        ("not_accepted", other, 4),
    ]
    assert all("not accepted" in each.text for each in found)
    assert found[0].arrived_at == NOW + timedelta(hours=7)
