"""Pairing codes handed out and redeemed: one use, five tries, ten minutes; of two at once, one wins."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.server.accounts.world import Clock

from intersession_server.accounts import codes, invitations, people
from intersession_server.accounts.database import open_accounts
from intersession_server.accounts.tables import Device, Invitation, Person
from intersession_server.errors import Refused, StorageError
from intersession_server.storage.engine import SerialEngine

pytestmark = pytest.mark.anyio


@pytest.fixture
async def ann(database: SerialEngine, clock: Clock) -> Person:
    practice = await people.create_practice("Nord", clock())
    return await people.add_client(practice, "Ann", clock(), namesake=False)


async def outcome(typed: str, clock: Clock) -> str:
    """`paired`, or the code of the refusal."""
    try:
        await invitations.redeem(typed, "test", clock())
    except Refused as refused:
        return refused.code
    return "paired"


def wrong(code: str) -> str:
    """A code with the same locator and another secret."""
    return code[:7] + ("0" if code[7] != "0" else "1")


async def test_a_code_pairs_one_device(ann: Person, clock: Clock) -> None:
    issued = await invitations.issue(ann.id, clock())
    redeemed = await invitations.redeem(codes.shown(issued.code).lower(), "app 1", clock())
    device = await Device.objects().get(Device.id == redeemed.device)
    assert device is not None
    assert (device.person, device.agent) == (ann.id, "app 1")
    assert await outcome(issued.code, clock) == "used_code"
    assert await Device.count() == 1


async def test_neither_code_nor_token_is_kept(ann: Person, clock: Clock, database: SerialEngine) -> None:
    issued = await invitations.issue(ann.id, clock())
    redeemed = await invitations.redeem(issued.code, "app", clock())
    kept = repr(await Invitation.select()) + repr(await Device.select())
    assert issued.code not in kept
    assert issued.code[3:] not in kept
    assert redeemed.token not in kept


async def test_it_works_until_ten_minutes_are_over(ann: Person, clock: Clock) -> None:
    issued = await invitations.issue(ann.id, clock())
    clock.move(minutes=10)
    assert await outcome(issued.code, clock) == "old_code"
    again = await invitations.issue(ann.id, clock())
    clock.move(minutes=9, seconds=59)
    assert await outcome(again.code, clock) == "paired"


async def test_five_wrong_tries_are_one_too_many(ann: Person, clock: Clock) -> None:
    issued = await invitations.issue(ann.id, clock())
    tries = [await outcome(wrong(issued.code), clock) for _ in range(6)]
    assert tries == ["wrong_code"] * 5 + ["too_many_tries"]
    assert await outcome(issued.code, clock) == "too_many_tries"
    assert await Device.count() == 0


async def test_four_wrong_tries_are_forgiven(ann: Person, clock: Clock) -> None:
    issued = await invitations.issue(ann.id, clock())
    assert [await outcome(wrong(issued.code), clock) for _ in range(4)] == ["wrong_code"] * 4
    assert await outcome(issued.code, clock) == "paired"


async def test_a_burnt_try_survives_a_restart(ann: Person, clock: Clock, database: SerialEngine) -> None:
    issued = await invitations.issue(ann.id, clock())
    await outcome(wrong(issued.code), clock)
    rows = await database.on_connection(
        lambda connection: connection.execute("SELECT tries_left FROM invitation").fetchall()
    )
    assert [row["tries_left"] for row in rows] == [4]


async def test_a_new_code_ends_the_one_before(ann: Person, clock: Clock) -> None:
    first = await invitations.issue(ann.id, clock())
    clock.move(seconds=1)
    second = await invitations.issue(ann.id, clock())
    assert await outcome(first.code, clock) == "old_code"
    assert await outcome(second.code, clock) == "paired"


async def test_without_the_secret_nothing_is_learnt_about_used_and_old_codes(ann: Person, clock: Clock) -> None:
    used = await invitations.issue(ann.id, clock())
    await invitations.redeem(used.code, "app", clock())
    old = await invitations.issue(ann.id, clock())
    clock.move(minutes=11)
    for code in (used.code, old.code, "00000000"):
        assert [await outcome(wrong(code), clock) for _ in range(7)] == ["wrong_code"] * 7


async def test_what_cannot_be_a_code_burns_nothing(ann: Person, clock: Clock) -> None:
    issued = await invitations.issue(ann.id, clock())
    for typed in ("", issued.code[:7], issued.code + "0", issued.code[:3]):
        assert await outcome(typed, clock) == "wrong_code"
    (row,) = await Invitation.select()
    assert row["tries_left"] == 5


async def test_live_codes_never_share_a_locator(ann: Person, clock: Clock) -> None:
    """A wrong try burns one invitation, so two live ones with one locator would burn each other's."""
    practice = await people.find_practice(None)
    bob = await people.add_client(practice, "Bob", clock(), namesake=False)
    same = bytes(8)
    first = await invitations.issue(ann.id, clock(), random=lambda size: same[:size] if size == 8 else b"s" * size)
    given_out = iter([same, same, bytes([1] * 8)])
    second = await invitations.issue(
        bob.id, clock(), random=lambda size: next(given_out) if size == 8 else secrets.token_bytes(size)
    )
    assert (first.code, second.code) == ("00000000", "11111111")
    with pytest.raises(StorageError, match="Too many pairing codes"):
        await invitations.issue(bob.id, clock(), random=lambda size: same[:size].ljust(size, b"s"))


