"""Who did or read what, through which device, and when. Never content.

A read is recorded before what was read is given out; when that cannot be written, nothing is given out.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from msgspec import Struct

from intersession_server.accounts.tables import AuditRow


class Action(StrEnum):
    """What was done. Names are stable: they stand in exported audits."""

    # reads of content, and of who is in care
    CLIENTS_READ = "clients_read"
    ENTRIES_READ = "entries_read"
    SYMPTOMS_READ = "symptoms_read"
    ROWS_READ = "rows_read"
    PURGED = "purged"
    # signing in
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    # what an operator did
    PRACTICE_CREATED = "practice_created"
    THERAPIST_ADDED = "therapist_added"
    CLIENT_ADDED = "client_added"
    INVITED = "invited"
    PASSWORD_SET = "password_set"  # noqa: S105 - the name of an event
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    DEVICE_REVOKED = "device_revoked"
    REBUILT = "rebuilt"
    # devices
    PAIRED = "paired"


class Actor(Struct, frozen=True):
    """Who: an account, and the device or the browser session they used. All empty: the operator, or unknown."""

    person: UUID | None = None
    device: UUID | None = None
    web_session: UUID | None = None


OPERATOR = Actor()


async def record(
    action: Action,
    at: datetime,
    actor: Actor,
    *,
    client: UUID | None = None,
    stream: UUID | None = None,
    document: UUID | None = None,
    subject: UUID | None = None,
    after_row: int | None = None,
    through_row: int | None = None,
) -> None:
    """Write one row; durable when this returns, unless the caller is inside a transaction of its own.

    `client` is whose data it was, `stream`, `document` and the rows `after_row < seq <= through_row` which of it,
    `subject` whatever else it was about. Raises `StorageError`.
    """
    await AuditRow.insert(
        AuditRow(
            id=uuid4(),
            at=at,
            action=action.value,
            person=actor.person,
            device=actor.device,
            web_session=actor.web_session,
            client=client,
            stream=stream,
            document=document,
            subject=subject,
            after_row=after_row,
            through_row=through_row,
        )
    )
