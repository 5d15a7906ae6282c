"""A test run ends with its counts, and a run that tested nothing is a failure."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.project.workspace import ROOT

PASSES = "def test_passes(): pass\n"
FAILS = "def test_fails(): assert False\n"
SKIPS = "import pytest\n@pytest.mark.skip\ndef test_skips(): pass\n"
LONG = "import pytest\n@pytest.mark.long\ndef test_long(): pass\n"
PAGE = "import pytest\n@pytest.mark.page\ndef test_page(chromium): assert chromium == 'browser'\n"
BREAKS = "import pytest\n@pytest.fixture\ndef broken(): raise OSError\ndef test_breaks(broken): pass\n"
WARNS = "import warnings\ndef test_warns(): warnings.warn('old', DeprecationWarning)\n"


class Outcome(NamedTuple):
    code: int
    said: str

    @property
    def last(self) -> str:
        return self.said.splitlines()[-1]


def run(root: Path, *sources: str, options: tuple[str, ...] = (), browser: str = "") -> Outcome:
    """Run these sources as a test folder of our kind, on a machine without a browser unless one is named."""
    shutil.copy(ROOT / "pyproject.toml", root)
    folder = root / "tests"
    folder.mkdir()
    shutil.copy(ROOT / "tests" / "conftest.py", folder)
    for number, source in enumerate(sources):
        (folder / f"test_{number}.py").write_text(source, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    # Loading every plugin that is about takes longer than all else here.
    kept |= {"PATH": "", "INTERSESSION_CHROMIUM": browser, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    plugins = ["-p", "pytest_timeout", "-p", "xdist.plugin", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *plugins, *options]
    done = subprocess.run(command, cwd=root, env=kept, capture_output=True, text=True, check=False)
    return Outcome(done.returncode, done.stdout)


@pytest.mark.parametrize("options", [(), ("-n", "2"), ("-q",)], ids=["one process", "two workers", "quiet"])
def test_the_last_line_counts(tmp_path: Path, options: tuple[str, ...]) -> None:
    outcome = run(tmp_path, PASSES, PASSES, SKIPS, options=options)
    assert (outcome.code, outcome.last) == (0, "2 passed, 1 skipped")


def test_failures_and_errors_are_failures(tmp_path: Path) -> None:
    outcome = run(tmp_path, PASSES, FAILS, BREAKS)
    assert (outcome.code, outcome.last) == (1, "1 passed, 2 failed, 0 skipped")


def test_a_warning_is_a_failure(tmp_path: Path) -> None:
    assert run(tmp_path, WARNS).last == "0 passed, 1 failed, 0 skipped"


@pytest.mark.parametrize("sources", [[], [SKIPS], [LONG]], ids=["none", "all skipped", "all left out"])
def test_testing_nothing_is_a_failure(tmp_path: Path, sources: list[str]) -> None:
    assert run(tmp_path, *sources).code == 5


def test_testing_nothing_on_two_workers_is_a_failure(tmp_path: Path) -> None:
    assert run(tmp_path, SKIPS, options=("-n", "2")).code == 5


def test_long_tests_run_on_request(tmp_path: Path) -> None:
    assert run(tmp_path, PASSES, LONG, options=("--long",)).last == "2 passed, 0 skipped"


def test_without_a_browser_page_tests_are_skipped_with_a_hint(tmp_path: Path) -> None:
    outcome = run(tmp_path, PASSES, PAGE)
    assert (outcome.code, outcome.last) == (0, "1 passed, 1 skipped")
    assert any(line.startswith("page tests need chromium: apt-get install") for line in outcome.said.splitlines())


def test_with_a_browser_page_tests_run(tmp_path: Path) -> None:
    assert run(tmp_path, PAGE, browser="browser").last == "1 passed, 0 skipped"


def test_no_skips_means_it(tmp_path: Path) -> None:
    outcome = run(tmp_path, PASSES, PAGE, options=("--no-skips",))
    assert (outcome.code, outcome.last) == (1, "1 passed, 1 skipped")
