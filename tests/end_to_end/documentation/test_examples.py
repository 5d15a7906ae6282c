"""The examples do what they say, against a real server; the desktop app in a window that nobody sees."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.end_to_end.support.practice import Invitation, Practice
from tests.end_to_end.support.server_process import wait_for

from intersession import Tracker

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"


@pytest.fixture
def alma(practice: Practice, tmp_path: Path) -> Invitation:
    """A client whose therapist has given them homework."""
    practice.add_therapist("anna")
    client = practice.add_client("Alma", "anna")
    with practice.caseload(tmp_path / "therapist.db", "anna") as caseload:
        caseload.sync()
        caseload.client(client.person).homework.assign("Walk round the block", rule="daily")
        assert caseload.sync().complete
    return client


def example(name: str) -> ModuleType:
    """The example as a module, not run."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(name: str, *words: str | Path) -> str:
    """What the example prints."""
    command = [sys.executable, EXAMPLES / f"{name}.py", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_example_is_run_here() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.py")} == {"script", "asyncio_app", "tkinter_app"}


def test_the_script(practice: Practice, alma: Invitation, tmp_path: Path) -> None:
    store = tmp_path / "journal.db"
    assert "on this device's disk" in run("script", store)
    paired = run("script", store, practice.server.url, alma.code)
    assert "changes sent" in paired
    assert "Walk round the block: 0 of 0 done" in paired
    assert "Due on" in run("script", store)
    with Tracker.open(store) as tracker:
        assert len(tracker.journal.entries()) == 3


def test_the_asyncio_app_hears_what_another_device_writes(practice: Practice, alma: Invitation, tmp_path: Path) -> None:
    with practice.tracker(tmp_path / "journal.db", alma):
        pass
    with practice.tracker(tmp_path / "phone.db", alma.person) as phone:
        phone.sync()
        heard = asyncio.run(_while_watching(phone, tmp_path / "journal.db"))
    assert heard >= 1


async def _while_watching(phone: Tracker, path: Path) -> int:
    watching = asyncio.create_task(example("asyncio_app").watch(str(path), 5.0))
    while not watching.done():  # whenever it has connected, something comes after that
        phone.journal.write("From the phone.")
        await phone.aio.sync()
        await asyncio.wait([watching], timeout=0.3)
    return int(await watching)


@pytest.fixture
def screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A display, where there is none."""
    pytest.importorskip("tkinter")
    if os.environ.get("DISPLAY") or sys.platform in ("win32", "darwin"):
        yield
        return
    if shutil.which("Xvfb") is None:
        pytest.skip("there is no display and no Xvfb (apt-get install xvfb)")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "800x600x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as number:
            monkeypatch.setenv("DISPLAY", f":{number.readline().strip()}")
        yield
    finally:
        server.terminate()
        server.wait(10)


@pytest.mark.usefixtures("screen")
def test_the_desktop_app(practice: Practice, alma: Invitation, tmp_path: Path) -> None:
    import tkinter as tk

    with practice.tracker(tmp_path / "journal.db", alma) as tracker:
        tracker.sync()
        with tracker.live():
            root = tk.Tk()
            app: Any = example("tkinter_app").App(root, tracker)
            assert "Walk round the block" in app.due.get(0, "end")
            app.text.insert("1.0", "Typed into the window.")
            app.write.invoke()

            def is_sent() -> bool:
                root.update()
                return str(app.status["text"]) == "Entries: 1. Everything is sent."

            wait_for(is_sent, 20, "the window says that everything is sent")
            app.close()
        assert [entry.text for entry in tracker.journal.entries()] == ["Typed into the window."]
