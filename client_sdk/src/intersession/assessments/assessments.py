"""Assessments: what can be answered here, drafts that go on anywhere, and what was completed."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from intersession.assessments import views
from intersession.assessments.views import AssessmentRow
from intersession.care import agenda
from intersession.documents.records import at_most_one
from intersession.documents.rows import Write
from intersession.documents.writing import Writing
from intersession.errors import InvalidField
from intersession.inputs import checks
from intersession.inputs.clock import written, zone_of
from intersession.models.measures import Assessment, Available, Question, Risk
from intersession.models.records import Due
from intersession.replica.scope import Scope
from intersession.scoring import asking
from intersession_schemas.documents.assessments import assessments
from intersession_schemas.documents.assessments.answers import AnswerValue, WordingTaken
from intersession_schemas.documents.assessments.assessments import Start
from intersession_schemas.instruments.scoring import check_answers
from intersession_schemas.instruments.values import Instrument
from intersession_schemas.measures.scores import numbers
from intersession_schemas.streams import Kind


class AssessmentReader:
    """What client and therapist alike read of assessments."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def list(self, *, limit: int | None = None, after: UUID | None = None) -> builtins.list[Assessment]:
        """All assessments, drafts and completed ones, by when they were started, newest first.

        `limit` and `after` as in `Journal.entries`.
        """
        window = checks.listed(limit, after)
        with self._scope.replica.reading():
            return views.views(self._scope, self._scope.rows(Kind.ASSESSMENT, window=window))

    def get(self, id: UUID) -> Assessment:
        """The assessment with that id. Raises `NotFound`."""
        with self._scope.replica.reading():
            return views.views(self._scope, [self._scope.row(Kind.ASSESSMENT, id)])[0]


class Assessments(AssessmentReader):
    """The client's assessments, as `tracker.assessments`. Thread-safe; when a call returns, its data is on disk."""

    def available(self) -> builtins.list[Available]:
        """The instruments that can be answered on this device, those that are due first.

        These are Intersession's own, and those whose wording has arrived with the plan.
        """
        with self._scope.replica.reading():
            due = _due_by_instrument(self._scope)
            rows = self._scope.rows(Kind.ASSESSMENT, open=True)
            found = []
            for key, one in asking.askable(self._scope).items():
                draft = _open_draft(rows, key, *_named(due.get(key)))
                found.append(
                    Available(
                        instrument=key,
                        title=one.instrument.title,
                        window=one.instrument.window,
                        status=one.wording.status,
                        items=views.questions(one.instrument, one),
                        instructions=one.wording.instructions,
                        language=one.wording.language,
                        licence=one.instrument.licence.terms,
                        copyright=one.wording.copyright or "",
                        notes=one.wording.notes,
                        due=due.get(key),
                        draft=None if draft is None else draft.id,
                    )
                )
        return sorted(found, key=lambda one: (one.due is None, one.title.casefold()))

    def start(
        self,
        instrument: str | Due,
        *,
        schedule: str | None = None,
        occurrence: str | None = None,
        new: bool = False,
    ) -> Draft:
        """Start answering an instrument, or continue its open draft, on whichever device it was started.

        `instrument` is its key, or an item from `due`. Unless `schedule` and `occurrence` (as in `Due`) say which
        planned assessment it answers, it answers the one that is due now, if any. `new`: leave an open draft as it is
        and start another one. Raises `InvalidField`, also if the instrument's wording is not available here, and
        `StoreFull`.
        """
        with self._scope.replica.writing() as writing:
            key, schedule, occurrence = self._meant(instrument, schedule, occurrence)
            found = asking.ask(self._scope, key)
            rows = self._scope.rows(Kind.ASSESSMENT, open=True)
            draft = None if new else _open_draft(rows, key, schedule, occurrence)
            if draft is not None:
                return Draft(self._scope, draft.id)
            start = _start(self._scope, found.instrument, schedule=schedule, occurrence=occurrence)
            return Draft(self._scope, self._make(writing, start))

    def resume(self, id: UUID) -> Draft:
        """Continue a draft, by its id. Raises `NotFound`; `InvalidField` once it is completed."""
        with self._scope.replica.reading():
            row = self._scope.row(Kind.ASSESSMENT, id)
            if row.model.completions:
                raise InvalidField("This assessment is completed and cannot be changed. Correct it with an amendment.")
            return Draft(self._scope, row.id)

    def amend(self, id: UUID) -> Draft:
        """Correct a completed assessment: returns a draft of a new one, linked to it, that starts with its answers.

        The completed one stays as it is. An open amendment is continued. Raises `NotFound`, `InvalidField`,
        `StoreFull`.
        """
        with self._scope.replica.writing() as writing:
            row = self._scope.row(Kind.ASSESSMENT, id)
            model = row.model
            if not model.completions:
                raise InvalidField("This assessment is not completed yet: continue it and change its answers.")
            if model.administered_by is not None:
                raise InvalidField("Your care team entered this one. Tell them what should be corrected.")
            found = asking.ask(self._scope, model.instrument)
            for other in self._scope.rows(Kind.ASSESSMENT, about=row.id):
                if not other.model.completions and other.model.administered_by is None:
                    return Draft(self._scope, other.id)
            start = _start(
                self._scope,
                found.instrument,
                schedule=model.schedule,
                occurrence=model.occurrence,
                amends=row.id,
            )
            draft = Draft(self._scope, self._make(writing, start))
            for item, value in _takeable(found.instrument, model.completions[-1].answers).items():
                draft.answer(item, value)
            return draft

    def _make(self, writing: Writing, start: Start) -> UUID:
        return self._scope.create(writing, Kind.ASSESSMENT, lambda document: [assessments.create(document, start)])

    def _meant(self, given: str | Due, schedule: str | None, occurrence: str | None) -> tuple[str, str, str]:
        """The instrument, and the schedule and occurrence that it is for; both empty where it is for itself."""
        planned = self._scope.agreed().assessments
        if isinstance(given, Due):
            if given.kind != "assessment":
                raise InvalidField("That due item is not an assessment.")
            schedule, occurrence = given.id, given.occurrence
            key = planned[schedule].instrument if schedule in planned else ""
        else:
            key = checks.text("instrument", given)
        if schedule is None:
            if occurrence is not None:
                raise InvalidField("An occurrence belongs to a schedule: say which one (schedule).")
            return (key, *_named(_due_by_instrument(self._scope).get(key)))
        if checks.text("schedule", schedule) not in planned or planned[schedule].instrument != key:
            raise InvalidField("The plan has no such schedule for that instrument.")
        if occurrence is None:
            due = next((one for one in _due(self._scope) if one.id == schedule), None)
            if due is None:
                raise InvalidField("Nothing on that schedule is due now. Say which occurrence it is for.")
            occurrence = due.occurrence
        return key, schedule, checks.text("occurrence", occurrence)


