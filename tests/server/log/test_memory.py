"""What only the store in memory has: staging, flushing, crashing. The rest is in tests/contracts."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from msgspec.structs import replace

from intersession_schemas.changes import Change
from intersession_schemas.errors import RefusalCode
from intersession_schemas.streams import Audience, Role
from intersession_server.log import checks
from intersession_server.log.memory import MemoryLogStore
from intersession_server.log.store import Page, Reader, StorageFailed
from intersession_server.log.submissions import Appended, Declined, ErasureDone, ErasureRequest, Submission

NOW = datetime(2026, 3, 2, tzinfo=UTC)
STREAM, ACCOUNT, DEVICE, DOCUMENT, GRANT = (UUID(int=number) for number in range(1, 6))


@pytest.fixture
def store() -> MemoryLogStore:
    made = MemoryLogStore()
    made.create_stream(STREAM, Audience.RECORD, UUID(int=9), ACCOUNT, NOW)
    made.grant(GRANT, STREAM, ACCOUNT, Role.CLIENT, NOW)
    return made


def push(seq: int, *deps: int) -> Submission:
    change = Change(
        hash=bytes([seq]) * 32,
        deps=tuple(bytes([dep]) * 32 for dep in deps),
        actor=b"a",
        seq=seq,
        start_op=seq,
        operations=1,
        size=4,
        data=b"data",
    )
    return Submission(ACCOUNT, DEVICE, STREAM, DOCUMENT, "journal_entry", (change,))


def seqs(store: MemoryLogStore) -> list[int]:
    return [row.seq for row in store.unapplied(100, 100_000)]


def test_what_is_staged_is_seen_by_nobody(store: MemoryLogStore) -> None:
    store.append(push(1), NOW)
    assert store.staged == 1
    assert seqs(store) == []
    assert store.chain_at(STREAM, 1) is None
    assert store.missing_changes(STREAM, DOCUMENT, [bytes([1]) * 32]) == [bytes([1]) * 32]
    page = store.page(Reader(ACCOUNT, DEVICE), STREAM, GRANT, 0, 1000)
    assert isinstance(page, Page)
    assert page.items == []


def test_a_flush_answers_in_order_and_originals_before_duplicates(store: MemoryLogStore) -> None:
    tickets = [store.append(push(*one), NOW) for one in ((1,), (2, 1), (1,), (4, 3))]
    assert store.flush() == [
        (tickets[0], Appended(1)),
        (tickets[1], Appended(2)),
        (tickets[2], Appended(1, duplicate=True)),
        (tickets[3], Declined(RefusalCode.MISSING_DEPENDENCY)),
    ]
    assert store.staged == 0
    assert store.flush() == []
    assert seqs(store) == [1, 2]


def test_a_crash_loses_what_was_staged_and_nothing_else(store: MemoryLogStore) -> None:
    store.append(push(1), NOW)
    store.flush()
    store.append(push(2, 1), NOW)
    store.crash()
    assert store.flush() == []
    assert seqs(store) == [1]
    store.append(push(2, 1), NOW)
    assert [outcome for _, outcome in store.flush()] == [Appended(2)]


def test_a_flush_that_fails_keeps_nothing_and_the_next_one_works(store: MemoryLogStore) -> None:
    store.append(push(1), NOW)
    ((_, outcome),) = store.flush(failing=True)
    assert isinstance(outcome, StorageFailed)
    assert seqs(store) == []
    store.append(push(1), NOW)
    assert [outcome for _, outcome in store.flush()] == [Appended(1)]


def test_erasures_are_staged_and_lost_like_appends(store: MemoryLogStore) -> None:
    request = ErasureRequest(ACCOUNT, DEVICE, STREAM, DOCUMENT, "journal_entry")
    first, erasing = store.append(push(1), NOW), store.erase(request, NOW, keep=False)
    assert (store.staged, seqs(store)) == (2, [])
    assert store.flush() == [(first, Appended(1)), (erasing, ErasureDone(2, False, False, NOW, (1,)))]
    store.crash()
    again, refused = store.erase(request, NOW, keep=False), store.append(push(2, 1), NOW)
    assert store.flush() == [(again, ErasureDone(2, False, True, NOW, (1,))), (refused, Declined(RefusalCode.ERASED))]
    store.erase(replace(request, document=UUID(int=77)), NOW, keep=False)
    store.crash()
    assert store.flush() == []
    store.erase(replace(request, document=UUID(int=77)), NOW, keep=False)
    ((_, outcome),) = store.flush(failing=True)
    assert isinstance(outcome, StorageFailed)
    assert seqs(store) == [1, 2]


def test_what_is_kept_is_given_to_nobody(store: MemoryLogStore) -> None:
    store.append(push(1), NOW)
    store.erase(ErasureRequest(ACCOUNT, DEVICE, STREAM, DOCUMENT, "journal_entry"), NOW, keep=True)
    store.flush()
    assert store._documents[DOCUMENT].kept == {1: b"data"}
    assert [row.change for row in store.unapplied(9, 999)] == [b"", b""]
    store.applied(STREAM, 2, [])
    assert [row.change for row in store.stream_rows(STREAM, 0, 9)] == [b"", b""]


def test_without_deduplication_a_change_gets_a_second_row(
    store: MemoryLogStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "already_known", lambda change, facts: None)
    store.append(push(1), NOW)
    store.append(push(1), NOW)
    assert [outcome for _, outcome in store.flush()] == [Appended(1), Appended(2)]
