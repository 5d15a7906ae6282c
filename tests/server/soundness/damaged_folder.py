"""A data folder with the entries of three clients, which tests damage; and what a fresh device is given of it."""

from __future__ import annotations

import shutil
import sqlite3
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from tests.contracts.log_stores import MORNING, id_of

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.messages import Row
from intersession_schemas.streams import Audience, Role
from intersession_server.log.applier import Applier
from intersession_server.log.sqlite import SqliteLogStore
from intersession_server.log.store import BackfillPage, Page, Reader
from intersession_server.log.submissions import Appended, Submission
from intersession_server.sync.wakeups import Wakeups

CLIENTS = 3
ENTRIES = 50
PAGE_BYTES = 8_000
STREAMS = {id_of(f"record {number}"): number for number in range(CLIENTS)}
Given = tuple[list[Row], list[Row]]
"""What a fresh device is given of a stream: by documents, and row by row."""


def reader_of(number: int) -> Reader:
    """That client's device."""
    return Reader(id_of(f"account {number}"), id_of(f"device {number}"))


async def fill(path: Path) -> None:
    """Write the log: `ENTRIES` entries of each client, all applied."""
    store = SqliteLogStore.open(path)
    applier = Applier(store, Wakeups())
    for stream, number in STREAMS.items():
        await store.create_stream(stream, Audience.RECORD, id_of("practice"), reader_of(number).account, MORNING)
        await store.grant(id_of(f"grant {number}"), stream, reader_of(number).account, Role.CLIENT, MORNING)
    for entry in range(ENTRIES):
        for stream, number in STREAMS.items():
            document = Document.new(sha256(f"{number} {entry}".encode()).digest()[:16])
            with document.edit() as edit:
                edit.put_text("text", f"client {number}, entry {entry}: " + "some words of a day. " * (entry % 9))
            assert edit.change is not None
            who = reader_of(number)
            id_ = id_of(f"entry {number} {entry}")
            change = read_change(edit.change)
            outcome = await store.append(
                Submission(who.account, who.device, stream, id_, "journal_entry", (change,)), MORNING
            )
            assert isinstance(outcome, Appended)
    await applier.catch_up()
    await applier.close()
    await store.close()


async def given(path: Path, stream: UUID) -> Given | None:
    """What a fresh device reads of a stream, to its end; None where it is told that it may read nothing.

    Raises what reading raises.
    """
    store = SqliteLogStore.open(path)
    number = STREAMS[stream]
    grant = id_of(f"grant {number}")
    try:
        by_document: list[Row] = []
        head, below = ENTRIES, None
        while below != 0:
            snapshot = await store.backfill(reader_of(number), stream, grant, head, below, PAGE_BYTES)
            if not isinstance(snapshot, BackfillPage):
                return None
            by_document += [row for document in snapshot.items for row in document.rows]
            below = snapshot.backfill
        in_order: list[Row] = []
        after = 0
        while True:
            page = await store.page(reader_of(number), stream, grant, after, PAGE_BYTES)
            assert isinstance(page, Page)
            in_order += page.items
            after = page.through
            if after >= page.head:
                return by_document, in_order
    finally:
        await store.close()


def copy_of(folder: Path, to: Path) -> Path:
    """A copy of the folder, to be damaged."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to)
    return to


def flip(path: Path, at: int, bit: int) -> None:
    """Flip one bit of a file."""
    with path.open("r+b") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 1 << bit]))


def place_of(path: Path, column: str, number: int = 0) -> int:
    """Where in the file that column of a row's record stands, of the row of that number."""
    connection = sqlite3.connect(path)
    (value,) = connection.execute(f"SELECT {column} FROM rows ORDER BY rowid LIMIT 1 OFFSET ?", (number,)).fetchone()
    connection.close()
    data = path.read_bytes()
    found = data.find(value)
    assert found > 0
    return found
