"""From the plan to the lock screen: one reminder for each moment, none for what is done, and nothing of what it is."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta, timezone
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import structlog
from tests.server.accounts.world import Clock
from tests.server.reminders.device import Reminded, opened
from tests.server.reminders.push_service import PushService
from tests.server.web.practice import assigned

from intersession_schemas.documents.care.homework import HomeworkProgress
from intersession_schemas.documents.diary.symptoms import Log
from intersession_schemas.streams import Kind
from intersession_server.accounts.tables import PushSubscription
from intersession_server.operator import commands
from intersession_server.operator import staff_commands as staff
from intersession_server.reminders.push_services import push_services

pytestmark = pytest.mark.anyio
BERLIN = timezone(timedelta(hours=1))
DUE = [b'{"kind":"due"}']
EVENING = "FREQ=DAILY;BYHOUR=20"
WORRY = {"w": {"name": "worry", "question": "How much did you worry?", "low": 0, "high": 10, "rule": EVENING}}
UNTIL_EVENING = 10
"""Hours from where the tests' clock stands, 10 o'clock in Berlin."""


@pytest.fixture
async def evening(reminded: Reminded) -> Reminded:
    """Ada is to log her worry at 20 o'clock; a minute is missing."""
    await reminded.agree(trackers=WORRY)
    assert (await reminded.subscribe()).status_code == 204
    await reminded.move(hours=UNTIL_EVENING, minutes=-1)
    assert reminded.push.asked == 0
    return reminded


async def test_one_reminder_for_a_moment_and_it_says_nothing(evening: Reminded) -> None:
    await evening.move(minutes=1)
    assert evening.told() == DUE
    (message,) = evening.push.messages
    assert message.path == "/send/ada"
    assert (message.headers["topic"], message.headers["urgency"]) == ("due", "high")
    now = evening.clock().timestamp()
    assert now < message.claims["exp"] <= now + 24 * 3600
    for _ in range(5):
        await evening.client.write("Something else.", at=evening.clock().astimezone(BERLIN))
        await evening.move(minutes=20)
    assert evening.told() == DUE, "the same moment is told once, whatever is written"
    await evening.move(hours=23)
    assert evening.told() == DUE * 2, "the next evening is another one"
    # Salt, sizes and the sender's key, then what is said, made as long as anything that will ever be, and its seal.
    assert {len(message.body) for message in evening.push.messages} == {86 + 64 + 1 + 16}


async def test_what_is_done_before_is_not_told(evening: Reminded) -> None:
    at = (evening.clock() - timedelta(minutes=5)).astimezone(BERLIN)
    await evening.client.log({"worry": 3}, at=at, scale=(0, 10))
    await evening.move(minutes=2)
    assert evening.push.asked == 0


async def test_what_is_done_on_another_device_while_the_service_is_down_is_not_told(evening: Reminded) -> None:
    evening.push.status = 503
    await evening.move(minutes=1)
    assert evening.push.asked == 1
    at = evening.clock().astimezone(BERLIN)
    await evening.client.log({"worry": 3}, at=at, scale=(0, 10))
    evening.push.status = 201
    await evening.move(minutes=5)
    assert (evening.push.asked, evening.told()) == (1, [])


async def test_homework_is_told_until_progress_arrives(reminded: Reminded) -> None:
    await reminded.subscribe()
    async with reminded.practice.signed_in() as browser:
        homework = await assigned(browser, reminded.client, rule="FREQ=DAILY;BYHOUR=18", since="2026-03-02")
    await reminded.move(seconds=3)
    await reminded.move(hours=8)
    assert reminded.told() == DUE
    await reported(reminded, homework, "2026-03-03T18:00")
    await reminded.move(days=1)
    assert reminded.told() == DUE
    await reminded.move(days=1)
    assert reminded.told() == DUE * 2


async def reported(reminded: Reminded, homework: UUID, occurrence: str) -> None:
    """Ada has done it."""
    at = reminded.clock().astimezone(BERLIN)
    done = HomeworkProgress(homework=homework, occurrence=occurrence, status="done", done_at=at, entered_at=at)
    await reminded.client.make(Kind.HOMEWORK_PROGRESS, done, at)


async def test_an_assessment_is_told_when_its_reminder_comes_and_by_day(reminded: Reminded) -> None:
    """It opens on Monday and asks to be reminded of after two days: on Wednesday at nine, not at midnight."""
    await reminded.subscribe()
    scheduled = {
        "instrument": "check-in",
        "rule": "FREQ=WEEKLY",
        "since": "2026-03-02",
        "open_days": 5,
        "remind_days": 2,
    }
    await reminded.agree(assessments={"a": scheduled})
    await reminded.move(hours=46)
    assert (reminded.clock().astimezone(BERLIN).hour, reminded.told()) == (8, [])
    await reminded.move(hours=1)
    assert reminded.told() == DUE


