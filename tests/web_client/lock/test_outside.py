"""What is outside of the lock, and when an app locks by itself."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web_client.lock.device import Device
from tests.web_client.lock.test_lock import KEY, NEEDLES, written

pytestmark = pytest.mark.page


def safety(walk: str) -> dict[str, Any]:
    told = {"id": "1" * 32, "title": "Crisis line", "text": "Day and night: 0800 1110111", "steps": [], "link": ""}
    about = {"changed_by": "0" * 32, "changed_at": "2026-01-01T00:00:00Z", "version": "v", "tags": ["crisis"]}
    rest: dict[str, Any] = {"made_at": None, "arrived_at": None, "helped": True, "retired": False, "problems": []}
    step = {"order": 1, "part": "on_my_own", "text": walk, "contact": ""}
    return {"notice": "", "steps": [step], "resources": [{**told, **about, **rest}]}


def test_the_safety_plan_can_be_read_while_it_is_locked(device: Device) -> None:
    written(device).ask("set", secret=KEY, outside=safety("Walk to the lake"))
    assert device.start() == "locked"
    said = device.ask("safety")
    assert said["steps"] == safety("Walk to the lake")["steps"]
    assert said["notice"].startswith("Niemand liest hier")
    [line] = said["resources"]
    assert (line["title"], line["text"]) == ("Crisis line", "Day and night: 0800 1110111")
    assert line["helped"] is None, "what the person said of it is not the plan's"
    assert device.leaks("Walk to the lake", "0800 1110111", *NEEDLES) == ["Walk to the lake", "0800 1110111"]


def test_it_follows_the_plan_and_nothing_of_before_is_left(device: Device) -> None:
    written(device).ask("set", secret=KEY, outside=safety("Walk to the lake"))
    device.ask("changed", outside=safety("Call my sister"))
    assert device.leaks("Walk to the lake") == []  # first: whoever reads it puts right what was left half done
    device.start()
    assert device.ask("safety")["steps"][0]["text"] == "Call my sister"


def test_of_changes_that_come_together_the_last_counts(device: Device) -> None:
    written(device).ask("set", secret=KEY, outside=safety("Walk to the lake"))
    device.ask("changes", many=[safety("Call my sister"), safety("Walk to the lake")])
    assert device.ask("safety")["steps"][0]["text"] == "Walk to the lake"


def test_without_agreement_there_is_none(device: Device) -> None:
    written(device).ask("set", secret=KEY)
    device.ask("changed", outside=safety("Walk to the lake"))
    assert device.ask("safety") is None
    device.ask("agree", outside=safety("Walk to the lake"))
    assert device.ask("state")["outside"]
    assert device.ask("safety") is not None
    device.ask("agree", outside=None)
    assert device.leaks("Walk to the lake") == []
    device.start()
    assert device.ask("safety") is None


@pytest.mark.parametrize(
    ("minutes", "moments", "locked"),
    [
        (5, [(1, "hide"), (3, "show"), (9, "hide"), (12, "show")], []),
        (5, [(1, "hide"), (9, "show"), (10, "hide"), (11, "show")], [6]),
        (0, [(1, "hide"), (2, "show"), (3, "hide")], [1, 3]),
        (5, [(1, "hide"), (3, "show"), (4, "hide"), (8, "show"), (20, "show")], []),
    ],
    ids=["back soon", "away too long", "at once", "each absence by itself"],
)
def test_the_app_locks_by_itself(device: Device, minutes: int, moments: list[Any], locked: list[int]) -> None:
    assert device.page.evaluate("([minutes, moments]) => away(minutes, moments, false)", [minutes, moments]) == locked


def test_a_page_that_slept_locks_as_it_comes_back(device: Device) -> None:
    assert device.page.evaluate("() => away(5, [[1, 'hide'], [60, 'show']], true)") == [60]
    assert device.page.evaluate("() => away(5, [[1, 'hide'], [4, 'show']], true)") == []
