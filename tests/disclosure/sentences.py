"""Sentences that occur nowhere else, and how to know them again, whole or in part, in bytes and in texts.

A sentence is looked for by pieces of `PIECE` letters laid end to end: whatever `SHORTEST_PART` or more letters in a
row are left of it hold one of them. A planted sentence is made of words that no language has, so that a single word of
it is found too, as an index of words would hold it: folded, and without the letters it shares with the term before it.
"""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Sequence

from msgspec import Struct

PIECE = 12
SHORTEST_PART = 2 * PIECE - 1
_SHARED = 3
"""Letters at the beginning of a word that an index may have left out."""
_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvwz" for vowel in "aeiou"]


_ORDINARY = """
after again all already and back before better bit bus calm came day did early evening felt find first for
friend from garden good had half hard home hour house how in it kitchen last late less like little long lunch
made more morning most my never night not now of on once only out quiet rain read rest said sat saw sleep
slept slow some still talked that the then there thing think time tired to too tram try up wait walk was water
week went what when while with work worry wrote
"""


class Sentence(Struct, frozen=True):
    """What must not be found. `words` are those of it that occur nowhere else; none for ordinary prose."""

    text: str
    words: tuple[str, ...] = ()


def planted_sentence(seed: object) -> Sentence:
    """A sentence of about a hundred letters, all of its words made up, the same for the same seed."""
    chance = random.Random(f"planted {seed}")
    words = []
    for _ in range(8):
        word = "".join(chance.choices(_SYLLABLES, k=chance.randint(5, 6))) + chance.choice("lmnrst")
        words.append(word)
    at = chance.randrange(len(words))
    words[at] = words[at][:-3] + "ö" + words[at][-2:]
    text = " ".join(words)
    return Sentence(f"{text[0].upper()}{text[1:]}.", tuple(words))


def prose(letters: int, seed: object = 0) -> str:
    """Ordinary prose of about so many letters."""
    chance = random.Random(f"prose {seed}")
    text = ""
    while len(text) < letters:
        text += " ".join(chance.choices(_ORDINARY.split(), k=chance.randint(6, 14))).capitalize() + ". "
    return text


def folded(text: str) -> str:
    """A text without case and accents, as an index of words folds it."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


class Needles:
    """What sentences are known by. `in_bytes` and `in_text` give numbers of sentences and what was seen of them."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._bytes: dict[bytes, tuple[int, str]] = {}
        self._texts: dict[str, tuple[int, str]] = {}
        for number, sentence in enumerate(sentences):
            assert len(sentence.text) >= PIECE, "a sentence this short is found by chance"
            starts = [*range(0, len(sentence.text) - PIECE + 1, PIECE), len(sentence.text) - PIECE]
            for start in starts:
                piece = sentence.text[start : start + PIECE]
                what = number, f"letters {start} to {start + PIECE}"
                self._texts.setdefault(folded(piece), what)
                for form in _forms(piece):
                    self._bytes.setdefault(form, what)
            for word_number, word in enumerate(sentence.words):
                what = number, f"word {word_number}"
                self._texts.setdefault(folded(word), what)
                for form in _forms(word[_SHARED:]):
                    self._bytes.setdefault(form, what)

    def in_bytes(self, data: bytes) -> dict[int, str]:
        """What is seen of sentences in bytes, whatever else they are."""
        # Of UTF-16, either way round, the letters of an alphabet like ours are left when the zeros are taken out.
        within = data.replace(b"\0", b"").lower()
        found: dict[int, str] = {}
        for form, (number, what) in self._bytes.items():
            if number not in found and form in within:
                found[number] = what
        return found

    def in_text(self, text: str) -> dict[int, str]:
        """What is seen of sentences in a text, whatever its case and accents."""
        within = folded(text)
        found: dict[int, str] = {}
        for form, (number, what) in self._texts.items():
            if number not in found and form in within:
                found[number] = what
        return found


def _forms(piece: str) -> set[bytes]:
    """How a piece of text may lie in bytes from which zeros are taken out and whose ASCII letters are made small."""
    forms = {
        piece.encode(),
        unicodedata.normalize("NFD", piece).encode(),
        folded(piece).encode(),
        json.dumps(piece)[1:-1].encode(),
        piece.encode("latin-1", "replace"),
    }
    return {form.lower() for form in forms}
