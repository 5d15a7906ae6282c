"""Random histories of one document on three devices: some edits made by the Python code, the others by the core.

A history is played by the Python code, which notes what each edit came to. The core is then given the edits that are
its own, and of the others the changes; so both have documents that the other has written to.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import Any, NamedTuple

import msgspec
from tests.vectors.cases import plain
from tests.vectors.documents import create, edit, written
from tests.web_client.fuzz.documents import values
from tests.web_client.fuzz.due_cases import moment

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import ROOT, Document, ObjectId
from intersession_schemas.errors import IntersessionError, InvalidField
from intersession_schemas.records.kinds import MODELS, SHAPES, load, read
from intersession_schemas.streams import Kind

Json = Any
Given = dict[str, Json]
KINDS = tuple(sorted(kind.value for kind in MODELS))
ACTORS = ("aa" * 16, "bb" * 16, "0c" * 16)
_OTHER_APP = "ee" * 16
_REFUSALS = (IntersessionError, msgspec.ValidationError)
"""What is of another type is refused before it is a value; the core has no types when it runs, so it checks them."""


class History(NamedTuple):
    """What the core is asked, and by step what Python said: the hash of a change (None: none), what is read then."""

    kind: str
    steps: list[Given]
    said: list[Given]
    changes: list[bytes]


def history(random: Random) -> History:
    """One history."""
    return _Play(random).played()


class _Play:
    """A history while it is played."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.kind = random.choice((*KINDS, "journal_entry", "assessment", "symptom_log", "goal"))
        self.documents = [Document.new(bytes.fromhex(actor)) for actor in ACTORS]
        self.steps: list[Given] = []
        self.said: list[Given] = []
        self.number = 0

    def played(self) -> History:
        if self._create():
            for other in (1, 2):
                self._sync(0, other)
            for _ in range(self.random.randint(1, 7)):
                self._step()
            for other in (1, 2):
                self._sync(other, 0)
        changes = self.documents[0].changes()
        return History(self.kind, self.steps, self.said, changes)

    def _step(self) -> None:
        device = self.random.randrange(3)
        match self.random.random():
            case chance if chance < 0.3:
                self._sync(device, (device + self.random.randint(1, 2)) % 3)
            case chance if chance < 0.38:
                self._odd(device)
            case _:
                self._edit(device)

    # -- steps ---------------------------------------------------------------------------------------------------------

    def _create(self) -> bool:
        value = self._new_value()
        try:
            made = create(self.kind, ACTORS[0], value)
        except _REFUSALS as refusal:
            self._note({"device": 0, "create": value}, _refused(refusal))
            return False
        self.documents[0].apply(made)
        by_core = self.random.random() < 0.5
        step = {"create": value} if by_core else {"changes": [written(one) for one in made]}
        self._note({"device": 0, **step}, {"hashes": _hashes(made), **self._told(0)})
        return True

    def _edit(self, device: int) -> None:
        document = self.documents[device]
        seen = self._seen(document)
        asked = self._asked(document)
        try:
            change = edit(self.kind, document, asked, seen)
        except _REFUSALS as refusal:
            self._note({"device": device, "edit": asked, "seen": seen}, _refused(refusal))
            return
        made = [] if change is None else [change]
        by_core = self.random.random() < 0.5
        step = {"edit": asked, "seen": seen} if by_core else {"changes": [written(one) for one in made]}
        self._note({"device": device, **step}, {"hashes": _hashes(made), **self._told(device)})

    def _seen(self, document: Document) -> list[str]:
        """What whoever edits had seen, where that is not all. It is what some device had, so without holes."""
        changes = document.changes()
        if Kind(self.kind) not in SHAPES or len(changes) < 2 or self.random.random() < 0.6:
            return []
        return [written(one) for one in changes[: self.random.randint(1, len(changes))]]

    def _sync(self, one: int, other: int) -> None:
        self.documents[other].apply(self.documents[one].changes())
        self._note({"device": other, "from": one}, self._told(other))

    def _odd(self, device: int) -> None:
        """A change as another app might have made it."""
        document = self.documents[device].fork(bytes.fromhex(_OTHER_APP + f"{len(self.steps):02x}"))
        places = list(_maps(document, ROOT))
        with document.edit() as made:
            for _ in range(self.random.randint(1, 2)):
                self._write_oddly(document, made, self.random.choice(places))
        if made.change is None:
            return
        self.documents[device].apply([made.change])
        step = {"device": device, "changes": [written(made.change)]}
        self._note(step, {"hashes": _hashes([made.change]), **self._told(device)})

    def _write_oddly(self, document: Document, made: Any, place: ObjectId) -> None:
        there = [key for key in document.keys(place) if key]
        key = self.random.choice([*there, *there, "colour", str(values.some_id(self.random)), "removed", "é", "3", " "])
        match self.random.randrange(9):
            case 0 if key in there:
                made.delete(key, place)
            case 1:
                made.put_map(key, place)
            case 2:
                made.put_text(key, values.text(self.random), place)
            case 3 | 4 | 5 if isinstance(document.scalar(key, place), str):
                made.put(key, values.damaged(self.random, str(document.scalar(key, place))), place)
            case _:
                made.put(key, self._odd_scalar(), place)

    def _odd_scalar(self) -> Any:
        odd = (
            None,
            True,
            False,
            0,
            3,
            11,
            2.5,
            3.0,
            float("inf"),
            float("nan"),
            "",
            "x",
            "[]",
            "{}",
            "null",
            "3",
            b"ab",
        )
        more = (
            moment(self.random, 3),
            "2026-03-28",
            "2026-03-28T10:00:00Z",
            "2026-03-28T10:00:00",
            values.some_id(self.random),
        )
        return self.random.choice((*odd, *more, "0001-01-01T00:30:00+01:00", "20260328T1000+01", "x" * 300))

    def _note(self, step: Given, said: Given) -> None:
        self.steps.append(step)
        self.said.append(said)

    def _told(self, device: int) -> Given:
        document = self.documents[device]
        return {"heads": plain(document.heads), "read": plain(read(Kind(self.kind), document))}

    # -- what is asked -------------------------------------------------------------------------------------------------

    def _new_value(self) -> Given:
        random = self.random
        match self.kind:
            case "journal_entry":
                value = self._entry_fields(("text", "sections", "mood", "tags"))
                value |= {"written_at": moment(random, 3), "entered_at": moment(random, 3)}
                return value | ({"zone": found} if (found := values.zone(random)) is not None else {})
            case "symptom_log":
                return {"month": "2026-03", "logs": [self._log() for _ in range(random.randint(1, 3))]}
            case "assessment":
                value = {"instrument": "phq-2", "scheme": "phq-2 sum 0-6", "started_at": moment(random, 3)}
                more = {
                    "zone": values.zone(random),
                    "administered_by": values.some_id(random),
                    "schedule": random.choice(("a1", "", "\u200b")),
                    "occurrence": "2026-03-28",
                    "amends": values.some_id(random),
                }
                return value | {name: one for name, one in more.items() if random.random() < 0.3}
        return values.record(random, self.kind)

    def _asked(self, document: Document) -> Given:
        match self.kind:
            case "journal_entry":
                return self._entry_edit(document)
            case "symptom_log":
                return self._records()
            case "assessment":
                return self._answer(document)
        return self._record_edit(document)

    def _record_edit(self, document: Document) -> Given:
        held = msgspec.to_builtins(SHAPES[Kind(self.kind)].read(document))
        fields = values.LAYOUT["shapes"][self.kind]["fields"]
        asked = {}
        for field in self.random.sample(fields, min(len(fields), self.random.randint(1, 3))):
            asked[field["name"]] = self._new_of(field, held[field["name"]])
        return values._made_to_fit(self.random, asked) if self.random.random() < 0.5 else asked

    def _new_of(self, field: Given, held: Json) -> Json:
        if "prose" in field:
            return values.rewritten(self.random, held)
        if "element" not in field:
            return values.field_value(self.random, field)
        elements = dict(held)
        for id_ in list(elements):
            match self.random.random():
                case chance if chance < 0.2:
                    del elements[id_]
                case chance if chance < 0.6:
                    elements[id_] = {**elements[id_], **self._changed_element(field["element"], elements[id_])}
        return {**values.field_value(self.random, field), **elements} if self.random.random() < 0.4 else elements

    def _changed_element(self, name: str, held: Given) -> Given:
        fields = self.random.sample(values.LAYOUT["elements"][name], 2 if len(held) > 2 else 1)
        return {one["name"]: self._new_of(one, held[one["name"]]) for one in fields}

    def _entry_fields(self, names: Iterable[str]) -> Given:
        random = self.random
        makes = {
            "text": lambda: values.text(random, 30),
            "sections": lambda: [self._section() for _ in range(random.randint(0, 3))],
            "mood": lambda: random.choice((None, 0, 5, 10, 11)) if random.random() < 0.2 else random.randint(0, 10),
            "tags": lambda: random.sample(values.NAMES if random.random() < 0.1 else values.NAMES[:10], 2),
        }
        return {name: makes[name]() for name in names if random.random() < 0.7}

    def _section(self) -> Given:
        random = self.random
        answers: dict[str, tuple[Json, ...]] = {
            "prose": (None, None, "x"),
            "scale": (7, 2.5, None),
            "number": (7, 10**15, "7"),
            "yes_no": (True, 1),
            "one_of": ("a",),
            "several_of": (["a", "b"], []),
            "time": ("18:30", "25:00"),
            "checklist": (["a"], "a"),
        }
        type_ = random.choice((*answers, "prose"))
        made = {"prompt": random.choice(("How?", "What went well?")), "text": values.text(random), "type": type_}
        return made | {"value": answers[type_][0] if random.random() < 0.9 else random.choice(answers[type_])}

    def _entry_edit(self, document: Document) -> Given:
        random = self.random
        held = plain(read(Kind.JOURNAL_ENTRY, document))
        if random.random() < 0.2:
            time = {"written_at": moment(random, 3), "entered_at": moment(random, 3)}
            zone = values.zone(random)
            return {"id": self._fresh(), "correct_time": time if zone is None else {**time, "zone": zone}}
        asked: Given = {}
        if random.random() < 0.6:
            asked["text"] = values.rewritten(random, held["text"])
        if random.random() < 0.4:
            asked["sections"] = [self._edited_section(one) for one in held["sections"]]
        asked |= self._entry_fields(("mood", "tags"))
        if random.random() < 0.3:
            asked["tags"] = [*held["tags"], random.choice(values.NAMES[:10])]
        return asked

    def _edited_section(self, held: Given) -> Given:
        if self.random.random() < 0.5:
            return {**held, "text": values.rewritten(self.random, held["text"])}
        value = {**self._section(), "type": held["type"]}["value"] if self.random.random() < 0.2 else held["value"]
        return {**held, "value": self.random.randint(0, 9) if held["type"] in ("scale", "number") else value}

    def _log(self) -> Given:
        random = self.random
        names = random.sample(values.NAMES if random.random() < 0.05 else values.NAMES[:11], random.randint(1, 3))
        made = {
            "id": self._fresh() if random.random() < 0.95 else values.some_id(random),
            "at": moment(random, 3),
            "entered_at": moment(random, 3),
            "values": {name: values.number(random) for name in names},
        }
        more = {
            "zone": values.zone(random),
            "scale": random.choice(([-5, 10**15], [-1, 10**15], [-5, 10**15], [0, 5], [3, 1])),
            "note": values.text(random),
            "key": random.choice(
                ("row 1", "row 2", "row 3", "Zeile ä", "") if random.random() < 0.2 else ("row 1", "row 2")
            ),
            "batch": values.some_id(random),
            "corrects": values.some_id(random),
            "arrived_at": moment(random, 3),
        }
        return made | {name: one for name, one in more.items() if random.random() < 0.2}

    def _records(self) -> Given:
        random = self.random
        asked: Given = {"logs": [self._log() for _ in range(random.randint(0, 2))]}
        if random.random() < 0.3:
            asked["withdrawn"] = [
                {
                    "id": self._fresh(),
                    "entered_at": moment(random, 3),
                    "logs": [values.some_id(random) for _ in range(random.randint(0, 2))],
                    "keys": random.sample(("ab" * 16, "cd" * 16), random.randint(0, 2)),
                }
            ]
        return asked

    def _answer(self, document: Document) -> Given:
        random = self.random
        at = moment(random, 3)
        if random.random() < 0.8:
            item = random.choice(("q1", "q2", "q3", "a b", "é" if random.random() < 0.1 else "q1"))
            value = random.choice((0, 1, 2, True, False, None, "often", 2.5))
            return {"item": item, "value": value, "id": self._fresh(), "at": at}
        asked: Given = {"id": self._fresh(), "at": at}
        conflicts = read(Kind.ASSESSMENT, document).conflicts
        if conflicts and random.random() < 0.7:
            draft = read(Kind.ASSESSMENT, document).draft
            asked["resolved"] = {item: random.choice(draft[item]).value for item in conflicts}
        if random.random() < 0.5:
            asked["wording"] = {"status": "verified", "hash": random.choice(("12ab", "\u200b"))}
        if (zone := values.zone(random)) is not None:
            asked["zone"] = zone
        return asked

    def _fresh(self) -> str:
        self.number += 1
        return f"{self.random.randrange(16**8):08x}-0000-4000-8000-{self.number:012x}"


def _maps(document: Document, obj: ObjectId) -> Iterable[ObjectId]:
    yield obj
    for key in document.keys(obj):
        inner = document.object(key, "map", obj)
        if inner is not None:
            yield from _maps(document, inner)


def _refused(refusal: Exception) -> Given:
    code = refusal.code if isinstance(refusal, IntersessionError) else InvalidField.code
    return {"refused": str(code)}


def _hashes(changes: Iterable[bytes]) -> list[str]:
    return [read_change(one).hash.hex() for one in changes]


def core_made(history: History, made: Iterable[str]) -> list[str]:
    """The heads of a document of changes that the core has given, as the Python code applies them."""
    document = Document.new(bytes(16))
    document.apply([msgspec.json.decode(f'"{one}"', type=bytes) for one in made])
    assert read(Kind(history.kind), document) == read(Kind(history.kind), load(history.changes))
    return [one.hex() for one in document.heads]
