"""A release says what its wheels and its app are, so that anybody can compare; without the app it is none."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from tests.project import release

BUNDLE = "ab" * 32


def wheel(folder: Path, name: str, files: dict[str, str]) -> Path:
    path = folder / f"{name}-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as packed:
        for file, text in files.items():
            packed.writestr(file, text)
    return path


def test_the_fingerprint_of_the_app_stands_beside_the_sums_of_the_wheels(tmp_path: Path) -> None:
    server = wheel(tmp_path, "intersession_server", {release.APP: json.dumps({"bundle": BUNDLE})})
    schemas = wheel(tmp_path, "intersession_schemas", {"intersession_schemas/__init__.py": ""})
    lines = release.fingerprints(tmp_path).splitlines()
    assert lines[1] == f"# {BUNDLE}"
    assert lines[2:] == [
        f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.name}" for one in sorted([server, schemas])
    ]


def test_without_the_app_it_is_no_release(tmp_path: Path) -> None:
    wheel(tmp_path, "intersession_server", {release.APP.replace("version.json", "missing"): "npm"})
    with pytest.raises(release.NoRelease, match=r"\./run build"):
        release.fingerprints(tmp_path)
