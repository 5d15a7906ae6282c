"""The templates that come with Intersession in other languages than English. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import structs

from intersession_schemas.documents.care.templates import Template
from intersession_schemas.languages import in_language
from intersession_schemas.library.catalogue import TEMPLATES
from intersession_schemas.library.german import Texts
from intersession_schemas.library.german_rest import GERMAN

TABLES: Mapping[str, Mapping[str, Texts]] = {"de": GERMAN}
"""By language, then by the key of the template."""


def template_in(key: str, locale: str = "en") -> Template:
    """The template of that key in a language; in English where there is no table for it. Raises `KeyError`."""
    template, tables = TEMPLATES[key], in_language(TABLES, locale)
    if tables is None:
        return template
    texts = tables[key]
    given: dict[str, Any] = {name: texts[name] for name in ("title", "about", "what", "why") if name in texts}
    fields = {
        id: structs.replace(field, **_of_field(f"fields.{id}", field, texts)) for id, field in template.fields.items()
    }
    steps = {id: structs.replace(step, text=texts[f"steps.{id}"]) for id, step in template.steps.items()}
    return structs.replace(template, **given, fields=fields, steps=steps)


def templates_in(locale: str = "en") -> dict[str, Template]:
    """All of them by key, as `TEMPLATES`."""
    return {key: template_in(key, locale) for key in TEMPLATES}


def _of_field(at: str, field: Any, texts: Texts) -> dict[str, Any]:
    given: dict[str, Any] = {"prompt": texts[at]}
    if field.options:
        given["options"] = texts[f"{at}.options"]
    if field.unit:
        given["unit"] = texts[f"{at}.unit"]
    if field.labels:
        named = zip(field.labels, texts[f"{at}.labels"], strict=True)
        given["labels"] = tuple(structs.replace(label, text=text) for label, text in named)
    return given
