"""Assessments as apps read them: worked out from a row, the instrument and its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from msgspec.structs import replace

from intersession.documents.records import StoredRecord, is_sent
from intersession.models.measures import Assessment, Completion, Question, Risk, WhereRisk
from intersession.replica.scope import Scope
from intersession.scoring import asking
from intersession.scoring.asking import Askable
from intersession_schemas.documents.assessments import answers, assessments
from intersession_schemas.documents.assessments.answers import AnswerValue
from intersession_schemas.instruments.scoring import applies, missing_items, positive_risk
from intersession_schemas.instruments.values import Choice, Instrument, Item, Prompt
from intersession_schemas.measures.scores import NOT_TAKEN, OTHER_SCHEME, scored
from intersession_schemas.streams import Kind

INCOMPLETE = "incomplete, not scored"
UNKNOWN = "This device does not know the instrument, so it is not scored here."
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

AssessmentRow = StoredRecord[assessments.Assessment]


def views(scope: Scope, rows: Sequence[AssessmentRow]) -> list[Assessment]:
    """Assessments with what they come to, under the lock."""
    known, askable = asking.known(scope), asking.askable(scope)
    return [
        _view(
            row,
            known.get(row.model.instrument),
            askable,
            _amending(scope.rows(Kind.ASSESSMENT, about=row.id)),
            sent=is_sent(scope.replica.store, row),
        )
        for row in rows
    ]


def questions(
    instrument: Instrument,
    askable: Askable | None,
    given: Mapping[str, AnswerValue] | None = None,
    conflicts: Mapping[str, tuple[AnswerValue, ...]] | None = None,
) -> tuple[Question, ...]:
    """The items in the order asked; without words all of them, in the instrument's order."""
    given, conflicts = given or {}, conflicts or {}
    if askable is None:
        asked: list[tuple[Item, Prompt | None]] = [(item, None) for item in instrument.items]
    else:
        asked = [(instrument.item(prompt.item), prompt) for prompt in askable.wording.prompts]
    plain = {key: _plain(value) for key, value in given.items() if key not in conflicts}
    return tuple(
        _question(item, prompt, given, conflicts.get(item.key, ()), applies=applies(instrument, item, plain))
        for item, prompt in asked
    )


def _question(
    item: Item,
    prompt: Prompt | None,
    given: Mapping[str, AnswerValue],
    conflict: tuple[AnswerValue, ...],
    *,
    applies: bool,
) -> Question:
    return Question(
        item=item.key,
        label=item.label,
        prompt="" if prompt is None else prompt.text,
        choices=_choices(item, prompt),
        allowed=item.allowed,
        yes_no=item.type == "yes-no",
        optional=item.optional,
        applies=applies,
        answer=None if conflict else given.get(item.key),
        conflict=conflict,
    )


def _choices(item: Item, prompt: Prompt | None) -> tuple[Choice, ...]:
    if prompt is None or prompt.choices or item.type != "yes-no":
        return () if prompt is None else prompt.choices
    return (Choice(text="Yes", value=True), Choice(text="No", value=False))


def risks_of(model: assessments.Assessment, instrument: Instrument | None) -> tuple[Risk, ...]:
    """Every answer that somebody has to look at, wherever it stands: none hides behind another one."""
    if instrument is None or not instrument.risks:
        return ()
    found: dict[tuple[str, WhereRisk], Risk] = {}
    for item, value, where, at in _standing(model):
        for rule in positive_risk(instrument, {item: value}):
            found.setdefault((rule.key, where), Risk(item=item, label=rule.label, where=where, at=at, level=rule.level))
    return tuple(found.values())


def _standing(model: assessments.Assessment) -> Iterator[tuple[str, AnswerValue, WhereRisk, datetime]]:
    for completion in model.completions:
        for item, value in completion.answers.items():
            yield item, value, "completed", completion.completed_at
    by_place: tuple[tuple[WhereRisk, dict[str, tuple[answers.ItemAnswer, ...]]], ...] = (
        ("draft", model.draft),
        ("overridden", model.overridden),
    )
    for where, given in by_place:
        for item, standing in given.items():
            for one in standing:
                yield item, one.value, where, one.at


