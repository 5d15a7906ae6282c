"""Two devices' changes of one document, from one base."""

from __future__ import annotations

from collections.abc import Sequence

from tests.vectors.cases import Case, Json
from tests.vectors.documents import ONE, OTHER, edited, made, written_raw
from tests.vectors.layout.layout_values import AT, ENTRY_VALUE, HOMEWORK, LATER, PROGRESS_VALUE

NEXT, LAST = "2026-05-05T08:00:00+02:00", "2026-05-05T09:00:00+02:00"
A, B, C, D = (f"0000000{number}-0000-4000-a000-000000000000" for number in range(1, 5))

STEP, SECOND = {"order": 0.0, "text": "Shoes"}, {"order": 1.0, "text": "Out"}
GOAL = made("goal", {"what": "Walk", "why": "I miss the lake.", "steps": {"s1": STEP, "s2": SECOND}})
PROSE = made("goal", {"what": "Walk", "why": "I miss the lake."})
SHORT = made("session", {"planned_at": AT})
REVIEW = made("homework_review", {"homework": HOMEWORK, "reviewed_at": AT})
PLAN = made("plan", {})
EPISODE = made("episode", {"began_on": "2026-05-01"})
PROGRESS = made("homework_progress", {**PROGRESS_VALUE, "difficulty": 3})
ENTRY = made("journal_entry", {**ENTRY_VALUE, "text": "I slept badly.", "tags": ["sleep"]})
BUCKET = made(
    "symptom_log", {"month": "2026-05", "logs": [{"id": A, "at": AT, "entered_at": LATER, "values": {"worry": 3}}]}
)
ASSESSMENT = made("assessment", {"instrument": "phq-2", "scheme": "phq-2 sum 0-6", "started_at": AT})


def _merge(shows: str, kind: str, base: Sequence[str], one: Json, other: Json, then: Json = None) -> Case:
    """`one`, `other` and `then` are edits, or lists of them; the last is made by the first device once it has all."""
    first, second = (edited(kind, base, actor, *_listed(edits)) for actor, edits in ((ONE, one), (OTHER, other)))
    given = {"kind": kind, "base": list(base), "one": first, "other": second}
    if then is not None:
        given["then"] = edited(kind, [*base, *first, *second], "cc" * 16, *_listed(then))
    return Case(shows, "merge", given)


def _listed(edits: Json) -> list[Json]:
    return edits if isinstance(edits, list) else [edits]


def _answer(item: str, value: Json, id: str, at: str = LATER) -> dict[str, Json]:
    return {"item": item, "value": value, "id": id, "at": at}


def _corrected(status: str, difficulty: int, id: str, at: str) -> dict[str, Json]:
    was = {"status": "done", "difficulty": 3, "done_at": AT, "said_at": LATER}
    return {"status": status, "difficulty": difficulty, "corrected_at": at, "earlier": {id: was}}


