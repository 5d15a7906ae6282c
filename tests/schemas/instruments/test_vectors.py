"""The scoring code against forms scored by hand, and whether those forms reach every rule there is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.schemas.instruments import published
from tests.schemas.instruments.changes import CHANGES, ChangeVector
from tests.schemas.instruments.definitions.expected import Vector
from tests.schemas.instruments.vectors import VECTORS

from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments import INSTRUMENTS, ScaleScore, Scored, reliable_change, score

INSTRUMENT_COUNT, VECTOR_COUNT = 36, 1584


def name(vector: Vector | ChangeVector) -> str:
    scale = f" {vector.scale}" if isinstance(vector, ChangeVector) else ""
    return f"{vector.instrument}{scale}: {vector.why}"


def seen(scale: ScaleScore, expected: dict[str, Any]) -> dict[str, Any]:
    """A score in the words of the vectors."""
    found = {
        "raw": scale.raw,
        "score": scale.score,
        "band": scale.band,
        "cut_offs": list(scale.cut_offs),
        "missing": list(scale.missing),
        "low": scale.low,
        "high": scale.high,
        "published": scale.published,
    }
    return {key: found[key] for key in expected}


@pytest.mark.parametrize("vector", VECTORS, ids=name)
def test_a_form_is_scored_as_by_hand(vector: Vector) -> None:
    instrument = INSTRUMENTS[vector.instrument]
    if vector.expect is None:
        with pytest.raises(InvalidField):
            score(instrument, vector.answers)
        return
    expect = vector.expect
    scored: Scored = score(instrument, vector.answers)
    assert {one.key: seen(one, expect["scales"][one.key]) for one in scored.scales} == expect["scales"]
    assert {rule.key: rule.met for rule in scored.rules} == expect["rules"]
    assert (list(scored.risks), scored.level, list(scored.missing)) == (
        expect["risks"],
        expect["level"],
        expect["missing"],
    )
    assert scored.scheme == instrument.scheme
    assert all(one.why for one in scored.scales if not one.valid)


@pytest.mark.parametrize("vector", CHANGES, ids=name)
def test_a_change_is_named_as_by_hand(vector: ChangeVector) -> None:
    change = reliable_change(INSTRUMENTS[vector.instrument], vector.scale, vector.before, vector.after)
    assert (change.threshold, change.verdict) == (vector.threshold, vector.verdict)


def test_the_published_file_is_up_to_date() -> None:
    """If this fails: `.venv/bin/python -m tests.schemas.instruments.published`, and read what has changed."""
    text = published.FILE.read_text(encoding="utf-8")
    assert text == published.text()
    assert json.loads(text) == json.loads(json.dumps(published.vectors()))


def test_they_are_counted() -> None:
    assert (len(INSTRUMENTS), len(VECTORS) + len(CHANGES)) == (INSTRUMENT_COUNT, VECTOR_COUNT)
    assert {vector.instrument for vector in VECTORS} == set(INSTRUMENTS)
    assert all(vector.source for vector in VECTORS)
    assert all(change.source for change in CHANGES)


def scores_of(instrument: str, scale: str) -> set[int]:
    expected = [vector.expect for vector in VECTORS if vector.instrument == instrument and vector.expect is not None]
    return {found["score"] for one in expected if (found := one["scales"].get(scale)) and found["score"] is not None}


SCALES = [(instrument, scale) for instrument in INSTRUMENTS.values() for scale in instrument.scales]


@pytest.mark.parametrize(("instrument", "scale"), SCALES, ids=lambda one: one.key)
def test_every_boundary_has_a_vector_on_each_side(instrument: Any, scale: Any) -> None:
    step = scale.multiplier
    reachable = range(scale.low, scale.high + 1, step)
    wanted = {scale.low, scale.high}
    for band in scale.bands:
        inside = [value for value in reachable if band.low <= value <= band.high]
        wanted |= {inside[0], inside[-1]}
    for cut in scale.cut_offs:
        if instrument.direction_of(scale.key) == "higher is better":
            wanted |= {max(v for v in reachable if v <= cut.score), min(v for v in reachable if v > cut.score)}
        else:
            wanted |= {min(v for v in reachable if v >= cut.score), max(v for v in reachable if v < cut.score)}
    assert wanted <= scores_of(instrument.key, scale.key)


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=lambda one: one.key)
def test_every_item_rule_and_threshold_has_vectors(instrument: Any) -> None:
    expected = [
        (vector.answers, vector.expect)
        for vector in VECTORS
        if vector.instrument == instrument.key and vector.expect is not None
    ]
    # Every scored item left out alone, every risk rule positive and negative, every counting rule both ways.
    required = {item.key for item in instrument.required() if item.asked_when is None}
    assert required <= {expect["missing"][0] for _, expect in expected if len(expect["missing"]) == 1}
    risky = {risk.key for risk in instrument.risks}
    assert risky == {key for _, expect in expected for key in expect["risks"]}
    for rule in instrument.rules:
        assert {expect["rules"][rule.key] for _, expect in expected} == {True, False, None}
    for scale in instrument.scales:
        verdicts = {
            change.verdict for change in CHANGES if (change.instrument, change.scale) == (instrument.key, scale.key)
        }
        if scale.changes and scale.changes[0].kind == "reliable":
            assert {"reliable improvement", "reliable deterioration", "within measurement error"} <= verdicts
    assert any(vector.expect is None for vector in VECTORS if vector.instrument == instrument.key)


REVERSED = {
    "pss-10": {"q4", "q5", "q7", "q8"},
    "dast-10": {"q3"},
    "sdq-self": {"q7", "q11", "q14", "q21", "q25"},
}


def test_every_reversed_item_is_tried_alone() -> None:
    turned = {key: {item.key for item in one.items if item.reverse} for key, one in INSTRUMENTS.items()}
    assert {key: items for key, items in turned.items() if items} == REVERSED
    whys = {(vector.instrument, vector.why) for vector in VECTORS}
    tried = {(key, f"item {item[1:]} alone, reversed") for key, items in REVERSED.items() for item in items}
    assert tried <= whys