async def test_a_moment_that_is_agreed_later_is_told_too(reminded: Reminded) -> None:
    await reminded.subscribe()
    await reminded.move(hours=5)
    await reminded.agree(trackers=WORRY)
    await reminded.move(hours=5)
    assert reminded.told() == DUE


async def test_who_may_not_have_them_any_more_gets_none(evening: Reminded) -> None:
    _, other = await evening.paired(commands.InviteClient(client=str(evening.client.id)))
    assert other != evening.device
    await evening.practice.do(commands.RevokeDevice(device=evening.device))
    await evening.move(minutes=1)
    assert evening.push.asked == 0


async def test_a_practice_that_offers_none_any_more_sends_none(evening: Reminded) -> None:
    await evening.offer(False)
    await evening.move(minutes=1)
    await evening.offer(True)
    await evening.move(days=1)
    assert evening.push.asked == 0, "each device has to ask anew"


@pytest.mark.parametrize("status", [404, 410])
async def test_a_subscription_that_has_ended_is_forgotten(evening: Reminded, status: int) -> None:
    evening.push.status = status
    await evening.move(minutes=1)
    assert (evening.push.asked, await PushSubscription.count()) == (1, 0)


async def test_a_service_that_is_down_is_tried_again_and_then_given_up(evening: Reminded) -> None:
    evening.push.status = 500
    asked = []
    await evening.move(minutes=1)
    for seconds in (29, 1, 119, 1, 599, 1, 1799, 1):
        await evening.move(seconds=seconds)
        asked.append(evening.push.asked)
    assert asked == [1, 2, 2, 3, 3, 4, 4, 5]
    evening.push.status = 201
    await evening.move(hours=2)
    assert evening.push.asked == 5, "this moment is given up"
    await evening.move(hours=22)
    assert evening.told() == DUE, "the next one is not"


async def test_a_service_is_not_tried_before_it_asks_for(evening: Reminded) -> None:
    evening.push.status, evening.push.more = 429, {"Retry-After": "300"}
    await evening.move(minutes=1)
    await evening.move(seconds=299)
    assert evening.push.asked == 1
    evening.push.status = 201
    await evening.move(seconds=1)
    assert evening.told() == DUE


async def test_what_is_written_meanwhile_does_not_hurry_the_next_try(evening: Reminded) -> None:
    evening.push.status = 500
    await evening.move(minutes=1)
    at = evening.clock().astimezone(BERLIN)
    await evening.client.write("Something else.", at=at)
    await evening.move(seconds=5)
    assert evening.push.asked == 1


async def test_what_is_refused_is_not_tried_again(evening: Reminded) -> None:
    evening.push.status = 403
    await evening.move(minutes=1)
    await evening.move(hours=1)
    assert (evening.push.asked, await PushSubscription.count()) == (1, 1)


async def test_a_redirect_is_not_followed(evening: Reminded) -> None:
    evening.push.status, evening.push.more = 307, {"Location": f"{evening.push.url}/elsewhere"}
    await evening.move(minutes=1)
    assert evening.push.asked == 1


async def test_a_device_gets_only_so_many_a_day(reminded: Reminded) -> None:
    every_hour = ",".join(str(hour) for hour in range(12, 24))
    await reminded.subscribe()
    await reminded.agree(trackers={"w": WORRY["w"] | {"rule": f"FREQ=DAILY;BYHOUR={every_hour}"}})
    for _ in range(13):
        await reminded.move(hours=1)
    assert len(reminded.told()) == 8
    await reminded.move(hours=13)
    assert len(reminded.told()) == 9, "another day"


async def test_each_device_has_its_own_clock(reminded: Reminded) -> None:
    """In Auckland it is 20 o'clock when it is 8 in Berlin."""
    await reminded.agree(trackers=WORRY)
    await reminded.subscribe(zone="Pacific/Auckland")
    await reminded.move(hours=21)
    assert reminded.told() == []
    await reminded.move(hours=1)
    assert reminded.told() == DUE


