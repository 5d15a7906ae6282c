"""What a server's welcome allows is kept to: how fast frames come, and how large they are."""

from __future__ import annotations

import secrets
import time
from typing import Any

import pytest
from tests.client_sdk.practice import replica_of
from tests.client_sdk.sync.fake_server import FakeServer
from websockets.asyncio.server import ServerConnection

from intersession import SyncReport, Tracker
from intersession_schemas.messages import Accepted, Limits, Push, Rejected, Up
from intersession_schemas.work import work


@pytest.mark.parametrize("burst", [0.0, 80.0])
def test_a_strict_server_never_sees_more_than_its_welcome_allows(
    server: FakeServer, paired: Tracker, burst: float
) -> None:
    server.limits = Limits(2**21, 32, messages_per_second=100.0, burst=burst)
    for number in range(250):
        paired.journal.write(f"Day {number}")
    assert paired.sync().complete
    assert len(server.pushed) == 250
    paired.journal.write("one more, on a new connection")
    assert paired.sync().complete
    assert server.violations == 0
    assert paired.status().pending == 0


def test_answers_that_arrive_together_are_one_commit(server: FakeServer, paired: Tracker) -> None:
    held_back: list[Accepted] = []

    async def together(_: ServerConnection, frame: Up) -> Any:
        if not isinstance(frame, Push):
            return None
        held_back.append(Accepted(frame.id, 0))
        if len(held_back) < 16:
            return []
        answers = held_back.copy()
        held_back.clear()
        return answers

    server.hook = together
    for number in range(64):
        paired.journal.write(f"Day {number}")
    statements: list[str] = []
    with replica_of(paired).reading() as store:
        store._conn.set_trace_callback(statements.append)
    assert paired.sync() == SyncReport(64, 0, 0, complete=True)
    assert paired.status().pending == 0
    assert 0 < sum(statement.upper().startswith("COMMIT") for statement in statements) <= 64 / 2


def test_work_is_paced_as_well(server: FakeServer, paired: Tracker) -> None:
    each = work(rows=1)
    server.limits = Limits(2**21, 32, 0.0, work_per_second=40 * each, work_burst=20 * each)
    for number in range(30):
        paired.journal.write(f"Day {number}")
    began = time.monotonic()
    assert paired.sync().complete
    assert time.monotonic() - began > (30 - 20) / 40


def test_what_is_refused_for_now_waits_as_long_as_it_is_told(server: FakeServer, paired: Tracker) -> None:
    came: list[float] = []

    async def busy(_: ServerConnection, frame: Up) -> Any:
        if isinstance(frame, Push):
            came.append(time.monotonic())
            if len(came) == 1:
                return [Rejected(frame.id, "busy", "later", frame.document, 0.5)]
        return None

    server.hook = busy
    server.limits = Limits(2**21, 1, 0.0)
    for number in range(3):
        paired.journal.write(f"Day {number}")
    assert paired.sync().complete
    assert len(came) == 4
    assert came[1] - came[0] >= 0.5


def test_frames_are_as_small_as_the_welcome_says(server: FakeServer, paired: Tracker) -> None:
    server.limits = Limits(64 * 1024, 32, 0.0)
    entry = paired.journal.write("x")
    for _ in range(30):
        paired.journal.edit(entry.id, text=secrets.token_hex(1_000))
    for _ in range(30):
        paired.journal.write(secrets.token_hex(4_000))
    report = paired.sync()
    assert report.complete, report
    assert max(server.sizes) <= 64 * 1024
    assert len(server.connections) == 1
    assert sum(len(push.changes) for push in server.pushed) == report.pushed == 61


def test_what_can_never_go_is_kept_as_text_and_everything_else_goes(server: FakeServer, paired: Tracker) -> None:
    server.limits = Limits(4_000, 32, 0.0)
    words = secrets.token_hex(4_500)
    paired.journal.write(words)
    other = paired.journal.write("small")
    report = paired.sync()
    assert (report.complete, report.refused) == (True, 1)
    (refusal,) = paired.status().refusals
    assert (refusal.code, refusal.text) == ("too_large", words)
    assert [push.document for push in server.pushed] == [other.id]
    assert len(server.connections) == 1


def test_a_server_that_takes_less_than_it_says_makes_no_loop(server: FakeServer, paired: Tracker) -> None:
    async def small(socket: ServerConnection, frame: Up) -> Any:
        if isinstance(frame, Push) and sum(map(len, frame.changes)) > 4_000:
            await socket.close(4413)
            return []
        return None

    server.hook = small
    words = secrets.token_hex(4_500)
    paired.journal.write(words)
    for number in range(5):
        paired.journal.write(f"Day {number}")
    report = paired.sync(timeout=30)
    assert report.complete, report
    assert len({push.document for push in server.pushed}) == 5
    assert [refusal.text for refusal in paired.status().refusals] == [words]
    assert len(server.connections) <= 4
