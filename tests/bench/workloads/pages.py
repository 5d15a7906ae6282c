"""How long a therapist's pages take, how large they are, and what an open one costs when something comes.

A caseload of many clients; and one client with a year of a diary and one with five: an entry and four symptom logs a
day, a questionnaire every two weeks, homework every week. Whatever page there is of a client is measured.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import httpx
from msgspec import Struct
from playwright.sync_api import Page, sync_playwright
from tests.bench import material
from tests.bench.ground import THERAPIST, Ground, ground
from tests.bench.material import Prepared
from tests.bench.measuring import measured, percentile, wait_quiet
from tests.bench.pages.open_pages import about_to, open_pages, until_shown
from tests.bench.pushing import push_documents
from tests.bench.result import Figure, Options, Result
from tests.conftest import find_chromium
from tests.end_to_end.support.practice import Invitation, desk

from intersession_schemas.crdt import Document
from intersession_schemas.documents.care.homework import HomeworkProgress
from intersession_schemas.records.kinds import SHAPES
from intersession_schemas.streams import Kind

YEAR = 365
LOGS_A_DAY = 4
GIVE_UP = 300.0
TABS = ("", "/timeline", "/progress", "/homework", "/plan", "/assessments", "/sessions", "/notes", "/brief")
PAINTED_WITHIN = 30.0
PAINT = "performance.getEntriesByName('first-contentful-paint').map(one => one.startTime)[0] ?? null"


def run(options: Options) -> Result:
    """Each page `rounds` times, beside a caseload of `clients`; then `edits` while `open` pages are."""
    spans = (YEAR, options["years"] * YEAR) if options["years"] else (options["days"], 2 * options["days"])
    with ground() as here:
        grown = [_lived_through(here, days) for days in spans]
        some, *beside = [here.add_client(name) for name in ("Tom", "Ada")]
        here.fill(some, material.diary(options["docs"], 1))
        names = [f"Client {number}" for number in range(options["clients"] - len(grown) - 2)]
        here.crowd(names, lambda: material.diary(options["docs"], 1))
        here.restart()
        wait_quiet(here.server)
        with desk(here.server.url, THERAPIST) as signed_in, measured(here.server) as served:
            http = signed_in.http
            http.timeout = httpx.Timeout(GIVE_UP)
            paths = {"caseload": "/", "caseload, one name": "/?q=mara"}
            cases = [_page(http, name, path, here.server.cpu, options) for name, path in paths.items()]
            for tab in TABS:
                of = [f"/clients/{one.person}{tab}" for one in grown]
                if http.get(of[0]).status_code != 404:
                    name = tab.strip("/") or "overview"
                    cases.append(_grown(*(_page(http, name, path, here.server.cpu, options) for path in of)))
        with desk(here.server.url, THERAPIST) as signed_in:
            cookies = signed_in.http.cookies
            _paint(here.server.url, cookies, cases, grown)
            figures = asyncio.run(_updates(here, cookies, some, grown[-1], [grown[0], *beside], options))
    asked = sum(int(case["n"] or 0) for case in cases)
    return Result(
        n=asked,
        wall_s=served.wall,
        down_bytes=sum(int(case["bytes"] or 0) * int(case["n"] or 0) for case in cases),
        server_cpu_s=served.cpu,
        peak_rss_bytes=served.peak,
        figures=figures,
        cases=cases,
    )


# --- what there is ----------------------------------------------------------------------------------------------------


def _lived_through(here: Ground, days: int) -> Invitation:
    """A client with so many days of a diary up to now."""
    client, now = here.add_client(f"Mara {days}"), datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    first = now - timedelta(days=days)
    with desk(here.server.url, THERAPIST) as signed_in:
        http, path = signed_in.http, f"/api/clients/{client.person}"
        csrf = {"x-csrf-token": http.get("/api/me").json()["csrf"]}

        def post(things: str, **body: Any) -> str:
            answer = http.post(f"{path}/{things}", json=body, headers=csrf)
            assert answer.status_code == 201, answer.text
            return str(answer.json()["id"])

        homework = UUID(post("homework", what="Walk for an hour", rule="FREQ=WEEKLY", since=str(first.date())))
        for ago in range(0, days, 14):
            answers = {f"q{number}": (ago // 14 + number) % 4 for number in range(1, 9)} | {"q9": 0}
            post("assessments", instrument="phq-9", answers=answers, at=(now - timedelta(days=ago)).isoformat())
        post("sessions", planned_at=(now + timedelta(days=2)).isoformat())
    documents = [material.entry(day, at=first + timedelta(days=day)) for day in range(days)]
    documents += _months(first, now)
    documents += [_done(homework, first.date() + timedelta(days=day), first) for day in range(0, days, 7)]
    push_documents(here.server.url, here.token(client), documents)
    here.wait_projected()
    here.wait_saved()
    return client


def _months(first: datetime, now: datetime) -> Iterator[Prepared]:
    month = first
    while month < now:
        days = min(28, (now - month).days or 1)
        made = material.month_of_logs(month, LOGS_A_DAY * days)
        # What a device that was without a network says at once comes as a few changes.
        yield Prepared(made.document, made.kind, made.changes)
        month += timedelta(days=28)


def _done(homework: UUID, day: date, first: datetime) -> Prepared:
    at = datetime.combine(day, first.timetz())
    said = HomeworkProgress(homework=homework, occurrence=day.isoformat(), status="done", done_at=at, entered_at=at)
    change = SHAPES[Kind.HOMEWORK_PROGRESS].create(Document.new(random.randbytes(16)), said)
    return Prepared(uuid4(), Kind.HOMEWORK_PROGRESS.value, (change,))


# --- pages ------------------------------------------------------------------------------------------------------------


def _page(http: httpx.Client, name: str, path: str, cpu: Callable[[], float], options: Options) -> dict[str, Figure]:
    """One page, first from a server that has not made it before, then again and again."""
    took, size, rounds = [], 0, options["rounds"]
    spent = 0.0
    for number in range(rounds + 1):
        if number == 1:
            spent = cpu()
        began = time.perf_counter()
        answer = http.get(path)
        took.append(time.perf_counter() - began)
        assert answer.status_code == 200, (path, answer.status_code)
        size = len(answer.content)
    first, *again = took
    return {
        "page": name,
        "n": rounds + 1,
        "first_ms": 1000 * first,
        "p50_ms": 1000 * median(again),
        "p95_ms": 1000 * percentile(again, 0.95),
        "server_cpu_ms": 1000 * (cpu() - spent) / rounds,
        "bytes": size,
    }


def _grown(short: dict[str, Figure], long: dict[str, Figure]) -> dict[str, Figure]:
    """The page of the client with the long diary, beside that of the other."""
    before, after = short["p50_ms"], long["p50_ms"]
    assert isinstance(before, float)
    assert isinstance(after, float)
    return {**long, "n": 2 * int(long["n"] or 0), "short_p50_ms": before, "growth": after / before}


def _paint(url: str, cookies: httpx.Cookies, cases: list[dict[str, Figure]], grown: list[Invitation]) -> None:
    """When a browser has drawn each page first; nothing where there is no browser."""
    found = find_chromium()
    if found is None:
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found)
        context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 800})
        context.add_cookies([{"name": one.name, "value": one.value or "", "url": url} for one in cookies.jar])
        page = context.new_page()
        page.goto("/design")  # what all pages share is in the browser's memory from here on
        for case in cases:
            of = f"/clients/{grown[-1].person}"
            tab = "" if case["page"] == "overview" else f"/{case['page']}"
            path = {"caseload": "/", "caseload, one name": "/?q=mara"}.get(str(case["page"]), f"{of}{tab}")
            page.goto(path, wait_until="load")
            case["first_paint_ms"] = _painted(page)
        browser.close()


def _painted(page: Page) -> float:
    """Asked again and again: the pages let nothing run in them that waits."""
    give_up = time.perf_counter() + PAINTED_WITHIN
    while (painted := page.evaluate(PAINT)) is None:
        assert time.perf_counter() < give_up, "not painted"
        time.sleep(0.02)
    return float(painted)


# --- open pages -------------------------------------------------------------------------------------------------------


class _Edited(Struct, frozen=True):
    """What edits cost while pages were open: seconds of the server's CPU each, and how often each page fetched."""

    cpu: float
    fetched: float


