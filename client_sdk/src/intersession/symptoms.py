"""Symptoms: numbers that a client notes about a moment, and their series over time."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from intersession import checks
from intersession.clock import moment, zone_of
from intersession.errors import InvalidField
from intersession.import_models import ImportReport
from intersession.models import Point, SymptomLog
from intersession.replica import buckets, projections
from intersession.replica.replica import Replica
from intersession.symptom_import import Import
from intersession_schemas.documents.names import MAX_NAMES
from intersession_schemas.documents.symptoms import Log, Number, check_log, check_spellings

Scale = str | tuple[Number, Number]
"""The lowest and the highest value, as `"1-5"` or `(1, 5)`."""

TOO_MANY_NAMES = f"A record has at most {MAX_NAMES} different symptoms. Log under names that are there already."


class Symptoms:
    """The client's symptoms, as `tracker.symptoms`. Thread-safe; what a call has returned is on disk."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    def log(
        self,
        values: Mapping[str, Number],
        *,
        at: datetime | None = None,
        scale: Scale | None = None,
        note: str = "",
        shared: bool | None = None,
        key: str | None = None,
    ) -> SymptomLog:
        """Note symptoms: `values` by name (1–64 characters), finite numbers, on `scale` if one is given.

        Names that differ in case, spaces or Unicode form are one symptom. A record has at most 300 of them.

        `at` is what they are about (now, if left out; it must be aware); `shared` as in `Journal.write`. With a `key`
        of the caller's own, logging the same again returns the log that is there; other values under the same key
        are an `InvalidField`. Raises `InvalidField`, `StoreFull`; then nothing is noted.
        """
        now = self._replica.now()
        about = now if at is None else moment("at", at)
        log = Log(
            id=uuid4(),
            at=about,
            entered_at=now,
            values=checks.values(values),
            zone=zone_of(about),
            scale=checks.scale(scale),
            note=checks.text("note", note),
            key=None if key is None else checks.text("key", key),
        )
        check_spellings(check_log(log).values)
        with self._replica.writing() as touched:
            store = self._replica.store
            known = None if key is None else projections.log_with_key(store, key)
            if known is not None:
                if known.values != log.values:
                    raise InvalidField("There is a log with that key and other values. Use another key.")
                return known
            if not projections.has_room_for(store, log.values):
                raise InvalidField(TOO_MANY_NAMES)
            destination = self._replica.destination(shared)
            position = buckets.add(store, self._replica.documents, [log], destination)[log.id]
            touched.add(buckets.id_at(store, position))
            return projections.log(store, position, log.id)

    def series(self, name: str, *, since: datetime | None = None, until: datetime | None = None) -> list[Point]:
        """The values of one symptom, newest first: from `since` up to but not including `until`."""
        window = checks.window(since, until)
        with self._replica.reading() as store:
            return projections.series(store, checks.text("name", name), window)

    def names(self) -> list[str]:
        """The names of all symptoms that were ever noted, each as it was first spelled, sorted."""
        with self._replica.reading() as store:
            return projections.names(store)

    def logs(
        self, *, since: datetime | None = None, until: datetime | None = None, limit: int | None = None
    ) -> list[SymptomLog]:
        """Whole logs, newest first: from `since` up to but not including `until`."""
        window = checks.window(since, until, limit)
        with self._replica.reading() as store:
            return projections.logs(store, window)

    def import_csv(
        self,
        path: str | os.PathLike[str],
        *,
        time: str,
        columns: Sequence[str] | None = None,
        only: tuple[str, str] | str | None = None,
        scale: Scale | None = None,
        progress: Callable[[int, int], object] | None = None,
    ) -> ImportReport:
        """Import logs from a CSV file with a header line, one log per row; importing again adds nothing.

        `time` names the column that says when (ISO 8601 with a UTC offset), `columns` those with the symptoms (left
        out: all that hold numbers), `only` takes the rows of one person: `("person", "p01")` or `"person=p01"`. Empty
        cells and `NA` are no answers; a row without any is skipped. A bad row is reported and the others are kept.
        `progress(done, rows)` is called now and then, on this thread. Raises `InvalidField` for a file or a column
        that cannot be used, `OSError` for a file that cannot be read, `StoreFull`; what was imported until then
        stays.
        """
        return Import(self._replica, time=time, columns=columns, only=only, scale=scale, progress=progress).run(path)
