"""Signals, trends, scores and briefs go by the hour at which the day begins."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, get_args

import msgspec
import pytest
from msgspec.structs import replace
from tests.schemas.measures.records import CLIENT, Record, answers, at, cut, day

from intersession_schemas.documents.care.episodes import Episode
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress
from intersession_schemas.documents.care.plan import Plan, PlanTracker, ScheduledAssessment
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.measures.brief import brief
from intersession_schemas.measures.material import Cut
from intersession_schemas.measures.scores import measured
from intersession_schemas.measures.signals.of_record import signals
from intersession_schemas.measures.signals.signal import SignalKind
from intersession_schemas.measures.together_in import together_in
from intersession_schemas.measures.trends import trends
from intersession_schemas.records.filing import NotAccepted
from intersession_schemas.streams import Kind

NOON = at(28)


def record(begins: int) -> tuple[Record, Cut]:
    """Four weeks of somebody who writes about midnight; all of it later by `begins` hours."""
    later = timedelta(hours=begins)
    found = Record()
    found.options["plan_then"] = Plan(day_begins=begins)
    plan = Plan(
        day_begins=begins,
        trackers={"t": PlanTracker(name="mood", rule="FREQ=DAILY", since=day(1))},
        assessments={"s": ScheduledAssessment(instrument="phq-9", before_each_session=True, since=day(1))},
    )
    found.add(Kind.PLAN, plan, at(1) + later)
    found.add(Kind.EPISODE, Episode(began_on=day(6), phase="treatment"), at(1) + later)
    found.add(Kind.SESSION, Session(planned_at=at(7, 23, 30) + later, state="attended"), at(1) + later)
    found.add(Kind.SESSION, Session(planned_at=at(29, 23, 30) + later), at(1) + later)
    homework = found.add(
        Kind.HOMEWORK,
        Homework(what="Walk", rule="FREQ=DAILY", since=day(1), assigned_at=at(3, 23, 20) + later),
        at(3, 23, 20) + later,
    )
    for number in range(4, 20):
        done = at(number, 22) + later
        said = HomeworkProgress(homework=homework, occurrence=f"2026-05-{number:02}", done_at=done, entered_at=done)
        found.add(Kind.HOMEWORK_PROGRESS, said, done)
    for number in range(1, 21):
        found.entry(at(number, 0, number) + later)
    moments = [at(number, hour, 40) + later for number in range(1, 21) for hour in (0, 23)]
    found.logs(*((moment, {"mood": float(place % 7)}) for place, moment in enumerate(moments)))
    for number, value in ((5, 0), (6, 1), (12, 3)):
        found.assessment(answers("phq-9", value), at(number, 23, 50) + later, at(number + 2, 23, 50) + later)
    found.options["heard_at"] = at(27, 23, 30) + later
    aside = NotAccepted(document=found.documents[-1][0], seq=999, author=CLIENT, received_at=at(26, 23, 30) + later)
    found.options["not_accepted"] = (aside,)
    return found, cut(NOON + later)


@pytest.mark.parametrize("begins", [1, 4, 9, 23])
def test_a_brief_is_as_if_every_clock_went_slower_by_that_hour(begins: int) -> None:
    """With days from midnight, and with days from four o'clock and everything four hours later: days are the same."""
    found = [told(*record(hour), hour) for hour in (0, begins)]
    assert found[1] == found[0]
    kinds = {one["kind"] for one in found[0]["signals"]}
    assert kinds == set(get_args(SignalKind)), "what is compared says something of each kind"


def told(found: Record, cut: Cut, begins: int) -> Any:
    """A brief, signals, scores and how homework and mood moved together, its moments earlier by `begins` hours."""
    material = found.material
    whole: dict[str, Any] = msgspec.to_builtins(brief(material, cut))
    whole["together"] = msgspec.to_builtins(together_in(material, cut, "mood"))
    whole["measured"] = msgspec.to_builtins(measured(material, cut))
    # The plan's own hour is all that may differ.
    whole["plan_changes"] = [one for one in whole["plan_changes"] if one["part"] != "days"]
    return _earlier(whole, timedelta(hours=begins))


def _earlier(value: Any, by: timedelta) -> Any:
    if isinstance(value, dict):
        return {name: _earlier(one, by) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_earlier(one, by) for one in value]
    if isinstance(value, str) and "T" in value:
        try:
            return (datetime.fromisoformat(value) - by).isoformat()
        except ValueError:
            pass
    return value


def test_a_log_after_midnight_is_of_the_day_before() -> None:
    found = Record()
    plan = found.add(Kind.PLAN, Plan(trackers={"t": PlanTracker(name="mood")}), at(1))
    found.logs((at(5, 1), {"mood": 3.0}), (at(5, 21), {"mood": 7.0}))

    def logged() -> list[tuple[int, tuple[float, ...]]]:
        (mood,), _ = trends(found.material, cut(at(6)), at(3))
        return [(one.day.day, one.values) for one in mood.days if one.values]

    assert logged() == [(5, (3.0, 7.0))]
    place = next(number for number, one in enumerate(found.documents) if one[0] == plan)
    id_, kind, model, rows = found.documents[place]
    found.documents[place] = (id_, kind, replace(model, day_begins=4), rows)
    assert logged() == [(4, (3.0,)), (5, (7.0,))]


def test_a_change_of_the_hour_is_told_in_the_brief() -> None:
    found = Record()
    found.options["plan_then"] = Plan()
    found.add(Kind.PLAN, Plan(day_begins=4), at(2))
    changes = brief(found.material, cut(at(3))).plan_changes
    assert changes is not None
    assert [(one.part, one.what, one.fields) for one in changes] == [("days", "changed", ("day_begins",))]


def test_silence_begins_with_the_day() -> None:
    found = Record()
    found.add(Kind.PLAN, Plan(day_begins=4), at(1))
    for number in range(1, 13):
        found.entry(at(number, 1))
    (silent,) = [one for one in signals(found.material, cut(at(30))) if one.kind == "silence"]
    assert (silent.id, silent.at) == ("silence/2026-05-11", at(11, 4))
    assert silent.about is None
