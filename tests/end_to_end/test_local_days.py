"""An entry stays on the local day it was written on: on every device, for the therapist, in the API and on the page.

Ten to midnight and ten past it, around both changes of daylight saving, at home and at both ends of the world's clocks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from tests.end_to_end.support.practice import Invitation, Practice, desk

from intersession import Tracker
from intersession.models.records import Entry
from intersession_server.web.page import phrases

ZONES = ("Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago")
"""Home, and the clocks furthest ahead (UTC+14) and furthest behind (UTC−11)."""
CHANGES = (date(2026, 3, 29), date(2025, 10, 26))
"""Days on which Berlin's clocks go forward and back."""


@pytest.fixture
def client(practice: Practice) -> Invitation:
    practice.add_therapist("anna")
    return practice.add_client("Alma", "anna")


def around(change: date, zone: str) -> list[datetime]:
    """Ten to midnight and ten past it, before and after a day on which the clocks change."""
    moments = []
    for midnight in (change, change + timedelta(days=1)):
        moments.append(datetime.combine(midnight - timedelta(days=1), time(23, 50), ZoneInfo(zone)))
        moments.append(datetime.combine(midnight, time(0, 10), ZoneInfo(zone)))
    return moments


MOMENTS = [moment for change in CHANGES for zone in ZONES for moment in around(change, zone)]
WRITTEN = {f"written {moment.isoformat()} {moment.tzinfo}": moment for moment in MOMENTS}


def local(entries: Sequence[Entry]) -> dict[str, datetime]:
    """Each entry's text and when it was written, as the clock showed it (without what the clock was)."""
    return {entry.text: entry.written_at.replace(tzinfo=None) for entry in entries}


EXPECTED = {text: moment.replace(tzinfo=None) for text, moment in WRITTEN.items()}


def test_entries_stay_on_their_local_days_everywhere(practice: Practice, client: Invitation, tmp_path: Path) -> None:
    with (
        practice.tracker(tmp_path / "phone.db", client) as phone,
        practice.tracker(tmp_path / "tablet.db", client.person) as tablet,
        practice.caseload(tmp_path / "therapist.db", "anna") as caseload,
    ):
        write(phone)
        assert phone.sync().complete
        assert tablet.sync().complete
        assert caseload.sync().complete
        assert local(phone.journal.entries()) == EXPECTED
        assert local(tablet.journal.entries()) == EXPECTED
        assert local(caseload.client(client.person).entries()) == EXPECTED
        assert logged(phone) == logged(tablet) == sorted(MOMENTS)
        assert sorted(point.at for point in caseload.client(client.person).series("worry")) == sorted(MOMENTS)
    with Tracker.open(tmp_path / "phone.db", clock=lambda: datetime.now(ZoneInfo("Asia/Kathmandu"))) as travelled:
        assert local(travelled.journal.entries()) == EXPECTED
    with desk(practice.server.url, "anna") as therapist:
        said = {item["text"]: item["written_at"] for item in therapist.entries(client.person)}
        assert {text: datetime.fromisoformat(at) for text, at in said.items()} == WRITTEN
        for day in {moment.date() for moment in MOMENTS}:
            query: dict[str, str | int] = {"since": day.isoformat(), "until": day.isoformat(), "limit": 200}
            found = therapist.http.get(f"/api/clients/{client.person}/entries", params=query).json()["items"]
            assert {item["text"] for item in found} == {text for text, at in WRITTEN.items() if at.date() == day}
        page = whole_page(therapist.http, f"/clients/{client.person}/timeline")
        days = re.split(r'<section class="timeline-day"', page)
        for moment in MOMENTS:
            of_day = [one for one in days if f">{phrases.day(moment.date())}</h2>" in one]
            assert any(f">{moment:%H:%M}</time>" in one for one in of_day)


def write(phone: Tracker) -> None:
    for text, moment in WRITTEN.items():
        phone.journal.write(text, at=moment)
        phone.symptoms.log({"worry": 3}, at=moment)


def logged(tracker: Tracker) -> list[datetime]:
    return sorted(point.at for point in tracker.symptoms.series("worry"))


def whole_page(http: httpx.Client, path: str) -> str:
    """A timeline and all older pages of it, as text."""
    text, address = "", path
    while True:
        answer = http.get(address)
        assert answer.status_code == 200
        text += answer.text
        older = re.search(r'rel="next" href="([^"]*before=[^"]*)"', answer.text)
        if older is None:
            return text
        address = older.group(1).replace("&amp;", "&")
        if address.startswith("?"):
            address = path + address
