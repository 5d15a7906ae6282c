"""Four invented people who keep a journal: the clients of `intersession-server demo`.

Run as `python -m intersession.demo URL FOLDER`, it talks over standard input and output, one JSON object a line:

    {"code_for": NAME}   asks for a pairing code, answered by {"code": CODE}
    {"synced": N}        everybody has written offline and everything has arrived; N entries are kept
    {"wrote": NAME}      somebody has written again

and goes on writing now and then until it is ended. It uses the public API alone.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct

from intersession import Assignment, Question, Tracker
from intersession.inputs.changeable import ProgressWord
from intersession.inputs.checks import AnswerGiven

DAYS = 12
WRITE_EVERY = 12.0
"""Seconds between what people write while the demo runs: each of them within a minute."""


class DemoPerson(Struct, frozen=True):
    """Somebody invented: what they follow (name, start, direction), what they write, oldest first, and what they want
    to talk about."""

    name: str
    symptoms: tuple[tuple[str, float, float], ...]
    writes: tuple[tuple[int, str], ...]
    devices: int = 1
    topic: str = ""


PEOPLE = (
    DemoPerson(
        "Mara Keller",
        (("worry", 4.2, -0.10), ("tension", 3.8, -0.08), ("sleep", 2.2, 0.09)),
        (
            (2, "Lay awake again until two. The list in my head would not stop, so I got up and wrote it down."),
            (5, "Used worry time at six as agreed. Fifteen minutes felt silly, then oddly useful."),
            (7, "The meeting I had dreaded was over in ten minutes. Nobody asked what I had rehearsed."),
            (9, "Slept through. First time in weeks. Not sure whether it was the walk or just being tired."),
            (11, "Worry came back on the train. I noticed it sooner than last time."),
        ),
        devices=2,
        topic="How to say no to the Saturday shift",
    ),
    DemoPerson(
        "Jonas Brandt",
        (("low mood", 3.6, -0.04), ("energy", 2.0, 0.06)),
        (
            (3, "Stayed in bed until noon. Phoned nobody."),
            (6, "Ten minutes outside, as planned. It rained. I went anyway."),
            (8, "Cooked something. Ate at the table, not on the sofa."),
            (11, "Two walks this week. Still grey, but less like concrete."),
        ),
    ),
    DemoPerson(
        "Elif Sahin",
        (("panic", 3.0, -0.12), ("avoidance", 4.0, -0.14)),
        (
            (4, "Took the lift to the second floor. Heart racing, hands wet, and then it was simply over."),
            (7, "Lift again, third floor, alone. 80 before, 60 at the top, 30 on the way down."),
            (10, "Forgot to be afraid for a moment because a child kept pressing all the buttons."),
        ),
    ),
    DemoPerson(
        "Tom Reed",
        (("irritability", 3.2, 0.02),),
        ((6, "Argued about the dishes. I left the room before I said the rest, which is new."),),
    ),
)

AGAIN = (
    "A short note: it is quieter today.",
    "Noticed the thought, did not follow it.",
    "Hard afternoon. Writing it down helps a little.",
    "Went outside although I did not feel like it.",
    "Looking forward to talking about this.",
)


HOW_IT_WENT: tuple[tuple[ProgressWord, dict[str, Any]], ...] = (
    ("done", {"difficulty": 3, "helpfulness": 7, "learned": "It was shorter than I thought."}),
    ("partly", {"difficulty": 6, "helpfulness": 4}),
    ("done", {"difficulty": 2, "helpfulness": 8}),
    ("not", {"barrier": "forgot"}),
    ("could not", {"barrier": "no chance"}),
)


class _PastClock:
    """A clock that can be set: what people wrote over the last days is written with that day's time."""

    def __init__(self) -> None:
        self.at: datetime | None = None

    def __call__(self) -> datetime:
        return self.at if self.at is not None else datetime.now().astimezone()


def main(url: str, folder: Path) -> None:
    """Write, sync, and go on writing until the process is ended."""
    folder.mkdir(parents=True, exist_ok=True)
    clock = _PastClock()
    with ExitStack() as stack:
        devices = {
            person.name: [
                stack.enter_context(Tracker.open(folder / f"{_file_name(person)}-{number}.db", clock=clock))
                for number in range(1, person.devices + 1)
            ]
            for person in PEOPLE
        }
        for person in PEOPLE:
            _first_weeks(person, devices[person.name], clock, url)
        clock.at = None
        _say(synced=sum(len(trackers[0].journal.entries()) for trackers in devices.values()))
        for turn in _every(WRITE_EVERY):
            person = PEOPLE[turn % len(PEOPLE)]
            _write_again(person, devices[person.name][0], turn)


def _first_weeks(person: DemoPerson, trackers: list[Tracker], clock: _PastClock, url: str) -> None:
    """What a person wrote offline before the first contact; on a later start, just a sync."""
    first = trackers[0]
    if first.status().paired is None and not first.journal.entries():
        _write_offline(person, first, clock)
    for tracker in trackers:
        paired = tracker.status().paired
        if paired is None or paired.url != url:  # the first start, or the server has moved to another port
            tracker.pair(url, _ask_for_code(person.name), share_by_default=True, share_earlier=True)
        tracker.sync()
    if len(trackers) > 1 and len(first.journal.entries()) == len(person.writes):
        _edit_on_both(first, trackers[1])


