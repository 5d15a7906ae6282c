"""The cold tables as Piccolo sees them. The SQL in `migrations/` makes them; a test compares the two."""

from __future__ import annotations

from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz
from piccolo.table import Table


class Practice(Table, tablename="practice"):
    """A tenant."""

    id = UUID(primary_key=True)
    name = Text()
    created_at = Timestamptz()
    library_stream = UUID()
    provisioned_at = Timestamptz(null=True, default=None)
    retention = Text(default="erase")
    code_minutes = Integer(default=10)
    reminders = Boolean(default=False)
    country = Text(null=True, default=None)


class Person(Table, tablename="person"):
    """A client or a therapist. The id is the `account` of the log and the wire."""

    id = UUID(primary_key=True)
    practice = UUID()
    role = Text()
    name = Text()
    username = Text(null=True, default=None)
    password = Text(null=True, default=None, secret=True)
    record_stream = UUID(null=True, default=None)
    vault_stream = UUID(null=True, default=None)
    chart_stream = UUID(null=True, default=None)
    record_grant = UUID(null=True, default=None)
    vault_grant = UUID(null=True, default=None)
    library_grant = UUID(null=True, default=None)
    created_at = Timestamptz()
    provisioned_at = Timestamptz(null=True, default=None)
    plan = UUID(null=True, default=None)
    episode = UUID(null=True, default=None)
    language = Text(null=True, default=None)
    manager = Boolean(default=False)
    password_once = Boolean(default=False)
    ended_at = Timestamptz(null=True, default=None)
    folded = Text(default="")


class Device(Table, tablename="device"):
    """One pairing: an app on a device, with its token."""

    id = UUID(primary_key=True)
    person = UUID()
    agent = Text()
    token_prefix = Text(secret=True)
    token_hash = Text(secret=True)
    paired_at = Timestamptz()
    last_heard_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)


class PushSubscription(Table, tablename="push_subscription"):
    """Where the reminders of a device go, and how far they are."""

    device = UUID(primary_key=True)
    endpoint = Text(secret=True)
    p256dh = Text(secret=True)
    auth = Text(secret=True)
    zone = Text()
    through = Timestamptz()
    next_at = Timestamptz()
    tries = Integer(default=0)
    day = Text(default="")
    sent = Integer(default=0)


class Invitation(Table, tablename="invitation"):
    """A pairing code that was handed out."""

    id = UUID(primary_key=True)
    person = UUID()
    locator = Text()
    salt = Text(secret=True)
    secret_hash = Text(secret=True)
    created_at = Timestamptz()
    expires_at = Timestamptz()
    tries_left = Integer()
    used_at = Timestamptz(null=True, default=None)
    device = UUID(null=True, default=None)
    length = Integer(default=8)


class Assignment(Table, tablename="assignment"):
    """A therapist on a client's care team, from `since` until `until`. What counts is the log's grants."""

    id = UUID(primary_key=True)
    client = UUID()
    therapist = UUID()
    role = Text()
    record_grant = UUID()
    chart_grant = UUID()
    since = Timestamptz()
    provisioned_at = Timestamptz(null=True, default=None)
    until = Timestamptz(null=True, default=None)


class WebSession(Table, tablename="web_session"):
    """A therapist signed in with a browser."""

    id = UUID(primary_key=True)
    person = UUID()
    token_hash = Text(secret=True)
    created_at = Timestamptz()
    last_used_at = Timestamptz()
    browser_hash = Text(default="")
    origin_hash = Text(default="")
    ended_at = Timestamptz(null=True, default=None)


class AuditRow(Table, tablename="audit"):
    """Who did or read what, and when. Never content."""

    id = UUID(primary_key=True)
    at = Timestamptz()
    action = Text()
    person = UUID(null=True, default=None)
    device = UUID(null=True, default=None)
    web_session = UUID(null=True, default=None)
    operator = Text(null=True, default=None)
    client = UUID(null=True, default=None)
    stream = UUID(null=True, default=None)
    document = UUID(null=True, default=None)
    subject = UUID(null=True, default=None)
    after_row = Integer(null=True, default=None)
    through_row = Integer(null=True, default=None)


class Seen(Table, tablename="seen"):
    """Up to which row of a client's record a therapist has looked. The id is made from the two."""

    id = UUID(primary_key=True)
    therapist = UUID()
    client = UUID()
    through_row = Integer()
    at = Timestamptz()


TABLES: tuple[type[Table], ...] = (
    Practice, Person, Device, PushSubscription, Invitation, Assignment, WebSession, AuditRow, Seen,
)  # fmt: skip
