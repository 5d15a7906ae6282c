"""The timeline: everything in the order of time, paged both ways, chosen from, commented on."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.server.web.overview.test_page import HOSTILE, SEVERE, paper
from tests.server.web.practice import MONDAY, Client, Practice, assigned, send
from tests.server.web.reading_pages import SCRIPTS, Reader, read, without_once

from intersession_schemas.documents.care.comments import Comment
from intersession_schemas.documents.care.goals import Goal
from intersession_schemas.documents.care.homework import HomeworkProgress
from intersession_schemas.documents.care.topics import Topic
from intersession_schemas.documents.diary.sections import Section
from intersession_schemas.documents.forms import Answer
from intersession_schemas.streams import Kind
from intersession_server.projections import bounded
from intersession_server.web.timeline import page as pages

pytestmark = pytest.mark.anyio


async def timeline(browser: httpx.AsyncClient, client: Client, **params: str) -> httpx.Response:
    return await browser.get(f"/clients/{client.id}/timeline", params=params)


def items(page: Reader) -> list[str]:
    return [attributes.get("id") or "" for tag, attributes in page.elements if tag == "article"]


def link(html: str, rel: str) -> str | None:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', html)
    return unescape(found.group(1)) if found else None


async def comment(browser: httpx.AsyncClient, client: Client, on: UUID, text: str, **more: str) -> httpx.Response:
    csrf = (await browser.get("/api/me")).json()["csrf"]
    form = {"csrf": csrf, "on": str(on), "text": text, **more}
    return await browser.post(f"/clients/{client.id}/comments", data=form)


# --- what is on it, and in which order --------------------------------------------------------------------------------


async def test_everything_is_there_in_the_order_of_time(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    at = MONDAY
    entry = await client.write("slept badly", at=at, mood=0, tags=["sleep"])
    await client.log({"worry": 3, "tension": 2.5}, at=at + timedelta(hours=1), note="on the train")
    topic = await client.make(Kind.TOPIC, Topic(text="a topic", made_at=at + timedelta(hours=2)))
    goal = await client.make(Kind.GOAL, Goal(what="sleep", why="to think", made_at=at + timedelta(hours=3)))
    await paper(noor, client, SEVERE, at=(at + timedelta(hours=4)).isoformat())
    for hours, state in ((5, "attended"), (24 * 30, "planned")):
        body = {"planned_at": (at + timedelta(hours=hours)).isoformat(), "state": state}
        assert (await send(noor, "POST", f"/api/clients/{client.id}/sessions", body)).status_code == 201
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
    progress = await client.make(Kind.HOMEWORK_PROGRESS, done, practice.services.clock())
    review = {"decision": "step_up", "reason": "it went well"}
    assert (
        await send(noor, "POST", f"/api/clients/{client.id}/homework/{homework}/reviews", review)
    ).status_code == 201
    page = read(await timeline(noor, client))
    text = page.text
    told = [
        "a topic",
        "on the train",
        "slept badly",
    ]
    assert [text.index(one) for one in told] == sorted(text.index(one) for one in told)
    assert text.index("Goal sleep Why to think") < text.index("a topic")
    assert "Assessment Patient Health Questionnaire 9 (PHQ-9)" in text
    assert "27 of 27, severe" in text
    assert "Session attended 50 minutes" in text
    assert "Session planned" not in text
    assert "Homework partly done" in text
    assert "How was it? 3 (so so) Difficulty, 0 to 10 4" in text
    assert "Homework reviewed" in text
    assert "Decision Stepped up Reason it went well" in text
    assert "worry 3 tension 2.5 of 1 to 5 on the train" in text
    assert "Mood 0 of 10 sleep slept badly" in text
    assert {f"item-{one}" for one in (entry, topic, goal, homework, progress)} <= set(page.ids)
    # Each has its day, its local time, and its anchor.
    assert "Mon 23 Feb 2026 23:50 UTC+1 Journal entry" in text


async def test_an_answer_that_is_no_prose_is_shown_in_its_entry(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    sections = [
        Section("How bad?", type="scale", value=3, label="so so"),
        Section("Slept?", type="number", unit="hours"),
        Section("What else?", ""),
    ]
    await client.write("one", sections=sections)
    text = read(await timeline(noor, client)).text
    assert "How bad? 3 (so so) Slept? not answered What else? left empty" in text


async def test_what_cannot_be_read_is_said(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.put(Kind.JOURNAL_ENTRY, MONDAY, mood=99)
    text = read(await timeline(noor, client)).text
    assert "Time of writing unknown" in text
    assert "Some of this could not be read: written_at: missing" in text


async def test_text_keeps_its_lines_its_direction_and_its_letters(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("שרה לוי")
    text = "שלום\nhello 👩🏽‍🚀 e\u0301 \u202eabc\u202c\n\n\ttab"
    await client.write(text, tags=["שינה"])
    answer = await timeline(noor, client)
    read(answer)
    assert f'<div class="prose" dir="auto">{text}</div>' in answer.text


async def test_a_very_long_entry_is_whole_and_folded(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    words = [f"w{number}" for number in range(2_500)]
    await client.write(" ".join(words))
    page = read(await timeline(noor, client))
    assert re.findall(r"w\d+", page.text) == words
    shown, _, rest = page.text.partition("Show the rest (")
    assert len(shown) < len(rest) / 5


async def test_many_logs_of_a_day_are_one_item(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    for hours in range(3):
        await client.log({"worry": hours + 1}, at=MONDAY - timedelta(hours=hours))
    await client.log({"worry": 5}, at=MONDAY - timedelta(days=1))
    page = read(await timeline(noor, client))
    assert "3 symptom logs 23:50 worry 1 of 1 to 5 22:50 worry 2 of 1 to 5 21:50 worry 3 of 1 to 5" in page.text
    logs = [one for one in items(page) if one.startswith("log")]
    assert [one.partition("-")[0] for one in logs] == ["logs", "log"]
    assert len([one for one in page.ids if re.fullmatch("item-[0-9a-f-]{36}", one)]) == 4 + 1  # and the first episode


async def test_a_corrected_log_says_what_it_said_before(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    first = await client.log({"worry": 3}, note="first")
    later = MONDAY + timedelta(days=1)
    await client.log({"worry": 5}, corrects=first, entered_at=later, arrived=later)
    text = read(await timeline(noor, client)).text
    assert "worry 5 of 1 to 5" in text
    assert "corrected Tue 24 Feb 2026, 23:50 Originally: worry 3, first" in text


# --- what came later --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entered", "arrived", "said"),
    [
        (timedelta(), timedelta(minutes=5), set()),
        (timedelta(), timedelta(hours=23), set()),
        (timedelta(), timedelta(days=3), {"Synced later"}),  # offline: nobody was late
        (timedelta(hours=2), timedelta(days=3), {"Synced later"}),
        (timedelta(days=3, hours=-8), timedelta(days=4), {"Synced later", "Entered later"}),
    ],
)
async def test_being_offline_is_not_being_late(
    practice: Practice, noor: httpx.AsyncClient, entered: timedelta, arrived: timedelta, said: set[str]
) -> None:
    client = await practice.client("Alex")
    moments: dict[str, Any] = {"at": MONDAY, "entered_at": MONDAY + entered, "arrived": MONDAY + arrived}
    await client.write("about Monday", **moments)
    await client.log({"worry": 3}, **moments)
    homework = await assigned(noor, client)
    done = HomeworkProgress(homework=homework, done_at=MONDAY, entered_at=MONDAY + entered)
    await client.make(Kind.HOMEWORK_PROGRESS, done, MONDAY + arrived)
    for kind, shown in (("journal", "about Monday"), ("symptoms", "worry"), ("homework", "Homework done")):
        text = read(await timeline(noor, client, kind=kind)).text
        assert shown in text
        assert {one for one in ("Synced later", "Entered later") if one in text} == said, kind


async def test_a_late_entry_says_when_it_was_entered_and_when_it_arrived(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    entered, arrived = MONDAY + timedelta(days=3, hours=-8), MONDAY + timedelta(days=4)
    await client.write("about Monday", at=MONDAY, entered_at=entered, arrived=arrived)
    text = read(await timeline(noor, client)).text
    assert "Entered later Synced later entered Thu 26 Feb 2026, 15:50 , received Fri 27 Feb 2026, 23:50" in text


# --- paging and choosing ----------------------------------------------------------------------------------------------


async def test_two_thousand_entries_are_paged_both_ways_without_a_gap(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "ITEMS_PER_PAGE", 250)
    client = await practice.client("Alex")
    # Two of each moment, so that the order of ids counts as well.
    under_way = [
        client.writing(f"number {number}.", at=MONDAY - timedelta(hours=number // 2)) for number in range(2_000)
    ]
    outcomes = await asyncio.gather(*(appending for _, appending in under_way))
    await client.shown(max(outcomes, key=lambda outcome: outcome.seq if hasattr(outcome, "seq") else 0))
    last = await timeline(noor, client, kind="journal")
    path: str | None = f"/clients/{client.id}/timeline?kind=journal"
    seen: list[int] = []
    walked = []
    while path is not None:
        answer = await noor.get(path)
        found = [int(number) for number in re.findall(r"number (\d+)\.", answer.text)]
        assert len(found) == pages.ITEMS_PER_PAGE
        seen += found
        walked.append(found)
        last, path = answer, link(answer.text, "next")
    assert sorted(seen) == list(range(2_000))
    assert [number // 2 for number in seen] == sorted(number // 2 for number in seen)
    back = []
    path = link(last.text, "prev")
    while path is not None:
        answer = await noor.get(path)
        back.append([int(number) for number in re.findall(r"number (\d+)\.", answer.text)])
        path = link(answer.text, "prev")
    assert back == walked[-2::-1]


async def test_what_arrives_meanwhile_moves_no_page_further_back(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "ITEMS_PER_PAGE", 3)
    client = await practice.client("Alex")
    for number in range(7):
        await client.write(f"number {number}.", at=MONDAY - timedelta(hours=number))
        await client.make(Kind.TOPIC, Topic(text=f"topic {number}.", made_at=MONDAY - timedelta(hours=number)))
    first = await timeline(noor, client, kind="journal")
    path = link(first.text, "next")
    assert path is not None
    before = items(read(await noor.get(path)))
    await client.write("new", at=MONDAY + timedelta(hours=1))
    assert items(read(await noor.get(path))) == before
    assert len(before) == 3


async def test_a_page_holds_no_more_than_one_answer_may_and_nothing_is_skipped(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded, "MOST_CHARACTERS", 3_000)
    client = await practice.client("Alex")
    for number in range(9):
        await client.write(f"number {number}. " + "x" * 1_500, at=MONDAY - timedelta(hours=number))
    last = f"/clients/{client.id}/timeline?kind=journal"
    for rel in ("next", "prev"):
        path: str | None = last
        seen: list[str] = []
        while path is not None:
            answer = await noor.get(path)
            found = re.findall(r"number (\d)\.", answer.text)
            assert 1 <= len(found) <= 3
            seen = [*seen, *found] if rel == "next" else [*found, *seen]
            last, path = path, link(answer.text, rel)
        assert "".join(seen) == "012345678", rel


async def test_kinds_and_days_are_chosen(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    for day in range(4):
        await client.write(f"entry {day}.", at=MONDAY - timedelta(days=day))
        await client.make(Kind.TOPIC, Topic(text=f"topic {day}.", made_at=MONDAY - timedelta(days=day)))
    everything = [*(f"entry {day}." for day in range(4)), *(f"topic {day}." for day in range(4))]

    async def shown(**chosen: str) -> list[str]:
        text = read(await timeline(noor, client, **chosen)).text
        return [one for one in everything if one in text]

    assert await shown() == everything
    assert await shown(kind="journal") == everything[:4]
    assert await shown(kind="topics") == everything[4:]
    # Written at 23:50, an hour ahead of UTC: it stays on its own local day.
    assert await shown(since="2026-02-23", until="2026-02-23") == ["entry 0.", "topic 0."]
    assert await shown(since="2026-02-21", until="2026-02-22", kind="topics") == ["topic 1.", "topic 2."]
    assert await shown(until="2026-02-20") == ["entry 3.", "topic 3."]
    empty = read(await timeline(noor, client, kind="goals"))
    assert "Nothing to show for this choice." in empty.text
    for wrong in (
        {"since": "yesterday"},
        {"kind": "secrets"},
        {"before": "odd"},
        {"until": "2026-02-21T10:00:00+01:00"},
    ):
        assert (await timeline(noor, client, **wrong)).status_code == 400, wrong


async def test_one_client_and_nobody_else(practice: Practice, noor: httpx.AsyncClient) -> None:
    alex, zoe = await practice.client("Alex"), await practice.client("Zoe")
    theirs = await zoe.write("of Zoe")
    await alex.make(Kind.COMMENT, Comment(on=theirs, text="of Alex, on what is not theirs", made_at=MONDAY))
    text = read(await timeline(noor, alex)).text
    assert "of Alex" in text
    assert "of Zoe" not in text


async def test_a_fragment_is_the_content_of_its_page(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("one")
    whole = await timeline(noor, client, kind="journal", since="2026-01-01")
    (main,) = [found for tag, found in read(whole).elements if tag == "main"]
    part = await noor.get(main["data-fragment"] or "")
    assert without_once(part.text).strip() in without_once(whole.text)


# --- comments ---------------------------------------------------------------------------------------------------------


async def test_a_comment_stands_below_what_it_is_on_and_on_its_own_day(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    entry = await client.write("slept badly")
    here = f"/clients/{client.id}/timeline"
    before = await timeline(noor, client)
    assert "The client can read this." in read(before).text
    answer = await comment(noor, client, entry, "I read it.\r\nThank you.", back=f"{here}?kind=journal")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{here}?kind=journal#item-{entry}")
    page = await timeline(noor, client)
    text = read(page).text
    assert "slept badly Noor Haddad , Mon 2 Mar 2026, 10:00 I read it. Thank you." in text
    assert "Comment Noor Haddad" in text
    assert "Journal entry: Mon 23 Feb 2026, 23:50" in text
    (told,) = (await noor.get(f"/api/clients/{client.id}/comments")).json()["items"]
    assert (told["comment"]["on"], told["comment"]["text"]) == (str(entry), "I read it.\nThank you.")
    await client.make(Kind.COMMENT, Comment(on=entry, text="and mine", made_at=MONDAY + timedelta(hours=1)))
    assert "slept badly Alex , Tue 24 Feb 2026, 00:50 and mine Noor Haddad" in read(await timeline(noor, client)).text


async def test_a_comment_is_on_something_of_this_record_and_says_something(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client, other = await practice.client("Alex"), await practice.client("Zoe")
    entry, theirs = await client.write("mine"), await other.write("theirs")
    for on, text in ((entry, "  "), (theirs, "x"), (uuid4(), "x"), (entry, "x" * 4_001)):
        answer = await comment(noor, client, on, text)
        assert answer.status_code == 422, (on, text[:5])
        assert "Not saved" in answer.text
    assert (await noor.get(f"/api/clients/{client.id}/comments")).json()["items"] == []
    answer = await noor.post(f"/clients/{client.id}/comments", data={"on": str(entry), "text": "x"})
    assert answer.status_code == 403


async def test_what_was_searched_for_is_in_no_address_that_a_comment_leads_to(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    entry, here = await client.write("slept badly"), f"/clients/{client.id}/timeline"
    for query in ("q=divorce", "kind=journal&q=divorce", "q=divorce&kind=journal", "before=x&kind=all&q=divorce"):
        answer = await comment(noor, client, entry, "x", back=f"{here}?{query}")
        assert answer.headers["location"] == f"{here}#item-{entry}", query
    answer = await comment(noor, client, entry, "x", back=f"{here}?kind=journal&since=2026-02-01")
    assert answer.headers["location"] == f"{here}?kind=journal&since=2026-02-01#item-{entry}"


@pytest.mark.parametrize(
    "back",
    [
        "https://example.org/",
        "//example.org",
        "/clients/x/timeline",
        "/timeline?kind=<script>",
        "\r\nx: y",
        "?q=secret",
    ],
)
async def test_a_comment_leads_back_to_the_timeline_and_nowhere_else(
    practice: Practice, noor: httpx.AsyncClient, back: str
) -> None:
    client = await practice.client("Alex")
    entry = await client.write("slept badly")
    here = f"/clients/{client.id}/timeline"
    for given in (back, f"{here}{back}"):
        answer = await comment(noor, client, entry, "x", back=given)
        assert answer.headers["location"] == f"{here}#item-{entry}"


async def test_only_the_newest_comments_stand_below_something(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    entry = await client.write("slept badly")
    for number in range(12):
        made = MONDAY + timedelta(minutes=number)
        await client.make(Kind.COMMENT, Comment(on=entry, text=f"comment {number}.", made_at=made))
    text = read(await timeline(noor, client, kind="journal")).text
    assert [number for number in range(12) if f"comment {number}." in text] == list(range(2, 12))


# --- as an enemy ------------------------------------------------------------------------------------------------------


async def test_nothing_that_anybody_writes_becomes_markup(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client(f"A {HOSTILE}"[:150])
    path = f"/api/clients/{client.id}"
    entry = await client.write(HOSTILE, tags=[HOSTILE[:60]], sections=[Section(HOSTILE, HOSTILE, HOSTILE[:60])])
    await client.log({HOSTILE[:60]: 1, "a'b": 2}, note=HOSTILE)
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
    await client.make(Kind.COMMENT, Comment(on=entry, text=HOSTILE, made_at=MONDAY))
    await client.make(Kind.TOPIC, Topic(text=HOSTILE, made_at=MONDAY))
    goal = {"what": HOSTILE, "why": HOSTILE, "steps": {"a": {"text": HOSTILE}}}
    resource = {"title": HOSTILE, "text": HOSTILE, "steps": {"a": {"text": HOSTILE}}, "tags": [HOSTILE[:60]]}
    for what, body in (("goals", goal), ("resources", {**resource, "link": "https://practice.example/'onclick='x"})):
        assert (await send(noor, "POST", f"{path}/{what}", body)).status_code == 201
    review = {"decision": "keep", "reason": HOSTILE}
    assert (await send(noor, "POST", f"{path}/homework/{homework}/reviews", review)).status_code == 201
    await comment(noor, client, entry, HOSTILE)
    for address in (f"/clients/{client.id}/timeline", f"/fragments/clients/{client.id}/timeline"):
        page = read(await noor.get(address))
        scripts = [(found.get("src") or "").split("?")[0] for tag, found in page.elements if tag == "script"]
        assert scripts in (SCRIPTS, [])
        assert not [tag for tag, _ in page.elements if tag == "img"]
        assert "49" not in page.text
        assert page.text.count("<script>alert('x')</script>") >= 20
