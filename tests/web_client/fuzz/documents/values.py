"""Random values for documents, by the types that the core is given: mostly what may be written, now and then not."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

from client_sdk.web.generate import shapes
from tests.web_client.fuzz.due_cases import ZONES, day, moment

Json = Any
Given = dict[str, Json]
LAYOUT = shapes.data()

_WORDS = (
    *("I", "slept", "badly", "and", "walked", "the", "lake", "again", "cold", "blue", "very", "no.", "not", "a"),
    *("🌊", "👨‍👩‍👧", "e\u0301", "שלום", "слово", "Maß", "ﬁn", "\u0085", "\ufeff", "x" * 30, "Then,", "\n"),
)
NAMES = (
    *("worry", "Worry", " worry ", "sleep", "Schlaf", "Maß", "MASS", "ΣΊΣΥΦΟΣ", "σίσυφος", "Ｓleep", "sle\u0301ep"),
    *("\u200b", "", " ", "x" * 65, "it’s", "it's", "İ", "ı", "ﬃ", "Ꭰ", "ꭰ", "🌊"),
)
_RULES = ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO", "FREQ=MONTHLY;SKIP=BACKWARD", "daily", "", "FREQ=NEVER")
_OCCURRENCES = ("once", "2026-03-28", "2026-03-28T18:30", "2026-02-30", "28")
_LINKS = (
    "",
    "https://example.org/a?b#c",
    "http://[::1]:80",
    "javascript:alert(1)",
    "https://me@example.org",
    "HTTPS://X",
)
_OFTEN_GOOD: dict[str, tuple[Json, ...]] = {
    "rule": (*_RULES, *_RULES[:3] * 5),
    "journal_rule": ("", *_RULES),
    "occurrence": (*_OCCURRENCES, *_OCCURRENCES[:3] * 5),
    "link": (*_LINKS, *_LINKS[:3] * 4),
    "key": ("mood", "phq-2", "q1", "x"),
    "scheme": ("phq-2 sum 0-6", "s"),
    "name": ("worry", "sleep", "Maß", *NAMES[-4:]),
    "signal": ("risk", "silence", ""),
    "title": ("A title", "Lake", " "),
    "instrument": ("phq-2", "gad-7", ""),
    "definition": ("", "", "", "{", '{"key":"mood","scheme":"s"}'),
}


def text(random: Random, most: int = 12) -> str:
    """Words, mostly: a text that may be long."""
    return " ".join(random.choice(_WORDS) for _ in range(random.randint(0, most)))


def rewritten(random: Random, before: str) -> str:
    """A text with some of its words changed, as people do."""
    words = before.split(" ")
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(words) + 1)
        match random.randrange(4):
            case 0:
                words.insert(at, random.choice(_WORDS))
            case 1 if words:
                del words[min(at, len(words) - 1)]
            case 2 if words:
                one = words[min(at, len(words) - 1)]
                cut = random.randrange(len(one) + 1)
                words[min(at, len(words) - 1)] = one[:cut] + random.choice("aé🌊") + one[cut + 1 :]
            case _:
                words[at : at + 2] = [random.choice(_WORDS), random.choice(_WORDS)]
    return " ".join(words)


def some_id(random: Random) -> str:
    """One of some ids."""
    return str(UUID(int=random.randrange(1, 40) | 0xA << 60))


def number(random: Random) -> float:
    """A number as people give it. One that is whole is an `int`: JavaScript has no other."""
    given = (
        random.choice((0, 1, 3, 7, 10, -1, 0.5, 2.25, 1e-7, 10**15, 33.333)) if random.random() < 0.99 else 10**15 + 1
    )
    return int(given) if given == int(given) else given


def value(random: Random, of: Given, name: str = "") -> Json:
    """A value of a type, for a field of this name."""
    if name in _OFTEN_GOOD and random.random() < 0.95:
        return random.choice(_OFTEN_GOOD[name])
    return _MAKES[of["is"]](random, of, name)


def _whole(random: Random, of: Given) -> int:
    return random.randint(of.get("low", 0), min(of.get("high", 20), 20)) if random.random() < 0.97 else 2_000


_MAKES: dict[str, Callable[[Random, Given, str], Json]] = {
    "str": lambda random, of, _: _text_of(random, of.get("most")),
    "int": lambda random, of, _: _whole(random, of),
    "float": lambda random, _, name: float(random.choice((1, 2, 3.5, 7) if name == "at" else (0, 1, 1, 2.5, -1))),
    "bool": lambda random, _, __: random.random() < 0.5,
    "null": lambda _, __, ___: None,
    "day": lambda random, _, __: day(random, 4),
    "moment": lambda random, _, __: moment(random, 4),
    "id": lambda random, _, __: some_id(random),
    "word": lambda random, of, _: random.choice(of["of"]) if random.random() < 0.98 else "none",
    "list": lambda random, of, _: [value(random, of["of"]) for _ in range(random.randint(0, 3))],
    "tuple": lambda random, of, _: [value(random, one) for one in of["of"]],
    "map": lambda random, of, _: {random.choice("abcde"): value(random, of["of"]) for _ in range(random.randint(0, 3))},
    "struct": lambda random, of, _: struct(random, of["name"]),
    "union": lambda random, of, name: _of_union(random, of["of"], name),
}


def struct(random: Random, name: str) -> Given:
    """A struct with some of its fields."""
    made: Given = {}
    for field in LAYOUT["structs"][name]["fields"]:
        if "default" not in field or random.random() < 0.6:
            made[field["name"]] = value(random, field["type"], field["name"])
    return _made_to_fit(random, made)


def _text_of(random: Random, most: int | None) -> str:
    if random.random() < 0.01:
        return "x" * ((most or 4_000) + 1)
    return text(random)[: most or None] if random.random() < 0.3 else "Something"


def _of_union(random: Random, types: list[Given], name: str) -> Json:
    has_both = {one["is"] for one in types} >= {"int", "float"}
    if has_both and random.random() < 0.6:
        return number(random)
    others = [one for one in types if one["is"] not in ("null", "float" if has_both else "null")]
    nothing = any(one["is"] == "null" for one in types) and random.random() < 0.2
    return None if nothing else value(random, random.choice(others), name)


def _made_to_fit(random: Random, made: Given) -> Given:
    """Fields that have to go with one another do, mostly."""
    if random.random() < 0.03:
        return made
    if "prompt" in made or made.get("type") in ("scale", "one_of", "several_of", "checklist"):
        made |= {"low": 0, "high": random.choice((3, 10.5)), "options": ["a", "b", "Maß"]}
        made["prompt"] = made.get("prompt") if str(made.get("prompt") or "").strip() else "How?"
    if "phase" in made or "ended_on" in made:
        made["began_on"], made["phase_began_on"] = "2026-03-20", random.choice((None, "2026-03-22"))
        made["ended_on"] = "2026-03-25" if made.get("phase") == "ended" else None
    for first, last in (("since", "until"), ("active_from", "active_to"), ("first", "last")):
        if first in made or last in made:
            made[first], made[last] = "2026-03-01", random.choice((None, "2026-04-02"))
    if "due" in made and made.get("rule"):
        made["due"] = None
    if "remind_days" in made or "open_days" in made:
        made["open_days"], made["remind_days"] = 7, random.choice((None, 2, 6))
    return made


NEEDED: dict[str, Given] = {
    "acknowledgement": {"signal": "risk"},
    "comment": {"text": "Well done."},
    "episode": {"began_on": "2026-03-20"},
    "goal": {"what": "Walk again"},
    "homework": {"what": "Walk", "rule": ""},
    "homework_progress": {"occurrence": "once", "zone": "Europe/Berlin"},
    "homework_review": {},
    "instrument": {"key": "mood", "scheme": "s", "definition": ""},
    "note": {"text": "He came."},
    "plan": {"journal_rule": ""},
    "resource": {"title": "Breathing", "text": "In, out.", "link": ""},
    "session": {},
    "template": {"title": "Walk", "what": "Walk", "rule": ""},
    "topic": {"text": "The lake."},
}
"""What a kind asks for, where chance may not give it."""


def record(random: Random, kind: str) -> Given:
    """A new document's fields."""
    shape = LAYOUT["shapes"][kind]
    made: Given = {}
    for field in shape["fields"]:
        needed = field["name"] in (*shape["moments"], shape["subject"])
        if needed or random.random() < 0.7:
            made[field["name"]] = field_value(random, field)
            if needed and made[field["name"]] is None and random.random() < 0.9:
                made[field["name"]] = some_id(random) if field["name"] == shape["subject"] else moment(random, 4)
                if kind == "episode":
                    made[field["name"]] = "2026-03-20"
    made = _made_to_fit(random, made)
    return made | (NEEDED[kind] if random.random() < 0.95 else {}) | _moments(random, kind)


