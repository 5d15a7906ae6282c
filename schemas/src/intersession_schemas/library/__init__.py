"""Templates to start from, in our own words, and what is made from a template."""

from intersession_schemas.library.catalogue import TEMPLATES
from intersession_schemas.library.making import (
    goal_from,
    homework_from,
    resource_from,
    safety_steps_from,
    sections_from_template,
)

__all__ = [
    "TEMPLATES",
    "goal_from",
    "homework_from",
    "resource_from",
    "safety_steps_from",
    "sections_from_template",
]
