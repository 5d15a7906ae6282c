"""Every text of every page comes through the catalogue, or is what somebody wrote."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.server.accounts.world import Clock
from tests.server.web.assessments.administering import answered
from tests.server.web.language import pseudo
from tests.server.web.practice import Client, Practice, assigned, send

from intersession_schemas.documents.care.comments import Comment
from intersession_schemas.documents.care.homework import EarlierMark, HomeworkProgress
from intersession_schemas.documents.care.topics import Topic
from intersession_schemas.documents.diary.sections import Section
from intersession_schemas.instruments import INSTRUMENTS
from intersession_schemas.library import TEMPLATES
from intersession_schemas.measures import words
from intersession_schemas.streams import Kind
from intersession_server import access
from intersession_server.app import routes_and_rules
from intersession_server.language import catalogue
from intersession_server.web.page import error_pages
from intersession_server.web.record.resources import RESOURCES

pytestmark = pytest.mark.anyio

NO_PAGES = {"/design", "/events", "/health", "/pair", "/clients/{client:uuid}/search"}
"""Of the demo alone, or no page."""
PHQ_9 = {f"q{number}": 1 for number in range(1, 10)}


@pytest.fixture(autouse=True)
def brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request is answered in the language of brackets."""
    for module in (access, error_pages):
        monkeypatch.setattr(module, "negotiated", lambda *_: pseudo.PSEUDO)
    monkeypatch.setattr(catalogue, "language", lambda _: pseudo.PSEUDO)
    monkeypatch.setattr(words, "WORDS", pseudo.told(words.WORDS))


async def posted(browser: httpx.AsyncClient, path: str, body: dict[str, Any], method: str = "POST") -> dict[str, Any]:
    answer = await send(browser, method, path, body)
    assert answer.status_code < 300, (path, answer.text)
    found: dict[str, Any] = answer.json()
    return found


async def full_record(practice: Practice, browser: httpx.AsyncClient) -> dict[str, Any]:
    """A client of whom there is something of every kind; the ids that addresses name."""
    now, client = practice.services.clock(), await practice.client("§Alex")
    api = f"/api/clients/{client.id}"
    ids: dict[str, Any] = {"client": client.id, "person": client.id}
    sections = [Section("§a", "§prompt", "§text"), Section("§b", "§prompt", "", type="yes_no", value=True)]
    for days in (0, 3, 20):
        await client.write(
            "§text " * 500, tags=["§tag"], sections=sections, mood=4, at=now - timedelta(days=days, hours=1)
        )
    entry = await client.write("§short qqqq", at=now - timedelta(days=9), arrived=now - timedelta(days=1))
    for days in range(12):
        at = now - timedelta(days=days, hours=2)
        await client.log(
            {"§worry": days % 5 + 1, "§sleep": 5 - days % 5}, at=at, arrived=at if days else now, note="§note"
        )
    await _plan(browser, api)
    ids["goal"] = (
        await posted(browser, f"{api}/goals", {"what": "§goal", "why": "§why", "steps": {"a": {"text": "§s"}}})
    )["id"]
    await posted(browser, f"{api}/goals", {"what": "§goal", "state": "reached"})
    await posted(browser, f"{api}/resources", {"title": "§title", "text": "§text", "link": "https://§", "tags": ["§t"]})
    await posted(browser, f"{api}/comments", {"on": str(entry), "text": "§comment"})
    await client.make(Kind.COMMENT, Comment(on=entry, text="§comment", helped=True, made_at=now), now)
    await posted(browser, f"{api}/notes", {"text": "§note"})
    for days in (0, 30):
        await client.make(Kind.TOPIC, Topic(text="§topic", made_at=now - timedelta(days=days)), now)
    for days, state in ((-40, "attended"), (-8, "attended"), (-3, "missed"), (3, "planned")):
        planned_at = (now + timedelta(days=days)).isoformat()
        await posted(browser, f"{api}/sessions", {"planned_at": planned_at, "state": state})
    await _homework(browser, client, ids)
    await _assessments(browser, client, ids)
    template = {
        "title": "§title",
        "makes": "homework",
        "what": "§what",
        "about": "§about",
        "fields": {"a": {"prompt": "§p"}},
    }
    ids["template"] = (await posted(browser, "/api/templates", template))["id"]
    ids["resource"] = (await posted(browser, "/api/library/resources", {"title": "§title", "text": "§text"}))["id"]
    return ids


