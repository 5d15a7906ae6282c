"""A week between two sessions, over real sockets: planned by the therapist, lived offline by the client on two devices,
reviewed and adapted when it has arrived. What is counted was worked out by hand.

It comes out the same where the day begins at four o'clock, and where a fifth of all that was written down is wrong at
first and corrected when it has arrived.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from tests.end_to_end.support.corrections import RUNS, Writer
from tests.end_to_end.support.practice import Invitation, Practice, desk

from intersession import Adherence, Assignment, Caseload, Client, Entry, HomeworkProgress, SymptomLog, Tracker
from intersession_schemas.documents.forms import Field
from intersession_schemas.documents.local_days import day_of

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = Adherence(
    counted=6,  # the days 0, 1, 2, 3, 6 and 7; 4 "could not" and 5 in the pause do not count
    done=2,  # days 0 and 7
    partly=2,  # days 1 and 3
    not_done=1,  # day 2
    unanswered=1,  # day 6
    could_not=1,
    paused=1,
    late=0,
    difficulty=(3, 5, 2),  # days 0, 1 and 7, oldest first
    helpfulness=(6, 4, 8),
    barriers={"forgot": 1, "no_chance": 1},
)


class Clock:
    """The clock on somebody's wall in Berlin, for whom days begin at the full hour `begins`.

    `days` are the day of the session and the seven days after it; the last one is today.
    """

    def __init__(self, begins: int) -> None:
        self.begins = begins
        today = day_of(datetime.now(BERLIN), begins)
        self.days = [today - timedelta(days=7 - number) for number in range(8)]
        self.at(0, 9)

    def at(self, day: int, hour: int, minute: int = 0) -> None:
        """So late on a day, counted from its beginning."""
        self.now = self.moment(day, hour, minute)

    def moment(self, day: int, hour: int, minute: int = 0) -> datetime:
        into_day = timedelta(hours=hour + self.begins, minutes=minute)
        return datetime.combine(self.days[0] + timedelta(days=day), time(), BERLIN) + into_day

    def __call__(self) -> datetime:
        return self.now


class Week:
    """Two devices of a client, and the therapist's; all on one clock."""

    def __init__(
        self, phone: Tracker, tablet: Tracker, caseload: Caseload, client: UUID, clock: Clock, writer: Writer
    ) -> None:
        self.phone, self.tablet, self.caseload, self.clock, self.writer = phone, tablet, caseload, clock, writer
        self.days = clock.days
        self._client = client

    @property
    def client(self) -> Client:
        return self.caseload.client(self._client)

    def sync(self) -> None:
        """Everything to everybody."""
        for device in (self.phone, self.tablet, self.caseload, self.phone, self.tablet):
            assert device.sync().complete
        assert self.phone.status().refusals == self.tablet.status().refusals == ()


@pytest.fixture
def alma(practice: Practice) -> Invitation:
    practice.add_therapist("anna")
    return practice.add_client("Alma", "anna")


@contextmanager
def week_of(practice: Practice, alma: Invitation, folder: Path, begins: int, wrong_from: int | None) -> Iterator[Week]:
    clock = Clock(begins)
    url = practice.server.url
    with (
        Tracker.open(folder / "phone.db", clock=clock) as phone,
        Tracker.open(folder / "tablet.db", clock=clock) as tablet,
        Caseload.open(folder / "therapist.db", clock=clock) as caseload,
    ):
        phone.pair(url, alma.code, share_by_default=True)
        tablet.pair(url, practice.invite_client(alma.person), share_by_default=True)
        caseload.pair(url, practice.invite_therapist("anna"))
        caseload.sync()
        yield Week(phone, tablet, caseload, alma.person, clock, Writer(clock, wrong_from))


@pytest.mark.parametrize(("begins", "wrong_from"), RUNS)
def test_a_week_between_sessions(
    practice: Practice, alma: Invitation, tmp_path: Path, begins: int, wrong_from: int | None
) -> None:
    with week_of(practice, alma, tmp_path, begins, wrong_from) as week:
        breathing, calling = in_the_session(week)
        a_week_offline(week, breathing, calling)
        week.sync()
        week.writer.correct()
        everything_arrives(week, breathing, calling)
        what_was_corrected_says_so(week)
        with desk(practice.server.url, "anna") as therapist:
            at_the_desk(therapist.http.get, alma.person, breathing)
        reviewed_and_adapted(week, breathing, calling)


