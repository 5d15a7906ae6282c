"""The checker finds what was planted: where a search for bytes cannot, and nothing that was never there."""

from __future__ import annotations

import base64
import random
import shutil
import sqlite3
import string
import zlib
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from tests.disclosure import chunks
from tests.disclosure.checker import Files, Finding, Frames, Seen, Texts, search
from tests.disclosure.conftest import Planted
from tests.disclosure.database_files import Unreadable
from tests.disclosure.sentences import SHORTEST_PART, Needles, Sentence, planted_sentence, prose
from tests.end_to_end.support.entries import edited, entry

from intersession_schemas.crdt import Document

SENTENCE = planted_sentence("here")
OTHER = planted_sentence("elsewhere")
ACCENTED = next(word for word in SENTENCE.words if "ö" in word)
BEFORE, AFTER = prose(700, 1), prose(700, 2)
WITH, WITHOUT = f"{BEFORE}{SENTENCE.text} {AFTER}", BEFORE + AFTER


def found_in(*texts: str | bytes) -> list[Finding]:
    return search([SENTENCE, OTHER], [Texts("text", texts)])


def wheres(findings: Sequence[Finding]) -> str:
    assert {finding.sentence for finding in findings} <= {0}, "the other sentence was never written"
    return "\n".join(f"{finding.where}: {finding.how}" for finding in findings)


def bare(data: bytes) -> bool:
    """Whether a search for bytes would do."""
    return bool(Needles([SENTENCE]).in_bytes(data))


# -- in a real server, real stores and what went over the wire ---------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ("server", "server/log.db rows.change"),
        ("server", "server, the document of a change"),
        ("client", "client/client.db changes.data"),
        ("therapist", "therapist/therapist.db changes.data"),
        ("therapist", "therapist, the document of a change"),
        ("wire", "wire, frame up"),
        ("wire", "wire, frame down"),
    ],
)
def test_a_sentence_deleted_from_a_synced_entry_is_found(planted: Planted, place: str, where: str) -> None:
    findings = search([planted.sentence, planted.never], planted.places()[place])
    assert where in wheres(findings)


def test_a_sentence_never_written_is_found_nowhere(planted: Planted) -> None:
    seen = Seen()
    assert search([planted.never], [each for places in planted.places().values() for each in places], seen) == []
    assert seen.files >= 6
    assert seen.cells > 100
    assert seen.frames > 8
    assert seen.terms > 100
    # On the server, in two stores, and over the wire: the plan or other documents may be there as well.
    assert seen.changes >= 4 * 2
    assert seen.states >= 4 * 2


def test_a_byte_search_of_the_frames_would_not_have_found_it(planted: Planted) -> None:
    frames = [place for place in planted.places()["wire"] if isinstance(place, Frames)]
    messages = [message for place in frames for message in (*place.up, *place.down)]
    assert not any(Needles([planted.sentence]).in_bytes(message) for message in messages)


# -- in files ----------------------------------------------------------------------------------------------------------


def database(path: Path, *, wal: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA secure_delete = OFF")
    if wal:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, content)")
    return connection


