from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.server.web.api.test_plan import base, got, sent
from tests.server.web.practice import BERLIN, MONDAY, Client, Practice, assigned

from intersession_schemas.documents.care.homework import HomeworkProgress
from intersession_schemas.documents.forms import Answer
from intersession_schemas.streams import Kind

pytestmark = pytest.mark.anyio

TODAY = "2026-03-02"


async def said(client: Client, homework: UUID, occurrence: str, status: Any = "done", **more: Any) -> UUID:
    """What a client says of an occurrence on that day's evening."""
    day = occurrence if occurrence != "once" else TODAY
    at = datetime.fromisoformat(f"{day}T21:00:00+01:00")
    progress = HomeworkProgress(
        homework=homework, occurrence=occurrence, status=status, done_at=at, entered_at=at, **more
    )
    return await client.make(Kind.HOMEWORK_PROGRESS, progress, at.astimezone(UTC))


async def test_homework_begins_today_where_the_client_is(practice: Practice, noor: httpx.AsyncClient) -> None:
    """Nine in the morning in UTC is the evening before for a client who writes eleven hours behind it."""
    client = await practice.client("Alex")
    made = await sent(noor, "POST", f"{base(client)}/homework", 201, what="a walk", rule="daily")
    assert (made["homework"]["since"], made["homework"]["rule"]) == (TODAY, "FREQ=DAILY")
    assert [one["state"] for one in made["occurrences"]] == ["open"]
    far = await practice.client("Mira")
    await far.write("one", at=datetime.fromisoformat("2026-02-28T12:00:00-11:00"))
    made = await sent(noor, "POST", f"{base(far)}/homework", 201, what="a walk", rule="daily")
    assert made["homework"]["since"] == "2026-03-01"
    assert [one["key"] for one in made["occurrences"]] == ["2026-03-01"]


