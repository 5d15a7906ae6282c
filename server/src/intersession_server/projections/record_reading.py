"""What pages and the HTTP API read of plans, homework, goals, resources and comments.

Nothing here knows who asks, as in `reading`.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from piccolo import columns
from piccolo.custom_types import Combinable

from intersession_schemas.documents.assessments.wordings import Wording
from intersession_schemas.documents.care.adherence import Recorded, adherence, occurrences_with_progress
from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.documents.moments import read_moment
from intersession_schemas.records.instants import from_micros
from intersession_schemas.records.kinds import read_model
from intersession_schemas.streams import Kind
from intersession_server.projections import bounded
from intersession_server.projections.read_models import (
    AcknowledgementView,
    AssessmentView,
    CommentView,
    EpisodeView,
    GoalView,
    HomeworkView,
    PlanView,
    ProgressView,
    RecordView,
    ResourceView,
    ReviewView,
    SessionView,
    WordingView,
)
from intersession_server.projections.tables import Entry, Record, SymptomLog
from intersession_server.work import effort

MOST = 500
"""Documents of a kind in one answer, the newest; `left_out` says how many there are besides."""
MOST_PROGRESS = 5_000
MOST_COUNTED = 8 * bounded.MOST_CHARACTERS
"""Progress, and characters of it, that the counts of a client's homework rest on, the newest."""

View = TypeVar("View", bound=RecordView)
Row = dict[str, Any]

_MODEL_FIELDS: dict[Kind, tuple[type[RecordView], str]] = {
    Kind.PLAN: (PlanView, "plan"),
    Kind.GOAL: (GoalView, "goal"),
    Kind.COMMENT: (CommentView, "comment"),
    Kind.RESOURCE: (ResourceView, "resource"),
    Kind.HOMEWORK_PROGRESS: (ProgressView, "progress"),
    Kind.HOMEWORK_REVIEW: (ReviewView, "review"),
    Kind.ASSESSMENT: (AssessmentView, "assessment"),
    Kind.SESSION: (SessionView, "session"),
    Kind.EPISODE: (EpisodeView, "episode"),
    Kind.ACKNOWLEDGEMENT: (AcknowledgementView, "acknowledgement"),
    Kind.INSTRUMENT: (WordingView, "wording"),
}
"""The view of a kind, and what its document is called there."""


async def plan(client: UUID) -> PlanView | None:
    """A client's plan; None where it has not arrived here."""
    rows = await _rows(client, Kind.PLAN)
    return None if not rows else _view(PlanView, min(rows, key=lambda row: row["seq"]))


def agreed_in(found: PlanView | None) -> Plan:
    """What a plan says; an empty one where it has not arrived here."""
    return Plan() if found is None else found.plan


async def agreed(client: UUID) -> Plan:
    """What a client's plan says; an empty one where it has not arrived here."""
    return agreed_in(await plan(client))


async def homework(client: UUID, planned: Plan, now: datetime) -> list[HomeworkView]:
    """A client's assignments by their plan as of `now` on their own clock, the newest first."""
    assigned = await _rows(client, Kind.HOMEWORK)
    if not assigned:
        return []
    said, reviewed = await asyncio.gather(
        _rows(client, Kind.HOMEWORK_PROGRESS, most=MOST_PROGRESS, characters=MOST_COUNTED),
        _rows(client, Kind.HOMEWORK_REVIEW),
    )

    def views() -> list[HomeworkView]:
        progress, reviews = _by_subject(ProgressView, said), _by_subject(ReviewView, reviewed)
        return [_homework(row, progress[row["document"]], reviews[row["document"]], planned, now) for row in assigned]

    return await effort.in_thread(views)


async def one_homework(client: UUID, id_: UUID, planned: Plan, now: datetime) -> HomeworkView | None:
    """One assignment, with the newest that was said of it; None where this client has no such one."""
    assigned = await _rows(client, Kind.HOMEWORK, id_)
    if not assigned:
        return None
    said = await _rows(client, Kind.HOMEWORK_PROGRESS, about=id_, most=MOST_PROGRESS, characters=MOST_COUNTED)
    progress = await _views(ProgressView, said)
    reviews = await _views(ReviewView, await _rows(client, Kind.HOMEWORK_REVIEW, about=id_))
    view = _homework(assigned[0], progress, reviews, planned, now)
    shown = bounded.fitting([len(row["model"]) for row in said[:MOST]])
    return msgspec.structs.replace(
        view,
        progress=view.progress[:shown],
        progress_left_out=await left_out(client, Kind.HOMEWORK_PROGRESS, shown, id_),
        reviews_left_out=await left_out(client, Kind.HOMEWORK_REVIEW, len(reviews), id_),
    )


async def goals(client: UUID) -> list[GoalView]:
    """A client's goals, the newest first."""
    return await _views(GoalView, await _rows(client, Kind.GOAL))


async def resources(client: UUID) -> list[ResourceView]:
    """What a client was given to read or do, the newest first, with what was said of it."""
    rows = await _rows(client, Kind.RESOURCE)
    said = await comments(client) if rows else []
    return [with_comments(one, said) for one in await _views(ResourceView, rows)]


async def comments(client: UUID, on: UUID | None = None) -> list[CommentView]:
    """Comments on one document, or on all of a client's, the newest first."""
    return await _views(CommentView, await _rows(client, Kind.COMMENT, about=on))


async def assessments(client: UUID) -> list[AssessmentView]:
    """A client's assessments, the newest first by when they were started."""
    return await _views(AssessmentView, await _rows(client, Kind.ASSESSMENT))


async def sessions(client: UUID) -> list[SessionView]:
    """A client's appointments, the latest first."""
    return await _views(SessionView, await _rows(client, Kind.SESSION))