class Draft:
    """An assessment that is being answered, item by item. Thread-safe; each answer is on disk when its call returns.

    It may be left at any time: `start` or `resume` continues it, also on another device. Different answers given on two
    devices at once are a conflict, until the item is answered again or the assessment is completed with the right one.
    """

    def __init__(self, scope: Scope, id: UUID) -> None:
        self._scope = scope
        self.id = id

    def read(self) -> Assessment:
        """Its current state, including answers from other devices."""
        with self._scope.replica.reading():
            return views.views(self._scope, [self._row()])[0]

    @property
    def instrument(self) -> str:
        """The key of its instrument."""
        return self._row().model.instrument

    @property
    def items(self) -> tuple[Question, ...]:
        """The items in the order asked, each with its wording, choices, answer and conflict."""
        return self.read().items

    @property
    def missing(self) -> tuple[str, ...]:
        """The items that still have to be answered."""
        return self.read().missing

    @property
    def conflicts(self) -> tuple[str, ...]:
        """The items that were answered differently on two devices at once."""
        return self.read().conflicts

    @property
    def risk(self) -> tuple[Risk, ...]:
        """Positive risk items so far: if there is one, show `tracker.safety()` immediately."""
        return self.read().risk

    def next(self) -> Question | None:
        """The next item to ask: not answered yet, or in conflict; optional items come last."""
        found = [one for one in self.items if one.applies and one.answer is None]
        return next((one for one in found if not one.optional), found[0] if found else None)

    def answer(self, item: str, value: AnswerValue) -> Assessment:
        """Answer an item; None withdraws its answer. Returns the draft's state, with its `risk`.

        Raises `InvalidField` for a value that the item may not have, and once the assessment is completed;
        `StoreFull`.
        """
        with self._scope.replica.writing() as writing:
            row = self._row()
            instrument = asking.definition(self._scope, row.model.instrument)
            check_answers(instrument, numbers({checks.text("item", item): value}))
            self._scope.edit(writing, row, _answering(item, value, self._scope.now()))
            return self.read()

    def complete(self, resolved: Mapping[str, AnswerValue] | None = None) -> Assessment:
        """Complete it with its current answers, which can never be changed afterwards. Returns it with its scores.

        If items are missing, it is still completed, but marked as incomplete and not scored. `resolved` says for each
        conflict which answer is right. Raises `InvalidField` for a conflict that it does not name, for a
        draft without answers, and once it is completed; `StoreFull`.
        """
        if resolved is not None and not isinstance(resolved, Mapping):
            raise InvalidField("resolved must map items to answers.")
        with self._scope.replica.writing() as writing:
            row = self._row()
            taken = asking.ask(self._scope, row.model.instrument).taken
            _complete(self._scope, writing, row, taken, self._scope.now(), resolved)
            return self.read()

    def _row(self) -> AssessmentRow:
        return self._scope.row(Kind.ASSESSMENT, self.id)