async def test_homework_is_read_with_what_became_of_it(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await assigned(
        noor,
        client,
        what="a walk",
        rule="daily",
        since="2026-03-01",
        fields={"how": {"prompt": "How was it?", "type": "scale", "low": 0, "high": 10}},
    )
    answer = Answer(key="how", prompt="How was it?", type="scale", value=7, label="good")
    done = await said(client, id_, TODAY, answers=(answer,), difficulty=4, helpfulness=8, learned="slowly is fine")
    (item,) = (await got(noor, f"{base(client)}/homework"))["items"]
    assert [(one["key"], one["state"]) for one in item["occurrences"]] == [(TODAY, "done")]
    assert (item["adherence"]["done"], item["adherence"]["difficulty"]) == (1, [4])
    assert "progress" not in item
    whole = await got(noor, f"{base(client)}/homework/{id_}")
    assert {key: whole[key] for key in item} == item
    assert [one["id"] for one in whole["progress"]] == [str(done)]
    assert whole["progress"][0]["progress"]["answers"][0]["value"] == 7
    assert whole["progress"][0]["late"] is False


async def test_an_assignment_is_changed_and_ended(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await assigned(noor, client, what="a walk", rule="daily", fields={"a": {"prompt": "How?"}})
    answer = await sent(noor, "PATCH", f"{base(client)}/homework/{id_}", what="a long walk", fields={"a": None})
    assert (answer["homework"]["what"], answer["homework"]["fields"]) == ("a long walk", {})
    ended = await sent(noor, "PATCH", f"{base(client)}/homework/{id_}", ended_on=TODAY)
    assert ended["occurrences"] == []
    assert await got(noor, f"{base(client)}/homework/{id_}") == ended


async def test_a_review_may_let_it_go_on_as_another(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await assigned(noor, client, what="three steps on the bridge", why="fear", rule="daily", since="2026-02-20")
    progress = await said(client, id_, "2026-03-01", "partly")
    answer = await sent(
        noor,
        "POST",
        f"{base(client)}/homework/{id_}/reviews",
        201,
        decision="step_down",
        reason="three were too many",
        evidence=[str(progress)],
        successor={"what": "one step on the bridge"},
    )
    review, old, new = answer["review"]["review"], answer["homework"], answer["successor"]
    assert (review["homework"], review["successor"], review["evidence"]) == (str(id_), new["id"], [str(progress)])
    assert datetime.fromisoformat(review["reviewed_at"]).utcoffset() == BERLIN.utcoffset(None)
    assert (old["homework"]["ended_on"], new["homework"]["ended_on"]) == (TODAY, None)
    assert (new["homework"]["what"], new["homework"]["why"]) == ("one step on the bridge", "fear")
    assert (new["homework"]["predecessor"], new["homework"]["since"]) == (str(id_), TODAY)
    assert [one["id"] for one in old["reviews"]] == [answer["review"]["id"]]
    assert [one["key"] for one in old["occurrences"]][-1] == "2026-03-01"
    assert await got(noor, f"{base(client)}/homework/{id_}") == old
    assert await got(noor, f"{base(client)}/homework/{new['id']}") == new
    assert len(await practice.audit("written")) == 4


async def test_a_review_may_keep_or_stop_it(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await assigned(noor, client, rule="daily")
    reviews = f"{base(client)}/homework/{id_}/reviews"
    kept = await sent(noor, "POST", reviews, 201, decision="keep", reason="it helps")
    assert (kept["homework"]["homework"]["ended_on"], kept["successor"]) == (None, None)
    adapted = await sent(noor, "POST", reviews, 201, decision="adapt")
    assert adapted["homework"]["homework"]["ended_on"] is None
    stopped = await sent(noor, "POST", reviews, 201, decision="stop")
    assert stopped["homework"]["homework"]["ended_on"] == TODAY
    assert stopped["homework"]["reviews"][0]["review"]["decision"] == "stop"
    assert len((await got(noor, f"{base(client)}/homework/{id_}"))["reviews"]) == 3
    await sent(noor, "POST", reviews, 400, decision="keep", successor={"what": "x"})
    await sent(noor, "POST", reviews, 400, decision="nonsense")
    await sent(noor, "POST", f"{base(client)}/homework/{client.id}/reviews", 404, decision="keep")


async def test_what_is_replaced_ends_also_where_nothing_takes_its_place(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    id_ = await assigned(noor, client, rule="daily")
    answer = await sent(noor, "POST", f"{base(client)}/homework/{id_}/reviews", 201, decision="replace")
    assert (answer["homework"]["homework"]["ended_on"], answer["successor"]) == (TODAY, None)


async def test_a_successor_may_be_due_in_another_way(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    daily = await assigned(noor, client, rule="daily", since="2026-02-20", until="2026-02-28")
    answer = await sent(
        noor, "POST", f"{base(client)}/homework/{daily}/reviews", 201, decision="adapt", successor={"due": "2026-03-05"}
    )
    new = answer["successor"]["homework"]
    assert (new["due"], new["rule"], new["until"]) == ("2026-03-05", "", None)
    back = await sent(
        noor,
        "POST",
        f"{base(client)}/homework/{answer['successor']['id']}/reviews",
        201,
        decision="step_up",
        successor={"rule": "weekly"},
    )
    assert (back["successor"]["homework"]["due"], back["successor"]["homework"]["since"]) == (None, TODAY)


async def test_homework_is_assigned_again_from_today(practice: Practice, noor: httpx.AsyncClient) -> None:
    """The days between were never offered, so none of them is unanswered."""
    client = await practice.client("Alex")
    id_ = await assigned(noor, client, what="a walk", rule="daily", since="2026-02-20", ended_on="2026-02-25")
    again = await sent(noor, "POST", f"{base(client)}/homework/{id_}/again", 201, why="it helped")
    home = again["homework"]
    assert (home["what"], home["why"], home["since"], home["ended_on"]) == ("a walk", "it helped", TODAY, None)
    assert home["predecessor"] == str(id_)
    assert [one["key"] for one in again["occurrences"]] == [TODAY]
    old = await got(noor, f"{base(client)}/homework/{id_}")
    assert old["homework"]["ended_on"] == "2026-02-25"


async def test_an_assignment_that_had_ended_before_ended_then(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    id_ = await assigned(noor, client, rule="daily", since="2026-02-20", ended_on="2026-02-25")
    answer = await sent(noor, "POST", f"{base(client)}/homework/{id_}/reviews", 201, decision="stop")
    assert answer["homework"]["homework"]["ended_on"] == "2026-02-25"


async def test_progress_on_homework_that_has_not_arrived_breaks_nothing(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client, other = await practice.client("Alex"), await practice.client("Mira")
    await said(client, other.id, "once")
    await client.put(Kind.HOMEWORK_PROGRESS, MONDAY, homework="nonsense", status=9)
    await client.put(Kind.GOAL, MONDAY, state=3)
    assert (await got(noor, f"{base(client)}/homework"))["items"] == []
    assert (await noor.get(f"/clients/{client.id}")).status_code == 200
    (goal,) = (await got(noor, f"{base(client)}/goals"))["items"]
    assert goal["goal"]["problems"]
