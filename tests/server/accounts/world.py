"""What the tests of accounts hold in the hand: a clock to set, cheap passwords, a practice to work with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import argon2
import httpx
import msgspec
from litestar import Litestar

from intersession_server.operator import commands
from intersession_server.operator.commands import AnyCommand, Invited
from intersession_server.services import Services
from intersession_server.settings import Settings

CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct horse battery"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """Move it on: `clock.move(minutes=10)`."""
        self.now += timedelta(**by)


def settings_for(folder: Path, **changes: object) -> Settings:
    """Settings of a server on a folder of its own."""
    return msgspec.structs.replace(Settings(data=str(folder)), **changes)


def http_client(app: Litestar, address: str = "127.0.0.1", *, raise_errors: bool = True) -> httpx.AsyncClient:
    """A client of an app in this process, which sees it coming from `address`."""
    transport = httpx.ASGITransport(app=cast("Any", app), client=(address, 1234), raise_app_exceptions=raise_errors)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765")


async def practice_with(services: Services, *therapists: str, clients: tuple[str, ...] = ()) -> dict[str, Invited]:
    """One practice with these people; what inviting each of them gave, by name."""
    await services.operations.execute(commands.CreatePractice(name="Nord"))
    found = {}
    for name in therapists:
        found[name] = await invite(services, commands.AddTherapist(username=name, name=name, password=PASSWORD))
    for name in clients:
        found[name] = await invite(services, commands.AddClient(name=name))
    return found


async def invite(services: Services, command: AnyCommand) -> Invited:
    """Carry out a command that gives a pairing code."""
    result = await services.operations.execute(command)
    assert isinstance(result, Invited)
    return result
