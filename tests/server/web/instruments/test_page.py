"""The practice's instruments, and the way of a wording from a file or pasted lines to one that clients are asked in."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.schemas.instruments.wording.forms import printed
from tests.schemas.instruments.wording.languages import ANSWERS, QUESTIONS, mood_in
from tests.server.accounts.world import PASSWORD
from tests.server.web.practice import Practice, send
from tests.server.web.reading_pages import Reader, read

from intersession_server.operator import commands
from intersession_server.web.record.instruments.brought import MOST_FILE

pytestmark = pytest.mark.anyio

HOSTILE = "<script>alert('x')</script> \"><img src=x onerror=alert(1)> {{ 7*7 }} </textarea>"
LINES = "\n".join([" / ".join(ANSWERS["en"]), *(f"{n}. {one}" for n, one in enumerate(QUESTIONS["en"], 1))])
ALL = [f"q{number}" for number in range(1, 10)]
CONFIRMED = {"items": ALL, "directions": ALL, "risks": ["q9"]}
LAUGHS = """<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<Questionnaire xmlns="http://hl7.org/fhir"><title value="&c;"/></Questionnaire>"""


async def sent(browser: httpx.AsyncClient, path: str, **fields: Any) -> httpx.Response:
    """What a form of these pages sends; `file` is uploaded."""
    file = fields.pop("file", None)
    fields["csrf"] = (await browser.get("/api/me")).json()["csrf"]
    files = None if file is None else {"file": ("form.json", file, "application/json")}
    return await browser.post(path, data=fields, files=files)


async def looked_at(browser: httpx.AsyncClient, file: bytes | None = None, **fields: Any) -> tuple[str, Reader]:
    """Send a wording to be looked at; where it is shown, and the page."""
    answer = await sent(browser, "/instruments/preview", file=file, **fields)
    assert answer.status_code == 303, answer.text
    place = answer.headers["location"].partition("#")[0]
    return place, read(await browser.get(place))


async def refused(browser: httpx.AsyncClient, file: bytes | None = None, **fields: Any) -> str:
    answer = await sent(browser, "/instruments/preview", file=file, **fields)
    assert answer.status_code == 422, answer.text
    return read(answer, 422).text


def boxes(page: Reader, name: str) -> list[str | None]:
    """The check boxes of a name, all of which a browser requires."""
    found = [one for tag, one in page.elements if tag == "input" and one.get("name") == name]
    assert all("required" in one for one in found)
    return [one["value"] for one in found]


async def test_each_instrument_says_what_it_is_and_whose(practice: Practice, noor: httpx.AsyncClient) -> None:
    listed = read(await noor.get("/instruments"))
    assert "Patient Health Questionnaire 9 (PHQ-9)" in listed.text
    assert "Clients can be asked Schedule these in a client’s plan." in listed.text
    one = read(await noor.get("/instruments/phq-9")).text
    for said in (
        "Free to use",
        "Pfizer Inc.",
        "No permission required to reproduce, translate, display or distribute.",
        "Look there for “",
        "Risk item: a signal from 1 up",
        "Sum of 9 items, 0–27",
        "10–14 moderate",
        "Reliable-change threshold: 6 points",
        "Clients cannot be asked yet",
    ):
        assert said in one
    assert (await noor.get("/instruments/nothing")).status_code == 404
    for key in ("epds", "c-ssrs", "swemwbs", "audit", "ors", "check-in", "pss-10"):
        read(await noor.get(f"/instruments/{key}"))


async def test_pasted_lines_are_confirmed_item_by_item_and_then_offered(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    place, page = await looked_at(noor, lines=LINES + "\nThank you", instrument="phq-9", language="en")
    assert "These words have not been compared with an official text" in page.text
    assert boxes(page, "items") == boxes(page, "directions") == ALL
    assert boxes(page, "risks") == ["q9"]
    assert "Line 11: Thank you" in page.text
    of = place.partition("of=")[2]
    without = {**CONFIRMED, "items": ALL[:8]}
    answer = await sent(noor, "/instruments/import", of=of, **{"as": "phq-9"}, **without)
    assert answer.status_code == 422
    assert "items: not confirmed: q9." in answer.text
    assert await practice.audit("instrument_imported") == []
    answer = await sent(noor, "/instruments/import", of=of, **{"as": "phq-9"}, **CONFIRMED)
    assert (answer.status_code, answer.headers["location"]) == (303, "/instruments/phq-9#saved")
    shown = read(await noor.get("/instruments/phq-9")).text
    assert "Wording imported" in shown
    assert "Less pleasure 0 Never · 1 Now and then · 2 Often · 3 Always" in shown
    me = (await noor.get("/api/me")).json()
    (row,) = await practice.audit("instrument_imported")
    assert (str(row["person"]), row["operator"]) == (me["id"], None)
    assert (await noor.get(place)).status_code == 404


async def test_what_is_scheduled_then_reaches_the_record(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    body = {"lines": LINES, "instrument": "phq-9", "language": "en"}
    preview = (await send(noor, "POST", "/api/instruments/preview", body)).json()
    assert (preview["verified"], preview["by_order"]) == (False, True)
    answer = await send(noor, "POST", "/api/instruments", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_field")
    made = await send(noor, "POST", "/api/instruments", body | {"confirmed": preview["to_confirm"]})
    assert (made.status_code, made.json()["status"], made.json()["already"]) == (201, "imported", False)
    again = await send(noor, "POST", "/api/instruments", body | {"confirmed": preview["to_confirm"]})
    assert again.json()["already"] is True
    assert len(await practice.audit("instrument_imported")) == 1
    plan = {"assessments": {"weekly": {"instrument": "phq-9", "rule": "weekly"}}}
    assert (await send(noor, "PATCH", f"/api/clients/{client.id}/plan", plan)).status_code == 200
    rows = await practice.services.log.stream_rows(client.stream, 0, 100)
    assert "instrument" in {row.kind for row in rows}
    detail = (await noor.get("/api/instruments/phq-9")).json()
    assert detail["wording"]["prompts"]["q1"]["text"] == "Less pleasure"
    assert (await noor.get("/api/instruments/nothing")).status_code == 404


@pytest.mark.parametrize("form", ["json", "xml", "utf-16", "text"])
async def test_a_file_is_found_out_for_what_it_is(noor: httpx.AsyncClient, form: str) -> None:
    file = json.dumps(mood_in("de"), ensure_ascii=False)
    fields = {"instrument": "", "language": ""}
    if form == "text":
        raw, fields["instrument"] = LINES.encode(), "phq-9"
    elif form == "xml":
        raw = XML.encode()
        fields["instrument"] = "new"
    else:
        raw = file.encode("utf-16") if form == "utf-16" else file.encode()
    _, page = await looked_at(noor, raw, **fields)
    wanted = "Check an instrument of your own: Weather" if form == "xml" else "Check the wording: Patient Health"
    assert wanted in page.text


XML = """<Questionnaire xmlns="http://hl7.org/fhir"><status value="active"/><title value="Weather"/>
<item><linkId value="1"/><text value="Was it grey?"/><type value="boolean"/></item></Questionnaire>"""


async def test_what_does_not_fit_says_why_and_cannot_be_confirmed(noor: httpx.AsyncClient) -> None:
    form = mood_in("en")
    form["item"][0]["text"], form["item"][8]["text"] = form["item"][8]["text"], form["item"][0]["text"]
    place, page = await looked_at(noor, json.dumps(form).encode(), instrument="phq-9")
    assert "This cannot be taken as the Patient Health Questionnaire 9 (PHQ-9). Nothing was stored." in page.text
    assert "It asks about death or self-harm" in page.text
    assert boxes(page, "items") == []
    of = place.partition("of=")[2]
    answer = await sent(noor, "/instruments/import", of=of, **{"as": "phq-9"}, **CONFIRMED)
    assert answer.status_code == 422


async def test_an_instrument_of_ones_own_has_the_risk_items_that_were_chosen(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    lines = "0 = Never\n1 = Often\n2 = Always\n\n1. Was it grey?\n2. Thoughts of suicide"
    place, page = await looked_at(noor, lines=lines, instrument="new", title="Weather inside")
    assert "Check an instrument of your own: Weather inside" in page.text
    assert boxes(page, "risks") == ["q2"]
    keys = ["q1", "q2"]
    of = place.partition("of=")[2]
    fields = {"of": of, "as": "new", "items": keys, "directions": keys, "risks": ["q2"], "watch.q2": "1"}
    answer = await sent(noor, "/instruments/import", **fields, **{"watch.q1": "9"})
    assert answer.status_code == 422
    answer = await sent(noor, "/instruments/import", **fields, **{"watch.q1": ""})
    assert answer.status_code == 303, answer.text
    shown = read(await noor.get(answer.headers["location"])).text
    assert "Weather inside" in shown
    assert "Risk item: a signal from 1 up" in shown


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (LAUGHS.encode(), "Not saved"),
        (b"[" * 100_000, "Nested too deeply"),
        (json.dumps({"resourceType": "Questionnaire", "item": []}).encode(), "Not saved"),
        (b'{"resourceType": "Questionnaire", "secret words', "Not JSON"),
        (b"\x89PNG\r\n\xff\x00secret", "copy its questions and paste them"),
        (b"x" * (MOST_FILE + 1), "larger than 1 MiB"),
        (b"", "Choose a file, or paste the lines"),
    ],
)
async def test_hostile_files_are_refused_and_nothing_of_them_is_said(
    practice: Practice, noor: httpx.AsyncClient, capfd: pytest.CaptureFixture[str], file: bytes, said: str
) -> None:
    text = await refused(noor, file, instrument="phq-9" if file[:1] == b"x" else "")
    assert said in text
    assert "secret" not in text
    assert "secret" not in "".join(capfd.readouterr())


async def test_lines_need_to_be_of_something_and_either_file_or_lines(noor: httpx.AsyncClient) -> None:
    assert "Say which instrument these lines are" in await refused(noor, lines=LINES)
    assert "needs a name" in await refused(noor, lines=LINES, instrument="new")
    assert "not both" in await refused(noor, b"{}", lines=LINES, instrument="phq-9")
    assert "There is no known instrument" in await refused(noor, lines=LINES, instrument="nothing")
    text = await refused(noor, lines="\n".join(LINES.split("\n")[:5]), instrument="phq-9")
    assert "lines 2 to 5: 4 questions were found" in text


async def test_hostile_markup_in_a_questionnaire_is_text(noor: httpx.AsyncClient) -> None:
    form = printed("gad-7")
    form["title"] = HOSTILE
    for item in form["item"]:
        item["text"] = f"{item['text']} {HOSTILE}"
        item["answerOption"][0]["valueCoding"]["display"] = f"Never {HOSTILE}"
    place, page = await looked_at(noor, json.dumps(form).encode(), instrument="gad-7")
    assert HOSTILE in page.text
    keys = [f"q{number}" for number in range(1, 8)]
    of = place.partition("of=")[2]
    answer = await sent(noor, "/instruments/import", of=of, **{"as": "gad-7"}, items=keys, directions=keys)
    assert answer.status_code == 303, answer.text
    assert HOSTILE in read(await noor.get("/instruments/gad-7")).text
    _, own = await looked_at(noor, json.dumps(form).encode(), instrument="new")
    assert HOSTILE in own.text


async def test_what_somebody_is_looking_at_is_theirs_and_forgotten(practice: Practice, noor: httpx.AsyncClient) -> None:
    await practice.therapist("sam", "Sam")
    place, _ = await looked_at(noor, lines=LINES, instrument="phq-9")
    async with practice.signed_in("sam") as sam:
        assert (await sam.get(place)).status_code == 404
        of = place.partition("of=")[2]
        answer = await sent(sam, "/instruments/import", of=of, **{"as": "phq-9"}, **CONFIRMED)
        assert answer.status_code == 422
    assert (await noor.get(place)).status_code == 200
    for _ in range(4):
        await looked_at(noor, lines=LINES, instrument="phq-9")
    assert (await noor.get(place)).status_code == 404
    assert (await noor.get(f"/instruments/preview?of={uuid4()}")).status_code == 404


async def test_a_wording_is_the_practices_and_of_no_other(practice: Practice, noor: httpx.AsyncClient) -> None:
    await practice.do(commands.CreatePractice(name="Süd"))
    await practice.do(commands.AddTherapist(username="sam", name="Sam", password=PASSWORD, practice="Süd"))
    body = {"lines": LINES, "instrument": "phq-9", "confirmed": CONFIRMED}
    assert (await send(noor, "POST", "/api/instruments", body)).status_code == 201
    async with practice.signed_in("sam") as sam:
        assert "Less pleasure" not in (await sam.get("/instruments/phq-9")).text
        assert (await sam.get("/api/instruments/phq-9")).json()["wording"] is None


async def test_nothing_is_sent_without_the_token_of_the_session(noor: httpx.AsyncClient) -> None:
    for path in ("/instruments/preview", "/instruments/import"):
        answer = await noor.post(path, data={"lines": LINES, "instrument": "phq-9", "of": str(uuid4())})
        assert answer.status_code == 403
    answer = await noor.post("/api/instruments", json={"lines": LINES})
    assert answer.status_code == 403
