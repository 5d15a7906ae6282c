"""What is installed is what the lock says, whatever has been released since and whichever pip comes with Python.

A real `./run`, a real pip: the oldest that a supported Python bundles, and the newest. Only the index is ours; in it
everything that is locked has a newer release.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.project import index
from tests.project.index import Index
from tests.project.test_run import loaded
from tests.project.workspace import DISTRIBUTIONS, ROOT

LOCKED = {"asker": "1.0", "builder": "1.0", "mailer": "1.1", "shapes": "2.14"}
"""asker asks for the extra `shapes[mail]`, as piccolo asks for `pydantic[email]`; that extra asks for mailer."""


pytestmark = pytest.mark.timeout(600)  # real pips, real environments


@pytest.fixture(scope="session", params=[index.oldest_pip, index.newest_pip], ids=["oldest pip", "newest pip"])
def pip(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the pip that a test installs with."""
    get: Callable[[Path], Path] = request.param
    return get(tmp_path_factory.mktemp("pip"))


@pytest.fixture
def packages(tmp_path: Path, pip: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    """The only index that pip sees, a year after the lock was written."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    packages = Index(tmp_path / "index")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("PIP_INDEX_URL", packages.url)
    packages.add("pip", index.version_of(pip), pip)
    packages.release("builder", "1.0", source=index.BUILDER)
    for version in ("1.0", "1.9"):
        packages.release("asker", version, "shapes[mail]==2.*")
    for version in ("2.14", "2.99"):
        packages.release("shapes", version, "mailer>=1", extra="mail")
    packages.release("mailer", "1.1")
    packages.release("mailer", "1.2", "no-such-package")  # a release that cannot be installed at all
    return packages


@pytest.fixture
def workspace(tmp_path: Path, packages: Index, pip: Path) -> Path:
    """A copy of `run` among three tiny distributions and their lock."""
    root = tmp_path / "here"
    root.mkdir()
    shutil.copy(ROOT / "run", root / "run")
    for one in DISTRIBUTIONS:
        (root / one.folder).mkdir()
        (root / one.folder / "pyproject.toml").write_text(
            f'[build-system]\nrequires = ["builder"]\nbuild-backend = "builder"\n'
            f'[project]\nname = "{one.name}"\nversion = "1"\ndependencies = ["asker>=1,<2"]\n'
        )
    write_lock(root, packages, pip=index.version_of(pip), **LOCKED)
    return root


def write_lock(root: Path, packages: Index, **pins: str) -> None:
    (root / "requirements.lock").write_text(packages.lock(**pins), encoding="utf-8")


def first_use(root: Path, pip: Path) -> Any:
    """The program `run` of a workspace, on a Python that comes with this pip."""
    run = loaded(root)
    make_venv = run.make_venv

    def make_venv_with_that_pip() -> None:
        make_venv()
        bundle(run.PYTHON, pip)

    run.make_venv = make_venv_with_that_pip
    return run


def bundle(python: Path, pip: Path) -> None:
    """Put this pip in the place of the one that an environment was made with."""
    words = ["install", "--quiet", "--no-index", "--no-deps", "--no-compile", "--force-reinstall", str(pip)]
    subprocess.run([python, "-m", "pip", *words], check=True)
    said = subprocess.run([python, "-m", "pip", "--version"], check=True, capture_output=True, text=True).stdout
    assert said.split()[1] == index.version_of(pip)


def versions(python: Path) -> dict[str, str]:
    """Name and version of everything that is installed, our own and pip left out."""
    code = "import importlib.metadata as m; print(*(d.name + '==' + d.version for d in m.distributions()))"
    said = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout
    found = dict(one.split("==") for one in said.split())
    return {name: version for name, version in found.items() if not name.startswith(("intersession", "pip"))}


def test_what_is_locked_is_installed_and_not_what_is_newest(workspace: Path, packages: Index, pip: Path) -> None:
    run = first_use(workspace, pip)
    run.install()
    assert run.is_installed()
    assert versions(run.PYTHON) == LOCKED

    # What the lock lacks is said, and no release of today comes in its place.
    incomplete = {name: version for name, version in LOCKED.items() if name != "shapes"}
    write_lock(workspace, packages, pip=index.version_of(pip), **incomplete)
    with pytest.raises(run.Stop, match=r"pip check failed(.|\n)*shapes, which is not installed"):
        run.install()
    assert not run.is_installed()
    assert versions(run.PYTHON) == incomplete


def test_constraints_hold_where_somebody_installs_without_the_lock(workspace: Path, tmp_path: Path, pip: Path) -> None:
    run = first_use(workspace, pip)
    (workspace / "constraints.txt").write_text(run.constraints(), encoding="utf-8")
    environment = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / run.PYTHON.relative_to(run.VENV)
    asked = ["-c", "constraints.txt", *(f"./{one.folder}" for one in DISTRIBUTIONS)]
    subprocess.run([python, pip / "pip", "install", "--quiet", *asked], cwd=workspace, check=True)
    assert versions(python) == {name: version for name, version in LOCKED.items() if name != "builder"}
