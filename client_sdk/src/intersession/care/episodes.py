"""Episodes of care: their phases, and the baselines that change is measured against."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from datetime import date
from typing import get_args
from uuid import UUID

from msgspec.structs import replace

from intersession.documents.records import StoredRecord
from intersession.errors import InvalidField, NotFound
from intersession.inputs import checks
from intersession.models.measures import Baseline, Episode
from intersession.replica.scope import Scope
from intersession.scoring import measures
from intersession_schemas.documents.care import episodes
from intersession_schemas.documents.care.episodes import Phase, is_open, scale_key
from intersession_schemas.measures.scores import SERVER, Measured
from intersession_schemas.streams import Kind


class Episodes:
    """One client's episodes, as `client.episodes`. Every call raises `NotFound` once the assignment has ended."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def list(self, *, limit: int | None = None, after: UUID | None = None) -> builtins.list[Episode]:
        """All episodes, most recent first; `limit` and `after` as in `Journal.entries`."""
        window = checks.listed(limit, after)
        with self._scope.replica.reading():
            rows = self._scope.rows(Kind.EPISODE, window=window)
            found = measures.all_measured(self._scope)
            today = self._scope.today()
            return [_view(row, found, today) for row in rows]

    def current(self) -> Episode | None:
        """The episode that is open today; None if there is none.

        Of several the most recent; the one that the server made with the record only where nobody has begun another.
        """
        found = [one for one in self.list() if one.is_open]
        return next((one for one in found if one.changed_by != SERVER), found[0] if found else None)

    def begin(self, reason: str = "", on: date | None = None, phase: Phase = "assessment") -> Episode:
        """Begin an episode on a day (today). Raises `InvalidField` while another one is open, `StoreFull`.

        A client's first one is there already, made by the server with their record. As long as nobody has written to
        it, it is the one that begins: with this reason and phase, and on this day.
        """
        day = checks.optional_day("on", on) or self._scope.today()
        value = episodes.Episode(phase=_phase(phase), began_on=day, reason=checks.text("reason", reason))
        with self._scope.replica.writing() as writing:
            there = self.current()
            if there is None:
                return self._get(self._scope.add(writing, Kind.EPISODE, value))
            if there.changed_by != SERVER:
                raise InvalidField("An episode is already open. End it before beginning another.")
            row = self._scope.row(Kind.EPISODE, there.id)
            self._scope.change(writing, Kind.EPISODE, row, lambda first: replace(value, baseline=first.baseline))
            return self._get(row.id)

    def phase(self, id: UUID, phase: Phase, on: date | None = None) -> Episode:
        """Set its phase, assessment, treatment or follow_up, from a day (today) on. Raises `NotFound`, `InvalidField`.

        From that day on, deterioration is judged against what comes then. To set the phase that it has changes no day
        unless one is given.
        """
        set_to, day = _phase(phase), checks.optional_day("on", on)

        def change(value: episodes.Episode) -> episodes.Episode:
            same = value.phase == set_to and day is None
            began = value.phase_began_on if same else day or self._scope.today()
            return replace(value, phase=set_to, phase_began_on=began, ended_on=None)

        return self._change(id, change)

    def end(self, id: UUID, on: date | None = None) -> Episode:
        """End an episode on a day (today). Raises `NotFound`, `InvalidField`, `StoreFull`."""
        day = checks.optional_day("on", on) or self._scope.today()
        return self._change(id, lambda value: replace(value, phase="ended", phase_began_on=day, ended_on=day))

    def baseline(self, scale: str, assessment: UUID) -> Episode:
        """Measure a scale ("phq-9/total") in the open episode against that assessment.

        Unless one is set, it is the first one of the episode. Raises `NotFound`, also where no episode is open;
        `InvalidField` where the assessment has no score on that scale.
        """
        key = checks.text("scale", scale)
        with self._scope.replica.writing() as writing:
            current = self.current()
            if current is None:
                raise NotFound("No episode is open. Begin one first.")
            chosen = self._scope.row(Kind.ASSESSMENT, assessment).id
            scored = [one for one in measures.all_measured(self._scope) if one.assessment == chosen]
            if not any(_key(one) == key and one.score.score is not None for one in scored):
                named = ", ".join(dict.fromkeys(map(_key, scored))) or "none"
                raise InvalidField(f"That assessment has no score on that scale. Its scales: {named}.")
            row = self._scope.row(Kind.EPISODE, current.id)
            self._scope.change(
                writing,
                Kind.EPISODE,
                row,
                lambda value: replace(value, baseline={**value.baseline, key: episodes.Baseline(assessment=chosen)}),
            )
            return self._get(row.id)

    def _change(self, id: UUID, change: Callable[[episodes.Episode], episodes.Episode]) -> Episode:
        with self._scope.replica.writing() as writing:
            row = self._scope.row(Kind.EPISODE, id)
            self._scope.change(writing, Kind.EPISODE, row, change)
            return self._get(row.id)

    def _get(self, id: UUID) -> Episode:
        row = self._scope.row(Kind.EPISODE, id)
        return _view(row, measures.all_measured(self._scope), self._scope.today())


def _phase(value: object) -> Phase:
    known: list[Phase] = [one for one in get_args(Phase) if one != "ended"]
    found = next((one for one in known if one == value), None)
    if found is None:
        raise InvalidField(f"phase must be one of: {', '.join(known)}. Use `end` to end an episode.")
    return found


def _key(one: Measured) -> str:
    return scale_key(one.instrument, one.scale)


def _view(row: StoredRecord[episodes.Episode], found: tuple[Measured, ...], today: date) -> Episode:
    model = row.model
    baselines = {
        key: Baseline(scale=key, assessment=one.assessment, chosen=True)
        for key, one in model.baseline.items()
        if one.assessment is not None
    }
    for one in reversed(found):  # oldest first
        ended = model.ended_on is not None and model.ended_on <= one.day
        within = model.began_on is not None and model.began_on <= one.day and not ended
        if within and one.score.score is not None and not one.amended and _key(one) not in baselines:
            baselines[_key(one)] = Baseline(scale=_key(one), assessment=one.assessment, chosen=False)
    return Episode(
        id=row.id,
        phase=model.phase,
        began_on=model.began_on,
        phase_began_on=model.phase_began_on or model.began_on,
        ended_on=model.ended_on,
        reason=model.reason,
        baselines=tuple(baselines[key] for key in sorted(baselines)),
        is_open=is_open(model, today),
        arrived_at=row.arrived_at,
        changed_by=row.last.by,
        changed_at=row.last.at,
        version=row.version,
        problems=model.problems,
    )