RECORDS = (
    _merge(
        "Words that two devices put into one text at different places are both there.",
        "goal",
        PROSE,
        {"why": "I really miss the lake."},
        {"why": "I miss the lake and Jo."},
    ),
    _merge(
        "Words put in at the same place come one after the other, never mixed.",
        "goal",
        PROSE,
        {"why": "I miss the cold lake."},
        {"why": "I miss the blue lake."},
    ),
    _merge(
        "A word taken out by one and kept by the other is gone; what the other put in beside it stays.",
        "goal",
        PROSE,
        {"why": "I miss the."},
        {"why": "I miss the lake now."},
    ),
    _merge(
        "A word mended by one and taken out by the other leaves what was put in.",
        "goal",
        made("goal", {"what": "Walk", "why": "I mis the lake."}),
        {"why": "I miss the lake."},
        {"why": "I the lake."},
    ),
    _merge("Different fields set at once are both set.", "session", SHORT, {"state": "attended"}, {"minutes": 45}),
    _merge(
        "One field set at once to two values: one is shown, and a problem says so.",
        "session",
        SHORT,
        {"state": "attended"},
        {"state": "missed"},
    ),
    _merge(
        "One field set at once to the same value is no problem.",
        "session",
        SHORT,
        {"state": "attended"},
        {"state": "attended"},
    ),
    _merge(
        "Once somebody has set it again there is no problem any more.",
        "session",
        SHORT,
        {"state": "attended"},
        {"state": "missed"},
        {"state": "cancelled"},
    ),
    _merge(
        "Once any later edit has joined the two, one value stays and no problem is told.",
        "session",
        SHORT,
        {"state": "attended"},
        {"state": "missed"},
        {"minutes": 45},
    ),
    _merge(
        "A list is one value: of two lists one is shown.",
        "homework_review",
        REVIEW,
        {"evidence": [A]},
        {"evidence": [B]},
    ),
    _merge(
        "Two devices add an element each: both are there, by their order.",
        "goal",
        GOAL,
        {"steps": {"s1": STEP, "s2": SECOND, "s3": {"order": 3.0, "text": "Far"}}},
        {"steps": {"s1": STEP, "s2": SECOND, "s4": {"order": 2.0, "text": "Back"}}},
    ),
    _merge(
        "An element moved by one and reworded by the other is both.",
        "goal",
        GOAL,
        {"steps": {"s1": {**STEP, "order": 2.0}, "s2": SECOND}},
        {"steps": {"s1": {**STEP, "text": "Boots"}, "s2": SECOND}},
    ),
    _merge(
        "An element removed by one and reworded by the other is removed.",
        "goal",
        GOAL,
        {"steps": {"s2": SECOND}},
        {"steps": {"s1": {**STEP, "text": "Boots"}, "s2": SECOND}},
    ),
    _merge(
        "Put back, it says what the other wrote meanwhile.",
        "goal",
        GOAL,
        {"steps": {"s2": SECOND}},
        {"steps": {"s1": {**STEP, "text": "Boots"}, "s2": SECOND}},
        {"steps": {"s1": {**STEP, "text": "Boots"}, "s2": SECOND}},
    ),
    _merge(
        "An element removed by both is removed once.",
        "goal",
        GOAL,
        {"steps": {"s2": SECOND}},
        {"steps": {"s2": SECOND}},
    ),
    _merge(
        "Two therapists add a tracker each, and one of them a pause.",
        "plan",
        PLAN,
        {"trackers": {"a": {"name": "worry"}}, "pauses": {"p": {"first": "2026-05-20"}}},
        {"trackers": {"b": {"name": "sleep"}}},
    ),
    _merge(
        "Two who choose a baseline for the same scale at once: one is kept.",
        "episode",
        EPISODE,
        {"baseline": {"phq-9/total": {"assessment": A}}},
        {"baseline": {"phq-9/total": {"assessment": B}}},
    ),
    _merge(
        "Marks of homework corrected on two devices at once: what they said before is kept from both.",
        "homework_progress",
        PROGRESS,
        _corrected("partly", 8, A, NEXT),
        _corrected("not", 9, B, LAST),
    ),
    _merge(
        "A mark corrected by one, a note written by the other.",
        "homework_progress",
        PROGRESS,
        _corrected("partly", 8, A, NEXT),
        {"learned": "It helps."},
    ),
)

OTHERS = (
    _merge(
        "An entry's text keeps what both wrote.",
        "journal_entry",
        ENTRY,
        {"text": "I slept badly. Then I walked."},
        {"text": "I slept very badly."},
    ),
    _merge("A mood set at once: one of the two is read.", "journal_entry", ENTRY, {"mood": 3}, {"mood": 6}),
    _merge(
        "A tag taken away by one and another one added by the other.",
        "journal_entry",
        ENTRY,
        {"tags": []},
        {"tags": ["sleep", "lake"]},
    ),
    _merge(
        "Two spellings of one tag are one.",
        "journal_entry",
        ENTRY,
        {"tags": ["sleep", "Lake"]},
        {"tags": ["sleep", "lake"]},
    ),
    _merge(
        "Its time corrected on two devices: the one entered last holds, both are kept.",
        "journal_entry",
        ENTRY,
        {"id": A, "correct_time": {"written_at": "2026-05-03T22:00:00+02:00", "entered_at": LAST}},
        {"id": B, "correct_time": {"written_at": "2026-05-02T22:00:00+02:00", "entered_at": NEXT}},
    ),
    _merge(
        "Logs added to one bucket from two sides are both in it, by what they are about.",
        "symptom_log",
        BUCKET,
        {"logs": [{"id": B, "at": "2026-05-03T08:00:00+02:00", "entered_at": LATER, "values": {"worry": 4}}]},
        {"logs": [{"id": C, "at": "2026-05-05T08:00:00+02:00", "entered_at": LATER, "values": {"worry": 5}}]},
    ),
    _merge(
        "One item answered differently on two devices is a conflict: both answers stand.",
        "assessment",
        ASSESSMENT,
        _answer("q1", 1, A),
        _answer("q1", 2, B),
    ),
    _merge(
        "The same answer on two devices is no conflict.",
        "assessment",
        ASSESSMENT,
        _answer("q1", 1, A),
        _answer("q1", 1, B, NEXT),
    ),
    _merge(
        "Different items answered on two devices are all there.",
        "assessment",
        ASSESSMENT,
        _answer("q1", 1, A),
        _answer("q2", 2, B),
    ),
    _merge(
        "Answering again after both have met ends the conflict, and keeps what was answered.",
        "assessment",
        ASSESSMENT,
        _answer("q1", 1, A),
        _answer("q1", 2, B),
        _answer("q1", 2, C, NEXT),
    ),
    _merge(
        "An answer given again on one device stands beside the other device's.",
        "assessment",
        ASSESSMENT,
        [_answer("q1", 1, A), _answer("q1", 3, B, NEXT)],
        _answer("q1", 3, C),
    ),
    _merge(
        "Completed on two devices at once: both completions are kept, the earlier one first.",
        "assessment",
        ASSESSMENT,
        [_answer("q1", 1, A), {"id": C, "at": LAST}],
        [_answer("q1", 2, B), {"id": D, "at": NEXT}],
    ),
    _merge(
        "Completed by one while the other answered: the answer is in the draft alone.",
        "assessment",
        ASSESSMENT,
        [_answer("q1", 1, A), {"id": C, "at": NEXT}],
        _answer("q2", 2, B),
    ),
)

