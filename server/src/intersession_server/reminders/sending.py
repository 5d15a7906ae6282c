"""One message to a push service. What it says is the same for everybody, and so is how long it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Literal

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct

from intersession_server.reminders import web_push
from intersession_server.reminders.subscriptions import Subscribed

PAYLOAD = b'{"kind":"due"}'
PADDED_TO = 64
KEPT_FOR = timedelta(hours=3)
"""How long a push service keeps it for a device that is off."""
TOPIC = "due"
"""Of several that wait for a device, it is given the last one alone."""
ANSWERS_WITHIN = 10.0
"""Seconds, all in all."""
LONGEST_WAIT = timedelta(hours=1)
"""However long a push service asks for."""
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_TRY_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


class Outcome(Struct, frozen=True):
    """What became of it. `gone`: the subscription has ended; `unreached`: worth another try, not before `wait`;
    `refused`: not worth one. `status` is the answer's, None where there was none."""

    what: Literal["sent", "gone", "unreached", "refused"]
    status: int | None = None
    wait: timedelta = timedelta()


class Sender:
    """Calls push services, on one event loop. It follows no redirect and reads no answer but its head."""

    def __init__(self, contact: str, clock: Callable[[], datetime]) -> None:
        self._contact = contact
        self._clock = clock
        self._client = httpx.AsyncClient(timeout=ANSWERS_WITHIN, follow_redirects=False)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def send(self, to: Subscribed, key: ec.EllipticCurvePrivateKey) -> Outcome:
        """Say to a device that something is due. Whether its endpoint may be called has been decided."""
        now = self._clock()
        body = web_push.encrypted(
            PAYLOAD,
            web_push.subscription_key(to.p256dh),
            web_push.decoded(to.auth, web_push.AUTH_BYTES),
            padded_to=PADDED_TO,
        )
        headers = {
            "Authorization": web_push.authorization(to.endpoint, key, self._contact, now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_FOR // timedelta(seconds=1)),
            "Topic": TOPIC,
            # Else a phone that lies still is told when it next wakes up by itself.
            "Urgency": "high",
        }
        try:
            async with (
                asyncio.timeout(ANSWERS_WITHIN),
                self._client.stream("POST", to.endpoint, content=body, headers=headers) as answer,
            ):
                return _outcome(answer, now)
        except (httpx.HTTPError, TimeoutError):
            return Outcome("unreached")


def _outcome(answer: httpx.Response, now: datetime) -> Outcome:
    status = answer.status_code
    if answer.is_success:
        return Outcome("sent", status)
    if status in _GONE:
        return Outcome("gone", status)
    if answer.is_server_error or status in _TRY_AGAIN:
        return Outcome("unreached", status, _wait(answer.headers.get("retry-after", ""), now))
    return Outcome("refused", status)


def _wait(text: str, now: datetime) -> timedelta:
    """Seconds, or the moment from which on it may be tried."""
    try:
        asked = timedelta(seconds=int(text)) if text.isdecimal() else parsedate_to_datetime(text) - now
    except (ValueError, TypeError, OverflowError):
        return timedelta()
    return min(max(asked, timedelta()), LONGEST_WAIT)
