"""Random forms: answered, left open, answered with what no item takes; and two scores."""

from __future__ import annotations

from random import Random
from typing import Any

from intersession_schemas.instruments import INSTRUMENTS, Instrument, Item

Given = dict[str, Any]
ODD = (None, -1, 7, 99, 1.5, 0.5, True, False, "1", "", "yes", 10**15)


def form(random: Random) -> Given:
    """Answers to an instrument: mostly such as it takes."""
    instrument = random.choice(list(INSTRUMENTS.values()))
    open_ = random.choice((0, 0, 0, 0.1, 0.5))
    # A form that is answered alike all through meets skips, and the ends of bands.
    leaning = random.choice((None, None, 0, -1))
    answers: Given = {
        item.key: answer(random, item, leaning)
        for item in instrument.items
        if random.random() >= (0.4 if item.optional else open_)
    }
    if random.random() < 0.15:
        answers[random.choice(instrument.item_keys())] = random.choice(ODD)
    if random.random() < 0.03:
        answers[random.choice(("q99", "", "constructor", "total"))] = 1
    return {"instrument": instrument.key, "answers": answers}


def answer(random: Random, item: Item, leaning: int | None) -> int | bool | None:
    """An answer that an item takes, or none."""
    if random.random() < 0.02:
        return None
    value = random.choice(item.allowed) if leaning is None or random.random() < 0.1 else item.allowed[leaning]
    return bool(value) if item.type == "yes-no" else value


def asked(random: Random) -> Given:
    """A form so far, some of it answered differently on two devices, asked in our words or without any."""
    given: Given = {"instrument": "check-in", "answers": {"q1": 3, "q2": None}}
    if random.random() < 0.8:
        given = form(random)
    keys = INSTRUMENTS[given["instrument"]].item_keys()
    conflicts = {key: [0, 1] for key in keys if random.random() < 0.05}
    return {**given, "worded": random.random() < 0.5, "conflicts": conflicts}


def change(random: Random) -> Given:
    """Two scores of a scale, and sometimes a practice's own parameters."""
    instrument = random.choice([one for one in INSTRUMENTS.values() if one.scales])
    scale = random.choice(instrument.scales)
    given: Given = {
        "instrument": instrument.key,
        "scale": scale.key if random.random() < 0.97 else "another",
        "before": _score(random, instrument, scale.key),
        "after": _score(random, instrument, scale.key),
    }
    if random.random() < 0.4:
        given["parameters"] = _parameters(random)
    return given


def _score(random: Random, instrument: Instrument, scale: str) -> int | None:
    known = instrument.scale(scale)
    beyond = 2 if random.random() < 0.05 else 0
    return None if random.random() < 0.05 else random.randint(known.low - beyond, known.high + beyond)


def _parameters(random: Random) -> Given:
    reckoned = {
        "sd": random.choice((random.uniform(0, 12), round(random.uniform(0, 12), 1), 0, -1)),
        "reliability": random.choice((random.uniform(0, 1), round(random.uniform(0.5, 1), 2), 1, 1.2)),
    }
    published = {"threshold": random.choice((3, 6.5, random.uniform(0, 20)))}
    kind = random.choice(("reliable", "important"))
    return {
        **random.choice((reckoned, reckoned, published, {"sd": 5.0})),
        "kind": kind,
        "citation": "invented",
        "sure": "own",
    }


def numbers(random: Random) -> Given:
    """Numbers near where rounding turns, and sums that lose their last bits."""
    digits = random.choice((1, 3, 3, 6))
    values = [_number(random, digits) for _ in range(random.randint(1, 9))]
    return {"digits": digits, "values": values}


def _number(random: Random, digits: int) -> float:
    step = 10.0**-digits
    return float(
        random.choice(
            (
                random.uniform(-10, 10),
                random.randint(-50, 50),
                random.randint(-(2**12), 2**12) / 2 ** (digits + 1),  # halves that are exact
                (random.randint(-9_999, 9_999) + 0.5) * step,  # and those that only look it
                random.randint(-9_999, 9_999) * step,
                random.uniform(-1, 1) * 10 ** random.randint(-20, 15),
                random.randint(0, 10**15) + random.choice((0.25, 0.75, 0.125)),  # and those that leave no bit for more
                10.0 ** random.randint(0, 15),
                -0.0,
            )
        )
    )


def row(random: Random) -> Given:
    """A row of scores as somebody gets better and worse again, and what its scale allows."""
    width = random.choice((7, 21, 27, 40, 80, 100))
    at, day, phase, scores = random.uniform(0, width), 738_000, 0, []
    for _ in range(random.randint(0, 40)):
        at = min(max(at + random.gauss(random.choice((0, 0, 1)), width / random.choice((40, 12, 5))), 0), width)
        day += random.choice((1, 7, 14, 14, 30, 200, -1))
        if random.random() < 0.05:
            phase = day - random.choice((0, 3))
        scores.append({"value": round(at), "day": day, "phase": phase})
    borders = sorted(random.sample(range(1, width), random.choice((0, 0, 1, 2, 4))))
    allowance = {
        "width": width,
        "limit": random.choice((None, None, None, None, random.randint(1, 8))),
        "reliable": random.choice((None, None, width / 5, 4)),
        "published": None,
        "borders": list(map(float, borders)),
        "severest": len(borders) > 1,
    }
    if allowance["reliable"] is None:
        allowance["published"] = random.choice((None, None, width / 10))
    return {"row": scores, "allowance": allowance}


def chance(random: Random) -> Given:
    """How often something is done, and gaps between days."""
    return {
        "rate": random.choice((random.random(), random.randint(0, 100) / 100, 1.5)),
        "chances": random.choice((random.uniform(0, 200), 140 / random.randint(1, 30))),
        "done": random.randint(0, 60),
        "missed": random.randint(0, 60),
        "gaps": [random.choice((1, 1, 1, 2, 3, 7, random.randint(1, 30))) for _ in range(random.randint(0, 60))],
    }
