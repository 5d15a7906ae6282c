"""What signals and briefs are made from: the documents of one record as they are read, and when each arrived.

Server and devices build it from the same rows, so the same values come out. `Cut` says as of when. Pure values.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.documents.diary.symptom_history import Gone, LogRecord, Standing, standing
from intersession_schemas.documents.diary.symptoms import Bucket
from intersession_schemas.documents.local_days import LocalDays, in_zone
from intersession_schemas.documents.moments import check_moment
from intersession_schemas.records.filing import Filed, FiledRows, NotAccepted, Unreadable
from intersession_schemas.records.kinds import MODELS
from intersession_schemas.streams import Audience, Kind, kinds_of

WITHOUT_SESSION = timedelta(days=14)
"""How far a brief looks back where there was no session before."""

M = TypeVar("M", bound=Struct)
T = TypeVar("T")


class Cut(Struct, frozen=True, kw_only=True):
    """As of when: the last row of each stream that counts (`heads`), and `now`, an aware time as clocks in `zone` show.

    Local days are those of `now` (`Material.days`). Two makings from one cut are equal to the byte.
    """

    heads: dict[str, int]
    now: datetime
    zone: str
    locale: str = "en"

    @property
    def offset(self) -> timezone:
        """The offset of `now`, whatever kind of time zone it came with. Raises `InvalidField` for a naive `now`."""
        offset = check_moment("now", self.now).utcoffset()
        assert offset is not None
        return timezone(offset)

    def local(self, at: datetime) -> datetime:
        """A moment as clocks with the offset of `now` show it."""
        return in_zone(at, self.offset)


MOST_KEPT = 64
"""So many things that were worked out of one record are kept."""


class _WorkedOut(Struct, frozen=True):
    """What was worked out of the documents of some kinds."""

    kinds: frozenset[Kind]
    value: Any


class Material(Struct, frozen=True, kw_only=True, dict=True):
    """The documents of one record in canonical order, made by `material`.

    What is worked out of them is kept with it (`once`): several parts of a brief ask for the same.

    `plan_then` is the plan as its rows said that had arrived by the beginning of the brief (`begins`); None where the
    builder does not know. `heard_at` is when a device of the client was last heard. `not_accepted` is by row,
    `unreadable` by kind and id.
    """

    filed: tuple[Filed, ...] = ()
    plan_then: Plan | None = None
    heard_at: datetime | None = None
    not_accepted: tuple[NotAccepted, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()

    @cached_property
    def _worked_out(self) -> dict[Hashable, _WorkedOut]:
        return {}

    @cached_property
    def _of_kind(self) -> dict[Kind, list[tuple[Filed, Any]]]:
        found: dict[Kind, list[tuple[Filed, Any]]] = {}
        for one in self.filed:
            if isinstance(one.model, MODELS.get(one.kind, Struct)):
                found.setdefault(one.kind, []).append((one, one.model))
        return found

    def of(self, kind: Kind, model: type[M]) -> Sequence[tuple[Filed, M]]:
        """The documents of a kind with their read models, of type `model`, in canonical order."""
        return self._of_kind.get(kind, ())

    def once(self, what: Hashable, kinds: frozenset[Kind], work_out: Callable[[], T]) -> T:
        """What `work_out` gives, which depends on `what` and on the documents of these kinds and on nothing else."""
        found = self._worked_out.get(what)
        if found is None:
            while len(self._worked_out) >= MOST_KEPT:  # what is asked for by another day or beginning each time
                self._worked_out.pop(next(iter(self._worked_out)))
            found = self._worked_out[what] = _WorkedOut(kinds, work_out())
        value: T = found.value
        return value

    def telling(self, *, plan_then: Plan | None = None, heard_at: datetime | None = None) -> Material:
        """The same documents, told by a builder who knows these things; what is worked out of them is so for both."""
        other = replace(self, plan_then=plan_then or self.plan_then, heard_at=heard_at or self.heard_at)
        other.__dict__.update(_worked_out=self._worked_out, _of_kind=self._of_kind)
        return other

    def take_over(self, before: Material) -> None:
        """What was worked out of an earlier material need not be again where all documents that it is of are the same.

        They are that where they are the same objects: the builder has kept them.
        """
        same: dict[Kind, bool] = {}
        for what, found in before._worked_out.items():
            for kind in found.kinds - same.keys():
                same[kind] = _are_same(self._of_kind.get(kind, ()), before._of_kind.get(kind, ()))
            if all(same[kind] for kind in found.kinds):
                self._worked_out.setdefault(what, found)

    def symptom_logs(self) -> Sequence[Standing]:
        """The symptom logs that stand, by what they are about, and when each arrived."""
        return self.once("symptom logs", frozenset({Kind.SYMPTOM_LOG}), self._symptom_logs)

    def _symptom_logs(self) -> Sequence[Standing]:
        buckets = self.of(Kind.SYMPTOM_LOG, Bucket)
        gone = Gone(one for _, bucket in buckets for one in bucket.withdrawn)
        return tuple(
            standing((LogRecord(log, filed.arrived(log.id)) for filed, bucket in buckets for log in bucket.logs), gone)
        )

    @property
    def plan(self) -> Plan:
        """The record's plan; an empty one while there is none."""
        found = self.of(Kind.PLAN, Plan)
        return found[0][1] if found else Plan()

    def days(self, cut: Cut) -> LocalDays:
        """The client's local days: by the offset of the cut's `now`, beginning at the hour that the plan says."""
        return LocalDays(cut.offset, self.plan.day_begins)

    def local_day(self, cut: Cut) -> date:
        """The local day of the cut's `now`."""
        return self.days(cut).of(cut.now)


