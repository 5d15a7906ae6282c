"""`./run`: installs once, again when it must, and from the start when it was interrupted."""

from __future__ import annotations

import ast
import shutil
import subprocess
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.project.workspace import DISTRIBUTIONS, ROOT


def loaded(root: Path) -> Any:
    """The program `run` of this folder as a module."""
    loader = SourceFileLoader("run", str(root / "run"))
    spec = spec_from_loader("run", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


FROM_NPM = ("server/hatch_build.py", "server/package-lock.json", "client_sdk/web/package-lock.json")


class Installation:
    """A copy of what `./run` reads, with pip and venv replaced by notes of what they were asked."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.asked: list[str] = []
        self.fails_at: str | None = None
        self.failure: BaseException = RuntimeError()
        self.strays: set[str] = set()

    def run(self) -> Any:
        """`run` as a new process would load it."""
        module = loaded(self.root)
        module.make_venv = self._make_venv
        module.pip = self._pip
        module.installed_names = lambda: {"click", "intersession", *self.strays}
        return module

    def install(self) -> list[str]:
        """What one use of `./run` does before its command."""
        self.asked.clear()
        self.run().install()
        return list(self.asked)

    def _make_venv(self) -> None:
        self._note("venv")
        python = self.run().PYTHON
        shutil.rmtree(self.root / ".venv", ignore_errors=True)
        python.parent.mkdir(parents=True)
        python.touch()

    def _pip(self, words: list[str], *, expected: int = 0) -> None:
        self._note(" ".join(words[:2]) if words[0] == "install" else " ".join(words))

    def _note(self, what: str) -> None:
        self.asked.append(what)
        if what == self.fails_at:
            raise self.failure


FIRST = ["venv", "install --require-hashes", "install --no-deps", "check"]
AGAIN = FIRST[1:]


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    projects = [f"{one.folder}/pyproject.toml" for one in DISTRIBUTIONS]
    for name in ("run", "requirements.lock", "docs/constraints.txt", "pyproject.toml", *projects, *FROM_NPM):
        (tmp_path / "here" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / "here" / name)
    return Installation(tmp_path / "here")


def test_the_first_use_installs_and_the_second_does_nothing(installation: Installation) -> None:
    assert installation.install() == FIRST
    assert installation.install() == []


@pytest.mark.parametrize("name", ["requirements.lock", "schemas/pyproject.toml", "server/pyproject.toml", *FROM_NPM])
def test_a_changed_lock_or_project_installs_again(installation: Installation, name: str) -> None:
    installation.install()
    with (installation.root / name).open("a") as file:
        file.write("\n")
    assert installation.install() == AGAIN
    assert installation.install() == []


def test_what_the_lock_no_longer_has_is_removed(installation: Installation) -> None:
    installation.strays = {"left-over", "setuptools"}
    assert installation.install() == [*FIRST[:-1], "uninstall --yes left-over setuptools", "check"]


@pytest.mark.parametrize("step", FIRST)
@pytest.mark.parametrize("failure", [KeyboardInterrupt(), RuntimeError()], ids=["Ctrl-C", "failure"])
def test_an_interrupted_installation_starts_over(installation: Installation, step: str, failure: BaseException) -> None:
    installation.fails_at, installation.failure = step, failure
    with pytest.raises(Exception) as raised:
        installation.install()
    assert type(raised.value).__name__ in {"Stop", "RuntimeError"}
    installation.fails_at = None
    assert installation.install() == FIRST


def test_an_interrupted_second_installation_starts_over_too(installation: Installation) -> None:
    installation.install()
    with (installation.root / "requirements.lock").open("a") as file:
        file.write("\n")
    installation.fails_at = AGAIN[0]
    with pytest.raises(RuntimeError):
        installation.install()
    installation.fails_at = None
    assert installation.install() == FIRST


def test_a_moved_folder_installs_anew(installation: Installation) -> None:
    installation.install()
    installation.root = installation.root.rename(installation.root.with_name("there"))
    assert installation.install() == FIRST


def test_a_missing_lock_is_said(installation: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    (installation.root / "requirements.lock").unlink()
    assert installation.run().main(["check"]) == 1
    assert "requirements.lock is missing" in capsys.readouterr().err


def test_a_python_without_venv_is_told_the_package(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    module = loaded(installation.root)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(module.Stop, match=r"without `ensurepip`.*apt-get install python3\.\d+-venv"):
        module.make_venv()


def test_an_old_python_gets_a_sentence_and_not_a_syntax_error(installation: Installation) -> None:
    source = (ROOT / "run").read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    first = [node for node in tree.body if not isinstance(node, ast.Expr)][:2]
    assert ast.unparse(first[0]) == "import sys"
    assert ast.unparse(first[1]).startswith("if sys.version_info < (3, 11):\n    sys.exit(")


def test_every_command_is_in_the_usage(installation: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    module = installation.run()
    assert module.main([]) == 0
    usage = capsys.readouterr().out
    words = ("demo", "test", "bench", "check", "fuzz", "simulate", "vectors", "lock", "help")
    assert all(f"\n  {word} " in usage for word in words)
    assert module.main(["tset"]) == 2
    assert "no command `tset`" in capsys.readouterr().err


@pytest.mark.parametrize(("failing", "code"), [("ruff", 1), ("lint-imports", 1), (None, 0)])
def test_every_check_runs_even_when_one_fails(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, failing: str | None, code: int
) -> None:
    started: list[str] = []

    def started_instead(command: list[str], **_: object) -> SimpleNamespace:
        started.append(Path(command[0]).name)
        return SimpleNamespace(returncode=int(started[-1] == failing))

    monkeypatch.setattr(subprocess, "run", started_instead)
    assert installation.run().check([]) == code
    assert started == ["ruff", "ruff", "mypy", "lint-imports", Path(installation.run().PYTHON).name]


def test_locking_tells_the_index_tool_no_place(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, str] = {}

    def started_instead(_: list[str], *, input: str, **__: object) -> SimpleNamespace:
        given["requirements"] = input
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(subprocess, "run", started_instead)
    assert installation.run().lock([]) == 0
    lines = given["requirements"].splitlines()
    assert "automerge==0.2.0.dev4" in lines
    assert not [line for line in lines if "/" in line or line.startswith("intersession")]


def test_what_is_not_locked_yet_can_be_locked(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    installation.install()
    module = installation.run()
    module.UV.touch()
    with (installation.root / "server/pyproject.toml").open("a") as file:
        file.write("\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=0))
    installation.asked.clear()
    assert module.main(["lock"]) == 0
    assert not installation.asked
