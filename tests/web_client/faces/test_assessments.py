"""Assessments on a client's device, told to the SDK and to the faces: begun, answered, left, completed, corrected."""

from __future__ import annotations

from datetime import timedelta

from tests.web_client.faces.twins import Both, Twins

from intersession.assessments.assessments import Draft


def _answer(twins: Twins, draft: Both, item: str, value: object) -> Both:
    return twins.both(
        lambda t: t.assessments.resume(draft.sdk.id).answer(item, value),
        *("assessments", "answer", draft.face["id"], item, value),
    )


def test_what_is_due_is_answered_item_by_item_and_completed(twins: Twins) -> None:
    [planned] = [id_ for id_, one in twins.tracker.plan().assessments.items() if one.instrument == "phq-9"]
    [due] = [one for one in twins.tracker.due() if one.id == planned]
    [told] = [one for one in twins.call("plans", "due") if one["id"] == planned]
    begun = twins.both(lambda t: t.assessments.start(due).read(), "assessments", "start", told)
    twins.both(lambda t: t.assessments.available(), "assessments", "available")
    items = [one["item"] for one in begun.face["items"]]
    for item in items[:5]:
        asked = twins.both(lambda t: t.assessments.resume(begun.sdk.id).next(), "assessments", "next", begun.face["id"])
        assert asked.face["item"] == item
        twins.clock.forward(seconds=20)
        _answer(twins, begun, item, 2)
    _answer(twins, begun, items[0], None)
    again = twins.both(lambda t: t.assessments.start("phq-9").read(), "assessments", "start", "phq-9")
    assert again.face["id"] == begun.face["id"]
    for item in (items[0], *items[5:]):
        _answer(twins, begun, item, 1)
    assert twins.call("assessments", "get", begun.face["id"])["risk"]
    twins.both(lambda t: t.assessments.get(begun.sdk.id), "assessments", "get", begun.face["id"])
    done = twins.both(
        lambda t: t.assessments.resume(begun.sdk.id).complete(), "assessments", "complete", begun.face["id"]
    )
    assert done.face["scores"][0]["score"] == 13
    twins.both(lambda t: t.due(), "plans", "due")
    twins.both(lambda t: t.progress(), "plans", "progress")
    late = ("assessments", "answer", begun.face["id"], items[0], 3)
    assert twins.refused(lambda t: t.assessments.resume(begun.sdk.id).answer(items[0], 3), *late) == "invalid_field"

    twins.clock.forward(hours=1)
    draft = twins.both(lambda t: t.assessments.amend(begun.sdk.id).read(), "assessments", "amend", begun.face["id"])
    same = twins.both(lambda t: t.assessments.amend(begun.sdk.id).read(), "assessments", "amend", begun.face["id"])
    assert same.face["id"] == draft.face["id"] != begun.face["id"]
    _answer(twins, draft, items[8], 0)
    twins.both(lambda t: t.assessments.resume(draft.sdk.id).complete(), "assessments", "complete", draft.face["id"])
    twins.both(lambda t: t.assessments.list(), "assessments", "list")
    scores = twins.both(lambda t: t.progress(), "plans", "progress").face["scores"]
    assert [one["amended"] for one in scores] == [False, True, False]


def test_scores_are_compared_with_the_first_of_the_episode_and_with_the_last(twins: Twins) -> None:
    for value in (3, 2, 1):
        begun = twins.both(lambda t: t.assessments.start("phq-9").read(), "assessments", "start", "phq-9")
        for item in begun.face["items"]:
            _answer(twins, begun, item["item"], value)
        twins.both(
            lambda t, b=begun: t.assessments.resume(b.sdk.id).complete(), "assessments", "complete", begun.face["id"]
        )
        twins.clock.now += timedelta(days=7)
    newest = twins.both(lambda t: t.progress(), "plans", "progress").face["scores"][0]
    assert newest["baseline"]["change"]["before"] == 27
    assert newest["last"]["change"]["before"] == 18


def test_what_no_answer_may_be_is_refused_alike(twins: Twins) -> None:
    start = ("assessments", "start")
    assert twins.refused(lambda t: t.assessments.start("gad-7"), *start, "gad-7") == "invalid_field"
    assert twins.refused(lambda t: t.assessments.start("nothing"), *start, "nothing") == "invalid_field"
    homework = next(one for one in twins.call("plans", "due") if one["kind"] == "homework")
    due = next(one for one in twins.tracker.due() if one.kind == "homework")
    assert twins.refused(lambda t: t.assessments.start(due), *start, homework) == "invalid_field"
    draft = twins.both(lambda t: t.assessments.start("phq-9").read(), *start, "phq-9")
    item = draft.face["items"][0]["item"]
    for name, value in ((item, 4), (item, True), (item, "2"), (item, 1.5), ("q99", 1)):
        answer = ("assessments", "answer", draft.face["id"], name, value)
        assert (
            twins.refused(lambda t, n=name, v=value: t.assessments.resume(draft.sdk.id).answer(n, v), *answer)
            == "invalid_field"
        )
    complete = ("assessments", "complete", draft.face["id"])
    assert twins.refused(lambda t: t.assessments.resume(draft.sdk.id).complete(), *complete) == "invalid_field"
    _answer(twins, draft, item, 1)
    other = {item: 3}
    assert twins.refused(lambda t: t.assessments.resume(draft.sdk.id).complete(other), *complete, other)
    incomplete = twins.both(lambda t: t.assessments.resume(draft.sdk.id).complete(), *complete)
    assert incomplete.face["scores"][0]["score"] is None


def test_what_the_care_team_took_down_is_theirs(twins: Twins) -> None:
    [taken] = twins.both(lambda t: t.assessments.list(), "assessments", "list").sdk
    id_ = str(taken.id)
    twins.both(lambda t: t.progress(), "plans", "progress")
    amend = ("assessments", "amend", id_)
    assert twins.refused(lambda t: t.assessments.amend(id_), *amend) == "invalid_field"
    assert twins.words[0] == twins.words[1]
    answer = ("assessments", "answer", id_, "q1", 2)
    draft = Draft(twins.tracker._scope, taken.id)
    assert twins.refused(lambda _: draft.answer("q1", 2), *answer) == "invalid_field"
    assert twins.words[0] == twins.words[1]


def test_the_own_check_in(twins: Twins) -> None:
    begun = twins.both(lambda t: t.assessments.start("check-in").read(), "assessments", "start", "check-in")
    for item in begun.face["items"]:
        value = True if item["yes_no"] else item["allowed"][-1]
        _answer(twins, begun, item["item"], value)
    assert twins.call("assessments", "next", begun.face["id"]) is None
    twins.both(lambda t: t.assessments.resume(begun.sdk.id).complete(), "assessments", "complete", begun.face["id"])
    twins.both(lambda t: t.assessments.available(), "assessments", "available")
