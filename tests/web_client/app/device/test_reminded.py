"""From the plan to the lock screen: the built app, a real server, and a push service of our own between the two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import ServerProcess, serving, wait_for
from tests.server.reminders.push_service import Browser, PushService, push_service
from tests.web_client.app.kept_phone import kept_phone
from tests.web_client.app.phone import WITHIN
from tests.web_client.app.pushing import Delivering, stand_in, subscribed
from tests.web_client.served import practice_on

from intersession_server.operator import commands
from intersession_server.operator import staff_commands as staff

pytestmark = pytest.mark.page

FIRST = """
from datetime import UTC, datetime, timedelta
from pathlib import Path
from intersession_server import serve
from intersession_server.reminders import scheduler
from intersession_server.web.app import files
files.FOLDER = Path({app!r})
# An evening comes as soon as the test says so.
serve.serve.__kwdefaults__["clock"] = lambda: datetime.now(UTC) + timedelta(minutes=int(Path({ahead!r}).read_text()))
scheduler.LOOK_EVERY = 0.1
"""


@pytest.fixture(scope="module")
def push() -> Iterator[PushService]:
    """The push service that the server calls."""
    with push_service() as service:
        yield service
        assert service.wrong == []


@pytest.fixture(scope="module")
def ahead(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """By how many minutes the server's clock is ahead."""
    file = tmp_path_factory.mktemp("clock") / "ahead"
    file.write_text("0", "ascii")
    return file


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, built: Path, push: PushService, ahead: Path
) -> Iterator[ServerProcess]:
    """A server that has the app."""
    flags = ["--push-services", push.url, "--push-contact", "mailto:it@example.org"]
    first = FIRST.format(app=str(built), ahead=str(ahead))
    with serving(tmp_path_factory.mktemp("practice") / "server", *flags, first=first) as running:
        yield running


@pytest.fixture(scope="module")
def practice(server: ServerProcess) -> Iterator[Practice]:
    """A practice on it."""
    with practice_on(server) as made:
        yield made


@pytest.mark.timeout(300)  # with the build of the app
def test_a_client_is_reminded_while_the_app_is_closed(
    playwright: Playwright,
    chromium: str,
    server: ServerProcess,
    practice: Practice,
    push: PushService,
    ahead: Path,
    tmp_path: Path,
) -> None:
    practice.operate(staff.SetReminders(practice="Praxis am Fluss", offered=True), staff.RemindersSet)
    client = practice.add_client("Tom", "anna")
    # An hour that has not come yet, on the clock of this machine, which is the browser's.
    evening = (datetime.now().astimezone() + timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
    with practice.caseload(tmp_path / "anna.db", "anna") as caseload:
        caseload.sync()
        with caseload.client(client.person).plan.edit() as plan:
            plan.add_tracker("worry", low=0, high=10, rule=f"FREQ=DAILY;BYHOUR={evening.hour}")
        caseload.sync()
    keys = Browser()
    with kept_phone(playwright, chromium, tmp_path / "phone", server.url, permissions=["notifications"]) as phone:
        stand_in(phone.context, push.url, keys)
        phone.pair(client.code, shared=True)
        phone.more("Settings")
        page = phone.page
        page.get_by_role("checkbox", name="Remind me when something is due").check()
        closed = page.get_by_role("checkbox", name="Also while the app is closed")
        with page.expect_response(lambda answer: (answer.request.method, answer.status) == ("PUT", 204)):
            closed.check()
        push.subscribed = subscribed(page)["key"]
        page.reload()
        expect(closed).to_be_checked(timeout=WITHIN)  # the server says so
        page.goto("/app/version.json")  # the app is closed
        delivering = Delivering(page)
        assert push.asked == 0
        ahead.write_text(str((evening - datetime.now().astimezone()) // timedelta(minutes=1) + 1), "ascii")
        wait_for(lambda: push.messages, 20, "the reminder comes")
        (message,) = push.messages
        delivering.message(keys.read(message.body).decode())
        (shown,) = delivering.shown()
        assert (shown["title"], shown["body"]) == ("Intersession", "There is something on your plan.")
        # Whose access ends gets no more: the next evening is another one.
        (device,) = practice.operate(commands.ListDevices(person=str(client.person)), commands.DevicesListed).devices
        practice.revoke(device.device)
        ahead.write_text(str(24 * 60 + 5 * 60), "ascii")
        phone.open()
        page.wait_for_function("() => localStorage.getItem('pushed') === null")
        assert len(push.messages) == 1
