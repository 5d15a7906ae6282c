"""How far an exchange has come, step by step."""

from __future__ import annotations

from tests.vectors.cases import Case, Json
from tests.vectors.frames import CHAIN, CHANGE, DOCUMENT, OFFER, ROW, STREAM
from tests.vectors.sessions.events import OTHER_STREAM, SECOND, cursor

_ROWS = {"frame": "rows", "stream": STREAM, "through": 9, "chain": CHAIN}
_SNAPSHOT = {"frame": "snapshot", "stream": STREAM, "head": 9, "chain": CHAIN, "backfill": 0}
_SAVED = {"seq": 3, "hash": "aa" * 32, "author": DOCUMENT, "device": DOCUMENT, "received_at": CHANGE["received_at"]}
_WHOLE = {"document": DOCUMENT, "kind": "goal"}
_INSIDE = {**_SAVED, "deps": [], "actor": "01", "start_op": 1, "operations": 2, "length": 90}
_OFFERED = {**OFFER, "head": 10, "documents": 4, "bytes": 1001}


def waits(documents: int, size: int) -> Json:
    """So much waits."""
    return {"step": "waits", "documents": documents, "bytes": size}


def sent(document: str, size: int) -> Json:
    """Changes of a document are on the server."""
    return {"step": "sent", "document": document, "size": size}


def offered(*streams: Json, held: list[Json] | None = None) -> Json:
    """So much is to come."""
    return {"step": "offered", "streams": list(streams), "cursors": held or []}


def received(frame: Json, *items: Json) -> Json:
    """A page is stored."""
    return {"step": "received", "frame": {**frame, "items": list(items)}}


FINISHED: Json = {"step": "finished"}


def _case(shows: str, *steps: Json) -> Case:
    return Case(shows, "transfer", {"steps": list(steps)})


TRANSFERS = (
    _case(
        "What is sent counts by document; the total is what was sent and what still waits.",
        *(
            waits(2, 500),
            sent(DOCUMENT, 100),
            sent(DOCUMENT, 50),
            waits(1, 350),
            sent(SECOND, 350),
            waits(0, 0),
            FINISHED,
        ),
    ),
    _case(
        "Of a stream that is not held, all that is offered is to come.",
        offered(_OFFERED, held=[cursor(OTHER_STREAM)]),
        received(_ROWS, CHANGE, {**ROW, "seq": 8, "document": SECOND, "received_at": CHANGE["received_at"]}),
        FINISHED,
    ),
    _case("Of a stream that is held in part, as many parts of it as rows.", offered(_OFFERED, held=[cursor(at=7)])),
    _case("Of one that is still being filled, all.", offered(_OFFERED, held=[cursor(at=7, backfill=2)])),
    _case("Of one that is held whole, nothing.", offered(_OFFERED, {**OFFER, "head": 2}, held=[cursor(at=10)])),
    _case(
        "A saved document counts as long as its changes were.",
        received(
            _SNAPSHOT, {"document": DOCUMENT, "kind": "goal", "rows": [CHANGE], "saved": "00", "inside": [_INSIDE]}
        ),
    ),
    _case(
        "After all was exchanged it starts again with what is written or comes next.",
        *(sent(DOCUMENT, 100), FINISHED, waits(0, 0), received(_ROWS), waits(1, 20), FINISHED, received(_ROWS, CHANGE)),
    ),
)