async def _plan(browser: httpx.AsyncClient, api: str) -> None:
    prompts: dict[str, Any] = {name: {"prompt": "§p", "type": name} for name in ("prose", "number", "yes_no", "time")}
    prompts["one_of"] = {"prompt": "§p", "type": "one_of", "options": ["§one", "§other"]}
    prompts["scale"] = {"prompt": "§p", "type": "scale", "low": 0, "high": 10}
    await posted(
        browser,
        f"{api}/plan",
        {
            "introduction": "§introduction",
            "journal_rule": "FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR=18",
            "sections": prompts,
            "trackers": {"t": {"name": "§worry", "question": "§how", "low": 1, "high": 5}},
            "assessments": {"s": {"instrument": "check-in", "rule": "FREQ=WEEKLY", "remind_days": 2}},
            "safety_plan": {"x": {"part": "people_to_ask", "text": "§text", "contact": "§contact"}},
            "pauses": {"p": {"first": "2026-01-01", "last": "2026-01-02", "reason": "holiday", "note": "§note"}},
            "thresholds": {"silence": {"at": 5}, "phq-9/total": {"at": 5}},
        },
        "PATCH",
    )


async def _homework(browser: httpx.AsyncClient, client: Client, ids: dict[str, Any]) -> None:
    now, api = client.services.clock(), f"/api/clients/{client.id}"
    rest = {"rule": "FREQ=DAILY", "since": "2026-02-01", "confidence": 7, "goal": ids["goal"]}
    ids["homework"] = homework = await assigned(
        browser, client, what="§what", why="§why", fields={"a": {"prompt": "§p"}}, **rest
    )
    await assigned(browser, client, what="§once", due="2026-03-20")
    await assigned(browser, client, what="§any")
    ended = await assigned(browser, client, what="§ended", **rest)
    await posted(browser, f"{api}/homework/{ended}", {"ended_on": "2026-02-20"}, "PATCH")
    for days, status in ((1, "done"), (2, "partly"), (3, "not"), (4, "could_not")):
        at = now - timedelta(days=days)
        progress = HomeworkProgress(
            homework=homework,
            occurrence=at.date().isoformat(),
            status=status,  # type: ignore[arg-type]
            difficulty=3,
            helpfulness=7,
            learned="§learned",
            barrier="too_hard" if status != "done" else None,
            barrier_note="§note" if status != "done" else "",
            done_at=at,
            entered_at=at + timedelta(days=days - 1),
            corrected_at=now if days == 2 else None,
            earlier={"a": EarlierMark(status="not", said_at=at)} if days == 2 else {},
        )
        await client.make(Kind.HOMEWORK_PROGRESS, progress, now)
    await posted(browser, f"{api}/homework/{homework}/reviews", {"decision": "keep", "reason": "§reason"})


async def _assessments(browser: httpx.AsyncClient, client: Client, ids: dict[str, Any]) -> None:
    now, api = client.services.clock(), f"/api/clients/{client.id}"
    for weeks, each in ((6, 1), (4, 2), (1, 3)):
        answers = {**dict.fromkeys(PHQ_9, each), "q9": 1}
        ids["document"] = await answered(client, "phq-9", answers, now - timedelta(weeks=weeks))
        if "phq-9" in INSTRUMENTS:
            await answered(client, "gad-7", {f"q{n}": each for n in range(1, 8)}, now - timedelta(weeks=weeks))
    await answered(client, "gad-7", {"q1": 1}, now - timedelta(days=2), completed=False)
    await posted(browser, f"{api}/assessments", {"instrument": "phq-2", "answers": {"q1": 1, "q2": 1}})
    await answered(client, "who-5", {"q1": 1}, now - timedelta(days=2))


