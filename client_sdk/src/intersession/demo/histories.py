"""From a story to what happened, day by day. Pure: the same story, number and moment give the same history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from intersession.demo import happenings as happened
from intersession.demo.chances import Chances
from intersession.demo.happenings import Happening
from intersession.demo.questions import EVENING
from intersession.demo.telling import Story, StoryForm, StoryHomework, level
from intersession_schemas.documents.care.homework import Homework, occurrences_of
from intersession_schemas.documents.recurrence import check_rule
from intersession_schemas.instruments import instrument
from intersession_schemas.library import TEMPLATES

CHECK_IN = tuple(f"q{number}" for number in range(1, 7))


def history(story: Story, seed: int, now: datetime) -> tuple[Happening, ...]:
    """What happened up to `now` (aware), oldest first. What a story tells of later than that has not happened."""
    told = _Teller(story, Chances(seed), now.astimezone(ZoneInfo(story.zone)))
    return tuple(sorted((one for one in told.all() if one.at <= now), key=lambda one: one.at))


class _Teller:
    def __init__(self, story: Story, chances: Chances, now: datetime) -> None:
        self.story = story
        self.end = now.date()
        self.zone = now.tzinfo
        self.chances = chances

    def all(self) -> Iterator[Happening]:
        """Everything, each kind for itself."""
        begun = self.desk(self.story.began, self.story.session_hour - 1)
        yield happened.CareBegun(at=begun, who="therapist", story=self.story)
        yield from self.sessions()
        yield from self.forms()
        for number, one in enumerate(self.story.homework):
            yield from self.homework(f"homework {number}", one)
        yield from self.entries()
        yield from self.logs()
        yield from self.checks()
        yield from self.care()
        yield from self.words()

    def at(self, ago: float, hour: float) -> datetime:
        """An hour of the day so many days ago, on the client's clock; none that clocks skip."""
        day = self.end - timedelta(days=int(ago))
        seconds = int(hour * 3600) + self.chances.place(1500, "second", ago, hour)
        return datetime.combine(day, time(), self.zone) + timedelta(seconds=min(seconds, 86_300))

    def desk(self, ago: int, hour: float) -> datetime:
        """As `at`, in the practice: what would fall on a weekend is on the Friday before."""
        return self.at(ago + self.weekend(ago), hour)

    def weekend(self, ago: int) -> int:
        """How many days of the weekend have begun, so many days ago."""
        return max(0, (self.end - timedelta(days=ago)).weekday() - 4)

    def writes(self, ago: int) -> bool:
        """Whether anything is written on that day at all."""
        return not any(first >= ago >= last for first, last in self.story.quiet)

    def sessions(self) -> Iterator[Happening]:
        story = self.story
        agos = range(story.began, -story.every - 1, -story.every)
        for number, ago in enumerate(agos):
            key = f"session {number}"
            day = self.end - timedelta(days=ago + self.weekend(ago))
            begins = datetime.combine(day, time(story.session_hour), self.zone)
            made = (ago, -0.5) if not number else (ago + story.every, 0.95)
            before = self.desk(made[0], story.session_hour + made[1])
            yield happened.SessionSet(at=before, who="therapist", key=key, begins=begins)
            if ago >= 0:
                over = begins + timedelta(minutes=55)
                state: Literal["attended", "missed", "cancelled"] = (
                    "missed" if ago in story.missed else "cancelled" if ago in story.cancelled else "attended"
                )
                yield happened.SessionOver(at=over, who="therapist", key=key, state=state)

    def forms(self) -> Iterator[Happening]:
        for form in self.story.forms:
            for ago, total in form.totals:
                answers = _spread(form, ago, total, self.chances)
                at = self.desk(ago, self.story.session_hour + 0.97)
                yield happened.PaperFilled(at=at, who="therapist", instrument=form.instrument, answers=answers)

    def homework(self, key: str, given: StoryHomework) -> Iterator[Happening]:
        begun = self.desk(given.ago, self.story.session_hour + 1.5)
        due, until = (None if ago is None else self.end - timedelta(days=ago) for ago in (given.due, given.until))
        yield happened.HomeworkGiven(at=begun, who="therapist", key=key, homework=given, due=due, until=until)
        last = 0
        for review in given.reviews:
            at = self.desk(review.ago, self.story.session_hour + 1.2)
            yield happened.HomeworkDecided(
                at=at, who="therapist", key=key, decision=review.decision, reason=review.reason, becomes=review.becomes
            )
            if review.decision in ("stop", "replace"):
                last = max(last, review.ago + 1)
        if given.until is not None:
            last = max(last, given.until)
        yield from self.told(key, given, begun.date(), due, self.end - timedelta(days=last))

    def told(self, key: str, given: StoryHomework, since: date, due: date | None, last: date) -> Iterator[Happening]:
        template = TEMPLATES.get(given.template)
        rule = given.rule or ("" if template is None or given.due is not None else template.rule)
        homework = Homework(what="-", rule=check_rule(rule, self.zone) if rule else "", due=due, since=since)
        for turn, one in enumerate(occurrences_of(homework, since + timedelta(days=1), last)):
            ago = (self.end - one.day).days
            if not self.writes(ago) or not self.chances.happens(given.reported, key, "told", one.key):
                continue
            late = 1 if self.chances.happens(0.6, key, "late", one.key) else 0
            done_at = self.at(ago, self.story.hour - 1.3)
            at = self.at(ago - late, self.story.hour - 0.6) if ago else done_at
            yield self.report(key, given, one.key, ago, turn, done_at, max(at, done_at))

    def report(
        self, key: str, given: StoryHomework, occurrence: str, ago: int, turn: int, done_at: datetime, at: datetime
    ) -> Happening:
        pick, about = self.chances.place, (key, occurrence)
        done = self.chances.happens(level(given.done, ago), "done", *about)
        status = "done" if done else given.otherwise[pick(len(given.otherwise), "status", *about)]
        if status not in ("done", "partly"):
            barrier, note = (
                given.barriers[pick(len(given.barriers), "barrier", *about)] if given.barriers else (None, "")
            )
            return happened.HomeworkTold(
                at=at,
                key=key,
                occurrence=occurrence,
                done_at=at,
                status=status,
                turn=turn,
                barrier=barrier,
                barrier_note=note,
            )
        learned = given.learned[turn % len(given.learned)] if given.learned and turn % 2 == 0 else ""
        return happened.HomeworkTold(
            at=at,
            key=key,
            occurrence=occurrence,
            done_at=done_at,
            status=status,
            turn=turn,
            difficulty=_within(level(given.difficulty, ago) + self.chances.off(2, "hard", *about), 0, 10),
            helpful=_within(level(given.helpful, ago) + self.chances.off(2, "helpful", *about), 0, 10),
            learned=learned,
        )

    def entries(self) -> Iterator[Happening]:
        for number, one in enumerate(self.story.entries):
            at = self.at(one.ago, one.hour)
            yield happened.EntryWritten(
                at=at,
                key=f"entry {number}",
                about=at - timedelta(days=one.about),
                text=one.text,
                mood=one.mood,
                tags=one.tags,
                answers=one.answers,
                shared=not one.private,
            )
            if one.comment:
                said = self.at(max(one.ago - 1, 0), 17.2)
                yield happened.EntryCommented(at=said, who="therapist", key=f"entry {number}", text=one.comment)

    def logs(self) -> Iterator[Happening]:
        trackers = self.story.trackers
        for ago in range(self.story.began - 1, -1, -1):
            # Everybody is keener at the beginning, and in the weeks that are looked at most.
            kept = trackers[0].kept * (0.6 if self.story.began - 14 > ago > 60 else 1) if trackers else 0
            if not trackers or not self.writes(ago) or not self.chances.happens(kept, "logs", ago):
                continue
            values = {
                one.name: _within(level(one.path, ago) + self.chances.off(one.swing, one.name, ago), one.low, one.high)
                for one in trackers
                if one is trackers[0] or self.chances.happens(8.5, "log", one.name, ago)
            }
            about = self.at(ago, self.story.hour)
            # Now and then an evening is made up for on the next day, and said to be that evening's.
            later = 1 if ago and self.chances.happens(0.5, "later", ago) else 0
            yield happened.SymptomsLogged(
                at=about + timedelta(days=later, hours=-3 * later), about=about, values=values
            )

    def checks(self) -> Iterator[Happening]:
        story = self.story
        if story.checks:
            for ago in range(story.began - 2, -1, -story.checks_every):
                if self.writes(ago) and self.chances.happens(8.5, "check", ago):
                    answers = {
                        item: _within(level(story.checks, ago) + self.chances.off(2.2, item, ago), 0, 10)
                        for item in CHECK_IN
                    }
                    at = self.at(ago, story.hour + 0.3)
                    yield happened.FormAnswered(at=at, instrument="check-in", answers=answers)
        for ago, given in story.evening:
            answers = {f"q{number}": value for number, value in enumerate(given, 1)}
            yield happened.FormAnswered(at=self.at(ago, 22.4), instrument=EVENING, answers=answers)

    def care(self) -> Iterator[Happening]:
        story, hour = self.story, self.story.session_hour
        for ago, phase in story.phases:
            yield happened.PhaseBegun(at=self.desk(ago, hour + 1.3), who="therapist", phase=phase)
        for change in story.changes:
            pause = None
            if change.pause is not None:
                days, reason = change.pause
                first = self.end - timedelta(days=change.ago - 1)
                pause = (first, first + timedelta(days=days - 1), reason)
            who: happened.Whose = "covering" if change.covering else "therapist"
            yield happened.PlanEdited(at=self.at(change.ago, 16.4), who=who, change=change, pause=pause)
        for ago, text in story.notes:
            yield happened.NoteKept(at=self.desk(ago, hour + 1.7), who="therapist", text=text)
        for ago, note in story.seen:
            yield happened.SignalsSeen(at=self.at(ago, 8.3), who="therapist", note=note)

    def words(self) -> Iterator[Happening]:
        for number, topic in enumerate(self.story.topics):
            yield happened.TopicRaised(at=self.at(topic.ago, 19.7), key=f"topic {number}", text=topic.text)
            if topic.talked is not None:
                yield happened.TopicTalked(at=self.at(topic.talked, 18.3), key=f"topic {number}")
        for number, goal in enumerate(self.story.goals):
            for place, (_, done) in enumerate(goal.steps):
                if done is not None:
                    yield happened.StepTaken(at=self.at(done, 20.1), key=f"goal {number}", step=place)
            if goal.reached is not None:
                yield happened.StepTaken(at=self.at(goal.reached, 20.3), key=f"goal {number}", step=None)


def _within(value: float, low: int, high: int) -> int:
    return max(low, min(high, round(value)))


def _spread(form: StoryForm, ago: int, total: int, chances: Chances) -> dict[str, int]:
    """Answers to the items that add up to `total`, each about its share; the risk item as the story has it."""
    items = {item.key: item for item in instrument(form.instrument).items}
    weights = {f"q{number}": weight for number, weight in enumerate(form.weights, 1)}
    burden = dict.fromkeys(weights, 0)
    if form.risk:
        burden[form.risk] = form.endorsed.get(ago, 0)
    while (left := total - sum(burden.values())) > 0:
        # Each to its next higher answer, as far as there is room; the one that is furthest below its share first.
        higher = {
            key: min((value for value in items[key].allowed if value > burden[key]), default=burden[key])
            for key, weight in weights.items()
            if weight > 0 and key != form.risk
        }
        open_ones = [key for key, value in higher.items() if 0 < value - burden[key] <= left]
        if not open_ones:
            break
        best = max(
            open_ones, key=lambda key: weights[key] / (burden[key] + 0.6) * (0.8 + 0.4 * chances.share(key, ago))
        )
        burden[best] = higher[best]
    return {key: max(items[key].allowed) - value if items[key].reverse else value for key, value in burden.items()}
