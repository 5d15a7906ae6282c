"""Homework: assignments, the state of each occurrence, and the client's reports."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from cachetools import LRUCache
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from intersession.care import occurrences
from intersession.care.occurrences import Which
from intersession.documents.records import StoredRecord
from intersession.errors import InvalidField, NotFound
from intersession.inputs import checks, versions
from intersession.inputs.changeable import CODES, BarrierWord, ProgressWord, words_of
from intersession.inputs.checks import AnswerGiven
from intersession.inputs.clock import written, zone_of
from intersession.models.measures import HomeworkCounts
from intersession.models.records import Assignment, HomeworkProgress, HomeworkReview
from intersession.replica.scope import Scope
from intersession_schemas.documents import forms
from intersession_schemas.documents.care import homework
from intersession_schemas.documents.care.adherence import (
    Adherence,
    Recorded,
    adherence,
    newness,
    occurrences_with_progress,
)
from intersession_schemas.documents.care.plan import Plan, local_days
from intersession_schemas.documents.forms import Answer
from intersession_schemas.documents.local_days import LocalDays
from intersession_schemas.documents.moments import is_late
from intersession_schemas.documents.names import spelled_as
from intersession_schemas.streams import Kind

if TYPE_CHECKING:
    from intersession.store.store import Store

_MOST_COUNTED = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class HomeworkReader:
    """What client and therapist alike read of homework."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def list(
        self, *, ended: bool = False, limit: int | None = None, after: UUID | None = None
    ) -> builtins.list[Assignment]:
        """Assignments, newest first: those that have not ended, or all with `ended`.

        `limit` and `after` as in `Journal.entries`.
        """
        window = checks.listed(limit, after)
        with self._scope.replica.reading():
            today = self._scope.today()

            def wanted(row: StoredRecord[homework.Homework]) -> bool:
                return ended or row.model.ended_on is None or row.model.ended_on > today

            return views(self._scope, self._scope.rows(Kind.HOMEWORK, window=window, keep=wanted))

    def get(self, id: UUID) -> Assignment:
        """The assignment with that id. Raises `NotFound`."""
        with self._scope.replica.reading():
            return views(self._scope, [self._scope.row(Kind.HOMEWORK, id)])[0]


class Homework(HomeworkReader):
    """The client's homework, as `tracker.homework`. Thread-safe; when a call returns, its data is on disk."""

    def record(
        self,
        id: UUID,
        occurrence: Which | HomeworkProgress | None = None,
        status: ProgressWord | UnsetType = UNSET,
        *,
        answers: Mapping[str, AnswerGiven] | None = None,
        difficulty: int | UnsetType | None = UNSET,
        helpfulness: int | UnsetType | None = UNSET,
        learned: str | UnsetType = UNSET,
        barrier: BarrierWord | UnsetType | None = UNSET,
        barrier_note: str | UnsetType = UNSET,
        done_at: datetime | UnsetType = UNSET,
        based_on: HomeworkProgress | str | None = None,
    ) -> HomeworkProgress:
        """Record how one occurrence went; recording it again changes only the given fields.

        `occurrence` is a key such as "2026-05-04" or "once", a date, a datetime, or an item from `due` or
        `Assignment.occurrences`; None means the only one today, or the only one at all. If two devices recorded the
        same one, the newest record is changed; to change another, pass the `HomeworkProgress` itself.

        `status` is done (the default), partly, not (done) or could not. `answers` maps fields of the worksheet, by id
        or prompt, to values. `difficulty` and `helpfulness` are 0–10; `barrier` is forgot, no chance, too hard,
        unclear, felt worse, or no point. `done_at` defaults to now; it must be aware.

        `based_on` is the record that a correction was made from, or its `version`, as in `Journal.edit`: texts that
        another device wrote meanwhile are merged. Answers replace those to the same fields alone, whatever it says.
        Raises `NotFound`, `InvalidField`, `StoreFull`; then nothing is kept.
        """
        given = _given(
            status=status if status is UNSET else _word("status", status, ProgressWord),
            difficulty=difficulty,
            helpfulness=helpfulness,
            learned=learned if learned is UNSET else checks.text("learned", learned),
            barrier=barrier if barrier is UNSET or barrier is None else _word("barrier", barrier, BarrierWord),
            barrier_note=barrier_note if barrier_note is UNSET else checks.text("barrier_note", barrier_note),
            done_at=done_at if done_at is UNSET else written("done_at", done_at),
        )
        if done_at is not UNSET:
            given["zone"] = zone_of(done_at)
        said, seen = _answers(answers), versions.heads_of(based_on)
        scope = self._scope
        with scope.replica.writing() as writing:
            now = scope.now()
            assigned = scope.row(Kind.HOMEWORK, id)
            before = _progress_rows(scope, assigned.id)
            recorded = {row.model.occurrence for row in before}
            plan = scope.agreed()
            meant: StoredRecord[homework.HomeworkProgress] | None
            if isinstance(occurrence, HomeworkProgress):
                key, meant = occurrence.occurrence, _that(before, occurrence.id)
            else:
                key = occurrences.key_of(assigned.model, assigned.id, occurrence, plan, now, recorded)
                about = (row for row in before if row.model.occurrence == key)
                meant = max(about, key=lambda row: newness(_recorded(row)), default=None)
            if meant is None:
                if seen is not None:
                    raise versions.unknown()
                value = homework.HomeworkProgress(
                    homework=assigned.id,
                    occurrence=key,
                    **{"entered_at": now, "done_at": now, "zone": zone_of(now), **given},
                )
                value = replace(value, answers=_answered(assigned.model, value, said))
                made = scope.add(writing, Kind.HOMEWORK_PROGRESS, value)
            else:
                made = meant.id

                def changed(value: homework.HomeworkProgress) -> homework.HomeworkProgress:
                    marks = {name: one for name, one in given.items() if name in homework.MARKS}
                    value = replace(value, **{name: one for name, one in given.items() if name not in marks})
                    return value.corrected(str(uuid4()), now, **marks)

                def answered(value: homework.HomeworkProgress) -> homework.HomeworkProgress:
                    if not (said or "status" in given):
                        return value
                    return replace(value, answers=_answered(assigned.model, value, said))

                if seen is None or seen == versions.read(meant.version):
                    scope.change(writing, Kind.HOMEWORK_PROGRESS, meant, lambda value: answered(changed(value)))
                else:
                    # All answers are one value: made from those of then, they would hide what was answered meanwhile.
                    scope.change(writing, Kind.HOMEWORK_PROGRESS, meant, changed, based_on=seen)
                    scope.change(writing, Kind.HOMEWORK_PROGRESS, meant, answered)
            return _progress(scope.row(Kind.HOMEWORK_PROGRESS, made))


