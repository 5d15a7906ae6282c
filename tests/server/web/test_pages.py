from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.server.web.practice import MONDAY, Practice, assigned, send

from intersession_schemas.documents.forms import Answer
from intersession_schemas.documents.goals import Goal
from intersession_schemas.documents.homework import HomeworkProgress
from intersession_schemas.documents.journal import Section
from intersession_schemas.documents.symptoms import Log
from intersession_schemas.streams import Kind
from intersession_server.accounts.tables import Device
from intersession_server.projections import reading
from intersession_server.web import pages, plan_views, views

pytestmark = pytest.mark.anyio

HOSTILE = "<script>alert('x')</script> \"><img src=x onerror=alert(1)> {{ 7*7 }} ${7*7} javascript:alert(1) </textarea>"
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Reader(HTMLParser):
    """Reads a page strictly: every element closed in order, no id twice, nothing inline that a strict CSP forbids."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        if found.get("id"):
            self.ids.append(found["id"] or "")
        assert tag not in ("style", "iframe", "object", "embed", "base"), tag
        assert tag != "script" or found.get("src"), "an inline script"
        assert not [name for name in found if name == "style" or name.startswith("on")], found
        for name in ("href", "src", "action"):
            if name in found:
                assert re.match(r"[/#?]|$", found[name] or ""), f"an address of somewhere else: {found[name]}"
                assert not (found[name] or "").startswith("//")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """What a person reads."""
        return " ".join(" ".join(self.words).split())


def read(answer: httpx.Response, status: int = 200) -> Reader:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    reader = Reader()
    reader.feed(answer.text)
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))
    for _, attributes in reader.elements:
        for name in ("for", "aria-labelledby", "aria-describedby"):
            assert set((attributes.get(name) or "").split()) <= set(reader.ids), attributes
    return reader


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
    assert "Mira supervisor nothing has arrived yet – never 0 0" in page.text
    assert [a["href"] for tag, a in page.elements if tag == "a" and "/clients/" in (a.get("href") or "")] == [
        f"/clients/{busy.id}",
        f"/clients/{quiet.id}",
    ]


async def test_an_empty_caseload(noor: httpx.AsyncClient) -> None:
    assert "No client is assigned to you now." in read(await noor.get("/")).text


async def test_a_client_of_whom_nothing_has_arrived(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    text = read(await noor.get(f"/clients/{client.id}")).text
    assert "Nothing has arrived yet. No device has been heard from yet." in text
    assert "No journal entry has arrived yet." in text
    assert "No symptom log has arrived yet." in text


async def test_an_entry_with_sections_mood_and_tags(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write(
        "slept badly",
        mood=0,
        tags=["sleep"],
        sections=[Section("What helped?", "a walk"), Section("What else?", "")],
    )
    text = read(await noor.get(f"/clients/{client.id}")).text
    assert "Mon 23 Feb 2026, 23:50 UTC+1 arrived 23:50 Mood 0 of 10 sleep slept badly" in text
    assert "What helped? a walk What else? left empty" in text
    assert "Late" not in text


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
        "Late written Mon 23 Feb 2026, 23:50, entered Thu 26 Feb 2026, 15:50 , arrived Fri 27 Feb 2026, 23:50" in text
    )


async def test_what_cannot_be_read_is_said(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.put(Kind.JOURNAL_ENTRY, MONDAY, mood=99)
    await client.put(Kind.SYMPTOM_LOG, MONDAY, **{str(uuid4()): "{"})
    text = read(await noor.get(f"/clients/{client.id}")).text
    assert "Time of writing unknown arrived Mon 23 Feb 2026, 22:50 UTC" in text
    assert "Not all of this entry can be read: written_at: missing" in text
    assert "Something arrived that this server cannot read. It is kept." in text


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
    assert "Journal, further back" in text
    assert f"number {pages.ENTRIES_PER_PAGE}." in text
    assert "Symptoms" not in text
    assert f'href="/clients/{client.id}?range=all"' in second.text


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
    assert "No symptom log about these days has arrived. The latest one is about Sat 15 Nov 2025, 23:50." in text
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
    assert "Noted with the logs Mon 2 Mar 2026, 09:00 the neighbour" in text


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
    assert f'data-client="{client.id}" data-state="2.0"' in page.text
    assert f"{{&#34;{client.id}&#34;:&#34;2.0&#34;}}" in (await noor.get("/")).text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/clients/00000000-0000-4000-8000-000000000000", 404),
        ("/clients/{}?range=year", 400),
        ("/clients/{}?before=nonsense", 400),
    ],
)
async def test_what_cannot_be_shown_is_a_page_as_well(
    practice: Practice, noor: httpx.AsyncClient, path: str, status: int
) -> None:
    client = await practice.client("Alex")
    page = read(await noor.get(path.format(client.id)), status)
    assert "To your clients" in page.text
    assert "nonsense" not in page.text


async def test_a_failure_is_a_page_that_tells_nothing(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr(reading, "entries", broken)
    client = await practice.client("Alex")
    page = read(await noor.get(f"/clients/{client.id}"), 500)
    assert "Something failed" in page.text
    assert "secret" not in page.text


async def test_every_page_is_sent_with_what_protects_it(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    for path in ("/", f"/clients/{client.id}", "/sign-in", "/clients/none", "/fragments/clients"):
        headers = (await noor.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")


async def test_assets_are_public_kept_and_named_by_their_content(practice: Practice) -> None:
    async with practice.browser() as browser:
        form = read(await browser.get("/sign-in"))
        urls = [url for tag, a in form.elements if tag == "link" and (url := a.get("href"))]
        assert {url.split("?")[0] for url in urls} == {"/static/style.css", "/static/icon.svg"}
        for url in [*urls, "/static/live.js", "/static/idiomorph.min.js"]:
            answer = await browser.get(url)
            assert answer.status_code == 200
            assert "immutable" in answer.headers["cache-control"]
        for name in ("none.css", "..%2Fpages.py", "style.css%00"):
            assert (await browser.get(f"/static/{name}")).status_code == 404


async def test_the_moment_is_said_in_words_of_utc_where_it_is_the_servers(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    await client.write("one", arrived=datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
    assert "1 hour ago Mon 2 Mar 2026, 08:00 UTC" in read(await noor.get("/")).text


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
    assert "Answered less often and not drawn:" in page.text
    assert "WORRY latest 3" in page.text
    assert " and 237 more." in page.text
    assert "symptoms: 301 more names than the 300 that are kept apart; left out" in page.text
    assert len(answer.content) < 200_000


async def test_a_page_shows_the_newest_of_what_was_agreed_and_says_how_much_more_there_is(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_views, "MOST_CARDS", 2)
    client = await practice.client("Alex")
    for number in range(3):
        await client.make(Kind.GOAL, Goal(what=f"Goal {number}", made_at=MONDAY))
        await assigned(noor, client, what=f"Homework {number}")
    page = read(await noor.get(f"/clients/{client.id}"))
    assert page.text.count("And 1 older one, not shown here.") == 2


async def test_a_symptom_is_found_however_it_is_spelled(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    for hours, name in enumerate(("Sle\u0301ep", "SLÉEP", "other_")):
        await client.log({name: 3}, at=practice.services.clock() - timedelta(hours=hours))
    for name, found in (("sléep", 2), ("Other_", 1), ("otherx", 0)):
        answer = await noor.get(f"/api/clients/{client.id}/symptoms", params={"name": name})
        assert len(answer.json()["items"]) == found


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
