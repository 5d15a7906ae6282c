"""Two therapists work on one plan offline, in any order, and meet now and then: they end up equal and lose nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from intersession_schemas.crdt import Document
from intersession_schemas.documents.care.plan import PLAN, Pause, Plan, PlanTracker, SafetyStep, TemplateSection

DAY = date(2026, 5, 4)
PROSE = {"sections": "prompt", "trackers": "question", "safety_plan": "text", "pauses": "note"}
STARTED = Plan(
    introduction="Write in the evening.",
    sections={"s": TemplateSection(prompt="How was your night?")},
    trackers={"t": PlanTracker(name="mood", question="How is your mood?")},
    safety_plan={"y": SafetyStep(text="Go for a walk.")},
    pauses={"p": Pause(first=DAY, note="Away.")},
)
SETS: dict[str, tuple[str, st.SearchStrategy[Any]]] = {
    "sections": ("required", st.booleans()),
    "trackers": ("high", st.integers(2, 20)),
    "safety_plan": ("contact", st.sampled_from(["Kim", "Jo", ""])),
    "pauses": ("last", st.integers(0, 9).map(lambda number: DAY + timedelta(days=number))),
}


def made(where: str, text: str) -> Any:
    match where:
        case "sections":
            return TemplateSection(prompt=text)
        case "trackers":
            return PlanTracker(name=text, question=text)
        case "safety_plan":
            return SafetyStep(text=text)
        case _:
            return Pause(first=DAY, note=text)


class Told:
    """What both have done: every word ever put in, by where it belongs, and whatever was removed once."""

    def __init__(self) -> None:
        self.words: dict[tuple[str, str], list[str]] = {}
        self.removed: set[tuple[str, str]] = set()
        self.number = 0

    def word(self) -> str:
        """A word that nobody has used yet, and no part of another."""
        self.number += 1
        return f"w{self.number}w"


def edit(data: st.DataObject, document: Document, told: Told, who: int) -> None:
    before = PLAN.read(document)
    where = data.draw(st.sampled_from(list(PROSE)))
    elements = getattr(before, where)
    what = data.draw(st.sampled_from(["add", "move", "reword", "reword", "set", "remove", "introduce"]))
    if what == "introduce":
        word = told.word()
        told.words.setdefault(("", ""), []).append(word)
        PLAN.update(document, before, replace(before, introduction=inserted(data, before.introduction, word)))
        return
    if what == "add" or not elements:
        word = told.word()
        id_ = f"{who}-{word}"
        told.words[where, id_] = [word]
        after = elements | {id_: made(where, word)}
    else:
        id_ = data.draw(st.sampled_from(sorted(elements)))
        one = elements[id_]
        match what:
            case "move":
                after = elements | {id_: replace(one, order=float(data.draw(st.integers(-9, 9))))}
            case "reword":
                word = told.word()
                told.words.setdefault((where, id_), []).append(word)
                after = elements | {
                    id_: replace(one, **{PROSE[where]: inserted(data, getattr(one, PROSE[where]), word)})
                }
            case "set":
                name, values = SETS[where]
                after = elements | {id_: replace(one, **{name: data.draw(values)})}
            case _:
                told.removed.add((where, id_))
                after = {other: element for other, element in elements.items() if other != id_}
    PLAN.update(document, before, replace(before, **{where: after}))


def inserted(data: st.DataObject, text: str, word: str) -> str:
    words = text.split(" ")
    at = data.draw(st.integers(0, len(words)))
    return " ".join([*words[:at], word, *words[at:]])


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_any_interleaving_converges_and_loses_no_words_and_no_elements(data: st.DataObject) -> None:
    first = Document.new(b"0" * 16)
    PLAN.create(first, STARTED)
    both = [Document.load(first.save(), bytes([number]) * 16) for number in (1, 2)]
    told = Told()
    for _ in range(data.draw(st.integers(2, 10))):
        who = data.draw(st.integers(0, 1))
        if data.draw(st.integers(0, 4)) == 0:
            both[who].apply(both[1 - who].changes())
        edit(data, both[who], told, who)
    both[0].apply(both[1].changes())
    both[1].apply(both[0].changes())
    assert both[0].heads == both[1].heads
    found = PLAN.read(both[0])
    assert found == PLAN.read(both[1])
    removed = {where: PLAN.removed(both[0], where) for where in PROSE}
    for (where, id_), words in told.words.items():
        if where:
            shown = getattr(found, where)
            assert ((where, id_) in told.removed) or id_ in shown
            text = getattr((shown | removed[where])[id_], PROSE[where])
        else:
            text = found.introduction
        assert [word for word in words if word not in text] == []
    for where in PROSE:
        assert not {(where, id_) for id_ in getattr(found, where)} & told.removed
