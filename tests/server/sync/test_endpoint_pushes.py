"""Several pushes in one frame over a real socket: each is answered by itself, and who sends them gets `outcomes`."""

from __future__ import annotations

from uuid import uuid4

import pytest
from tests.server.accounts.world import practice_with
from tests.server.sync.test_endpoint_erasures import token_of, welcomed
from tests.server.test_ending_access import send, served, session
from websockets.asyncio.client import ClientConnection

from intersession_schemas import codec
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal
from intersession_schemas.errors import RefusalCode
from intersession_schemas.messages import Accepted, Outcomes, Push, Pushes, Rejected
from intersession_server.services import Services

pytestmark = pytest.mark.anyio


def an_entry(services: Services, number: int) -> bytes:
    at = services.clock()
    return journal.create(Document.new(uuid4().bytes), written_at=at, entered_at=at, text=f"number {number}")


async def outcomes(socket: ClientConnection, count: int) -> tuple[dict[int, Accepted | Rejected], int]:
    """The answers to so many pushes, by their ids, and how many frames they came in."""
    found: dict[int, Accepted | Rejected] = {}
    frames = 0
    while len(found) < count:
        data = await socket.recv()
        assert isinstance(data, bytes)
        frame = codec.decode_down(data)
        if isinstance(frame, Accepted | Rejected | Outcomes):
            frames += 1
            for one in frame.items if isinstance(frame, Outcomes) else [frame]:
                assert one.id not in found
                found[one.id] = one
    return found, frames


async def test_each_of_several_pushes_is_taken_or_refused_by_itself(services: Services) -> None:
    ann = (await practice_with(services, clients=("Ann",)))["Ann"]
    async with served(services) as url, session(url, await token_of(services, ann.code)) as socket:
        stream = (await welcomed(socket)).stream
        pushes = [Push(n, stream, uuid4(), "journal_entry", [an_entry(services, n)]) for n in range(40)]
        pushes[7] = Push(7, stream, uuid4(), "journal_entry", [b"no change"])
        pushes[8] = Push(8, uuid4(), uuid4(), "journal_entry", [an_entry(services, 8)])
        await send(socket, Pushes(pushes))
        found, frames = await outcomes(socket, 40)
    refused = {id_: one.code for id_, one in found.items() if isinstance(one, Rejected)}
    assert refused == {7: RefusalCode.BAD_CHANGE, 8: RefusalCode.UNKNOWN_STREAM}
    rows = [one.seq for _, one in sorted(found.items()) if isinstance(one, Accepted)]
    assert rows == list(range(3, 41)), (
        "rows 1 and 2 are the plan and the first episode, and each has its place in the order of the frame"
    )
    assert frames < 20


async def test_who_sends_one_at_a_time_is_answered_one_at_a_time(services: Services) -> None:
    ann = (await practice_with(services, clients=("Ann",)))["Ann"]
    async with served(services) as url, session(url, await token_of(services, ann.code)) as socket:
        stream = (await welcomed(socket)).stream
        for number in range(20):
            await send(socket, Push(number, stream, uuid4(), "journal_entry", [an_entry(services, number)]))
        found, frames = await outcomes(socket, 20)
    assert all(isinstance(one, Accepted) for one in found.values())
    assert frames == 20