async def test_a_locator_is_used_again_when_its_code_has_ended(ann: Person, clock: Clock) -> None:
    def zeros(size: int) -> bytes:
        return bytes(size)

    first = await invitations.issue(ann.id, clock(), random=zeros)
    await invitations.redeem(first.code, "app", clock())
    clock.move(minutes=1)
    again = await invitations.issue(ann.id, clock(), random=lambda size: bytes(7) + b"\1" if size == 8 else bytes(size))
    assert codes.locator(again.code) == codes.locator(first.code)
    assert await outcome(first.code, clock) == "used_code"
    assert await outcome(again.code, clock) == "paired"


async def test_of_two_devices_with_one_code_exactly_one_is_paired(ann: Person, clock: Clock) -> None:
    for _ in range(20):
        issued = await invitations.issue(ann.id, clock())
        before = await Device.count()
        outcomes = await asyncio.gather(*(outcome(issued.code, clock) for _ in range(4)))
        assert Counter(outcomes) == {"paired": 1, "used_code": 3}
        assert await Device.count() == before + 1
        clock.move(seconds=1)


async def test_guesses_at_once_cannot_have_more_tries_than_guesses_in_a_row(ann: Person, clock: Clock) -> None:
    issued = await invitations.issue(ann.id, clock())
    outcomes = await asyncio.gather(*(outcome(wrong(issued.code), clock) for _ in range(12)))
    assert Counter(outcomes) == {"wrong_code": 5, "too_many_tries": 7}


async def test_what_an_app_calls_itself_cannot_draw_on_the_operators_terminal(ann: Person, clock: Clock) -> None:
    issued = await invitations.issue(ann.id, clock())
    await invitations.redeem(issued.code, "app\x1b[2J\n" + "x" * 300, clock())
    (row,) = await Device.select(Device.agent)
    assert row["agent"] == "app[2J" + "x" * 194


STEPS = st.lists(st.sampled_from(["issue", "right", "wrong", "first", "minute", "late"]), max_size=25)


@settings(max_examples=40)
@given(STEPS)
def test_any_order_of_steps_keeps_the_rules(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    """The model: the newest code is live for ten minutes, for five wrong tries and one right one."""
    clock = Clock()

    async def run() -> None:
        async with open_accounts(tmp_path_factory.mktemp("codes") / "app.db"):
            practice = await people.create_practice("Nord", clock())
            ann = await people.add_client(practice, "Ann", clock(), namesake=False)
            issued: list[str] = []
            tries, used, made_at = 5, False, clock()
            for step in steps:
                clock.move(milliseconds=1)
                if step == "issue":
                    code = (await invitations.issue(ann.id, clock(), random=fixed(len(issued)))).code
                    issued.append(code)
                    tries, used, made_at = 5, False, clock()
                elif step in ("minute", "late"):
                    clock.move(minutes=1 if step == "minute" else 10)
                elif not issued:
                    assert await outcome("00000000", clock) == "wrong_code"
                elif step == "wrong":
                    live = not used and (clock() - made_at).total_seconds() < 600
                    expected = "too_many_tries" if live and tries == 0 else "wrong_code"
                    assert await outcome(wrong(issued[-1]), clock) == expected
                    tries -= 1 if live and tries else 0
                elif step == "right":
                    over = (clock() - made_at).total_seconds() >= 600
                    expected = (
                        "used_code" if used else "too_many_tries" if tries == 0 else "old_code" if over else "paired"
                    )
                    assert await outcome(issued[-1], clock) == expected
                    used = used or expected == "paired"
                elif len(issued) > 1:
                    assert await outcome(issued[0], clock) in ("old_code", "used_code", "too_many_tries")

    asyncio.run(run())


def fixed(number: int) -> invitations.Random:
    """A random source whose codes have locators of their own: `number` in the first characters."""

    def random(size: int) -> bytes:
        return bytes([number // 32, number % 32, 3, 5, 7, 9, 11, 13]) if size == 8 else secrets.token_bytes(size)

    return random


async def test_a_code_tried_in_another_roles_app_stays_good(ann: Person, clock: Clock) -> None:
    issued = await invitations.issue(ann.id, clock())
    other = "client" if ann.role == "therapist" else "therapist"
    with pytest.raises(Refused) as refused:
        await invitations.redeem(issued.code, "app", clock(), role=other)
    assert refused.value.code == "wrong_role"
    assert await Device.count() == 0
    redeemed = await invitations.redeem(issued.code, "app", clock(), role=ann.role)
    assert redeemed.person == ann.id
