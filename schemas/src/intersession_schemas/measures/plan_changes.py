"""What became of a plan between two readings of it: what was added, taken out and changed, element by element."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from msgspec import Struct

from intersession_schemas.documents.care.plan import Pause, Plan, SafetyStep

PlanPart = Literal["introduction", "journal", "days", "sections", "trackers", "assessments", "safety_plan", "pauses"]
What = Literal["added", "removed", "changed"]


class PlanChange(Struct, frozen=True, kw_only=True):
    """One change: the `part` of the plan, the element's `id` and `title` ("" for the plan's own fields), and which
    `fields` differ where it was changed."""

    part: PlanPart
    what: What
    id: str = ""
    title: str = ""
    fields: tuple[str, ...] = ()


_OWN: tuple[tuple[PlanPart, tuple[str, ...]], ...] = (
    ("introduction", ("introduction",)),
    ("journal", ("journal_rule", "journal_since")),
    ("days", ("day_begins",)),
    ("safety_plan", ("safety_resources",)),
)


def _pause_title(pause: Pause) -> str:
    first = pause.first.isoformat() if pause.first is not None else ""
    return f"{first}/{pause.last.isoformat() if pause.last is not None else ''}"


def _step_title(step: SafetyStep) -> str:
    return step.text.strip() or step.contact.strip()


_ELEMENTS: tuple[tuple[PlanPart, Callable[[Any], str]], ...] = (
    ("sections", lambda one: str(one.prompt).strip()),
    ("trackers", lambda one: str(one.name)),
    ("assessments", lambda one: str(one.instrument)),
    ("safety_plan", _step_title),
    ("pauses", _pause_title),
)


def plan_changes(before: Plan, after: Plan) -> tuple[PlanChange, ...]:
    """What differs, part by part in the plan's order, the elements of a part by id."""
    found: list[PlanChange] = []
    for part, fields in _OWN:
        if different := tuple(name for name in fields if getattr(before, name) != getattr(after, name)):
            found.append(PlanChange(part=part, what="changed", fields=different))
    for part, title in _ELEMENTS:
        found += _elements(part, title, getattr(before, part), getattr(after, part))
    return tuple(found)


def _elements(
    part: PlanPart, title: Callable[[Any], str], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[PlanChange]:
    found = []
    for id_ in sorted({*before, *after}):
        old, new = before.get(id_), after.get(id_)
        if old is None:
            found.append(PlanChange(part=part, what="added", id=id_, title=title(new)))
        elif new is None:
            found.append(PlanChange(part=part, what="removed", id=id_, title=title(old)))
        elif old != new:
            fields = tuple(name for name in new.__struct_fields__ if getattr(old, name) != getattr(new, name))
            found.append(PlanChange(part=part, what="changed", id=id_, title=title(new), fields=fields))
    return found
