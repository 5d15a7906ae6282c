from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.server.web.api.test_homework import TODAY
from tests.server.web.api.test_plan import base, got, sent
from tests.server.web.forms.browser import forms_in, sent_by
from tests.server.web.forms.sending import send_form, submit
from tests.server.web.practice import Client, Practice, send
from tests.server.web.reading_pages import read

pytestmark = pytest.mark.anyio

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'"


def address(client: Client) -> str:
    return f"/clients/{client.id}/sessions"


async def listed(browser: httpx.AsyncClient, client: Client, what: str = "sessions") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await got(browser, f"{base(client)}/{what}"))["items"]
    return found


# --- appointments -----------------------------------------------------------------------------------------------------


async def test_an_appointment_is_planned_on_the_clients_clock(practice: Practice, noor: httpx.AsyncClient) -> None:
    """Their device named its zone, so that an appointment after the change of clocks is at the right hour."""
    client = await practice.client("Alex")
    await client.write("one", zone="Europe/Berlin")
    page = read(await noor.get(address(client)))
    assert "the client’s, where it is Mon 2 Mar 2026," in page.text
    answer = await submit(noor, address(client), "plan-form", day="2026-04-10", at="10:00", minutes="45")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address(client)}#saved")
    (made,) = await listed(noor, client)
    assert made["session"] == {
        "planned_at": "2026-04-10T10:00:00+02:00",
        "minutes": 45,
        "state": "planned",
        "problems": [],
    }
    text = read(await noor.get(address(client))).text
    assert "Fri 10 Apr 2026, 10:00 UTC+2" in text
    assert "on the client’s clock" not in text


