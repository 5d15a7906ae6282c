"""Why an exchange is not complete, in words for a person."""

from __future__ import annotations

import pytest

from intersession import AccessEnded, Unreachable
from intersession.models.devices import Amount, Transfer
from intersession.protocol import problems
from intersession.protocol.problems import Trouble, why_incomplete
from intersession_schemas.errors import CLOSE_REASONS, CloseCode

NOTHING = Amount(0, 0)


def transfer(expected: int, received: int) -> Transfer:
    return Transfer(sent=NOTHING, to_send=NOTHING, received=Amount(received, 0), to_receive=Amount(expected, 0))


def test_what_is_left_and_that_the_time_was_over() -> None:
    why = why_incomplete(None, transfer(5, 4), Amount(12, 900), 15.0)
    assert why.code == "timeout"
    assert why.message == (
        "Still to do: 12 documents to send, 1 document to receive. Sync reached its time limit of 15 seconds."
        " Sync again to continue where it left off."
    )


def test_what_is_left_and_what_is_the_matter() -> None:
    why = why_incomplete(problems.NO_ANSWER, transfer(0, 0), Amount(1, 10), 60.0)
    assert (why.code, why.final) == ("unreachable", False)
    assert why.message == f"Still to do: 1 document to send. {problems.NO_ANSWER.message}"


def test_when_it_is_not_known_what_is_left() -> None:
    why = why_incomplete(problems.LOST, transfer(3, 3), NOTHING, 1.0)
    assert why.message == problems.LOST.message
    assert "time limit of 1 second." in why_incomplete(None, transfer(0, 0), NOTHING, 1.0).message


@pytest.mark.parametrize("code", sorted(CLOSE_REASONS))
def test_every_close_code_has_a_sentence_of_its_own(code: int) -> None:
    assert problems.of_close(code) is not problems.LOST
    assert problems.of_close(None) is problems.LOST


def test_what_is_final_is_raised() -> None:
    with pytest.raises(AccessEnded):
        problems.raise_if_final(problems.of_close(CloseCode.ACCESS_ENDED))
    with pytest.raises(AccessEnded):
        problems.raise_if_final(problems.of_close(CloseCode.UNAUTHENTICATED))
    with pytest.raises(Unreachable) as raised:
        problems.raise_if_final(problems.of_close(CloseCode.UPGRADE_REQUIRED))
    assert raised.value.code == "upgrade_required"
    problems.raise_if_final(problems.of_close(CloseCode.GOING_AWAY))


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_server_that_is_busy_is_no_wrong_address(status: int) -> None:
    assert problems.of_refused_opening(status).code == "unavailable"
    assert problems.of_refused_opening(404) == Trouble(
        "unreachable",
        "The answer did not come from an Intersession server (HTTP 404). Check the address and the network.",
    )


def test_a_name_that_the_server_is_not_reached_under_is_told_as_such() -> None:
    refused = problems.of_refused_opening(403)
    assert refused.code == "unreachable"
    assert "Ask the practice for the server's address" in refused.message
