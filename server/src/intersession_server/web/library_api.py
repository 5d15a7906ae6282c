"""The HTTP API of a practice's library: templates to start from, read and written by its therapists.

The library is no client's, so no read of it is audited, and no read model is made of it: it is small, and read from the
log when somebody asks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.exceptions import NotFoundException
from litestar.params import JSONBody
from msgspec import Struct

from intersession_schemas.crdt import Document
from intersession_schemas.documents.templates import TEMPLATE, Template
from intersession_schemas.errors import DocumentError
from intersession_schemas.library import TEMPLATES
from intersession_schemas.messages import Row, RowType
from intersession_schemas.streams import Audience, Kind
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.log.store import Reader
from intersession_server.projections.read_models import RecordView
from intersession_server.services import Services
from intersession_server.web.api import SIGNED_IN_ANSWERS
from intersession_server.web.changes import NewTemplate, changed
from intersession_server.web.given import GivenServices, GivenSession
from intersession_server.web.record_routes import WRITE_ANSWERS, WRITE_HANDLERS, new_id
from intersession_server.web.writing import Place, new_draft, write

_READER = bytes(16)
_ROWS_AT_ONCE = 500


class TemplateView(RecordView, frozen=True, kw_only=True):
    """A template of the practice."""

    template: Template


class BuiltIn(Struct, frozen=True):
    """A template that comes with Intersession, under a key that stays."""

    key: str
    template: Template


class Templates(Struct, frozen=True):
    """The practice's own templates, by title, and those that come with Intersession."""

    items: list[TemplateView]
    built_in: list[BuiltIn]
    next: str | None = None


@get("/templates", opt={"access": "therapist"}, responses=SIGNED_IN_ANSWERS)
async def templates(services: GivenServices, session: GivenSession) -> Templates:
    """Templates to start from: the practice's own, and those that come with Intersession."""
    library = await _library(services, session)
    rows: list[Row] = []
    through = 0
    while some := await services.log.stream_rows(library, through, _ROWS_AT_ONCE):
        through = some[-1].seq
        rows += [row for row in some if row.kind == Kind.TEMPLATE]
    # In a thread: many documents take long enough to hold up the event loop.
    own = await asyncio.to_thread(_templates, rows)
    return Templates(own, [BuiltIn(key, template) for key, template in TEMPLATES.items()])


@post("/templates", opt={"access": "therapist"}, responses=WRITE_ANSWERS)
async def make_template(services: GivenServices, session: GivenSession, data: JSONBody[NewTemplate]) -> TemplateView:
    """Put a template into the practice's library."""
    place = Place(await _library(services, session), None)
    draft = new_draft(session, Kind.TEMPLATE, changed(Template(), data, new_id), services.clock().astimezone(UTC))
    await write(services, session, place, [draft])
    return TemplateView(**msgspec.structs.asdict(draft.record), template=draft.value)


def library_router() -> Router:
    """The routes under `/api` of this module."""
    return Router(
        "/api", route_handlers=[templates, make_template], exception_handlers=WRITE_HANDLERS, tags=["library"]
    )


async def _library(services: Services, session: CurrentSession) -> UUID:
    """The library that this session's therapist may read now."""
    for offer in await services.log.offers(Reader(session.person, session.id)):
        if offer.audience is Audience.LIBRARY:
            return offer.stream
    raise NotFoundException


def _templates(rows: Sequence[Row]) -> list[TemplateView]:
    held: dict[UUID, list[Row]] = {}
    for row in rows:
        held.setdefault(row.document, []).append(row)
    found = []
    for id_, its_rows in held.items():
        changes = [row for row in its_rows if row.type is RowType.CHANGE and row.change]
        if changes and not any(row.type is RowType.ERASURE for row in its_rows):
            found.append(_template(id_, changes))
    return sorted(found, key=lambda one: (one.template.title.casefold(), one.id))


def _template(id_: UUID, changes: Sequence[Row]) -> TemplateView:
    document = Document.new(_READER)
    try:
        document.apply([row.change for row in changes])
        template, heads = TEMPLATE.read(document), [head.hex() for head in document.heads]
    except DocumentError:
        template, heads = Template(problems=("document: could not be read",)), []
    return TemplateView(
        id=id_,
        author=changes[0].author,
        arrived_at=changes[0].received_at,
        changed_at=changes[-1].received_at,
        heads=heads,
        template=template,
    )
