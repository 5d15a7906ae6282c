"""A practice's templates and its library's resources, read and written, for the API and the pages.

The library is no client's, so no read of it is audited, and no read model is made of it: it is small, and read from the
log when somebody asks.
"""

from __future__ import annotations

from datetime import UTC
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from intersession_schemas.documents.care.templates import Template
from intersession_schemas.library import TEMPLATES, template_in
from intersession_schemas.records.kinds import MODELS
from intersession_schemas.streams import Kind
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.language.language import current
from intersession_server.library import Shelved, shelved
from intersession_server.projections.read_models import RecordView
from intersession_server.services import Services
from intersession_server.web.record.changes import changed, differing, heads_of
from intersession_server.web.record.documents import check_there
from intersession_server.web.record.library import library_of
from intersession_server.web.record.shelf.shelf_views import LibraryResourceView, TemplateView
from intersession_server.web.record.writing import (
    DraftChange,
    WriteTarget,
    change_draft,
    new_draft,
    new_id,
    not_found,
    write,
)


async def own_templates(services: Services, session: CurrentSession) -> list[TemplateView]:
    """The practice's own templates, by title."""
    found = await shelved(services.log, await library_of(services, session), Kind.TEMPLATE)
    views = [TemplateView(**_facts(one), template=one.value) for one in found]
    return sorted(views, key=lambda one: (one.template.title.casefold(), str(one.id)))


async def own_template(services: Services, session: CurrentSession, id_: UUID) -> TemplateView:
    """One of the practice's own. Raises `Refused` (`not_found`)."""
    found = next((one for one in await own_templates(services, session) if one.id == id_), None)
    if found is None:
        raise not_found()
    return found


async def template_named(services: Services, session: CurrentSession, name: str) -> Template:
    """One that comes with Intersession by its key, or one of the practice's own by its id. Raises `Refused`."""
    if name in TEMPLATES:
        return template_in(name, current().tag)
    try:
        id_ = UUID(name)
    except ValueError:
        raise not_found() from None
    return (await own_template(services, session, id_)).template


async def library_resources(services: Services, session: CurrentSession) -> list[LibraryResourceView]:
    """The resources of the practice's library, by title."""
    found = await shelved(services.log, await library_of(services, session), Kind.RESOURCE)
    views = [LibraryResourceView(**_facts(one), resource=one.value) for one in found]
    return sorted(views, key=lambda one: (one.resource.title.casefold(), str(one.id)))


async def library_resource(services: Services, session: CurrentSession, id_: UUID) -> LibraryResourceView:
    """One of them. Raises `Refused` (`not_found`)."""
    found = next((one for one in await library_resources(services, session) if one.id == id_), None)
    if found is None:
        raise not_found()
    return found


async def shelve(services: Services, session: CurrentSession, kind: Kind, data: Struct) -> DraftChange:
    """A new document of the library, written. Raises `InvalidField`, `Refused`."""
    target = WriteTarget(await library_of(services, session), None)
    now = services.clock().astimezone(UTC)
    value = changed(MODELS[kind](), data, new_id)
    if "made_at" in value.__struct_fields__:
        value = msgspec.structs.replace(value, made_at=now)
    draft = new_draft(session, kind, value, now)
    await write(services, session, target, [draft])
    return draft


async def change_shelved(
    services: Services, session: CurrentSession, kind: Kind, id_: UUID, data: Struct
) -> DraftChange:
    """A document of the library with what `data` changes, written. Raises `InvalidField`, `Refused`."""
    target = WriteTarget(await library_of(services, session), None)
    real = data

    def apply(before: Any) -> Any:
        nonlocal real
        after = changed(before, data, new_id)
        real = differing(data, before, after)
        return after

    draft = await change_draft(services, session, target, kind, id_, apply, heads_of(data))
    check_there(real, draft.value)
    await write(services, session, target, [draft])
    return draft


def template_view(draft: DraftChange) -> TemplateView:
    """A template as just written."""
    return TemplateView(**msgspec.structs.asdict(draft.record), template=draft.value)


def resource_view(draft: DraftChange) -> LibraryResourceView:
    """A resource as just written."""
    return LibraryResourceView(**msgspec.structs.asdict(draft.record), resource=draft.value)


def _facts(one: Shelved) -> dict[str, Any]:
    return {name: getattr(one, name) for name in RecordView.__struct_fields__}
