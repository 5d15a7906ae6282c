"""What the pages of a plan show, prepared. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import get_args
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.care.episodes import scale_key
from intersession_schemas.documents.care.plan import (
    MISSED_RUN,
    SILENCE,
    Pause,
    PauseReason,
    Plan,
    PlanTracker,
    SafetyPart,
    SafetyStep,
    ScheduledAssessment,
    TemplateSection,
    sections_on,
)
from intersession_schemas.documents.care.templates import Template
from intersession_schemas.documents.forms import Field, FieldType
from intersession_schemas.instruments import labels
from intersession_schemas.instruments.values import Instrument
from intersession_schemas.measures.signals.deterioration import judged_scales
from intersession_server.language.language import current, say
from intersession_server.projections.read_models import ResourceView
from intersession_server.web.client.plan_views import (
    SafetyGroup,
    answered_by,
    assessment_words,
    journal_words,
    part_title,
    pause_words,
    reason_words,
    safety_groups,
    tracker_words,
    type_words,
)
from intersession_server.web.forms.recurring import RecurrenceFields, recurrence_fields
from intersession_server.web.page import phrases
from intersession_server.web.plan.elements import ElementsShown, placed, placed_in, slug
from intersession_server.web.plan.sent import label_lines

_MOST_POINTS = 12
"""Steps of a scale that are shown one by one."""
Choices = list[tuple[str, str]]
"""Values and words of a choice."""


class PreviewField(Struct, frozen=True):
    """A question as the client is asked it. `points`: the values of a scale and their names, where they are few."""

    slug: str
    field: Field
    points: list[tuple[str, str]]


class JournalShown(Struct, frozen=True, kw_only=True):
    """The journal's template."""

    introduction: str
    since: date | None
    when: str
    recurs: RecurrenceFields
    sections: ElementsShown[TemplateSection]
    words: Mapping[str, str]
    labels: Mapping[str, str]
    preview: list[PreviewField]
    templates: Choices
    types: Choices


class AttachedResource(Struct, frozen=True):
    """A resource that can be attached to something, and whether it is."""

    id: UUID
    title: str
    attached: bool


class TrackersShown(Struct, frozen=True, kw_only=True):
    """The trackers, their recurrence and resources by id; `+` is a new one."""

    trackers: ElementsShown[PlanTracker]
    words: Mapping[str, str]
    labels: Mapping[str, str]
    recurs: Mapping[str, RecurrenceFields]
    resources: Mapping[str, list[AttachedResource]]


class AssessmentsPlanned(Struct, frozen=True, kw_only=True):
    """The schedule of assessments. `without_wording`: instruments that clients cannot be asked here, and so cannot be
    scheduled."""

    scheduled: ElementsShown[ScheduledAssessment]
    titles: Mapping[str, str]
    words: Mapping[str, str]
    recurs: Mapping[str, RecurrenceFields]
    instruments: Choices
    without_wording: list[str]


class SafetyPartShown(Struct, frozen=True, kw_only=True):
    """A part of the safety plan and its steps."""

    part: SafetyPart
    title: str
    steps: ElementsShown[SafetyStep]


class SafetyShown(Struct, frozen=True, kw_only=True):
    """The safety plan. `preview` is what the client sees, with the titles of the resources beside it."""

    parts: list[SafetyPartShown]
    choices: Choices
    resources: list[AttachedResource]
    preview: list[SafetyGroup]
    preview_resources: list[str]
    templates: Choices


class ThresholdShown(Struct, frozen=True, kw_only=True):
    """From where on something is a signal for this client; None: by their own rate, or what is published."""

    key: str
    slug: str
    name: str
    words: str
    at: float | None


class DaysShown(Struct, frozen=True, kw_only=True):
    """Pauses, when a day begins, and from where on something is a signal. `risk_items`: what is always told."""

    pauses: ElementsShown[Pause]
    pause_days: Mapping[str, str]
    pause_words: Mapping[str, str]
    reasons: Choices
    day_begins: int
    hours: Choices
    thresholds: list[ThresholdShown]
    risk_items: list[tuple[str, list[str]]]


