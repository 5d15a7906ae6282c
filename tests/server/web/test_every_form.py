"""Every form of every page, as it is found by following links: sent without script, and sent too late.

Too late: somebody else has sent the same form since the page was opened. Then both changes are there, or the second is
refused in words; the first is there whatever happens.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import httpx
import pytest
from tests.server.accounts.world import Clock
from tests.server.web.forms.crawl import FoundForm, crawl, forms_on, route_of
from tests.server.web.forms.sending import send_form
from tests.server.web.instruments.test_page import LINES
from tests.server.web.practice import Practice, assigned, send
from tests.server.web.practice_pages.test_practice_pages import code_on
from tests.server.web.reading_pages import read
from tests.server.web.test_hostile_forms import everything

from intersession_server.accounts import invitations
from intersession_server.operator import staff_commands

pytestmark = pytest.mark.anyio

LAST = re.compile(r"/(end|assignments|everywhere|revoke|resume|password|manager)$")
"""Forms that end something for the others, which are therefore sent last."""
OWN = re.compile(r"^/account")
"""Forms about the account of whoever sends them: nobody else can send the same."""
FORMATTED = re.compile(
    r"^$|when\.|(zone|labels|options|place|day|at|at_least|username|tag_words|tags|signal|lines)\b|labels\."
)
"""Texts of which a word more would be refused, or that count only where something else is chosen."""


async def every_form(practice: Practice, noor: httpx.AsyncClient, clock: Clock) -> list[FoundForm]:
    """The forms of a practice in which there is something to be done with each. What ends something comes last."""
    client, known = await everything(practice, noor)
    here, csrf = f"/clients/{client.id}", (await noor.get("/api/me")).json()["csrf"]
    await practice.therapist("sam", "Sam Ortiz")
    kim = await practice.therapist("kim", "Kim Chen")
    await practice.do(practice.assign(client, "sam", "covering"))
    await practice.do(staff_commands.SetManager(therapist="sam", manager=True))
    fresh, gone = await practice.client("Fresh"), await practice.client("Gone")
    await practice.do(staff_commands.EndPerson(person=str(gone.id)))

    async def done(path: str, **fields: str) -> str:
        answer = await send_form(noor, path, [("csrf", csrf), *fields.items()])
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].partition("#")[0]

    for path, role in ((f"/practice/people/{fresh.id}", "client"), ("/account", "therapist")):
        await done(f"{path}/invitation")
        await invitations.redeem(code_on(read(await noor.get(path))), "phone", clock(), role=role)
    more = [f"/practice/people/{one}" for one in (fresh.id, gone.id, kim)] + [f"/clients/{fresh.id}/sessions"]
    more += [page for page in known if "/homework/" in page]
    for day in ("2026-02-01", "2026-05-01"):
        homework = await assigned(noor, client, rule="FREQ=DAILY", since="2026-01-01")
        more.append(await done(f"{here}/homework/{homework}/end", ended_on=day))
    steps = {"a": {"text": "one"}, "b": {"text": "two"}}
    await send(noor, "POST", f"/api{here}/resources", {"title": "Steps", "text": "x", "steps": steps})
    more.insert(0, await done("/instruments/preview", lines=LINES, instrument="phq-9", language="en"))

    def rest() -> None:
        clock.move(seconds=30)

    found = await crawl(noor, [here, "/"], more, rest)
    for path in ("/account", f"/practice/people/{fresh.id}"):
        await done(f"{path}/invitation")
    found |= await crawl(noor, ["/practice/invitations"], ["/account", f"/practice/people/{fresh.id}"], rest)
    return sorted(found.values(), key=lambda form: (bool(LAST.search(route_of(form.action))), form.action))


def routes_of_forms(practice: Practice) -> set[str]:
    """Where forms of pages are sent, as `route_of` names it; signing in and out and the demo's samples left out."""
    routes = ((route.path, one) for route in practice.app.routes for one in getattr(route, "route_handlers", ()))
    posts = {path for path, one in routes if "POST" in one.http_methods and not one.include_in_schema}
    found = {re.sub(r"\{\w+:\w+\}", "*", path) for path in posts}
    return {path for path in found if not re.match(r"/(sign-|design|sync)", path)}


