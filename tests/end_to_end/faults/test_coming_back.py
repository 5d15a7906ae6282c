"""Many devices that lose the server at one moment: the server says over how long they come back, and they do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from tests.bench.workloads.restart import connected, make_room, most_a_second, returns
from tests.end_to_end.conftest import Note
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.returning import returning
from tests.end_to_end.support.server_process import ServerProcess, serving, wait_for
from tests.end_to_end.support.wire import redeem, welcomed

from intersession_server.sync.answers import BACK_A_SECOND, reconnect_within_ms

pytestmark = pytest.mark.timeout(900)

ALL_BACK = 10.0
FEWER_A_SECOND = """
from intersession_server.sync import answers
answers.BACK_A_SECOND = 20
"""


def pair(server: ServerProcess, practice: Practice, count: int) -> list[str]:
    return [redeem(server.url, practice.add_client(f"Client {number}").code).token for number in range(count)]


def test_the_server_says_over_how_long_and_knows_it_after_a_kill(server: ServerProcess, practice: Practice) -> None:
    """Also before they are back: those who come first are to leave room for the others."""
    first, *others = pair(server, practice, 8)
    with welcomed(server.url, first) as peer:
        assert peer.welcome is not None
        assert peer.welcome.limits.reconnect_within_ms == reconnect_within_ms(1)
    with returning(server.url, others) as devices:
        wait_for(lambda: all(one.connected for one in devices), 30, "all are connected")
        with welcomed(server.url, first) as peer:
            assert peer.welcome is not None
            assert peer.welcome.limits.reconnect_within_ms == reconnect_within_ms(8) == 8_000 // BACK_A_SECOND
    server.kill()
    server.start()
    with welcomed(server.url, first) as peer:
        assert peer.welcome is not None
        assert peer.welcome.limits.reconnect_within_ms == reconnect_within_ms(8)


def test_a_device_of_the_sdk_does_as_the_server_said(tmp_path: Path, note: Note) -> None:
    """It remembers what it was told, and is back with the others."""
    with serving(tmp_path / "server", first=FEWER_A_SECOND) as server, Practice.on(server) as practice:
        tokens = pair(server, practice, 40)
        client = practice.add_client("Mara")
        with practice.tracker(tmp_path / "device.db", client) as tracker:
            server.stop()
            server.start()  # it knows now how many there are
            with returning(server.url, tokens) as devices, tracker.live():
                everybody: list[Callable[[], bool]] = [one.is_connected for one in devices]
                everybody.append(partial(connected, tracker))
                wait_for(lambda: all(one() for one in everybody), 30, "all are connected")
                back = returns(server, everybody, server.kill)
                spread = tracker._connection()._memory.spread
                assert spread == 41 / 20
    assert back[-1] <= ALL_BACK
    note(f"41 devices after a kill, told to spread over {spread:.1f} s: all back within {back[-1]:.1f} s")


@pytest.mark.long
@pytest.mark.parametrize("down", [0.0, 20.0])
def test_two_thousand_are_back_within_ten_seconds(
    server: ServerProcess, practice: Practice, down: float, note: Note
) -> None:
    make_room(2_000)
    with returning(server.url, pair(server, practice, 2_000)) as devices:
        back = returns(server, [one.is_connected for one in devices], server.kill, down)
        note(
            f"2,000 devices after a kill and {down:.0f} s or more without a server: half of them back after"
            f" {back[1_000]:.1f} s, all after {back[-1]:.1f} s, at most {most_a_second(back)} in one second;"
            f" {server.cpu():.1f} s of CPU from its start on"
        )
        assert back[-1] <= ALL_BACK
