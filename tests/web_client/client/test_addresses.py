"""Servers' addresses as people give them: taken, and refused, as the Python SDK does it."""

from __future__ import annotations

import pytest
from tests.web_client.peer import Peer

from intersession.errors import InvalidField
from intersession.sync.addresses import server_url

ADDRESSES = [
    "https://practice.example",
    "https://practice.example/",
    "https://practice.example/inter///",
    "https://practice.example:8443/a",
    "  \u201ehttps://practice.example\u201c. ",
    "\uff48ttps://practice.example",
    "https://\u200bpractice.example",
    "http://127.0.0.1:8080",
    "http://127.9.9.9",
    "http://localhost:1/",
    "http://[::1]:8080",
    "http://practice.example",
    "http://192.168.1.5",
    "http://localhost.example",
    "https://name:secret@practice.example",
    "https://practice.example?a=b",
    "https://practice.example/#code",
    "https://practice.example:99999",
    "ftp://practice.example",
    "practice.example",
    "https:practice.example",
    "https:///practice",
    "https://",
    "javascript:alert(1)",
    "",
]


@pytest.mark.parametrize("url", ADDRESSES)
def test_an_address_is_taken_as_the_sdk_takes_it(node: Peer, url: str) -> None:
    try:
        expected = server_url(url)
    except InvalidField:
        expected = None
    assert node.ask("address", url=url) == expected
