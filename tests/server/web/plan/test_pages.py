"""The pages of a plan and what their forms do, without a browser."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.server.web.forms.browser import forms_in
from tests.server.web.plan.shaping import ODD_ID, PARTS, fill_in, form_action, full, plan_of, save, shown
from tests.server.web.practice import Practice, send
from tests.server.web.reading_pages import read

pytestmark = pytest.mark.anyio

# --- what is shown ----------------------------------------------------------------------------------------------------


async def test_every_part_says_what_was_agreed_and_nothing_gets_out_of_its_place(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await full(practice, noor)
    for part in PARTS:
        page = await noor.get(f"/clients/{client.id}/plan{part}")
        reader = read(page)
        assert "<script>alert" not in page.text
        assert "49" not in reader.text.replace("149", "")
        fragment = await noor.get(f"/fragments/clients/{client.id}/plan{part}")
        assert fragment.status_code == 200
        assert f'data-fragment="/fragments/clients/{client.id}/plan{part}"' in fragment.text
        if part not in ("/goals", "/resources"):
            assert "The plan was last changed by Noor Haddad, Mon 2 Mar 2026." in reader.text
    words = {part: read(await noor.get(f"/clients/{client.id}/plan{part}")).text for part in PARTS}
    assert "To be written: weekly on Mon, Thu." in words["/journal"]
    assert "0.5 to 5, monthly on day 1, 15" in words["/trackers"]
    assert "Keep: monthly on day 1, 15" in words["/trackers"]
    assert "The client sees this offline, before unlocking too." in words["/safety"]
    assert "Only the client writes these and ticks them off." in words["/goals"]
    assert "1 topic ticked off" in words["/goals"]
    assert "A day begins at 04:00" in words[""]


async def test_without_a_plan_each_part_says_what_would_be_there(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    words = {part: read(await noor.get(f"/clients/{client.id}/plan{part}")).text for part in PARTS}
    assert "No questions yet. Without questions, the client writes freely." in words["/journal"]
    for part, said in (("/trackers", "No trackers yet."), ("/goals", "No goals yet."), ("/days", "No pauses.")):
        assert said in words[part]


async def test_what_the_client_sees_is_previewed_and_cannot_be_filled_in(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await full(practice, noor)
    page = await shown(noor, client, "/journal")
    preview = page[page.index('class="phone"') :]
    assert '<fieldset class="preview-fields" disabled>' in preview
    assert preview.count('type="radio"') == 4  # the points of the scale, from none
    assert "What helped?" in preview
    later = {"active_from": "2026-03-09"}
    await send(noor, "PATCH", f"/api/clients/{client.id}/plan", {"sections": {"helped": later}})
    page = await shown(noor, client, "/journal")
    assert "What helped?" not in page[page.index('class="phone"') :]
    safety = await shown(noor, client, "/safety")
    assert "0123" in safety[safety.index('class="phone"') :]


async def test_a_form_that_is_sent_as_it_is_changes_nothing(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await full(practice, noor)
    head = (await practice.services.log.stream_heads())[client.stream]
    sent = 0
    for part in PARTS:
        page = await shown(noor, client, part)
        for id_, fields in forms_in(page).items():
            names = {name for name, _ in fields}
            is_change = "based_on" in names and dict(fields).get("element") != "+" and "template" not in names
            if not is_change or id_.startswith(("move-", "removal-")):
                continue
            answer = await fill_in(noor, client, page, id_, form_action(page, id_))
            assert answer.status_code == 303, (id_, answer.text)
            assert (await practice.services.log.stream_heads())[client.stream] == head, id_
            sent += 1
    assert sent >= 15


async def test_many_elements_are_on_pages(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    sections = {f"{number:03}": {"prompt": f"Question {number}."} for number in range(100)}
    await send(noor, "PATCH", f"/api/clients/{client.id}/plan", {"sections": sections})
    first = await shown(noor, client, "/journal")
    assert first.count('class="card element"') == 40
    assert "/plan/journal?from=41" in first
    second = await shown(noor, client, "/journal?from=41")
    assert 'data-element="040"' in second
    assert 'data-element="039"' not in second
    answer = await fill_in(noor, client, second, "sections-040-form", sections___prompt="Other.")
    assert answer.headers["location"] == f"/clients/{client.id}/plan/journal?from=41#element-040"
    # The first of a page can be moved to before the last of the one before.
    await fill_in(noor, client, second, "move-sections-040", "/moves", after="038")
    assert list((await plan_of(noor, client))["sections"])[38:41] == ["038", "040", "039"]


# --- sections, trackers and the rest ----------------------------------------------------------------------------------


async def test_a_question_is_added_changed_and_removed(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await save(
        noor,
        client,
        "/journal",
        "new-section",
        sections___prompt="How bad?",
        sections___type="scale",
        sections___low="0",
        sections___high="10",
        **{"labels.sections._": "0 = none\r\n10: as bad as it can be\r\n"},
    )
    ((id_, section),) = (await plan_of(noor, client))["sections"].items()
    assert str(UUID(id_)) == id_
    assert (section["prompt"], section["type"], section["low"], section["high"]) == ("How bad?", "scale", 0, 10)
    assert section["labels"] == [{"at": 0, "text": "none"}, {"at": 10, "text": "as bad as it can be"}]
    answer = await save(
        noor,
        client,
        "/journal",
        f"sections-{id_}-form",
        sections___type="one_of",
        **{"lines.sections._.options": "one\r\n two \r\n\r\n"},
    )
    assert answer.headers["location"] == f"/clients/{client.id}/plan/journal#element-{id_}"
    assert (await plan_of(noor, client))["sections"][id_]["options"] == ["one", "two"]
    page = await shown(noor, client, "/journal")
    assert "Remove the question “How bad?”? What was answered stays." in page
    answer = await fill_in(noor, client, page, f"removal-sections-{id_}")
    assert answer.status_code == 303
    assert (await plan_of(noor, client))["sections"] == {}
    assert len(await practice.audit("written")) == 3


async def test_what_is_wrong_is_said_and_nothing_is_written(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await full(practice, noor)
    before = await plan_of(noor, client)
    wrong: list[tuple[str, str, dict[str, Any], str]] = [
        ("/journal", "new-section", {"sections___prompt": " "}, "needs a prompt"),
        ("/journal", "new-section", {"sections___prompt": "x", "labels.sections._": "none"}, "0 = none"),
        ("/trackers", "trackers-w-form", {"trackers___low": "9"}, "lowest value must be below"),
        ("/trackers", "trackers-w-form", {"when__repeats": "daily", "when__times": "evening"}, "Write times of day"),
        ("/trackers", "trackers-w-form", {"trackers___low": "secret"}, "trackers._.low"),
        ("/assessments", "new-assessment", {"assessments___instrument": "phq-9"}, "has not imported the wording"),
        ("/days", "new-pause", {"pauses___first": ""}, "A pause needs its first day"),
        ("/days", "threshold-form-silence", {"element": "nonsense", "thresholds___at": "3"}, "a threshold is of"),
    ]
    for part, id_, changes, said in wrong:
        answer = await fill_in(noor, client, await shown(noor, client, part), id_, **changes)
        assert answer.status_code == 422, (id_, answer.text)
        assert said in answer.text.replace("&#34;", '"'), answer.text
        assert "secret" not in answer.text
        assert "Go back: the form still has what you typed." in answer.text
    assert await plan_of(noor, client) == before


async def test_elements_change_places_and_only_what_moved_is_written(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await full(practice, noor)
    page = await shown(noor, client, "/journal")
    sent = dict(forms_in(page)["move-sections-who"])
    assert (sent["up"], sent["down"]) == ("helped", "")
    orders = {id_: one["order"] for id_, one in (await plan_of(noor, client))["sections"].items()}
    answer = await fill_in(noor, client, page, "move-sections-who", "/moves", move="up")
    assert answer.status_code == 303
    after = (await plan_of(noor, client))["sections"]
    assert list(after) == ["helped", "who", ODD_ID]
    assert {id_: one["order"] for id_, one in after.items() if id_ != "who"} == {
        id_: one for id_, one in orders.items() if id_ != "who"
    }
    await fill_in(noor, client, page, "move-sections-who", "/moves", after="")
    assert next(iter((await plan_of(noor, client))["sections"])) == "who"
    answer = await fill_in(noor, client, page, "move-sections-who", "/moves", of="introduction")
    assert answer.status_code == 422
    for other in ("nobody", "who"):
        assert (await fill_in(noor, client, page, "move-sections-who", "/moves", after=other)).status_code == 303
    assert next(iter((await plan_of(noor, client))["sections"])) == "who"


async def test_an_element_whose_id_holds_anything_is_shaped_like_any_other(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await full(practice, noor)
    page = await shown(noor, client, "/journal")
    id_ = next(name for name, fields in forms_in(page).items() if ("element", ODD_ID) in fields and "-form" in name)
    answer = await fill_in(noor, client, page, id_, sections___prompt="Plain.")
    assert answer.status_code == 303
    assert (await plan_of(noor, client))["sections"][ODD_ID]["prompt"] == "Plain."


async def test_a_tracker_gets_another_rhythm_and_a_resource(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await full(practice, noor)
    resource = (await noor.get(f"/api/clients/{client.id}/resources")).json()["items"][0]["id"]
    await save(
        noor,
        client,
        "/trackers",
        "trackers-w-form",
        when__repeats="weekly",
        when__weekdays=["SU", "WE"],
        when__times="20:30",
        trackers___resources=["", resource],
    )
    tracker = (await plan_of(noor, client))["trackers"]["w"]
    assert tracker["rule"] == "FREQ=WEEKLY;BYDAY=WE,SU;BYHOUR=20;BYMINUTE=30"
    assert tracker["resources"] == [resource]
    assert "beside the tracker worry" in read(await noor.get(f"/clients/{client.id}/plan/resources")).text
    await save(noor, client, "/trackers", "trackers-w-form", trackers___resources=[""])
    assert (await plan_of(noor, client))["trackers"]["w"]["resources"] == []


async def test_a_threshold_is_set_and_taken_away(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await full(practice, noor)
    await save(noor, client, "/days", "threshold-form-missed_run", thresholds___at="4")
    await save(noor, client, "/days", "threshold-form-silence", thresholds___at="")
    found = (await plan_of(noor, client))["thresholds"]
    assert {key: one["at"] for key, one in found.items()} == {"missed_run": 4, "who.else/total": 2.5}


async def test_days_pauses_assessments_and_safety_are_kept(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    await save(noor, client, "/days", "day-begins", day_begins="4")
    await save(noor, client, "/days", "new-pause", pauses___first="2026-03-10", pauses___reason="illness")
    await save(
        noor, client, "/assessments", "new-assessment", when__repeats="", assessments___before_each_session="true"
    )
    step = {"safety_plan___part": "professionals", "safety_plan___contact": "0800 111"}
    await save(noor, client, "/safety", "new-step", **step)
    plan = await plan_of(noor, client)
    (pause,), (scheduled,), (step_,) = (plan[name].values() for name in ("pauses", "assessments", "safety_plan"))
    assert (plan["day_begins"], pause["first"], pause["last"], pause["reason"]) == (4, "2026-03-10", None, "illness")
    assert (scheduled["rule"], scheduled["before_each_session"], scheduled["since"]) == ("", True, "2026-03-02")
    assert (step_["part"], step_["contact"]) == ("professionals", "0800 111")


async def test_what_cannot_be_asked_is_named_with_the_way_to_import_it(
    practice: Practice, noor: httpx.AsyncClient
) -> None:
    client = await practice.client("Alex")
    page = await noor.get(f"/clients/{client.id}/plan/assessments")
    assert "instruments cannot be offered to the client: the practice has no verified wording" in read(page).text
    assert '<a href="/instruments">' in page.text
    assert '<option value="check-in"' in page.text
    assert '<option value="phq-9"' not in page.text


async def test_a_template_begins_a_safety_plan(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    for _ in range(2):
        await save(noor, client, "/safety", "template-form", "/templates")
    steps = (await plan_of(noor, client))["safety_plan"]
    assert len(steps) > 5
    orders = [one["order"] for one in steps.values()]
    assert orders == sorted(set(orders))
    page = await shown(noor, client, "/safety")
    for key in (str(uuid4()), "nonsense", ""):
        answer = await fill_in(noor, client, page, "template-form", "/templates", template=key)
        assert answer.status_code == 422, key


# --- goals, resources, topics -----------------------------------------------------------------------------------------


async def test_goals_and_resources_are_made_and_shaped(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    made = await save(noor, client, "/goals", "new-goal", "/goals", what="Sleep", why="To think")
    id_ = made.headers["location"].rpartition("#goals-")[2]
    for text in ("no screens", "a walk"):
        await save(noor, client, "/goals", f"goals-{id_}-new", f"/goals/{id_}", steps___text=text)
    (goal,) = (await noor.get(f"/api/clients/{client.id}/goals")).json()["items"]
    first, second = goal["goal"]["steps"]
    move = f"move-goals-{id_}-{second}-{second}"
    await save(noor, client, "/goals", move, f"/goals/{id_}/moves", after="")
    await save(noor, client, "/goals", f"goals-{id_}-{first}-form", f"/goals/{id_}", steps___done_on="2026-03-01")
    await save(noor, client, "/goals", f"goals-{id_}-form", f"/goals/{id_}", state="reached")
    (goal,) = (await noor.get(f"/api/clients/{client.id}/goals")).json()["items"]
    assert list(goal["goal"]["steps"]) == [second, first]
    assert goal["goal"]["steps"][first]["done_on"] == "2026-03-01"
    assert (goal["goal"]["state"], goal["goal"]["why"]) == ("reached", "To think")
    made = await save(
        noor,
        client,
        "/resources",
        "new-resource",
        "/resources",
        title="Breathing",
        link="https://example.org/x",
        **{"lines.tags": "calm\r\ncrisis"},
    )
    id_ = made.headers["location"].rpartition("#resources-")[2]
    (resource,) = (await noor.get(f"/api/clients/{client.id}/resources")).json()["items"]
    assert resource["resource"]["tags"] == ["calm", "crisis"]
    page = await shown(noor, client, "/resources")
    for link in ("javascript:alert(1)", "https://a:b@example.org"):
        answer = await fill_in(noor, client, page, f"resources-{id_}-form", f"/resources/{id_}", link=link)
        assert answer.status_code == 422
    answer = await fill_in(noor, client, page, f"resources-{id_}-form", f"/comments/{id_}", title="x")
    assert answer.status_code == 404