async def test_a_restart_neither_loses_nor_repeats_a_reminder(tmp_path: Path, clock: Clock, push: PushService) -> None:
    async with opened(tmp_path, clock, push) as services:
        reminded = await Reminded.begin(services, clock, push)
        await reminded.agree(trackers=WORRY)
        await reminded.subscribe()
        await reminded.move(hours=UNTIL_EVENING, minutes=-1)
    clock.move(minutes=2)  # the moment comes while the server is down
    async with opened(tmp_path, clock, push) as services:
        reminded = reminded.after_restart(services)
        await reminded.settled()
        assert reminded.told() == DUE
    async with opened(tmp_path, clock, push) as services:
        reminded = reminded.after_restart(services)
        await reminded.move(minutes=5)
        assert reminded.told() == DUE
        push.status = 500
        await reminded.move(days=1, minutes=-6)
        assert push.asked == 2
    push.status = 201
    clock.move(minutes=5)
    async with opened(tmp_path, clock, push) as services:
        reminded = reminded.after_restart(services)
        await reminded.settled()
        assert reminded.told() == DUE * 2, "what could not be sent is, when the server is back"


async def test_what_was_done_and_not_worked_through_before_a_restart_is_not_told(
    tmp_path: Path, clock: Clock, push: PushService
) -> None:
    async with opened(tmp_path, clock, push) as services:
        reminded = await Reminded.begin(services, clock, push)
        await reminded.agree(trackers=WORRY)
        await reminded.subscribe()
        await reminded.move(hours=UNTIL_EVENING, minutes=-1)
        await services.projector.close()  # the power goes before what is accepted now is in the read models
        at = clock().astimezone(BERLIN)
        log = Log(id=uuid4(), at=at, entered_at=at, values={"worry": 3}, scale=(0, 10))
        await reminded.client.accepted([log], clock())
    clock.move(minutes=2)
    async with opened(tmp_path, clock, push) as services:
        await reminded.after_restart(services).settled()
        assert push.asked == 0


async def test_what_is_long_ago_is_not_told_after_a_restart(tmp_path: Path, clock: Clock, push: PushService) -> None:
    async with opened(tmp_path, clock, push) as services:
        reminded = await Reminded.begin(services, clock, push)
        await reminded.agree(trackers=WORRY)
        await reminded.subscribe()
    clock.move(hours=UNTIL_EVENING + 3, minutes=30)
    async with opened(tmp_path, clock, push) as services:
        reminded = reminded.after_restart(services)
        await reminded.settled()
        assert push.asked == 0


async def test_a_push_service_that_hangs_holds_up_nobody_else(evening: Reminded) -> None:
    asked, over = asyncio.Event(), asyncio.Event()

    async def hang(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await over.wait()
        writer.close()

    async with await asyncio.start_server(hang, "127.0.0.1", 0) as hanging:
        url = f"http://127.0.0.1:{hanging.sockets[0].getsockname()[1]}"
        evening.services.reminders.services = push_services(f"{evening.push.url},{url}")
        token, other = await evening.paired(commands.InviteClient(client=str(evening.client.id)))
        assert (await evening.subscribe(token, endpoint=f"{url}/x")).status_code == 204
        evening.clock.move(minutes=1)
        evening.services.reminders._woken.set()
        await asked.wait()
        looking = evening.services.reminders._looking
        while looking.keys() != {other}:  # noqa: ASYNC110 - what is over takes itself out of it, and tells nobody
            await asyncio.sleep(0.005)
        assert evening.told() == DUE
        over.set()
        await evening.settled()


async def test_nothing_of_it_is_in_the_log(evening: Reminded, capsys: pytest.CaptureFixture[str]) -> None:
    with structlog.testing.capture_logs() as events:
        evening.push.status = 500
        await evening.move(minutes=1)
        for minutes in (1, 3, 11, 31):
            await evening.move(minutes=minutes)
    assert [event["event"] for event in events if event["event"].startswith("reminders")] == ["reminders.given_up"]
    said = repr(events) + capsys.readouterr().err
    for secret in ("worry", "Ada", "/send/ada", str(evening.device), str(evening.client.id)):
        assert secret not in said
    assert logging.getLogger("httpx").getEffectiveLevel() >= logging.WARNING


async def test_who_manages_the_practice_offers_them_by_its_page(reminded: Reminded) -> None:
    async with reminded.practice.signed_in() as browser:
        page = (await browser.get("/practice/settings")).text
        assert "Clients can have reminders." in page
        csrf = (await browser.get("/api/me")).json()["csrf"]
        await browser.post("/practice/reminders", data={"csrf": csrf, "reminders": "false"})
        assert "Clients cannot have reminders." in (await browser.get("/practice/settings")).text
        assert (await browser.get("/api/practice")).json()["reminders"] is False
    (noted,) = (await reminded.practice.audit("reminders_set"))[1:]
    assert noted["web_session"] is not None
    result = await reminded.practice.do(staff.SetReminders(practice="Nord", offered=False))
    assert isinstance(result, staff.RemindersSet)
    assert result.already
