"""A client with something of everything in their plan, and its forms sent as a browser without script does."""

from __future__ import annotations

from typing import Any

import httpx
from tests.server.web.forms.browser import forms_in
from tests.server.web.practice import MONDAY, Client, Practice, send
from tests.server.web.reading_pages import read

from intersession_schemas.documents.care.topics import Topic
from intersession_schemas.streams import Kind

HOSTILE = "<script>alert('x')</script>\"'&{{7*7}} ‮"
PARTS = ("", "/journal", "/trackers", "/assessments", "/safety", "/days", "/goals", "/resources")
ODD_ID = "a.b \"c' <d>"
FULL: dict[str, Any] = {
    "introduction": "Write each evening." + HOSTILE,
    "journal_rule": "FREQ=WEEKLY;BYDAY=MO,TH",
    "day_begins": 4,
    "sections": {
        "helped": {"prompt": "What helped?"},
        ODD_ID: {
            "prompt": HOSTILE,
            "type": "scale",
            "low": 0,
            "high": 3,
            "labels": [{"at": 0, "text": "none"}, {"at": 3, "text": HOSTILE}],
        },
        "who": {"prompt": "Who?", "type": "several_of", "options": ["a sister", HOSTILE], "required": True},
    },
    "trackers": {"w": {"name": "worry", "rule": "FREQ=MONTHLY;BYMONTHDAY=1,15", "low": 0.5, "high": 5}},
    "assessments": {"c": {"instrument": "check-in", "rule": "weekly", "remind_days": 2}},
    "safety_plan": {"s": {"part": "people_to_ask", "text": HOSTILE, "contact": "0123"}},
    "pauses": {"p": {"first": "2026-03-01", "last": "2026-03-03", "reason": "holiday", "note": HOSTILE}},
    "thresholds": {"silence": {"at": 5}, "who.else/total": {"at": 2.5}},
}


async def full(practice: Practice, noor: httpx.AsyncClient) -> Client:
    """A client with something of everything."""
    client = await practice.client("Alex")
    answer = await send(noor, "PATCH", f"/api/clients/{client.id}/plan", FULL)
    assert answer.status_code == 200, answer.text
    goal = {"what": HOSTILE, "why": "rest", "steps": {ODD_ID: {"text": "no screens"}, "b": {"text": HOSTILE}}}
    resource = {"title": HOSTILE, "text": "in and out", "tags": ["calm", "two words"], "steps": {"a": {"text": "one"}}}
    for path, new in (("goals", goal), ("resources", resource)):
        answer = await send(noor, "POST", f"/api/clients/{client.id}/{path}", new)
        assert answer.status_code == 201, answer.text
    await client.make(Kind.TOPIC, Topic(text=HOSTILE, made_at=MONDAY))
    await client.make(Kind.TOPIC, Topic(text="The Saturday shift", made_at=MONDAY, talked_on=MONDAY.date()))
    return client


async def shown(browser: httpx.AsyncClient, client: Client, part: str) -> str:
    answer = await browser.get(f"/clients/{client.id}/plan{part}")
    read(answer)
    return answer.text


async def plan_of(browser: httpx.AsyncClient, client: Client) -> dict[str, Any]:
    found: dict[str, Any] = (await browser.get(f"/api/clients/{client.id}/plan")).json()["plan"]
    return found


async def fill_in(
    browser: httpx.AsyncClient, client: Client, page: str, id_: str, action: str = "", **changes: Any
) -> httpx.Response:
    """Send a form of a page with some of its fields changed, as a browser without script does."""
    sent = forms_in(page)[id_]
    for name, value in changes.items():
        name = name.replace("___", "._.").replace("__", ".")
        sent = [pair for pair in sent if pair[0] != name]
        sent += [(name, one) for one in (value if isinstance(value, list) else [value])]
    body = "&".join(str(httpx.QueryParams([pair])) for pair in sent)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return await browser.post(f"/clients/{client.id}/plan{action}", content=body, headers=headers)


async def save(
    browser: httpx.AsyncClient, client: Client, part: str, id_: str, action: str = "", **changes: Any
) -> httpx.Response:
    answer = await fill_in(browser, client, await shown(browser, client, part), id_, action, **changes)
    assert answer.status_code == 303, answer.text
    return answer


def form_action(page: str, id_: str) -> str:
    """Behind which address of the plan a form is sent to."""
    start = page.index(f'id="{id_}"')
    return page[page.index('action="', start) + 8 :].partition('"')[0].partition("/plan")[2]
