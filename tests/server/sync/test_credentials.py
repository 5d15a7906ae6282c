"""How a device says who it is: by a header, or in a browser among the subprotocols."""

from __future__ import annotations

import pytest

from intersession_server.sync.credentials import answered, token_of

TOKEN = "abc-_123"
BEARER = f"bearer.{TOKEN}"


@pytest.mark.parametrize(
    ("authorization", "subprotocols", "token"),
    [
        (f"Bearer {TOKEN}", [], TOKEN),
        (f"bearer {TOKEN}", [], TOKEN),
        ("", ["intersession.1", BEARER], TOKEN),
        ("", [BEARER, "other", "intersession.1"], TOKEN),
        (f"Bearer {TOKEN}", ["intersession.1", "bearer.other"], TOKEN),
        ("Basic abc", ["intersession.1", BEARER], TOKEN),
        ("", [], ""),
        ("Bearer", [], ""),
        ("Basic abc", [], ""),
        ("", [BEARER], ""),  # the answer would name no subprotocol, and browsers would not take it
        ("", ["intersession.2", BEARER], ""),
        ("", ["intersession.1"], ""),
        ("", ["intersession.1", "bearer."], ""),
        ("", ["intersession.1", BEARER, "bearer.other"], ""),
        ("", ["intersession.1", TOKEN], ""),
    ],
)
def test_the_token_is_found(authorization: str, subprotocols: list[str], token: str) -> None:
    assert token_of(authorization, subprotocols) == token


def test_only_the_protocols_name_is_answered() -> None:
    assert answered([BEARER, "intersession.1"]) == "intersession.1"
    assert answered([BEARER]) is None
    assert answered([]) is None
