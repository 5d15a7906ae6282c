"""Edits of each sort, each one change of a document that is there."""

from __future__ import annotations

from collections.abc import Sequence

from tests.vectors.cases import Case, Json
from tests.vectors.documents import ONE, OTHER, edited, made, written_raw
from tests.vectors.layout.layout_values import AT, ENTRY_VALUE, LATER, LOG, LOG_VALUE, PROGRESS_VALUE, SECOND

from intersession_schemas.crdt import Document, Edit

NEXT = "2026-05-05T08:00:00+02:00"
ANSWER, AGAIN, THIRD, COMPLETION = (f"0000000{number}-0000-4000-a000-000000000000" for number in range(1, 5))


def _without_steps(_: Document, edit: Edit) -> None:
    edit.put("kind", "goal")
    edit.put_text("what", "Walk")
    edit.put_text("why", "")


GOAL = made(
    "goal",
    {
        "what": "Walk",
        "why": "I miss the lake.",
        "steps": {"s1": {"text": "Shoes"}, "s2": {"order": 1.0, "text": "Out"}},
    },
)
FIRST, LAST = {"order": 0.0, "text": "Shoes"}, {"order": 1.0, "text": "Out"}
SHORTENED = edited("goal", GOAL, OTHER, {"steps": {"s1": FIRST}})
DONE = edited("goal", GOAL, OTHER, {"steps": {"s1": {**FIRST, "done_on": "2026-05-04"}, "s2": LAST}})
PROGRESS = made("homework_progress", {**PROGRESS_VALUE, "difficulty": 3})
ENTRY = made("journal_entry", {**ENTRY_VALUE, "text": "I slept badly.", "mood": 4, "tags": ["sleep"]})
SECTIONS = made(
    "journal_entry",
    {
        **ENTRY_VALUE,
        "sections": [
            {"prompt": "What went well?", "text": "The walk."},
            {"prompt": "Tension", "type": "scale", "value": 7, "label": "high"},
        ],
    },
)
BUCKET = made("symptom_log", {"month": "2026-05", "logs": [LOG_VALUE]})
ASSESSMENT = made("assessment", {"instrument": "phq-2", "scheme": "phq-2 sum 0-6", "started_at": AT})
ANSWERED = [*ASSESSMENT, *edited("assessment", ASSESSMENT, ONE, {"item": "q1", "value": 2, "id": ANSWER, "at": AT})]
COMPLETED = [*ANSWERED, *edited("assessment", ANSWERED, ONE, {"id": COMPLETION, "at": LATER})]
WITHOUT_STEPS = written_raw([], _without_steps)


def _edit(shows: str, kind: str, changes: Sequence[str], edit: Json, actor: str = ONE, **more: Json) -> Case:
    return Case(shows, "edit", {"kind": kind, "actor": actor, "changes": list(changes), "edit": edit, **more})


def _splices(shows: str, before: str, after: str) -> Case:
    return Case(shows, "splices", {"before": before, "after": after})


RECORDS = (
    _edit("A value is set.", "goal", GOAL, {"state": "reached"}),
    _edit("Another device goes on with its own actor.", "goal", GOAL, {"state": "let_go"}, OTHER),
    _edit("Nothing that differs is no change.", "goal", GOAL, {"state": "open"}),
    _edit(
        "Prose is changed by its differences: what stays is not written anew.",
        "goal",
        GOAL,
        {"why": "I miss the cold lake."},
    ),
    _edit("Prose is emptied, its text stays where it is.", "goal", GOAL, {"why": ""}),
    _edit(
        "An element is added with all its prose, empty or not.",
        "goal",
        GOAL,
        {"steps": {"s1": FIRST, "s2": LAST, "s3": {"order": 2.0, "text": "Round the lake"}}},
    ),
    _edit(
        "An element's value is set in its own map.",
        "goal",
        GOAL,
        {"steps": {"s1": {**FIRST, "done_on": "2026-05-04"}, "s2": LAST}},
    ),
    _edit(
        "A value that is taken away is null, and no key is deleted.",
        "goal",
        [*GOAL, *DONE],
        {"steps": {"s1": FIRST, "s2": LAST}},
    ),
    _edit(
        "An element is moved by its order alone.", "goal", GOAL, {"steps": {"s1": {**FIRST, "order": 2.0}, "s2": LAST}}
    ),
    _edit(
        "An element's prose is changed where it is.",
        "goal",
        GOAL,
        {"steps": {"s1": {**FIRST, "text": "Boots"}, "s2": LAST}},
    ),
    _edit(
        "An element that is left out is marked removed; nothing of it is deleted.",
        "goal",
        GOAL,
        {"steps": {"s1": FIRST}},
    ),
    _edit(
        "A removed element is put back as it is told now.",
        "goal",
        [*GOAL, *SHORTENED],
        {"steps": {"s1": FIRST, "s2": {**LAST, "text": "Out again"}}},
    ),
    _edit(
        "Several differences are one change.",
        "goal",
        GOAL,
        {"what": "Walk far", "state": "reached", "steps": {"s1": FIRST}},
    ),
    _edit(
        "What others changed since, and this edit does not, stays.",
        "goal",
        [*GOAL, *DONE],
        {"what": "Walk to the lake", "steps": {"s1": FIRST, "s2": LAST}},
        seen=GOAL,
    ),
    _edit(
        "Prose that others changed since is merged with the edit.",
        "goal",
        [*GOAL, *edited("goal", GOAL, OTHER, {"why": "I miss the lake and Jo."})],
        {"why": "I do miss the lake."},
        seen=GOAL,
    ),
    _edit("Elements are made where another version had none.", "goal", WITHOUT_STEPS, {"steps": {"s1": FIRST}}),
    _edit("An edit that leaves a document without what it needs is refused.", "goal", GOAL, {"what": " "}),
    _edit(
        "A mark of progress is corrected: what it said before is kept as an element.",
        "homework_progress",
        PROGRESS,
        {
            "status": "partly",
            "difficulty": 8,
            "corrected_at": NEXT,
            "earlier": {ANSWER: {"status": "done", "difficulty": 3, "done_at": AT, "said_at": LATER}},
        },
    ),
    _edit(
        "A tuple is one value: another list is another text.",
        "homework_progress",
        PROGRESS,
        {"answers": [{"key": "mood", "prompt": "Mood", "type": "scale", "value": 4}]},
    ),
)

