"""The short labels of instruments in other languages than English: our own words, never the wording of a form.

A locale without a table, and an instrument that does not ship, have the labels that the instrument itself has.
"""

from __future__ import annotations

from collections.abc import Mapping

from intersession_schemas.instruments.labels.de.german import WORDS
from intersession_schemas.instruments.labels.de.phrases import PHRASES as GERMAN_PHRASES
from intersession_schemas.instruments.labels.words import Words
from intersession_schemas.instruments.values import Band, CountingRule, CutOff, Instrument, Published, RiskRule, Scale

TABLES: Mapping[str, Mapping[str, Words]] = {"de": WORDS}
"""By language, then by the key of the instrument."""

PHRASES: Mapping[str, Mapping[str, str]] = {"de": GERMAN_PHRASES}
"""By language, then by the English label: what bands, cut-offs, rules and other ways of printing a score are called."""


def title(instrument: Instrument, locale: str) -> str:
    """The name of an instrument."""
    words = _words(instrument, locale)
    return instrument.title if words is None else words.title


def label(instrument: Instrument, item: str, locale: str) -> str:
    """What an item is about. Raises `KeyError` when the instrument has no such item."""
    english, words = instrument.item(item).label, _words(instrument, locale)
    return english if words is None else words.items[instrument.item_keys().index(item)]


def scale_label(instrument: Instrument, scale: str, locale: str) -> str:
    """What a scale measures. Raises `KeyError` when the instrument has no such scale."""
    english, words = instrument.scale(scale).label, _words(instrument, locale)
    return english if words is None else words.scales[instrument.scale_keys().index(scale)]


def risk_label(instrument: Instrument, rule: RiskRule, locale: str) -> str:
    """What a risk rule is about: in the words of its item, but where it has some of its own."""
    words = _words(instrument, locale)
    if words is None:
        return rule.label
    return words.risks.get(rule.key) or label(instrument, rule.item, locale)


def band_label(band: Band | str, locale: str) -> str:
    """What a band is called; a score keeps its band by the English label."""
    return _phrase(band if isinstance(band, str) else band.label, locale)


def cut_off_label(cut_off: CutOff, locale: str) -> str:
    """What reaching a cut-off says."""
    return _phrase(cut_off.label, locale)


def rule_label(rule: CountingRule, locale: str) -> str:
    """What meeting a counting rule says. It is never a diagnosis."""
    return _phrase(rule.label, locale)


def published_label(scale: Scale | Published, locale: str) -> str:
    """What the number is that a source prints in the place of the sum; empty where it prints the sum."""
    published = scale.published if isinstance(scale, Scale) else scale
    return "" if published is None else _phrase(published.label, locale)


def _words(instrument: Instrument, locale: str) -> Words | None:
    """The table of a shipped instrument, or None. One of a practice's own that has its key may have other items."""
    words = TABLES.get(_language(locale), {}).get(instrument.key)
    fits = words is not None and (len(words.items), len(words.scales)) == (
        len(instrument.items),
        len(instrument.scales),
    )
    return words if fits else None


def _phrase(english: str, locale: str) -> str:
    return PHRASES.get(_language(locale), {}).get(english, english)


def _language(locale: str) -> str:
    return locale.replace("_", "-").split("-")[0].casefold()
