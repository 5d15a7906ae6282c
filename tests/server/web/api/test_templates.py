from __future__ import annotations

from uuid import UUID

import httpx
import pytest
from tests.server.accounts.world import PASSWORD
from tests.server.web.api.test_plan import got, sent
from tests.server.web.practice import Practice, send

from intersession_schemas.library import TEMPLATES
from intersession_server.operator import commands

pytestmark = pytest.mark.anyio


async def test_templates_are_the_practices(practice: Practice, noor: httpx.AsyncClient) -> None:
    await practice.therapist("sam", "Sam")
    assert (await got(noor, "/api/templates"))["items"] == []
    second = await sent(noor, "POST", "/api/templates", 201, title="walks", what="Walk for 20 minutes.", rule="daily")
    first = await sent(
        noor, "POST", "/api/templates", 201, title="Diary", makes="journal", fields={"+": {"prompt": "How?"}}
    )
    assert (second["template"]["rule"], len(first["template"]["fields"])) == ("FREQ=DAILY", 1)
    (written, _) = await practice.audit("written")
    assert (written["client"], UUID(second["id"]) in {row["document"] for row in await practice.audit("written")}) == (
        None,
        True,
    )
    async with practice.signed_in("sam") as sam:
        assert (await got(sam, "/api/templates"))["items"] == [first, second]


async def test_those_that_come_with_intersession_are_there_too(practice: Practice, noor: httpx.AsyncClient) -> None:
    built_in = (await got(noor, "/api/templates"))["built_in"]
    assert {one["key"]: one["template"]["title"] for one in built_in} == {
        key: template.title for key, template in TEMPLATES.items()
    }


async def test_another_practice_has_its_own(practice: Practice, noor: httpx.AsyncClient) -> None:
    await sent(noor, "POST", "/api/templates", 201, title="secret", what="x")
    await practice.do(commands.CreatePractice(name="Süd"))
    await practice.do(commands.AddTherapist(username="kim", name="Kim", password=PASSWORD, practice="Süd"))
    async with practice.signed_in("kim") as kim:
        assert (await got(kim, "/api/templates"))["items"] == []


async def test_writing_needs_a_session_and_its_token(practice: Practice, noor: httpx.AsyncClient) -> None:
    body = {"title": "x", "what": "y"}
    assert (await noor.post("/api/templates", json=body)).status_code == 403
    async with practice.browser() as nobody:
        assert (await nobody.post("/api/templates", json=body)).status_code == 401
    assert (await send(noor, "POST", "/api/templates", {"title": "x"})).status_code == 400
    assert (await got(noor, "/api/templates"))["items"] == []
