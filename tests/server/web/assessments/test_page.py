"""A client's assessments as the therapist reads them, enters them from paper, corrects and comments them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.server.web.api.test_measures import MILD, SEVERE, brought, paper
from tests.server.web.assessments.administering import answered
from tests.server.web.practice import MONDAY, Client, Practice, send
from tests.server.web.reading_pages import read

from intersession_server.web.assessments import page as pages

pytestmark = pytest.mark.anyio

HOSTILE = "<script>alert('x')</script> \"><img src=x onerror=alert(1)> {{ 7*7 }}"
CHECK_IN = {f"q{number}": number for number in range(1, 7)}


def base(client: Client) -> str:
    return f"/clients/{client.id}/assessments"


async def sent(browser: httpx.AsyncClient, path: str, **fields: Any) -> httpx.Response:
    fields["csrf"] = (await browser.get("/api/me")).json()["csrf"]
    return await browser.post(path, data=fields)


def answers(values: dict[str, int]) -> dict[str, str]:
    return {f"answers.{item}": str(value) for item, value in values.items()}


async def entered(browser: httpx.AsyncClient, client: Client, values: dict[str, int], **fields: Any) -> UUID:
    """Scores from paper, by the form; the id of what they became."""
    fields = {"instrument": "phq-9", "at": "2026-02-23T10:00"} | answers(values) | fields
    answer = await sent(browser, f"{base(client)}/paper", **fields)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith(f"{base(client)}/")
    return UUID(answer.headers["location"].partition("#")[0].rpartition("/")[2])


async def refused(browser: httpx.AsyncClient, client: Client, **fields: Any) -> str:
    answer = await sent(browser, f"{base(client)}/paper", **{"instrument": "phq-9", **fields})
    assert answer.status_code == 422, answer.text
    return read(answer, 422).text


async def test_without_assessments_the_page_says_what_to_do(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    assert "No assessments have been received. Schedule one in the plan" in read(await noor.get(base(client))).text


async def test_each_administration_says_its_score_its_change_and_its_risk(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    first = await paper(noor, client, MILD, MONDAY)
    second = await paper(noor, client, SEVERE, MONDAY + timedelta(days=3))
    third = await paper(noor, client, SEVERE | {"q1": 2}, MONDAY + timedelta(days=4))
    page = read(await noor.get(base(client)))
    places = [one["id"] for tag, one in page.elements if tag == "article"]
    assert places == [f"assessment-{one['id']}" for one in (third, second, first)]
    assert "−1 since the last one, Thu 26 Feb 2026: within measurement error Reliable-change threshold: 6 points" in (
        page.text
    )
    assert "+17 since the last one, Mon 23 Feb 2026: reliable deterioration" in page.text
    assert "Risk item endorsed: Thoughts of death or self-harm, answered 1" in page.text
    assert "Paper or interview" in page.text
    assert "Taken down by Noor Haddad · 9 of 10 items answered" in page.text
    assert "Synced later" not in page.text
    one = read(await noor.get(f"{base(client)}/{second['id']}")).text
    assert "9 Thoughts of death or self-harm 1 Risk item endorsed" in one
    assert "Sum of 9 items, 0–27" in one
    assert "10 or more: caseness" in one
    assert (await noor.get(f"{base(client)}/{uuid4()}")).status_code == 404


async def test_what_the_client_answered_is_told_in_its_words_and_what_is_missing_is_named(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    at = MONDAY - timedelta(days=20)
    id_ = await answered(client, "check-in", CHECK_IN | {"q6": 0}, at, arrived=MONDAY)
    page = read(await noor.get(f"{base(client)}/{id_}")).text
    assert "Our own wording" in page
    assert "Synced later" in page
    assert "6 Alone How alone did you feel? 0 0, not at all" in page
    assert "Answered by the client" in page
    part = {key: value for key, value in CHECK_IN.items() if key not in {"q2", "q4"}}
    less = await answered(client, "check-in", part, MONDAY)
    page = read(await noor.get(f"{base(client)}/{less}")).text
    assert "No score: items are missing, and nothing is guessed." in page
    assert "Missing: Worry, Energy" in page


async def test_a_draft_is_shown_as_one_with_its_risk(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await answered(client, "phq-9", {"q1": 2, "q9": 3}, MONDAY, completed=False)
    for path in (base(client), f"{base(client)}/{id_}"):
        text = read(await noor.get(path)).text
        assert "In progress, not completed" in text
        assert "2 of 10 items answered" in text
        assert "Risk item endorsed: Thoughts of death or self-harm, answered 3" in text
        assert "Missing" not in text
    assert "There is no score before it is completed." in read(await noor.get(f"{base(client)}/{id_}")).text


async def test_an_answer_that_was_changed_says_what_it_was_first(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await answered(client, "phq-9", MILD | {"q9": 2}, MONDAY, then={"q9": 0})
    text = read(await noor.get(f"{base(client)}/{id_}")).text
    assert "Thoughts of death or self-harm 0 Answered 2 first" in text
    assert "Risk item endorsed" not in text


async def test_of_one_instrument_and_a_page_at_a_time(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "CARDS_PER_PAGE", 2)
    client = await practice.client("Alex")
    for days in range(3):
        await paper(noor, client, MILD, MONDAY - timedelta(days=days))
    await answered(client, "check-in", CHECK_IN, MONDAY - timedelta(days=5))
    page = read(await noor.get(f"{base(client)}?instrument=check-in"))
    assert [tag for tag, _ in page.elements].count("article") == 1
    page = read(await noor.get(f"{base(client)}?instrument=phq-9"))
    assert [tag for tag, _ in page.elements].count("article") == 2
    (older,) = [one["href"] for tag, one in page.elements if tag == "a" and one.get("rel") == "next"]
    rest = read(await noor.get(str(older)))
    assert [tag for tag, _ in rest.elements].count("article") == 1
    assert (await noor.get(f"{base(client)}?before=nonsense")).status_code == 400


async def test_scores_from_paper_are_entered_item_by_item(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    form = read(await noor.get(f"{base(client)}/paper?instrument=phq-9"))
    radios = [one for tag, one in form.elements if tag == "input" and one.get("type") == "radio"]
    assert len(radios) == 40
    assert {one["value"] for one in radios} == {"0", "1", "2", "3"}
    id_ = await entered(noor, client, MILD)
    (made,) = (await noor.get(f"/api{base(client)}")).json()["items"]
    assert (made["id"], made["assessment"]["started_at"]) == (str(id_), "2026-02-23T10:00:00Z")
    (completion,) = made["assessment"]["completions"]
    assert (completion["answers"], completion["wording"]["status"]) == (MILD, "paper")
    choice = read(await noor.get(f"{base(client)}/paper")).text
    assert "Given before Patient Health Questionnaire 9 (PHQ-9) All others" in choice
    assert (await noor.get(f"{base(client)}/paper?instrument=nothing")).status_code == 404


async def test_what_an_item_cannot_be_is_said_by_its_name_and_nothing_is_written(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    head = (await practice.services.log.stream_heads())[client.stream]
    for value in ("4", "-1", "1.5", "x", "1e3", "９"):
        said = await refused(noor, client, **answers(MILD) | {"answers.q3": value})
        assert "Item 3, Sleep: the value must be one of 0–3." in said
        assert f"“{value}”" not in said
    assert "Answer at least one item." in await refused(noor, client)
    assert "does not have" in await refused(noor, client, **{"answers.q99": "1"})
    assert "cannot be read" in await refused(noor, client, at="yesterday", **answers(MILD))
    assert "in the future" in await refused(noor, client, at="2099-01-01T10:00", **answers(MILD))
    assert (await practice.services.log.stream_heads())[client.stream] == head


async def test_a_yes_no_form_and_a_wide_range_are_entered_as_well(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await entered(noor, client, {"q1": 1, "q2": 0}, instrument="cage")
    page = read(await noor.get(f"{base(client)}/{id_}")).text
    assert " yes " in page
    assert " no " in page
    form = read(await noor.get(f"{base(client)}/paper?instrument=ors"))
    assert [one["max"] for tag, one in form.elements if tag == "input" and one.get("type") == "number"] == ["100"] * 4


async def test_one_corrects_what_one_took_down_oneself(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    first = await entered(noor, client, MILD)
    form = read(await noor.get(f"{base(client)}/paper?amends={first}"))
    chosen = [one["id"] for tag, one in form.elements if tag == "input" and "checked" in one]
    assert chosen == [f"answer-{item}-{value}" for item, value in MILD.items()]
    second = await entered(noor, client, MILD | {"q1": 3}, amends=str(first))
    before, after = [read(await noor.get(f"{base(client)}/{id_}")) for id_ in (first, second)]
    assert "Corrected later, and compared with no more: the correction" in before.text
    assert f"{base(client)}/{second}" in [one.get("href") for _, one in before.elements]
    assert "Corrects an earlier administration: what was corrected" in after.text
    mine = await answered(client, "phq-9", MILD, MONDAY)
    assert (await noor.get(f"{base(client)}/paper?amends={mine}")).status_code == 404
    said = await refused(noor, client, amends=str(mine), **answers(MILD))
    assert "Only whoever took an assessment down corrects it." in said
    said = await refused(noor, client, instrument="gad-7", amends=str(first), **answers({"q1": 1}))
    assert "of the same instrument" in said
    await practice.therapist("sam", "Sam")
    await practice.do(practice.assign(client, "sam", "covering"))
    async with practice.signed_in("sam") as sam:
        assert "Correct" not in read(await sam.get(f"{base(client)}/{first}")).words
        assert (await sam.get(f"{base(client)}/paper?amends={first}")).status_code == 404


async def test_a_comment_is_in_the_record_where_the_client_reads_it(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    id_ = await entered(noor, client, MILD)
    answer = await sent(noor, f"{base(client)}/{id_}/comments", text=f"Better than in May. {HOSTILE}")
    assert answer.status_code == 303
    page = read(await noor.get(answer.headers["location"])).text
    assert f"Better than in May. {HOSTILE}" in page
    assert "The client reads this." in page
    (comment,) = (await noor.get(f"/api/clients/{client.id}/comments?on={id_}")).json()["items"]
    assert comment["comment"]["text"].startswith("Better than in May.")
    assert (await sent(noor, f"{base(client)}/{id_}/comments", text=" ")).status_code == 422
    assert (await sent(noor, f"{base(client)}/{uuid4()}/comments", text="x")).status_code == 422


async def test_a_record_without_the_definition_shows_what_was_answered(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    id_ = await answered(client, HOSTILE[:60], {"q1": 1, "why": HOSTILE}, MONDAY)
    for path in (base(client), f"{base(client)}/{id_}"):
        text = read(await noor.get(path)).text
        assert HOSTILE in text
    assert "This record does not have the definition" in read(await noor.get(base(client))).text


async def test_one_of_the_practices_own_is_entered_from_paper(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    made = await brought(practice, title=HOSTILE)
    form = read(await noor.get(f"{base(client)}/paper?instrument={made.key}"))
    assert "Question 1 of ours? 0 no 1 a little 2 yes" in form.text
    assert HOSTILE in form.text
    id_ = await entered(noor, client, {"q1": 2, "q2": 1}, instrument=made.key)
    assert "Sum 3 0–4" in read(await noor.get(f"{base(client)}/{id_}")).text


async def test_pages_and_forms_are_the_care_teams(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await entered(noor, client, MILD)
    await practice.unassign(client)
    for path in (base(client), f"{base(client)}/{id_}", f"{base(client)}/paper", f"/fragments{base(client)}/{id_}"):
        assert (await noor.get(path)).status_code == 404
    assert (await sent(noor, f"{base(client)}/paper", instrument="phq-9", **answers(MILD))).status_code == 404
    assert (await sent(noor, f"{base(client)}/{id_}/comments", text="x")).status_code == 404
    answer = await noor.post(f"{base(client)}/paper", data={"instrument": "phq-9"})
    assert answer.status_code in (403, 404)


async def test_an_amendment_by_the_api_is_of_the_same_instrument(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    first = await paper(noor, client, MILD, MONDAY)
    body = {"instrument": "gad-7", "answers": {"q1": 1}, "amends": first["id"]}
    answer = await send(noor, "POST", f"/api{base(client)}", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_field")


async def test_nobody_corrects_what_somebody_else_answered_or_took_down(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    theirs = await answered(client, "phq-9", MILD, MONDAY)
    hers = (await paper(noor, client, MILD, MONDAY))["id"]
    await practice.therapist("sam", "Sam")
    await practice.do(practice.assign(client, "sam", "covering"))
    head = (await practice.services.log.stream_heads())[client.stream]
    async with practice.signed_in("sam") as sam:
        for browser, amended in ((noor, theirs), (sam, theirs), (sam, hers)):
            body = {"instrument": "phq-9", "answers": MILD, "amends": str(amended)}
            answer = await send(browser, "POST", f"/api{base(client)}", body)
            assert (answer.status_code, answer.json()["code"]) == (400, "invalid_field")
    assert (await practice.services.log.stream_heads())[client.stream] == head
