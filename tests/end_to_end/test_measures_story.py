"""The story goes on: two assessments between sessions, one with a positive risk item; signals, change, the brief.

The practice imports the wording of the PHQ-9, the therapist schedules it, the client answers it offline. All figures
were worked out by hand. They are the same where the day begins at four o'clock, and where a fifth of what the client
said is wrong at first and corrected when it has arrived.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from msgspec import Struct
from tests.end_to_end.support.corrections import RUNS, Writer
from tests.end_to_end.support.practice import Invitation, Practice, desk
from tests.end_to_end.support.wire import redeem, welcomed

from intersession import Assessment, Caseload, Client, Due, InvalidField, Session, Tracker
from intersession_schemas.crdt import Document
from intersession_schemas.documents.local_days import day_of
from intersession_schemas.errors import RefusalCode
from intersession_schemas.messages import Accepted, Rejected, Rows
from intersession_server.operator import commands

FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "fhir" / "phq9-questionnaire.json"
BERLIN = ZoneInfo("Europe/Berlin")
FIRST = (2, 2, 2, 2, 2, 2, 2, 2, 0)  # 16: "moderately severe" is 15–19; nothing at the ninth item
SECOND = (1, 1, 1, 1, 1, 1, 1, 1, 1)  # 9: "mild" is 5–9; something at the ninth item, so somebody must look at it
CHANGE = -7  # the published threshold of reliable change is 6: reliable improvement


class Clock:
    """The clock on somebody's wall in Berlin, for whom days begin at the full hour `begins`.

    Day 0 is that of the last session, day 14 today, day 15 that of the next one.
    """

    def __init__(self, begins: int) -> None:
        self.begins = begins
        today = day_of(datetime.now(BERLIN), begins)
        self.days = [today - timedelta(days=14 - number) for number in range(16)]
        self.at(0, 9)

    def at(self, day: int, hour: int, minute: int = 0) -> None:
        """So late on a day, counted from its beginning."""
        self.now = self.moment(day, hour, minute)

    def moment(self, day: int, hour: int, minute: int = 0) -> datetime:
        into_day = timedelta(hours=hour + self.begins, minutes=minute)
        return datetime.combine(self.days[day], time(), BERLIN) + into_day

    def __call__(self) -> datetime:
        return self.now


class Weeks(Struct):
    """Two devices of a client, and the therapist's; all on one clock."""

    phone: Tracker
    tablet: Tracker
    caseload: Caseload
    clock: Clock
    writer: Writer
    id: UUID

    @property
    def client(self) -> Client:
        return self.caseload.client(self.id)

    def sync(self) -> None:
        """Everything to everybody."""
        for device in (self.phone, self.tablet, self.caseload, self.phone, self.tablet):
            assert device.sync().complete
            assert device.status().refusals == ()


@pytest.fixture
def alma(practice: Practice) -> Invitation:
    """A client; and the wording of the PHQ-9, as the practice has imported it."""
    assert FILE.is_file(), f"This test needs the real questionnaire at {FILE} (beside the repository, as shared/data)."
    practice.operate(commands.ImportInstrument(questionnaire=FILE.read_bytes()), commands.InstrumentImported)
    practice.add_therapist("anna")
    return practice.add_client("Alma", "anna")


@contextmanager
def weeks_of(
    practice: Practice, alma: Invitation, folder: Path, begins: int, wrong_from: int | None
) -> Iterator[Weeks]:
    clock, url = Clock(begins), practice.server.url
    with (
        Tracker.open(folder / "phone.db", clock=clock) as phone,
        Tracker.open(folder / "tablet.db", clock=clock) as tablet,
        Caseload.open(folder / "therapist.db", clock=clock) as caseload,
    ):
        phone.pair(url, alma.code, share_by_default=True)
        tablet.pair(url, practice.invite_client(alma.person), share_by_default=True)
        caseload.pair(url, practice.invite_therapist("anna"))
        caseload.sync()
        yield Weeks(phone, tablet, caseload, clock, Writer(clock, wrong_from), alma.person)