def addresses(practice: Practice, ids: dict[str, Any]) -> list[str]:
    """Every page, also one that somebody adds one day."""
    rules = ("therapist", "client-record", "manager", "practice-person")
    found = [
        path
        for path, method, rule in routes_and_rules(practice.app)
        if method == "GET" and rule in rules and not path.startswith(("/api/", "/fragments")) and path not in NO_PAGES
    ]
    several = {
        "{path:str}": [*(one.path for one in RESOURCES), "scores", "signals"],
        "{key:str}": [*INSTRUMENTS],
        "/library/templates/{name:str}": [f"/library/templates/{one}" for one in [*TEMPLATES, ids["template"]]],
        "/library/resources/{name:str}": [f"/library/resources/{ids['resource']}"],
        "/assessments/paper": [f"/assessments/paper?instrument={one}" for one in INSTRUMENTS] + ["/assessments/paper"],
        "/homework/new": ["/homework/new", "/homework/new?template=none", f"/homework/new?template={ids['template']}"],
        "/timeline": ["/timeline", "/timeline?q=qqqq", "/timeline?kind=homework", "/timeline?show=all"],
        "/progress": ["/progress", "/progress?range=year", "/progress?range=all", "/progress?together=§worry"],
    }
    for name, values in several.items():
        found = [path.replace(name, str(one)) for path in found for one in (values if name in path else [""])]
    for name in ("client", "person", "homework", "document"):
        found = [path.replace(f"{{{name}:uuid}}", str(ids[name])) for path in found]
    return sorted(set(found))


async def strays_of(browser: httpx.AsyncClient, clock: Clock, paths: list[str]) -> dict[str, list[str]]:
    """What on these pages did not come through the catalogue, by their addresses."""
    found: dict[str, list[str]] = {}
    for path in paths:
        clock.move(seconds=10)
        answer = await browser.get(path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            reader = pseudo.PseudoReader()
            reader.feed(answer.text)
            assert "⟦" in answer.text, path
            if reader.strays:
                found[path] = list(dict.fromkeys(reader.strays))
        else:
            assert answer.status_code in (204, 302, 303), (path, answer.status_code)
    return found


async def test_on_the_pages_of_a_full_record(practice: Practice, noor: httpx.AsyncClient, clock: Clock) -> None:
    ids = await full_record(practice, noor)
    await practice.worked_out()
    paths = addresses(practice, ids)
    assert len(paths) > 60
    assert await strays_of(noor, clock, paths) == {}


async def test_on_the_pages_of_an_empty_record(practice: Practice, noor: httpx.AsyncClient, clock: Clock) -> None:
    client = await practice.client("§Alex")
    nothing = {"client": client.id, "person": client.id, "template": uuid4(), "resource": uuid4()}
    paths = addresses(practice, nothing | {"homework": uuid4(), "document": uuid4()})
    assert await strays_of(noor, clock, paths) == {}


async def test_on_the_pages_before_signing_in(practice: Practice, clock: Clock) -> None:
    async with practice.browser(accept="text/html") as browser:
        assert await strays_of(browser, clock, ["/sign-in", "/nowhere"]) == {}
        wrong = await browser.post("/sign-in", data={"username": "noor", "password": "wrong"})
    reader = pseudo.PseudoReader()
    reader.feed(wrong.text)
    assert reader.strays == []


def test_the_reader_notices() -> None:
    for text in ("Signals", "⟦Last sync⟧ ago", "Patient Health Questionnaire-9", "§data and more"):
        assert pseudo.untranslated(text), text
    for text in ("⟦Last sync ⟧vor 6 Tagen", "§data", "Mo. 16. März 2026", pseudo.bracketed("Saved by %(who)s")):
        assert not pseudo.untranslated(text.replace("%(who)s", "§Noor")), text
