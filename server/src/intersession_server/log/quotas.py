"""How much a stream and a practice may hold: pure arithmetic over totals that a store keeps.

A total is *held*: what every row costs whatever is in it, and the content of those rows whose bytes are still there.
Content that inflates to much more than it takes counts by what it inflates to, since read models hold it inflated.

What treatment rests on draws on a reserve that journals and logs cannot use up: somebody who has filled their record
can still answer an assessment, and their therapist can still change the safety plan.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from intersession_schemas.changes import Change
from intersession_schemas.streams import Audience, Kind

ROW = 256
"""Bytes that a row takes whatever is in it: its numbers, hashes and ids, and their places in indexes."""
INFLATION = 16
"""Content counts by a sixteenth of what it inflates to, where that is more than what it takes; prose is far below."""
RESERVE = 0.1
"""The share of each quota that only `RESERVED` kinds may use."""
NEARLY_FULL = 0.8
"""From this share on those who fill a quota, and the operator, are told."""

RESERVED = frozenset({Kind.ASSESSMENT, Kind.PLAN, Kind.ACKNOWLEDGEMENT, Kind.VAULT_KEY})


class Quotas(Struct, frozen=True):
    """What may be held at most, in bytes: by one stream of each sort, and by all streams of one practice."""

    record: int = 128 * 2**20
    vault: int = 128 * 2**20
    practice: int = 20 * 2**30

    def of_stream(self, audience: Audience) -> int:
        """The quota of one stream; charts and libraries have that of a record."""
        return self.vault if audience is Audience.VAULT else self.record


class Usage(Struct, frozen=True):
    """What a stream holds, and its practice in all."""

    audience: Audience
    stream: int
    practice: int


def content(changes: Iterable[Change]) -> int:
    """What the content of these changes counts."""
    return sum(max(len(change.data), change.size // INFLATION) for change in changes)


def has_room(quotas: Quotas, usage: Usage, kind: str, more: int) -> bool:
    """Whether a document of `kind` may grow by `more`; what takes no more than before always may."""
    share = 1.0 if kind in RESERVED else 1.0 - RESERVE
    return more <= 0 or all(held + more <= share * quota for held, quota in _pairs(quotas, usage))


def nearly_full(quotas: Quotas, usage: Usage) -> bool:
    """Whether so much of either quota is used that people should be told."""
    return any(held >= NEARLY_FULL * quota for held, quota in _pairs(quotas, usage))


def _pairs(quotas: Quotas, usage: Usage) -> tuple[tuple[int, int], ...]:
    return (usage.stream, quotas.of_stream(usage.audience)), (usage.practice, quotas.practice)
