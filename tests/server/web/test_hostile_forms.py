"""Whatever is sent to a form of the pages: it is carried out, or refused in words; and never without its token."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import quote_plus
from uuid import UUID, uuid4

import httpx
import pytest
from tests.server.accounts.world import Clock
from tests.server.web.forms.browser import forms_in
from tests.server.web.plan.shaping import full
from tests.server.web.practice import MONDAY, Client, Practice, assigned, send
from tests.server.web.record.test_disclosure import administered, paths

from intersession_schemas.documents.care.homework import HomeworkProgress
from intersession_schemas.streams import Kind
from intersession_server.app import routes_and_rules

pytestmark = pytest.mark.anyio

FORM = {"content-type": "application/x-www-form-urlencoded"}
ODD = {
    "nothing": "",
    "a space": "+",
    "NUL": "a%00b",
    "half of a pair": "%ED%A0%80",
    "no UTF-8": "%FF%FE%C3%28",
    "not a number": "NaN",
    "endless": "-Infinity",
    "too large": "1e999",
    "many digits": "9" * 5_000,
    "year 1": "0001-01-01",
    "year 9999": "9999-12-31",
    "the first minute": "0001-01-01T00%3A00",
    "the last minute": "9999-12-31T23%3A59",
    "no day": "2026-02-30",
    "a rule of nothing": "FREQ%3DSECONDLY%3BINTERVAL%3D0%3BUNTIL%3D99991231T235959Z%3BBYDAY%3D",
    "somebody": str(UUID(int=1)),
    "an id of dots": "+.._.%2B",
    "long": "x" * 40_000,
    "turned": "%E2%80%AE%E2%80%A8<script>",
    "below zero": "-1",
}
"""Values, as a browser would send them."""
EACH, EACH_IN_LONG_RUNS = 10, 2
"""Of these values each field is sent every tenth, one after the other beginning with another."""
LEFT_OUT = re.compile(r"/(sign-out|account/.*|practice/people/[^/]+/(end|manager|password)|design)$")
"""Forms that would end the test's own session, or somebody's care."""


class _Actions(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and given.get("method") == "post":
            self.found[given.get("id") or ""] = given.get("action") or ""


def forms_of(html: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Of each form of a page where it is sent, and what it sends as it is."""
    reader = _Actions()
    reader.feed(html)
    sent = forms_in(html)
    return [(action, sent[id_]) for id_, action in reader.found.items() if not LEFT_OUT.search(action)]


async def everything(practice: Practice, browser: httpx.AsyncClient) -> tuple[Client, list[str]]:
    """A client of whom there is something of everything, and the addresses of all pages."""
    client = await full(practice, browser)
    goal = (await browser.get(f"/api/clients/{client.id}/goals")).json()["items"][0]["id"]
    fields = {"a": {"prompt": "How was it?", "type": "scale", "low": 0, "high": 10}}
    homework = await assigned(browser, client, goal=goal, rule="FREQ=DAILY", fields=fields)
    done = HomeworkProgress(homework=homework, occurrence="2026-02-23", done_at=MONDAY, entered_at=MONDAY)
    await client.make(Kind.HOMEWORK_PROGRESS, done)
    await client.write("slept badly")
    document = await administered(browser, client)
    for path, body in {
        "notes": {"text": "for the team"},
        "sessions": {"planned_at": "2026-03-09T10:00:00+01:00"},
        "episodes": {"began_on": "2026-01-01", "reason": "worry"},
        "assessments": {"instrument": "phq-9", "answers": {f"q{n}": 3 for n in range(1, 10)}},
    }.items():
        assert (await send(browser, "POST", f"/api/clients/{client.id}/{path}", body)).status_code < 300
    own = []
    for kind, path, body in (
        ("templates", "/api/templates", {"title": "Ours", "makes": "homework", "what": "x", "fields": fields}),
        ("resources", "/api/library/resources", {"title": "Ours", "text": "x", "steps": {"a": {"text": "one"}}}),
    ):
        own.append(f"/library/{kind}/" + (await send(browser, "POST", path, body)).json()["id"])
    about = paths(practice, client.id, "client-record", "therapist", "manager", homework=homework, document=document)
    named = [one for one in about if "{" not in one and not re.match(r"/(api|fragments|events|design|schema)\b", one)]
    again = f"/clients/{client.id}/assessments/paper?instrument=phq-9"
    people = f"/practice/people/{client.id}"
    return client, [*named, *own, again, f"/clients/{client.id}/homework/new?template=worry-time", people]


