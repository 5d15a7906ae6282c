"""What a therapist reads and writes of plans, goals, resources and comments; and who may."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.server.web.practice import MONDAY, Client, Practice, assigned, send

from intersession_schemas.documents.care.comments import Comment
from intersession_schemas.errors import RefusalCode
from intersession_schemas.records.kinds import SHAPES
from intersession_schemas.streams import Kind
from intersession_server.accounts.tables import Person
from intersession_server.app import routes_and_rules
from intersession_server.errors import StorageError
from intersession_server.log.submissions import Declined
from intersession_server.web.record import disclosure as care
from intersession_server.web.record import writing

pytestmark = pytest.mark.anyio


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


# --- plan -------------------------------------------------------------------------------------------------------------


async def test_a_plan_is_changed_field_by_field_and_element_by_element(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    plan = f"{base(await practice.client('Alex'))}/plan"
    first = await got(noor, plan)
    assert first["plan"]["sections"] == {}
    answer = await sent(
        noor,
        "PATCH",
        plan,
        introduction="each evening",
        sections={"helped": {"prompt": "What helped?"}, "+": {"prompt": "How was it?", "type": "yes_no"}},
        trackers={"worry": {"name": "worry", "low": 1, "high": 5, "rule": "daily"}},
    )
    (made,) = set(answer["plan"]["sections"]) - {"helped"}
    assert str(UUID(made)) == made
    assert (answer["id"], await got(noor, plan)) == (first["id"], answer)
    await sent(
        noor, "PATCH", plan, sections={made: None, "helped": {"required": True}}, pauses={"+": {"first": "2026-03-02"}}
    )
    after = (await got(noor, plan))["plan"]
    assert (after["introduction"], list(after["sections"]), len(after["pauses"])) == ("each evening", ["helped"], 1)
    assert (after["sections"]["helped"]["prompt"], after["sections"]["helped"]["required"]) == ("What helped?", True)


async def test_an_edit_of_an_older_view_is_merged_with_what_changed_since(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    await practice.therapist("sam", "Sam")
    client = await practice.client("Alex")
    await practice.do(practice.assign(client, "sam", "covering"))
    plan = f"{base(client)}/plan"
    await sent(noor, "PATCH", plan, introduction="Write each evening.", sections={"a": {"prompt": "What helped?"}})
    seen = (await got(noor, plan))["heads"]
    async with practice.signed_in("sam") as sam:
        await sent(sam, "PATCH", plan, introduction="Write each evening, please.", trackers={"w": {"name": "worry"}})
    answer = await sent(noor, "PATCH", plan, introduction="Write every evening.", sections={"a": None}, based_on=seen)
    assert answer["plan"]["introduction"] == "Write every evening, please."
    assert (answer["plan"]["sections"], list(answer["plan"]["trackers"])) == ({}, ["w"])
    assert len(answer["heads"]) == 2
    assert await got(noor, plan) == answer


async def test_a_version_that_is_not_known_here_is_said(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    for heads in (["00" * 32], (await got(noor, f"{base(client)}/plan"))["heads"] + ["00" * 32]):
        answer = await sent(noor, "PATCH", f"{base(client)}/plan", 409, introduction="x", based_on=heads)
        assert answer["code"] == "unknown_heads"


async def test_an_edit_that_changes_nothing_writes_nothing(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    before = await got(noor, f"{base(client)}/plan")
    assert await sent(noor, "PATCH", f"{base(client)}/plan", introduction="") == before
    assert await practice.audit("written") == []


async def test_two_edits_one_after_the_other_do_not_conflict(practice: Practice, noor: httpx.AsyncClient) -> None:
    """Also without `based_on`: the second is made on the first, and so wins."""
    plan = f"{base(await practice.client('Alex'))}/plan"
    for number in range(8):
        answer = await sent(noor, "PATCH", plan, journal_rule="daily" if number % 2 else "weekly")
        assert answer["plan"]["journal_rule"] == ("FREQ=DAILY" if number % 2 else "FREQ=WEEKLY")
        assert (answer["plan"]["problems"], len(answer["heads"])) == ([], 1)


# --- goals, resources, comments ---------------------------------------------------------------------------------------


async def test_a_goal_is_made_and_changed(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    goal = await sent(noor, "POST", f"{base(client)}/goals", 201, what="sleep", steps={"a": {"text": "no screens"}})
    assert goal["goal"]["made_at"] == "2026-03-02T09:00:00Z"
    answer = await sent(
        noor, "PATCH", f"{base(client)}/goals/{goal['id']}", state="reached", steps={"a": {"done_on": "2026-03-01"}}
    )
    assert (answer["goal"]["what"], answer["goal"]["state"]) == ("sleep", "reached")
    assert answer["goal"]["steps"]["a"]["done_on"] == "2026-03-01"
    assert (await got(noor, f"{base(client)}/goals"))["items"] == [answer]


async def test_a_clients_own_goal_may_be_changed_too(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await client.make(Kind.GOAL, SHAPES[Kind.GOAL].model(what="sleep", made_at=MONDAY))
    answer = await sent(noor, "PATCH", f"{base(client)}/goals/{id_}", steps={"+": {"text": "no screens"}})
    assert (answer["author"], len(answer["goal"]["steps"])) == (str(client.id), 1)


async def test_who_changed_it_last_is_said(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    by_client = await client.make(Kind.GOAL, SHAPES[Kind.GOAL].model(what="sleep", made_at=MONDAY))
    (goal,) = (await got(noor, f"{base(client)}/goals"))["items"]
    assert (goal["author"], goal["changed_by"]) == (str(client.id), str(client.id))
    therapist = (await got(noor, "/api/me"))["id"]
    answer = await sent(noor, "PATCH", f"{base(client)}/goals/{by_client}", why="to think")
    assert (answer["author"], answer["changed_by"]) == (str(client.id), therapist)
    assert (await got(noor, f"{base(client)}/goals"))["items"] == [answer]
    assert await sent(noor, "PATCH", f"{base(client)}/goals/{by_client}", why="to think") == answer


async def test_a_resource_and_what_is_said_of_it(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    made = await sent(noor, "POST", f"{base(client)}/resources", 201, title="Breathing", text="in and out")
    await client.make(Kind.COMMENT, Comment(on=UUID(made["id"]), helped=True, made_at=MONDAY))
    answer = await sent(noor, "PATCH", f"{base(client)}/resources/{made['id']}", tags=["calm"])
    assert (answer["helped"], answer["did_not_help"], answer["resource"]["tags"]) == (1, 0, ["calm"])
    assert (await got(noor, f"{base(client)}/resources"))["items"] == [answer]


async def test_comments_are_on_documents_of_this_record(practice: Practice, noor: httpx.AsyncClient) -> None:
    client, other = await practice.client("Alex"), await practice.client("Mira")
    entry, theirs = await client.write("slept badly"), await other.write("not Alex's")
    me = (await noor.get("/api/me")).json()["id"]
    made = await sent(noor, "POST", f"{base(client)}/comments", 201, on=str(entry), text="thank you")
    assert (made["author"], made["comment"]["helped"]) == (me, None)
    for id_ in (theirs, uuid4()):
        await sent(noor, "POST", f"{base(client)}/comments", 404, on=str(id_), text="x")
    assert (await got(noor, f"{base(client)}/comments", on=str(entry)))["items"] == [made]
    assert (await got(noor, f"{base(client)}/comments", on=str(theirs)))["items"] == []
    assert (await got(noor, f"{base(client)}/comments"))["items"] == [made]
    await got(noor, f"{base(client)}/comments", 400, on="nonsense")


# --- what is refused --------------------------------------------------------------------------------------------------

BAD: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("PATCH", "plan", {"sections": {"+": {"prompt": ""}}}, 400, "invalid_field"),
    ("PATCH", "plan", {"trackers": {"+": {"name": "w", "low": 9, "high": 1}}}, 400, "invalid_field"),
    ("PATCH", "plan", {"journal_rule": "hourly nonsense"}, 400, "invalid_field"),
    ("PATCH", "plan", {"nonsense": 1}, 400, "bad_request"),
    ("PATCH", "plan", {"introduction": 1}, 400, "bad_request"),
    ("POST", "homework", {}, 400, "invalid_field"),
    ("POST", "homework", {"what": "x", "due": "2026-03-02", "rule": "daily"}, 400, "invalid_field"),
    ("POST", "goals", {"what": "  "}, 400, "invalid_field"),
    ("POST", "resources", {"title": "nonsense", "link": "javascript:alert(1)"}, 400, "invalid_field"),
    ("POST", "comments", {"on": "nonsense", "text": "x"}, 400, "bad_request"),
    ("POST", "resources", {"title": "x", "text": "y" * 12_001}, 400, "bad_request"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), BAD)
async def test_what_no_document_may_hold_is_refused_and_not_quoted(
    practice: Practice, noor: httpx.AsyncClient, method: str, path: str, body: Any, status: int, code: str
) -> None:
    client = await practice.client("Alex")
    answer = await send(noor, method, f"{base(client)}/{path}", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "nonsense" not in answer.text
    assert await practice.audit("written") == []


REFUSALS = [
    (RefusalCode.NOT_WRITER, 403),
    (RefusalCode.UNKNOWN_STREAM, 403),
    (RefusalCode.ERASED, 409),
    (RefusalCode.WRONG_DOCUMENT, 409),
    (RefusalCode.TOO_LARGE, 413),
    (RefusalCode.TOO_MANY_OPERATIONS, 413),
    (RefusalCode.STORAGE_FAILED, 503),
]


@pytest.mark.parametrize(("code", "status"), REFUSALS)
async def test_what_the_log_refuses_is_said_with_its_code(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, code: RefusalCode, status: int
) -> None:
    client = await practice.client("Alex")

    async def refuse(*_: object) -> Declined:
        return Declined(code)

    monkeypatch.setattr(practice.services.log, "append", refuse)
    answer = await sent(noor, "POST", f"{base(client)}/goals", status, what="sleep")
    assert answer["code"] == code


async def test_too_much_at_once_is_refused(practice: Practice, noor: httpx.AsyncClient) -> None:
    steps = {f"{number:03}": {"text": "x" * 2_000} for number in range(12)}
    client = await practice.client("Alex")
    await sent(noor, "POST", f"{base(client)}/resources", 400, title="x", steps=steps)
    made = await sent(noor, "POST", f"{base(client)}/resources", 201, title="x", text="y")
    await sent(noor, "PATCH", f"{base(client)}/resources/{made['id']}", 400, steps=steps)


async def test_a_document_of_another_client_or_kind_is_not_there(practice: Practice, noor: httpx.AsyncClient) -> None:
    client, other = await practice.client("Alex"), await practice.client("Mira")
    theirs = (await sent(noor, "POST", f"{base(other)}/goals", 201, what="secret goal"))["id"]
    homework, entry = await assigned(noor, client), await client.write("one")
    for id_ in (theirs, homework, entry, uuid4()):
        answer = await send(noor, "PATCH", f"{base(client)}/goals/{id_}", {"what": "mine"})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert "secret" not in answer.text
    assert (await got(noor, f"{base(other)}/goals"))["items"][0]["goal"]["what"] == "secret goal"


# --- who may ----------------------------------------------------------------------------------------------------------


def writing_routes(practice: Practice, *rules: str) -> list[tuple[str, str]]:
    found = [(method, path) for path, method, rule in routes_and_rules(practice.app) if rule in rules]
    return [(method, path) for method, path in found if method not in ("GET", "WEBSOCKET")]


BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("PATCH", "plan"): {"introduction": "x"},
    ("POST", "plan/templates"): {"template": "safety_plan"},
    ("POST", "homework"): {"what": "x"},
    ("POST", "notes"): {"text": "x"},
    ("PATCH", "notes/{document:uuid}"): {"text": "y"},
    ("PATCH", "homework/{homework:uuid}"): {"what": "y"},
    ("POST", "homework/{homework:uuid}/again"): {"what": "z"},
    ("POST", "homework/{homework:uuid}/reviews"): {"decision": "keep"},
    ("POST", "goals"): {"what": "x"},
    ("PATCH", "goals/{document:uuid}"): {"what": "y"},
    ("POST", "resources"): {"title": "x", "text": "y"},
    ("PATCH", "resources/{document:uuid}"): {"title": "y"},
    ("POST", "comments"): {"text": "x"},
    ("POST", "sessions"): {"planned_at": "2026-03-10T10:00:00+01:00"},
    ("PATCH", "sessions/{document:uuid}"): {"state": "attended"},
    ("POST", "episodes"): {"reason": "x"},
    ("PATCH", "episodes/{document:uuid}"): {"phase": "treatment"},
    ("POST", "assessments"): {"instrument": "phq-9", "answers": {"q1": 1}},
    ("POST", "acknowledgements"): {"note": "x"},
}


async def requests(
    practice: Practice, noor: httpx.AsyncClient, client: Client
) -> list[tuple[str, str, dict[str, Any]]]:
    """One good request for each route that writes: also for those that somebody adds one day."""
    ids = {
        "{client:uuid}": str(client.id),
        "{homework:uuid}": str(await assigned(noor, client)),
        "goals/{document:uuid}": "goals/" + (await sent(noor, "POST", f"{base(client)}/goals", 201, what="x"))["id"],
        "resources/{document:uuid}": "resources/"
        + (await sent(noor, "POST", f"{base(client)}/resources", 201, title="x", text="y"))["id"],
        "sessions/{document:uuid}": "sessions/"
        + (await sent(noor, "POST", f"{base(client)}/sessions", 201, planned_at="2026-03-10T10:00:00+01:00"))["id"],
        "notes/{document:uuid}": "notes/" + (await sent(noor, "POST", f"{base(client)}/notes", 201, text="x"))["id"],
        "episodes/{document:uuid}": "episodes/" + (await sent(noor, "POST", f"{base(client)}/episodes", 201))["id"],
    }
    risk = await sent(noor, "POST", f"{base(client)}/assessments", 201, instrument="phq-9", answers={"q9": 1})
    found = []
    for method, path in writing_routes(practice, "client-record"):
        if not path.startswith("/api/"):
            continue  # what forms are sent to is tried where the pages are
        body = BODIES[method, path.removeprefix("/api/clients/{client:uuid}/")]
        if path.endswith("/comments"):
            body = {**body, "on": ids["{homework:uuid}"]}
        if path.endswith("/acknowledgements"):
            body = {**body, "signal": f"risk/{risk['id']}/q9/1"}
        for name, id_ in ids.items():
            path = path.replace(name, id_)
        found.append((method, path, body))
    assert len(found) == len(BODIES)
    return found


async def test_whoever_is_not_assigned_writes_nothing(practice: Practice, noor: httpx.AsyncClient) -> None:
    await practice.therapist("sam", "Sam")
    client = await practice.client("Alex")
    asked = await requests(practice, noor, client)
    head = (await practice.services.log.stream_heads())[client.stream]
    async with practice.signed_in("sam") as sam, practice.browser() as nobody:
        for method, path, body in asked:
            answer = await send(sam, method, path, body)
            unknown = await send(sam, method, path.replace(str(client.id), str(uuid4())), body)
            assert (answer.status_code, answer.content) == (404, unknown.content), path
            assert (await nobody.request(method, path, json=body)).status_code == 401, path
    assert (await practice.services.log.stream_heads())[client.stream] == head


async def test_every_write_needs_the_sessions_own_token_and_is_written_down(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    person = await Person.objects().get(Person.id == client.id)
    assert person is not None
    for method, path, body in await requests(practice, noor, client):
        stream = person.chart_stream if "/notes" in path else client.stream
        assert (await noor.request(method, path, json=body)).status_code == 403, path
        before = {row["id"] for row in await practice.audit("written")}
        answer = await send(noor, method, path, body)
        assert answer.status_code in (200, 201), answer.text
        rows = [row for row in await practice.audit("written") if row["id"] not in before]
        assert len(rows) == (2 if path.endswith("/again") else 1), path  # the one before it ends
        assert (rows[0]["client"], rows[0]["stream"]) == (client.id, stream)
        assert any(str(row["document"]) in answer.text for row in rows)
        assert rows[0]["web_session"] is not None


async def test_the_log_decides_who_writes_in_the_end(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Access that ends between the guard's look and the append ends the write."""
    client = await practice.client("Alex")
    therapist = UUID((await noor.get("/api/me")).json()["id"])

    async def noted_and_ended(*args: Any) -> None:
        await care.note_written(*args)
        await practice.services.log.end_grants(client.stream, therapist, MONDAY)

    monkeypatch.setattr(writing, "note_written", noted_and_ended)
    answer = await send(noor, "POST", f"{base(client)}/goals", {"what": "sleep"})
    assert (answer.status_code, answer.json()["code"]) == (403, "unknown_stream")


