"""Homework and symptoms together: hand-made weeks, and a small simulation with wide bounds."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import cos, pi, sin

import pytest

from intersession_schemas.documents.care.adherence import OccurrenceState, OccurrenceView
from intersession_schemas.errors import InvalidField
from intersession_schemas.measures.together import (
    LEAST_PAIRS,
    LIMIT,
    LONGEST,
    Pair,
    Together,
    Weekly,
    together,
    weekly_homework,
    weekly_means,
)
from intersession_schemas.measures.together_components import by_chance, components, right_angles, suspect
from intersession_schemas.measures.together_statistics import ARRANGEMENTS, RUN, _arrangements, _Inertia, _Lag, _shares

MONDAY = date(2020, 3, 2)
SHARES = (0.2, 0.9, 0.4, 0.1, 0.8, 1.0, 0.3, 0.7, 0.0, 0.6, 0.5, 0.9)
Values = Sequence[float | None]


def test_a_perfect_relation_over_twelve_weeks_moved_together() -> None:
    found = answer(SHARES, following(SHARES, lambda share: 8 - 5 * share))
    assert found.words == found.forward.words == "moved together"
    assert (found.n, found.forward.n) == (11, 11)
    assert found.forward.r == pytest.approx(-1)
    assert found.forward.told == "more homework, lower symptom in the next week"
    assert found.p is not None
    assert found.p == found.forward.p
    assert found.p < 0.01


def test_more_homework_before_a_worse_week_is_told_just_as_well() -> None:
    found = answer(SHARES, following(SHARES, lambda share: 2 + 5 * share))
    assert found.forward.told == "more homework, higher symptom in the next week"
    assert found.forward.r == pytest.approx(1)


@pytest.mark.parametrize(
    ("sign", "told"),
    [(-1, "higher symptom, less homework in the next week"), (1, "higher symptom, more homework in the next week")],
)
def test_the_symptom_may_come_first(sign: int, told: str) -> None:
    symptom = [10 * share for share in SHARES]
    found = answer(following(symptom, lambda value: 0.5 + sign * value / 20), symptom)
    assert found.words == found.backward.words == "moved together"
    assert found.backward.told == told
    assert found.forward.words == "no clear pattern"
    assert found.forward.told == ""


def test_the_answer_holds_every_week_and_every_pair() -> None:
    found = answer((0.5, 1.0, None, 0.0), (6, None, 4, 3))
    assert [(one.week, one.homework, one.symptom) for one in found.points] == [
        (MONDAY, Weekly(0.5), Weekly(6)),
        (week(1), Weekly(1.0), None),
        (week(2), None, Weekly(4)),
        (week(3), Weekly(0.0), Weekly(3)),
    ]
    assert found.forward.pairs == (Pair(week(1), 1.0, 4),)
    assert found.backward.pairs == (Pair(MONDAY, 6, 1.0), Pair(week(2), 4, 0.0))
    assert (found.n, found.forward.n, found.backward.n) == (2, 1, 2)


def test_a_week_in_which_nothing_is_known_is_a_gap_too() -> None:
    found = answer((0.5, None, 1.0), (6, None, 4))
    assert [one.week for one in found.points] == [MONDAY, week(1), week(2)]
    assert (found.points[1].homework, found.points[1].symptom) == (None, None)
    assert found.n == 0


def test_nothing_is_computed_under_eight_pairs() -> None:
    shares = SHARES[:LEAST_PAIRS]
    found = answer(shares, following(shares, lambda share: 8 - 5 * share))
    assert found.n == LEAST_PAIRS - 1 == 7
    assert found.words == found.forward.words == found.backward.words == "too little data"
    assert (found.p, found.forward.r, found.forward.p, found.backward.r) == (None, None, None, None)
    assert len(found.forward.pairs) == LEAST_PAIRS - 1


def test_eight_pairs_are_enough() -> None:
    shares = SHARES[: LEAST_PAIRS + 1]
    found = answer(shares, following(shares, lambda share: 8 - 5 * share))
    assert found.n == LEAST_PAIRS
    assert found.words == "moved together"


def test_each_direction_needs_its_own_eight_pairs() -> None:
    shares: list[float | None] = [*SHARES[:9], None]
    symptom: list[float | None] = [None, *following(SHARES[:9], lambda share: 8 - 5 * share)[1:], 5]
    found = answer(shares, symptom)
    assert (found.forward.n, found.backward.n) == (9, 7)
    assert found.forward.words == "moved together"
    assert found.backward.words == "too little data"
    assert found.backward.r is None
    assert found.words == "moved together"


def test_nobody_and_nothing() -> None:
    found = together({}, {})
    assert (found.points, found.n, found.words, found.p) == ((), 0, "too little data", None)
    assert together({MONDAY: Weekly(1.0)}, {}).words == "too little data"


@pytest.mark.parametrize("homework", [[1.0] * 20, [0.0] * 20, [0.1 * number for number in range(20)]])
def test_what_never_moves_or_only_along_a_line_has_no_pattern(homework: list[float]) -> None:
    symptom = [*SHARES, *SHARES][:20]
    for found in (answer(homework, symptom), answer(symptom, homework), answer(homework, homework)):
        assert found.words == found.forward.words == found.backward.words == "no clear pattern"
        assert (found.forward.r, found.backward.r, found.p) == (None, None, None)


def test_two_straight_lines_are_not_a_relation() -> None:
    """Homework grows and the symptom falls, over 20 weeks, each with its own small ups and downs."""
    rng = random.Random(4)
    homework = [0.04 * number + rng.gauss(0, 0.02) for number in range(20)]
    symptom = [8 - 0.3 * number + rng.gauss(0, 0.2) for number in range(20)]
    assert answer(homework, symptom).words == "no clear pattern"


def test_a_relation_is_found_under_trends_and_over_gaps() -> None:
    symptom = following(SHARES * 2, lambda share: 8 - 5 * share)
    leaning: list[float | None] = [value + 0.5 * number for number, value in enumerate(symptom)]
    leaning[7] = leaning[15] = None
    shares: list[float | None] = [*SHARES * 2]
    shares[3] = None
    found = answer(shares, leaning)
    assert found.forward.words == "moved together"
    assert found.forward.n == 20
    assert found.forward.r == pytest.approx(-1)


def test_the_answer_is_the_same_every_time_and_in_every_unit() -> None:
    rng = random.Random(5)
    homework = [rng.random() for _ in range(18)]
    symptom = [rng.gauss(5, 2) for _ in range(18)]
    found = answer(homework, symptom)
    assert found == answer(homework, symptom)
    other = answer([100 * value for value in homework], [3 + 2 * value for value in symptom])
    assert (other.forward.p, other.backward.p, other.words) == (found.forward.p, found.backward.p, found.words)
    assert other.forward.r == pytest.approx(found.forward.r)


def test_one_rhythm_that_both_have_is_no_relation_and_is_told() -> None:
    rng = random.Random(7)
    homework = [sin(pi * at / 2) + rng.gauss(0, 0.5) for at in range(24)]
    symptom = [5 - 2 * cos(pi * at / 2) + rng.gauss(0, 0.8) for at in range(24)]
    found = answer(homework, symptom).forward
    assert found.r is not None
    assert abs(found.r) > 0.7
    assert (found.words, found.told, found.why) == ("no clear pattern", "", "mostly one rhythm that both have")


def test_one_slow_change_that_both_have_is_no_relation_and_is_told() -> None:
    rng = random.Random(7)
    homework = [((at - 12) / 12) ** 2 + rng.gauss(0, 0.1) for at in range(24)]
    symptom = [5 - ((at - 11) / 5) ** 2 + rng.gauss(0, 0.5) for at in range(24)]
    found = answer(homework, symptom).forward
    assert found.r is not None
    assert abs(found.r) > 0.7
    assert (found.words, found.told, found.why) == ("no clear pattern", "", "mostly one slow change that both have")


def test_a_relation_is_found_beside_a_rhythm_that_both_have() -> None:
    """Without what repeats every four weeks, the symptom still follows what was done the week before."""
    rng = random.Random(2)
    news = [rng.gauss(0, 1) for _ in range(30)]
    homework = [new + 2 * sin(pi * at / 2) for at, new in enumerate(news)]
    symptom = [5 - value + rng.gauss(0, 0.3) for value in [0.0, *homework[:-1]]]
    assert answer(homework, symptom).forward.told == "more homework, lower symptom in the next week"


def test_where_nothing_would_have_been_told_there_is_no_reason() -> None:
    found = answer(SHARES * 2, SHARES[::-1] * 2)
    assert {found.forward.why, found.backward.why} == {""}
    assert answer(SHARES, following(SHARES, lambda share: 8 - 5 * share)).forward.why == ""


def test_another_seed_compares_with_other_arrangements() -> None:
    rng = random.Random(5)
    homework, symptom = by_week([rng.random() for _ in range(18)]), by_week([rng.random() for _ in range(18)])
    usual, other = together(homework, symptom), together(homework, symptom, seed=1)
    assert usual.forward.r == other.forward.r
    assert usual.forward.p != other.forward.p
    assert usual.forward.p == pytest.approx(other.forward.p, abs=0.1)


def test_only_the_newest_two_years_are_looked_at() -> None:
    found = together({date.min: Weekly(1.0), MONDAY: Weekly(1.0)}, {week(-LONGEST): Weekly(5), week(1): Weekly(5)})
    assert [one.week for one in found.points] == [MONDAY, week(1)]


def test_weeks_are_named_by_mondays() -> None:
    with pytest.raises(InvalidField, match="Mondays"):
        together({MONDAY + timedelta(days=1): Weekly(1.0)}, {})


def test_never_a_word_about_causes() -> None:
    found = answer(SHARES, following(SHARES, lambda share: 8 - 5 * share))
    assert "caus" not in f"{found.words} {found.forward.told} {found.backward.told}"


class TestWeeklyHomework:
    def test_the_share_of_what_counted(self) -> None:
        """Done, half done, not done and silence count; what was paused, could not be done or is open does not."""
        states: tuple[OccurrenceState, ...] = ("done", "partly", "not", "unanswered", "could_not", "paused", "open")
        views = [view(number, state) for number, state in enumerate(states)]
        assert weekly_homework(views, today=week(1)) == {MONDAY: Weekly(1.5 / 4, 4)}

    def test_a_week_without_anything_that_counts_is_left_out(self) -> None:
        views = [view(0, "paused"), view(7, "could_not"), view(14, "done")]
        assert weekly_homework(views, today=week(3)) == {week(2): Weekly(1.0, 1)}

    def test_the_week_that_is_not_over_is_left_out(self) -> None:
        assert weekly_homework([view(6, "done"), view(7, "done")], today=week(1)) == {MONDAY: Weekly(1.0, 1)}
        assert weekly_homework([view(0, "done")], today=MONDAY + timedelta(days=6)) == {}

    def test_what_has_no_day_has_no_week(self) -> None:
        assert weekly_homework([OccurrenceView(key="once", day=None, state="done")], today=week(1)) == {}


class TestWeeklyMeans:
    def test_the_mean_of_the_logs(self) -> None:
        logs = [(MONDAY, 4), (MONDAY, 6), (MONDAY + timedelta(days=6), 8), (week(2), 1)]
        assert weekly_means(logs, today=week(3)) == {MONDAY: Weekly(6.0, 3), week(2): Weekly(1.0, 1)}

    def test_it_does_not_depend_on_the_order(self) -> None:
        logs = [(MONDAY, value) for value in (0.1, 0.2, 0.3)]
        assert weekly_means(logs, today=week(1)) == weekly_means(logs[::-1], today=week(1))

    def test_what_is_not_a_number_is_passed_over(self) -> None:
        logs = [(MONDAY, float("nan")), (MONDAY, float("inf")), (MONDAY, 3.0)]
        assert weekly_means(logs, today=week(1)) == {MONDAY: Weekly(3.0, 1)}

    def test_the_first_week_of_all(self) -> None:
        assert weekly_means([(date.min, 3.0)], today=MONDAY) == {date.min: Weekly(3.0, 1)}


class TestArrangements:
    @pytest.mark.parametrize("count", [8, 9, 20, 31])
    def test_each_holds_every_value_once_and_keeps_runs(self, count: int) -> None:
        orders = [order(range(count)) for order in _arrangements(count, 0)]
        assert len(orders) == ARRANGEMENTS
        assert all(sorted(order) == list(range(count)) for order in orders)
        for order in orders:
            neighbours = sum((two - one) % count in (1, count - 1) for one, two in pairwise(order))
            assert neighbours >= count - -(-count // RUN)

    def test_half_of_them_run_backwards(self) -> None:
        falling = sum(
            sum(two < one for one, two in pairwise(order)) > 15
            for order in (order(range(30)) for order in _arrangements(30, 0))
        )
        assert 0.4 * ARRANGEMENTS < falling < 0.6 * ARRANGEMENTS

    def test_a_series_built_from_its_own_news_is_the_series(self) -> None:
        """Over gaps too, and but for its straight line, which is taken from it once."""
        rng = random.Random(6)
        value, series = 0.0, []
        for number in range(24):
            value = 0.7 * value + rng.gauss(0, 1)
            series.append(None if number in (0, 5, 6, 17) else value + 0.3 * number)
        split = _Inertia(series)
        built = split.built_from(split.news)
        differences = [one - other for one, other in zip(series, built, strict=True) if one is not None]
        known = list(zip(split.weeks, differences, strict=True))
        slopes = [(two - one) / (later - earlier) for (earlier, one), (later, two) in pairwise(known)]
        assert split.inertia > 0.3
        assert slopes == pytest.approx([slopes[0]] * len(slopes))


class TestComponents:
    @pytest.mark.parametrize("length", [16, 20, 31])
    def test_each_is_seen_where_it_is_all_that_both_have(self, length: int) -> None:
        """Two series that are one component, with a little noise each: it, or one much like it, is suspected."""
        rng, weeks = random.Random(3), list(range(length))
        lines = right_angles([[1.0] * length, [float(at) for at in weeks]], [])
        seen = 0
        for component in components(length):
            mixed = [sum(parts) for parts in zip(*component.vectors, strict=True)]
            for pattern in right_angles([mixed], lines):
                one, other = ([value + rng.gauss(0, 0.02) for value in pattern] for _ in range(2))
                first, second = (right_angles([series], lines)[0] for series in (one, other))
                assert suspect(weeks, length, lines, first, second) is not None
                seen += 1
        assert seen >= length

    def test_the_largest_of_many_noises_seldom_has_this_share(self) -> None:
        rng, exceeded = random.Random(3), 0
        for _ in range(2000):
            powers = [rng.expovariate(1) for _ in range(10)]
            exceeded += max(powers) / sum(powers) > by_chance(22)
        assert 0.03 < exceeded / 2000 < 0.07


class TestShares:
    def test_stopping_early_changes_no_decision(self) -> None:
        rng = random.Random(4)
        noises = [[rng.gauss(0, 1) for _ in range(20)] for _ in range(80)]
        lags = [_Lag(one, other) for one, other in zip(noises[:40], noises[40:], strict=True)]
        chance = [abs(rng.gauss(0, 1)) for _ in range(ARRANGEMENTS)]
        for lag in lags:
            (whole,), (early,) = _shares([lag], iter(chance)), _shares([lag], iter(chance), LIMIT)
            assert (early <= LIMIT) == (whole <= LIMIT)
            assert early == pytest.approx(whole, abs=0.15)


def answer(homework: Values, symptom: Values) -> Together:
    return together(by_week(homework), by_week(symptom))


def by_week(values: Values) -> dict[date, Weekly]:
    return {week(number): Weekly(value) for number, value in enumerate(values) if value is not None}


def week(number: int) -> date:
    return MONDAY + timedelta(weeks=number)


def view(day: int, state: OccurrenceState) -> OccurrenceView:
    due = MONDAY + timedelta(days=day)
    return OccurrenceView(key=due.isoformat(), day=due, state=state)


def following(values: Sequence[float], rule: Callable[[float], float]) -> list[float]:
    """A series that in each week is what `rule` makes of the week before; as long as `values`."""
    return [rule(0.5), *map(rule, values[:-1])]
