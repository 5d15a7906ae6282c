"""What `./run` installs is what the lock says, whatever the index has since and whichever pip does it.

An index on disk holds what the lock pins and newer releases of it. One package asks for another with an extra
(`held[mail]==2.*`), which old releases of pip resolve to the newest release instead of the pin. `run` itself is
executed, with the oldest pip that a supported Python brings and with the newest that the real index has.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.project.workspace import DISTRIBUTIONS, ROOT

OLDEST = "pip==22.3"
"""What Python 3.11.0 brings; newer ones bring newer ones."""

BACKEND = '''
"""A build backend that needs nothing: it links the folder."""
import pathlib, zipfile

NAME = {name!r}

def build_editable(folder, config_settings=None, metadata_directory=None):
    wheel = f"{{NAME.replace('-', '_')}}-0.1.0-py3-none-any.whl"
    info = f"{{NAME.replace('-', '_')}}-0.1.0.dist-info"
    with zipfile.ZipFile(pathlib.Path(folder) / wheel, "w") as file:
        file.writestr(f"{{info}}/METADATA", f"Metadata-Version: 2.1\\nName: {{NAME}}\\nVersion: 0.1.0\\n")
        file.writestr(f"{{info}}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        file.writestr(f"{{info}}/RECORD", "")
    return wheel

def get_requires_for_build_editable(config_settings=None):
    return []
'''
USE = """
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

loader = SourceFileLoader("run", "run")
module = module_from_spec(spec_from_loader("run", loader))
loader.exec_module(module)
make_venv = module.make_venv


def with_this_pip():
    make_venv()
    module.subprocess.run(
        [str(module.PYTHON), "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", sys.argv[1]], check=True
    )


module.make_venv = with_this_pip
try:
    module.install()
except module.Stop as stop:
    sys.exit(str(stop))
"""
LIST = "import importlib.metadata as m, json; print(json.dumps({d.name: d.version for d in m.distributions()}))"


class Index:
    """A folder in the form that pip reads as an index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def release(self, name: str, version: str, *, needs: str = "", extra: str = "") -> str:
        """Publish a package without content, or with one requirement; returns its line for a lock.

        `extra` is the name of an extra that asks for the package `mailer`.
        """
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        lines += [f"Requires-Dist: {needs}"] if needs else []
        lines += [f"Provides-Extra: {extra}", f'Requires-Dist: mailer; extra == "{extra}"'] if extra else []
        info = f"{name}-{version}.dist-info"
        files = {
            f"{info}/METADATA": "\n".join(lines) + "\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        record = "".join(f"{path},{_record_hash(text)},{len(text)}\n" for path, text in files.items())
        wheel = self.folder / name / f"{name}-{version}-py3-none-any.whl"
        wheel.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(wheel, "w") as file:
            for path, text in (*files.items(), (f"{info}/RECORD", f"{record}{info}/RECORD,,\n")):
                file.writestr(path, text)
        links = "".join(f'<a href="{one.name}">{one.name}</a>\n' for one in sorted(wheel.parent.glob("*.whl")))
        (wheel.parent / "index.html").write_text(f"<!DOCTYPE html><html><body>\n{links}</body></html>\n", "utf-8")
        return f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


def _record_hash(text: str) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
    return f"sha256={digest}"


@pytest.fixture(scope="module")
def pips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with wheels of the oldest pip and of the newest."""
    folder = tmp_path_factory.mktemp("pips")
    for wanted in (OLDEST, "pip"):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", str(folder), wanted]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"{wanted} is not to be had from the package index: {done.stderr.strip()[-200:]}")
    return folder


def pip_wheel(pips: Path, which: str) -> Path:
    (oldest,) = pips.glob(f"{OLDEST.replace('==', '-')}-*.whl")
    return oldest if which == "oldest" else next(one for one in sorted(pips.glob("pip-*.whl")) if one != oldest)


def pinned(pip: Path) -> str:
    """The line of a lock for that very pip: what is not locked is removed."""
    return f"pip=={pip.name.split('-')[1]} --hash=sha256:{hashlib.sha256(pip.read_bytes()).hexdigest()}\n"


def workspace(folder: Path, lock: str) -> Path:
    """All that `run` reads: itself, a lock, and three distributions that build without any tool."""
    folder.mkdir()
    shutil.copy(ROOT / "run", folder / "run")
    (folder / "requirements.lock").write_text(lock, encoding="utf-8")
    for one in DISTRIBUTIONS:
        (folder / one.folder).mkdir()
        (folder / one.folder / "backend.py").write_text(BACKEND.format(name=one.name), encoding="utf-8")
        (folder / one.folder / "pyproject.toml").write_text(
            f'[project]\nname = "{one.name}"\nversion = "0.1.0"\n'
            '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
            encoding="utf-8",
        )
    return folder


def install(root: Path, index: Index, pip: Path) -> subprocess.CompletedProcess[str]:
    """`./run`'s first use in `root`, with `pip` in its `.venv` and nothing to install from but `index`."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    settings = plain | {"PIP_INDEX_URL": index.folder.as_uri(), "PIP_CONFIG_FILE": os.devnull}
    return subprocess.run(
        [sys.executable, "-c", USE, str(pip)], cwd=root, env=settings, capture_output=True, text=True, check=False
    )


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path / "index")


def installed(root: Path) -> dict[str, str]:
    python = root / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    listed = subprocess.run([python, "-c", LIST], capture_output=True, text=True, check=True).stdout
    versions: dict[str, str] = json.loads(listed)
    return versions


each_pip = pytest.mark.parametrize("which", ["oldest", "newest"])


@each_pip
def test_newer_releases_on_the_index_change_nothing(tmp_path: Path, index: Index, pips: Path, which: str) -> None:
    lock = index.release("asker", "1.0", needs="held[mail]==2.*")
    lock += index.release("held", "2.1", extra="mail")
    lock += index.release("mailer", "1.0")
    index.release("asker", "1.1", needs="held[mail]==3.*")
    index.release("held", "2.2", extra="mail")
    index.release("mailer", "2.0")
    pip = pip_wheel(pips, which)
    root = workspace(tmp_path / "here", lock + pinned(pip))

    done = install(root, index, pip)

    assert done.returncode == 0, done.stderr
    versions = installed(root)
    assert {name: versions[name] for name in ("asker", "held", "mailer")} == {
        "asker": "1.0",
        "held": "2.1",
        "mailer": "1.0",
    }
    assert versions["pip"] == pip.name.split("-")[1]
    assert {one.name for one in DISTRIBUTIONS} <= versions.keys()


@each_pip
def test_a_lock_that_lacks_something_is_no_installation(tmp_path: Path, index: Index, pips: Path, which: str) -> None:
    lock = index.release("asker", "1.0", needs="held==2.*")
    index.release("held", "2.1")
    pip = pip_wheel(pips, which)
    root = workspace(tmp_path / "here", lock + pinned(pip))

    done = install(root, index, pip)

    assert done.returncode != 0
    assert "asker 1.0 requires held" in done.stderr
    assert not (root / ".venv" / "installed").exists()
