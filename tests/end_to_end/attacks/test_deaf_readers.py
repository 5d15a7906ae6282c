"""Devices that are sent what they may read and never read it: they cost a page each, and are cut and told why."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.end_to_end.conftest import Note
from tests.end_to_end.support.deaf import fill, never_reading
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import ServerProcess, serving
from tests.end_to_end.support.wire import redeem

from intersession import Tracker
from intersession_schemas.errors import CloseCode
from intersession_server.sync.limits import TOLD_WITHIN

pytestmark = pytest.mark.timeout(300)

DEVICES, EACH = 10, 5
SEND_TIMEOUT = 3
MEMORY_EACH = 2 * 2**20
"""A page as rows, as a frame and in the transport's buffer; their record is 14 MiB."""


def confirmed(phone: Tracker, writes: int) -> list[float]:
    """The seconds until each of so many writes is on the server."""
    took = []
    for _ in range(writes):
        began = time.monotonic()
        phone.journal.write("Meanwhile.")
        assert phone.wait_synced(30)
        took.append(time.monotonic() - began)
    return took


def noted(server: ServerProcess) -> int:
    return sum(event["event"] == "sync.too_slow" for event in server.events())


def test_fifty_readers_that_never_read(tmp_path: Path, note: Note) -> None:
    with (
        serving(tmp_path / "server", "--send-timeout-seconds", str(SEND_TIMEOUT)) as server,
        Practice.on(server) as practice,
    ):
        client = practice.add_client("Mara")
        fill(server, redeem(server.url, client.code))
        tokens = []
        for number in range(DEVICES):
            therapist = practice.add_therapist(f"therapist{number}")
            practice.assign(client.person, f"therapist{number}")
            tokens.append(redeem(server.url, therapist.code))
        before = server.memory()
        server.forget_most_memory()
        with practice.tracker(tmp_path / "phone.db", client.person) as phone, phone.live(), ExitStack() as stack:
            assert phone.wait_synced(60)
            alone = confirmed(phone, 10)
            opened = [stack.enter_context(never_reading(server, token)) for token in tokens for _ in range(EACH)]
            threads = stack.enter_context(ThreadPoolExecutor(len(opened)))
            hearing = [threads.submit(one.listen, SEND_TIMEOUT + TOLD_WITHIN / 3, 60.0) for one in opened]
            beside = confirmed(phone, 20)
            most = server.most_memory()
            told = Counter(one.result() for one in hearing)
            assert noted(server) == len(opened)
            after = server.memory()
    note(
        f"{len(opened)} readers that never read: {told[CloseCode.TOO_SLOW]} told why they were cut; memory"
        f" {before >> 20} MiB before, {most >> 20} at most, {after >> 20} afterwards; another device's writes confirmed"
        f" in {1000 * max(beside):.0f} ms at most, {1000 * max(alone):.0f} without them"
    )
    assert most - before < MEMORY_EACH * len(opened)
    assert max(beside) < SEND_TIMEOUT
    assert told == {CloseCode.TOO_SLOW: len(opened)}
