"""Who may read and who may write, as data: audiences, roles, document kinds.

The server enforces these tables on every append and on every page it reads; the SDK uses them to
refuse early. Nothing here looks anything up: a grant (account, stream, role) comes from outside.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


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
    TOPIC = "topic"
    SESSION = "session"
    EPISODE = "episode"
    NOTE = "note"
    TEMPLATE = "template"
    VAULT_KEY = "vault_key"
    INSTRUMENT = "instrument"


class Rule(NamedTuple):
    """Who may do what with documents of a kind in streams of an audience.

    `authored`: they keep one person's words, answers or word; whoever made one is its author, and nobody else writes
    it. The others belong to those who may write them together: a plan, a goal, what the care team keeps in order.
    `erasers` may withdraw them: what a client wrote for themselves, and nothing that is part of treatment.
    `server_made`: the server makes the first change, and nobody else may make one. `person` is the field that names a
    person: the author, in one of these roles; they name themselves, others nobody.
    """

    writers: frozenset[Role]
    authored: bool = False
    erasers: frozenset[Role] = frozenset()
    server_made: bool = False
    person: tuple[str, frozenset[Role]] | None = None


_OWN_WORDS = Rule(_CLIENT, authored=True, erasers=_CLIENT)
RULES: dict[tuple[Audience, Kind], Rule] = {
    (Audience.RECORD, Kind.PLAN): Rule(CARE_TEAM, server_made=True),
    (Audience.RECORD, Kind.JOURNAL_ENTRY): _OWN_WORDS,
    (Audience.RECORD, Kind.SYMPTOM_LOG): _OWN_WORDS,
    (Audience.RECORD, Kind.GOAL): Rule(_BOTH),
    (Audience.RECORD, Kind.RESOURCE): Rule(CARE_TEAM),
    (Audience.RECORD, Kind.HOMEWORK): Rule(CARE_TEAM),
    (Audience.RECORD, Kind.HOMEWORK_PROGRESS): Rule(_CLIENT, authored=True),
    (Audience.RECORD, Kind.HOMEWORK_REVIEW): Rule(CARE_TEAM, authored=True),
    (Audience.RECORD, Kind.ASSESSMENT): Rule(_BOTH, authored=True, person=("administered_by", CARE_TEAM)),
    (Audience.RECORD, Kind.COMMENT): Rule(_BOTH, authored=True),
    (Audience.RECORD, Kind.ACKNOWLEDGEMENT): Rule(CARE_TEAM, authored=True),
    (Audience.RECORD, Kind.TOPIC): _OWN_WORDS,
    (Audience.RECORD, Kind.SESSION): Rule(CARE_TEAM),
    (Audience.RECORD, Kind.EPISODE): Rule(CARE_TEAM),
    (Audience.RECORD, Kind.INSTRUMENT): Rule(CARE_TEAM, authored=True),
    (Audience.VAULT, Kind.JOURNAL_ENTRY): _OWN_WORDS,
    (Audience.VAULT, Kind.SYMPTOM_LOG): _OWN_WORDS,
    (Audience.VAULT, Kind.VAULT_KEY): Rule(_CLIENT, authored=True),
    (Audience.CHART, Kind.NOTE): Rule(CARE_TEAM, authored=True),
    (Audience.LIBRARY, Kind.RESOURCE): Rule(_THERAPISTS),
    (Audience.LIBRARY, Kind.TEMPLATE): Rule(_THERAPISTS),
    (Audience.LIBRARY, Kind.INSTRUMENT): Rule(_THERAPISTS, authored=True),
}

WRITERS = {place: rule.writers for place, rule in RULES.items()}
ERASERS = {place: rule.erasers for place, rule in RULES.items() if rule.erasers}
PERSONS = {place: rule.person for place, rule in RULES.items() if rule.person is not None}
SERVER_MADE = frozenset(place for place, rule in RULES.items() if rule.server_made)


def may_read(role: Role, audience: Audience) -> bool:
    """Whether a grant with `role` lets its account read a stream of `audience`."""
    return role in READERS[audience]


def may_write(role: Role, audience: Audience, kind: Kind) -> bool:
    """Whether `role` may write documents of `kind` in a stream of `audience`."""
    return role in WRITERS.get((audience, kind), frozenset())


def is_authored(audience: Audience, kind: Kind) -> bool:
    """Whether a document of `kind` in a stream of `audience` is written by its author alone."""
    return (audience, kind) in RULES and RULES[audience, kind].authored


def may_erase(role: Role, audience: Audience, kind: Kind) -> bool:
    """Whether `role` may withdraw documents of `kind` in a stream of `audience`."""
    return role in ERASERS.get((audience, kind), frozenset())


def kinds_of(audience: Audience) -> frozenset[Kind]:
    """The document kinds that may live in a stream of `audience`."""
    return frozenset(kind for where, kind in RULES if where is audience)
