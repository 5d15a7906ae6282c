"""The first page of one client: what matters now, and that nothing on it becomes markup."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.server.accounts.world import Clock
from tests.server.web.practice import MONDAY, Client, Practice, assigned, send
from tests.server.web.reading_pages import SCRIPTS, read

from intersession_schemas.documents.care.comments import Comment
from intersession_schemas.documents.care.homework import HomeworkProgress, Status
from intersession_schemas.documents.care.topics import Topic
from intersession_schemas.documents.diary.sections import Section
from intersession_schemas.streams import Kind
from intersession_server.web.overview import views

pytestmark = pytest.mark.anyio

HOSTILE = "<script>alert('x')</script> \"><img src=x onerror=alert(1)> {{ 7*7 }} ${7*7} javascript:alert(1) </textarea>"
MILD = {f"q{number}": 1 for number in range(1, 9)} | {"q9": 0}
SEVERE = dict.fromkeys(MILD, 3)


async def paper(browser: httpx.AsyncClient, client: Client, answers: dict[str, int], **more: Any) -> None:
    body = {"instrument": "phq-9", "answers": answers, **more}
    assert (await send(browser, "POST", f"/api/clients/{client.id}/assessments", body)).status_code == 201


async def test_a_client_of_whom_nothing_has_arrived(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    text = read(await noor.get(f"/clients/{client.id}")).text
    for said in (
        "No device has synced yet.",
        "Nothing received yet.",
        "No journal entries received yet.",
        "Nothing new from the client.",
        "No session is planned.",
        "No scores yet.",
        "No homework was due.",
    ):
        assert said in text
    assert "signal" not in text.lower()


async def test_the_latest_entry_and_what_is_new_lead_to_the_timeline(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    now = practice.services.clock()
    await client.write("long ago", at=now - timedelta(days=40))
    late = await client.write("about last week", at=now - timedelta(days=5), arrived=now - timedelta(days=1))
    topic = await client.make(Kind.TOPIC, Topic(text="a topic", made_at=now - timedelta(days=2)), now)
    for hours in range(3):
        await client.log({"worry": 2}, at=now - timedelta(hours=30 + hours))
    latest = await client.write("slept " + "very " * 100 + "badly", at=now - timedelta(hours=2), mood=4)
    answer = await noor.get(f"/clients/{client.id}")
    page = read(answer)
    assert "Received in the last 14 days" in page.text
    assert "3 symptom logs" in page.text
    assert "Topic for the session" in page.text
    assert "slept very very" in page.text
    assert "badly" not in page.text
    assert "Mood 4 of 10" in page.text
    (line,) = [part for part in answer.text.split("<li ") if f"new-{late}" in part]
    assert "Synced later" in line
    links = [found["href"] or "" for tag, found in page.elements if tag == "a"]
    for id_ in (late, topic, latest):
        (link,) = {link for link in links if link.endswith(f"#item-{id_}")}
        there = read(await noor.get(link))
        assert next(one for one in there.ids if one.startswith("item-")) == f"item-{id_}"


async def test_what_is_new_is_counted_from_the_last_session_that_was_attended(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    now = practice.services.clock()
    await client.write("before it", at=now - timedelta(days=5))
    await client.write("after it", at=now - timedelta(days=1))
    for days, state in ((-3, "attended"), (-9, "attended"), (4, "planned"), (11, "planned"), (-1, "missed")):
        body = {"planned_at": (now + timedelta(days=days)).isoformat(), "state": state}
        assert (await send(noor, "POST", f"/api/clients/{client.id}/sessions", body)).status_code == 201
    page = read(await noor.get(f"/clients/{client.id}"))
    assert "Received since the last session attended, Fri 27 Feb 2026" in page.text
    assert len([one for one in page.ids if one.startswith("new-")]) == 1
    assert "Fri 6 Mar 2026" in page.text  # the next session
    assert "Fri 13 Mar 2026" not in page.text


async def test_what_others_wrote_is_not_new(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    entry = await client.write("hello", at=practice.services.clock() - timedelta(days=1))
    await client.make(Kind.COMMENT, Comment(on=entry, text="mine", made_at=MONDAY), practice.services.clock())
    answer = await send(noor, "POST", f"/api/clients/{client.id}/comments", {"on": str(entry), "text": "ours"})
    assert answer.status_code == 201
    page = read(await noor.get(f"/clients/{client.id}"))
    assert len([one for one in page.ids if one.startswith("new-")]) == 2


async def test_each_scale_has_its_latest_score_with_what_changed_in_words_and_numbers(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    await paper(noor, client, SEVERE | {"q9": 0}, at=MONDAY.isoformat())
    await paper(noor, client, MILD, at=(MONDAY + timedelta(days=3)).isoformat())
    text = read(await noor.get(f"/clients/{client.id}")).text
    assert "8 of 27" in text
    assert "24 of 27" not in text
    assert "−16 since the one before (Mon 23 Feb 2026): reliable improvement (threshold: 6 points)." in text
    assert "mild" in text


async def test_homework_of_the_week_is_told_as_done_of_due(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    # What was due before it was assigned, today, counts where it was done.
    homework = await assigned(noor, client, what="A walk", rule="daily", since="2026-02-10")
    await assigned(noor, client, what="Finished", rule="daily", since="2026-01-01", ended_on="2026-02-02")
    said: tuple[tuple[int, Status], ...] = ((24, "done"), (27, "done"), (28, "partly"), (12, "done"))
    for day, status in said:
        done = HomeworkProgress(
            homework=homework, occurrence=f"2026-02-{day}", status=status, done_at=MONDAY, entered_at=MONDAY
        )
        await client.make(Kind.HOMEWORK_PROGRESS, done)
    text = read(await noor.get(f"/clients/{client.id}")).text
    assert "A walk 2 of 4 done 1 partly" in text
    assert "Finished" not in text
    assert "%" not in text


async def test_what_cannot_be_read_is_said(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.put(Kind.SYMPTOM_LOG, MONDAY, **{str(uuid4()): "{"})
    text = read(await noor.get(f"/clients/{client.id}")).text
    assert "Some of what was received could not be read. It has been kept. 2 problems" in text


async def test_nothing_that_a_client_writes_becomes_markup(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client(f"A {HOSTILE}"[:150])
    now = practice.services.clock()
    sections = [Section(HOSTILE, HOSTILE, HOSTILE[:60])]
    await client.write(HOSTILE, tags=[HOSTILE[:60]], zone="Europe/Berlin", sections=sections, at=now)
    await client.log({HOSTILE[:60]: 1, "a'b": 2}, at=now, note=HOSTILE)
    await assigned(noor, client, what=HOSTILE, rule="daily", since="2026-02-10")
    scripts = []
    for path in ("/", f"/clients/{client.id}", "/fragments", f"/fragments/clients/{client.id}"):
        page = read(await noor.get(path))
        scripts += [attributes for tag, attributes in page.elements if tag == "script"]
        assert not [tag for tag, _ in page.elements if tag in ("img", "textarea")]
        assert "49" not in page.text
        if "/clients/" in path:
            assert page.text.count("<script>alert('x')</script>") >= 3
    assert {(one.get("src") or "").split("?")[0] for one in scripts} == set(SCRIPTS)


async def test_a_fragment_is_the_content_of_its_page(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("one")
    await practice.worked_out()
    for page in ("/", f"/clients/{client.id}"):
        whole = await noor.get(page)
        (fragment,) = [attributes["data-fragment"] for tag, attributes in read(whole).elements if tag == "main"]
        part = await noor.get(fragment or "")
        read(part)
        assert part.text.startswith("<main ")
        assert part.text.strip() in whole.text


async def test_a_page_knows_how_new_it_is(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("one")
    for mark in ("3.0", "4.0"):  # a note of the care team moves the pages as well
        page = await noor.get(f"/clients/{client.id}")
        assert f'data-client="{client.id}" data-state="{mark}"' in page.text
        await send(noor, "POST", f"/api/clients/{client.id}/notes", {"text": "for us"})


async def test_long_lists_are_cut_and_lead_on(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_NEWS", 2)
    client = await practice.client("Alex")
    for number in range(3):
        await client.write(f"number {number}", at=practice.services.clock() - timedelta(hours=number))
    page = read(await noor.get(f"/clients/{client.id}"))
    assert len([one for one in page.ids if one.startswith("new-")]) == 2
    assert "More on the timeline" in page.text


async def test_what_is_new_is_what_came_since_this_therapist_looked(
    practice: Practice, noor: httpx.AsyncClient, clock: Clock
) -> None:
    client = await practice.client("Alex")
    await client.write("the first", at=practice.services.clock(), arrived=practice.services.clock())
    assert "Received in the last 14 days" in read(await noor.get(f"/clients/{client.id}")).text
    text = read(await noor.get(f"/clients/{client.id}")).text
    assert "Nothing new since you last looked" in text
    clock.move(minutes=10)
    await client.log({"worry": 2}, at=practice.services.clock(), arrived=practice.services.clock())
    answer = await noor.get(f"/clients/{client.id}")
    page = read(answer)
    assert "Received since you last looked" in page.text
    assert "Symptom log" in page.text
    assert "Nothing new" not in page.text
    # It stays while the page is open, and has been looked at for the next time.
    (fragment,) = [attributes["data-fragment"] for tag, attributes in page.elements if tag == "main"]
    assert "Received since you last looked" in read_part(await noor.get(fragment or ""))
    assert "Nothing new since you last looked" in read(await noor.get(f"/clients/{client.id}")).text


def read_part(answer: httpx.Response) -> str:
    assert answer.status_code == 200
    return answer.text
