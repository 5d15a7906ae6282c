"""A list of lines is read as its questions and answers, or it is said what of it was not understood."""

from __future__ import annotations

import contextlib
import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.schemas.instruments.wording.by_hand.lists import CHANGES, LAYOUTS, Layout, marked, once_above
from tests.schemas.instruments.wording.languages import ANSWERS, QUESTIONS

from intersession_schemas.instruments import (
    INSTRUMENTS,
    QuestionnaireInvalid,
    import_questionnaire,
    preview,
    read_list,
)
from intersession_schemas.instruments.wording.by_hand.lines import CHARACTERS, LINES, MOST_LINE

PHQ_9 = INSTRUMENTS["phq-9"]
TRUE = {question: f"q{place}" for texts in QUESTIONS.values() for place, question in enumerate(texts, 1)}


def row(language: str = "en") -> str:
    return " / ".join(ANSWERS[language])


def numbered(language: str = "en") -> list[str]:
    return marked("{n}. ", QUESTIONS[language])


@pytest.mark.parametrize("language", QUESTIONS)
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one.__name__)
def test_every_layout_in_every_language_is_the_same_questionnaire(layout: Layout, language: str) -> None:
    for seed in range(12):
        text = layout(Random(seed), QUESTIONS[language], ANSWERS[language])
        read = read_list(text, PHQ_9, language=language)
        questions = read.questionnaire.questions
        assert [one.text for one in questions] == list(QUESTIONS[language]), text
        for one in questions:
            assert [(option.text, option.score) for option in one.options] == [
                (answer, value) for value, answer in enumerate(ANSWERS[language])
            ], text
        assert read.left_out == ()
        taken = import_questionnaire(read.questionnaire, "phq-9")
        assert [one.link_id for one in taken.watched if one.confirmed] == [questions[8].link_id]


def test_lists_that_run_from_most_to_least_have_their_values_turned_by_what_they_say() -> None:
    text = "\n".join([" / ".join(reversed(ANSWERS["en"])), *numbered()])
    (first, *_) = read_list(text, PHQ_9).questionnaire.questions
    assert [(one.text, one.score) for one in first.options] == [
        ("Always", 3),
        ("Often", 2),
        ("Now and then", 1),
        ("Never", 0),
    ]


def test_values_in_the_list_are_kept_even_where_they_run_the_other_way() -> None:
    text = "\n".join([*numbered(), "", *(f"{3 - value} = {one}" for value, one in enumerate(ANSWERS["en"]))])
    found = preview(read_list(text, PHQ_9).questionnaire, "phq-9")
    assert {one.direction for one in found.items} == {"contradicted"}
    assert found.problems
    assert found.wording is None


def test_what_stands_around_the_questions_is_told_apart() -> None:
    text = "\n".join(
        [
            "PHQ-9",
            "Name: ____________",
            "",
            "Think of the last two weeks.",
            "How often was it so?",
            "",
            row(),
            *numbered(),
            "Thank you for your time.",
        ]
    )
    read = read_list(text, PHQ_9)
    assert read.questionnaire.instructions == ("Think of the last two weeks. How often was it so?",)
    assert [line for line, _ in read.left_out] == [1, 2, 17]
    assert [one.text for one in read.questionnaire.questions] == list(QUESTIONS["en"])


def test_a_yes_or_no_needs_no_answers_and_a_wide_range_none_either() -> None:
    cage = INSTRUMENTS["cage"]
    read = read_list("\n".join(marked("{n}. ", [f"{item.label}?" for item in cage.items])), cage)
    assert {one.type for one in read.questionnaire.questions} == {"boolean"}
    ors = INSTRUMENTS["ors"]
    (first, *_) = read_list("\n".join(marked("{n}. ", [one.label for one in ors.items])), ors).questionnaire.questions
    assert (first.type, first.low, first.high) == ("number", ors.items[0].allowed[0], ors.items[0].allowed[-1])


