"""What an edit, a log and a received change cost: counted in work, which no other process can disturb.

Work is what SQLite does (its virtual machine's instructions), how many rows of changes are read, and how many bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import partial

import pytest
from msgspec import Struct
from tests.client_sdk.care_practice import Care
from tests.client_sdk.conftest import OpenTracker, Pair
from tests.client_sdk.practice import Practice, SettableClock, exchange, replica_of

from intersession import Caseload, Tracker
from intersession.device import Device
from intersession.sealing import sealing
from intersession.sealing.sealing import Work as Argon
from intersession.store.store import Row, Store
from intersession.sync.exchange import Exchange
from intersession_schemas.crdt import Document
from intersession_schemas.streams import Role

LITTLE, MUCH = 10, 300
LEEWAY = 1.5
"""Trees of rows grow deeper, and sets of words more mixed; what grows with what came before grows thirtyfold."""


class Counted(Struct):
    """What was counted: instructions of SQLite, changes read, bytes read, bytes given to Automerge to load."""

    instructions: int = 0
    changes: int = 0
    read: int = 0
    loaded: int = 0


Counting = Callable[[Device], AbstractContextManager[Counted]]


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """Counts the work of a block on the store of a device."""

    @contextmanager
    def count(device: Device) -> Iterator[Counted]:
        counted = Counted()
        conn = replica_of(device).store._conn

        def step() -> int:
            counted.instructions += 10
            return 0

        with monkeypatch.context() as patched:
            everything, load = Store.all, Document.load.__func__  # type: ignore[attr-defined]

            def counted_all(store: Store, sql: str, *parameters: object) -> list[Row]:
                rows = everything(store, sql, *parameters)
                if "FROM changes" in sql:
                    counted.changes += len(rows)
                counted.read += sum(len(value) for row in rows for value in row if isinstance(value, bytes | str))
                return rows

            def counted_load(cls: type[Document], data: bytes, actor: bytes, operations: int = 0) -> Document:
                counted.loaded += len(data)
                return load(cls, data, actor, operations)  # type: ignore[no-any-return]

            patched.setattr(Store, "all", counted_all)
            patched.setattr(Document, "load", classmethod(counted_load))
            conn.set_progress_handler(step, 10)
            try:
                yield counted
            finally:
                conn.set_progress_handler(None, 0)

    return count


def no_more(little: Counted, much: Counted) -> None:
    """Much history costs no more than little."""
    assert little.instructions > 0
    for name in Counted.__struct_fields__:
        assert getattr(much, name) <= LEEWAY * getattr(little, name) + 200 * (name == "read"), (name, little, much)


def text(number: int) -> str:
    return f"On day {number:04} I slept badly, and went out."


def test_an_edit_its_return_and_its_reading_elsewhere_cost_what_they_change(
    tracker: Tracker, caseload: Caseload, practice: Practice, counting: Counting
) -> None:
    side, office = practice.join(tracker), practice.join(caseload, Role.PRIMARY)
    entry = tracker.journal.write(text(0), shared=True)
    practice.sync(side, office)
    found: list[list[Counted]] = []
    for number in range(1, MUCH + 1):
        costs = []
        with counting(tracker) as cost:
            tracker.journal.edit(entry.id, text=text(number))
        costs.append(cost)
        with counting(tracker) as cost:
            practice.take(side)
        costs.append(cost)
        page = practice.page(practice.head - 1)
        for device, to in ((tracker, side), (caseload, office)):
            with counting(device) as cost:
                to.store_page(page)
            costs.append(cost)
        found.append(costs)
    # Every so often what is new is saved: the dearest of some others says nothing of one that is.
    for little, much in zip(zip(*found[4:LITTLE], strict=True), zip(*found[-6:], strict=True), strict=True):
        no_more(max(little, key=size), min(much, key=size))
    assert sum(one.loaded for costs in found for one in costs) < MUCH * 400, "saving is as rare as it has to be"


def size(cost: Counted) -> int:
    return cost.instructions


def test_a_log_its_return_and_its_reading_elsewhere_cost_what_they_change(
    tracker: Tracker, caseload: Caseload, practice: Practice, clock: SettableClock, counting: Counting
) -> None:
    side, office = practice.join(tracker), practice.join(caseload, Role.PRIMARY)
    found: list[list[Counted]] = []
    for number in range(MUCH + 1):
        clock.forward(minutes=1)
        costs = []
        with counting(tracker) as cost:
            tracker.symptoms.log({"worry": number % 10}, shared=True)
        costs.append(cost)
        practice.take(side)
        page = practice.page(practice.head - (1 if number else 2))
        for device, to in ((tracker, side), (caseload, office)):
            with counting(device) as cost:
                to.store_page(page)
            costs.append(cost)
        found.append(costs)
    for little, much in zip(zip(*found[4:LITTLE], strict=True), zip(*found[-6:], strict=True), strict=True):
        no_more(max(little, key=size), min(much, key=size))


@pytest.fixture
def vault_sides(
    practice: Practice, tracker: Tracker, open_tracker: OpenTracker, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[Tracker, Exchange]]:
    """Two devices of a client with an open vault."""
    monkeypatch.setattr(sealing, "WORK", Argon(memory=64, passes=1, lanes=1))
    practice.has_vault = True
    other = open_tracker("other")
    for device in (tracker, other):
        pair(device, share_by_default=False)
    sides = [practice.join(device) for device in (tracker, other)]
    tracker.vault.create("a passphrase that is long")
    practice.sync(*sides)
    other.vault.unlock("a passphrase that is long")
    return list(zip((tracker, other), sides, strict=True))


def test_so_does_a_private_edit(
    practice: Practice, vault_sides: list[tuple[Tracker, Exchange]], counting: Counting
) -> None:
    (tracker, side), (other, there) = vault_sides
    entry = tracker.journal.write(text(0), shared=False)
    practice.sync(side, there)
    found: list[list[Counted]] = []
    for number in range(1, 130):
        costs = []
        with counting(tracker) as cost:
            tracker.journal.edit(entry.id, text=text(number))
        costs.append(cost)
        practice.take(side)
        page = practice.page(len(practice.vault_rows) - 1, stream=practice.vault)
        side.store_page(page)
        with counting(other) as cost:
            there.store_page(page)
        costs.append(cost)
        found.append(costs)
    assert other.journal.get(entry.id).text == text(129)
    # Blobs are written anew once there are many, which costs what there is: the cheapest of some edits is not one.
    for little, much in zip(zip(*found[4:LITTLE], strict=True), zip(*found[-10:], strict=True), strict=True):
        no_more(max(little, key=size), min(much, key=size))


def test_lists_do_not_look_through_the_changes_of_what_they_show(
    tracker: Tracker, practice: Practice, counting: Counting
) -> None:
    side = practice.join(tracker)
    entries = [tracker.journal.write(text(number), shared=True) for number in range(5)]
    practice.sync(side)
    tracker.journal.entries()
    with counting(tracker) as little:
        tracker.journal.entries()
    for number in range(60):
        tracker.journal.edit(entries[number % 5].id, text=text(number))
    practice.sync(side)
    with counting(tracker) as much:
        shown = tracker.journal.entries()
    assert len(shown) == 5
    no_more(little, much)


def test_a_reopened_store_loads_what_was_saved_and_little_else(
    tracker: Tracker, practice: Practice, open_tracker: OpenTracker, counting: Counting
) -> None:
    side = practice.join(tracker)
    entry = tracker.journal.write(text(0), shared=True)
    for number in range(1, MUCH):
        tracker.journal.edit(entry.id, text=text(number))
    practice.sync(side)
    total = sum(len(row.change) for row in practice.rows)
    tracker.close()
    again = open_tracker("tracker")
    practice.join(again)
    with counting(again) as cost:
        again.journal.edit(entry.id, text="on")
    assert cost.changes < 20
    assert 0 < cost.loaded < total / 4
    assert exchange(again).waits()


def test_what_is_due_costs_no_more_where_more_lies_behind(care: Care, clock: SettableClock, counting: Counting) -> None:
    """A day: something by a rule, a form for the day, a session with a questionnaire before it, an entry, a log."""
    client, tracker = care.client, care.tracker
    with client.plan.edit() as plan:
        plan.add_section("How was your day?")
        plan.add_tracker("worry")
        plan.add_assessment("check-in", before_each_session=True, open_days=2)
    daily = client.homework.assign("Breathe.", rule="daily")
    costs = []
    for days in (3 * LITTLE, MUCH // 3):
        for _ in range(days):
            clock.forward(days=1)
            client.homework.assign("The form.", due=clock.now.date())
            client.sessions.plan(clock.now + timedelta(hours=1))
            care.sync()
            tracker.homework.record(daily.id)
            tracker.journal.write("so")
            tracker.symptoms.log({"worry": 3})
            (asked,) = [one for one in tracker.due() if one.kind == "assessment"]
            draft = tracker.assessments.start(asked)
            for item in ("q1", "q2", "q3"):
                draft.answer(item, 1)
            draft.complete()
            care.sync()
        for call in (tracker.due, partial(tracker.upcoming, clock.now + timedelta(days=30))):
            with counting(tracker) as cost:
                call()
            costs.append(cost)
    for little, much in zip(costs[:2], costs[2:], strict=True):
        no_more(little, much)