def _recorded(row: StoredRecord[homework.HomeworkProgress]) -> Recorded:
    return Recorded(row.id, row.model, row.arrived_at)


def _that(
    rows: builtins.list[StoredRecord[homework.HomeworkProgress]], id: UUID
) -> StoredRecord[homework.HomeworkProgress]:
    for row in rows:
        if row.id == id:
            return row
    raise NotFound("That report is not about this homework, or no longer exists.")


# -- what is read ------------------------------------------------------------------------------------------------------


def views(scope: Scope, rows: Sequence[StoredRecord[homework.Homework]]) -> builtins.list[Assignment]:
    """Assignments with all that was said of them, under the lock."""
    plan, now = scope.agreed(), scope.now()
    return [
        _assignment(
            scope, row, _progress_rows(scope, row.id), scope.rows(Kind.HOMEWORK_REVIEW, about=row.id), plan, now
        )
        for row in rows
    ]


def counts(scope: Scope, rows: Sequence[StoredRecord[homework.Homework]]) -> tuple[HomeworkCounts, ...]:
    """How these went so far, under the lock. Where nothing was said since it was counted, that is not done again."""
    plan, now = scope.agreed(), scope.now()
    counted = scope.replica.store.kept(KeptCounts)
    found = []
    for row in rows:
        progress = scope.kept(Kind.HOMEWORK_PROGRESS, about=row.id)
        found.append(HomeworkCounts(row.id, row.model.what, counted.of(row, progress, plan, now)))
    return tuple(found)


class KeptCounts:
    """What was counted of each assignment, and of what: the counts of the same rows on the same day are the same."""

    def __init__(self, _: Store) -> None:
        self._found: LRUCache[UUID, tuple[list[object], LocalDays, date, Adherence]] = LRUCache(_MOST_COUNTED)

    def of(
        self,
        row: StoredRecord[homework.Homework],
        progress: Sequence[StoredRecord[homework.HomeworkProgress]],
        plan: Plan,
        now: datetime,
    ) -> Adherence:
        """The counts of one assignment, in a value of their own."""
        days = local_days(plan, now)
        today = days.of(now)
        of: list[object] = [row, plan, *progress]
        before = self._found.get(row.id)
        if (
            before is None
            or before[1:3] != (days, today)
            or len(before[0]) != len(of)
            or any(one is not other for one, other in zip(before[0], of, strict=True))
        ):
            found = adherence(row.model, [_recorded(one) for one in progress], plan, now)
            before = self._found[row.id] = (of, days, today, found)
        return replace(before[3], barriers=dict(before[3].barriers))


