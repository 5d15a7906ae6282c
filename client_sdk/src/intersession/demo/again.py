"""What the demo's people write while it runs: an entry or a few values in their own voice, homework, what is due."""

from __future__ import annotations

from intersession.demo.chances import Chances
from intersession.demo.clients import worksheet
from intersession.demo.telling import Story, level
from intersession.models.measures import Question
from intersession.tracker import Tracker


def write_again(story: Story, tracker: Tracker, turn: int) -> None:
    """One person writes once more, and syncs."""
    chances = Chances(turn)
    values = {
        one.name: max(one.low, min(one.high, round(level(one.path, 0) + chances.off(one.swing, one.name))))
        for one in story.trackers
    }
    if values:
        first = story.trackers[0]
        tracker.symptoms.log(values, scale=(first.low, first.high))
    tracker.journal.write(story.again[turn // 11 % len(story.again)])
    tracker.sync()
    _do_homework(tracker, turn)
    _answer_what_is_due(story, tracker, chances)
    tracker.sync()


def _do_homework(tracker: Tracker, turn: int) -> None:
    """Report today's homework, one occurrence at a time."""
    today = tracker.due()
    for due in today:
        if due.kind == "homework":
            assignment = next(one for one in tracker.homework.list() if str(one.id) == due.id)
            answers = worksheet(assignment, turn, 4)
            tracker.homework.record(assignment.id, due, "done", answers=answers, difficulty=4, helpfulness=6)
            return


def _answer_what_is_due(story: Story, tracker: Tracker, chances: Chances) -> None:
    for one in tracker.assessments.available():
        if one.due is None:
            continue
        draft = tracker.assessments.start(one.instrument)
        while (item := draft.next()) is not None:
            draft.answer(item.item, _chosen(item, story, chances))
        draft.complete()


def _chosen(item: Question, story: Story, chances: Chances) -> int | bool:
    if item.yes_no:
        return False
    allowed = [value for value in item.allowed if isinstance(value, int)]
    if len(allowed) < 8 or not story.checks:
        return allowed[chances.place(2, item.item)]
    return allowed[max(0, min(len(allowed) - 1, round(level(story.checks, 0) + chances.off(2, item.item))))]
