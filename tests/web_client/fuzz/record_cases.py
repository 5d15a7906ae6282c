"""Random records as of a cut: assessments above all, with all else that signals, trends and briefs are made from."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any
from uuid import UUID

import msgspec
from tests.web_client.fuzz import score_cases

from intersession_schemas.instruments import INSTRUMENTS, Instrument, Item

Json = Any
Given = dict[str, Json]

NOW = datetime(2026, 5, 20, 12, tzinfo=timezone(timedelta(hours=2)))
OFFSETS = (0, 60, 120, 120, 120, -240, 345, 840, -720)
CLIENT, SERVER = UUID(int=1), UUID(int=0)
NAMES = ("worry", "Worry ", "ＷＯＲＲＹ", "sleep", "Straße", "STRASSE", "zest 🙂", "zest")
ASKED = ("gad-7", "gad-7", "phq-9", "c-ssrs", "who-5", "k10-abs", "wsas", "ors", "pcl-5", "own-1", "another")
RULES = ("", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=DAILY;BYHOUR=8,20")


class Record:
    """A record as it is made, document by document: of a client who is well at first, or who is so at last, as
    `begins_at` and `ends_at` say (0 to 1, more being worse), and who has written nothing in the last `quiet` days."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.documents: list[Given] = []
        self.seq = 0
        self.asked = random.choice((ASKED, [random.choice(ASKED)], random.sample(ASKED, 2)))
        self.quiet = random.choice((0, 0, 0, random.uniform(3, 30)))
        self.begins_at, self.ends_at = random.random(), random.random()

    def id(self) -> str:
        """A new id."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def one_of(self, kind: str) -> str | None:
        """The id of a document of a kind, if there is one."""
        ids = [one["id"] for one in self.documents if one["kind"] == kind]
        return self.random.choice(ids) if ids else None

    def moment(self, days: float = 40) -> str:
        """A moment in the days before now, as some clock showed it; rarely one ahead, or of long ago."""
        ago = timedelta(days=self.quiet + self.random.triangular(0, days, 0))
        chance = self.random.random()
        if chance < 0.02:
            ago = -ago
        elif chance < 0.04:
            ago += timedelta(days=self.random.choice((366, 400, 4_000)))
        at = NOW - ago
        if self.random.random() < 0.3:
            at = at.replace(minute=0, second=0, microsecond=0)
        offset = timezone(timedelta(minutes=self.random.choice(OFFSETS)))
        return at.astimezone(offset if self.random.random() < 0.3 else NOW.tzinfo).isoformat()

    def later(self, at: str, most: float = 0.5) -> str:
        """When something of that moment arrived: soon, or days later."""
        days = self.random.choice(
            (self.random.uniform(0, most), self.random.uniform(0, most), self.random.uniform(0, 9))
        )
        return (datetime.fromisoformat(at) + timedelta(days=days)).isoformat()

    def day(self, first: int = -40, last: int = 10) -> str:
        """A day around now."""
        return (NOW.date() + timedelta(days=self.random.randint(first, last))).isoformat()

    def maybe(self, make: Callable[[], Json], chance: float = 0.5) -> Json:
        """Something, or null."""
        return make() if self.random.random() < chance else None

    def add(self, kind: str, says: Given, at: str, parts: dict[str, str | None] | None = None) -> str:
        """A document that is of a moment; returns its id."""
        self.seq += 1
        id_ = self.id()
        made: Given = {"id": id_, "kind": kind, "says": says}
        if self.random.random() < 0.95:
            made |= {"seq": self.seq, "arrived_at": self.later(at), "author": str(CLIENT)}
            if self.random.random() < 0.2:
                self.seq += 1
                made |= {"last_seq": self.seq, "last_arrived_at": self.later(made["arrived_at"], 3)}
        if parts:
            made["parts"] = parts
        self.documents.append(made)
        return id_


def record(random: Random) -> Given:
    """A record as of a cut."""
    one = Record(random)
    for make, most in _MADE:
        for _ in range(random.choice((0, random.randint(0, most), most))):
            make(one)
    random.shuffle(one.documents)
    now = NOW.astimezone(timezone(timedelta(minutes=random.choice(OFFSETS))))
    cut = {"now": now.isoformat(), "zone": "Europe/Berlin", "locale": random.choice(("en", "en", "de", "de-AT", "fr"))}
    given: Given = {"documents": one.documents, "cut": cut, "since": one.moment(30)}
    if random.random() < 0.3:
        given["heard_at"] = one.moment()
    if random.random() < 0.1:
        aside = [one.one_of("assessment") or one.id() for _ in range(2)]
        given["not_accepted"] = [
            {"document": id_, "seq": number, "author": str(CLIENT), "received_at": one.moment()}
            for number, id_ in enumerate(aside)
        ]
    return given


# -- assessments -------------------------------------------------------------------------------------------------------


def _own() -> Instrument:
    """An instrument that a practice brought along: nobody says which way of it is better, but one answer is a risk."""
    items = INSTRUMENTS["phq-9"].items[:9]
    scales = tuple(
        msgspec.structs.replace(one, bands=(), cut_offs=(), changes=()) for one in INSTRUMENTS["phq-9"].scales
    )
    return msgspec.structs.replace(
        INSTRUMENTS["phq-9"],
        key="own-1",
        scheme="own sum",
        title="Our own",
        direction="not stated",
        items=items,
        scales=scales,
        rules=(),
    )


OWN = _own()


def _wording(one: Record) -> None:
    definition = msgspec.json.encode(OWN).decode()
    broken = one.random.choice(
        ("", definition, definition, definition.replace('"own sum"', '"other"'), definition[:-9])
    )
    says = {"key": "own-1", "scheme": "own sum", "definition": broken, "prompts": {}}
    one.add("instrument", says, one.moment())


def _assessment(one: Record) -> None:
    random = one.random
    key = random.choice(one.asked)
    known = OWN if key == "own-1" else INSTRUMENTS.get(key)
    at = one.moment(60)
    draft, overridden = _drafted(one, known), _drafted(one, known) if random.random() < 0.1 else {}
    completions = [_completion(one, known, at) for _ in range(random.choice((0, 1, 1, 1, 1, 1, 1, 2)))]
    says = {
        "instrument": key,
        "scheme": known.scheme if known else "?",
        "started_at": at,
        "draft": draft if random.random() < 0.3 else {},
        "overridden": overridden,
        "completions": sorted(completions, key=lambda each: datetime.fromisoformat(each["completed_at"])),
        "amends": one.maybe(lambda: one.one_of("assessment"), 0.15),
        "administered_by": one.maybe(lambda: str(CLIENT), 0.1),
        "problems": ["draft: an unreadable answer"] if random.random() < 0.03 else [],
    }
    if random.random() < 0.3:
        says |= {"schedule": random.choice("ab"), "occurrence": one.day()}
    ids = [each["id"] for each in completions] + [each["id"] for given in draft.values() for each in given]
    parts = {id_: one.maybe(lambda: one.later(at), 0.9) for id_ in ids if random.random() < 0.3}
    one.add("assessment", says, at, parts)


def _drafted(one: Record, known: Instrument | None) -> Given:
    if known is None:
        return {"q9": [_item_answer(one, 1)]}
    items = one.random.sample(known.items, min(3, len(known.items)))
    risky = [known.item(rule.item) for rule in known.risks]
    return {
        item.key: [
            _item_answer(one, score_cases.answer(one.random, item, one.random.choice((None, -1))))
            for _ in range(one.random.choice((1, 1, 2, 3)))
        ]
        for item in (*items, *risky)
    }


def _item_answer(one: Record, value: Json) -> Given:
    return {"id": one.id(), "value": value, "at": one.moment()}


def _completion(one: Record, known: Instrument | None, at: str) -> Given:
    random = one.random
    items = known.items if known else ()
    passed = 1 - (NOW - datetime.fromisoformat(at)).days / 60
    burden = one.begins_at + (one.ends_at - one.begins_at) * passed + random.gauss(0, 0.08)
    answers: Given = {
        item.key: _answer(random, item, burden)
        for item in items
        if (not item.optional or random.random() < 0.3) and random.random() < 0.998
    }
    if random.random() < 0.05:
        answers[random.choice(("q1", "q9"))] = random.choice((1.5, "1", 99, True))
    scheme = "another" if random.random() < 0.05 else known.scheme if known else ""
    completion = {
        "id": one.id(),
        "answers": answers,
        "completed_at": one.maybe(one.moment, 0.1) or at,
        "scheme": scheme,
    }
    return completion | {"wording": {"status": random.choice(("own", "paper"))}}


def _answer(random: Random, item: Item, burden: float) -> int | bool:
    most = len(item.allowed) - 1
    place = min(max(round(burden * most + random.gauss(0, 0.3)), 0), most)
    value = item.allowed[place]
    return bool(value) if item.type == "yes-no" else value


def _episode(one: Record) -> None:
    began = one.day(-60, 0)
    says = {
        "phase": one.random.choice(("assessment", "treatment", "treatment", "ended")),
        "began_on": one.maybe(lambda: began, 0.95),
        "phase_began_on": one.maybe(lambda: one.day(-30, 0), 0.3),
        "ended_on": one.maybe(lambda: one.day(-20, 20), 0.1),
        "baseline": {
            f"{key}/total": {"assessment": one.maybe(lambda: one.one_of("assessment"), 0.9)}
            for key in one.asked
            if one.random.random() < 0.6
        },
    }
    one.add("episode", says, one.moment())
    if one.random.random() < 0.3:
        one.documents[-1] |= {"author": str(SERVER)}


# -- the plan, homework, what was written ------------------------------------------------------------------------------


def plan(one: Record) -> Given:
    """A plan."""
    random = one.random
    trackers = {
        f"t{number}": {
            "order": float(number),
            "name": random.choice(NAMES),
            "question": random.choice(("", "How much?", " How bad ")),
            "low": random.choice((0, 1)),
            "high": random.choice((5, 10)),
            "rule": random.choice(RULES[1:]),
            "since": one.maybe(one.day, 0.7),
            "until": one.maybe(one.day, 0.2),
        }
        for number in range(random.randint(0, 3))
    }
    assessments = {
        name: {"instrument": "gad-7", "rule": random.choice(RULES), "before_each_session": random.random() < 0.3}
        for name in "ab"
        if random.random() < 0.4
    }
    limits = {"silence": (1, 15), "missed_run": (1, 9), "gad-7/total": (2, 8), "who-5/total": (5, 20)}
    return {
        "introduction": random.choice(("", "Hello")),
        "journal_since": one.maybe(one.day, 0.3),
        "day_begins": random.choice((0, 0, 4, 23)),
        "trackers": trackers,
        "sections": {"s": {"prompt": "What was good?"}} if random.random() < 0.3 else {},
        "assessments": assessments,
        "pauses": {f"p{number}": _pause(one) for number in range(random.choice((0, 0, 1, 3)))},
        "safety_plan": {"a": {"contact": "Jo"}} if random.random() < 0.2 else {},
        "thresholds": {
            name: {"at": float(random.randint(*ends))} for name, ends in limits.items() if random.random() < 0.15
        },
    }


def _pause(one: Record) -> Given:
    """Short ones mostly, so that something is asked beside them; several overlap."""
    if one.random.random() < 0.3:
        return {"first": one.maybe(one.day, 0.9), "last": one.maybe(lambda: one.day(-10, 20), 0.7)}
    first = NOW.date() - timedelta(days=one.random.randint(0, 15))
    return {"first": first.isoformat(), "last": (first + timedelta(days=one.random.randint(0, 5))).isoformat()}


def plans(random: Random) -> Given:
    """Two plans, the second mostly made of the first."""
    one = Record(random)
    before, after = plan(one), plan(one)
    kept = {name: before[name] if random.random() < 0.6 else value for name, value in after.items()}
    return json.loads(json.dumps({"before": before, "after": kept}))  # type: ignore[no-any-return]


def _plan(one: Record) -> None:
    one.add("plan", plan(one), one.moment())


def _logs(one: Record) -> None:
    random = one.random
    rate = random.choice((0.2, 0.9))
    ago = [one.quiet + days + random.random() for days in range(random.randint(3, 50)) if random.random() < rate]
    logs = [_log(one, NOW - timedelta(days=days)) for days in ago]
    corrected = random.sample(logs, min(len(logs), 2))
    logs += [{**_log(one, datetime.fromisoformat(log["at"])), "corrects": log["id"]} for log in corrected]
    withdrawn = [log["id"] for log in logs if random.random() < 0.03]
    says = {
        "month": "2026-05",
        "logs": logs,
        "withdrawn": [{"id": one.id(), "entered_at": one.moment(), "logs": withdrawn, "keys": []}],
    }
    arrived = [(log["id"], one.later(log["at"])) for log in logs if random.random() < 0.8]
    parts = {id_: at if random.random() < 0.95 else None for id_, at in arrived}
    one.add("symptom_log", says, one.moment(), parts)


def _log(one: Record, at: datetime) -> Given:
    random = one.random
    scale = one.maybe(lambda: random.choice(([0, 10], [0, 100], [1, 5])), 0.3)
    whole = random.random() < 0.7
    values = {name: random.randint(1, 5) if whole else random.randint(1, 6) / 7 for name in random.sample(NAMES, 2)}
    at_ = at.astimezone(timezone(timedelta(minutes=random.choice(OFFSETS)))) if random.random() < 0.1 else at
    return {"id": one.id(), "at": at_.isoformat(), "entered_at": at_.isoformat(), "values": values, "scale": scale}


def _homework(one: Record) -> None:
    random = one.random
    says = {
        "what": random.choice(("Walk\nten minutes", "\n  Read ", "Call", "\x1c\x85Breathe")),
        "rule": random.choice(RULES),
        "since": one.maybe(lambda: one.day(-30, 5), 0.9),
        "until": one.maybe(lambda: one.day(-5, 20), 0.1),
        "ended_on": one.maybe(lambda: one.day(-30, 5), 0.15),
        "assigned_at": one.maybe(one.moment),
        "confidence": one.maybe(lambda: random.randint(0, 10)),
    }
    if not says["rule"]:
        says["due"] = one.maybe(one.day)
    id_ = one.add("homework", says, one.moment())
    for _ in range(random.choice((0, 3, 20))):
        _progress(one, id_)
    if random.random() < 0.4:
        seen = [one.one_of("homework_progress") for _ in range(3)]
        review = {"homework": id_, "evidence": [each for each in seen if each], "reviewed_at": one.moment(10)}
        one.add("homework_review", review, one.moment(10))


def _progress(one: Record, homework: str) -> None:
    random = one.random
    done = one.moment(30)
    slot = random.choice(("", "", "", "T08:00", "T20:00"))
    says = {
        "homework": homework if random.random() < 0.97 else None,
        "occurrence": random.choice((datetime.fromisoformat(done).date().isoformat() + slot, "once", one.day())),
        "status": random.choice(("done", "done", "partly", "not", "could_not")),
        "difficulty": one.maybe(lambda: random.randint(0, 10)),
        "barrier": one.maybe(lambda: random.choice(("forgot", "too_hard")), 0.2),
        "done_at": one.maybe(lambda: done, 0.95),
        "entered_at": one.maybe(lambda: one.later(done), 0.95),
    }
    one.add("homework_progress", says, done)


def _entry(one: Record) -> None:
    at = one.moment()
    says = {
        "written_at": one.maybe(lambda: at, 0.95),
        "entered_at": at,
        "text": one.random.choice(("Slept well", 'Straße 🙂 \u2028 \x7f "quoted"', "")),
        "mood": one.maybe(lambda: one.random.randint(0, 10)),
        "tags": one.random.sample(("home", "work"), one.random.randint(0, 2)),
        "problems": ["mood: not an integer from 0 to 10"] if one.random.random() < 0.05 else [],
    }
    one.add("journal_entry", says, at)


def _session(one: Record) -> None:
    state = one.random.choice(("attended", "planned", "planned", "missed"))
    ahead = (NOW + timedelta(days=one.random.uniform(0, 20))).isoformat()
    one.add(
        "session",
        {"planned_at": ahead if state == "planned" else one.maybe(one.moment, 0.95), "state": state},
        one.moment(),
    )


def _goal(one: Record) -> None:
    steps = {f"s{number}": {"order": float(number), "text": "A step"} for number in range(one.random.randint(0, 2))}
    state = one.random.choice(("open", "reached", "let_go"))
    one.add("goal", {"what": "Sleep", "state": state, "steps": steps, "made_at": one.maybe(one.moment)}, one.moment())


def _topic(one: Record) -> None:
    says = {"text": "Work", "made_at": one.maybe(one.moment, 0.9), "talked_on": one.maybe(one.day, 0.3)}
    one.add("topic", says, one.moment())


def _acknowledgement(one: Record) -> None:
    about = one.one_of("assessment") or one.id()
    signal = one.random.choice((f"risk/{about}/q9/1", f"risk/{about}/q9/3", f"risk/{about}/q9/2", "silence/2026-05-10"))
    one.add(
        "acknowledgement", {"signal": signal, "note": "Called.", "made_at": one.maybe(one.moment, 0.9)}, one.moment()
    )


_MADE: tuple[tuple[Callable[[Record], None], int], ...] = (
    (_plan, 1),
    (_wording, 1),
    (_assessment, 14),
    (_episode, 2),
    (_logs, 2),
    (_homework, 2),
    (_entry, 6),
    (_session, 3),
    (_goal, 2),
    (_topic, 3),
    (_acknowledgement, 3),
)
"""How many of each there are at most."""