async def episodes(client: UUID) -> list[EpisodeView]:
    """A client's episodes of care, the one begun last first."""
    found = await _views(EpisodeView, await _rows(client, Kind.EPISODE))
    return sorted(found, key=lambda one: (one.episode.began_on or date.min, one.arrived_at), reverse=True)


async def wordings(client: UUID) -> dict[str, Wording]:
    """The wordings that a record holds, by the key of their instrument: of several the one that came last."""
    rows = sorted(await _rows(client, Kind.INSTRUMENT), key=lambda row: row["seq"])
    found = [_view(WordingView, row).wording for row in rows]
    return {one.key: one for one in found}


async def local_time(client: UUID) -> tzinfo:
    """What the client's clock was set to when they wrote last, as far as it has arrived; UTC where nothing has."""
    found: list[tuple[int, datetime]] = []
    entry, log, progress = await asyncio.gather(
        _newest(Entry, Entry.written_at, client),
        _newest(SymptomLog, SymptomLog.logged_at, client),
        _rows(client, Kind.HOMEWORK_PROGRESS, newest=True),
    )
    for row in (entry, log):
        at = None if row is None else read_moment(row["local"])
        if row is not None and at is not None:
            found.append((row["moment"], at))
    for row in progress:
        at = _view(ProgressView, row).progress.done_at
        if at is not None:
            found.append((row["moment"], at))
    zone = max(found, key=lambda one: one[0])[1].tzinfo if found else None
    return zone or UTC


async def local_now(client: UUID, now: datetime) -> datetime:
    """The instant `now` on the client's own clock."""
    return now.astimezone(await local_time(client))


def with_comments(resource: ResourceView, said: Sequence[CommentView]) -> ResourceView:
    """A resource with what comments say of whether it helped."""
    words = [one.comment.helped for one in said if one.comment.on == resource.id]
    return msgspec.structs.replace(resource, helped=words.count(True), did_not_help=words.count(False))


def with_progress(
    record: RecordView,
    homework: Homework,
    progress: Sequence[ProgressView],
    reviews: Sequence[ReviewView],
    planned: Plan,
    now: datetime,
) -> HomeworkView:
    """An assignment with what became of it up to `now` on the client's clock."""
    said = [Recorded(one.id, one.progress, one.arrived_at) for one in progress]
    return HomeworkView(
        id=record.id,
        author=record.author,
        arrived_at=record.arrived_at,
        changed_by=record.changed_by,
        changed_at=record.changed_at,
        heads=record.heads,
        homework=homework,
        occurrences=occurrences_with_progress(homework, said, planned, now),
        adherence=adherence(homework, said, planned, now),
        progress=list(progress),
        reviews=list(reviews),
    )


# --- rows and values --------------------------------------------------------------------------------------------------


async def _rows(
    client: UUID,
    kind: Kind,
    document: UUID | None = None,
    *,
    about: UUID | None = None,
    newest: bool = False,
    most: int | None = None,
    characters: int | None = None,
) -> list[Row]:
    """Rows of one kind, the `most` newest within so many `characters`, newest first: of all, of one document, or of
    those about another; with `newest` only the first."""
    conditions: list[Combinable] = [(Record.client == client) & (Record.kind == kind.value)]
    if document is not None:
        conditions.append(Record.document == document)
    if about is not None:
        conditions.append(Record.about == about)
    order, texts = (Record.moment, Record.document), (Record.model, Record.heads)
    rows, _ = await bounded.newest(Record, conditions, order, texts, 1 if newest else most or MOST, characters)
    return rows


async def _newest(table: type[Entry | SymptomLog], local: columns.Text, client: UUID) -> Row | None:
    """The newest row that says when it was written, and what it says."""
    row: Row | None = (
        await table.select(table.moment, local.as_alias("local"))
        .where((table.client == client) & local.is_not_null())
        .order_by(table.moment, ascending=False)
        .first()
    )
    return row


async def left_out(client: UUID, kind: Kind, shown: int, about: UUID | None = None) -> int:
    """How many documents of a kind, or of those about another, are not among the `shown` ones."""
    query = Record.count().where((Record.client == client) & (Record.kind == kind.value))
    if about is not None:
        query = query.where(Record.about == about)
    return max(int(await query) - shown, 0)


def _record(row: Row) -> RecordView:
    return RecordView(
        id=row["document"],
        author=row["author"],
        arrived_at=from_micros(row["arrived_at"]),
        changed_by=row["changed_by"],
        changed_at=from_micros(row["changed_at"]),
        heads=msgspec.json.decode(row["heads"], type=list[str]),
    )


async def _views(view: type[View], rows: Sequence[Row]) -> list[View]:
    """In a thread: many of them take long enough to hold up the event loop."""
    return await effort.in_thread(lambda: [_view(view, row) for row in rows])


def _view(view: type[View], row: Row) -> View:
    kind = Kind(row["kind"])
    wanted, name = _MODEL_FIELDS[kind]
    assert view is wanted
    values = msgspec.structs.asdict(_record(row))
    values[name] = read_model(kind, row["model"])
    if kind is Kind.HOMEWORK_PROGRESS:
        values["late"] = bool(row["late"])
    return view(**values)


def _by_subject(view: type[View], rows: Sequence[Row]) -> Mapping[UUID, list[View]]:
    found: dict[UUID, list[View]] = defaultdict(list)
    for row in rows:
        if row["about"] is not None:
            found[row["about"]].append(_view(view, row))
    return found


def _homework(
    row: Row, progress: Sequence[ProgressView], reviews: Sequence[ReviewView], planned: Plan, now: datetime
) -> HomeworkView:
    model = read_model(Kind.HOMEWORK, row["model"])
    assert isinstance(model, Homework)
    return with_progress(_record(row), model, progress, reviews, planned, now)
