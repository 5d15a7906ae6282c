"""What a server should not send, in each phase of a connection: bytes that are no frame, and frames out of place."""

from __future__ import annotations

import msgspec
from tests.vectors.frames import CHAIN, DOCUMENT, OFFER, REPLICA, STREAM
from tests.vectors.sessions.events import (
    GRANTED,
    IDLE,
    OTHER_STREAM,
    SECOND,
    UNDER_WAY,
    VAULT,
    Event,
    arrived,
    begun,
    changed,
    cursor,
    got,
    opened,
    outbox,
    rejected,
    tick,
    trace,
    welcomed,
)

_PHASES: dict[str, tuple[Event, ...]] = {
    "before the welcome": (opened(cursors=[cursor()]),),
    "while the outbox is read": (opened(cursors=[cursor()]), welcomed(streams=[{**OFFER, "head": 5}])),
    "while nothing goes on": IDLE,
    "while pushes are under way": UNDER_WAY,
    "while nothing may be pushed": (*UNDER_WAY, rejected("busy", retry_after=60.0)),
    "after the only stream was purged": (*IDLE, got("revoked", 103.0, **GRANTED)),
    "after the log diverged": (*IDLE, got("error", 103.0, code="log_diverged", message="Put back.", stream=STREAM)),
    "on the next connection": (*UNDER_WAY, begun(), opened(103.0)),
}

_UNREADABLE = {
    "no MessagePack": b"\xc1",
    "a frame of the other direction": msgspec.msgpack.encode({"frame": "purged", "stream": REPLICA, "grant": REPLICA}),
    "a frame that is not known": msgspec.msgpack.encode({"frame": "teleport"}),
    "a negative number": msgspec.msgpack.encode({"frame": "accepted", "id": -1, "seq": 2}),
}

_OUT_OF_PLACE = (
    got("accepted", 104.0, id=1, seq=7),
    got("erased", 104.5, id=2, seq=2),
    got("rows", 105.5, stream=STREAM, items=[], through=2, chain=CHAIN),
    got("rows", 106.5, stream=OTHER_STREAM, items=[], through=3, chain=CHAIN),
    got("snapshot", 107.0, stream=VAULT, items=[], head=9, chain=CHAIN, backfill=3),
    got("want", 107.5, stream=OTHER_STREAM, document=SECOND, heads=[]),
    got("revoked", 108.0, stream=OTHER_STREAM, grant=DOCUMENT),
    got("error", 108.5, code="unknown_stream", message="?", stream=OTHER_STREAM),
    changed(109.0),
    tick(200.0),
)

ILLEGAL = (
    *(
        trace(
            f"What is no frame of a server changes nothing, and frames out of place harm nothing, {phase}.",
            *before,
            *(arrived(data, 103.5) for data in _UNREADABLE.values()),
            *_OUT_OF_PLACE,
        )
        for phase, before in _PHASES.items()
    ),
    trace(
        "`hello` twice, and a welcome that takes everything back, are borne as well.",
        opened(cursors=[cursor()]),
        opened(100.5, cursors=[cursor(VAULT)]),
        welcomed(),
        welcomed(streams=[]),
        outbox(),
    ),
)
