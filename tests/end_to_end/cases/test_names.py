"""Names that look the same are one, by every door: logged, imported, tagged, followed, asked for and searched for.

What one name is, tests/schemas/documents/test_names.py says; how files are read, tests/end_to_end/cases/
test_spreadsheets.py.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.end_to_end.cases.conftest import DRAWN_ELSEWHERE, Command, Write
from tests.end_to_end.support.practice import Practice, desk
from tests.end_to_end.support.server_process import wait_for

from intersession import Caseload, InvalidField, Tracker
from intersession_schemas.documents.forms import Field, answers
from intersession_schemas.documents.names import name_key, tidy_name

pytestmark = DRAWN_ELSEWHERE

AT = datetime(2026, 5, 4, 19, 13, tzinfo=UTC)

ALIKE = {
    "one accent in two code points": ("sléep", "sle\u0301ep"),
    "small and large letters": ("Sleep", "sLEEP"),
    "spaces around and in it": ("too much", "  too   much "),
    "a no-break space": ("too much", "too\u00a0much"),
    "a narrow no-break space": ("too much", "too\u202fmuch"),
    "the space of Japanese keyboards": ("too much", "too\u3000much"),
    "a tab": ("too much", "too\tmuch"),
    "a space of no width": ("worry", "wor\u200bry"),
    "a byte order mark": ("worry", "\ufeffworry"),
    "a soft hyphen": ("worry", "wor\u00adry"),
    "a mark of direction": ("חרדה", "\u200fחרדה\u200e"),
    "full-width letters": ("Sleep 2", "Ｓｌｅｅｐ\u3000２"),
    "half-width kana": ("カナ", "ｶﾅ"),
    "a ligature": ("Fitness", "\ufb01tness"),
    "sharp s": ("Straße", "STRASSE"),
    "a Turkish dotted I": ("iştah", "İŞTAH"),
    "a Turkish dotless i": ("kaygı", "KAYGI"),
    "a Greek final sigma": ("φόβος", "ΦΌΒΟΣ"),
    "Korean in its letters": ("불안", "\u1107\u116e\u11af\u110b\u1161\u11ab"),
    "Arabic and Persian letters": ("بی", "بي"),
    "a joiner in a Persian word": ("بی\u200cخوابی", "بیخوابی"),
    "a heart with and without its colour": ("❤\ufe0f", "❤"),
    "a profession in an emoji": ("👩\u200d⚕\ufe0f", "👩\u200d⚕"),
    "the apostrophe of a phone": ("can't", "can’t"),
    "an accent for an apostrophe": ("can't", "can´t"),
    "dashes": ("self-harm", "self‑harm"),
    "a long dash": ("self-harm", "self–harm"),
    "the sign for Ohm": ("Ω", "\u2126"),
}


@pytest.mark.parametrize("what", ALIKE)
def test_they_are_one_name(what: str) -> None:
    one, other = ALIKE[what]
    assert name_key(one) == name_key(other) == name_key(tidy_name(other))
    assert name_key(one) == name_key(name_key(one)) != ""


DIFFERENT = [
    ("sleep", "sleeps"),
    ("slép", "slep"),
    ("worry 1", "worry 2"),
    ("pain", "pains"),
    ("不安", "不眠"),
    ("a/b", "ab"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_what_is_logged_in_any_spelling_is_one_series(tracker: Tracker) -> None:
    for number, (one, other) in enumerate(ALIKE.values()):
        first = tracker.symptoms.log({one: 1}, at=AT.replace(minute=number))
        tracker.symptoms.log({other: 2}, at=AT.replace(hour=20, minute=number))
        known = {name_key(name) for pair in list(ALIKE.values())[:number] for name in pair}
        if name_key(one) not in known:
            assert [point.value for point in tracker.symptoms.series(other)] == [2, 1]
            assert tidy_name(one) in first.values
    names = tracker.symptoms.names()
    assert len(names) == len({name_key(name) for name in names}) == len({name_key(one) for one, _ in ALIKE.values()})


def test_a_tag_in_any_spelling_is_one_tag(tracker: Tracker) -> None:
    for one, other in ALIKE.values():
        entry = tracker.journal.write("x", tags=[one, other])
        assert len(entry.tags) == 1
        assert tracker.journal.edit(entry.id, tags=[*entry.tags, other]).tags == entry.tags


@pytest.mark.parametrize("name", ["\u200b", "\u200d", "\ufeff", "\u2060\u200b", " ", "\u3164", "a\nb", "\x07"])
def test_what_nobody_can_see_is_no_name(tracker: Tracker, name: str) -> None:
    with pytest.raises(InvalidField):
        tracker.symptoms.log({name: 1})
    assert tracker.symptoms.names() == []


def test_the_header_of_a_file_and_what_is_typed_are_one_symptom(command: Command, write: Write) -> None:
    file = write("time,sle\u0301ep,can’t focus,too\u00a0much\n2026-05-04T21:13:00+02:00,3,2,1\n")
    assert command("import", "symptoms", str(file)).exit_code == 0
    assert command("log", "sléep=4", "CAN'T FOCUS=5", "too much=6").exit_code == 0
    listed = command("symptoms").output
    assert len(listed.splitlines()) == 3
    assert "2 times" in command("symptoms").output
    assert len(command("symptoms", "Slée\u200bp").output.splitlines()) == 2


def test_what_a_caller_calls_a_column_or_a_word_is_compared_alike(tracker: Tracker, write: Write) -> None:
    file = write("time,Müdigkeit,who\n2026-05-04T21:13:00+02:00,oft,Ana\u0303 \n2026-05-05T21:13:00+02:00,NIE,x\n")
    report = tracker.symptoms.import_csv(
        file,
        columns=["Mu\u0308digkeit"],
        names={"Mu\u0308digkeit": "tired"},
        words={"OFT": 3, "nie\u200b": 0},
        only=("who", "anã"),
    )
    assert (report.imported, report.other, tracker.symptoms.names()) == (1, 1, ["tired"])


def test_a_question_is_answered_in_whatever_spelling_its_prompt_comes() -> None:
    form = {"a": Field(prompt="How was the café?"), "b": Field(prompt="What couldn't wait?")}
    given = {"How was the cafe\u0301? ": "full", "what couldn’t wait?": "nothing"}
    assert [one.value for one in answers(form, given)] == ["full", "nothing"]
    with pytest.raises(InvalidField, match="twice"):
        answers(form, {"a": "x", "how was the café?": "y"})
    with pytest.raises(InvalidField, match="does not have"):
        answers(form, {"How was the bar?": "x"})


@settings(max_examples=200)
@given(st.text(max_size=12))
def test_tidying_and_comparing_come_to_rest(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name) == name_key(tidy_name(name))
    assert tidy_name(tidy_name(name)) == tidy_name(name)


# -- with a therapist --------------------------------------------------------------------------------------------------


def test_the_care_team_sees_one_series_whatever_both_typed(practice: Practice, tmp_path: Path) -> None:
    practice.add_therapist("names")
    client = practice.add_client("Names", "names")
    with practice.tracker(tmp_path / "t.db", client) as tracker, practice.caseload(tmp_path / "c.db", "names") as team:
        team.sync()
        follow(team, client.person)
        tracker.sync()
        tracker.symptoms.log({"Schlaf\u2011Qualität": 4})
        tracker.symptoms.log({"Ｓchlaf-Qualita\u0308t": 2}, at=datetime(2020, 5, 4, tzinfo=UTC))
        tracker.journal.write("The café’s door", sections={"How was the cafe\u0301?": "Closed"})
        due = [one.kind for one in tracker.due()]
        assert due == [], "the journal's question and the tracker are answered"
        tracker.sync()
        team.sync()
        assert [point.value for point in team.client(client.person).series("schlaf-qualität")] == [4, 2]
    with desk(practice.server.url, "names") as http:
        wait_for(lambda: len(http.symptoms(client.person)) == 2, 10, "the logs are shown")
        for name in ("Schlaf-Qualität", "schlaf–qualita\u0308t", "SCHLAF-\u200bQUALITÄT"):
            assert len(get(http, client.person, "symptoms", name=name)) == 2
        for words in ("cafe\u0301's", "CAFÉ’S DOOR", "closed"):
            assert len(get(http, client.person, "search", q=words)) == 1


def follow(team: Caseload, client: Any) -> None:
    with team.client(client).plan.edit() as plan:
        plan.add_tracker("Schlaf-\u200bQualität", rule="daily", since=date(2026, 1, 1))
        plan.add_section("How was the café?", required=True)


def get(http: Any, client: Any, what: str, **parameters: str) -> list[Any]:
    answer = http.http.get(f"/api/clients/{client}/{what}", params=parameters)
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items
