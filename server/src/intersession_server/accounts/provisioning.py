"""Streams and grants in the log for what `app.db` says: made last, ended first.

The log's grants decide who may read; the rows of `app.db` are the administrative record. The two files cannot commit
together, so the order is such that an interruption leaves less access than recorded, never more: a row is written
before its grants, and marked provisioned after them; grants end before the row says so. What an interruption left
unprovisioned is finished at the next start. Making a stream, a grant or a document twice is harmless.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Protocol
from uuid import UUID, uuid4

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.documents.care.episodes import EPISODE, Episode
from intersession_schemas.documents.care.plan import PLAN, Plan
from intersession_schemas.streams import Audience, Kind, Role
from intersession_server.accounts import seen
from intersession_server.accounts.people import CLIENT, folded
from intersession_server.accounts.tables import Assignment, Person, Practice
from intersession_server.errors import StorageError
from intersession_server.log.store import LogStore

ACTOR_BYTES = 16


class AccessListener(Protocol):
    """Who ends or widens what live sessions see. Called on the event loop after the log's commit."""

    def grants_changed(self, account: UUID) -> None:
        """What the account may read has changed."""

    def device_revoked(self, device: UUID) -> None:
        """The device has been revoked."""


class Provisioning:
    """Carries rows of `app.db` over into the log. Every method raises `StorageError`."""

    def __init__(
        self,
        log: LogStore,
        listener: AccessListener,
        appended: Callable[[], None] = lambda: None,
        *,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        """`appended` is called when the log has a row that is to be applied; `random` gives so many random bytes."""
        self._log = log
        self._listener = listener
        self._appended = appended
        self._random = random

    async def practice(self, practice: Practice, at: datetime) -> None:
        """Make the practice's library."""
        await self._log.create_stream(practice.library_stream, Audience.LIBRARY, practice.id, None, practice.created_at)
        await Practice.update({Practice.provisioned_at: at}).where(Practice.id == practice.id)

    async def person(self, person: Person, at: datetime) -> None:
        """Make a client's streams, grants, plan and first episode, or a therapist's grant on the library."""
        since = person.created_at
        if person.role == CLIENT:
            record, vault, chart = _present(person.record_stream), _present(person.vault_stream), person.chart_stream
            for audience, stream in (
                (Audience.RECORD, record),
                (Audience.VAULT, vault),
                (Audience.CHART, _present(chart)),
            ):
                await self._log.create_stream(stream, audience, person.practice, person.id, since)
            await self._log.grant(_present(person.record_grant), record, person.id, Role.CLIENT, since)
            await self._log.grant(_present(person.vault_grant), vault, person.id, Role.CLIENT, since)
            await self._begin(record, _present(person.plan), Kind.PLAN, first_plan_change, since)
            first = partial(first_episode, since.date())
            await self._begin(record, _present(person.episode), Kind.EPISODE, first, since)
        else:
            practice = await Practice.objects().get(Practice.id == person.practice)
            if practice is None:
                raise StorageError("A therapist's practice is missing from the account database.")
            grant = _present(person.library_grant)
            await self._log.grant(grant, practice.library_stream, person.id, Role.THERAPIST, since)
        await Person.update({Person.provisioned_at: at}).where(Person.id == person.id)
        self._listener.grants_changed(person.id)

    async def _begin(
        self, record: UUID, document: UUID, kind: Kind, first: Callable[[bytes], bytes], at: datetime
    ) -> None:
        """A document that a record has from the beginning: one first change that everybody builds on."""
        change = read_change(first(self._random(ACTOR_BYTES)))
        if await self._log.found(record, document, kind, [change], at):
            self._appended()

    async def assignment(self, assignment: Assignment, client: Person, at: datetime) -> None:
        """Let an assigned therapist read the client's record and chart."""
        role, since = Role(assignment.role), assignment.since
        for grant, stream in _care_grants(assignment, client):
            await self._log.grant(grant, stream, assignment.therapist, role, since)
        await Assignment.update({Assignment.provisioned_at: at}).where(Assignment.id == assignment.id)
        self._listener.grants_changed(assignment.therapist)

    async def end_assignment(self, assignment: Assignment, client: Person, at: datetime) -> None:
        """End what an assignment let a therapist read, then say so in its row."""
        try:
            for _, stream in _care_grants(assignment, client):
                await self._log.end_grants(stream, assignment.therapist, at)
        finally:
            # Also when the second grant could not be ended: the first one has, and live sessions must hear it.
            self._listener.grants_changed(assignment.therapist)
        await seen.forget(assignment.therapist, assignment.client)
        await Assignment.update({Assignment.until: at}).where(Assignment.id == assignment.id)

    async def end_library(self, therapist: Person, at: datetime) -> None:
        """End what a therapist may read of the practice's library; what they have open hears of it."""
        practice = await Practice.objects().get(Practice.id == therapist.practice)
        try:
            if practice is not None:
                await self._log.end_grants(practice.library_stream, therapist.id, at)
        finally:
            self._listener.grants_changed(therapist.id)

    async def begin_library(self, therapist: Person, at: datetime) -> None:
        """Let a therapist whose right to the library had ended read it again, by a new grant."""
        await Person.update({Person.library_grant: uuid4(), Person.provisioned_at: None}).where(
            Person.id == therapist.id
        )
        again = await Person.objects().get(Person.id == therapist.id)
        if again is not None:
            await self.person(again, at)

    def sessions_ended(self, person: UUID) -> None:
        """Pages that a person has open hear that their sessions may have ended. Call it after the commit."""
        self._listener.grants_changed(person)

    async def revoke_device(self, device: UUID, at: datetime) -> None:
        """End what a device may read and write."""
        await self._log.revoke_device(device, at)
        self._listener.device_revoked(device)

    async def still_granted(self, assignment: Assignment, client: Person) -> bool:
        """Whether the log still holds both grants of an assignment that was provisioned."""
        for grant, stream in _care_grants(assignment, client):
            active = {row.id for row in await self._log.grants_of(stream) if row.until is None}
            if grant not in active:
                return False
        return True

    async def finish(self, at: datetime) -> int:
        """Provision what an interruption left behind; returns how many rows that were."""
        practices = await Practice.objects().where(Practice.provisioned_at.is_null())
        for practice in practices:
            await self.practice(practice, at)
        # Clients of before records began with these; with the id, what has to be made for it is put down.
        for column in (Person.plan, Person.episode):
            for client in await Person.objects().where((Person.role == CLIENT) & column.is_null()):
                await Person.update({column: uuid4(), Person.provisioned_at: None}).where(Person.id == client.id)
        # Names from before they were kept as they are found by.
        for row in await Person.select(Person.id, Person.name, Person.username).where(Person.folded == ""):
            name = folded(row["name"], row["username"])
            await Person.update({Person.folded: name}).where(Person.id == row["id"])
        people = await Person.objects().where(Person.provisioned_at.is_null())
        for person in people:
            await self.person(person, at)
        assignments = await Assignment.objects().where(Assignment.provisioned_at.is_null() & Assignment.until.is_null())
        for assignment in assignments:
            of = await Person.objects().get(Person.id == assignment.client)
            if of is not None:
                await self.assignment(assignment, of, at)
        return len(practices) + len(people) + len(assignments)


def first_plan_change(actor: bytes) -> bytes:
    """The change that makes an empty plan; `actor` is a random id, used for nothing else."""
    return PLAN.create(Document.new(actor), Plan())


def first_episode(began_on: date, actor: bytes) -> bytes:
    """The change that makes a record's first episode, without a reason; `actor` is as in `first_plan_change`."""
    return EPISODE.create(Document.new(actor), Episode(began_on=began_on))


def _care_grants(assignment: Assignment, client: Person) -> list[tuple[UUID, UUID]]:
    """(grant, stream) of what an assignment gives."""
    return [
        (assignment.record_grant, _present(client.record_stream)),
        (assignment.chart_grant, _present(client.chart_stream)),
    ]


def _present(id_: UUID | None) -> UUID:
    if id_ is None:
        raise StorageError("The account database lacks the id of a stream or grant that a person must have.")
    return id_
