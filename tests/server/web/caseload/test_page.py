from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from tests.server.web.practice import MONDAY, Practice
from tests.server.web.reading_pages import read

from intersession_server.accounts.tables import Device

pytestmark = pytest.mark.anyio


async def test_the_caseload_says_who_wrote_when_and_is_honest_about_silence(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    busy, quiet = await practice.client("Alex"), await practice.client("Mira", role="supervisor")
    await busy.write("one", at=MONDAY, arrived=MONDAY + timedelta(days=2))
    await Device.insert(
        Device(
            id=uuid4(),
            person=busy.id,
            agent="",
            token_prefix="x",
            token_hash="x",
            paired_at=MONDAY,
            last_heard_at=practice.services.clock() - timedelta(minutes=5),
        )
    )
    page = read(await noor.get("/"))
    assert "Alex 6 days ago Mon 23 Feb 2026, 23:50 UTC+1 4 days ago Wed 25 Feb 2026, 22:50 UTC" in page.text
    assert "5 minutes ago Mon 2 Mar 2026, 08:55 UTC 1 0" in page.text
    assert "Mira supervisor nothing received yet – never 0 0" in page.text
    assert [a["href"] for tag, a in page.elements if tag == "a" and "/clients/" in (a.get("href") or "")] == [
        f"/clients/{busy.id}",
        f"/clients/{quiet.id}",
    ]


async def test_an_empty_caseload(noor: httpx.AsyncClient) -> None:
    assert "No clients are assigned to you." in read(await noor.get("/")).text
