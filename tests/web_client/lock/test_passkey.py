"""A passkey opens the lock: with Chromium's virtual authenticator, with and without the pseudo-random function."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web_client.lock.device import Device, Refused
from tests.web_client.lock.test_lock import NEEDLES, kept, written

pytestmark = pytest.mark.page


def authenticator(device: Device, *, prf: bool) -> Any:
    """Plug in an authenticator; returns what speaks to it, and its id."""
    session = device.page.context.new_cdp_session(device.page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True}
    verified = {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, **verified, "hasPrf": prf}})
    return session, made["authenticatorId"]


def passkey(device: Device, known: list[Any]) -> Any:
    return device.page.evaluate("(known) => passkey(known)", known)


def test_a_passkey_opens_the_lock_time_and_again(device: Device) -> None:
    authenticator(device, prf=True)
    made = passkey(device, [])
    written(device).ask("set", secret=made)
    assert device.leaks(*NEEDLES) == []
    assert device.start() == "locked"
    [known] = device.ask("passkeys")
    assert known == {"credential": made["credential"], "salt": made["salt"]}
    device.ask("unlock", secret=passkey(device, [known]))
    device.ask("open")
    assert kept(device)


def test_another_passkey_does_not(device: Device) -> None:
    authenticator(device, prf=True)
    mine, another = passkey(device, []), passkey(device, [])
    written(device).ask("set", secret=mine)
    device.start()
    with pytest.raises(Refused) as refusal:
        device.ask("unlock", secret={**mine, "output": another["output"]})
    assert refusal.value.code == "wrong_secret"


def test_one_that_makes_no_keys_is_said_to_be_none(device: Device) -> None:
    authenticator(device, prf=False)
    assert passkey(device, []) == {"refused": "no_prf"}


def test_one_that_is_gone_is_told_from_a_wrong_one(device: Device) -> None:
    session, id_ = authenticator(device, prf=True)
    made = passkey(device, [])
    session.send("WebAuthn.setUserVerified", {"authenticatorId": id_, "isUserVerified": False})
    assert passkey(device, [made]) == {"refused": "cancelled"}
