"""Two scores and what must be said of their change, made by hand from what is published."""

from __future__ import annotations

from typing import NamedTuple


class ChangeVector(NamedTuple):
    """Two scores and what is said of the change."""

    instrument: str
    scale: str
    why: str
    before: int | None
    after: int | None
    threshold: float | None
    verdict: str
    source: str


# --- Change -----------------------------------------------------------------------------------------------------------

NHS = "NHS Talking Therapies manual, as quoted in NCT05134103"
MARX = "Marx et al. 2022: 18 in the wider of two samples"
MATTHEY = "Matthey 2004: 4"
WHO_CHANGE = "Topp 2015: 10 points on the 0-100 score"
ISI_CHANGE = "Morin 2011: 8.4, moderate improvement"
NONE = "No parameters confirmed"
ERROR = "within measurement error"

CHANGES = [
    ChangeVector("phq-9", "total", "6 down", 20, 14, 6, "reliable improvement", NHS),
    ChangeVector("phq-9", "total", "5 down", 20, 15, 6, ERROR, NHS),
    ChangeVector("phq-9", "total", "6 up", 8, 14, 6, "reliable deterioration", NHS),
    ChangeVector("phq-9", "total", "5 up", 8, 13, 6, ERROR, NHS),
    ChangeVector("phq-9", "total", "the same", 10, 10, 6, ERROR, NHS),
    ChangeVector("phq-9", "total", "before invalid", None, 10, 6, "not comparable", NHS),
    ChangeVector("phq-9", "total", "after invalid", 10, None, 6, "not comparable", NHS),
    ChangeVector("gad-7", "total", "4 down", 14, 10, 4, "reliable improvement", NHS),
    ChangeVector("gad-7", "total", "3 down", 14, 11, 4, ERROR, NHS),
    ChangeVector("gad-7", "total", "4 up", 10, 14, 4, "reliable deterioration", NHS),
    ChangeVector("gad-7", "total", "3 up", 10, 13, 4, ERROR, NHS),
    ChangeVector("pcl-5", "total", "18 down", 50, 32, 18, "reliable improvement", MARX),
    ChangeVector("pcl-5", "total", "17 down", 50, 33, 18, ERROR, MARX),
    ChangeVector("pcl-5", "total", "18 up", 32, 50, 18, "reliable deterioration", MARX),
    ChangeVector("pcl-5", "total", "17 up", 32, 49, 18, ERROR, MARX),
    ChangeVector("pcl-5", "cluster-b", "clusters have no parameters", 20, 0, None, "no parameters published", NONE),
    ChangeVector("epds", "total", "4 down", 14, 10, 4, "reliable improvement", MATTHEY),
    ChangeVector("epds", "total", "3 down", 14, 11, 4, ERROR, MATTHEY),
    ChangeVector("epds", "total", "4 up", 10, 14, 4, "reliable deterioration", MATTHEY),
    ChangeVector("epds", "total", "3 up", 10, 13, 4, ERROR, MATTHEY),
    ChangeVector("who-5", "total", "12 up, better", 40, 52, 10, "improvement by the published difference", WHO_CHANGE),
    ChangeVector("who-5", "total", "8 up", 40, 48, 10, "less than the published difference", WHO_CHANGE),
    ChangeVector(
        "who-5", "total", "12 down, worse", 52, 40, 10, "deterioration by the published difference", WHO_CHANGE
    ),
    ChangeVector("who-5", "total", "8 down", 48, 40, 10, "less than the published difference", WHO_CHANGE),
    ChangeVector("isi", "total", "9 down", 20, 11, 8.4, "improvement by the published difference", ISI_CHANGE),
    ChangeVector("isi", "total", "8 down", 20, 12, 8.4, "less than the published difference", ISI_CHANGE),
    ChangeVector("isi", "total", "9 up", 11, 20, 8.4, "deterioration by the published difference", ISI_CHANGE),
    *(
        ChangeVector(key, scale, "largest change", high, low, None, "no parameters published", NONE)
        for key, scale, low, high in (
            ("phq-2", "total", 0, 6),
            ("gad-2", "total", 0, 6),
            ("audit", "total", 0, 40),
            ("audit-c", "total", 0, 12),
            ("k10-abs", "total", 10, 50),
            ("k10-us", "total", 0, 40),
            ("dass-21", "depression", 0, 42),
            ("dass-21", "anxiety", 0, 42),
            ("dass-21", "stress", 0, 42),
            ("pss-10", "total", 0, 40),
            ("wsas", "total", 0, 40),
            ("check-in", "total", 0, 60),
        )
    ),
]
