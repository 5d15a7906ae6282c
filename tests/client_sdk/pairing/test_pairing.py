"""Pairing a store with a practice: whose it then is, what must be said, and what is remembered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.client_sdk.conftest import Pair
from tests.client_sdk.practice import Practice

from intersession import Caseload, InvalidField, PairingRefused, StoreFull, StoreInvalid, Tracker
from intersession.store.store import Store


def test_a_code_of_the_other_kind_is_refused(
    tracker: Tracker, caseload: Any, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intersession.pairing.redeeming.redeem", lambda *_, **__: practice.reply("therapist"))
    with pytest.raises(PairingRefused, match="Caseload") as refused:
        tracker.pair("http://localhost:1", "ABCD-EFGH", share_by_default=True)
    assert refused.value.code == "wrong_role"
    assert tracker.status().paired is None
    monkeypatch.setattr("intersession.pairing.redeeming.redeem", lambda *_, **__: practice.reply("client"))
    with pytest.raises(PairingRefused, match="Tracker"):
        caseload.pair("http://localhost:1", "ABCD-EFGH")
    assert caseload.pairing is None


def test_a_client_s_store_is_not_opened_as_a_therapist_s(tracker: Tracker, pair: Pair, tmp_path: Path) -> None:
    pair(tracker)
    tracker.close()
    with pytest.raises(StoreInvalid, match="belongs to a client"):
        Caseload.open(tmp_path / "tracker.db")
    with Tracker.open(tmp_path / "tracker.db") as again:
        assert again.pairing is not None


def test_pairing_again_is_for_the_same_person_only(
    tracker: Tracker, practice: Practice, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair(tracker)
    entry = tracker.journal.write("x")
    pair(tracker, share_by_default=False)
    assert tracker.status().paired is not None
    assert tracker.journal.get(entry.id).shared
    assert not tracker.journal.write("y").shared
    monkeypatch.setattr("intersession.pairing.redeeming.redeem", lambda *_, **__: practice.reply(account=uuid4()))
    with pytest.raises(PairingRefused, match="different person") as refused:
        tracker.pair("http://localhost:1", "ABCD-EFGH", share_by_default=True)
    assert refused.value.code == "wrong_person"


def test_whether_to_share_must_be_said_clearly(tracker: Tracker, pair: Pair) -> None:
    for unclear in ({"share_by_default": None}, {"share_by_default": 1}, {"share_earlier": "no"}):
        with pytest.raises(InvalidField, match="True or False"):
            pair(tracker, **unclear)
    assert tracker.pairing is None


def test_pairing_is_remembered_and_shows_no_token(
    tracker: Tracker, pair: Pair, open_tracker: Callable[[str], Tracker], practice: Practice
) -> None:
    pair(tracker)
    shown = tracker.status()
    assert shown.paired is not None
    assert shown.paired.account == practice.client
    assert "a-token" not in repr(shown)
    tracker.close()
    again = open_tracker("tracker")
    assert again.status().paired == again.pairing == shown.paired


def test_a_full_disk_at_pairing_leaves_the_store_unpaired(
    tracker: Tracker, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker.journal.write("x")
    set_meta = Store.set_meta

    def no_room(store: Store, name: str, value: object) -> None:
        if name == "token":
            raise StoreFull("full")
        set_meta(store, name, value)

    monkeypatch.setattr(Store, "set_meta", no_room)
    with pytest.raises(StoreFull):
        pair(tracker, share_earlier=True)
    assert tracker.status().paired is None
    assert [entry.shared for entry in tracker.journal.entries()] == [False]
