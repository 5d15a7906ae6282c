"""An entry on its screen: who can read it, and what was answered in it, to be answered anew."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from tests.end_to_end.support.practice import NAME
from tests.web_client.app.phone import WITHIN, WRITING, Phone
from tests.web_client.app.writing.care import Care

pytestmark = pytest.mark.page
LONG_AGO = date(2020, 1, 1)


def _asks(care: Care) -> tuple[str, str]:
    """The therapist's plan asks for an answer of each type; which section asks how tense one is, and how one slept."""
    with care.client.plan.edit() as plan:
        plan.journal("daily", LONG_AGO, "")
        plan.add_section("What happened?")
        tense = plan.add_section("How tense?", "scale", low=1, high=5, labels={1: "calm", 5: "very"})
        plan.add_section("How many cups?", "number", unit="cups")
        plan.add_section("Did you go out?", "yes_no")
        slept = plan.add_section("How did you sleep?", "one_of", options=["well", "badly"])
        plan.add_section("What helped?", "several_of", options=["Walking", "Talking", "Music"])
        plan.add_section("What is done?", "checklist", options=["Dishes", "Post"])
        plan.add_section("When did you get up?", "time")
    care.sync()
    return tense, slept


def _edit(phone: Phone, id: UUID) -> None:
    """Open the form of an entry, once the phone has it."""
    phone.open(f"/journal/{id}")
    phone.follow("Edit")
    phone.settled()


def _newest(phone: Phone) -> None:
    phone.open("/journal")
    phone.page.get_by_role("article").get_by_role("link").first.click()


ANSWERED = {
    "What happened?": "Not much.",
    "How tense?": 5,
    "How many cups?": 4,
    "Did you go out?": False,
    "How did you sleep?": "badly",
    "What helped?": ["Walking"],
    "What is done?": ["Dishes"],
    "When did you get up?": "07:30",
}


def test_it_says_who_can_read_it_since_when_and_what_is_not_known(phone: Phone, care: Care) -> None:
    care.tablet.journal.write("From the tablet.")
    kept = care.tablet.journal.write("For me.", shared=False)
    care.sync()
    _newest(phone)
    expect(phone.page.get_by_text(f"Your care team ({NAME}) can read this. It arrived there on")).to_be_visible()
    expect(phone.page.get_by_text("Who has read it is not known on this device.")).to_be_visible()
    expect(phone.page.get_by_text("they cannot read yet")).to_have_count(0)
    phone.context.set_offline(True)
    phone.follow("Edit")
    phone.page.get_by_label(WRITING).fill("From the tablet, and the phone.")
    phone.tap("Save")
    expect(phone.page.get_by_text("What you changed and has not been sent yet, they cannot read yet.")).to_be_visible()
    phone.write("Without a network.")
    expect(phone.page.get_by_text(f"Your care team ({NAME}) can read this once it has been sent.")).to_be_visible()
    expect(phone.page.get_by_text("is not known on this device")).to_have_count(0)
    assert kept.shared is False


def test_a_moment_at_the_practice_is_told_by_the_clock_of_the_phone(phone: Phone, care: Care) -> None:
    entry = care.tablet.journal.write("From the tablet.")
    care.sync()
    arrived = care.tablet.journal.get(entry.id).arrived_at
    assert arrived is not None
    here = f"{arrived.astimezone(ZoneInfo('Europe/Berlin')):%H:%M}"
    _newest(phone)
    expect(phone.page.get_by_text(re.compile(f"It arrived there on .*, {here}"))).to_be_visible()


def test_every_answer_of_an_entry_is_given_anew(phone: Phone, care: Care) -> None:
    _asks(care)
    entry = care.tablet.journal.write(sections=ANSWERED)
    care.sync()
    phone.open(f"/journal/{entry.id}")
    expect(phone.page.get_by_text("5 very")).to_be_visible()
    phone.follow("Edit")
    phone.page.get_by_label("What happened?").fill("A lot.")
    group = phone.page.get_by_role("group", name="How tense?")
    expect(group.get_by_role("radio", name="5 very")).to_be_checked()
    expect(group.get_by_role("radio")).to_have_count(5)
    group.get_by_role("radio", name="1 calm").check(force=True)
    phone.page.get_by_label("How many cups?").fill("2.5")
    phone.page.get_by_role("group", name="Did you go out?").get_by_role("radio", name="Yes").check()
    phone.page.get_by_role("group", name="How did you sleep?").get_by_role("radio", name="well").check()
    helped = phone.page.get_by_role("group", name="What helped?")
    expect(helped.get_by_role("checkbox", name="Walking")).to_be_checked()
    helped.get_by_role("checkbox", name="Music").check()
    phone.page.get_by_role("group", name="What is done?").get_by_role("checkbox", name="Dishes").uncheck()
    phone.page.get_by_label("When did you get up?").fill("06:45")
    phone.tap("Save")
    phone.shows("Entry")
    expect(phone.page.get_by_text("1 calm")).to_be_visible()
    expected = ["A lot.", 1, 2.5, True, "well", ("Walking", "Music"), None, "06:45"]
    care.until(lambda: [one.text or one.value for one in care.client.entries()[0].sections], expected, "the answers")
    assert [one.label for one in care.client.entries()[0].sections][1] == "calm"


def test_what_the_tablet_changes_meanwhile_stays(phone: Phone, care: Care) -> None:
    _asks(care)
    entry = care.tablet.journal.write(sections=ANSWERED)
    care.sync()
    _edit(phone, entry.id)
    phone.page.get_by_label("How many cups?").fill("2")
    care.tablet.journal.edit(entry.id, sections={**ANSWERED, "Did you go out?": True}, text="And I went out.")
    care.sync()
    phone.tap("Save")
    phone.shows("Entry")

    def said() -> list[object]:
        (one,) = care.client.entries()
        values = {section.prompt: section.value for section in one.sections}
        return [one.text, values["How many cups?"], values["Did you go out?"]]

    care.until(said, ["And I went out.", 2, True], "both edits")
    expect(phone.page.get_by_text("And I went out.")).to_be_visible(timeout=WITHIN)


def test_an_answer_to_what_is_asked_in_other_words_now_stays_as_it_was_asked(phone: Phone, care: Care) -> None:
    tense, slept_how = _asks(care)
    entry = care.tablet.journal.write(sections=ANSWERED)
    with care.client.plan.edit() as plan:
        plan.change_section(tense, prompt="How tense in all?", low=0, high=100)
        plan.remove_section(slept_how)
    care.sync()
    _edit(phone, entry.id)
    phone.page.get_by_label("How tense?").fill("3")
    slept = phone.page.get_by_role("group", name="How did you sleep?")
    expect(slept.get_by_role("radio")).to_have_count(1)
    slept.get_by_role("button", name="No answer").click()
    phone.tap("Save")
    phone.shows("Entry")

    def said() -> list[tuple[str, object]]:
        (one,) = care.client.entries()
        return [(section.type, section.value) for section in one.sections if section.prompt.startswith("How")]

    care.until(said, [("scale", 3), ("number", 4), ("one_of", None)], "the answers")
