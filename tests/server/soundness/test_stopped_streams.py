"""A damaged row stops its own stream, where rows are applied and where they are sent; nothing else."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import UUID

import pytest
from tests.contracts.log_stores import RECORD, VAULT, appended, blob, furnish, push
from tests.server.log.test_applying import written
from tests.server.soundness.damaged_folder import flip, place_of

from intersession_schemas.changes import read_change
from intersession_schemas.errors import ErrorCode
from intersession_schemas.messages import Error, StreamOffer
from intersession_schemas.streams import Audience, Role
from intersession_server.log.applier import Applier
from intersession_server.log.sqlite import SqliteLogStore
from intersession_server.log.store import LoggedRow
from intersession_server.sync.answers import stopped
from intersession_server.sync.delivery import Delivery
from intersession_server.sync.events import ReadPage, Send
from intersession_server.sync.serving import Served
from intersession_server.sync.wakeups import Wakeups
from intersession_server.work.budget import Budgets, Rates

pytestmark = pytest.mark.anyio


async def test_a_damaged_row_stops_its_stream_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.db"
    store = SqliteLogStore.open(path)
    await furnish(store)
    first, second = (read_change(one) for one in written(b"honest", "one", "two"))
    await appended(store, push(first))
    await appended(store, push(second))
    await appended(store, push(blob(b"sealed" * 20), stream=VAULT, document="sealed"))
    await store.close()
    flip(path, place_of(path, "change", 1) + 20, 1)

    store = SqliteLogStore.open(path)
    asked = 0
    unapplied = store.unapplied

    async def counted(*given: object, **named: object) -> list[LoggedRow]:
        nonlocal asked
        asked += 1
        return await unapplied(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "unapplied", counted)
    applier = Applier(store, Wakeups())
    await applier.start()
    assert await store.stream_heads() | {RECORD: 1, VAULT: 1} == await store.stream_heads()
    applier.appended()
    await asyncio.sleep(1.5)
    assert asked < 10
    await applier.close()
    await store.close()


def test_a_device_is_told_and_the_other_streams_are_read() -> None:
    damaged, sound = UUID(int=1), UUID(int=2)
    delivery = Delivery(Budgets(Rates(10.0, 100.0, 1_000.0, 1_000.0)).of(UUID(int=7), 0.0))
    for stream in (damaged, sound):
        offer = StreamOffer(stream, Audience.RECORD, Role.CLIENT, UUID(int=9), UUID(int=8), "", 5, 1, 1)
        delivery.streams[stream] = Served(offer, 0, None, None)
    delivery.take_turns()
    assert delivery.next_read(0.0) == [ReadPage(damaged, UUID(int=9), 0)]
    delivery.damaged(damaged)
    assert delivery.next_read(0.0) == [ReadPage(sound, UUID(int=9), 0)]
    delivery.denied(sound)
    delivery.woken(damaged, 99)
    assert delivery.next_read(0.0) == []
    assert delivery.serves(damaged)  # what the device has not sent yet is taken
    (_, said) = stopped(ErrorCode.STREAM_DAMAGED, damaged)
    assert isinstance(said, Send)
    assert isinstance(said.frame, Error)
    assert said.frame.stream == damaged
