"""Bits flip on the disk: whatever is served is what was written, all of it, or it is said that something is damaged."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from uuid import UUID

import pytest
from tests.server.soundness.damaged_folder import ENTRIES, STREAMS, Given, copy_of, fill, flip, given, place_of

from intersession_server import folder_check
from intersession_server.errors import StorageError
from intersession_server.log.sqlite import SqliteLogStore
from intersession_server.log.store import DamagedLog

pytestmark = pytest.mark.anyio

LOG = "log.db"
SEEDS = range(6)
FLIPS_OF_A_SEED = 40


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    await fill(folder / LOG)
    with sqlite3.connect(folder / LOG) as connection:
        folder_check.write_down(connection, bytes(16))
    connection.close()
    return folder


@pytest.fixture(scope="module")
async def written(sound: Path) -> dict[UUID, Given | None]:
    found = {stream: await given(sound / LOG, stream) for stream in STREAMS}
    assert all(one is not None and [len(rows) for rows in one] == [ENTRIES, ENTRIES] for one in found.values())
    return found


def reported(folder: Path) -> list[str]:
    """What `verify` says of the log; the folder has no `app.db`, which is none of this test's business."""
    return [line for line in folder_check.verify(folder, lambda line: None).damaged if "app.db is missing" not in line]


async def outcomes(folder: Path, written: dict[UUID, Given | None]) -> set[str]:
    """How a damaged log shows; asserts that what is served is what was written, all of it."""
    shown: set[str] = set()
    try:
        folder_check.check_log(folder)
    except StorageError as error:
        return {"start"} if str(error).endswith("from a backup.") else {f"unclear: {error}"}
    if reported(folder):
        shown.add("verify")
    for stream in STREAMS:
        try:
            found = await given(folder / LOG, stream)
        except StorageError:
            shown.add("reading")
        else:
            if found is None:
                shown.add("no access")
            else:
                assert found == written[stream], "something else was served than was written"
    return shown


@pytest.mark.parametrize("seed", SEEDS)
async def test_what_is_served_is_what_was_written(
    sound: Path, written: dict[UUID, Given | None], tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    size = (sound / LOG).stat().st_size
    silent = 0
    for _ in range(FLIPS_OF_A_SEED):
        folder = copy_of(sound, tmp_path / "damaged")
        flip(folder / LOG, chance.randrange(size), chance.randrange(8))
        shown = await outcomes(folder, written)
        assert shown != {"no access"}
        assert not any(one.startswith("unclear") for one in shown), shown
        silent += not shown
    # What nobody reads: free space within pages, tables that are empty, and columns that are not given to anybody.
    assert silent < FLIPS_OF_A_SEED * 0.75


async def test_a_flipped_bit_in_the_names_of_the_file_itself_is_told_in_order(sound: Path, tmp_path: Path) -> None:
    """SQLite quotes a schema that it cannot read, and what it quotes is no text any more."""
    data = (sound / LOG).read_bytes()
    place = data.index(b"CREATE TABLE shares")
    told = 0
    for offset in range(60):
        folder = copy_of(sound, tmp_path / "damaged")
        flip(folder / LOG, place + offset, 7)
        try:
            store = SqliteLogStore.open(folder / LOG)
        except StorageError:
            told += 1
        else:
            await store.close()
    assert told


@pytest.mark.parametrize("column", ["change", "hash", "author", "device", "document", "chain", "sum"])
@pytest.mark.parametrize("number", [0, 70, 149])
async def test_a_flipped_bit_of_a_row_is_found(
    sound: Path, written: dict[UUID, Given | None], tmp_path: Path, column: str, number: int
) -> None:
    folder = copy_of(sound, tmp_path / "damaged")
    flip(folder / LOG, place_of(folder / LOG, column, number) + 5, 2)
    assert await outcomes(folder, written)


async def test_a_change_that_was_altered_is_damaged_and_the_other_streams_go_on(
    sound: Path, written: dict[UUID, Given | None], tmp_path: Path
) -> None:
    folder = copy_of(sound, tmp_path / "damaged")
    flip(folder / LOG, place_of(folder / LOG, "change", 70) + 20, 0)
    stream, *others = sorted(STREAMS, key=lambda one: STREAMS[one] != 70 % len(STREAMS))
    with pytest.raises(DamagedLog, match="restore the data folder from a backup") as raised:
        await given(folder / LOG, stream)
    assert (raised.value.code, raised.value.stream, raised.value.seq) == ("damaged", stream, 70 // len(STREAMS) + 1)
    for other in others:
        assert await given(folder / LOG, other) == written[other]
    assert any(f"stream {stream}, row {70 // len(STREAMS) + 1}, document" in line for line in reported(folder))


async def test_rows_without_a_sum_are_checked_by_their_hash(
    sound: Path, written: dict[UUID, Given | None], tmp_path: Path
) -> None:
    folder = copy_of(sound, tmp_path / "damaged")
    connection = sqlite3.connect(folder / LOG, isolation_level=None)
    connection.execute("UPDATE rows SET sum = NULL")
    connection.close()
    assert not reported(folder)
    flip(folder / LOG, place_of(folder / LOG, "change", 70) + 20, 0)
    assert await outcomes(folder, written) == {"verify", "reading"}


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM rows WHERE seq = 20",
        "DELETE FROM rows WHERE seq = 50",
        "UPDATE rows SET change = NULL WHERE seq = 20",
        "UPDATE documents SET erased = 0 WHERE created = 20",
        "UPDATE documents SET created = 900 WHERE created = 20",
        "UPDATE documents SET kind = 'symptom_log' WHERE created = 20",
        "UPDATE streams SET head = 18, applied = 18",
        "UPDATE rows SET type = 'chanfe' WHERE seq = 20",
        "UPDATE rows SET received_at = received_at + 64 WHERE seq = 20",
    ],
)
async def test_what_is_left_out_is_missed(
    sound: Path, written: dict[UUID, Given | None], tmp_path: Path, statement: str
) -> None:
    folder = copy_of(sound, tmp_path / "damaged")
    connection = sqlite3.connect(folder / LOG, isolation_level=None)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute(statement)
    connection.close()
    shown = await outcomes(folder, written)
    assert "start" in shown or {"verify", "reading"} <= shown


async def test_a_sound_folder_has_nothing_to_report(sound: Path, written: dict[UUID, Given | None]) -> None:
    assert await outcomes(sound, written) == set()
