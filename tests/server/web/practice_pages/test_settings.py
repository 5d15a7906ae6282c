"""What a practice decides on its page of settings."""

from __future__ import annotations

import httpx
import pytest
from tests.server.web.practice import Practice
from tests.server.web.practice_pages.test_practice_pages import post, shown

from intersession_server.accounts.tables import Practice as PracticeRow
from intersession_server.operator import staff_commands as staff

pytestmark = pytest.mark.anyio

PAGE = "/practice/settings"


async def decided() -> tuple[int, str | None]:
    (row,) = await PracticeRow.select(PracticeRow.code_minutes, PracticeRow.country)
    return row["code_minutes"], row["country"]


@pytest.mark.usefixtures("practice")
async def test_each_form_changes_what_is_its_own(noor: httpx.AsyncClient) -> None:
    await post(noor, PAGE, 303, code_minutes="60", **{"was.code_minutes": "10"})
    await post(noor, PAGE, 303, country="AT", **{"was.country": ""})
    assert await decided() == (60, "AT")
    assert "Austria" in (await shown(noor, PAGE)).text
    await post(noor, PAGE, 303, country="", **{"was.country": "AT"})
    assert await decided() == (60, None)


async def test_what_a_colleague_has_changed_meanwhile_is_not_overwritten(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    await post(noor, PAGE, 303, country="AT", **{"was.country": ""})
    await practice.do(staff.SetCountry(practice="Nord", country="CH"))
    await post(noor, PAGE, 422, country="DE", **{"was.country": "AT"})
    assert await decided() == (10, "CH")
    await post(noor, PAGE, 422, country="ZZ", **{"was.country": "CH"})
