"""What every test run has: long tests only on request, page tests only with a browser, a last line that counts.

Imports nothing of ours: each distribution's tests also run where only that distribution is installed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from zlib import crc32

import hypothesis
import pytest

SHOWN_WITHIN = 20_000.0
"""Milliseconds in which a page shows what is expected of it, with three workers on two slow cores."""
GET_CHROMIUM = "page tests need chromium: apt-get install chromium (or name one in INTERSESSION_CHROMIUM)"

# No deadline: a busy machine is not a defect. The blob reproduces a failure in one line.
hypothesis.settings.register_profile("project", deadline=None, print_blob=True)
hypothesis.settings.load_profile("project")


MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3
USUAL_TIMEOUT = 120
"""Seconds; a test that is given more may take long."""


def pytest_configure(config: pytest.Config) -> None:
    """Prepare what the run's processes have in common."""
    write_in_memory()
    compile_once(config)


def write_in_memory() -> None:
    """Keep what tests write in memory where there is room: a run would wait for throw-away disks most of its time.

    A killed process loses nothing there that it would keep on a disk, and the other way round.
    """
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # it may have been asked for already


def compile_once(config: pytest.Config) -> None:
    """Where Python may not keep what it compiles, keep it for this run, in a place of its own.

    Tests start hundreds of processes, and compiling all of our modules is a quarter of what a server's start costs.
    """
    if hasattr(config, "workerinput") and os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(config.option.basetemp).parent / "compiled")


def find_chromium() -> str | None:
    """The path of a chromium to drive, or None."""
    names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    named = os.environ.get("INTERSESSION_CHROMIUM")
    return named or next((found for found in map(shutil.which, names) if found), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser, for Playwright's `executable_path`; only for tests marked `page`."""
    from playwright.sync_api import expect  # tests of one distribution alone have no browser

    found = find_chromium()
    assert found is not None, "a test that asks for `chromium` must be marked `page`"
    expect.set_options(timeout=SHOWN_WITHIN)
    return found


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("intersession")
    group.addoption("--long", action="store_true", help="run the tests marked `long` too")
    group.addoption("--one-in", type=int, default=1, metavar="N", help="run one in so many tests, always the same ones")
    group.addoption("--no-skips", action="store_true", help="fail when a test is skipped")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    one_in = config.getoption("--one-in")
    if one_in > 1:
        left_out = [item for item in items if crc32(item.nodeid.encode()) % one_in]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not crc32(item.nodeid.encode()) % one_in]
    if not config.getoption("--long"):
        left_out = [item for item in items if item.get_closest_marker("long")]
        if left_out:
            config.hook.pytest_deselected(items=left_out)
            items[:] = [item for item in items if not item.get_closest_marker("long")]
    if find_chromium() is None:
        for item in items:
            if item.get_closest_marker("page"):
                item.add_marker(pytest.mark.skip(reason=GET_CHROMIUM))
    items.sort(key=lambda item: not may_take_long(item))  # else one of them may begin when all others have ended


def may_take_long(item: pytest.Item) -> bool:
    """Whether a test is given more time than usual."""
    given = item.get_closest_marker("timeout")
    return given is not None and bool(given.args) and given.args[0] > USUAL_TIMEOUT


def reporter_of(config: pytest.Config) -> pytest.TerminalReporter | None:
    """What reports on all tests; None in a worker, which reports to another process, and where nothing is run."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return None
    reporter: pytest.TerminalReporter | None = config.pluginmanager.get_plugin("terminalreporter")
    return reporter


def count(reporter: pytest.TerminalReporter, *outcomes: str) -> int:
    """How many tests ended in one of `outcomes`, so far."""
    return sum(len(reporter.stats.get(outcome, ())) for outcome in outcomes)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A run in which nothing was tested, or something was skipped that may not be, is no success."""
    reporter = reporter_of(session.config)
    if reporter is None or exitstatus != pytest.ExitCode.OK:
        return
    if not count(reporter, "passed"):
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
    elif session.config.getoption("--no-skips") and count(reporter, "skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    ended = terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
    figures = [line for report in ended for name, line in report.user_properties if name == "figures"]
    if figures:
        terminalreporter.section("figures")
        for line in figures:
            terminalreporter.write_line(line)
    skipped = terminalreporter.stats.get("skipped", [])
    if any(GET_CHROMIUM in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(GET_CHROMIUM, yellow=True)
    if skipped and config.getoption("--no-skips"):
        terminalreporter.write_line("failed, because tests were skipped (--no-skips)", red=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say the counts in the last line, after pytest's own summary."""
    reporter = reporter_of(config)
    if reporter is None:
        return
    words = [f"{count(reporter, 'passed', 'xfailed')} passed", f"{count(reporter, 'skipped')} skipped"]
    failed = count(reporter, "failed", "error", "xpassed")
    if failed:
        words.insert(1, f"{failed} failed")
    reporter.write_line(", ".join(words))
