"""Journal entries: what is written is read, two devices' edits merge, odd documents are read all the same."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document, Edit, Scalar
from intersession_schemas.documents.diary import journal, sections
from intersession_schemas.documents.diary.journal import JournalEntry
from intersession_schemas.documents.diary.sections import Section
from intersession_schemas.documents.names import name_key
from intersession_schemas.errors import InvalidField

AT = datetime(2020, 3, 31, 23, 50, tzinfo=timezone(timedelta(hours=2)))
SECTIONS = (Section("What happened?", "Nothing much.", "what"), Section("And then?", "", "then"))

characters = st.characters(exclude_categories=["Cs"])
answered = st.builds(
    Section, st.text(characters, max_size=20), st.text(characters, max_size=40), st.text(characters, max_size=9)
)
tags = st.lists(st.text(characters, min_size=1, max_size=9).filter(name_key), max_size=5)
moods = st.none() | st.integers(0, 10)


def actor(number: int) -> bytes:
    return bytes([number]) * 16


def entry(**fields: Any) -> Document:
    document = Document.new(actor(1))
    journal.create(document, **{"written_at": AT, "entered_at": AT} | fields)
    return document


def copy_of(document: Document, number: int) -> Document:
    other = Document.new(actor(number))
    other.apply(document.changes())
    return Document.load(other.save(), actor(number))


def merged(one: Document, other: Document) -> JournalEntry:
    one.apply(other.changes())
    other.apply(one.changes())
    assert one.heads == other.heads
    assert journal.read(one) == journal.read(other)
    return journal.read(one)


# -- writing and reading -----------------------------------------------------------------------------------------------


@given(
    st.datetimes(datetime(2, 1, 2), datetime(9998, 12, 30)).map(lambda at: at.replace(tzinfo=AT.tzinfo)),  # noqa: DTZ001
    st.text(characters, max_size=200),
    st.lists(answered, max_size=12),
    moods,
    tags,
    st.sampled_from([None, "Europe/Amsterdam"]),
)
@settings(max_examples=60)
def test_what_is_written_is_read(
    at: datetime, text: str, asked: list[Section], mood: int | None, tags: list[str], zone: str | None
) -> None:
    document = Document.new(actor(1))
    change = journal.create(
        document, written_at=at, entered_at=AT, zone=zone, text=text, sections=asked, mood=mood, tags=tags
    )
    other = Document.new(actor(2))
    other.apply([change])
    assert journal.read(other) == JournalEntry(
        written_at=at,
        entered_at=AT,
        zone=zone,
        text=text,
        sections=tuple(asked),
        mood=mood,
        tags=tuple(sorted(first_spellings(tags), key=str.encode)),
    )


def test_an_entry_of_ten_to_midnight_stays_on_its_day() -> None:
    written = journal.read(copy_of(entry(), 2)).written_at
    assert written is not None
    assert (written.isoformat(), written.day) == ("2020-03-31T23:50:00+02:00", 31)


def test_sections_keep_their_order_beyond_nine() -> None:
    asked = tuple(Section(f"Question {number}") for number in range(30))
    assert journal.read(entry(sections=asked)).sections == asked


def first_spellings(tags: list[str]) -> set[str]:
    return set({name_key(tag): tag for tag in reversed(tags)}.values())


@given(
    st.text(characters, max_size=60), st.text(characters, max_size=60), moods, tags, st.text(characters, max_size=30)
)
@settings(max_examples=60)
def test_what_is_edited_is_read(before: str, after: str, mood: int | None, tags: list[str], answer: str) -> None:
    document = entry(text=before, sections=SECTIONS, mood=5, tags=["old", "kept"])
    changed = (Section("What happened?", answer, "what"), SECTIONS[1])
    journal.edit(document, text=after, mood=mood, tags=[*tags, "kept"], sections=changed)
    found = journal.read(copy_of(document, 2))
    assert (found.text, found.mood, found.sections) == (after, mood, changed)
    assert set(found.tags) == first_spellings(["kept", *tags])
    assert found.problems == ()


def test_what_is_not_given_is_left_alone() -> None:
    document = entry(text="words", sections=SECTIONS, mood=5, tags=["kept"])
    journal.edit(document, mood=None)
    found = journal.read(document)
    assert (found.text, found.sections, found.mood, found.tags) == ("words", SECTIONS, None, ("kept",))


def test_an_edit_that_changes_nothing_is_no_change() -> None:
    document = entry(text="words", sections=SECTIONS, mood=5, tags=["kept"])
    heads = document.heads
    assert journal.edit(document) is None
    assert journal.edit(document, text="words", sections=SECTIONS, mood=5, tags=["kept", "kept"]) is None
    assert document.heads == heads


def test_an_edit_is_one_small_change() -> None:
    document = entry(text="I slept badly. " * 100)
    change = journal.edit(document, text="I slept badly. " * 99 + "I slept well. ", mood=7)
    assert change is not None
    assert read_change(change).operations < 12


def test_the_same_entry_is_the_same_bytes_in_every_process() -> None:
    """Also the order of tags, which a set would leave to each process's own hashing."""
    source = (
        "from datetime import datetime; from intersession_schemas.crdt import Document;"
        "from intersession_schemas.documents.diary import journal;"
        "at = datetime.fromisoformat('2020-03-01T00:00:00+00:00');"
        "tags = ['work', 'sleep', 'family', 'friends', 'body', 'money'];"
        "document = Document.new(b'1' * 16);"
        "print(journal.create(document, written_at=at, entered_at=at, tags=tags).hex());"
        "print(journal.edit(document, tags=[tag + '!' for tag in tags]).hex())"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", source],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert made[0] == made[1]


# -- two devices -------------------------------------------------------------------------------------------------------


def test_edits_of_the_same_prose_both_survive() -> None:
    one = entry(text="I slept badly. Then I worked.")
    other = copy_of(one, 2)
    journal.edit(one, text="I slept well. Then I worked.")
    journal.edit(other, text="I slept badly. Then I worked all day.")
    assert merged(one, other).text == "I slept well. Then I worked all day."


def test_edits_of_tags_mood_sections_and_prose_all_survive() -> None:
    one = entry(text="words", sections=SECTIONS, mood=5, tags=["gone", "kept"])
    other = copy_of(one, 2)
    journal.edit(one, text="more words", tags=["kept", "one"], sections=[Section(*_s(0, "A lot.")), SECTIONS[1]])
    journal.edit(other, mood=2, tags=["gone", "kept", "other"], sections=[SECTIONS[0], Section(*_s(1, "Then more."))])
    found = merged(one, other)
    assert (found.text, found.mood, found.tags) == ("more words", 2, ("kept", "one", "other"))
    assert [section.text for section in found.sections] == ["A lot.", "Then more."]


def _s(number: int, text: str) -> tuple[str, str, str]:
    return SECTIONS[number].prompt, text, SECTIONS[number].key


def test_of_two_moods_one_is_kept_the_same_for_all() -> None:
    one = entry(mood=5)
    other = copy_of(one, 2)
    journal.edit(one, mood=1)
    journal.edit(other, mood=9)
    assert merged(one, other).mood in (1, 9)


def test_a_tag_taken_away_and_added_at_once_stays() -> None:
    one = entry(tags=["work"])
    other = copy_of(one, 2)
    journal.edit(one, tags=[])
    journal.edit(other, tags=[])
    journal.edit(other, tags=["work"])
    assert merged(one, other).tags == ("work",)


@given(st.data())
@settings(max_examples=40)
def test_whatever_two_devices_edit_they_end_up_equal(data: st.DataObject) -> None:
    devices = [entry(text="I slept badly. Then I worked.", sections=SECTIONS, tags=["a"])]
    devices.append(copy_of(devices[0], 2))
    words = st.lists(st.sampled_from(["I", "slept", "badly", "then", "worked", "😀"]), max_size=8).map(" ".join)
    for _ in range(data.draw(st.integers(1, 4))):
        device = data.draw(st.sampled_from(devices))
        journal.edit(
            device,
            text=data.draw(words),
            tags=data.draw(st.lists(st.sampled_from("abc"), max_size=3)),
            mood=data.draw(moods),
            sections=[Section(SECTIONS[0].prompt, data.draw(words), "what"), SECTIONS[1]],
        )
    assert merged(*devices).problems == ()


# -- what may not be written -------------------------------------------------------------------------------------------

NAIVE = datetime(2020, 3, 1)  # noqa: DTZ001
LONG = "x" * (sections.MAX_TEXT + 1)
INVALID: dict[str, dict[str, Any]] = {
    "a naive time": {"written_at": NAIVE},
    "a naive time of entry": {"entered_at": NAIVE},
    "no time": {"written_at": None},
    "a zone of two lines": {"zone": "Europe/\nBerlin"},
    "too long": {"text": LONG},
    "no text": {"text": None},
    "bytes": {"text": b"words"},
    "half a surrogate pair": {"text": "a\ud800"},
    "mood 11": {"mood": 11},
    "mood -1": {"mood": -1},
    "mood 5.0": {"mood": 5.0},
    "mood true": {"mood": True},
    "mood of text": {"mood": "5"},
    "tags in one text": {"tags": "work"},
    "an empty tag": {"tags": [""]},
    "a blank tag": {"tags": [" "]},
    "a long tag": {"tags": ["x" * 65]},
    "a tag that is no text": {"tags": [5]},
    "a tag with half a surrogate pair": {"tags": ["\udfff"]},
    "many tags": {"tags": [str(number) for number in range(51)]},
    "many sections": {"sections": [Section("?")] * 51},
    "a long prompt": {"sections": [Section("x" * 1_001)]},
    "a long answer": {"sections": [Section("?", LONG)]},
    "a long key": {"sections": [Section("?", "", "x" * 65)]},
    "half a surrogate pair in an answer": {"sections": [Section("?", "\ud800")]},
    "too long together": {"text": LONG[:-1], "sections": [Section("?", "!")]},
}
# Its whole length is bounded at an entry's first writing only: what merges make of it may be longer.
EDITED = {name: fields for name, fields in INVALID.items() if fields.keys() & {"text", "mood", "tags", "sections"}}
del EDITED["too long together"]


@pytest.mark.parametrize("fields", INVALID.values(), ids=INVALID)
def test_what_no_entry_may_hold_is_refused_and_nothing_is_written(fields: dict[str, Any]) -> None:
    document = Document.new(actor(1))
    with pytest.raises(InvalidField) as caught:
        journal.create(document, **{"written_at": AT, "entered_at": AT} | fields)
    assert isinstance(caught.value, ValueError)
    assert document.heads == ()


@pytest.mark.parametrize("fields", EDITED.values(), ids=EDITED)
def test_nor_may_an_edit_write_it_and_the_rest_of_that_edit_is_undone(fields: dict[str, Any]) -> None:
    document = entry(text="words", sections=[Section("?")], tags=["kept"])
    heads, before = document.heads, journal.read(document)
    with pytest.raises(InvalidField):
        journal.edit(document, **dict[str, Any](text="other words", mood=1) | fields)
    assert (document.heads, journal.read(document)) == (heads, before)
    assert journal.edit(document, text="goes on") is not None


@pytest.mark.parametrize(
    "asked", [[], [SECTIONS[0]], SECTIONS[::-1], [*SECTIONS, SECTIONS[0]], [Section("Else?"), SECTIONS[1]]]
)
def test_sections_are_answered_under_the_prompts_they_have(asked: list[Section]) -> None:
    document = entry(sections=SECTIONS)
    with pytest.raises(InvalidField):
        journal.edit(document, sections=asked)


def test_the_longest_entry_fits_into_one_change() -> None:
    asked = [Section("?" * sections.MAX_PROMPT, "x", "k")] * sections.MAX_SECTIONS
    text = "😀" * (sections.MAX_TEXT - len(asked))
    document = Document.new(actor(1))
    names = [f"{number:064}" for number in range(journal.MAX_TAGS)]
    change = journal.create(document, written_at=AT, entered_at=AT, text=text, sections=asked, tags=names, mood=1)
    assert read_change(change).operations > 18_000
    assert journal.read(copy_of(document, 2)).text == text


def test_no_error_quotes_what_was_written() -> None:
    sentence = "nobody may read this sentence"
    for fields in ({"text": sentence * 999}, {"tags": [sentence * 9]}, {"sections": [Section(sentence * 99)]}):
        with pytest.raises(InvalidField) as caught:
            entry(**fields)
        assert "nobody" not in str(caught.value)


def test_tags_that_merges_left_may_stay_and_go_but_none_be_added_to_too_many() -> None:
    one = entry(tags=[f"a{number}" for number in range(40)])
    other = copy_of(one, 2)
    journal.edit(one, tags=[f"b{number}" for number in range(40)])
    journal.edit(other, tags=[f"c{number}" for number in range(40)])
    found = merged(one, other)
    assert len(found.tags) == 80
    with pytest.raises(InvalidField):
        journal.edit(one, tags=[*found.tags, "new"])
    assert journal.edit(one, tags=found.tags[1:]) is not None
    assert len(journal.read(one).tags) == 79


def test_a_new_spelling_of_several_that_merges_left_is_the_one_that_is_shown() -> None:
    one = entry(tags=["other"])
    other = copy_of(one, 2)
    journal.edit(one, tags=["sleep"])
    journal.edit(other, tags=["Sleep"])
    merged(one, other)
    assert journal.read(one).tags == ("Sleep",)
    journal.edit(one, tags=["SLEEP"])
    assert set(one.keys(one.object("tags", "map") or b"")) == {"Sleep"}


# -- odd documents -----------------------------------------------------------------------------------------------------


def altered(write: Callable[[Edit], object]) -> JournalEntry:
    document = entry(text="words", sections=SECTIONS, mood=5, tags=["kept"], zone="UTC")
    with document.edit() as edit:
        write(edit)
    return journal.read(document)


def test_an_empty_document_is_read_with_problems() -> None:
    found = journal.read(Document.new(actor(1)))
    assert (found.written_at, found.entered_at, found.text, found.sections, found.tags) == (None, None, "", (), ())
    assert {problem.split(":")[0] for problem in found.problems} == {
        "written_at",
        "entered_at",
        "text",
        "tags",
        "sections",
    }


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("written_at", 5, "written_at"),
        ("written_at", "yesterday", "written_at"),
        ("entered_at", "2020-03-01T00:00:00", "entered_at"),
        ("mood", 11, "mood"),
        ("mood", 5.0, "mood"),
        ("mood", True, "mood"),
        ("mood", "good", "mood"),
        ("zone", 5, "zone"),
        ("zone", "x" * 100, "zone"),
        ("text", "no text object", "text"),
        ("tags", "work", "tags"),
        ("sections", 3, "sections"),
    ],
)
def test_a_field_of_another_kind_is_a_listed_problem_and_the_rest_is_read(
    key: str, value: Scalar, problem: str
) -> None:
    found = altered(lambda edit: edit.put(key, value))
    assert [listed.split(":")[0] for listed in found.problems] == [problem]
    plain = altered(lambda edit: edit.put("nothing", 1))
    names = [name for name in JournalEntry.__struct_fields__ if name not in (key, "problems")]
    assert [getattr(found, name) for name in names] == [getattr(plain, name) for name in names]


