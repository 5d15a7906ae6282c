"""Which item of a known instrument a question's text means, as far as stems of words can tell."""

from __future__ import annotations

from intersession_schemas.instruments.wording.meaning import functioning, further, mood
from intersession_schemas.instruments.wording.meaning.stems import spellings, weight

STEMS: dict[str, dict[str, str]] = {
    "phq-9": mood.PHQ_9,
    "phq-2": {key: mood.PHQ_9[key] for key in ("q1", "q2")},
    "gad-7": mood.GAD_7,
    "gad-2": {key: mood.GAD_7[key] for key in ("q1", "q2")},
    "who-5": mood.WHO_5,
    "epds": mood.EPDS,
    "c-ssrs": mood.C_SSRS,
    "check-in": mood.CHECK_IN,
    "pcl-5": functioning.PCL_5,
    "audit": functioning.AUDIT,
    "audit-c": {key: functioning.AUDIT[key] for key in ("q1", "q2", "q3")},
    "k10-abs": functioning.K10,
    "k10-us": functioning.K10,
    "dass-21": functioning.DASS_21,
    "isi": functioning.ISI,
    "pss-10": functioning.PSS_10,
    "wsas": functioning.WSAS,
    "phq-4": {"q1": mood.GAD_7["q1"], "q2": mood.GAD_7["q2"], "q3": mood.PHQ_9["q1"], "q4": mood.PHQ_9["q2"]},
    **further.BY_KEY,
}
FALLING: dict[str, frozenset[str]] = {
    "epds": frozenset({"q1", "q2"}),
    "isi": frozenset({"q4"}),
    "core-10": frozenset({"q2", "q3"}),
    "yp-core": frozenset({"q3", "q5", "q10"}),
}
"""Items whose value falls the more their answers say: they ask about something good, and are not reversed in sums."""


def read_as(instrument: str, text: str) -> frozenset[str]:
    """The keys of the items that a text means best, several where they tie; none where nothing in it is known."""
    for words in spellings(text):
        weights = {key: weight(stems, words) for key, stems in STEMS.get(instrument, {}).items()}
        if most := max(weights.values(), default=0):
            return frozenset(key for key, found in weights.items() if found == most)
    return frozenset()
