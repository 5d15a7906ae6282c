"""Who did or read what, through which device, and when. Never content.

A read is recorded before what was read is given out; when that cannot be written, nothing is given out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from msgspec import Struct

from intersession_server.accounts.database import SCHEMA
from intersession_server.accounts.tables import AuditRow
from intersession_server.storage.database import opened

MOST_READS = 1_000


class Action(StrEnum):
    """What was done. Names are stable: they stand in exported audits."""

    # reads of content, and of who is in care
    CLIENTS_READ = "clients_read"
    ENTRIES_READ = "entries_read"
    SYMPTOMS_READ = "symptoms_read"
    PLAN_READ = "plan_read"
    HOMEWORK_READ = "homework_read"
    GOALS_READ = "goals_read"
    RESOURCES_READ = "resources_read"
    COMMENTS_READ = "comments_read"
    ASSESSMENTS_READ = "assessments_read"
    SIGNALS_READ = "signals_read"
    BRIEF_READ = "brief_read"
    SESSIONS_READ = "sessions_read"
    EPISODES_READ = "episodes_read"
    NOTES_READ = "notes_read"
    ROWS_READ = "rows_read"
    RECORD_READ = "record_read"
    # somebody asked for a client whom they may not read, and got nothing
    READ_REFUSED = "read_refused"
    PURGED = "purged"
    # what a therapist wrote with a browser
    WRITTEN = "written"
    # what a client withdrew
    ERASED = "erased"
    # signing in
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    # what an operator did, or somebody who manages the practice
    PRACTICE_CREATED = "practice_created"
    RETENTION_SET = "retention_set"
    THERAPIST_ADDED = "therapist_added"
    CLIENT_ADDED = "client_added"
    INVITED = "invited"
    PASSWORD_SET = "password_set"  # noqa: S105 - the name of an event
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    DEVICE_REVOKED = "device_revoked"
    INSTRUMENT_IMPORTED = "instrument_imported"
    MANAGER_GRANTED = "manager_granted"
    MANAGER_WITHDRAWN = "manager_withdrawn"
    RENAMED = "renamed"
    ENDED = "ended"
    RESUMED = "resumed"
    INVITATION_REVOKED = "invitation_revoked"
    CODE_LIFETIME_SET = "code_lifetime_set"
    REMINDERS_SET = "reminders_set"
    COUNTRY_SET = "country_set"
    SESSIONS_ENDED = "sessions_ended"
    LANGUAGE_SET = "language_set"
    REBUILT = "rebuilt"
    PEOPLE_LISTED = "people_listed"
    DEVICES_LISTED = "devices_listed"
    # devices
    PAIRED = "paired"


class Actor(Struct, frozen=True):
    """Who: an account, and the device or the browser session they used; or an operator. All empty: unknown."""

    person: UUID | None = None
    device: UUID | None = None
    web_session: UUID | None = None
    operator: str | None = None


def operator(user: str) -> Actor:
    """The operator who ran a command as that user of the machine; empty: not known."""
    name = "".join(character for character in user if character.isprintable())[:64]
    return Actor(operator=f"operator:{name}" if name else "operator")


PAGES_OF_ENTRIES = frozenset({Action.ENTRIES_READ, Action.SYMPTOMS_READ, Action.BRIEF_READ})
"""Pages and briefs made from read models that hold what clients wrote for themselves."""


_INSERT = """
    INSERT INTO audit (id, at, action, person, device, web_session, operator,
        client, stream, document, subject, after_row, through_row)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


async def record(
    action: Action | Sequence[Action],
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
    """Write one row an action, all or none; durable when this returns, unless the caller is inside a transaction.

    `client` is whose data it was, `stream`, `document` and the rows `after_row < seq <= through_row` which of it,
    `subject` whatever else it was about. Raises `StorageError`.
    """
    actions = [action] if isinstance(action, Action) else action
    engine = opened(SCHEMA)
    who = actor.person, actor.device, actor.web_session, actor.operator
    what = client, stream, document, subject, after_row, through_row
    rows = [(uuid4(), at, one.value, *who, *what) for one in actions]
    if engine.owned_by_this_task():
        await engine.many(_INSERT, rows)
    else:  # in one go: of all that a server writes this is written most
        await engine.in_one(lambda connection: connection.executemany(_INSERT, rows))


async def reads_of(client: UUID, stream: UUID, rows: Sequence[int], until: datetime) -> list[datetime]:
    """When rows of a document may have gone to the care team, up to `until`: each moment once, oldest first.

    `rows` are the seqs of the document in `stream`, in order. Rows that a device was sent count where one of the
    document lies in their range. Pages made from read models count where the log was read as far as the document's
    first row: they may have shown it, and what exactly they showed is not recorded. Of more than 1,000 moments the
    newest are given. Raises `StorageError`.
    """
    if not rows:
        return []
    pages = [action.value for action in PAGES_OF_ENTRIES]
    found = (
        await AuditRow.select(AuditRow.at, AuditRow.action, AuditRow.after_row, AuditRow.through_row)
        .where((AuditRow.client == client) & (AuditRow.stream == stream) & (AuditRow.at <= until))
        .where(AuditRow.action.is_in([Action.ROWS_READ.value, *pages]) & (AuditRow.through_row >= rows[0]))
    )
    moments: set[datetime] = set()
    for row in found:
        position = bisect_right(rows, row["after_row"] or 0)
        sent = position < len(rows) and rows[position] <= row["through_row"]
        if row["action"] in pages or sent:
            moments.add(row["at"])
    return sorted(moments)[-MOST_READS:]
