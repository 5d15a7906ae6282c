"""Each distribution does what it does with nothing installed but itself and what it asks for.

An environment of its own is made for each: the distribution as a wheel (so that a file left out of the wheel is
missed) and, of the lock, only what it needs. First every module is imported there, before an extra or a test tool
comes in; then some of its own tests run, with all its extras: the code is the same that all tests are run with, and
what can be missing is missed by any of them. That takes a minute or two, hence `long`; `.ci/run` always does it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name
from tests.project.workspace import DISTRIBUTIONS, ROOT, SCHEMAS, Distribution, locked_entries, needed_by

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

TEST_TOOLS = ("hypothesis", "packaging", "pytest", "pytest-timeout")
SOME = ("--one-in", "12")
OURS = {one.name for one in DISTRIBUTIONS}

IMPORT_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
found = [module.name for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
for name in found:
    importlib.import_module(name)
print(len(found))
"""
LIST = "import importlib.metadata as m; print(*(one.name for one in m.distributions()))"


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """The standard output of a command that must succeed; fails the test with all that it said otherwise."""
    done = subprocess.run(command, cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        pytest.fail(f"{' '.join(map(str, command))}\n\n{done.stdout}", pytrace=False)
    return done.stdout


class Environment:
    """A virtual environment without pip, which the pip of this one fills from the lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "env" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        run(sys.executable, "-m", "venv", "--without-pip", folder / "env")

    def install_locked(self, names: set[str]) -> None:
        entries = locked_entries()
        chosen = self.folder / "chosen.txt"
        chosen.write_text("\n".join(entries[name] for name in sorted(names)), encoding="utf-8")
        self._pip("--require-hashes", "--only-binary=:all:", "-r", chosen)

    def install_wheel(self, distribution: Distribution) -> None:
        wheels = self.folder / distribution.folder
        run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels, cwd=ROOT / distribution.folder)
        (wheel,) = wheels.glob("*.whl")
        self._pip("--no-index", wheel)

    def _pip(self, *words: str | Path) -> None:
        # Not compiled: what is imported is a small part of it.
        options = ("--no-deps", "--no-compile", "--quiet")
        run(sys.executable, "-m", "pip", "--python", self.python, "install", *options, *words)

    def names(self) -> set[str]:
        return {canonicalize_name(name) for name in run(self.python, "-c", LIST).split()}


@pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=lambda one: one.folder)
def test_it_passes_tests_of_its_own_installed_alone(
    distribution: Distribution, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    environment = Environment(tmp_path)
    needed = needed_by(distribution.name)
    environment.install_locked(needed - OURS)
    for one in {SCHEMAS, distribution}:
        environment.install_wheel(one)

    assert environment.names() == needed | {SCHEMAS.name, distribution.name}
    assert int(run(environment.python, "-I", "-c", IMPORT_ALL, distribution.package).split()[-1]) > 0

    environment.install_locked(needed_by(distribution.with_extras, *TEST_TOOLS) - needed - OURS)
    strict = ["--no-skips"] if pytestconfig.getoption("--no-skips") else []
    tests = [ROOT / "tests" / folder for folder in distribution.tests]
    said = run(environment.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *strict, *SOME, *tests)
    sys.stdout.write(f"{distribution.folder} alone: {said.splitlines()[-1]}\n")
