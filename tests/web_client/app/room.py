"""How much a phone's browser lets the app keep.

Room is what Chromium gives an origin, which its developer's tools can set. A disk that is full looks the same to a
page.
"""

from __future__ import annotations

from playwright.sync_api import CDPSession
from tests.web_client.app.phone import Phone


class Room:
    """The room of the app that is open on a phone."""

    def __init__(self, phone: Phone) -> None:
        self._session: CDPSession = phone.context.new_cdp_session(phone.page)
        self._origin = {"origin": phone.page.evaluate("() => location.origin")}

    def leave(self, bytes: int) -> None:
        """Leave so much beside what is in use."""
        used = self._session.send("Storage.getUsageAndQuota", self._origin)["usage"]
        self._session.send("Storage.overrideQuotaForOrigin", {**self._origin, "quotaSize": used + bytes})

    def plenty(self) -> None:
        """As much as there is."""
        self._session.send("Storage.overrideQuotaForOrigin", self._origin)
