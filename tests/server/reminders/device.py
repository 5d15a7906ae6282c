"""A client with a device that wants reminders, and what a test does with the practice around it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx
from tests.server.accounts.world import CHEAP, Clock, settings_for
from tests.server.reminders.push_service import Browser, PushService, text
from tests.server.web.practice import URL, Client, Practice, send

from intersession_server.accounts.tables import PushSubscription
from intersession_server.operator import commands
from intersession_server.operator import staff_commands as staff
from intersession_server.operator.commands import Invited
from intersession_server.services import Services, open_services

PATH = "/device/reminders"


def opened(folder: Path, clock: Clock, push: PushService) -> AbstractAsyncContextManager[Services]:
    """All services on a folder; they call that push service and no other."""
    settings = settings_for(folder, push_services=push.url, push_contact="mailto:it@example.org")
    return open_services(settings, clock=clock, hasher=CHEAP)


class Reminded:
    """The practice, its client Ada, and her device."""

    def __init__(self, services: Services, clock: Clock, push: PushService) -> None:
        self.services = services
        self.clock = clock
        self.push = push
        self.browser = Browser()
        self.practice = Practice(services)
        self.client: Client
        self.device: UUID
        self.token = ""

    @classmethod
    async def begin(cls, services: Services, clock: Clock, push: PushService) -> Reminded:
        """With a paired device; the practice offers reminders."""
        self = cls(services, clock, push)
        await self.practice.begin()
        self.client = await self.practice.client("Ada")
        self.token, self.device = await self.paired(commands.InviteClient(client=str(self.client.id)))
        await self.offer(True)
        return self

    def after_restart(self, services: Services) -> Reminded:
        """The same, at services that were opened anew on the folder."""
        other = Reminded(services, self.clock, self.push)
        other.browser, other.token, other.device = self.browser, self.token, self.device
        other.client = self.client
        other.client.services = services
        return other

    async def paired(self, invite: commands.AnyCommand) -> tuple[str, UUID]:
        """The token and id of another device."""
        invited = await self.practice.do(invite)
        assert isinstance(invited, Invited)
        async with self.practice.browser() as browser:
            answer = (await browser.post("/pair", json={"code": invited.code, "agent": "test"})).json()
        return answer["token"], UUID(answer["device"])

    async def offer(self, offered: bool) -> None:
        """The practice offers reminders, or none any more."""
        await self.practice.do(staff.SetReminders(practice="Nord", offered=offered))

    @asynccontextmanager
    async def http(self, token: str | None = None, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
        """What the device asks over HTTP."""
        transport = httpx.ASGITransport(cast(Any, self.practice.app))
        given = {"Authorization": f"Bearer {self.token if token is None else token}", **headers}
        async with httpx.AsyncClient(transport=transport, base_url=URL, headers=given) as client:
            yield client

    async def subscription(self, **changes: str) -> dict[str, str]:
        """What the device sends to have reminders."""
        async with self.http() as http:
            key = (await http.get(PATH)).json()["key"]
        self.push.subscribed = key or ""
        return {
            "endpoint": f"{self.push.url}/send/ada",
            "p256dh": text(self.browser.public),
            "auth": text(self.browser.auth),
            "zone": "Europe/Berlin",
            "key": self.push.subscribed,
        } | changes

    async def subscribe(self, token: str | None = None, **changes: str) -> httpx.Response:
        """Turn reminders on."""
        given = await self.subscription(**changes)
        async with self.http(token) as http:
            answer = await http.put(PATH, json=given)
        await self.settled()
        return answer

    async def move(self, **by: float) -> None:
        """Let time go by, and wait until what is due then has been dealt with."""
        await self.settled()
        self.clock.move(**by)
        await self.settled()

    async def settled(self) -> None:
        """Wait until nobody is to be looked at now."""
        reminders = self.services.reminders
        reminders._woken.set()
        due = PushSubscription.next_at <= self.clock()
        # Nothing tells that it rests: it is seen in what it keeps, and in the table.
        while reminders._moved or reminders._looking or await PushSubscription.exists().where(due):  # noqa: ASYNC110
            await asyncio.sleep(0.005)

    def told(self) -> list[bytes]:
        """What the device was told, as its browser reads it."""
        return [self.browser.read(message.body) for message in self.push.messages]

    async def agree(self, **plan: Any) -> None:
        """The therapist changes the plan; the device has been looked at since."""
        async with self.practice.signed_in() as browser:
            answer = await send(browser, "PATCH", f"/api/clients/{self.client.id}/plan", plan)
        assert answer.status_code == 200, answer.text
        await self.move(seconds=3)
