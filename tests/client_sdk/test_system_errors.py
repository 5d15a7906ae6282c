"""What the system refuses comes as an error of ours with the system's own reason, whichever call it meets."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from intersession import IntersessionError, InvalidField, StoreInvalid, Tracker

ODD: dict[str, Callable[[Path], str]] = {
    "a long name": lambda folder: str(folder / ("n" * 300)),
    "a NUL": lambda folder: str(folder / "a\0b"),
    "a dangling link": lambda folder: _link(folder),
    "a folder that is not there": lambda folder: str(folder / "nowhere" / "x"),
    "a file as a folder": lambda folder: str(folder / "file" / "x"),
}
CALLS: dict[str, Callable[[Tracker, str], object]] = {
    "open": lambda _, path: Tracker.open(path),
    "backup": lambda tracker, path: tracker.backup(path + "/x" if path.endswith("link") else path),
    "restore to": lambda tracker, path: Tracker.restore(path, f"{tracker._replica.store.path}.copy"),
    "restore from": lambda tracker, path: Tracker.restore(f"{tracker._replica.store.path}.new", path),
    "export": lambda tracker, path: tracker.export(path),
    "export as zip": lambda tracker, path: tracker.export(path + ("/" if path.endswith("link") else "") + ".zip"),
    "import_from": lambda tracker, path: tracker.import_from(path),
}


def _link(folder: Path) -> str:
    (folder / "link").symlink_to(folder / "gone")
    return str(folder / "link")


@pytest.mark.skipif(os.name == "nt", reason="names and links of POSIX")
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_path_is_refused_in_words(tracker: Tracker, tmp_path: Path, call: str, odd: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    tracker.backup(f"{tracker._replica.store.path}.copy")
    path = ODD[odd](tmp_path)
    if (call, odd) == ("restore to", "a dangling link"):
        CALLS[call](tracker, path)  # puts the store where the link leads
        assert (tmp_path / "gone").exists()
        return
    with pytest.raises(StoreInvalid) as refused:
        CALLS[call](tracker, path)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("url", "code", "timeout"),
    [
        ("http://[::1", "ABCD-EFGH", 5.0),
        (f"https://{'a' * 300}.example", "ABCD-EFGH", 5.0),
        ("https://a..example", "ABCD-EFGH", 5.0),
        ("https://practice.example:port", "ABCD-EFGH", 5.0),
        ("http://127.0.0.1:9", "\ud800", 5.0),
        ("http://127.0.0.1:9", 12345678, 5.0),
        ("http://127.0.0.1:9", "ABCD-EFGH", -1.0),
        ("http://127.0.0.1:9", "ABCD-EFGH", 1e300),
        (None, "ABCD-EFGH", 5.0),
    ],
)
def test_what_is_no_address_or_no_code_is_refused_in_words(tracker: Tracker, url: Any, code: Any, timeout: Any) -> None:
    with pytest.raises(InvalidField):
        tracker.pair(url, code, share_by_default=True, timeout=timeout)


SCRIPT = """
import os, resource, sys, tempfile
from intersession import IntersessionError, Tracker
folder = sys.argv[1]
tracker = Tracker.open(folder + "/a.db")
if sys.argv[2] != "pair":
    from unittest import mock
    from uuid import uuid4
    from intersession.pairing.redeeming import PairingReply
    reply = PairingReply("t", uuid4(), uuid4(), "client", "P", "A")
    with mock.patch("intersession.pairing.redeeming.redeem", lambda *_, **__: reply):
        tracker.pair("http://127.0.0.1:9", "ABCD-EFGH", share_by_default=True)
resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60))
try:
    while True:
        os.open(os.devnull, os.O_RDONLY)
except OSError:
    pass
calls = {
    "pair": lambda: tracker.pair("http://127.0.0.1:9", "ABCD-EFGH", share_by_default=True),
    "sync": lambda: tracker.sync(timeout=5),
    "open": lambda: Tracker.open(folder + "/b.db"),
    "backup": lambda: tracker.backup(folder + "/c.db"),
    "export": lambda: tracker.export(folder + "/out"),
    "import_from": lambda: tracker.import_from(folder + "/out.zip"),
}
try:
    calls[sys.argv[2]]()
except IntersessionError as error:
    print(type(error).__name__, error.code, error)
finally:
    tracker.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of POSIX")
@pytest.mark.parametrize("call", ["pair", "sync", "open", "backup", "export", "import_from"])
def test_with_no_file_left_to_open_every_call_says_so(tmp_path: Path, call: str) -> None:
    with Tracker.open(tmp_path / "other.db") as other:
        other.export(tmp_path / "out.zip")
    script = [sys.executable, "-W", "error::ResourceWarning", "-c", SCRIPT, str(tmp_path), call]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Exception ignored" not in done.stderr
    name, code, said = done.stdout.split(" ", 2)
    assert (name, code) in (("Unreachable", "too_many_files"), ("StoreInvalid", "store_invalid"))
    assert ("Too many open files" in said) or ("too many files open" in said)
    assert issubclass(StoreInvalid, IntersessionError)
