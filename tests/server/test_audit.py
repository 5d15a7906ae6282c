"""The audit: who, through what, whose, when."""

from __future__ import annotations

from uuid import uuid4

import pytest
from tests.server.accounts.world import Clock

from intersession_server.accounts.audit import Action, Actor, operator, record
from intersession_server.accounts.tables import AuditRow
from intersession_server.services import Services

pytestmark = pytest.mark.anyio


async def test_a_row_says_who_read_what(services: Services, clock: Clock) -> None:
    person, device, client, stream = uuid4(), uuid4(), uuid4(), uuid4()
    await record(
        Action.ROWS_READ,
        clock(),
        Actor(person=person, device=device),
        client=client,
        stream=stream,
        after_row=3,
        through_row=9,
    )
    (row,) = await AuditRow.select()
    assert {name: value for name, value in row.items() if value is not None and name != "id"} == {
        "at": clock(),
        "action": "rows_read",
        "person": person,
        "device": device,
        "client": client,
        "stream": stream,
        "after_row": 3,
        "through_row": 9,
    }


async def test_nothing_that_could_hold_content_has_a_column(services: Services, clock: Clock) -> None:
    """Text is `action`, one of a closed list, and `operator`, a user of the machine."""
    text_columns = [column._meta.name for column in AuditRow._meta.columns if column.value_type is str]
    assert text_columns == ["action", "operator"]
    for action in Action:
        await record(action, clock(), operator("root"))
    assert await AuditRow.count() == len(Action)