def journal_shown(plan: Plan, today: date, first: int, templates: Sequence[tuple[str, Template]]) -> JournalShown:
    """The journal's template, the sections from the one with the number `first` on."""
    sections = placed(plan.sections, first)
    return JournalShown(
        introduction=plan.introduction,
        since=plan.journal_since,
        when=journal_words(plan),
        recurs=recurrence_fields(plan.journal_rule),
        sections=sections,
        words={one.id: _section_words(one.of) for one in sections.items},
        labels={one.id: label_lines(one.of.labels) for one in sections.items},
        preview=[preview_field(id_, one) for id_, one in sections_on(plan, today).items()],
        templates=template_choices(templates),
        types=[(one, type_words(one)) for one in get_args(FieldType)],
    )


def _section_words(section: TemplateSection) -> str:
    first = "" if section.active_from is None else say("from %(day)s", day=phrases.day(section.active_from))
    last = "" if section.active_to is None else say("to %(day)s", day=phrases.day(section.active_to))
    return phrases.joined(answered_by(section), say("required") if section.required else "", first, last)


def preview_field(id_: str, field: Field) -> PreviewField:
    """A question as the client is asked it."""
    points: list[tuple[str, str]] = []
    if field.type == "scale" and field.low is not None and field.high is not None:
        called = {one.at: one.text for one in field.labels}
        if field.high - field.low <= _MOST_POINTS and float(field.low).is_integer():
            values = [field.low + step for step in range(int(field.high - field.low) + 1)]
            points = [(phrases.number(one), called.get(one, "")) for one in values]
    return PreviewField(slug(id_), field, points)


def trackers_shown(plan: Plan, today: date, first: int, resources: Sequence[ResourceView]) -> TrackersShown:
    """The trackers, from the one with the number `first` on."""
    trackers = placed(plan.trackers, first)
    return TrackersShown(
        trackers=trackers,
        words={one.id: tracker_words(one.of, today) for one in trackers.items},
        labels={one.id: label_lines(one.of.labels) for one in trackers.items},
        recurs={one.id: recurrence_fields(one.of.rule) for one in trackers.items}
        | {"+": recurrence_fields("FREQ=DAILY")},
        resources={one.id: attached(one.of.resources, resources) for one in trackers.items}
        | {"+": attached((), resources)},
    )


def attached(ids: Sequence[UUID], resources: Sequence[ResourceView]) -> list[AttachedResource]:
    """The resources that can be attached; what is attached and not among them stays, without its title."""
    known = {one.id: one.resource.title for one in resources}
    found = [AttachedResource(id_, title, id_ in ids) for id_, title in known.items()]
    return found + [AttachedResource(id_, say("another resource"), True) for id_ in ids if id_ not in known]


def assessments_planned(plan: Plan, first: int, instruments: Sequence[tuple[str, str, bool]]) -> AssessmentsPlanned:
    """The schedule, from the one with the number `first` on. `instruments`: key, title, whether it is offered."""
    titles = {key: title for key, title, _ in instruments}
    scheduled = placed(plan.assessments, first)
    offered = [(key, title) for key, title, is_offered in instruments if is_offered]
    known = {key for key, _ in offered}
    # What is asked already can be gone on with, whatever the library has now.
    more = {one.instrument: titles.get(one.instrument, one.instrument) for one in plan.assessments.values()}
    return AssessmentsPlanned(
        scheduled=scheduled,
        titles=titles | more,
        words={one.id: _assessment_words(one.of) for one in scheduled.items},
        recurs={one.id: recurrence_fields(one.of.rule) for one in scheduled.items}
        | {"+": recurrence_fields("FREQ=WEEKLY")},
        instruments=offered + [(key, title) for key, title in more.items() if key not in known],
        without_wording=[title for _, title, is_offered in instruments if not is_offered],
    )


def _assessment_words(one: ScheduledAssessment) -> str:
    first = "" if one.since is None else say("from %(day)s", day=phrases.day(one.since))
    last = "" if one.until is None else say("to %(day)s", day=phrases.day(one.until))
    return phrases.joined(assessment_words(one), first, last)