@pytest.mark.parametrize(("begins", "wrong_from"), RUNS)
def test_two_weeks_between_sessions(
    practice: Practice, alma: Invitation, tmp_path: Path, begins: int, wrong_from: int | None
) -> None:
    with weeks_of(practice, alma, tmp_path, begins, wrong_from) as weeks:
        upcoming = in_the_session(weeks)
        first = answered_on_the_phone(weeks)
        second = answered_on_both_devices(weeks)
        homework_is_missed(weeks)
        weeks.clock.at(14, 16)
        weeks.sync()
        weeks.writer.correct()
        weeks.sync()
        first, second = (as_amended(weeks, one) for one in (first, second))
        scores_and_change(weeks, first, second)
        signals(weeks, second)
        briefs(practice, weeks, upcoming)
        answers_that_were_not_accepted(practice, weeks, second)
        told = same_brief(practice, weeks, upcoming)
        assert [one["kind"] for one in told["signals"]].count("not_accepted") == 2


def in_the_session(weeks: Weeks) -> Session:
    """An episode begins; the PHQ-9 is scheduled weekly, homework daily; the next session is planned."""
    client = weeks.client
    client.episodes.begin("Low mood since the spring", phase="treatment")
    held = client.sessions.plan(weeks.clock())
    client.sessions.attended(held.id)
    upcoming = client.sessions.plan(weeks.clock.moment(15, 10))
    with client.plan.edit() as plan:
        plan.day_begins(weeks.clock.begins)
        plan.add_assessment("phq-9", "weekly", weeks.clock.days[0])
        plan.add_safety_step("people_to_ask", "My sister", contact="her number is on the fridge")
        with pytest.raises(InvalidField):  # no wording of it was imported, so nobody can be asked
            plan.add_assessment("isi", "weekly")
    client.homework.assign("Walk round the block", rule="daily", since=weeks.clock.days[9])
    weeks.sync()
    return upcoming


def answered_on_the_phone(weeks: Weeks) -> Assessment:
    weeks.clock.at(0, 20)
    draft = weeks.phone.assessments.start(scheduled(weeks.phone))
    for item, value in zip(draft.items[:9], FIRST, strict=True):
        assert item.prompt
        draft.answer(item.item, value)
    done = weeks.writer.complete(weeks.phone, draft, {"q1": FIRST[0]})
    assert done.risk == ()
    assert [one for one in weeks.phone.due() if one.kind == "assessment"] == []
    with pytest.raises(InvalidField):
        draft.answer("q1", 0)
    return done


def scheduled(tracker: Tracker) -> Due:
    """The assessment that is due now."""
    (due,) = [one for one in tracker.due() if one.kind == "assessment"]
    return due


def answered_on_both_devices(weeks: Weeks) -> Assessment:
    """Begun on the phone, and gone on with on the tablet after a sync; completed there."""
    weeks.clock.at(7, 20)
    draft = weeks.phone.assessments.start(scheduled(weeks.phone))
    for item, value in zip(draft.items[:5], SECOND, strict=False):
        draft.answer(item.item, value)
    weeks.sync()
    resumed = weeks.tablet.assessments.start(scheduled(weeks.tablet))
    assert resumed.id == draft.id
    assert resumed.missing[:4] == ("q6", "q7", "q8", "q9")
    for item, value in zip(resumed.items[5:9], SECOND[5:], strict=True):
        resumed.answer(item.item, value)
    # At once, on this device, without a network: the safety plan, and that nobody is watching.
    assert [one.item for one in resumed.risk] == ["q9"]
    safety = weeks.tablet.safety()
    assert [step.text for step in safety.steps] == ["My sister"]
    assert safety.notice
    return weeks.writer.complete(weeks.tablet, resumed, {"q1": SECOND[0]})


def homework_is_missed(weeks: Weeks) -> None:
    """Done on days 9 and 10, and then three times in a row not: 11, 12 and 13."""
    (homework,) = weeks.phone.homework.list()
    for day in (9, 10):
        weeks.clock.at(day, 20)
        weeks.writer.homework(weeks.phone, homework.id, weeks.clock.days[day], "done", difficulty=2, helpfulness=6)
    weeks.clock.at(12, 20)
    weeks.writer.homework(weeks.phone, homework.id, weeks.clock.days[12], "not", barrier="forgot")
    weeks.writer.journal(weeks.phone, "A grey week.")


def as_amended(weeks: Weeks, assessment: Assessment) -> Assessment:
    """What corrects an assessment, or itself."""
    now = weeks.client.assessments.get(assessment.id)
    return weeks.client.assessments.get(now.amended_by[-1]) if now.amended_by else now


