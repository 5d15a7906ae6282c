"""What scoring never does: hide a risk, guess, or say what somebody answered."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments import (
    INSTRUMENTS,
    Instrument,
    applies,
    instrument,
    positive_risk,
    score,
    skipped_items,
)

RISKY = [one for one in INSTRUMENTS.values() if one.risks]


def test_these_instruments_have_risk_items() -> None:
    assert {one.key for one in RISKY} == {"phq-9", "epds", "c-ssrs", "core-10", "yp-core", "madrs-s"}


@given(st.data())
def test_no_other_answers_hide_a_positive_risk_item(drawn: st.DataObject) -> None:
    one = drawn.draw(st.sampled_from(RISKY))
    rule = drawn.draw(st.sampled_from(one.risks))
    answers: dict[str, object] = {
        key: drawn.draw(st.none() | st.integers() | st.booleans() | st.text(max_size=3)) for key in one.item_keys()
    }
    answers[rule.item] = drawn.draw(st.just(True) if rule.level else st.integers(rule.at_least, 9))
    assert rule in positive_risk(one, answers)


@given(st.data())
def test_valid_answers_are_scored_whole_or_not_at_all(drawn: st.DataObject) -> None:
    one = drawn.draw(st.sampled_from(list(INSTRUMENTS.values())))
    answers = {item.key: drawn.draw(st.none() | possible(one, item.key)) for item in one.items}
    scored = score(one, answers)
    for scale in scored.scales:
        if scale.valid:
            assert scale.score is not None
            assert scale.low <= scale.score <= scale.high
            assert not scale.missing
        else:
            assert scale.band is None
            assert not scale.cut_offs


def possible(one: Instrument, key: str) -> st.SearchStrategy[int | bool]:
    item = one.item(key)
    return st.booleans() if item.type == "yes-no" else st.sampled_from(item.allowed)


@pytest.mark.parametrize("answer", [7, -1, True, 1.0, "2", [1]])
def test_a_wrong_value_is_refused_without_being_repeated(answer: object) -> None:
    with pytest.raises(InvalidField) as caught:
        score(INSTRUMENTS["phq-9"], {"q9": answer})  # type: ignore[dict-item]
    assert str(caught.value) == "The answer to q9 of phq-9 must be a whole number from 0 to 3, or left out."


def test_refusals_name_what_the_item_takes() -> None:
    with pytest.raises(InvalidField, match="one of 0, 2, 4"):
        score(INSTRUMENTS["audit"], {"q9": 1})
    with pytest.raises(InvalidField, match="yes or no"):
        score(INSTRUMENTS["c-ssrs"], {"q1": 1})
    with pytest.raises(InvalidField, match="does not have: it has q1, q2"):
        score(INSTRUMENTS["phq-2"], {"secret": 1})


def test_a_form_without_any_answer_says_all_that_is_missing() -> None:
    scored = score(INSTRUMENTS["gad-7"], {})
    assert scored.missing == tuple(f"q{n}" for n in range(1, 8))
    assert not scored.complete
    assert scored.scale("total").why == "incomplete, not scored"


def test_skipped_items_are_not_asked_and_a_wrong_answer_skips_nothing() -> None:
    audit = INSTRUMENTS["audit"]
    asked = [item.key for item in audit.items if applies(audit, item, {"q1": 0})]
    assert asked == ["q1", "q9", "q10"]
    assert skipped_items(audit, {"q1": 0, "q4": 2}) == tuple(f"q{n}" for n in range(2, 9))
    wrong: list[object] = [None, -1, False, "0", 0.0, 5]
    assert [skipped_items(audit, {"q1": answer}) for answer in wrong] == [()] * len(wrong)


def test_an_unknown_key_is_refused() -> None:
    assert instrument("phq-9") is INSTRUMENTS["phq-9"]
    with pytest.raises(InvalidField, match="Built in: phq-9"):
        instrument("phq9")


@pytest.mark.parametrize("one", INSTRUMENTS.values(), ids=lambda one: one.key)
def test_an_instrument_is_whole(one: Instrument) -> None:
    keys = one.item_keys()
    assert len(set(keys)) == len(keys)
    assert one.sources
    assert one.licence.terms
    for item in one.items:
        assert list(item.allowed) == sorted(set(item.allowed))
        assert {item.asked_when, item.not_applicable_when} - {None} <= set(keys)
    for scale in one.scales:
        counted = [one.item(key) for key in scale.items]
        assert scale.low == sum(item.allowed[0] for item in counted) * scale.multiplier
        assert scale.high == sum(item.allowed[-1] for item in counted) * scale.multiplier
        assert bool(scale.bands) == bool(scale.bands_source)
        table = scale.published.table if scale.published else ()
        assert len(table) in {0, (scale.high - scale.low) // scale.multiplier + 1}
        assert list(table) == sorted(table)
        if scale.bands:
            assert (scale.bands[0].low, scale.bands[-1].high) == (scale.low, scale.high)
            assert all(a.high + 1 == b.low for a, b in zip(scale.bands, scale.bands[1:], strict=False))
    for skip in one.skips:
        assert set(skip.when) | set(skip.skipped) <= set(keys)
        assert not set(skip.when) & set(skip.skipped)
        assert (skip.at_most, skip.at_least) != (None, None)
    assert {rule.item for rule in one.risks} <= set(keys)
    assert {key for rule in one.rules for group in rule.groups for key, _ in group.items} <= set(keys)


@pytest.mark.parametrize("one", INSTRUMENTS.values(), ids=lambda one: one.key)
def test_an_instrument_can_be_sent_and_stored(one: Instrument) -> None:
    assert msgspec.json.decode(msgspec.json.encode(one), type=Instrument) == one


def test_only_our_own_form_is_offered_without_imported_wording() -> None:
    assert [one.key for one in INSTRUMENTS.values() if one.offered_without_wording] == ["check-in"]
    wording = INSTRUMENTS["check-in"].wording
    assert wording is not None
    assert {prompt.item for prompt in wording.prompts} == set(INSTRUMENTS["check-in"].item_keys())
    assert any("no norms" in text for text in wording.instructions)
