"""A copy of a store that may be put back, and putting it back.

A copy is taken while the store is open and written to: what was written is brought into the file, which then stays as
it is while it is copied; new writes go into the log meanwhile. Every new file is written beside its place, flushed and
read once before it takes that place in one step. What `restore` replaces is kept, with its log.
"""

from __future__ import annotations

import errno
import os
import secrets
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import ModuleType
from uuid import UUID

import msgspec

from intersession.errors import StoreBusy, StoreClosed, StoreFull, StoreInvalid, StoreLocked, StoreTooNew
from intersession.models.devices import Pairing, Role
from intersession.replica.replica import Replica
from intersession.store import generation, store_file
from intersession.store.store import Store, take
from intersession.store.store_file import Claim, FileKey

Progress = Callable[[int, int], object]
"""Called with bytes done and bytes in all."""

_BLOCK = 1 << 20
_BESIDE = ("-wal", "-journal")


def back_up(replica: Replica, path: str | os.PathLike[str], overwrite: bool, progress: Progress | None) -> None:
    """Write a copy of the open store to `path`; see `Device.backup`."""
    target = Path(path).absolute()
    with replica.copying, explained(target):
        _may_be_written(target, replica, overwrite)
        beside = _beside(target)
        try:
            with replica.reading() as store:
                frozen = _frozen(store)
                if not frozen:
                    _copy_with_log(store, beside, progress)
            try:
                if frozen:
                    _copy(store.handle, beside, progress, lambda: _still_open(replica))
            finally:
                with suppress(StoreClosed), replica.reading() as store:
                    store.thaw()
            with closing(store_file.connect_to_file_alone(store.driver, beside, store.key)) as copy:
                _whole(copy, store.driver, beside)
            put(beside, target, overwrite)
        finally:
            _remove(beside)


def restore(
    path: str | os.PathLike[str],
    backup: str | os.PathLike[str],
    key: FileKey | None,
    role: Role,
    progress: Progress | None,
) -> Path | None:
    """Put a copy in the place of the store at `path`; see `Device.restore`."""
    target, source = Path(path).absolute(), Path(backup).absolute()
    if not store_file.regular(source):
        raise StoreInvalid(f"There is no file {source} to restore.")
    there = store_file.regular(target)
    target = Path(os.path.realpath(target))  # where a link leads: the link itself must stay
    if there and target.samefile(source):
        raise StoreInvalid(f"{source} is the store itself. Give a backup of it to restore.")
    generation.check_journal(source)
    beside = _beside(target)
    with explained(target):
        try:
            with _alone(source, key):
                _copy_files(source, beside, progress)
            account = _check(beside, source, key, role)
            with _alone(target, key) as held:
                if None not in (account, held) and account != held:
                    raise StoreInvalid(
                        f"{source} belongs to a different person than the store {target}. Nothing was changed. "
                        "Restore it under another name, or move the store away first."
                    )
                return _exchange(beside, target, there)
        finally:
            _remove(beside)


# -- copies ------------------------------------------------------------------------------------------------------------


def _still_open(replica: Replica) -> None:
    with replica.reading():
        pass


def _may_be_written(target: Path, replica: Replica, overwrite: bool) -> None:
    with replica.reading() as store:
        store_path, log = store.path, generation.log_of(store.path)
    there = store_file.regular(target)
    if there and store_path.exists() and target.samefile(store_path):
        raise StoreInvalid(f"{target} is the store itself. Choose another file for the copy.")
    if Path(os.path.realpath(target)) in (log, store_path):
        raise StoreInvalid(f"{target} belongs to the store itself. Choose another file for the copy.")
    if there and not overwrite:
        raise _there_already(target)
    if there:
        Claim(target).release()


def _there_already(target: Path) -> StoreInvalid:
    return StoreInvalid(
        f"{target} already exists and was not replaced. Choose another name, or ask for it to be overwritten.",
        code="backup_exists",
    )


