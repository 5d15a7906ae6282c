"""A practice on a real log, written into as clients' devices would, and read over HTTP."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
from msgspec import Struct
from tests.server.accounts.world import PASSWORD
from tests.server.web.standing_app import app_for

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal, symptoms
from intersession_schemas.documents.diary.symptoms import Log, Number
from intersession_schemas.messages import RowType
from intersession_schemas.records.kinds import SHAPES
from intersession_schemas.streams import Kind
from intersession_server.accounts.tables import AuditRow, Person
from intersession_server.log.submissions import Appended, Declined, ErasureDone, ErasureRequest, Submission
from intersession_server.operator import commands
from intersession_server.operator.commands import CareRole, Invited
from intersession_server.projections import reading
from intersession_server.services import Services

BERLIN = timezone(timedelta(hours=1))
MONDAY = datetime(2026, 2, 23, 23, 50, tzinfo=BERLIN)
"""A week before the tests' clock stands."""
URL = "http://127.0.0.1:8765"


class Client:
    """A client and their device."""

    def __init__(self, services: Services, person: Person) -> None:
        assert person.record_stream is not None
        self.services = services
        self.id: UUID = person.id
        self.name: str = person.name
        self.stream: UUID = person.record_stream
        self.device = uuid4()
        self._random = random.Random(self.name)
        self._bucket: tuple[UUID, Document] | None = None

    async def write(
        self, text: str = "", *, at: datetime = MONDAY, arrived: datetime | None = None, **fields: Any
    ) -> UUID:
        """A journal entry, on the pages when this returns."""
        id_, appending = self.writing(text, at=at, arrived=arrived, **fields)
        await self.shown(await appending)
        return id_

    def writing(
        self, text: str = "", *, at: datetime = MONDAY, arrived: datetime | None = None, **fields: Any
    ) -> tuple[UUID, Awaitable[Appended | Declined]]:
        """A journal entry that is under way."""
        document, id_ = Document.new(self._random.randbytes(16)), uuid4()
        fields.setdefault("entered_at", at)
        change = journal.create(document, written_at=at, text=text, **fields)
        return id_, self._append(id_, Kind.JOURNAL_ENTRY, change, arrived or at.astimezone(UTC))

    async def log(
        self,
        values: dict[str, Number],
        *,
        at: datetime = MONDAY,
        arrived: datetime | None = None,
        scale: tuple[Number, Number] | None = (1, 5),
        **fields: Any,
    ) -> UUID:
        """A symptom log, on the pages when this returns."""
        log = Log(id=uuid4(), at=at, entered_at=fields.pop("entered_at", at), values=values, scale=scale, **fields)
        await self.logs([log], arrived or at.astimezone(UTC))
        return log.id

    async def logs(self, logs: Sequence[Log], arrived: datetime) -> None:
        """Symptom logs that arrive together, on the pages when this returns."""
        await self.shown(await self.accepted(logs, arrived))

    async def accepted(self, logs: Sequence[Log], arrived: datetime) -> Appended | Declined:
        """Symptom logs that arrive together, in the log when this returns."""
        if self._bucket is None:
            self._bucket = uuid4(), Document.new(self._random.randbytes(16))
            created = symptoms.create(self._bucket[1], symptoms.month_of(logs[0].at))
            await self._append(self._bucket[0], Kind.SYMPTOM_LOG, created, arrived)
        id_, document = self._bucket
        return await self._append(id_, Kind.SYMPTOM_LOG, symptoms.add(document, logs), arrived)

    async def put(self, kind: Kind, arrived: datetime, **root: Any) -> UUID:
        """A document of `kind` that no app of ours would write."""
        document, id_ = Document.new(self._random.randbytes(16)), uuid4()
        with document.edit() as edit:
            for key, value in root.items():
                edit.put(key, value)
        assert edit.change is not None
        await self.shown(await self._append(id_, kind, edit.change, arrived))
        return id_

    async def make(self, kind: Kind, value: Struct, arrived: datetime = MONDAY) -> UUID:
        """A document that is a record of fields, on the pages when this returns."""
        document, id_ = Document.new(self._random.randbytes(16)), uuid4()
        await self.shown(await self._append(id_, kind, SHAPES[kind].create(document, value), arrived))
        return id_

    async def erase(self, id_: UUID, kind: Kind = Kind.JOURNAL_ENTRY) -> None:
        """Take a document back; gone from the pages when this returns."""
        request = ErasureRequest(self.id, self.device, self.stream, id_, kind.value)
        outcome = await self.services.log.erase(request, self.services.clock(), keep=False)
        assert isinstance(outcome, ErasureDone)
        self.services.hub.appended()
        await self.shown(Appended(outcome.seq))

    async def shown(self, outcome: Appended | Declined) -> None:
        """Wait until what was appended is in the read models."""
        assert isinstance(outcome, Appended)
        ears = Ears()
        subscription = self.services.projector.updates.subscribe(ears)
        subscription.watch(frozenset({self.stream}))
        while (await reading.throughs([self.stream]))[self.stream] < outcome.seq:
            await ears.moved.wait()
            ears.moved.clear()
        subscription.close()

    async def _append(self, id_: UUID, kind: Kind, change: bytes, arrived: datetime) -> Appended | Declined:
        submission = Submission(self.id, self.device, self.stream, id_, kind.value, (read_change(change),))
        outcome = await self.services.log.append(submission, arrived)
        self.services.hub.appended()
        return outcome


