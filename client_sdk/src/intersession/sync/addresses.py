"""A server's address as people give it, and the two addresses the SDK makes of it."""

from __future__ import annotations

import unicodedata
from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit

from intersession.errors import InvalidField
from intersession_schemas.documents.texts import without_unseen

_AROUND = " \t\r\n\"'<>“”„‟‘’‚«»‹›.,;"


def server_url(url: str) -> str:
    """`url` without a trailing slash, if it is one that content may be sent to.

    What phones and mails put round it, or write in full width, makes no difference. Raises `InvalidField` unless it
    is `https://…`; plain `http://` is taken for this machine alone.
    """
    try:
        parts = urlsplit(_tidy(url))
        (parts.hostname or "").encode("idna")
        _ = parts.port
    except (AttributeError, TypeError, ValueError):
        raise InvalidField("The server's address must look like https://practice.example.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise InvalidField("The server's address must look like https://practice.example.")
    if parts.username is not None or parts.password is not None:
        raise InvalidField("The server's address must not hold a user name or password.")
    if parts.scheme == "http" and not _is_this_machine(parts.hostname):
        raise InvalidField(
            "Plain http would send entries unencrypted over the network. Use the server's https address."
        )
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def _tidy(url: str) -> str:
    return without_unseen(unicodedata.normalize("NFKC", url)).strip(_AROUND)


def sync_url(server: str) -> str:
    """The websocket address of a server's sync endpoint."""
    return "ws" + server.removeprefix("http") + "/sync"


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
