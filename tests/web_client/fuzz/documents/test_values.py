"""Names, forms, values and what stands of logs: whatever is given, the core answers what the Python code does."""

from __future__ import annotations

import json
import unicodedata
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

import msgspec
import pytest
from client_sdk.web.generate import shapes
from playwright.sync_api import Page
from tests.vectors.cases import plain
from tests.vectors.merge.merge import SUBJECT as MERGE
from tests.web_client.fuzz.asking import ask_both, cases
from tests.web_client.fuzz.documents import values
from tests.web_client.fuzz.documents.histories import history
from tests.web_client.fuzz.due_cases import moment

from intersession_schemas.documents import forms
from intersession_schemas.documents.care.homework import MARKS, HomeworkProgress
from intersession_schemas.documents.diary.sections import check_required, sections_from
from intersession_schemas.documents.names import Names, is_name, name_key, spelled_as, tidy_name
from intersession_schemas.errors import InvalidField
from intersession_schemas.nesting import check_json
from intersession_schemas.records.kinds import RECORDS, load, read
from intersession_schemas.streams import Kind

Given = dict[str, Any]
STRUCTS = shapes.structs()
_CASED = [chr(code) for code in range(0x30000) if chr(code).casefold() != chr(code)]
_KNOWN = [one for one in map(chr, range(0x20, 0x20000)) if unicodedata.category(one) not in ("Cn", "Cs")]
"""Those that this Python's Unicode knows: browsers know later ones, with their case."""
_ODD = [
    *"\u200b\u200c\u200d\u00ad\ufe0f\u115f\u0345\u0307\u0085\u2028\ufeff",
    *"‘’‚―－İıẞßςΣﬁㅤ½²ℌ",
    *("i\u0307", "e\u0301"),
]


# -- names -------------------------------------------------------------------------------------------------------------


def _name(random: Random) -> str:
    makes = (
        lambda: random.choice(_CASED),
        lambda: random.choice(_ODD),
        lambda: random.choice("aAbB'`-\" \t9"),
        lambda: random.choice(_KNOWN),
        lambda: random.choice(("sleep", "Straße", "ΣΊΣΥΦΟΣ", "ﬃ")),
    )
    return "".join(random.choice(makes)() for _ in range(random.randint(0, 5)))


def _names(random: Random) -> Given:
    names = [_name(random) for _ in range(4)]
    names += [random.choice((one.upper(), one.lower(), one.swapcase(), f" {one}", one)) for one in names]
    return {"names": names, "most": random.randint(1, 6)}


def _met(given: Given) -> Any:
    met = Names(most=given["most"])
    names = given["names"]
    return {
        "shown": [met.meet(name) for name in names],
        "all": list(met),
        "left_out": met.left_out,
        "names": [[tidy_name(name), name_key(name), is_name(name)] for name in names],
        "spelled": spelled_as(names[0], names[1:]),
    }


@pytest.mark.page
def test_names_are_spelled_alike(core: Page) -> None:
    every = [{"names": _CASED[at : at + 20], "most": 20} for at in range(0, len(_CASED), 20)]
    ask_both(core, "forms", "names", [*every, *cases(_names, 11, 600)], _met)


# -- forms -------------------------------------------------------------------------------------------------------------


def _form(random: Random) -> Given:
    fields = [(f"f{number}", _field(random)) for number in range(random.randint(1, 4))]
    given = {}
    for id_, field in fields:
        if random.random() < 0.8:
            prompt = random.choice((field["prompt"], field["prompt"].upper()))
            given[id_ if random.random() < 0.7 else prompt] = _answer(random, field["type"])
    if random.random() < 0.2:
        given["Something else"] = random.choice(("words", True, 3, 2.5, None, []))
    return {"fields": fields, "given": given}


def _field(random: Random) -> Given:
    made = values.struct(random, "Field")
    made |= {"type": made.get("type", "prose"), "required": random.random() < 0.3, "low": 0, "high": 10}
    made["prompt"] = random.choice(("How?", "Maß der Angst", "What went well?"))
    made["type"] = "prose" if made["type"] == "none" else made["type"]
    return made | {"options": ["a", "b", "Maß"], "labels": [{"at": 3, "text": "some"}], "unit": "steps", "order": 0.0}


def _answer(random: Random, type_: str) -> Any:
    fitting: dict[str, tuple[Any, ...]] = {
        "prose": ("Words.", " ", "x" * 4_001),
        "scale": (3, 0, 10, 2.5, 11),
        "number": (3, 2.5, -1),
        "yes_no": (True, False),
        "one_of": ("a", "Maß", "MASS"),
        "several_of": (["b", "a"], [], ["c"]),
        "time": ("18:30", "24:00", "8:00"),
        "checklist": (["Maß"], "a"),
    }
    return random.choice(fitting[type_] if random.random() < 0.95 else (None, 1, True, "a", [], ["a", 1]))


def _fields(given: Given) -> dict[str, forms.Field]:
    return {id_: msgspec.convert(field, forms.Field) for id_, field in given["fields"]}


def _sections(given: Given) -> Any:
    sections = sections_from(_fields(given), given["given"])
    check_required(_fields(given), sections)
    return sections


@pytest.mark.page
def test_forms_are_answered_alike(core: Page) -> None:
    made = cases(_form, 12, 600)
    said = ask_both(core, "forms", "answers", made, lambda given: forms.answers(_fields(given), given["given"]))
    assert sum(isinstance(one, list) for one in said) > 100
    said = ask_both(core, "forms", "sections", made, _sections)
    assert sum(isinstance(one, list) for one in said) > 100


# -- values ------------------------------------------------------------------------------------------------------------