class ClientAssessments(AssessmentReader):
    """One client's assessments, as `client.assessments`. Every call raises `NotFound` once the assignment has ended."""

    def on_paper(
        self,
        instrument: str,
        answers: Mapping[str, AnswerValue],
        *,
        at: datetime | None = None,
        schedule: str = "",
        occurrence: str = "",
        amends: UUID | None = None,
    ) -> Assessment:
        """Enter what the client answered on paper or in an interview, by item; no wording is needed.

        It is completed immediately, by this account (`administered_by`). `at` is when it was answered (default: now);
        `amends` is the assessment of this account that it corrects. Raises `NotFound`, `InvalidField` for a value that
        an item may not have and for a correction of somebody else's, `StoreFull`; then nothing is kept.
        """
        if not isinstance(answers, Mapping):
            raise InvalidField("answers must map items to values.")
        with self._scope.replica.writing() as writing:
            account = self._scope.account()
            known = asking.definition(self._scope, checks.text("instrument", instrument))
            asking.bring_definition(self._scope, writing, known.key)
            given = {checks.text("An item", item): value for item, value in answers.items() if value is not None}
            check_answers(known, numbers(given))
            when = self._scope.now() if at is None else written("at", at)
            amended = None if amends is None else self._taken_down(amends, account)
            start = _start(
                self._scope,
                known,
                schedule=checks.text("schedule", schedule),
                occurrence=checks.text("occurrence", occurrence),
                amends=amended,
                administered_by=account,
                at=when,
            )
            id = self._scope.create(writing, Kind.ASSESSMENT, lambda document: [assessments.create(document, start)])
            row = self._scope.row(Kind.ASSESSMENT, id)
            for item, value in given.items():
                self._scope.edit(writing, row, _answering(item, value, when))
            _complete(self._scope, writing, row, WordingTaken(), when, None)
            return self.get(id)

    def _taken_down(self, id_: UUID, account: UUID | None) -> UUID:
        """An assessment that this account took down, to be corrected. Raises `NotFound`, `InvalidField`."""
        row = self._scope.row(Kind.ASSESSMENT, id_)
        if self._scope.author(row) != account:
            raise InvalidField("Only whoever took an assessment down corrects it.")
        return row.id


def _start(
    scope: Scope,
    instrument: Instrument,
    *,
    schedule: str = "",
    occurrence: str = "",
    amends: UUID | None = None,
    administered_by: UUID | None = None,
    at: datetime | None = None,
) -> Start:
    now = scope.now() if at is None else at
    return Start(
        instrument=instrument.key,
        scheme=instrument.scheme,
        started_at=now,
        zone=zone_of(now),
        administered_by=administered_by,
        schedule=schedule,
        occurrence=occurrence,
        amends=amends,
    )


def _answering(item: str, value: AnswerValue, at: datetime) -> Write:
    return at_most_one(lambda document: assessments.answer(document, item, value, answer_id=uuid4(), at=at))


def _complete(
    scope: Scope,
    writing: Writing,
    row: AssessmentRow,
    taken: WordingTaken,
    at: datetime,
    resolved: Mapping[str, AnswerValue] | None,
) -> None:
    scope.edit(
        writing,
        row,
        at_most_one(
            lambda document: assessments.complete(
                document, completion_id=uuid4(), at=at, zone=zone_of(at), wording=taken, resolved=resolved
            )
        ),
    )


def _takeable(instrument: Instrument, given: Mapping[str, AnswerValue]) -> dict[str, AnswerValue]:
    """Those answers that the instrument takes; another app may have left others."""
    found: dict[str, AnswerValue] = {}
    for item, value in given.items():
        try:
            check_answers(instrument, numbers({item: value}))
        except InvalidField:
            continue
        found[item] = value
    return found


def _due(scope: Scope) -> builtins.list[Due]:
    return [one for one in agenda.due(scope, None) if one.kind == "assessment"]


def _due_by_instrument(scope: Scope) -> dict[str, Due]:
    """What is due of each instrument; of several the newest."""
    planned = scope.agreed().assessments
    return {planned[one.id].instrument: one for one in _due(scope) if one.id in planned}


def _named(due: Due | None) -> tuple[str, str]:
    return ("", "") if due is None else (due.id, due.occurrence)


def _open_draft(
    rows: builtins.list[AssessmentRow], instrument: str, schedule: str, occurrence: str
) -> AssessmentRow | None:
    """The newest draft of the client's own that is for the same; `rows` are newest first."""
    for row in rows:
        model = row.model
        own = model.administered_by is None and model.amends is None and not model.completions
        if own and (model.instrument, model.schedule, model.occurrence) == (instrument, schedule, occurrence):
            return row
    return None