async def send(browser: httpx.AsyncClient, method: str, path: str, body: Any) -> httpx.Response:
    """A request that changes something, with the session's own token."""
    csrf = (await browser.get("/api/me")).json()["csrf"]
    return await browser.request(method, path, json=body, headers={"x-csrf-token": csrf})


async def assigned(browser: httpx.AsyncClient, client: Client, **fields: Any) -> UUID:
    """Homework that this browser's therapist gives a client."""
    answer = await send(browser, "POST", f"/api/clients/{client.id}/homework", {"what": "for noor", **fields})
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["id"])


class Ears:
    """Hears that something moved."""

    def __init__(self) -> None:
        self.moved = asyncio.Event()

    def woken(self, stream: UUID, head: int) -> None:
        self.moved.set()

    def grants_changed(self) -> None:
        self.moved.set()


class Practice:
    """A practice with one therapist, `noor`, and whoever is added."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.app = app_for(services)

    async def begin(self) -> Practice:
        await self.do(commands.CreatePractice(name="Nord"))
        await self.therapist("noor", "Noor Haddad")
        return self

    async def do(self, command: commands.AnyCommand) -> commands.AnyResult:
        return await self.services.operations.execute(command)

    async def therapist(self, username: str, name: str) -> UUID:
        result = await self.do(commands.AddTherapist(username=username, name=name, password=PASSWORD))
        assert isinstance(result, Invited)
        return result.person

    async def client(self, name: str, therapist: str | None = "noor", role: CareRole = "primary") -> Client:
        result = await self.do(commands.AddClient(name=name))
        assert isinstance(result, Invited)
        person = await Person.objects().where(Person.id == result.person).first()
        assert person is not None
        client = Client(self.services, person)
        await client.shown(Appended(2))  # the plan and the first episode, which come with the record
        if therapist is not None:
            await self.do(commands.Assign(client=str(result.person), therapist=therapist, role=role))
        return client

    def assign(self, client: Client, therapist: str, role: CareRole = "primary") -> commands.Assign:
        """The command that puts a therapist on a client's care team."""
        return commands.Assign(client=str(client.id), therapist=therapist, role=role)

    async def unassign(self, client: Client, therapist: str = "noor") -> None:
        await self.do(commands.Unassign(client=str(client.id), therapist=therapist))

    @asynccontextmanager
    async def browser(self, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
        """Somebody who is not signed in."""
        transport = httpx.ASGITransport(cast(Any, self.app))
        async with httpx.AsyncClient(transport=transport, base_url=URL, headers=headers) as client:
            yield client

    @asynccontextmanager
    async def signed_in(self, username: str = "noor") -> AsyncIterator[httpx.AsyncClient]:
        """A therapist's browser."""
        async with self.browser() as browser:
            answer = await browser.post("/sign-in", json={"username": username, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            yield browser

    async def set_aside(self) -> list[tuple[UUID, int]]:
        """The rows of all streams that were accepted and then did not apply."""
        log = self.services.log
        heads = await log.stream_heads()
        rows = [(stream, row) for stream, head in heads.items() for row in await log.stream_rows(stream, 0, head)]
        return [(stream, row.seq) for stream, row in rows if row.type is RowType.QUARANTINE]

    async def worked_out(self) -> None:
        """Wait until caseloads say of every client what their read models do."""
        overviews = self.services.projector.overviews
        behind = "SELECT 1 FROM projected p LEFT JOIN overviews o ON o.stream = p.stream AND o.through >= p.through"
        while await self.services.projector.engine.statement(f"{behind} WHERE o.stream IS NULL LIMIT 1", []):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        await overviews.settled()

    async def audit(self, *actions: str) -> list[dict[str, Any]]:
        """The audit's rows of these actions."""
        rows: list[dict[str, Any]] = await AuditRow.select().where(AuditRow.action.is_in(list(actions)))
        return rows
