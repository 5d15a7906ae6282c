"""What the SDK answers with of a device and its way to the practice: frozen values, never live objects."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct

Role = Literal["client", "therapist"]


class Stopped(Struct, frozen=True):
    """A record (`audience`: `record`, `vault`, `chart` or `library`) that stopped syncing; others continue.

    `client` is the person it belongs to, `name` their name on a therapist's device, otherwise empty. `code` and
    `message` say why, and what to do. Nothing is deleted here; unsent changes are kept but not sent.
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
    """A number of documents, and of bytes of changes."""

    documents: int = 0
    bytes: int = 0


class Transfer(Struct, frozen=True):
    """The progress of an exchange.

    `to_send` and `to_receive` are totals that include what was already `sent` and `received`: at the end they are
    equal. What is written meanwhile adds to them. For a stream that this device has only in part, `to_receive` is an
    estimate until everything has arrived.
    """

    sent: Amount = Amount()
    to_send: Amount = Amount()
    received: Amount = Amount()
    to_receive: Amount = Amount()


class SyncReport(Struct, frozen=True):
    """What one `sync` did: changes pushed and pulled, and changes that were finally refused.

    Changes that had not been sent when the access to their record ended count as refused: see `Status.refusals`.
    `complete`: nothing is left to do. Otherwise `reason` explains what is left, why, and what to do, and `reason_code`
    is the same for programs.
    """

    pushed: int
    pulled: int
    refused: int
    complete: bool
    reason: str | None = None
    reason_code: str | None = None


class LastError(Struct, frozen=True):
    """The last problem that kept this device and the server from exchanging everything; as text, its `message`.

    `final`: retrying does not help; somebody has to do what the message says.
    """

    code: str
    message: str
    at: datetime
    final: bool

    def __str__(self) -> str:
        return self.message


class Refusal(Struct, frozen=True):
    """An edit that the server will never accept. `text` is its content, to be read and entered again."""

    document: UUID
    kind: str
    code: str
    message: str
    text: str
    at: datetime


class Status(Struct, frozen=True):
    """The state of this store.

    `pending` counts changes that the server has not accepted yet, `oldest_pending` is when the first of them was
    made; `last_contact` when a server was last heard; `problems` counts rows from it that could not be used.
    `transfer` is how far the exchange under way has come, or the last one since the store was opened; `last_error`
    what keeps it from being complete, None once it is; `access_ended`: the practice has ended this device's access,
    and it has to be paired again. `stopped` are the records that cannot go on with the server, as it said last.
    `clock_offset` is by how much this device's clock was ahead of the server's at the last contact. `not_listed` counts
    documents that have been received and are not read yet: until it is 0, lists, search and series are incomplete.
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
    not_listed: int = 0


class Change(Struct, frozen=True):
    """What `on_change` reports: ids of documents that have changed, and who changed them.

    No documents means that the status may have changed. Entry ids are document ids.
    """

    documents: tuple[UUID, ...]
    source: Literal["local", "sync"]


class ClientSummary(Struct, frozen=True):
    """One client of a caseload.

    `entries` and `symptom_logs` count what is on this device; times are None without any.
    """

    id: UUID
    name: str
    role: str
    entries: int
    symptom_logs: int
    last_written_at: datetime | None
    last_arrived_at: datetime | None
