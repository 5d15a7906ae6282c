"""A device asks for reminders over HTTP: who may, to which addresses they go, and when that ends."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from tests.server.accounts.world import Clock
from tests.server.reminders.device import PATH, Reminded, opened
from tests.server.reminders.push_service import Browser, PushService, text

from intersession_server.accounts.tables import PushSubscription
from intersession_server.operator import commands
from intersession_server.operator import staff_commands as staff
from intersession_server.reminders.push_services import push_services
from intersession_server.settings import Settings

pytestmark = pytest.mark.anyio


async def test_what_the_practice_does_not_offer_nobody_gets(reminded: Reminded) -> None:
    given = await reminded.subscription()
    await reminded.offer(False)
    async with reminded.http() as http:
        assert (await http.get(PATH)).json() == {"offered": False, "key": None, "on": False}
        refused = await http.put(PATH, json=given)
    assert (refused.status_code, refused.json()["code"]) == (409, "reminders_off")
    assert await PushSubscription.count() == 0


async def test_a_device_turns_them_on_and_off(reminded: Reminded) -> None:
    assert (await reminded.subscribe()).status_code == 204
    assert (await reminded.subscribe(endpoint=f"{reminded.push.url}/send/other")).status_code == 204
    (row,) = await PushSubscription.select()
    assert (row["device"], row["endpoint"]) == (reminded.device, f"{reminded.push.url}/send/other")
    async with reminded.http() as http:
        assert (await http.get(PATH)).json()["on"] is True
        assert (await http.delete(PATH)).status_code == 204
        assert (await http.get(PATH)).json()["on"] is False
    assert await PushSubscription.count() == 0


async def test_only_a_client_s_device_whose_access_lasts_is_served(reminded: Reminded) -> None:
    given = await reminded.subscription()
    therapist, _ = await reminded.paired(commands.InviteTherapist(therapist="noor"))
    for token, status in (("", 401), ("x" * 43, 401), (therapist, 403)):
        async with reminded.http(token) as http:
            answers = [await http.get(PATH), await http.put(PATH, json=given), await http.delete(PATH)]
        assert [answer.status_code for answer in answers] == [status] * 3
    async with reminded.http(origin="https://evil.example") as http:
        assert (await http.put(PATH, json=given)).json()["code"] == "wrong_origin"
    await reminded.practice.do(commands.RevokeDevice(device=reminded.device))
    async with reminded.http() as http:
        assert (await http.put(PATH, json=given)).status_code == 401
    assert await PushSubscription.count() == 0


@pytest.mark.parametrize("ending", ["revoked", "ended", "not offered"])
async def test_where_reminders_go_is_forgotten_with_the_access(reminded: Reminded, ending: str) -> None:
    await reminded.subscribe()
    command: commands.AnyCommand
    match ending:
        case "revoked":
            command = commands.RevokeDevice(device=reminded.device)
        case "ended":
            command = staff.EndPerson(person="Ada")
        case _:
            command = staff.SetReminders(practice="Nord", offered=False)
    await reminded.practice.do(command)
    assert await PushSubscription.count() == 0


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"key": text(Browser().public)}, 409, "other_key"),
        ({"p256dh": "AAAA"}, 400, "invalid_field"),
        ({"auth": "AAAA"}, 400, "invalid_field"),
        ({"zone": "Mars/Olympus"}, 400, "invalid_field"),
        ({"zone": "../../etc/passwd"}, 400, "invalid_field"),
        ({"endpoint": "https://127.0.0.1/"}, 409, "push_service_unknown"),
        ({"endpoint": "https://example.org/"}, 409, "push_service_unknown"),
        ({"endpoint": "file:///etc/passwd"}, 409, "push_service_unknown"),
        ({"endpoint": "x" * 1001}, 400, "bad_request"),
        ({"more": "x"}, 400, "bad_request"),
    ],
)
async def test_what_is_wrong_is_refused(reminded: Reminded, changes: dict[str, str], status: int, code: str) -> None:
    answer = await reminded.subscribe(**changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await PushSubscription.count() == 0


@pytest.mark.parametrize(
    ("endpoint", "called"),
    [
        ("https://fcm.googleapis.com/fcm/send/a:b-c_d", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/gAAA", True),
        ("https://web.push.apple.com/QAbc", True),
        ("https://wns2-db5p.notify.windows.com/w/?token=BQ%2bY", True),
        ("http://127.0.0.1:9000/x", True),
        ("https://127.0.0.1:9000/x", False),
        ("http://127.0.0.1:9001/x", False),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:444/x", False),
        ("https://fcm.googleapis.com", False),
        ("https://a.fcm.googleapis.com/x", False),
        ("https://push.apple.com.example.org/x", False),
        ("https://evilpush.apple.com/x", False),
        ("https://fcm.googleapis.com@127.0.0.1/x", False),
        ("https://127.0.0.1#fcm.googleapis.com/x", False),
        ("https://127.0.0.1\\fcm.googleapis.com/x", False),
        ("https://localhost/x", False),
        ("https://[::1]/x", False),
        ("https://web.push.apple.com/x\nHost: y", False),
        ("https://web.push.apple.com/" + "x" * 1000, False),
    ],
)
def test_which_addresses_are_called(endpoint: str, called: bool) -> None:
    usual = Settings().push_services
    assert push_services(f"{usual}, http://127.0.0.1:9000").call(endpoint) is called


async def test_the_key_is_made_once_and_read_by_the_owner_alone(
    tmp_path: Path, clock: Clock, push: PushService
) -> None:
    file = tmp_path / "push-key.pem"
    async with opened(tmp_path, clock, push) as services:
        reminded = await Reminded.begin(services, clock, push)
        assert not file.exists(), "it is made when somebody asks for it"
        first = await reminded.subscription()
        await reminded.subscribe()
        if sys.platform != "win32":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
    async with opened(tmp_path, clock, push) as services:
        assert (await reminded.after_restart(services).subscription())["key"] == first["key"]
        assert await PushSubscription.count() == 1
    file.unlink()
    async with opened(tmp_path, clock, push) as services:
        assert (await reminded.after_restart(services).subscription())["key"] != first["key"]
        assert await PushSubscription.count() == 0, "what was subscribed with the lost key reaches nobody"
