"""What a client has withdrawn is nowhere in the file of the read models, and not in its write-ahead log either."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.server.projections.records import MONDAY, FakeLog, new_id
from tests.server.projections.records import log as a_log

from intersession_schemas.documents.care.comments import Comment
from intersession_schemas.streams import Kind
from intersession_server.errors import StorageError
from intersession_server.projections import projector as driver
from intersession_server.projections import reading
from intersession_server.projections.projector import Projector
from intersession_server.projections.searching import text_index
from intersession_server.projections.tables import FILE_NAME, Entry, Record, SymptomLog
from intersession_server.projections.windows import Window
from intersession_server.storage.engine import SerialEngine
from intersession_server.sync.wakeups import Wakeups

pytestmark = pytest.mark.anyio

PLANTED = "what nobody shall read again "


def found_in(folder: Path) -> list[str]:
    """The files of the database that hold the sentence."""
    files = [folder / (FILE_NAME + ending) for ending in ("", "-wal", "-shm")]
    return [file.name for file in files if file.exists() and PLANTED.encode() in file.read_bytes()]


async def test_nothing_of_it_stays(log: FakeLog, engine: SerialEngine, tmp_path: Path) -> None:
    record, projector = log.record(), Projector(log, engine, Wakeups())
    entry = record.entry(PLANTED * 400)
    bucket = record.bucket()
    record.logs(bucket, [a_log(MONDAY + timedelta(hours=hour), note=PLANTED * 20) for hour in range(9)])
    comment = record.put(Kind.COMMENT, Comment(on=new_id(), text=PLANTED, made_at=MONDAY))
    await projector.catch_up()
    assert found_in(tmp_path)
    record.edit(entry, text="reworded")
    for id_ in (entry, bucket, comment):
        record.erase(id_)
    await projector.catch_up()
    assert await Entry.count() == await SymptomLog.count() == await Record.count() == 0
    assert found_in(tmp_path) == []


async def test_what_stands_in_the_way_for_a_while_does_not_keep_it(
    log: FakeLog, engine: SerialEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader, a full disk: it is tried again with whatever is projected next."""
    record, projector = log.record(), Projector(log, engine, Wakeups())
    entry = record.entry(PLANTED * 400)
    await projector.catch_up()
    record.erase(entry)

    async def busy(_: SerialEngine) -> bool:
        return False

    async def full(_: SerialEngine) -> bool:
        raise StorageError("The disk is full.")

    for hindrance in (busy, full):
        with monkeypatch.context() as patched:
            patched.setattr(driver, "empty_wal", hindrance)
            record.entry("something else")
            await projector.catch_up()
        assert found_in(tmp_path)
    record.entry("and more")
    await projector.catch_up()
    assert found_in(tmp_path) == []


async def test_a_rebuild_leaves_nothing_of_it_either(log: FakeLog, engine: SerialEngine, tmp_path: Path) -> None:
    record, projector = log.record(), Projector(log, engine, Wakeups())
    entry = record.entry(PLANTED * 400)
    await projector.catch_up()
    record.erase(entry)
    await projector.rebuild()
    assert found_in(tmp_path) == []


async def test_what_an_interruption_left_goes_with_the_next_rows(
    log: FakeLog, engine: SerialEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = log.record()
    entry = record.entry(PLANTED * 400)
    await Projector(log, engine, Wakeups()).catch_up()
    record.erase(entry)

    async def cut_off(_: SerialEngine) -> bool:
        raise RuntimeError("the process ended")

    with monkeypatch.context() as patched:
        patched.setattr(driver, "empty_wal", cut_off)
        with pytest.raises(RuntimeError):
            await Projector(log, engine, Wakeups()).catch_up()
    assert found_in(tmp_path)
    record.entry("after that")
    await Projector(log, engine, Wakeups()).catch_up()
    assert found_in(tmp_path) == []


WORDS = ("zyxwvq", "qjkkzv", "jzxyyq")
"""Words that begin like no other, so that they stand whole in the index, and are in no entry but one."""


def words_in(folder: Path) -> set[str]:
    files = [folder / (FILE_NAME + ending) for ending in ("", "-wal", "-shm")]
    content = b"".join(file.read_bytes() for file in files if file.exists())
    return {word for word in WORDS if word.encode() in content}


async def test_no_word_of_it_stays_in_the_index(log: FakeLog, engine: SerialEngine, tmp_path: Path) -> None:
    record, projector = log.record(), Projector(log, engine, Wakeups())
    kept = [record.entry(f"a walk of {number} steps") for number in range(40)]
    entry = record.entry(WORDS[0])
    await projector.catch_up()
    record.edit(entry, text=f"{WORDS[1]} {WORDS[2]}")
    await projector.catch_up()
    assert words_in(tmp_path) >= {WORDS[1], WORDS[2]}
    record.erase(entry)
    record.erase(kept.pop())
    await projector.catch_up()
    assert words_in(tmp_path) == set()
    found, _ = await reading.search(record.client, "wal", Window(limit=100))
    assert {one.id for one in found} == set(kept)


async def test_no_word_of_it_stays_where_the_merging_was_cut_off(
    log: FakeLog, engine: SerialEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = log.record()
    record.entry("a walk")
    entry = record.entry(" ".join(WORDS))
    await Projector(log, engine, Wakeups()).catch_up()
    record.erase(entry)

    async def cut_off(_: SerialEngine) -> None:
        raise RuntimeError("the process ended")

    with monkeypatch.context() as patched:
        patched.setattr(text_index, "forget_erased", cut_off)
        with pytest.raises(RuntimeError):
            await Projector(log, engine, Wakeups()).catch_up()
    assert words_in(tmp_path)
    record.entry("after that")
    await Projector(log, engine, Wakeups()).catch_up()
    assert words_in(tmp_path) == set()


async def test_no_word_of_it_stays_in_what_a_rebuild_was_filling(
    log: FakeLog, engine: SerialEngine, tmp_path: Path
) -> None:
    """Erased between two of its steps: the index that is being filled has the words already."""
    record, other = log.record(), log.record()
    entry = record.entry(" ".join(WORDS))
    for number in range(80):
        other.entry(f"number {number}")
    projector = Projector(log, engine, Wakeups())
    await projector.catch_up()

    erased: list[bool] = []

    def erase(done: int, _: int) -> None:
        if done and not erased:
            record.erase(entry)
            erased.append(True)

    await projector.rebuild(erase)
    await projector.catch_up()
    assert words_in(tmp_path) == set()
    found, _ = await reading.search(other.client, "number 7", Window(limit=100))
    assert len(found) == 11


async def test_a_rebuilt_index_finds_the_same(log: FakeLog, engine: SerialEngine) -> None:
    record, projector = log.record(), Projector(log, engine, Wakeups())
    for number in range(10):
        record.entry(f"a walk, number {number}")
    await projector.catch_up()
    before = await reading.search(record.client, "walk", Window(limit=100))
    for _ in range(2):  # the two sets of tables change places
        await projector.rebuild()
        assert await reading.search(record.client, "walk", Window(limit=100)) == before
    record.entry("a walk more")
    await projector.catch_up()
    assert len((await reading.search(record.client, "walk", Window(limit=100)))[0]) == 11
