"""Whatever other apps have left in a record, signals and the brief are made, and the same in any order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.schemas.documents.invented import record, value
from tests.schemas.measures.records import at, cut

from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.documents.diary.symptoms import Bucket, Log
from intersession_schemas.measures.brief import brief, encode
from intersession_schemas.measures.material import material
from intersession_schemas.records.filing import FiledRows
from intersession_schemas.records.kinds import MODELS
from intersession_schemas.streams import Audience, Kind, kinds_of

NOW = at(20)
ids = st.integers(1, 6).map(lambda number: UUID(int=number))
moments = st.integers(-60 * 24, 24).map(lambda hours: NOW + timedelta(hours=hours))
rules = st.sampled_from(["", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO", "FREQ=SOMETIMES", "x"])
instruments = st.sampled_from(["phq-9", "c-ssrs", "gad-7", "x"])


def near(model: Any) -> st.SearchStrategy[Any]:
    """Values of a model, its links pointing at other documents now and then."""

    def pointed(found: Any, id_: UUID, moment: Any, rule: str, instrument: str) -> Any:
        changes: dict[str, Any] = {}
        for name in found.__struct_fields__:
            if name in ("homework", "amends", "on", "goal"):
                changes[name] = id_
            elif name in ("rule", "journal_rule"):
                changes[name] = rule
            elif name == "instrument":
                changes[name] = instrument
            elif name in ("planned_at", "completed_at", "done_at", "written_at"):
                changes[name] = moment
        return replace(found, **changes)

    return st.builds(pointed, record(model), ids, moments, rules, instruments)


def logs() -> st.SearchStrategy[Any]:
    values = st.dictionaries(st.sampled_from(["mood", "pain"]), value(float), min_size=1)
    scales = st.sampled_from([None, (0, 10), (0.0, 10.0), (0, 5)])
    log = st.builds(
        lambda id_, moment, given, scale: Log(id_, moment, moment, given, scale=scale),
        st.uuids(),
        moments,
        values,
        scales,
    )
    return st.lists(log, max_size=14).map(lambda found: Bucket("2026-05", tuple(found)))


def model_of(kind: Kind) -> st.SearchStrategy[Any]:
    if kind is Kind.SYMPTOM_LOG:
        return logs()
    return near(MODELS[kind])


rows = st.builds(
    lambda seq, moment, late: FiledRows(
        author=UUID(int=1),
        first_seq=seq,
        last_seq=seq,
        first_received_at=None if seq is None else moment,
        last_received_at=None if seq is None else moment + timedelta(hours=late),
    ),
    st.one_of(st.none(), st.integers(1, 99)),
    moments,
    st.integers(0, 99),
)
kinds = st.sampled_from(sorted(kinds_of(Audience.RECORD)))
documents = st.lists(kinds.flatmap(lambda kind: st.tuples(st.just(kind), model_of(kind), rows)), max_size=10)


@given(documents, st.randoms(use_true_random=False), st.one_of(st.none(), record(Plan)))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_record_has_a_brief_and_the_order_makes_no_difference(found: Any, chance: Any, plan_then: Any) -> None:
    held = [(UUID(int=number), kind, model, row) for number, (kind, model, row) in enumerate(found, 1)]
    first = encode(brief(material(held, plan_then=plan_then), cut(NOW), UUID(int=1)))
    chance.shuffle(held)
    assert encode(brief(material(held, plan_then=plan_then), cut(NOW), UUID(int=1))) == first
