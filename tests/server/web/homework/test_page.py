from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.server.web.api.test_homework import TODAY, said
from tests.server.web.api.test_plan import base, got, sent
from tests.server.web.forms.browser import forms_in, sent_by
from tests.server.web.forms.sending import send_form, submit
from tests.server.web.practice import Client, Practice, assigned
from tests.server.web.reading_pages import read

from intersession_schemas.documents.care.homework import HomeworkProgress
from intersession_schemas.documents.forms import Answer
from intersession_schemas.library import TEMPLATES
from intersession_schemas.streams import Kind
from intersession_server.projections import record_reading
from intersession_server.web.homework.overview import ENDED_PER_PAGE

pytestmark = pytest.mark.anyio

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'"


def address(client: Client, homework: object = "") -> str:
    return f"/clients/{client.id}/homework" + (f"/{homework}" if homework else "")


async def all_of(browser: httpx.AsyncClient, client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await got(browser, f"{base(client)}/homework"))["items"]
    return found


async def moved_on(answer: httpx.Response) -> str:
    """Where a form that was carried out leads."""
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removesuffix("#saved")


# --- reading ----------------------------------------------------------------------------------------------------------


async def test_homework_is_shown_with_what_became_of_it(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await assigned(noor, client, what="a walk", why="air", rule="daily", since="2026-02-27", agreed=True)
    await said(client, id_, "2026-03-01", "partly", difficulty=7, helpfulness=8, learned="slowly is fine")
    page = read(await noor.get(address(client)))
    assert "a walk" in page.text
    assert "daily, from Fri 27 Feb 2026 · agreed" in page.text
    assert "Latest report: partly, Sun 1 Mar 2026, 21:00" in page.text
    assert "1 report to review" in page.text
    marks = [
        one["class"] for tag, one in page.elements if tag == "li" and (one.get("class") or "").startswith("occurrence ")
    ]
    assert marks == ["occurrence occurrence-partly", "occurrence occurrence-open"]


async def test_what_became_of_it_is_read_once_until_something_comes(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await practice.client("Alex")
    id_ = await assigned(noor, client, what="a walk", rule="daily", since="2026-02-27")
    reads, homework = [], record_reading.homework

    async def counted(*given: Any) -> Any:
        reads.append(given)
        return await homework(*given)

    monkeypatch.setattr(record_reading, "homework", counted)
    first, again = [read(await noor.get(address(client))).text for _ in range(2)]
    assert (first, len(reads)) == (again, 1)
    await said(client, id_, "2026-03-01", "partly")
    assert "1 report to review" in read(await noor.get(address(client))).text
    assert "1 report to review" not in first
    assert len(reads) == 2


async def test_one_assignment_has_all_its_reports(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await assigned(noor, client, what="a walk", why="air helps", rule="daily", since="2026-03-01")
    answer = Answer(key="a", prompt="How was it?", type="scale", value=3, label="so so")
    await said(client, id_, TODAY, "not", answers=(answer,), difficulty=2, barrier="no_chance", barrier_note="rain")
    page = read(await noor.get(address(client, id_))).text
    for words in ("air helps", "How was it?", "3 (so so)", "difficulty 2", "no chance, rain", "Not reviewed"):
        assert words in page, words


async def test_late_is_said_of_what_was_entered_later_and_of_what_synced_later(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    id_ = await assigned(noor, client, what="a walk", rule="daily", since="2026-02-20")
    done = datetime.fromisoformat("2026-02-27T21:00:00+01:00")
    entered = datetime.fromisoformat("2026-03-01T21:00:00+01:00")
    for key, at in (("2026-02-26", entered), ("2026-02-27", done)):
        value = HomeworkProgress(homework=id_, occurrence=key, done_at=done, entered_at=at)
        await client.make(Kind.HOMEWORK_PROGRESS, value, entered.astimezone(UTC))
    page = read(await noor.get(address(client, id_))).text
    assert page.count("entered later, Sun 1 Mar 2026, 21:00") == 1
    assert page.count("synced later") == 1
    assert "for Thu 26 Feb 2026" in page


async def test_what_has_ended_is_folded_and_paged(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await assigned(noor, client, what="going on")
    for number in range(ENDED_PER_PAGE + 3):
        await assigned(noor, client, what=f"old number {number}.", ended_on="2026-02-25")
    first = read(await noor.get(address(client))).text
    assert f"{ENDED_PER_PAGE + 3} ended assignments" in first
    assert "Page 1 of 2" in first
    second = (await noor.get(address(client) + "?ended=2")).text
    shown = [[f"old number {number}." in text for number in range(ENDED_PER_PAGE + 3)] for text in (first, second)]
    assert [one.count(True) for one in shown] == [ENDED_PER_PAGE, 3]
    assert [a != b for a, b in zip(*shown, strict=True)] == [True] * (ENDED_PER_PAGE + 3)
    assert "going on" in second
    assert (await noor.get(address(client) + "?ended=99")).status_code == 200
    assert (await noor.get(address(client) + "?ended=0")).status_code == 400


async def test_hostile_words_stay_words(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client(f"Jo {HOSTILE}")
    fields = {"q": {"prompt": HOSTILE, "type": "one_of", "options": [HOSTILE, "b"]}}
    id_ = await assigned(noor, client, what=HOSTILE, why=HOSTILE, rule="daily", since="2026-03-01", fields=fields)
    answer = Answer(key="q", prompt=HOSTILE, type="one_of", value=HOSTILE)
    progress = await said(
        client, id_, TODAY, "not", answers=(answer,), learned=HOSTILE, barrier="forgot", barrier_note=HOSTILE
    )
    await sent(noor, "POST", f"{base(client)}/comments", 201, on=str(progress), text=HOSTILE)
    await sent(noor, "POST", f"{base(client)}/homework/{id_}/reviews", 201, decision="keep", reason=HOSTILE)
    await sent(noor, "POST", f"{base(client)}/goals", 201, what=HOSTILE)
    await sent(noor, "POST", f"{base(client)}/resources", 201, title=HOSTILE, text="x")
    await sent(noor, "POST", "/api/templates", 201, title=HOSTILE, what=HOSTILE, tags=["<b>"])
    for path in (
        address(client),
        address(client, id_),
        address(client, "new"),
        address(client, "new?template=scratch"),
    ):
        page = read(await noor.get(path))
        assert HOSTILE in " ".join(page.words), path
        assert not any(tag == "img" for tag, _ in page.elements)


async def test_there_is_no_assignment_of_another_client(practice: Practice, noor: httpx.AsyncClient) -> None:
    client, other = await practice.client("Alex"), await practice.client("Mira")
    theirs = await assigned(noor, other, what="secret walk")
    for path in (address(client, theirs), address(client, uuid4())):
        answer = await noor.get(path)
        assert answer.status_code == 404
        assert "secret" not in answer.text
    for path in ("new?template=nonsense", f"new?template={uuid4()}"):
        assert (await noor.get(address(client, path))).status_code == 404


# --- assigning --------------------------------------------------------------------------------------------------------


async def test_a_template_is_assigned_as_it_is_or_changed(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    page = address(client, "new?template=behavioural_activation")
    to = await moved_on(await submit(noor, page, "assign", address(client)))
    (made,) = await all_of(noor, client)
    assert to == f"{address(client)}#homework-{made['id']}"
    home, template = made["homework"], TEMPLATES["behavioural_activation"]
    assert (home["what"], home["why"], home["rule"], home["since"]) == (
        template.what,
        template.why,
        "FREQ=DAILY",
        TODAY,
    )
    questions = sorted(home["fields"].values(), key=lambda one: one["order"])
    expected = sorted(template.fields.values(), key=lambda one: one.order)
    assert [one["prompt"] for one in questions] == [one.prompt for one in expected]
    assert [one["type"] for one in questions] == [one.type for one in expected]
    assert set(home["fields"]) == set(template.fields)
    mood = home["fields"]["mood_before"]
    assert (mood["low"], mood["high"], mood["labels"][0]) == (0, 10, {"at": 0, "text": "very low"})

    changed = await submit(
        noor,
        page,
        "assign",
        address(client),
        "agreed=true",
        what="one small thing",
        when__repeats="",
        due="2026-03-05",
        confidence="7",
        fields__activity__remove="true",
        **{"fields__+1__prompt": "Anything else?"},
    )
    await moved_on(changed)
    new = next(one["homework"] for one in await all_of(noor, client) if one["homework"]["what"] == "one small thing")
    assert (new["rule"], new["due"], new["confidence"], new["agreed"]) == ("", "2026-03-05", 7, True)
    assert "activity" not in new["fields"]
    assert max(new["fields"].values(), key=lambda one: one["order"])["prompt"] == "Anything else?"


async def test_homework_is_written_from_scratch(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    goal = (await sent(noor, "POST", f"{base(client)}/goals", 201, what="sleep"))["id"]
    resource = (await sent(noor, "POST", f"{base(client)}/resources", 201, title="r", text="x"))["id"]
    page = address(client, "new?template=scratch")
    await moved_on(
        await submit(
            noor,
            page,
            "assign",
            address(client),
            f"resources={resource}",
            "when.weekdays=MO",
            what="a walk",
            goal=goal,
            when__repeats="weekly",
        )
    )
    (made,) = await all_of(noor, client)
    home = made["homework"]
    assert (home["what"], home["goal"], home["resources"]) == ("a walk", goal, [resource])
    assert (home["rule"], home["due"], home["since"]) == ("FREQ=WEEKLY;BYDAY=MO", None, TODAY)


async def test_what_cannot_be_assigned_is_said(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    page = address(client, "new?template=scratch")
    for changes in ({"what": " "}, {"what": "x", "confidence": "11"}, {"what": "x", "due": "nonsense"}):
        answer = await submit(noor, page, "assign", address(client), **changes)
        assert answer.status_code == 422
        assert "Not saved" in answer.text
    assert await all_of(noor, client) == []


async def test_templates_are_searched(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await sent(noor, "POST", "/api/templates", 201, title="Walks in the wood", what="Walk.")
    every = read(await noor.get(address(client, "new"))).text
    assert "Walks in the wood" in every
    assert "Thought record" in every
    some = read(await noor.get(address(client, "new?q=wood+walks"))).text
    assert "Walks in the wood" in some
    assert "Thought record" not in some
    assert "No template has all of these words." in read(await noor.get(address(client, "new?q=zzz"))).text


# --- changing ---------------------------------------------------------------------------------------------------------


async def test_an_assignment_is_changed_and_what_others_changed_meanwhile_stays(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    fields = {"a": {"prompt": "How?", "order": 1}, "b": {"prompt": "Where?", "order": 2}}
    id_ = await assigned(noor, client, what="a walk", rule="FREQ=DAILY;BYHOUR=8", since="2026-02-20", fields=fields)
    page = address(client, id_)
    pairs = sent_by((await noor.get(page)).text, "change-form")
    await sent(noor, "PATCH", f"{base(client)}/homework/{id_}", why="for the air", fields={"c": {"prompt": "When?"}})
    edited = [(name, "a long walk" if name == "what" else value) for name, value in pairs]
    edited = [(name, "Where to?" if name == "fields.b.prompt" else value) for name, value in edited]
    assert await moved_on(await send_form(noor, page, edited)) == page
    home = (await got(noor, f"{base(client)}/homework/{id_}"))["homework"]
    assert (home["what"], home["why"], home["rule"]) == ("a long walk", "for the air", "FREQ=DAILY;BYHOUR=8")
    assert {key: one["prompt"] for key, one in home["fields"].items()} == {
        "a": "How?",
        "b": "Where to?",
        "c": "When?",
    }


async def test_a_question_that_somebody_else_removed_stays_removed_or_is_told(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    id_ = await assigned(noor, client, what="a walk", fields={"a": {"prompt": "How?"}, "b": {"prompt": "Where?"}})
    page = address(client, id_)
    pairs = sent_by((await noor.get(page)).text, "change-form")
    await sent(noor, "PATCH", f"{base(client)}/homework/{id_}", fields={"a": None})
    other = [(name, "a long walk" if name == "what" else value) for name, value in pairs]
    assert (await send_form(noor, page, other)).status_code == 303
    home = (await got(noor, f"{base(client)}/homework/{id_}"))["homework"]
    assert (home["what"], set(home["fields"])) == ("a long walk", {"b"})
    same = [(name, "How was it?" if name == "fields.a.prompt" else value) for name, value in pairs]
    answer = await send_form(noor, page, same)
    assert answer.status_code == 422
    assert "Somebody has removed this meanwhile" in answer.text


async def test_a_form_that_is_sent_as_it_is_changes_nothing(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    template = TEMPLATES["thought_record"]
    await submit(noor, address(client, "new?template=thought_record"), "assign", address(client))
    (made,) = await all_of(noor, client)
    assert await moved_on(await submit(noor, address(client, made["id"]), "change-form"))
    (after,) = await all_of(noor, client)
    assert after["heads"] == made["heads"]
    assert len(after["homework"]["fields"]) == len(template.fields)


async def test_questions_are_put_in_another_order(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    fields = {key: {"prompt": key, "order": number} for number, key in enumerate("abcd")}
    id_ = await assigned(noor, client, what="a walk", fields=fields)
    await moved_on(await submit(noor, address(client, id_), "change-form", fields__d__place="2"))
    home = (await got(noor, f"{base(client)}/homework/{id_}"))["homework"]
    assert sorted(home["fields"], key=lambda key: home["fields"][key]["order"]) == ["a", "d", "b", "c"]


async def test_an_assignment_is_ended_taken_up_and_assigned_again(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await assigned(noor, client, what="a walk", rule="daily", since="2026-02-20")
    page = address(client, id_)
    await moved_on(await submit(noor, page, "end-form", f"{page}/end", ended_on="2026-03-09"))
    text = read(await noor.get(page)).text
    assert "ended Mon 9 Mar 2026" in text
    await moved_on(await submit(noor, page, f"resume-{id_}", f"{page}/resume"))
    assert (await got(noor, f"{base(client)}/homework/{id_}"))["homework"]["ended_on"] is None
    await moved_on(await submit(noor, page, "end-form", f"{page}/end"))
    assert (await got(noor, f"{base(client)}/homework/{id_}"))["homework"]["ended_on"] == TODAY
    to = await moved_on(await submit(noor, page, f"again-{id_}", f"{page}/again"))
    again = (await got(noor, f"/api{to}"))["homework"]
    assert (again["predecessor"], again["since"], again["what"]) == (str(id_), TODAY, "a walk")
    assert "The assignment before it" in read(await noor.get(to)).text


# --- reviewing and commenting -----------------------------------------------------------------------------------------


async def test_a_review_with_a_successor(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await assigned(noor, client, what="ten minutes", why="air", rule="daily", since="2026-02-20", agreed=True)
    progress = await said(client, id_, "2026-03-01")
    page = address(client, id_)
    assert ("evidence", str(progress)) in sent_by((await noor.get(page)).text, "review-form")
    answer = await submit(
        noor,
        page,
        "review-form",
        f"{page}/reviews",
        decision="step_up",
        reason="it was easy",
        successor__what="twenty minutes",
    )
    to = await moved_on(answer)
    old = await got(noor, f"{base(client)}/homework/{id_}")
    (review,) = old["reviews"]
    new = await got(noor, f"{base(client)}/homework/{review['review']['successor']}")
    assert to == address(client, new["id"])
    assert (review["review"]["decision"], review["review"]["evidence"]) == ("step_up", [str(progress)])
    assert (new["homework"]["what"], new["homework"]["why"], new["homework"]["rule"]) == (
        "twenty minutes",
        "air",
        "FREQ=DAILY",
    )
    assert (new["homework"]["since"], old["homework"]["ended_on"]) == (TODAY, TODAY)
    text = read(await noor.get(page)).text
    assert "Stepped up" in text
    assert "it was easy" in text
    assert "What it went on as" in text
    assert "Not reviewed" not in text


@pytest.mark.parametrize(
    ("decision", "ticked", "ended"), [("keep", "true", None), ("adapt", "false", None), ("stop", "true", TODAY)]
)
async def test_a_review_without_one(
    practice: Practice, noor: httpx.AsyncClient, decision: str, ticked: str, ended: str | None
) -> None:
    client = await practice.client("Alex")
    id_ = await assigned(noor, client, what="ten minutes", rule="daily", since="2026-02-20")
    page = address(client, id_)
    answer = await submit(noor, page, "review-form", f"{page}/reviews", decision=decision, goes_on=ticked)
    assert await moved_on(answer) == page
    (home,) = await all_of(noor, client)
    assert home["homework"]["ended_on"] == ended
    assert len((await got(noor, f"{base(client)}/homework/{id_}"))["reviews"]) == 1


async def test_a_report_is_commented_on_in_place(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await assigned(noor, client, what="ten minutes", rule="daily", since="2026-02-20")
    progress = await said(client, id_, "2026-03-01")
    page = address(client, id_)
    assert "The client reads this." in (await noor.get(page)).text
    answer = await submit(noor, page, f"comment-{progress}", f"{page}/comments", text="well done")
    assert await moved_on(answer) == page
    text = read(await noor.get(page)).text
    assert "well done" in text
    assert "Noor Haddad" in text
    (comment,) = (await got(noor, f"{base(client)}/comments?on={progress}"))["items"]
    assert comment["comment"]["text"] == "well done"
    assert (await submit(noor, page, f"comment-{progress}", f"{page}/comments", text=" ")).status_code == 422
    other = await practice.client("Mira")
    token = (await got(noor, "/api/me"))["csrf"]
    fields = [("csrf", token), ("on", str(progress)), ("text", "x")]
    stray = await send_form(noor, f"{address(other, id_)}/comments", fields)
    assert stray.status_code == 422


async def test_a_form_needs_its_token_and_a_grant(practice: Practice, noor: httpx.AsyncClient) -> None:
    await practice.therapist("sam", "Sam")
    client = await practice.client("Alex")
    id_ = await assigned(noor, client, what="ten minutes", rule="daily", since="2026-02-20")
    progress = await said(client, id_, "2026-03-01")
    html = (await noor.get(address(client, id_))).text + (await noor.get(address(client, "new?template=scratch"))).text
    forms = {"assign": "", "change-form": f"/{id_}", "end-form": f"/{id_}/end", "review-form": f"/{id_}/reviews"}
    forms[f"comment-{progress}"] = f"/{id_}/comments"
    head = (await practice.services.log.stream_heads())[client.stream]
    async with practice.signed_in("sam") as sam:
        token = (await got(sam, "/api/me"))["csrf"]
        for name, end in forms.items():
            pairs = [(key, value) for key, value in forms_in(html)[name] if key != "csrf"]
            assert (await send_form(noor, address(client) + end, pairs)).status_code == 403, name
            theirs = [*pairs, ("csrf", token)]
            assert (await send_form(sam, address(client) + end, theirs)).status_code == 404, name
    assert (await practice.services.log.stream_heads())[client.stream] == head