ENTRIES = (
    _edit("An entry's text is changed by its differences.", "journal_entry", ENTRY, {"text": "I slept well."}),
    _edit("A mood is set.", "journal_entry", ENTRY, {"mood": 6}),
    _edit("A mood is taken away: null.", "journal_entry", ENTRY, {"mood": None}),
    _edit("A tag is a key: one is deleted, one is put.", "journal_entry", ENTRY, {"tags": ["lake"]}),
    _edit("Another spelling of a tag that is there is that tag.", "journal_entry", ENTRY, {"tags": ["Sleep"]}),
    _edit(
        "Sections are edited under the prompts they were answered under, text and answer alike.",
        "journal_entry",
        SECTIONS,
        {
            "sections": [
                {"prompt": "What went well?", "text": "The long walk."},
                {"prompt": "Tension", "type": "scale", "value": 3},
            ]
        },
    ),
    _edit(
        "Sections under other prompts are refused.", "journal_entry", SECTIONS, {"sections": [{"prompt": "What else?"}]}
    ),
    _edit(
        "When an entry was written is corrected beside what it says of that.",
        "journal_entry",
        ENTRY,
        {
            "id": ANSWER,
            "correct_time": {"written_at": "2026-05-03T22:00:00+02:00", "entered_at": NEXT, "zone": "Europe/Berlin"},
        },
    ),
)

OTHERS = (
    _edit(
        "A log is added under its id.",
        "symptom_log",
        BUCKET,
        {"logs": [{**LOG_VALUE, "id": SECOND, "entered_at": NEXT, "values": {"worry": 5}}]},
    ),
    _edit(
        "A log is never changed in place: the same id again is refused.",
        "symptom_log",
        BUCKET,
        {"logs": [{**LOG_VALUE, "values": {"worry": 5}}]},
    ),
    _edit(
        "A log is corrected by another one.",
        "symptom_log",
        BUCKET,
        {"logs": [{"id": SECOND, "at": AT, "entered_at": NEXT, "values": {"worry": 5}, "corrects": LOG}]},
    ),
    _edit(
        "An answer of a draft is a key of item and answer.",
        "assessment",
        ASSESSMENT,
        {"item": "q1", "value": 2, "id": ANSWER, "at": AT},
    ),
    _edit(
        "Answering again adds a key, which names the answer that it replaces.",
        "assessment",
        ANSWERED,
        {"item": "q1", "value": 3, "id": AGAIN, "at": LATER},
    ),
    _edit(
        "The same answer again is no change.",
        "assessment",
        ANSWERED,
        {"item": "q1", "value": 2, "id": AGAIN, "at": LATER},
    ),
    _edit(
        "Yes is another answer than 1.",
        "assessment",
        [*ASSESSMENT, *edited("assessment", ASSESSMENT, ONE, {"item": "q1", "value": 1, "id": ANSWER, "at": AT})],
        {"item": "q1", "value": True, "id": AGAIN, "at": LATER},
    ),
    _edit(
        "An answer is withdrawn by null.",
        "assessment",
        ANSWERED,
        {"item": "q1", "value": None, "id": AGAIN, "at": LATER},
    ),
    _edit(
        "Completing writes all answers as one JSON text.",
        "assessment",
        ANSWERED,
        {
            "id": COMPLETION,
            "at": LATER,
            "zone": "Europe/Berlin",
            "wording": {"status": "verified", "hash": "12ab"},
        },
    ),
    _edit("A draft without an answer is not completed.", "assessment", ASSESSMENT, {"id": COMPLETION, "at": LATER}),
    _edit(
        "What is completed is not answered any more.",
        "assessment",
        COMPLETED,
        {"item": "q2", "value": 1, "id": AGAIN, "at": NEXT},
    ),
    _edit("What is completed is not completed again.", "assessment", COMPLETED, {"id": THIRD, "at": NEXT}),
)

SPLICES = (
    _splices("What is the same is no splice.", "Slept badly.", "Slept badly."),
    _splices("A word is put in as a whole.", "Slept badly.", "Slept very badly."),
    _splices("A word is taken out as a whole.", "Slept very badly.", "Slept badly."),
    _splices("A typo is mended where it is.", "I slpet badly.", "I slept badly."),
    _splices(
        "Another word takes the place of one as a whole, though they share characters.", "I feel bad.", "I feel mild."
    ),
    _splices("Of several splices the last one in the text comes first.", "One two three four.", "One 2 three 4."),
    _splices("Places are counted in code points: an emoji is one.", "🌊 at the lake", "🌊 at the cold lake"),
    _splices("Into an empty text all is put in.", "", "New."),
    _splices("Spaces and punctuation are compared as words are.", "One, two", "One; two"),
)

CASES = (*RECORDS, *ENTRIES, *OTHERS, *SPLICES)
