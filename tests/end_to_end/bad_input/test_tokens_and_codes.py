"""Pairing codes, device tokens and origins that are refused."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from tests.end_to_end.bad_input.conftest import THERAPIST
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import ServerProcess
from tests.end_to_end.support.wire import Token, connected, redeem
from websockets.exceptions import InvalidStatus

from intersession import Caseload, Tracker
from intersession.errors import AccessEnded, PairingRefused
from intersession_schemas.errors import CloseCode


def test_pairing_codes_that_are_refused(
    server: ServerProcess, practice: Practice, client: UUID, tmp_path: Path
) -> None:
    def refused(code: str) -> str:
        with Tracker.open(tmp_path / "store.db") as tracker, pytest.raises(PairingRefused) as refusal:
            tracker.pair(server.url, code, share_by_default=True)
        return refusal.value.code

    old = practice.invite_client(client)
    used = practice.invite_client(client)  # it takes the place of the first
    assert refused(old) == "old_code"
    redeem(server.url, used)
    assert refused(used) == "used_code"
    assert refused("0000-0000") == "wrong_code"
    assert refused("no code at all") == "wrong_code"
    good = practice.invite_client(client)
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    assert [refused(wrong) for _ in range(5)] == ["wrong_code"] * 5
    assert refused(good) == "too_many_tries"
    redeem(server.url, practice.invite_client(client))


def test_a_code_of_the_other_role_is_refused(
    server: ServerProcess, practice: Practice, client: UUID, tmp_path: Path
) -> None:
    with Tracker.open(tmp_path / "tracker.db") as tracker, pytest.raises(PairingRefused) as refusal:
        tracker.pair(server.url, practice.invite_therapist(THERAPIST), share_by_default=True)
    assert refusal.value.code == "wrong_role"
    with Caseload.open(tmp_path / "caseload.db") as caseload, pytest.raises(PairingRefused) as refusal:
        caseload.pair(server.url, practice.invite_client(client))
    assert refusal.value.code == "wrong_role"


@pytest.mark.parametrize("shown", [None, "", "x", "x" * 43, "x" * 4000], ids=["none", "empty", "short", "long", "huge"])
def test_a_wrong_token_is_closed_with_4401(server: ServerProcess, shown: str | None) -> None:
    with connected(server.url, shown) as peer:
        assert peer.close_code() == CloseCode.UNAUTHENTICATED


def test_the_sdk_says_that_its_token_is_not_known(
    server: ServerProcess, practice: Practice, client: UUID, tmp_path: Path
) -> None:
    with practice.tracker(tmp_path / "store.db", client) as tracker:
        tracker.journal.write("Kept here.")
        replica = tracker._replica
        with replica.writing():
            replica.store.set_meta("token", "x" * 43)
        with pytest.raises(AccessEnded) as ended:
            tracker.sync()
        assert ended.value.code == "wrong_token"
        assert [one.text for one in tracker.journal.entries()] == ["Kept here."]
        assert tracker.status().pending == 1


def test_a_foreign_origin_is_refused_before_anything_is_accepted(server: ServerProcess, token: Token) -> None:
    with (
        pytest.raises(InvalidStatus) as refused,
        connected(server.url, token.token, headers={"Origin": "https://elsewhere.example"}),
    ):
        pass
    assert refused.value.response.status_code == 403
    with connected(server.url, token.token, headers={"Origin": server.url}) as peer:
        peer.hello()
