"""Episodes: when one is open, and baselines that two therapists choose at once."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from intersession_schemas.crdt import Document
from intersession_schemas.documents.care.episodes import EPISODE, Baseline, Episode, is_open, scale_key
from intersession_schemas.errors import InvalidField

DAY, LATER = date(2026, 5, 4), date(2026, 8, 1)
TOTAL = scale_key("phq-9", "total")
BEGUN = Episode(
    phase="treatment", began_on=DAY, reason="Sleeps badly.", baseline={TOTAL: Baseline(assessment=UUID(int=1))}
)


def test_what_is_written_is_read() -> None:
    document = Document.new(b"1" * 16)
    EPISODE.create(document, BEGUN)
    assert EPISODE.read(document) == BEGUN
    ended = replace(BEGUN, phase="ended", ended_on=LATER)
    EPISODE.update(document, BEGUN, ended)
    assert EPISODE.read(document) == ended


def test_two_baselines_chosen_at_once_for_two_scales_are_both_kept() -> None:
    first = Document.new(b"1" * 16)
    EPISODE.create(first, BEGUN)
    second = Document.load(first.save(), b"2" * 16)
    for document, scale in ((first, "gad-7/total"), (second, "isi/total")):
        chosen = BEGUN.baseline | {scale: Baseline(assessment=UUID(int=2))}
        EPISODE.update(document, BEGUN, replace(BEGUN, baseline=chosen))
    first.apply(second.changes())
    assert EPISODE.read(first).baseline.keys() == {TOTAL, "gad-7/total", "isi/total"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"began_on": None},
        {"phase": "ended"},
        {"ended_on": LATER},
        {"phase": "ended", "ended_on": date(2026, 5, 3)},
        {"phase": "pause"},
        {"baseline": {TOTAL: Baseline()}},
    ],
)
def test_what_makes_no_episode_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidField):
        EPISODE.create(Document.new(b"1" * 16), replace(BEGUN, **wrong))


def test_when_it_is_open() -> None:
    ended = replace(BEGUN, phase="ended", ended_on=LATER)
    days = (date(2026, 5, 3), DAY, date(2026, 7, 31), LATER)
    assert [is_open(BEGUN, day) for day in days] == [False, True, True, True]
    assert [is_open(ended, day) for day in days] == [False, True, True, False]
    assert not is_open(Episode(), DAY)
    assert not is_open(Episode(phase="ended", began_on=DAY), DAY)
