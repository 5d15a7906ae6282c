"""The short labels of instruments in other languages than English: our own words, never the wording of a form."""

from intersession_schemas.instruments.labels.telling import (
    PHRASES,
    TABLES,
    band_label,
    cut_off_label,
    label,
    published_label,
    risk_label,
    rule_label,
    scale_label,
    title,
)
from intersession_schemas.instruments.labels.words import Words

__all__ = [
    "PHRASES",
    "TABLES",
    "Words",
    "band_label",
    "cut_off_label",
    "label",
    "published_label",
    "risk_label",
    "rule_label",
    "scale_label",
    "title",
]