def _are_same(some: Sequence[tuple[Filed, Any]], others: Sequence[tuple[Filed, Any]]) -> bool:
    return len(some) == len(others) and all(
        one.id == other.id and one.model is other.model and one.rows is other.rows
        for (one, _), (other, _) in zip(some, others, strict=True)
    )


def material(
    documents: Iterable[tuple[UUID, Kind, Struct, FiledRows]],
    *,
    plan_then: Plan | None = None,
    heard_at: datetime | None = None,
    not_accepted: Iterable[NotAccepted] = (),
    unreadable: Iterable[Unreadable] = (),
) -> Material:
    """Material from (document id, kind, read model, rows) in any order.

    Kinds that live in no record are left out. Raises `TypeError` for a read model that is not the kind's.
    """
    kinds = kinds_of(Audience.RECORD)
    filed = [Filed(id=id_, kind=Kind(kind), model=model, rows=rows) for id_, kind, model, rows in documents]
    for one in filed:
        if not isinstance(one.model, MODELS.get(one.kind, Struct)):
            raise TypeError(f"A {one.kind.value} is not read as {type(one.model).__name__}.")
    kept = sorted((one for one in filed if one.kind in kinds), key=lambda one: (one.kind.value, one.id.bytes))
    aside = tuple(sorted(not_accepted, key=lambda one: one.seq))
    return Material(
        filed=tuple(kept),
        plan_then=plan_then,
        heard_at=heard_at,
        not_accepted=aside,
        unreadable=tuple(sorted(unreadable)),
    )


class Beginning(Struct, frozen=True, kw_only=True):
    """Where a brief begins: at the last attended session, or so many days ago where `session` is None."""

    at: datetime
    session: UUID | None = None


def begins(material: Material, cut: Cut, session: UUID | None = None) -> Beginning:
    """Where the brief for `session` (None: for now) begins: at the last session before it that was attended.

    The builder asks this to find the plan of that moment (`plan_then`).
    """
    sessions = [(one.id, model) for one, model in material.of(Kind.SESSION, Session) if model.planned_at is not None]
    before = next((model.planned_at for id_, model in sessions if id_ == session), None) or cut.now
    attended = [
        (model.planned_at, id_)
        for id_, model in sessions
        if model.state == "attended" and id_ != session and model.planned_at is not None and model.planned_at < before
    ]
    if attended:
        at, id_ = max(attended)
        return Beginning(at=at, session=id_)
    return Beginning(at=cut.local(cut.now) - WITHOUT_SESSION)