async def _updates(
    here: Ground,
    cookies: httpx.Cookies,
    some: Invitation,
    grown: Invitation,
    others: list[Invitation],
    options: Options,
) -> dict[str, Figure]:
    """Milliseconds of the server's CPU that one entry costs for each page that is open, beyond what it costs anyway.

    `caseload`: every page is a caseload on which the client is. `client`: every page is that of the client who wrote,
    who has the longest diary. `open_page`: as many caseloads as pages of clients, one of which is the writer's.
    """
    number, edits = options["open"], options["edits"]

    async def cost(client: Invitation, paths: list[str], concerned: int) -> tuple[float, float]:
        without = await _edits(here, cookies, [], client, edits, 0)
        shown = await _edits(here, cookies, paths, client, edits, concerned)
        return max(0.0, 1000 * (shown.cpu - without.cpu)) / max(len(paths), 1), shown.fetched

    def page_of(client: Invitation) -> str:
        return f"/clients/{client.person}"

    caseload, fetched = await cost(some, ["/"] * number, number)
    client, client_fetched = await cost(grown, [page_of(grown)] * number, number)
    beside = [page_of(others[place % len(others)]) for place in range(number - 1)]
    mixed, _ = await cost(some, ["/"] * number + [page_of(some), *beside], number + 1)
    return {
        "update_caseload_cpu_ms": caseload,
        "update_caseload_fetches": fetched,
        "update_client_cpu_ms": client,
        "update_client_fetches": client_fetched,
        "update_open_page_cpu_ms": mixed,
    }


async def _edits(
    here: Ground, cookies: httpx.Cookies, paths: list[str], client: Invitation, edits: int, concerned: int
) -> _Edited:
    """`concerned`: so many of the pages, the first ones, show something of the client's."""
    token = here.token(client)
    async with open_pages(here.server.url, cookies, paths) as pages:
        await asyncio.to_thread(wait_quiet, here.server)
        began, before = here.server.cpu(), sum(page.fetched for page in pages)
        for seed in range(edits):
            entry = material.entry(seed, at=datetime.now(UTC))
            about_to(pages)
            await asyncio.to_thread(push_documents, here.server.url, token, [entry])
            await asyncio.to_thread(here.wait_projected)
            await until_shown(pages[:concerned])
        await asyncio.to_thread(wait_quiet, here.server)
        fetched = sum(page.fetched for page in pages) - before
        return _Edited((here.server.cpu() - began) / edits, fetched / edits / max(concerned, 1))
