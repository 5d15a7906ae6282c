"""A therapist of the practice who is assigned to nobody: asks for a record it knows the id of, and writes into it."""

from __future__ import annotations

from uuid import UUID

from tests.simulation.people.practice import Practice
from tests.simulation.world import Link

from intersession_schemas import codec, crdt
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.messages import Accepted, Have, Hello, Push, Rows, Snapshot, StreamCursor, Want


class Intruder:
    """Tries it once, at some moment."""

    def __init__(self, practice: Practice, span: float) -> None:
        self.prey: list[str] = []
        self._world, self._server, self._span = practice.world, practice.server, span
        self._account, self._device, self._document = practice.new_id(), practice.new_id(), practice.new_id()
        client = self._world.random.choice(practice.clients)
        self._stream: UUID = self._world.random.choice([client.record, client.vault, client.chart])

    def start(self) -> None:
        """Try it some time, with a server that is up."""
        self._world.later(self._world.random.uniform(1, self._span), self._try)

    def _try(self) -> None:
        if not self._server.up:
            self.start()
            return
        link = Link(
            self._world,
            up=lambda data: self._server.hear(served, data),
            down=self._hear,
            ended=[lambda _: self._server.lost(served)],
        )
        served = self._server.accept(link, self._account, self._device)
        random = self._world.random
        change = symptoms.create(crdt.Document.new(random.randbytes(16)), "2026-03")
        for number, frame in enumerate(
            (
                Hello(protocol=(1, 1), replica=self._document, streams=[StreamCursor(self._stream, 1)]),
                Push(1, self._stream, self._document, "symptom_log", [change]),
                Have(self._stream, self._document, [bytes(32)]),
            )
        ):
            self._world.later(number + random.random(), lambda frame=frame: link.up.send(codec.encode(frame)))  # type: ignore[misc]

    def _hear(self, data: bytes) -> None:
        frame = codec.decode_down(data)
        if isinstance(frame, Rows | Snapshot | Want):
            self.prey.append(f"somebody without a grant was sent {type(frame).__name__}")
        if isinstance(frame, Accepted):
            self.prey.append("a push of somebody without a grant was accepted")
