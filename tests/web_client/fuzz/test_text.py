"""Words to search for, codes as they are typed: the core takes every text as the Python code does."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.web_client.fuzz.asking import ask_both, cases

from intersession_schemas import search_words, typed

Given = dict[str, Any]
_CAPITAL_CAME_LATER = ("ɤ", "ƛ")


def _is_settled(character: str) -> bool:
    """Whether a character is what it was in Unicode 3.2: the browser's Unicode is newer, and mends what was wrong."""
    category = unicodedata.category(character)
    same = category == unicodedata.ucd_3_2_0.category(character)
    plain = unicodedata.normalize("NFKC", character)
    return same and category not in ("Cn", "Cs", "Co") and plain not in _CAPITAL_CAME_LATER


_KNOWN = [one for one in map(chr, range(sys.maxunicode + 1)) if _is_settled(one)]
_MARKS = [one for one in _KNOWN if unicodedata.category(one) in ("Mn", "Mc", "Me", "Cf", "Sk", "Lm")]
_CASED = [one for one in _KNOWN if one.casefold() != one or one.upper() != one]
_OF_WORDS = "aAbBzZ09 éÉßẞſıİøØłæÆςΣσ\u0301\u0308'’-_.,!? \u00a0\n\u200d\u2028"
_OF_SCRIPTS = "漢字かなカナｶﾞ한국어ᄒ\u1161\u11abกำไทยမြन\u094dम\u093fمَرحבּא\u0640كي😀👍🏽☃️①½ﬁ"
_OF_CODES = "0189OoIlLıІАВαΒ ABCDEFGHJKxyz-–— \u200b٣９ＡＢ/#:.߀𝟗"
_WORDS = (
    "Slept",
    "badly",
    "badly,",
    "Straße",
    "STRASSE",
    "café",
    "cafe\u0301",
    "naïve",
    "漢字かな",
    "한국어",
    "😀",
    "walk",
    "walked",
)


def _text(random: Random, most: int = 40, of: str = _OF_WORDS + _OF_SCRIPTS) -> str:
    sets = (of, of, of, _KNOWN, _MARKS, _CASED)
    return "".join(random.choice(random.choice(sets)) for _ in range(random.randint(0, most)))


def _prose(random: Random) -> str:
    """What people write, with something odd in it now and then."""
    spaces = (" ", " ", " ", ". ", "\n", "\t", "\x85", "\u3000", "")
    parts = [random.choice((*_WORDS, "and", "then")) + random.choice(spaces) for _ in range(random.randint(0, 120))]
    if random.random() < 0.1:
        parts.insert(random.randint(0, len(parts)), random.choice("Wé漢") * random.randint(100, 400))
    if random.random() < 0.5:
        parts.insert(random.randint(0, len(parts)), _text(random, 12))
    text = "".join(parts)
    return text.encode("ascii", "ignore").decode() if random.random() < 0.3 else text


def _sought(random: Random) -> Given:
    parts = [_prose(random) for _ in range(random.randint(0, 4))]
    there = [*" ".join(parts).split(), *_WORDS]
    words = [
        random.choice((random.choice(there), max(there, key=len), _text(random, 3)))[: random.randint(1, 6)]
        for _ in range(random.randint(0, 4))
    ]
    return {"parts": parts, "query": random.choice((" ", "  ", "\u3000", "")).join(words)}


def _search(given: Given) -> Any:
    runs = search_words.sought(given["query"])
    passage = search_words.passage(given["parts"], runs)
    return {
        "indexed": search_words.indexed(given["parts"]),
        "runs": runs,
        "matching": search_words.matching(runs),
        "passage": [passage.text, [list(span) for span in passage.spans]],
    }


def _link(random: Random) -> Given:
    address = random.choice(
        ("https://practice.example", "http://a.example:80/b", "ftp://a", "", "HTTPS://A", "x" * 2_000)
    )
    path = random.choice(("/pair", "/pair", "/pair/", "//pair//", "/pair/pair", "/", "/pairs"))
    code = random.choice(("#ABCD-EFGH", "#A#B", "#", "", "# é\x1c"))
    return {"text": random.choice(("", " ", "\x85\n")) + address + path + code + random.choice(("", " \u3000"))}


def _read_link(given: Given) -> Any:
    url, code = typed.read_pairing_link(given["text"])
    return [url, code, typed.pairing_link(url, code)]


def _texts(random: Random) -> Given:
    ends = "a\ud7ff\ue000\uffff\U00010000\U0010ffff"
    return {"texts": ["".join(random.choice(ends) for _ in range(random.randint(0, 3))) for _ in range(8)]}


def _cut(given: Given) -> Any:
    text = given["text"]
    return [text.strip(), text.split(), text.splitlines()]


@pytest.mark.page
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("call", "make", "python", "number"),
    [
        (
            "words",
            lambda random: {"text": _text(random)},
            lambda given: list(map(list, search_words.words(given["text"]))),
            3_000,
        ),
        ("search", _sought, _search, 600),
        (
            "typed",
            lambda random: {"text": _text(random, 12, _OF_CODES)},
            lambda given: typed.typed_code(given["text"]),
            2_000,
        ),
        ("link", _link, _read_link, 400),
        (
            "cut",
            lambda random: {"text": _text(random, 12, "ab \n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\ufeff\u200b\u3000")},
            _cut,
            500,
        ),
        ("order", _texts, lambda given: sorted(given["texts"]), 200),
    ],
)
def test_answered_alike(
    core: Page,
    request: pytest.FixtureRequest,
    call: str,
    make: Callable[[Random], Given],
    python: Callable[[Given], object],
    number: int,
) -> None:
    made = cases(make, 13, number * (10 if request.config.getoption("--long") else 1))
    ask_both(core, "text", call, made, python)
