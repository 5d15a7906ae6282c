"""Access that ends, ends in sessions that are open: on a real socket, within a second."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from tests.server.accounts.world import practice_with
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from intersession_schemas import codec
from intersession_schemas.errors import CloseCode, ErrorCode
from intersession_schemas.messages import PROTOCOL, Down, Error, Hello, Purged, Revoked, StreamCursor, Up, Welcome
from intersession_schemas.streams import Audience
from intersession_server.accounts import invitations
from intersession_server.app import create_app
from intersession_server.operator import commands
from intersession_server.serve import listening, running
from intersession_server.services import Services
from intersession_server.sync.answers import BACK_FROM, BACK_WITHIN
from intersession_server.sync.endpoint import SyncConnection

pytestmark = pytest.mark.anyio

AT_ONCE = 1.0

F = TypeVar("F", bound=Down)


@asynccontextmanager
async def served(services: Services) -> AsyncIterator[str]:
    """The app on a real port; its sync address."""
    with listening("127.0.0.1", 0, services.settings) as listener:
        async with running(create_app(services), listener, services.settings, services):
            yield f"ws://127.0.0.1:{listener.getsockname()[1]}/sync"


def session(url: str, token: str) -> connect:
    return connect(url, additional_headers={"Authorization": f"Bearer {token}"}, proxy=None)


async def send(socket: ClientConnection, frame: Up) -> None:
    await socket.send(codec.encode(frame))


async def heard(socket: ClientConnection, wanted: type[F]) -> F:
    """The next frame of that type, which comes at once."""
    async with asyncio.timeout(AT_ONCE):
        while True:
            data = await socket.recv()
            frame = codec.decode_down(data)
            if isinstance(frame, wanted):
                return frame


async def closed(socket: ClientConnection) -> int | None:
    """The code with which the server closes, at once."""
    async with asyncio.timeout(AT_ONCE):
        with contextlib.suppress(ConnectionClosed):
            while True:
                await socket.recv()
    return socket.close_code


async def test_unassigning_takes_the_record_out_of_a_live_session(services: Services) -> None:
    people = await practice_with(services, "ada", clients=("Ann",))
    token = (await invitations.redeem(people["ada"].code, "app", services.clock())).token
    async with served(services) as url, session(url, token) as socket:
        await send(socket, Hello((PROTOCOL, PROTOCOL), uuid4()))
        assert {offer.audience for offer in (await heard(socket, Welcome)).streams} == {Audience.LIBRARY}

        await services.operations.execute(commands.Assign(client="Ann", therapist="ada"))
        offers = {offer.audience: offer for offer in (await heard(socket, Welcome)).streams}
        assert offers.keys() == {Audience.LIBRARY, Audience.RECORD, Audience.CHART}
        assert (offers[Audience.RECORD].client, offers[Audience.RECORD].label) == (people["Ann"].person, "Ann")

        await services.operations.execute(commands.Unassign(client="Ann", therapist="ada"))
        ended = {(await heard(socket, Revoked)).stream for _ in range(2)}
        assert ended == {offers[Audience.RECORD].stream, offers[Audience.CHART].stream}
        assert {offer.audience for offer in (await heard(socket, Welcome)).streams} == {Audience.LIBRARY}


async def test_revoking_a_device_ends_its_live_session_and_leaves_others(services: Services) -> None:
    ann = (await practice_with(services, clients=("Ann",)))["Ann"]
    lost = await invitations.redeem(ann.code, "lost", services.clock())
    again = await services.operations.execute(commands.InviteClient(client="Ann"))
    assert isinstance(again, commands.Invited)
    kept = await invitations.redeem(again.code, "kept", services.clock())
    async with served(services) as url, session(url, lost.token) as socket, session(url, kept.token) as other:
        for one in (socket, other):
            await send(one, Hello((PROTOCOL, PROTOCOL), uuid4()))
            assert len((await heard(one, Welcome)).streams) == 2
        await services.operations.execute(commands.RevokeDevice(device=lost.device))
        for _ in range(2):
            revoked = await heard(socket, Revoked)
            await send(socket, Purged(revoked.stream, revoked.grant))
        assert await closed(socket) == CloseCode.ACCESS_ENDED
        pong = await other.ping()
        async with asyncio.timeout(AT_ONCE):
            await pong


async def test_a_revoked_device_that_comes_later_hears_only_that(services: Services) -> None:
    ann = (await practice_with(services, clients=("Ann",)))["Ann"]
    lost = await invitations.redeem(ann.code, "lost", services.clock())
    held = [StreamCursor(stream.id, 7) for stream in await services.log.streams_of_client(ann.person)]
    await services.operations.execute(commands.RevokeDevice(device=lost.device))
    async with served(services) as url, session(url, lost.token) as socket:
        await send(socket, Hello((PROTOCOL, PROTOCOL), uuid4(), streams=held))
        for _ in range(2):
            revoked = await heard(socket, Revoked)
            await send(socket, Purged(revoked.stream, revoked.grant))
        assert await closed(socket) == CloseCode.ACCESS_ENDED


async def test_an_unknown_token_and_a_foreign_page_are_sent_away(services: Services) -> None:
    async with served(services) as url:
        async with session(url, "A" * 43) as socket:
            assert await closed(socket) == CloseCode.UNAUTHENTICATED
        for origin in ("https://evil.org", "null"):
            with pytest.raises(InvalidStatus, match="403"):
                async with connect(url, origin=Origin(origin), proxy=None):
                    pass
        port = urlsplit(url).port
        with pytest.raises(InvalidStatus, match="403"):  # a name that somebody made to mean this machine
            async with connect("ws://evil.org/sync", host="127.0.0.1", port=port, proxy=None):
                pass


async def test_a_server_that_stops_tells_each_device_another_moment_to_come_back(services: Services) -> None:
    names = tuple(f"Client {number}" for number in range(8))
    people = await practice_with(services, clients=names)
    tokens = [(await invitations.redeem(people[name].code, "app", services.clock())).token for name in names]
    async with served(services) as url:
        sockets = [await session(url, token) for token in tokens]
        for socket in sockets:
            await send(socket, Hello((PROTOCOL, PROTOCOL), uuid4()))
            await heard(socket, Welcome)
        services.stop()
        told = []
        for socket in sockets:
            error = await heard(socket, Error)
            assert (error.code, error.stream) == (ErrorCode.GOING_AWAY, None)
            told.append(error.retry_after or 0.0)
            assert await closed(socket) == CloseCode.GOING_AWAY
    assert sorted(told) == [BACK_FROM + BACK_WITHIN * number / 8 for number in range(8)]


async def test_stopping_the_server_closes_sessions_politely(services: Services) -> None:
    ann = (await practice_with(services, clients=("Ann",)))["Ann"]
    token = (await invitations.redeem(ann.code, "app", services.clock())).token
    async with served(services) as url:
        socket = await session(url, token)
        await send(socket, Hello((PROTOCOL, PROTOCOL), uuid4()))
        await heard(socket, Welcome)
        services.stop()
        assert await closed(socket) == CloseCode.GOING_AWAY


async def test_work_that_is_cut_short_before_it_begins_leaves_nothing_behind(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the server stops in the very turn in which a connection has asked for rows."""
    ann = (await practice_with(services, clients=("Ann",)))["Ann"]
    token = (await invitations.redeem(ann.code, "app", services.clock())).token
    connections: list[SyncConnection] = []
    run = SyncConnection.run

    async def noted(connection: SyncConnection) -> None:
        connections.append(connection)
        await run(connection)

    monkeypatch.setattr(SyncConnection, "run", noted)
    async with served(services) as url, session(url, token) as socket:
        await send(socket, Hello((PROTOCOL, PROTOCOL), uuid4()))
        await heard(socket, Welcome)
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            connections[0].grants_changed()
            begun = [*connections[0]._tasks]
            assert begun
            for task in begun:
                task.cancel()
            await asyncio.gather(*begun, return_exceptions=True)
            gc.collect()
    assert [str(each.message) for each in warned if "never awaited" in str(each.message)] == []
