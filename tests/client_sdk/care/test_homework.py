"""Homework: assigned, recorded, reviewed, adapted; on two devices at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import NOON, SettableClock

from intersession import Field, InvalidField, NotFound, Occurrence, Template, Tracker
from intersession_schemas.documents.care.homework import HOMEWORK

MONDAY = date(2026, 5, 4)
WORKSHEET: dict[str, Field] = {
    "fear": Field(prompt="How afraid?", type="scale", low=0, high=10, required=True),
    "place": Field(prompt="Where?"),
}


def test_before_pairing_there_is_none(tracker: Tracker) -> None:
    assert tracker.homework.list() == []
    with pytest.raises(NotFound, match="homework"):
        tracker.homework.get(uuid4())
    with pytest.raises(NotFound):
        tracker.homework.record(uuid4())


def test_it_goes_from_therapist_to_client_and_back(care: Care, clock: SettableClock) -> None:
    goal = care.client.goals.add("Ride the bus")
    given = care.client.homework.assign(
        "Take the bus", why="Fear fades", agreed=True, confidence=7, goal=goal.id, fields=WORKSHEET, rule="daily"
    )
    assert (given.arrived_at, given.since, given.rule, given.assigned_at) == (None, MONDAY, "FREQ=DAILY", NOON)
    care.sync()
    (seen,) = care.tracker.homework.list()
    assert (seen.id, seen.what, seen.goal, seen.arrived_at) == (given.id, "Take the bus", goal.id, NOON)
    assert list(seen.fields) == ["fear", "place"]
    assert [(one.key, one.state) for one in seen.occurrences] == [("2026-05-04", "open")]
    said = care.tracker.homework.record(
        seen.id,
        None,
        "partly",
        answers={"fear": 8, "Where?": "Line 5"},
        difficulty=6,
        helpfulness=9,
        learned="It passed",
    )
    assert (said.occurrence, said.status, said.done_at, said.late) == ("2026-05-04", "partly", NOON, False)
    assert [(one.key, one.prompt, one.value) for one in said.answers] == [
        ("fear", "How afraid?", 8),
        ("place", "Where?", "Line 5"),
    ]
    assert care.tracker.homework.get(seen.id).progress == (said,)
    care.sync()
    back = care.client.homework.get(given.id)
    assert [(one.id, one.arrived_at, one.learned) for one in back.progress] == [(said.id, NOON, "It passed")]
    assert (back.adherence.partly, back.adherence.counted, back.adherence.difficulty) == (1, 1, (6,))
    assert back.occurrences[0].progress == (said.id,)


def test_saying_it_again_changes_what_is_given(care: Care) -> None:
    given = care.client.homework.assign("Walk", rule="daily", fields=WORKSHEET)
    care.sync()
    homework = care.tracker.homework
    first = homework.record(given.id, status="not done", barrier="did not see the point", barrier_note="why bother")
    assert (first.status, first.barrier, first.answers) == ("not", "no_point", ())
    with pytest.raises(InvalidField, match="required question was left empty"):
        homework.record(given.id, status="done", barrier=None)
    again = homework.record(given.id, status="done", barrier=None, answers={"fear": 3})
    assert (again.id, again.status, again.barrier, again.barrier_note) == (first.id, "done", None, "why bother")
    reworded = WORKSHEET | {"fear": Field(prompt="Fear?", type="number")}
    care.client.homework.edit(given.id, fields=reworded)
    care.sync()
    more = homework.record(given.id, answers={"place": "park"}, learned="x")
    assert more.status == "done"
    assert [(one.prompt, one.value) for one in more.answers] == [("How afraid?", 3), ("Where?", "park")]
    assert homework.get(given.id).progress == (more,)


def test_two_devices_offline_each_keep_theirs(
    care: Care, open_tracker: Callable[[str], Tracker], clock: SettableClock
) -> None:
    given = care.client.homework.assign("Walk", rule="daily")
    care.sync()
    other = open_tracker("other")
    care.sides.append(care.practice.enter(other))
    care.tracker.homework.record(given.id, status="not")
    clock.forward(hours=1)
    newer = other.homework.record(given.id, status="done")
    care.sync()
    for device in (care.tracker, other):
        (occurrence,) = device.homework.get(given.id).occurrences
        assert (occurrence.state, len(occurrence.progress)) == ("done", 2)
        assert [one.status for one in device.homework.get(given.id).progress] == ["done", "not"]
    assert care.tracker.homework.record(given.id, difficulty=2).id == newer.id
    # The other one is changed where it is given itself, and stays the one that does not count.
    (older,) = (one for one in care.tracker.homework.get(given.id).progress if one.id != newer.id)
    assert care.tracker.homework.record(given.id, older, "partly").id == older.id
    (occurrence,) = care.tracker.homework.get(given.id).occurrences
    assert (occurrence.state, occurrence.progress) == ("done", (newer.id, older.id))
    another = care.client.homework.assign("Call", rule="daily")
    care.sync()
    with pytest.raises(NotFound, match="is not about this homework"):
        care.tracker.homework.record(another.id, older)


def test_a_device_whose_clock_is_ahead_does_not_have_the_last_word(
    care: Care, open_tracker: Callable[[str], Tracker], clock: SettableClock
) -> None:
    given = care.client.homework.assign("Walk", rule="daily")
    care.sync()
    other = open_tracker("other")
    care.sides.append(care.practice.enter(other))
    clock.forward(days=400)
    ahead = care.tracker.homework.record(given.id, MONDAY, "not")
    clock.forward(days=-400)
    care.practice.sync(*care.sides[:2])
    clock.forward(hours=1)
    later = other.homework.record(given.id, MONDAY, "done")
    care.practice.received_at = clock.now
    care.sync()
    for homework in (care.tracker.homework, other.homework, care.client.homework):
        (occurrence,) = homework.get(given.id).occurrences
        assert (occurrence.state, occurrence.progress) == ("done", (later.id, ahead.id))
    assert care.tracker.homework.record(given.id, MONDAY, difficulty=2).id == later.id


@pytest.mark.parametrize(
    "occurrence",
    [
        "2026-05-04T18:30",
        datetime(2026, 5, 4, 18, 30, 12, tzinfo=UTC),
        Occurrence(MONDAY, datetime(2026, 5, 4, 18, 30).time()),  # noqa: DTZ001
        MONDAY,
        "2026-05-04",
        None,
    ],
)
def test_an_occurrence_is_named_in_many_ways(care: Care, occurrence: object) -> None:
    given = care.client.homework.assign("Breathe", rule="FREQ=DAILY;BYHOUR=18;BYMINUTE=30")
    care.sync()
    said = care.tracker.homework.record(given.id, occurrence)  # type: ignore[arg-type]
    assert said.occurrence == "2026-05-04T18:30"


def test_what_is_due_or_listed_names_its_occurrence(care: Care, clock: SettableClock) -> None:
    given, other = (care.client.homework.assign(what, rule="daily") for what in ("Breathe", "Walk"))
    care.sync()
    clock.forward(days=1)
    one = next(due for due in care.tracker.due() if due.id == str(given.id) and not due.overdue)
    assert care.tracker.homework.record(given.id, one).occurrence == "2026-05-05"
    with pytest.raises(InvalidField, match="not for this homework"):
        care.tracker.homework.record(other.id, one)
    view = care.tracker.homework.get(given.id).occurrences[0]
    assert care.tracker.homework.record(given.id, view, done_at=NOON).occurrence == "2026-05-04"
    (late, _) = sorted(care.tracker.homework.get(given.id).progress, key=lambda one: one.occurrence)
    assert (late.done_at, late.late) == (NOON, False)
    clock.forward(hours=2)
    assert care.tracker.homework.record(other.id, MONDAY, done_at=NOON).late


def test_a_day_that_is_no_occurrence_names_the_nearest(care: Care) -> None:
    given = care.client.homework.assign("Swim", rule="FREQ=WEEKLY;BYDAY=MO", since=date(2026, 4, 20))
    care.sync()
    with pytest.raises(InvalidField, match=r"not due on 2026-05-06; it is on 2026-05-04 and on 2026-05-11\."):
        care.tracker.homework.record(given.id, "2026-05-06")
    with pytest.raises(InvalidField, match="2026-04-20"):
        care.tracker.homework.record(given.id, date(2026, 4, 1))
    for wrong in ("next week", "once", datetime(2026, 5, 4), 5):  # noqa: DTZ001
        with pytest.raises(InvalidField):
            care.tracker.homework.record(given.id, wrong)  # type: ignore[arg-type]
    assert care.tracker.homework.get(given.id).progress == ()


def test_none_is_the_only_one_today(care: Care, clock: SettableClock) -> None:
    twice = care.client.homework.assign("Breathe", rule="FREQ=DAILY;BYHOUR=8,20")
    once = care.client.homework.assign("Read")
    friday = care.client.homework.assign("Call", due=date(2026, 5, 8))
    care.sync()
    record = care.tracker.homework.record
    with pytest.raises(InvalidField, match="more than once"):
        record(twice.id)
    assert record(twice.id, "2026-05-04T08:00").occurrence == "2026-05-04T08:00"
    assert record(twice.id).occurrence == "2026-05-04T20:00"
    with pytest.raises(InvalidField, match="say which one"):
        record(twice.id)
    assert record(once.id).occurrence == "once"
    assert record(once.id, "once", "partly").status == "partly"
    assert record(friday.id).occurrence == "2026-05-08"
    weekly = care.client.homework.assign("Swim", rule="weekly", since=date(2026, 5, 5))
    care.sync()
    with pytest.raises(InvalidField, match="not due today; it is on 2026-05-05"):
        record(weekly.id)
    with pytest.raises(InvalidField, match="once"):
        record(once.id, MONDAY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "maybe"},
        {"barrier": "lazy"},
        {"difficulty": 11},
        {"helpfulness": -1},
        {"learned": 5},
        {"learned": "\ud800"},
        {"done_at": datetime(2026, 5, 4)},  # noqa: DTZ001
        {"answers": {"fear": "high"}},
        {"answers": {"fear": 1, "nothing": 1}},
        {"answers": {"Who?": "me"}},
        {"answers": "x"},
        {},
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is(care: Care, wrong: dict[str, object]) -> None:
    given = care.client.homework.assign("Walk", rule="daily", fields=WORKSHEET)
    care.sync()
    said = wrong and {"answers": {"fear": 1}, **wrong}
    with pytest.raises(InvalidField):
        care.tracker.homework.record(given.id, **said)  # type: ignore[arg-type]
    assert care.tracker.homework.get(given.id).progress == ()
    assert care.tracker.status().pending == 0


def test_a_review_adapts(care: Care, clock: SettableClock) -> None:
    given = care.client.homework.assign("Two stops", rule="daily", confidence=4, fields=WORKSHEET, until=MONDAY)
    care.sync()
    said = care.tracker.homework.record(given.id, answers={"fear": 2})
    care.sync()
    clock.forward(days=1)
    review = care.client.homework.review(
        given.id,
        "step_up",
        reason="It went well",
        evidence=[said.id],
        change={"what": "Four stops", "rule": "weekdays", "fields": [Field(prompt="Where?"), "Who was there?"]},
    )
    assert review.successor is not None
    assert (review.decision, review.evidence, review.reviewed_at) == ("step_up", (said.id,), clock.now)
    care.sync()
    (now,) = care.tracker.homework.list()
    assert (now.id, now.what, now.predecessor, now.confidence) == (review.successor, "Four stops", given.id, 4)
    assert (now.rule, now.since, now.until, now.ended_on) == (
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        date(2026, 5, 5),
        None,
        None,
    )
    assert [field.prompt for field in now.fields.values()] == ["Where?", "Who was there?"]
    assert "place" in now.fields
    before = care.tracker.homework.get(given.id)
    assert (before.ended_on, before.reviews[0].id, before.reviews[0].reason) == (
        date(2026, 5, 5),
        review.id,
        "It went well",
    )
    assert [one.id for one in care.tracker.homework.list(ended=True)] == [now.id, given.id]
    assert [due.id for due in care.tracker.due()] == [str(now.id)]


def test_a_review_keeps_stops_or_replaces(care: Care) -> None:
    homework = care.client.homework
    kept, stopped, replaced, noted = (homework.assign(what, rule="daily") for what in "abcd")
    assert homework.review(kept.id, "keep").successor is None
    homework.review(stopped.id, "stop", reason="no more")
    successor = homework.review(replaced.id, "replace", change={"due": date(2026, 5, 9)}).successor
    assert successor is not None
    homework.review(noted.id, "adapt", reason="shorter, as agreed")
    assert {one.id for one in homework.list()} == {kept.id, successor, noted.id}
    assert homework.get(stopped.id).ended_on == MONDAY
    assert (homework.get(successor).due, homework.get(successor).rule) == (date(2026, 5, 9), "")
    for decision, change in (("keep", {"what": "x"}), ("maybe", None), ("adapt", {"ended_on": MONDAY})):
        with pytest.raises(InvalidField):
            homework.review(kept.id, decision, change=change)  # type: ignore[arg-type]
    with pytest.raises(InvalidField):
        homework.review(kept.id, "adapt", change={"what": ""})
    assert len(homework.list(ended=True)) == 5


def test_editing_and_ending(care: Care) -> None:
    homework = care.client.homework
    resource = care.client.resources.add("Bus lines", "Line 5")
    given = homework.assign("Walk", rule="daily", fields=["Where?", "How long?"])
    (where, long) = given.fields
    edited = homework.edit(
        given.id, what="Walk far", resources=[resource.id, resource.id], fields=["How long?", "With whom?", "Where?"]
    )
    assert (edited.what, edited.resources) == ("Walk far", (resource.id,))
    assert [field.prompt for field in edited.fields.values()] == ["How long?", "With whom?", "Where?"]
    assert list(edited.fields)[::2] == [long, where]
    assert homework.end(given.id, date(2026, 5, 20)).ended_on == date(2026, 5, 20)
    assert [one.id for one in homework.list()] == [given.id]
    assert homework.end(given.id).ended_on == MONDAY
    assert homework.list() == []


def test_from_a_template(care: Care) -> None:
    template = Template(
        title="Thought record", what="Note a thought", why="See it", rule="FREQ=DAILY", fields=WORKSHEET
    )
    given = care.client.homework.assign(template=template, why="As agreed")
    assert (given.what, given.why, given.rule, list(given.fields)) == (
        "Note a thought",
        "As agreed",
        "FREQ=DAILY",
        ["fear", "place"],
    )
    assert care.client.homework.assign(template=template, due=MONDAY).rule == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": ""},
        {"what": "x", "rule": "sometimes"},
        {"what": "x", "rule": "daily", "due": MONDAY},
        {"what": "x", "confidence": 11},
        {"what": "x", "due": NOON},
        {"what": "x", "fields": [Field(prompt="?", type="scale")]},
        {"what": "x", "fields": "?"},
        {"what": "x", "until": MONDAY - timedelta(days=1)},
        {"what": "x" * 3000},
    ],
)
def test_what_cannot_be_assigned(care: Care, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidField):
        care.client.homework.assign(**wrong)  # type: ignore[arg-type]
    for other in ({"goal": uuid4()}, {"resources": [uuid4()]}):
        with pytest.raises(NotFound):
            care.client.homework.assign("x", **other)
    assert care.client.homework.list() == []


def test_when_the_assignment_has_ended_every_call_says_so(care: Care) -> None:
    given = care.client.homework.assign("Walk")
    client = care.client
    care.end_assignment()
    calls: list[Callable[[], object]] = [
        client.homework.list,
        lambda: client.homework.get(given.id),
        lambda: client.homework.assign("x"),
        lambda: client.homework.edit(given.id, what="x"),
        lambda: client.homework.review(given.id, "keep"),
        lambda: client.homework.end(given.id),
    ]
    for call in calls:
        with pytest.raises(NotFound, match="assignment"):
            call()


def test_a_text_that_two_made_too_long_is_still_read(care: Care, clock: SettableClock) -> None:
    """Two who write on at one text may leave it longer than either may write; nobody loses it for that."""
    given = care.client.homework.assign("x" * 1_990)
    care.sync()
    care.client.homework.edit(given.id, what="x" * 1_990 + "aaaaaa")
    other = care.practice.copy_of(given.id)
    before = HOMEWORK.read(other)
    change = HOMEWORK.update(other, before, replace(before, what="x" * 1_990 + "bbbbbb"))
    assert change is not None
    care.practice.append(given.id, "homework", change)
    care.sync()
    assert len(care.tracker.homework.get(given.id).what) == 2_002
    assert len(care.client.homework.list()) == 1


def test_a_mark_can_be_corrected_and_what_it_was_is_told(care: Care, clock: SettableClock) -> None:
    given = care.client.homework.assign("Take the bus", rule="daily")
    care.sync()
    first = care.tracker.homework.record(given.id, None, "done")
    assert (first.corrected_at, first.earlier) == (None, ())
    more = care.tracker.homework.record(given.id, None, helpfulness=7, learned="It passed")
    assert more.earlier == (), "said in addition"
    clock.forward(hours=2)
    care.tracker.homework.record(given.id, None, "not", barrier="forgot")
    clock.forward(hours=1)
    last = care.tracker.homework.record(given.id, None, helpfulness=2)
    assert (last.status, last.helpfulness, last.learned) == ("not", 2, "It passed")
    assert last.corrected_at == NOON + timedelta(hours=3)
    assert [(one.status, one.helpfulness, one.said_at) for one in last.earlier] == [
        ("not", 7, NOON + timedelta(hours=2)),
        ("done", 7, NOON),
    ]
    care.sync()
    (seen,) = care.client.homework.get(given.id).progress
    assert (seen.earlier, seen.corrected_at) == (last.earlier, last.corrected_at)
