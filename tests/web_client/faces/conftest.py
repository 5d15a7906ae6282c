"""A client's device with a plan, homework and more from the care team; then a store of the SDK, and one of the core."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import SettableClock
from tests.client_sdk.wordings import library_has, wording_of_phq_9
from tests.web_client.core import bundle
from tests.web_client.faces.twins import Twins, drawn_in_order
from tests.web_client.peer import Peer, running

from intersession import Caseload, Field, Tracker

MONDAY = datetime(2026, 5, 4, 18, 30, tzinfo=ZoneInfo("Europe/Berlin"))
LONG_BEFORE = date(2026, 4, 20)


@pytest.fixture(scope="session")
def devices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """Devices with the core under Node.js."""
    folder = tmp_path_factory.mktemp("faces")
    bundle(Path(__file__).parents[1] / "entries" / "faces.ts", folder)
    with running(folder) as peer:
        yield peer


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a device that has what a care team gave."""
    folder = tmp_path_factory.mktemp("given")
    clock = SettableClock(MONDAY.replace(day=1))
    with (
        Tracker.open(folder / "tracker.db", clock=clock) as tracker,
        Caseload.open(folder / "caseload.db", clock=clock) as caseload,
    ):
        _give(Care(tracker, caseload))
        tracker._replica.note_country("DE")  # as a server says it
    return folder / "tracker.db"


def _give(care: Care) -> None:
    client = care.client
    library_has(care, wording_of_phq_9())
    crisis = client.resources.add(
        "Crisis line", text="Day and night.", link="https://example.org/help", tags=["Crisis"]
    )
    sleep = client.resources.add("Sleep", steps=["Get up at seven", "No naps"], tags=["sleep"])
    with client.plan.edit() as plan:
        plan.journal("daily", LONG_BEFORE, "Write a little each day.")
        plan.add_section("What went well?", required=True)
        plan.add_section("How tense?", "scale", low=0, high=10, labels={0: "calm", 10: "very"}, unit="points")
        plan.add_section("What helped?", "several_of", options=["Walking", "Talking"])
        plan.add_tracker("Sleep", 0, 10, rule="FREQ=DAILY;BYHOUR=8,20;BYMINUTE=0", since=LONG_BEFORE)
        plan.add_assessment("phq-9", "weekly", LONG_BEFORE, open_days=7, remind_days=2)
        plan.add_assessment("check-in", "daily", LONG_BEFORE, open_days=1)
        plan.pause(date(2026, 4, 25), date(2026, 4, 26), "holiday")
        plan.add_safety_step("professionals", "Call the line.", "0800 111 0 111")
        plan.add_safety_step("warning_signs", "I do not sleep.")
        plan.safety_resources([sleep.id])
    worksheet = {
        "what": Field(order=1, prompt="What did you do?", required=True),
        "fear": Field(order=2, prompt="How afraid?", type="scale", low=0, high=100),
    }
    client.homework.assign(
        "Take the bus.\nTwo stops.",
        why="Step by step",
        rule="daily",
        since=date(2026, 5, 1),
        fields=worksheet,
        confidence=6,
        agreed=True,
        resources=[sleep.id],
    )
    client.homework.assign("Breathe.", rule="FREQ=DAILY;BYHOUR=8,20;BYMINUTE=0", since=date(2026, 5, 3))
    # Ids that JavaScript would put in another order than they are shown in.
    asked = {"2": Field(order=1, prompt="Whom?"), "1": Field(order=2, prompt="How was it?")}
    client.homework.assign("Call an old friend.", fields=asked)
    client.homework.assign("Hand in the form.", due=date(2026, 5, 2))
    goal = client.goals.add("Ride the bus again", "To visit my sister", ["One stop", "Two stops"])
    client.episodes.begin("Fear of the bus", date(2026, 4, 1))
    answers = {f"q{number}": 3 for number in range(1, 10)}
    client.assessments.on_paper("phq-9", answers, at=MONDAY.replace(day=1, hour=9))
    client.sessions.plan(datetime(2026, 5, 12, 10, 0, tzinfo=ZoneInfo("Europe/Berlin")))
    client.sessions.plan(datetime(2026, 4, 28, 10, 0, tzinfo=ZoneInfo("Europe/Berlin")), minutes=80)
    care.sync()
    client.comment(goal.id, "A good plan.")
    client.comment(crisis.id, "Keep it at hand.")
    care.sync()


@pytest.fixture
def twins(devices: Peer, store: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Twins]:
    """Both, with what the care team gave; it is Monday evening."""
    copy = tmp_path / "sdk.db"
    shutil.copy(store, copy)
    clock = SettableClock(MONDAY)
    name = request.node.name
    devices.open(name, store)
    with drawn_in_order(), Tracker.open(copy, clock=clock) as tracker:
        yield Twins(tracker, devices, name, clock)


@pytest.fixture
def fresh(devices: Peer, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Twins]:
    """Both, new: never paired."""
    clock = SettableClock(MONDAY)
    name = f"{request.node.name} fresh"
    devices.open(name)
    with Tracker.open(tmp_path / "fresh.db", clock=clock) as tracker:
        yield Twins(tracker, devices, name, clock)
