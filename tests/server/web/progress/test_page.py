from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from tests.server.web.api.test_measures import MILD, SEVERE, base, paper, sent
from tests.server.web.practice import MONDAY, Client, Practice, assigned
from tests.server.web.reading_pages import Reader, read

from intersession_schemas.documents.care.homework import HomeworkProgress
from intersession_schemas.documents.diary.symptoms import Log
from intersession_schemas.streams import Kind
from intersession_server.web.charts.series import MOST_SERIES

pytestmark = pytest.mark.anyio

HOSTILE = "<script>alert('x')</script> & \"quoted\""


def values(page: Reader) -> int:
    """How many values can be read on a page."""
    return sum("value" in (found.get("class") or "").split() for _, found in page.elements)


def at(client: Client, query: str = "") -> str:
    return f"/clients/{client.id}/progress{query}"


async def test_charts_of_a_range(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    now = practice.services.clock()
    for days, value in ((0, 1), (13, 2), (14, 3), (90, 4), (91, 5), (364, 1), (400, 1)):
        await client.log({"worry": value}, at=now - timedelta(days=days), arrived=now)
    for query, number in {"": 4, "?range=2w": 2, "?range=1y": 6, "?range=all": 7}.items():
        page = read(await noor.get(at(client, query)))
        assert values(page) == number, query
        chosen = [
            found.get("href")
            for tag, found in page.elements
            if tag == "a" and found.get("aria-current") == "true" and found.get("href") != "/"
        ]
        assert chosen == [at(client, query)]


async def test_a_range_in_which_nothing_is_leads_to_everything(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.log({"worry": 3}, at=MONDAY - timedelta(days=100))
    text = read(await noor.get(at(client))).text
    assert "No symptom logs or moods on these days. Show everything, from Sat 15 Nov 2025 to Sat 15 Nov 2025" in text
    assert values(read(await noor.get(at(client, "?range=all")))) == 1


async def test_a_record_without_anything_says_where_it_begins(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    page = read(await noor.get(at(client)))
    assert "No symptom logs or moods on these days." in page.text
    assert ("a", {"href": f"/clients/{client.id}/plan"}) in page.elements


async def test_today_is_the_clients_own(practice: Practice, noor: httpx.AsyncClient) -> None:
    """When it is Monday 09:00 in UTC, it is still Sunday in Honolulu."""
    client = await practice.client("Alex")
    await client.log({"worry": 3}, at=datetime.fromisoformat("2026-03-01T22:30:00-10:00"))
    page = read(await noor.get(at(client, "?range=2w")))
    assert "16 Feb – 1 Mar 2026: 1 symptom log" in page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert values(page) == 1


async def test_every_answer_of_years_is_reached_from_everything(practice: Practice, noor: httpx.AsyncClient) -> None:
    """Two and a half years by month, a month by its answers: each value is one of its own, and each is found."""
    client, now = await practice.client("Alex"), practice.services.clock()
    numbers = range(300)
    logs = [
        Log(id=uuid4(), at=now - timedelta(days=3 * one, hours=one % 24), entered_at=now, values={"worry": one})
        for one in numbers
    ]
    await client.logs(logs, now)
    whole = await noor.get(at(client, "?range=all"))
    assert "Each month is drawn from its lowest to its highest value" in read(whole).text
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(\?since=[^"#]+)#chart-1"', whole.text)]
    assert len(links) == 31
    found: list[int] = []
    for link in links:
        page = await noor.get(at(client, link))
        found += map(int, re.findall(r"<td class=\"figure\">(\d+)</td>", page.text))
        assert len(page.content) < 40_000
    assert sorted(found) == list(numbers)
    assert len(whole.content) < 60_000


async def test_a_page_that_moves_by_itself_stays_with_its_days(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    now = practice.services.clock()
    for days, value in ((1, 3), (40, 5)):
        await client.log({"worry": value}, at=now - timedelta(days=days), arrived=now)
    day = (now - timedelta(days=40)).date()
    page = await noor.get(at(client, f"?since={day}&until={day}"))
    (fragment,) = re.findall(r'data-fragment="([^"]+)"', page.text)
    assert fragment == f"/fragments/clients/{client.id}/progress?since={day}&amp;until={day}"
    for answer in (page, await noor.get(fragment.replace("&amp;", "&"))):
        assert "latest <strong>5</strong>" in " ".join(answer.text.split())
        assert answer.text.count("<circle") == 1
    for wrong in ("since=tomorrow", "until=2026-01-01T10:00:00Z", "since=2026-02-02&until=2026-02-01", "range=month"):
        assert (await noor.get(at(client, f"?{wrong}"))).status_code == 400


async def test_the_mood_of_the_journal_is_a_chart(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.write("x", mood=4)
    await client.write("without a mood", at=MONDAY + timedelta(days=1))
    page = read(await noor.get(at(client)))
    assert "Mood (journal) latest 4" in page.text
    assert values(page) == 1


async def test_a_correction_and_a_note_of_years_ago_are_still_told(practice: Practice, noor: httpx.AsyncClient) -> None:
    client, now = await practice.client("Alex"), practice.services.clock()
    old = now - timedelta(days=900)
    first = Log(id=uuid4(), at=old, entered_at=old, values={"worry": 9}, scale=(0, 10))
    again = Log(
        id=uuid4(), at=old, entered_at=now, values={"worry": 1}, scale=(0, 10), corrects=first.id, note="mistyped"
    )
    others = [
        Log(id=uuid4(), at=now - timedelta(days=one), entered_at=now, values={"worry": 2}, scale=(0, 10))
        for one in range(200)
    ]
    await client.logs([first, again, *others], now)
    text = read(await noor.get(at(client, "?range=all"))).text
    assert "201 symptom logs" in text
    assert "1 note on symptom logs" in text
    assert "mistyped" in text
    assert "1 symptom log corrected by the client" in text
    assert "Originally: worry 9, no note." in text


async def test_what_came_later_is_marked_by_how_it_came(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await client.log({"worry": 3}, at=MONDAY, arrived=MONDAY + timedelta(days=3))
    await client.log(
        {"worry": 3},
        at=MONDAY + timedelta(hours=1),
        entered_at=MONDAY + timedelta(days=3),
        arrived=MONDAY + timedelta(days=3),
    )
    page = read(await noor.get(at(client)))
    marks = [found["class"] for _, found in page.elements if "point" in (found.get("class") or "").split()]
    assert marks == ["value point synced-later", "value point entered-later"]
    assert "hollow: synced later (received more than a day after)" in page.text
    assert "diamond: entered later (more than a day after what it is about)" in page.text
    assert "Mon 23 Feb 2026, 23:50 synced later, received Thu 26 Feb 2026, 23:50" in page.text


async def test_a_page_draws_the_symptoms_of_the_plan_then_those_answered_most_and_names_the_others(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client, now = await practice.client("Alex"), practice.services.clock()
    await sent(noor, "PATCH", f"{base(client)}/plan", trackers={"a": {"name": "s2.199", "low": 0, "high": 10}})
    logs = [
        Log(id=uuid4(), at=now - timedelta(hours=n), entered_at=now, values={f"s{n}.{one}": 1 for one in range(50)})
        for n in range(3)
    ]
    logs.append(Log(id=uuid4(), at=now, entered_at=now, values={"s2.199": 4}))
    await client.logs(logs, now)
    for hours, name in ((3, "WORRY"), (2, "worry "), (1, "Worry")):
        await client.log({name: 3}, at=now - timedelta(hours=hours))
    answer = await noor.get(at(client))
    page = read(answer)
    charts = [
        found["id"] for tag, found in page.elements if tag == "figure" and (found.get("id") or "").startswith("chart-")
    ]
    assert len(charts) == MOST_SERIES
    assert page.text.index("s2.199 latest 4") < page.text.index("WORRY latest 3")
    assert "No chart (answered less often):" in page.text
    assert re.search(r" and \d+ more\.", page.text)
    assert len(answer.content) < 200_000


# --- what stands on the same days -------------------------------------------------------------------------------------


async def cared_for(practice: Practice, noor: httpx.AsyncClient) -> Client:
    """A client with sessions, an episode with a baseline, scores and homework."""
    client = await practice.client("Alex")
    first = await paper(noor, client, SEVERE, MONDAY - timedelta(days=60))
    await paper(noor, client, MILD, MONDAY)
    await sent(noor, "POST", f"{base(client)}/sessions", 201, planned_at="2026-02-20T10:00:00+01:00", state="attended")
    (episode,) = (await noor.get(f"{base(client)}/episodes")).json()["items"]
    await sent(
        noor,
        "PATCH",
        f"{base(client)}/episodes/{episode['id']}",
        phase="treatment",
        began_on="2025-12-20",
        phase_began_on="2026-01-15",
        baseline={"phq-9/total": {"assessment": first["id"]}},
    )
    await client.log({"worry": 3})
    return client


async def test_scores_have_their_bands_their_threshold_and_what_it_rests_on(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await cared_for(practice, noor)
    answer = await noor.get(at(client))
    text = read(answer).text
    for said in (
        "8 of 27 mild",
        "reliable improvement",
        "−17 since the baseline (Thu 25 Dec 2025): reliable improvement (threshold: 6 points).",
        "Reliable-change threshold: 6 points. Shaded around the baseline 25: within measurement error.",
        "Population : people in NHS Talking Therapies".replace(" :", ""),
        "Source NHS Talking Therapies manual",
        "moderately severe 15–19",
        "Within measurement error of the baseline",
    ):
        assert said in text, said
    assert answer.text.count('class="error-band"') == 1
    short = read(await noor.get(at(client, "?since=2026-01-20&until=2026-01-30"))).text
    assert "No score on these days. 1 score is before these days." in short


async def test_sessions_and_phases_stand_behind_everything(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await cared_for(practice, noor)
    answer = await noor.get(at(client))
    text = read(answer).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Treatment: 15 Jan – 2 Mar 2026" in text
    assert "Session attended: Fri 20 Feb 2026, 10:00" in text
    assert answer.text.count('class="session"') == 2  # behind the symptom and behind the score


async def test_homework_is_drawn_on_the_same_days(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await assigned(noor, client, what=f"walk {HOSTILE}", rule="daily", since="2026-02-20")
    for day in range(3):
        done = MONDAY + timedelta(days=day)
        await client.make(
            Kind.HOMEWORK_PROGRESS,
            HomeworkProgress(homework=id_, occurrence=done.date().isoformat(), done_at=done, entered_at=done),
            done,
        )
    answer = await noor.get(at(client))
    text = read(answer).text
    assert "walk <script>alert('x')</script>" in text
    assert "<script>alert" not in answer.text
    assert "3 of " in text
    assert "Mon 23 Feb 2026: done" in text


async def together(practice: Practice, noor: httpx.AsyncClient, weeks: int) -> Client:
    """Homework once a week, more of it before a better week."""
    client, now = await practice.client("Alex"), practice.services.clock()
    start = (now - timedelta(weeks=weeks + 1)).date()
    id_ = await assigned(noor, client, what="walk", rule="daily", since=start.isoformat())
    shares = [1, 6, 3, 5, 2, 7, 0, 4]
    logs = []
    for day in range(7 * weeks):
        moment = now - timedelta(days=7 * weeks - day)
        week, number = divmod(day, 7)
        done = HomeworkProgress(
            homework=id_,
            occurrence=moment.date().isoformat(),
            status="done" if number < shares[week % 8] else "not",
            done_at=moment,
            entered_at=moment,
        )
        await client.make(Kind.HOMEWORK_PROGRESS, done, moment)
        logs.append(Log(id=uuid4(), at=moment, entered_at=moment, values={"worry": 9 - shares[(week - 1) % 8]}))
    await client.logs(logs, now)
    return client


async def test_homework_and_a_symptom_are_shown_together_with_every_pair(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await together(practice, noor, 10)
    page = read(await noor.get(at(client)))
    assert "Homework and symptoms together" in page.text
    assert re.search(r"over 9 pairs of weeks\.", page.text)
    assert "caused" not in page.text
    assert [
        found["id"]
        for _, found in page.elements
        if (found.get("id") or "").startswith("together-") and "readout" in str(found["id"])
    ] == [
        "together-homework-readout",
        "together-symptom-readout",
        "together-forward-readout",
        "together-backward-readout",
    ]


async def test_under_eight_pairs_nothing_is_drawn_of_the_two_together(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await together(practice, noor, 4)
    answer = await noor.get(at(client))
    assert re.search(r"Too little data: \d pairs of weeks, and at least 8 are needed\.", read(answer).text)
    assert "together-forward" not in answer.text


async def test_another_symptom_can_be_chosen_and_the_days_stay(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await assigned(noor, client, what="walk", rule="daily", since="2026-02-20")
    await client.log({"calm": 3, "worry": 2})
    page = read(await noor.get(at(client, "?range=1y&together=worry")))
    current = [
        found["href"] for _, found in page.elements if found.get("aria-current") == "true" and found.get("href") != "/"
    ]
    assert current == [at(client, "?range=1y&together=worry"), at(client, "?range=1y&together=worry#together")]
    none = read(await noor.get(at(client, "?together=nothing")))
    assert values(none) > 0


async def test_steps_of_goals_are_counted(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    steps = {"a": {"text": "no screens", "done_on": "2026-02-20"}, "b": {"text": "walk"}}
    await sent(noor, "POST", f"{base(client)}/goals", 201, what=HOSTILE, steps=steps)
    answer = await noor.get(at(client))
    assert "1 of 2 Fri 20 Feb 2026" in read(answer).text
    assert "<script>alert" not in answer.text


# --- the same over HTTP -----------------------------------------------------------------------------------------------


async def test_the_api_has_what_the_page_draws(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await cared_for(practice, noor)
    await client.write("x", mood=4)
    await assigned(noor, client, what="walk", rule="daily", since="2026-02-20")
    answer = await noor.get(f"{base(client)}/progress")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["first"], found["last"]) == ("2025-12-02", "2026-03-02")
    mood, worry = found["diary"]["series"]
    assert (mood["key"], mood["latest"]["value"], worry["name"], worry["count"]) == ("", 4, "worry", 1)
    (score,) = found["scores"]
    assert (score["threshold"], score["baseline"]["score"], len(score["drawn"])) == (6, 25, 2)
    assert [one["phase"] for one in found["backdrop"]["phases"]] == [None, "treatment"]
    assert len(found["backdrop"]["sessions"]) == 1
    (homework,) = found["homework"]
    assert homework["what"] == "walk"
    assert date.fromisoformat(homework["marks"][0]["day"]) == date(2026, 3, 2)
    assert (await noor.get(f"{base(client)}/progress?since=tomorrow")).status_code == 400
    narrow = (await noor.get(f"{base(client)}/progress?since=2026-02-23&until=2026-02-23")).json()
    assert (narrow["first"], narrow["last"], narrow["diary"]["logs"]) == ("2026-02-23", "2026-02-23", 1)


async def test_nobody_else_reads_it(practice: Practice, noor: httpx.AsyncClient) -> None:
    await practice.therapist("sam", "Sam")
    client = await practice.client("Alex")
    async with practice.signed_in("sam") as sam:
        for path in (at(client), f"/fragments{at(client)}", f"{base(client)}/progress"):
            assert (await sam.get(path)).status_code == 404
