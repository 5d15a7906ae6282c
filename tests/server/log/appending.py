"""A process that only appends, and says each row it was confirmed: `python appending.py DATABASE SEED`.

It is killed in the middle by the test that starts it. Each push is a document of its own; the line printed is
what the store confirmed: seq, hash, length of the bytes.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.streams import Audience, Role
from intersession_server.log.sqlite import SqliteLogStore
from intersession_server.log.submissions import Appended, Submission

NOW = datetime(2026, 3, 2, tzinfo=UTC)
STREAM, ACCOUNT, DEVICE, GRANT = (UUID(int=number) for number in range(1, 5))
CALLERS = 8


def submission(seed: str, caller: int, number: int) -> Submission:
    """A new document of one Automerge change; the same for the same arguments."""
    name = f"{seed} {caller} {number} "
    digest = sha256(name.encode()).digest()
    document = Document.new(digest[:16])
    with document.edit() as edit:
        edit.put_text("text", name * 10)
    assert edit.change is not None
    change = read_change(edit.change)
    return Submission(ACCOUNT, DEVICE, STREAM, UUID(bytes=digest[16:]), "journal_entry", (change,))


async def furnish(store: SqliteLogStore) -> None:
    """One stream that one account may write."""
    await store.create_stream(STREAM, Audience.RECORD, UUID(int=9), ACCOUNT, NOW)
    await store.grant(GRANT, STREAM, ACCOUNT, Role.CLIENT, NOW)


async def append_for_ever(path: Path, seed: str) -> None:
    """Append from several callers at once until killed."""
    store = SqliteLogStore.open(path)
    await furnish(store)

    async def call(caller: int) -> None:
        number = 0
        while True:
            pushed = submission(seed, caller, number)
            outcome = await store.append(pushed, NOW)
            assert isinstance(outcome, Appended)
            sys.stdout.write(f"{outcome.seq} {pushed.changes[0].hash.hex()} {len(pushed.changes[0].data)}\n")
            sys.stdout.flush()
            number += 1

    await asyncio.gather(*(call(caller) for caller in range(CALLERS)))


if __name__ == "__main__":
    asyncio.run(append_for_ever(Path(sys.argv[1]), sys.argv[2]))
