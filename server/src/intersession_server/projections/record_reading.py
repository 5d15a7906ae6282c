"""What pages and the HTTP API read of plans, homework, goals, resources and comments.

Nothing here knows who asks, as in `reading`.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from piccolo import columns
from piccolo.custom_types import Combinable

from intersession_schemas.documents.assessments.wordings import Wording
from intersession_schemas.documents.care.adherence import Adherence, Recorded, course
from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.documents.moments import read_moment
from intersession_schemas.records.instants import from_micros
from intersession_schemas.records.kinds import read_model
from intersession_schemas.streams import Kind
from intersession_server.projections import bounded
from intersession_server.projections.read_models import (
    KINDS,
    MODEL_FIELDS,
    VIEWS,
    CommentView,
    HomeworkView,
    PlanView,
    ProgressView,
    RecordView,
    ResourceView,
    ReviewView,
    WordingView,
)
from intersession_server.projections.tables import Entry, Record, SymptomLog
from intersession_server.projections.windows import DocumentPage, Place, Window
from intersession_server.storage.engine import SerialEngine
from intersession_server.work import effort

MOST = 500
"""Documents of a kind that are read at once, the newest."""
MOST_PROGRESS = 5_000
"""Progress or comments that a page of homework or resources rests on, the newest."""
MOST_COUNTED = 8 * bounded.MOST_CHARACTERS
"""Characters of progress that the counts of a page of homework rest on."""

V = TypeVar("V", bound=RecordView)
Row = dict[str, Any]
_WHOLE = Window(limit=MOST)


async def page(view: type[V], client: UUID, window: Window = _WHOLE, *, about: UUID | None = None) -> DocumentPage[V]:
    """A client's documents of the kind that `view` shows, of those about another where that is given. Of `window` its
    limit and place count. The newest come first, by when what they tell of was done or made."""
    rows, last = await _page(client, KINDS[view], window, about)
    return DocumentPage(await _views(view, rows), last)


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


async def homework(client: UUID, planned: Plan, now: datetime, window: Window = _WHOLE) -> DocumentPage[HomeworkView]:
    """A client's assignments by their plan as of `now` on their own clock, the newest first."""
    assigned, last = await _page(client, Kind.HOMEWORK, window)
    if not assigned:
        return DocumentPage([], last)
    ids = [row["document"] for row in assigned]
    said, reviewed = await asyncio.gather(
        _rows(client, Kind.HOMEWORK_PROGRESS, Record.about.is_in(ids), most=MOST_PROGRESS, characters=MOST_COUNTED),
        _rows(client, Kind.HOMEWORK_REVIEW, Record.about.is_in(ids)),
    )

    def views() -> list[HomeworkView]:
        progress, reviews = _by_subject(ProgressView, said), _by_subject(ReviewView, reviewed)
        return [_homework(row, progress[row["document"]], reviews[row["document"]], planned, now) for row in assigned]

    return DocumentPage(await effort.in_thread(views), last)


async def one_homework(client: UUID, id_: UUID, planned: Plan, now: datetime) -> HomeworkView | None:
    """One assignment, with the newest that was said of it; None where this client has no such one."""
    assigned = await _rows(client, Kind.HOMEWORK, Record.document == id_)
    if not assigned:
        return None
    said = await _rows(client, Kind.HOMEWORK_PROGRESS, Record.about == id_, most=MOST_PROGRESS, characters=MOST_COUNTED)
    progress = await _views(ProgressView, said)
    reviews = await _views(ReviewView, await _rows(client, Kind.HOMEWORK_REVIEW, Record.about == id_))
    view = _homework(assigned[0], progress, reviews, planned, now)
    shown = bounded.fitting([len(row["model"]) for row in said[:MOST]])
    return msgspec.structs.replace(
        view,
        progress=view.progress[:shown],
        progress_left_out=await left_out(client, Kind.HOMEWORK_PROGRESS, shown, id_),
        reviews_left_out=await left_out(client, Kind.HOMEWORK_REVIEW, len(reviews), id_),
    )


async def resources(client: UUID, window: Window = _WHOLE) -> DocumentPage[ResourceView]:
    """What a client was given to read or do, the newest first, with what was said of it."""
    found, last = await page(ResourceView, client, window)
    return DocumentPage(await with_comments(client, found), last)


async def with_comments(client: UUID, resources: Sequence[ResourceView]) -> list[ResourceView]:
    """Resources with what comments say of whether they helped."""
    if not resources:
        return []
    on = Record.about.is_in([one.id for one in resources])
    said = await _views(CommentView, await _rows(client, Kind.COMMENT, on, most=MOST_PROGRESS))
    return [_with_comments(one, said) for one in resources]


async def documents(client: UUID, ids: Sequence[UUID]) -> list[RecordView]:
    """A client's documents by id, whatever kinds they are of, in no order; without those that have gone. Of homework
    without what became of it."""
    if not ids:
        return []
    rows = await Record.select().where((Record.client == client) & Record.document.is_in(list(ids)))
    return await effort.in_thread(lambda: [_plain(row) for row in rows])


