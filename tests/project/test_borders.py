"""The borders between the rooms of the house are rules: an import that crosses one fails the check."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.project.workspace import ROOT, read_toml

PACKAGES = {"schemas": "intersession_schemas", "client_sdk": "intersession", "server": "intersession_server"}
FORBIDDEN: dict[str, tuple[str, str, str]] = {
    "the server asks the SDK": ("server", "web/page/phrases.py", "from intersession import errors"),
    "the schemas ask the server": ("schemas", "prose.py", "from intersession_server import errors"),
    "a document knows how it is measured": (
        "schemas",
        "documents/care/plan.py",
        "from intersession_schemas.measures import brief",
    ),
    "a diary knows the plan": (
        "schemas",
        "documents/diary/journal.py",
        "from intersession_schemas.documents.care import plan",
    ),
    "scoring knows official wording": (
        "schemas",
        "instruments/scoring.py",
        "from intersession_schemas.instruments.wording import fhir",
    ),
    "the file knows what its rows mean": ("client_sdk", "store/store.py", "from intersession.documents import stored"),
    "a replica knows the network": ("client_sdk", "replica/replica.py", "from intersession.sync import connection"),
    "the protocol knows the store": ("client_sdk", "protocol/session.py", "from intersession.store import store"),
    "a face knows the open documents": ("client_sdk", "care/goals.py", "from intersession.documents import documents"),
    "two rooms of one floor": ("client_sdk", "scoring/measures.py", "from intersession.importing import tables"),
    "the log knows accounts": ("server", "log/checks.py", "from intersession_server.accounts import tokens"),
    "storage knows the log": ("server", "storage/engine.py", "from intersession_server.log import chain"),
    "accounts know pages": ("server", "accounts/people.py", "from intersession_server.web.page import phrases"),
    "a record knows the API": ("server", "web/record/paging.py", "from intersession_server.web.api import lists"),
    "one screen knows another": ("server", "web/page/phrases.py", "from intersession_server.web.client import charts"),
    "a circle in one room": ("client_sdk", "documents/rows.py", "from intersession.documents import documents"),
    "a room that nobody has placed": ("server", "attic/__init__.py", "from intersession_server import errors"),
    "a clock in a pure core": ("server", "log/accept.py", "import time"),
    "automerge beside its seam": ("schemas", "records/kinds.py", "import automerge"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three packages and the rules, to be broken."""
    folder = tmp_path_factory.mktemp("house")
    for distribution, package in PACKAGES.items():
        shutil.copytree(
            ROOT / distribution / "src" / package,
            folder / package,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    """What `./run check` does about imports."""
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_house_as_it_is_keeps_its_borders(copy: Path) -> None:
    done = check(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("distribution", "module", "line"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_an_import_across_a_border_fails_the_check(copy: Path, distribution: str, module: str, line: str) -> None:
    path = copy / PACKAGES[distribution] / module
    before = path.read_text("utf-8") if path.exists() else None
    assert before is not None or not path.parent.exists(), "the module is called otherwise now"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
    try:
        done = check(copy)
    finally:
        if before is None:
            shutil.rmtree(path.parent)
        else:
            path.write_text(before, encoding="utf-8")
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout


def test_every_package_is_under_the_rules() -> None:
    rules = read_toml(ROOT / "pyproject.toml")["tool"]["importlinter"]
    contracts = {one["id"]: one for one in rules["contracts"]}
    assert set(rules["root_packages"]) == set(PACKAGES.values())
    assert set(contracts["circles"]["ancestors"]) == set(PACKAGES.values())
    placed = {one for id_ in ("sdk", "server", "schemas") for one in contracts[id_]["containers"]}
    assert placed == set(PACKAGES.values())
    assert all(one["exhaustive"] for one in rules["contracts"] if one["type"] == "layers" and "containers" in one)
