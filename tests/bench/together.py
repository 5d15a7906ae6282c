"""How often "moved together" is said of people whose homework and symptoms have no relation, and of those who have one.

`./run bench together` prints the figures of docs/explanation/homework-and-symptoms.md. Imports only the schemas when
imported, as their tests do.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from math import sqrt

from msgspec import Struct
from tests.bench.result import Figure, Options, Result

from intersession_schemas.measures.together import Together, Weekly, together

MONDAY = date(2020, 3, 2)
Series = list[float | None]
Person = tuple[Series, Series]
Making = Callable[[random.Random], Person]


class Said(Struct, frozen=True):
    """Shares of the people of whom "moved together" was said: at all, by direction; and who had too little data."""

    moved: float
    forward: float
    backward: float
    too_little: float


def simulate(making: Making, clients: int, seed: int) -> Said:
    """What is said of so many people made by `making`."""
    rng = random.Random(seed)
    answers = [answer(*making(rng)) for _ in range(clients)]
    return Said(
        moved=sum(one.words == "moved together" for one in answers) / clients,
        forward=sum(one.forward.words == "moved together" for one in answers) / clients,
        backward=sum(one.backward.words == "moved together" for one in answers) / clients,
        too_little=sum(one.words == "too little data" for one in answers) / clients,
    )


def answer(homework: Series, symptom: Series) -> Together:
    return together(_weeks(homework), _weeks(symptom))


def unrelated(
    weeks: tuple[int, int] = (8, 30),
    homework: tuple[float, float] = (0.0, 0.7),
    symptom: tuple[float, float] = (0.0, 0.7),
    trend: float = 0.2,
) -> Making:
    """Two series that have nothing to do with each other; AR(1) with coefficients drawn from these ranges.

    The slopes are drawn from -trend to trend, in standard deviations a week.
    """

    def make(rng: random.Random) -> Person:
        count = rng.randint(*weeks)
        return (
            _leaning(autoregressive(rng, count, rng.uniform(*homework)), rng.uniform(-trend, trend)),
            _leaning(autoregressive(rng, count, rng.uniform(*symptom)), rng.uniform(-trend, trend)),
        )

    return make


def related(
    r: float,
    inertia: float | tuple[float, float],
    *,
    weeks: int = 20,
    noise: tuple[float, float] = (0.0, 0.0),
    trend: float = 0.0,
    backward: bool = False,
) -> Making:
    """The symptom of a week correlates with the homework of the week before by `r`; or the other way (`backward`).

    `inertia` is the AR(1) coefficient of what goes before, `noise` the range of that of the rest of what follows.
    """

    def make(rng: random.Random) -> Person:
        before = autoregressive(rng, weeks, inertia if isinstance(inertia, float) else rng.uniform(*inertia))
        rest = autoregressive(rng, weeks, rng.uniform(*noise))
        after = [rest[0], *(r * one + sqrt(1 - r * r) * other for one, other in zip(before, rest[1:], strict=False))]
        first = _leaning(before, rng.uniform(-trend, trend))
        second = _leaning(after, rng.uniform(-trend, trend))
        return (second, first) if backward else (first, second)

    return make


def same_week(r: float, inertia: float, weeks: int = 20) -> Making:
    """Homework and symptom of the same week correlate by `r`; nothing goes from one week to the next but inertia."""

    def make(rng: random.Random) -> Person:
        first, rest = autoregressive(rng, weeks, inertia), autoregressive(rng, weeks, inertia)
        return [*first], [r * one + sqrt(1 - r * r) * other for one, other in zip(first, rest, strict=True)]

    return make


def coarse(making: Making) -> Making:
    """Homework as shares of 1 to 7 occurrences (done, half, not), usually most of them; symptoms in tenths, 0 to 10."""

    def make(rng: random.Random) -> Person:
        homework, symptom = making(rng)
        occurrences = rng.randint(1, 7)
        usual = rng.uniform(0.4, 0.95)
        steps = 2 * occurrences
        shares: Series = [
            None if one is None else max(0, min(steps, round((usual + 0.25 * one) * steps))) / steps for one in homework
        ]
        return shares, [None if one is None else max(0.0, min(10.0, round(5 + 1.5 * one, 1))) for one in symptom]

    return make


def with_gaps(making: Making, share: float = 0.1) -> Making:
    """Each week of each series is missing with this probability."""

    def make(rng: random.Random) -> Person:
        one, other = ([None if rng.random() < share else value for value in series] for series in making(rng))
        return one, other

    return make


def jumpy(making: Making) -> Making:
    """Now and then (one week in ten) a value three times as far out."""

    def make(rng: random.Random) -> Person:
        one, other = (
            [None if value is None else value * (3 if rng.random() < 0.1 else 1) for value in series]
            for series in making(rng)
        )
        return one, other

    return make


def autoregressive(rng: random.Random, count: int, coefficient: float) -> list[float]:
    """An AR(1) series of variance 1, from its stationary distribution."""
    value = rng.gauss(0, 1)
    found = [value]
    for _ in range(count - 1):
        value = coefficient * value + sqrt(1 - coefficient * coefficient) * rng.gauss(0, 1)
        found.append(value)
    return found


def _leaning(series: list[float], slope: float) -> Series:
    return [value + slope * week for week, value in enumerate(series)]


def _weeks(series: Series) -> dict[date, Weekly]:
    return {MONDAY + timedelta(weeks=week): Weekly(value, 1) for week, value in enumerate(series) if value is not None}


WITHOUT: dict[str, Making] = {
    "**8 to 30 weeks, AR(1) 0 to 0.7, trends**": unrelated(),
    "the same, homework in coarse shares": coarse(unrelated()),
    "the same, 10 % of the weeks missing": with_gaps(unrelated()),
    "the same, coarse and 10 % missing": with_gaps(coarse(unrelated())),
    "the same, one week in ten far out": jumpy(unrelated()),
    "AR(1) 0 in both, 20 weeks": unrelated((20, 20), (0, 0), (0, 0)),
    "AR(1) 0.7 in both, 12 weeks": unrelated((12, 12), (0.7, 0.7), (0.7, 0.7)),
    "AR(1) 0.7 in both, 20 weeks": unrelated((20, 20), (0.7, 0.7), (0.7, 0.7)),
    "AR(1) 0.7 in both, 30 weeks": unrelated((30, 30), (0.7, 0.7), (0.7, 0.7)),
    "AR(1) 0.9 in both, 30 weeks": unrelated((30, 30), (0.9, 0.9), (0.9, 0.9)),
    "AR(1) −0.5 in both, 30 weeks": unrelated((30, 30), (-0.5, -0.5), (-0.5, -0.5)),
    "related by 0.6 in the same week only, AR(1) 0.5": same_week(0.6, 0.5),
}
WITH: dict[str, Making] = {
    "**r 0.6, AR(1) of homework 0 to 0.5**": related(0.6, (0.0, 0.5)),
    "r 0.6, AR(1) of homework 0": related(0.6, 0.0),
    "r 0.6, AR(1) of homework 0.25": related(0.6, 0.25),
    "r 0.6, AR(1) of homework 0.5": related(0.6, 0.5),
    "r −0.6, the same, AR(1) 0 to 0.5": related(-0.6, (0.0, 0.5)),
    "r 0.6, symptom first, AR(1) 0 to 0.5": related(0.6, (0.0, 0.5), backward=True),
    "r 0.6, AR(1) 0 to 0.7 in both, trends": related(0.6, (0.0, 0.7), noise=(0.0, 0.7), trend=0.2),
    "r 0.6, AR(1) 0 to 0.5, coarse shares": coarse(related(0.6, (0.0, 0.5))),
    "r 0.6, AR(1) 0 to 0.5, 10 % missing": with_gaps(related(0.6, (0.0, 0.5))),
    "r 0.6, AR(1) 0 to 0.5, 12 weeks": related(0.6, (0.0, 0.5), weeks=12),
    "r 0.6, AR(1) 0 to 0.5, 30 weeks": related(0.6, (0.0, 0.5), weeks=30),
    "r 0.3, AR(1) 0 to 0.5": related(0.3, (0.0, 0.5)),
}


def run(options: Options) -> Result:
    """`clients` simulated people in each row, from `seed`."""
    clients, began, used = options["clients"], time.perf_counter(), time.process_time()
    cases: list[dict[str, Figure]] = []
    for rows in (WITHOUT, WITH):
        for name, making in rows.items():
            said = simulate(making, clients, options["seed"])
            shares = {field: 100 * getattr(said, field) for field in Said.__struct_fields__}
            cases.append({"people, %": name, **shares})
    took, cpu = time.perf_counter() - began, time.process_time() - used
    count = clients * len(cases)
    figures: dict[str, Figure] = {"ms_a_person": 1000 * took / count}
    return Result(n=count, wall_s=took, client_cpu_s=cpu, figures=figures, cases=cases)
