"""What is said to a replica in a fixed form. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from intersession_schemas.errors import NOT_FINAL, REFUSAL_TEXT, CloseCode, ErrorCode, Refusal
from intersession_schemas.messages import Error, Rejected
from intersession_server.sync.events import Close, Effect, Send

NAMED = 10
"""So many streams are named in answers of their own."""
RETRY_SOON = 1.0
_RETRY = {Refusal.STORAGE_FAILED: 5.0, Refusal.STORAGE_FULL: 600.0}
"""Seconds after which a replica tries again what was not taken, by why it was not."""


def reject(id_: int, document: UUID, refusal: Refusal) -> Send:
    """The push or erasure is not taken, for now or for good."""
    wait = _RETRY.get(refusal, RETRY_SOON) if refusal in NOT_FINAL else None
    return Send(Rejected(id_, refusal, REFUSAL_TEXT[refusal], document, wait))


def storage_low(stream: UUID) -> Send:
    """There is little room left."""
    text = "The practice's server has little room left for this record. Ask the practice to raise the limit."
    return Send(Error(ErrorCode.STORAGE_LOW, text, stream=stream))


def closes(effects: Sequence[Effect]) -> bool:
    """Whether one of them closes the connection."""
    return any(isinstance(effect, Close) for effect in effects)


def protocol_error(text: str) -> list[Effect]:
    """What the peer said may not be said, or not now."""
    return [Send(Error(ErrorCode.PROTOCOL_ERROR, text)), Close(CloseCode.PROTOCOL_ERROR)]


def unknown_streams(streams: Sequence[UUID]) -> list[Effect]:
    """Cursors were of streams that the account never had: the first few are named, the others counted."""
    text = "The device asked about a stream that this server does not know. What it holds of it is kept there."
    named = [Send(Error(ErrorCode.UNKNOWN_STREAM, text, stream=stream)) for stream in streams[:NAMED]]
    if len(streams) > NAMED:
        more = f"The device asked about {len(streams) - NAMED} more streams that this server does not know."
        named.append(Send(Error(ErrorCode.UNKNOWN_STREAM, more)))
    return list(named)
