"""Labels in German: every label of every shipped instrument has one, and what has none keeps its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from intersession_schemas.instruments import INSTRUMENTS, Instrument
from intersession_schemas.instruments.labels import (
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

PHQ_9, MADRS_S = INSTRUMENTS["phq-9"], INSTRUMENTS["madrs-s"]
SHORT = 50


def phrases_of(one: Instrument) -> Iterator[str]:
    for scale in one.scales:
        yield from (band.label for band in scale.bands)
        yield from (cut.label for cut in scale.cut_offs)
        if scale.published is not None:
            yield scale.published.label
    yield from (rule.label for rule in one.rules)


@pytest.mark.parametrize("language", TABLES)
@pytest.mark.parametrize("one", INSTRUMENTS.values(), ids=lambda one: one.key)
def test_every_instrument_has_all_of_its_labels(one: Instrument, language: str) -> None:
    words = TABLES[language][one.key]
    assert words.title.strip()
    assert (len(words.items), len(words.scales)) == (len(one.items), len(one.scales))
    texts = (*words.items, *words.scales, *words.risks.values())
    assert all(text == text.strip() and 0 < len(text) <= SHORT for text in texts)
    assert set(phrases_of(one)) <= set(PHRASES[language])
    # A risk rule with words of its own in English has words of its own in the other language.
    own = {rule.key for rule in one.risks if rule.label != one.item(rule.item).label}
    assert set(words.risks) == own


@pytest.mark.parametrize("language", TABLES)
def test_no_table_has_what_no_instrument_has(language: str) -> None:
    assert set(TABLES[language]) == set(INSTRUMENTS)
    assert set(PHRASES[language]) == {text for one in INSTRUMENTS.values() for text in phrases_of(one)}


def test_labels_are_told_in_the_language_of_the_locale() -> None:
    for locale in ("de", "de-AT", "de_CH", "DE"):
        assert label(PHQ_9, "q2", locale) == "Gedrückte Stimmung"
    assert label(PHQ_9, "difficulty", "de") == "Schwierigkeiten im Alltag"
    assert scale_label(INSTRUMENTS["sdq-self"], "prosocial", "de") == "Hilfsbereitschaft (mehr ist besser)"
    assert title(MADRS_S, "de").endswith("(MADRS-S)")
    assert band_label("moderately severe", "de") == "mittel bis schwer"
    assert band_label(PHQ_9.scales[0].bands[0], "de") == "minimal"
    assert cut_off_label(PHQ_9.scales[0].cut_offs[0], "de") == "Fallschwelle"
    assert rule_label(PHQ_9.rules[0], "de").startswith("erfüllt die Zählregel")
    assert published_label(INSTRUMENTS["ors"].scales[0], "de") == "Zentimeter, 0 bis 40"
    assert published_label(PHQ_9.scales[0], "de") == ""


def test_risks_are_called_what_their_item_is_or_have_words_of_their_own() -> None:
    assert risk_label(PHQ_9, PHQ_9.risks[0], "de") == "Gedanken an Tod oder Selbstverletzung"
    assert risk_label(MADRS_S, MADRS_S.risks[0], "de") == "Lebensmüde oder Gedanken an Suizid"
    assert risk_label(MADRS_S, MADRS_S.risks[0], "en") == MADRS_S.risks[0].label


@pytest.mark.parametrize("locale", ["en", "en-GB", "fr", ""])
def test_without_a_table_labels_are_the_instruments_own(locale: str) -> None:
    for one in INSTRUMENTS.values():
        assert title(one, locale) == one.title
        assert [label(one, item.key, locale) for item in one.items] == [item.label for item in one.items]
        assert [scale_label(one, scale.key, locale) for scale in one.scales] == [scale.label for scale in one.scales]
    assert band_label("mild", locale) == "mild"


def test_an_instrument_of_a_practice_keeps_its_labels() -> None:
    own = replace(PHQ_9, key="own")
    assert label(own, "q1", "de") == "Interest and pleasure"
    shorter = replace(PHQ_9, items=PHQ_9.items[:3])
    assert label(shorter, "q1", "de") == "Interest and pleasure"
    with pytest.raises(KeyError):
        label(PHQ_9, "q10", "de")