def in_the_session(week: Week) -> tuple[Assignment, Assignment]:
    """The therapist sets up what is to be written, followed and practised; then the client's devices hear of it."""
    client = week.client
    with client.plan.edit() as plan:
        plan.day_begins(week.clock.begins)
        plan.journal(rule="daily", since=week.days[0], introduction="A few lines before you sleep.")
        plan.add_section("What happened?", required=True)
        plan.add_section(
            "How tense were you?", type="scale", low=0, high=10, labels={0: "calm", 10: "as tense as ever"}
        )
        plan.add_tracker("worry", 0, 10, rule="daily", since=week.days[0])
        plan.pause(week.days[5], week.days[5], reason="holiday")
        plan.add_safety_step("people_to_ask", "My sister", contact="her number is on the fridge")
    resource = client.resources.add("Breathing out longer", steps=["In for four.", "Out for six."])
    breathing = client.homework.assign(
        "Breathe out longer for five minutes",
        why="It tells the body that it is safe.",
        agreed=True,
        confidence=7,
        rule="daily",
        since=week.days[0],
        fields={"felt": Field(prompt="How did it feel?", type="one_of", options=("better", "same", "worse"))},
        resources=[resource.id],
    )
    calling = client.homework.assign("Call your sister", due=week.days[3])
    assert week.caseload.sync().complete
    for device in (week.phone, week.tablet):
        assert device.sync().complete
        assert {one.title for one in device.due()} == {"Journal", "worry", "Breathe out longer for five minutes"}
        assert [one.text for one in device.plan().safety_plan.values()] == ["My sister"]
    return breathing, calling


def a_week_offline(week: Week, breathing: Assignment, calling: Assignment) -> None:
    """No network from here on: `sync` is not called, and nothing else ever reaches for it."""
    phone, tablet, clock, writer = week.phone, week.tablet, week.clock, week.writer
    clock.at(0, 21)
    writer.homework(
        phone,
        breathing.id,
        week.days[0],
        "done",
        difficulty=3,
        helpfulness=6,
        answers={"felt": "better"},
        learned="It works.",
    )
    writer.journal(phone, sections={"What happened?": "A long day.", "How tense were you?": 7}, mood=4)
    writer.symptoms(phone, {"worry": 6}, scale=(0, 10))
    clock.at(1, 21)
    writer.homework(tablet, breathing.id, week.days[1], "partly", difficulty=5, helpfulness=4)
    writer.symptoms(tablet, {"worry": 5}, scale=(0, 10))
    clock.at(2, 22)
    writer.homework(phone, breathing.id, week.days[2], "not", barrier="forgot")
    # The same evening on both devices, neither knowing of the other: both are kept, the later one counts.
    clock.at(3, 20)
    writer.homework(phone, breathing.id, week.days[3], "not")
    writer.homework(phone, calling.id, week.days[3], "done")
    clock.at(3, 21)
    writer.homework(tablet, breathing.id, week.days[3], "partly")
    clock.at(4, 20)
    writer.homework(tablet, breathing.id, week.days[4], "could not", barrier="no chance")
    clock.at(5, 12)
    assert phone.due() == []  # a pause
    clock.at(6, 23, 50)
    writer.journal(phone, "Ten to midnight.")
    clock.at(7, 0, 10)
    writer.journal(phone, "Ten past.")
    clock.at(7, 8)
    writer.homework(phone, breathing.id, week.days[7], "done", difficulty=2, helpfulness=8)
    (resource,) = phone.resources.list()
    assert [step.text for step in resource.steps] == ["In for four.", "Out for six."]
    phone.resources.helped(resource.id, True, "Counting helps.")
    goal = tablet.goals.add("Sleep through", why="I am tired", steps=["Phone away at ten"])
    tablet.goals.step_done(goal.id, goal.steps[0].id, week.days[6])
    assert phone.status().pending > 0
    assert phone.status().connected is False


