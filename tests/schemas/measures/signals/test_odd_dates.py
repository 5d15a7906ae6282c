"""A form that a wrong clock dated: its arrival bounds it, order and age hold, and the odd date is told as odd."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.schemas.measures.records import THERAPIST, Record, answers, at, cut, day

from intersession_schemas.documents.moments import plausible
from intersession_schemas.measures.scores import measured
from intersession_schemas.measures.signals.of_record import signals
from intersession_schemas.measures.signals.signal import Signal

TEN_YEARS = timedelta(days=3_653)


def told(record: Record) -> list[Signal]:
    return list(signals(record.material, cut(at(25))))


def phq(value: int) -> dict[str, Any]:
    return answers("phq-9", value, q9=0)


@pytest.mark.parametrize("by", [-TEN_YEARS, TEN_YEARS])
def test_the_age_of_a_risk_answer_is_that_of_its_arrival(by: timedelta) -> None:
    record = Record()
    record.assessment(answers("phq-9", q9=1), at(18) + by, at(18))
    (found,) = told(record)
    assert (found.at, found.age_hours, found.late) == (at(18), 7 * 24, False)
    assert f"answered “1” 7 days ago. The device dated it {(at(18) + by).date()}, which cannot be right" in found.text


@pytest.mark.parametrize("by", [-TEN_YEARS, TEN_YEARS])
def test_scores_stay_in_order_and_say_so(by: timedelta) -> None:
    record = Record()
    record.assessment(phq(0), at(4))
    record.assessment(phq(1), at(11) + by, at(11))
    record.assessment(phq(2), at(18))
    found = measured(record.material, cut(at(25)))
    assert [(one.score.score, one.odd) for one in found] == [(16, False), (8, True), (0, False)]
    assert found[1].day == day(11)
    assert found[1].completed_at == at(11) + by
    assert [one.against for one in found[0].compared] == ["last"]
    assert found[0].compared[0].day == day(11)


def test_a_deterioration_that_a_wrong_clock_dated_is_noticed() -> None:
    record = Record()
    record.assessment(phq(0), at(4))
    record.assessment(phq(1), at(11) + TEN_YEARS, at(11))
    record.assessment(phq(1), at(18) - TEN_YEARS, at(18))
    (found,) = told(record)
    assert (found.kind, found.at) == ("deterioration", at(18))
    assert "8 on 2026-05-11 and 8 on 2026-05-18." in found.text
    assert "which cannot be right" in found.text


def test_offline_for_weeks_is_not_odd_and_a_form_on_paper_may_be_of_years_ago() -> None:
    record = Record()
    record.assessment(answers("phq-9", q9=1), at(18) - timedelta(days=300), at(18))
    record.assessment(phq(1), at(18) - TEN_YEARS, at(18), administered_by=THERAPIST)
    assert [one.odd for one in measured(record.material, cut(at(25)))] == [False, False]
    (found,) = told(record)
    assert found.late


def test_what_has_not_arrived_is_taken_at_its_word() -> None:
    assert plausible(at(18) + TEN_YEARS, None) == at(18) + TEN_YEARS
    assert plausible(at(18) + timedelta(minutes=3), at(18)) == at(18)
    assert plausible(at(18), at(18) + timedelta(days=366)) == at(18)
    assert plausible(at(18), at(18) + timedelta(days=367)) == at(18) + timedelta(days=367)
