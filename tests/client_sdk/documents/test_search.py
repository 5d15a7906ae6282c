"""Search: what is found by which words, the passage that shows it, and pages that stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import NOON, Practice

from intersession import Caseload, Found, FoundEntry, InvalidField, NotFound, Tracker
from intersession.documents.tables import search
from intersession_schemas.streams import Role


def texts(found: Found) -> list[str]:
    return [hit.text for hit in found]


def marked(hit: FoundEntry) -> list[str]:
    """What is highlighted in a snippet."""
    return [hit.snippet[first:last] for first, last in hit.spans]


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        *(("cafe", ["Café"]), ("CAFÉ", ["Café"]), ("caf", ["Café"]), ("cafe\u0301", ["Café"]), ("naive", ["naïve"])),
        *(("café über", ["Café", "über"]), ("uber", ["über"]), ("strasse", ["Straße"]), ("lodz", ["Łódź"])),
        *(("don't", ["don't"]), ("dont", None), ("don", ["don't"[:3]]), ("fine", ["ﬁne"]), ("soft", ["so\u00adft"])),
        *(
            ("今天", ["今天"]),
            ("天很", ["天很"]),
            ("很今", None),
            ("かも", ["かも"]),
            ("장애", ["장애"]),
            ("นอน", ["นอน"]),
        ),
        *(
            ("👍", ["👍🏽"]),
            ("👨‍👩‍👧", ["👨‍👩‍👧"]),
            ("😀", None),
            ("हिन्दी", ["हिन्दी"]),
            ("नوم", None),
            ("نوم", ["نَوْم"]),
        ),
        *(("im café im", ["Im", "Café"]), ('"café', ["Café"]), ("café*", ["Café"]), ("-café", ["Café"])),
    ],
)
def test_a_word_is_found_by_its_beginning_however_it_is_written(
    tracker: Tracker, query: str, matches: list[str] | None
) -> None:
    text = "Im Café war ich naïve über die Straße, Łódź; don't ﬁne so\u00adft."
    text += " 我今天很累 かもね 수면장애 ฉันนอนไม่หลับ 👍🏽 👨‍👩‍👧 हिन्दी نَوْم"
    entry = tracker.journal.write(text)
    tracker.journal.write("something else")
    found = tracker.journal.search(query)
    assert [hit.id for hit in found] == ([] if matches is None else [entry.id])
    assert [marked(hit) for hit in found] == ([] if matches is None else [matches])


def test_a_hit_is_the_entry_and_says_whether_it_is_shared(tracker: Tracker) -> None:
    entry = tracker.journal.write("walked", mood=3, tags=["a"], shared=True)
    tracker.journal.write("walked alone", shared=False, at=NOON - timedelta(hours=1))
    shared, private = tracker.journal.search("walk").entries
    assert {name: getattr(shared, name) for name in entry.__struct_fields__} == {
        name: getattr(entry, name) for name in entry.__struct_fields__
    }
    assert (shared.shared, private.shared) == (True, False)
    assert len(tracker.journal.search("walk")) == 2


def test_sections_chosen_answers_and_tags_are_found_and_what_was_edited(care: Care) -> None:
    with care.client.plan.edit() as plan:
        plan.add_section("Where?", type="several_of", options=["lighthouse", "harbour"])
    care.sync()
    journal = care.tracker.journal
    entry = journal.write("one", sections={"Q": "walking", "Where?": ["harbour"]}, tags=["forest"])
    (hit,) = journal.search("walk forest one harb")
    assert hit.id == entry.id
    assert [marked(hit) for hit in journal.search("harb")] == [["harbour"]]
    assert [hit.snippet for hit in journal.search("for")] == ["forest"]
    assert texts(journal.search("lighthouse")) == texts(journal.search("Where")) == []
    journal.edit(entry.id, text="two")
    assert texts(journal.search("one")) == []
    assert texts(journal.search("two")) == ["two"]


def test_words_that_follow_each_other_only_across_two_parts_are_no_run(tracker: Tracker) -> None:
    tracker.journal.write("我今", sections={"Q": "天很"})
    assert texts(tracker.journal.search("今天")) == []
    assert texts(tracker.journal.search("今 天")) == ["我今"]


def test_a_snippet_is_one_line_round_the_match_and_cut_between_words(tracker: Tracker) -> None:
    before, after = "Vorher war es ruhig. " * 30, " Dann kam die Nacht.\n" * 30
    tracker.journal.write(f"{before}Ich  sah\tden\nLeuchtturm😀 und den Mond.{after}")
    ((hit,), (moon,)) = tracker.journal.search("leucht"), tracker.journal.search("leuchtturm mond")
    assert marked(hit) == ["Leuchtturm"]
    assert marked(moon) == ["Leuchtturm", "Mond"]
    assert hit.snippet.startswith("…")
    assert hit.snippet.endswith("…")
    assert len(hit.snippet) <= 162
    assert not set("\n\t") & set(hit.snippet)
    assert set(hit.snippet.strip("…").split()) <= set(hit.text.split())


@pytest.mark.parametrize(
    "text", ["x" * 1_000, "累" * 1_000, "ab " * 400, "e\u0301" * 500, "👨‍👩‍👧" * 200, "so" + "\u0301" * 500]
)
def test_a_snippet_of_any_text_has_its_spans_inside(tracker: Tracker, text: str) -> None:
    tracker.journal.write(text)
    (hit,) = tracker.journal.search(text[:1])
    assert 0 < len(hit.snippet) <= 162
    assert hit.spans
    ends = [0, *(end for span in hit.spans for end in span), len(hit.snippet)]
    assert ends == sorted(ends)


STRANGE_QUERIES = [
    *('"', '""', '"a', "a*", "*", "a AND", "OR", "NOT a", "a NEAR b", "NEAR(", "(", ")", "body:a", "^a", "-", "+"),
    *(
        "",
        " ",
        "a-b",
        "a.b",
        "a'b",
        "a;DROP TABLE entries",
        "\\",
        "\x00",
        "a\x00b",
        "\ud800",
        "😀",
        "{a}",
        "stream : a",
    ),
    *("a" * 100_000, "a " * 500, '" ' * 5_000, "(" * 5_000, "累" * 10_000, "😀" * 5_000, "\u0301" * 10_000, "\ue000"),
    " ".join(f"word{n}" for n in range(1_500)),
]


@pytest.mark.parametrize("query", STRANGE_QUERIES, ids=range(len(STRANGE_QUERIES)))
def test_any_text_may_be_searched_for(tracker: Tracker, query: str) -> None:
    tracker.journal.write("a b ab OR NEAR body")
    assert len(tracker.journal.search(query)) <= 1
    assert texts(tracker.journal.search("near"))  # and the store still answers


def test_what_holds_no_word_finds_nothing(tracker: Tracker) -> None:
    tracker.journal.write("a, b")
    assert [texts(tracker.journal.search(query)) for query in ("", "  ", ",", "*", '"')] == [[]] * 5


def test_operators_are_words(tracker: Tracker) -> None:
    tracker.journal.write("cats or dogs, not near birds")
    assert texts(tracker.journal.search("cats OR dogs"))
    assert texts(tracker.journal.search("cats AND dogs")) == []  # the entry has no such word
    assert texts(tracker.journal.search("NOT cats"))


def test_pages_hold_everything_once_while_entries_are_written(tracker: Tracker) -> None:
    at = {f"apple {n}": NOON - timedelta(minutes=n // 40) for n in range(100)}  # many of one moment
    for text, moment in at.items():
        tracker.journal.write(text, at=moment)
    pages, after = [], None
    while True:
        found = tracker.journal.search("apple", limit=7, after=after)
        pages.append(texts(found))
        tracker.journal.write(f"newer apple {len(pages)}", at=NOON + timedelta(hours=1))
        if found.next is None:
            break
        after = found.next
    seen = [text for page in pages for text in page]
    assert {len(page) for page in pages[:-1]} == {7}
    assert sorted(seen) == sorted(at)
    assert [at[text] for text in seen] == sorted(at.values(), reverse=True)


def test_a_page_that_is_just_full_has_no_next(tracker: Tracker) -> None:
    for n in range(4):
        tracker.journal.write(f"apple {n}")
    assert tracker.journal.search("apple", limit=4).next is None
    following = tracker.journal.search("apple", limit=2).next
    assert tracker.journal.search("apple", limit=2, after=following).next is None


def test_a_search_may_be_bounded_in_time(tracker: Tracker) -> None:
    for n in range(4):
        tracker.journal.write(f"apple {n}", at=NOON + timedelta(hours=n))
    since, until = NOON + timedelta(hours=1), NOON + timedelta(hours=3)
    assert texts(tracker.journal.search("apple", since=since, until=until)) == ["apple 2", "apple 1"]
    assert len(tracker.journal.search("apple", since=since)) == len(tracker.journal.search("apple", until=until)) == 3


@pytest.mark.parametrize("bad", [{"limit": 0}, {"limit": -1}, {"limit": True}, {"limit": "5"}, {"limit": 1_001}])
def test_a_page_has_a_size(tracker: Tracker, bad: dict[str, Any]) -> None:
    with pytest.raises(InvalidField, match="limit must be an integer from 1 to 1000"):
        tracker.journal.search("a", **bad)


@pytest.mark.parametrize("bad", ["", "x", "é", "AAAA", "A" * 12, "////////////", 3])
def test_only_a_next_leads_on(tracker: Tracker, bad: str) -> None:
    with pytest.raises(InvalidField, match="after must be"):
        tracker.journal.search("a", after=bad)


def test_a_shared_and_a_withdrawn_entry_are_found_where_they_are(
    tracker: Tracker, pair: Callable[..., None], practice: Practice
) -> None:
    tracker.journal.write("early apple", shared=True)
    pair(tracker)
    practice.take(practice.join(tracker))
    private = tracker.journal.write("late apple", shared=False)
    assert [hit.shared for hit in tracker.journal.search("apple")] == [False, True]
    copy = tracker.journal.share(private.id)
    assert {hit.id: hit.shared for hit in tracker.journal.search("late")} == {copy.id: True}
    tracker.journal.withdraw(copy.id)
    assert texts(tracker.journal.search("late")) == []
    assert texts(tracker.journal.search("apple")) == ["early apple"]


def test_a_therapist_searches_in_one_client_alone(open_tracker: Callable[[str], Tracker], caseload: Caseload) -> None:
    alma, boris = Practice(), Practice()
    for practice, name in ((alma, "alma"), (boris, "boris")):
        tracker = open_tracker(name)
        tracker.journal.write(f"{name} kept an apple", shared=False)
        for n in range(3):
            tracker.journal.write(f"{name} apple {n}", shared=True, at=NOON + timedelta(hours=n))
        practice.take(practice.join(tracker))
        practice.give(practice.join(caseload, Role.PRIMARY))
    client = caseload.client(alma.client)
    first = client.search("APPL", limit=2)
    assert texts(first) == ["alma apple 2", "alma apple 1"]
    assert [marked(hit) for hit in first] == [["apple"], ["apple"]]
    assert texts(client.search("APPL", limit=2, after=first.next)) == ["alma apple 0"]
    assert texts(client.search("boris")) == texts(client.search(boris.stream.hex)) == []
    assert texts(client.search("apple", since=NOON + timedelta(hours=2))) == ["alma apple 2"]
    practice_side = alma.join(caseload, Role.PRIMARY)
    practice_side.purge(alma.stream, alma.grant)
    with pytest.raises(NotFound, match="assignment"):
        client.search("apple")
    assert texts(caseload.client(boris.client).search("apple")) == [f"boris apple {n}" for n in (2, 1, 0)]


def test_a_page_reads_the_index_in_its_own_order() -> None:
    """With a step that sorts, a page would cost what matches."""
    import sqlite3

    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute('CREATE VIRTUAL TABLE entries_text USING fts5 (stream, body, tokenize = "ascii")')
        plan = connection.execute(f"EXPLAIN QUERY PLAN {search.PAGE}", ("body : (a *)", -5, 5, 3)).fetchall()
    assert [step for *_, step in plan if "TEMP B-TREE" in step] == []
