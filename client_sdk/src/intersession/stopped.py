"""A record that cannot go on with the server, as the status names it."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct


class Stopped(Struct, frozen=True):
    """A record (`audience`: `record`, `vault`, `chart` or `library`) that cannot go on with the server; others do.

    `client` is whose it is, `name` their name on a therapist's device, else empty. `code` and `message` say why, and
    what to do. Nothing of it is deleted here; what was written is kept and not sent.
    """

    stream: UUID
    audience: str
    client: UUID
    name: str
    code: str
    message: str
