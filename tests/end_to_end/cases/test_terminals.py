"""Commands on any code page and any path, calls on whatever the system refuses: words, and the system's own reason.

Code pages of what is printed: tests/client_sdk/cli/test_code_pages.py. Odd paths by every call, and no file left to
open: tests/client_sdk/test_system_errors.py. Full disks: tests/end_to_end/faults/test_full_disks.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.end_to_end.cases.conftest import process

from intersession import InvalidField, StoreInvalid, Tracker

T = "2026-05-04T21:13:00+02:00"
WORDS = "smile 😀 é 日本 Ω \u202e\u2028"
CODE_PAGES = ("cp1252:strict", "cp932", "ascii", "utf-16")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("terminals")
    with Tracker.open(folder / "a.db") as tracker:
        tracker.journal.write(WORDS, tags=("猫",))
        tracker.symptoms.log({"sorgé😀": 3}, note=WORDS)
    rows = f"{T};3;0171555\n2026-05-05T21:13Z;x;0171556\n2026-05-06T21:13Z;5;0171557\n"
    (folder / "日本 😀.csv").write_text(f"time;sorgé😀;日本 phone\n{rows}", "utf-8")
    return folder / "a.db"


@pytest.mark.parametrize("code_page", CODE_PAGES)
def test_files_names_errors_and_json_pass_on_every_code_page(store: Path, code_page: str) -> None:
    file = store.parent / "日本 😀.csv"
    shown = process(store, "entries", PYTHONIOENCODING=code_page)
    assert (shown.returncode, shown.stderr) == (0, b"")
    planned = process(store, "--json", "import", "symptoms", str(file), "--plan", PYTHONIOENCODING=code_page)
    assert planned.returncode == 0
    assert json.loads(planned.stdout)["columns"] == ["sorgé😀"]
    wrong = process(store, "log", "sorgé😀=much", PYTHONIOENCODING=code_page)
    assert (wrong.returncode, b"Traceback" in wrong.stderr, bool(wrong.stderr)) == (2, False, True)


@pytest.mark.skipif(sys.platform != "linux", reason="names of files as bytes")
def test_names_of_files_that_are_no_text(store: Path, tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    Path(os.fsdecode(folder + b"/caf\xe9.csv")).write_text(f"time,worry\n{T},3\n")
    for words in (
        ("import", "symptoms", folder + b"/caf\xe9.csv"),
        ("backup", folder + b"/b\xff.db"),
        ("export", folder + b"/e\xff"),
    ):
        done = process(tmp_path / "n.db", *words, PYTHONIOENCODING="cp1252")
        assert (done.returncode, done.stderr) == (0, b""), done.stderr
    refused = process(tmp_path / "n.db", "write", b"caf\xe9")
    assert (refused.returncode, b"That text is not" in b" ".join(refused.stderr.split())) == (2, True)


# -- what the system refuses -------------------------------------------------------------------------------------------

READS: dict[str, tuple[Callable[[Path], str], str]] = {
    "that is not there": (lambda folder: str(folder / "gone.csv"), "No such file"),
    "that is a folder": (lambda folder: str(folder), "Is a directory"),
    "with a long name": (lambda folder: str(folder / ("n" * 300)), "File name too long"),
    "with a NUL": (lambda folder: str(folder / "a\0b"), "NUL character"),
    "whose name is no text": (lambda folder: str(folder / "a\ud800b"), "cannot write"),
    "behind a file": (lambda folder: str(_made(folder / "file") / "x.csv"), "Not a directory"),
    "behind a link to itself": (lambda folder: str(_link(folder / "loop", folder / "loop")), "Too many levels"),
    "behind a link to nothing": (lambda folder: str(_link(folder / "link", folder / "gone")), "No such file"),
}


def _made(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def _link(path: Path, to: Path) -> Path:
    path.symlink_to(to)
    return path


@pytest.mark.skipif(os.name == "nt", reason="names and links of POSIX")
@pytest.mark.parametrize("what", READS)
def test_a_spreadsheet_that_cannot_be_read_says_the_systems_reason(tracker: Tracker, tmp_path: Path, what: str) -> None:
    path, reason = READS[what]
    given = path(tmp_path)
    for call in (tracker.symptoms.plan_import, tracker.symptoms.import_csv):
        with pytest.raises(InvalidField, match=f"cannot be read: .*{reason}"):
            call(given)


CALLS: dict[str, Callable[[Tracker, str], object]] = {
    "open": lambda _, path: Tracker.open(path),
    "backup": lambda tracker, path: tracker.backup(path),
    "export": lambda tracker, path: tracker.export(path),
    "import_from": lambda tracker, path: tracker.import_from(path),
    "restore": lambda _, path: Tracker.restore(path + "x", path),
}


@pytest.mark.skipif(os.name == "nt", reason="names of POSIX")
@pytest.mark.parametrize("call", CALLS)
def test_a_name_that_is_no_text_is_called_so(tracker: Tracker, tmp_path: Path, call: str) -> None:
    with pytest.raises(StoreInvalid, match="characters that this system cannot write"):
        CALLS[call](tracker, str(tmp_path / "a\ud800"))


DEVICES = ("/dev/null", "/dev/full", "/dev/zero")


@pytest.mark.skipif(sys.platform != "linux", reason="devices of Linux")
@pytest.mark.parametrize("device", DEVICES)
def test_a_device_is_no_store_and_no_spreadsheet(tracker: Tracker, device: str) -> None:
    for call in CALLS.values():
        with pytest.raises(StoreInvalid):
            call(tracker, device)
    with pytest.raises(InvalidField):
        tracker.symptoms.plan_import(device)


DENIED = """
import os, sys
for encoding in ("cp1252", "idna"):  # what is imported when it is first used, nobody may read
    "".encode(encoding)
