"""Two therapists in one plan, and whoever may not be in it at all."""

from __future__ import annotations

import httpx
import pytest
from tests.server.web.plan.shaping import HOSTILE, fill_in, full, plan_of, save, shown
from tests.server.web.practice import Practice, send

pytestmark = pytest.mark.anyio


# --- two at once ------------------------------------------------------------------------------------------------------


async def test_a_form_left_open_overwrites_nothing_that_came_meanwhile(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    await practice.therapist("sam", "Sam Ortiz")
    client = await full(practice, noor)
    await practice.do(practice.assign(client, "sam", "covering"))
    trackers, journal = await shown(noor, client, "/trackers"), await shown(noor, client, "/journal")
    async with practice.signed_in("sam") as sam:
        await save(sam, client, "/trackers", "trackers-w-form", trackers___high="9", trackers___question="How much?")
        await save(sam, client, "/journal", "journal-introduction", introduction="Please write each evening." + HOSTILE)
        assert "last changed by Sam Ortiz" in await shown(noor, client, "/trackers")
    answer = await fill_in(noor, client, trackers, "trackers-w-form", when__repeats="daily", trackers___name="worries")
    assert answer.status_code == 303, answer.text
    changed = "Write every evening." + HOSTILE
    assert (await fill_in(noor, client, journal, "journal-introduction", introduction=changed)).status_code == 303
    plan = await plan_of(noor, client)
    tracker = plan["trackers"]["w"]
    assert (tracker["name"], tracker["rule"]) == ("worries", "FREQ=DAILY")
    assert (tracker["high"], tracker["question"]) == (9, "How much?")
    assert plan["introduction"] == "Please write every evening." + HOSTILE
    assert plan["problems"] == []


async def test_what_somebody_removed_meanwhile_is_said_and_not_kept_out_of_sight(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await full(practice, noor)
    page = await shown(noor, client, "/trackers")
    await send(noor, "PATCH", f"/api/clients/{client.id}/plan", {"trackers": {"w": None}})
    head = (await practice.services.log.stream_heads())[client.stream]
    answer = await fill_in(noor, client, page, "trackers-w-form", trackers___name="worries")
    assert answer.status_code == 422
    assert "Somebody has removed this meanwhile, so your change was not saved." in answer.text
    assert (await practice.services.log.stream_heads())[client.stream] == head
    # Whoever removes it as well has what they wanted.
    assert (await fill_in(noor, client, page, "removal-trackers-w")).status_code == 303


# --- who may ----------------------------------------------------------------------------------------------------------


async def test_forms_need_the_sessions_token_and_a_grant(practice: Practice, noor: httpx.AsyncClient) -> None:
    await practice.therapist("sam", "Sam")
    client = await full(practice, noor)
    goal = (await noor.get(f"/api/clients/{client.id}/goals")).json()["items"][0]["id"]
    page = await shown(noor, client, "/journal")
    head = (await practice.services.log.stream_heads())[client.stream]
    paths = ("", "/moves", "/templates", "/goals", f"/goals/{goal}", f"/goals/{goal}/moves")
    for path in paths:
        for csrf in ("", "x" * 43):
            answer = await fill_in(noor, client, page, "sections-helped-form", path, csrf=csrf)
            assert answer.status_code == 403, path
    async with practice.signed_in("sam") as sam:
        csrf = (await sam.get("/api/me")).json()["csrf"]
        for path in paths:
            answer = await fill_in(sam, client, page, "sections-helped-form", path, csrf=csrf)
            assert answer.status_code == 404, path
    assert (await practice.services.log.stream_heads())[client.stream] == head


async def test_versions_that_are_none_are_refused(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await full(practice, noor)
    page = await shown(noor, client, "/journal")
    for heads in ("nonsense", "00" * 32):
        answer = await fill_in(noor, client, page, "sections-helped-form", based_on=heads, sections___prompt="x")
        assert answer.status_code == 422
