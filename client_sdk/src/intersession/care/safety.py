"""The safety plan with its resources, from this device alone."""

from __future__ import annotations

from typing import get_args

from intersession.care.resources import Resources
from intersession.errors import NotFound
from intersession.models.measures import Safety
from intersession.models.records import Resource
from intersession.replica.scope import Scope
from intersession_schemas.client_words import local_help, say
from intersession_schemas.documents.care.plan import SafetyPart

CRISIS = "crisis"
"""The tag of a resource that is shown with every safety plan."""


def safety(scope: Scope, locale: str) -> Safety:
    """The safety plan on this device; without steps if there is none yet."""
    with scope.replica.reading():
        plan, resources = scope.agreed(), Resources(scope)
        named: list[Resource] = []
        for id in plan.safety_resources:
            try:
                named.append(resources.get(id))
            except NotFound:  # it has not come yet
                continue
        ids = {one.id for one in named}
        local = [one for one in resources.list() if one.id not in ids and CRISIS in map(str.casefold, one.tags)]
        parts = get_args(SafetyPart)
        steps = sorted(plan.safety_plan.values(), key=lambda step: parts.index(step.part))
    return Safety(
        notice=say(locale, "nobody watches"),
        steps=tuple(steps),
        resources=(*named, *local),
        help=local_help(scope.replica.country()),
    )
