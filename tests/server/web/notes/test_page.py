"""The notes of the care team: on the page and in the API, for those whom the chart is granted, and for nobody else."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.server.web.overview.test_page import HOSTILE
from tests.server.web.practice import MONDAY, Client, Practice, send
from tests.server.web.reading_pages import read, without_once

from intersession_schemas.streams import Audience
from intersession_server.accounts.tables import Person
from intersession_server.log.store import Reader
from intersession_server.projections.tables import ChartNote, Entry, Record
from intersession_server.web.notes import page as pages

pytestmark = pytest.mark.anyio


async def chart_of(client: Client) -> UUID:
    person = await Person.objects().where(Person.id == client.id).first()
    assert person is not None
    assert person.chart_stream is not None
    return UUID(str(person.chart_stream))


async def post(browser: httpx.AsyncClient, path: str, **form: Any) -> httpx.Response:
    csrf = (await browser.get("/api/me")).json()["csrf"]
    return await browser.post(path, data={"csrf": csrf, **form})


async def notes(browser: httpx.AsyncClient, client: Client) -> list[dict[str, Any]]:
    answer = await browser.get(f"/api/clients/{client.id}/notes")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_a_note_is_written_read_and_edited_on_the_page(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    path = f"/clients/{client.id}/notes"
    assert "No notes yet." in read(await noor.get(path)).text
    assert "Only the care team reads this." in read(await noor.get(path)).text
    answer = await post(noor, path, text="Call the sister.")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}#saved")
    assert "Noor Haddad Mon 2 Mar 2026, 09:00 Call the sister." in read(await noor.get(path)).text
    (note,) = await notes(noor, client)
    assert (note["note"]["text"], note["note"]["about"]) == ("Call the sister.", None)
    # Two edits of one version: both are kept.
    for text in ("Please: Call the sister.", "Call the sister. Tuesday."):
        answer = await post(noor, f"{path}/{note['id']}", text=text, based_on=note["heads"])
        assert answer.headers["location"] == f"{path}#note-{note['id']}"
    (after,) = await notes(noor, client)
    assert after["note"]["text"] == "Please: Call the sister. Tuesday."


async def test_a_note_may_be_about_something_of_the_record(practice: Practice, noor: httpx.AsyncClient) -> None:
    client, other = await practice.client("Alex"), await practice.client("Zoe")
    entry, theirs = await client.write("slept badly"), await other.write("theirs")
    path = f"/clients/{client.id}/notes"
    timeline = read(await noor.get(f"/clients/{client.id}/timeline"))
    assert f"{path}?about={entry}" in [found.get("href") for tag, found in timeline.elements if tag == "a"]
    page = read(await noor.get(path, params={"about": str(entry)}))
    assert "About: Journal entry: Mon 23 Feb 2026, 23:50" in page.text
    assert (await post(noor, path, text="Ask about it.", about=str(entry))).status_code == 303
    answer = await noor.get(path)
    (link,) = re.findall(r'<p class="about">About: <a href="([^"#]+)#item-', answer.text)
    assert f"item-{entry}" in read(await noor.get(link)).ids
    for wrong in (theirs, uuid4()):
        assert (await post(noor, path, text="x", about=str(wrong))).status_code == 422
        body = {"text": "x", "about": str(wrong)}
        assert (await send(noor, "POST", f"/api/clients/{client.id}/notes", body)).status_code == 404
        assert "About" not in read(await noor.get(path, params={"about": str(wrong)})).text.partition("Noor")[0]


async def test_the_api_writes_lists_and_changes_notes(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    path = f"/api/clients/{client.id}/notes"
    made = [(await send(noor, "POST", path, {"text": f"note {number}"})).json() for number in range(3)]
    first = (await noor.get(path, params={"limit": 2})).json()
    second = (await noor.get(path, params={"limit": 2, "before": first["next"]})).json()
    assert {one["id"] for one in (*first["items"], *second["items"])} == {one["id"] for one in made}
    assert second["next"] is None
    changed = await send(noor, "PATCH", f"{path}/{made[0]['id']}", {"text": "other", "based_on": made[0]["heads"]})
    assert (changed.status_code, changed.json()["note"]["text"]) == (200, "other")
    for body in ({"text": " "}, {"text": "x" * 12_001}, {}, {"text": "x", "odd": 1}):
        assert (await send(noor, "POST", path, body)).status_code == 400, body


async def test_a_colleague_reads_a_note_and_cannot_change_it(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await practice.therapist("sam", "Sam")
    await practice.do(practice.assign(client, "sam", "covering"))
    path = f"/clients/{client.id}/notes"
    await post(noor, path, text="By Noor.")
    (note,) = await notes(noor, client)
    async with practice.signed_in("sam") as sam:
        page = await sam.get(path)
        assert "By Noor." in read(page).text
        assert "Edit" not in read(page).text
        assert (await post(sam, f"{path}/{note['id']}", text="By Sam.")).status_code == 422
        answer = await send(sam, "PATCH", f"/api{path}/{note['id']}", {"text": "By Sam."})
        assert (answer.status_code, answer.json()["code"]) == (409, "not_author")
    assert [one["note"]["text"] for one in await notes(noor, client)] == ["By Noor."]


async def test_the_grant_of_the_record_alone_gives_no_notes(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    path = f"/clients/{client.id}/notes"
    await post(noor, path, text="For the chart.")
    (note,) = await notes(noor, client)
    me = UUID((await noor.get("/api/me")).json()["id"])
    await practice.services.log.end_grants(await chart_of(client), me, MONDAY)
    assert (await noor.get(f"/clients/{client.id}")).status_code == 200
    for address in (path, f"/fragments{path}", f"/api{path}"):
        answer = await noor.get(address)
        assert answer.status_code == 404
        assert "For the chart." not in answer.text
    assert (await post(noor, path, text="more")).status_code == 404
    assert (await send(noor, "POST", f"/api{path}", {"text": "more"})).status_code == 404
    assert (await send(noor, "PATCH", f"/api{path}/{note['id']}", {"text": "more"})).status_code == 404
    assert len(await ChartNote.select()) == 1


async def test_the_client_is_offered_no_chart_and_no_read_model_of_the_record_holds_a_note(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    entry = await client.write("slept badly")
    await post(noor, f"/clients/{client.id}/notes", text="Zaunkoenig", about=str(entry))
    chart = await chart_of(client)
    offered = await practice.services.log.offers(Reader(client.id, client.device))
    assert {one.audience for one in offered} == {Audience.RECORD, Audience.VAULT}
    assert chart not in {one.stream for one in offered}
    assert [row["stream"] for row in await ChartNote.select()] == [chart]
    for table in (Entry, Record):
        assert "Zaunkoenig" not in str(await table.select())
    client_path = f"/clients/{client.id}"
    for address in (client_path, f"{client_path}/timeline", f"{client_path}/brief", f"{client_path}/records/comments"):
        assert "Zaunkoenig" not in (await noor.get(address)).text, address
    before = without_once((await noor.get(f"{client_path}/notes")).text)
    await practice.services.projector.rebuild()
    assert without_once((await noor.get(f"{client_path}/notes")).text) == before


async def test_notes_are_paged(practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "NOTES_PER_PAGE", 2)
    client = await practice.client("Alex")
    for number in range(3):
        await post(noor, f"/clients/{client.id}/notes", text=f"note {number}.")
    first = await noor.get(f"/clients/{client.id}/notes")
    (path,) = re.findall(r'rel="next" href="([^"]+)"', first.text)
    second = await noor.get(path)
    found = [re.findall(r"note \d\.", read(one).text) for one in (first, second)]
    assert (len(set(found[0])), len(set(found[1]))) == (2, 1)
    assert len({*found[0], *found[1]}) == 3


async def test_nothing_in_a_note_becomes_markup(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await post(noor, f"/clients/{client.id}/notes", text=HOSTILE)
    page = read(await noor.get(f"/clients/{client.id}/notes"))
    assert not [tag for tag, _ in page.elements if tag == "img"]
    assert page.text.count("<script>alert('x')</script>") == 2  # and in the form that edits it
    assert "49" not in page.text
