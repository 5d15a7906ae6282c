"""Signals, scores and sessions on a client's page, the form of a signal, and the page of a brief."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from tests.server.web.api.test_measures import MILD, SEVERE, base, got, paper, sent
from tests.server.web.practice import MONDAY, Client, Practice, assigned, send
from tests.server.web.reading_pages import read

from intersession_schemas.documents.care.topics import Topic
from intersession_schemas.streams import Kind
from intersession_server.accounts.audit import reads_of

pytestmark = pytest.mark.anyio

HOSTILE = "<script>alert('x')</script> & \"quoted\""


async def shown(browser: httpx.AsyncClient, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def csrf_in(text: str) -> str:
    (token,) = set(re.findall(r'name="csrf" value="([^"]+)"', text))
    return str(token)


async def with_a_signal(practice: Practice, noor: httpx.AsyncClient) -> tuple[Client, str]:
    client = await practice.client("Alex")
    await paper(noor, client, MILD, MONDAY - timedelta(days=20))
    await paper(noor, client, SEVERE, MONDAY)
    items = (await got(noor, f"{base(client)}/signals"))["items"]
    return client, next(one["id"] for one in items if one["kind"] == "risk")


async def test_signals_stand_first_with_their_age(practice: Practice, noor: httpx.AsyncClient) -> None:
    client, signal = await with_a_signal(practice, noor)
    text = await shown(noor, f"/clients/{client.id}")
    assert text.index("Risk item endorsed") < text.index("Latest scores")
    assert "Not monitored in real time" in text
    assert "7 days ago" in text or "6 days ago" in text
    assert f'name="signal" value="{signal}"' in text
    assert "25" in text
    assert "severe" in text
    assert "reliable deterioration" in text
    assert "No session is planned." in text


async def test_a_signal_is_acknowledged_by_its_form_without_script(practice: Practice, noor: httpx.AsyncClient) -> None:
    client, signal = await with_a_signal(practice, noor)
    page = await shown(noor, f"/clients/{client.id}")
    form = {"csrf": csrf_in(page), "signal": signal, "note": "Called her.\r\nShe is safe."}
    answer = await noor.post(f"/clients/{client.id}/signals", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/clients/{client.id}#saved")
    (one,) = [one for one in (await got(noor, f"{base(client)}/signals"))["items"] if one["id"] == signal]
    assert [seen["note"] for seen in one["acknowledged"]] == ["Called her.\nShe is safe."]
    assert f'value="{signal}"' not in await shown(noor, f"/clients/{client.id}")
    log = practice.services.log
    rows = [(row, (await log.document_rows(row["document"]))[0].kind) for row in await practice.audit("written")]
    (row,) = [row for row, kind in rows if kind == Kind.ACKNOWLEDGEMENT]
    assert (row["client"], row["stream"]) == (client.id, client.stream)


async def test_a_signal_that_is_gone_needs_no_acknowledgement(practice: Practice, noor: httpx.AsyncClient) -> None:
    client, _ = await with_a_signal(practice, noor)
    head = (await practice.services.log.stream_heads())[client.stream]
    form = {"csrf": csrf_in(await shown(noor, f"/clients/{client.id}")), "signal": "silence/2020-01-01", "note": ""}
    assert (await noor.post(f"/clients/{client.id}/signals", data=form)).status_code == 303
    assert (await practice.services.log.stream_heads())[client.stream] == head


async def test_nobody_else_acknowledges(practice: Practice, noor: httpx.AsyncClient) -> None:
    await practice.therapist("sam", "Sam")
    client, signal = await with_a_signal(practice, noor)
    path, form = f"/clients/{client.id}/signals", {"signal": signal, "note": "x"}
    head = (await practice.services.log.stream_heads())[client.stream]
    assert (await noor.post(path, data=form)).status_code == 403
    assert (await noor.post(path, data={**form, "csrf": "x"})).status_code == 403
    async with practice.signed_in("sam") as sam, practice.browser() as nobody:
        theirs = {**form, "csrf": (await sam.get("/api/me")).json()["csrf"]}
        answer = await sam.post(path, data=theirs)
        unknown = await sam.post(f"/clients/{uuid4()}/signals", data=theirs)
        assert (answer.status_code, answer.text) == (404, unknown.text)
        assert (await noor.post(path, data=theirs)).status_code == 403
        assert (await nobody.post(path, data=form)).status_code == 303
    long = {**form, "csrf": csrf_in(await shown(noor, f"/clients/{client.id}")), "note": "x" * 5_000}
    assert (await noor.post(path, data=long)).status_code == 422
    assert (await practice.services.log.stream_heads())[client.stream] == head


async def test_the_next_session_is_named(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    path = f"{base(client)}/sessions"
    await sent(noor, "POST", path, 201, planned_at="2026-02-20T10:00:00+01:00", state="attended")
    await sent(noor, "POST", path, 201, planned_at="2026-03-20T10:00:00+01:00")
    coming = await sent(noor, "POST", path, 201, planned_at="2026-03-10T10:00:00+01:00")
    await sent(noor, "POST", path, 201, planned_at="2026-03-05T10:00:00+01:00", state="cancelled")
    text = await shown(noor, f"/clients/{client.id}")
    assert f'href="/clients/{client.id}/brief?session={coming["id"]}"' in text
    assert "Tue 10 Mar 2026, 10:00" in text
    assert "Fri 20 Feb 2026, 10:00" in text


async def test_a_brief_is_a_page_that_can_be_read(practice: Practice, noor: httpx.AsyncClient) -> None:
    client, signal = await with_a_signal(practice, noor)
    sessions = f"{base(client)}/sessions"
    await sent(noor, "POST", sessions, 201, planned_at="2026-02-20T10:00:00+01:00", state="attended")
    coming = await sent(noor, "POST", sessions, 201, planned_at="2026-03-03T10:00:00+01:00")
    (episode,) = (await got(noor, f"{base(client)}/episodes"))["items"]
    await sent(noor, "PATCH", f"{base(client)}/episodes/{episode['id']}", phase="follow_up")
    await sent(
        noor,
        "PATCH",
        f"{base(client)}/plan",
        trackers={"w": {"name": "worry", "low": 1, "high": 5}},
        assessments={"a": {"instrument": "check-in", "before_each_session": True}},
    )
    await sent(noor, "POST", f"{base(client)}/goals", 201, what=f"sleep {HOSTILE}", steps={"a": {"text": "no screens"}})
    await assigned(noor, client, what="walk round the lake", rule="daily", since="2026-02-22")
    await client.log({"worry": 3})
    await client.write(HOSTILE, tags=["sleep"], mood=4)
    text = await shown(noor, f"/clients/{client.id}/brief/full?session={coming['id']}")
    assert "For Tue 3 Mar 2026, 10:00 UTC+1 · phase: Follow-up" in text
    assert f'href="/clients/{client.id}/brief?session={coming["id"]}"' in text
    assert "Since Fri 20 Feb 2026, 10:00" in text
    for said in (
        "not acknowledged",
        "25 of 27, severe",
        "reliable deterioration",
        "Tue 3 Mar 2026, and 13 more times until Mon 16 Mar 2026: walk round the lake",
        "worry",
        "1 of ",
        "mood 4 of 10",
        "no screens (to do)",
        "Tracker “worry” added",
        "Check-in",
    ):
        assert said in text, said
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
    assert signal not in text
    short = await shown(noor, f"/clients/{client.id}/brief?session={coming['id']}")
    assert "For Tue 3 Mar 2026, 10:00 UTC+1 · phase: Follow-up" in short
    assert f'href="/clients/{client.id}/brief/full?session={coming["id"]}"' in short
    assert "<script>alert" not in short
    for page in ("brief", "brief/full"):
        assert (await noor.get(f"/clients/{client.id}/{page}?session={uuid4()}")).status_code == 404
        assert (await noor.get(f"/clients/{client.id}/{page}?session=x")).status_code == 400


async def test_what_is_to_be_talked_about_who_has_seen_a_signal_and_an_odd_date_are_said(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client, signal = await with_a_signal(practice, noor)
    await sent(noor, "POST", f"{base(client)}/acknowledgements", 201, signal=signal, note="Called her.")
    await client.make(Kind.TOPIC, Topic(text=f"my boss {HOSTILE}", made_at=MONDAY))
    await client.make(Kind.TOPIC, Topic(text="the flat", made_at=MONDAY, talked_on=MONDAY.date()))
    await paper(noor, client, MILD, MONDAY + timedelta(days=3_650))
    for number in range(6):
        await client.log({"worry": number % 3 + 1}, at=MONDAY + timedelta(days=number))
    for page in ("brief", "brief/full"):
        text = await shown(noor, f"/clients/{client.id}/{page}")
        assert "my boss" in text
        assert "the flat" not in text
        assert "by Noor Haddad: Called her." in text
        assert re.search(r"The device dated it \w{3} \d+ Feb 2036, which cannot be right\.", text)
        assert "sparkline" in text
        assert "<script>alert" not in text


async def test_the_short_brief_has_numbers_and_what_they_changed_by(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client, _ = await with_a_signal(practice, noor)
    await assigned(noor, client, what="walk round the lake", rule="daily", since="2026-02-22")
    for number in range(6):
        await client.log({"worry": number % 3 + 1}, at=MONDAY + timedelta(days=number))
    answer = await noor.get(f"/clients/{client.id}/brief")
    text = read(answer).text
    for said in (
        "Open risk signals",
        "Thoughts of death or self-harm",
        "25 of 27 severe +17 reliable deterioration since the one before",
        "worry",
        "walk round the lake none due yet",
        "Coming up",
        "Not monitored in real time.",
    ):
        assert said in text, said
    # The button is there for script alone.
    assert '<button type="button" class="plain-button" data-print hidden>' in answer.text


async def test_a_brief_without_anything_says_so(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    for page in ("brief", "brief/full"):
        text = await shown(noor, f"/clients/{client.id}/{page}")
        assert "no session attended before" in text
        assert "No completed assessments." in text
    async with practice.browser() as nobody:
        answer = await nobody.get(f"/clients/{client.id}/brief?session={uuid4()}")
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"/sign-in?to=/clients/{client.id}/brief%3Fsession%3D")


async def test_a_client_reads_when_an_entry_was_in_a_brief(practice: Practice, noor: httpx.AsyncClient) -> None:
    """What a client is told of who read an entry counts briefs as well."""
    client = await practice.client("Alex")
    await client.write("x")
    assert await reads_of(client.id, client.stream, [2], practice.services.clock()) == []
    await noor.get(f"/clients/{client.id}/brief")
    assert await reads_of(client.id, client.stream, [2], practice.services.clock()) == [practice.services.clock()]


async def test_a_score_that_is_none_says_why(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await paper(noor, client, {"q1": 1}, MONDAY)
    text = await shown(noor, f"/clients/{client.id}")
    assert "no score: incomplete, not scored" in text
    assert "incomplete, not scored" in await shown(noor, f"/clients/{client.id}/brief")
    answer = await send(noor, "POST", f"{base(client)}/assessments", {"instrument": "c-ssrs", "answers": {}})
    assert answer.status_code == 400
