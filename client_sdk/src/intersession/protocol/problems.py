"""What keeps a replica and its server apart, in words: what happened, whose fault it is, what to do. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from intersession.errors import AccessEnded, IntersessionError, Unreachable
from intersession.models.devices import Amount, Stopped, Transfer
from intersession_schemas.client_words import say
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


def _told(code: str, *, said: str = "", final: bool = False, **values: object) -> Trouble:
    """Trouble in the words that clients read; `said` names them where they are not the code's own."""
    return Trouble(code, say("en", f"trouble {said or code}", **values), final)


NO_ANSWER = _told("unreachable")
LOST = _told("connection_lost")
STORE_FULL = _told("store_full")
BAD_ANSWER = _told("protocol_error", said="bad answer")
NO_STREAM = _told("no_stream")
ACCESS_ENDED = _told("access_ended", final=True)
TOO_MANY_FILES = _told("too_many_files")

CLOSED: dict[int, Trouble] = {
    CloseCode.GOING_AWAY: _told("going_away"),
    CloseCode.PROTOCOL_ERROR: _told(ErrorCode.PROTOCOL_ERROR),
    CloseCode.UNAUTHENTICATED: _told("wrong_token", final=True),
    CloseCode.ACCESS_ENDED: ACCESS_ENDED,
    CloseCode.TOO_SLOW: _told("too_slow"),
    CloseCode.FRAME_TOO_LARGE: _told(ErrorCode.FRAME_TOO_LARGE),
    MESSAGE_TOO_BIG: _told(ErrorCode.FRAME_TOO_LARGE),
    CloseCode.UPGRADE_REQUIRED: _told(ErrorCode.UPGRADE_REQUIRED, final=True),
    CloseCode.TOO_MANY: _told("too_many"),
    CloseCode.SERVER_ERROR: _told("server_error"),
    1011: _told("server_error"),
}
"""By the code that a connection was closed with. Any other, or none, is `LOST`."""


def of_close(code: int | None) -> Trouble:
    """What a connection's end means; None where no close code came."""
    return LOST if code is None else CLOSED.get(code, LOST)


def of_refused_opening(status: int) -> Trouble:
    """What an HTTP answer means that is not the WebSocket that was asked for."""
    if status >= 500 or status == 429:
        return _told("unavailable", status=status)
    if status == _FORBIDDEN:
        return _told("unreachable", said="refuses")
    return _told("unreachable", said="another server", status=status)


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
