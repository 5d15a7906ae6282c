"""Who may read a stream, from when and until when, on every log store."""

from __future__ import annotations

from uuid import UUID

import pytest
from tests.contracts.log_stores import (
    ANNA,
    CHART,
    LIBRARY,
    MORNING,
    NOBODY,
    RECORD,
    THEO,
    VAULT,
    Pen,
    appended,
    at,
    furnish,
    grant_of,
    id_of,
    push,
)

from intersession_schemas.streams import Role
from intersession_server.log.store import LogStore, UnknownStream
from intersession_server.log.submissions import Appended

pytestmark = pytest.mark.anyio


# --- who may ----------------------------------------------------------------------------------------------------------


async def test_furnishing_again_changes_nothing(store: LogStore) -> None:
    await appended(store, push(Pen("entry").change()))
    before = await store.grants_of(RECORD)
    await furnish(store)
    assert await store.grants_of(RECORD) == before
    assert await appended(store, push(Pen("entry").change())) == Appended(1, duplicate=True)


async def test_a_grant_that_ended_does_not_come_back_by_being_made_again(store: LogStore) -> None:
    await store.end_grant(grant_of(THEO), at(1))
    await furnish(store)
    assert [(grant.account, grant.until) for grant in await store.grants_of(RECORD)] in (
        [(ANNA.account, None), (THEO.account, at(1))],
        [(THEO.account, at(1)), (ANNA.account, None)],
    )


async def test_another_grant_on_the_same_stream_ends_the_one_before(store: LogStore) -> None:
    await store.grant(id_of("supervision"), RECORD, THEO.account, Role.SUPERVISOR, at(5))
    held = [grant for grant in await store.grants_of(RECORD) if grant.account == THEO.account]
    assert [(grant.id, grant.role, grant.since, grant.until) for grant in held] == [
        (grant_of(THEO), Role.PRIMARY, at(0), at(5)),
        (id_of("supervision"), Role.SUPERVISOR, at(5), None),
    ]


async def test_the_end_of_a_grant_tells_what_ended_and_is_told_once(store: LogStore) -> None:
    (ended,) = await store.end_grant(grant_of(THEO), at(1))
    assert (ended.id, ended.stream, ended.account, ended.until) == (grant_of(THEO), RECORD, THEO.account, at(1))
    assert await store.end_grant(grant_of(THEO), at(2)) == []
    assert await store.end_grants(RECORD, THEO.account, at(2)) == []
    assert [grant.id for grant in await store.end_grants(CHART, THEO.account, at(2))] == [grant_of(THEO, CHART)]
    assert await store.end_grant(id_of("no grant"), at(1)) == []


@pytest.mark.parametrize(("stream", "role"), [(VAULT, Role.PRIMARY), (CHART, Role.CLIENT), (LIBRARY, Role.PRIMARY)])
async def test_a_role_is_granted_only_where_it_may_read(store: LogStore, stream: UUID, role: Role) -> None:
    with pytest.raises(ValueError, match="never read"):
        await store.grant(id_of("wrong"), stream, NOBODY.account, role, MORNING)
    assert await store.offers(NOBODY.reader) == []


async def test_a_grant_needs_its_stream(store: LogStore) -> None:
    with pytest.raises(UnknownStream):
        await store.grant(id_of("wrong"), id_of("no stream"), ANNA.account, Role.CLIENT, MORNING)


async def test_a_device_is_revoked_for_good(store: LogStore) -> None:
    assert not await store.device_revoked(ANNA.device)
    await store.revoke_device(ANNA.device, at(1))
    await store.revoke_device(ANNA.device, at(2))
    assert await store.device_revoked(ANNA.device)
    assert not await store.device_revoked(THEO.device)
