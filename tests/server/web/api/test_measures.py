"""What a therapist reads and writes of sessions, episodes and assessments, and what is made of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from tests.server.accounts.world import Clock
from tests.server.web.practice import MONDAY, Client, Practice, send

from intersession_schemas.documents.assessments.wordings import Wording
from intersession_schemas.measures import brief as briefs
from intersession_schemas.measures import material as materials
from intersession_server.operator import commands
from intersession_server.projections import record_reading
from intersession_server.projections.applied import Applied
from intersession_server.projections.filing import filing, plan_at

pytestmark = pytest.mark.anyio

MILD = {f"q{number}": 1 for number in range(1, 10)} | {"q9": 0}
SEVERE = {f"q{number}": 3 for number in range(1, 10)} | {"q9": 1}
FORM: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "title": "Two of our own",
    "language": "en",
    "item": [
        {
            "linkId": str(number),
            "type": "choice",
            "text": f"Question {number} of ours?",
            "answerOption": [
                {
                    "valueCoding": {"code": f"c{score}", "display": label},
                    "extension": [
                        {"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": score}
                    ],
                }
                for score, label in enumerate(("no", "a little", "yes"))
            ],
        }
        for number in (1, 2)
    ],
}


def base(client: Client) -> str:
    return f"/api/clients/{client.id}"


async def sent(browser: httpx.AsyncClient, method: str, path: str, status: int = 200, **body: Any) -> Any:
    answer = await send(browser, method, path, body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def got(browser: httpx.AsyncClient, path: str, status: int = 200, **params: Any) -> Any:
    answer = await browser.get(path, params=params)
    assert answer.status_code == status, answer.text
    return answer.json()


async def paper(browser: httpx.AsyncClient, client: Client, answers: dict[str, int], at: datetime, **more: Any) -> Any:
    body = {"instrument": "phq-9", "answers": answers, "at": at.isoformat(), **more}
    return await sent(browser, "POST", f"{base(client)}/assessments", 201, **body)


def form(**changes: Any) -> bytes:
    return msgspec.json.encode(FORM | changes)


async def brought(practice: Practice, **changes: Any) -> commands.InstrumentImported:
    result = await practice.do(commands.ImportInstrument(questionnaire=form(**changes)))
    assert isinstance(result, commands.InstrumentImported)
    return result


# --- assessments ------------------------------------------------------------------------------------------------------


async def test_scores_from_paper_are_kept_by_item_and_scored(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    me = (await noor.get("/api/me")).json()["id"]
    made = await paper(noor, client, MILD, MONDAY)
    assert (made["assessment"]["state"], made["assessment"]["administered_by"]) == ("completed", me)
    (completion,) = made["assessment"]["completions"]
    assert (completion["answers"], completion["wording"]["status"]) == (MILD, "paper")
    assert (await got(noor, f"{base(client)}/assessments"))["items"] == [made]
    await paper(noor, client, SEVERE, MONDAY + timedelta(days=3))
    newest, first = (await got(noor, f"{base(client)}/scores"))["items"]
    assert (first["score"]["score"], first["score"]["band"], first["compared"]) == (8, "mild", [])
    assert (newest["score"]["score"], newest["score"]["band"], newest["paper"]) == (25, "severe", True)
    (compared,) = newest["compared"]
    assert (compared["against"], compared["change"]["verdict"]) == ("last", "reliable deterioration")
    assert (await got(noor, f"{base(client)}/scores", instrument="gad-7"))["items"] == []


async def test_answers_that_an_instrument_does_not_have_are_refused(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    path = f"{base(client)}/assessments"
    head = (await practice.services.log.stream_heads())[client.stream]
    for body in (
        {"instrument": "phq-9", "answers": {"q1": 4}},
        {"instrument": "phq-9", "answers": {"q99": 1}},
        {"instrument": "phq-9", "answers": {"q1": True}},
        {"instrument": "phq-9", "answers": {}},
        {"instrument": "nothing", "answers": {"q1": 1}},
        {"instrument": "phq-9", "answers": {"q1": 1}, "at": "2026-02-23T10:00:00"},
    ):
        assert (await send(noor, "POST", path, body)).status_code == 400, body
    await sent(noor, "POST", path, 404, instrument="phq-9", answers={"q1": 1}, amends=str(uuid4()))
    assert (await practice.services.log.stream_heads())[client.stream] == head


async def test_a_corrected_assessment_is_no_longer_compared_with(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    wrong = await paper(noor, client, SEVERE, MONDAY)
    await paper(noor, client, MILD, MONDAY, amends=wrong["id"])
    found = (await got(noor, f"{base(client)}/scores"))["items"]
    assert sorted((one["score"]["score"], one["amended"]) for one in found) == [(8, False), (25, True)]
    (signal,) = (await got(noor, f"{base(client)}/signals"))["items"]
    assert (signal["kind"], "corrected later" in signal["text"]) == ("risk", True)


# --- signals ----------------------------------------------------------------------------------------------------------


async def test_a_signal_is_told_with_its_age_and_acknowledged(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await paper(noor, client, SEVERE, MONDAY)
    (signal,) = (await got(noor, f"{base(client)}/signals"))["items"]
    assert (signal["kind"], signal["age_hours"], signal["acknowledged"]) == ("risk", 154, [])
    assert (signal["late"], "7 days ago" in signal["text"]) == (True, True)
    await sent(noor, "POST", f"{base(client)}/acknowledgements", 201, signal=signal["id"], note="Called her.")
    (after,) = (await got(noor, f"{base(client)}/signals"))["items"]
    (seen,) = after["acknowledged"]
    me = (await noor.get("/api/me")).json()["id"]
    assert (seen["by"], seen["note"]) == (me, "Called her.")
    assert after | {"acknowledged": []} == signal
    await sent(noor, "POST", f"{base(client)}/acknowledgements", 404, signal="risk/none", note="x")


async def test_silence_says_when_a_device_was_last_heard(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await practice.client("Alex")
    for day in range(10):
        await client.write("daily", at=MONDAY - timedelta(days=day))
    (signal,) = (await got(noor, f"{base(client)}/signals"))["items"]
    assert (signal["kind"], "Last sync: 2026-02-23." in signal["text"]) == ("silence", True)

    async def heard(_: Any) -> dict[UUID, datetime]:
        return {client.id: datetime(2026, 2, 28, 9, tzinfo=UTC)}

    monkeypatch.setattr(practice.services.devices, "last_heard", heard)
    (signal,) = (await got(noor, f"{base(client)}/signals"))["items"]
    assert "Last sync: 2026-02-28." in signal["text"]
    # In another zone it is another day, and so another signal: it is acknowledged in the zone it was asked for in.
    (there,) = (await got(noor, f"{base(client)}/signals", zone="Pacific/Auckland"))["items"]
    assert there["id"] != signal["id"]
    path = f"{base(client)}/acknowledgements"
    await sent(noor, "POST", path, 404, signal=there["id"])
    await sent(noor, "POST", path, 201, signal=there["id"], zone="Pacific/Auckland")


# --- sessions and episodes --------------------------------------------------------------------------------------------


async def test_sessions_are_planned_and_kept(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    path = f"{base(client)}/sessions"
    first = await sent(noor, "POST", path, 201, planned_at="2026-03-03T10:00:00+01:00")
    await sent(noor, "POST", path, 201, planned_at="2026-03-10T10:00:00+01:00", minutes=90)
    assert (first["session"]["state"], first["session"]["minutes"]) == ("planned", 50)
    after = await sent(noor, "PATCH", f"{path}/{first['id']}", state="attended", based_on=first["heads"])
    assert after["session"]["state"] == "attended"
    items = (await got(noor, path))["items"]
    assert [one["session"]["minutes"] for one in items] == [90, 50]
    assert items[1] == after
    assert (await send(noor, "POST", path, {"minutes": 50})).status_code == 400
    assert (await send(noor, "PATCH", f"{path}/{first['id']}", {"state": "late"})).status_code == 400
    await sent(noor, "PATCH", f"{path}/{uuid4()}", 404, state="missed")


async def test_an_episode_has_phases_and_a_baseline(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    path = f"{base(client)}/episodes"
    base_line = await paper(noor, client, SEVERE, MONDAY)
    (first,) = (await got(noor, path))["items"]  # began with the record
    assert (first["episode"]["phase"], first["episode"]["began_on"]) == ("assessment", "2026-03-02")
    after = await sent(
        noor,
        "PATCH",
        f"{path}/{first['id']}",
        phase="treatment",
        reason="after the accident",
        began_on="2026-02-20",
        baseline={"phq-9/total": {"assessment": base_line["id"]}},
    )
    assert (after["episode"]["phase"], after["episode"]["reason"]) == ("treatment", "after the accident")
    assert after["episode"]["phase_began_on"] == "2026-03-02"
    again = await sent(noor, "PATCH", f"{path}/{first['id']}", phase="treatment", phase_began_on="2026-02-25")
    assert again["episode"]["phase_began_on"] == "2026-02-25"
    await paper(noor, client, MILD, MONDAY + timedelta(days=4))
    newest = (await got(noor, f"{base(client)}/scores"))["items"][0]
    assert [(one["against"], one["change"]["verdict"]) for one in newest["compared"]] == [
        ("baseline", "reliable improvement"),
        ("last", "reliable improvement"),
    ]
    ended = await sent(noor, "PATCH", f"{path}/{first['id']}", phase="ended")
    assert ended["episode"]["ended_on"] == "2026-03-02"
    assert (await got(noor, path))["items"] == [ended]
    assert (await sent(noor, "POST", path, 201))["episode"]["began_on"] == "2026-03-02"


# --- the brief --------------------------------------------------------------------------------------------------------


async def filled(practice: Practice, noor: httpx.AsyncClient, clock: Clock) -> tuple[Client, str]:
    """A record with something of everything, and the session that a brief is for."""
    client = await practice.client("Alex")
    path = f"{base(client)}/sessions"
    last = await sent(noor, "POST", path, 201, planned_at="2026-02-20T10:00:00+01:00", state="attended")
    assert last["session"]["state"] == "attended"
    coming = await sent(noor, "POST", path, 201, planned_at="2026-03-03T10:00:00+01:00")
    await client.write("written after the session", tags=["sleep"], mood=4)
    await client.log({"worry": 3})
    await client.log({"worry": 4}, at=MONDAY + timedelta(days=1))
    await paper(noor, client, SEVERE, MONDAY)
    clock.move(minutes=5)
    await sent(noor, "PATCH", f"{base(client)}/plan", trackers={"w": {"name": "worry", "low": 1, "high": 5}})
    await sent(noor, "POST", f"{base(client)}/goals", 201, what="sleep")
    return client, coming["id"]


async def test_a_brief_is_the_bytes_that_its_rows_make(
    practice: Practice, noor: httpx.AsyncClient, clock: Clock
) -> None:
    client, session = await filled(practice, noor, clock)
    params = {"session": session, "zone": "Europe/Berlin", "locale": "en", "now": "2026-03-02T10:00:00+01:00"}
    answer = await noor.get(f"{base(client)}/brief", params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    told = answer.json()
    cut = msgspec.convert(told["cut"], materials.Cut)
    assert cut.heads == {str(client.stream): (await practice.services.log.stream_heads())[client.stream]}
    assert (told["session"], told["cut"]["zone"]) == (session, "Europe/Berlin")
    assert [one["text"] for one in told["entries"]] == ["written after the session"]
    assert [one["kind"] for one in told["signals"]] == ["risk"]
    assert [one["measured"]["score"]["score"] for one in told["scores"]] == [25]
    assert told["plan_changes"]

    # Once more, from the rows alone.
    rows = await practice.services.log.stream_rows(client.stream, 0, 1_000)
    documents = dict.fromkeys(row.document for row in rows)
    filed = [filing(Applied([row for row in rows if row.document == id_])) for id_ in documents]
    heard = max(row.received_at for row in rows if row.author == client.id)
    found = materials.material(
        (one.document for one in filed if one is not None and one.document is not None), heard_at=heard
    )
    begun = materials.begins(found, cut, UUID(session)).at
    plan = [row for row in rows if row.kind == "plan"]
    whole = msgspec.structs.replace(found, plan_then=plan_at(plan, begun))
    assert briefs.encode(briefs.brief(whole, cut, UUID(session))) == answer.content


async def test_a_brief_can_be_made_once_more(practice: Practice, noor: httpx.AsyncClient, clock: Clock) -> None:
    client, session = await filled(practice, noor, clock)
    path = f"{base(client)}/brief"
    first = await noor.get(path, params={"session": session, "zone": "Europe/Berlin"})
    cut = first.json()["cut"]
    (head,) = cut["heads"].values()
    clock.move(minutes=20)
    await client.write("a later one", at=MONDAY + timedelta(hours=1))
    await paper(noor, client, MILD, MONDAY + timedelta(days=5))
    again = {"session": session, "zone": "Europe/Berlin", "now": cut["now"]}
    assert (await noor.get(path, params=again | {"head": head})).content == first.content
    later = await noor.get(path, params=again)
    assert [one["text"] for one in later.json()["entries"]] == ["written after the session", "a later one"]
    assert (await noor.get(path, params=again | {"head": head})).content == first.content


async def test_a_brief_asks_for_what_there_is(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    path = f"{base(client)}/brief"
    told = await got(noor, path)
    assert (told["session"], told["entries"], told["cut"]["zone"], told["cut"]["locale"]) == (None, [], "UTC", "en")
    await got(noor, path, 404, session=str(uuid4()))
    for wrong in (
        {"zone": "Nowhere/At all"},
        {"zone": "../etc"},
        {"now": "2026-03-02"},
        {"head": 10_000},
        {"locale": "?"},
    ):
        await got(noor, path, 400, **wrong)
    assert (await practice.audit("brief_read"))[0]["client"] == client.id


async def test_what_a_client_took_back_is_in_no_brief(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await client.write("withdrawn later")
    assert [one["text"] for one in (await got(noor, f"{base(client)}/brief"))["entries"]] == ["withdrawn later"]
    await client.erase(id_)
    assert (await got(noor, f"{base(client)}/brief"))["entries"] == []


# --- instruments ------------------------------------------------------------------------------------------------------


async def test_the_instruments_say_whether_clients_can_be_asked(practice: Practice, noor: httpx.AsyncClient) -> None:
    mine = await brought(practice)
    items = {one["key"]: one for one in (await got(noor, "/api/instruments"))["items"]}
    assert (items["check-in"]["status"], items["check-in"]["offered"]) == ("own", True)
    assert (items["phq-9"]["status"], items["phq-9"]["offered"]) == ("none", False)
    assert (items[mine.key]["title"], items[mine.key]["status"]) == ("Two of our own", "imported")
    assert [one["allowed"] for one in items[mine.key]["items"]] == [[0, 1, 2], [0, 1, 2]]
    assert "Question 1 of ours" not in items["phq-9"]["items"][0]["label"]


async def test_scheduling_brings_the_wording_into_the_record(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    mine = await brought(practice)
    plan = f"{base(client)}/plan"
    await sent(noor, "PATCH", plan, assessments={"a": {"instrument": mine.key, "rule": "weekly"}})
    held = await record_reading.wordings(client.id)
    assert [one.prompts["q1"].text for one in held.values()] == ["Question 1 of ours?"]
    head = (await practice.services.log.stream_heads())[client.stream]
    await sent(
        noor, "PATCH", plan, assessments={"a": {"open_days": 3}, "b": {"instrument": "check-in", "rule": "weekly"}}
    )
    assert (await practice.services.log.stream_heads())[client.stream] == head + 1  # the plan, no second copy
    changed = [FORM["item"][0] | {"text": "Question 1 of ours, better?"}, FORM["item"][1]]
    newer = await brought(practice, item=changed)
    await sent(noor, "PATCH", plan, assessments={"c": {"instrument": newer.key, "rule": "weekly"}})
    assert newer.key in await record_reading.wordings(client.id)


async def test_paper_scores_of_an_own_instrument_bring_its_definition(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    mine = await brought(practice)
    await sent(noor, "POST", f"{base(client)}/assessments", 201, instrument=mine.key, answers={"q1": 2, "q2": 1})
    (one,) = (await got(noor, f"{base(client)}/scores"))["items"]
    assert (one["title"], one["score"]["score"], one["score"]["band"]) == ("Two of our own", 3, None)
    assert isinstance((await record_reading.wordings(client.id))[mine.key], Wording)


async def test_an_instrument_belongs_to_the_practice_that_brought_it(practice: Practice) -> None:
    mine = await brought(practice)
    await practice.do(commands.CreatePractice(name="South"))
    await practice.do(commands.AddTherapist(username="sam", name="Sam", password="a long password", practice="South"))
    async with practice.browser() as browser:
        answer = await browser.post("/sign-in", json={"username": "sam", "password": "a long password"})
        assert answer.status_code == 200
        items = {one["key"] for one in (await got(browser, "/api/instruments"))["items"]}
    assert mine.key not in items
    assert "phq-9" in items


# --- homework and symptoms together -----------------------------------------------------------------------------------


async def test_homework_and_a_symptom_are_told_with_every_week_and_the_other_explanations(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    for week in range(3):
        await client.log({"worry": 4 - week}, at=MONDAY - timedelta(weeks=3 - week))
    assigned = await sent(noor, "POST", f"{base(client)}/homework", 201, what="Walk", rule="daily", since="2026-01-05")
    told = await got(noor, f"{base(client)}/together", symptom="worry", homework=assigned["id"])
    assert told["together"]["words"] == "too little data"
    assert [one["symptom"]["value"] for one in told["together"]["points"] if one["symptom"]] == [4.0, 3.0, 2.0]
    assert len(told["rival_explanations"]) >= 5
    assert (await got(noor, f"{base(client)}/together", symptom="never logged"))["together"]["points"] == []
    await got(noor, f"{base(client)}/together", 400, symptom="worry", homework=str(uuid4()))
