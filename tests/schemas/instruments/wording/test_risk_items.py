"""Risk items that a practice marks in a questionnaire of its own: what is watched, and from which answer up."""

from __future__ import annotations

from uuid import UUID

import pytest
from tests.schemas.instruments.wording.forms import (
    LABELS,
    Json,
    option,
    options,
    printed,
    question,
    questionnaire,
    turned,
)
from tests.schemas.instruments.wording.questionnaires import read
from tests.schemas.measures.records import Record, assessed, at, cut

from intersession_schemas.documents.assessments.answers import Completion
from intersession_schemas.documents.assessments.wordings import definition_of, wording_of
from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments import (
    NEW,
    Imported,
    QuestionnaireUnclear,
    import_questionnaire,
    positive_risk,
)
from intersession_schemas.measures.signals.of_record import signals
from intersession_schemas.streams import Kind


def own() -> Json:
    return questionnaire(
        question("rain", "How wet?", options(1)),
        question("dark:2", "How dark?"),
        {"linkId": "storm", "type": "boolean", "text": "Did it storm?"},
        question("kind", "Which?", [option(label, None) for label in LABELS]),
        question("same", "Only one?", [option("Yes", 1)]),
        {"linkId": "free", "type": "text", "text": "What else?"},
    )


def marked(form: Json, *risks: str, taken_as: str | None = None) -> Imported:
    return import_questionnaire(read(form), taken_as, risks)


@pytest.mark.parametrize(
    ("mark", "item", "at_least"),
    [
        ("rain", "q1", 2),
        ("rain:4", "q1", 4),
        ("dark:2", "q2", 1),
        ("dark:2:3", "q2", 3),
        ("storm", "q3", 1),
        ("kind:2", "q4", 2),
    ],
)
def test_an_answer_from_a_value_up_is_a_signal(mark: str, item: str, at_least: int) -> None:
    taken = marked(own(), mark)
    (rule,) = taken.instrument.risks
    assert (rule.item, rule.at_least, rule.source.sure) == (item, at_least, "own")
    assert positive_risk(taken.instrument, {item: at_least}) == (rule,)
    assert positive_risk(taken.instrument, {item: at_least - 1}) == ()
    assert [(one.at_least, one.confirmed) for one in taken.watched] == [(at_least, True)]


def test_the_rule_is_kept_with_the_wording() -> None:
    taken = marked(own(), "rain", "storm", taken_as=NEW)
    kept = definition_of(wording_of(taken.wording, taken.instrument, ships=False))
    assert kept is not None
    assert [rule.item for rule in kept.risks] == ["q1", "q3"]
    assert kept.key == marked(own()).instrument.key  # marking changes neither scores nor what is asked


@pytest.mark.parametrize(("answer", "signalled"), [(1, 0), (2, 1), (3, 1)])
def test_a_marked_answer_is_a_signal_to_the_therapist(answer: int, signalled: int) -> None:
    taken = marked(own(), "dark:2:2")
    record = Record()
    record.add(Kind.INSTRUMENT, wording_of(taken.wording, taken.instrument, ships=False), at(1))
    done = Completion(id=UUID(int=1), answers={"q2": answer}, completed_at=at(3), scheme=taken.instrument.scheme)
    record.add(Kind.ASSESSMENT, assessed(taken.instrument.key, at(3), completions=(done,)), at(3))
    told = [one for one in signals(record.material, cut(at(4))) if one.kind == "risk"]
    assert len(told) == signalled
    assert all("“How dark?”" in one.text for one in told)


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("nowhere", "No question has the linkId"),
        ("free", "No question has the linkId"),
        ("rain:1", "can be watched from 2 up to 4"),
        ("rain:5", "can be watched from 2 up to 4"),
        ("rain:x", "No question has the linkId"),
        ("same", "nothing tells risk from none"),
    ],
)
def test_a_mark_that_watches_nothing_is_refused(mark: str, said: str) -> None:
    with pytest.raises(InvalidField, match=said):
        marked(own(), mark)


def test_answers_that_say_less_the_higher_they_score_cannot_be_watched() -> None:
    with pytest.raises(InvalidField, match="say less the higher they score"):
        marked(turned(own(), 1), "dark:2")
    form = turned(printed("phq-9", title="Weekly form"))
    with pytest.raises(QuestionnaireUnclear) as asked:
        marked(form)
    assert asked.value.risky == ()
    assert marked(form, taken_as=NEW).unwatched == ("q9",)


def test_a_known_one_has_its_own_rules() -> None:
    with pytest.raises(InvalidField, match="has its own risk rules"):
        marked(printed("phq-9"), "q9")
    with pytest.raises(InvalidField, match="has its own risk rules"):
        marked(printed("phq-9"), "q9", taken_as="phq-9")
    taken = marked(printed("phq-9"), "q9", taken_as=NEW)
    assert (taken.known, [one.link_id for one in taken.watched], taken.unwatched) == (False, ["q9"], ())


def test_every_question_about_self_harm_is_marked_or_said() -> None:
    form = own()
    form["item"] += [question(f"d{n}", "Thoughts of suicide?") for n in (1, 2)]
    with pytest.raises(QuestionnaireUnclear) as asked:
        marked(form, "d1")
    assert asked.value.risky == ("d2",)
    assert marked(form, "d1", "d2").unwatched == ()
    assert marked(form, "d1", taken_as=NEW).unwatched == ("d2",)
