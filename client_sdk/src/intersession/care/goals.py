"""Goals: what a client wants, in their own words, with steps towards it. Both client and care team write them."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from intersession.documents.records import StoredRecord
from intersession.errors import NotFound
from intersession.inputs import checks, elements
from intersession.inputs.versions import Heads, heads_of
from intersession.models.records import Goal, GoalStep
from intersession.replica.scope import Scope
from intersession_schemas.documents.care import goals
from intersession_schemas.documents.care.goals import GoalState
from intersession_schemas.documents.care.templates import Template
from intersession_schemas.streams import Kind


class Goals:
    """A client's goals, as `tracker.goals` and `client.goals`.

    Thread-safe; when a call returns, its data is on disk.
    """

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def list(self, *, limit: int | None = None, after: UUID | None = None) -> builtins.list[Goal]:
        """All goals, newest first; `limit` and `after` as in `Journal.entries`."""
        return [_goal(row) for row in self._scope.rows(Kind.GOAL, window=checks.listed(limit, after))]

    def get(self, id: UUID) -> Goal:
        """The goal with that id. Raises `NotFound`."""
        return _goal(self._scope.row(Kind.GOAL, id))

    def add(
        self, what: str = "", why: str = "", steps: Iterable[str] = (), *, template: Template | None = None
    ) -> Goal:
        """Add a goal: `what` the client wants and `why` it matters to them, with `steps` as a list of texts.

        Omitted fields come from `template`. Before pairing, it waits on this device.
        Raises `InvalidField`, `StoreFull`; then nothing is added.
        """
        if template is not None:
            what, why = what or template.what or template.title, why or template.why
            steps = tuple(steps) or [field.prompt for _, field in elements.in_order(template.fields)]
        with self._scope.replica.writing() as writing:
            goal = goals.Goal(
                what=checks.text("what", what),
                why=checks.text("why", why),
                steps=elements.numbered([goals.GoalStep(text=text) for text in checks.texts("steps", steps)]),
                made_at=self._scope.now(),
            )
            return self.get(self._scope.add(writing, Kind.GOAL, goal))

    def edit(
        self,
        id: UUID,
        *,
        what: str | UnsetType = UNSET,
        why: str | UnsetType = UNSET,
        based_on: Goal | str | None = None,
    ) -> Goal:
        """Change the given texts. `based_on` is the goal that they were made from, or its `version`, as in
        `Journal.edit`: client and care team both write goals.

        Raises as `add`, and `NotFound`.
        """
        seen = heads_of(based_on)
        given = {name: checks.text(name, value) for name, value in (("what", what), ("why", why)) if value is not UNSET}
        return self._change(id, lambda goal: replace(goal, **given), seen)

    def add_step(self, id: UUID, text: str, *, after: str | None = None) -> Goal:
        """Add a step: after the step with the id `after`, or at the end. Raises as `edit`."""
        step, new = elements.new_id(), goals.GoalStep(text=checks.text("text", text))
        return self._change(id, lambda goal: replace(goal, steps=elements.placed(goal.steps, step, new, after)))

    def edit_step(self, id: UUID, step: str | GoalStep, text: str, *, based_on: Goal | str | None = None) -> Goal:
        """Reword a step. `based_on` as in `edit`. Raises as `edit`."""
        said, seen = checks.text("text", text), heads_of(based_on)
        return self._change_step(id, step, seen, text=said)

    def move_step(self, id: UUID, step: str | GoalStep, after: str | None = None) -> Goal:
        """Put a step after the one with the id `after`, or first. Raises as `edit`."""
        return self._change(id, lambda goal: replace(goal, steps=elements.moved(goal.steps, _id_of(step), after)))

    def remove_step(self, id: UUID, step: str | GoalStep) -> Goal:
        """Remove a step. Raises as `edit`."""
        return self._change(id, lambda goal: replace(goal, steps=elements.without(goal.steps, _id_of(step))))

    def step_done(self, id: UUID, step: str | GoalStep, on: date | None = None, *, done: bool = True) -> Goal:
        """Mark a step as done on the day `on` (default: today), or, with `done=False`, as not done.

        Raises as `edit`.
        """
        day = checks.optional_day("on", on)
        return self._change_step(id, step, None, done_on=(day or self._scope.today()) if done else None)

    def reach(self, id: UUID) -> Goal:
        """Mark the goal as reached. Raises `NotFound`, `StoreFull`."""
        return self._turn(id, "reached")

    def let_go(self, id: UUID) -> Goal:
        """Give the goal up; it stays readable. Raises `NotFound`, `StoreFull`."""
        return self._turn(id, "let_go")

    def reopen(self, id: UUID) -> Goal:
        """Reopen the goal. Raises `NotFound`, `StoreFull`."""
        return self._turn(id, "open")

    def _turn(self, id: UUID, state: GoalState) -> Goal:
        return self._change(id, lambda goal: replace(goal, state=state))

    def _change_step(self, id: UUID, step: str | GoalStep, based_on: Heads | None, **given: Any) -> Goal:
        key = _id_of(step)

        def changed(goal: goals.Goal) -> goals.Goal:
            if key not in goal.steps:
                raise NotFound("There is no step with that id in this goal.")
            return replace(goal, steps={**goal.steps, key: replace(goal.steps[key], **given)})

        return self._change(id, changed, based_on)

    def _change(self, id: UUID, change: Callable[[goals.Goal], goals.Goal], based_on: Heads | None = None) -> Goal:
        with self._scope.replica.writing() as writing:
            row = self._scope.row(Kind.GOAL, id)
            self._scope.change(writing, Kind.GOAL, row, change, based_on=based_on)
            return self.get(row.id)


def _id_of(step: str | GoalStep) -> str:
    return step.id if isinstance(step, GoalStep) else checks.text("step", step)


def _goal(row: StoredRecord[goals.Goal]) -> Goal:
    model = row.model
    return Goal(
        id=row.id,
        what=model.what,
        why=model.why,
        steps=tuple(
            GoalStep(id=id, text=step.text, done_on=step.done_on) for id, step in elements.in_order(model.steps)
        ),
        state=model.state,
        made_at=model.made_at,
        arrived_at=row.arrived_at,
        changed_by=row.last.by,
        changed_at=row.last.at,
        version=row.version,
        problems=model.problems,
    )
