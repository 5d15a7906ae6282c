"""What tests of the vault start from: a practice whose clients have one, and two devices of one client."""

from __future__ import annotations

import pytest
from tests.client_sdk.conftest import OpenTracker, Pair
from tests.client_sdk.practice import Practice

from intersession import Tracker
from intersession.sealing import sealing
from intersession.sealing.sealing import Work
from intersession.sync.exchange import Exchange


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id that costs a test nothing."""
    monkeypatch.setattr(sealing, "WORK", Work(memory=64, passes=1, lanes=1))


@pytest.fixture
def practice() -> Practice:
    return Practice(vault=True)


@pytest.fixture
def side(tracker: Tracker, practice: Practice, pair: Pair) -> Exchange:
    """The network side of a paired tracker that shares nothing unless asked to."""
    pair(tracker, share_by_default=False)
    return practice.join(tracker)


@pytest.fixture
def other(open_tracker: OpenTracker, pair: Pair) -> Tracker:
    """A second device of the same client, paired and not yet synced."""
    device = open_tracker("other")
    pair(device, share_by_default=False)
    return device
