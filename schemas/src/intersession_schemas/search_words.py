"""What search takes for a word, when two are the same, and the passage of a text that shows a hit. Pure.

Words are what people separate by spaces and punctuation, as they look without case and accents. Where a script writes
no spaces (Chinese, Japanese, Thai …), and in Korean, whose words are compounds, every character is a word and what is
searched for is a run of them; every emoji is one too. SQLite's own tokenizer knows none of that, so it is given words
that are cut already (`indexed`), and finds runs and beginnings of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from intersession_schemas.documents.diary.sections import Section

SNIPPET = 160
"""Characters of a passage at most, without the marks of what was left out."""
LEAD = 40
"""Characters shown before the first match."""
MOST_SHOWN = 50
"""Runs that are looked for in order to be shown; whether an entry holds the others too, the index says."""
ELLIPSIS = "…"
BETWEEN = "\ue000"
"""Stands between two parts in the index, so that no run goes across; it is in no word."""

_ASCII_WORD = re.compile(r"[0-9A-Za-z]+")
_NOT_INDEXED = re.compile(r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+")
"""ASCII that SQLite's tokenizer would cut a word at."""
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")

NO_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u115f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u303b"
    "\u3040-\u30ff\u3105-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7a3"
    "\uf900-\ufaff\uff66-\uff9d\uffa1-\uffdc\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
