"""Documents of a client's record, made and changed by the care team: one way for the HTTP API and the pages."""

from __future__ import annotations

from datetime import UTC
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from intersession_schemas.records.kinds import MODELS, subject_of
from intersession_schemas.streams import Kind
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.errors import Refused
from intersession_server.language.language import say
from intersession_server.passage import ClientAccess
from intersession_server.projections import record_reading
from intersession_server.projections.read_models import MODEL_FIELDS, VIEWS, RecordView, ResourceView
from intersession_server.services import Services
from intersession_server.web.record.changes import changed, elements_given, heads_of, moved
from intersession_server.web.record.local_time import now_of, today_of
from intersession_server.web.record.resources import RecordList
from intersession_server.web.record.writing import (
    DraftChange,
    change_draft,
    check_named,
    new_draft,
    new_id,
    rows_in,
    target_of,
    write,
)


async def make_document(
    services: Services, session: CurrentSession, access: ClientAccess, resource: RecordList, new: Struct
) -> RecordView:
    """A new document of a kind in the table, durable. Raises `InvalidField`, `Refused`, `StorageError`."""
    now = services.clock()
    if resource.begin is None:
        blank = MODELS[resource.kind]()
    else:
        blank = resource.begin(await today_of(access, await now_of(services, access)))
    value = changed(blank, new, new_id)
    if "made_at" in value.__struct_fields__:
        value = msgspec.structs.replace(value, made_at=now.astimezone(UTC))
    subject = subject_of(resource.kind, value)
    if subject is not None:
        await rows_in(services, target_of(access), subject)
    await check_named(services, target_of(access), value)
    draft = new_draft(session, resource.kind, value, now)
    await write(services, session, target_of(access), [draft])
    return view_of(draft, resource.view)


async def change_document(
    services: Services, session: CurrentSession, access: ClientAccess, resource: RecordList, id_: UUID, change: Struct
) -> RecordView:
    """A document with what `change` names, durable. Raises `InvalidField`, `Refused`, `StorageError`."""
    settle = resource.settle
    today = None if settle is None else await today_of(access, await now_of(services, access))

    def apply(before: Any) -> Any:
        after = changed(before, change, new_id)
        return after if settle is None or today is None else settle(before, after, change, today)

    target = target_of(access)
    draft = await change_draft(services, session, target, resource.kind, id_, apply, heads_of(change))
    check_there(change, draft.value)
    await write(services, session, target, [draft])
    return await _with_all(access, view_of(draft, resource.view))


async def move_element(
    services: Services,
    session: CurrentSession,
    access: ClientAccess,
    kind: Kind,
    id_: UUID,
    of: str,
    element: str,
    after: str | None,
) -> RecordView:
    """A document with the element of its field `of` right after another one, or first; durable.

    It is moved in the document as it is now, so that of two moves at once the later one counts.
    Raises `Refused` (`not_found`) where it has no such elements, `StorageError`.
    """

    def apply(before: Any) -> Any:
        return msgspec.structs.replace(before, **{of: moved(getattr(before, of), element, after)})

    draft = await change_draft(services, session, target_of(access), kind, id_, apply)
    await write(services, session, target_of(access), [draft])
    return view_of(draft, VIEWS[kind])


def check_there(change: Struct, value: Struct) -> None:
    """Raise `Refused` (`removed_meanwhile`) where a change is of an element that somebody else has removed since."""
    for name, given in elements_given(change).items():
        there = getattr(value, name)
        if not all(id_ in there for id_ in given):
            raise Refused(
                "removed_meanwhile",
                say("Somebody has removed this meanwhile, so your change was not saved. Add it again if it is needed."),
            )


async def _with_all(access: ClientAccess, view: RecordView) -> RecordView:
    """A document as just written, with what others have said of it."""
    if isinstance(view, ResourceView):
        return (await record_reading.with_comments(access.client, [view]))[0]
    return view


def view_of(draft: DraftChange, view: type[RecordView]) -> RecordView:
    """A document as just written."""
    return view(**msgspec.structs.asdict(draft.record), **{MODEL_FIELDS[view]: draft.value})