def _progress_rows(scope: Scope, about: UUID | None) -> builtins.list[StoredRecord[homework.HomeworkProgress]]:
    rows = scope.rows(Kind.HOMEWORK_PROGRESS, about=about)
    return [row for row in rows if row.model.homework is not None]


def _assignment(
    scope: Scope,
    row: StoredRecord[homework.Homework],
    progress: Sequence[StoredRecord[homework.HomeworkProgress]],
    reviews: Sequence[StoredRecord[homework.HomeworkReview]],
    plan: Plan,
    now: datetime,
) -> Assignment:
    model = row.model
    said = [_recorded(one) for one in progress]
    return Assignment(
        id=row.id,
        what=model.what,
        why=model.why,
        agreed=model.agreed,
        confidence=model.confidence,
        goal=model.goal,
        fields=model.fields,
        resources=model.resources,
        due=model.due,
        rule=model.rule,
        since=model.since,
        until=model.until,
        ended_on=model.ended_on,
        predecessor=model.predecessor,
        assigned_at=model.assigned_at,
        arrived_at=row.arrived_at,
        changed_by=row.last.by,
        changed_at=row.last.at,
        version=row.version,
        occurrences=tuple(occurrences_with_progress(model, said, plan, now)),
        progress=tuple(map(_progress, progress)),
        reviews=tuple(review_view(scope, one) for one in reviews),
        adherence=adherence(model, said, plan, now),
        problems=model.problems,
    )


def _progress(row: StoredRecord[homework.HomeworkProgress]) -> HomeworkProgress:
    model = row.model
    assert model.homework is not None
    entered = model.entered_at or model.done_at or row.arrived_at or _EPOCH
    done = model.done_at or entered
    return HomeworkProgress(
        id=row.id,
        homework=model.homework,
        occurrence=model.occurrence,
        status=model.status,
        answers=model.answers,
        difficulty=model.difficulty,
        helpfulness=model.helpfulness,
        learned=model.learned,
        barrier=model.barrier,
        barrier_note=model.barrier_note,
        done_at=done,
        entered_at=entered,
        arrived_at=row.arrived_at,
        changed_by=row.last.by,
        changed_at=row.last.at,
        version=row.version,
        late=is_late(done, entered),
        corrected_at=model.corrected_at,
        earlier=model.marks_before,
        problems=model.problems,
    )


def review_view(scope: Scope, row: StoredRecord[homework.HomeworkReview]) -> HomeworkReview:
    """A review as apps read it; of one that names its homework."""
    model = row.model
    assert model.homework is not None
    return HomeworkReview(
        id=row.id,
        homework=model.homework,
        decision=model.decision,
        reason=model.reason,
        evidence=model.evidence,
        successor=model.successor,
        reviewed_at=model.reviewed_at or row.arrived_at or _EPOCH,
        author=scope.author(row),
        arrived_at=row.arrived_at,
        changed_by=row.last.by,
        changed_at=row.last.at,
        version=row.version,
        problems=model.problems,
    )


# -- what is given -----------------------------------------------------------------------------------------------------


def _given(**values: object) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not UNSET}


def _word(field: str, value: object, words: Any) -> Any:
    """The code of a word of a closed set, which may be written with spaces, and in any case."""
    said = checks.text(field, value).strip().casefold().replace("_", " ")
    for word in words_of(words):
        if word.replace("_", " ") == said:
            return CODES.get(word, word.replace(" ", "_"))
    raise InvalidField(f"{field} must be one of: {', '.join(words_of(words))}.")


def _answers(given: object) -> dict[str, object]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise InvalidField("answers must map fields of the worksheet to values.")
    return {checks.text("A field of answers", name): value for name, value in given.items()}


def _answered(
    assigned: homework.Homework, progress: homework.HomeworkProgress, said: Mapping[str, object]
) -> tuple[Answer, ...]:
    """All answers, those given now in place of what they replace. What was not done needs none.

    Answers that stay keep the wording that they were given under.
    """
    ids = {field.prompt: id for id, field in assigned.fields.items()}
    new = {name if name in assigned.fields else ids.get(spelled_as(name, ids) or "") for name in said}
    kept = {answer.key: answer for answer in progress.answers if answer.key not in new}
    must = progress.status in ("done", "partly")
    fields = {
        id: replace(field, required=field.required and must and id not in kept) for id, field in assigned.fields.items()
    }
    found = kept | {answer.key: answer for answer in forms.answers(fields, said)}
    order = [*assigned.fields, *(key for key in found if key not in assigned.fields)]
    return tuple(found[key] for key in order if key in found)