CONFLICT = [
    *ASSESSMENT,
    *edited("assessment", ASSESSMENT, ONE, _answer("q1", 1, A)),
    *edited("assessment", ASSESSMENT, OTHER, _answer("q1", 2, B)),
]


def _edit(shows: str, asked: Json) -> Case:
    return Case(shows, "edit", {"kind": "assessment", "actor": ONE, "changes": CONFLICT, "edit": asked})


EDITS = (
    _edit("With a conflict open, an assessment is not completed.", {"id": C, "at": NEXT}),
    _edit("Whoever completes says which of the answers holds.", {"id": C, "at": NEXT, "resolved": {"q1": 2}}),
    _edit("What an item is resolved to is one of its answers.", {"id": C, "at": NEXT, "resolved": {"q1": 3}}),
)

CASES = (*RECORDS, *OTHERS, *EDITS)

VAULT = made("journal_entry", {**ENTRY_VALUE, "text": "Mine."})


def _admit(shows: str, kind: str, changes: Sequence[str]) -> Case:
    return Case(shows, "admit", {"kind": kind, "changes": list(changes)})


ADMITTED = (
    _admit(
        "In a vault every device judges changes alike: an edit may be part of its document.",
        "journal_entry",
        [*VAULT, *edited("journal_entry", VAULT, OTHER, {"text": "All mine."})],
    ),
    _admit(
        "A change that says another time may not, nor what builds on it.",
        "journal_entry",
        written_raw(
            written_raw(VAULT, lambda _, edit: edit.put("written_at", LAST), OTHER),
            lambda _, edit: edit.put("mood", 3),
            OTHER,
        ),
    ),
    _admit(
        "A change that alters a log may not.",
        "symptom_log",
        written_raw(BUCKET, lambda _, edit: edit.put(A, "gone"), OTHER),
    ),
    _admit(
        "A change that takes away a log may not.",
        "symptom_log",
        written_raw(BUCKET, lambda _, edit: edit.delete(A), OTHER),
    ),
    _admit(
        "A change that makes the text anew may not.",
        "journal_entry",
        written_raw(VAULT, lambda _, edit: edit.put_text("text", "New."), OTHER),
    ),
    _admit(
        "Fields that are not known here may be written.",
        "journal_entry",
        written_raw(VAULT, lambda _, edit: edit.put("colour", "green"), OTHER),
    ),
)


def _name(shows: str, name: str) -> Case:
    return Case(shows, "name", {"name": name})


NAMES = (
    _name("Case makes no difference to a name, and is kept.", "Sleep"),
    _name("Spaces around a name go, and any within are one.", "  bad \t dreams "),
    _name("A character and its accent in two code points are one, in the name too.", "sle\u0301ep"),
    _name("A character that folds to two: ß is ss.", "Maß"),
    _name("Other scripts have their case as well.", "ΣΊΣΥΦΟΣ"),
    _name("Full width is another name: only NFC is taken, not NFKC.", "Ｓleep"),
    Case("A key is known by the first 32 digits of its SHA-256.", "key_mark", {"key": "row 1"}),
)
