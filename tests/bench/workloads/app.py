"""How quick the client's app is on a slow phone: starting, logging, searching; after some use, and after years."""

from __future__ import annotations

import time
from statistics import median

from playwright.sync_api import Playwright, sync_playwright
from tests.bench import material
from tests.bench.ground import Ground, ground
from tests.bench.pages.phone import Phone, can_be_held_back, held_back, phone
from tests.bench.result import Figure, Options, Result, factors
from tests.bench.years import YEAR, CareApp, DiaryApp
from tests.conftest import find_chromium
from tests.end_to_end.support.practice import Invitation

from intersession_server.web.app import files

TODAY = "nav.quick"
JOURNAL = ".card.leads"
VALUE = "form input[type=radio]"
SAVE = ".actions button.main-button:not(:disabled)"
SAID = ".toast p"
SEARCH = "input[type=search]"
FOUND = ".card.leads mark"
FIRST_KEY_MS = 1_000
"""Until somebody has tapped the field and begins to type."""
SLOWER = 4
"""How many times a phone is slower than this machine."""
DUE_FOR = 14
"""Days of a plan in the case that is about the number of entries."""


def run(options: Options) -> Result:
    """Each figure `rounds` times: with `docs` entries, and after `years` of daily use."""
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("The app is measured in a browser: install Chromium.")
    if not (files.FOLDER / files.INDEX).exists():
        raise SystemExit("The app is not built: run `./run build`.")
    years, days = options["years"], options["years"] * YEAR or options["days"]
    cases: list[dict[str, Figure]] = []
    with ground() as here, sync_playwright() as playwright:
        for name, lived, entries in (
            (f"{options['docs']:,} entries", min(days, DUE_FOR), options["docs"]),
            (f"{years} years" if years else f"{days} days", days, 0),
        ):
            client = _grown(here, name, lived, entries)
            cases.append({"case": name, **_measured(here, playwright, chromium, client, options["rounds"])})
    multiples = [{"case": f"{cases[1]['case']} / {cases[0]['case']}", **factors(cases[0], cases[1])}]
    return Result(n=options["rounds"] * sum(len(case) - 1 for case in cases), cases=cases, factors=multiples)


def _grown(here: Ground, name: str, days: int, entries: int) -> Invitation:
    """A client whose Python device has written for so many days, and this many entries in all; the server has it."""
    client = here.add_client(name)
    with here.desk(f"therapist, {name}", CareApp) as care:
        care.call("sync")
        care.call("give", client.person, days)
        care.call("sync")
    with here.device(client, f"client, {name}", DiaryApp) as diary:
        diary.call("sync")
        diary.call("live_through", days, 0)
        diary.call("write_until", entries)
        diary.call("sync")
    here.wait_projected()
    here.wait_saved()
    return client


def _measured(
    here: Ground, playwright: Playwright, chromium: str, client: Invitation, rounds: int
) -> dict[str, Figure]:
    """A phone of the client's: its first sync, then each figure with its pages slowed, then held back as a whole."""
    folder, url = here.folder / f"phone of {client.person}", here.server.url
    with phone(playwright, chromium, folder, url) as new:
        began = time.perf_counter()
        new.pair(here.practice.invite_client(client.person))
        found: dict[str, Figure] = {"first_today_s": time.perf_counter() - began}
        new.sync()
        found["first_sync_s"] = time.perf_counter() - began
    with phone(playwright, chromium, folder, url, slower=SLOWER) as slow:
        found |= _figures(slow, rounds)
    if can_be_held_back():
        with phone(playwright, chromium, folder, url) as device, held_back(folder, 1 / SLOWER):
            found |= {f"held_back_{name}": value for name, value in _figures(device, rounds).items()}
    return found


def _figures(device: Phone, rounds: int) -> dict[str, Figure]:
    """Milliseconds. A log is saved, and said to be, when it is on disk."""
    device.start("/", TODAY)
    took: dict[str, list[float]] = {name: [] for name in ("warm", "journal", "log", "search", "search_none")}
    for _ in range(rounds):
        took["warm"].append(device.start("/", TODAY))
        device.start("/log", VALUE)
        device.shown_after("tap", VALUE, SAVE)
        took["log"].append(device.shown_after("tap", SAVE, SAID))
        took["journal"].append(device.start("/journal", JOURNAL))
        device.start("/search", SEARCH)
        device.page.wait_for_timeout(FIRST_KEY_MS)
        took["search"].append(device.shown_after("type", SEARCH, FOUND, material.COMMON))
        took["search_none"].append(device.shown_after("type", SEARCH, ".empty", material.RARE))
    medians = {f"{name}_ms": median(values) for name, values in took.items()}
    return {**medians, "warm_worst_ms": max(took["warm"]), "log_worst_ms": max(took["log"])}