@pytest.mark.parametrize("key", ["written_at", "entered_at", "text", "tags", "sections"])
def test_a_missing_field_is_a_listed_problem(key: str) -> None:
    found = altered(lambda edit: edit.delete(key))
    assert [listed.split(":")[0] for listed in found.problems] == [key]


def test_odd_sections_are_listed_and_the_others_read() -> None:
    def write(edit: Edit) -> None:
        made = edit.put_map("sections")
        edit.put("1", "no map", made)
        second = edit.put_map("2", made)
        edit.put("prompt", 5, second)
        third = edit.put_map("3", made)
        edit.put("prompt", "Why?", third)
        edit.put_text("text", "Because.", third)
        edit.put("unknown", "kept", third)

    found = altered(write)
    assert [listed.split(":")[0] for listed in found.problems] == ["section 1", "section 2"]
    assert found.sections == (Section(""), Section("Why?", "Because."))


def test_tags_that_cannot_be_are_listed_and_left_out() -> None:
    def write(edit: Edit) -> None:
        tags = edit.put_map("tags")
        edit.put("fine", True, tags)
        edit.put(" ", True, tags)
        edit.put("x" * 5_000, True, tags)

    found = altered(write)
    assert found.tags == ("fine",)
    assert [listed.split(":")[0] for listed in found.problems] == ["tags"]
    assert len(str(found.problems)) < 200


def test_what_cannot_be_edited_says_so() -> None:
    document = Document.new(actor(1))
    with pytest.raises(InvalidField, match="no editable text"):
        journal.edit(document, text="words")
    with pytest.raises(InvalidField, match="no editable tags"):
        journal.edit(document, tags=["a"])
    assert document.heads == ()


def test_unknown_fields_stay() -> None:
    document = entry(text="words")
    with document.edit() as edit:
        edit.put("from the future", "value")
    journal.edit(document, text="other words", mood=3)
    assert document.scalar("from the future") == "value"
    assert journal.read(document).problems == ()


def test_moments_of_another_app_in_utc_are_read() -> None:
    found = altered(lambda edit: edit.put("written_at", "2020-03-01T08:00:00Z"))
    assert found.written_at == datetime(2020, 3, 1, 8, tzinfo=UTC)
