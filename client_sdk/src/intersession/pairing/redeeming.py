"""Redeeming a pairing code: the one HTTP request the SDK makes."""

from __future__ import annotations

from uuid import UUID

import httpx
import msgspec
from msgspec import Struct

from intersession.errors import PairingRefused, Unreachable
from intersession.models.devices import Role
from intersession.protocol.problems import NO_ANSWER
from intersession.sync.addresses import server_url
from intersession.sync.reaching import why_not_reached
from intersession_schemas.nesting import check_json


class PairingReply(Struct, frozen=True):
    """What a redeemed code gives: this device's token, and whose device it now is."""

    token: str
    account: UUID
    device: UUID
    role: Role
    practice_name: str
    name: str


class _Refusal(Struct, frozen=True):
    code: str
    message: str


def redeem(url: str, code: str, *, role: Role, agent: str, timeout: float) -> PairingReply:
    """Redeem `code`, which must be one for `role`, at the server `url` within `timeout` seconds.

    Raises `InvalidField` for an address that content must not be sent to, `PairingRefused` with the server's
    code and text, and `Unreachable` when no Intersession server answers there. A code is used up by success only.
    """
    address = f"{server_url(url)}/pair"
    try:
        response = httpx.post(address, json={"code": code, "agent": agent, "role": role}, timeout=timeout)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        trouble = why_not_reached(error)
        text = (
            trouble.message
            if trouble is not NO_ANSWER
            else "No server answered. Check the address and your network connection."
        )
        raise Unreachable(f"{url} cannot be reached. {text}", code=trouble.code) from error
    if response.is_success:
        try:
            check_json(response.content)
            return msgspec.json.decode(response.content, type=PairingReply)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise Unreachable(f"{url} is not an Intersession server. Check the address.") from None
    raise _refused(url, response)


def _refused(url: str, response: httpx.Response) -> PairingRefused | Unreachable:
    try:
        check_json(response.content)
        refusal = msgspec.json.decode(response.content, type=_Refusal)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        text = f"{url} is not an Intersession server (HTTP {response.status_code}). Check the address."
        return Unreachable(text)
    if response.status_code >= 500:
        return Unreachable(f"The server at {url} is unavailable (HTTP {response.status_code}). Try again later.")
    return PairingRefused(refusal.message, code=refusal.code)
