"""A package index on disk, of tiny wheels; and real pips, old and new, to install from it."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.project.workspace import locked_entries

OLDEST_PIPS = {
    (3, 11): ("22.3", "1daab4b8d3b97d1d763caeb01a4640a2250a0ea899e257b1e44b9eded91e15ab"),
    (3, 12): ("23.2.1", "7ccf472345f20d35bdc9d1841ff5f313260c2c33fe417f48c30ac46cccabf5be"),
    (3, 13): ("24.2", "2cd581cf58ab7fcfca4ce8efa6dcacd0de5bf8d0a3eb9ec927e07405f4d9e2a2"),
    (3, 14): ("25.2", "6d67a2b4e7f14d8b31b8b52648866fa717f45a1eb70e83002f4331d07e953717"),
}
"""The pip that the first release of each Python bundles, with its wheel's SHA-256; an older one does not run there."""

BUILDER = """
import pathlib, tomllib, zipfile

def build_wheel(folder, config_settings=None, metadata_directory=None):
    project = tomllib.loads(pathlib.Path("pyproject.toml").read_text("utf-8"))["project"]
    name, version = project["name"].replace("-", "_"), project["version"]
    info = f"{name}-{version}.dist-info"
    asked = "".join(f"Requires-Dist: {one}\\n" for one in project.get("dependencies", ()))
    wheel = f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, wheel), "w") as file:
        file.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n{asked}")
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        file.writestr(f"{info}/RECORD", "")
    return wheel

build_editable = build_wheel
"""


class Index:
    """A "simple" index in a folder, as pip reads it by `--index-url`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._hashes: dict[tuple[str, str], str] = {}

    @property
    def url(self) -> str:
        return self.folder.as_uri()

    def release(self, name: str, version: str, *asked: str, extra: str = "", source: str = "") -> None:
        """Publish a wheel that asks for `asked`: always, or by the name of an extra."""
        marker = f'; extra == "{extra}"' if extra else ""
        metadata = [f"Name: {name}", f"Version: {version}", *([f"Provides-Extra: {extra}"] if extra else [])]
        metadata += [f"Requires-Dist: {one}{marker}" for one in asked]
        info = f"{name}-{version}.dist-info"
        path = self._folder_of(name) / f"{name}-{version}-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as file:
            file.writestr(f"{name}.py", source)
            file.writestr(f"{info}/METADATA", "\n".join(["Metadata-Version: 2.1", *metadata, ""]))
            file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            file.writestr(f"{info}/RECORD", "")
        self._list(name, version, path)

    def add(self, name: str, version: str, wheel: Path) -> None:
        """Publish a wheel that there is already."""
        path = self._folder_of(name) / wheel.name
        path.write_bytes(wheel.read_bytes())
        self._list(name, version, path)

    def lock(self, **pins: str) -> str:
        """The text of a lock with these pins and their hashes."""
        return "".join(
            f"{name}=={version} \\\n    --hash=sha256:{self._hashes[name, version]}\n" for name, version in pins.items()
        )

    def _folder_of(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _list(self, name: str, version: str, path: Path) -> None:
        self._hashes[name, version] = hashlib.sha256(path.read_bytes()).hexdigest()
        links = "".join(f'<a href="{one.name}">{one.name}</a>\n' for one in sorted(path.parent.glob("*.whl")))
        (path.parent / "index.html").write_text(f"<!DOCTYPE html><html><body>{links}</body></html>", encoding="utf-8")


def oldest_pip(folder: Path) -> Path:
    """The wheel of the oldest pip that this Python came with. Skips the test where no package index can be reached."""
    pinned = OLDEST_PIPS.get(sys.version_info[:2])
    if pinned is None:
        pytest.fail("tests/project/index.py does not know yet which pip the first release of this Python bundled")
    version, checksum = pinned
    return _downloaded(folder, f"pip=={version} --hash=sha256:{checksum}")


def newest_pip(folder: Path) -> Path:
    """The wheel of the pip that requirements.lock has: as new as the lock, whatever the day."""
    return _downloaded(folder, locked_entries()["pip"])


def version_of(wheel: Path) -> str:
    return wheel.name.split("-")[1]


def _downloaded(folder: Path, entry: str) -> Path:
    folder.mkdir(exist_ok=True)
    asked = folder / "asked.txt"
    asked.write_text(entry, encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--require-hashes"]
    done = subprocess.run([*command, "-d", folder, "-r", asked], capture_output=True, text=True, check=False)
    if done.returncode:
        if re.search("No matching distribution|Connection|timed out|resolve", done.stderr):
            pytest.skip("needs a package index, for the pips that it tries")
        pytest.fail(done.stderr, pytrace=False)
    (wheel,) = folder.glob("*.whl")
    return wheel
