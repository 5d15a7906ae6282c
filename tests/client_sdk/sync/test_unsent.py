"""What a grant's end finds unsent: one's own words are kept as text, and nothing of anybody else's."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import pytest
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import Practice

from intersession import Tracker
from intersession.sealing import sealing
from intersession.sealing.sealing import Work
from intersession.sync.exchange import Exchange

PASSPHRASE = "correct horse"

Pair = Callable[..., None]


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Practice:
    """A practice that offers a vault."""
    monkeypatch.setattr(sealing, "WORK", Work(memory=64, passes=1, lanes=1))
    return Practice(vault=True)


def test_a_therapist_keeps_an_unsent_comment_and_note_and_nothing_of_the_client(care: Care) -> None:
    theirs = secrets.token_hex(12)
    entry = care.tracker.journal.write(f"the client's {theirs}", shared=True)
    care.sync()
    care.client.comment(entry.id, "sent")
    care.sync()
    care.client.comment(entry.id, "a comment that nobody has read")
    care.client.notes.add("a note that nobody has read")
    side = care.sides[1]
    assert side.purge(care.practice.stream, care.practice.grant) >= 1
    assert side.purge(care.practice.chart, care.practice.chart_grant) >= 1
    refusals = care.caseload.status().refusals
    assert {refusal.code for refusal in refusals} == {"access_ended"}
    assert sorted(refusal.text for refusal in refusals) == [
        "a comment that nobody has read",
        "a note that nobody has read",
    ]
    assert not any(theirs in refusal.text for refusal in refusals)
    assert care.caseload.status().pending == 0


def test_what_was_not_sent_to_the_vault_is_kept_as_text(tracker: Tracker, vault: Practice, pair: Pair) -> None:
    pair(tracker, share_by_default=False)
    side = vault.join(tracker)
    tracker.vault.create(PASSPHRASE)
    sent = tracker.journal.write("private, and on the server")
    vault.talk(side)
    tracker.journal.write("private, and nowhere else")
    tracker.journal.edit(sent.id, text="private, and edited since")
    assert side.purge(vault.vault, vault.vault_grant) == 2
    texts = [refusal.text for refusal in tracker.status().refusals]
    assert len(texts) == 2
    assert any("private, and nowhere else" in text for text in texts)
    assert any("private, and edited since" in text for text in texts)
    assert tracker.status().pending == 0


def test_a_locked_vault_gives_up_what_was_not_sent_as_well(tracker: Tracker, vault: Practice, pair: Pair) -> None:
    pair(tracker, share_by_default=False)
    side = vault.join(tracker)
    tracker.vault.create(PASSPHRASE)
    vault.talk(side)
    tracker.journal.write("private, and nowhere else")
    tracker.vault.lock()
    kept = [entry.text for entry in tracker.journal.entries()]
    side.purge(vault.vault, vault.vault_grant)
    found = kept + [refusal.text for refusal in tracker.status().refusals]
    assert any("private, and nowhere else" in text for text in found)


def test_a_withdrawal_that_nobody_heard_is_said_and_not_forgotten(
    tracker: Tracker, practice: Practice, pair: Pair
) -> None:
    pair(tracker)
    side: Exchange = practice.join(tracker)
    entry = tracker.journal.write("withdrawn in vain")
    practice.talk(side)
    tracker.journal.withdraw(entry.id)
    assert side.purge(practice.stream, practice.grant) == 1
    (refusal,) = tracker.status().refusals
    assert (refusal.document, refusal.code, refusal.text) == (entry.id, "access_ended", "")
    assert "withdrawn" in refusal.message
    assert "Ask for its deletion" in refusal.message


def test_a_withdrawal_that_was_answered_leaves_nothing_to_say(tracker: Tracker, practice: Practice, pair: Pair) -> None:
    pair(tracker)
    side = practice.join(tracker)
    entry = tracker.journal.write("withdrawn in time")
    practice.talk(side)
    tracker.journal.withdraw(entry.id)
    practice.talk(side)
    assert side.purge(practice.stream, practice.grant) == 0
    assert tracker.status().refusals == ()
