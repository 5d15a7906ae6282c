"""Every way a document, a change or a frame can be refused, as data.

The tree:

    IntersessionError            carries a `code`; everything below is one
    ├── DocumentError            a change or a document that cannot be used
    ├── WireError                bytes from a peer that are not a frame of this protocol
    └── InvalidField             a value that the caller gave and that no document may hold

A message says what happened, whose fault it is and what to do. It never holds content of an entry.
"""

from __future__ import annotations

from enum import StrEnum


class IntersessionError(Exception):
    """The base class of all errors raised on purpose.

    `code` is stable and meant for programs; the text is meant for people and may be reworded.
    """

    code: str = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class DocumentError(IntersessionError):
    """A change or document cannot be used; `code` is a `RefusalCode` value."""

    code = "bad_change"


class WireError(IntersessionError):
    """The peer sent bytes that are not a valid frame; `code` is an `ErrorCode` value."""

    code = "protocol_error"


class InvalidField(IntersessionError, ValueError):
    """The caller gave a value that the field does not accept; the text names the field and what it accepts."""

    code = "invalid_field"


class RefusalCode(StrEnum):
    """Why a push is `rejected`. Those in `NOT_FINAL` may be sent again as they are."""

    UNKNOWN_STREAM = "unknown_stream"
    UNKNOWN_KIND = "unknown_kind"
    NOT_WRITER = "not_writer"
    NOT_AUTHOR = "not_author"
    WRONG_PERSON = "wrong_person"
    WRONG_DOCUMENT = "wrong_document"
    ERASED = "erased"
    BAD_CHANGE = "bad_change"
    BAD_CHECKSUM = "bad_checksum"
    TOO_LARGE = "too_large"
    TOO_MANY_OPERATIONS = "too_many_operations"
    ACTOR_REUSED = "actor_reused"
    ACTOR_TAKEN = "actor_taken"
    MISSING_DEPENDENCY = "missing_dependency"
    DEPENDENCY_REFUSED = "dependency_refused"
    DOES_NOT_APPLY = "does_not_apply"
    BUSY = "busy"
    RATE_LIMITED = "rate_limited"
    STORAGE_FAILED = "storage_failed"
    STORAGE_FULL = "storage_full"
    LOG_DIVERGED = "log_diverged"


NOT_FINAL = frozenset(
    {
        RefusalCode.MISSING_DEPENDENCY,
        RefusalCode.BUSY,
        RefusalCode.RATE_LIMITED,
        RefusalCode.STORAGE_FAILED,
        RefusalCode.STORAGE_FULL,
        RefusalCode.LOG_DIVERGED,
    }
)

_TELL = "Update the app and enter it again; if that does not help, tell the app's makers."
REFUSAL_TEXT: dict[RefusalCode, str] = {
    RefusalCode.UNKNOWN_STREAM: "You no longer have access to this record. Ask the practice if that is a mistake.",
    RefusalCode.UNKNOWN_KIND: "The practice's server does not accept this kind of entry here: the server or the app"
    " is out of date. Update the app, or ask the practice to update its server.",
    RefusalCode.NOT_WRITER: "Your role at the practice does not allow you to write this. Ask somebody on the care"
    " team, or the client, to enter it.",
    RefusalCode.NOT_AUTHOR: "Somebody else wrote this, and only they can change it. Write a new one instead.",
    RefusalCode.WRONG_PERSON: "This names somebody else as its author. Enter it under your name.",
    RefusalCode.WRONG_DOCUMENT: f"This was stored before as another kind of entry: the app has a defect. {_TELL}",
    RefusalCode.ERASED: "This was withdrawn or permanently deleted and cannot be restored. Write a new one instead.",
    RefusalCode.BAD_CHANGE: f"This edit cannot be read: the app that made it has a defect. {_TELL}",
    RefusalCode.BAD_CHECKSUM: "This edit was damaged in transit or on the disk. Enter it again; if that keeps"
    " happening, check the device's disk.",
    RefusalCode.TOO_LARGE: "This edit, or the entry it belongs to, is too large. Split it into several.",
    RefusalCode.TOO_MANY_OPERATIONS: "This entry has been edited too often, or the edit is too large. Split it, or"
    " continue in a new one.",
    RefusalCode.ACTOR_REUSED: "This edit has the same number as another one. That can happen if a store is copied"
    " while it is open. Restart the app and enter it again.",
    RefusalCode.ACTOR_TAKEN: "This edit is marked as another person's. That can happen if a store is copied while it"
    " is open. Restart the app and enter it again.",
    RefusalCode.MISSING_DEPENDENCY: "An earlier edit that this one builds on has not been received yet. Both will be"
    " sent again automatically; there is nothing to do.",
    RefusalCode.DEPENDENCY_REFUSED: "This edit builds on one that was not accepted. Enter it again.",
    RefusalCode.DOES_NOT_APPLY: "This edit was not accepted: it would change something final, such as a completed"
    " answer, or does not fit the entry it belongs to. Write a new one, or an amendment, instead.",
    RefusalCode.BUSY: "The practice's server is busy. This will be sent again automatically; there is nothing to do.",
    RefusalCode.RATE_LIMITED: "Too much was sent to the practice's server at once. This will be sent again"
    " automatically; there is nothing to do.",
    RefusalCode.STORAGE_FULL: "The practice's server has no space left for this record. What you wrote is kept on"
    " this device and will be sent again once there is space: ask the practice to raise the limit, or delete what is"
    " not needed.",
    RefusalCode.STORAGE_FAILED: "The practice's server could not write to its disk, and accepted nothing. This will"
    " be sent again automatically; if the problem persists, tell the practice.",
    RefusalCode.LOG_DIVERGED: "The practice's server no longer has what this device received from it earlier. This"
    " stays on the device and will be sent once the server has that again; tell the practice.",
}
"""What a person reads: what happened, whose fault it is where that helps, and what to do."""


