"""What the demo's therapist has agreed with two of the invented clients, given over the HTTP API as anybody would."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import msgspec

from intersession_schemas.documents.templates import Template
from intersession_schemas.library import TEMPLATES


def _tracker(name: str, question: str, order: float) -> dict[str, Any]:
    return {"name": name, "question": question, "low": 1, "high": 5, "rule": "daily", "order": order}


PLANS: dict[str, dict[str, Any]] = {
    "Mara Keller": {
        "introduction": "A few lines in the evening are enough. What you leave out is fine as well.",
        "sections": {
            "kept": {"prompt": "What kept your mind busy today?"},
            "helped": {"prompt": "What helped, even a little?"},
            "slept": {"prompt": "How long did you sleep?", "type": "number", "low": 0, "high": 24, "unit": "hours"},
        },
        "trackers": {
            "worry": _tracker("worry", "How much did you worry today?", 0),
            "tension": _tracker("tension", "How tense were you?", 1),
            "sleep": _tracker("sleep", "How well did you sleep?", 2),
        },
        "safety_plan": {
            "signs": {"part": "warning_signs", "text": "Three nights without sleep, not answering the telephone"},
            "own": {"part": "on_my_own", "text": "Go outside, take the long way round the lake"},
            "ask": {"part": "people_to_ask", "text": "My sister", "contact": "her number is on the fridge"},
        },
    },
    "Jonas Brandt": {
        "introduction": "Write when something was different from what you expected.",
        "trackers": {
            "low mood": _tracker("low mood", "How low was your mood?", 0),
            "energy": _tracker("energy", "How much energy did you have?", 1),
        },
    },
}
HOMEWORK = {"Mara Keller": "worry_time", "Jonas Brandt": "behavioural_activation"}
GOALS: dict[str, dict[str, Any]] = {
    "Mara Keller": {
        "what": "Fall asleep without going through tomorrow first",
        "why": "So that I have something left for my children in the evening.",
        "steps": {
            "paper": {"text": "Write tomorrow's list before supper"},
            "walk": {"text": "Walk round the block instead of reading mails"},
        },
    },
    "Jonas Brandt": {"what": "See people again", "steps": {"call": {"text": "Phone one friend on Sunday"}}},
}


def give_care(url: str, user: str, password: str) -> int:
    """Give plans, homework and goals to those who have none yet; how many clients that were. Raises `HTTPError`."""
    with httpx.Client(base_url=url, trust_env=False) as desk:
        desk.post("/sign-in", json={"username": user, "password": password}).raise_for_status()
        desk.headers["x-csrf-token"] = desk.get("/api/me").raise_for_status().json()["csrf"]
        clients = desk.get("/api/clients").raise_for_status().json()["items"]
        given = sum(_give(desk, UUID(one["id"]), one["name"]) for one in clients if one["name"] in PLANS)
        desk.post("/sign-out")
    return given


def _give(desk: httpx.Client, client: UUID, name: str) -> bool:
    path = f"/api/clients/{client}"
    if desk.get(f"{path}/plan").raise_for_status().json()["plan"]["introduction"]:
        return False
    goal = desk.post(f"{path}/goals", json=GOALS[name]).raise_for_status().json()
    homework = _homework(TEMPLATES[HOMEWORK[name]]) | {"goal": goal["id"], "agreed": True}
    desk.post(f"{path}/homework", json=homework).raise_for_status()
    breathing = TEMPLATES["breathing"]
    resource = {"title": breathing.title, "text": breathing.what, "tags": breathing.tags}
    desk.post(f"{path}/resources", json=resource).raise_for_status()
    # Last, as it says that all of it was given.
    desk.patch(f"{path}/plan", json=PLANS[name]).raise_for_status()
    return True


def _homework(template: Template) -> dict[str, Any]:
    fields = msgspec.to_builtins(template.fields)
    return {"what": template.what, "why": template.why, "rule": template.rule, "fields": fields}
