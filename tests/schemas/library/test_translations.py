"""The templates in other languages: each says as much as in English, with the same answers, and can be written."""

from __future__ import annotations

import pytest

from intersession_schemas.crdt import Document
from intersession_schemas.documents.care.templates import TEMPLATE, Template
from intersession_schemas.library import TEMPLATES, template_in, templates_in
from intersession_schemas.library.translating import TABLES

each = pytest.mark.parametrize(
    ("language", "key"), [(language, key) for language in TABLES for key in TEMPLATES], ids=lambda one: str(one)
)


def texts(template: Template) -> dict[str, str | tuple[str, ...]]:
    """All that a person reads of it, by where it stands."""
    found: dict[str, str | tuple[str, ...]] = {
        name: getattr(template, name) for name in ("title", "about", "what", "why") if getattr(template, name)
    }
    for id, field in template.fields.items():
        found[f"fields.{id}"] = field.prompt
        if field.options:
            found[f"fields.{id}.options"] = field.options
        if field.labels:
            found[f"fields.{id}.labels"] = tuple(label.text for label in field.labels)
        if field.unit:
            found[f"fields.{id}.unit"] = field.unit
    return found | {f"steps.{id}": step.text for id, step in template.steps.items()}


@each
def test_every_text_is_there_and_no_other(language: str, key: str) -> None:
    assert TABLES[language].keys() == TEMPLATES.keys()
    assert TABLES[language][key].keys() == texts(TEMPLATES[key]).keys()
    assert texts(template_in(key, language)) == dict(TABLES[language][key])


@each
def test_nothing_but_texts_differs_and_it_can_be_written(language: str, key: str) -> None:
    english, other = TEMPLATES[key], template_in(key, language)
    assert (other.makes, other.rule, other.tags) == (english.makes, english.rule, english.tags)
    for id, field in english.fields.items():
        there = other.fields[id]
        assert (there.type, there.required, there.low, there.high, there.order) == (
            (field.type, field.required, field.low, field.high, field.order)
        )
        assert len(there.options) == len(field.options)
        assert [label.at for label in there.labels] == [label.at for label in field.labels]
    for id, step in english.steps.items():
        assert (other.steps[id].part, other.steps[id].order) == (step.part, step.order)
    document = Document.new(b"1" * 16)
    TEMPLATE.create(document, other)
    assert TEMPLATE.read(document) == other


@each
def test_paragraphs_stand_where_they_stand_in_english(language: str, key: str) -> None:
    for at, said in texts(template_in(key, language)).items():
        original = texts(TEMPLATES[key])[at]
        assert isinstance(said, tuple) or said.count("\n\n") == str(original).count("\n\n"), at
        assert said != original or len(said) < 2, f"{at} is not translated"


def test_a_locale_is_told_in_its_language_and_any_other_in_english() -> None:
    assert template_in("breathing", "de-AT") == template_in("breathing", "de_DE") == template_in("breathing", "de")
    assert template_in("breathing", "pt") is TEMPLATES["breathing"]
    assert templates_in() == TEMPLATES