def _copy(handle: int, beside: Path, progress: Progress | None, check: Callable[[], None]) -> None:
    """Write what `handle` reads into a new file, flushed; `check` may end it between two blocks."""
    size, done = os.fstat(handle).st_size, 0
    with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, 0o600), "wb", 0) as copy:
        while done < size:
            check()
            os.lseek(handle, done, os.SEEK_SET)
            block = memoryview(os.read(handle, min(_BLOCK, size - done)))
            if not block:
                raise StoreInvalid("The file shrank while it was being copied. Nothing was changed; try again.")
            done += len(block)
            while block:
                block = block[copy.write(block) :]
            if progress is not None:
                progress(done, size)
        os.fsync(copy.fileno())


def _frozen(store: Store) -> bool:
    """Whether all that was written is in the file, which stays as it is; False: the disk has no room for that."""
    try:
        store.freeze()
    except StoreFull:
        return False
    return True


def _copy_with_log(store: Store, beside: Path, progress: Progress | None) -> None:
    """Where the store's own disk is full: the file and its log, brought together in the copy. Needs the lock."""
    _copy(store.handle, beside, progress, lambda: None)
    log = os.open(generation.log_of(store.path), os.O_RDONLY | _BINARY)
    try:
        _copy(log, generation.log_of(beside), None, lambda: None)
    finally:
        os.close(log)
    with closing(take(store.driver, beside, store.key).conn) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    flush(beside)


def _copy_files(source: Path, beside: Path, progress: Progress | None) -> None:
    """Copy a closed store with the log that a crash may have left."""
    for ending in ("", *_BESIDE):
        one = Path(os.path.realpath(source) + ending)
        if one.is_file():
            handle = os.open(one, os.O_RDONLY | _BINARY)
            try:
                _copy(handle, beside.with_name(beside.name + ending), None if ending else progress, lambda: None)
            finally:
                os.close(handle)


def _whole(conn: sqlite3.Connection, driver: ModuleType, file: Path) -> None:
    """Raise `StoreInvalid` unless every page of the store can be read and agrees with the others."""
    try:
        found = conn.execute("PRAGMA quick_check(1)").fetchall()
    except driver.DatabaseError as failure:
        raise store_file.refused(failure, driver, file, None) from failure
    if found != [("ok",)]:
        raise store_file.damaged(file)


def _check(beside: Path, source: Path, key: FileKey | None, role: Role) -> UUID | None:
    """Make sure that the copy is a whole store of this role, and that all of it is in one file; returns whose it is."""
    if not generation.size(beside):
        raise StoreInvalid(f"{source} is empty. Give a backup of a store to restore.")
    try:
        driver = store_file.driver_of(beside, key)
        with closing(take(driver, beside, key).conn) as conn:
            _whole(conn, driver, beside)
            pairing = _pairing(conn)
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except (StoreLocked, StoreInvalid, StoreTooNew) as failure:
        # It is said of the copy's copy: that is not what anybody knows it by.
        text = str(failure).replace(str(beside), str(source)).replace(beside.name, source.name)
        raise type(failure)(text, code=failure.code) from failure
    if pairing is not None and pairing.role != role:
        raise StoreInvalid(f"{source} is a {pairing.role}'s store. Restore it with the app that created it.")
    flush(beside)
    return None if pairing is None else pairing.account


def _pairing(conn: sqlite3.Connection) -> Pairing | None:
    row = conn.execute("SELECT value FROM meta WHERE name = 'pairing'").fetchone()
    return None if row is None else msgspec.json.decode(row[0], type=Pairing)


# -- places ------------------------------------------------------------------------------------------------------------


@contextmanager
def _alone(file: Path, key: FileKey | None) -> Iterator[UUID | None]:
    """Keep others from opening the file, as far as it can be opened. Changes nothing. Raises `StoreBusy`.

    Yields the account whose store it is, as far as that can be read.
    """
    if not generation.size(file):
        yield None
        return
    claim = Claim(file)
    try:
        driver = _driver(file, key)
        conn = store_file.connect(driver, file, key if driver is not sqlite3 else None)
        try:
            try:
                with _without_journal(file):
                    conn.execute("PRAGMA locking_mode=EXCLUSIVE")
                    conn.execute("BEGIN IMMEDIATE")
            except driver.Error as failure:  # the lock is asked for first: nobody has what is merely damaged
                if isinstance(found := store_file.translated(failure, driver, file), StoreBusy):
                    raise found from failure
            account = _account(conn, driver, file, key)
            if sys.platform == "win32":  # an open file cannot be replaced there
                store_file.abandon(conn)
            yield account
        finally:
            if sys.platform != "win32":
                store_file.abandon(conn)
    finally:
        claim.release()


