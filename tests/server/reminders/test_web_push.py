"""Messages to a push service, against the example of RFC 8291 and a reader of our own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from tests.server.reminders.push_service import Browser, PushService, data, text

from intersession_schemas.errors import InvalidField
from intersession_server.reminders import web_push

# The values of RFC 8291, section 5.
PLAIN = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
RECEIVER_PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def private(encoded: str) -> ec.EllipticCurvePrivateKey:
    """The key of that number."""
    return ec.derive_private_key(int.from_bytes(data(encoded), "big"), ec.SECP256R1())


def test_the_example_of_the_specification() -> None:
    body = web_push.encrypted(
        PLAIN, web_push.subscription_key(RECEIVER), data(AUTH), sender=private(SENDER), salt=data(SALT)
    )
    assert text(body) == BODY
    assert Browser(private(RECEIVER_PRIVATE), data(AUTH)).read(data(BODY)) == PLAIN


def test_messages_are_of_one_length_whatever_they_say_and_no_two_are_alike() -> None:
    browser = Browser()
    key = web_push.subscription_key(text(browser.public))
    bodies = [web_push.encrypted(said, key, browser.auth, padded_to=64) for said in (b"", b"due", b"x" * 64, b"due")]
    assert len({len(body) for body in bodies}) == 1
    assert len(set(bodies)) == len(bodies)
    assert [browser.read(body) for body in bodies] == [b"", b"due", b"x" * 64, b"due"]
    with pytest.raises(InvalidTag):
        Browser().read(bodies[0])


def test_the_token_is_for_one_push_service_and_half_a_day() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    service = PushService("https://push.example.org", subscribed=text(web_push.point(key.public_key())))
    header = web_push.authorization("https://push.example.org/send/a?b", key, "mailto:it@example.org", NOW)
    claims = service._claims(header)
    assert claims == {
        "aud": "https://push.example.org",
        "exp": int(NOW.timestamp()) + 12 * 3600,
        "sub": "mailto:it@example.org",
    }


@pytest.mark.parametrize(
    "key", ["", "AAAA", RECEIVER[:-1], RECEIVER + "AA", "B" + "A" * 86, RECEIVER.replace("_", "/"), "é" * 87]
)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(InvalidField):
        web_push.subscription_key(key)
