"""Which symptom logs stand, of all that a record holds: corrected, withdrawn, imported on two devices. Pure.

Records are added and never altered, each device's to buckets of its own, so what stands is a matter of reading them
together. In whatever order and however often records are given, the same comes out.

- A log is the one with its id, wherever copies of it are: the copy that arrived first counts.
- Logs with one key are one log: the one that was entered first.
- Of the corrections of a log (and of those that are one with it) the one that was entered last stands. A device's clock
  may be off: nothing was entered after it arrived.
- Of more than `MOST_ALIKE` corrections of a log, or logs with one key, those that arrived first count: so whoever makes
  very many of them makes nobody else wait.
- A log is gone once it is withdrawn, by its id, or by its key if it was entered by then. Its corrections go with it;
  corrections of a log that is not here are nothing yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.documents.diary.symptoms import Bucket, Log, Withdrawn, key_mark

MOST_ALIKE = 200
MOST_EARLIER = 20
"""What a log said before is told of so many corrections."""


class LogRecord(Struct, frozen=True):
    """A log as a bucket holds it, and when it arrived; None: it has not."""

    log: Log
    arrived_at: datetime | None = None

    @property
    def first_arrived_at(self) -> datetime | None:
        """When it arrived, or what it is a copy of."""
        return min((at for at in (self.arrived_at, self.log.arrived_at) if at is not None), default=None)


class Standing(Struct, frozen=True):
    """A log as it stands.

    `log` has the id, key, batch and `entered_at` of the log as it was first noted, and all else as it was last
    corrected. `earlier` are the logs that stood before, the oldest first: of more than `MOST_EARLIER` the first and the
    last ones. `corrected_at` is when the last correction was entered, `arrived_at` when the log arrived, corrected or
    not.
    """

    log: Log
    arrived_at: datetime | None = None
    corrected_at: datetime | None = None
    earlier: tuple[Log, ...] = ()


class Gone:
    """What was withdrawn."""

    def __init__(self, withdrawn: Iterable[Withdrawn] = ()) -> None:
        self._logs: set[UUID] = set()
        self._keys: dict[str, datetime] = {}
        for one in withdrawn:
            self._logs.update(one.logs)
            for mark in one.keys:
                self._keys[mark] = max(one.entered_at, self._keys.get(mark, one.entered_at))

    def has(self, log: Log) -> bool:
        """Whether a log is withdrawn, or what it corrects is."""
        if log.id in self._logs or log.corrects in self._logs:
            return True
        until = None if log.key is None else self._keys.get(key_mark(log.key))
        return until is not None and log.entered_at <= until


def standing(records: Iterable[LogRecord], gone: Gone) -> list[Standing]:
    """The logs that stand, by what they are about (`at`, then id)."""
    copies: dict[UUID, list[LogRecord]] = {}
    for record in records:
        copies.setdefault(record.log.id, []).append(record)
    first: dict[UUID, LogRecord] = {}
    corrections: dict[UUID, list[LogRecord]] = {}
    for of_id in copies.values():
        one = _one(of_id)
        if gone.has(one.log):
            continue
        if one.log.corrects is None:
            first[one.log.id] = one
        else:
            corrections.setdefault(one.log.corrects, []).append(one)
    groups: dict[object, list[LogRecord]] = {}
    for id_, one in first.items():
        groups.setdefault(id_ if one.log.key is None else one.log.key, []).append(one)
    found = [_stands(_first(group), corrections) for group in groups.values()]
    return sorted(found, key=lambda one: (one.log.at, one.log.id))


def of_buckets(buckets: Iterable[Bucket]) -> list[Standing]:
    """The logs that stand of some buckets, where it does not matter when they arrived."""
    held = list(buckets)
    gone = Gone(one for bucket in held for one in bucket.withdrawn)
    return standing((LogRecord(log) for bucket in held for log in bucket.logs), gone)


def _one(copies: Sequence[LogRecord]) -> LogRecord:
    """Of the copies of one log the one that says when it arrived first."""
    if len(copies) == 1:
        return LogRecord(copies[0].log, copies[0].first_arrived_at)
    log = min((one.log for one in copies), key=_text)
    return LogRecord(log, min((at for one in copies if (at := one.first_arrived_at) is not None), default=None))


def _text(log: Log) -> bytes:
    # Copies are equal but for `arrived_at`. Where somebody made them differ, all readers take the same one.
    return msgspec.json.encode(replace(log, arrived_at=None))


def _stands(group: Sequence[LogRecord], corrections: dict[UUID, list[LogRecord]]) -> Standing:
    if len(group) == 1 and group[0].log.id not in corrections:  # as nearly all are
        (one,) = group
        log = one.log if one.log.arrived_at is None else replace(one.log, arrived_at=None)
        return Standing(log, one.first_arrived_at)
    first = min(group, key=_entered)
    arrived = min((at for one in group if (at := one.first_arrived_at) is not None), default=None)
    found = sorted((each for one in group for each in _first(corrections.get(one.log.id, ()))), key=_entered)
    made = [record.log for record in found]
    origin = replace(first.log, arrived_at=None)
    if not made:
        return Standing(origin, arrived)
    last = made[-1]
    now = replace(origin, at=last.at, values=last.values, zone=last.zone, scale=last.scale, note=last.note)
    return Standing(now, arrived, last.entered_at, (origin, *made[:-1][-(MOST_EARLIER - 1) :]))


def _entered(record: LogRecord) -> tuple[datetime, UUID]:
    arrived = record.first_arrived_at
    return min(record.log.entered_at, arrived or record.log.entered_at), record.log.id


def _first(records: Sequence[LogRecord]) -> Sequence[LogRecord]:
    """Those that arrived first; what has not arrived yet comes last."""
    if len(records) <= MOST_ALIKE:
        return records
    return sorted(records, key=lambda one: (one.arrived_at is None, one.arrived_at or _NEVER, one.log.id))[:MOST_ALIKE]


_NEVER = datetime.max.replace(tzinfo=UTC)
