"""The events that traces are written with."""

from __future__ import annotations

from tests.vectors.cases import Case, Json
from tests.vectors.frames import ACCOUNT, CHAIN, DEVICE, DOCUMENT, GRANT, LIMITS, OFFER, REPLICA, STREAM

VAULT, OTHER_STREAM = "8" * 8 + "-8888-8888-8888-" + "8" * 12, "9" * 8 + "-9999-9999-9999-" + "9" * 12
SECOND, THIRD = "a" * 8 + "-aaaa-aaaa-aaaa-" + "a" * 12, "b" * 8 + "-bbbb-bbbb-bbbb-" + "b" * 12
VAULT_OFFER = {**OFFER, "stream": VAULT, "audience": "vault"}
Event = dict[str, Json]


def trace(shows: str, *events: Event, **given: Json) -> Case:
    """A case of one connection, or of several."""
    return Case(shows, "session", {**given, "events": list(events)})


def opened(at: float = 100.0, cursors: list[Json] | None = None, **more: Json) -> Event:
    """The connection stands."""
    told = {"at": at, "event": "opened", "replica": REPLICA, "agent": "an app 1.0", **more}
    return told if cursors is None else {**told, "cursors": cursors}


def cursor(stream: str = STREAM, at: int = 3, **more: Json) -> Json:
    """What is held of a stream."""
    return {"stream": stream, "cursor": at, "chain": CHAIN, **more}


def got(name: str, at: float = 101.0, **fields: Json) -> Event:
    """A frame came."""
    return {"at": at, "event": "received", "frame": {"frame": name, **fields}}


def welcomed(at: float = 101.0, streams: list[Json] | None = None, limits: Json = None, **more: Json) -> Event:
    """The welcome came; unless told, of one record that is empty, and without limits on the pace."""
    fields = {"protocol": 1, "server": "1.0", "account": ACCOUNT, "device": DEVICE, **more}
    allowed = {**LIMITS, "pushes": 2, "messages_per_second": 0.0, **(limits or {})}
    return got("welcome", at, **fields, streams=[OFFER] if streams is None else streams, limits=allowed)


def changed(at: float = 102.0) -> Event:
    """Something was written."""
    return {"at": at, "event": "outbox_changed"}


def outbox(*items: Json, at: float = 102.0) -> Event:
    """What was in the outbox."""
    return {"at": at, "event": "outbox_read", "items": list(items)}


def tick(at: float) -> Event:
    """The deadline has come."""
    return {"at": at, "event": "tick"}


def arrived(data: bytes, at: float = 103.0) -> Event:
    """Bytes came, which may be no frame."""
    return {"at": at, "event": "arrived", "bytes": data.hex()}


def begun(**given: Json) -> Event:
    """The connection has ended, and the next one begins."""
    return {"event": "begun", **given}


def item(document: str = DOCUMENT, *changes: str, stream: str = STREAM, **more: Json) -> Json:
    """What waits in the outbox of one document; two changes unless told."""
    held = list(changes or ("00ff", "01ff"))
    hashes = [f"{place:02x}" * 32 for place in range(1, len(held) + 1)]
    return {"stream": stream, "document": document, "kind": "goal", "hashes": hashes, "changes": held, **more}


def erasure(document: str = DOCUMENT) -> Json:
    """That a document is to be withdrawn."""
    return {**item(document), "hashes": [], "changes": [], "erase": True}


def rejected(code: str, id_: int = 1, at: float = 103.0, document: str = DOCUMENT, **more: Json) -> Event:
    """A push was not taken."""
    return got("rejected", at, id=id_, code=code, message="No.", document=document, **more)


IDLE = (opened(), welcomed(), outbox())
"""Welcomed, and nothing to send."""
UNDER_WAY = (opened(), welcomed(), outbox(item(), item(SECOND)))
"""Two pushes are under way."""
GRANTED = {"stream": STREAM, "grant": GRANT}
