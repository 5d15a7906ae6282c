"""What tests of connections start from: a small server on a real socket, and a tracker that is paired with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.client_sdk.practice import Practice
from tests.client_sdk.sync.fake_server import FakeServer, fake_server, pair_with

from intersession import Tracker


@pytest.fixture
def server(practice: Practice) -> Iterator[FakeServer]:
    with fake_server(practice) as running:
        yield running


@pytest.fixture
def paired(tracker: Tracker, server: FakeServer, practice: Practice, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    """The tracker, sharing everything with the fake server."""
    return pair_with(tracker, practice, server.port, monkeypatch)
