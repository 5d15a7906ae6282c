from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from tests.server.web.practice import MONDAY, Practice
from tests.server.web.reading_pages import read

from intersession_schemas.documents.diary.symptoms import Log
from intersession_server.web.client import page as pages
from intersession_server.web.client import symptoms as views

pytestmark = pytest.mark.anyio


async def test_charts_of_a_range(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    now = practice.services.clock()
    for days, value in ((0, 1), (13, 2), (14, 3), (29, 4), (30, 5), (400, 1)):
        await client.log({"worry": value}, at=now - timedelta(days=days), arrived=now)
    expected = {"": 2, "?range=2w": 2, "?range=month": 4, "?range=all": 6}
    for query, count in expected.items():
        page = read(await noor.get(f"/clients/{client.id}{query}"))
        assert sum(tag == "circle" for tag, _ in page.elements) == count, query
        assert [a.get("href") for tag, a in page.elements if a.get("aria-current")][0:1] == [
            f"/clients/{client.id}?range={query.partition('=')[2] or '2w'}#symptoms"
        ]


async def test_a_range_in_which_nothing_is_leads_to_all(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.log({"worry": 3}, at=MONDAY - timedelta(days=100))
    text = read(await noor.get(f"/clients/{client.id}")).text
    assert "No symptom logs for these days. The latest is for Sat 15 Nov 2025, 23:50." in text
    assert "1 answer" in read(await noor.get(f"/clients/{client.id}?range=all")).text


async def test_today_is_the_clients_own(practice: Practice, noor: httpx.AsyncClient) -> None:
    """When it is Monday 09:00 in UTC, it is still Sunday in Honolulu."""
    client = await practice.client("Alex")
    await client.log({"worry": 3}, at=datetime.fromisoformat("2026-03-01T22:30:00-10:00"))
    page = read(await noor.get(f"/clients/{client.id}"))
    assert "Mon 16 Feb 2026 to Sun 1 Mar 2026: 1 log" in page.text
    assert sum(tag == "circle" for tag, _ in page.elements) == 1


async def test_long_ranges_are_drawn_by_day_and_say_so(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    now = practice.services.clock()
    logs = [
        Log(id=uuid4(), at=now - timedelta(hours=hour), entered_at=now, values={"worry": hour % 5 + 1}, scale=(1, 5))
        for hour in range(600)
    ]
    await client.logs(logs, now)
    page = read(await noor.get(f"/clients/{client.id}?range=all"))
    assert "drawn by day" in page.text
    assert sum(tag == "circle" for tag, _ in page.elements) == len({log.at.date() for log in logs})


async def test_every_answer_of_years_is_reached_from_the_whole_range(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    """Two and a half years by month, a month by its answers: each value is one of its own, and each is found."""
    client, now = await practice.client("Alex"), practice.services.clock()
    values = range(300)
    logs = [
        Log(id=uuid4(), at=now - timedelta(days=3 * one, hours=one % 24), entered_at=now, values={"worry": one})
        for one in values
    ]
    await client.logs(logs, now)
    whole = await noor.get(f"/clients/{client.id}?range=all")
    assert "drawn by month" in read(whole).text
    links = re.findall(r'href="(\?since=[^"#]+)#symptoms"', whole.text)
    assert len(links) == 31
    found: list[int] = []
    for link in links:
        page = await noor.get(f"/clients/{client.id}{link.replace('&amp;', '&')}")
        current = [a.get("href") for tag, a in read(page).elements if a.get("aria-current")]
        assert current == [f"/clients/{client.id}{link.replace('&amp;', '&')}#symptoms"]
        found += map(int, re.findall(r"<td class=\"figure\">(\d+)</td>", page.text))
        assert len(page.content) < 40_000
    assert sorted(found) == list(values)
    assert len(whole.content) < 40_000


async def test_a_page_that_moves_by_itself_stays_with_its_days(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    now = practice.services.clock()
    for days, value in ((1, 3), (40, 5)):
        await client.log({"worry": value}, at=now - timedelta(days=days), arrived=now)
    day = (now - timedelta(days=40)).date()
    page = await noor.get(f"/clients/{client.id}?since={day}&until={day}")
    (fragment,) = re.findall(r'data-fragment="([^"]+)"', page.text)
    assert fragment == f"/fragments/clients/{client.id}?since={day}&amp;until={day}"
    for answer in (page, await noor.get(fragment.replace("&amp;", "&"))):
        assert "latest <strong>5</strong>" in answer.text
        assert answer.text.count("<circle") == 1
    for wrong in ("since=tomorrow", "until=2026-01-01T10:00:00Z"):
        assert (await noor.get(f"/clients/{client.id}?{wrong}")).status_code == 400


async def test_a_correction_and_a_note_of_years_ago_are_still_told(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "_LOGS_AT_ONCE", 7)
    client, now = await practice.client("Alex"), practice.services.clock()
    old = now - timedelta(days=900)
    first = Log(id=uuid4(), at=old, entered_at=old, values={"worry": 9}, scale=(0, 10))
    again = Log(
        id=uuid4(), at=old, entered_at=now, values={"worry": 1}, scale=(0, 10), corrects=first.id, note="mistyped"
    )
    others = [
        Log(id=uuid4(), at=now - timedelta(days=one), entered_at=now, values={"worry": 2}, scale=(0, 10))
        for one in range(200)
    ]
    await client.logs([first, again, *others], now)
    text = read(await noor.get(f"/clients/{client.id}?range=all")).text
    assert "201 logs" in text
    assert "mistyped" in text
    assert "Corrected by the client" in text
    assert "Originally: worry 9, no note." in text


async def test_only_so_many_logs_are_drawn_and_it_says_so(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_LOGS", 2)
    client = await practice.client("Alex")
    for hours in range(3):
        await client.log({"worry": 3}, at=practice.services.clock() - timedelta(hours=hours))
    assert "Only the newest 2 logs are drawn." in read(await noor.get(f"/clients/{client.id}")).text


async def test_notes_of_logs_are_shown(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    now = practice.services.clock()
    await client.log({"worry": 3}, at=now, note="the neighbour")
    text = read(await noor.get(f"/clients/{client.id}")).text
    assert "Notes Mon 2 Mar 2026, 09:00 the neighbour" in text


async def test_a_page_draws_the_symptoms_answered_most_and_names_the_others(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client, now = await practice.client("Alex"), practice.services.clock()
    logs = [
        Log(
            id=uuid4(),
            at=now - timedelta(hours=number),
            entered_at=now,
            values={f"s{number}.{one}": 1 for one in range(200)},
        )
        for number in range(3)
    ]
    await client.logs(logs, now)
    for hours, name in ((1, "Worry"), (2, "worry "), (3, "WORRY")):
        await client.log({name: 3}, at=now - timedelta(hours=hours))
    answer = await noor.get(f"/clients/{client.id}")
    page = read(answer)
    assert sum(tag == "svg" for tag, _ in page.elements) == views.MOST_CHARTS
    assert "No chart (answered less often):" in page.text
    assert "WORRY latest 3" in page.text
    assert " and 237 more." in page.text
    assert "symptoms: 301 more names than the 300 that are kept apart; left out" in page.text
    assert len(answer.content) < 200_000


async def test_a_symptom_is_found_however_it_is_spelled(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    for hours, name in enumerate(("Sle\u0301ep", "SLÉEP", "other_")):
        await client.log({name: 3}, at=practice.services.clock() - timedelta(hours=hours))
    for name, found in (("sléep", 2), ("Other_", 1), ("otherx", 0)):
        answer = await noor.get(f"/api/clients/{client.id}/symptoms", params={"name": name})
        assert len(answer.json()["items"]) == found
