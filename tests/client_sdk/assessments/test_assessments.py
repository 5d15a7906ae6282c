"""Assessments on a client's own devices: drafts that go on anywhere, what completing freezes, what is never hidden."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Thread
from uuid import uuid4

import pytest
from msgspec.structs import replace
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import NOON, SettableClock
from tests.client_sdk.wordings import library_has, wording_of, wording_of_phq_9

from intersession import Assessment, Draft, Due, InvalidField, NotFound, Tracker

CHECK_IN = {f"q{number}": number for number in range(1, 7)}
PHQ_9 = {f"q{number}": 1 for number in range(1, 9)}


def schedule_phq_9(care: Care, **rule: object) -> str:
    """The instrument is in the library, the plan and the record of both sides."""
    library_has(care, wording_of_phq_9())
    with care.client.plan.edit() as plan:
        schedule = plan.add_assessment("phq-9", **({"rule": "weekly"} | rule))  # type: ignore[arg-type]
    care.sync()
    return schedule


def answer_all(draft: Draft, answers: dict[str, int]) -> Draft:
    for item, value in answers.items():
        draft.answer(item, value)
    return draft


@pytest.fixture
def tablet(care: Care, open_tracker: Callable[[str], Tracker]) -> Tracker:
    """A second device of the same client."""
    tablet = open_tracker("tablet")
    care.sides.append(care.practice.enter(tablet))
    return tablet


def test_the_own_check_in_can_be_answered_at_once_and_says_that_it_has_no_norms(tracker: Tracker) -> None:
    (one,) = tracker.assessments.available()
    assert (one.instrument, one.status, one.due, one.draft) == ("check-in", "own", None, None)
    assert "no norms" in " ".join(one.instructions)
    assert [item.item for item in one.items] == list(CHECK_IN)
    assert len(one.items[0].choices) == 11
    draft = tracker.assessments.start("check-in")
    assert draft.next() == draft.items[0]
    assert draft.answer("q1", 3).answers == {"q1": 3}
    assert draft.next() == draft.items[1]
    assert draft.missing == ("q2", "q3", "q4", "q5", "q6")
    assert tracker.assessments.available()[0].draft == draft.id
    done = answer_all(draft, CHECK_IN).complete()
    assert (done.state, done.scores[0].score, done.scores[0].band, done.note) == ("completed", 21, None, "")
    assert draft.next() is None
    assert tracker.assessments.list() == [done] == [tracker.assessments.get(done.id)]


def test_a_draft_goes_on_after_the_app_was_closed(open_tracker: Callable[[str], Tracker]) -> None:
    tracker = open_tracker("phone")
    tracker.assessments.start("check-in").answer("q1", 4)
    tracker.close()
    again = open_tracker("phone")
    draft = again.assessments.start("check-in")
    assert draft.read().answers == {"q1": 4}
    draft.answer("q1", 5)
    assert draft.read().answers == {"q1": 5}
    other = again.assessments.start("check-in", new=True)
    assert other.id != draft.id
    assert again.assessments.resume(draft.id).read().answers == {"q1": 5}
    assert len(again.assessments.list()) == 2


def test_values_are_those_of_the_instrument(tracker: Tracker) -> None:
    draft = tracker.assessments.start("check-in")
    for item, value in (("q1", 11), ("q1", True), ("q1", "3"), ("q1", 2.5), ("q7", 1)):
        with pytest.raises(InvalidField):
            draft.answer(item, value)
    assert draft.read().answers == {}
    assert draft.answer("q1", 3).answers == {"q1": 3}
    assert draft.answer("q1", None).answers == {}
    with pytest.raises(InvalidField, match="Nothing has been answered"):
        draft.complete()
    with pytest.raises(InvalidField):
        tracker.assessments.start("no such")
    with pytest.raises(InvalidField, match="wording"):
        tracker.assessments.start("gad-7")
    with pytest.raises(NotFound):
        tracker.assessments.resume(uuid4())


def test_an_incomplete_one_is_not_scored(tracker: Tracker) -> None:
    done = answer_all(tracker.assessments.start("check-in"), {"q1": 3, "q3": 4}).complete()
    assert (done.state, done.note, done.scores[0].score) == ("completed", "incomplete, not scored", None)
    assert done.missing == ("q2", "q4", "q5", "q6")
    with pytest.raises(InvalidField, match="amendment"):
        tracker.assessments.resume(done.id)


def test_a_draft_goes_on_on_another_device_and_merges(care: Care, tablet: Tracker) -> None:
    phone = care.tracker.assessments.start("check-in")
    phone.answer("q1", 1)
    care.sync()
    other = tablet.assessments.start("check-in")
    assert other.id == phone.id
    other.answer("q2", 2)
    phone.answer("q3", 3)
    care.sync()
    assert phone.read().answers == other.read().answers == {"q1": 1, "q2": 2, "q3": 3}


def test_a_conflict_is_shown_until_somebody_answers_again_or_says_which_holds(care: Care, tablet: Tracker) -> None:
    phone = care.tracker.assessments.start("check-in")
    phone.answer("q2", 2)
    care.sync()
    other = tablet.assessments.resume(phone.id)
    phone.answer("q1", 1)
    other.answer("q1", 9)
    phone.answer("q3", 3)
    other.answer("q3", 8)
    care.sync()
    assert phone.conflicts == other.conflicts == ("q1", "q3")
    (first, *_) = phone.items
    assert (first.answer, set(first.conflict)) == (None, {1, 9})
    assert phone.next() == first
    assert "q1" in phone.missing
    with pytest.raises(InvalidField, match="q1, q3"):
        phone.complete()
    phone.answer("q1", 5)
    with pytest.raises(InvalidField):
        phone.complete({"q3": 7})
    done = phone.complete({"q3": 8})
    care.sync()
    assert done.answers == {"q1": 5, "q2": 2, "q3": 8}
    assert tablet.assessments.get(phone.id).answers == done.answers
    assert tablet.assessments.get(phone.id).conflicts == ()


def test_what_is_completed_stays_whatever_another_device_still_answers(care: Care, tablet: Tracker) -> None:
    phone = answer_all(care.tracker.assessments.start("check-in"), CHECK_IN)
    care.sync()
    other = tablet.assessments.resume(phone.id)
    done = phone.complete()
    other.answer("q1", 10)
    care.sync()
    for tracker in (care.tracker, tablet):
        assert tracker.assessments.get(done.id).completions == done.completions
        assert tracker.assessments.get(done.id).answers == CHECK_IN
    for draft in (phone, other):
        with pytest.raises(InvalidField, match="completed"):
            draft.answer("q1", 2)
        with pytest.raises(InvalidField, match="completed"):
            draft.complete()
    assert care.client.assessments.get(done.id).scores[0].score == 21


def test_completed_on_two_devices_at_once_both_are_kept(care: Care, tablet: Tracker, clock: SettableClock) -> None:
    phone = answer_all(care.tracker.assessments.start("check-in"), CHECK_IN)
    care.sync()
    other = tablet.assessments.resume(phone.id)
    other.answer("q6", 0)
    first = phone.complete()
    clock.forward(minutes=1)
    second = other.complete()
    care.sync()
    for reader in (care.tracker.assessments, tablet.assessments, care.client.assessments):
        found = reader.get(phone.id)
        assert found.completions == (*first.completions, *second.completions)
        assert [one.scores[0].score for one in found.completions] == [21, 15]


def test_an_amendment_is_a_new_one_that_names_what_it_corrects(care: Care) -> None:
    assessments = care.tracker.assessments
    done = answer_all(assessments.start("check-in"), CHECK_IN).complete()
    draft = assessments.amend(done.id)
    assert draft.read().answers == CHECK_IN
    assert assessments.amend(done.id).id == draft.id
    assert assessments.start("check-in").id != draft.id
    draft.answer("q1", 7)
    amended = draft.complete()
    care.sync()
    for reader in (assessments, care.client.assessments):
        assert (reader.get(amended.id).amends, reader.get(done.id).amended_by) == (done.id, (amended.id,))
        assert reader.get(done.id).answers == CHECK_IN
    with pytest.raises(InvalidField, match="not completed"):
        assessments.amend(assessments.start("check-in").id)


def risks(one: Assessment) -> list[tuple[str, str]]:
    return [(risk.item, risk.where) for risk in one.risk]


def test_a_positive_risk_item_is_seen_at_once_and_stays_seen(care: Care, tablet: Tracker) -> None:
    schedule_phq_9(care)
    phone = care.tracker.assessments.start("phq-9")
    assert phone.answer("q1", 3).risk == ()
    answered = phone.answer("q9", 1)
    assert risks(answered) == [("q9", "draft")] == [(one.item, one.where) for one in phone.risk]
    assert answered.risk[0].label == "Thoughts of death or self-harm"
    care.sync()
    other = tablet.assessments.start("phq-9")
    assert risks(other.answer("q9", 0)) == [("q9", "overridden")]
    care.sync()
    for reader in (care.tracker.assessments, tablet.assessments, care.client.assessments):
        assert risks(reader.get(phone.id)) == [("q9", "overridden")]
    done = answer_all(phone, PHQ_9).complete()
    care.sync()
    assert (done.scores[0].score, risks(done)) == (8, [("q9", "overridden")])
    assert [one.kind for one in care.client.signals()] == ["risk"]


def test_the_safety_plan_is_there_at_once_with_what_the_practice_offers(care: Care) -> None:
    assert care.tracker.safety().steps == ()
    assert "real time" in care.tracker.safety().notice
    named = care.client.resources.add("Grounding", text="Feel your feet.")
    care.client.resources.add("Crisis line", text="Day and night.", tags=["Crisis"])
    care.client.resources.add("Sleep", text="Go to bed.")
    with care.client.plan.edit() as plan:
        plan.add_safety_step("professionals", "My practice")
        plan.add_safety_step("warning_signs", "I stop answering")
        plan.safety_resources([named.id])
    care.sync()
    safety = care.tracker.safety()
    assert [step.part for step in safety.steps] == ["warning_signs", "professionals"]
    assert [one.title for one in safety.resources] == ["Grounding", "Crisis line"]
    with care.client.plan.edit() as plan:
        plan.safety_resources([uuid4(), named.id])  # one of them has not come yet
    care.sync()
    assert care.tracker.safety() == safety


def test_what_is_scheduled_is_due_until_it_is_completed(care: Care, clock: SettableClock) -> None:
    schedule = schedule_phq_9(care)
    (due,) = care.tracker.due()
    assert (due.kind, due.id, due.title) == ("assessment", schedule, "Patient Health Questionnaire 9 (PHQ-9)")
    first, second = care.tracker.assessments.available()
    assert (first.instrument, first.due, second.due) == ("phq-9", due, None)
    assert (first.status, first.copyright) == ("imported", "Nobody")
    draft = care.tracker.assessments.start(due)
    assert care.tracker.assessments.start("phq-9").id == draft.id
    assert care.tracker.due() == [due]
    done = answer_all(draft, PHQ_9 | {"q9": 0}).complete()
    assert (done.schedule, done.occurrence) == (schedule, due.occurrence)
    assert (done.scores[0].score, done.scores[0].band) == (8, "mild")
    assert care.tracker.due() == []
    clock.forward(days=7)
    assert [one.day for one in care.tracker.due()] == [date(2026, 5, 11)]
    clock.forward(days=2)
    assert care.tracker.assessments.start("phq-9").read().occurrence == "2026-05-11"


def test_what_goes_before_each_session_is_due_before_each_session(care: Care, clock: SettableClock) -> None:
    schedule_phq_9(care, rule="", before_each_session=True, open_days=3)
    assert care.tracker.due() == []
    session = care.client.sessions.plan(NOON.replace(day=11))
    care.sync()
    (ahead,) = care.tracker.upcoming(NOON.replace(day=20))
    assert (ahead.day, ahead.occurrence) == (date(2026, 5, 9), f"session/{session.id}")
    clock.now = NOON.replace(day=10)
    assert [one.occurrence for one in care.tracker.due()] == [ahead.occurrence]
    answer_all(care.tracker.assessments.start("phq-9"), PHQ_9).complete()
    assert care.tracker.due() == []
    care.client.sessions.plan(NOON.replace(day=12))
    care.sync()
    assert len(care.tracker.due() + care.tracker.upcoming(NOON.replace(day=20))) == 1


def test_an_instrument_without_wording_is_not_scheduled_or_offered(care: Care) -> None:
    with care.client.plan.edit() as plan:
        with pytest.raises(InvalidField, match="has not imported a wording of"):
            plan.add_assessment("gad-7", "weekly")
        with pytest.raises(InvalidField, match="no instrument with that name"):
            plan.add_assessment("no such", "weekly")
        id = plan.add_assessment("check-in", "weekly")
        with pytest.raises(InvalidField, match="has not imported a wording of"):
            plan.change_assessment(id, instrument="gad-7")
    care.sync()
    assert [one.title for one in care.tracker.due()] == ["Check-in"]
    assert [one.instrument for one in care.tracker.assessments.available()] == ["check-in"]


def test_the_wording_is_copied_into_the_record_once(care: Care) -> None:
    schedule_phq_9(care)
    with care.client.plan.edit() as plan:
        plan.add_assessment("phq-9", "monthly")
    care.sync()
    assert (
        sum(row.kind == "instrument" for row in care.practice.rows)
        == len({row.document for row in care.practice.rows if row.kind == "instrument"})
        == 1
    )


def test_what_cannot_be_meant_is_refused(care: Care) -> None:
    schedule = schedule_phq_9(care)
    start = care.tracker.assessments.start
    with pytest.raises(InvalidField):
        start("phq-9", schedule="none")
    with pytest.raises(InvalidField):
        start("phq-9", occurrence="2026-05-04")
    with pytest.raises(InvalidField):
        start("check-in", schedule=schedule)
    assert start("phq-9", schedule=schedule).read().occurrence == "2026-05-04"
    assert start("phq-9", schedule=schedule, occurrence="2026-04-27").read().occurrence == "2026-04-27"
    journal = Due(kind="journal", id="journal", title="Journal", day=NOON.date(), at=NOON, occurrence="2026-05-04")
    for none in (journal, 5, "phq-9\ud800"):
        with pytest.raises(InvalidField):
            start(none)  # type: ignore[arg-type]


def test_a_corrected_wording_is_the_one_that_is_asked(care: Care, clock: SettableClock) -> None:
    schedule_phq_9(care)
    clock.forward(hours=1)
    care.practice.received_at = clock.now
    corrected = wording_of_phq_9()
    prompts = {key: replace(one, text=f"{one.text} Really?") for key, one in corrected.prompts.items()}
    library_has(care, replace(corrected, prompts=prompts, hash="2" * 64))
    assert "Really" not in care.tracker.assessments.start("phq-9").items[0].prompt
    with care.client.plan.edit() as plan:
        plan.add_assessment("phq-9", "monthly")
    care.sync()
    draft = care.tracker.assessments.start("phq-9")
    assert "Really" in draft.items[0].prompt
    draft.answer("q1", 1)
    assert draft.complete().completions[0].wording == "imported"


def test_a_wording_of_another_way_of_scoring_is_not_used(care: Care) -> None:
    library_has(care, replace(wording_of_phq_9(), scheme="phq-9 in another way"))
    with care.client.plan.edit() as plan, pytest.raises(InvalidField, match="has not imported a wording"):
        plan.add_assessment("phq-9", "weekly")


def test_yes_no_items_are_asked_as_far_as_they_belong(care: Care) -> None:
    library_has(care, wording_of("c-ssrs"))
    with care.client.plan.edit() as plan:
        plan.add_assessment("c-ssrs", "weekly")
    care.sync()
    draft = care.tracker.assessments.start("c-ssrs")
    assert [choice.value for choice in draft.items[0].choices] == [True, False]
    assert [one.item for one in draft.items if one.applies] == ["q1", "q2", "q6"]
    with pytest.raises(InvalidField):
        draft.answer("q1", 1)
    assert draft.answer("q2", True).risk[0].level == "low"
    assert [one.item for one in draft.items if one.applies] == ["q1", "q2", "q3", "q4", "q5", "q6"]
    assert draft.answer("q4", True).risk[-1].level == "high"
    done = draft.complete()
    assert (done.completions[0].level, done.note, done.scores) == ("high", "incomplete, not scored", ())


def test_items_that_the_form_skips_are_not_asked(care: Care) -> None:
    library_has(care, wording_of("audit"))
    with care.client.plan.edit() as plan:
        plan.add_assessment("audit", "weekly")
    care.sync()
    draft = care.tracker.assessments.start("audit")
    assert all(one.applies for one in draft.items)
    draft.answer("q1", 0)
    assert [one.item for one in draft.items if one.applies] == ["q1", "q9", "q10"]
    assert draft.answer("q9", 2).missing == ("q10",)
    assert draft.answer("q10", 0).missing == ()
    done = draft.complete()
    assert [(one.score, one.why) for one in done.scores] == [(2, None)]
    assert done.note == ""


def test_answers_may_come_from_several_threads(tracker: Tracker) -> None:
    drafts = set()

    def work(item: str) -> None:
        draft = tracker.assessments.start("check-in")
        drafts.add(draft.id)
        draft.answer(item, 1)

    threads = [Thread(target=work, args=(item,)) for item in CHECK_IN]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (draft,) = tracker.assessments.list()
    assert drafts == {draft.id}
    assert draft.answers == dict.fromkeys(CHECK_IN, 1)


def test_it_is_sent_when_the_server_has_the_last_answer_and_not_before(care: Care, tracker: Tracker) -> None:
    schedule_phq_9(care)
    draft = tracker.assessments.start("phq-9")
    assert not draft.read().sent
    care.sync()
    begun = draft.read()
    assert begun.sent
    draft.answer("q9", 3)
    assert (draft.read().sent, draft.read().arrived_at) == (False, begun.arrived_at)
    care.sync()
    assert draft.read().sent
