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
CORE_CHANGE = "Barkham 2013, abstract: 6, at 90 %"
ORS_CHANGE = "Miller & Duncan, second-hand: 5 centimetres, 50 tenths"
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
    ChangeVector("core-10", "total", "6 down", 20, 14, 6, "reliable improvement", CORE_CHANGE),
    ChangeVector("core-10", "total", "5 down", 20, 15, 6, ERROR, CORE_CHANGE),
    ChangeVector("core-10", "total", "6 up", 14, 20, 6, "reliable deterioration", CORE_CHANGE),
    ChangeVector("core-10", "total", "5 up", 14, 19, 6, ERROR, CORE_CHANGE),
    ChangeVector("ors", "total", "5 cm up, better", 200, 250, 50, "reliable improvement", ORS_CHANGE),
    ChangeVector("ors", "total", "4.9 cm up", 200, 249, 50, ERROR, ORS_CHANGE),
    ChangeVector("ors", "total", "5 cm down, worse", 250, 200, 50, "reliable deterioration", ORS_CHANGE),
    ChangeVector("ors", "total", "4.9 cm down", 249, 200, 50, ERROR, ORS_CHANGE),
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
            ("phq-4", "total", 0, 12),
            ("phq-4", "anxiety", 0, 6),
            ("phq-4", "depression", 0, 6),
            ("phq-15", "total", 0, 30),
            ("madrs-s", "total", 0, 54),
            ("yp-core", "total", 0, 40),
            ("pc-ptsd-5", "total", 0, 5),
            ("ies-r", "total", 0, 88),
            ("ies-r", "avoidance", 0, 32),
            ("itq", "ptsd", 0, 24),
            ("itq", "dso", 0, 24),
            ("oci-r", "total", 0, 72),
            ("oci-r", "washing", 0, 12),
            ("spin", "total", 0, 68),
            ("y-bocs", "total", 0, 40),
            ("y-bocs", "obsessions", 0, 20),
            ("y-bocs", "compulsions", 0, 20),
            ("dast-10", "total", 0, 10),
            ("cage", "total", 0, 4),
            ("wemwbs", "total", 14, 70),
            ("swemwbs", "total", 7, 35),
            ("srs", "total", 0, 400),
            ("ede-q", "restraint", 0, 30),
            ("ede-q", "shape", 0, 48),
            ("sdq-self", "difficulties", 0, 40),
            ("sdq-self", "prosocial", 0, 10),
        )
    ),
]