async def comments_on(client: UUID, ids: Sequence[UUID], most: int) -> dict[UUID, list[CommentView]]:
    """The newest comments on each of these, at most `most`, the oldest of them first."""
    if not ids:
        return {}
    of_kind = (Record.client == client) & (Record.kind == Kind.COMMENT.value) & Record.about.is_in(list(ids))
    marks = ", ".join("?" * len(ids))
    numbered = "row_number() OVER (PARTITION BY about ORDER BY moment DESC, document DESC) AS number"
    drawn = (
        f"SELECT document || '' AS id FROM (SELECT document, {numbered} FROM records WHERE about IN ({marks})"  # noqa: S608 - no values
        " AND client = ? AND kind = ?) WHERE number <= ?"
    )
    engine = Record._meta.db  # noqa: SLF001 - Piccolo tells it nowhere else
    assert isinstance(engine, SerialEngine)
    values = [*map(str, ids), str(client), Kind.COMMENT.value, most]
    newest = [UUID(row["id"]) for row in await engine.statement(drawn, values)]
    if not newest:
        return {}
    rows = await Record.select().where(of_kind & Record.document.is_in(newest)).order_by(Record.moment, Record.document)
    found: dict[UUID, list[CommentView]] = {}
    for view in await _views(CommentView, rows):
        if view.comment.on is not None:
            found.setdefault(view.comment.on, []).append(view)
    return found


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
        _rows(client, Kind.HOMEWORK_PROGRESS, most=1),
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


def _with_comments(resource: ResourceView, said: Sequence[CommentView]) -> ResourceView:
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
    went = course(homework, said, planned, now)
    return HomeworkView(
        id=record.id,
        author=record.author,
        arrived_at=record.arrived_at,
        changed_by=record.changed_by,
        changed_at=record.changed_at,
        heads=record.heads,
        homework=homework,
        occurrences=list(went.occurrences),
        adherence=went.adherence,
        progress=list(progress),
        reviews=list(reviews),
    )


# --- rows and values --------------------------------------------------------------------------------------------------


async def _page(client: UUID, kind: Kind, window: Window, about: UUID | None = None) -> tuple[list[Row], Place | None]:
    conditions: list[Combinable] = [] if about is None else [Record.about == about]
    if (after := window.after) is not None:
        # The first condition says nothing new; it lets the database begin there.
        conditions += [
            Record.moment <= after.moment,
            (Record.moment < after.moment) | (Record.document < after.id),
        ]
    rows, cut = await _newest_rows(client, kind, conditions, window.limit + 1)
    more = cut or len(rows) > window.limit
    rows = rows[: window.limit]
    return rows, Place(rows[-1]["moment"], rows[-1]["document"]) if more else None


async def _rows(
    client: UUID, kind: Kind, *conditions: Combinable, most: int = MOST, characters: int | None = None
) -> list[Row]:
    """The `most` newest rows of one kind within so many `characters`, the newest first."""
    return (await _newest_rows(client, kind, conditions, most, characters))[0]


async def _newest_rows(
    client: UUID, kind: Kind, conditions: Sequence[Combinable], most: int, characters: int | None = None
) -> tuple[list[Row], bool]:
    of_kind: Combinable = (Record.client == client) & (Record.kind == kind.value)
    order, texts = (Record.moment, Record.document), (Record.model, Record.heads)
    return await bounded.newest(Record, [of_kind, *conditions], order, texts, most, characters)


async def _newest(table: type[Entry | SymptomLog], local: columns.Text, client: UUID) -> Row | None:
    """The newest row that says when it was written, and what it says."""
    row: Row | None = (
        await table.select(table.moment, local.as_alias("local"))
        .where((table.client == client) & local.is_not_null())
        .order_by(table.moment, ascending=False)
        .first()
    )
    return row


async def left_out(client: UUID, kind: Kind, shown: int, about: UUID) -> int:
    """How many documents of a kind that are about another are not among the `shown` ones."""
    query = Record.count().where((Record.client == client) & (Record.kind == kind.value) & (Record.about == about))
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


async def _views(view: type[V], rows: Sequence[Row]) -> list[V]:
    """In a thread: many of them take long enough to hold up the event loop."""
    return await effort.in_thread(lambda: [_view(view, row) for row in rows])


def _view(view: type[V], row: Row) -> V:
    kind = KINDS[view]
    assert row["kind"] == kind.value
    values = msgspec.structs.asdict(_record(row))
    values[MODEL_FIELDS[view]] = read_model(kind, row["model"])
    if kind is Kind.HOMEWORK_PROGRESS:
        values["late"] = bool(row["late"])
    return view(**values)


def _plain(row: Row) -> RecordView:
    """A document of any kind."""
    kind = Kind(row["kind"])
    if kind is Kind.HOMEWORK:
        values = msgspec.structs.asdict(_record(row))
        model = read_model(kind, row["model"])
        return HomeworkView(**values, homework=model, occurrences=[], adherence=Adherence(), progress=[], reviews=[])
    return _view(VIEWS[kind], row)


def _by_subject(view: type[V], rows: Sequence[Row]) -> Mapping[UUID, list[V]]:
    found: dict[UUID, list[V]] = defaultdict(list)
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
