"""Which other documents of a record a document names, beside those that it is about. Pure."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from intersession_schemas.documents.care.episodes import Episode
from intersession_schemas.documents.care.homework import Homework, HomeworkReview
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.streams import Kind

Named = dict[UUID, Kind | None]
"""Ids of documents, and of which kind each must be; None: of any."""


def named_by(value: Any) -> Named:
    """What a goal, a plan … names."""
    found: Named = {}
    match value:
        case Homework():
            found |= dict.fromkeys(value.resources, Kind.RESOURCE)
            if value.goal is not None:
                found[value.goal] = Kind.GOAL
        case HomeworkReview():
            found |= dict.fromkeys(value.evidence)
        case Plan():
            found |= dict.fromkeys(value.safety_resources, Kind.RESOURCE)
            for tracker in value.trackers.values():
                found |= dict.fromkeys(tracker.resources, Kind.RESOURCE)
        case Episode():
            for baseline in value.baseline.values():
                if baseline.assessment is not None:
                    found[baseline.assessment] = Kind.ASSESSMENT
        case _:
            pass
    return found
