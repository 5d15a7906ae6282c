"""The core's store: the file that the Python SDK has, with the same migrations."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.web_client.peer import Peer, Refused

from intersession import Tracker
from intersession.store import store as python_store

SHAPE = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"


def test_the_migrations_are_those_of_the_sdk_all_of_them(peer: Peer) -> None:
    assert [(one["name"], one["script"]) for one in peer.ask("migrations")] == python_store._scripts()


def test_a_store_made_here_is_the_file_that_the_sdk_makes(peer: Peer, tmp_path: Path) -> None:
    made, of_sdk = tmp_path / "made.db", tmp_path / "of_sdk.db"
    peer.open()
    peer.save(made)
    Tracker.open(of_sdk).close()
    shapes = []
    for file in (made, of_sdk):
        with sqlite3.connect(file) as conn:
            shapes.append(
                (
                    conn.execute(SHAPE).fetchall(),
                    conn.execute("PRAGMA application_id").fetchone(),
                    conn.execute("PRAGMA user_version").fetchone(),
                    conn.execute("SELECT migration_set, name FROM _sqlite_migrations ORDER BY id").fetchall(),
                )
            )
        conn.close()
    assert shapes[0] == shapes[1]


def test_the_sdk_opens_a_store_made_here_and_the_other_way_round(peer: Peer, tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    peer.open()
    peer.save(file)
    with Tracker.open(file) as tracker:
        entry = tracker.journal.write("Walked round the lake.", mood=6)
    peer.open("two", file)
    [(id_, model)] = peer.rows("SELECT d.id, e.model FROM entries e JOIN documents d ON d.position = e.document", "two")
    assert id_ == entry.id.bytes
    assert b"Walked round the lake." in model
    assert peer.rows("SELECT count(*) FROM entries_text WHERE entries_text MATCH 'body : lake'", "two") == [(1,)]


def test_another_program_s_database_is_left_alone(peer: Peer, tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as conn:
        conn.execute("CREATE TABLE recipes (name TEXT)")
    conn.close()
    with pytest.raises(Refused) as refusal:
        peer.open("other", file)
    assert refusal.value.code == "store_invalid"


def test_a_store_of_a_newer_version_is_left_alone(peer: Peer, tmp_path: Path) -> None:
    file = tmp_path / "newer.db"
    Tracker.open(file).close()
    with sqlite3.connect(file) as conn:
        conn.execute("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('intersession', '9999_later.sql')")
    conn.close()
    with pytest.raises(Refused) as refusal:
        peer.open("newer", file)
    assert refusal.value.code == "store_too_new"


def test_a_transaction_is_kept_as_a_whole_or_not_at_all(peer: Peer) -> None:
    peer.open("whole")
    sql = "INSERT INTO meta (name, value) VALUES (?, ?)"
    with pytest.raises(AssertionError, match="UNIQUE"):
        peer.ask("write", "whole", sql=sql, rows=[["one", "1"], ["two", "2"], ["one", "3"]])
    assert peer.rows("SELECT * FROM meta", "whole") == []
    peer.ask("write", "whole", sql=sql, rows=[["one", "1"]])
    assert peer.rows("SELECT * FROM meta", "whole") == [("one", "1")]


def test_where_there_is_no_room_nothing_is_changed_and_the_store_goes_on(peer: Peer) -> None:
    peer.open("full")
    [(pages,)] = peer.rows("PRAGMA page_count", "full")
    peer.rows(f"PRAGMA max_page_count = {pages + 2}", "full")
    sql = "INSERT INTO meta (name, value) VALUES (?, ?)"
    with pytest.raises(Refused) as refusal:
        peer.ask("write", "full", sql=sql, rows=[["small", "1"], ["large", "x" * 100_000]])
    assert refusal.value.code == "store_full"
    assert peer.rows("SELECT * FROM meta", "full") == []
    peer.ask("write", "full", sql=sql, rows=[["small", "1"]])
    assert peer.rows("SELECT * FROM meta", "full") == [("small", "1")]
