"""What cannot go on says why and what to do; words that somebody wrote are kept or told, never just gone.

| what | where |
|---|---|
| a log that was put back to an earlier copy | tests/end_to_end/faults/test_restored_folder.py |
| an old copy of a store | tests/client_sdk/replica/test_restore.py, tests/end_to_end/faults/test_restored_device.py |
| what lies beside a store | tests/client_sdk/store/test_foreign_files.py |
| a store carried over a fork | tests/client_sdk/store/test_forks.py, tests/end_to_end/faults/test_forks.py |
| `today` ended by a key, a signal or a closed terminal | tests/client_sdk/cli/test_today_drafts.py |
| a certificate, a name, too many files | tests/client_sdk/sync/test_reaching.py |
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.end_to_end.cases.conftest import Command, process
from tests.end_to_end.support.practice import Invitation, Practice
from tests.end_to_end.support.server_process import serving

from intersession import (
    AccessEnded,
    Caseload,
    Client,
    PairingRefused,
    Refusal,
    Tracker,
    Unreachable,
)

# -- what cannot go on -------------------------------------------------------------------------------------------------


def test_a_server_that_is_new_says_what_can_be_done_and_the_words_come_along(tmp_path: Path) -> None:
    with serving(tmp_path / "old") as server, Practice.on(server) as practice:
        client = practice.add_client("Alma")
        with practice.tracker(tmp_path / "a.db", client) as tracker:
            tracker.journal.write("Written before the server was lost.")
            tracker.symptoms.log({"worry": 3})
            tracker.sync()
    with serving(tmp_path / "new") as server, Practice.on(server) as practice:
        again = practice.add_client("Alma")
        with Tracker.open(tmp_path / "a.db") as tracker:
            with pytest.raises(
                PairingRefused, match=r"`intersession import store OLD`.*`intersession export`"
            ) as refused:
                tracker.pair(server.url, again.code, share_by_default=True)
            assert refused.value.code == "wrong_person"
            assert [entry.text for entry in tracker.journal.entries()] == ["Written before the server was lost."]
        code = practice.invite_client(again.person)
        assert b"import store" in process(tmp_path / "a.db", "pair", server.url, code, "--share").stderr
        with Tracker.open(tmp_path / "b.db") as fresh:
            fresh.pair(server.url, practice.invite_client(again.person), share_by_default=True)
            assert (fresh.import_from(tmp_path / "a.db").entries, fresh.sync().complete) == (1, True)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "https://127.0.0.1:9", "https://nobody.invalid"])
def test_a_server_that_is_not_there_is_called_that(tmp_path: Path, url: str) -> None:
    with Tracker.open(tmp_path / "a.db") as tracker, pytest.raises(Unreachable, match="cannot be reached"):
        tracker.pair(url, "ABCD-EFGH", share_by_default=True, timeout=10)


# -- words of a therapist ----------------------------------------------------------------------------------------------


class Work:
    """What a therapist writes without a network, with words that can be told apart."""

    def __init__(self, client: Client) -> None:
        walk, planned = client.homework.assign("Walk"), client.sessions.plan(datetime.now(UTC) + timedelta(days=2))
        self.client, self.walk, self.session = client, walk.id, planned.id
        self.goal = client.goals.add("Sleep", steps=("Lights out",)).id
        self.resource = client.resources.add("Sheet", text="Old.").id
        self.entry = client.entries()[0].id

    def write(self) -> set[str]:
        client = self.client
        client.comment(self.entry, "words-comment")
        client.notes.add("words-note")
        client.homework.assign("words-homework", why="words-why")
        client.homework.edit(self.walk, what="Walk words-edited")
        client.homework.review(self.walk, "keep", reason="words-review")
        client.goals.add("words-goal", why="words-goal-why", steps=("words-step",))
        client.resources.edit(self.resource, text="words-resource")
        client.episodes.begin("words-episode")
        client.sessions.plan(datetime(2031, 2, 3, 4, 5, tzinfo=UTC))
        client.sessions.move(self.session, datetime(2032, 2, 3, 4, 5, tzinfo=UTC))
        with client.plan.edit() as plan:
            plan.journal(introduction="words-introduction")
            plan.add_section("words-question?")
            plan.add_tracker("words-tracker", question="words-asked")
            plan.add_safety_step("on_my_own", "words-safety", contact="words-contact")
            plan.pause(date(2031, 1, 1), note="words-pause")
        return {"words-comment", "words-note", "words-homework", "words-why", "words-edited", "words-review"} | {
            *("words-goal", "words-goal-why", "words-step", "words-resource", "words-episode", "2031-02-03 04:05"),
            *("2032-02-03 04:05", "words-introduction", "words-question?", "words-tracker", "words-asked"),
            *("words-safety", "words-contact", "words-pause"),
        }


def unassign(practice: Practice, team: Caseload, client: Invitation) -> None:
    practice.unassign(client.person, "told-unassigned")
    assert team.sync().refused > 0
    assert team.status().pending == 0


def revoke(practice: Practice, team: Caseload, client: Invitation) -> None:
    (paired,) = (team.status().paired,)
    assert paired is not None
    practice.revoke(paired.device)
    with pytest.raises(AccessEnded, match="kept as text"):
        team.sync()


ENDS: dict[str, Callable[[Practice, Caseload, Invitation], None]] = {"unassigned": unassign, "revoked": revoke}


@pytest.mark.parametrize("how", ENDS)
def test_what_a_therapist_had_not_sent_is_kept_as_text(practice: Practice, tmp_path: Path, how: str) -> None:
    therapist = practice.add_therapist(f"told-{how}")
    client = practice.add_client(f"Alma {how}", f"told-{how}")
    with (
        practice.tracker(tmp_path / "t.db", client) as tracker,
        practice.caseload(tmp_path / "c.db", therapist) as team,
    ):
        tracker.journal.write("A sentence of the client.")
        tracker.sync()
        team.sync()
        work = Work(team.client(client.person))
        team.sync()
        words = work.write()
        ENDS[how](practice, team, client)
        kept: list[Refusal] = list(team.status().refusals)
        assert {one.code for one in kept} == {"access_ended"}
        text = "\n".join(one.text for one in kept)
        assert {word for word in words if word not in text} == set()
        assert "A sentence of the client." not in text


def test_what_a_client_had_not_sent_is_kept_as_text(practice: Practice, tmp_path: Path) -> None:
    client = practice.add_client("Revoked client")
    with practice.tracker(tmp_path / "t.db", client) as tracker:
        tracker.sync()
        entry = tracker.journal.write("words-entry", sections={"How?": "words-answer"}, tags=["words-tag"])
        tracker.journal.edit(entry.id, text="words-entry words-edited")
        tracker.goals.add("words-goal", steps=("words-step",))
        tracker.symptoms.log({"worry": 3}, note="words-log")
        paired = tracker.status().paired
        assert paired is not None
        practice.revoke(paired.device)
        with pytest.raises(AccessEnded):
            tracker.sync()
        text = "\n".join(one.text for one in tracker.status().refusals)
        for word in ("words-entry words-edited", "words-answer", "words-goal", "words-step", "words-log"):
            assert word in text


# -- words at a terminal -----------------------------------------------------------------------------------------------


def test_what_write_could_not_keep_is_a_draft(command: Command) -> None:
    refused = command("write", "-", stdin="x" * 18_001)
    assert (refused.exit_code, "A draft from" in refused.stderr) == (1, True)
    assert command("entries").output == "No entries.\n"
    assert "A draft from" in command("today", "--list").stderr + command("today", "--list").output


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_what_was_typed_before_control_c_is_a_draft(tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    running = subprocess.Popen(
        [sys.executable, "-u", "-m", "intersession", "--store", str(store), "write", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert running.stdin is not None
    running.stdin.write("A first line — 日本\n".encode())
    running.stdin.flush()
    deadline = time.monotonic() + 60
    while not _has_read_all(running.stdin.fileno()) and time.monotonic() < deadline:
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert b"A draft from" in said, said
    with Tracker.open(store) as tracker:
        assert [one.text for draft in tracker.drafts.list() for one in draft.answers] == ["A first line — 日本"]
        assert tracker.journal.entries() == []


def _has_read_all(pipe: int) -> bool:
    import array
    import fcntl
    import termios

    waiting = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, waiting)
    return waiting[0] == 0


def test_nothing_typed_leaves_nothing(command: Command) -> None:
    assert command("write", "-", stdin=" \n").exit_code == 2
    assert "draft" not in command("today", "--list").output.casefold()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")  # noqa: PTH110
def test_an_entry_whose_answer_cannot_be_shown_is_kept_and_that_is_said(tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "intersession", "--store", str(store), "write", "Kept."],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert b"could not be written: No space left on device" in done.stderr
    with Tracker.open(store) as tracker:
        assert [entry.text for entry in tracker.journal.entries()] == ["Kept."]
