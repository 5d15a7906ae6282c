"""Records of fields that two edit: nothing of either is lost, and what merges left wrong keeps nobody from writing."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace
from tests.schemas.documents.records import change, copy_of, element, merge, plan, written

from intersession_schemas.changes import read_change
from intersession_schemas.documents.care.homework import HOMEWORK, Homework
from intersession_schemas.documents.care.plan import PLAN, PlanTracker, SafetyStep, TemplateSection
from intersession_schemas.errors import InvalidField

# -- two editors -------------------------------------------------------------------------------------------------------


def test_one_moves_an_element_and_one_rewords_it() -> None:
    one = plan()
    other = copy_of(one, 2)
    element(PLAN, one, "sections", "a", order=9.0)
    element(PLAN, other, "sections", "a", prompt="How was your night, really?", required=True)
    merge(one, other)
    found = PLAN.read(one).sections
    assert list(found) == ["b", "a"]
    assert (found["a"].prompt, found["a"].required) == ("How was your night, really?", True)
    assert PLAN.read(one).problems == ()


def test_what_two_add_both_stays() -> None:
    one = plan()
    other = copy_of(one, 2)
    for document, id_ in ((one, "c"), (other, "d")):
        before = PLAN.read(document)
        after = replace(
            before,
            sections=before.sections | {id_: TemplateSection(prompt=id_, order=3)},
            safety_plan={id_: SafetyStep(text=id_)},
        )
        PLAN.update(document, before, after)
    merge(one, other)
    assert list(PLAN.read(one).sections) == ["a", "b", "c", "d"]
    assert set(PLAN.read(one).safety_plan) == {"c", "d"}


def test_what_one_removes_and_one_rewords_keeps_the_words_for_whoever_puts_it_back() -> None:
    one = plan()
    other = copy_of(one, 2)
    change(PLAN, one, sections={"b": PLAN.read(one).sections["b"]})
    element(PLAN, other, "sections", "a", prompt="How was your short night?")
    merge(one, other)
    assert list(PLAN.read(one).sections) == ["b"]
    kept = PLAN.removed(one, "sections")
    assert kept["a"].prompt == "How was your short night?"
    made = change(PLAN, one, sections=PLAN.read(one).sections | kept)
    assert made is not None
    assert read_change(made).operations == 1
    merge(one, other)
    assert PLAN.read(other).sections["a"].prompt == "How was your short night?"
    assert PLAN.removed(other, "sections") == {}


def test_prose_of_two_merges_letter_by_letter() -> None:
    one = plan()
    other = copy_of(one, 2)
    change(PLAN, one, introduction="Please write in the evening.")
    change(PLAN, other, introduction="Write in the evening, shortly.")
    merge(one, other)
    assert PLAN.read(one).introduction in ("Please write in the evening, shortly.",)


def test_an_edit_of_what_was_read_before_others_wrote_keeps_what_they_wrote() -> None:
    one = plan()
    other = copy_of(one, 2)
    before = PLAN.read(one)
    change(PLAN, other, introduction="Write in the late evening.", journal_rule="FREQ=WEEKLY")
    element(PLAN, other, "sections", "b", prompt="What happened today?")
    merge(one, other)
    sections = {
        "b": replace(before.sections["b"], prompt="What happened? Tell."),
        "c": TemplateSection(prompt="New?", order=3),
    }
    PLAN.update(one, before, replace(before, introduction="Write in the evening. Stop.", sections=sections))
    found = PLAN.read(one)
    assert (found.introduction, found.journal_rule) == ("Write in the late evening. Stop.", "FREQ=WEEKLY")
    assert {id_: section.prompt for id_, section in found.sections.items()} == {
        "b": "What happened today? Tell.",
        "c": "New?",
    }


def test_a_value_set_on_two_devices_at_once_is_a_problem_until_it_is_set_again() -> None:
    one = plan(trackers={"t": PlanTracker(name="mood", high=10)})
    other = copy_of(one, 2)
    change(PLAN, one, journal_rule="FREQ=DAILY")
    change(PLAN, other, journal_rule="FREQ=WEEKLY")
    element(PLAN, one, "trackers", "t", high=5)
    element(PLAN, other, "trackers", "t", high=7)
    merge(one, other)
    found = PLAN.read(one)
    assert found == PLAN.read(other)
    assert [problem.split(":")[0] for problem in found.problems] == ["journal_rule", "trackers t"]
    assert found.journal_rule in ("FREQ=DAILY", "FREQ=WEEKLY")
    change(PLAN, one, journal_rule="FREQ=MONTHLY")
    assert PLAN.read(one).problems == ()


def test_a_value_that_one_set_and_one_left_or_that_both_set_alike_is_no_problem() -> None:
    one = plan(journal_rule="FREQ=MONTHLY")
    other = copy_of(one, 2)
    change(PLAN, one, journal_rule="FREQ=DAILY", journal_since=date(2026, 1, 1))
    change(PLAN, other, introduction="Other.", journal_since=date(2026, 1, 1))
    merge(one, other)
    assert len(one.heads) == 2
    assert (PLAN.read(one).journal_rule, PLAN.read(one).problems) == ("FREQ=DAILY", ())


def test_what_merges_left_wrong_does_not_keep_others_from_editing() -> None:
    """Each of two edits is fine, both together are not: the lowest value above the highest."""
    one = plan(trackers={"t": PlanTracker(name="mood", low=0, high=10)})
    other = copy_of(one, 2)
    element(PLAN, one, "trackers", "t", low=8)
    element(PLAN, other, "trackers", "t", high=5)
    merge(one, other)
    assert change(PLAN, one, introduction="New.", trackers=PLAN.read(one).trackers | {"u": PlanTracker(name="sleep")})
    assert element(PLAN, one, "trackers", "t", rule="FREQ=WEEKLY")
    with pytest.raises(InvalidField):
        change(PLAN, one, trackers=PLAN.read(one).trackers | {"v": PlanTracker()})
    assert element(PLAN, one, "trackers", "t", low=0)


def test_prose_that_merges_made_too_long_does_not_keep_others_from_editing() -> None:
    one = written(HOMEWORK, Homework(what="Walk."))
    other = copy_of(one, 2)
    change(HOMEWORK, one, what="Walk. " + "One. " * 250)
    change(HOMEWORK, other, what="Walk. " + "Other. " * 200)
    merge(one, other)
    assert len(HOMEWORK.read(one).what) > 2_000
    assert change(HOMEWORK, one, ended_on=date(2026, 5, 4))
    with pytest.raises(InvalidField, match="what"):
        change(HOMEWORK, one, what=HOMEWORK.read(one).what + "More.")
    assert change(HOMEWORK, one, what="Walk.")
