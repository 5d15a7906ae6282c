"""What tests of the SDK start from: a store in a folder of its own, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import Practice, SettableClock
from tests.client_sdk.store_files import RAW

from intersession import Caseload, Tracker


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def practice() -> Practice:
    return Practice()


OpenTracker = Callable[[str], Tracker]


@pytest.fixture
def open_tracker(tmp_path: Path, clock: SettableClock) -> Iterator[OpenTracker]:
    """Opens the store of that name, on the settable clock; closed after the test."""
    with ExitStack() as opened:
        yield lambda name: opened.enter_context(Tracker.open(tmp_path / f"{name}.db", clock=clock))


@pytest.fixture
def tracker(open_tracker: OpenTracker) -> Tracker:
    return open_tracker("tracker")


@pytest.fixture
def caseload(tmp_path: Path, clock: SettableClock) -> Iterator[Caseload]:
    with Caseload.open(tmp_path / "caseload.db", clock=clock) as opened:
        yield opened


Pair = Callable[..., None]


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch, practice: Practice) -> Pair:
    """Pairs a tracker without a network; further arguments are those of `Tracker.pair`."""

    def paired(tracker: Tracker, *, share_by_default: bool = True, share_earlier: bool = False) -> None:
        monkeypatch.setattr("intersession.pairing.redeeming.redeem", lambda *_, **__: practice.reply())
        tracker.pair("http://localhost:1", "ABCD-EFGH", share_by_default=share_by_default, share_earlier=share_earlier)

    return paired


@pytest.fixture
def care(tracker: Tracker, caseload: Caseload) -> Care:
    """A client and a therapist, each with a device, at a practice of their own."""
    return Care(tracker, caseload)


KEYS = {"plain": None, "encrypted": RAW}


@pytest.fixture(params=KEYS)
def key(request: pytest.FixtureRequest) -> bytes | None:
    """What the store is opened with: all that holds for a plain one holds for an encrypted one."""
    if request.param == "encrypted":
        pytest.importorskip("sqlcipher3")
    return KEYS[request.param]
