"""Signals on the first page of a client, and the form that acknowledges one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.server.web.overview.test_page import HOSTILE, SEVERE, paper
from tests.server.web.practice import MONDAY, Client, Practice
from tests.server.web.reading_pages import read

from intersession_server.web.signals import cards

pytestmark = pytest.mark.anyio


async def acknowledge(browser: httpx.AsyncClient, client: Client, signal: str, **form: str) -> httpx.Response:
    csrf = (await browser.get("/api/me")).json()["csrf"]
    return await browser.post(f"/clients/{client.id}/signals", data={"csrf": csrf, "signal": signal, **form})


async def signals(browser: httpx.AsyncClient, client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await browser.get(f"/api/clients/{client.id}/signals")).json()["items"]
    return found


async def test_an_open_signal_says_what_it_is_how_old_and_who_reads_the_note(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    await paper(noor, client, SEVERE, at=MONDAY.isoformat())
    text = read(await noor.get(f"/clients/{client.id}")).text
    assert "1 open signal" in text
    assert "Not monitored in real time" in text
    assert "Risk item endorsed" in text
    assert "Synced later About Mon 23 Feb 2026, 23:50 UTC+1" in text or "Synced later About Mon 23 Feb 2026" in text
    assert "The client can read this note. For a note that only the care team reads, use" in text
    assert "The client never sees this" in text


async def test_an_acknowledged_signal_stays_in_view_with_note_author_and_time(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    await paper(noor, client, SEVERE, at=MONDAY.isoformat())
    (signal,) = await signals(noor, client)
    answer = await acknowledge(noor, client, signal["id"], note="Called her.\r\nSafe.")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/clients/{client.id}#saved")
    page = read(await noor.get(f"/clients/{client.id}"))
    assert "No open signals" in page.text
    assert "Acknowledged by Noor Haddad, Mon 2 Mar 2026, 09:00 Called her. Safe." in page.text
    assert "What was done" not in page.text
    (after,) = await signals(noor, client)
    assert [one["note"] for one in after["acknowledged"]] == ["Called her.\nSafe."]
    assert (await noor.get(f"/api/clients/{client.id}/notes")).json()["items"] == []
    lists = read(await noor.get(f"/clients/{client.id}/records/signals")).text
    assert "Acknowledged by Noor Haddad, Mon 2 Mar 2026, 09:00 Called her. Safe." in lists
    timeline = read(await noor.get(f"/clients/{client.id}/timeline")).text
    assert "Signal acknowledged Risk item endorsed Noor Haddad" in timeline
    assert "Note Called her. Safe." in timeline


async def test_a_note_for_the_care_team_is_written_in_the_same_act_and_is_nowhere_in_the_record(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    await paper(noor, client, SEVERE, at=MONDAY.isoformat())
    (signal,) = await signals(noor, client)
    await acknowledge(noor, client, signal["id"], note="Called her.", team_note="Zaunkoenig")
    (note,) = (await noor.get(f"/api/clients/{client.id}/notes")).json()["items"]
    assert (note["note"]["text"], note["note"]["about"]) == ("Zaunkoenig", signal["about"])
    (after,) = await signals(noor, client)
    assert [one["note"] for one in after["acknowledged"]] == ["Called her."]
    for path in ("", "/timeline", "/records/signals", "/records/acknowledgements", "/brief"):
        assert "Zaunkoenig" not in (await noor.get(f"/clients/{client.id}{path}")).text, path


async def test_nothing_is_acknowledged_where_the_note_for_the_care_team_cannot_be_kept(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    await paper(noor, client, SEVERE, at=MONDAY.isoformat())
    (signal,) = await signals(noor, client)
    answer = await acknowledge(noor, client, signal["id"], note="x", team_note="x" * 12_001)
    assert answer.status_code == 422
    assert (await signals(noor, client))[0]["acknowledged"] == []


async def test_a_signal_that_has_gone_takes_no_words_with_it(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    assert (await acknowledge(noor, client, "risk/gone")).status_code == 303
    for form in ({"note": "Called."}, {"team_note": "Called."}):
        answer = await acknowledge(noor, client, "risk/gone", **form)
        assert answer.status_code == 422
        assert "This signal is no longer there, so nothing was saved." in answer.text
    assert (await noor.get(f"/api/clients/{client.id}/notes")).json()["items"] == []


async def test_open_signals_come_first_and_risks_are_not_left_out(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cards, "MOST_SHOWN", 1)
    client = await practice.client("Alex")
    for days in range(10):
        await client.write("daily", at=MONDAY - timedelta(days=days))
    await paper(noor, client, SEVERE, at=(MONDAY - timedelta(days=30)).isoformat())
    page = read(await noor.get(f"/clients/{client.id}"))
    assert "2 open signals" in page.text
    assert "Risk item endorsed" in page.text
    assert "Nothing received" not in page.text.partition("open signals")[2].partition("And 1 older signal.")[0]
    assert "And 1 older signal." in page.text


async def test_nothing_in_an_acknowledgement_becomes_markup(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await paper(noor, client, SEVERE, at=MONDAY.isoformat())
    (signal,) = await signals(noor, client)
    await acknowledge(noor, client, signal["id"], note=HOSTILE)
    for path in (f"/clients/{client.id}", f"/clients/{client.id}/timeline", f"/clients/{client.id}/records/signals"):
        page = read(await noor.get(path))
        assert not [tag for tag, _ in page.elements if tag == "img"]
        assert "<script>alert('x')</script>" in page.text
