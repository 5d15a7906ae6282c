"""Assessments as a client's device writes them: answered one by one, completed or not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.server.web.practice import Client

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.documents.assessments import assessments
from intersession_schemas.documents.assessments.answers import WordingTaken
from intersession_schemas.instruments import INSTRUMENTS
from intersession_schemas.streams import Kind
from intersession_server.log.submissions import Submission


async def answered(
    client: Client,
    instrument: str,
    answers: Mapping[str, Any],
    at: datetime,
    *,
    completed: bool = True,
    arrived: datetime | None = None,
    wording: WordingTaken | None = None,
    scheme: str | None = None,
    then: Mapping[str, Any] | None = None,
) -> UUID:
    """An assessment that a client answered on their device; on the pages when this returns.

    `then` are answers that were given in the place of earlier ones.
    """
    document, id_ = Document.new(uuid4().bytes), uuid4()
    known = INSTRUMENTS.get(instrument)
    start = assessments.Start(instrument=instrument, scheme=scheme or (known.scheme if known else "sum"), started_at=at)
    changes = [assessments.create(document, start)]
    given = [*answers.items(), *(then or {}).items()]
    for number, (item, value) in enumerate(given):
        when = at + timedelta(seconds=number)
        change = assessments.answer(document, item, value, answer_id=uuid4(), at=when)
        assert change is not None
        changes.append(change)
    if completed:
        taken = wording or WordingTaken(status="own")
        changes.append(assessments.complete(document, completion_id=uuid4(), at=at, wording=taken))
    submission = Submission(
        client.id, client.device, client.stream, id_, Kind.ASSESSMENT.value, tuple(map(read_change, changes))
    )
    outcome = await client.services.log.append(submission, arrived or at.astimezone(UTC))
    client.services.hub.appended()
    await client.shown(outcome)
    return id_
