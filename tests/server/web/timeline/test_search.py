"""The search screen: what is found and how it is shown, who may, and that what is sought is told to nobody."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import httpx
import pytest
from structlog.testing import capture_logs
from tests.server.accounts.world import Clock
from tests.server.web.overview.test_page import HOSTILE, SEVERE, paper
from tests.server.web.practice import MONDAY, Client, Practice, assigned, send
from tests.server.web.reading_pages import SCRIPTS, read

from intersession_schemas.documents.care.comments import Comment
from intersession_schemas.documents.care.goals import Goal
from intersession_schemas.documents.care.homework import HomeworkProgress
from intersession_schemas.documents.care.topics import Topic
from intersession_schemas.documents.diary.sections import Section
from intersession_schemas.documents.forms import Answer
from intersession_schemas.streams import Kind
from intersession_server.accounts import audit
from intersession_server.accounts.tables import AuditRow
from intersession_server.errors import StorageError
from intersession_server.web.timeline import page as timeline_pages
from intersession_server.web.timeline.sought import Piece, pieces, why_not

pytestmark = pytest.mark.anyio

SECRET = "Zaunkoenig"
"""What is sought and must stand nowhere."""


async def search(browser: httpx.AsyncClient, client: Client, query: str, **params: str) -> httpx.Response:
    return await browser.get(f"/clients/{client.id}/timeline", params={"q": query, **params})


def marked(html: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<mark>(.*?)</mark>", html)]


def passages(html: str) -> list[str]:
    found = re.findall(r'<p class="passage" dir="auto">(.*?)</p>', html)
    return [unescape(re.sub("</?mark>", "", text)) for text in found]


def following(html: str) -> str | None:
    found = re.search(r'rel="next" href="([^"]+)"', html)
    return unescape(found.group(1)) if found else None


async def actions(client: Client) -> list[str]:
    return [row["action"] for row in await AuditRow.select().where(AuditRow.client == client.id)]


# --- what is found ----------------------------------------------------------------------------------------------------


async def test_what_is_found_has_its_date_its_passage_and_the_matches_marked(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    await client.write("Slept badly, walked it off. Then another walk.")
    await client.write("nothing", at=MONDAY + timedelta(days=1))
    await client.write("rain", at=MONDAY + timedelta(days=2), sections=[Section("What helped?", "a walk at night")])
    answer = await search(noor, client, "walk")
    page = read(answer)
    assert "2 results" in page.text
    assert passages(answer.text) == ["a walk at night", "Slept badly, walked it off. Then another walk."]
    assert marked(answer.text) == ["walk", "walked", "walk"]
    assert "Journal entry Wed 25 Feb 2026, 23:50 UTC+1 a walk at night" in page.text
    assert "nothing" not in page.text
    assert ("a", {"href": f"/clients/{client.id}"}) in page.elements


async def test_what_came_later_says_so(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("a late walk", arrived=MONDAY + timedelta(days=3))
    found = read(await search(noor, client, "walk"))
    assert "Journal entry Mon 23 Feb 2026, 23:50 UTC+1 Synced later a late walk" in found.text


async def test_the_link_leads_to_the_entry_on_the_timeline(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    for number in range(50):  # of one moment: more than a page of the timeline
        await client.write(f"walk {number}")
    for number in range(3):
        await client.write(f"walk, later {number}", at=MONDAY + timedelta(hours=number + 1))
    path, followed = f"/clients/{client.id}/timeline?q=walk", 0
    while path:
        answer = await noor.get(path)
        links = re.findall(r'href="(/clients/[^"]+\?before=[^"#]+)#(item-[^"]+)">Show it on', answer.text)
        for (link, id_), words in zip(links, passages(answer.text), strict=True):
            there = await noor.get(unescape(link))
            first = re.search(r'<article [^>]*id="([^"]+)".*?<div class="prose" dir="auto">([^<]+)', there.text, re.S)
            assert first is not None
            assert first.groups() == (id_, words)
            followed += 1
        path = following(answer.text) or ""
    assert followed == 53


async def test_everything_that_is_shown_is_found(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    homework = await assigned(noor, client, what="A walk by the river", why="to get out")
    await client.write("river in the text", sections=[Section("What helped?", "a river answered")])
    await client.log({"worry": 3}, at=MONDAY, note="a river noted")
    progress = HomeworkProgress(
        homework=homework,
        learned="the river calms",
        answers=(Answer(key="a", prompt="Where?", value="river bank"),),
        done_at=MONDAY,
        entered_at=MONDAY,
    )
    progress_id = await client.make(Kind.HOMEWORK_PROGRESS, progress)
    await client.make(Kind.COMMENT, Comment(on=progress_id, text="river comment", made_at=MONDAY))
    await client.make(Kind.TOPIC, Topic(text="the river again", made_at=MONDAY))
    await client.make(Kind.GOAL, Goal(what="swim", why="the river is near", made_at=MONDAY))
    await paper(noor, client, SEVERE, at=MONDAY.isoformat())
    (signal,) = (await noor.get(f"/api/clients/{client.id}/signals")).json()["items"]
    seen = {"signal": signal["id"], "note": "river of calls"}
    assert (await send(noor, "POST", f"/api/clients/{client.id}/acknowledgements", seen)).status_code == 201
    page = await search(noor, client, "river")
    assert "8 results" in read(page).text
    assert set(passages(page.text)) == {
        "A walk by the river",
        "river in the text",
        "a river noted",
        "river bank",
        "river comment",
        "the river again",
        "the river is near",
        "river of calls",
    }
    assert marked(page.text) == ["river"] * 8
    only = await search(noor, client, "river", kind="topics")
    assert passages(only.text) == ["the river again"]
    assert passages((await search(noor, client, "bank")).text) == ["river bank"]
    await practice.services.projector.rebuild()
    assert passages((await search(noor, client, "river")).text) == passages(page.text)


async def test_a_note_of_the_care_team_is_not_among_what_is_found(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await send(noor, "POST", f"/api/clients/{client.id}/notes", {"text": "river, for us alone"})
    assert "No results" in read(await search(noor, client, "river")).text


async def test_what_was_withdrawn_or_reworded_is_found_no_more(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    topic = await client.make(Kind.TOPIC, Topic(text="the river", made_at=MONDAY))
    goal = await client.make(Kind.GOAL, Goal(what="the river", made_at=MONDAY))
    assert len(passages((await search(noor, client, "river")).text)) == 2
    await client.erase(topic, Kind.TOPIC)
    answer = await send(noor, "PATCH", f"/api/clients/{client.id}/goals/{goal}", {"what": "the lake"})
    assert answer.status_code == 200
    assert passages((await search(noor, client, "river")).text) == []
    assert passages((await search(noor, client, "lake")).text) == ["the lake"]


async def test_an_old_address_of_a_search_leads_to_the_timeline(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    answer = await noor.get(f"/clients/{client.id}/search", params={"q": "a & b"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/clients/{client.id}/timeline?q=a+%26+b")
    assert answer.headers.get_list("referrer-policy") == ["strict-origin"]


async def test_pages_go_back_without_a_gap_while_entries_arrive(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    per_page = timeline_pages.FOUND_PER_PAGE
    for number in range(2 * per_page):
        await client.write(f"a & b {number}", at=MONDAY - timedelta(hours=number))
    first = await search(noor, client, "a & b")
    assert f"{per_page} results; there are more" in read(first).text
    await client.write("a & b, new", at=MONDAY + timedelta(hours=1))
    path = following(first.text)
    assert path is not None
    assert "q=a+%26+b" in path
    second = await noor.get(path)
    page = read(second)
    assert passages(first.text) + passages(second.text) == [f"a & b {number}" for number in range(2 * per_page)]
    assert "Older results" in page.text
    assert "No more results." in page.text
    assert following(second.text) is None
    newest = re.search(r'href="([^"]+)">Newest results', second.text)
    assert newest is not None
    assert passages((await noor.get(unescape(newest.group(1)))).text)[0] == "a & b, new"


async def test_scripts_of_either_direction_and_without_spaces(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    texts = {
        "הנהר": "היום הלכתי לאורך הנהר",
        "النهر": "مشيت على طول النهر",
        "東京": "今日は東京へ行きました",
        "😀": "tired 😀 again",
    }
    for text in texts.values():
        await client.write(text)
    for query, text in texts.items():
        answer = await search(noor, client, query)
        (field,) = [found for tag, found in read(answer).elements if tag == "input" and found.get("name") == "q"]
        assert (field["value"], field["dir"]) == (query, "auto")
        assert (passages(answer.text), marked(answer.text)) == ([text], [query])


async def test_what_was_withdrawn_is_not_found(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await client.write("a walk")
    assert passages((await search(noor, client, "walk")).text) == ["a walk"]
    await client.erase(id_)
    assert "No results" in read(await search(noor, client, "walk")).text


def test_a_passage_is_cut_where_matches_begin_and_end() -> None:
    assert pieces("a walk", []) == [Piece("a walk")]
    assert pieces("walk", [(0, 4)]) == [Piece("walk", sought=True)]
    assert pieces("ab c", [(0, 1), (1, 2)]) == [Piece("a", sought=True), Piece("b", sought=True), Piece(" c")]
    assert pieces("", []) == []


# --- what is said where nothing is ------------------------------------------------------------------------------------

SAID = [
    ("", 200, "Type a word to search for"),
    (" \t\u3000", 200, "Type a word to search for"),
    ("?!. – („“)", 200, "Your search contains no words."),
    ("\0", 200, "Your search contains no words."),
    ("zebra", 200, "No results Nothing shown holds all of these words."),
    ("walk zebra", 200, "No results"),
    ("walk " * 200, 200, "1 result"),
    ("w" * 1_001, 200, "A search is limited to 1,000 characters."),
    ("walk " * 2_000, 200, "A search is limited to 1,000 characters."),
]


async def test_each_way_to_find_nothing_is_said_and_the_field_is_there_to_go_on(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    await client.write("a walk")
    for query, status, said in SAID:
        answer = await search(noor, client, query)
        page = read(answer, status)
        assert said in page.text, query[:20]
        assert "Finds what holds every word" in page.text
        (field,) = [found for tag, found in page.elements if tag == "input" and found.get("name") == "q"]
        assert field["value"] == query
        assert ("autofocus" in field) == ("result" not in said or "No results" in said), query[:20]
        told = "search-problem" in (field.get("aria-describedby") or "")
        assert told == ("aria-invalid" in field) == (why_not(query, 1_000) in ("no_words", "too_long"))


async def test_nothing_further_back(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("a walk")
    answer = await search(noor, client, "walk", after="gAAAAAAAAAA")  # the beginning of time
    assert "No older results Nothing older holds all of these words." in read(answer).text
    assert "Newest results" in answer.text


# --- who may, and what is written down --------------------------------------------------------------------------------


async def test_whoever_may_not_read_is_told_nothing(practice: Practice, noor: httpx.AsyncClient) -> None:
    foreign, ended = await practice.client("Cleo", None), await practice.client("Bea")
    for client in (foreign, ended):
        await client.write("a walk")
    await practice.unassign(ended)
    for client in (foreign, ended):
        for path in (f"/clients/{client.id}/timeline", f"/fragments/clients/{client.id}/timeline"):
            for query in ("walk", "", "w" * 1_001):
                answer = await noor.get(path, params={"q": query})
                assert answer.status_code == 404
                assert not re.search("Cleo|Bea|walk|www", answer.text)
        assert set(await actions(client)) & {"entries_read", "record_read"} == set()


async def test_one_client_is_searched_and_nobody_else(practice: Practice, noor: httpx.AsyncClient) -> None:
    alex, zoe = await practice.client("Alex"), await practice.client("Zoe")
    for client in (alex, zoe):
        await client.write(f"a walk of {client.name}")
    for query in ("walk", f"{zoe.id.hex} OR walk", f'" OR client : "{zoe.id.hex}'):
        assert "a walk of Zoe" not in passages((await search(noor, alex, query)).text)


async def test_a_search_is_written_down_as_a_read_of_entries_and_an_empty_form_is_not(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    await client.write(f"a walk, {SECRET}")
    before = len(await actions(client))
    for query in ("", "?", "w" * 1_001):
        await search(noor, client, query)
    await search(noor, client, SECRET)
    await noor.get(f"/fragments/clients/{client.id}/timeline", params={"q": SECRET})
    found = (await actions(client))[before:]
    everything = [str(action) for action in dict.fromkeys(timeline_pages.ACTIONS.values())]
    assert found == [audit.Action.RECORD_READ] * 3 + everything * 2
    assert audit.Action.ENTRIES_READ in everything
    assert SECRET not in str(await AuditRow.select())


async def test_what_is_sought_stands_in_no_log_row_or_error(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await practice.client("Alex")
    answers = [await search(noor, client, SECRET, after=after) for after in ("odd", "ü", "A" * 201, "\0", "")]
    assert {answer.status_code for answer in answers} == {400}
    with capture_logs() as logs:
        for error, status in ((ValueError(SECRET), 500), (StorageError(SECRET), 503)):

            async def fails(*_: Any, error: Exception = error) -> None:
                raise error

            monkeypatch.setattr(timeline_pages, "search", fails)
            for path in (f"/clients/{client.id}/timeline", f"/fragments/clients/{client.id}/timeline"):
                answers.append(await noor.get(path, params={"q": SECRET}))
                assert answers[-1].status_code == status
    assert len(logs) >= 4
    for answer in answers:
        assert SECRET not in answer.text
        assert SECRET not in str(answer.headers)
    assert SECRET not in str(logs)
    assert SECRET not in str(await AuditRow.select())


async def test_pages_that_are_opened_from_a_search_are_not_told_what_was_sought(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    """As `Referer` a browser gives the origin then, in our own forms too; with `no-referrer` theirs would be `null`."""
    client, foreign = await practice.client("Alex"), await practice.client("Cleo", None)
    asked: list[tuple[Client, str, dict[str, str], int]] = [
        (client, "walk", {}, 200),
        (client, "w" * 1_001, {}, 200),
        (client, "walk", {"after": "odd"}, 400),
        (foreign, "walk", {}, 404),
    ]
    for whose, query, params, status in asked:
        answer = await search(noor, whose, query, **params)
        assert answer.status_code == status
        assert answer.headers.get_list("referrer-policy") == ["strict-origin"]
        assert answer.headers["cache-control"] == "no-store"
    assert (await noor.get(f"/clients/{client.id}")).headers["referrer-policy"] == "same-origin"


async def test_signing_in_leads_back_to_the_screen_without_what_was_sought(practice: Practice) -> None:
    client = await practice.client("Alex")
    async with practice.browser() as browser:
        there = f"/sign-in?to=/clients/{client.id}/timeline"
        for query in ("walk", "über & über", ""):
            answer = await search(browser, client, query)
            assert (answer.status_code, answer.headers["location"]) == (303, there)
        form = await browser.get(there)
        assert f'name="to" value="/clients/{client.id}/timeline"' in form.text
        form = await browser.get("/sign-in", params={"to": f"/clients/{client.id}/timeline?q=walk"})
        assert 'name="to" value="/"' in form.text


# --- as an enemy ------------------------------------------------------------------------------------------------------

ANY = [
    *("'", '"', "(", "AND", "OR", "NOT a", "NEAR(a b)", "body : walk", "client : a", "*", "walk*", "^walk", "%", "_"),
    *("\0", "\0walk", "\ufffd", "\u202ewalk\u202c", "é" * 400, "- " * 400, "a " * 500, "日" * 1_000, "x" * 10_000),
    *(
        "{{ 7*7 }}",
        '"><script>alert(1)</script>',
        "</title>",
        "' onfocus='alert(1)",
        "a&after=b#c",
        "+",
        "\r\nset-cookie: a=b",
    ),
]
RAW = ["%ff", "%ed%a0%80", "%00", "%", "%zz", "a&q=b", "a&q[]=b", "a;b", "[]", "&&&", "=" * 500]


async def test_anything_may_be_sought(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("a walk")
    for query in ANY:
        answer = await search(noor, client, query)
        page = read(answer)
        assert "49" not in page.text
        scripts = [found["src"] or "" for tag, found in page.elements if tag == "script"]
        assert [script.split("?")[0] for script in scripts] == SCRIPTS
        (path,) = [found.get("data-fragment") for tag, found in page.elements if tag == "main"]
        fragment = await noor.get(path or "")
        assert fragment.status_code == 200
        (field,) = [found for tag, found in read(fragment).elements if found.get("name") == "q"]
        assert field["value"] == query
    for raw in RAW:
        answer = await noor.get(f"/clients/{client.id}/timeline?q={raw}")
        assert answer.status_code in (200, 400), raw
        read(answer, answer.status_code)


async def test_nothing_that_a_client_writes_becomes_markup(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client(f"A {HOSTILE}"[:150])
    await client.write(f"<mark>walk</mark> {HOSTILE}"[:150], tags=[HOSTILE[:60]])
    answer = await search(noor, client, "script")
    page = read(answer)
    scripts = [(found.get("src") or "").split("?")[0] for tag, found in page.elements if tag == "script"]
    assert scripts == SCRIPTS
    assert not [tag for tag, _ in page.elements if tag in ("img", "textarea", "b")]
    assert "49" not in page.text
    assert passages(answer.text) == [f"<mark>walk</mark> {HOSTILE}"[:150]]
    assert marked(answer.text) == ["script", "script"]
    await client.write("also a<img>b")
    answer = await search(noor, client, "a<img>b")
    assert not [tag for tag, _ in read(answer).elements if tag == "img"]
    assert marked(answer.text) == ["a<img>b"]  # what stands between words that are joined is marked with them


# --- moving by itself -------------------------------------------------------------------------------------------------


async def test_the_script_gets_the_same_content_and_does_not_keep_the_session_awake(
    practice: Practice, noor: httpx.AsyncClient, clock: Clock
) -> None:
    client = await practice.client("Alex")
    for number in range(timeline_pages.FOUND_PER_PAGE + 1):
        await client.write(f"a walk {number}", at=MONDAY - timedelta(hours=number))
    first = await search(noor, client, "a walk")
    path = following(first.text)
    assert path is not None
    for answer in (first, await noor.get(path)):
        (main,) = [found for tag, found in read(answer).elements if tag == "main"]
        assert UUID(main["data-client"]) == client.id
        fragment = await noor.get(main["data-fragment"] or "")
        assert fragment.status_code == 200
        assert fragment.text.strip() in answer.text
    statuses = []
    for _ in range(3):
        clock.move(minutes=11)
        statuses.append((await noor.get(f"/fragments/clients/{client.id}/timeline?q=walk")).status_code)
    assert statuses == [200, 200, 401]
