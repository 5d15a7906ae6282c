"""The page that a new client is given, and what a scanned code leads to."""

from __future__ import annotations

import httpx
import pytest
from tests.server.accounts.world import Clock
from tests.server.web.practice import Practice, send
from tests.server.web.practice_pages.test_practice_pages import code_on, post, shown

from intersession_schemas.typed import read_pairing_link
from intersession_server.operator import staff_commands as staff
from intersession_server.web.page.qr import qr_code

pytestmark = pytest.mark.anyio


async def test_it_says_who_reads_what_and_that_nobody_watches(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    here = f"/practice/people/{client.id}/hand-out"
    answer = await post(noor, f"/practice/people/{client.id}/invitation", to="hand-out")
    assert answer.headers["location"] == f"{here}#saved"
    page = await shown(noor, here)
    for words in ("Nobody reads this in real time", "by nobody else there", "encrypted on your device", "Nord", "Alex"):
        assert words in page.text
    assert code_on(page) in page.text


async def test_its_language_is_the_clients(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    here = f"/practice/people/{client.id}/hand-out"
    assert '<html lang="en">' in (await noor.get(here)).text
    assert '<html lang="de">' in (await noor.get(f"{here}?lang=de")).text
    assert '<html lang="en">' in (await noor.get(here)).text
    await send(noor, "PATCH", "/api/account", {"language": "de"})
    assert '<html lang="de">' in (await noor.get(here)).text
    assert '<html lang="en">' in (await noor.get(f"{here}?lang=en")).text
    assert (await noor.get(f"{here}?lang=xx")).status_code == 400


async def test_on_paper_a_long_code_has_a_day_that_is_right_everywhere(
    practice: Practice, noor: httpx.AsyncClient, clock: Clock
) -> None:
    client = await practice.client("Alex")
    here = f"/practice/people/{client.id}/hand-out"
    await post(noor, f"/practice/people/{client.id}/invitation")
    assert "works until Mon 2 Mar 2026, 09:10 UTC" in (await shown(noor, here)).text
    await practice.do(staff.SetCodeLifetime(practice="Nord", minutes=7 * 24 * 60))
    await post(noor, f"/practice/people/{client.id}/invitation")
    assert "works until Sun 8 Mar 2026." in (await shown(noor, here)).text


async def test_therapists_have_no_hand_out(practice: Practice, noor: httpx.AsyncClient) -> None:
    me = (await noor.get("/api/me")).json()["id"]
    await shown(noor, f"/practice/people/{me}/hand-out", 404)
    assert "their own devices" in (await post(noor, f"/practice/people/{me}/invitation", 422)).text


async def test_whoever_scans_with_a_camera_is_told_what_to_do(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    answer = await send(noor, "POST", f"/api/practice/people/{client.id}/invitation", None)
    url, code = read_pairing_link(answer.json()["link"])
    assert (url, code) == ("http://127.0.0.1:8765", answer.json()["code"])
    async with practice.browser() as browser:
        page = await shown(browser, "/pair")
    assert "This is a pairing code" in page.text
    assert "Nord" not in page.text


def test_a_qr_code_is_one_path_within_its_square() -> None:
    made = qr_code("https://intersession.example.org/pair#ABCD-EFGH-JKMN-PQRS")
    assert set(made.path) <= set("Mhvz-0123456789 ")
    starts = [tuple(map(int, part.split("h")[0].split())) for part in made.path.split("M")[1:]]
    assert all(4 <= x < made.size - 4 and 4 <= y < made.size - 4 for x, y in starts)
    # The finder pattern in the first corner: seven dark modules in a row.
    assert made.path.startswith("M4 4h7v1h-7z")
