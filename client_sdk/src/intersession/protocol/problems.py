"""What keeps a replica and its server apart, in words: what happened, whose fault it is, what to do. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from intersession.errors import AccessEnded, IntersessionError, Unreachable
from intersession.models.devices import Amount, Stopped, Transfer
from intersession_schemas.errors import CloseCode, ErrorCode

_FORBIDDEN = 403
MESSAGE_TOO_BIG = 1009
"""WebSocket's own code for a frame that is not taken in at all."""
TOO_LARGE = frozenset({CloseCode.FRAME_TOO_LARGE, MESSAGE_TOO_BIG})


class Trouble(Struct, frozen=True):
    """One thing that is wrong; `final`: trying again does not help."""

    code: str
    message: str
    final: bool = False


NO_ANSWER = Trouble("unreachable", "The server does not answer. Check this device's network connection.")
LOST = Trouble("connection_lost", "The connection to the server was lost. The rest will be sent when it is back.")
STORE_FULL = Trouble("store_full", "This device's disk is full. Free some space; nothing that was written is lost.")
BAD_ANSWER = Trouble(
    "protocol_error", "The server sent something this app does not understand. Update the app, or tell the practice."
)
NO_STREAM = Trouble(
    "no_stream",
    "The practice has not set up a record for what you share. It waits on this device; contact the practice.",
)
ACCESS_ENDED = Trouble(
    "access_ended",
    "The practice has ended this device's access. What had not been sent is kept as text. Pair again with a new code.",
    True,
)

TOO_MANY_FILES = Trouble(
    "too_many_files",
    "This app has too many files open to connect (EMFILE). Close and start it again.",
)

_CLOSED: dict[int, Trouble] = {
    CloseCode.GOING_AWAY: Trouble(
        "going_away", "The server is restarting. This device will reconnect when it is back."
    ),
    CloseCode.PROTOCOL_ERROR: Trouble(
        ErrorCode.PROTOCOL_ERROR,
        "The server did not understand what this app sent. Update the app, or tell the practice.",
    ),
    CloseCode.UNAUTHENTICATED: Trouble(
        "wrong_token",
        "The server does not know this device: it was restored from an earlier backup, or replaced. What you wrote"
        " stays here. Ask the practice for a new code, and pair this store again. If pairing then says that this"
        " store belongs to another person, the server is new: bring your data into a new store with"
        " `intersession import store`.",
        True,
    ),
    CloseCode.ACCESS_ENDED: ACCESS_ENDED,
    CloseCode.TOO_SLOW: Trouble(
        "too_slow", "The connection is too slow: the server gave up waiting. Try again on a faster network."
    ),
    CloseCode.FRAME_TOO_LARGE: Trouble(
        ErrorCode.FRAME_TOO_LARGE,
        "The server does not accept messages this large. This device will send smaller ones next time.",
    ),
    MESSAGE_TOO_BIG: Trouble(
        ErrorCode.FRAME_TOO_LARGE,
        "The server does not accept messages this large. This device will send smaller ones next time.",
    ),
    CloseCode.UPGRADE_REQUIRED: Trouble(
        ErrorCode.UPGRADE_REQUIRED,
        "The server speaks another protocol version. Update the app; everything you wrote is kept.",
        True,
    ),
    CloseCode.TOO_MANY: Trouble("too_many", "You have too many connections open. Close the app on another device."),
    CloseCode.SERVER_ERROR: Trouble(
        "server_error", "The server has a problem. It is not your device's fault; try again later."
    ),
    1011: Trouble("server_error", "The server has a problem. It is not your device's fault; try again later."),
}


def of_close(code: int | None) -> Trouble:
    """What a connection's end means; None where no close code came."""
    return LOST if code is None else _CLOSED.get(code, LOST)


def of_refused_opening(status: int) -> Trouble:
    """What an HTTP answer means that is not the WebSocket that was asked for."""
    if status >= 500 or status == 429:
        return Trouble(
            "unavailable", f"The server is not taking connections right now (HTTP {status}). Try again later."
        )
    if status == _FORBIDDEN:
        return Trouble(
            "unreachable",
            "This address refuses the connection (HTTP 403). Ask the practice for the server's address; if it is this"
            " one, the network blocks it.",
        )
    text = f"The answer did not come from an Intersession server (HTTP {status}). Check the address and the network."
    return Trouble("unreachable", text)


def raise_if_final(trouble: Trouble) -> None:
    """Raise for what another attempt cannot change."""
    if trouble.code in ("access_ended", "wrong_token"):
        raise AccessEnded(trouble.message, code=trouble.code)
    if trouble.final:
        raise Unreachable(trouble.message, code=trouble.code)


def of_stopped(stopped: Sequence[Stopped]) -> Trouble:
    """That these records cannot go on with the server, each named."""
    if not stopped:
        return NO_STREAM
    text = " ".join(f"{record_of(one)} cannot be exchanged: {one.message}" for one in stopped)
    return Trouble(stopped[0].code, text, True)


def record_of(one: Stopped) -> str:
    """A record, as its person would call it."""
    names = {"record": "The record", "vault": "The vault", "chart": "The notes", "library": "The practice's library"}
    of = f" of {one.name}" if one.name and one.audience != "library" else ""
    return names.get(one.audience, "A record") + of


def of_error(error: IntersessionError) -> Trouble:
    """An error that a call raises, as trouble."""
    return Trouble(error.code, str(error), True)


def why_incomplete(trouble: Trouble | None, transfer: Transfer, waits: Amount, seconds: float) -> Trouble:
    """Why an exchange is not complete: what is left, and what is the matter."""
    documents = transfer.to_receive.documents - transfer.received.documents
    left = [
        f"{count} {'document' if count == 1 else 'documents'} {where}"
        for count, where in ((waits.documents, "to send"), (documents, "to receive"))
        if count > 0
    ]
    if trouble is None:
        limit = f"{seconds:g} {'second' if seconds == 1 else 'seconds'}"
        text = f"Sync reached its time limit of {limit}. Sync again to continue where it left off."
        trouble = Trouble("timeout", text)
    text = f"Still to do: {', '.join(left)}. {trouble.message}" if left else trouble.message
    return Trouble(trouble.code, text, trouble.final)