JOINED_ON = re.compile("[\u1160-\u11ff\ud7b0-\ud7fb\uff9e\uff9f]")
"""Letters that go on with the character before: vowels and finals of Korean, the sound marks of half-width kana."""
PLAIN = str.maketrans(
    {"ı": "i", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th", "\u0640": None}
    | {"ي": "ی", "ى": "ی", "ك": "ک"}
)
"""Letters that Unicode does not take apart, though people type them without their stroke, or on another keyboard."""

_SEPARATOR, _LETTER, _ALONE, _GOES_ON = range(4)


class Word(NamedTuple):
    """A word of a text: what it is compared by, and where it stands, in characters."""

    key: str
    start: int
    end: int


class Excerpt(NamedTuple):
    """A part of a text, on one line, and where in it the matches stand (first, past the last), in characters."""

    text: str
    spans: tuple[tuple[int, int], ...]


Sought = Sequence[Sequence[str]]
"""Runs of keys that must all be found; the last key of a run is the beginning of a word."""


def parts_of(text: str, sections: Iterable[Section], tags: Iterable[str]) -> list[str]:
    """What a journal entry is found by: its text, what was answered in its sections, its tags."""
    answers = (said for section in sections for said in (section.text, *_chosen(section.value)))
    return [text, *answers, *tags]


def _chosen(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()


def words(text: str) -> Iterator[Word]:
    """The words of a text in their order."""
    if text.isascii():
        for found in _ASCII_WORD.finditer(text):
            yield Word(found[0].lower(), found.start(), found.end())
        return
    start, before = 0, _SEPARATOR
    for at, character in enumerate(text):
        kind = _kind(character)
        if kind == _GOES_ON or (kind == before == _LETTER):
            continue
        if before != _SEPARATOR:
            yield from _word(text, start, at)
        start, before = at, kind
    if before != _SEPARATOR:
        yield from _word(text, start, len(text))


def indexed(parts: Sequence[str]) -> str:
    """The words of some texts as SQLite's `ascii` tokenizer is to find them."""
    return f" {BETWEEN} ".join(" ".join(filter(None, map(_keys, part.split()))) for part in parts if part)


@lru_cache(4_096)
def _keys(given: str) -> str:
    """The words of what stands between two spaces: none goes across a space, and most were met before."""
    return " ".join(word.key for word in words(given))


def sought(query: str) -> list[list[str]]:
    """What is searched for: one run of keys for all that stands between two spaces, each once."""
    runs = ([word.key for word in words(given)] for given in query.split())
    return [list(run) for run in dict.fromkeys(tuple(run) for run in runs if run)]


def matching(runs: Sought) -> str:
    """What FTS5 looks for to find texts that hold all of the runs, in a column of texts that `indexed` has cut."""
    # Keys hold no quotes: nothing of ASCII is left in them but letters and digits.
    return " ".join(f'"{" ".join(keys)}" *' for keys in runs)


def passage(parts: Sequence[str], runs: Sought) -> Excerpt:
    """The passage of the parts that shows most of what was sought, with all that matches in it."""
    runs = runs[:MOST_SHOWN]
    best, found, most = "", list[tuple[int, int]](), 0
    for part in parts:
        spans, different = _found_in(part, runs)
        if different > most or not best:
            best, found, most = part, spans, different
    start, end = _window(best, found)
    lead, trail = ELLIPSIS if start > 0 else "", ELLIPSIS if end < len(best) else ""
    moved = len(lead) - start
    inside = tuple((first + moved, min(last, end) + moved) for first, last in found if start <= first < end)
    return Excerpt(lead + _BLANK.sub(" ", best[start:end]) + trail, inside)


def _found_in(part: str, runs: Sought) -> tuple[list[tuple[int, int]], int]:
    """Where runs match in a text, without overlaps, and how many different runs do."""
    if not part.isascii() or any(len(run) > 1 for run in runs):
        return _matches(list(words(part)), runs)
    # The usual case, without making a word of each: beginnings of words, in a text of which every letter is itself.
    lowered, found, different = part.lower(), list[tuple[int, int]](), 0
    for (beginning,) in runs:
        spans = [one.span() for one in re.finditer(f"(?<![0-9a-z]){re.escape(beginning)}[0-9a-z]*", lowered)]
        found += spans
        different += bool(spans)
    return _merged(found), different


def _matches(there: Sequence[Word], runs: Sought) -> tuple[list[tuple[int, int]], int]:
    """Where runs match, without overlaps, and how many different runs do."""
    found, different = list[tuple[int, int]](), 0
    positions: dict[str, list[int]] = {}
    for at, word in enumerate(there):
        positions.setdefault(word.key, []).append(at)
    for *whole, beginning in runs:
        starts = positions.get(whole[0], []) if whole else range(len(there))
        before = len(found)
        for at in starts:
            last = at + len(whole)
            if last >= len(there) or not there[last].key.startswith(beginning):
                continue
            if all(word.key == key for word, key in zip(there[at:last], whole, strict=True)):
                found.append((there[at].start, there[last].end))
        different += len(found) > before
    return _merged(found), different


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(text: str, found: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Where a passage begins and ends: between words, round the first match."""
    if len(text) <= SNIPPET:
        return 0, len(text)
    first, last = found[0] if found else (0, 0)
    moved = max(0, first - 2 * SNIPPET)
    near = _places(text[moved : first + 2 * SNIPPET])
    earliest = max(0, min(first - LEAD, len(text) - SNIPPET))
    start = min((begins + moved for begins, _ in near if begins + moved >= earliest), default=first)
    start = 0 if earliest == 0 else min(start, first)
    if len(text) - start <= SNIPPET:
        return start, len(text)
    ends = [ends + moved for _, ends in near if start < ends + moved <= start + SNIPPET]
    return start, min(max([last, *ends]), start + SNIPPET)


def _places(text: str) -> list[tuple[int, int]]:
    """Where the words of a text begin and end."""
    if text.isascii():
        return [found.span() for found in _ASCII_WORD.finditer(text)]
    return [(word.start, word.end) for word in words(text)]


def _word(text: str, start: int, end: int) -> Iterator[Word]:
    key = _key(text[start:end])
    if key:
        yield Word(key, start, end)


def _key(word: str) -> str:
    """What a word is compared by: compatibility forms, case and marks above or below letters make no difference."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    kept = "".join(character for character in apart if not _is_mark(character))
    return _NOT_INDEXED.sub("", kept.translate(PLAIN))


def _is_mark(character: str) -> bool:
    """Whether a character only adds to another: accents, points, selectors, joiners; not vowel signs."""
    category = unicodedata.category(character)
    if category in ("Cf", "Me", "Sk") or character == "\u034f":
        return True
    if category != "Mn":
        return False
    place = unicodedata.combining(character)
    return place >= 200 or 10 <= place <= 36 or "\ufe00" <= character <= "\ufe0f" or character >= "\U000e0100"


@lru_cache(maxsize=4_096)
def _kind(character: str) -> int:
    """How a character stands to the one before."""
    category = unicodedata.category(character)
    if category[0] == "M" or category in ("Cf", "Sk") or JOINED_ON.match(character):
        # "^" and "`" are symbols that modify as well, but nothing that one types in front of a word is part of it.
        return _SEPARATOR if character.isascii() else _GOES_ON
    if category[0] in "LN":
        return _ALONE if NO_SPACES.match(character) else _LETTER
    return _ALONE if category == "So" else _SEPARATOR