def _view(
    row: AssessmentRow,
    instrument: Instrument | None,
    askable: Mapping[str, Askable],
    amended_by: tuple[UUID, ...],
    *,
    sent: bool,
) -> Assessment:
    model = row.model
    completions = tuple(_completion(one, model, instrument) for one in model.completions)
    newest = completions[-1] if completions else None
    given = model.answers if newest is None else newest.answers
    conflicts = {} if newest is not None else _conflicts(model)
    return Assessment(
        id=row.id,
        instrument=model.instrument,
        title=model.instrument if instrument is None else instrument.title,
        scheme=model.scheme,
        state=model.state,
        started_at=model.started_at or row.arrived_at or _EPOCH,
        completed_at=None if newest is None else newest.completed_at,
        arrived_at=row.arrived_at,
        sent=sent,
        changed_by=row.last.by,
        changed_at=row.last.at,
        version=row.version,
        items=_items(instrument, askable.get(model.instrument), given, conflicts),
        missing=missing(instrument, given) if newest is None else newest.missing,
        conflicts=tuple(conflicts),
        completions=completions,
        scores=() if newest is None else newest.scores,
        note=_note(completions, instrument),
        risk=risks_of(model, instrument),
        zone=model.zone,
        schedule=model.schedule,
        occurrence=model.occurrence,
        administered_by=model.administered_by,
        amends=model.amends,
        amended_by=amended_by,
        problems=model.problems,
    )


def _items(
    instrument: Instrument | None,
    askable: Askable | None,
    given: Mapping[str, AnswerValue],
    conflicts: Mapping[str, tuple[AnswerValue, ...]],
) -> tuple[Question, ...]:
    """The questions; answers beyond them, as of an instrument that is not known here, by their keys."""
    asked = () if instrument is None else questions(instrument, askable, given, conflicts)
    there = {one.item for one in asked}
    others = [item for item in dict.fromkeys([*given, *conflicts]) if item not in there]
    beyond = (
        Question(
            item=item,
            label=item if instrument is None or item not in instrument.item_keys() else instrument.item(item).label,
            prompt="",
            choices=(),
            allowed=(),
            optional=True,
            answer=None if item in conflicts else given.get(item),
            conflict=conflicts.get(item, ()),
        )
        for item in others
    )
    return (*asked, *beyond)


def _conflicts(model: assessments.Assessment) -> dict[str, tuple[AnswerValue, ...]]:
    return {item: tuple(one.value for one in model.draft[item]) for item in model.conflicts}


def missing(instrument: Instrument | None, given: Mapping[str, AnswerValue]) -> tuple[str, ...]:
    """The items that a complete form still needs; none of an instrument that is not known here."""
    if instrument is None:
        return ()
    return missing_items(instrument, {item: _plain(value) for item, value in given.items()})


def _plain(value: AnswerValue) -> int | bool | None:
    """What may be an answer at all: a text of another app is none."""
    return int(value) if isinstance(value, float) else None if isinstance(value, str) else value


def _completion(one: answers.Completion, model: assessments.Assessment, instrument: Instrument | None) -> Completion:
    plain = Completion(
        id=one.id, completed_at=one.completed_at, answers=dict(one.answers), wording=one.wording.status, note=UNKNOWN
    )
    if instrument is None:
        return plain
    lacking = missing(instrument, one.answers)
    if (one.scheme or model.scheme) != instrument.scheme:
        return replace(plain, missing=lacking, note=OTHER_SCHEME)
    result = scored(instrument, one)
    if result is None:
        return replace(plain, missing=lacking, note=NOT_TAKEN)
    reasons = dict.fromkeys(scale.why for scale in result.scales if scale.why is not None)
    return replace(
        plain,
        scores=result.scales,
        rules=result.rules,
        level=result.level,
        missing=result.missing,
        note="; ".join(reasons) or (INCOMPLETE if result.missing and not result.scales else ""),
    )


def _note(completions: Sequence[Completion], instrument: Instrument | None) -> str:
    if not completions:
        return UNKNOWN if instrument is None else ""
    return completions[-1].note


def _amending(rows: Iterable[AssessmentRow]) -> tuple[UUID, ...]:
    """Of the assessments that correct one, those that are completed."""
    return tuple(row.id for row in rows if row.model.completions)
