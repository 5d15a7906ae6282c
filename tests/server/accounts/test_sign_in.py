"""Signing in with a browser: sessions that end, passwords that cannot be guessed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import argon2
import pytest
from tests.server.accounts.world import CHEAP, PASSWORD, Clock

from intersession_server.accounts import people
from intersession_server.accounts.passwords import Passwords
from intersession_server.accounts.sign_in import (
    TRIES_FROM_ANYWHERE,
    TRIES_PER_ACCOUNT,
    TRIES_PER_ADDRESS,
    SignIn,
    csrf_matches,
    end_sessions,
)
from intersession_server.accounts.tables import AuditRow, Person, WebSession
from intersession_server.errors import Refused
from intersession_server.storage.engine import SerialEngine

pytestmark = pytest.mark.anyio

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
HERE = "192.0.2.7"


@pytest.fixture
async def passwords() -> AsyncIterator[Passwords]:
    made = Passwords(CHEAP)
    yield made
    made.close()


@pytest.fixture
async def ada(database: SerialEngine, passwords: Passwords, clock: Clock) -> UUID:
    practice = await people.create_practice("Nord", clock())
    await people.add_client(practice, "Ann", clock(), namesake=False)
    therapist = await people.add_therapist(practice, "ada", "Ada", await passwords.hash(PASSWORD), clock())
    return therapist.id


@pytest.fixture
def sign_in(passwords: Passwords) -> SignIn:
    return SignIn(passwords, idle=IDLE, longest=LONGEST)


async def refusal(
    sign_in: SignIn, clock: Clock, username: str = "ada", password: str = "x", address: str = HERE
) -> Refused:
    with pytest.raises(Refused) as caught:
        await sign_in.sign_in(username, password, address, clock())
    return caught.value


async def test_a_session_is_its_persons_and_its_token_is_not_kept(ada: UUID, sign_in: SignIn, clock: Clock) -> None:
    signed_in = await sign_in.sign_in(" ADA ", PASSWORD, HERE, clock())
    session = await sign_in.current(signed_in.token, clock(), extend=True)
    assert session is not None
    assert (session.person, session.name, session.actor.person) == (ada, "Ada", ada)
    assert session.expires_at == clock() + IDLE
    kept = repr(await WebSession.select())
    assert signed_in.token not in kept
    assert session.csrf not in kept


async def test_wrong_names_and_wrong_passwords_sound_the_same(ada: UUID, sign_in: SignIn, clock: Clock) -> None:
    answers = [
        await refusal(sign_in, clock),
        await refusal(sign_in, clock, username="nobody", password=PASSWORD),
        await refusal(sign_in, clock, username="Ann", password=""),
        await refusal(sign_in, clock, username="not a name", password=PASSWORD),
        await refusal(sign_in, clock, username=str(ada), password=PASSWORD),
    ]
    assert {(answer.code, str(answer)) for answer in answers} == {("wrong_password", "Wrong user name or password.")}


async def test_a_therapist_without_a_password_cannot_sign_in(ada: UUID, sign_in: SignIn, clock: Clock) -> None:
    await Person.update({Person.password: None}).where(Person.id == ada)
    for password in ("", PASSWORD, "None"):
        assert (await refusal(sign_in, clock, password=password)).code == "wrong_password"


async def test_other_tokens_are_nobodys(ada: UUID, sign_in: SignIn, clock: Clock) -> None:
    signed_in = await sign_in.sign_in("ada", PASSWORD, HERE, clock())
    (row,) = await WebSession.select()
    for token in ("", "x", "A" * 43, row["token_hash"], str(row["id"]), signed_in.token[:-1] + "~"):
        assert await sign_in.current(token, clock(), extend=True) is None


async def test_it_ends_after_being_idle(ada: UUID, sign_in: SignIn, clock: Clock) -> None:
    token = (await sign_in.sign_in("ada", PASSWORD, HERE, clock())).token
    for _ in range(3):
        clock.move(minutes=29)
        assert await sign_in.current(token, clock(), extend=True) is not None
    clock.move(minutes=30)
    assert await sign_in.current(token, clock(), extend=True) is None
    clock.move(minutes=-10)  # and is not woken by asking again
    assert await sign_in.current(token, clock(), extend=True) is not None


async def test_live_updates_do_not_keep_it_awake(ada: UUID, sign_in: SignIn, clock: Clock) -> None:
    token = (await sign_in.sign_in("ada", PASSWORD, HERE, clock())).token
    ends = clock() + IDLE
    for _ in range(5):
        clock.move(minutes=5)
        session = await sign_in.current(token, clock(), extend=False)
        assert session is not None
        assert session.expires_at == ends
    clock.move(minutes=5)
    assert await sign_in.current(token, clock(), extend=False) is None
    assert await sign_in.current(token, clock(), extend=True) is None


async def test_it_ends_in_the_end_whatever_is_done(ada: UUID, sign_in: SignIn, clock: Clock) -> None:
    token = (await sign_in.sign_in("ada", PASSWORD, HERE, clock())).token
    ends = clock() + LONGEST
    for _ in range(35):
        clock.move(minutes=20)
        session = await sign_in.current(token, clock(), extend=True)
        assert session is not None
        assert session.expires_at == min(clock() + IDLE, ends)
    clock.move(minutes=20)
    assert await sign_in.current(token, clock(), extend=True) is None


async def test_signing_out_ends_one_and_ending_all_ends_all(ada: UUID, sign_in: SignIn, clock: Clock) -> None:
    one, two, three = [(await sign_in.sign_in("ada", PASSWORD, HERE, clock())).token for _ in range(3)]
    await sign_in.sign_out(one, clock())
    await sign_in.sign_out(one, clock())
    assert await sign_in.current(one, clock(), extend=True) is None
    assert await sign_in.current(two, clock(), extend=True) is not None
    await end_sessions(ada, clock())
    assert await sign_in.current(two, clock(), extend=True) is None
    assert await sign_in.current(three, clock(), extend=True) is None
    rows = await AuditRow.select(AuditRow.action).order_by(AuditRow.at)
    assert sorted(row["action"] for row in rows) == ["signed_in"] * 3 + ["signed_out"]


async def test_a_forms_token_is_its_sessions(ada: UUID, sign_in: SignIn, clock: Clock) -> None:
    one, two = [(await sign_in.sign_in("ada", PASSWORD, HERE, clock())).token for _ in range(2)]
    first, second = [await sign_in.current(token, clock(), extend=True) for token in (one, two)]
    assert first is not None
    assert second is not None
    assert csrf_matches(first, first.csrf)
    for given in ("", second.csrf, one, first.csrf.upper() + " ", "é"):
        assert not csrf_matches(first, given)


async def test_wrong_passwords_from_elsewhere_do_not_lock_the_right_person_out(
    ada: UUID, sign_in: SignIn, clock: Clock
) -> None:
    for _ in range(TRIES_PER_ACCOUNT):
        assert (await refusal(sign_in, clock, address="192.0.2.1")).code == "wrong_password"
    limited = await refusal(sign_in, clock, password=PASSWORD, address="192.0.2.1")
    assert (limited.code, limited.retry_after) == ("rate_limited", 900.0)
    assert "15 min" in str(limited)
    await sign_in.sign_in("ada", PASSWORD, HERE, clock())


async def test_from_many_addresses_only_strangers_wait(ada: UUID, sign_in: SignIn, clock: Clock) -> None:
    first = await sign_in.sign_in("ada", PASSWORD, HERE, clock())
    for number in range(TRIES_FROM_ANYWHERE):
        assert (await refusal(sign_in, clock, address=f"192.0.{number}.1")).code == "wrong_password"
    assert (await refusal(sign_in, clock, password=PASSWORD, address="198.51.100.1")).code == "rate_limited"
    await sign_in.sign_in("ada", PASSWORD, HERE, clock())  # an address that was used before
    again = await sign_in.sign_in("ada", PASSWORD, "203.0.113.9", clock(), first.browser)  # a browser that was
    assert again.browser == first.browser


async def test_a_known_browser_is_not_kept_out_by_others_at_its_address(
    ada: UUID, sign_in: SignIn, clock: Clock
) -> None:
    browser = (await sign_in.sign_in("ada", PASSWORD, HERE, clock())).browser
    for number in range(TRIES_PER_ADDRESS):
        await refusal(sign_in, clock, username="ada" if number % 2 else f"user{number}")
    assert (await refusal(sign_in, clock, password=PASSWORD)).code == "rate_limited"
    await sign_in.sign_in("ada", PASSWORD, HERE, clock(), browser)


async def test_a_known_browser_has_its_own_few_tries(ada: UUID, sign_in: SignIn, clock: Clock) -> None:
    browser = (await sign_in.sign_in("ada", PASSWORD, HERE, clock())).browser
    for number in range(TRIES_PER_ACCOUNT):
        with pytest.raises(Refused) as refused:
            await sign_in.sign_in("ada", "wrong", f"192.0.{number}.1", clock(), browser)
        assert refused.value.code == "wrong_password"
    with pytest.raises(Refused) as refused:
        await sign_in.sign_in("ada", PASSWORD, "203.0.113.9", clock(), browser)
    assert refused.value.code == "rate_limited"


async def test_an_address_does_not_guess_at_all_accounts(ada: UUID, sign_in: SignIn, clock: Clock) -> None:
    for number in range(TRIES_PER_ADDRESS):
        assert (await refusal(sign_in, clock, username=f"user{number}")).code == "wrong_password"
    assert (await refusal(sign_in, clock, password=PASSWORD)).code == "rate_limited"
    await sign_in.sign_in("ada", PASSWORD, "198.51.100.1", clock())


async def test_right_passwords_are_not_counted(ada: UUID, sign_in: SignIn, clock: Clock) -> None:
    for _ in range(TRIES_PER_ADDRESS + 5):
        await sign_in.sign_in("ada", PASSWORD, HERE, clock())


async def test_guesses_at_once_have_no_more_tries(ada: UUID, sign_in: SignIn, clock: Clock) -> None:
    guesses = [sign_in.sign_in("ada", "x", "192.0.2.9", clock()) for _ in range(TRIES_PER_ACCOUNT + 5)]
    codes = [
        answer.code for answer in await asyncio.gather(*guesses, return_exceptions=True) if isinstance(answer, Refused)
    ]
    assert sorted(codes) == ["rate_limited"] * 5 + ["wrong_password"] * TRIES_PER_ACCOUNT


async def test_a_hash_of_weaker_parameters_is_made_anew(ada: UUID, clock: Clock) -> None:
    passwords = Passwords(argon2.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    await SignIn(passwords, idle=IDLE, longest=LONGEST).sign_in("ada", PASSWORD, HERE, clock())
    person = await Person.objects().get(Person.id == ada)
    assert person is not None
    assert person.password is not None
    assert not passwords.outdated(person.password)
    assert await passwords.verify(PASSWORD, person.password)
    passwords.close()


async def test_signing_in_and_being_refused_is_audited(ada: UUID, sign_in: SignIn, clock: Clock) -> None:
    await refusal(sign_in, clock)
    clock.move(seconds=1)
    await refusal(sign_in, clock, username="nobody")
    clock.move(seconds=1)
    await sign_in.sign_in("ada", PASSWORD, HERE, clock())
    rows = await AuditRow.select(AuditRow.action, AuditRow.person, AuditRow.subject).order_by(AuditRow.at)
    assert [(row["action"], row["person"], row["subject"]) for row in rows] == [
        ("sign_in_refused", None, ada),
        ("sign_in_refused", None, None),
        ("signed_in", ada, None),
    ]