def test_of_an_instrument_of_ones_own_no_value_is_guessed() -> None:
    bare = read_list("Never / Often\n1. Was it grey?\n2. Did it rain?", title="Weather")
    assert [one.score for one in bare.questionnaire.questions[0].options] == [None, None]
    assert "counted in no sum" in bare.questionnaire.notes[0]
    scored = read_list("0 = Never\n1 = Often\n\n1. Was it grey?\n2. Did it rain?", title="Weather")
    assert [one.score for one in scored.questionnaire.questions[0].options] == [0, 1]
    assert import_questionnaire(scored.questionnaire, "new").instrument.scales[0].high == 2


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "text"),
        ("secret words about nothing", "text"),
        ("\n".join(numbered()), "line 1"),
        ("\n".join([row(), *numbered()[:8]]), "lines 2 to 9"),
        ("\n".join(["Never / Often / Always", *numbered()]), "line 2"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line_and_not_repeated(text: str, where: str) -> None:
    with pytest.raises(QuestionnaireInvalid) as raised:
        read_list(text, PHQ_9)
    assert raised.value.problems[0].where == where
    assert "secret" not in str(raised.value)
    assert not any(question in str(raised.value) for question in QUESTIONS["en"])


@pytest.mark.parametrize("text", ["x" * (CHARACTERS + 1), "\n" * (LINES + 1), "1. " + "x" * MOST_LINE])
def test_what_is_no_questionnaire_by_its_size_is_refused(text: str) -> None:
    with pytest.raises(QuestionnaireInvalid):
        read_list(text, PHQ_9)


@pytest.mark.parametrize("text", ["1. a / b\n" * 900, "- \t" * 1_200, "1 " * 1_900, "_ . _" * 700, "1.\n0 = a\n" * 600])
def test_hostile_lists_take_no_longer_than_others(text: str) -> None:
    began = time.process_time()
    for instrument in (PHQ_9, None):
        with contextlib.suppress(QuestionnaireInvalid):
            read_list(text, instrument)
    assert time.process_time() - began < 5


LINE = st.one_of(st.text(max_size=40), st.sampled_from([*numbered(), row(), "0 1 2 3", "", "• x"]))


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.one_of(st.text(max_size=40), st.sampled_from([*numbered(), row(), "0 1 2 3", "", "• x"])), max_size=24)
)
def test_any_text_is_read_or_refused(parts: list[str]) -> None:
    for instrument in (PHQ_9, INSTRUMENTS["audit"], None):
        try:
            read = read_list("\n".join(parts), instrument, title="Any")
        except QuestionnaireInvalid:
            continue
        assert read.questionnaire.questions
        if instrument is not None:
            preview(read.questionnaire, instrument.key)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(sorted(QUESTIONS)), st.integers(1, 4))
def test_however_a_list_goes_wrong_no_item_is_silently_bound_to_another_question(
    seed: int, language: str, changes: int
) -> None:
    random = Random(seed)
    lines = random.choice(LAYOUTS)(random, QUESTIONS[language], ANSWERS[language]).split("\n")
    for _ in range(changes):
        random.choice(CHANGES)(random, lines)
        if not lines:
            return
    try:
        read = read_list("\n".join(lines), PHQ_9, language=language)
    except QuestionnaireInvalid:
        return
    assert_bound_rightly(read.questionnaire, lines)


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(9)), st.sampled_from(sorted(QUESTIONS)), st.integers(0, 2**32))
def test_shuffled_questions_are_never_taken_for_one_another(order: list[int], language: str, seed: int) -> None:
    questions = [QUESTIONS[language][place] for place in order]
    read = read_list(once_above(Random(seed), questions, ANSWERS[language]), PHQ_9, language=language)
    found = preview(read.questionnaire, "phq-9")
    assert_bound_rightly(read.questionnaire, questions)
    if order != sorted(order):
        assert found.problems or any(item.sure != "confirmed" for item in found.items)


def assert_bound_rightly(questionnaire: object, lines: object) -> None:
    """Whatever is said to be confirmed is what it is: the question of that item, and values that rise with answers."""
    found = preview(questionnaire, "phq-9")  # type: ignore[arg-type]
    if found.problems:
        return
    for item in found.items:
        if item.key == "difficulty":
            continue
        if item.sure == "confirmed":
            shared = {key: shared_words(item.text, key) for key in TRUE.values()}
            assert shared[item.key] == max(shared.values()) > 0, (item, lines)
        if item.direction == "confirmed":
            places = [
                (answers.index(one.text), one.value)
                for answers in ANSWERS.values()
                for one in item.answers
                if one.text in answers
            ]
            assert sorted(places) == sorted(places, key=lambda one: one[1] or 0), (item, lines)


def shared_words(text: str, key: str) -> int:
    """How many words a text has in common with the question of an item, in the language where those are most."""
    words = set(text.casefold().split())
    return max(len(words & set(one.casefold().split())) for one, its in TRUE.items() if its == key)
