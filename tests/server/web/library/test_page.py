from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.server.accounts.world import PASSWORD
from tests.server.web.api.test_plan import got, sent
from tests.server.web.forms.browser import forms_in, sent_by
from tests.server.web.forms.sending import send_form, submit
from tests.server.web.practice import Practice, send
from tests.server.web.reading_pages import read

from intersession_schemas.library import TEMPLATES
from intersession_server.operator import commands

pytestmark = pytest.mark.anyio

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'"


async def own(browser: httpx.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await got(browser, "/api/templates"))["items"]
    return found


async def resources(browser: httpx.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await got(browser, "/api/library/resources"))["items"]
    return found


# --- reading ----------------------------------------------------------------------------------------------------------


async def test_everything_is_in_the_library(practice: Practice, noor: httpx.AsyncClient) -> None:
    await sent(noor, "POST", "/api/templates", 201, title="Walks", what="Walk.", tags=["air"])
    await sent(noor, "POST", "/api/library/resources", 201, title="A song", link="https://example.org/song")
    page = read(await noor.get("/library"))
    for title in ("Walks", "A song", *(one.title for one in TEMPLATES.values())):
        assert title in page.text, title
    assert page.text.count("Comes with Intersession") == len(TEMPLATES)
    assert "Everything (12)" in page.text


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("?q=worry", "Worry time", "Sleep diary"),
        ("?q=WORRY+time", "Worry time", "Thought record"),
        ("?makes=journal", "Sleep diary", "Worry time"),
        ("?makes=given", "A song", "Worry time"),
        ("?makes=journal&q=sleep", "Sleep diary", "What was good today"),
        ("?q=zzz", "Nothing in the library is like that.", "Worry time"),
        ("?makes=nonsense", "Worry time", "Nothing in the library is like that."),
    ],
)
async def test_it_is_searched_and_filtered(
    practice: Practice, noor: httpx.AsyncClient, query: str, found: str, missing: str
) -> None:
    await sent(noor, "POST", "/api/library/resources", 201, title="A song", text="la la")
    text = read(await noor.get(f"/library{query}")).text
    assert found in text
    assert missing not in text


@pytest.mark.parametrize("key", TEMPLATES)
async def test_a_template_is_shown_as_the_client_meets_it(noor: httpx.AsyncClient, key: str) -> None:
    page = read(await noor.get(f"/library/templates/{key}"))
    words = " ".join(" ".join(page.words).split())
    template = TEMPLATES[key]
    for text in (template.title, template.what, template.about):
        assert " ".join(text.split()) in words
    for field in template.fields.values():
        assert field.prompt in words
    assert "template-form" not in forms_in((await noor.get(f"/library/templates/{key}")).text)


async def test_another_practice_has_its_own(practice: Practice, noor: httpx.AsyncClient) -> None:
    made = await sent(noor, "POST", "/api/templates", 201, title="secret", what="x")
    given = await sent(noor, "POST", "/api/library/resources", 201, title="secret", text="x")
    await practice.do(commands.CreatePractice(name="Süd"))
    await practice.do(commands.AddTherapist(username="kim", name="Kim", password=PASSWORD, practice="Süd"))
    async with practice.signed_in("kim") as kim:
        assert "secret" not in (await kim.get("/library")).text
        assert (await kim.get(f"/library/templates/{made['id']}")).status_code == 404
        assert (await kim.get(f"/library/resources/{given['id']}")).status_code == 404
        token = (await got(kim, "/api/me"))["csrf"]
        for kind, one in (("templates", made), ("resources", given)):
            fields = [("csrf", token), ("title", "mine")]
            assert (await send_form(kim, f"/library/{kind}/{one['id']}", fields)).status_code == 422
    assert [one["template"]["title"] for one in await own(noor)] == ["secret"]
    assert [one["resource"]["title"] for one in await resources(noor)] == ["secret"]


