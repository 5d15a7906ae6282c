"""How a device says who it is when it opens a sync connection. Pure.

A program sends `Authorization: Bearer TOKEN`. A browser lets a page set no header but the list of subprotocols, so
there the token stands beside the protocol's name: `Sec-WebSocket-Protocol: intersession.1, bearer.TOKEN`.
"""

from __future__ import annotations

from collections.abc import Sequence

from intersession_schemas.messages import PROTOCOL

SUBPROTOCOL = f"intersession.{PROTOCOL}"
_BEARER = "bearer."


def answered(subprotocols: Sequence[str]) -> str | None:
    """Which of the offered subprotocols to answer with: never the one that is a token."""
    return SUBPROTOCOL if SUBPROTOCOL in subprotocols else None


def token_of(authorization: str, subprotocols: Sequence[str]) -> str:
    """The token that was offered, empty for none. The header goes first; of several subprotocols none is taken."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() == "bearer" and token:
        return token
    tokens = [one.removeprefix(_BEARER) for one in subprotocols if one.startswith(_BEARER)]
    return tokens[0] if len(tokens) == 1 and answered(subprotocols) else ""
