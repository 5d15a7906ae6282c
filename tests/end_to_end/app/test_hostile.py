"""Whatever a care team writes, or a server answers, is text in the app: all of it is read, and nothing comes of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, expect
from tests.end_to_end.app.worker import ask, asked_phone, status, wait_until_sent
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import ServerProcess, wait_for
from tests.schemas.instruments.wording.forms import question, questionnaire
from tests.server.web.hostile import HOSTILE_TEXTS, shown, squeezed
from tests.web_client.app.phone import WITHIN, Phone

from intersession import Assignment, Client, Field, InvalidField
from intersession_server.operator import commands

pytestmark = pytest.mark.page

MARKUP = HOSTILE_TEXTS["image"]
LINE = 80
"""Characters, as a browser counts them."""
ADDRESSES = ("javascript address", "data address", "network path")
# What could only have come of a text: none of it is an element of the app's.
CAME = """() => {
  const foreign = ["base", "embed", "frame", "iframe", "img", "link", "meta", "object", "style", "template"];
  return [...document.querySelectorAll("body *")].filter((one) =>
    one.localName.startsWith("hostile")
    || foreign.includes(one.localName)
    || one.getAttributeNames().some((name) => name.includes("hostile") || name.startsWith("on"))
    || (one.localName === "a" && !["http:", "https:", "sms:", "tel:"].includes(one.protocol))
  ).map((one) => one.outerHTML.slice(0, 200));
}"""
READ = """() => document.body.textContent + [...document.querySelectorAll("input, textarea")].map((one) => one.value)"""


def taken(make: Callable[[str], Any], texts: Iterable[str] = HOSTILE_TEXTS.values()) -> list[Any]:
    """What is made of those texts that may stand there at all."""
    made = []
    for text in texts:
        try:
            made.append(make(text))
        except InvalidField:
            continue
    assert len(made) > len(HOSTILE_TEXTS) / 2
    return made


def reads(app: Phone, path: str, texts: Iterable[str]) -> None:
    """A screen on which all of these stand, and nothing else came of them."""
    app.visit(path)
    wanted = [shown(text) for text in texts]
    wait_for(lambda: not [one for one in wanted if one not in squeezed(app.page.evaluate(READ))], 20, path)
    assert app.page.evaluate(CAME) == []


def whole_lines(texts: Iterable[str]) -> list[str]:
    """First lines that a list shows as they are; of longer ones it shows how they begin."""
    lines = [text.strip().split("\n")[0] for text in texts]
    found = [line for line in lines if len(line.encode("utf-16-le")) // 2 <= LINE]
    assert len(found) > len(HOSTILE_TEXTS) / 3
    return found


def write_everywhere(client: Client, entry: UUID, instrument: str) -> tuple[dict[str, list[str]], Assignment]:
    """Every text wherever a care team may write it; what is read where, and homework with a worksheet."""
    resources = taken(lambda text: client.resources.add(text, text=text, tags=[text]))
    titles = [one.title for one in resources]
    whole = client.resources.add("All", text="\n".join(titles), steps=titles)
    homework = taken(lambda text: client.homework.assign(text, why=text))
    prompts = [one.what for one in homework if "\n" not in one.what][:20]
    fields = {
        f"f{at}": Field(order=at, prompt=text, type="one_of", options=(text, "b")) for at, text in enumerate(prompts)
    }
    sheet = client.homework.assign(MARKUP, why=MARKUP, fields=fields)
    client.homework.review(sheet.id, "keep", reason=MARKUP)
    goals = taken(lambda text: client.goals.add(text, text, [text]))
    comments = taken(lambda text: client.comment(entry, text))
    with client.plan.edit() as plan:
        plan.journal("daily", introduction=MARKUP)
        plan.add_assessment(instrument, "weekly", open_days=7)
        for text in prompts:
            plan.add_section(text, "one_of", options=[text, "b"])
            plan.add_tracker(text[:60], 0, 10)
            plan.add_safety_step("on_my_own", text, text)
    found = {
        "/resources": titles,
        f"/resources/{whole.id}": titles,
        "/homework": whole_lines(one.what for one in homework),
        f"/homework/{sheet.id}": [MARKUP],
        "/goals": whole_lines(one.what for one in goals),
        f"/goals/{goals[2].id}": [goals[2].what, goals[2].why],
        f"/journal/{entry}": [one.text for one in comments],
        "/journal/new": prompts,
        "/log": [text[:60] for text in prompts],
        "/safety": prompts,
        "/": [MARKUP],
        "/assessments": [MARKUP],
        "/settings": [MARKUP],
    }
    return found, sheet


def test_what_a_care_team_writes_is_text_on_every_screen(
    browser: Browser, server: ServerProcess, practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = questionnaire(question("a", MARKUP), question("b", MARKUP), title=MARKUP)
    imported = practice.operate(
        commands.ImportInstrument(questionnaire=json.dumps(form).encode(), taken_as="new"), commands.InstrumentImported
    )
    client = practice.add_client(MARKUP, "anna")
    with (
        practice.caseload(tmp_path / "anna.db", "anna") as caseload,
        asked_phone(browser, server, viewport={"width": 320, "height": 640}) as app,
    ):
        asked: list[str] = []
        app.page.on("request", lambda request: asked.append(request.url))
        app.pair(client.code, shared=True)
        app.write("Walked round the lake.")
        wait_until_sent(app)
        assert caseload.sync().complete
        record = caseload.client(client.person)
        [entry] = record.entries()
        found, worksheet = write_everywhere(record, entry.id, imported.key)
        # An app that was changed writes what ours refuses.
        monkeypatch.setattr("intersession_schemas.documents.care.resources.is_link", bool)
        links = [record.resources.add(f"Link {name}", link=HOSTILE_TEXTS[name]) for name in ADDRESSES]
        assert caseload.sync().complete
        wait_for(lambda: len(ask(app, "comments", "of", str(entry.id))) > 20, 30, "it has arrived")
        wait_for(lambda: status(app)["not_listed"] == 0, 30, "all of it has")
        for path, texts in found.items():
            reads(app, path, texts)
            assert app.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        for resource in links:
            reads(app, f"/resources/{resource.id}", [resource.title])
        app.visit(f"/homework/{worksheet.id}/report")
        app.page.get_by_role("radio", name="I did it").check()
        reads(app, urlsplit(app.page.url).path.removeprefix("/app"), [one.prompt for one in worksheet.fields.values()])
        app.visit("/assessments")
        app.page.get_by_role("button", name=f"Begin: {MARKUP}").click()
        reads(app, urlsplit(app.page.url).path.removeprefix("/app"), [MARKUP])
        assert {urlsplit(url).netloc for url in asked} == {urlsplit(server.url).netloc}


@pytest.mark.parametrize("code", [MARKUP, "constructor"])
def test_what_a_server_says_of_a_code_is_neither_markup_nor_taken_for_words(
    browser: Browser, server: ServerProcess, code: str
) -> None:
    with asked_phone(browser, server, service_workers="block") as app:
        refused = {"status": 403, "json": {"code": code, "message": MARKUP}}
        app.context.route(f"{server.url}/pair", lambda route: route.fulfill(**refused))
        app.open("/pair#ABCD-EFGH")
        app.tap("Connect")
        expect(app.page.get_by_role("alert")).to_contain_text("That did not work.", timeout=WITHIN)
        assert app.page.evaluate(CAME) == []


def test_who_a_server_says_that_one_is_stays_text(browser: Browser, server: ServerProcess) -> None:
    said = {"token": "x" * 43, "account": str(uuid4()), "device": str(uuid4()), "role": "client"}
    with asked_phone(browser, server, service_workers="block") as app:
        names = {"practice_name": MARKUP, "name": MARKUP}
        app.context.route(f"{server.url}/pair", lambda route: route.fulfill(json=said | names))
        app.pair("ABCD-EFGH", shared=True)
        reads(app, "/settings", [MARKUP])
        app.visit("/sync")
        app.shows("Sync")
        assert app.page.evaluate(CAME) == []
