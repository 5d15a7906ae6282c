"""Devices: known by their token, and by nothing else."""

from __future__ import annotations

import pytest
from tests.server.accounts.world import Clock

from intersession_server.accounts import invitations, people, tokens
from intersession_server.accounts.devices import Devices
from intersession_server.accounts.invitations import Redeemed
from intersession_server.accounts.tables import Device
from intersession_server.storage.engine import SerialEngine
from intersession_server.sync.directory import Authenticated

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


@pytest.fixture
async def paired(database: SerialEngine, clock: Clock) -> Redeemed:
    practice = await people.create_practice("Nord", clock())
    ann = await people.add_client(practice, "Ann", clock(), namesake=False)
    return await invitations.redeem((await invitations.issue(ann.id, clock())).code, "app", clock())


async def test_a_token_is_its_device(paired: Redeemed, clock: Clock) -> None:
    assert await Devices().authenticate(paired.token) == Authenticated(paired.person, paired.device)
    device = await Devices().get(paired.device)
    assert device is not None
    assert (device.id, device.account, device.role, device.name) == (paired.device, paired.person, "client", "Ann")
    assert (device.paired_at, device.revoked_at) == (clock(), None)


async def test_no_other_token_is(paired: Redeemed) -> None:
    devices = Devices()
    for token in (
        "",
        "x",
        paired.token[:-1],
        paired.token[:8] + "A" * 35,
        tokens.token_from(bytes(32)),
        paired.token + "A",
    ):
        assert await devices.authenticate(token) is None


async def test_of_two_tokens_with_one_prefix_each_is_its_own(paired: Redeemed, clock: Clock) -> None:
    twin = tokens.prefix(paired.token) + "B" * 35
    ann = paired.person
    issued = await invitations.issue(ann, clock())
    second = await invitations.redeem(issued.code, "app", clock())
    await Device.update({Device.token_prefix: tokens.prefix(twin), Device.token_hash: tokens.token_hash(twin)}).where(
        Device.id == second.device
    )
    for token, device in ((paired.token, paired.device), (twin, second.device)):
        found = await Devices().authenticate(token)
        assert found is not None
        assert found.device == device


async def test_a_revoked_device_is_known_as_revoked(paired: Redeemed, clock: Clock) -> None:
    devices = Devices()
    await devices.mark_revoked(paired.device, clock())
    revoked_at = clock()
    clock.move(days=1)
    await devices.mark_revoked(paired.device, clock())
    assert await devices.authenticate(paired.token) == Authenticated(paired.person, paired.device)
    device = await devices.get(paired.device)
    assert device is not None
    assert device.revoked_at == revoked_at


async def test_being_heard_from_is_written_once_a_minute(paired: Redeemed, clock: Clock) -> None:
    devices = Devices()
    start = clock()
    seen = []
    for seconds in (0, 30, 29, 1, 61):
        clock.move(seconds=seconds)
        await devices.heard(paired.device, clock())
        seen.append(((await devices.last_heard([paired.person]))[paired.person] - start).total_seconds())
    assert seen == [0, 0, 0, 60, 121]


async def test_who_was_never_heard_from_is_left_out(paired: Redeemed) -> None:
    assert list(await Devices().last_heard([paired.person, paired.device])) == [paired.person]


async def test_who_may_come_back_is_counted(paired: Redeemed, clock: Clock) -> None:
    devices, start = Devices(), clock()
    assert await devices.count_heard(start) == 1
    clock.move(days=2)
    assert await devices.count_heard(clock()) == 0
    await devices.heard(paired.device, clock())
    assert await devices.count_heard(clock()) == 1
    await devices.mark_revoked(paired.device, clock())
    assert await devices.count_heard(start) == 0