from intersession import IntersessionError, Tracker
folder = sys.argv[1]
tracker = Tracker.open(folder + "/open/a.db")
tracker.journal.write("Kept.")
tracker.export(folder + "/open/warm.zip"), tracker.backup(folder + "/open/copy.db")
calls = {
    "open": lambda: Tracker.open(folder + "/closed/a.db"),
    "open a file that is read-only": lambda: Tracker.open(folder + "/closed/there.db"),
    "backup": lambda: tracker.backup(folder + "/closed/b.db"),
    "export": lambda: tracker.export(folder + "/closed/e"),
    "import_from": lambda: tracker.import_from(folder + "/secret/a.db"),
    "restore": lambda: Tracker.restore(folder + "/closed/r.db", folder + "/open/copy.db"),
    "import_csv": lambda: tracker.symptoms.import_csv(folder + "/secret/a.csv"),
}
os.chmod(folder + "/open/copy.db", 0o666)
os.setgid(65534), os.setuid(65534)
for name, call in calls.items():
    try:
        call()
        print(name, "was done")
    except IntersessionError as error:
        print(name, "Permission denied" in str(error))
"""


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="becomes another user")
def test_what_one_may_not_read_or_write_says_so(tmp_path: Path) -> None:
    for name, mode in (("open", 0o777), ("closed", 0o555), ("secret", 0o700)):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(mode)
    for above in (tmp_path, *tmp_path.parents):
        if above.stat().st_uid == 0 and above != Path("/") and above != Path("/dev/shm"):
            above.chmod(above.stat().st_mode | 0o111)
    with Tracker.open(tmp_path / "closed" / "there.db") as tracker:
        tracker.journal.write("x")
    (tmp_path / "closed" / "there.db").chmod(0o444)
    (tmp_path / "secret" / "a.csv").write_text("x")
    script = [sys.executable, "-c", DENIED, str(tmp_path)]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [line.rpartition(" ")[2] for line in done.stdout.splitlines()] == ["True"] * 7, done.stdout


LIMITED = """
import resource, signal, sys
from intersession import IntersessionError, Tracker
tracker = Tracker.open(sys.argv[1] + "/a.db")
kept = 0
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
try:
    for number in range(400):
        tracker.journal.write(f"{number} " + "x" * 5_000)
        kept += 1
except IntersessionError as error:
    print(type(error).__name__, kept)
for call in (lambda: tracker.export(sys.argv[1] + "/out"), lambda: tracker.backup(sys.argv[1] + "/b.db")):
    try:
        call()
    except IntersessionError as error:
        print(type(error).__name__)
tracker.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of POSIX")
def test_a_file_that_may_not_grow_keeps_what_it_took(tmp_path: Path) -> None:
    script = [sys.executable, "-c", LIMITED, str(tmp_path)]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    first, *others = done.stdout.split("\n")
    name, _, kept = first.partition(" ")
    assert name in ("StoreFull", "StoreInvalid")
    assert set(filter(None, others)) <= {"StoreFull", "StoreInvalid"}
    with Tracker.open(tmp_path / "a.db") as tracker:
        assert len(tracker.journal.entries()) == int(kept) > 0
