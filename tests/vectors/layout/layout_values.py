"""A value of every kind of document, written into a new one: first with little in it, then with much."""

from __future__ import annotations

from tests.vectors.cases import Case, Json
from tests.vectors.documents import ONE

AT, LATER = "2026-05-04T21:50:00+02:00", "2026-05-04T21:55:00+02:00"
HOMEWORK, GOAL, RESOURCE, ENTRY, PERSON = (f"0000000{number}-0000-4000-8000-000000000000" for number in range(1, 6))
LOG, SECOND, BATCH = (f"0000000{number}-0000-4000-9000-000000000000" for number in range(1, 4))

ENTRY_VALUE = {"written_at": AT, "entered_at": LATER}
LOG_VALUE = {"id": LOG, "at": AT, "entered_at": LATER, "values": {"worry": 3}}
PROGRESS_VALUE = {"homework": HOMEWORK, "done_at": AT, "entered_at": LATER}


def _create(shows: str, kind: str, **value: Json) -> Case:
    return Case(shows, "create", {"kind": kind, "actor": ONE, "value": value})


CASES = (
    _create(
        "A goal: prose is an Automerge text, what has its default is left out, elements have a map of their own.",
        "goal",
        what="Walk again",
    ),
    _create(
        "A goal with steps: an element is a map by its id, and a moment is a text.",
        "goal",
        what="Walk again",
        why="I miss the lake.",
        made_at=AT,
        steps={
            "s1": {"order": 1.0, "text": "Shoes on"},
            "s2": {"order": 2.0, "text": "Once round the house", "done_on": "2026-05-03"},
        },
    ),
    _create("A comment: a UUID is a text.", "comment", on=ENTRY, text="Well done.", made_at=AT),
    _create(
        "A comment without words: its empty text is made all the same.",
        "comment",
        on=RESOURCE,
        helped=False,
        made_at=AT,
    ),
    _create("An acknowledgement.", "acknowledgement", signal=f"silence/{AT[:10]}", note="Called.", made_at=AT),
    _create("A note of the care team.", "note", text="Ask about sleep.", about=ENTRY, made_at=AT),
    _create("A session: a number is an integer.", "session", planned_at="2026-05-11T15:00:00+02:00", minutes=45),
    _create("A topic.", "topic", text="My brother’s wedding", made_at=AT),
    _create(
        "An episode: elements of the baseline are named by scale.",
        "episode",
        phase="treatment",
        began_on="2026-04-01",
        reason="Low mood",
        baseline={"phq-9/total": {"assessment": ENTRY}},
    ),
    _create(
        "A resource: a list of texts is one text, in JSON.",
        "resource",
        title="Breathing",
        text="Breathe out slowly.",
        link="https://practice.example/breathing",
        tags=["rest", "body"],
        made_at=AT,
    ),
    _create(
        "A resource of steps.",
        "resource",
        title="Breathing",
        steps={"a": {"text": "Sit."}, "b": {"order": 1.0, "text": "Breathe."}},
    ),
    _create("Homework that is due once.", "homework", what="Walk", due="2026-05-08", assigned_at=AT),
    _create(
        "Homework by a rule, with a worksheet: a list of options and of labels is one JSON text each.",
        "homework",
        what="Walk",
        why="To see that it helps.",
        agreed=True,
        confidence=7,
        goal=GOAL,
        resources=[RESOURCE],
        rule="FREQ=DAILY",
        since="2026-05-05",
        until="2026-05-31",
        assigned_at=AT,
        fields={
            "where": {"prompt": "Where?", "type": "one_of", "options": ["lake", "town"], "required": True},
            "mood": {
                "order": 1.0,
                "prompt": "Mood after",
                "type": "scale",
                "low": 0,
                "high": 10,
                "labels": [{"at": 0, "text": "low"}, {"at": 10, "text": "high"}],
            },
            "steps": {"order": 2.0, "prompt": "Steps", "type": "number", "low": 0.5, "unit": "km"},
        },
    ),
    _create("Progress on homework that has no day.", "homework_progress", **PROGRESS_VALUE),
    _create(
        "Progress with answers: all of them are one JSON text, each with the wording it was given under.",
        "homework_progress",
        **PROGRESS_VALUE,
        occurrence="2026-05-04T18:30",
        status="partly",
        difficulty=6,
        helpfulness=8,
        learned="It helps.",
        barrier="no_chance",
        barrier_note="Rain.",
        zone="Europe/Berlin",
        answers=[
            {"key": "where", "prompt": "Where?", "type": "one_of", "value": "lake"},
            {"key": "mood", "prompt": "Mood after", "type": "scale", "value": 10, "label": "high"},
            {"key": "bag", "prompt": "What did you take?", "type": "several_of", "value": ["hat", "tea"]},
            {"key": "late", "prompt": "Was it late?", "type": "yes_no", "value": False},
        ],
    ),
    _create(
        "A review of homework.",
        "homework_review",
        homework=HOMEWORK,
        decision="adapt",
        reason="Shorter.",
        evidence=[ENTRY],
        successor=GOAL,
        reviewed_at=AT,
    ),
    _create("An empty plan: all its maps are there before anybody adds to them.", "plan"),
    _create(
        "A plan with one of everything.",
        "plan",
        introduction="For this month.",
        journal_rule="FREQ=DAILY;BYHOUR=20",
        journal_since="2026-05-01",
        day_begins=4,
        safety_resources=[RESOURCE],
        sections={"day": {"prompt": "How was the day?", "active_from": "2026-05-01"}},
        trackers={
            "w": {
                "name": "worry",
                "question": "How much did you worry?",
                "low": 1,
                "high": 5,
                "rule": "FREQ=DAILY",
                "since": "2026-05-01",
                "resources": [RESOURCE],
            }
        },
        assessments={
            "mood": {
                "instrument": "phq-9",
                "rule": "FREQ=WEEKLY;BYDAY=MO",
                "since": "2026-05-04",
                "open_days": 5,
                "remind_days": 2,
            },
            "session": {"instrument": "check-in", "before_each_session": True},
        },
        safety_plan={
            "a": {"part": "warning_signs", "text": "I stop answering the phone."},
            "b": {"order": 1.0, "part": "people_to_ask", "contact": "Jo, 555 0100"},
        },
        pauses={"p": {"first": "2026-05-20", "last": "2026-05-24", "reason": "holiday", "note": "At the lake."}},
    ),
    _create(
        "A template for homework.",
        "template",
        title="A walk",
        about="For low days.",
        what="Walk for ten minutes.",
        rule="FREQ=DAILY",
        fields={"mood": {"prompt": "Mood after", "type": "scale", "low": 0, "high": 10}},
        tags=["acting"],
    ),
    _create(
        "A template for a safety plan.",
        "template",
        title="Safety plan",
        makes="safety_plan",
        steps={"a": {"part": "safe_place", "text": "The library."}},
    ),
    _create(
        "The wording of an instrument: answers as they are shown are one JSON text an item.",
        "instrument",
        key="phq-2",
        scheme="phq-2 sum 0-6",
        language="en",
        title="PHQ-2",
        instructions=["Think of the last two weeks."],
        hash="12ab",
        prompts={
            "q1": {"text": "First question", "labels": [{"text": "No", "value": 0}, {"text": "Yes", "value": 3}]},
            "q2": {
                "order": 1.0,
                "text": "Second question",
                "labels": [
                    {"text": "No", "value": 0},
                    {"text": "Yes", "value": 3},
                    {"text": "Not asked", "value": None},
                ],
            },
        },
    ),
    _create(
        "A journal entry with nothing but its times: mood is null, and text, tags, times and sections are made.",
        "journal_entry",
        **ENTRY_VALUE,
    ),
    _create(
        "A journal entry: a tag is a key of a map, prose of sections is text, any other answer one JSON text.",
        "journal_entry",
        **ENTRY_VALUE,
        zone="Europe/Berlin",
        text="Slept badly, walked it off. 🌊",
        mood=4,
        tags=["sleep", "lake"],
        sections=[
            {"prompt": "What went well?", "text": "The walk.", "key": "well"},
            {"prompt": "Tension", "key": "tension", "type": "scale", "value": 7, "label": "high"},
            {"prompt": "Coffee?", "type": "yes_no", "value": True, "text": "Two."},
            {"prompt": "With whom?", "type": "several_of", "value": ["Jo", "Ada"]},
            {"prompt": "Up at", "type": "time", "value": "06:30"},
            {"prompt": "Steps", "type": "number", "value": 4.5, "unit": "km"},
        ],
    ),
    _create(
        "A bucket of symptom logs: two changes, and each log is one JSON text under its id.",
        "symptom_log",
        month="2026-05",
        logs=[LOG_VALUE],
    ),
    _create(
        "A bucket with a log that has everything, a correction of it, and a withdrawal.",
        "symptom_log",
        month="2026-05",
        logs=[
            {
                **LOG_VALUE,
                "values": {"worry": 3, "sleep": 6.5},
                "zone": "Europe/Berlin",
                "scale": [0, 10],
                "note": "Bad night.",
                "key": "row 1",
                "batch": BATCH,
                "arrived_at": "2026-05-05T08:00:00+00:00",
            },
            {
                "id": SECOND,
                "at": AT,
                "entered_at": "2026-05-05T09:00:00+02:00",
                "values": {"worry": 4},
                "corrects": LOG,
            },
        ],
        withdrawn=[
            {
                "id": BATCH,
                "entered_at": "2026-05-06T09:00:00+02:00",
                "logs": [PERSON],
                "keys": ["0123456789abcdef0123456789abcdef"],
            }
        ],
    ),
    _create(
        "An assessment that has just begun: two maps for what is to come.",
        "assessment",
        instrument="phq-9",
        scheme="phq-9 sum 0-27",
        started_at=AT,
    ),
    _create(
        "An assessment that answers an occurrence of the plan, taken down by the care team, to correct another one.",
        "assessment",
        instrument="phq-9",
        scheme="phq-9 sum 0-27",
        started_at=AT,
        zone="Europe/Berlin",
        administered_by=PERSON,
        schedule="mood",
        occurrence="2026-05-04",
        amends=ENTRY,
    ),
    _create("A goal that does not say what is wanted is refused.", "goal", why="Because."),
    _create("A goal with more characters than one device may write is refused.", "goal", what="x" * 1001),
    _create(
        "Homework that is due in two ways is refused.",
        "homework",
        what="Walk",
        due="2026-05-08",
        rule="FREQ=DAILY",
        since="2026-05-01",
    ),
    _create("A link that is none to the web is refused.", "resource", title="Breathing", link="file:///etc/passwd"),
    _create("A mood beyond 10 is refused.", "journal_entry", **ENTRY_VALUE, mood=11),
    _create("A log without values is refused.", "symptom_log", month="2026-05", logs=[{**LOG_VALUE, "values": {}}]),
    _create("A value off the scale is refused.", "symptom_log", month="2026-05", logs=[{**LOG_VALUE, "scale": [0, 2]}]),
)