async def test_no_form_and_no_route_is_carried_out_without_the_sessions_token(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await full(practice, noor)
    head, asked = (await practice.services.log.stream_heads())[client.stream], 0
    csrf = (await noor.get("/api/me")).json()["csrf"]
    async with practice.signed_in() as other:
        of_another = (await other.get("/api/me")).json()["csrf"]
    for path, method, rule in routes_and_rules(practice.app):
        if method in ("GET", "HEAD", "WEBSOCKET") or rule in ("public", "device"):
            continue
        address = re.sub(r"\{(client|person):uuid\}", str(client.id), path)
        address = re.sub(r"\{\w+:uuid\}", str(uuid4()), address)
        for given in ("", "csrf=", f"csrf={of_another}", f"csrf={csrf}x", f"CSRF={csrf}"):
            answer = await noor.request(method, address, content=given, headers=FORM)
            assert answer.status_code == 403, (path, given)
        # What a page of another site can send without being asked: no form's types but these, and none is read as JSON.
        for content_type in ("text/plain", "application/json", "", "application/x-www-form-urlencoded; charset=x, a/b"):
            answer = await noor.request(method, address, content="csrf=", headers={"content-type": content_type})
            assert answer.status_code == 403, (path, content_type)
        for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
            headers = {**FORM, "origin": origin, "x-csrf-token": csrf}
            answer = await noor.request(method, address, content=f"csrf={csrf}", headers=headers)
            assert answer.status_code == 403, (path, origin)
        asked += 1
    assert asked > 90
    assert (await practice.services.log.stream_heads())[client.stream] == head
    assert (await noor.get("/api/me")).status_code == 200


@pytest.mark.timeout(900)
async def test_odd_values_in_any_field_of_any_form_are_taken_or_refused_in_words(
    practice: Practice, noor: httpx.AsyncClient, clock: Clock, request: pytest.FixtureRequest
) -> None:
    each = EACH_IN_LONG_RUNS if request.config.getoption("--long") else EACH
    client, pages = await everything(practice, noor)
    known: set[tuple[str, str]] = set()
    names, wrong, asked = list(ODD), [], 0
    for page in pages:
        clock.move(seconds=30)
        for action, fields in forms_of((await noor.get(page)).text):
            route = re.sub(r"[0-9a-f-]{36}", "*", action)
            for at, (name, _) in enumerate(fields):
                kind = re.sub(r"[0-9a-f-]{36}|\.(\w+)(?=\.)", "*", name)
                if name == "csrf" or (route, kind) in known:
                    continue
                known.add((route, kind))
                for odd in names[len(known) % each :: each]:
                    value = ODD[odd]
                    pairs = [f"{quote_plus(key)}={quote_plus(one)}" for key, one in fields]
                    pairs[at] = f"{quote_plus(name)}={value}"
                    clock.move(seconds=1)
                    answer = await noor.post(action, content="&".join(pairs), headers=FORM)
                    taken = answer.status_code == 303
                    said = answer.status_code in (400, 404, 413, 422) and "<h1>" in answer.text
                    if not (taken or said):
                        wrong.append((route, name, odd, answer.status_code))
                    asked += 1
    assert wrong == []
    assert asked > 1_500 // each
    assert await practice.set_aside() == []  # what was taken was also applied
    for page in pages:  # whatever was taken, the pages show it
        clock.move(seconds=30)
        assert (await noor.get(page)).status_code in (200, 303, 400, 404), page
    # One of the forms may have ended the assignment, as it says.
    assert (await noor.get(f"/clients/{client.id}")).status_code in (200, 404)
    assert (await noor.get("/")).status_code == 200