def safety_shown(
    plan: Plan, resources: Sequence[ResourceView], templates: Sequence[tuple[str, Template]]
) -> SafetyShown:
    """The safety plan, part by part."""
    order = sorted(plan.safety_plan, key=lambda id_: (plan.safety_plan[id_].order, id_))
    parts = []
    for part in get_args(SafetyPart):
        ids = [id_ for id_ in order if plan.safety_plan[id_].part == part]
        parts.append(
            SafetyPartShown(part=part, title=part_title(part), steps=placed_in(plan.safety_plan, ids, most=len(ids)))
        )
    beside = attached(plan.safety_resources, resources)
    return SafetyShown(
        parts=parts,
        choices=[(part, part_title(part)) for part in get_args(SafetyPart)],
        resources=beside,
        preview=safety_groups(plan),
        preview_resources=[one.title for one in beside if one.attached],
        templates=template_choices(templates),
    )


def days_shown(plan: Plan, first: int, known: Mapping[str, Instrument]) -> DaysShown:
    """Pauses, days and thresholds. `known`: the instruments that can be scored here, by key."""
    newest = sorted(plan.pauses, key=lambda id_: (plan.pauses[id_].first or date.min, id_), reverse=True)
    pauses = placed_in(plan.pauses, newest, first)
    words = {one.id: pause_words(one.of) for one in pauses.items}
    return DaysShown(
        pauses=pauses,
        pause_days={id_: one.text for id_, one in words.items()},
        pause_words={id_: one.detail for id_, one in words.items()},
        reasons=[(one, reason_words(one)) for one in get_args(PauseReason)],
        day_begins=plan.day_begins,
        hours=[(str(hour), f"{hour:02}:00") for hour in range(24)],
        thresholds=_thresholds(plan, known),
        risk_items=_risk_items(plan, known),
    )


def _thresholds(plan: Plan, known: Mapping[str, Instrument]) -> list[ThresholdShown]:
    locale = current().tag
    names = {SILENCE: say("Silence"), MISSED_RUN: say("Homework missed in a row")}
    for key in sorted({one.instrument for one in plan.assessments.values()} & known.keys()):
        for scale in known[key].scales:
            if scale.key in judged_scales(known[key]):
                names[scale_key(key, scale.key)] = (
                    f"{labels.title(known[key], locale)} · {labels.scale_label(known[key], scale.key, locale)}"
                )
    names |= {key: _threshold_name(key, known) for key in plan.thresholds if key not in names}
    found = []
    for key, name in names.items():
        given = plan.thresholds.get(key)
        found.append(
            ThresholdShown(
                key=key,
                slug=slug(key),
                name=name,
                words=_measure(key),
                at=None if given is None else given.at,
            )
        )
    return found


def _threshold_name(key: str, known: Mapping[str, Instrument]) -> str:
    """What a threshold is about where its instrument is not scheduled; its key where nobody knows."""
    name, _, scale = key.partition("/")
    instrument = known.get(name)
    if instrument is None or scale not in instrument.scale_keys():
        return key
    return f"{labels.title(instrument, current().tag)} · {labels.scale_label(instrument, scale, current().tag)}"


def _measure(key: str) -> str:
    """What a threshold counts, and what decides where there is none."""
    match key:
        case "silence":
            return say("Days without anything from the client. Empty: by the client’s own rhythm.")
        case "missed_run":
            return say("Occurrences in a row. Empty: by the client’s own rate.")
        case _:
            return say("Points worse than the client’s best level. Empty: by reliable change, or what is published.")


def _risk_items(plan: Plan, known: Mapping[str, Instrument]) -> list[tuple[str, list[str]]]:
    asked = sorted({one.instrument for one in plan.assessments.values()} & known.keys())
    locale, found = current().tag, []
    for instrument in (known[key] for key in asked if known[key].risks):
        risks = [labels.risk_label(instrument, one, locale) for one in instrument.risks]
        found.append((labels.title(instrument, locale), risks))
    return found


def template_choices(templates: Sequence[tuple[str, Template]]) -> Choices:
    """Templates to choose from."""
    return [(key, one.title) for key, one in templates]
