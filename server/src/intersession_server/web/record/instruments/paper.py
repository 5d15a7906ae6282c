"""Scores from paper or an interview: answers taken down item by item, and completed at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

from msgspec import Meta, Struct

from intersession_schemas.documents.assessments import assessments
from intersession_schemas.documents.assessments.answers import WordingTaken
from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments import check_answers
from intersession_schemas.records.kinds import RECORDS
from intersession_schemas.streams import Kind
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.language.language import say
from intersession_server.passage import ClientAccess
from intersession_server.projections import record_reading
from intersession_server.services import Services
from intersession_server.web.record.library import instrument_named, wordings_to_copy
from intersession_server.web.record.writing import DraftChange, WriteTarget, drafted, new_document, rows_in, write
from intersession_server.work import effort


class NewAssessment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answers from paper or an interview, by item. `at` is when they were given, `amends` what they correct."""

    instrument: str
    answers: Annotated[dict[str, bool | int | None], Meta(max_length=500)]
    at: Annotated[datetime, Meta(tz=True)] | None = None
    amends: UUID | None = None


async def take_down(
    services: Services, session: CurrentSession, access: ClientAccess, given: NewAssessment
) -> DraftChange:
    """Write an assessment, durable and completed when this returns.

    Raises `InvalidField`, which names the item, for an answer that the instrument does not have, and for an amendment
    of another instrument, or of what somebody else took down or answered; `Refused` (`not_found`) where what it amends
    is not in the record.
    """
    target = WriteTarget(access.record_stream, access.client)
    if given.amends is not None:
        rows = await rows_in(services, target, given.amends, Kind.ASSESSMENT)
        if rows[0].author != session.person:
            raise InvalidField(say("Only whoever took an assessment down corrects it."))
        corrected = await effort.in_thread(_instrument_of, [row.change for row in rows])
        if corrected != given.instrument:
            raise InvalidField(say("A correction is of the same instrument as what it corrects."))
    drafts = [
        await _taken(services, session, access, given),
        *await wordings_to_copy(services, session, access, [given.instrument]),
    ]
    # An instrument that ships is known everywhere; of one that the practice brought the record needs the definition.
    drafts = [one for one in drafts if one.kind is Kind.ASSESSMENT or one.value.definition]
    await write(services, session, target, drafts)
    return drafts[0]


def _instrument_of(changes: list[bytes]) -> str:
    document = new_document()
    document.apply(changes)
    found = RECORDS[Kind.ASSESSMENT].read(document)
    assert isinstance(found, Assessment)
    return found.instrument


async def _taken(
    services: Services, session: CurrentSession, access: ClientAccess, given: NewAssessment
) -> DraftChange:
    instrument = await instrument_named(services, session, given.instrument)
    answers = {item: value for item, value in given.answers.items() if value is not None}
    check_answers(instrument, answers)
    now = await record_reading.local_now(access.client, services.clock())
    at = given.at or now
    document = new_document()
    start = assessments.Start(
        instrument=instrument.key,
        scheme=instrument.scheme,
        started_at=at,
        administered_by=session.person,
        amends=given.amends,
    )
    changes = [assessments.create(document, start)]
    for item, value in answers.items():
        change = assessments.answer(document, item, value, answer_id=uuid4(), at=at)
        assert change is not None
        changes.append(change)
    wording = WordingTaken(status="paper")
    changes.append(assessments.complete(document, completion_id=uuid4(), at=at, wording=wording))
    return drafted(session, Kind.ASSESSMENT, document, changes, now.astimezone(UTC))