def filled(form: FoundForm, mark: str, names: Sequence[str]) -> list[tuple[str, str]]:
    """What the form sends with a word more in these of its fields."""
    return [(name, f"{value} {mark}".strip() if name in names else value) for name, value in form.pairs]


async def now(browser: httpx.AsyncClient, form: FoundForm, clock: Clock) -> FoundForm | None:
    """The form as it stands on its page now, if it is still there."""
    clock.move(seconds=30)
    answer = await browser.get(form.page, follow_redirects=True)
    return next((one for one in forms_on(form.page, answer.text) if one.id == form.id), None)


def in_words(answer: httpx.Response) -> bool:
    """Whether an answer says that and why something was not done."""
    words = re.search(r"<h1>[^<]+</h1>\s*<p[^>]*>([^<]{20,})", answer.text)
    return answer.status_code in (403, 404, 409, 422) and words is not None


@pytest.mark.timeout(900)
async def test_every_form_is_found_and_works_without_script(
    practice: Practice, noor: httpx.AsyncClient, clock: Clock
) -> None:
    found = await every_form(practice, noor, clock)
    assert sorted(routes_of_forms(practice) - {route_of(form.action) for form in found}) == []
    odd: list[tuple[object, ...]] = []
    for form in [one for one in found if not re.search(r"/account/(pass|sign)", one.action)]:
        clock.move(seconds=30)
        answer = await send_form(noor, form.action, form.pairs)
        if answer.status_code == 303:
            place, _, said = answer.headers["location"].partition("#")
            page = await noor.get(place, follow_redirects=True)
            # What says so is on the page: a word, or the thing itself, which is then marked.
            if page.status_code != 200 or not said or (f'id="{said}"' not in page.text and said == "saved"):
                odd.append((form.action, form.id, answer.headers["location"], page.status_code))
        elif not in_words(answer):
            odd.append((form.action, form.id, answer.status_code))
    assert odd == []
    assert await practice.set_aside() == []


@pytest.mark.timeout(900)
async def test_of_two_who_send_a_form_nothing_is_lost(
    practice: Practice, noor: httpx.AsyncClient, clock: Clock
) -> None:
    found = await every_form(practice, noor, clock)
    lost: list[tuple[object, ...]] = []
    tried, count = set(), 0
    async with practice.signed_in("sam") as sam:
        for form in [one for one in found if not OWN.search(one.action)]:
            texts = [name for name in form.texts if not FORMATTED.search(name)]
            for names in [[name] for name in texts] if form.made_on else [texts]:
                mine, theirs = await now(noor, form, clock), await now(sam, form, clock)
                if mine is None or theirs is None:
                    continue
                count += 1
                marks = [f"sam{count}x", f"noor{count}x"]
                first = await send_form(sam, theirs.action, filled(theirs, marks[0], names))
                second = await send_form(noor, mine.action, filled(mine, marks[1], names))
                if first.status_code != 303:
                    assert in_words(first), (form.action, first.status_code)
                    continue
                clock.move(seconds=30)
                page = (await noor.get(form.page, follow_redirects=True)).text
                there = [mark for mark in marks if mark in page]
                wanted = marks if second.status_code == 303 else marks[:1]
                if not (second.status_code == 303 or in_words(second)):
                    lost.append((form.id, names, second.status_code))
                if names and form.made_on:
                    tried.add(route_of(form.action))
                    if there != wanted:
                        lost.append((form.id, names, second.status_code, there))
    assert lost == []
    assert await practice.set_aside() == []
    assert len(tried) >= 8, tried
