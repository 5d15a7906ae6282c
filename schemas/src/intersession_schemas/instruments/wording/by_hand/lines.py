"""The lines of a list as somebody copied it out of a document: their numbers, marks and cells. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from msgspec import Struct

from intersession_schemas.instruments.wording.questionnaires import QuestionnaireInvalid, QuestionnaireProblem

CHARACTERS = 200_000
LINES = 2_000
MOST_LINE = 4_000

_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_BULLET = re.compile(r"^[-–—•*·○●◦□☐▢▪▫■‣❍➢✓]\s+(?=\S)|^[•○●◦□☐▢▪▫■‣❍➢]\s*(?=\S)|^\[\s?\]\s*(?=\S)")
_NUMBER = re.compile(
    r"^(?P<open>[(\[])?(?P<number>\d{1,3})(?P<close>\s?\.\)|\s?[.)\]:=]|\s[-–—](?=\s)|\t+|\s+(?=[^\W\d_(¿¡“\"„«]))\s*"
)
_LETTER = re.compile(r"^(?P<open>[(\[])?(?P<letter>[a-zA-Z])(?P<close>[.)\]])\s+(?=\S)")
_BEHIND = re.compile(r"^(?P<text>.*?\D)\s*(?:[(\[]\s*(?P<one>\d{1,3})\s*[)\]]|[=:]\s*(?P<two>\d{1,3}))\s*$")
_BEFORE = re.compile(r"^[(\[]?(?P<number>\d{1,3})[)\]]?\s*(?:[=:.–—-]\s*|\s+|\t)(?P<text>\D.*)$")
_LEADERS = re.compile(r"[\s._…·]*(?:\.{3,}|_{2,}|…)[\s._…·]*$")
_BOXES = re.compile(r"(?:\s*[□☐▢○◯❍]|\s*\[\s?\]){2,}\s*$")
_CELLS = re.compile(r"\t+|\s*\|\s*|\s+/\s+| {2,}|\s*;\s+")
_NUMBERS = re.compile(r"[\s\t|/,;□☐▢○◯()\[\]]+")
_BLANKS = re.compile(r"_{3,}|\.{6,}")


class Line(Struct, frozen=True, kw_only=True):
    """A line with its number in the text. `style` is how it is marked ("." for `1.`, "" for not at all), `mark` the
    number of that mark: of a letter its place, of a bullet None. `text` is what stands behind the mark."""

    at: int
    whole: str
    text: str
    style: str = ""
    mark: int | None = None

    @property
    def blank(self) -> bool:
        """Whether nothing is on it."""
        return not self.whole


class ListedAnswer(Struct, frozen=True):
    """An answer as it stands in a list, with the number that stands with it, if one does."""

    text: str
    score: int | None = None


def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of a text. Raises `QuestionnaireInvalid` for one that is too long to be a questionnaire."""
    if len(text) > CHARACTERS:
        raise _too_much(f"Longer than {CHARACTERS:,} characters. Paste the questions and their answers alone.")
    parts = _BREAKS.split(unicodedata.normalize("NFC", text))
    if len(parts) > LINES:
        raise _too_much(f"More than {LINES:,} lines. Paste the questions and their answers alone.")
    if any(len(part) > MOST_LINE for part in parts):
        raise _too_much(f"A line is longer than {MOST_LINE:,} characters. Put each question on a line of its own.")
    return tuple(_line(number, part) for number, part in enumerate(parts, 1))


def _too_much(what: str) -> QuestionnaireInvalid:
    return QuestionnaireInvalid([QuestionnaireProblem(where="text", what=what)])


def _line(at: int, raw: str) -> Line:
    plain = _UNSEEN.sub("", raw).replace("\u00a0", " ").strip()
    plain = "".join(letter for letter in plain if letter == "\t" or unicodedata.category(letter) != "Cc")
    if found := _NUMBER.match(plain):
        style = (found["open"] or "") + (found["close"].strip() or ("\t" if "\t" in found["close"] else " "))
        return Line(at=at, whole=plain, text=plain[found.end() :].strip(), style=style, mark=int(found["number"]))
    if found := _LETTER.match(plain):
        letter = found["letter"]
        style = (found["open"] or "") + ("a" if letter.islower() else "A") + found["close"]
        return Line(at=at, whole=plain, text=plain[found.end() :].strip(), style=style, mark=ord(letter.lower()) - 96)
    if found := _BULLET.match(plain):
        return Line(at=at, whole=plain, text=plain[found.end() :].strip(), style=plain[0])
    return Line(at=at, whole=plain, text=plain)


def cells(text: str) -> list[str]:
    """The cells of a row: parted by tabs, bars, slashes or wide gaps."""
    return [cell for part in _CELLS.split(text.strip(" |\t")) if (cell := part.strip())]


def numbers(text: str) -> list[int]:
    """The numbers of a line that holds nothing else, at least two; else none."""
    parts = [part for part in _NUMBERS.split(text.strip()) if part]
    if len(parts) < 2 or not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in parts):
        return []
    return [int(part) for part in parts]


def answer_of(text: str) -> ListedAnswer:
    """An answer apart from the number before or behind it: `0 = Never`, `Never (0)`."""
    if found := _BEHIND.match(text):
        return ListedAnswer(found["text"].strip(" \t-–—=:"), int(found["one"] or found["two"]))
    if found := _BEFORE.match(text):
        return ListedAnswer(found["text"].strip(), int(found["number"]))
    return ListedAnswer(text.strip(" \t"))


def is_to_fill_in(text: str) -> bool:
    """Whether a line is one to write on: a name, a date."""
    return bool(_BLANKS.search(text))


def without_answers(text: str, allowed: Sequence[int]) -> tuple[str, list[str]]:
    """A question apart from what stands behind it in its row: the numbers or boxes to mark, or the answers' texts."""
    plain = _BOXES.sub("", text)
    parts = [part.strip() for part in re.split(r"\t+|\s*\|\s*", plain) if part.strip()]
    if len(parts) > 2 and (not allowed or len(parts) == len(allowed) + 1):
        question, behind = parts[0], parts[1:]
        return _LEADERS.sub("", question), [] if all(part.isdigit() for part in behind) else behind
    words = plain.split()
    if len(allowed) > 1 and len(words) > len(allowed):
        behind = [word.strip("[]()□☐○") for word in words[-len(allowed) :]]
        if behind in ([str(one) for one in allowed], [str(one) for one in reversed(allowed)]):
            rest = plain
            for word in reversed(words[-len(allowed) :]):
                rest = rest.rstrip().removesuffix(word)
            plain = rest
    return " ".join(_LEADERS.sub("", plain).split()), []


def joined(before: str, after: str) -> str:
    """A text with what follows on the next line; of a word that a hyphen breaks, the hyphen stays."""
    if len(before) > 1 and before[-1] == "-" and before[-2].isalpha() and after[:1].islower():
        return before + after
    return f"{before} {after}".strip()
