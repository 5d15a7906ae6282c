"""Every frame has a rule: what somebody without a grant is told when they send it, and who may be sent it.

A frame that is added without a rule here fails.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from tests.simulation.fleet import templates
from tests.simulation.nodes.access import GRACE
from tests.simulation.nodes.server_node import ServerNode
from tests.simulation.world import Link, World

from intersession_schemas import codec, crdt
from intersession_schemas.changes import read_change
from intersession_schemas.codec import DOWN_FRAMES, UP_FRAMES
from intersession_schemas.documents.diary import journal
from intersession_schemas.messages import (
    Accepted,
    Down,
    Erase,
    Erased,
    Error,
    Frame,
    Have,
    Hello,
    Outcomes,
    Packed,
    Purged,
    Push,
    Pushes,
    Rejected,
    Revoked,
    Rows,
    Snapshot,
    StreamCursor,
    Up,
    Want,
    Welcome,
)
from intersession_schemas.streams import Audience, Role
from intersession_server.log.submissions import Submission

GRANT_NOW = "only under a grant that is active when its content is read"
NO_CONTENT = "holds nothing of a record"

DOWN_RULES: dict[type[Frame], str] = {
    Welcome: GRANT_NOW,  # the streams it lists, and their clients' names
    Rows: GRANT_NOW,
    Snapshot: GRANT_NOW,
    Packed: GRANT_NOW,  # one of these two
    Want: GRANT_NOW,  # says which changes the log lacks, and so which it has
    Accepted: GRANT_NOW,
    Outcomes: GRANT_NOW,  # with an `accepted` among them
    Erased: GRANT_NOW,  # says that the document was there, and when it was read
    Rejected: NO_CONTENT,
    Revoked: NO_CONTENT,
    Error: NO_CONTENT,
}

T = TypeVar("T")
SECRET = "what only the care team may read"


class Scene:
    """A record with one entry, and a device that asks for it: the server's real session, log and checks."""

    def __init__(self, folder: Path) -> None:
        self.world = World(1)
        self.world.calm = True
        self.server = ServerNode(self.world, folder, templates()[1])
        self.client, self.asking, self.device = uuid4(), uuid4(), uuid4()
        self.record, self.document = uuid4(), uuid4()
        at, store = self.world.datetime(), self.server.store
        self.do(store.create_stream(self.record, Audience.RECORD, uuid4(), self.client, at))
        self.grant(self.client, self.record, Role.CLIENT)
        self.change = journal.create(crdt.Document.new(bytes(16)), written_at=at, entered_at=at, text=SECRET)
        push = Submission(
            self.client, uuid4(), self.record, self.document, "journal_entry", (read_change(self.change),)
        )
        self.do(store.append(push, at))
        self.do(store.applied(self.record, 1, []))

    def do(self, work: Awaitable[T]) -> T:
        """What a call of the log's store comes to."""
        return self.server.do(work)

    def grant(self, account: UUID, stream: UUID, role: Role) -> None:
        """Let an account read a stream, as the server and as the world see it."""
        self.do(self.server.store.grant(uuid4(), stream, account, role, self.world.datetime()))
        self.server.access.begin(account, stream)

    def changes(self) -> list[bytes]:
        """What the log has of the document."""
        return list(self.do(self.server.store.document_changes(self.document)))

    def probe(self, kind: type[Frame]) -> Up:
        """A frame of that kind that asks for the record, or writes into it, as nearly right as can be."""
        probes: dict[type[Frame], Callable[[], Up]] = {
            Hello: lambda: Hello(protocol=(1, 1), replica=uuid4(), streams=[StreamCursor(self.record, 0)]),
            Push: lambda: Push(1, self.record, self.document, "journal_entry", [self.change]),
            Pushes: lambda: Pushes([Push(3, self.record, self.document, "journal_entry", [self.change])]),
            Erase: lambda: Erase(2, self.record, self.document, "journal_entry"),
            Have: lambda: Have(self.record, self.document, [bytes(32), read_change(self.change).hash]),
            Purged: lambda: Purged(self.record, uuid4()),
        }
        assert set(probes) == set(UP_FRAMES.values()), "a frame without a rule"
        return probes[kind]()

    def ask(self, *kinds: type[Frame], account: UUID | None = None) -> list[Down]:
        """Say hello and then send these; what comes back."""
        heard: list[Down] = []
        link = Link(
            self.world,
            up=lambda data: self.server.hear(served, data),
            down=lambda data: heard.append(codec.decode_down(data)),
            ended=[],
        )
        served = self.server.accept(link, account or self.asking, self.device)
        sending: list[type[Frame]] = [Hello, *kinds]
        for kind in sending:
            link.up.send(codec.encode(self.probe(kind)))
            self.world.run(self.world.now + 5)
        return heard


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.server.close()


def test_every_frame_down_has_a_rule() -> None:
    assert set(DOWN_RULES) == set(DOWN_FRAMES.values())


@pytest.mark.parametrize("kind", list(UP_FRAMES.values()), ids=list(UP_FRAMES))
@pytest.mark.parametrize("former", ["never granted", "grant ended", "device revoked", "another role's stream"])
def test_without_a_grant_no_frame_gets_anything(kind: type[Frame], former: str, scene: Scene) -> None:
    store, at, earlier = scene.server.store, scene.world.datetime(), -2 * GRACE
    if former == "grant ended":
        scene.grant(scene.asking, scene.record, Role.PRIMARY)
        scene.do(store.end_grants(scene.record, scene.asking, at))
        scene.server.access.end(scene.asking, scene.record, earlier)
    if former == "device revoked":
        scene.grant(scene.asking, scene.record, Role.PRIMARY)
        scene.do(store.revoke_device(scene.device, at))
        scene.server.access.revoke(scene.device, earlier)
    if former == "another role's stream":
        chart = uuid4()
        scene.do(store.create_stream(chart, Audience.CHART, uuid4(), uuid4(), at))
        scene.grant(scene.asking, chart, Role.PRIMARY)
    for frame in scene.ask(*([] if kind is Hello else [kind])):
        if DOWN_RULES[type(frame)] == GRANT_NOW:
            assert isinstance(frame, Welcome), type(frame).__name__
            assert scene.record not in [offer.stream for offer in frame.streams]
        assert SECRET.encode() not in codec.encode(frame)
    assert not scene.server.leaks
    assert scene.changes() == [scene.change]


def test_with_a_grant_the_same_frames_do(scene: Scene) -> None:
    """Otherwise the test above could not fail."""
    heard = scene.ask(Push, Have, Erase, account=scene.client)
    assert {type(frame) for frame in heard} >= {Welcome, Snapshot, Accepted, Want, Erased, Rows}
    assert scene.changes() == []
    (snapshot,) = [frame for frame in heard if isinstance(frame, Snapshot)]
    assert snapshot.items[0].rows[0].change == scene.change