async def test_what_is_not_there_is_not_found(noor: httpx.AsyncClient) -> None:
    for path in ("templates/nonsense", f"templates/{uuid4()}", "resources/nonsense", f"resources/{uuid4()}"):
        assert (await noor.get(f"/library/{path}")).status_code == 404, path
    assert (await noor.get("/library/new-template?copy=nonsense")).status_code == 404


# --- templates --------------------------------------------------------------------------------------------------------


async def test_a_shipped_template_is_copied_and_the_copy_changed(noor: httpx.AsyncClient) -> None:
    page = "/library/new-template?copy=thought_record"
    answer = await submit(noor, page, "template-form", "/library/templates", title="Our thought record")
    assert answer.status_code == 303, answer.text
    (made,) = await own(noor)
    assert answer.headers["location"] == f"/library/templates/{made['id']}#saved"
    template, shipped = made["template"], TEMPLATES["thought_record"]
    assert (template["title"], template["what"], template["tags"]) == (
        "Our thought record",
        shipped.what,
        list(shipped.tags),
    )
    assert [one["prompt"] for one in sorted(template["fields"].values(), key=lambda one: one["order"])] == [
        one.prompt for one in sorted(shipped.fields.values(), key=lambda one: one.order)
    ]
    to = answer.headers["location"]
    await submit(noor, to, "template-form", to, what="Write it down.", tag_words="thoughts,  our own ,")
    (changed,) = await own(noor)
    assert (changed["template"]["what"], changed["template"]["tags"]) == ("Write it down.", ["thoughts", "our own"])
    assert len(changed["template"]["fields"]) == len(shipped.fields)


async def test_a_form_that_is_sent_as_it_is_changes_nothing(noor: httpx.AsyncClient) -> None:
    for key in TEMPLATES:
        await submit(noor, f"/library/new-template?copy={key}", "template-form", "/library/templates")
    before = {one["id"]: one["heads"] for one in await own(noor)}
    assert len(before) == len(TEMPLATES)
    for id_ in before:
        to = f"/library/templates/{id_}"
        assert (await submit(noor, to, "template-form", to)).status_code == 303
    assert {one["id"]: one["heads"] for one in await own(noor)} == before


async def test_a_template_of_ones_own(noor: httpx.AsyncClient) -> None:
    answer = await submit(
        noor,
        "/library/new-template",
        "template-form",
        "/library/templates",
        "when.weekdays=MO",
        title="Walks",
        what="Walk.",
        about="for us",
        when__repeats="weekly",
        **{
            "fields__+1__prompt": "How far?",
            "fields__+1__type": "number",
            "fields__+1__unit": "km",
            "fields__+2__prompt": "With whom?",
            "fields__+2__type": "several_of",
            "fields__+2__options": "alone\nfriends\n",
        },
    )
    assert answer.status_code == 303, answer.text
    template = (await own(noor))[0]["template"]
    far, whom = sorted(template["fields"].values(), key=lambda one: one["order"])
    assert (template["rule"], template["makes"], template["about"]) == ("FREQ=WEEKLY;BYDAY=MO", "homework", "for us")
    assert (far["prompt"], far["type"], far["unit"]) == ("How far?", "number", "km")
    assert (whom["type"], whom["options"]) == ("several_of", ["alone", "friends"])


async def test_steps_of_a_safety_plan_are_added_moved_and_removed(noor: httpx.AsyncClient) -> None:
    await submit(noor, "/library/new-template?copy=safety_plan", "template-form", "/library/templates")
    (made,) = await own(noor)
    steps = [key for key, _ in sorted(made["template"]["steps"].items(), key=lambda one: one[1]["order"])]
    to = f"/library/templates/{made['id']}"
    changes = {f"steps__{steps[0]}__text": "", f"steps__{steps[-1]}__place": "2", "steps__+1__text": "Ring Sam"}
    assert (await submit(noor, to, "template-form", to, **changes)).status_code == 303
    after = (await own(noor))[0]["template"]["steps"]
    order = sorted(after, key=lambda key: after[key]["order"])
    assert steps[0] not in after
    assert order[:2] == [steps[-1], steps[1]]
    assert (after[order[-1]]["text"], len(after)) == ("Ring Sam", len(steps))


