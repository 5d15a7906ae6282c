"""Symptoms: numbers that a client logs for a time, and their series."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from msgspec import UNSET, UnsetType

from intersession.documents import stored
from intersession.documents.rows import Destination
from intersession.documents.symptom_logs import buckets, sharing
from intersession.documents.symptom_logs import withdrawals as log_withdrawals
from intersession.documents.tables import symptom_rows, symptom_views
from intersession.errors import InvalidField, NotFound
from intersession.importing.importer import Imports
from intersession.importing.models import ImportPlan, ImportReport, Layout, TimeOfDay
from intersession.importing.moments import DateOrder
from intersession.importing.options import checked_choices
from intersession.inputs import checks
from intersession.inputs.clock import written, zone_of
from intersession.inputs.numbers import Decimal
from intersession.models.private import Withdrawal
from intersession.models.symptoms import Point, Scale, SymptomLog
from intersession.replica.replica import Replica
from intersession.replica.scope import Scope
from intersession_schemas.documents.care.plan import scales_in
from intersession_schemas.documents.diary.symptom_history import MOST_ALIKE
from intersession_schemas.documents.diary.symptoms import Log, Number, check_log, check_spellings
from intersession_schemas.documents.names import MAX_NAMES

TOO_MANY_NAMES = f"A record may have at most {MAX_NAMES} different symptoms. Use existing names."


class Symptoms:
    """The client's symptoms, as `tracker.symptoms`. Thread-safe; when a call returns, its data is on disk."""

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
        """Log symptoms: `values` by name (1–64 characters), finite numbers, on `scale` if one is given.

        Names that differ only in case, spaces, Unicode form, or the kind of apostrophe or dash are the same symptom. A
        record has at most 300 of them.

        `at` is the time they are about (default: now; it must be aware); `shared` as in `Journal.write`. With a `key`
        chosen by the caller, logging the same again returns the existing log; different values under the same key
        raise `InvalidField`. Raises `InvalidField`, `StoreFull`; then nothing is logged.
        """
        now = self._replica.now()
        about = now if at is None else written("at", at)
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
        with self._replica.writing() as writing:
            store = writing.store
            known = None if key is None else symptom_views.with_key(store, key)
            if known is not None:
                if known.values != log.values:
                    raise InvalidField("A log with that key exists with other values. Use another key.")
                return known
            if not symptom_rows.has_room_for(store, log.values):
                raise InvalidField(TOO_MANY_NAMES)
            buckets.add(writing, [log], self._replica.destination(shared))
            return self._own(log.id)

    def correct(
        self,
        id: UUID,
        *,
        values: Mapping[str, Number] | UnsetType = UNSET,
        at: datetime | UnsetType = UNSET,
        scale: Scale | UnsetType | None = UNSET,
        note: str | UnsetType = UNSET,
    ) -> SymptomLog:
        """Correct a log: the given fields replace the earlier ones (`values` as a whole).

        `corrected_at` and `earlier` record it, and the care team sees both. A log that was imported is corrected
        on every device that has imported it. Raises `InvalidField` as `log` does, `NotFound`, `StoreFull`.
        """
        with self._replica.writing() as writing:
            store = writing.store
            was = self._own(id)
            if symptom_rows.corrections_of(store, was.id) >= MOST_ALIKE:
                raise InvalidField("This log has been corrected too many times. Withdraw it and log it again.")
            about = was.at if isinstance(at, UnsetType) else written("at", at)
            log = Log(
                id=uuid4(),
                at=about,
                entered_at=self._replica.now(),
                values=was.values if isinstance(values, UnsetType) else checks.values(values),
                zone=was.zone if isinstance(at, UnsetType) else zone_of(about),
                scale=was.scale if isinstance(scale, UnsetType) else checks.scale(scale),
                note=was.note if isinstance(note, UnsetType) else checks.text("note", note),
                corrects=was.id,
            )
            check_spellings(check_log(log).values)
            if (log.at, log.values, log.scale, log.note) == (was.at, was.values, was.scale, was.note):
                return was
            if not symptom_rows.has_room_for(store, log.values):
                raise InvalidField(TOO_MANY_NAMES)
            document = stored.at_position(store, symptom_views.document_of(store, was.id))
            buckets.add(writing, [log], Destination(document.stream, document.wish))
            writing.touched.add(document.id)  # what stands of it is another now, wherever the correction is
            return self._own(was.id)

    def get(self, id: UUID) -> SymptomLog:
        """The log with that id, as it was last corrected. Raises `NotFound`."""
        with self._replica.reading():
            return self._own(id)

    def share(self, id: UUID) -> SymptomLog:
        """Share a private log: the care team reads it as it stands now, not what it was corrected from.

        It keeps its id. What was private of it is deleted with its history, also from the vault. An already shared log
        is returned as it is. Raises `NotFound`, `StoreFull`.
        """
        with self._replica.writing() as writing:
            log = self._own(id)
            if not log.shared:
                sharing.share(writing, log, self._replica.destination(shared=True))
            return self._own(log.id)

    def withdraw(self, id: UUID) -> Withdrawal:
        """Withdraw a log, including its earlier values: for everybody and permanently.

        It is deleted from this device when the call returns; the server and the other devices are told at their next
        sync. Other logs of that month stay. A private log is deleted in the same way. For a log already withdrawn
        here, returns that withdrawal. Raises `NotFound`, `StoreFull`.
        """
        with self._replica.reading() as store:
            before = log_withdrawals.withdrawal(store, checks.uuid("id", id))
            if before is not None:
                return before
            id = self._own(id).id
        with self._replica.writing() as writing:
            log_withdrawals.withdraw(writing, id, [id])
        return self.withdrawal(id)

    def withdrawal(self, id: UUID) -> Withdrawal:
        """The state of the withdrawal of a log, or of undoing the import with that id. Raises `NotFound`."""
        with self._replica.reading() as store:
            found = log_withdrawals.withdrawal(store, checks.uuid("id", id))
        if found is None:
            raise NotFound("No log and no import with that id was withdrawn on this device.")
        return found

    def withdrawals(self, *, limit: int | None = None, after: UUID | None = None) -> list[Withdrawal]:
        """All logs that were withdrawn and imports that were undone on this device, newest first.

        `limit` and `after` as in `Journal.entries`.
        """
        window = checks.listed(limit, after)
        with self._replica.reading() as store:
            return log_withdrawals.withdrawals(store, window)

    def undo_import(self, report: ImportReport | UUID) -> int:
        """Withdraw all logs of an import (its report, or the report's `id`); returns how many there were.

        On other devices that have imported the same rows, they are deleted as well. Returns 0 if nothing is left of the
        import. Raises `StoreFull`.
        """
        batch = report.id if isinstance(report, ImportReport) else checks.uuid("report", report)
        with self._replica.reading() as store:
            logs = symptom_rows.of_batch(store, batch)
            stood = symptom_rows.standing_of(store, logs)
        if logs:
            with self._replica.writing() as writing:
                log_withdrawals.withdraw(writing, batch, logs)
        return stood

    def _own(self, id: UUID) -> SymptomLog:
        found = symptom_views.own(self._replica.store, checks.uuid("id", id))
        if found is None:
            raise NotFound("There is no symptom log with that id here.")
        return found

    def series(
        self,
        name: str,
        *,
        scale: Scale | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Point]:
        """The values of one symptom, newest first: from `since` up to but not including `until`.

        All are on one scale: `scale`, or by default the newest value's (`"none"`: values without a scale). A log
        without a scale is on its tracker's scale in the plan. `scales` lists the scales.
        """
        return symptom_views.series(self._points(name, since, until), checks.one_scale(scale))

    def scales(
        self, name: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> list[tuple[Number, Number] | None]:
        """The scales that a symptom was logged on, the newest value's first; None: without a scale."""
        return symptom_views.scales_of(self._points(name, since, until))

    def _points(self, name: str, since: datetime | None, until: datetime | None) -> list[Point]:
        window = checks.window(since, until)
        with self._replica.reading() as store:
            scales = scales_in(Scope(self._replica).agreed())
            return symptom_views.points(store, checks.text("name", name), window, scales)

    def names(self) -> list[str]:
        """The names of all symptoms ever logged, each as first spelled, sorted."""
        with self._replica.reading() as store:
            return symptom_views.names(store)

    def logs(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        after: UUID | None = None,
    ) -> list[SymptomLog]:
        """Whole logs, newest first: from `since` up to but not including `until`.

        `limit` and `after` as in `Journal.entries`.
        """
        window = checks.window(since, until, limit, after=after)
        with self._replica.reading() as store:
            return symptom_views.logs(store, window)

    def plan_import(
        self,
        path: str | os.PathLike[str],
        *,
        time: str | Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
        names: Mapping[str, str] | None = None,
        only: tuple[str, str] | str | None = None,
        scale: Scale | None = None,
        zone: str | None = None,
        date_order: DateOrder | None = None,
        time_of_day: TimeOfDay | None = None,
        delimiter: str | None = None,
        encoding: str | None = None,
        decimal: Decimal | None = None,
        layout: Layout | None = None,
        name_column: str | None = None,
        value_column: str | None = None,
        note: str | Sequence[str] | None = None,
        words: Mapping[str, Number] | None = None,
    ) -> ImportPlan:
        """How a file with a header line is understood: which columns are read, which are left out and why, a preview
        of the first logs, and in `ambiguous` what has to be answered before importing. Nothing is written.

        Omitted options are detected from the file, or remembered from the last import of a file with this header.
        `time` names the column (or columns) with the date and time; `columns` those with symptoms (default: all with
        numbers as on a scale), `names` the symptoms' names; `only` takes the rows of one person: `("person", "p01")`
        or `"person=p01"`. `zone` is that of times without an offset, like `"Europe/Berlin"`; `date_order` is the order
        of day, month and year; `time_of_day` is used for dates without a time, like `"20:00"`. In the `"long"`
        `layout`, each row is one answer: `name_column` has its symptom, `value_column` its value. `note` names the
        column with notes (none: `()`), `words` maps answers in words to numbers. Raises `InvalidField` for a file that
        cannot be read, with the system's reason, and for an unusable file or column.
        """
        given = checked_choices(
            time=time,
            columns=columns,
            names=names,
            only=only,
            scale=scale,
            zone=zone,
            date_order=date_order,
            time_of_day=time_of_day,
            delimiter=delimiter,
            encoding=encoding,
            decimal=decimal,
            layout=layout,
            name_column=name_column,
            value_column=value_column,
            note=note,
            words=words,
        )
        return Imports(self._replica).plan(path, given)

    def import_csv(
        self,
        path: str | os.PathLike[str],
        plan: ImportPlan | None = None,
        *,
        time: str | Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
        names: Mapping[str, str] | None = None,
        only: tuple[str, str] | str | None = None,
        scale: Scale | None = None,
        zone: str | None = None,
        date_order: DateOrder | None = None,
        time_of_day: TimeOfDay | None = None,
        delimiter: str | None = None,
        encoding: str | None = None,
        decimal: Decimal | None = None,
        layout: Layout | None = None,
        name_column: str | None = None,
        value_column: str | None = None,
        note: str | Sequence[str] | None = None,
        words: Mapping[str, Number] | None = None,
        progress: Callable[[int, int], object] | None = None,
    ) -> ImportReport:
        """Import logs from a file, one log per row (or moment, in the long layout); importing again adds nothing.

        It is read according to `plan`, or to the same options as in `plan_import`, but not both. An unreadable cell
        affects only that cell, an unreadable time only that row; both are reported. `progress(done, rows)` is called
        regularly, on this thread. Raises `InvalidField` for a file that cannot be opened, is ambiguous, or contains
        nothing to import, and `StoreFull`; what was imported until then stays.
        """
        given = checked_choices(
            plan,
            time=time,
            columns=columns,
            names=names,
            only=only,
            scale=scale,
            zone=zone,
            date_order=date_order,
            time_of_day=time_of_day,
            delimiter=delimiter,
            encoding=encoding,
            decimal=decimal,
            layout=layout,
            name_column=name_column,
            value_column=value_column,
            note=note,
            words=words,
        )
        return Imports(self._replica).run(path, given, progress)
