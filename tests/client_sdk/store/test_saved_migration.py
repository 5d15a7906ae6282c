"""A store made before there were saved documents goes on as one that was made after."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib import resources
from pathlib import Path

import pytest
from tests.client_sdk.practice import Practice, SettableClock, exchange, replica_of

from intersession import Caseload, Tracker
from intersession.documents import saved
from intersession.documents.tables import document_facts
from intersession.store.store import APPLICATION_ID, Store
from intersession_schemas.streams import Role

BEFORE = 6
"""Migrations that such a store has had."""
_FACTS = "SELECT id, arrived_at, heard_at, first_seq, author, latest FROM documents ORDER BY position"
_VERSIONS = (
    "SELECT document, version FROM (SELECT document, version FROM entries UNION SELECT document, version FROM records)"
    " WHERE document IN (SELECT document FROM changes WHERE applied)"
)
_APPLIED = "SELECT hash, applied, set_aside, accepted, size, seq FROM changes ORDER BY position"


def as_before(path: Path) -> None:
    """Make a store what an earlier version would have made it: its tables, with what is in them."""
    old = path.with_suffix(".old")
    folder = resources.files("intersession.store") / "migrations"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))[:BEFORE]
    with closing(sqlite3.connect(old)) as db:
        for name in names:
            db.executescript((folder / name).read_text("utf-8"))
        db.execute("ATTACH ? AS new", (str(path),))
        tables = [name for (name,) in db.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
        assert not db.execute("SELECT 1 FROM new.saved").fetchall(), "a saved document would be lost here"
        db.execute("DELETE FROM generation")
        for table in tables:
            if table.startswith("entries_text_") or table in ("sqlite_sequence", "outbox_documents"):
                continue  # made by SQLite, or by triggers
            there = {row[1] for row in db.execute(f"PRAGMA new.table_info({table})")}
            held = [row[1] for row in db.execute(f"PRAGMA main.table_info({table})") if row[1] in there]
            columns = ", ".join(["rowid", *held] if table == "entries_text" else held)
            db.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
        db.execute("CREATE TABLE _sqlite_migrations AS SELECT * FROM new._sqlite_migrations")
        db.execute(f"DELETE FROM _sqlite_migrations WHERE name NOT IN ({', '.join('?' * BEFORE)})", names)
        db.commit()
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {BEFORE}")
    old.replace(path)


@pytest.fixture
def closed(tmp_path: Path, practice: Practice, clock: SettableClock) -> Path:
    """A therapist's store in which a change waits for another, one waits to be sent, and one is set aside."""
    path = tmp_path / "office.db"
    with Tracker.open(tmp_path / "client.db", clock=clock) as tracker, Caseload.open(path, clock=clock) as office:
        sides = practice.join(tracker), practice.join(office, Role.PRIMARY)
        goal = tracker.goals.add("Sleep", "To think")
        practice.sync(*sides)
        office.client(practice.client).goals.edit(goal.id, why="To think clearly")
        entry = tracker.journal.write("one", shared=True)
        for text in ("one two", "one two three"):
            tracker.journal.edit(entry.id, text=text)
        for number in range(3):
            tracker.symptoms.log({"worry": number}, shared=True)
        tracker.symptoms.withdraw(tracker.symptoms.logs()[0].id)
        tracker.journal.write("another", shared=True)
        practice.take(sides[0])
        page = practice.page(1)
        del page.items[1]  # what "one two three" builds on
        sides[1].store_page(page)
        with replica_of(office).reading() as store, store.transaction():
            store.run(
                "UPDATE changes SET set_aside = 1, applied = 0 WHERE position = (SELECT max(position) FROM changes)"
            )
            for (position,) in store.all("SELECT position FROM documents"):
                document_facts.find_again(store, position)
    return path


def state(store: Store) -> tuple[object, ...]:
    rows = store.all(_APPLIED)
    assert [applied for _, applied, *_ in rows].count(0) == 2
    return (
        rows,
        store.all(_FACTS),
        store.all(_VERSIONS),
        store.all("SELECT * FROM outbox"),
        store.all("SELECT * FROM outbox_documents"),
    )


def test_it_is_taken_over_as_it_is(closed: Path, practice: Practice, clock: SettableClock) -> None:
    with Caseload.open(closed, clock=clock) as office, replica_of(office).reading() as store:
        before = state(store)
    as_before(closed)
    with Caseload.open(closed, clock=clock) as office:
        with replica_of(office).reading() as store:
            assert state(store) == before
            assert store.all("PRAGMA foreign_key_check") == []
        client = office.client(practice.client)
        assert "one" in [entry.text for entry in client.entries()]
        side = exchange(office)
        side.store_page(practice.page(2, most=1))  # what was missing
        assert "one two three" in [entry.text for entry in client.entries()]
        assert practice.take(side) == 1, "what waited to be sent"
        practice.give(side)
        assert client.goals.list()[0].why == "To think clearly"


def test_long_histories_are_saved_once_something_is_added(
    tmp_path: Path, practice: Practice, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "client.db"
    with Tracker.open(path, clock=clock) as tracker, monkeypatch.context() as patched:
        patched.setattr(saved, "is_due", lambda *_: False)
        side = practice.join(tracker)
        entry = tracker.journal.write("word 0", shared=True)
        for number in range(1, 80):
            tracker.journal.edit(entry.id, text=f"word {number}")
        practice.sync(side)
    as_before(path)
    with Tracker.open(path, clock=clock) as tracker:
        assert tracker.journal.edit(entry.id, text="on").text == "on"
        practice.sync(exchange(tracker))
        with replica_of(tracker).reading() as store:
            assert store.number("SELECT count(*) FROM changes WHERE data IS NULL") == 81
        assert tracker.journal.get(entry.id).text == "on"


def test_one_that_is_cut_short_is_begun_again(
    closed: Path, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Caseload.open(closed, clock=clock) as office, replica_of(office).reading() as store:
        before = state(store)
    as_before(closed)
    from intersession.store import store as store_module

    scripts = store_module._scripts()
    name, script = scripts[BEFORE]
    broken = script.replace("DROP TABLE lacking;", "SELECT * FROM nothing_of_that_name;")
    assert broken != script
    with monkeypatch.context() as patched:
        patched.setattr(store_module, "_scripts", lambda: [*scripts[:BEFORE], (name, broken), *scripts[BEFORE + 1 :]])
        with pytest.raises(Exception, match="nothing_of_that_name"):
            Caseload.open(closed, clock=clock)
    with Caseload.open(closed, clock=clock) as office, replica_of(office).reading() as store:
        assert state(store) == before