async def test_what_others_changed_meanwhile_stays(noor: httpx.AsyncClient) -> None:
    made = await sent(noor, "POST", "/api/templates", 201, title="Walks", what="Walk.", about="a")
    to = f"/library/templates/{made['id']}"
    pairs = sent_by((await noor.get(to)).text, "template-form")
    await sent(noor, "PATCH", f"/api{to.removeprefix('/library')}", 200, about="for the air")
    edited = [(name, "Walk far." if name == "what" else value) for name, value in pairs]
    assert (await send_form(noor, to, edited)).status_code == 303
    template = (await own(noor))[0]["template"]
    assert (template["what"], template["about"]) == ("Walk far.", "for the air")


async def test_what_is_no_template_is_said(noor: httpx.AsyncClient) -> None:
    for changes in ({"title": " ", "what": "x"}, {"title": "x"}, {"title": "x", "what": "y", "tag_words": "t" * 65}):
        answer = await submit(noor, "/library/new-template", "template-form", "/library/templates", **changes)
        assert answer.status_code == 422, changes
    assert await own(noor) == []


# --- resources --------------------------------------------------------------------------------------------------------


async def test_a_resource_is_added_and_changed(noor: httpx.AsyncClient) -> None:
    answer = await submit(
        noor,
        "/library/new-resource",
        "resource-form",
        "/library/resources",
        title="Breathing",
        **{"steps__+1__text": "Breathe in", "steps__+2__text": "Breathe out"},
    )
    assert answer.status_code == 303, answer.text
    (made,) = await resources(noor)
    to = f"/library/resources/{made['id']}"
    assert answer.headers["location"] == f"{to}#saved"
    texts = [one["text"] for one in sorted(made["resource"]["steps"].values(), key=lambda one: one["order"])]
    assert texts == ["Breathe in", "Breathe out"]
    page = read(await noor.get(to)).text
    assert "Breathe out" in page
    assert "last changed by Noor Haddad" in page
    await submit(noor, to, "resource-form", to, link="https://example.org/x", tag_words="calm")
    (after,) = await resources(noor)
    assert (after["resource"]["link"], after["resource"]["tags"]) == ("https://example.org/x", ["calm"])
    assert (await submit(noor, to, "resource-form", to, link="javascript:alert(1)")).status_code == 422


async def test_a_resource_is_made_of_a_template(noor: httpx.AsyncClient) -> None:
    page = "/library/new-resource?copy=breathing"
    assert (await submit(noor, page, "resource-form", "/library/resources")).status_code == 303
    (made,) = await resources(noor)
    shipped = TEMPLATES["breathing"]
    assert (made["resource"]["title"], made["resource"]["text"]) == (shipped.title, shipped.what)
    texts = [one["text"] for one in sorted(made["resource"]["steps"].values(), key=lambda one: one["order"])]
    assert texts == [one.prompt for one in sorted(shipped.fields.values(), key=lambda one: one.order)]


async def test_the_api_changes_what_the_pages_change(noor: httpx.AsyncClient) -> None:
    template = await sent(noor, "POST", "/api/templates", 201, title="a", what="b")
    changed = await sent(noor, "PATCH", f"/api/templates/{template['id']}", 200, title="c", based_on=template["heads"])
    assert changed["template"]["title"] == "c"
    resource = await sent(noor, "POST", "/api/library/resources", 201, title="a", text="b")
    changed = await sent(noor, "PATCH", f"/api/library/resources/{resource['id']}", 200, text="c")
    assert (changed["resource"]["text"], await resources(noor)) == ("c", [changed])
    assert resource["resource"]["made_at"] is not None
    assert changed["resource"]["made_at"] == resource["resource"]["made_at"]
    await sent(noor, "PATCH", f"/api/templates/{resource['id']}", 404, title="x")
    await sent(noor, "PATCH", f"/api/templates/{template['id']}", 400, title="")