async def test_what_cannot_be_written_down_is_not_written(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await practice.client("Alex")
    before = (await practice.services.log.stream_heads())[client.stream]

    async def full(*_: Any, **__: Any) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(care, "record", full)
    assert (await send(noor, "POST", f"{base(client)}/goals", {"what": "sleep"})).status_code == 503
    assert (await practice.services.log.stream_heads())[client.stream] == before


async def test_the_row_is_the_therapists_with_the_session_as_its_device(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    me = (await noor.get("/api/me")).json()["id"]
    goal = await sent(noor, "POST", f"{base(client)}/goals", 201, what="sleep")
    (row,) = await practice.services.log.document_rows(UUID(goal["id"]))
    (written,) = await practice.audit("written")
    assert (str(row.author), row.device) == (me, written["web_session"])


async def test_an_answer_does_not_wait_for_ever_for_the_read_models(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "SHOWN_WITHIN", 0.01)
    client = await practice.client("Alex")
    await practice.services.projector.close()
    goal = await sent(noor, "POST", f"{base(client)}/goals", 201, what="sleep")
    for _ in range(1_000):  # nor is it applied for sure so soon
        if await practice.services.log.document_changes(UUID(goal["id"])):
            break
        await asyncio.sleep(0.01)
    answer = await sent(noor, "PATCH", f"{base(client)}/goals/{goal['id']}", why="rest")
    assert answer["goal"]["why"] == "rest"
    assert (await got(noor, f"{base(client)}/goals"))["items"] == []
