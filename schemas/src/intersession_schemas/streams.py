"""Who may read and who may write, as data: audiences, roles, document kinds.

The server enforces these tables on every append and on every page it reads; the SDK uses them to
refuse early. Nothing here looks anything up: a grant (account, stream, role) comes from outside.
"""

from __future__ import annotations

from enum import StrEnum


class Audience(StrEnum):
    """A stream is everything that one audience may read about one client (or, for `library`, one practice)."""

    RECORD = "record"
    VAULT = "vault"
    CHART = "chart"
    LIBRARY = "library"


class Role(StrEnum):
    """What an account is to a stream. A grant holds one."""

    CLIENT = "client"
    PRIMARY = "primary"
    COVERING = "covering"
    SUPERVISOR = "supervisor"
    THERAPIST = "therapist"


CARE_TEAM = frozenset({Role.PRIMARY, Role.COVERING, Role.SUPERVISOR})
_CLIENT = frozenset({Role.CLIENT})
_THERAPISTS = frozenset({Role.THERAPIST})
_BOTH = _CLIENT | CARE_TEAM

READERS: dict[Audience, frozenset[Role]] = {
    Audience.RECORD: _BOTH,
    Audience.VAULT: _CLIENT,
    Audience.CHART: CARE_TEAM,
    Audience.LIBRARY: _THERAPISTS,
}


class Kind(StrEnum):
    """Document kinds; fixed when a document is made."""

    PLAN = "plan"
    JOURNAL_ENTRY = "journal_entry"
    SYMPTOM_LOG = "symptom_log"
    GOAL = "goal"
    RESOURCE = "resource"
    HOMEWORK = "homework"
    HOMEWORK_PROGRESS = "homework_progress"
    HOMEWORK_REVIEW = "homework_review"
    ASSESSMENT = "assessment"
    COMMENT = "comment"
    ACKNOWLEDGEMENT = "acknowledgement"
    SESSION = "session"
    EPISODE = "episode"
    NOTE = "note"
    TEMPLATE = "template"
    VAULT_KEY = "vault_key"
    INSTRUMENT = "instrument"


WRITERS: dict[tuple[Audience, Kind], frozenset[Role]] = {
    (Audience.RECORD, Kind.PLAN): CARE_TEAM,
    (Audience.RECORD, Kind.JOURNAL_ENTRY): _CLIENT,
    (Audience.RECORD, Kind.SYMPTOM_LOG): _CLIENT,
    (Audience.RECORD, Kind.GOAL): _BOTH,
    (Audience.RECORD, Kind.RESOURCE): CARE_TEAM,
    (Audience.RECORD, Kind.HOMEWORK): CARE_TEAM,
    (Audience.RECORD, Kind.HOMEWORK_PROGRESS): _CLIENT,
    (Audience.RECORD, Kind.HOMEWORK_REVIEW): CARE_TEAM,
    (Audience.RECORD, Kind.ASSESSMENT): _BOTH,
    (Audience.RECORD, Kind.COMMENT): _BOTH,
    (Audience.RECORD, Kind.ACKNOWLEDGEMENT): CARE_TEAM,
    (Audience.RECORD, Kind.SESSION): CARE_TEAM,
    (Audience.RECORD, Kind.EPISODE): CARE_TEAM,
    (Audience.RECORD, Kind.INSTRUMENT): CARE_TEAM,
    (Audience.VAULT, Kind.JOURNAL_ENTRY): _CLIENT,
    (Audience.VAULT, Kind.SYMPTOM_LOG): _CLIENT,
    (Audience.VAULT, Kind.VAULT_KEY): _CLIENT,
    (Audience.CHART, Kind.NOTE): CARE_TEAM,
    (Audience.LIBRARY, Kind.RESOURCE): _THERAPISTS,
    (Audience.LIBRARY, Kind.TEMPLATE): _THERAPISTS,
    (Audience.LIBRARY, Kind.INSTRUMENT): _THERAPISTS,
}

ERASERS: dict[tuple[Audience, Kind], frozenset[Role]] = {
    (Audience.RECORD, Kind.JOURNAL_ENTRY): _CLIENT,
    (Audience.RECORD, Kind.SYMPTOM_LOG): _CLIENT,
    (Audience.VAULT, Kind.JOURNAL_ENTRY): _CLIENT,
    (Audience.VAULT, Kind.SYMPTOM_LOG): _CLIENT,
}
"""Who may take a document back: what a client wrote for themselves, and nothing that is part of treatment."""

AUTHORED = frozenset(
    {
        (Audience.RECORD, Kind.JOURNAL_ENTRY),
        (Audience.RECORD, Kind.SYMPTOM_LOG),
        (Audience.RECORD, Kind.HOMEWORK_PROGRESS),
        (Audience.RECORD, Kind.HOMEWORK_REVIEW),
        (Audience.RECORD, Kind.ASSESSMENT),
        (Audience.RECORD, Kind.COMMENT),
        (Audience.RECORD, Kind.ACKNOWLEDGEMENT),
        (Audience.RECORD, Kind.INSTRUMENT),
        (Audience.VAULT, Kind.JOURNAL_ENTRY),
        (Audience.VAULT, Kind.SYMPTOM_LOG),
        (Audience.VAULT, Kind.VAULT_KEY),
        (Audience.CHART, Kind.NOTE),
        (Audience.LIBRARY, Kind.INSTRUMENT),
    }
)
"""Documents that keep one person's words, answers or word: whoever made one is its author, and nobody else writes it.

The others belong to those who may write them together: a plan, a goal, what the care team keeps in order.
"""

PERSONS: dict[tuple[Audience, Kind], tuple[str, frozenset[Role]]] = {
    (Audience.RECORD, Kind.ASSESSMENT): ("administered_by", CARE_TEAM),
}
"""The field in which a kind names a person: its author, in one of these roles; they name themselves, others nobody."""

SERVER_MADE = frozenset({(Audience.RECORD, Kind.PLAN)})
"""Documents whose first change the server makes; nobody else may make one."""


def may_read(role: Role, audience: Audience) -> bool:
    """Whether a grant with `role` lets its account read a stream of `audience`."""
    return role in READERS[audience]


def may_write(role: Role, audience: Audience, kind: Kind) -> bool:
    """Whether `role` may write documents of `kind` in a stream of `audience`."""
    return role in WRITERS.get((audience, kind), frozenset())


def is_authored(audience: Audience, kind: Kind) -> bool:
    """Whether a document of `kind` in a stream of `audience` is written by its author alone."""
    return (audience, kind) in AUTHORED


def may_erase(role: Role, audience: Audience, kind: Kind) -> bool:
    """Whether `role` may withdraw documents of `kind` in a stream of `audience`."""
    return role in ERASERS.get((audience, kind), frozenset())


def kinds_of(audience: Audience) -> frozenset[Kind]:
    """The document kinds that may live in a stream of `audience`."""
    return frozenset(kind for where, kind in WRITERS if where is audience)
