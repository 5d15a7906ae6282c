from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from tests.server.web.practice import MONDAY, Practice, assigned, send
from tests.server.web.reading_pages import read

from intersession_schemas.documents.care.goals import Goal
from intersession_schemas.documents.care.homework import HomeworkProgress
from intersession_schemas.documents.diary.sections import Section
from intersession_schemas.documents.forms import Answer
from intersession_schemas.streams import Kind
from intersession_server.web.client import page as client_page
from intersession_server.web.client import page as pages
from intersession_server.web.client import plan_views

pytestmark = pytest.mark.anyio

HOSTILE = "<script>alert('x')</script> \"><img src=x onerror=alert(1)> {{ 7*7 }} ${7*7} javascript:alert(1) </textarea>"


async def test_a_client_of_whom_nothing_has_arrived(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    text = read(await noor.get(f"/clients/{client.id}")).text
    assert "Nothing received yet. No device has synced yet." in text
    assert "No journal entries received yet." in text
    assert "No symptom logs received yet." in text


async def test_an_entry_with_sections_mood_and_tags(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write(
        "slept badly",
        mood=0,
        tags=["sleep"],
        sections=[Section("What helped?", "a walk"), Section("What else?", "")],
    )
    text = read(await noor.get(f"/clients/{client.id}")).text
    assert "Mon 23 Feb 2026, 23:50 UTC+1 received 23:50 Mood 0 of 10 sleep slept badly" in text
    assert "What helped? a walk What else? left empty" in text
    assert "Synced later" not in text


async def test_a_late_entry_says_when_it_was_written_entered_and_when_it_arrived(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    await client.write(
        "about Monday",
        at=MONDAY,
        entered_at=MONDAY + timedelta(days=3, hours=-8),
        arrived=MONDAY + timedelta(days=4),
    )
    text = read(await noor.get(f"/clients/{client.id}")).text
    assert (
        "Synced later written Mon 23 Feb 2026, 23:50, entered Thu 26 Feb 2026, 15:50 , received Fri 27 Feb 2026, 23:50"
        in text
    )


async def test_what_cannot_be_read_is_said(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.put(Kind.JOURNAL_ENTRY, MONDAY, mood=99)
    await client.put(Kind.SYMPTOM_LOG, MONDAY, **{str(uuid4()): "{"})
    text = read(await noor.get(f"/clients/{client.id}")).text
    assert "Time of writing unknown received Mon 23 Feb 2026, 22:50 UTC" in text
    assert "Some of this entry could not be read: written_at: missing" in text
    assert "Some of what was received could not be read. It has been kept." in text


async def test_nothing_that_a_client_writes_becomes_markup(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client(f"A {HOSTILE}"[:150])
    await client.write(
        HOSTILE, tags=[HOSTILE[:60]], zone="Europe/Berlin", sections=[Section(HOSTILE, HOSTILE, HOSTILE[:60])]
    )
    now = practice.services.clock()
    await client.log({HOSTILE[:60]: 1, "a'b": 2}, at=now, note=HOSTILE)
    scripts = []
    for path in ("/", f"/clients/{client.id}", "/fragments/clients", f"/fragments/clients/{client.id}"):
        page = read(await noor.get(path))
        scripts += [attributes for tag, attributes in page.elements if tag == "script"]
        assert not [tag for tag, _ in page.elements if tag in ("img", "textarea")]
        assert "49" not in page.text
        if "/clients/" in path:
            assert page.text.count("<script>alert('x')</script>") >= 5
    assert {(one.get("src") or "").split("?")[0] for one in scripts} == {
        "/static/idiomorph.min.js",
        "/static/live.js",
    }


async def test_nothing_in_a_plan_or_homework_becomes_markup(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    path = f"/api/clients/{client.id}"
    plan = {
        "introduction": HOSTILE,
        "sections": {"a": {"prompt": HOSTILE}},
        "trackers": {"b": {"name": HOSTILE[:60], "question": HOSTILE}},
        "safety_plan": {"c": {"text": HOSTILE, "contact": HOSTILE}},
        "pauses": {"d": {"first": "2026-03-02", "note": HOSTILE}},
    }
    assert (await send(noor, "PATCH", f"{path}/plan", plan)).status_code == 200
    homework = await assigned(noor, client, what=HOSTILE, why=HOSTILE, rule="daily")
    answers = (Answer(key="a", prompt=HOSTILE, value=HOSTILE, label=HOSTILE[:60], unit=HOSTILE[:30]),)
    said = HomeworkProgress(
        homework=homework,
        occurrence="2026-03-02",
        answers=answers,
        learned=HOSTILE,
        barrier_note=HOSTILE,
        done_at=MONDAY,
        entered_at=MONDAY,
    )
    await client.make(Kind.HOMEWORK_PROGRESS, said)
    goal = {"what": HOSTILE, "why": HOSTILE, "steps": {"a": {"text": HOSTILE}}}
    resource = {"title": HOSTILE, "text": HOSTILE, "steps": {"a": {"text": HOSTILE}}, "tags": [HOSTILE[:60]]}
    for what, body in (("goals", goal), ("resources", {**resource, "link": "https://practice.example/'onclick='x"})):
        assert (await send(noor, "POST", f"{path}/{what}", body)).status_code == 201
    reviews = f"{path}/homework/{homework}/reviews"
    assert (await send(noor, "POST", reviews, {"decision": "keep", "reason": HOSTILE})).status_code == 201
    page = read(await noor.get(f"/clients/{client.id}"))
    scripts = [(attributes.get("src") or "").split("?")[0] for tag, attributes in page.elements if tag == "script"]
    assert scripts == ["/static/idiomorph.min.js", "/static/live.js"]
    assert not [tag for tag, _ in page.elements if tag in ("img", "textarea")]
    assert "49" not in page.text
    assert page.text.count("<script>alert('x')</script>") >= 20


async def test_what_became_of_homework_is_read_on_the_page(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    assert "No plan, homework, goals or resources yet." in read(await noor.get(f"/clients/{client.id}")).text
    homework = await assigned(noor, client, what="A walk", rule="daily", since="2026-02-28")
    done = HomeworkProgress(
        homework=homework,
        occurrence="2026-03-02",
        status="partly",
        difficulty=4,
        done_at=practice.services.clock(),
        entered_at=practice.services.clock(),
        answers=(Answer(key="a", prompt="How was it?", type="scale", value=3, label="so so"),),
    )
    await client.make(Kind.HOMEWORK_PROGRESS, done)
    page = read(await noor.get(f"/clients/{client.id}"))
    assert "◐ partly 2 Mar" in page.text
    assert "How was it? 3 (so so)" in page.text
    assert "Difficulty, 0 to 10: 4" in page.text
    assert "%" not in page.text
    further = read(await noor.get(f"/clients/{client.id}", params={"before": "kgDEEAAAAAAAAAAAAAAAAAAAAAA="}))
    assert "A walk" not in further.text


async def test_homework_that_has_ended_is_folded(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    homework = await assigned(noor, client, what="Over", ended_on="2026-03-02")
    page = read(await noor.get(f"/clients/{client.id}"))
    assert "No homework is due now." in page.text
    assert "1 ended assignment" in page.text
    assert f"homework-{homework}" in page.ids


async def test_an_answer_that_is_no_prose_is_shown_in_its_entry(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    sections = [
        Section("How bad?", type="scale", value=3, label="so so"),
        Section("Slept?", type="number", unit="hours"),
    ]
    await client.write("one", sections=sections)
    text = read(await noor.get(f"/clients/{client.id}")).text
    assert "How bad? 3 (so so)" in text
    assert "Slept? not answered" in text
    assert "left empty" not in text


async def test_text_keeps_its_lines_its_direction_and_its_letters(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("שרה לוי")
    text = "שלום\nhello 👩🏽‍🚀 e\u0301 \u202eabc\u202c\n\n\ttab"
    await client.write(text, tags=["שינה"])
    answer = await noor.get(f"/clients/{client.id}")
    read(answer)
    assert f'<div class="prose" dir="auto">{text}</div>' in answer.text


async def test_a_very_long_entry_is_whole_and_folded(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    words = [f"w{number}" for number in range(2_500)]
    await client.write(" ".join(words))
    page = read(await noor.get(f"/clients/{client.id}"))
    assert re.findall(r"w\d+", page.text) == words
    shown, _, rest = page.text.partition("Show the rest (")
    assert len(shown) < len(rest) / 5


async def test_two_thousand_entries_are_paged_without_a_gap(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "ENTRIES_PER_PAGE", 250)
    client = await practice.client("Alex")
    under_way = [client.writing(f"number {number}.", at=MONDAY - timedelta(hours=number)) for number in range(2_000)]
    outcomes = await asyncio.gather(*(appending for _, appending in under_way))
    await client.shown(max(outcomes, key=lambda outcome: outcome.seq if hasattr(outcome, "seq") else 0))
    path: str | None = f"/clients/{client.id}"
    seen: list[int] = []
    while path is not None:
        answer = await noor.get(path)
        found = [int(number) for number in re.findall(r"number (\d+)\.", answer.text)]
        assert len(found) == pages.ENTRIES_PER_PAGE
        seen += found
        following = re.search(r'rel="next" href="([^"]+)"', answer.text)
        path = following.group(1).replace("&amp;", "&") if following else None
    assert seen == list(range(2_000))


async def test_further_back_only_entries_are_shown(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.log({"worry": 3}, at=practice.services.clock())
    for number in range(pages.ENTRIES_PER_PAGE + 1):
        await client.write(f"number {number}.", at=MONDAY - timedelta(hours=number))
    first = await noor.get(f"/clients/{client.id}?range=all")
    following = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert following
    second = await noor.get(following.group(1).replace("&amp;", "&"))
    text = read(second).text
    assert "Journal, older entries" in text
    assert f"number {pages.ENTRIES_PER_PAGE}." in text
    assert "Symptoms" not in text
    assert f'href="/clients/{client.id}?range=all"' in second.text


async def test_a_fragment_is_the_content_of_its_page(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("one")
    for page, fragment in (("/", "/fragments/clients"), (f"/clients/{client.id}", f"/fragments/clients/{client.id}")):
        whole, part = await noor.get(page), await noor.get(fragment)
        read(part)
        assert part.text.startswith("<main ")
        assert part.text.strip() in whole.text


async def test_a_page_knows_how_new_it_is(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("one")
    page = await noor.get(f"/clients/{client.id}")
    assert f'data-client="{client.id}" data-state="3.0"' in page.text
    assert f"{{&#34;{client.id}&#34;:&#34;3.0&#34;}}" in (await noor.get("/")).text


async def test_the_moment_is_said_in_words_of_utc_where_it_is_the_servers(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    await client.write("one", arrived=datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
    assert "1 hour ago Mon 2 Mar 2026, 08:00 UTC" in read(await noor.get("/")).text


async def test_a_page_shows_the_newest_of_what_was_agreed_and_leads_to_all_of_it(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_views, "MOST_CARDS", 2)
    monkeypatch.setattr(client_page, "MOST_CARDS", 2)
    client = await practice.client("Alex")
    for number in range(3):
        await client.make(Kind.GOAL, Goal(what=f"Goal {number}", made_at=MONDAY))
        await assigned(noor, client, what=f"Homework {number}")
    page = await noor.get(f"/clients/{client.id}")
    for name, what in (("goals", "Goal"), ("homework", "Homework")):
        assert sum(f"{what} {number}" in page.text for number in range(3)) == 2
        assert f"/clients/{client.id}/records/{name}" in page.text
        whole = read(await noor.get(f"/clients/{client.id}/records/{name}"))
        assert all(f"{what} {number}" in whole.text for number in range(3))


async def test_the_page_says_who_changed_last_what_several_may_write(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    page = f"/clients/{client.id}"
    assert "last changed" not in (await noor.get(page)).text, "of the plan that is made with the record"
    goal = await client.make(Kind.GOAL, Goal(what="sleep", made_at=MONDAY))
    assert (await noor.get(page)).text.count("last changed by Alex, Mon 23 Feb 2026") == 1
    await send(noor, "PATCH", f"/api/clients/{client.id}/goals/{goal}", {"why": "to think"})
    await send(noor, "PATCH", f"/api/clients/{client.id}/plan", {"introduction": "Each evening."})
    await send(noor, "POST", f"/api/clients/{client.id}/resources", {"title": "Breathing", "text": "in and out"})
    await assigned(noor, client)
    shown = (await noor.get(page)).text
    assert (shown.count("last changed by Noor Haddad,"), shown.count("last changed by Alex,")) == (4, 0)