def _moments(random: Random, kind: str) -> Given:
    names = {"homework_progress": ("done_at", "entered_at"), "homework_review": ("reviewed_at",)}
    return {name: moment(random, 4) for name in names.get(kind, ())}


def field_value(random: Random, field: Given) -> Json:
    """A value of a field of a record; of elements, some."""
    if "prose" in field:
        return text(random) or "Words"
    if "element" in field:
        ids = random.sample(("s1", "s2", "b c", "phq-9/total", "~"), random.randint(0, 3))
        return {id_: element(random, field["element"]) for id_ in ids}
    return value(random, field["type"], field["name"])


def element(random: Random, name: str) -> Given:
    """One element."""
    fields = LAYOUT["elements"][name]
    made = {one["name"]: field_value(random, one) for one in fields if random.random() < 0.7 or "prose" in one}
    if name == "PlanTracker":
        made |= {"name": random.choice(NAMES[:6]), "low": 0, "high": 10, "rule": "FREQ=DAILY"}
    if name == "ScheduledAssessment":
        made |= {"instrument": "phq-2", "rule": "FREQ=DAILY"}
    if name == "Baseline":
        made["assessment"] = some_id(random)
    if name == "SafetyStep":
        made["contact"] = "Jo"
    if name == "WordedItem":
        made["text"] = "How are you?"
    return _made_to_fit(random, made)


def zone(random: Random) -> str | None:
    """The name of a time zone, or what cannot be one."""
    return random.choice(("", "\u0007", "x" * 65)) if random.random() < 0.03 else random.choice((*ZONES, None, None))


def damaged(random: Random, stored: str) -> str:
    """JSON as another app might have written it, or none any more."""
    match random.randrange(7):
        case 0:
            at = random.randrange(len(stored) + 1)
            return stored[:at] + random.choice(("", "x", '"', "]", "\\ud800", ",", "1e999")) + stored[at + 1 :]
        case 1:
            return "[" * random.choice((3, 200)) + stored
        case 2:
            return stored.replace(":00+", ":00.5+").replace("T", random.choice(("T", " ", "t")), 1)
        case 3:
            return stored.replace("+00:00", "Z").replace("+01:00", random.choice(("", "+0100", "-00:00", "+24:00")))
        case 4 if stored.startswith("{") and _is_json(stored):
            held = json.loads(stored)
            if held and isinstance(held, dict):
                held[random.choice(list(held))] = random.choice((None, 1, True, "x", [], {}, -5, 2.5))
            return json.dumps(held, ensure_ascii=False)
        case 5:
            return f" {stored}\n"
    return stored


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
