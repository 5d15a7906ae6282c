"""Everything of one's own is written into files, and a new store is fed from them or from the old store."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from tests.client_sdk.care_practice import Care
from tests.client_sdk.conftest import OpenTracker
from tests.client_sdk.practice import Practice, SettableClock

from intersession import (
    Caseload,
    DraftAnswer,
    Field,
    InvalidField,
    PairingRefused,
    StoreBusy,
    StoreFull,
    StoreInvalid,
    StoreTooNew,
    Tracker,
)
from intersession.cli import main
from intersession.sync import unsent

AT = datetime(2026, 3, 1, 23, 50, tzinfo=timezone(timedelta(hours=2)))


def fill(tracker: Tracker) -> None:
    tracker.journal.write(
        "=1+1 <script>", at=AT, sections={"Wie? 😀": "gut", "Slept": 6, "Rest": True}, mood=7, tags=("猫",), shared=True
    )
    tracker.journal.write("mine alone", at=AT - timedelta(days=1), shared=False)
    tracker.symptoms.log({"worry": 3, "sleep": 6.5}, at=AT, scale=(0, 10), note="+note", key="k1", shared=True)
    tracker.symptoms.log({"worry": 1}, at=AT - timedelta(days=40), shared=False)
    tracker.goals.add("Sleep", why="@home", steps=("one", "two"))
    tracker.drafts.keep("d", "A form", [DraftAnswer("q", "How?", "So.")])


@pytest.fixture
def old(open_tracker: OpenTracker) -> Tracker:
    tracker = open_tracker("old")
    fill(tracker)
    return tracker


@pytest.fixture
def new(open_tracker: OpenTracker) -> Tracker:
    return open_tracker("new")


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / name).read_text("utf-8-sig"))))


# -- export ------------------------------------------------------------------------------------------------------------


def test_everything_is_in_it_to_read_as_json_and_as_tables(old: Tracker, tmp_path: Path) -> None:
    report = old.export(tmp_path / "out")
    assert (report.entries, report.private, report.symptom_logs, report.goals) == (2, 1, 2, 1)
    page = (tmp_path / "out" / "everything.html").read_text("utf-8")
    for words in ("mine alone", "private", "Wie? 😀", "&lt;script&gt;", "worry 3, sleep 6.5", "So.", "private entries"):
        assert words in page
    assert "<script" not in page
    told = json.loads((tmp_path / "out" / "export.json").read_bytes())
    assert (told["format"], told["version"]) == ("intersession-export", 1)
    assert [one["text"] for one in told["entries"]] == ["=1+1 <script>", "mine alone"]
    assert told["entries"][0]["written_at"] == AT.isoformat()
    assert told["drafts"][0]["answers"][0]["text"] == "So."
    assert len(rows(tmp_path / "out", "symptoms.csv")) == 3
    assert report.left_out
    assert all(words in page.replace("&#x27;", "'") for words in report.left_out)


def test_no_cell_is_a_formula(old: Tracker, tmp_path: Path) -> None:
    for text in ("=1", "+1", "-1", "@a", " =1", "\t=1", "＝1", "\r=1", "fine"):
        old.journal.write(text)
    old.export(tmp_path / "out")
    for name in ("entries.csv", "symptoms.csv", "goals.csv", "homework.csv", "assessments.csv"):
        for row in rows(tmp_path / "out", name):
            assert not any(cell.strip()[:1] in tuple("=+-@＝") for cell in row.values()), name
    assert "fine" in {row["text"] for row in rows(tmp_path / "out", "entries.csv")}
    assert {row["value"] for row in rows(tmp_path / "out", "symptoms.csv")} == {"3", "6.5", "1"}


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_only_its_owner_may_read_it_whatever_the_umask(old: Tracker, tmp_path: Path, name: str) -> None:
    before = os.umask(0)
    try:
        old.export(tmp_path / name)
    finally:
        os.umask(before)
    for path in [tmp_path / name, *(tmp_path / name).glob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_what_is_there_is_kept_unless_asked(old: Tracker, tmp_path: Path, name: str) -> None:
    old.export(tmp_path / name)
    with pytest.raises(StoreInvalid) as refused:
        old.export(tmp_path / name)
    assert refused.value.code == "export_exists"
    old.journal.write("more")
    assert old.export(tmp_path / name, overwrite=True).entries == 3
    assert {one.name for one in tmp_path.iterdir() if not one.name.startswith("old.db")} == {name}


def test_a_folder_that_is_no_export_is_never_overwritten(old: Tracker, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "photo.jpg").write_bytes(b"x")
    with pytest.raises(StoreInvalid):
        old.export(tmp_path / "mine", overwrite=True)
    assert (tmp_path / "mine" / "photo.jpg").read_bytes() == b"x"
    old.export(tmp_path / "out")
    (tmp_path / "out" / "photo.jpg").write_bytes(b"x")
    with pytest.raises(StoreInvalid):
        old.export(tmp_path / "out", overwrite=True)
    with pytest.raises(StoreInvalid):
        old.export(tmp_path / "old.db", overwrite=True)


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_nothing_is_left_under_the_name_when_it_fails(
    old: Tracker, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(done: int, _: int) -> None:
        if done == 6:
            raise OSError(28, "No space left on device")

    with pytest.raises(StoreFull):
        old.export(tmp_path / name, progress=cut_off)
    assert [one.name for one in tmp_path.iterdir() if not one.name.startswith("old.db")] == []
    with pytest.raises(StoreInvalid, match="no folder"):
        old.export(tmp_path / "nowhere" / name)


def test_progress_goes_up_to_the_end(old: Tracker, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    old.export(tmp_path / "out", progress=lambda done, whole: seen.append((done, whole)))
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]


def test_a_store_whose_access_has_ended_is_exported(care: Care, tmp_path: Path) -> None:
    tracker = care.tracker
    tracker.journal.write("mine alone", shared=False)
    tracker.journal.write("never sent", shared=True)
    with tracker._replica.reading() as store:
        (stream, grant) = store.one("SELECT id, grant_id FROM streams WHERE audience = 'record'")  # type: ignore[misc]
        unsent.purge(store, UUID(bytes=stream), UUID(bytes=grant))
    tracker._replica.note_access_ended(True)
    report = tracker.export(tmp_path / "out")
    page = (tmp_path / "out" / "everything.html").read_text("utf-8")
    assert "mine alone" in page
    assert "never sent" in page
    assert any("access has ended" in one for one in report.left_out)


# -- a new store -------------------------------------------------------------------------------------------------------


def sources(old: Tracker, folder: Path) -> dict[str, Path]:
    path = old._replica.store.path
    old.export(folder / "out")
    old.export(folder / "out.zip")
    old.close()
    return {"store": path, "folder": folder / "out", "zip": folder / "out.zip", "json": folder / "out" / "export.json"}


@pytest.mark.parametrize("source", ["store", "folder", "zip", "json"])
def test_a_new_store_is_fed_and_moments_stay(
    old: Tracker, new: Tracker, tmp_path: Path, clock: SettableClock, source: str
) -> None:
    entries, logs = old.journal.entries(), old.symptoms.logs()
    from_ = sources(old, tmp_path)[source]
    clock.forward(days=30)
    report = new.import_from(from_, share=True)
    assert (report.entries, report.symptom_logs, report.goals, report.drafts) == (2, 2, 1, 1)
    for before, after in zip(entries, new.journal.entries(), strict=True):
        assert after.id != before.id
        same = ("text", "sections", "mood", "tags", "written_at", "entered_at", "zone", "shared", "late")
        assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
        assert after.written_at.utcoffset() == before.written_at.utcoffset()
    for log, again in zip(logs, new.symptoms.logs(), strict=True):
        assert again.id != log.id
        kept = ("at", "values", "scale", "note", "key", "entered_at", "zone", "shared")
        assert [getattr(again, name) for name in kept] == [getattr(log, name) for name in kept]
    assert [step.text for step in new.goals.list()[0].steps] == ["one", "two"]
    assert new.journal.search("mine").entries[0].text == "mine alone"


def test_twice_does_nothing_twice_from_whichever_source(old: Tracker, new: Tracker, tmp_path: Path) -> None:
    found = sources(old, tmp_path)
    new.import_from(found["zip"], share=True)
    for source in found.values():
        report = new.import_from(source, share=True)
        assert (report.entries, report.symptom_logs, report.goals, report.drafts) == (0, 0, 0, 0)
        assert report.unchanged == 5
    assert len(new.journal.entries()) == 2


def test_an_import_that_was_cut_off_goes_on(old: Tracker, new: Tracker, tmp_path: Path) -> None:
    for number in range(120):
        old.journal.write(f"entry {number}")
    source = sources(old, tmp_path)["store"]

    def cut_off(done: int, _: int) -> None:
        if done >= 50:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        new.import_from(source, progress=cut_off)
    assert len(new.journal.entries()) == 50
    new.import_from(source)
    assert len(new.journal.entries()) == 122


def test_nobody_reads_what_was_not_said_to_be_shared(old: Tracker, new: Tracker, tmp_path: Path) -> None:
    report = new.import_from(sources(old, tmp_path)["store"])
    assert not any(one.shared for one in new.journal.entries())
    assert not any(one.shared for one in new.symptoms.logs())
    assert new.goals.list() == []
    assert any("goals" in one for one in report.left_out)
    assert new.status().pending == 0


def test_homework_and_assessments_come_along(tmp_path: Path, clock: SettableClock, new: Tracker) -> None:
    with (
        Tracker.open(tmp_path / "one.db", clock=clock) as tracker,
        Caseload.open(tmp_path / "care.db", clock=clock) as caseload,
    ):
        care = Care(tracker, caseload)
        homework = care.client.homework.assign("Walk", fields={"f": Field(prompt="How was it?")})
        care.sync()
        tracker.homework.record(homework.id, None, "done", answers={"f": "Wet."}, learned="Boots.")
        draft = tracker.assessments.start("check-in")
        while (question := draft.next()) is not None:
            draft.answer(question.item, question.allowed[0] if question.allowed else True)
        completed = draft.complete()
        tracker.export(tmp_path / "out")
    page = (tmp_path / "out" / "everything.html").read_text("utf-8")
    assert all(words in page for words in ("Walk", "Wet.", "Boots.", completed.title))
    assert rows(tmp_path / "out", "homework.csv")[0]["learned"] == "Boots."
    assert len(rows(tmp_path / "out", "assessments.csv")) == len(completed.answers)
    report = new.import_from(tmp_path / "one.db", share=True)
    assert (report.progress, report.assessments) == (1, 1)
    (entry,) = new.journal.entries()
    for words in ("Walk: done", "How was it?", "Wet.", "Boots."):
        assert words in entry.text
    (again,) = new.assessments.list()
    assert again.answers == completed.answers
    assert again.completed_at == completed.completed_at
    assert again.scores == completed.scores


def test_what_is_no_source_is_refused_in_words(old: Tracker, new: Tracker, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"format": "other"}')
    (tmp_path / "b.json").write_text("[" * 5000)
    (tmp_path / "c.json").write_text('{"format": "intersession-export", "version": 2}')
    (tmp_path / "empty").mkdir()
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("x", "y")
    for name in ("a.json", "b.json", "d.zip"):
        with pytest.raises(InvalidField, match="not a store or export"):
            new.import_from(tmp_path / name)
    with pytest.raises(StoreTooNew):
        new.import_from(tmp_path / "c.json")
    for name in ("empty", "nothing.db"):
        with pytest.raises(StoreInvalid):
            new.import_from(tmp_path / name)
    assert not (tmp_path / "nothing.db").exists()
    with pytest.raises(StoreBusy):
        new.import_from(tmp_path / "old.db")


def test_the_command_line_takes_one_store_into_another(old: Tracker, tmp_path: Path) -> None:
    found = sources(old, tmp_path)

    def run(*words: str) -> str:
        result = CliRunner().invoke(main, ["--store", str(tmp_path / "fresh.db"), *words])
        assert result.exit_code == 0, result.output
        return result.output

    assert "Imported: 2 entries, 2 symptom logs" in run("import", "store", str(found["store"]))
    assert "mine alone" in run("entries")
    told = run("export", str(tmp_path / "again.zip"))
    assert "including private entries" in told
    assert "Not included:" in told
    assert (tmp_path / "again.zip").is_file()


def test_the_error_of_another_account_names_the_way(
    tracker: Tracker, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pair() -> None:
        reply = practice.reply(account=uuid4())
        monkeypatch.setattr("intersession.pairing.redeeming.redeem", lambda *_, **__: reply)
        tracker.pair("http://localhost:1", "ABCD-EFGH", share_by_default=True)

    pair()
    with pytest.raises(PairingRefused, match="`intersession import store") as refused:
        pair()
    assert refused.value.code == "wrong_person"
    assert "`intersession export`" in str(refused.value)