# --- for everybody ----------------------------------------------------------------------------------------------------


async def test_hostile_words_stay_words(noor: httpx.AsyncClient) -> None:
    fields = {"q": {"prompt": HOSTILE, "type": "one_of", "options": [HOSTILE, "b"]}}
    body = {"title": HOSTILE, "about": HOSTILE, "what": HOSTILE, "why": HOSTILE, "tags": [HOSTILE[:64]]}
    template = await sent(noor, "POST", "/api/templates", 201, fields=fields, **body)
    steps = {"s": {"text": HOSTILE}}
    resource = await sent(noor, "POST", "/api/library/resources", 201, title=HOSTILE, text=HOSTILE, steps=steps)
    for path in (
        "",
        f"/templates/{template['id']}",
        f"/resources/{resource['id']}",
        f"/new-template?copy={template['id']}",
    ):
        page = read(await noor.get(f"/library{path}"))
        assert HOSTILE in " ".join(page.words), path
        assert not any(tag == "img" for tag, _ in page.elements)
    sought = read(await noor.get("/library", params={"q": HOSTILE}))
    assert HOSTILE in [one.get("value") for tag, one in sought.elements if tag == "input"]


async def test_forms_need_their_token_and_a_therapist(practice: Practice, noor: httpx.AsyncClient) -> None:
    template = await sent(noor, "POST", "/api/templates", 201, title="a", what="b")
    resource = await sent(noor, "POST", "/api/library/resources", 201, title="a", text="b")
    fields = [("title", "x"), ("what", "y"), ("text", "z")]
    places = ("templates", f"templates/{template['id']}", "resources", f"resources/{resource['id']}")
    async with practice.browser() as nobody:
        for place in places:
            assert (await send_form(noor, f"/library/{place}", fields)).status_code == 403
            assert (await send_form(nobody, f"/library/{place}", fields)).status_code == 303  # to sign in
    assert (len(await own(noor)), len(await resources(noor))) == (1, 1)


# --- put away ---------------------------------------------------------------------------------------------------------


async def test_what_was_put_away_is_offered_to_nobody_and_can_be_brought_back(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    body = {"title": "Our sheet", "makes": "homework", "what": "x", "fields": {"a": {"prompt": "How was it?"}}}
    journal = {"title": "Our journal", "makes": "journal", "fields": {"a": {"prompt": "How was it?"}}}
    handout = {"title": "Our hand-out", "text": "in and out", "steps": {"a": {"text": "one"}}, "tags": ["calm"]}
    choosers = {
        "Our sheet": f"/clients/{client.id}/homework/new",
        "Our journal": f"/clients/{client.id}/plan/journal",
        "Our hand-out": "/library",
    }
    for what, path, new in (
        ("templates", "/api/templates", body),
        ("templates", "/api/templates", journal),
        ("resources", "/api/library/resources", handout),
    ):
        made = (await send(noor, "POST", path, new)).json()
        title, here = str(new["title"]), f"/library/{what}/{made['id']}"
        value = {key: one for key, one in made[what[:-1]].items() if key != "retired"}
        assert title in read(await noor.get(choosers[title])).text
        await submit(noor, here, "put-away", here)
        assert title not in read(await noor.get(choosers[title])).text
        assert title not in read(await noor.get("/library")).text
        assert title in read(await noor.get("/library?show=away")).text
        page = read(await noor.get(here)).text
        assert "Put away: nobody is offered it to start from." in page
        items = (await noor.get(path)).json()["items"]
        (kept,) = (one[what[:-1]] for one in items if one["id"] == made["id"])
        assert kept == {**value, "retired": True}  # nothing else of it was touched
        await submit(noor, here, "bring-back", here)
        assert title in read(await noor.get(choosers[title])).text
        assert title not in read(await noor.get("/library?show=away")).text
