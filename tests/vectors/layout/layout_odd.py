"""Documents as another app might leave them: what can be read is read, the rest is told in `problems`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from tests.vectors.cases import Case
from tests.vectors.documents import OTHER, made, written_raw
from tests.vectors.layout.layout_edits import ASSESSMENT
from tests.vectors.layout.layout_values import AT, ENTRY_VALUE, HOMEWORK, LATER, LOG, SECOND

from intersession_schemas.crdt import ROOT, Document, Edit, ObjectId

Write = Callable[[Document, Edit], object]


def _bucket(edit: Edit) -> None:
    edit.put("kind", "symptom_log")
    edit.put("month", "2026-05")


GOAL = made("goal", {"what": "Walk"})
STEPS = made("goal", {"what": "Walk", "steps": {"s1": {"text": "Out"}}})
THREE_STEPS = made(
    "goal", {"what": "Walk", "steps": {"b": {"text": "B"}, "a": {"text": "A"}, "c": {"order": -1.0, "text": "C"}}}
)
SESSION = made("session", {"planned_at": AT, "minutes": 45})
EPISODE = made("episode", {"began_on": "2026-05-04"})
COMMENT = made("comment", {"on": HOMEWORK, "text": "Well done.", "made_at": AT})
REVIEW = made("homework_review", {"homework": HOMEWORK, "reviewed_at": AT})
ENTRY = made("journal_entry", ENTRY_VALUE)
SECTIONS = made("journal_entry", {**ENTRY_VALUE, "sections": [{"prompt": "Tension", "type": "scale", "value": 7}]})
BUCKET = written_raw([], lambda _, edit: _bucket(edit))
ANSWER, AGAIN = (f"0000000{number}-0000-4000-a000-000000000000" for number in (1, 2))


def _read(shows: str, kind: str, base: Sequence[str], *writes: Write) -> Case:
    def write(document: Document, edit: Edit) -> None:
        for one in writes:
            one(document, edit)

    return Case(shows, "read", {"kind": kind, "changes": written_raw(base, write, OTHER)})


def _put(key: str, value: object, *path: str) -> Write:
    """Set a value, in the map that lies at the path."""

    def write(document: Document, edit: Edit) -> None:
        edit.put(key, value, _map(document, *path))  # type: ignore[arg-type]

    return write


def _section(number: str) -> Write:
    """A section of no text, under a number."""

    def write(document: Document, edit: Edit) -> None:
        made_here = edit.put_map(number, _map(document, "sections"))
        edit.put("prompt", f"Number {number}", made_here)
        edit.put("key", "", made_here)
        edit.put_text("text", "", made_here)

    return write


def _map(document: Document, *path: str) -> ObjectId:
    found = ROOT
    for name in path:
        inner = document.object(name, "map", found)
        assert inner is not None
        found = inner
    return found


def _delete(key: str) -> Write:
    return lambda _, edit: edit.delete(key)


RECORDS = (
    _read("A field that is not known here is left alone.", "session", SESSION, _put("colour", "green")),
    _read("A value of another type is the field's default, and a problem.", "session", SESSION, _put("state", 3)),
    _read("A word that is none of a closed set is a problem.", "session", SESSION, _put("state", "done")),
    _read("A day that does not exist is a problem.", "episode", EPISODE, _put("began_on", "2026-02-30")),
    _read("A moment without an offset is a problem.", "session", SESSION, _put("planned_at", "2026-05-04T21:50:00")),
    _read("A number beyond its bounds is a problem.", "session", SESSION, _put("minutes", 0)),
    _read("Null is no problem where a field may be empty.", "session", SESSION, _put("planned_at", None)),
    _read("Null is a problem where it may not.", "session", SESSION, _put("minutes", None)),
    _read("A number that is no yes or no is a problem.", "comment", COMMENT, _put("helped", 1)),
    _read(
        "A text that is no JSON is a problem where a list belongs.", "homework_review", REVIEW, _put("evidence", "all")
    ),
    _read(
        "A list of something else is a problem as a whole.",
        "homework_review",
        REVIEW,
        _put("evidence", f'["{HOMEWORK}","x"]'),
    ),
    _read("A map where a value belongs is a problem.", "session", SESSION, lambda _, edit: edit.put_map("state")),
    _read(
        "A value where prose belongs is a problem: prose is an Automerge text.", "goal", GOAL, _put("why", "Because.")
    ),
    _read("A text that is missing is a problem.", "goal", GOAL, _delete("why")),
    _read("Elements that are missing are a problem.", "goal", GOAL, _delete("steps")),
    _read("An element that is no map is a problem; the others are read.", "goal", STEPS, _put("s2", "Out", "steps")),
    _read(
        "What is wrong within an element is told with the first characters of its id.",
        "goal",
        STEPS,
        _put("done_on", "soon", "steps", "s1"),
    ),
    _read(
        "An element whose id is not printable ASCII is a problem.",
        "goal",
        STEPS,
        lambda document, edit: edit.put_map("é", _map(document, "steps")),
    ),
    _read("Only true marks an element removed; 1 does not.", "goal", STEPS, _put("removed", 1, "steps", "s1")),
    _read("A whole number is taken where fractions are.", "goal", STEPS, _put("order", 3, "steps", "s1")),
    _read(
        "A number that is none (not finite) is a problem.", "goal", STEPS, _put("order", float("inf"), "steps", "s1")
    ),
    _read(
        "Elements come by their order, and by their ids where it is the same.",
        "goal",
        THREE_STEPS,
        _put("state", "open"),
    ),
)

ENTRIES = (
    _read("An entry without its time is read without one.", "journal_entry", ENTRY, _delete("written_at")),
    _read("A mood beyond 10 is a problem.", "journal_entry", ENTRY, _put("mood", 11)),
    _read("A mood that is yes is a problem.", "journal_entry", ENTRY, _put("mood", True)),
    _read("A zone that cannot be a name is a problem.", "journal_entry", ENTRY, _put("zone", "")),
    _read(
        "A tag that is empty or too long is left out.",
        "journal_entry",
        ENTRY,
        _put(" ", True, "tags"),
        _put("x" * 65, True, "tags"),
        _put("lake", True, "tags"),
    ),
    _read(
        "Of tags that are spellings of one, the first by code points is shown.",
        "journal_entry",
        ENTRY,
        _put("sleep", True, "tags"),
        _put("Sleep", True, "tags"),
    ),
    _read(
        "A section that is none is a problem; the others are read.",
        "journal_entry",
        SECTIONS,
        _put("2", "Out", "sections"),
    ),
    _read(
        "Sections come by their numbers, 10 after 2.",
        "journal_entry",
        SECTIONS,
        _section("10"),
        _section("2"),
    ),
    _read(
        "An answer that does not fit its type is a problem.",
        "journal_entry",
        SECTIONS,
        _put("answer", '{"type":"yes_no","value":"perhaps"}', "sections", "1"),
    ),
    _read(
        "A corrected time that cannot be read is a problem, and changes nothing.",
        "journal_entry",
        ENTRY,
        _put(ANSWER, '{"written_at":"yesterday"}', "times"),
    ),
    _read(
        "Of two corrections the one entered last holds.",
        "journal_entry",
        ENTRY,
        _put(AGAIN, '{"written_at":"2026-05-03T20:00:00+02:00","entered_at":"2026-05-06T08:00:00+02:00"}', "times"),
        _put(ANSWER, '{"written_at":"2026-05-02T20:00:00+02:00","entered_at":"2026-05-07T08:00:00+02:00"}', "times"),
    ),
)


def _log(**more: object) -> str:
    value = {"id": LOG, "at": AT, "entered_at": LATER, "values": {"worry": 3}, **more}
    return msgspec.json.encode(value).decode()


OTHERS = (
    _read(
        "Keys that are no ids in canonical form are left alone.",
        "symptom_log",
        BUCKET,
        _put("note", "x"),
        _put(LOG.upper().replace("-", ""), "x"),
    ),
    _read(
        "A log that cannot be read is a problem; the others are read.",
        "symptom_log",
        BUCKET,
        _put(LOG, _log()),
        _put(SECOND, "{"),
    ),
    _read("A log under another id than its own is a problem.", "symptom_log", BUCKET, _put(SECOND, _log())),
    _read("A log with a value off its scale is a problem.", "symptom_log", BUCKET, _put(LOG, _log(scale=[0, 2]))),
    _read("A log without an offset is a problem.", "symptom_log", BUCKET, _put(LOG, _log(at="2026-05-04T21:50:00"))),
    _read(
        "A log of a moment that not every time zone can show is a problem.",
        "symptom_log",
        BUCKET,
        _put(LOG, _log(at="0001-01-01T00:30:00+01:00")),
    ),
    _read("A log may say more than is known here.", "symptom_log", BUCKET, _put(LOG, _log(weather="rain"))),
    _read(
        "A bucket without its month is read all the same.", "symptom_log", BUCKET, _delete("month"), _put(LOG, _log())
    ),
    _read(
        "An answer of a draft under a key that is none is a problem.",
        "assessment",
        ASSESSMENT,
        _put("q1", '{"value":1,"at":"2026-05-04T21:50:00+02:00"}', "draft"),
    ),
    _read(
        "An answer that cannot be read is a problem.",
        "assessment",
        ASSESSMENT,
        _put(f"q1/{ANSWER}", '{"value":[1],"at":"2026-05-04T21:50:00+02:00"}', "draft"),
    ),
    _read(
        "Answers that name one another as replaced all stand.",
        "assessment",
        ASSESSMENT,
        _put(f"q1/{ANSWER}", f'{{"value":1,"at":"{AT}","over":["{AGAIN}"]}}', "draft"),
        _put(f"q1/{AGAIN}", f'{{"value":2,"at":"{AT}","over":["{ANSWER}"]}}', "draft"),
    ),
    _read(
        "A completion that cannot be read is a problem, and completes nothing.",
        "assessment",
        ASSESSMENT,
        _put(ANSWER, '{"answers":{"q1":2}}', "completions"),
    ),
    _read(
        "An assessment without its maps is read without answers.",
        "assessment",
        ASSESSMENT,
        _delete("draft"),
        _delete("completions"),
    ),
)

CASES = (*RECORDS, *ENTRIES, *OTHERS)