class ErrorCode(StrEnum):
    """What an `error` frame says. The connection goes on unless a close follows."""

    PROTOCOL_ERROR = "protocol_error"
    UNKNOWN_FRAME = "unknown_frame"
    FRAME_TOO_LARGE = "frame_too_large"
    UPGRADE_REQUIRED = "upgrade_required"
    UNKNOWN_STREAM = "unknown_stream"
    LOG_DIVERGED = "log_diverged"
    RATE_LIMITED = "rate_limited"
    BUSY = "busy"
    GOING_AWAY = "going_away"
    STORAGE_LOW = "storage_low"
    STREAM_DAMAGED = "stream_damaged"


STREAM_STOPPED_TEXT: dict[ErrorCode, str] = {
    ErrorCode.LOG_DIVERGED: "The practice's server no longer has what this device received from it earlier; it was"
    " probably restored from an earlier backup. Nothing is deleted on this device, and unsent changes are kept but"
    " not sent. Keep this device's store, and tell the practice.",
    ErrorCode.UNKNOWN_STREAM: "The practice's server does not know this record; it was probably restored from an"
    " earlier backup, or replaced. Nothing is deleted on this device, and unsent changes are kept but not sent. Keep"
    " this device's store, and tell the practice.",
    ErrorCode.STREAM_DAMAGED: "Part of this record was damaged on the practice's server, so it is not sent; what this"
    " device has is unaffected. Unsent changes are kept. Keep this device's store, and tell the practice.",
}
"""What an `error` says of one stream that cannot go on, while the others do: what happened, and what to do."""


class CloseCode:
    """WebSocket close codes of the sync endpoint, with their fixed reasons in `CLOSE_REASONS`."""

    PROTOCOL_ERROR = 4400
    UNAUTHENTICATED = 4401
    ACCESS_ENDED = 4403
    TOO_SLOW = 4408
    FRAME_TOO_LARGE = 4413
    UPGRADE_REQUIRED = 4426
    TOO_MANY = 4429
    SERVER_ERROR = 4500
    GOING_AWAY = 1001


CLOSE_REASONS: dict[int, str] = {
    CloseCode.PROTOCOL_ERROR: "protocol error",
    CloseCode.UNAUTHENTICATED: "unknown device token",
    CloseCode.ACCESS_ENDED: "access ended",
    CloseCode.TOO_SLOW: "too slow",
    CloseCode.FRAME_TOO_LARGE: "frame too large",
    CloseCode.UPGRADE_REQUIRED: "protocol version not supported",
    CloseCode.TOO_MANY: "too many connections or messages",
    CloseCode.SERVER_ERROR: "server error",
    CloseCode.GOING_AWAY: "going away",
}
