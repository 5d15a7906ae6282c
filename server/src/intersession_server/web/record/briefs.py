"""The brief of a record as of a cut, for the API and the page."""

from __future__ import annotations

from uuid import UUID

from intersession_schemas.measures import brief as briefs
from intersession_schemas.streams import Kind
from intersession_server.services import Services
from intersession_server.web.record.as_of import Asked
from intersession_server.web.record.writing import not_found
from intersession_server.work import effort


async def brief_of(services: Services, what: Asked, session: UUID | None) -> briefs.Brief:
    """The brief of what was asked for. Raises `Refused` (`not_found`) for a session that the record has not."""
    known = {one.id for one in what.material.filed if one.kind is Kind.SESSION}
    if session is not None and session not in known:
        raise not_found()
    material = await services.materials.for_brief(what.material, what.cut, what.head, session)
    return await effort.in_thread(briefs.brief, material, what.cut, session)
