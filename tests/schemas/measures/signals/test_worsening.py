"""When a row of scores has become worse: against the best level, twice in a row, and only clearly back ends it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from intersession_schemas.measures.signals.worsening import HALF_A_YEAR, Administered, Allowance, worsenings

PHQ_9 = Allowance(width=27, reliable=6, borders=(5, 10, 15, 20), severest=True)
PHASE = 1


def row(scores: Sequence[float], *, phase: int = PHASE, days: int = 7) -> list[Administered]:
    return [Administered(score, 1_000 + days * number, phase) for number, score in enumerate(scores)]


def found(scores: Sequence[float], allowance: Allowance = PHQ_9, **given: int) -> list[tuple[int, int, float, str]]:
    return [(one.first, one.confirmed, one.level, one.evidence) for one in worsenings(row(scores, **given), allowance)]


def test_one_score_waits_for_the_next() -> None:
    assert found([8, 14]) == []
    assert found([8, 14, 9]) == []
    assert found([8, 14, 14]) == [(1, 2, 8, "reliable")]
    assert found([8, 13, 13]) == []


def test_slow_deterioration_is_noticed_without_an_episode_and_in_one() -> None:
    """One point a week, from 5 to 17: each step is within measurement error."""
    for phase in (0, PHASE):
        assert found(range(5, 18), phase=phase) == [(7, 8, 6, "reliable")]


def test_a_relapse_to_less_than_the_beginning_is_noticed() -> None:
    assert [one[-1] for one in found([18, 15, 12, 9, 6, 4, 5, 7, 10, 13, 16])] == ["reliable"]


def test_the_best_level_is_a_median_of_three_not_the_best_score() -> None:
    assert found([9, 9, 7, 8, 13, 13]) == []
    assert found([9, 9, 7, 8, 14, 14]) == [(4, 5, 8, "reliable")]


def test_entry_into_the_severest_band_does_not_wait() -> None:
    assert found([12, 20]) == [(1, 1, 12, "severest")]
    assert found([19, 20]) == [(1, 1, 19, "severest")]
    assert found([24, 25, 26]) == []
    assert found([12, 20, 21, 22, 20]) == [(1, 1, 12, "severest")]


def test_who_goes_in_and_out_of_the_severest_band_is_told_of_once() -> None:
    assert len(found([19, 20, 18, 17, 20, 21, 16, 15, 20, 22, 18, 21])) == 1
    (one,) = worsenings(row([19, 20, 13, 13]), PHQ_9)
    assert one.ended == 3


def test_who_is_worse_already_and_enters_the_severest_band_is_told_of_again() -> None:
    assert [one[1:2] + one[3:] for one in found([5, 5, 5, 12, 12, 21])] == [(4, "reliable"), (5, "severest")]


def test_who_gets_worse_by_as_much_again_is_told_of_again() -> None:
    assert found([2, 2, 2, 9, 9, 10, 16, 16]) == [(3, 4, 2, "reliable"), (6, 7, 9, "reliable")]


def test_one_fact_is_told_once_however_long_it_lasts() -> None:
    assert len(found([5] * 4 + [13, 12, 14, 11, 13, 12, 14, 10, 13])) == 1


def test_a_fact_is_over_when_the_level_is_reached_again_and_then_it_may_be_told_anew() -> None:
    (one,) = worsenings(row([5, 5, 5, 12, 12, 12, 6, 6]), PHQ_9)
    assert one.ended == 7
    assert len(found([5, 5, 5, 12, 12, 12, 6, 6, 12, 12])) == 2
    # Back by less than half of the threshold is not back.
    assert worsenings(row([5, 5, 5, 12, 12, 12, 9, 9, 9]), PHQ_9)[0].ended is None


def test_a_new_phase_begins_anew() -> None:
    before = row([5, 5, 5, 12, 12], phase=1_000)
    after = [Administered(score, 1_100 + 7 * number, 1_100) for number, score in enumerate([12, 13, 12, 13])]
    (one,) = worsenings([*before, *after], PHQ_9)
    assert one.ended == 5
    assert one.confirmed == 4


def test_without_a_phase_half_a_year_counts() -> None:
    long_ago = [Administered(2, 1_000, 0)]
    later = [Administered(12, 1_000 + HALF_A_YEAR + 1 + number, 0) for number in range(3)]
    assert worsenings([*long_ago, *later], PHQ_9) == []
    lately = [Administered(12, 1_000 + HALF_A_YEAR - 2 + number, 0) for number in range(3)]
    assert len(worsenings([*long_ago, *lately], PHQ_9)) == 1


def test_what_this_person_varies_by_widens_what_is_published() -> None:
    restless = [4, 8, 3, 8, 4, 8, 3, 8, 4, 8]
    assert found([*restless, 12, 12]) == []
    (one,) = worsenings(row([*restless, 17, 18]), PHQ_9)
    assert one.variation is not None
    assert one.variation == one.threshold > 6
    # Getting steadily better is no variation.
    better = worsenings(row([19, 17, 15, 13, 11, 9, 7, 5, 5, 5, 12, 12]), PHQ_9)
    assert [each.variation for each in better] == [None]
    steady = worsenings(row([5] * 10 + [11, 11]), PHQ_9)
    assert [each.variation for each in steady] == [None]


def test_a_published_difference_is_called_so() -> None:
    who_5 = Allowance(width=100, published=10, borders=(-50,))
    assert found([-70, -60, -60], who_5) == [(1, 2, -70, "published")]
    assert found([-70, -61, -61], who_5) == []


def test_without_anything_published_a_band_that_is_crossed_counts_until_the_own_variation_is_known() -> None:
    k10 = Allowance(width=40, borders=(16, 22, 30), severest=True)
    assert found([14, 18, 18], k10) == [(1, 2, 14, "band")]
    assert found([14, 18, 15], k10) == []
    assert found([15, 16, 17], k10) == []
    assert found([14] * 10 + [18, 18], k10) == []
    assert found([14] * 10 + [22, 22], k10) == [(10, 11, 14, "own")]


def test_without_bands_it_is_the_own_variation_from_the_beginning() -> None:
    check_in = Allowance(width=60)
    assert found([20, 25, 25], check_in) == []
    assert found([20, 36, 36], check_in) == [(1, 2, 20, "own")]
    assert found([20, 22, 19, 21, 20, 22, 20, 30, 30], check_in)[0][-1] == "own"


@pytest.mark.parametrize(("scores", "told"), [([8, 11, 11], 1), ([8, 10, 10], 0), ([8] * 12 + [11, 11], 1)])
def test_a_limit_of_the_plan_takes_the_place_of_what_is_published(scores: list[float], told: int) -> None:
    limited = Allowance(width=27, limit=3, reliable=6, borders=(5, 10, 15, 20), severest=True)
    assert len(found(scores, limited)) == told
    assert [one[-1] for one in found(scores, limited)] == ["limit"] * told


def test_a_longer_row_changes_nothing_of_what_was_found_but_whether_it_is_over() -> None:
    scores = [5, 6, 4, 12, 13, 12, 20, 21, 12, 11, 5, 5, 4, 12, 12, 3, 4]
    whole = worsenings(row(scores), PHQ_9)
    for length in range(len(scores)):
        part = worsenings(row(scores[:length]), PHQ_9)
        assert [(one.first, one.confirmed) for one in part] == [
            (one.first, one.confirmed) for one in whole if one.confirmed < length
        ]
