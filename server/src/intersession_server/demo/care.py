"""What the demo's therapist has agreed with two of the invented clients, given over the HTTP API as anybody would."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec

from intersession_schemas.documents.care.templates import Template
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
        "assessments": {"weekly": {"instrument": "check-in", "rule": "weekly"}},
    },
    "Jonas Brandt": {
        "introduction": "Write when something was different from what you expected.",
        "assessments": {"before": {"instrument": "check-in", "before_each_session": True}},
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

REASONS = {
    "Mara Keller": "Worries that keep her awake since the autumn.",
    "Jonas Brandt": "Low and withdrawn since he lost his work.",
}
PAPER: dict[str, list[tuple[int, tuple[int, ...]]]] = {
    "Jonas Brandt": [
        (70, (2, 3, 2, 3, 2, 2, 2, 1, 0)),
        (49, (2, 2, 2, 2, 2, 2, 1, 1, 0)),
        (28, (1, 2, 2, 2, 1, 1, 1, 1, 0)),
        (7, (1, 1, 1, 2, 1, 1, 1, 0, 1)),
    ],
    "Mara Keller": [
        (63, (1, 1, 3, 2, 1, 1, 2, 1, 0)),
        (42, (1, 1, 2, 2, 1, 1, 2, 1, 0)),
        (21, (1, 0, 2, 1, 1, 1, 1, 0, 0)),
        (7, (0, 1, 2, 1, 0, 1, 1, 0, 0)),
    ],
}
"""PHQ-9 forms filled in on paper: how many days ago, and the answers. Its wording is not there, so only by item."""
TEN = time(10, tzinfo=UTC)


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
    _give_measures(desk, path, name)
    # Last, as it says that all of it was given.
    desk.patch(f"{path}/plan", json=PLANS[name]).raise_for_status()
    return True


def _give_measures(desk: httpx.Client, path: str, name: str) -> None:
    """An episode with its baseline, sessions, and scores from paper."""
    today = datetime.now(UTC).date()
    began = today - timedelta(days=PAPER[name][0][0])
    taken = []
    for ago, answers in PAPER[name]:
        at = datetime.combine(today - timedelta(days=ago), TEN)
        body = {
            "instrument": "phq-9",
            "at": at.isoformat(),
            "answers": {f"q{number}": answer for number, answer in enumerate(answers, 1)},
        }
        taken.append(desk.post(f"{path}/assessments", json=body).raise_for_status().json()["id"])
    baseline = {"phq-9/total": {"assessment": taken[0]}}
    (first,) = desk.get(f"{path}/episodes").raise_for_status().json()["items"]
    episode = {
        "phase": "treatment",
        "began_on": began.isoformat(),
        "phase_began_on": began.isoformat(),
        "reason": REASONS[name],
        "baseline": baseline,
    }
    desk.patch(f"{path}/episodes/{first['id']}", json=episode).raise_for_status()
    for days, state in ((-7, "attended"), (7, "planned")):
        at = datetime.combine(today + timedelta(days=days), TEN)
        desk.post(f"{path}/sessions", json={"planned_at": at.isoformat(), "state": state}).raise_for_status()


def _homework(template: Template) -> dict[str, Any]:
    fields = msgspec.to_builtins(template.fields)
    return {"what": template.what, "why": template.why, "rule": template.rule, "fields": fields}
