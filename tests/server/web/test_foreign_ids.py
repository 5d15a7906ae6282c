"""Ids of another client's documents, wherever a request may name one: they lead to nothing, and say nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.server.web.forms.sending import send_form
from tests.server.web.practice import MONDAY, Client, Practice, assigned, send

pytestmark = pytest.mark.anyio


async def made(browser: httpx.AsyncClient, client: Client, path: str, **body: Any) -> str:
    answer = await send(browser, "POST", f"/api/clients/{client.id}/{path}", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def documents(browser: httpx.AsyncClient, client: Client) -> dict[str, str]:
    """One of each kind that a request can name."""
    answers = {f"q{n}": 1 for n in range(1, 10)}
    return {
        "goal": await made(browser, client, "goals", what="Sleep"),
        "resource": await made(browser, client, "resources", title="Breathing", text="in and out"),
        "homework": str(await assigned(browser, client)),
        "entry": str(await client.write("for noor")),
        "assessment": await made(
            browser, client, "assessments", instrument="phq-9", answers=answers, at=MONDAY.isoformat()
        ),
        "episode": (await browser.get(f"/api/clients/{client.id}/episodes")).json()["items"][0]["id"],
        "session": await made(browser, client, "sessions", planned_at="2026-03-09T10:00:00+01:00"),
        "note": await made(browser, client, "notes", text="for the team"),
    }


async def test_what_is_another_clients_is_nobodys_in_this_record(practice: Practice, noor: httpx.AsyncClient) -> None:
    """By the API, for which forms are another way in: the therapist may read both clients."""
    alex, mira = await practice.client("Alex"), await practice.client("Mira")
    own, other = await documents(noor, alex), await documents(noor, mira)
    bodies: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "homework", {"what": "x", "goal": other["goal"]}),
        ("POST", "homework", {"what": "x", "resources": [other["resource"]]}),
        ("PATCH", f"homework/{own['homework']}", {"goal": other["goal"]}),
        ("PATCH", f"homework/{own['homework']}", {"resources": [other["resource"]]}),
        ("PATCH", f"homework/{other['homework']}", {"what": "x"}),
        ("POST", f"homework/{other['homework']}/again", {}),
        ("POST", f"homework/{other['homework']}/reviews", {"decision": "keep"}),
        ("POST", f"homework/{own['homework']}/reviews", {"decision": "keep", "evidence": [other["entry"]]}),
        (
            "POST",
            f"homework/{own['homework']}/reviews",
            {"decision": "replace", "successor": {"what": "y", "goal": other["goal"]}},
        ),
        ("PATCH", "plan", {"trackers": {"w": {"name": "worry", "resources": [other["resource"]]}}}),
        ("PATCH", "plan", {"safety_resources": [other["resource"]]}),
        ("POST", "comments", {"on": other["entry"], "text": "x"}),
        ("POST", "notes", {"text": "x", "about": other["entry"]}),
        ("PATCH", f"notes/{other['note']}", {"text": "x"}),
        ("PATCH", f"goals/{other['goal']}", {"what": "x"}),
        ("PATCH", f"resources/{other['resource']}", {"title": "x"}),
        ("PATCH", f"sessions/{other['session']}", {"state": "attended"}),
        ("PATCH", f"episodes/{other['episode']}", {"reason": "x"}),
        ("PATCH", f"episodes/{own['episode']}", {"baseline": {"phq-9/total": {"assessment": other["assessment"]}}}),
        ("POST", "assessments", {"instrument": "phq-9", "answers": {"q1": 1}, "amends": other["assessment"]}),
        # documents of the right client and another kind
        ("POST", "homework", {"what": "x", "goal": own["resource"]}),
        ("PATCH", f"goals/{own['homework']}", {"what": "x"}),
        ("PATCH", f"notes/{own['entry']}", {"text": "x"}),
    ]
    heads = await practice.services.log.stream_heads()
    taken = []
    for method, path, body in bodies:
        answer = await send(noor, method, f"/api/clients/{alex.id}/{path}", body)
        if answer.status_code not in (400, 404):
            taken.append((method, path, body, answer.status_code))
        assert "Mira" not in answer.text
    assert taken == []
    assert await practice.services.log.stream_heads() == heads


async def test_the_version_of_another_document_is_none_of_this_one(practice: Practice, noor: httpx.AsyncClient) -> None:
    alex, mira = await practice.client("Alex"), await practice.client("Mira")
    own, other = await documents(noor, alex), await documents(noor, mira)
    heads = await practice.services.log.stream_heads()
    for path, name, field in (
        ("goals", "goal", "what"),
        ("resources", "resource", "title"),
        ("sessions", "session", "minutes"),
    ):
        found = (await noor.get(f"/api/clients/{mira.id}/{path}")).json()["items"][0]["heads"]
        body = {field: 50 if field == "minutes" else "x", "based_on": found}
        answer = await send(noor, "PATCH", f"/api/clients/{alex.id}/{path}/{own[name]}", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "unknown_heads"), path
    assert await practice.services.log.stream_heads() == heads
    assert UUID(other["goal"]) != UUID(own["goal"])


async def test_forms_lead_to_no_other_client_either(practice: Practice, noor: httpx.AsyncClient) -> None:
    alex, mira = await practice.client("Alex"), await practice.client("Mira")
    own, other = await documents(noor, alex), await documents(noor, mira)
    csrf = (await noor.get("/api/me")).json()["csrf"]
    here = f"/clients/{alex.id}"
    heads = await practice.services.log.stream_heads()
    for path, fields in (
        ("homework", {"what": "x", "goal": other["goal"]}),
        (f"homework/{own['homework']}", {"goal": other["goal"]}),
        (f"homework/{other['homework']}/end", {}),
        (f"homework/{other['homework']}/resume", {}),
        (f"homework/{own['homework']}/comments", {"on": other["entry"], "text": "x"}),
        (f"homework/{own['homework']}/reviews", {"decision": "keep", "evidence": other["entry"]}),
        ("comments", {"on": other["entry"], "text": "x"}),
        ("notes", {"about": other["entry"], "text": "x"}),
        (f"notes/{other['note']}", {"text": "x"}),
        (f"assessments/{other['assessment']}/comments", {"text": "x"}),
        ("assessments/paper", {"instrument": "phq-9", "answer.q1": "1", "amends": other["assessment"]}),
        (f"sessions/{other['session']}/state", {"state": "attended"}),
        (f"episodes/{other['episode']}", {"reason": "x"}),
        (f"episodes/{own['episode']}/baseline", {"chosen": f"phq-9/total {other['assessment']}"}),
        (f"plan/goals/{other['goal']}", {"what": "x"}),
        (f"plan/goals/{other['goal']}/moves", {"element": "a"}),
        (f"plan/resources/{other['resource']}", {"title": "x"}),
        ("plan", {"element": "+", "trackers._.name": "worry", "trackers._.resources": other["resource"]}),
        ("plan", {"safety_resources": other["resource"]}),
        ("plan/templates", {"template": other["goal"]}),
        ("signals", {"signal": other["assessment"], "note": "x"}),
    ):
        answer = await send_form(noor, f"{here}/{path}", [("csrf", csrf), *fields.items()])
        assert answer.status_code in (404, 422), (path, fields, answer.status_code)
        assert "Mira" not in answer.text
    assert await practice.services.log.stream_heads() == heads