def _write_offline(person: DemoPerson, tracker: Tracker, clock: _PastClock) -> None:
    today = datetime.now().astimezone().replace(hour=20, minute=30, second=0, microsecond=0)
    start = today - timedelta(days=DAYS)
    texts = dict(person.writes)
    for day in range(1, DAYS):
        if (day * 7 + len(person.name)) % 6 == 0:
            continue  # nobody writes every day
        clock.at = start + timedelta(days=day)
        values = {
            name: max(1, min(5, round(level + slope * day + math.sin(day * 1.7 + level))))
            for name, level, slope in person.symptoms
        }
        tracker.symptoms.log(values, scale=(1, 5))
    for day, text in texts.items():
        clock.at = start + timedelta(days=day, minutes=25)
        tracker.journal.write(text, mood=min(10, 3 + day // 2))
    for week, day in enumerate((4, DAYS - 1)):
        clock.at = start + timedelta(days=day, minutes=40)
        _answer(tracker, "check-in", len(person.name) + week)
    clock.at = None
    if person.topic:
        tracker.topics.add(person.topic)


def _edit_on_both(phone: Tracker, laptop: Tracker) -> None:
    """One entry edited on two devices, both offline: after the sync it holds both edits."""
    entry = phone.journal.entries(limit=1)[0]
    phone.journal.edit(entry.id, text=f"{entry.text} (On the train I counted stations instead.)")
    laptop.journal.edit(entry.id, text=f"This morning, rereading: {entry.text}")
    phone.sync()
    laptop.sync()
    phone.sync()
    phone.journal.write("Read what I wrote on both devices. It is all there.", mood=7)
    phone.sync()


def _write_again(person: DemoPerson, tracker: Tracker, turn: int) -> None:
    name, level, _ = person.symptoms[0]
    tracker.symptoms.log({name: max(1, min(5, round(level + math.sin(turn))))}, scale=(1, 5))
    tracker.journal.write(AGAIN[turn % len(AGAIN)])
    tracker.sync()
    _do_homework(tracker, turn)
    _answer_what_is_due(tracker, turn)
    tracker.sync()
    _say(wrote=person.name)


def _do_homework(tracker: Tracker, turn: int) -> None:
    """Catch up on what their therapist has given them, one occurrence at a time, and on one of their resources."""
    for assignment in tracker.homework.list():
        open_ones = [one for one in assignment.occurrences if one.state in ("unanswered", "open")]
        if open_ones:
            status, said = HOW_IT_WENT[turn % len(HOW_IT_WENT)]
            answers = _worksheet(assignment) if status in ("done", "partly") else {}
            tracker.homework.record(assignment.id, open_ones[0], status, answers=answers, **said)
    for resource in tracker.resources.list():
        if resource.helped is None:
            tracker.resources.helped(resource.id, True, "I come back to it.")


def _answer_what_is_due(tracker: Tracker, turn: int) -> None:
    """Answer each questionnaire that waits, and the check-in now and then."""
    for one in tracker.assessments.available():
        if one.due is not None or (one.status == "own" and turn // len(PEOPLE) % 3 == 2):
            _answer(tracker, one.instrument, turn)


def _answer(tracker: Tracker, instrument: str, turn: int) -> None:
    """Item by item, as an app would; at first one of them says something that their care team has to look at."""
    draft = tracker.assessments.start(instrument)
    while (item := draft.next()) is not None:
        draft.answer(item.item, _chosen(item, turn))
    draft.complete()


def _chosen(item: Question, turn: int) -> int | bool:
    if "harm" in item.label.casefold():
        return item.allowed[1 if turn == 1 else 0]
    if item.yes_no:
        return False
    lower_half = item.allowed[: len(item.allowed) // 2 + 1]
    return lower_half[(turn + len(item.label)) % len(lower_half)]


def _worksheet(assignment: Assignment) -> dict[str, AnswerGiven]:
    """Something plain under every question."""
    plain: dict[str, AnswerGiven] = {"prose": "A few words.", "yes_no": True, "time": "21:30"}
    found: dict[str, AnswerGiven] = {}
    for id, field in assignment.fields.items():
        if field.type in ("scale", "number"):
            found[id] = 15 if field.low is None else field.low + 2
        elif field.options:
            found[id] = field.options[0] if field.type == "one_of" else field.options[:2]
        else:
            found[id] = plain.get(field.type)
    return found


def _every(seconds: float) -> Iterator[int]:
    turn = 0
    while True:
        time.sleep(seconds)
        yield turn
        turn += 1


def _ask_for_code(name: str) -> str:
    _say(code_for=name)
    answer = sys.stdin.readline()
    if not answer:
        raise SystemExit("The demo's server process has stopped.")
    return str(json.loads(answer)["code"])


def _say(**words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def _file_name(person: DemoPerson) -> str:
    return person.name.lower().replace(" ", "-")


if __name__ == "__main__":
    try:
        main(sys.argv[1], Path(sys.argv[2]))
    except KeyboardInterrupt:
        sys.exit(0)
