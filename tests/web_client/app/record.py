"""A client of a practice for looking at the screens: what the care team gave, and what an older device has written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from msgspec import Struct
from tests.client_sdk.practice import SettableClock, replica_of
from tests.client_sdk.wordings import wording_of_phq_9
from tests.end_to_end.support.practice import Invitation, Practice
from tests.end_to_end.support.server_process import ServerProcess

from intersession import Caseload, Field, Tracker
from intersession.replica.scope import LibraryScope
from intersession_schemas.streams import Kind

QUIET = "A quiet day. I went to the market, and it was less crowded than I feared."
WORRY = "Worry"
WHAT = "Meet one person this week, even for a short time"


class Record(Struct, frozen=True):
    """The practice, its client, and by a short name the places of the app that are about one thing."""

    practice: Practice
    client: Invitation
    places: dict[str, str]
    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        """Where the practice's server is."""
        return f"http://{self.host}:{self.practice.server.port}"

    def at(self, path: str) -> str:
        """A path of the app, in which `{names}` are those of places."""
        return path.format(**self.places)

    def code(self) -> str:
        """A code for one more device of the client's."""
        return self.practice.invite_client(self.client.person)


@contextmanager
def record_on(server: ServerProcess, folder: Path) -> Iterator[Record]:
    """A practice on a server that has none, with one client, whose record has something of everything."""
    with Practice.on(server) as practice:
        therapist = practice.add_therapist("anna")
        client = practice.add_client("Alex", "anna")
        clock = SettableClock(datetime.now(UTC) - timedelta(days=40))
        with (
            Caseload.open(folder / "therapist.db", clock=clock) as caseload,
            Tracker.open(folder / "older.db", clock=clock) as older,
        ):
            caseload.pair(server.url, therapist.code)
            caseload.sync()
            homework = _give(caseload, client.person, clock)
            caseload.sync()
            older.pair(server.url, practice.invite_client(client.person), share_by_default=True)
            older.sync()
            places = _live(older, homework, clock)
            older.sync()
            caseload.sync()
            caseload.client(client.person).comment(UUID(places["entry"]), "I am glad that you went.")
            caseload.sync()
        yield Record(practice, client, places)


def _give(caseload: Caseload, person: UUID, clock: SettableClock) -> UUID:
    """What the care team gives; the homework's id."""
    client, since = caseload.client(person), clock.now.date()
    replica = replica_of(caseload)
    with replica.writing() as touched:
        LibraryScope(replica).add(touched, Kind.INSTRUMENT, wording_of_phq_9())
    breathing = client.resources.add(
        "Breathing out longer",
        text="For moments in which everything is too fast.",
        steps=["Breathe in and count to four.", "Breathe out and count to six."],
        tags=["crisis", "body"],
    )
    client.resources.add(
        "About avoidance", text="Why it helps for now, and what it costs.", link="https://example.org/avoidance"
    )
    with client.plan.edit() as plan:
        plan.journal("daily", since, "Take a few minutes in the evening.")
        plan.add_section("What went well today?")
        plan.add_section("What did you avoid?")
        plan.add_section("How did you sleep?", "one_of", options=["well", "so so", "badly"])
        plan.add_tracker(
            WORRY, 0, 10, labels={0: "none", 10: "unbearable"}, question="How strong were your worries today?",
            rule="daily", since=since,
        )  # fmt: skip
        plan.add_assessment("phq-9", "weekly", since, open_days=7)
        plan.add_safety_step("warning_signs", "I stop answering messages.")
        plan.add_safety_step("on_my_own", "Walk once around the block, slowly.")
        plan.add_safety_step("people_to_ask", "My sister", "030 1234567")
        plan.add_safety_step("professionals", "Crisis service", "0800 1110111")
        plan.safety_resources([breathing.id])
    homework = client.homework.assign(
        WHAT, why="Being with others has lifted your mood before.", agreed=True, confidence=7, rule="daily",
        since=since, resources=[breathing.id], fields=_worksheet(),
    )  # fmt: skip
    client.sessions.plan(datetime.now(UTC) + timedelta(days=3))
    return homework.id


def _worksheet() -> dict[str, Field]:
    fields = [
        Field(order=1, prompt="Whom did you meet?"),
        Field(order=2, prompt="Anxiety before", type="scale", low=0, high=10),
        Field(order=3, prompt="What helped?", type="checklist", options=("a plan", "a walk")),
        Field(order=4, prompt="How long?", type="number", unit="minutes", low=0, high=600),
        Field(order=5, prompt="Would you do it again?", type="yes_no"),
        Field(order=6, prompt="When did it begin?", type="time"),
    ]
    return {f"f{number}": field for number, field in enumerate(fields)}


def _live(older: Tracker, homework: UUID, clock: SettableClock) -> dict[str, str]:
    """Weeks in which something is written; by a short name the ids of what there is to look at."""
    begin = clock.now
    goal = older.goals.add(
        "Have friends over for dinner again", "I miss the noise.", ["Call Mia", "Pick a day", "Cook something simple"]
    )
    older.goals.step_done(goal.id, goal.steps[0].id)
    told = older.topics.add("Sleep")
    older.topics.tick_off(told.id)
    older.topics.add("The call with my father")
    logs = []
    for number, value in enumerate((3, 5, 4, 6, 5, 8, 6, 7)):
        clock.now = begin + timedelta(days=3 * number)
        logs.append(older.symptoms.log({WORRY: value}, scale=(0, 10)))
    older.symptoms.correct(logs[-1].id, note="The call, and the hours before it.")
    finished = ""
    for number, severity in enumerate((3, 2, 1)):
        clock.now = begin + timedelta(days=7 * number + 1)
        draft = older.assessments.start("phq-9", new=True)
        for item in range(1, 9):
            draft.answer(f"q{item}", severity)
        draft.answer("q9", 0)
        finished = str(draft.complete().id)
    clock.now = begin + timedelta(days=30)
    older.homework.record(homework, (begin + timedelta(days=29)).date(), "done", difficulty=3, helpfulness=8)
    withdrawn = older.journal.write("Better not.")
    clock.now = begin + timedelta(days=38)
    entry = older.journal.write(QUIET, mood=6, tags=["outside"])
    older.sync()
    older.journal.withdraw(withdrawn.id)
    resource = next(one for one in older.resources.list() if one.steps)
    return {
        "entry": str(entry.id),
        "log": str(logs[-1].id),
        "homework": str(homework),
        "occurrence": datetime.now().astimezone().date().isoformat(),
        "assessment": finished,
        "goal": str(goal.id),
        "resource": str(resource.id),
    }