@pytest.mark.parametrize("form", ["text", "change"])
def test_in_a_write_ahead_log_only(tmp_path: Path, form: str) -> None:
    with closing(database(tmp_path / "a.db", wal=True)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("INSERT INTO things (content) VALUES (?)", [WITH if form == "text" else entry(WITH)[1]])
        # Overwritten since: no row has it any more.
        connection.execute("UPDATE things SET content = ?", [WITHOUT])
        assert "a.db-wal" in wheres(search([SENTENCE, OTHER], [Files("here", tmp_path)]))
        shutil.copy(tmp_path / "a.db", tmp_path / "b.db")
        assert search([SENTENCE], [Files("here", tmp_path / "b.db")]) == []


@pytest.mark.parametrize("letters", [700, 17_000])
@pytest.mark.parametrize("form", ["text", "change"])
def test_in_free_pages(tmp_path: Path, form: str, letters: int) -> None:
    """A long change goes on over pages that know of each other by their numbers only."""
    chance = random.Random(letters)
    text = f"{''.join(chance.choices(string.ascii_letters, k=letters))} {SENTENCE.text}"
    with closing(database(tmp_path / "a.db")) as connection:
        for number in range(20 if letters < 1000 else 6):
            content = text if form == "text" else entry(text if number == 2 else prose(letters, number))[1]
            connection.execute("INSERT INTO things (content) VALUES (?)", [content])
        connection.execute("DELETE FROM things")
        assert connection.execute("PRAGMA freelist_count").fetchone()[0] > 0
    assert form == "text" or letters < 1000 or len(entry(text)[1]) > 2 * 4096
    assert bare((tmp_path / "a.db").read_bytes()) == (form == "text")
    assert wheres(search([SENTENCE, OTHER], [Files("here", tmp_path)]))


def test_with_secure_delete_it_is_gone(tmp_path: Path) -> None:
    with closing(database(tmp_path / "a.db")) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("INSERT INTO things (content) VALUES (?)", [entry(WITH)[1]])
        connection.execute("DELETE FROM things")
    assert search([SENTENCE], [Files("here", tmp_path)]) == []


def test_as_a_term_of_an_index_that_was_deleted(tmp_path: Path) -> None:
    """The index goes on holding a word until it is merged, without the letters that the word before begins with."""
    word = SENTENCE.words[0]
    with closing(database(tmp_path / "a.db")) as connection:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5 (body, content='')")
        connection.execute("INSERT INTO words (rowid, body) VALUES (1, ?)", [f"{BEFORE} {word[:-2]}a {word}"])
        connection.execute(
            "INSERT INTO words (words, rowid, body) VALUES ('delete', 1, ?)", [f"{BEFORE} {word[:-2]}a {word}"]
        )
    assert "its terms" in wheres(search([SENTENCE, OTHER], [Files("here", tmp_path)]))


def test_an_encrypted_database_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(bytes(range(256)) * 64)
    with pytest.raises(Unreadable):
        search([SENTENCE], [Files("here", tmp_path)])
    assert search([SENTENCE], [Files("here", tmp_path, encrypted=True)]) == []


def test_in_any_other_file(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "server.log").write_text(f"a line\nanother: {SENTENCE.text[40:70]}\n", "utf-8")
    assert "server.log" in wheres(search([SENTENCE, OTHER], [Files("here", tmp_path)]))


# -- in documents ------------------------------------------------------------------------------------------------------


def typed(pieces: Sequence[str], *, between: str = "", then: str | None = None) -> tuple[Document, list[bytes]]:
    """An entry whose text grows by one piece a change, letters put `between` all of them, and is `then` in the end."""
    document, first = entry(BEFORE)
    changes = [first]
    for number, piece in enumerate(pieces):
        changes.append(spliced(document, -1, piece if number else f" {piece}"))
    if between:
        end = len(BEFORE) + 1
        for number, piece in enumerate(pieces[:-1], start=1):
            end += len(piece)
            changes.append(spliced(document, end + (number - 1) * len(between), between))
    if then is not None:
        changes.append(edited(document, then))
    return document, changes


def spliced(document: Document, at: int, letters: str) -> bytes:
    """Letters put into an entry's text, at its end for -1, and no others touched."""
    text = document.object("text", "text")
    assert text is not None
    with document.edit() as edit:
        edit.transaction.splice_text(text, len(document.text(text)) if at < 0 else at, 0, letters)
    assert edit.change is not None
    return edit.change


def pieces_of(size: int) -> list[str]:
    return [SENTENCE.text[at : at + size] for at in range(0, len(SENTENCE.text), size)]


def test_a_deflated_change() -> None:
    change = entry(WITH)[1]
    assert not bare(change)
    assert "a change" in wheres(found_in(change))


def test_deleted_letters_of_a_saved_document() -> None:
    document, _ = typed([SENTENCE.text], then=WITHOUT)
    saved = document.save()
    assert not bare(saved)
    told = wheres(found_in(saved))
    assert "a saved document, column" in told
    assert "as it was at" in told


def test_a_sentence_split_over_two_changes() -> None:
    half = len(SENTENCE.text) // 2
    _, changes = typed([SENTENCE.text[:half], SENTENCE.text[half:]])
    assert wheres(found_in(*changes))
    assert wheres(found_in(changes[1]))
    assert wheres(found_in(changes[2])), "the second half, without what it builds on"


@pytest.mark.parametrize("kept", ["all", "all but the first"])
def test_a_sentence_typed_a_few_letters_at_a_time(kept: str) -> None:
    """No change by itself holds enough of it to be told; without the first, Automerge applies none of the others."""
    _, changes = typed(pieces_of(4), then=WITHOUT)
    some = changes if kept == "all" else changes[1:]
    for change in some:
        assert found_in(change) == []
    told = wheres(found_in(*some))
    assert "all its letters" in told
    assert ("as it was at" in told) == (kept == "all")


def test_a_sentence_that_other_letters_were_put_between() -> None:
    """In the places where its letters lie now it cannot be read any more; as it was typed it can."""
    _, changes = typed(pieces_of(4), between="123")
    told = wheres(found_in(*changes))
    assert "all its letters" not in told
    assert "as it was at" in told


def test_a_value_that_was_replaced() -> None:
    document = Document.new(bytes(16))
    for value in (SENTENCE.text, "short"):
        with document.edit() as edit:
            edit.put_map("within") if value != "short" else None
            edit.put("answer", value)
    assert "as it was at" in wheres(found_in(*document.changes()))
    assert wheres(found_in(document.save()))


def test_what_a_value_holds_packed() -> None:
    """A whole log is one value: JSON, or bytes."""
    document = Document.new(bytes(16))
    with document.edit() as edit:
        edit.put("log", msgspec.json.encode({"note": base64.b64encode(entry(WITH)[1]).decode()}).decode())
    assert wheres(found_in(document.changes()[0]))


def test_two_changes_that_know_nothing_of_each_other() -> None:
    document, first = entry(BEFORE)
    other = Document.load(first, b"other" * 3)
    edited(document, BEFORE + SENTENCE.text)
    with_other = edited(other, BEFORE + "Something else.")
    document.apply([with_other])
    edited(document, WITHOUT)
    assert wheres(found_in(document.save()))


@pytest.mark.parametrize("end", ["cut off", "damaged"])
def test_part_of_a_change(end: str) -> None:
    change = entry(f"{SENTENCE.text} {prose(3000)}")[1]
    half = len(change) * 2 // 3
    part = change[:half] if end == "cut off" else change[:half] + b"\xff" * (len(change) - half)
    assert not bare(part)
    assert "part of a change" in wheres(found_in(b"something before it" + part))


def test_chunks_taken_apart_by_hand_say_what_automerge_says() -> None:
    document, _ = typed(pieces_of(7))
    bodies = [chunk.body for change in document.changes() for chunk in chunks.chunks(change)]
    text = document.object("text", "text")
    assert text is not None
    assert document.text(text) in list(chunks.letters_ever(bodies))


# -- in messages and texts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE.text.encode(),
        SENTENCE.text.upper(),
        SENTENCE.text.encode("utf-16-le"),
        b"\x01" + SENTENCE.text.encode("utf-16-be"),
        SENTENCE.text.encode("latin-1"),
        f"a log line with {SENTENCE.text[17 : 17 + SHORTEST_PART]}",
        f"one word of it, {SENTENCE.words[3]}, is enough",
        ACCENTED.replace("ö", "\\u00f6"),
        ACCENTED.replace("ö", "o"),
        ACCENTED.upper(),
        msgspec.msgpack.encode({"note": ACCENTED.upper()}),
        msgspec.msgpack.encode({"frame": "unknown", "items": [{"change": entry(WITH)[1]}]}),
        msgspec.msgpack.encode({"frame": "packed", "data": zlib.compress(b"page" + entry(WITH)[1])}),
        msgspec.json.encode({"change": entry(WITH)[1]}),
        entry(WITH)[1].hex(),
        base64.urlsafe_b64encode(entry(WITH)[1]),
    ],
)
def test_a_text_in_other_clothes(text: str | bytes) -> None:
    assert wheres(found_in(text))


def test_a_part_of_any_place_and_of_that_length_is_found() -> None:
    plain = Sentence(SENTENCE.text)
    for start in range(len(plain.text) - SHORTEST_PART + 1):
        assert search([plain], [Texts("text", [plain.text[start : start + SHORTEST_PART]])])


def test_what_is_no_frame_is_not_taken_for_an_empty_one() -> None:
    with pytest.raises(Unreadable):
        search([SENTENCE], [Frames("wire", [b"\x81"], [])])


def test_a_finding_quotes_nothing() -> None:
    told = wheres(found_in(WITH, entry(WITH)[1]))
    assert not Needles([SENTENCE]).in_text(told)


def test_planted_sentences_share_no_word() -> None:
    words = [word for seed in range(50) for word in planted_sentence(seed).words]
    assert len(set(words)) == len(words)
    assert all(len(word) >= 10 for word in words)
