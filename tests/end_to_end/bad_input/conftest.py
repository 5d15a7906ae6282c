"""One server takes all bad input, and a witness's connection stays open throughout.

Each piece gets its documented answer; the server goes on serving others, in bounded memory, and nothing that it has
accepted is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from tests.end_to_end.support.entries import entry
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import ServerProcess, serving
from tests.end_to_end.support.wire import Peer, Token, redeem, welcomed

from intersession_schemas.changes import read_change
from intersession_schemas.messages import Accepted

THERAPIST = "anna"
MEMORY_TO_SPARE = 48 * 2**20
"""What one test may make the server take more than ever before."""


class Witness:
    """Somebody who has nothing to do with all this, and must not notice it."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.accepted: list[bytes] = []
        self.last = 0

    def write(self) -> None:
        """One more entry, accepted as always."""
        _, change = entry(f"Entry {len(self.accepted)} of the witness.")
        answer = self.peer.push(uuid4(), [change])
        assert isinstance(answer, Accepted)
        self.accepted.append(read_change(change).hash)
        self.last = answer.seq


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with serving(tmp_path_factory.mktemp("bad-input") / "server") as running:
        yield running


@pytest.fixture(scope="session")
def practice(server: ServerProcess) -> Iterator[Practice]:
    with Practice.on(server) as made:
        made.add_therapist(THERAPIST)
        yield made


@pytest.fixture(scope="session")
def witness(server: ServerProcess, practice: Practice) -> Iterator[Witness]:
    client = practice.add_client("Witness", THERAPIST)
    with welcomed(server.url, redeem(server.url, client.code).token) as peer:
        witness = Witness(peer)
        yield witness
        witness.write()
    with welcomed(server.url, redeem(server.url, practice.invite_client(client.person)).token) as peer:
        documents = peer.everything(witness.last)
    found = [read_change(change).hash for changes in documents.values() for change in changes]
    assert sorted(found) == sorted(witness.accepted)


@pytest.fixture(autouse=True)
def _others_go_on(server: ServerProcess, witness: Witness) -> Iterator[None]:
    """After each test the same process serves the witness, and has never taken much memory over what was sent."""
    witness.write()
    pid, memory = server.pid, server.most_memory()
    yield
    witness.write()
    assert (server.pid, server.is_running()) == (pid, True)
    assert server.most_memory() - memory < MEMORY_TO_SPARE


@pytest.fixture
def client(practice: Practice, request: pytest.FixtureRequest) -> UUID:
    """A client in the care of `THERAPIST`."""
    return practice.add_client(request.node.name, THERAPIST).person


@pytest.fixture
def token(server: ServerProcess, practice: Practice, client: UUID) -> Token:
    """The token of a device of theirs."""
    return redeem(server.url, practice.invite_client(client))


@pytest.fixture(scope="session")
def forger(server: ServerProcess, practice: Practice) -> Token:
    """A device of somebody whose changes are all forged under one actor, which so belongs to them."""
    return redeem(server.url, practice.add_client("Forger", THERAPIST).code)


@pytest.fixture
def peer(server: ServerProcess, token: Token) -> Iterator[Peer]:
    """That device, connected and welcomed."""
    with welcomed(server.url, token.token) as made:
        yield made
