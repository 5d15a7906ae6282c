"""Stories at random, told to the SDK and to the faces: whatever is asked, both answer or refuse it alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from tests.web_client.faces.twins import Both, Twins

from intersession_schemas.documents.diary.sections import Section

WORDS = (
    "lake",
    "Café",
    "naïve",
    "🌙",
    "👩‍👩‍👧",
    "שלום",
    "slept",
    "the",
    "bus",
    "ß",
    "e\u0301",
    "late",
    "\n\n",
    "10:30",
    "眠れない",
)
TAGS = ("night", "Night", " work ", "work\nplace", "")
SYMPTOMS = ("Sleep", "sleep", "Pain ", "ＰＡＩＮ", "Joy", "")
MOVES = 50


class Story:
    """One story as it goes on."""

    def __init__(self, twins: Twins, random: Random) -> None:
        self.twins, self.random = twins, random
        self.entries: list[Both] = []
        self.logs: list[Both] = []
        self.reports: list[tuple[Any, Both]] = []
        self.goals: list[Both] = []
        self.topics: list[Both] = []
        self.answered = 0

    def go_on(self) -> None:
        """Do something."""
        self.twins.clock.forward(minutes=self.random.randint(1, 300), seconds=self.random.randint(0, 59))
        moves: list[Callable[[], Both | None]] = [
            self._write,
            self._edit,
            self._end,
            self._log,
            self._correct,
            self._record,
            self._goal,
            self._topic,
            self._look,
            self._look,
        ]
        if self.random.choice(moves)() is not None:
            self.answered += 1

    def _ask(self, sdk: Callable[..., Any], face: str, method: str, *given: Any) -> Both | None:
        return self.twins.either(lambda _: sdk(), face, method, *given)

    def _text(self) -> str:
        return " ".join(self.random.choices(WORDS, k=self.random.randint(0, 12)))

    def _moment(self) -> Any:
        return self.twins.clock() - timedelta(minutes=self.random.randint(0, 9_000))

    def _fields(self, **makes: Callable[[], Any]) -> dict[str, Any]:
        return {name: make() for name, make in makes.items() if self.random.random() < 0.5}

    def _said(self, given: dict[str, Any]) -> dict[str, Any]:
        return {name: one.isoformat() if hasattr(one, "isoformat") else one for name, one in given.items()}

    def _sections(self) -> dict[str, Any]:
        pick = self.random
        asked = {
            "What went well?": self._text(),
            "how tense?": pick.choice([0, 7, 10, 11, "much", None, 2.5]),
            "What helped?": pick.choice([["Walking"], ["Walking", "Talking"], [], ["Else"]]),
            "Anything else": pick.choice([self._text(), True, 4]),
        }
        some = {name: one for name, one in asked.items() if pick.random() < 0.6}
        return {"What went well?": "The walk.", **some}

    def _answers(self, sections: Iterable[Section]) -> dict[str, Any]:
        """Other answers to what an entry has been asked."""
        pick = self.random
        others: dict[str, list[Any]] = {
            "scale": [0, 4, 10, 11, None],
            "several_of": [["Walking"], ["Talking", "Walking"], [], ["Else"]],
            "yes_no": [True, False, None, "yes"],
            "number": [0, 2.5, None, "two"],
        }
        return {one.prompt: pick.choice(others.get(one.type, [self._text(), "No."])) for one in sections}

    def _write(self) -> Both | None:
        pick = self.random
        given = self._fields(
            text=self._text,
            mood=lambda: pick.choice([0, 5, 10, 11, None]),
            tags=lambda: pick.choices(TAGS, k=pick.randint(0, 3)),
            at=self._moment,
            shared=lambda: pick.random() < 0.5,
        )
        if pick.random() < 0.8:
            given["sections"] = self._sections()
        made = self._ask(lambda: self.twins.tracker.journal.write(**given), "journal", "write", self._said(given))
        if made is not None:
            self.entries.append(made)
        return made

    def _edit(self) -> Both | None:
        if not self.entries:
            return None
        pick, entry = self.random, self.random.choice(self.entries)
        given = self._fields(
            text=self._text,
            mood=lambda: pick.choice([0, 5, None, -1]),
            tags=lambda: pick.choices(TAGS, k=pick.randint(0, 3)),
            at=self._moment,
            sections=lambda: self._answers(entry.sdk.sections),
        )
        based = pick.random() < 0.6
        sdk = given | ({"based_on": entry.sdk} if based else {})
        face = self._said(given) | ({"based_on": entry.face["version"]} if based else {})
        made = self._ask(
            lambda: self.twins.tracker.journal.edit(entry.sdk.id, **sdk), "journal", "edit", entry.face["id"], face
        )
        if made is not None:
            self.entries.append(made)
        return made

    def _end(self) -> Both | None:
        journal, symptoms = self.twins.tracker.journal, self.twins.tracker.symptoms
        entry = self.random.choice(self.entries) if self.entries else None
        log = self.random.choice(self.logs) if self.logs else None
        match self.random.choice(["share", "withdraw", "delete", "log", "share log"]):
            case "log" if log is not None:
                return self._ask(lambda: symptoms.withdraw(log.sdk.id), "symptoms", "withdraw", log.face["id"])
            case "share log" if log is not None:
                return self._ask(lambda: symptoms.share(log.sdk.id), "symptoms", "share", log.face["id"])
            case "share" | "withdraw" | "delete" as method if entry is not None:
                ask = getattr(journal, method)
                made = self._ask(lambda: ask(entry.sdk.id), "journal", method, entry.face["id"])
                if made is not None and method == "share":
                    self.entries.append(made)
                return made
        return None

    def _values(self) -> dict[str, Any]:
        pick = self.random
        return {name: pick.choice([0, 3, 10, 2.5, -1]) for name in pick.sample(SYMPTOMS, pick.randint(1, 2))}

    def _log(self) -> Both | None:
        pick = self.random
        given = {"values": self._values()} | self._fields(
            scale=lambda: pick.choice([(0, 10), (1, 5), (5, 1)]),
            note=self._text,
            at=self._moment,
            shared=lambda: pick.random() < 0.5,
        )
        made = self._ask(lambda: self.twins.tracker.symptoms.log(**given), "symptoms", "log", self._said(given))
        if made is not None:
            self.logs.append(made)
        return made

    def _correct(self) -> Both | None:
        if not self.logs:
            return None
        log = self.random.choice(self.logs)
        given = self._fields(values=self._values, note=self._text, at=self._moment)
        return self._ask(
            lambda: self.twins.tracker.symptoms.correct(log.sdk.id, **given),
            *("symptoms", "correct", log.face["id"], self._said(given)),
        )

    def _record(self) -> Both | None:
        pick = self.random
        homework = pick.choice(self.twins.tracker.homework.list(ended=True))
        given = self._fields(
            status=lambda: pick.choice(["done", "partly", "not", "could_not"]),
            answers=lambda: {"what": self._text(), "fear": pick.choice([0, 50, 101, None])},
            difficulty=lambda: pick.choice([0, 10, None, 11]),
            learned=self._text,
            barrier=lambda: pick.choice(["forgot", "unclear", None]),
            done_at=self._moment,
        )
        occurrence = pick.choice([None, "once", f"2026-05-{pick.randint(1, 9):02d}", "2026-05-05T08:00"])
        before = [report for one, report in self.reports if one == homework.id]
        based = pick.choice(before) if before and pick.random() < 0.5 else None
        face = self._said(given) | ({} if occurrence is None else {"occurrence": occurrence})
        sdk: dict[str, Any] = {"occurrence": occurrence, **given}
        if based is not None:
            sdk |= {"occurrence": based.sdk, "based_on": based.sdk}
            face |= {"record": based.face["id"], "based_on": based.face["version"]}
        made = self._ask(
            lambda: self.twins.tracker.homework.record(homework.id, **sdk), "homework", "record", str(homework.id), face
        )
        if made is not None:
            self.reports.append((homework.id, made))
        return made

    def _goal(self) -> Both | None:
        pick, goals = self.random, self.twins.tracker.goals
        if not self.goals or pick.random() < 0.3:
            what, steps = self._text(), [self._text() for _ in range(pick.randint(0, 3))]
            made = self._ask(lambda: goals.add(what, steps=steps), "goals", "add", what, {"steps": steps})
        else:
            goal = pick.choice(self.goals)
            text, number = self._text(), pick.randint(0, 3)
            step = goal.sdk.steps[number].id if number < len(goal.sdk.steps) else "none"
            told = goal.face["steps"][number]["id"] if number < len(goal.sdk.steps) else "none"
            id_, key = goal.sdk.id, goal.face["id"]
            made = pick.choice(
                [
                    lambda: self._ask(lambda: goals.add_step(id_, text), "goals", "addStep", key, text),
                    lambda: self._ask(lambda: goals.move_step(id_, step), "goals", "moveStep", key, told),
                    lambda: self._ask(lambda: goals.remove_step(id_, step), "goals", "removeStep", key, told),
                    lambda: self._ask(lambda: goals.step_done(id_, step), "goals", "stepDone", key, told),
                    lambda: self._ask(
                        lambda: goals.edit_step(id_, step, text, based_on=goal.sdk),
                        *("goals", "editStep", key, told, text, goal.face["version"]),
                    ),
                    lambda: self._ask(
                        lambda: goals.edit(id_, why=text, based_on=goal.sdk),
                        *("goals", "edit", key, {"why": text, "based_on": goal.face["version"]}),
                    ),
                ]
            )()
        if made is not None:
            self.goals.append(made)
        return made

    def _topic(self) -> Both | None:
        topics, text = self.twins.tracker.topics, self._text()
        if not self.topics or self.random.random() < 0.5:
            made = self._ask(lambda: topics.add(text), "topics", "add", text)
        else:
            topic = self.random.choice(self.topics)
            made = self._ask(lambda: topics.tick_off(topic.sdk.id), "topics", "tickOff", topic.face["id"])
        if made is not None:
            self.topics.append(made)
        return made

    def _look(self) -> Both | None:
        tracker, word = self.twins.tracker, self.random.choice(WORDS)
        name = self.random.choice(SYMPTOMS)
        since = self._moment()
        return self.random.choice(
            [
                lambda: self._ask(tracker.due, "plans", "due"),
                lambda: self._ask(lambda: tracker.progress(since), "plans", "progress", since.isoformat()),
                lambda: self._ask(lambda: tracker.journal.search(word), "journal", "search", word),
                lambda: self._ask(tracker.journal.entries, "journal", "entries"),
                lambda: self._ask(tracker.journal.withdrawals, "journal", "withdrawals"),
                lambda: self._ask(tracker.symptoms.logs, "symptoms", "logs"),
                lambda: self._ask(lambda: tracker.symptoms.series(name), "symptoms", "series", name),
                lambda: self._ask(tracker.symptoms.names, "symptoms", "names"),
                lambda: self._ask(lambda: tracker.homework.list(ended=True), "homework", "list", {"ended": True}),
                lambda: self._ask(tracker.goals.list, "goals", "list"),
            ]
        )()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(4))
def test_stories_at_random(twins: Twins, request: pytest.FixtureRequest, seed: int) -> None:
    story = Story(twins, Random(seed))
    moves = MOVES * (20 if request.config.getoption("--long") else 1)
    for _ in range(moves):
        story.go_on()
    assert story.answered > moves / 3, "hardly anything was answered"
