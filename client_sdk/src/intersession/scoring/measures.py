"""Scores, signals and briefs, worked out from what is on this device; and what is done about signals."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from intersession.documents import material, stored
from intersession.documents.tables import symptom_views
from intersession.errors import InvalidField, NotFound
from intersession.inputs import checks
from intersession.inputs.clock import present
from intersession.models.measures import ScoreComparison, ScorePoint
from intersession.replica.scope import Scope, no_client
from intersession_schemas.documents.care.comments import Acknowledgement
from intersession_schemas.documents.names import Names
from intersession_schemas.measures import brief as briefs
from intersession_schemas.measures.brief import Brief
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.measures.scores import Compared, Measured, measured
from intersession_schemas.measures.signals import of_record as signs
from intersession_schemas.measures.signals.signal import Signal
from intersession_schemas.measures.together import Together
from intersession_schemas.measures.together_in import together_in
from intersession_schemas.streams import Kind

_SCORED = frozenset({Kind.ASSESSMENT, Kind.EPISODE, Kind.INSTRUMENT})


def own_scores(scope: Scope, since: datetime | None) -> tuple[ScorePoint, ...]:
    """A client's own scores, newest first."""
    replica = scope.replica
    cut = _cut(scope, stored.record_stream(replica.store), None, None, "en")
    found = measured(material.build_own(replica.store, replica.documents, _SCORED), cut)
    return tuple(_point(one) for one in found if since is None or one.measured_at >= since)


def all_measured(scope: Scope) -> tuple[Measured, ...]:
    """Every scale of every completed assessment of a client, newest first; under the lock."""
    return measured(*_material(scope, None, None, None, "en"))


def scores(scope: Scope, scale: str | None) -> list[ScorePoint]:
    """A client's scores, newest first; of one scale ("phq-9/total", "total") or of one instrument ("phq-9")."""
    wanted = None if scale is None else checks.text("scale", scale)
    with scope.replica.reading():
        found = all_measured(scope)
    return [
        _point(one)
        for one in found
        if wanted is None or wanted in (one.instrument, one.scale, f"{one.instrument}/{one.scale}")
    ]


def signals(scope: Scope, locale: str) -> list[Signal]:
    """All signals as of now, newest first."""
    with scope.replica.reading():
        return list(signs.signals(*_material(scope, None, None, None, locale)))


def acknowledge(scope: Scope, signal: Signal | str, note: str) -> Signal:
    """Write down that a signal was seen. Raises `NotFound` where there is none of that id."""
    id = signal.id if isinstance(signal, Signal) else checks.text("signal", signal)
    said = checks.text("note", note)
    with scope.replica.writing() as writing:
        _signal(scope, id)
        value = Acknowledgement(signal=id, note=said, made_at=scope.now())
        scope.add(writing, Kind.ACKNOWLEDGEMENT, value)
        return _signal(scope, id)


def brief(scope: Scope, session: UUID | None, now: datetime | None, zone: str | None, locale: str) -> Brief:
    """The brief for a session, from what is here."""
    wanted = checks.optional_uuid("session", session)
    with scope.replica.reading():
        if wanted is not None:
            scope.row(Kind.SESSION, wanted)
        return briefs.brief(*_material(scope, wanted, now, zone, locale), wanted)


def together(scope: Scope, symptom: str, homework: UUID | None) -> Together:
    """Homework and a symptom by the week, whether they moved together."""
    name, wanted = checks.text("symptom", symptom), checks.optional_uuid("homework", homework)
    with scope.replica.reading() as store:
        if wanted is not None:
            scope.row(Kind.HOMEWORK, wanted)
        found = _material(scope, None, None, None, "en")
        stream = scope.stream()
        if stream is None or name not in Names(symptom_views.names(store, UUID(bytes=stream))):
            raise InvalidField("No symptom with that name has been logged. List the logged ones with `names`.")
    return together_in(*found, name, wanted)


def _signal(scope: Scope, id: str) -> Signal:
    found = next((one for one in signals(scope, "en") if one.id == id), None)
    if found is None:
        raise NotFound("This client has no such signal now.")
    return found


def _material(
    scope: Scope, session: UUID | None, now: datetime | None, zone: str | None, locale: str
) -> tuple[Material, Cut]:
    stream, replica = scope.stream(), scope.replica
    if stream is None:
        raise no_client()
    cut = _cut(scope, stream, now, zone, locale)
    return material.build(replica.store, replica.documents, stream, cut, session), cut


def _cut(scope: Scope, stream: bytes | None, now: datetime | None, zone: str | None, locale: str) -> Cut:
    """As of what is here of the stream; `now` as clocks in `zone` show it, where one is given."""
    at = scope.now() if now is None else present("now", now)
    if zone is not None:
        at = at.astimezone(_zone(checks.text("zone", zone)))
    heads = material.heads(scope.replica.store, stream)
    return Cut(heads=heads, now=at, zone=zone or str(at.tzinfo), locale=checks.text("locale", locale))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # what is no name, what is none known here, what is no zone's file
        raise InvalidField(
            "zone must be an IANA time zone that this device knows, for example Europe/Amsterdam."
        ) from None


def _point(one: Measured) -> ScorePoint:
    compared = {("last" if each.against == "last" else "baseline"): _comparison(each) for each in one.compared}
    return ScorePoint(
        assessment=one.assessment,
        instrument=one.instrument,
        title=one.title,
        scale=one.scale,
        label=one.label,
        value=one.score.score,
        low=one.score.low,
        high=one.score.high,
        band=one.score.band,
        why=one.score.why,
        at=one.measured_at,
        arrived_at=one.arrived_at,
        paper=one.paper,
        amended=one.amended,
        wording=one.wording,
        one_of=one.one_of,
        odd=one.odd,
        baseline=compared.get("baseline"),
        last=compared.get("last"),
    )


def _comparison(one: Compared) -> ScoreComparison:
    return ScoreComparison(
        against=one.against, assessment=one.assessment, at=one.at, change=one.change, words=one.change.verdict
    )
