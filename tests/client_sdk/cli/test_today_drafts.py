"""What was typed in `intersession today` outlasts whatever ends it, and is offered the next time."""

from __future__ import annotations

import codecs
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.client_sdk.care_practice import Care

from intersession import Caseload, DraftAnswer, Field, Tracker
from intersession.cli import main

SECONDS = 60.0
"""To wait for a prompt: machines may be slow, and a test that passes waits for nothing."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The store of a client whose plan asks three questions, and who has homework with a worksheet."""
    store = tmp_path / "client.db"
    with Tracker.open(store) as tracker, Caseload.open(tmp_path / "care.db") as caseload:
        care = Care(tracker, caseload)
        with care.client.plan.edit() as plan:
            plan.add_section("What happened?")
            plan.add_section("How tense were you?", type="scale", low=0, high=10)
            plan.add_section("What helped?", required=True)
        care.client.homework.assign(
            "Breathe", fields={"felt": Field(prompt="How did it feel?"), "then": Field(prompt="And then?")}
        )
        care.sync()
    return store


class Terminal:
    """`intersession today` on a terminal of its own."""

    def __init__(self, store: Path) -> None:
        self.handle, inside = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "intersession", "--store", str(store), "today"],
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
            preexec_fn=lambda: _take_terminal(inside),
            close_fds=True,
        )
        os.close(inside)
        self.shown = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def read_until(self, words: str) -> None:
        ends = time.monotonic() + SECONDS
        while words not in self.shown:
            ready, _, _ = select.select([self.handle], [], [], max(0.0, ends - time.monotonic()))
            if not ready:
                self.process.kill()
                raise AssertionError(f"{words!r} was not shown: {self.shown}")
            try:
                self.shown += self._decoder.decode(os.read(self.handle, 4096))
            except OSError:
                raise AssertionError(f"{words!r} was not shown: {self.shown}") from None

    def answer(self, prompt: str, text: str) -> None:
        self.read_until(f"{prompt}")
        self.shown = ""
        os.write(self.handle, f"{text}\n".encode())

    def end(self) -> None:
        with suppress(OSError):
            while os.read(self.handle, 4096):
                pass
        with suppress(OSError):
            os.close(self.handle)
        try:
            self.process.wait(SECONDS)
        finally:
            self.process.kill()


def _take_terminal(handle: int) -> None:
    import fcntl
    import termios

    fcntl.ioctl(handle, termios.TIOCSCTTY, 0)
    # What runs the tests may ignore these, as nohup does; who sits at a terminal does not.
    for one in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(one, signal.SIG_DFL)


def press(key: bytes) -> Callable[[Terminal], None]:
    """Until it is heard: a key that comes while a prompt is being set up may be lost, for people as well."""

    def pressed(terminal: Terminal) -> None:
        for _ in range(30):
            os.write(terminal.handle, key)
            with suppress(subprocess.TimeoutExpired):
                terminal.process.wait(2)
                return

    return pressed


def hang_up(terminal: Terminal) -> None:
    os.close(terminal.handle)
    terminal.process.wait(SECONDS)


ENDS: dict[str, Callable[[Terminal], object]] = {
    "kill -9": lambda one: one.process.kill(),
    "SIGTERM": lambda one: one.process.terminate(),
    "SIGHUP": lambda one: one.process.send_signal(signal.SIGHUP),
    "SIGQUIT": lambda one: one.process.send_signal(signal.SIGQUIT),
    "Ctrl-C": press(b"\x03"),
    "Ctrl-D": press(b"\x04"),
    "the terminal is closed": hang_up,
}


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")
@pytest.mark.parametrize("how", ENDS)
def test_whatever_ends_it_what_was_answered_is_offered_next_time(path: Path, how: str) -> None:
    first = Terminal(path)
    first.answer("What happened?: ", "My sister called — at last. 日本")
    first.answer("(0 to 10): ", "7")
    first.read_until("What helped?: ")
    ENDS[how](first)
    first.end()

    with Tracker.open(path) as tracker:
        (draft,) = tracker.drafts.list()
        assert [one.text for one in draft.answers] == ["My sister called — at last. 日本", "7"]
        assert tracker.journal.entries() == []
        assert tracker.status().pending == 0

    again = Terminal(path)
    again.read_until("There is a draft of this")
    again.answer("Continue this draft? [Y/n]: ", "")
    again.read_until("What happened?: My sister called")
    again.answer("What helped?: ", "talking")
    again.answer("Anything else", "")
    again.read_until("Kept.")
    again.process.kill()
    again.end()
    with Tracker.open(path) as tracker:
        (entry,) = tracker.journal.entries()
        assert [section.text or section.value for section in entry.sections] == [
            "My sister called — at last. 日本",
            7,
            "talking",
        ]
        assert tracker.drafts.list() == []


