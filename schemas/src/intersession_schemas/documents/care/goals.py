"""`goal`: what a client wants and why, in their own words, with steps on the way. Client and care team may write it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from intersession_schemas.documents.shapes import Element, Shape, prose
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind

GoalState = Literal["open", "reached", "let_go"]


class GoalStep(Element, frozen=True, kw_only=True):
    """A step towards a goal, and the day it was done."""

    text: Annotated[str, prose(1_000)] = ""
    done_on: date | None = None


class Goal(Struct, frozen=True, kw_only=True):
    """What somebody wants (`what`) and why it matters to them (`why`)."""

    what: Annotated[str, prose(1_000)] = ""
    why: Annotated[str, prose(4_000)] = ""
    steps: dict[str, GoalStep] = {}
    state: GoalState = "open"
    made_at: Annotated[datetime, Meta(tz=True)] | None = None
    problems: tuple[str, ...] = ()


def check_goal(goal: Goal) -> None:
    """Raise `InvalidField` unless the goal and each of its steps have a text."""
    if not goal.what.strip():
        raise InvalidField("A goal needs a description (what).")
    if not all(step.text.strip() for step in goal.steps.values()):
        raise InvalidField("A step of a goal needs a text.")


GOAL = Shape(Kind.GOAL, Goal, check_goal, moments=("made_at",))
