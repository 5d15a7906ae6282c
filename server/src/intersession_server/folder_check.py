"""Whether the files of a data folder are there, belong together and are as they were written.

`check` is made whenever the folder is opened, and quick; `verify` looks at everything and changes nothing.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from msgspec import Struct

from intersession_server.accounts import database as accounts
from intersession_server.errors import StorageError
from intersession_server.log import sqlite as log
from intersession_server.log.soundness import rows, streams
from intersession_server.log.store import DamagedLog
from intersession_server.projections import tables as read_models
from intersession_server.storage import wal_file
from intersession_server.storage.migrations import Schema

FILES: dict[str, Schema] = {
    accounts.FILE_NAME: accounts.SCHEMA,
    rows.FILE_NAME: log.SCHEMA,
    read_models.FILE_NAME: read_models.SCHEMA,
}
RESTORE = "Restore the whole data folder from a backup."
MOST_OF_A_FILE = 20
"""What SQLite says is damaged in one file; more of it says no more."""
_GIVEN = (
    "SELECT library_stream FROM practice WHERE provisioned_at IS NOT NULL"
    " UNION SELECT record_stream FROM person WHERE provisioned_at IS NOT NULL"
    " UNION SELECT vault_stream FROM person WHERE provisioned_at IS NOT NULL"
    " UNION SELECT chart_stream FROM person WHERE provisioned_at IS NOT NULL"
)
"""Streams that the log was given for people and practices."""
_WITH_SUMS = 3  # the migration of the log that brought them


class Verified(Struct, frozen=True):
    """What was looked at, and what of it is damaged: one line each, ids and numbers only."""

    files: list[str]
    streams: int
    documents: int
    rows: int
    damaged: list[str]


def check(folder: Path, *, ends: bool) -> bytes:
    """The id of the data folder; a new one where none is written down yet. With `ends`, the last rows of every stream
    are looked at.

    Raises `StorageError`, naming the file: one is missing beside the others or comes from another folder
    (`incomplete`), is of another program (`not_ours`), or was altered on the disk (`damaged`).
    """
    ids: dict[str, bytes | None] = {}
    for name in FILES:
        _check_wal(folder / name)
        if (folder / name).exists():
            with _reading(folder / name) as connection:
                ids[name] = _id_of(connection, name)
    _check_complete(folder)
    _check_together(ids)
    _check_streams(folder)
    _check_not_behind(folder)
    if ends and (folder / rows.FILE_NAME).exists():
        check_log(folder)
    return next(filter(None, ids.values()), None) or secrets.token_bytes(16)


def check_log(folder: Path) -> None:
    """Look at whose file the log is, and at the last rows of every stream. Raises `StorageError` as `check` does."""
    with _reading(folder / rows.FILE_NAME) as connection:
        _id_of(connection, rows.FILE_NAME)
        if _has(connection, "streams"):
            streams.check_ends(connection)


def write_down(connection: sqlite3.Connection, id_: bytes) -> None:
    """Keep the id of the folder in one of its files that has none yet."""
    connection.execute("INSERT INTO folder (id) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM folder)", (id_,))


def verify(folder: Path, tell: Callable[[str], None]) -> Verified:
    """Look at every file, row and change of a data folder that nobody has open; `tell` is given its progress.

    Raises `StorageError` where the disk cannot be read.
    """
    damaged: list[str] = []
    counts = dict.fromkeys(("streams", "documents", "rows"), 0)
    there = [name for name in FILES if (folder / name).exists()]
    for name in FILES.keys() - set(there):
        try:
            _check_wal(folder / name)
        except StorageError as error:
            damaged.append(str(error))
    for look in (
        _check_complete,
        lambda folder: _check_together(_ids(folder, damaged)),
        _check_streams,
        _check_not_behind,
    ):
        try:
            look(folder)
        except StorageError as error:
            damaged.append(str(error))
    for name in there:
        tell(f"Checking {name}.")
        try:
            _check_wal(folder / name)
            with _reading(folder / name) as connection:
                found = connection.execute(f"PRAGMA integrity_check({MOST_OF_A_FILE})").fetchall()
                damaged += [f"{name}: {text}" for (text,) in found if text != "ok"]
                if name == rows.FILE_NAME:
                    for table in counts:
                        (counts[table],) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
                    damaged += _of_log(connection, tell)
        except StorageError as error:
            damaged.append(str(error))
    return Verified(there, **counts, damaged=list(dict.fromkeys(damaged)))


def _of_log(connection: sqlite3.Connection, tell: Callable[[str], None]) -> Iterator[str]:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version < _WITH_SUMS:
        yield (
            f"{rows.FILE_NAME} was written by an earlier version, and its rows cannot be checked yet. Start the server"
            " once, stop it, and verify again."
        )
        return
    told = 0

    def progress(done: int, total: int) -> None:
        nonlocal told
        if done - told >= 10_000 or done == total:
            told = done
            tell(f"Checked {done} of {total} rows.")

    for damage in streams.damage_of(connection, progress):
        where = "" if damage.seq is None else f", row {damage.seq}"
        document = _document_at(connection, damage)
        yield f"{rows.FILE_NAME}: stream {damage.stream}{where}{document} was altered on the disk."


def _document_at(connection: sqlite3.Connection, damage: DamagedLog) -> str:
    if damage.stream is None or damage.seq is None:
        return ""
    try:
        found = connection.execute(
            "SELECT lower(hex(document)) FROM rows WHERE stream = ? AND seq = ?", (damage.stream.bytes, damage.seq)
        ).fetchone()
    except sqlite3.DatabaseError:
        return ""
    return f", document {found[0]}" if found else ""


# --- the files --------------------------------------------------------------------------------------------------------


def _check_wal(path: Path) -> None:
    wal = path.with_name(f"{path.name}-wal")
    if wal.exists() and wal.stat().st_size and not path.exists():
        raise _incomplete(f"{path.name} is missing, and {wal.name} is there.")
    if wal_file.is_damaged(wal):
        raise StorageError(f"The file {wal.name} was altered on the disk. {RESTORE}", code="damaged")


def _check_complete(folder: Path) -> None:
    """Raises `StorageError` (`incomplete`) where one of `app.db` and `log.db` is missing while the other is in use."""
    pairs = ((accounts.FILE_NAME, "practice", rows.FILE_NAME), (rows.FILE_NAME, "streams", accounts.FILE_NAME))
    for name, table, other in pairs:
        if (folder / name).exists() and not (folder / other).exists():
            with _reading(folder / name) as connection:
                used = (
                    _has(connection, table)
                    and connection.execute(
                        f"SELECT 1 FROM {table} LIMIT 1"  # noqa: S608 - one of two names
                    ).fetchone()
                )
            if used:
                raise _incomplete(f"{other} is missing, and {name} is there and in use.")


def _check_together(ids: dict[str, bytes | None]) -> None:
    """Raises `StorageError` (`incomplete`) where files come from several folders."""
    own = ids.get(accounts.FILE_NAME), ids.get(rows.FILE_NAME)
    if own[0] is not None and rows.FILE_NAME in ids and own[0] != own[1]:
        raise _incomplete(f"{accounts.FILE_NAME} and {rows.FILE_NAME} come from different data folders.")
    made = ids.get(read_models.FILE_NAME)
    if made is not None and any(one not in (None, made) for one in own):
        raise StorageError(
            f"{read_models.FILE_NAME} comes from another data folder. Delete it; it is made again from the log.",
            code="incomplete",
        )


def _check_streams(folder: Path) -> None:
    """Raises `StorageError` (`incomplete`) where the log lacks a stream that a person or practice was given in it."""
    if not (folder / accounts.FILE_NAME).exists() or not (folder / rows.FILE_NAME).exists():
        return
    with _reading(folder / accounts.FILE_NAME) as connection:
        known = (
            {UUID(str(id_)) for (id_,) in connection.execute(_GIVEN) if id_} if _has(connection, "person") else set()
        )
    with _reading(folder / rows.FILE_NAME) as connection:
        if _has(connection, "streams"):
            known -= {UUID(bytes=id_) for (id_,) in connection.execute("SELECT id FROM streams")}
    if known:
        raise _incomplete(
            f"{rows.FILE_NAME} lacks {len(known)} streams that {accounts.FILE_NAME} knows. It, or its write-ahead log,"
            " was altered or comes from another data folder."
        )


def _check_not_behind(folder: Path) -> None:
    """Raises `StorageError` (`damaged`) where the log lacks rows that the read models were made of.

    It is the one trace that commits leave which have gone from the end of a write-ahead log.
    """
    if not (folder / rows.FILE_NAME).exists() or not (folder / read_models.FILE_NAME).exists():
        return
    with _reading(folder / read_models.FILE_NAME) as connection:
        made = (
            {
                UUID(str(id_)): int(through)
                for id_, through in connection.execute("SELECT stream, through FROM projected")
            }
            if _has(connection, "projected")
            else {}
        )
    with _reading(folder / rows.FILE_NAME) as connection:
        held = (
            {UUID(bytes=id_): int(head) for id_, head in connection.execute("SELECT id, head FROM streams")}
            if _has(connection, "streams")
            else {}
        )
    behind = sum(through > held.get(stream, 0) for stream, through in made.items())
    if behind:
        raise StorageError(
            f"The end of {rows.FILE_NAME} is gone: {behind} records had more rows when {read_models.FILE_NAME} was made"
            f" of them. {RESTORE} To go on with what is left, delete {read_models.FILE_NAME} and, where there is one,"
            f" {read_models.FILE_NAME}-wal: devices that have more will say so.",
            code="damaged",
        )


def _ids(folder: Path, damaged: list[str]) -> dict[str, bytes | None]:
    ids: dict[str, bytes | None] = {}
    for name in FILES:
        if (folder / name).exists():
            try:
                with _reading(folder / name) as connection:
                    ids[name] = _id_of(connection, name)
            except StorageError as error:
                damaged.append(str(error))
    return ids


def _id_of(connection: sqlite3.Connection, name: str) -> bytes | None:
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    if owner != FILES[name].application_id and (owner or connection.execute("SELECT 1 FROM sqlite_master").fetchone()):
        raise StorageError(f"The file {name} is not one of this program, or was altered. {RESTORE}", code="not_ours")
    if not _has(connection, "folder"):
        return None
    found = connection.execute("SELECT id FROM folder").fetchone()
    return bytes(found[0]) if found else None


def _has(connection: sqlite3.Connection, table: str) -> bool:
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
    return found is not None


def _incomplete(what: str) -> StorageError:
    return StorageError(f"The data folder is not complete: {what} {RESTORE}", code="incomplete")


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that cannot write: a write-ahead log that does not belong here stays beside the file."""
    try:
        with closing(
            sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True, isolation_level=None)
        ) as connection:
            yield connection
    except (sqlite3.Error, TypeError, ValueError, OverflowError) as error:
        if not rows.is_damage(error):
            raise StorageError(f"The file {path.name} could not be read ({error}). Check the disk.") from error
        raise StorageError(f"The file {path.name} was altered on the disk. {RESTORE}", code="damaged") from error
