"""Whatever people write is text on every page: read strictly, it is there word for word, and nothing came of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.server.accounts.world import Clock
from tests.server.web.hostile import HOSTILE_TEXTS, HostileReader, shown
from tests.server.web.practice import MONDAY, Client, Practice, send
from tests.server.web.record.test_disclosure import paths

from intersession_schemas.documents.care.topics import Topic
from intersession_schemas.errors import IntersessionError
from intersession_schemas.streams import Kind
from intersession_server.operator import commands

pytestmark = pytest.mark.anyio

MOST_OF_A_TOPIC = 2_000
PARTS = 5
"""Clients among whom the texts are shared out, so that no list is cut."""
NAMED = {f"part {number}": list(HOSTILE_TEXTS)[number::PARTS] for number in range(PARTS)}


def read_hostile(answer: httpx.Response) -> HostileReader:
    """A page or a part of one."""
    reader = HostileReader()
    reader.feed(answer.text)
    reader.close()
    assert reader.open == []
    assert "49" not in answer.headers.get("set-cookie", "")
    assert "hostile" not in str(answer.headers)
    return reader


async def every_page(
    practice: Practice, browser: httpx.AsyncClient, client: Client, homework: UUID | None, clock: Clock
) -> dict[str, HostileReader]:
    """All that a therapist can look at, by its address."""
    found = {}
    for path in paths(practice, client.id, "client-record", "therapist", homework=homework):
        if path.startswith("/api/") or path == "/events" or "/events" in path:
            continue
        clock.move(seconds=20)
        answer = await browser.get(path)
        if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
            found[path] = read_hostile(answer)
        else:
            assert answer.status_code in (200, 204, 302, 303, 400, 404), path
    return found


async def taken(browser: httpx.AsyncClient, method: str, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
    """What came of a request, if the API takes what is in it."""
    answer = await send(browser, method, path, body)
    assert answer.status_code < 500, (path, body, answer.text)
    found: dict[str, Any] | None = answer.json() if answer.status_code < 300 else None
    return found


async def write_everywhere(browser: httpx.AsyncClient, client: Client, text: str) -> tuple[set[str], UUID | None]:
    """Put one text wherever it may stand; where it was taken, and the homework that was made of it."""
    where, api = {"entry"}, f"/api/clients/{client.id}"
    entry = await client.write(text, arrived=MONDAY)
    if len(text) <= MOST_OF_A_TOPIC:
        await client.make(Kind.TOPIC, Topic(text=text, made_at=MONDAY))
    bodies: dict[str, tuple[str, str, dict[str, Any]]] = {
        "comment": ("POST", f"{api}/comments", {"on": str(entry), "text": text}),
        "goal": ("POST", f"{api}/goals", {"what": text, "why": text, "steps": {"a": {"text": text}}}),
        "resource": ("POST", f"{api}/resources", {"title": text, "text": text, "link": text}),
        "resource's text": ("POST", f"{api}/resources", {"title": "Resource", "text": text, "tags": [text]}),
        "homework": (
            "POST",
            f"{api}/homework",
            {"what": text, "why": text, "fields": {"a": {"prompt": text, "type": "one_of", "options": [text, "b"]}}},
        ),
        "homework's words": ("POST", f"{api}/homework", {"what": text, "why": text}),
        "template": (
            "POST",
            "/api/templates",
            {"title": text, "makes": "homework", "what": text, "fields": {"a": {"prompt": text}}},
        ),
        "template's words": ("POST", "/api/templates", {"title": "Template", "makes": "homework", "what": text}),
        "note": ("POST", f"{api}/notes", {"text": text}),
    }
    key = uuid4().hex[:8]
    plan: dict[str, dict[str, Any]] = {
        "introduction": {"introduction": text},
        "section": {"sections": {key: {"prompt": text}}},
        "tracker": {"trackers": {key: {"name": text[:40], "question": text, "low": 0, "high": 10}}},
        "tracker's question": {"trackers": {f"{key}q": {"name": key, "question": text, "low": 0, "high": 10}}},
        "safety step": {"safety_plan": {key: {"part": "people_to_ask", "text": text, "contact": text}}},
        "pause": {"pauses": {key: {"first": "2026-01-01", "last": "2026-01-02", "note": text}}},
    }
    homework: UUID | None = None
    for name, (method, path, body) in bodies.items():
        made = await taken(browser, method, path, body)
        if made is not None:
            where.add(name)
            homework = UUID(made["id"]) if name.startswith("homework") else homework
    for name, body in plan.items():
        if await taken(browser, "PATCH", f"{api}/plan", body) is not None:
            where.add(name)
    return where, homework


async def questionnaires(practice: Practice, texts: Iterable[str]) -> int:
    """Questionnaires of the practice's own with these as title, questions and answers; how many were taken."""
    count = 0
    for text in texts:
        form = {
            "resourceType": "Questionnaire",
            "status": "active",
            "title": text,
            "copyright": text,
            "item": [
                {
                    "linkId": "a",
                    "text": text,
                    "type": "choice",
                    "answerOption": [{"valueCoding": {"code": "1", "display": text}}],
                },
                {"linkId": "b", "text": "Which?", "type": "boolean"},
            ],
        }
        try:
            await practice.do(commands.ImportInstrument(questionnaire=json.dumps(form).encode(), taken_as="new"))
        except IntersessionError:
            continue
        count += 1
    return count


@pytest.mark.parametrize("part", NAMED)
async def test_on_every_page_a_text_is_a_text(
    practice: Practice, noor: httpx.AsyncClient, clock: Clock, part: str
) -> None:
    client, where, homework = await practice.client("Alex"), dict[str, set[str]](), None
    for name in NAMED[part]:
        where[name], made = await write_everywhere(noor, client, HOSTILE_TEXTS[name])
        homework = made or homework
    assert await questionnaires(practice, [HOSTILE_TEXTS[name] for name in NAMED[part]]) > 2
    pages = await every_page(practice, noor, client, homework, clock)
    assert f"/clients/{client.id}" in pages
    letters = "\0".join(page.letters for page in pages.values())
    for name in NAMED[part]:
        assert shown(HOSTILE_TEXTS[name]) in letters, name
    # Most of them are taken in most places: a test in which all is refused would say nothing.
    counts = [len(one) for one in where.values()]
    assert sum(counts) > 8 * len(counts), where


async def test_a_name_is_a_text(practice: Practice, noor: httpx.AsyncClient, clock: Clock) -> None:
    named = []
    for name, text in HOSTILE_TEXTS.items():
        try:
            client = await practice.client(text)
        except IntersessionError:
            continue
        named.append((name, client))
    assert len(named) > 20
    page = read_hostile(await noor.get("/"))
    for name, client in named:
        assert shown(client.name) in page.letters, name
        clock.move(seconds=20)
        assert shown(client.name)[:60] in read_hostile(await noor.get(f"/clients/{client.id}")).letters, name


@pytest.mark.parametrize("name", [name for name, text in HOSTILE_TEXTS.items() if "hostile" in text and "<" in text])
def test_the_reader_would_notice(name: str) -> None:
    """Put into a page as it is, each of them that holds an element is found."""
    with pytest.raises(AssertionError):
        read_carelessly(HOSTILE_TEXTS[name])


def read_carelessly(text: str) -> None:
    reader = HostileReader()
    reader.feed(f"<!doctype html><html><body><p>{text}</p></body></html>")
    reader.close()
    assert reader.open == []
    assert shown(text) in reader.letters
