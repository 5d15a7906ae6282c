"""Everything of one's own, written into files: nothing under the final name before all of it is on disk."""

from __future__ import annotations

import os
import secrets
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from intersession.care import comments
from intersession.diary import export_pages
from intersession.diary.own_data import Own
from intersession.errors import StoreInvalid
from intersession.models.exports import FORMAT, Export, ExportReport
from intersession.replica.backups import explained, flush, put
from intersession.store import store_file
from intersession.store.store import Store

Progress = Callable[[int, int], object]
_JSON = "export.json"
_STEPS = 9


def gather(tracker: Own, progress: Progress | None = None) -> Export:
    """All that this store can read of what is one's own."""
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, _STEPS)

    replica = tracker._replica  # noqa: SLF001 - a part of the tracker
    with replica.reading() as store:  # one state of the store, however long it takes
        pairing, status = replica.pairing(), tracker.status()
        entries = tuple(tracker.journal.entries())
        step()
        logs = tuple(tracker.symptoms.logs())
        step()
        homework = tuple(tracker.homework.list(ended=True))
        step()
        assessments = tuple(tracker.assessments.list())
        step()
        return Export(
            exported_at=replica.now(),
            practice="" if pairing is None else pairing.practice,
            name="" if pairing is None else pairing.name,
            entries=entries,
            symptom_logs=logs,
            homework=homework,
            assessments=assessments,
            goals=tuple(tracker.goals.list()),
            topics=tuple(tracker.topics.list(talked=True)),
            comments=tuple(comments.all_comments(tracker._scope)),  # noqa: SLF001 - likewise
            resources=tuple(tracker.resources.list()),
            sessions=tuple(tracker.sessions.list()),
            plan=tracker.plan(),
            drafts=tuple(tracker.drafts.list()),
            refusals=status.refusals,
            withdrawals=tuple(tracker.journal.withdrawals()),
            left_out=tuple(_left_out(store, ended=status.access_ended, problems=status.problems)),
        )


def export(tracker: Own, path: str | os.PathLike[str], overwrite: bool, progress: Progress | None) -> ExportReport:
    """See `Tracker.export`."""
    target = Path(path).absolute()
    store_file.check_path(target)
    as_zip = target.suffix.lower() == ".zip"
    with explained(target):
        _may_be_written(tracker, target, as_zip, overwrite)
        found = gather(tracker, progress)
        files = {
            "README.txt": export_pages.ABOUT.encode(),
            "everything.html": export_pages.page(found).encode(),
            _JSON: msgspec.json.format(msgspec.json.encode(found), indent=1),
            **{name: table.encode("utf-8-sig") for name, table in export_pages.tables(found).items()},
        }
        beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
        try:
            if as_zip:
                _write_zip(beside, files, progress)
                put(beside, target, overwrite)
            else:
                _write_folder(beside, files, progress)
                _put_folder(beside, target)
        finally:
            _remove(beside)
    if progress is not None:
        progress(_STEPS, _STEPS)
    return ExportReport(
        path=target,
        files=tuple(files),
        entries=len(found.entries),
        private=sum(not one.shared for one in found.entries),
        symptom_logs=len(found.symptom_logs),
        homework=sum(len(one.progress) for one in found.homework),
        assessments=len(found.assessments),
        goals=len(found.goals),
        left_out=found.left_out,
    )


def _left_out(store: Store, *, ended: bool, problems: int) -> list[str]:
    found = [
        "Earlier versions of edited items, and anything deleted or withdrawn.",
        "Your therapists' own notes: they are not on this device.",
        "This device's access to the practice, and the key of the vault.",
    ]
    closed = store.number(
        "SELECT count(DISTINCT document) FROM sealed s JOIN documents d ON d.position = s.document"
        " WHERE s.state <> 'open' AND d.kind <> 'vault_key'"
    )
    if closed:
        found.append(f"Private entries that are locked on this device: {closed}. Unlock the vault and export again.")
    if ended:
        found.append(
            "What you shared and the practice received: access has ended, and it was deleted from this device."
        )
    if problems:
        found.append(f"Items from the server that this app cannot read: {problems}.")
    return found


def _may_be_written(tracker: Own, target: Path, as_zip: bool, overwrite: bool) -> None:
    if not target.parent.is_dir():
        raise FileNotFoundError(target.parent)
    if not os.path.lexists(target):
        return
    with tracker._replica.reading() as store:  # noqa: SLF001 - a part of the tracker
        if store.path.exists() and target.exists() and target.samefile(store.path):
            raise StoreInvalid(f"{target} is the store itself. Choose another name for the export.")
    if not overwrite:
        raise _there_already(target)
    if as_zip and not target.is_file():
        raise StoreInvalid(f"{target} is not a file. Choose another name for the export.", code="export_exists")
    if not as_zip and not _is_export(target):
        raise StoreInvalid(
            f"{target} is not an export, so it was not replaced. Choose another name.", code="export_exists"
        )


def _there_already(target: Path) -> StoreInvalid:
    return StoreInvalid(
        f"{target} already exists and was not replaced. Choose another name, or ask for it to be overwritten.",
        code="export_exists",
    )


def _is_export(folder: Path) -> bool:
    """Whether a folder is empty, or holds an export and nothing else."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    names = {one.name for one in folder.iterdir()}
    known = {"README.txt", "everything.html", _JSON} | {name for name in names if name.endswith(".csv")}
    if not names:
        return True
    return _JSON in names and names <= known and FORMAT.encode() in (folder / _JSON).read_bytes()[:200]


def _write_folder(beside: Path, files: dict[str, bytes], progress: Progress | None) -> None:
    beside.mkdir(mode=0o700)
    for number, (name, content) in enumerate(files.items(), start=1):
        _write(beside / name, content)
        _advance(progress, number, len(files))
    flush(beside)


def _write_zip(beside: Path, files: dict[str, bytes], progress: Progress | None) -> None:
    handle = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, (name, content) in enumerate(files.items(), start=1):
                info = zipfile.ZipInfo(name)
                info.external_attr = 0o600 << 16
                archive.writestr(info, content, zipfile.ZIP_DEFLATED)
                _advance(progress, number, len(files))
        file.flush()
        os.fsync(file.fileno())


def _advance(progress: Progress | None, done: int, files: int) -> None:
    if progress is not None:
        progress(4 + done * (_STEPS - 5) // files, _STEPS)


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _put_folder(beside: Path, target: Path) -> None:
    """The new folder takes its name in one step; what it replaces, which is an export, goes after that."""
    old = None
    if target.exists():
        old = target.with_name(f".{target.name}.{secrets.token_hex(4)}.old")
        target.rename(old)
    try:
        beside.rename(target)
    except OSError:
        if old is not None:
            old.rename(target)
        raise
    flush(target.parent)
    if old is not None:
        _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
