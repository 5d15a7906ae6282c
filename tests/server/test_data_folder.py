"""The data folder: one process at a time, and nobody but its owner looks in."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from intersession_server.data_folder import DataFolder, Door
from intersession_server.errors import FolderBusy, StorageError

on_posix = pytest.mark.skipif(os.name != "posix", reason="file modes of POSIX")

HOLDER = """
import sys
from pathlib import Path
from intersession_server.data_folder import DataFolder
with DataFolder(Path(sys.argv[1])).held():
    print("held", flush=True)
    sys.stdin.readline()
"""


def holder(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_another_process_is_told_who_has_it(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    with holder(tmp_path / "data") as process:
        with pytest.raises(FolderBusy, match="another process"), folder.held():
            pass
        folder.open_door(Door(port=1, token="t", pid=4711))
        with pytest.raises(FolderBusy, match=r"a server \(process 4711\)"), folder.held(wait=0.01):
            pass
        process.kill()
    with folder.held():
        assert (tmp_path / "data").is_dir()


def test_it_may_be_held_twice_by_one_object(tmp_path: Path) -> None:
    folder, other = DataFolder(tmp_path), DataFolder(tmp_path)
    with folder.held():
        with folder.held():
            pass
        with pytest.raises(FolderBusy), other.held():
            pass
    with other.held():
        pass


@on_posix
def test_folder_and_door_are_their_owners_alone(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    with folder.held():
        folder.open_door(Door(port=1, token="t", pid=2))
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data" / "operator.json").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").glob(".operator*")] == []


def test_the_door_is_read_back_and_closed(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    assert folder.door() is None
    folder.open_door(Door(port=1, token="t", pid=2))
    folder.open_door(Door(port=3, token="u", pid=4))
    assert folder.door() == Door(port=3, token="u", pid=4)
    folder.close_door()
    folder.close_door()
    assert folder.door() is None
    (tmp_path / "operator.json").write_text("{}")
    assert folder.door() is None


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be used"), DataFolder(tmp_path / "file" / "data").held():
        pass