def everything_arrives(week: Week, breathing: Assignment, calling: Assignment) -> None:
    week.sync()
    for seen in (week.phone.homework.get(breathing.id), week.client.homework.get(breathing.id)):
        assert without_late(seen.adherence) == WEEK
        assert [one.state for one in seen.occurrences] == [
            "done",
            "partly",
            "not",
            "partly",
            "could_not",
            "paused",
            "unanswered",
            "done",
        ]
        assert len(seen.occurrences[3].progress) == 2  # both are shown
        assert seen.progress[-1].answers[0].value == "better"
        assert seen.progress[-1].answers[0].prompt == "How did it feel?"
    assert week.phone.homework.get(breathing.id) == week.tablet.homework.get(breathing.id)
    assert week.client.homework.get(calling.id).adherence.done == 1
    (resource,) = week.client.resources.list()
    assert resource.helped is True
    assert [one.text for one in week.client.comments(resource.id)] == ["Counting helps."]
    (goal,) = week.client.goals.list()
    assert (goal.what, goal.steps[0].done_on) == ("Sleep through", week.days[6])
    plan = week.client.plan.read()
    by_day = {plan.day_of(entry.written_at): entry.text for entry in week.client.entries() if entry.text}
    assert by_day == {week.days[6]: "Ten to midnight.", week.days[7]: "Ten past."}
    answered = next(entry for entry in week.client.entries() if entry.sections)
    assert [(one.prompt, one.text or one.value) for one in answered.sections] == [
        ("What happened?", "A long day."),
        ("How tense were you?", 7),
    ]
    mine = week.phone.progress()
    assert [point.value for point in mine.series["worry"]] == [5, 6]


def what_was_corrected_says_so(week: Week) -> None:
    """To the therapist too: what it said before, and that it was corrected; of all else, nothing."""
    client, writer = week.client, week.writer
    homework = [one for each in client.homework.list(ended=True) for one in each.progress]
    records: list[Entry | SymptomLog | HomeworkProgress] = [*client.entries(), *client.logs(), *homework]
    told = [one for one in records if one.earlier]
    assert {one.id for one in told} == set(writer.corrected)
    assert all(one.corrected_at is not None for one in told)


def without_late(adherence: Adherence) -> Adherence:
    """How much of it was late depends on when this test runs: progress of a week ago has arrived today."""
    return replace(adherence, late=0)


def at_the_desk(get: Any, client: UUID, breathing: Assignment) -> None:
    """The HTTP API says the same."""
    said = get(f"/api/clients/{client}/homework/{breathing.id}")
    assert said.status_code == 200, said.text
    counted = said.json()["adherence"]
    names = ("counted", "done", "partly", "not_done", "unanswered", "could_not", "paused")
    assert {name: counted[name] for name in names} == {name: getattr(WEEK, name) for name in names}


def reviewed_and_adapted(week: Week, breathing: Assignment, calling: Assignment) -> None:
    client, clock = week.client, week.clock
    clock.at(7, 16)
    seen = client.homework.get(breathing.id)
    review = client.homework.review(
        breathing.id,
        "step_down",
        reason="Five minutes were too long on some days.",
        evidence=[one.id for one in seen.progress[:2]],
        change={"what": "Breathe out longer for two minutes"},
    )
    client.homework.review(calling.id, "stop", reason="Done, and well.")
    client.comment(breathing.id, "You kept going after a bad day.")
    with client.plan.edit() as plan:
        plan.pause(week.days[7] + timedelta(days=3), reason="illness")
    assert review.successor is not None
    before = [one.title for one in week.phone.due(week.clock.moment(8, 10))]
    assert "Breathe out longer for five minutes" in before
    week.sync()
    for device in (week.phone, week.tablet):
        titles = [one.title for one in device.due(week.clock.moment(8, 10))]
        assert "Breathe out longer for two minutes" in titles
        assert "Breathe out longer for five minutes" not in titles
        assert device.due(week.clock.moment(10, 10)) == []  # the pause
        successor = device.homework.get(review.successor)
        assert successor.predecessor == breathing.id
        assert [one.decision for one in device.homework.get(breathing.id).reviews] == ["step_down"]
        assert [one.text for one in device.comments(breathing.id)] == ["You kept going after a bad day."]
