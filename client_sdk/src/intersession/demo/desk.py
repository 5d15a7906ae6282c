"""What therapists do for the demo's clients, one happening at a time, by the public calls of the SDK."""

from __future__ import annotations

from uuid import UUID

import msgspec

from intersession.care.plan_editor import PlanEditor
from intersession.caseload import Client
from intersession.demo import happenings as happened
from intersession.demo.happenings import Happening
from intersession.demo.questions import EVENING
from intersession.demo.telling import Story
from intersession.inputs.changeable import HomeworkFields
from intersession.models.records import Template
from intersession_schemas.library import TEMPLATES


def act(client: Client, one: Happening, ids: dict[str, UUID]) -> None:  # noqa: C901 - one line a happening
    """Let it happen in that client's record; `ids` are what was made before, by key."""
    match one:
        case happened.CareBegun():
            _begin(client, one.story, ids)
        case happened.PlanEdited():
            _edit(client, one)
        case happened.PhaseBegun():
            current = client.episodes.current()
            if current is not None:
                client.episodes.phase(current.id, one.phase)
        case happened.SessionSet():
            ids[one.key] = client.sessions.plan(one.begins).id
        case happened.SessionOver():
            if one.state == "attended":
                client.sessions.attended(ids[one.key])
            elif one.state == "missed":
                client.sessions.missed(ids[one.key])
            else:
                client.sessions.cancel(ids[one.key])
        case happened.PaperFilled():
            client.assessments.on_paper(one.instrument, one.answers, at=one.at)
        case happened.HomeworkGiven():
            ids[one.key] = _assign(client, one, ids)
        case happened.HomeworkDecided():
            _decide(client, one, ids)
        case happened.EntryCommented():
            if any(entry.id == ids.get(one.key) for entry in client.entries(limit=60)):  # else it has not come yet
                client.comment(ids[one.key], one.text)
        case happened.NoteKept():
            client.notes.add(one.text)
        case happened.SignalsSeen():
            for signal in client.signals():
                if not signal.acknowledged:
                    client.acknowledge(signal, one.note)
        case _:
            raise TypeError(f"Nothing that a therapist does: {type(one).__name__}")


def _begin(client: Client, story: Story, ids: dict[str, UUID]) -> None:
    client.episodes.begin(story.reason)
    for number, goal in enumerate(story.goals):
        steps = [text for text, _ in goal.steps]
        ids[f"goal {number}"] = client.goals.add(goal.what, goal.why, steps).id
    for key in story.resources:
        ids[f"resource {key}"] = client.resources.add(template=_template(key)).id
    with client.plan.edit() as plan:
        _plan(plan, story)
        plan.safety_resources([ids[f"resource {key}"] for key in story.resources if key == "breathing"])


def _plan(plan: PlanEditor, story: Story) -> None:
    plan.journal(rule="daily", introduction=story.introduction)
    for asked in story.questions:
        plan.add_section(
            asked.prompt, asked.type, low=asked.low, high=asked.high, unit=asked.unit, options=asked.options
        )
    for one in story.trackers:
        plan.add_tracker(one.name, one.low, one.high, question=one.question)
    for part, text, contact in story.safety:
        plan.add_safety_step(part, text, contact)
    if story.checks:
        plan.add_assessment("check-in", "weekly")
    if story.evening:
        plan.add_assessment(EVENING, "weekly")


def _edit(client: Client, one: happened.PlanEdited) -> None:
    with client.plan.edit() as plan:
        if one.change.introduction:
            plan.journal(introduction=one.change.introduction)
        for part, text, contact in one.change.safety:
            plan.add_safety_step(part, text, contact)
        if one.pause is not None:
            first, last, note = one.pause
            plan.pause(first, last, note=note)


def _assign(client: Client, one: happened.HomeworkGiven, ids: dict[str, UUID]) -> UUID:
    given = one.homework
    template = None if not given.template else _template(given.template)
    made = client.homework.assign(
        given.what,
        why=given.why,
        agreed=True,
        confidence=given.confidence,
        goal=ids.get("goal 0"),
        due=one.due,
        rule=given.rule,
        until=one.until,
        template=template,
    )
    return made.id


def _decide(client: Client, one: happened.HomeworkDecided, ids: dict[str, UUID]) -> None:
    change: HomeworkFields | None = {"what": one.becomes} if one.becomes else None
    review = client.homework.review(ids[one.key], one.decision, reason=one.reason, change=change)
    if review.successor is not None:
        ids[one.key] = review.successor


def _template(key: str) -> Template:
    return Template(**msgspec.structs.asdict(TEMPLATES[key]), key=key)
