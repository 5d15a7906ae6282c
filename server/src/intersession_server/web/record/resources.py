"""The kinds of documents of a client's record that are listed: what the HTTP API serves and the pages show, as a table.

Each can be read a page at a time under `/api/clients/{client}/<path>`, and on a page of its own under
`/clients/{client}/records/<path>`; with `new` and `change`, it can be written by the API. A kind without a row is
listed all the same, with what can be told from its shape and from who may write it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct

from intersession_schemas.documents.care.episodes import Episode
from intersession_schemas.documents.care.goals import Goal
from intersession_schemas.records.kinds import MODELS, SHAPES
from intersession_schemas.streams import CARE_TEAM, WRITERS, Audience, Kind, is_authored, kinds_of
from intersession_server.accounts.audit import Action
from intersession_server.projections import record_reading
from intersession_server.projections.read_models import VIEWS, HomeworkSummary, HomeworkView, RecordView
from intersession_server.projections.windows import DocumentPage, Window
from intersession_server.web.record.changes import (
    EpisodeChange,
    NewEpisode,
    NewResource,
    NewSession,
    ResourceChange,
    SessionChange,
    change_of,
    new_of,
)

Read = Callable[[UUID, datetime, Window], Awaitable[DocumentPage[Any]]]
"""Reads a client's documents, as of an instant."""


class NewComment(Struct, frozen=True, forbid_unknown_fields=True):
    """A comment on the document `on` of this client's record."""

    on: UUID
    text: str


class RecordList(Struct, frozen=True, kw_only=True):
    """A kind of documents of a client's record, as it is listed."""

    path: str
    kind: Kind
    listed: str
    """What the list is, as the API's description says it."""
    action: Action = Action.RECORD_READ
    """What a read of it is in the audit."""
    title: str = ""
    """The heading of its page. Default: the path, as words."""
    about: str = ""
    """The parameter that names what the documents are about, where one can ask for those about one thing."""
    read: Read | None = None
    """How a page of it is read, where that takes more than its rows."""
    item: type[Struct] | None = None
    """What the API says of each in the list, where that is not all of the view."""
    new: type[Struct] | None = None
    change: type[Struct] | None = None
    begin: Callable[[date], Struct] | None = None
    """What a new one is before the request's fields are put in, on the client's local day. Default: empty."""
    settle: Callable[[Any, Any, Struct, date], Struct] | None = None
    """What becomes of a value (before, after) with the change of a request, on the client's local day."""

    @property
    def view(self) -> type[RecordView]:
        """What is shown of a document."""
        return VIEWS[self.kind]

    @property
    def heading(self) -> str:
        """The heading of its page."""
        return self.title or self.path.replace("-", " ").capitalize()

    async def page(self, client: UUID, now: datetime, window: Window, about: UUID | None = None) -> DocumentPage[Any]:
        """A page of a client's documents as of the instant `now`, of those about one thing if that is given."""
        if self.read is not None:
            return await self.read(client, now, window)
        return await record_reading.page(self.view, client, window, about=about)


async def _homework(client: UUID, now: datetime, window: Window) -> DocumentPage[HomeworkView]:
    local = await record_reading.local_now(client, now)
    return await record_reading.homework(client, await record_reading.agreed(client), local, window)


async def _resources(client: UUID, _: datetime, window: Window) -> DocumentPage[Any]:
    return await record_reading.resources(client, window)


def _phase_set(before: Episode, after: Episode, change: Struct, today: date) -> Episode:
    """A new phase without a day begins today; the phase `ended` without one ends it today."""
    if after.phase == "ended" and after.ended_on is None and getattr(change, "ended_on", UNSET) is UNSET:
        after = msgspec.structs.replace(after, ended_on=today)
    if after.phase != before.phase and getattr(change, "phase_began_on", UNSET) is UNSET:
        after = msgspec.structs.replace(after, phase_began_on=after.ended_on or today)
    return after


_WITH_ROWS = (
    RecordList(
        path="homework",
        kind=Kind.HOMEWORK,
        listed="A client's assignments, with the state of each occurrence.",
        action=Action.HOMEWORK_READ,
        read=_homework,
        item=HomeworkSummary,
    ),
    RecordList(
        path="homework-progress",
        kind=Kind.HOMEWORK_PROGRESS,
        listed="A client's reports on their homework.",
        action=Action.HOMEWORK_READ,
        about="homework",
    ),
    RecordList(
        path="homework-reviews",
        kind=Kind.HOMEWORK_REVIEW,
        listed="The care team's reviews of homework.",
        action=Action.HOMEWORK_READ,
        about="homework",
    ),
    RecordList(
        path="goals",
        kind=Kind.GOAL,
        listed="A client's goals and their steps, whoever wrote them.",
        action=Action.GOALS_READ,
        new=new_of(Goal),
        change=change_of(Goal),
    ),
    RecordList(
        path="resources",
        kind=Kind.RESOURCE,
        listed="A client's resources, and how often they said that each helped.",
        action=Action.RESOURCES_READ,
        read=_resources,
        new=NewResource,
        change=ResourceChange,
    ),
    RecordList(
        path="comments",
        kind=Kind.COMMENT,
        listed="Comments on documents in a client's record.",
        action=Action.COMMENTS_READ,
        about="on",
        new=NewComment,
    ),
    RecordList(
        path="assessments",
        kind=Kind.ASSESSMENT,
        listed="A client's assessments with their answers: completed ones, and drafts.",
        action=Action.ASSESSMENTS_READ,
    ),
    RecordList(
        path="acknowledgements",
        kind=Kind.ACKNOWLEDGEMENT,
        listed="Signals that were acknowledged, by whom and with what note.",
        action=Action.SIGNALS_READ,
    ),
    RecordList(
        path="sessions",
        kind=Kind.SESSION,
        listed="A client's appointments, past and planned, the latest first.",
        action=Action.SESSIONS_READ,
        new=NewSession,
        change=SessionChange,
    ),
    RecordList(
        path="episodes",
        kind=Kind.EPISODE,
        listed="A client's episodes of care with their baselines, the one begun last first.",
        action=Action.EPISODES_READ,
        new=NewEpisode,
        change=EpisodeChange,
        begin=lambda today: Episode(began_on=today),
        settle=_phase_set,
    ),
)
_ELSEWHERE = frozenset({Kind.PLAN, Kind.INSTRUMENT})
"""There is one plan, with routes of its own; the wordings of instruments are the practice's."""


def _plain_list(kind: Kind) -> RecordList:
    """The list of a kind that has no row: written by the API where the care team may write it."""
    model = MODELS[kind]
    writable = WRITERS[Audience.RECORD, kind] >= CARE_TEAM
    return RecordList(
        path=f"{kind.value.replace('_', '-')}s",
        kind=kind,
        listed=(model.__doc__ or kind.value).strip().split("\n")[0],
        new=new_of(model) if writable else None,
        change=change_of(model) if writable and not is_authored(Audience.RECORD, kind) else None,
    )


def _without_rows() -> list[Kind]:
    listed = {one.kind for one in _WITH_ROWS} | _ELSEWHERE
    return [kind for kind in SHAPES if kind in kinds_of(Audience.RECORD) and kind not in listed]


RESOURCES = (*_WITH_ROWS, *map(_plain_list, _without_rows()))
BY_PATH = {one.path: one for one in RESOURCES}
