"""What clients do on their devices, one happening at a time, by the public calls of the SDK."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from intersession.demo import happenings as happened
from intersession.demo.happenings import Happening
from intersession.errors import InvalidField
from intersession.inputs.checks import AnswerGiven
from intersession.models.records import Assignment
from intersession.tracker import Tracker

PLAIN: dict[str, AnswerGiven] = {"prose": "A few words.", "yes_no": True, "time": "18:10"}


def act(tracker: Tracker, one: Happening, ids: dict[str, UUID]) -> None:
    """Let it happen on that device; `ids` are what was made before, by key."""
    match one:
        case happened.EntryWritten():
            _write(tracker, one, ids)
        case happened.SymptomsLogged():
            tracker.symptoms.log(one.values, at=one.about, scale=_scale(tracker, one))
        case happened.FormAnswered():
            _answer(tracker, one)
        case happened.HomeworkTold():
            _tell(tracker, one, ids)
        case happened.TopicRaised():
            ids[one.key] = tracker.topics.add(one.text).id
        case happened.TopicTalked():
            tracker.topics.tick_off(ids[one.key])
        case happened.StepTaken():
            goal = tracker.goals.get(ids[one.key])
            if one.step is None:
                tracker.goals.reach(goal.id)
            else:
                tracker.goals.step_done(goal.id, goal.steps[one.step])
        case _:
            raise TypeError(f"Nothing that a client does: {type(one).__name__}")


def _write(tracker: Tracker, one: happened.EntryWritten, ids: dict[str, UUID]) -> None:
    written = tracker.journal.write(
        one.text,
        mood=one.mood,
        tags=one.tags,
        at=one.about,
        sections=one.answers or None,
        shared=None if one.shared else False,
    )
    ids[one.key] = written.id


def _scale(tracker: Tracker, one: happened.SymptomsLogged) -> tuple[int, int]:
    followed = {tracked.name: tracked for tracked in tracker.plan().trackers.values()}
    known = next((followed[name] for name in one.values if name in followed), None)
    return (0, 10) if known is None else (int(known.low), int(known.high))


def _answer(tracker: Tracker, one: happened.FormAnswered) -> None:
    draft = tracker.assessments.start(one.instrument)
    for item, value in one.answers.items():
        draft.answer(item, value)
    draft.complete()


def _tell(tracker: Tracker, one: happened.HomeworkTold, ids: dict[str, UUID]) -> None:
    assignment = tracker.homework.get(ids[one.key])
    given: dict[str, Any] = {"done_at": one.done_at}
    if one.status in ("done", "partly"):
        given |= {"difficulty": one.difficulty, "helpfulness": one.helpful, "learned": one.learned}
        given["answers"] = worksheet(assignment, one.turn, one.difficulty or 4)
    elif one.barrier is not None:
        given |= {"barrier": one.barrier, "barrier_note": one.barrier_note}
    with suppress(InvalidField):  # it was changed meanwhile, and is not due on that day any more
        tracker.homework.record(assignment.id, one.occurrence, one.status, **given)


def worksheet(assignment: Assignment, turn: int, hard: int) -> dict[str, AnswerGiven]:
    """Answers to every question of the worksheet but prose, which people leave out when they are in a hurry."""
    found: dict[str, AnswerGiven] = {}
    for place, (id, field) in enumerate(assignment.fields.items()):
        if field.type in ("scale", "number"):
            low = 0 if field.low is None else int(field.low)
            high = 40 if field.high is None else int(field.high)
            share = min(0.9, max(0.1, hard / 10 + (turn * 3 + place * 5) % 7 / 20 - 0.15 - 0.06 * place))
            found[id] = low + round((min(high, low + 100) - low) * share)
        elif field.options:
            option = field.options[(turn + place) % len(field.options)]
            found[id] = option if field.type == "one_of" else (option,)
        elif field.type == "time":
            found[id] = f"{17 + (turn + place) % 4}:{(turn * 5) % 60:02d}"
        elif field.type != "prose" or field.required:
            found[id] = PLAIN.get(field.type)
    return found
