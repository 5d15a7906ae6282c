"""What the SDK answers with of a device and its way to the practice: frozen values, never live objects."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct

Role = Literal["client", "therapist"]


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


class Pairing(Struct, frozen=True):
    """The practice this store belongs to, and as whom."""

    url: str
    account: UUID
    device: UUID
    practice: str
    role: Role
    name: str
    share_by_default: bool


class Amount(Struct, frozen=True):
    """So many documents, and bytes of changes."""

    documents: int = 0
    bytes: int = 0


class Transfer(Struct, frozen=True):
    """How far an exchange has come.

    `to_send` and `to_receive` are totals, with what was `sent` and `received` already: at the end they are equal. What
    is written meanwhile adds to them. Of a stream that this device holds in part, `to_receive` is an estimate until
    all has come.
    """

    sent: Amount = Amount()
    to_send: Amount = Amount()
    received: Amount = Amount()
    to_receive: Amount = Amount()


class SyncReport(Struct, frozen=True):
    """What one `sync` did: changes pushed and pulled, and changes that were refused for good.

    Changes that had not been sent when the access to their record ended count as refused: see `Status.refusals`.
    `complete`: nothing is left to do. Otherwise `reason` says in words what is left, why, and what to do, and
    `reason_code` the same for programs.
    """

    pushed: int
    pulled: int
    refused: int
    complete: bool
    reason: str | None = None
    reason_code: str | None = None


class LastError(Struct, frozen=True):
    """What last kept this device and the server from exchanging everything; as text, its `message`.

    `final`: trying again does not help, a person has to do what the message says.
    """

    code: str
    message: str
    at: datetime
    final: bool

    def __str__(self) -> str:
        return self.message


class Refusal(Struct, frozen=True):
    """An edit that the server will never take. `text` is what it said, to be read and taken up again."""

    document: UUID
    kind: str
    code: str
    message: str
    text: str
    at: datetime


class Status(Struct, frozen=True):
    """Where this store stands.

    `pending` counts changes that the server has not accepted yet, `oldest_pending` is when the first of them was
    made; `last_contact` when a server was last heard; `problems` counts rows from it that could not be used.
    `transfer` is how far the exchange under way has come, or the last one since the store was opened; `last_error`
    what keeps it from being complete, None once it is; `access_ended`: the practice has ended this device's access,
    and it has to be paired again. `stopped` are the records that cannot go on with the server, as it said last.
    `clock_offset` is by how much this device's clock was ahead of the server's at the last contact.
    """

    paired: Pairing | None
    pending: int
    oldest_pending: datetime | None
    last_contact: datetime | None
    connected: bool
    refusals: tuple[Refusal, ...]
    problems: int
    transfer: Transfer | None = None
    last_error: LastError | None = None
    access_ended: bool = False
    stopped: tuple[Stopped, ...] = ()
    clock_offset: timedelta | None = None


class Change(Struct, frozen=True):
    """What `on_change` hands over: ids of documents that differ now, and who changed them.

    No documents means that the status may differ. Ids of entries are ids of documents.
    """

    documents: tuple[UUID, ...]
    source: Literal["local", "sync"]


class ClientSummary(Struct, frozen=True):
    """One client of a caseload. `entries` and `symptom_logs` count what is held; moments are None without any."""

    id: UUID
    name: str
    role: str
    entries: int
    symptom_logs: int
    last_written_at: datetime | None
    last_arrived_at: datetime | None
