"""What a care team gave, as the faces answer it: as the SDK does, field by field."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.web_client.faces.twins import Twins


def test_what_the_care_team_gave_is_read_alike(twins: Twins) -> None:
    twins.both(lambda t: t.plan(), "plans", "plan")
    safety = twins.both(lambda t: t.safety(locale="de"), "plans", "safety", "de")
    assert safety.face["help"]["country"] == "DE"
    resources = twins.both(lambda t: t.resources.list(), "resources", "list")
    assert len(resources.face) == 2
    twins.both(lambda t: t.resources.list(tag="sleep"), "resources", "list", {"tag": "sleep"})
    goals = twins.both(lambda t: t.goals.list(), "goals", "list")
    [goal] = goals.sdk
    twins.both(lambda t: t.comments(goal.id), "comments", "of", str(goal.id))
    twins.both(lambda t: t.sessions.list(), "sessions", "list")
    twins.both(lambda t: t.sessions.next(), "sessions", "next")
    homework = twins.both(lambda t: t.homework.list(), "homework", "list")
    assert len(homework.face) == 4
    for one in homework.sdk:
        twins.both(lambda t, one=one: t.homework.get(one.id), "homework", "get", str(one.id))
    twins.both(lambda t: t.assessments.available(), "assessments", "available")
    twins.both(lambda t: t.progress(), "plans", "progress")


def test_pages_of_lists(twins: Twins) -> None:
    first = twins.both(lambda t: t.homework.list(limit=2), "homework", "list", {"limit": 2})
    after = first.sdk[-1].id
    twins.both(lambda t: t.homework.list(limit=2, after=after), "homework", "list", {"limit": 2, "after": str(after)})
    for limit in (-1, 1.5, "2"):
        assert twins.refused(lambda t: t.goals.list(limit=limit), "goals", "list", {"limit": limit}) == "invalid_field"  # noqa: B023 - called at once
    nobody = "00000000-0000-4000-8000-000000000000"
    assert twins.refused(lambda t: t.homework.get(nobody), "homework", "get", nobody) == "not_found"
    assert twins.refused(lambda t: t.homework.get("mine"), "homework", "get", "mine") == "invalid_field"


@pytest.mark.parametrize("days", [0, 1, 5], ids=["monday", "tuesday", "saturday"])
def test_what_is_due(twins: Twins, days: int) -> None:
    twins.clock.now += timedelta(days=days)
    due = twins.both(lambda t: t.due(), "plans", "due")
    assert {one["kind"] for one in due.face} >= {"journal", "tracker", "homework"}
    until = twins.clock() + timedelta(days=9)
    twins.both(lambda t: t.upcoming(until), "plans", "upcoming", until.isoformat())
    other = twins.clock() - timedelta(days=8)
    twins.both(lambda t: t.due(other), "plans", "due", other.isoformat())


def test_before_pairing_there_is_nothing_and_one_can_begin(fresh: Twins) -> None:
    fresh.both(lambda t: t.plan(), "plans", "plan")
    fresh.both(lambda t: t.due(), "plans", "due")
    fresh.both(lambda t: t.safety(), "plans", "safety", "en")
    fresh.both(lambda t: t.progress(), "plans", "progress")
    fresh.both(lambda t: t.vault.status(), "vault", "status")
    entry = fresh.both(lambda t: t.journal.write("On my own."), "journal", "write", {"text": "On my own."})
    assert entry.face["shared"] is False
    assert (
        fresh.refused(lambda t: t.vault.create("a long passphrase"), "vault", "create", "a long passphrase")
        == "not_paired"
    )
