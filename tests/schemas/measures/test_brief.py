"""The brief: what belongs in it since the last session, and the same bytes however it is made."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.schemas.measures.records import THERAPIST, Record, answers, assessed, at, cut, day, drafted

from intersession_schemas.documents.care.agenda import Done, due_before_sessions
from intersession_schemas.documents.care.comments import Acknowledgement
from intersession_schemas.documents.care.episodes import Baseline, Episode
from intersession_schemas.documents.care.goals import Goal, GoalStep
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress, HomeworkReview
from intersession_schemas.documents.care.plan import Pause, Plan, PlanTracker, ScheduledAssessment
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.errors import InvalidField
from intersession_schemas.measures.brief import Brief, brief, encode
from intersession_schemas.measures.entries import AFTER_SESSION
from intersession_schemas.measures.material import Cut, material
from intersession_schemas.records.kinds import MODELS
from intersession_schemas.streams import Kind

NOW = at(20)


def made(record: Record, now: datetime = NOW, session: UUID | None = None) -> Brief:
    return brief(record.material, cut(now), session)


def met(record: Record, when: datetime, state: Any = "attended") -> UUID:
    """A session that took place, or what became of it."""
    return record.add(Kind.SESSION, Session(planned_at=when, state=state), when, author=THERAPIST)


# -- since when --------------------------------------------------------------------------------------------------------


def test_it_begins_at_the_last_attended_session_before_the_one_it_is_for() -> None:
    record = Record()
    assert made(record).beginning.at == NOW - timedelta(days=14)
    first, second = met(record, at(6)), met(record, at(13))
    met(record, at(18), state="missed")
    coming = met(record, at(22), state="planned")
    assert made(record).beginning.session == second
    assert made(record, session=coming).beginning.session == second
    assert made(record, session=second).beginning.session == first
    assert made(record, session=first).beginning.session is None
    assert made(record, session=UUID(int=77)).beginning.session == second


# -- entries -----------------------------------------------------------------------------------------------------------


def test_entries_since_the_session_and_older_ones_that_came_after_it() -> None:
    record = Record()
    met(record, at(13))
    record.entry(at(10), text="known then")
    late = record.entry(at(11), arrived=at(14), text="from the offline phone")
    new = record.entry(at(14))
    midnight = record.entry(at(13, 23, 50), arrived=at(15))
    found = made(record).entries
    assert [one.id for one in found] == [late, midnight, new]
    assert [(one.mark, one.late) for one in found] == [(AFTER_SESSION, True), ("", True), ("", False)]
    assert AFTER_SESSION == "written before, arrived after"


def test_without_a_session_nothing_was_written_before_one() -> None:
    record = Record()
    record.entry(at(1), arrived=at(19))
    (found,) = made(record).entries
    assert (found.mark, found.late) == ("", True)


def test_an_entry_without_a_time_is_told_last() -> None:
    record = Record()
    id_ = record.entry(at(14))
    broken = record.documents.pop()
    record.documents.append((id_, broken[1], replace(broken[2], written_at=None), broken[3]))
    other = record.entry(at(15))
    assert [one.id for one in made(record).entries] == [id_, other]


# -- trends ------------------------------------------------------------------------------------------------------------


def test_a_day_without_a_log_stays_a_gap() -> None:
    record = Record()
    record.add(Kind.PLAN, Plan(trackers={"t": PlanTracker(name="mood", question="How is your mood?")}), at(1))
    met(record, at(17))
    record.logs(
        (at(13), {"mood": 1}),
        (at(15), {"mood": 2}),
        (at(17, 9), {"mood": 3}),
        (at(17, 20), {"mood": 6}),
        (at(19), {"mood": 5, "pain": 1}),
        arrived={0: at(18)},
    )
    mood, pain = made(record).trends
    assert [(one.day.day, one.values, one.mean) for one in mood.days] == [
        (17, (3, 6), 4.5),
        (18, (), None),
        (19, (5,), 5.0),
        (20, (), None),
    ]
    assert (mood.question, mood.low, mood.high) == ("How is your mood?", 0, 10)
    assert (mood.mean, mood.logged, mood.mean_before, mood.logged_before) == (4.75, 2, 1.5, 2)
    assert [(one.day.day, one.values, one.late) for one in mood.earlier] == [(13, (1,), 1)]
    assert (pain.name, pain.low, pain.logged) == ("pain", None, 1)


def test_the_logs_of_a_day_are_in_their_order_whichever_device_they_came_from() -> None:
    record = Record()
    record.logs((at(19, 9), {"mood": 1}), (at(19, 18), {"mood": 3}))
    record.logs((at(19, 7), {"mood": 0}), (at(19, 12), {"mood": 2}))
    (mood,) = made(record).trends
    assert [one.values for one in mood.days if one.values] == [(0, 1, 2, 3)]


def test_a_tracker_that_nobody_logged_is_all_gaps_and_two_scales_are_two_trends() -> None:
    record = Record()
    record.add(Kind.PLAN, Plan(trackers={"t": PlanTracker(name="mood")}), at(1))
    id_ = record.logs((at(19), {"mood": 50}))
    bucket: Any = record.documents[-1][2]
    logs = tuple(replace(one, scale=(0, 100)) for one in bucket.logs)
    record.documents[-1] = (id_, Kind.SYMPTOM_LOG, replace(bucket, logs=logs), record.documents[-1][3])
    found = made(record).trends
    assert [(one.low, one.high, one.logged, one.mean) for one in found] == [(0, 10, 0, None), (0, 100, 1, 50.0)]


# -- scores ------------------------------------------------------------------------------------------------------------


def test_scores_with_bands_and_change_against_the_baseline_and_the_last_one() -> None:
    record = Record()
    first = record.assessment(answers("phq-9", 2, q9=0), at(1))  # 16
    second = record.assessment(answers("phq-9", 1, q9=0), at(10))  # 8
    met(record, at(13))
    third = record.assessment(answers("phq-9", 1, q9=0, q1=3), at(18), administered_by=THERAPIST)  # 10
    chosen = Episode(phase="treatment", began_on=day(1), baseline={"phq-9/total": Baseline(assessment=first)})
    record.add(Kind.EPISODE, chosen, at(1), author=THERAPIST)
    made_brief = made(record)
    (one,) = made_brief.scores
    assert made_brief.phase == "treatment"
    assert (one.measured.assessment, one.measured.score.score, one.since, one.measured.paper) == (third, 10, True, True)
    assert one.measured.score.band == "moderate"
    assert [
        (each.against, each.assessment, each.change.difference, each.change.verdict) for each in one.measured.compared
    ] == [
        ("baseline", first, -6, "reliable improvement"),
        ("last", second, 2, "within measurement error"),
    ]


def test_the_newest_score_is_told_though_it_is_older_and_a_late_one_says_so() -> None:
    record = Record()
    met(record, at(13))
    record.assessment(answers("phq-9"), at(1))
    record.assessment(answers("phq-9", 1), at(2))
    record.assessment(answers("gad-7"), at(3), at(14), instrument="gad-7")
    assert [(one.measured.instrument, one.since, one.after_session) for one in made(record).scores] == [
        ("gad-7", True, True),
        ("phq-9", False, False),
    ]


def test_an_incomplete_form_has_no_score_and_says_why() -> None:
    record = Record()
    given_answers = answers("phq-9")
    del given_answers["q1"]
    record.assessment(given_answers, at(18))
    record.assessment({"q1": 99}, at(19), instrument="gad-7")
    record.assessment({"q1": 0.5}, at(19), instrument="isi")
    assert {
        one.measured.instrument: (one.measured.score.score, one.measured.score.why) for one in made(record).scores
    } == {
        "phq-9": (None, "incomplete, not scored"),
        "gad-7": (None, "has answers that the instrument does not allow"),
        "isi": (None, "has answers that the instrument does not allow"),
    }


def test_a_draft_is_told_with_its_conflicts_and_an_unknown_instrument_is_a_problem() -> None:
    record = Record()
    draft = {
        "q1": (drafted(1, at(18)),),
        "q2": (drafted(1, at(18)), drafted(2, at(18), 2)),
        "q3": (drafted(None, at(18)),),
    }
    id_ = record.add(Kind.ASSESSMENT, assessed("phq-9", at(18), draft=draft, conflicts=("q2",)), at(18))
    record.add(Kind.ASSESSMENT, assessed("x-other", at(18), problems=("zone: invalid",)), at(18))
    found = made(record)
    assert [(one.title, one.answered, one.of, one.conflicts) for one in found.unfinished] == [
        ("Patient Health Questionnaire 9 (PHQ-9)", 2, 10, ("q2",)),
        ("x-other", 0, 0, ()),
    ]
    assert found.unfinished[0].id == id_
    assert found.problems[0].startswith("The instrument x-other is not known here")
    assert found.problems[1].endswith("zone: invalid")


# -- homework ----------------------------------------------------------------------------------------------------------


def test_homework_with_what_was_said_and_what_awaits_review() -> None:
    record = Record()
    homework = record.add(
        Kind.HOMEWORK, Homework(what="Walk", rule="FREQ=DAILY", since=day(11), assigned_at=at(11, 8)), at(11)
    )
    met(record, at(13))

    def say(number: int, arrived: datetime, **fields: Any) -> UUID:
        one = HomeworkProgress(
            homework=homework, occurrence=day(number).isoformat(), done_at=at(number), entered_at=at(number), **fields
        )
        return record.add(Kind.HOMEWORK_PROGRESS, one, arrived)

    say(11, at(11))
    review = HomeworkReview(homework=homework, decision="keep", reason="Going well.", reviewed_at=at(13))
    record.add(Kind.HOMEWORK_REVIEW, review, at(13), author=THERAPIST)
    late = say(12, at(14), helpfulness=8, difficulty=2)
    newer = say(15, at(15), status="not", barrier="no_chance", barrier_note="Rain.")
    (found,) = made(record, at(18)).homework
    assert [(one.key[-2:], one.state) for one in found.occurrences] == [
        ("12", "done"),
        ("13", "unanswered"),
        ("14", "unanswered"),
        ("15", "not"),
        ("16", "unanswered"),
        ("17", "unanswered"),
        ("18", "open"),
    ]
    assert (found.adherence.done, found.adherence.counted, found.missed_run) == (2, 7, 5)
    assert (found.adherence.helpfulness, found.adherence.barriers) == ((8,), {"no_chance": 1})
    assert found.to_review == (late, newer)
    assert found.last_review is not None
    assert (found.last_review.decision, found.last_review.by) == ("keep", THERAPIST)
    said = {one.id: one for occurrence in found.occurrences for one in occurrence.said}
    assert (said[late].after_session, said[newer].after_session) == (True, False)
    assert said[newer].barrier_note == "Rain."
    (earlier,) = [one for one in record.documents if one[1] is Kind.HOMEWORK_REVIEW]
    place = record.documents.index(earlier)
    record.documents[place] = (earlier[0], earlier[1], replace(review, evidence=(late,)), earlier[3])
    assert made(record, at(18)).homework[0].to_review == (newer,)
    evidence = HomeworkReview(homework=homework, reviewed_at=at(13))
    record.add(Kind.HOMEWORK_REVIEW, evidence, None, author=THERAPIST)
    assert made(record, at(18)).homework[0].to_review == ()


def test_homework_that_ended_long_ago_is_left_out_unless_something_came() -> None:
    record = Record()
    ended = Homework(what="Read", rule="FREQ=DAILY", since=day(1), ended_on=day(3))
    homework = record.add(Kind.HOMEWORK, ended, at(1))
    met(record, at(13))
    assert made(record).homework == ()
    one = HomeworkProgress(homework=homework, occurrence="2026-05-02", done_at=at(2), entered_at=at(2))
    record.add(Kind.HOMEWORK_PROGRESS, one, at(15))
    assert [one.id for one in made(record).homework] == [homework]


# -- goals, signals, plan, what is coming ------------------------------------------------------------------------------


def test_goals_that_are_open_or_have_changed() -> None:
    record = Record()
    met(record, at(13))
    record.add(Kind.GOAL, Goal(what="Let go long ago", state="let_go"), at(2))
    record.add(Kind.GOAL, Goal(what="Sing", steps={"b": GoalStep(text="Ask")}), at(2))
    record.add(Kind.GOAL, Goal(what="Reached", state="reached"), at(2), last=at(15))
    assert [(one.what, one.changed, len(one.steps)) for one in made(record).goals] == [
        ("Sing", False, 1),
        ("Reached", True, 0),
    ]


def test_signals_that_nobody_has_seen_however_old_and_others_that_are_new() -> None:
    record = Record()
    met(record, at(13))
    old, seen, new = (record.assessment(answers("phq-9", q9=1), at(number)) for number in (1, 2, 14))
    for id_ in (seen, new):
        record.add(Kind.ACKNOWLEDGEMENT, Acknowledgement(signal=f"risk/{id_}/q9/1", made_at=at(15)), at(15))
    assert [one.about for one in made(record).signals] == [old, new]  # what nobody has seen comes first


def test_what_changed_in_the_plan() -> None:
    record = Record()
    record.add(Kind.PLAN, Plan(trackers={"t": PlanTracker(name="mood", high=5)}, journal_rule="FREQ=DAILY"), at(1))
    assert made(record).plan_changes is None
    record.options["plan_then"] = Plan(trackers={"t": PlanTracker(name="mood")}, pauses={"p": Pause(first=day(2))})
    found = made(record).plan_changes
    assert found is not None
    assert [(one.part, one.what, one.title, one.fields) for one in found] == [
        ("journal", "changed", "", ("journal_rule",)),
        ("trackers", "changed", "mood", ("high",)),
        ("pauses", "removed", "2026-05-02/", ()),
    ]
    record.options["plan_then"] = record.material.plan
    assert made(record).plan_changes == ()


def test_what_is_coming() -> None:
    record = Record()
    scheduled = {
        "a": ScheduledAssessment(instrument="phq-9", rule="FREQ=WEEKLY", since=day(4)),
        "b": ScheduledAssessment(instrument="gad-7", before_each_session=True),
    }
    record.add(Kind.PLAN, Plan(assessments=scheduled, trackers={"t": PlanTracker(name="mood")}), at(1))
    met(record, at(13))
    coming = met(record, at(27), state="planned")
    homework = record.add(Kind.HOMEWORK, Homework(what="Call Kim", due=day(22), assigned_at=at(13)), at(13))
    assert [(one.kind, one.id, one.day.day) for one in made(record).upcoming] == [
        ("homework", str(homework), 22),
        ("assessment", "a", 25),
        ("assessment", "b", 27),
        ("session", str(coming), 27),
        ("assessment", "a", 1),
    ]
    ahead = [one.occurrence for one in made(record).upcoming if one.id == "b"]
    assert ahead == [f"session/{coming}"]
    early = Record()
    early.documents = list(record.documents)
    early.assessment(answers("gad-7"), at(12), instrument="gad-7", schedule="b", occurrence=f"session/{coming}")
    assert "b" not in [one.id for one in made(early).upcoming]
    # One that was answered for no session does not answer for the one ahead: on the client's device it is due as well.
    record.assessment(answers("gad-7"), at(19), instrument="gad-7", schedule="b")
    told = made(record, session=coming).upcoming
    assert [(one.kind, one.id) for one in told if one.id != "a"] == [("homework", str(homework)), ("assessment", "b")]


@pytest.mark.parametrize(
    ("pause", "asked"),
    [
        (None, [22, 27, 3]),
        (Pause(first=day(20), last=day(23)), [27, 3]),  # no day on which it could be answered
        (Pause(first=day(20), last=day(21)), [22, 27, 3]),
        (Pause(first=day(21)), []),
    ],
)
def test_before_every_session_what_the_agenda_asks(pause: Pause | None, asked: list[int]) -> None:
    """Also of sessions further ahead than the brief looks for homework."""
    record = Record()
    scheduled = {"b": ScheduledAssessment(instrument="gad-7", before_each_session=True, open_days=2)}
    plan = Plan(assessments=scheduled, pauses={} if pause is None else {"p": pause})
    record.add(Kind.PLAN, plan, at(1))
    met(record, at(13))
    for planned in (at(22), at(27), at(3, month=6)):
        met(record, planned, state="planned")
    now = at(21)
    told = [one for one in made(record, now).upcoming if one.kind == "assessment"]
    assert [one.day.day for one in told] == asked
    sessions = {one.id: model for one, model in record.material.of(Kind.SESSION, Session)}
    due = due_before_sessions(plan, Done(), now, sessions)
    assert [(one.id, one.occurrence) for one in told] == [(one.id, one.occurrence) for one in due]


# -- the same bytes ----------------------------------------------------------------------------------------------------


def full() -> Record:
    """A record with something of everything."""
    record = Record()
    plan = Plan(
        trackers={"t": PlanTracker(name="mood", order=2.0), "u": PlanTracker(name="pain", order=1.0)},
        assessments={"a": ScheduledAssessment(instrument="phq-9", rule="FREQ=WEEKLY", since=day(4))},
    )
    record.add(Kind.PLAN, plan, at(1), author=THERAPIST, last=at(15))
    met(record, at(13))
    met(record, at(27), state="planned")
    record.add(Kind.EPISODE, Episode(phase="treatment", began_on=day(1)), at(1), author=THERAPIST)
    record.entry(at(11), arrived=at(14))
    for number in range(1, 13):
        record.entry(at(number))
    record.logs(*((at(number, 9), {"mood": number / 3, "pain": 1}) for number in range(5, 20)))
    record.logs((at(9, 9), {"pain": 0.1}), (at(14, 9), {"mood": 0.7, "other": 2}))
    record.assessment(answers("phq-9", 1), at(2))
    record.assessment(answers("phq-9", 3), at(16))
    record.assessment(answers("dass-21", 1), at(16), instrument="dass-21")
    homework = record.add(Kind.HOMEWORK, Homework(what="Walk", rule="FREQ=DAILY", since=day(5)), at(5))
    barriers: tuple[tuple[int, Any], ...] = ((6, "forgot"), (7, "too_hard"), (8, "forgot"))
    for number, barrier in barriers:
        one = HomeworkProgress(
            homework=homework,
            occurrence=day(number).isoformat(),
            status="not",
            barrier=barrier,
            done_at=at(number),
            entered_at=at(number),
        )
        record.add(Kind.HOMEWORK_PROGRESS, one, at(number))
    record.add(Kind.HOMEWORK_REVIEW, HomeworkReview(homework=homework, reviewed_at=at(13)), at(13))
    record.add(Kind.GOAL, Goal(what="Sing", steps={"b": GoalStep(text="Ask"), "a": GoalStep(text="Go")}), at(3))
    record.options["plan_then"] = Plan()
    record.options["heard_at"] = at(19)
    return record


FULL = full()
BYTES = encode(made(FULL))


@given(st.randoms(use_true_random=False))
def test_the_order_in_which_documents_are_found_makes_no_difference(chance: random.Random) -> None:
    shuffled = list(FULL.documents)
    chance.shuffle(shuffled)
    assert encode(brief(material(shuffled, **FULL.options), cut(NOW))) == BYTES


def test_read_models_that_were_kept_as_json_give_the_same_bytes() -> None:
    kept = [
        (id_, kind, msgspec.json.decode(msgspec.json.encode(model), type=MODELS[kind]), rows)
        for id_, kind, model, rows in FULL.documents
    ]
    assert encode(brief(material(kept, **FULL.options), cut(NOW))) == BYTES


def test_the_kind_of_time_zone_makes_no_difference() -> None:
    there = Cut(heads={"record": 1_000}, now=NOW.astimezone(ZoneInfo("Europe/Berlin")), zone="Europe/Berlin")
    assert encode(brief(FULL.material, there)) == BYTES


def test_it_is_canonical_json_with_the_cut_in_it() -> None:
    found = json.loads(BYTES)
    assert json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == BYTES
    assert found["cut"] == {
        "heads": {"record": 1_000},
        "locale": "en",
        "now": "2026-05-20T12:00:00+02:00",
        "zone": "Europe/Berlin",
    }
    assert {one["kind"] for one in found["signals"]} == {"risk", "deterioration", "missed_run"}
    assert msgspec.json.decode(BYTES, type=Brief) == made(FULL)


def test_an_empty_record_has_a_brief_and_now_is_aware() -> None:
    found = made(Record())
    assert (found.entries, found.signals, found.scores, found.upcoming) == ((), (), (), ())
    with pytest.raises(InvalidField):
        brief(Record().material, Cut(heads={}, now=datetime(2026, 5, 4), zone="UTC"))  # noqa: DTZ001
    assert brief(Record().material, Cut(heads={}, now=datetime(2026, 5, 4, tzinfo=UTC), zone="UTC")).version == 1
