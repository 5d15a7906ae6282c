"""Passwords: checked beside the loop, few at once, as slowly for nobody as for somebody."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import argon2
import pytest
from tests.server.accounts.world import CHEAP, PASSWORD

from intersession_server.accounts.passwords import AT_ONCE, MAX_WAITING, Passwords
from intersession_server.errors import Refused

pytestmark = pytest.mark.anyio


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = Passwords(CHEAP)
    yield made
    made.close()


async def test_only_the_password_itself_is_right(passwords: Passwords) -> None:
    kept = await passwords.hash(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert await passwords.verify(PASSWORD, kept)
    for other in ("", PASSWORD + " ", PASSWORD.upper(), "x" * 1000):
        assert not await passwords.verify(other, kept)
    assert not await passwords.verify(PASSWORD, None)
    assert not await passwords.verify("nobody's password", None)
    assert not await passwords.verify(PASSWORD, "not a hash")


@pytest.mark.parametrize(
    ("set_as", "typed"),
    [("geh\u00e9imnis!", "gehe\u0301imnis!"), ("pass word 123", "ｐａｓｓ\u3000ｗｏｒｄ\u00a0１２３")],
)
async def test_on_which_keyboard_it_is_typed_does_not_matter(passwords: Passwords, set_as: str, typed: str) -> None:
    assert await passwords.verify(typed, await passwords.hash(set_as))
    assert await passwords.verify(set_as, await passwords.hash(typed))


async def test_a_hash_of_weaker_parameters_is_outdated(passwords: Passwords) -> None:
    kept = await passwords.hash(PASSWORD)
    assert not passwords.outdated(kept)
    assert Passwords(argon2.PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)).outdated(kept)


class Slow(argon2.PasswordHasher):
    """Waits until it is let go, and counts how many wait."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.go = threading.Event()
        self.entered = threading.Semaphore(0)
        self.running = self.most = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.running += 1
        self.most = max(self.most, self.running)
        self.entered.release()
        self.go.wait(10)
        self.running -= 1
        return "hash"


async def test_few_are_checked_at_once_and_a_crowd_is_sent_away() -> None:
    slow = Slow()
    passwords = Passwords(slow)
    tasks = [asyncio.create_task(passwords.hash(PASSWORD)) for _ in range(MAX_WAITING)]
    for _ in range(AT_ONCE):
        await asyncio.to_thread(slow.entered.acquire)
    with pytest.raises(Refused) as caught:
        await passwords.hash(PASSWORD)
    assert (caught.value.code, caught.value.retry_after) == ("busy", 5.0)
    slow.go.set()
    assert await asyncio.gather(*tasks) == ["hash"] * MAX_WAITING
    assert slow.most == AT_ONCE
    assert await passwords.hash(PASSWORD) == "hash"
    passwords.close()
