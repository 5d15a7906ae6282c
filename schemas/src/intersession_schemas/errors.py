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
    """The root of all errors raised on purpose.

    `code` is stable and meant for programs; the text is meant for people and may be reworded.
    """

    code: str = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class DocumentError(IntersessionError):
    """A change or document cannot be used; `code` is a `Refusal` value."""

    code = "bad_change"


class WireError(IntersessionError):
    """The peer sent bytes that are not a frame of this protocol; `code` is an `ErrorCode` value."""

    code = "protocol_error"


class InvalidField(IntersessionError, ValueError):
    """The caller gave a value that the field cannot hold; the text names the field and what it takes."""

    code = "invalid_field"


class Refusal(StrEnum):
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
        Refusal.MISSING_DEPENDENCY,
        Refusal.BUSY,
        Refusal.RATE_LIMITED,
        Refusal.STORAGE_FAILED,
        Refusal.STORAGE_FULL,
        Refusal.LOG_DIVERGED,
    }
)

REFUSAL_TEXT: dict[Refusal, str] = {
    Refusal.UNKNOWN_STREAM: "This account has no access to that stream. Pair again if access was meant to go on.",
    Refusal.UNKNOWN_KIND: "This server knows no such kind of document in that stream. Update the server or the app.",
    Refusal.NOT_WRITER: "This account's role may not write that kind of document.",
    Refusal.NOT_AUTHOR: "Somebody else wrote that document, and only its author may change it. Make one of your own.",
    Refusal.WRONG_PERSON: "The document says that somebody else did what this account sends. Say it in your own name.",
    Refusal.WRONG_DOCUMENT: "That document id belongs to another stream or another kind. Make a new document.",
    Refusal.ERASED: "That document was erased. Its content cannot be brought back.",
    Refusal.BAD_CHANGE: "The change is not a well-formed Automerge change. The app that wrote it has a defect.",
    Refusal.BAD_CHECKSUM: "The change's bytes do not match its checksum: damaged on the way or in the device's store.",
    Refusal.TOO_LARGE: "The change or its document is larger than allowed. Split the entry.",
    Refusal.TOO_MANY_OPERATIONS: "The change or its document holds more operations than allowed. Split the entry.",
    Refusal.ACTOR_REUSED: "Another change has this actor and sequence number. Rebuild the document and edit again.",
    Refusal.ACTOR_TAKEN: "This actor id belongs to another account. Open the store again to get a fresh one.",
    Refusal.MISSING_DEPENDENCY: "The change builds on one that has not arrived. Send that one first, then this again.",
    Refusal.DEPENDENCY_REFUSED: "The change builds on one that was refused. Rebuild the document and edit again.",
    Refusal.DOES_NOT_APPLY: "The change cannot be applied, or would alter what stays as it is. It was set aside.",
    Refusal.BUSY: "Too many pushes are under way. Send it again a little later.",
    Refusal.RATE_LIMITED: "Too many messages in a short time. Send it again a little later.",
    Refusal.STORAGE_FULL: "The practice's server has no room for more of this record. What was written is kept on this"
    " device and sent again once there is room: ask the practice to raise the limit, or erase what is not needed.",
    Refusal.STORAGE_FAILED: "The server could not write to its disk. Nothing was accepted; send it again later.",
    Refusal.LOG_DIVERGED: "The server's log of that stream is not the one that this device has read. Keep"
    " it on the device; it is sent again when the server has what it had.",
}


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


STREAM_STOPPED_TEXT: dict[ErrorCode, str] = {
    ErrorCode.LOG_DIVERGED: "The practice's server no longer has what this device received from it before; it was"
    " probably put back to an earlier copy. Nothing is deleted on the device, and what waits there is not lost, but it"
    " is not sent. Keep this device's store, and tell the practice.",
    ErrorCode.UNKNOWN_STREAM: "The practice's server does not know this record; it was probably put back to an earlier"
    " copy, or replaced. Nothing is deleted on the device, and what waits there is not lost, but it is not sent. Keep"
    " this device's store, and tell the practice.",
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
