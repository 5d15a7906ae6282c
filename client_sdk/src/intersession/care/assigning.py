"""Homework as the care team gives it: assigning, reviewing, adapting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, get_args
from uuid import UUID

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from intersession.care.homework import HomeworkReader, review_view
from intersession.documents.records import StoredRecord
from intersession.documents.writing import Writing
from intersession.errors import InvalidField
from intersession.inputs import checks, elements
from intersession.inputs.changeable import HomeworkFields
from intersession.inputs.checks import Fields
from intersession.inputs.versions import heads_of
from intersession.models.records import Assignment, HomeworkReview
from intersession_schemas.documents.care import homework
from intersession_schemas.documents.care.homework import Decision
from intersession_schemas.documents.care.templates import Template
from intersession_schemas.streams import Kind

_CHANGEABLE = frozenset(HomeworkFields.__annotations__)
_GOES_ON_AS_ANOTHER = frozenset({"adapt", "step_up", "step_down", "replace"})
_ENDS = frozenset({"stop", "replace"})


class ClientHomework(HomeworkReader):
    """One client's homework, as `client.homework`. Every call raises `NotFound` once the assignment has ended."""

    def assign(
        self,
        what: str = "",
        *,
        why: str = "",
        agreed: bool = False,
        confidence: int | None = None,
        goal: UUID | None = None,
        fields: Fields | None = None,
        resources: Iterable[UUID] = (),
        due: date | None = None,
        rule: str = "",
        since: date | None = None,
        until: date | None = None,
        template: Template | None = None,
    ) -> Assignment:
        """Assign homework: due once (`due`), by `rule` from `since` (default: today) through `until`, or at any time.

        `rule` is an RRULE or a word: "daily", "weekdays", "weekly", "every two weeks", "monthly". `confidence` is 0–10,
        `goal` and `resources` are ids of this client's. `fields` is the worksheet: `Field`s by id or in their order,
        text for a question answered by text. Omitted fields come from `template`.
        Raises `NotFound`, `InvalidField`, `StoreFull`; then nothing is assigned.
        """
        if template is not None:
            what, why = what or template.what or template.title, why or template.why
            rule = rule or ("" if due is not None else template.rule)
            fields = template.fields if fields is None else fields
        with self._scope.replica.writing() as writing:
            given = dict[str, Any](
                what=what,
                why=why,
                agreed=agreed,
                confidence=confidence,
                goal=goal,
                fields=fields,
                resources=resources,
                due=due,
                rule=rule,
                since=self._scope.today() if since is None else since,
                until=until,
            )
            return self.get(self._assign(writing, homework.Homework(**self._checked(given))))

    def edit(
        self,
        id: UUID,
        *,
        what: str | UnsetType = UNSET,
        why: str | UnsetType = UNSET,
        agreed: bool | UnsetType = UNSET,
        confidence: int | UnsetType | None = UNSET,
        goal: UUID | UnsetType | None = UNSET,
        fields: Fields | UnsetType = UNSET,
        resources: Iterable[UUID] | UnsetType = UNSET,
        due: date | UnsetType | None = UNSET,
        rule: str | UnsetType = UNSET,
        since: date | UnsetType = UNSET,
        until: date | UnsetType | None = UNSET,
        based_on: Assignment | str | None = None,
    ) -> Assignment:
        """Change the given fields. `fields` is the whole worksheet: questions left out are removed.

        `based_on` is the assignment that they were made from, or its `version`, as in `Journal.edit`: what a colleague
        wrote meanwhile is kept, and a question that they added stays. Raises as `assign`.

        To continue with different homework, kept apart from this one, `review` it as adapted.
        """
        given = dict[str, Any](
            what=what,
            why=why,
            agreed=agreed,
            confidence=confidence,
            goal=goal,
            fields=fields,
            resources=resources,
            due=due,
            rule=rule,
            since=since,
            until=until,
        )
        changes = {name: value for name, value in given.items() if value is not UNSET}
        seen = heads_of(based_on)
        with self._scope.replica.writing() as writing:
            row = self._scope.row(Kind.HOMEWORK, id)
            self._scope.change(
                writing,
                Kind.HOMEWORK,
                row,
                lambda value: replace(value, **self._checked(changes, value)),
                based_on=seen,
            )
            return self.get(row.id)

    def end(self, id: UUID, on: date | None = None) -> Assignment:
        """End an assignment: it is no longer due from the day `on` (default: today). Raises `NotFound`, `StoreFull`."""
        day = checks.optional_day("on", on)
        with self._scope.replica.writing() as writing:
            row = self._scope.row(Kind.HOMEWORK, id)
            self._end(writing, row, day)
            return self.get(row.id)

    def review(
        self,
        id: UUID,
        decision: Decision,
        *,
        reason: str = "",
        evidence: Iterable[UUID] = (),
        change: HomeworkFields | None = None,
    ) -> HomeworkReview:
        """Review an assignment: keep, adapt, step_up, step_down, replace or stop.

        "stop" and "replace" end it today. With `change` (fields as in `assign`), "adapt", "step_up", "step_down" and
        "replace" end it and assign a successor: the same except for the changes, from today, linked by `predecessor`
        and the review's `successor`. `evidence` lists ids of documents that the decision is based on. Raises
        `NotFound`, `InvalidField`, `StoreFull`; then nothing is kept.
        """
        if decision not in get_args(Decision):
            raise InvalidField(f"decision must be one of: {', '.join(get_args(Decision))}.")
        if change is not None and decision not in _GOES_ON_AS_ANOTHER:
            raise InvalidField(f"change is only possible with one of: {', '.join(sorted(_GOES_ON_AS_ANOTHER))}.")
        with self._scope.replica.writing() as writing:
            row = self._scope.row(Kind.HOMEWORK, id)
            successor = None if change is None else self._assign(writing, self._successor(row, change))
            if decision in _ENDS or successor is not None:
                self._end(writing, row, None)
            review = homework.HomeworkReview(
                homework=row.id,
                decision=decision,
                reason=checks.text("reason", reason),
                evidence=checks.uuids("evidence", evidence),
                successor=successor,
                reviewed_at=self._scope.now(),
            )
            made = self._scope.add(writing, Kind.HOMEWORK_REVIEW, review)
            return review_view(self._scope, self._scope.row(Kind.HOMEWORK_REVIEW, made))

    def _successor(self, row: StoredRecord[homework.Homework], change: HomeworkFields) -> homework.Homework:
        if not isinstance(change, Mapping) or not _CHANGEABLE.issuperset(change):
            raise InvalidField(f"change may contain: {', '.join(sorted(_CHANGEABLE))}.")
        before = row.model
        given = self._checked({"since": self._scope.today(), **change}, before)
        if given.get("rule"):
            given.setdefault("due", None)
        elif given.get("due") is not None:
            given.setdefault("rule", "")
        if before.until is not None and given["since"] is not None and before.until < given["since"]:
            given.setdefault("until", None)
        return replace(before, **{**given, "predecessor": row.id, "ended_on": None, "problems": ()})

    def _assign(self, writing: Writing, value: homework.Homework) -> UUID:
        return self._scope.add(writing, Kind.HOMEWORK, replace(value, assigned_at=self._scope.now()))

    def _end(self, writing: Writing, row: StoredRecord[homework.Homework], on: date | None) -> None:
        """On that day; or today, unless it has ended before."""
        today = self._scope.today()
        kept = row.model.ended_on
        day = on if on is not None else today if kept is None else min(kept, today)
        self._scope.change(writing, Kind.HOMEWORK, row, lambda value: replace(value, ended_on=day))

    def _checked(self, given: dict[str, Any], before: homework.Homework | None = None) -> dict[str, Any]:
        """What is given, in the types of an assignment; what it points to is there. Raises `InvalidField`, `NotFound`.

        Questions given without ids keep those that they had `before`, so that answers stay comparable.
        """
        checked = dict(given)
        for name in ("what", "why"):
            if name in given:
                checked[name] = checks.text(name, given[name])
        for name in ("due", "since", "until"):
            if name in given:
                checked[name] = checks.optional_day(name, given[name])
        if "rule" in given:
            checked["rule"] = checks.rule(given["rule"])
        if "fields" in given:
            checked["fields"] = checks.fields(given["fields"])
            if before is not None and not isinstance(given["fields"], Mapping):
                checked["fields"] = elements.rewritten(before.fields, checked["fields"].values(), by="prompt")
        if "goal" in given:
            checked["goal"] = checks.optional_uuid("goal", given["goal"])
            if checked["goal"] is not None:
                self._scope.row(Kind.GOAL, checked["goal"])
        if "resources" in given:
            checked["resources"] = checks.uuids("resources", given["resources"])
            for resource in checked["resources"]:
                self._scope.row(Kind.RESOURCE, resource)
        return checked
