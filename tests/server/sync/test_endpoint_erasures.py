"""A document withdrawn over a real socket: what its author is told, the care team is sent, and the audit holds."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest
from tests.server.accounts.world import practice_with
from tests.server.test_ending_access import heard, send, served, session
from websockets.asyncio.client import ClientConnection

from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal
from intersession_schemas.errors import RefusalCode
from intersession_schemas.messages import (
    PROTOCOL,
    Accepted,
    Erase,
    Erased,
    Hello,
    Push,
    Rejected,
    Row,
    Rows,
    RowType,
    Snapshot,
    StreamOffer,
    Welcome,
)
from intersession_schemas.streams import Audience
from intersession_server.accounts import invitations
from intersession_server.accounts.directory import AccountsDirectory
from intersession_server.accounts.tables import AuditRow, Person
from intersession_server.errors import StorageError
from intersession_server.operator import commands
from intersession_server.services import Services

pytestmark = pytest.mark.anyio

DOCUMENT = uuid4()


async def token_of(services: Services, code: str) -> str:
    return (await invitations.redeem(code, "app", services.clock())).token


async def welcomed(socket: ClientConnection, audience: Audience = Audience.RECORD) -> StreamOffer:
    """Hello; the offer of that audience."""
    await send(socket, Hello((PROTOCOL, PROTOCOL), uuid4()))
    (offer,) = [one for one in (await heard(socket, Welcome)).streams if one.audience is audience]
    return offer


async def rows_until(socket: ClientConnection, stream: UUID, seq: int) -> list[Row]:
    """The rows of a stream that come, up to a cursor of `seq`."""
    rows: list[Row] = []
    async with asyncio.timeout(5):
        while True:
            page = await heard(socket, Rows)
            if page.stream == stream:
                rows += page.items
                if page.through >= seq:
                    return rows


async def written(services: Services, socket: ClientConnection, stream: UUID) -> None:
    """An entry of Ann's, accepted as row 3: rows 1 and 2 are the plan and the first episode."""
    at = services.clock()
    change = journal.create(Document.new(uuid4().bytes), written_at=at, entered_at=at, text="nobody's business")
    await send(socket, Push(1, stream, DOCUMENT, "journal_entry", [change]))
    assert (await heard(socket, Accepted)).seq == 3


async def test_a_record_begins_with_its_plan_and_is_sent_with_it(services: Services) -> None:
    ann = (await practice_with(services, clients=("Ann",)))["Ann"]
    person = await Person.objects().get(Person.id == ann.person)
    assert person is not None
    async with served(services) as url, session(url, await token_of(services, ann.code)) as socket:
        record = await welcomed(socket)
        snapshot = await heard(socket, Snapshot)
        assert (record.head, record.documents) == (2, 2)
        assert {(item.document, item.kind) for item in snapshot.items} == {
            (person.plan, "plan"),
            (person.episode, "episode"),
        }


@pytest.mark.parametrize("retention", ["erase", "hide"])
async def test_taking_back_a_shared_entry(services: Services, retention: commands.Retention) -> None:
    people = await practice_with(services, "ada", clients=("Ann",))
    await services.operations.execute(commands.SetRetention(practice="Nord", retention=retention))
    await services.operations.execute(commands.Assign(client="Ann", therapist="ada"))
    ann, ada = await token_of(services, people["Ann"].code), await token_of(services, people["ada"].code)
    async with served(services) as url, session(url, ann) as socket, session(url, ada) as theirs:
        record = (await welcomed(socket)).stream
        await welcomed(theirs)
        await written(services, socket, record)
        assert [row.kind for row in await rows_until(theirs, record, 3)][-1] == "journal_entry"

        await send(socket, Erase(2, record, DOCUMENT, "journal_entry"))
        erased = await heard(socket, Erased)
        assert (erased.id, erased.seq, erased.kept, erased.read_at) == (2, 4, retention == "hide", [services.clock()])
        rows = await rows_until(theirs, record, 4)
        assert [(row.seq, row.type, row.change) for row in rows] == [(4, RowType.ERASURE, b"")]

        await send(socket, Erase(3, record, DOCUMENT, "journal_entry"))  # its answer could have been lost
        again = await heard(socket, Erased)
        assert (again.id, again.seq, again.kept, again.read_at) == (3, 4, erased.kept, erased.read_at)
        await send(theirs, Erase(4, record, DOCUMENT, "journal_entry"))
        assert (await heard(theirs, Rejected)).code == RefusalCode.NOT_WRITER
    noted = await AuditRow.objects().where(AuditRow.action == "erased")
    assert [(row.client, row.person, row.document, row.through_row) for row in noted] == [
        (people["Ann"].person, people["Ann"].person, DOCUMENT, 4)
    ]


async def test_an_erasure_that_could_not_be_written_down_is_asked_for_again(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = (await practice_with(services, clients=("Ann",)))["Ann"]
    noted = AccountsDirectory.note_erased

    async def fails(*_: object) -> None:
        monkeypatch.setattr(AccountsDirectory, "note_erased", noted)
        raise StorageError("The disk is full.")

    monkeypatch.setattr(AccountsDirectory, "note_erased", fails)
    async with served(services) as url, session(url, await token_of(services, ann.code)) as socket:
        record = (await welcomed(socket)).stream
        await written(services, socket, record)
        await send(socket, Erase(2, record, DOCUMENT, "journal_entry"))
        rejected = await heard(socket, Rejected)
        assert (rejected.id, rejected.code) == (2, RefusalCode.STORAGE_FAILED)
        assert rejected.retry_after
        await send(socket, Erase(3, record, DOCUMENT, "journal_entry"))
        assert (await heard(socket, Erased)).seq == 4
    assert await AuditRow.count().where(AuditRow.action == "erased") == 1


async def test_vault_blobs_are_replaced(services: Services) -> None:
    ann = (await practice_with(services, clients=("Ann",)))["Ann"]
    async with served(services) as url, session(url, await token_of(services, ann.code)) as socket:
        vault = (await welcomed(socket, Audience.VAULT)).stream
        await send(socket, Push(1, vault, DOCUMENT, "journal_entry", [b"one", b"two"]))
        await heard(socket, Accepted)
        first = [row.hash for row in await rows_until(socket, vault, 2)]
        await send(socket, Push(2, vault, DOCUMENT, "journal_entry", [b"both"], first))
        assert (await heard(socket, Accepted)).seq == 3
        assert [row.change for row in await rows_until(socket, vault, 3)] == [b"both"]
        assert await services.log.document_changes(DOCUMENT) == [b"both"]