async def test_another_place_has_its_own_clock(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("one", zone="Europe/Berlin")
    await submit(noor, address(client), "plan-form", day="2026-03-10", at="10:00", zone="Europe/London")
    assert (await listed(noor, client))[0]["session"]["planned_at"] == "2026-03-10T10:00:00Z"
    text = read(await noor.get(address(client))).text
    assert "Tue 10 Mar 2026, 10:00 UTC" in text
    assert "11:00 on the client’s clock" in text


async def test_without_a_named_zone_the_page_says_so(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    assert "has not named its time zone yet" in read(await noor.get(address(client))).text


async def test_an_appointment_is_moved_and_marked(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("one", zone="Europe/Berlin")
    past = (await sent(noor, "POST", f"{base(client)}/sessions", 201, planned_at="2026-02-23T10:00:00+01:00"))["id"]
    text = read(await noor.get(address(client))).text
    assert "Was it attended?" in text
    await submit(noor, address(client), f"session-{past}-attended", f"{address(client)}/{past}/state")
    (after,) = await listed(noor, client)
    assert after["session"]["state"] == "attended"
    assert "Attended" in read(await noor.get(address(client))).text
    answer = await submit(
        noor, address(client), f"session-{past}-form", f"{address(client)}/{past}", day="2026-03-20", at="11:30"
    )
    assert answer.status_code == 303
    (moved,) = await listed(noor, client)
    assert (moved["session"]["planned_at"], moved["session"]["state"]) == ("2026-03-20T11:30:00+01:00", "planned")
    await submit(noor, address(client), f"session-{past}-cancel", f"{address(client)}/{past}/state")
    assert (await listed(noor, client))[0]["session"]["state"] == "cancelled"


async def test_what_is_next_and_what_is_past_are_told_apart(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    for at in ("2026-03-20", "2026-03-06", "2026-02-20"):
        await sent(noor, "POST", f"{base(client)}/sessions", 201, planned_at=f"{at}T10:00:00+00:00")
    text = read(await noor.get(address(client))).text
    order = [text.index(day) for day in ("6 Mar 2026, 10:00 UTC Next", "20 Mar 2026, 10:00", "20 Feb 2026, 10:00")]
    assert order == sorted(order)
    assert text.index("Past") < order[2]


async def test_appointments_are_paged(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intersession_server.web.sessions.page.SESSIONS_PER_PAGE", 2)
    client = await practice.client("Alex")
    for day in range(1, 6):
        at = f"2026-02-{day:02}T10:00:00+00:00"
        await sent(noor, "POST", f"{base(client)}/sessions", 201, planned_at=at, state="attended")
    page, seen, more = address(client), [], list[object]()
    for _ in range(3):
        reader = read(await noor.get(page))
        seen += [words for words in (f"Sun {day} Feb" for day in range(1, 6)) if words in reader.text]
        more = [one["href"] for tag, one in reader.elements if tag == "a" and one.get("rel") == "next"]
        page = str(more[0]) if more else page
    assert not more
    assert (await noor.get(f"{address(client)}?before=nonsense")).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [{"day": ""}, {"at": "x"}, {"zone": "Nowhere"}, {"minutes": "0"}, {"minutes": "9999"}, {"day": "yesterday"}],
)
async def test_what_cannot_be_planned_is_said(
    practice: Practice, noor: httpx.AsyncClient, changes: dict[str, str]
) -> None:
    client = await practice.client("Alex")
    given = {"day": "2026-03-10", "at": "10:00"} | changes
    assert (await submit(noor, address(client), "plan-form", **given)).status_code == 422
    assert await listed(noor, client) == []


# --- episodes ---------------------------------------------------------------------------------------------------------


async def current(browser: httpx.AsyncClient, client: Client) -> dict[str, Any]:
    return (await listed(browser, client, "episodes"))[0]


async def test_the_episode_that_came_with_the_record_is_the_one_that_begins(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    text = read(await noor.get(address(client))).text
    assert "came with the record" in text
    form = {"reason": "panic attacks", "phase": "treatment", "began_on": "2026-02-20"}
    answer = await submit(noor, address(client), "begin-form", f"/clients/{client.id}/episodes", **form)
    assert answer.headers["location"] == f"{address(client)}#saved"
    (episode,) = await listed(noor, client, "episodes")
    assert {key: episode["episode"][key] for key in form} == form
    page = await noor.get(address(client))
    assert "begin-form" not in forms_in(page.text)
    again = await noor.get("/api/me")
    fields = [("csrf", again.json()["csrf"]), ("reason", "x"), ("phase", "assessment")]
    assert (await send_form(noor, f"/clients/{client.id}/episodes", fields)).status_code == 422
    assert len(await listed(noor, client, "episodes")) == 1


async def test_a_phase_is_set_and_an_episode_is_ended(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = (await current(noor, client))["id"]
    at = f"/clients/{client.id}/episodes/{id_}"
    await submit(noor, address(client), f"episode-{id_}-phase", f"{at}/phase", phase="treatment")
    episode = (await current(noor, client))["episode"]
    assert (episode["phase"], episode["phase_began_on"]) == ("treatment", TODAY)
    await submit(noor, address(client), f"episode-{id_}-phase", f"{at}/phase", phase="treatment", on="2026-03-04")
    await submit(noor, address(client), f"episode-{id_}-phase", f"{at}/phase", phase="treatment")
    assert (await current(noor, client))["episode"]["phase_began_on"] == "2026-03-04"
    answer = await submit(noor, address(client), f"episode-{id_}-end", f"{at}/end", on="2026-01-01")
    assert answer.status_code == 422
    await submit(noor, address(client), f"episode-{id_}-end", f"{at}/end", on="2026-03-10")
    episode = (await current(noor, client))["episode"]
    assert (episode["phase"], episode["ended_on"]) == ("ended", "2026-03-10")
    await submit(noor, address(client), f"episode-{id_}-reason", at, reason="panic")
    assert (await current(noor, client))["episode"]["reason"] == "panic"
    await submit(noor, address(client), f"episode-{id_}-phase", f"{at}/phase", phase="follow_up")
    episode = (await current(noor, client))["episode"]
    assert (episode["phase"], episode["ended_on"], episode["phase_began_on"]) == ("follow_up", None, TODAY)


async def test_a_baseline_is_chosen(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = (await current(noor, client))["id"]
    made = []
    for score in (2, 1):
        answers = {f"q{number}": score for number in range(1, 10)} | {"difficulty": 1}
        body = {"instrument": "phq-9", "answers": answers}
        made.append(await sent(noor, "POST", f"{base(client)}/assessments", 201, **body))
    text = read(await noor.get(address(client))).text
    assert "the first of the episode" in text
    chosen = f"phq-9/total {made[1]['id']}"
    at = f"/clients/{client.id}/episodes/{id_}/baseline"
    answer = await submit(noor, address(client), f"episode-{id_}-baseline", at, chosen=chosen)
    assert answer.status_code == 303
    assert (await current(noor, client))["episode"]["baseline"]["phq-9/total"]["assessment"] == made[1]["id"]
    text = read(await noor.get(address(client))).text
    assert "9 on Mon 2 Mar 2026 chosen" in text
    for wrong in (f"phq-9/total {uuid4()}", f"gad-7/total {made[1]['id']}", "nonsense", ""):
        assert (await submit(noor, address(client), f"episode-{id_}-baseline", at, chosen=wrong)).status_code == 422


# --- for everybody ----------------------------------------------------------------------------------------------------


async def test_hostile_words_stay_words(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client(f"Jo {HOSTILE}")
    await sent(noor, "POST", f"{base(client)}/episodes", 201, reason=HOSTILE)
    page = read(await noor.get(address(client)))
    assert HOSTILE in " ".join(page.words)
    assert not any(tag == "img" for tag, _ in page.elements)


async def test_a_form_needs_its_token_and_a_grant(practice: Practice, noor: httpx.AsyncClient) -> None:
    await practice.therapist("sam", "Sam")
    client = await practice.client("Alex")
    at = datetime.fromisoformat("2026-02-23T10:00:00+01:00").isoformat()
    row = (await sent(noor, "POST", f"{base(client)}/sessions", 201, planned_at=at))["id"]
    id_ = (await current(noor, client))["id"]
    here, episode = address(client), f"/clients/{client.id}/episodes"
    forms = {
        "plan-form": here,
        f"session-{row}-form": f"{here}/{row}",
        f"session-{row}-attended": f"{here}/{row}/state",
        "begin-form": episode,
        f"episode-{id_}-phase": f"{episode}/{id_}/phase",
        f"episode-{id_}-end": f"{episode}/{id_}/end",
        f"episode-{id_}-reason": f"{episode}/{id_}",
    }
    html = (await noor.get(here)).text
    head = (await practice.services.log.stream_heads())[client.stream]
    async with practice.signed_in("sam") as sam:
        token = (await got(sam, "/api/me"))["csrf"]
        for name, to in forms.items():
            pairs = [(key, value) for key, value in forms_in(html)[name] if key != "csrf"]
            assert (await send_form(noor, to, pairs)).status_code == 403, name
            assert (await send_form(sam, to, [*pairs, ("csrf", token)])).status_code == 404, name
    assert (await practice.services.log.stream_heads())[client.stream] == head


# --- two at once ------------------------------------------------------------------------------------------------------


async def test_what_became_of_an_appointment_is_not_overwritten_unseen(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    await practice.therapist("sam", "Sam Ortiz")
    await practice.do(practice.assign(client, "sam", "covering"))
    made = await send(noor, "POST", f"{base(client)}/sessions", {"planned_at": "2026-03-09T10:00:00+01:00"})
    id_ = made.json()["id"]
    here, page = f"{address(client)}/{id_}/state", (await noor.get(address(client))).text
    async with practice.signed_in("sam") as sam:
        await submit(sam, address(client), f"session-{id_}-attended", here)
    cancel = sent_by(page, f"session-{id_}-cancel")
    answer = await send_form(noor, here, cancel)
    assert answer.status_code == 422
    assert "Somebody has changed the same thing meanwhile" in answer.text
    assert [one["session"]["state"] for one in await listed(noor, client)] == ["attended"]
    # Whoever says the same has what they wanted, and whoever has seen it may say otherwise.
    assert (await send_form(noor, here, sent_by(page, f"session-{id_}-attended"))).status_code == 303
    await submit(noor, address(client), f"session-{id_}-planned", here)
    (now,) = await listed(noor, client)
    assert (now["session"]["state"], now["session"]["problems"]) == ("planned", [])


async def test_nor_is_the_phase_of_an_episode_or_its_end(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await practice.therapist("sam", "Sam Ortiz")
    await practice.do(practice.assign(client, "sam", "covering"))
    episode = f"episode-{(await current(noor, client))['id']}"
    here = f"/clients/{client.id}/episodes/{episode.removeprefix('episode-')}"
    page = (await noor.get(address(client))).text
    async with practice.signed_in("sam") as sam:
        await submit(sam, address(client), f"{episode}-phase", f"{here}/phase", phase="treatment")
        await submit(sam, address(client), f"{episode}-reason", here, reason="panic attacks")
    other = [(name, "follow_up" if name == "phase" else value) for name, value in sent_by(page, f"{episode}-phase")]
    assert (await send_form(noor, f"{here}/phase", other)).status_code == 422
    assert (await send_form(noor, f"{here}/end", sent_by(page, f"{episode}-end"))).status_code == 422
    found = (await current(noor, client))["episode"]
    assert (found["phase"], found["reason"], found["ended_on"]) == ("treatment", "panic attacks", None)
