"""Rules and days: monthly means every month, a log answers for its slot, a rule may come from a calendar.

Rules worked out by hand are in tests/schemas/documents/test_recurrence.py, days that begin at another hour beside it in
test_local_days.py, slots and days of daylight saving in care/test_agenda.py.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import SettableClock
from tests.end_to_end.cases.conftest import DRAWN_ELSEWHERE
from tests.end_to_end.support.practice import EACH_ITS_OWN, PASSWORD, Practice

from intersession import Caseload, InvalidField, Template, Tracker
from intersession_schemas.documents.care.agenda import Done, due
from intersession_schemas.documents.care.plan import Plan, PlanTracker
from intersession_schemas.documents.recurrence import check_rule, occurrences

pytestmark = DRAWN_ELSEWHERE

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(datetime(2026, 1, 31, 12, 0, tzinfo=BERLIN))


@pytest.fixture
def care(tmp_path: Path, clock: SettableClock) -> Iterator[Care]:
    with Tracker.open(tmp_path / "t.db", clock=clock) as tracker, Caseload.open(tmp_path / "c.db", clock=clock) as team:
        yield Care(tracker, team)


# -- words for rules ---------------------------------------------------------------------------------------------------


def test_a_monthly_check_in_from_the_last_of_january_comes_every_month(care: Care, clock: SettableClock) -> None:
    with care.client.plan.edit() as plan:
        plan.add_assessment("check-in", "monthly", since=date(2026, 1, 31))
    care.sync()
    ahead = care.tracker.upcoming(datetime(2026, 7, 1, tzinfo=UTC))
    assert [one.day.isoformat()[5:] for one in ahead] == ["02-28", "03-31", "04-30", "05-31", "06-30"]
    assert [one.day for one in care.tracker.due()] == [date(2026, 1, 31)]


MONTHS = {
    "monthly": 1,
    "every month": 1,
    "every 2 months": 2,
    "every other month": 2,
    "quarterly": 3,
    "every quarter": 3,
}
MONTHS |= {"every 3 months": 3, "every six months": 6, "yearly": 12, "annually": 12, "every two years": 24}


@pytest.mark.parametrize("word", MONTHS)
@settings(max_examples=20)
@given(since=st.dates(date(2023, 1, 1), date(2026, 12, 31)))
def test_a_word_skips_no_month_and_keeps_its_day(word: str, since: date) -> None:
    found = occurrences(word, since, since, since + timedelta(days=3_000))
    every = MONTHS[word]
    for number, one in enumerate(found):
        months = since.year * 12 + since.month - 1 + number * every
        last = monthrange(months // 12, months % 12 + 1)[1]
        assert one.day == date(months // 12, months % 12 + 1, min(since.day, last))
    assert len(found) >= 3_000 // (31 * every)


@pytest.mark.parametrize("rule", ["FREQ=MONTHLY", "FREQ=YEARLY", "FREQ=MONTHLY;INTERVAL=3"])
def test_a_rule_of_a_calendar_means_what_calendars_mean(rule: str) -> None:
    days = [one.day for one in occurrences(rule, date(2024, 2, 29), date(2024, 2, 29), date(2026, 12, 31))]
    assert all(day.day == 29 for day in days)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("weekdays", ["2026-05-01", "2026-05-04", "2026-05-05"]),
        ("every weekday", ["2026-05-01", "2026-05-04", "2026-05-05"]),
        ("mondays", ["2026-05-04"]),
        ("every other day", ["2026-05-01", "2026-05-03", "2026-05-05"]),
        ("FREQ=DAILY;UNTIL=20260503", ["2026-05-01", "2026-05-02", "2026-05-03"]),
        ("FREQ=DAILY;UNTIL=20260503T235959", ["2026-05-01", "2026-05-02", "2026-05-03"]),
        ("FREQ=DAILY;COUNT=2", ["2026-05-01", "2026-05-02"]),
    ],
)
def test_other_words_and_ends(rule: str, days: list[str]) -> None:
    found = occurrences(rule, date(2026, 5, 1), date(2026, 5, 1), date(2026, 5, 5))
    assert [one.day.isoformat() for one in found] == days


# -- slots -------------------------------------------------------------------------------------------------------------


def test_a_log_answers_for_the_slot_it_falls_into_and_what_was_missed_stays(care: Care, clock: SettableClock) -> None:
    with care.client.plan.edit() as plan:
        plan.add_tracker("worry", rule="FREQ=DAILY;BYHOUR=12,15,18;BYMINUTE=10", since=date(2026, 1, 1))
    care.sync()
    clock.now = datetime(2026, 5, 4, 18, 15, tzinfo=BERLIN)
    care.tracker.symptoms.log({"worry": 3})
    assert [f"{one.at:%H:%M}" for one in care.tracker.due()] == ["12:10", "15:10"]
    for at in (12, 13, 14):
        care.tracker.symptoms.log({"Worry": 2}, at=clock.now.replace(hour=at, minute=20))
    assert [f"{one.at:%H:%M}" for one in care.tracker.due()] == ["15:10"]


def test_a_slot_at_night_belongs_to_the_evening_where_days_begin_later(care: Care, clock: SettableClock) -> None:
    with care.client.plan.edit() as plan:
        plan.add_tracker("worry", rule="FREQ=DAILY;BYHOUR=1,9,22", since=date(2026, 1, 1))
        plan.day_begins(4)
    care.sync()
    clock.now = datetime(2026, 5, 5, 1, 30, tzinfo=BERLIN)
    assert [f"{one.day} {one.at:%d %H:%M}" for one in care.tracker.due()] == [
        "2026-05-04 04 09:00",
        "2026-05-04 04 22:00",
        "2026-05-04 05 01:00",
    ]
    care.tracker.symptoms.log({"worry": 3})
    assert [f"{one.at:%H:%M}" for one in care.tracker.due()] == ["09:00", "22:00"]
    clock.now = clock.now.replace(hour=4)
    assert [f"{one.at:%d %H:%M}" for one in care.tracker.due()] == ["05 09:00", "05 22:00", "06 01:00"]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 5, 4)], ids=str)
def test_slots_on_days_that_are_shorter_or_longer(care: Care, clock: SettableClock, day: date) -> None:
    with care.client.plan.edit() as plan:
        plan.add_tracker("worry", rule="FREQ=DAILY;BYHOUR=0,4,18", since=date(2026, 1, 1))
    care.sync()
    clock.now = datetime.combine(day, time(3, 45), tzinfo=BERLIN)
    care.tracker.symptoms.log({"worry": 1})
    clock.now = clock.now.replace(hour=18, minute=1)
    assert [one.at.hour for one in care.tracker.due()] == [4, 18]
    care.tracker.symptoms.log({"worry": 1}, at=clock.now.replace(hour=17, minute=59))
    care.tracker.symptoms.log({"worry": 1})
    assert care.tracker.due() == []


HOURS = st.lists(st.integers(0, 23), min_size=1, max_size=5, unique=True)


@settings(max_examples=150)
@given(HOURS, st.lists(st.times(), max_size=6), st.integers(0, 23), st.dates(date(2026, 1, 2), date(2026, 12, 30)))
def test_each_log_answers_for_the_latest_slot_that_had_begun(
    hours: list[int], logged: list[time], begins: int, day: date
) -> None:
    tracker = PlanTracker(name="worry", rule=f"FREQ=DAILY;BYHOUR={','.join(map(str, hours))}", since=date(2026, 1, 1))
    plan = Plan(trackers={"t": tracker}, day_begins=begins)
    now = datetime.combine(day, time(begins, 30), tzinfo=BERLIN)
    found = due(plan, {}, Done(logs={"worry": {plan.day_of(now): logged}}), now)

    def into(at: time) -> float:
        return (at.hour - begins) % 24 + at.minute / 60 + at.second / 3600 + at.microsecond / 3.6e9

    slots = sorted((time(hour) for hour in hours), key=into)
    answered = {max((slot for slot in slots if into(slot) <= into(at)), key=into, default=slots[0]) for at in logged}
    assert [time.fromisoformat(one.occurrence[11:]) for one in found] == [one for one in slots if one not in answered]


# -- rules of calendars ------------------------------------------------------------------------------------------------

CALENDARS = {
    "FREQ=WEEKLY;BYDAY=MO;UNTIL=20260601T215959Z": "FREQ=WEEKLY;BYDAY=MO;UNTIL=20260601",
    "RRULE:FREQ=WEEKLY;BYDAY=MO;WKST=SU": "FREQ=WEEKLY;BYDAY=MO;WKST=SU",
    "rrule:freq=weekly;byday=mo;count=10;": "FREQ=WEEKLY;BYDAY=MO;COUNT=10",
    "RRULE:FREQ=WEEKLY;\r\n BYDAY=MO\r\n": "FREQ=WEEKLY;BYDAY=MO",
    "FREQ=WEEKLY; BYDAY=MO": "FREQ=WEEKLY;BYDAY=MO",
    "every Monday": "FREQ=WEEKLY;BYDAY=MO",
}
REFUSED = {
    "DTSTART:20260504T090000\r\nRRULE:FREQ=WEEKLY": "DTSTART",
    "RRULE:FREQ=WEEKLY\r\nEXDATE:20260511": "EXDATE",
    "FREQ=WEEKLY;UNTIL=20260231": "UNTIL",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1": "BYSETPOS",
    "FREQ=HOURLY": "FREQ",
    "FREQ=WEEKLY;BYDAY=MON": "BYDAY",
    "FREQ=WEEKLY;COUNT=3;UNTIL=20260601": "COUNT",
    "once in a while": "rule",
}


@pytest.mark.parametrize("rule", CALENDARS)
def test_a_rule_of_a_calendar_is_taken(
    care: Care, clock: SettableClock, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intersession.inputs.checks.local_clock", clock)
    with care.client.plan.edit() as plan:
        plan.add_assessment("check-in", rule, since=date(2026, 5, 4))
        plan.add_tracker("worry", rule=rule, since=date(2026, 5, 4))
        plan.journal(rule=rule)
    one = care.client.homework.assign("Walk", rule=rule, since=date(2026, 5, 4))
    shown = care.client.plan.read()
    template = care.caseload.templates.add(Template(title="Walks", what="Walk", rule=rule))
    (tracker,), (scheduled,) = shown.trackers.values(), shown.assessments.values()
    rules = {shown.journal_rule, tracker.rule, scheduled.rule, one.rule, template.rule}
    assert rules == {CALENDARS[rule]}


@pytest.mark.parametrize("rule", REFUSED)
def test_a_rule_that_is_not_taken_is_refused_with_what_is_wrong_in_it(care: Care, rule: str) -> None:
    calls = [
        lambda plan: plan.add_assessment("check-in", rule, since=date(2026, 5, 4)),
        lambda plan: plan.add_tracker("worry", rule=rule),
        lambda plan: plan.journal(rule=rule),
    ]
    for call in calls:
        with pytest.raises(InvalidField, match=REFUSED[rule]), care.client.plan.edit() as plan:
            call(plan)
    with pytest.raises(InvalidField, match=REFUSED[rule]):
        care.client.homework.assign("Walk", rule=rule, since=date(2026, 5, 4))
    with pytest.raises(InvalidField, match=REFUSED[rule]):
        care.caseload.templates.add(Template(title="Walks", what="Walk", rule=rule))


@settings(max_examples=200)
@given(
    st.text(st.characters(codec="utf-8"), max_size=30)
    | st.lists(st.sampled_from([*CALENDARS, *REFUSED, ";", "\n"])).map("".join)
)
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    try:
        plain = check_rule(text, BERLIN)
    except InvalidField:
        return
    assert check_rule(plain) == plain


def test_the_api_takes_rules_alike(practice: Practice) -> None:
    practice.add_therapist("days")
    client = practice.add_client("Days", "days").person
    with httpx.Client(base_url=practice.server.url, timeout=30.0, limits=EACH_ITS_OWN) as http:
        http.post("/sign-in", json={"username": "days", "password": PASSWORD})
        token = {"x-csrf-token": http.get("/api/me").json()["csrf"]}

        def send(method: str, path: str, **body: Any) -> httpx.Response:
            return http.request(method, f"/api/{path}", json=body, headers=token)

        for rule, plain in CALENDARS.items():
            if rule.endswith("Z"):  # whose clock it is, an API does not know
                continue
            made = send("POST", f"clients/{client}/homework", what="Walk", rule=rule, since="2026-05-04")
            assert (made.status_code, made.json()["homework"]["rule"]) == (201, plain)
            planned = send(
                "PATCH", f"clients/{client}/plan", journal_rule=rule, trackers={"w": {"name": "w", "rule": rule}}
            )
            assert (planned.status_code, planned.json()["plan"]["trackers"]["w"]["rule"]) == (200, plain)
            template = send("POST", "templates", title="Walks", what="Walk", rule=rule)
            assert (template.status_code, template.json()["template"]["rule"]) == (201, plain)
        for rule, names in (REFUSED | {next(iter(CALENDARS)): "UTC"}).items():
            for answer in (
                send("POST", f"clients/{client}/homework", what="Walk", rule=rule, since="2026-05-04"),
                send("PATCH", f"clients/{client}/plan", journal_rule=rule),
                send("POST", "templates", title="Walks", what="Walk", rule=rule),
            ):
                assert (answer.status_code, names in answer.json()["message"]) == (400, True), answer.text
