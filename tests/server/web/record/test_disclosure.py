from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.server.accounts.world import Clock
from tests.server.web.api.test_diary import items
from tests.server.web.practice import MONDAY, Client, Practice, assigned, send

from intersession_server.accounts import audit
from intersession_server.accounts.tables import Person
from intersession_server.app import routes_and_rules
from intersession_server.errors import StorageError
from intersession_server.projections.tables import Projected
from intersession_server.web.record import disclosure as care

pytestmark = pytest.mark.anyio


LEADS_ON = {"/clients/{client:uuid}/search"}
"""Old addresses, which answer with another one and nothing else."""


SOME = f"?kept=AAAAAA&only={UUID(int=0)}"
"""What the rows of some clients alone are asked for with."""


def paths(
    practice: Practice, client: UUID, *rules: str, homework: UUID | None = None, document: UUID | None = None
) -> list[str]:
    """Every address with one of these access rules, about a client: also those that somebody adds one day."""
    found = [
        path
        for path, method, rule in routes_and_rules(practice.app)
        if rule in rules and method == "GET" and path not in LEADS_ON
    ]
    ids = {
        "{client:uuid}": client,
        "{homework:uuid}": homework or uuid4(),
        "{document:uuid}": document or uuid4(),
    }
    filled = [re.sub(r"\{\w+:uuid\}", lambda match: str(ids[match[0]]), path) for path in found]
    filled = [path.replace("{path:str}", "goals") for path in filled]
    asked = {"together": "?symptom=worry", "search": "?q=secret", "timeline": "?q=secret", "changed": SOME}
    return [path + asked.get(path.rpartition("/")[2], "") for path in filled]


async def administered(browser: httpx.AsyncClient, client: Client) -> UUID:
    """An assessment that this browser's therapist takes down."""
    body = {"instrument": "phq-2", "answers": {"q1": 1, "q2": 1}}
    answer = await send(browser, "POST", f"/api/clients/{client.id}/assessments", body)
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["id"])


async def test_every_route_about_a_client_is_asked_for_below(practice: Practice) -> None:
    assert len(paths(practice, uuid4(), "client-record")) == 64


