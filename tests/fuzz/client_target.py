"""Frames against the device's session: the pure machine with a store that is only counted, and real stores.

Whatever a server sends, nothing raises; what waits to be sent leaves the outbox only where it was answered or came
back; and what a page brings is kept, or told as a problem, before its cursor is.
"""

from __future__ import annotations

from random import Random

from tests.fuzz.cases import Case
from tests.fuzz.inputs.client_frames import frames, welcome
from tests.fuzz.inputs.mutated_frames import mutated_frame
from tests.fuzz.scenes.counted_side import CountedSide, Device
from tests.fuzz.scenes.store_scene import StoreScene

from intersession_schemas import codec
from intersession_schemas.errors import WireError
from intersession_schemas.streams import Role

SESSION, TRACKER, CASELOAD = "session", "tracker", "caseload"
FRAMES_A_CASE = 60
STORES = 0.02
"""The share of cases that run on a real store: each costs as much as hundreds of frames without one."""


class ClientTarget:
    """`ReplicaSession`, and `Exchange` with all below it on a store."""

    def __init__(self, stores: float = STORES) -> None:
        self._stores = stores

    def make(self, chance: Random) -> Case:
        """What a hostile server sends."""
        kind = SESSION if chance.random() >= self._stores else chance.choice((TRACKER, TRACKER, CASELOAD))
        first = codec.encode(welcome(Role.PRIMARY if kind == CASELOAD else Role.CLIENT))
        if chance.random() < 0.1:
            first = mutated_frame(first, chance)
        inputs = [first, *frames(chance, FRAMES_A_CASE - 1)]
        return Case(tuple(("frame", one) for one in inputs), (), kind, chance.randrange(1 << 30))

    def run(self, case: Case) -> str:
        """Hear it all."""
        if case.kind == SESSION:
            device = Device(CountedSide(case.seed), case.seed)
            for _, data in case.inputs:
                hear(device, data)
            device.rest()
            return "heard"
        with StoreScene(case.kind, case.seed) as scene:
            for _, data in case.inputs:
                scene.hear(data)
            scene.check()
        return f"{case.kind} heard"


def hear(device: Device, data: bytes) -> None:
    """One message; what is no frame ends the connection, and the next begins."""
    try:
        frame = codec.decode_down(data)
    except WireError:
        device.reconnect()
        return
    device.hear(frame)
