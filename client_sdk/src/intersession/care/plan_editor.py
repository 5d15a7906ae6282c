"""What may be done to a plan while it is edited, call by call; nothing is written before the edit has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Unpack
from uuid import UUID

from msgspec import UNSET
from msgspec.structs import asdict, replace

from intersession.errors import InvalidField, NotFound
from intersession.inputs import checks, elements
from intersession.inputs.changeable import AssessmentFields, PauseFields, SafetyStepFields, SectionFields, TrackerFields
from intersession.inputs.checks import Labels
from intersession.models.records import (
    Pause,
    Plan,
    PlanTracker,
    SafetyStep,
    ScheduledAssessment,
    TemplateSection,
    Threshold,
)
from intersession_schemas.documents.care.episodes import is_scale
from intersession_schemas.documents.care.plan import MISSED_RUN, PLAN, SILENCE, PauseReason, SafetyPart
from intersession_schemas.documents.care.templates import Template
from intersession_schemas.documents.forms import FieldType, Number
from intersession_schemas.documents.shapes import Element

_IDS = frozenset({"resources"})
_DAYS = frozenset({"active_from", "active_to", "since", "until", "first", "last"})


class PlanEditor:
    """The edits that can be made inside `client.plan.edit()`. `plan` is the plan with the edits so far.

    Every call checks its arguments: after an `InvalidField` or `NotFound` the plan is as it was before the call.
    Removed elements are only marked as removed; what another device writes into them is kept.
    """

    def __init__(self, plan: Plan, today: date, schedulable: Callable[[str], str]) -> None:
        self._plan = plan
        self._today = today
        self._schedulable = schedulable
        self.instruments: set[str] = set()
        """The instruments that were scheduled in this edit."""
        self._fits = _fits(plan)

    @property
    def plan(self) -> Plan:
        """The plan with the edits so far."""
        return self._plan

    # -- the journal ---------------------------------------------------------------------------------------------------

    def journal(self, rule: str | None = None, since: date | None = None, introduction: str | None = None) -> None:
        """When the journal is due, and the introduction above its sections; None leaves a value unchanged.

        `rule` is an RRULE or a word such as "daily"; empty: daily while there are sections.
        """
        given = dict[str, Any]()
        if rule is not None:
            given["journal_rule"] = checks.rule(rule)
        if since is not None:
            given["journal_since"] = checks.day("since", since)
        if introduction is not None:
            given["introduction"] = checks.text("introduction", introduction)
        self._set(**given)

    def day_begins(self, hour: int) -> None:
        """The full hour at which the client's days begin, 0 to 23: with 4, 1 a.m. belongs to the previous day.

        It applies to all days, including past ones. Due lists, adherence, trends and pages use it; a rule's slot
        before that hour comes at the end of its day.
        """
        if type(hour) is not int or not 0 <= hour <= 23:
            raise InvalidField("hour must be an integer from 0 to 23.")
        self._set(day_begins=hour)

    def add_section(
        self,
        prompt: str,
        type: FieldType = "prose",
        *,
        required: bool = False,
        low: Number | None = None,
        high: Number | None = None,
        labels: Labels = (),
        options: Iterable[str] = (),
        unit: str = "",
        active_from: date | None = None,
        active_to: date | None = None,
        after: str | None = None,
    ) -> str:
        """Add a section to the journal, after the section with the id `after` or at the end; returns its id.

        `type` is prose, scale (with `low` and `high`), number, yes_no, one_of, several_of, checklist (with `options`)
        or time. It is asked from `active_from` to `active_to`, both included.
        """
        section = TemplateSection(
            prompt=checks.text("prompt", prompt),
            type=type,
            required=required,
            low=low,
            high=high,
            labels=checks.labels(labels),
            options=checks.texts("options", options),
            unit=unit,
            active_from=checks.optional_day("active_from", active_from),
            active_to=checks.optional_day("active_to", active_to),
        )
        return self._add("sections", section, after)

    def change_section(self, id: str, **fields: Unpack[SectionFields]) -> None:
        """Change the given fields of a section, as in `add_section`. Existing answers keep their wording."""
        self._change("sections", id, fields)

    def move_section(self, id: str, after: str | None = None) -> None:
        """Put a section after the one with the id `after`, or first."""
        self._move("sections", id, after)

    def remove_section(self, id: str) -> None:
        """Remove a section; existing answers stay."""
        self._remove("sections", id)

    # -- trackers ------------------------------------------------------------------------------------------------------

    def add_tracker(
        self,
        name: str,
        low: Number = 0,
        high: Number = 10,
        labels: Labels = (),
        rule: str = "daily",
        since: date | None = None,
        *,
        until: date | None = None,
        question: str = "",
        resources: Iterable[UUID] = (),
        after: str | None = None,
    ) -> str:
        """Track a symptom, logged as `name` from `low` to `high`, by `rule` from `since` (today); returns its id."""
        tracker = PlanTracker(
            name=checks.name("name", name),
            question=checks.text("question", question),
            low=low,
            high=high,
            labels=checks.labels(labels),
            rule=checks.rule(rule),
            since=self._today if since is None else checks.day("since", since),
            until=checks.optional_day("until", until),
            resources=checks.uuids("resources", resources),
        )
        return self._add("trackers", tracker, after)

    def change_tracker(self, id: str, **fields: Unpack[TrackerFields]) -> None:
        """Change the given fields of a tracker, as in `add_tracker`."""
        self._change("trackers", id, fields)

    def move_tracker(self, id: str, after: str | None = None) -> None:
        """Put a tracker after the one with the id `after`, or first."""
        self._move("trackers", id, after)

    def remove_tracker(self, id: str) -> None:
        """Remove a tracker; existing logs stay."""
        self._remove("trackers", id)

    # -- pauses --------------------------------------------------------------------------------------------------------

    def pause(self, first: date, last: date | None = None, reason: PauseReason = "other", note: str = "") -> str:
        """Add a pause: nothing is due from `first` through `last` (None: until further notice); returns its id."""
        pause = Pause(
            first=checks.day("first", first),
            last=checks.optional_day("last", last),
            reason=reason,
            note=checks.text("note", note),
        )
        return self._add("pauses", pause, None)

    def change_pause(self, id: str, **fields: Unpack[PauseFields]) -> None:
        """Change the given fields of a pause, as in `pause`."""
        self._change("pauses", id, fields)

    def end_pause(self, id: str, last: date) -> None:
        """Set the last day of a pause."""
        self._change("pauses", id, {"last": last})

    def remove_pause(self, id: str) -> None:
        """Remove a pause, as if it had never been."""
        self._remove("pauses", id)

    # -- thresholds of signals ---------------------------------------------------------------------------------------

    def threshold(self, of: str, at: float | None) -> None:
        """Set from where on something is a signal for this client; None: by their own rate, or what is published.

        `of` is "silence" (days without anything), "missed_run" (times in a row), or a scale such as "phq-9/total"
        (points worse than the best level). Risk items have none. Raises `InvalidField`.
        """
        key = checks.text("of", of)
        if key not in (SILENCE, MISSED_RUN) and not is_scale(key):
            raise InvalidField(f'A threshold is of "{SILENCE}", "{MISSED_RUN}", or a scale such as "phq-9/total".')
        others = {one: value for one, value in self.plan.thresholds.items() if one != key}
        if at is not None:
            others[key] = Threshold(at=at)
        self._set(thresholds=others)

    # -- the safety plan -----------------------------------------------------------------------------------------------

    def add_safety_step(self, part: SafetyPart, text: str, contact: str = "", *, after: str | None = None) -> str:
        """Add a step to one part of the safety plan, after the step with the id `after` or at the end; returns its id.

        `part` is warning_signs, on_my_own, people_and_places, people_to_ask, professionals or safe_place; `contact`
        says whom to reach and how.
        """
        step = SafetyStep(part=part, text=checks.text("text", text), contact=checks.text("contact", contact))
        return self._add("safety_plan", step, after)

    def change_safety_step(self, id: str, **fields: Unpack[SafetyStepFields]) -> None:
        """Change the given fields of a step, as in `add_safety_step`."""
        self._change("safety_plan", id, fields)

    def move_safety_step(self, id: str, after: str | None = None) -> None:
        """Put a step after the one with the id `after`, or first."""
        self._move("safety_plan", id, after)

    def remove_safety_step(self, id: str) -> None:
        """Remove a step."""
        self._remove("safety_plan", id)

    def safety_resources(self, ids: Iterable[UUID]) -> None:
        """Set the resources that belong to the safety plan: these, and no others."""
        self._set(safety_resources=checks.uuids("ids", ids))

    # -- assessments ---------------------------------------------------------------------------------------------------

    def add_assessment(
        self,
        instrument: str,
        rule: str = "",
        since: date | None = None,
        *,
        until: date | None = None,
        before_each_session: bool = False,
        open_days: int = 7,
        remind_days: int | None = None,
    ) -> str:
        """Schedule an instrument, by `rule` from `since` (today) or before each session; returns the schedule's id.

        It is open for `open_days`: from its day on, or up to the session. `upcoming` has a reminder `remind_days` after
        it opened, unless it is answered by then. Its wording is copied from the practice's
        library into the record. Raises `InvalidField`, also if no wording has been imported: then enter scores from
        paper (`client.assessments.on_paper`).
        """
        scheduled = ScheduledAssessment(
            instrument=self._asked(instrument),
            rule=checks.rule(rule),
            before_each_session=before_each_session,
            since=self._today if since is None else checks.day("since", since),
            until=checks.optional_day("until", until),
            open_days=open_days,
            remind_days=remind_days,
        )
        return self._add("assessments", scheduled, None)

    def change_assessment(self, id: str, **fields: Unpack[AssessmentFields]) -> None:
        """Change the given fields of a schedule, as in `add_assessment`."""
        if "instrument" in fields:
            fields["instrument"] = self._asked(fields["instrument"])
        self._change("assessments", id, fields)

    def _asked(self, instrument: str) -> str:
        key = self._schedulable(instrument)
        self.instruments.add(key)
        return key

    def remove_assessment(self, id: str) -> None:
        """Remove a schedule; completed assessments stay."""
        self._remove("assessments", id)

    # -- templates -----------------------------------------------------------------------------------------------------

    def use(self, template: Template) -> tuple[str, ...]:
        """Add a template's content at the end: the steps of a safety plan, or the questions of any other as sections.

        A journal template also sets the introduction and the rule, unless the plan already has them.
        Returns the ids of what was added.
        """
        before = self._plan
        try:
            if template.makes == "safety_plan":
                added = [self._add("safety_plan", step, None) for _, step in elements.in_order(template.steps)]
            else:
                sections = [TemplateSection(**asdict(field)) for _, field in elements.in_order(template.fields)]
                added = [self._add("sections", section, None) for section in sections]
            if not added:
                raise InvalidField("That template has nothing for a plan.")
            if template.makes == "journal":
                self.journal(
                    rule=template.rule if template.rule and not before.journal_rule else None,
                    introduction=template.what if not before.introduction.strip() else None,
                )
        except InvalidField:
            self._plan = before
            raise
        return tuple(added)

    # -- all of them ---------------------------------------------------------------------------------------------------

    def _set(self, **given: Any) -> None:
        after = replace(self._plan, **given)
        try:
            PLAN.check(after)
        except InvalidField:
            # What two wrote at once may not fit as a whole; then only what differs is checked, when it is written.
            if self._fits:
                raise
        self._plan = after

    def _with(self, name: str, work: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
        self._set(**{name: work(getattr(self._plan, name))})

    def _add(self, name: str, element: Element, after: str | None) -> str:
        id = elements.new_id()
        self._with(name, lambda before: elements.placed(before, id, element, after))
        return id

    def _move(self, name: str, id: str, after: str | None) -> None:
        self._with(name, lambda before: elements.moved(before, id, after))

    def _remove(self, name: str, id: str) -> None:
        self._with(name, lambda before: elements.without(before, id))

    def _change(self, name: str, id: str, fields: Mapping[str, Any]) -> None:
        before = getattr(self._plan, name).get(id)
        if before is None:
            raise NotFound("There is no element with that id in this plan.")
        if not set(before.__struct_fields__).issuperset(fields) or "order" in fields:
            known = sorted(set(before.__struct_fields__) - {"order"})
            raise InvalidField(f"You can change: {', '.join(known)}.")
        after = replace(before, **{field: _checked(field, value) for field, value in fields.items()})
        self._with(name, lambda elements: {**elements, id: after})


def _fits(plan: Plan) -> bool:
    try:
        PLAN.check(plan)
    except InvalidField:
        return False
    return True


def _checked(name: str, value: Any) -> Any:
    """A field of an element in its type, as far as that is not checked with the whole plan."""
    if value is UNSET:
        raise InvalidField(f"{name} must have a value.")
    if name == "rule":
        return checks.rule(value)
    if name == "name":
        return checks.name(name, value)
    if name == "labels":
        return checks.labels(value)
    if name == "options":
        return checks.texts(name, value)
    if name in _IDS:
        return checks.uuids(name, value)
    return checks.optional_day(name, value) if name in _DAYS else value
