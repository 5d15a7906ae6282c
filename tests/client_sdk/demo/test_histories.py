"""The demo's stories: the same every time, told in order, and each of what is done has been given before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from intersession.demo import happenings as happened
from intersession.demo.chances import Chances
from intersession.demo.happenings import Happening
from intersession.demo.histories import history
from intersession.demo.stories.cast import STORIES
from intersession.demo.telling import Story, level
from intersession_schemas.instruments import check_answers, instrument, missing_items

NOW = datetime(2026, 5, 20, 11, 0, tzinfo=UTC)
each_story = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)


@each_story
def test_a_history_is_the_same_every_time_and_another_with_another_number(story: Story) -> None:
    told = history(story, 7, NOW)
    assert told == history(story, 7, NOW)
    assert told != history(story, 8, NOW)


@each_story
def test_it_is_told_in_order_and_nothing_of_it_has_still_to_come(story: Story) -> None:
    moments = [one.at for one in history(story, 7, NOW)]
    assert moments == sorted(moments)
    assert moments[-1] <= NOW
    assert isinstance(history(story, 7, NOW)[0], happened.CareBegun)


@each_story
@pytest.mark.parametrize("weekday", range(7))
def test_what_is_gone_on_with_was_made_before(story: Story, weekday: int) -> None:
    made: set[str] = set()
    for one in history(story, 7, NOW + timedelta(days=weekday)):
        match one:
            case happened.CareBegun():
                made |= {f"goal {number}" for number in range(len(story.goals))}
            case happened.SessionSet() | happened.HomeworkGiven() | happened.EntryWritten() | happened.TopicRaised():
                assert one.key not in made
                made.add(one.key)
            case (
                happened.SessionOver()
                | happened.HomeworkTold()
                | happened.HomeworkDecided()
                | happened.EntryCommented()
                | happened.TopicTalked()
                | happened.StepTaken()
            ):
                assert one.key in made, one


@each_story
def test_forms_are_filled_in_with_the_totals_of_the_story(story: Story) -> None:
    papers = [one for one in history(story, 7, NOW) if isinstance(one, happened.PaperFilled)]
    for form in story.forms:
        filled = [one for one in papers if one.instrument == form.instrument]
        assert len(filled) == len(form.totals)
        for one, (ago, total) in zip(filled, form.totals, strict=True):
            known = instrument(form.instrument)
            check_answers(known, one.answers)
            assert _burden(form.instrument, one.answers) == total, (form.instrument, ago)
            assert not missing_items(known, one.answers)


def _burden(key: str, answers: Mapping[str, int]) -> int:
    items = {item.key: item for item in instrument(key).items}
    turned = {item: max(items[item].allowed) - value for item, value in answers.items() if items[item].reverse}
    return sum({**answers, **turned}.values())


@each_story
def test_sessions_are_on_weekdays(story: Story) -> None:
    for weekday in range(7):
        told = history(story, 7, NOW + timedelta(days=weekday))
        assert all(one.begins.weekday() < 5 for one in told if isinstance(one, happened.SessionSet))


def test_nobody_writes_what_somebody_else_writes() -> None:
    texts = Counter(entry.text for story in STORIES for entry in story.entries)
    assert texts.most_common(1)[0][1] == 1
    assert len({story.name for story in STORIES}) == 12


def test_somebody_was_offline_and_somebody_has_fallen_silent() -> None:
    (offline,) = [story for story in STORIES if any(last is None for _, last in story.offline)]
    assert any(one.instrument.startswith("x-") for one in _answered(offline))
    (silent,) = [story for story in STORIES if any(last == 0 for _, last in story.quiet)]
    mine = [one for one in history(silent, 7, NOW) if one.who == "client"]
    assert NOW - mine[-1].at > timedelta(days=20)


def _answered(story: Story) -> list[happened.FormAnswered]:
    found: list[Happening] = list(history(story, 7, NOW))
    return [one for one in found if isinstance(one, happened.FormAnswered)]


def test_a_path_is_straight_between_its_points() -> None:
    path = ((10, 2.0), (5, 4.0), (0, 0.0))
    assert [level(path, ago) for ago in (20, 10, 7.5, 5, 2.5, 0, -3)] == [2, 2, 3, 4, 2, 0, 0]


def test_chances_are_spread_and_depend_on_what_is_asked() -> None:
    chances = Chances(3)
    shares = [chances.share("a", number) for number in range(400)]
    assert 0.45 < sum(shares) / 400 < 0.55
    assert all(0 <= one < 1 for one in shares)
    assert chances.share("a", 1) == shares[1] != chances.share("b", 1)
    assert all(abs(chances.off(2, number)) <= 2 for number in range(400))
    assert 90 < sum(chances.happens(2.5, number) for number in range(400)) < 210 // 2 + 20
