"""The core's store in the files of an origin, in Chromium: what was written is there, what was deleted is nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.web_client.core import bundle, opened, serving

pytestmark = pytest.mark.page

_ASKING = """([call, given]) => new Promise((resolve) => {
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (failure) => resolve({ failed: failure.message });
  worker.postMessage([call, given]);
})"""
SENTENCE = "Zyzzyva quokkas frolicked unwatched"
WORD = "zyzzyva"


class Worker:
    """The worker of a page, with a replica in this origin's files."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.start()
        self.ask("open")

    def start(self) -> None:
        self._page.evaluate('() => { globalThis.worker = new Worker("main.js", { type: "module" }); }')

    def end(self) -> None:
        """As when a browser is killed: nothing is closed."""
        self._page.evaluate("() => worker.terminate()")

    def ask(self, call: str, given: Any = None) -> Any:
        said = self._page.evaluate(_ASKING, [call, given])
        assert "failed" not in said, said
        return said.get("answer")

    def files_with(self, text: str) -> int:
        """In how many files a text is, with the store closed; it is opened again."""
        self.ask("close")
        count = self.ask("filesWith", text)
        self.ask("open")
        return int(count)


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("pool")
    bundle(Path(__file__).parents[1] / "entries" / "pool.ts", folder)
    (folder / "index.html").write_text("<!doctype html><title>pool</title>")
    with serving(folder) as address:
        yield address


@pytest.fixture
def worker(browser: Browser, bundled: str) -> Iterator[Worker]:
    with opened(browser, bundled) as page:
        yield Worker(page)


def test_what_was_written_is_there_after_the_worker_was_killed(worker: Worker) -> None:
    worker.ask("write", {"text": SENTENCE, "shared": True})
    worker.end()
    worker.start()
    worker.ask("open")
    assert worker.ask("texts") == [SENTENCE]
    assert worker.ask("search", WORD) == 1


@pytest.mark.parametrize("shared", [True, False])
def test_nothing_of_a_withdrawn_entry_is_left_in_any_file(worker: Worker, shared: bool) -> None:
    worker.ask("join")
    id = worker.ask("write", {"text": f"I saw it. {SENTENCE}.", "shared": shared})
    worker.ask("edit", {"id": id, "text": f"I saw it. {SENTENCE}. It went on."})
    worker.ask("search", WORD)
    assert worker.files_with(SENTENCE), "it is looked for in the wrong place"
    assert worker.files_with(WORD), "the index is not looked at"
    worker.ask("withdraw", id)
    assert worker.files_with(SENTENCE) == worker.files_with(WORD) == worker.files_with("frolicked") == 0


def test_nothing_is_left_in_a_journal_of_a_worker_that_was_killed(worker: Worker) -> None:
    worker.ask("join")
    worker.ask("write", {"text": "Another one.", "shared": True})
    id = worker.ask("write", {"text": f"{SENTENCE}.", "shared": True})
    worker.ask("withdraw", id)
    worker.end()
    worker.start()
    assert worker.ask("filesWith", "Another one")
    assert worker.ask("filesWith", SENTENCE) == worker.ask("filesWith", WORD) == 0


def test_nothing_of_a_withdrawn_log_is_left_in_any_file(worker: Worker) -> None:
    worker.ask("join")
    id = worker.ask("log", SENTENCE)
    worker.ask("log", "Another one, which stays.")
    assert worker.files_with(SENTENCE)
    worker.ask("withdrawLog", id)
    assert worker.files_with("which stays")
    assert worker.files_with(SENTENCE) == 0


def test_nothing_of_a_record_is_left_in_any_file_once_access_to_it_has_ended(worker: Worker) -> None:
    worker.ask("join")
    worker.ask("write", {"text": f"{SENTENCE}.", "shared": True})
    worker.ask("write", {"text": "Mine alone.", "shared": False})
    worker.ask("accept")  # else its words are kept as text until somebody has read them
    assert worker.files_with(SENTENCE)
    worker.ask("purge")
    assert worker.files_with("Mine alone")
    assert worker.files_with(SENTENCE) == worker.files_with(WORD) == 0
