"""Signals: each rule at its border, with its age and its arrival, and never a word that alarms."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.schemas.measures.records import CLIENT, THERAPIST, Record, answers, assessed, at, cut, day, drafted

from intersession_schemas.documents.assessments.answers import AnswerValue, Completion
from intersession_schemas.documents.care.comments import Acknowledgement
from intersession_schemas.documents.care.episodes import Episode
from intersession_schemas.documents.care.plan import Plan, Threshold
from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.instruments.labels import telling as labels
from intersession_schemas.instruments.values import Item
from intersession_schemas.measures.material import Cut, material
from intersession_schemas.measures.signals.of_record import signals
from intersession_schemas.measures.signals.signal import Signal
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


def test_a_graded_screener_is_one_signal_the_most_severe_first() -> None:
    record = Record()
    id_ = record.assessment({"q1": True, "q2": True, "q4": True, "q3": False}, at(18), instrument="c-ssrs")
    (found,) = told(record)
    assert found.id == f"risk/{id_}/q1/1+q2/1+q4/1"
    items = {item.key: item.label for item in INSTRUMENTS["c-ssrs"].items}
    assert f"“{items['q4']}”: answered “yes”" in found.text
    assert found.text.endswith(f"Published risk level: “high”. Also answered yes: “{items['q2']}”, “{items['q1']}”.")


def test_a_value_that_comes_back_after_another_is_a_new_fact() -> None:
    """Also where it was acknowledged before; completing with it is none."""
    record = Record()
    over = {"q9": (drafted(2, at(16), 1), drafted(0, at(17), 2))}
    completion = Completion(id=UUID(int=1), answers=answers("phq-9", q9=2), completed_at=at(19))
    draft = {"q9": (drafted(2, at(18), 3),)}
    model = assessed("phq-9", at(16), draft=draft, overridden=over, completions=(completion,), state="completed")
    id_ = record.add(Kind.ASSESSMENT, model, at(16))
    seen = Acknowledgement(signal=f"risk/{id_}/q9/2", note="", made_at=at(17))
    record.add(Kind.ACKNOWLEDGEMENT, seen, at(17), author=THERAPIST)
    found = {one.id: bool(one.acknowledged) for one in told(record)}
    assert found == {f"risk/{id_}/q9/2": True, f"risk/{id_}/q9/2/{UUID(int=7_003)}": False}


def test_risk_that_nobody_has_seen_stands_above_all_else() -> None:
    record = Record()
    id_ = record.assessment(answers("phq-9", q9=1), at(1))
    for number, total in ((4, 5), (11, 14), (18, 15)):
        record.assessment(phq(total), at(number))
    assert [one.kind for one in told(record)] == ["risk", "deterioration"]
    seen = Acknowledgement(signal=f"risk/{id_}/q9/1", note="", made_at=at(2))
    record.add(Kind.ACKNOWLEDGEMENT, seen, at(2), author=THERAPIST)
    assert [one.kind for one in told(record)] == ["deterioration", "risk"]


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


def test_worse_than_the_best_level_twice_in_a_row() -> None:
    """The threshold of the PHQ-9 is 6 points: from 8 to 13 is within, to 14 is beyond."""
    within, beyond = Record(), Record()
    for record, after in ((within, 13), (beyond, 14)):
        record.assessment(phq(8), at(4))
        record.assessment(phq(after), at(11))
        assert told(record) == []
        record.assessment(phq(after + 1), at(18))
    assert told(within) == []
    (found,) = told(beyond)
    assert (found.about, found.at) == (beyond.documents[-1][0], at(18))
    assert found.text == (
        "Patient Health Questionnaire 9 (PHQ-9), Depression: 14 on 2026-05-11 and 15 on 2026-05-18. "
        "Before, it was 8 on 2026-05-04. "
        "This is a reliable deterioration: more than measurement error explains (6 points)."
    )


def test_slow_deterioration_is_told_once_and_keeps_its_id_while_it_grows_older() -> None:
    record, ids = Record(), set[str]()
    for week, total in enumerate(range(5, 18)):
        record.assessment(phq(total), at(1) + timedelta(weeks=week))
        ids |= {one.id for one in told(record, at(1) + timedelta(weeks=week))}
    (found,) = told(record, at(1) + timedelta(weeks=13))
    assert ids == {found.id}
    assert found.age_hours == 5 * 7 * 24


def test_entry_into_the_severest_band_does_not_wait() -> None:
    record = Record()
    record.assessment(phq(12), at(4))
    record.assessment(phq(21), at(18))
    (found,) = told(record)
    assert found.text == (
        "Patient Health Questionnaire 9 (PHQ-9), Depression: 21 on 2026-05-18. Before, it was 12 on 2026-05-04. "
        "Severity band: “severe”, the most severe one, before “moderate”."
    )


def test_better_is_no_signal() -> None:
    record = Record()
    for number, total in ((4, 20), (11, 9), (18, 2)):
        record.assessment(phq(total), at(number))
    for number, value in ((4, 1), (11, 3), (18, 5)):
        record.assessment(answers("who-5", value), at(number), instrument="who-5")
    assert told(record) == []


def answered(item: Item, share: float, *, better: bool) -> AnswerValue:
    """The allowed answer that lies this far from the best one to the worst; `better`: higher is better."""
    if item.type == "yes-no":
        return share > 0.5
    number = round((1 - share if better else share) * (len(item.allowed) - 1))
    return item.allowed[-1 - number if item.reverse else number]


SEVERAL = {"dass-21": 3, "ede-q": 4, "itq": 2}
"""How many scales there are that are no part of another one, where that is not one."""


@pytest.mark.parametrize("key", [key for key, one in INSTRUMENTS.items() if one.scales and key != "sdq-self"])
@pytest.mark.parametrize("weeks", [1, 8])
def test_every_instrument_has_a_rule(key: str, weeks: int) -> None:
    """After one administration or eight, much worse twice in a row: told, once for each scale."""
    record, instrument = Record(), INSTRUMENTS[key]
    better = instrument.direction == "higher is better"
    for number in range(weeks + 2):
        share = 0 if number < weeks else 0.75
        given = {item.key: answered(item, share, better=better) for item in instrument.required()}
        record.assessment(given, at(1) + timedelta(weeks=number), instrument=key)
    found = [one for one in told(record, at(1) + timedelta(weeks=weeks + 2)) if one.kind == "deterioration"]
    assert len(found) == SEVERAL.get(key, 1)
    assert all(re.search("reliable|published|Severity band|usually vary", one.text) for one in found)


def test_the_best_level_is_that_of_the_phase() -> None:
    record = Record()
    for number, total in ((1, 4), (4, 12), (8, 13), (15, 12)):
        record.assessment(phq(total), at(number))
    assert [one.kind for one in told(record)] == ["deterioration"]
    begun = Episode(phase="treatment", began_on=day(1), phase_began_on=day(3))
    record.add(Kind.EPISODE, begun, at(3), author=THERAPIST)
    assert told(record) == []


def test_one_that_is_over_says_so_and_goes_after_half_a_year() -> None:
    record = Record()
    for week, total in enumerate((5, 5, 12, 13, 5, 4)):
        record.assessment(phq(total), at(1) + timedelta(weeks=week))
    (found,) = told(record, at(1) + timedelta(weeks=6))
    assert found.text.endswith("From 2026-06-05 on, scores were back near that level.")
    assert len(told(record, at(22) + timedelta(days=183), "deterioration")) == 1
    assert told(record, at(22) + timedelta(days=184), "deterioration") == []


def test_two_completions_of_one_occurrence_are_one_administration() -> None:
    record = Record()
    record.assessment(phq(5), at(4))
    for hour in (10, 11):
        record.assessment(phq(13), at(11, hour), schedule="a", occurrence="2026-05-11")
    assert told(record) == []
    record.assessment(phq(13), at(18))
    assert len(told(record)) == 1


def test_a_threshold_of_the_plan_takes_the_place_of_what_is_published_and_never_that_of_risk_items() -> None:
    record = Record()
    plan = Plan(thresholds={"phq-9/total": Threshold(at=20), "silence": Threshold(at=900)})
    record.add(Kind.PLAN, plan, at(1))
    for number, total in ((4, 5), (11, 14), (18, 15)):
        record.assessment(phq(total) | ({"q9": 1} if number == 18 else {}), at(number))
    assert [one.kind for one in told(record)] == ["risk"]


def test_an_amended_score_is_compared_with_no_more() -> None:
    record = Record()
    record.assessment(phq(5), at(4))
    wrong = record.assessment(phq(20), at(11))
    assert len(told(record)) == 1  # the severest band
    record.assessment(phq(6), at(12), amends=wrong)
    assert told(record) == []
    record.assessment(phq(7), at(18))
    assert told(record) == []


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
    record.assessment(answers("phq-9", q9=1), at(21), at(20, 9))
    (found,) = told(record)
    assert found.age_hours == 3
    assert "answered “1” today" in found.text


def test_no_word_alarms_or_judges() -> None:
    texts = " ".join(text for table in WORDS.values() for text in table.values()).lower()
    for word in ("danger", "crisis", "urgent", "alarm", "warning", "suicid", "diagnos", "fail", "non-complian", "!"):
        assert word not in texts


def test_a_locale_without_a_table_is_told_in_english() -> None:
    assert say("fr-FR", "today") == say("en-GB", "today") == say("en", "today") == "today"
    assert CLIENT != THERAPIST


def test_every_language_says_everything_with_the_same_names() -> None:
    for table in WORDS.values():
        assert table.keys() == WORDS["en"].keys()
        for told_, text in table.items():
            assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", WORDS["en"][told_])), told_


def test_signals_are_told_in_german() -> None:
    record = Record()
    record.assessment(answers("phq-9", q9=1), at(18, 9), at(18, 10))
    german = msgspec.structs.replace(cut(NOW), locale="de-AT")
    (found,) = signals(record.material, german)
    label = labels.label(INSTRUMENTS["phq-9"], "q9", "de")
    assert found.text == f"{labels.title(INSTRUMENTS['phq-9'], 'de')}, „{label}“: vor 2 Tagen mit „1“ beantwortet."


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
