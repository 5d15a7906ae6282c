"""What a page or the API answers as saved is in the document: nothing is taken into the log and then set aside."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.server.web.forms.browser import forms_in
from tests.server.web.forms.sending import send_form
from tests.server.web.practice import Practice, send

pytestmark = pytest.mark.anyio


async def test_a_form_that_is_made_on_no_version_is_refused(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    note = (await send(noor, "POST", f"/api/clients/{client.id}/notes", {"text": "as it was"})).json()["id"]
    page = (await noor.get(f"/clients/{client.id}/notes")).text
    (sent,) = (pairs for pairs in forms_in(page).values() if ("text", "as it was") in pairs)
    pairs = [(name, {"based_on": "", "text": "lost"}.get(name, value)) for name, value in sent]
    answer = await send_form(noor, f"/clients/{client.id}/notes/{note}", pairs)
    assert answer.status_code == 422
    assert "does not say which version it was made from" in answer.text
    assert "as it was" in (await noor.get(f"/clients/{client.id}/notes")).text
    assert await practice.set_aside() == []


async def test_so_is_a_request(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    note = (await send(noor, "POST", f"/api/clients/{client.id}/notes", {"text": "as it was"})).json()["id"]
    for path in (f"notes/{note}", "plan"):
        body: dict[str, Any] = {"based_on": []} | ({"text": "lost"} if "note" in path else {"introduction": "lost"})
        answer = await send(noor, "PATCH", f"/api/clients/{client.id}/{path}", body)
        assert answer.status_code == 400, path
    assert await practice.set_aside() == []


async def test_what_the_log_sets_aside_is_never_answered_as_saved(practice: Practice, noor: httpx.AsyncClient) -> None:
    """An element of one id, made twice: of an old version, so that the second is not merged into the first."""
    client = await practice.client("Alex")
    plan = f"/api/clients/{client.id}/plan"
    heads = (await noor.get(plan)).json()["heads"]
    first = await send(noor, "PATCH", plan, {"trackers": {"w": {"name": "worry", "low": 0, "high": 5}}})
    second = await send(
        noor, "PATCH", plan, {"trackers": {"w": {"name": "sleep", "low": 0, "high": 9}}, "based_on": heads}
    )
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["code"] == "does_not_apply"
    assert (await noor.get(plan)).json()["plan"]["trackers"]["w"]["name"] == "worry"
