"""What stands in a practice's library, prepared for a page: found by words and by what it makes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, get_args

from msgspec import Struct

from intersession_schemas.documents.care.resources import Resource
from intersession_schemas.documents.care.templates import Template, TemplateFor
from intersession_server.language.language import say
from intersession_server.web.page.recurrence import rule
from intersession_server.web.record.shelf.shelf_views import LibraryResourceView, TemplateView

Makes = TemplateFor | Literal["given"]
"""What something in the library makes; `given`: it is a resource, which is given as it is."""
EXCERPT = 180
"""Characters of what a card says of something."""


class ShelfCard(Struct, frozen=True):
    """Something to start from. `name` is its key or id; `shipped`: it came with Intersession; `retired`: put away."""

    name: str
    title: str
    makes: Makes
    kind: str
    about: str
    questions: int
    when: str
    tags: Sequence[str]
    shipped: bool
    retired: bool = False
    problems: bool = False

    @property
    def address(self) -> str:
        """Its page."""
        return f"/library/{'resources' if self.makes == 'given' else 'templates'}/{self.name}"


def kind_words(makes: Makes) -> str:
    """What something is, in words."""
    words: dict[Makes, str] = {
        "homework": say("Homework"),
        "journal": say("Journal"),
        "resource": say("Resource template"),
        "safety_plan": say("Safety plan"),
        "goal": say("Goal"),
        "given": say("Resource"),
    }
    return words[makes]


def all_makes() -> tuple[Makes, ...]:
    """Everything that something in the library can make."""
    return (*get_args(TemplateFor), "given")


def template_cards(own: Iterable[TemplateView], shipped: Mapping[str, Template]) -> list[ShelfCard]:
    """Templates: the practice's own first, then those that came with Intersession."""
    mine = [_template_card(str(one.id), one.template, shipped=False) for one in own]
    return mine + [_template_card(key, one, shipped=True) for key, one in shipped.items()]


def resource_cards(views: Iterable[LibraryResourceView]) -> list[ShelfCard]:
    """Resources, as they stand in the library."""
    return [_resource_card(str(one.id), one.resource) for one in views]


def found(cards: Iterable[ShelfCard], texts: Mapping[str, str], sought: str, makes: str) -> list[ShelfCard]:
    """Those that have every word that is `sought`, and make that, if anything."""
    words = sought.casefold().split()
    of_kind = [one for one in cards if makes in ("", one.makes)]
    return [one for one in of_kind if all(word in texts[one.name] for word in words)]


def searched(name: str, value: Template | Resource) -> tuple[str, str]:
    """The name of something, and all its words."""
    if isinstance(value, Template):
        prompts = (field.prompt for field in value.fields.values())
        parts = (value.title, value.about, value.what, value.why, *value.tags, *prompts)
    else:
        parts = (value.title, value.text, value.link, *value.tags, *(step.text for step in value.steps.values()))
    return name, " ".join(parts).casefold()


def _template_card(name: str, template: Template, *, shipped: bool) -> ShelfCard:
    return ShelfCard(
        name=name,
        title=template.title,
        makes=template.makes,
        kind=kind_words(template.makes),
        about=_excerpt(template.about or template.what),
        questions=len(template.fields) or len(template.steps),
        when=rule(template.rule) if template.rule else "",
        tags=template.tags,
        shipped=shipped,
        retired=template.retired,
        problems=bool(template.problems),
    )


def _resource_card(name: str, resource: Resource) -> ShelfCard:
    return ShelfCard(
        name=name,
        title=resource.title,
        makes="given",
        kind=kind_words("given"),
        about=_excerpt(resource.text or resource.link),
        questions=len(resource.steps),
        when="",
        tags=resource.tags,
        shipped=False,
        retired=resource.retired,
        problems=bool(resource.problems),
    )


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= EXCERPT:
        return line
    return line[: max(line.rfind(" ", 0, EXCERPT), EXCERPT // 2)].rstrip(" ,.;:") + " …"
