"""What a therapist's device makes of the record: scores, signals, the brief; without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from msgspec.structs import replace
from tests.client_sdk.answers import phq_9
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import NOON, SettableClock, replica_of
from tests.client_sdk.wordings import library_has, wording_of

from intersession import Caseload, InvalidField, NotFound, ScorePoint, Tracker
from intersession_schemas.messages import Rows, RowType
from intersession_schemas.streams import Role


@pytest.fixture
def second(care: Care, tmp_path: Path, clock: SettableClock) -> Iterator[Callable[[], Caseload]]:
    """Opens the device of another therapist of the same client."""
    opened = ExitStack()

    def join() -> Caseload:
        other = opened.enter_context(Caseload.open(tmp_path / "second.db", clock=clock))
        care.sides.append(care.practice.enter(other, Role.COVERING))
        return other

    with opened:
        yield join


def told(points: list[ScorePoint]) -> list[tuple[int | None, str | None, str, str]]:
    return [
        (one.value, one.band, one.baseline.words if one.baseline else "", one.last.words if one.last else "")
        for one in points
    ]


def test_change_is_told_against_the_baseline_and_the_last_one(care: Care, clock: SettableClock) -> None:
    client = care.client
    episode = client.episodes.begin("Low mood since the winter")
    taken = []
    for total in (15, 12, 8, 14):
        taken.append(client.assessments.on_paper("phq-9", phq_9(total)).id)
        clock.forward(days=7)
    assert told(client.scores("phq-9/total")) == [
        (14, "moderate", "within measurement error", "reliable deterioration"),
        (8, "mild", "reliable improvement", "within measurement error"),
        (12, "moderate", "within measurement error", "within measurement error"),
        (15, "moderately severe", "", ""),
    ]
    newest = client.scores("phq-9")[0]
    assert newest.last is not None
    assert (newest.last.change.threshold, newest.last.assessment) == (6, taken[2])
    assert client.scores("gad-7") == []
    (baseline,) = client.episodes.current().baselines  # type: ignore[union-attr]
    assert (baseline.scale, baseline.assessment, baseline.chosen) == ("phq-9/total", taken[0], False)
    chosen = client.episodes.baseline("phq-9/total", taken[2])
    assert [(one.assessment, one.chosen) for one in chosen.baselines] == [(taken[2], True)]
    assert client.scores()[0].baseline.words == "reliable deterioration"  # type: ignore[union-attr]
    with pytest.raises(InvalidField, match="phq-9/total"):
        client.episodes.baseline("phq-9/none", taken[2])
    care.practice.received_at = clock.now
    care.sync()
    assert client.episodes.list()[0].id == episode.id
    assert [one.value for one in care.tracker.progress(NOON + timedelta(days=10)).scores] == [14, 8]


def test_a_signal_is_acknowledged_and_stays(care: Care, clock: SettableClock) -> None:
    library_has(care, wording_of("phq-9"))
    with care.client.plan.edit() as plan:
        plan.add_assessment("phq-9", "weekly")
    care.sync()
    assert care.client.signals() == []
    care.tracker.assessments.start("phq-9").answer("q9", 2)
    clock.forward(days=3)
    care.sync()
    (signal,) = care.client.signals()
    assert (signal.kind, signal.age_hours, signal.acknowledged) == ("risk", 72, ())
    seen = care.client.acknowledge(signal, "Phoned at once.")
    assert [one.note for one in seen.acknowledged] == ["Phoned at once."]
    care.sync()
    (after,) = care.client.signals()
    assert after.id == signal.id
    assert after.acknowledged[0].by == care.practice.authors[id(care.sides[1])]
    for none in ("risk/none", ""):
        with pytest.raises(NotFound):
            care.client.acknowledge(none)


def fortnight(care: Care, clock: SettableClock) -> None:
    """Something of everything, over two weeks with a session in the middle."""
    client, tracker = care.client, care.tracker
    client.episodes.begin("Low mood")
    library_has(care, wording_of("phq-9"))
    kept = client.sessions.plan(clock.now + timedelta(days=7))
    with client.plan.edit() as plan:
        plan.add_tracker("worry")
        plan.add_assessment("phq-9", "weekly")
    walk = client.homework.assign("Walk", rule="daily")
    tracker.goals.add("Ride the bus", steps=("Buy a ticket",))
    for day in range(14):
        care.sync()
        tracker.journal.write(f"Day {day}", mood=day % 10)
        tracker.symptoms.log({"worry": day % 7})
        tracker.homework.record(walk.id, status="done" if day % 3 else "not", helpfulness=5)
        if day % 6 == 0:
            draft = tracker.assessments.start("phq-9")
            for item, value in phq_9(8 + day, q9=day // 6).items():
                draft.answer(item, value)
            draft.complete()
        if day == 8:
            client.sessions.attended(kept.id)
            with client.plan.edit() as plan:
                plan.add_section("How was your day?")
        clock.forward(days=1)
        care.practice.received_at = clock.now
    tracker.assessments.start("check-in").answer("q1", 3)
    care.sync()


def test_two_briefs_of_one_cut_are_equal_to_the_byte_on_any_device(
    care: Care, clock: SettableClock, second: Callable[[], Caseload]
) -> None:
    fortnight(care, clock)
    session = care.client.sessions.plan(clock.now + timedelta(days=1))
    care.sync()
    once = care.client.brief_bytes(session.id)
    assert care.client.brief_bytes(session.id) == once
    other = second().client(care.practice.client)
    assert other.brief_bytes(session.id) == once
    assert other.brief_bytes() == care.client.brief_bytes()
    assert other.brief_bytes(session.id, now=clock.now + timedelta(hours=1)) != once
    brief = care.client.brief(session.id)
    assert brief.cut.heads == {str(care.practice.stream): care.practice.head}
    assert (brief.session, brief.phase, brief.beginning.session) == (
        session.id,
        "assessment",
        care.client.sessions.list()[1].id,
    )
    assert [one.part for one in brief.plan_changes or ()] == ["sections"]
    assert {one.kind for one in brief.signals} == {"risk", "deterioration"}
    assert [one.instrument for one in brief.unfinished] == ["check-in"]
    assert brief.problems == ()
    with pytest.raises(NotFound):
        care.client.brief(uuid4())


def test_a_brief_needs_next_to_nothing(care: Care) -> None:
    brief = care.client.brief(locale="de")
    assert (brief.signals, brief.scores, brief.entries) == ((), (), ())
    assert brief.cut.locale == "de"
    there = care.client.brief(now=NOON, zone="Europe/Berlin").cut
    assert (there.now.isoformat(), there.zone) == ("2026-05-04T14:00:00+02:00", "Europe/Berlin")
    with pytest.raises(InvalidField):
        care.client.brief(now=NOON.replace(tzinfo=None))
    for zone in ("Nowhere", "", "/"):
        with pytest.raises(InvalidField, match="IANA"):
            care.client.brief(zone=zone)


def test_homework_and_a_symptom_by_the_week(care: Care, clock: SettableClock) -> None:
    fortnight(care, clock)
    found = care.client.together("worry")
    assert (found.words, found.n) == ("too little data", len(found.points) - 1)
    assert care.client.together("worry", care.client.homework.list()[0].id) == found
    newest = max(log.at for log in care.client.logs())
    care.tracker.symptoms.log({"worry": 800}, scale=(0, 1000), at=newest - timedelta(hours=30))
    care.sync()
    assert care.client.together("worry") == found, "values on two scales have no mean"
    with pytest.raises(InvalidField):
        care.client.together("wory")
    with pytest.raises(NotFound):
        care.client.together("worry", uuid4())


def test_when_the_assignment_has_ended_nothing_is_told(care: Care) -> None:
    client = care.client
    care.end_assignment()
    for call in (
        client.signals,
        client.scores,
        client.brief,
        client.sessions.list,
        client.episodes.list,
        client.assessments.list,
        lambda: client.together("worry"),
        lambda: client.acknowledge("risk/x"),
        lambda: client.assessments.on_paper("phq-9", phq_9(3)),
        lambda: client.sessions.plan(NOON),
        lambda: client.episodes.begin("x"),
    ):
        with pytest.raises(NotFound):
            call()


def test_scores_before_pairing_are_the_persons_own(tracker: Tracker) -> None:
    draft = tracker.assessments.start("check-in")
    for number in range(1, 7):
        draft.answer(f"q{number}", number)
    draft.complete()
    (score,) = tracker.progress().scores
    assert (score.value, score.band, score.arrived_at, score.last) == (21, None, None, None)


def test_an_answer_that_was_not_accepted_is_a_signal_on_the_device(care: Care, clock: SettableClock) -> None:
    """Also of a document of which nothing else is here; it goes with the access to the record."""
    done = care.client.assessments.on_paper("phq-9", phq_9(11), at=clock.now - timedelta(days=1))
    care.sync()
    (row,) = [row for row in care.practice.rows if row.document == done.id][-1:]
    unknown = uuid4()
    aside = [
        replace(row, seq=care.practice.head + number, document=id, hash=bytes([number]) * 32, change=b"", type=type_)
        for number, (id, type_) in enumerate(
            [(done.id, RowType.QUARANTINE), (unknown, RowType.QUARANTINE), (done.id, RowType.QUARANTINE)], 1
        )
    ]
    entry = replace(aside[0], seq=care.practice.head + 4, document=uuid4(), kind="journal_entry")
    through = care.practice.head + 4
    for _ in range(2):  # a page may come twice
        care.sides[1].store_page(Rows(care.practice.stream, [*aside, entry], through, bytes(8)))
    told = [one for one in care.client.signals() if one.kind == "not_accepted"]
    assert {one.about for one in told} == {done.id, unknown}
    assert len(told) == 2
    seen = care.client.acknowledge(told[0], "Asked the client.")
    assert [one.note for one in seen.acknowledged] == ["Asked the client."]
    assert care.client.assessments.get(done.id).scores[0].score == 11
    with replica_of(care.caseload).reading() as store:
        assert store.one("SELECT count(*) FROM not_accepted") == (3,)
    care.end_assignment()
    with replica_of(care.caseload).reading() as store:
        assert store.one("SELECT count(*) FROM not_accepted") == (0,)
