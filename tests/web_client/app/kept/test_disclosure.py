"""What a profile's folder says of a person, to whoever reads its files with the browser closed, or killed.

Without a lock: nothing that was deleted, withdrawn, discarded, or typed and never saved. With one: nothing at all, but
for the safety plan where the person agreed to that. Searched is the whole profile, what the browser keeps for itself
included: its history, sessions, suggestions, caches.
"""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from tests.disclosure.checker import Seen, search
from tests.disclosure.sentences import planted_sentence, prose
from tests.end_to_end.support.practice import Invitation, Practice
from tests.web_client.app.kept.places import places
from tests.web_client.app.kept_phone import KeptPhone

pytestmark = [pytest.mark.page, pytest.mark.timeout(300)]

GONE = ("deleted", "edited", "withdrawn", "withdrawn elsewhere", "discarded", "log", "searched", "noted")
KEPT = ("entry", "shared entry", "comment", "topic", "goal", "homework", "plan", "draft", "goal begun")
SAFETY = "safety plan"
TYPED = 50
"""Letters of a sentence that are typed one by one; the checker knows a part of it by half as many."""
SAID = {name: planted_sentence(f"profile {name}") for name in (*GONE, *KEPT, SAFETY)}


class Person:
    """Somebody who goes through the app and leaves sentences everywhere."""

    def __init__(self, phone: KeptPhone) -> None:
        self._phone = phone

    def writes(self, name: str, *, shared: bool = False) -> None:
        """An entry that begins with a sentence, typed in part, so that there is a draft of it first."""
        self._phone.begin_entry()
        self._phone.type(SAID[name].text[:TYPED])
        self._phone.save_entry(f"{SAID[name].text} {prose(700, name)}", shared=shared)

    def opens(self, name: str) -> None:
        """The entry that begins with a sentence."""
        self._phone.open_entry(SAID[name].text)

    def adds(self, screen: str, label: str, name: str, act: str) -> None:
        """Something of one line, on a screen of its own."""
        self._phone.more(screen)
        self._phone.page.get_by_label(label).fill(SAID[name].text)
        self._phone.tap(act)
        self._phone.sees(SAID[name].text)

    def begins_to_edit(self, name: str) -> None:
        """A draft of an edit, which is left there."""
        self.opens(name)
        self._phone.follow("Edit")
        self._phone.shows("Edit entry")
        self._phone.type(" And more of it.")
        self._phone.follow("Back")
        self._phone.shows("Entry")

    def drops(self, name: str, *, shared: bool = False) -> None:
        """The entry that begins with a sentence."""
        self.opens(name)
        self._phone.drop_entry(shared=shared)

    def looks_around(self) -> None:
        """Every screen that stands under "More", and an export."""
        for screen in ("Progress", "Homework", "Questionnaires", "Goals", "Resources", "Withdrawn", "Sync"):
            self._phone.more(screen)
        self._phone.export()

    def types_and_leaves_it(self) -> None:
        """What is typed into forms and left there: of a goal there is a draft then, of the others nothing is kept."""
        self._phone.more("Goals")
        self._phone.page.get_by_label("What do you want?").fill(SAID["goal begun"].text)
        self._phone.tab("Log")
        self._phone.page.get_by_label("Note (optional)").fill(SAID["noted"].text)
        self._phone.more("Search")
        self._phone.page.get_by_label("Search in my journal").fill(SAID["searched"].text)
        self._phone.sees("No entry has all of these words.")


class Found:
    """Searches the profile."""

    def __init__(self, phone: KeptPhone, folder: Path) -> None:
        self._phone = phone
        self._folder = folder
        self._numbers = count()

    def __call__(self) -> set[str]:
        """The names of the sentences of which something is in there."""
        names, seen = [*SAID], Seen()
        findings = search([*SAID.values()], places(self._phone.profile, self._folder / str(next(self._numbers))), seen)
        assert seen.files > 100, "a profile of Chromium has more"
        return {names[one.sentence] for one in findings}


@pytest.fixture
def found(phone: KeptPhone, tmp_path: Path) -> Found:
    return Found(phone, tmp_path / "stores")


def given(practice: Practice, client: Invitation, folder: Path) -> None:
    """What their therapist has for them."""
    with practice.caseload(folder / "anna.db", "anna") as caseload:
        assert caseload.sync().complete
        record = caseload.client(client.person)
        with record.plan.edit() as plan:
            plan.journal("daily", introduction=SAID["plan"].text)
            plan.add_safety_step("warning_signs", SAID[SAFETY].text)
        record.homework.assign(SAID["homework"].text, fields=["What was it like?"])
        assert caseload.sync().complete


def test_what_is_gone_is_in_no_file_and_with_a_lock_nothing_is_but_the_safety_plan_where_that_was_agreed(
    phone: KeptPhone, practice: Practice, found: Found, tmp_path: Path
) -> None:
    person, client = Person(phone), practice.add_client("Jo", "anna")
    given(practice, client, tmp_path)
    phone.pair(client.code, shared=False)
    for name in ("entry", "deleted", "edited"):
        person.writes(name)
    for name in ("shared entry", "withdrawn", "withdrawn elsewhere"):
        person.writes(name, shared=True)
    person.opens("shared entry")
    phone.page.get_by_label("Add a comment").fill(SAID["comment"].text)
    phone.tap("Add comment")
    phone.sees(SAID["comment"].text)
    person.adds("For my next session", "What would you like to talk about?", "topic", "Add")
    person.adds("Goals", "What do you want?", "goal", "Add a goal")
    phone.log("worry", 5, own=True, note=SAID["log"].text, shared=False)
    phone.sync()
    phone.begin_entry()
    phone.type(SAID["discarded"].text[:TYPED])
    phone.confirm("Discard the draft")
    for name in ("edited", "withdrawn elsewhere"):
        person.begins_to_edit(name)
    with practice.tracker(tmp_path / "tablet.db", client.person) as tablet:
        assert tablet.sync().complete
        (elsewhere,) = (one for one in tablet.journal.entries() if SAID["withdrawn elsewhere"].text in one.text)
        tablet.journal.withdraw(elsewhere.id)
        assert tablet.sync().complete
    person.drops("deleted")
    person.drops("edited")
    person.drops("withdrawn", shared=True)
    phone.tab("Log")
    phone.page.get_by_role("main").get_by_role("link", name="worry 5").click()
    phone.confirm("Delete")
    phone.sees("Nothing logged yet.")
    phone.sync()
    phone.begin_entry()
    phone.type(SAID["draft"].text[:TYPED])
    person.looks_around()
    person.types_and_leaves_it()
    phone.kill()
    phone.wait_until_ended()
    assert found() == {*KEPT, SAFETY}

    # With a lock, set over all of that: the plan alone can be read.
    phone.start()
    phone.open()
    phone.set_lock(safety_outside=True)
    person.looks_around()
    phone.begin_entry()
    phone.type(" And on.")
    person.types_and_leaves_it()
    phone.kill()
    phone.wait_until_ended()
    assert found() == {SAFETY}
    phone.start()
    phone.open("/safety")
    phone.sees(SAID[SAFETY].text)
    phone.tab("Back")
    phone.unlock()

    # Not even the plan where that was not agreed; nor what was readable while there was no lock.
    phone.remove_lock()
    phone.set_lock(safety_outside=False)
    phone.lock()
    phone.close()
    assert found() == set()