@pytest.fixture
def today(path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setattr("intersession.cli.care.is_terminal", lambda: True)

    def run(typed: str, *words: str) -> Result:
        return CliRunner().invoke(main, ["--store", str(path), *(words or ("today",))], input=typed)

    return run


def test_the_end_says_that_a_draft_is_kept_and_so_does_status(today: Callable[..., Result]) -> None:
    ended = today("A quiet day.\n")
    assert ended.exit_code == 1
    assert "A draft from" in ended.output
    assert "ontinue it with `intersession today`." in ended.output
    assert "A draft from" in today("", "status").output
    assert "A draft from" in today("", "today", "--list").output


def test_nothing_typed_leaves_no_draft(today: Callable[..., Result]) -> None:
    assert "draft" not in today("\n\n").output.casefold()
    assert "draft" not in today("", "status").output.casefold()


def test_a_required_question_left_for_later_keeps_the_others(path: Path, today: Callable[..., Result]) -> None:
    left = today("A quiet day.\n3\n\n\n\n\n\n\n\n\n\n")
    assert "kept as a draft" in left.output
    with Tracker.open(path) as tracker:
        assert [one.text for one in tracker.drafts.list()[0].answers] == ["A quiet day.", "3"]


def test_homework_in_the_middle_is_a_draft_as_well(path: Path, today: Callable[..., Result]) -> None:
    with Tracker.open(path) as tracker:
        skipped = [one.kind for one in tracker.due()].index("homework")
        assert skipped == 0 or tracker.due()[0].kind == "journal"
    ended = today("\n" * 4 * skipped + "d\nbetter\n")
    assert "A draft from" in ended.output
    again = today("\n" * 4 * skipped + "\nI slept.\n2\n8\n\n\n\n\n\n\n")
    assert "How did it feel?: better" in again.output
    with Tracker.open(path) as tracker:
        (progress,) = tracker.homework.list()[0].progress
        assert {one.prompt: one.value for one in progress.answers} == {
            "How did it feel?": "better",
            "And then?": "I slept.",
        }
        assert tracker.drafts.list() == []


def test_what_is_refused_stays_a_draft(path: Path, today: Callable[..., Result]) -> None:
    refused = today("x" * 18_001 + "\n3\nwords\n\n\n\n\n\n\n\n")
    assert "Not saved:" in refused.output
    with Tracker.open(path) as tracker:
        assert len(tracker.drafts.list()[0].answers[0].text) == 18_001


def test_a_draft_can_be_deleted_or_left(path: Path, today: Callable[..., Result]) -> None:
    today("A quiet day.\n")
    left = today("n\nn\n\n\n\n\n\n")
    assert "The draft is kept." in left.output
    deleted = today("n\ny\n\n\n\n\n\n\n\n\n")
    assert "What happened?: A quiet" not in deleted.output.split("Delete this draft")[1]
    with Tracker.open(path) as tracker:
        assert tracker.drafts.list() == []


def test_what_is_not_due_any_more_is_offered_as_an_entry(path: Path, today: Callable[..., Result]) -> None:
    with Tracker.open(path) as tracker:
        tracker.drafts.keep(
            "today:homework:gone:x", "Walk (1 May)", [DraftAnswer("f", "How was it?", "Wet, and good.")]
        )
    offered = today("k\n")
    assert "which is no longer due" in offered.output
    with Tracker.open(path) as tracker:
        (entry,) = tracker.journal.entries()
        assert "Wet, and good." in entry.text
        assert not entry.shared
        assert tracker.drafts.list() == []


def test_questions_that_are_gone_keep_their_answers(path: Path, today: Callable[..., Result], tmp_path: Path) -> None:
    today("A quiet day.\n4\n")
    with Tracker.open(path) as tracker:
        (draft,) = tracker.drafts.list()
        other = DraftAnswer("field:gone", "Who was there?", "Everybody.")
        tracker.drafts.keep(draft.name, draft.title, [*draft.answers, other])
    done = today("\ntalking\n\n\n\n\n\n\n")
    assert "is kept as a draft" in done.output
    with Tracker.open(path) as tracker:
        assert [one.text for draft in tracker.drafts.list() for one in draft.answers] == ["Everybody."]
