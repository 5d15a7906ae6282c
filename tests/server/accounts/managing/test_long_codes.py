"""Pairing codes that last for days: longer, and as hard to guess."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.server.accounts.test_invitations import outcome
from tests.server.accounts.world import Clock

from intersession_server.accounts import codes, invitations, people
from intersession_server.accounts.tables import Invitation, Person
from intersession_server.storage.engine import SerialEngine

pytestmark = pytest.mark.anyio

WEEK = timedelta(days=7)


@pytest.fixture
async def ann(database: SerialEngine, clock: Clock) -> Person:
    practice = await people.create_practice("Nord", clock())
    return await people.add_client(practice, "Ann", clock(), namesake=False)


@pytest.mark.parametrize(
    ("lifetime", "length"),
    [
        (codes.LIFETIME, 8),
        (timedelta(hours=1), 8),
        (timedelta(hours=1, seconds=1), 16),
        (codes.LONGEST_LIFETIME, 16),
    ],
)
async def test_how_long_it_lasts_decides_how_long_it_is(
    ann: Person, clock: Clock, lifetime: timedelta, length: int
) -> None:
    issued = await invitations.issue(ann.id, clock(), lifetime=lifetime)
    assert len(issued.code) == length
    assert codes.normalised(codes.shown(issued.code).lower()) == issued.code
    assert {len(group) for group in codes.shown(issued.code).split("-")} == {4}
    clock.now += lifetime - timedelta(seconds=1)
    assert await outcome(issued.code, clock) == "paired"


async def test_it_ends_when_it_says(ann: Person, clock: Clock) -> None:
    issued = await invitations.issue(ann.id, clock(), lifetime=WEEK)
    clock.now += WEEK
    assert await outcome(issued.code, clock) == "old_code"


async def test_it_takes_five_tries_in_all_its_life(ann: Person, clock: Clock) -> None:
    issued = await invitations.issue(ann.id, clock(), lifetime=WEEK)
    wrong = issued.code[:15] + ("0" if issued.code[15] != "0" else "1")
    tries = []
    for _ in range(6):
        tries.append(await outcome(wrong, clock))
        clock.move(days=1)
    assert tries == ["wrong_code"] * 5 + ["too_many_tries"]
    assert await outcome(issued.code, clock) == "too_many_tries"


async def test_a_guess_of_the_other_length_burns_no_try(ann: Person, clock: Clock) -> None:
    long = await invitations.issue(ann.id, clock(), lifetime=WEEK)
    for _ in range(6):
        assert await outcome(long.code[:8], clock) == "wrong_code"
    (row,) = await Invitation.select()
    assert row["tries_left"] == codes.TRIES
    assert await outcome(long.code, clock) == "paired"


async def test_a_secret_that_lives_for_days_cannot_be_searched(ann: Person, clock: Clock) -> None:
    """A copy of the database and a fast machine: 10 to the 10 tries a second, for as long as the code lasts."""
    secret = 32 ** (codes.LONG_LENGTH - codes.LOCATOR_LENGTH)
    assert secret / 1e10 > 100 * codes.LONGEST_LIFETIME.total_seconds()


async def test_a_code_of_somebody_whose_care_has_ended_is_old(ann: Person, clock: Clock) -> None:
    issued = await invitations.issue(ann.id, clock())
    await Person.update({Person.ended_at: clock()}).where(Person.id == ann.id)
    assert await outcome(issued.code, clock) == "old_code"