def scores_and_change(weeks: Weeks, first: Assessment, second: Assessment) -> None:
    newest, oldest = (one for one in weeks.client.scores("phq-9/total") if not one.amended)
    assert [[(one.score, one.band) for one in each.scores] for each in (first, second)] == [
        [(16, "moderately severe")],
        [(9, "mild")],
    ]
    assert (newest.assessment, newest.value, newest.band) == (second.id, 9, "mild")
    assert (oldest.assessment, oldest.value, oldest.band) == (first.id, 16, "moderately severe")
    assert oldest.baseline is oldest.last is None
    for comparison in (newest.baseline, newest.last):
        assert comparison is not None
        assert comparison.assessment == first.id
        assert comparison.change.difference == CHANGE
        assert comparison.change.reliable
        assert "reliable improvement" in comparison.words
    assert [one.value for one in weeks.phone.progress().scores if not one.amended] == [9, 16]


def signals(weeks: Weeks, second: Assessment) -> None:
    found = weeks.client.signals()
    assert {one.kind for one in found} == {"risk", "missed_run"}
    # Of an assessment that was corrected, what it said before is told too.
    (risk,) = (one for one in found if one.kind == "risk" and one.about == second.id)
    assert risk.acknowledged == ()
    seen = weeks.client.acknowledge(risk, "Called her on the same day.")
    assert [one.note for one in seen.acknowledged] == ["Called her on the same day."]
    weeks.sync()


def briefs(practice: Practice, weeks: Weeks, upcoming: Session) -> None:
    told = same_brief(practice, weeks, upcoming)
    assert told["session"] == str(upcoming.id)
    assert {one["kind"] for one in told["signals"]} == {"risk", "missed_run"}
    measured = [one["measured"]["score"] for one in told["scores"] if one["since"] and not one["measured"]["amended"]]
    assert [(one["score"], one["band"]) for one in measured] == [(9, "mild"), (16, "moderately severe")]
    (homework,) = told["homework"]
    counted = homework["adherence"]
    assert {name: counted[name] for name in ("counted", "done", "not_done", "unanswered")} == {
        "counted": 5,
        "done": 2,
        "not_done": 1,
        "unanswered": 2,
    }
    assert [one["kind"] for one in told["upcoming"]].count("homework") > 0


def same_brief(practice: Practice, weeks: Weeks, upcoming: Session) -> dict[str, Any]:
    """From the server and, offline, from the caseload: the same to the byte, twice."""
    now = weeks.clock()
    offline = weeks.client.brief_bytes(upcoming.id, now=now, zone="Europe/Berlin")
    assert offline == weeks.client.brief_bytes(upcoming.id, now=now, zone="Europe/Berlin")
    with desk(practice.server.url, "anna") as therapist:
        query = {"session": str(upcoming.id), "now": now.isoformat(), "zone": "Europe/Berlin"}
        answer = therapist.http.get(f"/api/clients/{weeks.id}/brief", params=query)
        assert answer.status_code == 200, answer.text
        assert answer.content == offline
    told: dict[str, Any] = json.loads(offline)
    return told


def answers_that_were_not_accepted(practice: Practice, weeks: Weeks, second: Assessment) -> None:
    """Two that no app of ours sends: one whose bytes are damaged, and one that changes what was completed from."""
    with welcomed(practice.server.url, redeem(practice.server.url, practice.invite_client(weeks.id)).token) as peer:
        document = Document.load(b"".join(peer.everything()[second.id]), uuid4().bytes)
        damaged = peer.push(uuid4(), [b"no change at all"], kind="assessment")
        assert isinstance(damaged, Rejected)
        assert damaged.code == RefusalCode.BAD_CHANGE
        with document.edit() as edit:
            edit.put("instrument", "gad-7")
        assert edit.change is not None
        aside = peer.push(second.id, [edit.change], kind="assessment")
        assert isinstance(aside, Accepted)
        peer.hear_a(Rows, lambda rows: rows.through >= aside.seq)
    weeks.sync()
    (kept,) = [one for one in weeks.client.assessments.list() if one.id == second.id]
    assert kept.instrument == "phq-9"
    told = [one for one in weeks.client.signals() if one.kind == "not_accepted"]
    assert {one.about for one in told} > {second.id}
    assert len(told) == 2