def _account(conn: sqlite3.Connection, driver: ModuleType, file: Path, key: FileKey | None) -> UUID | None:
    """Whose store it is; None where it is nobody's yet, or damaged, or mixed with another."""
    try:
        generation.check(conn, driver, file, key)
        pairing = _pairing(conn)
    except (driver.Error, StoreInvalid, msgspec.MsgspecError):
        return None
    return None if pairing is None else pairing.account


@contextmanager
def _without_journal(file: Path) -> Iterator[None]:
    """Keep a foreign journal beside the file from being played back into it when it is locked."""
    journal = generation.journal_of(file)
    if not generation.size(journal):
        yield
        return
    aside = _beside(journal)
    journal.rename(aside)
    try:
        yield
    finally:
        aside.rename(journal)


def _driver(file: Path, key: FileKey | None) -> ModuleType:
    try:
        return store_file.driver_of(file, key)
    except StoreLocked:
        return sqlite3  # it asks for the lock before it finds that it cannot read the file


def _exchange(beside: Path, target: Path, there: bool) -> Path | None:
    """Put the new file in its place, and keep the old one with its log under another name."""
    kept = _kept_name(target)
    left = [ending for ending in _BESIDE if generation.size(Path(f"{target}{ending}"))]
    for ending in ["", *left] if there else left:
        try:
            # A second name first: whenever this is cut short, the old store or the new one is there, whole.
            os.link(f"{target}{ending}", f"{kept}{ending}")
        except OSError as failure:
            if failure.errno not in _NO_LINKS:
                raise
            os.rename(f"{target}{ending}", f"{kept}{ending}")  # noqa: PTH104 - beside os.link
    flush(target.parent)
    beside.replace(target)
    flush(target.parent)
    for ending in (*_BESIDE, "-shm"):
        Path(f"{target}{ending}").unlink(missing_ok=True)
    flush(target.parent)
    return kept if there or left else None


def _kept_name(target: Path) -> Path:
    number = 1
    while any(os.path.lexists(f"{target}.replaced-{number}{ending}") for ending in ("", *_BESIDE)):
        number += 1
    return Path(f"{target}.replaced-{number}")


def put(beside: Path, target: Path, overwrite: bool) -> None:
    if overwrite:
        beside.replace(target)
    else:
        try:
            os.link(beside, target)
        except FileExistsError:
            raise _there_already(target) from None
        except OSError as failure:
            if failure.errno not in _NO_LINKS:
                raise
            if os.path.lexists(target):
                raise _there_already(target) from None
            beside.rename(target)
    flush(target.parent)


def _beside(target: Path) -> Path:
    return target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")


def _remove(beside: Path) -> None:
    for ending in ("", *_BESIDE, "-shm"):
        with suppress(OSError):
            beside.with_name(beside.name + ending).unlink()


def flush(path: Path) -> None:
    if sys.platform == "win32" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def explained(target: Path) -> Iterator[None]:
    """What the system refuses, as an error of the store."""
    try:
        yield
    except FileNotFoundError as failure:
        if target.parent.is_dir():
            raise store_file.unusable(target, failure) from failure
        raise StoreInvalid(f"There is no folder {target.parent}. Create it first.") from failure
    except OSError as failure:
        if failure.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StoreFull(
                f"There is not enough space for {target}. Nothing was changed; free some space."
            ) from failure
        raise store_file.unusable(target, failure) from failure


_BINARY = getattr(os, "O_BINARY", 0)
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)
"""What a file system answers that has no second names for files."""
