"""A data folder whose files are missing, foreign or damaged is refused by name; `verify` says what is wrong with it."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from tests.contracts.log_stores import MORNING, blob, id_of
from tests.server.accounts.world import CHEAP, practice_with, settings_for
from tests.server.soundness.damaged_folder import flip, place_of

from intersession_schemas.streams import Audience, Role
from intersession_server.cli import main
from intersession_server.errors import StorageError
from intersession_server.log.sqlite import SqliteLogStore
from intersession_server.log.submissions import Submission
from intersession_server.services import open_services
from intersession_server.storage import wal_file

pytestmark = pytest.mark.anyio


async def practice_in(folder: Path, name: str = "Mara") -> Path:
    async with open_services(settings_for(folder), hasher=CHEAP) as services:
        await practice_with(services, clients=(name,))
    return folder


async def refusal(folder: Path) -> StorageError:
    with pytest.raises(StorageError) as raised:
        async with open_services(settings_for(folder), hasher=CHEAP):
            pass
    return raised.value


@pytest.mark.parametrize(("missing", "other"), [("log.db", "app.db"), ("app.db", "log.db")])
async def test_a_file_that_is_missing_beside_another_is_not_made_anew(tmp_path: Path, missing: str, other: str) -> None:
    folder = await practice_in(tmp_path)
    (folder / missing).unlink()
    error = await refusal(folder)
    assert error.code == "incomplete"
    assert f"{missing} is missing, and {other} is there" in str(error)
    assert not (folder / missing).exists()


async def test_read_models_may_be_missing(tmp_path: Path) -> None:
    folder = await practice_in(tmp_path)
    (folder / "projections.db").unlink()
    async with open_services(settings_for(folder), hasher=CHEAP):
        assert (folder / "projections.db").exists()


@pytest.mark.parametrize("name", ["log.db", "app.db", "projections.db"])
async def test_a_file_of_another_folder_is_refused(tmp_path: Path, name: str) -> None:
    folder, other = await practice_in(tmp_path / "one"), await practice_in(tmp_path / "other")
    shutil.copy(other / name, folder / name)
    error = await refusal(folder)
    assert error.code == "incomplete"
    assert name in str(error)
    assert "data folder" in str(error)


async def test_a_write_ahead_log_of_another_folder_is_not_taken_in(tmp_path: Path) -> None:
    folder = await practice_in(tmp_path / "one")
    (tmp_path / "other").mkdir()
    other = SqliteLogStore.open(tmp_path / "other" / "log.db")
    await other.create_stream(id_of("x"), Audience.VAULT, id_of("practice"), id_of("client"), MORNING)
    before = (folder / "log.db").read_bytes()
    shutil.copy(tmp_path / "other" / "log.db-wal", folder / "log.db-wal")
    await other.close()
    error = await refusal(folder)
    assert "log.db" in str(error)
    assert (folder / "log.db").read_bytes() == before


async def test_a_damaged_end_is_refused_with_one_sentence(tmp_path: Path) -> None:
    folder = await practice_in(tmp_path)
    flip(folder / "log.db", place_of(folder / "log.db", "chain"), 1)
    shown = await asyncio.to_thread(CliRunner().invoke, main, ["serve", "--data", str(folder), "--port", "0"])
    assert shown.exit_code == 1
    assert "log.db was altered on the disk, in the stream" in shown.output
    assert "Traceback" not in shown.output
    assert "verify" in shown.output


async def test_a_header_that_is_none_is_refused_by_its_name(tmp_path: Path) -> None:
    folder = await practice_in(tmp_path)
    flip(folder / "log.db", 3, 1)
    assert "log.db" in str(await refusal(folder))


async def test_verify_counts_and_lists(tmp_path: Path) -> None:
    folder = await practice_in(tmp_path)
    sound = CliRunner().invoke(main, ["verify", "--data", str(folder)])
    assert sound.exit_code == 0, sound.output
    assert "Checked 3 files: 4 streams, 2 documents, 2 rows." in sound.output
    assert "Nothing is damaged." in sound.output
    before = {path.name: path.read_bytes() for path in folder.glob("*.db")}
    flip(folder / "log.db", place_of(folder / "log.db", "change") + 30, 1)
    damaged = CliRunner().invoke(main, ["verify", "--data", str(folder)])
    assert damaged.exit_code == 1
    assert "row 1, document" in damaged.output
    assert "Restore the whole data folder from a backup." in damaged.output
    assert {name for name in before if (folder / name).read_bytes() != before[name]} == {"log.db"}


async def test_verify_needs_a_folder(tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, ["verify", "--data", str(tmp_path / "none")])
    assert shown.exit_code == 1
    assert "There is no data folder" in shown.output
    assert not (tmp_path / "none").exists()


async def test_a_flipped_bit_in_the_write_ahead_log_is_told_from_its_end(tmp_path: Path) -> None:
    store = SqliteLogStore.open(tmp_path / "log.db")
    stream, account, device = id_of("vault"), id_of("account"), id_of("device")
    await store.create_stream(stream, Audience.VAULT, id_of("practice"), account, MORNING)
    await store.grant(id_of("grant"), stream, account, Role.CLIENT, MORNING)
    for number in range(6):
        change = blob(f"sealed {number}".encode() * 50)
        await store.append(Submission(account, device, stream, id_of(f"d{number}"), "vault_entry", (change,)), MORNING)
    wal = tmp_path / "copy-wal"
    shutil.copy(tmp_path / "log.db-wal", wal)
    await store.close()
    whole = wal.read_bytes()
    frame = 24 + 4096
    assert not wal_file.is_damaged(wal)
    for end in range(32, len(whole), 1_000):  # a process or a machine ended there
        wal.write_bytes(whole[:end])
        assert not wal_file.is_damaged(wal)
    for at in (0, 8, 17, 25, 32, 32 + 10, 32 + 24 + 50, 32 + frame + 24 + 4000):
        wal.write_bytes(whole)
        flip(wal, at, 3)
        assert wal_file.is_damaged(wal), at
    wal.write_bytes(whole)
    flip(wal, len(whole) - frame + 100, 3)  # the last commit may simply not have been finished
    assert not wal_file.is_damaged(wal)


def test_no_write_ahead_log_is_sound(tmp_path: Path) -> None:
    assert not wal_file.is_damaged(tmp_path / "log.db-wal")
    sqlite3.connect(tmp_path / "log.db").close()
    assert not wal_file.is_damaged(tmp_path / "log.db-wal")


async def test_a_log_whose_end_is_gone_is_told_by_the_read_models(tmp_path: Path) -> None:
    """The last commits of a write-ahead log can be missing without a trace in the log itself."""
    folder = await practice_in(tmp_path)
    with closing(sqlite3.connect(folder / "app.db")) as app:
        ((stream, client),) = app.execute("SELECT record_stream, id FROM person WHERE role = 'client'").fetchall()
    with closing(sqlite3.connect(folder / "log.db")) as log:
        (head,) = log.execute("SELECT head FROM streams WHERE id = ?", (UUID(str(stream)).bytes,)).fetchone()
    with closing(sqlite3.connect(folder / "projections.db", isolation_level=None)) as models:
        models.execute("INSERT OR REPLACE INTO projected VALUES (?, ?, ?)", (stream, client, head))
    async with open_services(settings_for(folder), hasher=CHEAP):
        pass
    with closing(sqlite3.connect(folder / "projections.db", isolation_level=None)) as models:
        models.execute("UPDATE projected SET through = ?", (head + 1,))
    error = await refusal(folder)
    assert error.code == "damaged"
    assert "The end of log.db is gone: 1 records" in str(error)
    said = CliRunner().invoke(main, ["verify", "--data", str(folder)])
    assert said.exit_code == 1
    assert "The end of log.db is gone" in said.output
    shutil.copy(folder / "projections.db", folder / "projections.db-wal")
    (folder / "projections.db").rename(tmp_path / "elsewhere.db")
    said = CliRunner().invoke(main, ["verify", "--data", str(folder)])
    assert said.exit_code == 1
    assert "projections.db is missing, and projections.db-wal is there" in said.output
    (folder / "projections.db-wal").unlink()
    (tmp_path / "elsewhere.db").rename(folder / "projections.db")
    (folder / "projections.db").unlink()
    async with open_services(settings_for(folder), hasher=CHEAP):
        pass
