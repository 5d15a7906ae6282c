"""What is said to a replica in a fixed form. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from intersession_schemas.errors import (
    NOT_FINAL,
    REFUSAL_TEXT,
    STREAM_STOPPED_TEXT,
    CloseCode,
    ErrorCode,
    RefusalCode,
    WireError,
)
from intersession_schemas.messages import Error, Rejected
from intersession_server.sync.events import Close, Effect, NoteDefence, NoteStopped, Send

NAMED = 10
"""So many streams are named in answers of their own."""
BACK_FROM = 1.0
BACK_WITHIN = 4.0
"""A server that stops asks its devices back after `BACK_FROM` seconds, evenly over the next `BACK_WITHIN`, or longer
where they are very many: a restart takes about so long, and ten seconds after it nobody is missing."""
BACK_A_SECOND = 400
"""So many devices a second are asked back: it takes half of a core, or less."""
RETRY_SOON = 1.0
_RETRY = {RefusalCode.STORAGE_FAILED: 5.0, RefusalCode.STORAGE_FULL: 600.0, RefusalCode.LOG_DIVERGED: 3600.0}
"""Seconds after which a replica tries again what was not taken, by why it was not."""


def reject(id_: int, document: UUID, refusal: RefusalCode) -> Send:
    """The push or erasure is not taken, for now or for good."""
    wait = _RETRY.get(refusal, RETRY_SOON) if refusal in NOT_FINAL else None
    return Send(Rejected(id_, refusal, REFUSAL_TEXT[refusal], document, wait))


def storage_low(stream: UUID) -> Send:
    """There is little room left."""
    text = "The practice's server is running out of space for this record. Ask the practice to raise the limit."
    return Send(Error(ErrorCode.STORAGE_LOW, text, stream=stream))


def back_after(number: int, of: int) -> float:
    """Seconds after which the connection of that number, of so many, is asked back by a server that stops."""
    return BACK_FROM + max(BACK_WITHIN, of / BACK_A_SECOND) * number / of


def reconnect_within_ms(devices: int) -> int:
    """Over how many milliseconds so many devices are to come back when a server ends without a word."""
    return 1000 * devices // BACK_A_SECOND


def going_away(retry_after: float) -> Error:
    """The server stops, and wants to see this device again after so many seconds."""
    text = "The server is restarting. This device will reconnect automatically; nothing that was written is lost."
    return Error(ErrorCode.GOING_AWAY, text, retry_after)


def closes(effects: Sequence[Effect]) -> bool:
    """Whether one of them closes the connection."""
    return any(isinstance(effect, Close) for effect in effects)


def protocol_error(text: str) -> list[Effect]:
    """What the peer said may not be said, or not now."""
    return [Send(Error(ErrorCode.PROTOCOL_ERROR, text)), Close(CloseCode.PROTOCOL_ERROR)]


def too_fast(retry_after: float) -> list[Effect]:
    """The peer has sent far more than it may for so long that it is closed."""
    error = Error(ErrorCode.RATE_LIMITED, REFUSAL_TEXT[RefusalCode.RATE_LIMITED], retry_after)
    return [NoteDefence("closed_for_its_pace"), Send(error), Close(CloseCode.TOO_MANY)]


def malformed(error: WireError) -> list[Effect]:
    """What came is no frame, or none that this protocol has."""
    effects: list[Effect] = [Send(Error(error.code, str(error)))]
    if error.code == ErrorCode.FRAME_TOO_LARGE:
        effects.append(Close(CloseCode.FRAME_TOO_LARGE))
    elif error.code != ErrorCode.UNKNOWN_FRAME:
        effects.append(Close(CloseCode.PROTOCOL_ERROR))
    return effects


def stopped(code: ErrorCode, stream: UUID) -> list[Effect]:
    """That one stream cannot go on; the others do."""
    return [NoteStopped(stream, code), Send(Error(code, STREAM_STOPPED_TEXT[code], stream=stream))]


def unknown_streams(streams: Sequence[UUID]) -> list[Effect]:
    """Cursors were of streams that the account never had: the first few are named, the others counted."""
    named: list[Effect] = []
    for stream in streams[:NAMED]:
        named += stopped(ErrorCode.UNKNOWN_STREAM, stream)
    if len(streams) > NAMED:
        more = f"The device asked about {len(streams) - NAMED} more streams that this server does not know."
        named.append(Send(Error(ErrorCode.UNKNOWN_STREAM, more)))
    return named