async def test_without_a_grant_a_client_is_as_unknown_as_one_that_never_was(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    theirs, nobody = await practice.client("Alex", therapist=None), uuid4()
    await theirs.write("not for noor")
    for path in paths(practice, theirs.id, "client-record"):
        answers = [await noor.get(path.replace(str(theirs.id), str(id_))) for id_ in (theirs.id, nobody)]
        assert answers[0].status_code == answers[1].status_code == 404, path
        assert answers[0].content == answers[1].content
        assert answers[0].headers == answers[1].headers


async def test_the_end_of_an_assignment_ends_it_at_once(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("for noor")
    ids = {"homework": await assigned(noor, client), "document": await administered(noor, client)}
    asked = paths(practice, client.id, "client-record", **ids)
    for path in asked:
        assert (await noor.get(path)).status_code == 200, path
    await practice.unassign(client)
    for path in asked:
        answer = await noor.get(path)
        assert answer.status_code == 404, path
        assert "for noor" not in answer.text
        assert "Alex" not in answer.text


async def test_access_that_ends_while_an_answer_is_made_ends_the_answer(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    therapist = UUID((await noor.get("/api/me")).json()["id"])
    ended: list[object] = []

    async def record_and_end(*args: Any, **more: Any) -> None:
        await audit.record(*args, **more)
        ended.extend(await practice.services.log.end_grants(client.stream, therapist, MONDAY))

    for number, path in enumerate(paths(practice, uuid4(), "client-record")):
        client = await practice.client(f"Alex {number}")
        await client.write("for noor")
        ids = {"homework": await assigned(noor, client), "document": await administered(noor, client)}
        mine = paths(practice, client.id, "client-record", **ids)[number]
        assert (await noor.get(mine)).status_code == 200
        ended.clear()
        with monkeypatch.context() as patched:
            patched.setattr(care, "record", record_and_end)
            answer = await noor.get(mine)
        assert ended, path
        assert answer.status_code == 404, path
        assert "for noor" not in answer.text


async def test_whoever_is_not_signed_in_gets_nothing(practice: Practice) -> None:
    client = await practice.client("Alex")
    await client.write("for noor")
    asked = paths(practice, client.id, "client-record", "therapist")
    assert {"/", "/events", "/api/clients", "/fragments"} <= set(asked)
    async with practice.browser() as browser:
        for path in asked:
            for cookie in ("", "x", "A" * 43):
                answer = await browser.get(path, headers={"cookie": f"intersession={cookie}"})
                assert answer.status_code in (401, 303), path
                assert "Alex" not in answer.text
                assert "for noor" not in answer.text


async def test_a_therapist_sees_their_own_clients_only(practice: Practice) -> None:
    await practice.therapist("sam", "Sam")
    hers, his = await practice.client("Alex"), await practice.client("Mira", therapist="sam")
    for therapist, client in (("noor", hers), ("sam", his)):
        async with practice.signed_in(therapist) as browser:
            assert [item["id"] for item in await items(browser, "/api/clients")] == [str(client.id)]


async def test_the_vault_is_on_no_list(practice: Practice, noor: httpx.AsyncClient) -> None:
    """Its rows are in the log; the read models never hold one."""
    client = await practice.client("Alex")
    streams = await practice.services.log.streams_of_client(client.id)
    assert len(streams) == 3
    await client.write("shared")
    assert [row["stream"] for row in await Projected.select()] == [client.stream]


PAGE_READS = {"entries_read", "symptoms_read", "homework_read", "assessments_read", "signals_read", "sessions_read"}
TIMELINE_READS = PAGE_READS | {"episodes_read", "goals_read", "record_read", "resources_read", "comments_read"}
PROGRESS_READS = {"entries_read", "symptoms_read", "assessments_read", "homework_read", "goals_read"} | {
    "sessions_read",
    "plan_read",
}


ONE_HOMEWORK = {"homework_read", "comments_read", "goals_read", "resources_read"}
PLAN_PAGES = {
    "": {"goals_read", "resources_read", "record_read"},
    "/journal": set(),
    "/trackers": {"resources_read"},
    "/assessments": set(),
    "/safety": {"resources_read"},
    "/days": set(),
    "/goals": {"goals_read", "record_read"},
    "/resources": {"resources_read"},
}


SESSIONS_PAGE = {"sessions_read", "episodes_read", "assessments_read"}
READS = {
    "/api/clients/{}/entries": {"entries_read"},
    "/api/clients/{}/symptoms": {"symptoms_read"},
    "/api/clients/{}/search?q=secret": {"entries_read"},
    "/clients/{}/timeline?q=secret": TIMELINE_READS,
    "/fragments/clients/{}/timeline?q=secret": TIMELINE_READS,
    "/api/clients/{}/notes": {"notes_read"},
    "/clients/{}/notes": {"notes_read"},
    "/fragments/clients/{}/notes": {"notes_read"},
    "/api/clients/{}/plan": {"plan_read"},
    "/api/clients/{}/homework": {"homework_read"},
    "/api/clients/{}/homework/{}": {"homework_read"},
    "/api/clients/{}/goals": {"goals_read"},
    "/api/clients/{}/resources": {"resources_read"},
    "/api/clients/{}/comments": {"comments_read"},
    "/api/clients/{}/assessments": {"assessments_read"},
    "/api/clients/{}/scores": {"assessments_read"},
    "/api/clients/{}/signals": {"signals_read"},
    "/api/clients/{}/together?symptom=worry": {"homework_read", "symptoms_read"},
    "/api/clients/{}/brief": {"brief_read"},
    "/api/clients/{}/sessions": {"sessions_read"},
    "/api/clients/{}/topics": {"record_read"},
    "/api/clients/{}/episodes": {"episodes_read"},
    "/api/clients/{}/homework-progress": {"homework_read"},
    "/api/clients/{}/homework-reviews": {"homework_read"},
    "/api/clients/{}/acknowledgements": {"signals_read"},
    "/clients/{}/assessments": {"assessments_read"},
    "/fragments/clients/{}/assessments": {"assessments_read"},
    "/clients/{}/assessments/paper": {"assessments_read"},
    "/fragments/clients/{}/assessments/paper": {"assessments_read"},
    "/clients/{0}/assessments/{2}": {"assessments_read", "comments_read"},
    "/fragments/clients/{0}/assessments/{2}": {"assessments_read", "comments_read"},
    "/clients/{}/records/goals": {"goals_read"},
    "/fragments/clients/{}/records/goals": {"goals_read"},
    "/clients/{}/homework": {"homework_read"},
    "/fragments/clients/{}/homework": {"homework_read"},
    "/clients/{}/homework/new": {"record_read"},
    "/fragments/clients/{}/homework/new": {"record_read"},
    "/clients/{}/homework/{}": ONE_HOMEWORK,
    "/fragments/clients/{}/homework/{}": ONE_HOMEWORK,
    "/clients/{}/sessions": SESSIONS_PAGE,
    "/fragments/clients/{}/sessions": SESSIONS_PAGE,
    "/clients/{}/brief": {"brief_read"},
    **{
        f"{where}/clients/{{}}/plan{part}": {"plan_read", *actions}
        for where in ("", "/fragments")
        for part, actions in PLAN_PAGES.items()
    },
    "/clients/{}/brief/full": {"brief_read"},
    "/clients/{}/progress": PROGRESS_READS,
    "/fragments/clients/{}/progress": PROGRESS_READS,
    "/api/clients/{}/progress": PROGRESS_READS,
    "/clients/{}": PAGE_READS,
    "/fragments/clients/{}": PAGE_READS,
    "/api/clients": {"clients_read"},
    "/": {"clients_read"},
    "/fragments": {"clients_read"},
    f"/fragments/caseload/changed{SOME}": {"clients_read"},
    "/practice": {"people_listed"},
    "/fragments/practice": {"people_listed"},
    "/practice/invitations": {"people_listed"},
    "/fragments/practice/invitations": {"people_listed"},
    "/api/practice/clients": {"people_listed"},
    "/api/practice/invitations": {"people_listed"},
    "/account": {"devices_listed"},
    "/fragments/account": {"devices_listed"},
    "/api/account/devices": {"devices_listed"},
}


LIBRARY = {
    f"/library{path}"
    for path in ("", "/templates/{name:str}", "/resources/{name:str}", "/new-template", "/new-resource")
}
WITHOUT_CONTENT = {"/api/me", "/events", "/design", "/api/templates", "/api/library/resources", "/api/instruments"}
WITHOUT_CONTENT |= {
    f"{before}/instruments{place}" for before in ("", "/fragments") for place in ("", "/preview", "/{key:str}")
}
WITHOUT_CONTENT |= {"/api/instruments/{key:str}"}
WITHOUT_CONTENT |= LIBRARY | {f"/fragments{path}" for path in LIBRARY}
"""A practice's library is no client's."""
WITHOUT_CONTENT |= {"/api/account"}


async def test_every_read_is_written_down(practice: Practice, noor: httpx.AsyncClient, clock: Clock) -> None:
    client = await practice.client("Alex")
    await client.write("secret words", tags=["secret tag"])
    homework = await assigned(noor, client, what="secret homework")
    document = await administered(noor, client)
    me = (await noor.get("/api/me")).json()
    person = await Person.objects().get(Person.id == client.id)
    assert person is not None
    chart = person.chart_stream
    ids = {"homework": homework, "document": document}
    asked = set(paths(practice, client.id, "client-record", "therapist", **ids)) - WITHOUT_CONTENT
    assert asked == {path.format(client.id, homework, document) for path in READS}
    for path, actions in READS.items():
        clock.move(minutes=3)
        assert (await noor.get(path.format(client.id, homework, document))).status_code == 200
        rows = [row for row in await practice.audit(*set.union(*READS.values())) if row["at"] == clock.now]
        assert {row["action"] for row in rows} == actions, path
        for row in rows:
            assert str(row["person"]) == me["id"]
            assert row["web_session"] is not None
            if "{}" in path or "{0}" in path:
                read = (chart, 0) if actions == {"notes_read"} else (client.stream, 8)
                assert (row["client"], row["stream"], row["through_row"]) == (client.id, *read)
        assert "secret" not in str(rows)


async def test_what_cannot_be_written_down_is_not_given_out(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await practice.client("Alex")
    await client.write("secret words")
    homework = await assigned(noor, client, what="secret words")
    document = await administered(noor, client)

    async def full(*_: Any, **__: Any) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(care, "record", full)
    for path in READS:
        answer = await noor.get(path.format(client.id, homework, document))
        assert answer.status_code == 503, path
        assert "secret words" not in answer.text
        assert "Alex" not in answer.text