def _struct(random: Random) -> Given:
    name = random.choice(sorted(STRUCTS))
    text = json.dumps(values.struct(random, name), ensure_ascii=False, separators=(",", ":"))
    for _ in range(random.choice((0, 0, 1, 2))):
        text = values.damaged(random, text)
    return {"name": name, "text": text}


def _decoded(given: Given) -> Any:
    try:
        check_json(given["text"])
        value = msgspec.json.decode(given["text"].encode("utf-8", "surrogatepass"), type=STRUCTS[given["name"]].cls)
    except (msgspec.MsgspecError, UnicodeError):
        raise InvalidField("not one of these") from None
    if not _has_offsets(msgspec.to_builtins(value, builtin_types=(datetime,))):
        raise InvalidField("a moment without its offset, which the core never takes for one")
    return {"value": plain(value), "text": msgspec.json.encode(value).decode()}


def _has_offsets(value: Any) -> bool:
    match value:
        case datetime():
            return value.utcoffset() is not None
        case dict():
            return all(map(_has_offsets, value.values()))
        case list() | tuple():
            return all(map(_has_offsets, value))
    return True


@pytest.mark.page
def test_values_are_read_and_written_alike(core: Page) -> None:
    said = ask_both(core, "forms", "struct", cases(_struct, 13, 3_000), _decoded)
    taken = sum("value" in one for one in said)
    assert 1_000 < taken < 2_900, "hardly anything is taken, or all of it"


# -- what stands -------------------------------------------------------------------------------------------------------


def _records(random: Random) -> Given:
    ids = [str(UUID(int=number | 0xA << 60)) for number in range(1, 7)]
    records = [
        {"log": _log(random, ids), "arrived_at": random.choice((None, moment(random, 3)))}
        for _ in range(random.randint(1, 9))
    ]
    gone: Given = {
        "id": ids[0],
        "entered_at": moment(random, 3),
        "logs": random.sample(ids, random.randint(0, 2)),
        "keys": [MERGE.calls["key_mark"]({"key": key}) for key in random.sample(("row 1", "Zeile ä"), 1)],
    }
    return {"records": records, "withdrawn": [gone] if random.random() < 0.4 else []}


def _log(random: Random, ids: list[str]) -> Given:
    made: Given = {
        "id": random.choice(ids),
        "at": moment(random, 2),
        "entered_at": moment(random, 2),
        "values": {"worry": values.number(random)},
    }
    more = {
        "key": random.choice(("row 1", "Zeile ä")),
        "corrects": random.choice(ids),
        "arrived_at": moment(random, 2),
        "note": values.text(random),
        "scale": [0, 10],
    }
    return made | {name: one for name, one in more.items() if random.random() < 0.4}


@pytest.mark.page
def test_the_same_logs_stand(core: Page) -> None:
    made = cases(_records, 14, 1_000)
    many = [_very_many(Random(seed)) for seed in range(3)]
    ask_both(core, "merge", "standing", [*made, *many], MERGE.calls["standing"])


def _very_many(random: Random) -> Given:
    """More corrections of one log than are looked at."""
    first: Given = {"id": str(UUID(int=1)), "at": moment(random), "entered_at": moment(random), "values": {"worry": 1}}
    records: list[Given] = [{"log": first, "arrived_at": None}]
    for number in range(2, 260):
        log = {**first, "id": str(UUID(int=number)), "corrects": first["id"], "entered_at": moment(random)}
        records.append({"log": log, "arrived_at": random.choice((None, moment(random)))})
    return {"records": records, "withdrawn": []}


# -- progress, and what is shown of an edit that could not be kept -----------------------------------------------------


def _correction(random: Random) -> Given:
    progress: Given = {"status": "done", "entered_at": moment(random, 3), "done_at": moment(random, 3), "difficulty": 3}
    progress["earlier"] = {
        str(UUID(int=number)): {"status": "partly", "said_at": random.choice((None, moment(random, 1)))}
        for number in random.sample(range(1, 40), random.choice((0, 2, 22)))
    }
    marks: Given = {
        "status": random.choice(("done", "not")),
        "difficulty": random.choice((None, 3, 5)),
        "barrier": "forgot",
    }
    chosen = dict(random.sample(sorted(marks.items()), random.randint(0, 3)))
    if random.random() < 0.3:
        chosen["done_at"] = random.choice((progress["done_at"], moment(random, 3)))
    return {"progress": progress, "id": str(UUID(int=99)), "now": moment(random, 3), "marks": chosen}


def _corrected(given: Given) -> Any:
    progress = msgspec.convert(given["progress"], HomeworkProgress)
    marks = {name: datetime.fromisoformat(one) if name == "done_at" else one for name, one in given["marks"].items()}
    assert set(marks) <= set(MARKS)
    after = progress.corrected(given["id"], datetime.fromisoformat(given["now"]), **marks)
    return {"after": after, "before": after.marks_before}


@pytest.mark.page
def test_marks_are_corrected_alike(core: Page) -> None:
    ask_both(core, "forms", "corrected", cases(_correction, 15, 400), _corrected)


@pytest.mark.page
def test_what_people_wrote_is_shown_alike(core: Page) -> None:
    made = [
        {"kind": one.kind, "model": plain(read(Kind(one.kind), load(one.changes)))}
        for one in map(history, map(Random, range(400)))
        if one.changes and Kind(one.kind) in RECORDS
    ]

    def readable(given: Given) -> str:
        record = RECORDS[Kind(given["kind"])]
        return record.text(msgspec.convert(given["model"], record.model))

    assert len(made) > 100
    ask_both(core, "forms", "readable", made, readable)
