"""Templates to start from, in our own words, and what is made from a template."""

from intersession_schemas.library.catalogue import TEMPLATES
from intersession_schemas.library.making import (
    goal_from,
    homework_from,
    resource_from,
    safety_steps_from,
    sections_from_template,
)
from intersession_schemas.library.translating import template_in, templates_in

__all__ = [
    "TEMPLATES",
    "goal_from",
    "homework_from",
    "resource_from",
    "safety_steps_from",
    "sections_from_template",
    "template_in",
    "templates_in",
]
