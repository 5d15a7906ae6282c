"""A questionnaire from a list of lines, as people have it in a document: numbered questions, and their answers below
each or once for all. Pure.

Read liberally, and honest about it: a line that is understood as neither question, answer nor instruction is named.
Whether each question is the item in whose place it stands is for others to check (`confirming`, `preview`): here the
place on the page is all there is.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from intersession_schemas.instruments.values import Instrument, Item
from intersession_schemas.instruments.wording.by_hand.lines import (
    Line,
    ListedAnswer,
    is_to_fill_in,
    joined,
    lines_of,
    numbers,
    without_answers,
)
from intersession_schemas.instruments.wording.by_hand.runs import (
    listed_answers,
    option_lines,
    question_lines,
    row_of_answers,
)
from intersession_schemas.instruments.wording.by_hand.values import Offered, question_of
from intersession_schemas.instruments.wording.meaning.languages import language_of
from intersession_schemas.instruments.wording.naming import words
from intersession_schemas.instruments.wording.questionnaires import (
    Instruction,
    Questionnaire,
    QuestionnaireInvalid,
    QuestionnaireProblem,
)

ENDS = (".", "?", "!", ":", "…")
WRAPS = 45
"""From how many characters on a line may be one that the page has broken."""
MOST_NAMED = 12


class ListRead(Struct, frozen=True, kw_only=True):
    """What a list says: the questionnaire, and the lines that are no part of it, by their numbers.

    `by_order`: the list states no values for the answers, so they have those of the instrument, in its order.
    """

    questionnaire: Questionnaire
    left_out: tuple[tuple[int, str], ...] = ()
    by_order: bool = False


class _Asked(Struct):
    """A question while it is put together. `own` are answers that belong to it alone."""

    line: Line
    text: str
    own: list[ListedAnswer]


def read_list(
    text: str, instrument: Instrument | None = None, *, title: str | None = None, language: str | None = None
) -> ListRead:
    """Read a list of lines, as one of `instrument` where somebody says that it is.

    Raises `QuestionnaireInvalid`, which names lines and never what stands on them, where no questions or no answers can
    be found, or others than the instrument has.
    """
    lines = lines_of(text)
    sizes = {len(item.allowed) for item in instrument.items} if instrument is not None else set[int]()
    counts = _counts(instrument)
    options = option_lines(lines, sizes, counts)
    begun = question_lines(lines, options, counts) or _unmarked(lines, sizes, counts)
    if not begun:
        raise _invalid(
            "text", "No questions were found. Put each on a line of its own, with its number in front (1., 2., …)."
        )
    items = _items_for(instrument, begun)
    aside: list[Line] = []
    asked = _questions(lines, begun, sizes, aside, items)
    before = [line for line in lines if line.at < begun[0].at]
    after = _behind(lines, asked, aside)
    shared = _shared(before, sizes, aside) or _shared(after, sizes, aside)
    aside += [line for line in before if _is_title(line, instrument, title)]
    instructed = _instructions(before, aside, shared)
    aside += [line for line in after if line not in shared.lines and line not in aside]
    questions = [
        question_of(one.line, one.text, Offered(answers=tuple(one.own or shared.answers), own=bool(one.own)), item)
        for one, item in zip(asked, items, strict=True)
    ]
    if lacking := [one.line.at for one, made in zip(asked, questions, strict=True) if made is None]:
        raise _lacking(lacking, instrument)
    made = [one for one in questions if one is not None]
    questionnaire = Questionnaire(
        questions=tuple(one.question for one in made),
        title=title,
        language=language or _language([one.text for one in asked] + [one.text for one in instructed]),
        instructed=instructed,
        notes=tuple(dict.fromkeys(note for one in made for note in one.notes)),
    )
    left = sorted({line.at: line.whole for line in aside if not line.blank}.items())
    return ListRead(questionnaire=questionnaire, left_out=tuple(left), by_order=any(one.by_order for one in made))


def _counts(instrument: Instrument | None) -> set[int]:
    return set() if instrument is None else {len(instrument.items), len(instrument.required())}


def _items_for(instrument: Instrument | None, begun: Sequence[Line]) -> list[Item | None]:
    """The item in whose place each question stands. Raises `QuestionnaireInvalid` where there are more or fewer."""
    if instrument is None:
        return [None] * len(begun)
    for items in (instrument.items, instrument.required()):
        if len(items) == len(begun):
            return list(items)
    there = f"{begun[0].at} to {begun[-1].at}" if len(begun) > 1 else str(begun[0].at)
    what = f"{len(begun)} questions were found; {instrument.title} has {len(instrument.required())}."
    raise _invalid(f"lines {there}", f"{what} Is one of them missing, or not on a line of its own?")


def _unmarked(lines: Sequence[Line], sizes: set[int], counts: set[int]) -> list[Line]:
    """Questions without numbers, one a line: only where there are as many such lines as the instrument has items."""
    plain = [line for line in lines if not line.blank and not line.style]
    found = [line for line in plain if not row_of_answers(line, sizes) and not numbers(line.whole)]
    asking = [line for line in found if line.text.rstrip().endswith("?")]
    for some in (found, asking):
        if some and len(some) in counts:
            return some
    return asking if not counts and len(asking) > 1 else []


# --- questions


def _questions(
    lines: Sequence[Line], begun: Sequence[Line], sizes: set[int], aside: list[Line], items: Sequence[Item | None]
) -> list[_Asked]:
    ends = [line.at for line in begun[1:]] + [lines[-1].at + 1]
    found = []
    for line, end, item in zip(begun, ends, items, strict=True):
        behind = [one for one in lines if line.at < one.at < end]
        found.append(_question(line, behind, sizes, aside, item, last=line is begun[-1]))
    return found


def _question(
    line: Line, behind: Sequence[Line], sizes: set[int], aside: list[Line], item: Item | None, *, last: bool
) -> _Asked:
    """A question from the line where it begins, and those up to the next one."""
    allowed = item.allowed if item is not None else ()
    text, beside = without_answers(line.text, allowed)
    asked = _Asked(line, text, [ListedAnswer(one) for one in beside])
    rest, before = list(behind), line
    while rest and not rest[0].blank and not rest[0].style and _goes_on(asked.text, before, rest, sizes, last=last):
        before = rest.pop(0)
        asked.text = joined(asked.text, without_answers(before.text, allowed)[0])
    if last:  # what follows the answers of the last question is no longer part of it
        block = _block([one for one in rest if not one.blank])
        asked.own = asked.own or _answers_in(block, sizes)
        return asked
    body = [one for one in rest if not one.blank]
    asked.own = asked.own or _answers_in(body, sizes)
    if not asked.own:
        aside += [one for one in body if not numbers(one.whole)]
    return asked


def _goes_on(text: str, before: Line, rest: Sequence[Line], sizes: set[int], *, last: bool) -> bool:
    """Whether a line without a mark goes on with a question: not where answers begin, nor, behind the last one, with a
    line that belongs to the foot of the page. There only a line that is full goes on with a capital letter."""
    line = rest[0]
    if row_of_answers(line, sizes) or numbers(line.whole) or is_to_fill_in(line.whole):
        return False
    if _answers_in(_block(rest), sizes):
        return False
    return not last or line.text[:1].islower() or (len(before.whole) >= WRAPS and not text.endswith(ENDS))


def _block(lines: Sequence[Line]) -> list[Line]:
    """The lines up to the first blank one."""
    found = []
    for line in lines:
        if line.blank:
            break
        found.append(line)
    return found


def _answers_in(lines: Sequence[Line], sizes: set[int]) -> list[ListedAnswer]:
    """The answers that lines behind a question are: all of them, in one row or one a line."""
    return _shared(lines, sizes, []).answers if lines and _shared(lines, sizes, []).whole(lines) else []


# --- answers once for all, instructions


class _Shared(Struct):
    """Answers that stand once for several questions, and the lines that they stand on."""

    answers: list[ListedAnswer] = []
    lines: list[Line] = []

    def __bool__(self) -> bool:
        return bool(self.answers)

    def whole(self, lines: Sequence[Line]) -> bool:
        """Whether these lines hold the answers and nothing else."""
        return len(self.lines) == len(lines)


def _shared(lines: Sequence[Line], sizes: set[int], aside: list[Line]) -> _Shared:
    """The answers among lines that are no questions; of several the last ones, and the others are put aside."""
    found: list[_Shared] = []
    place, there = 0, [line for line in lines if not line.blank]
    while place < len(there):
        one = _shared_at(there, place, sizes)
        if one:
            found.append(one)
            place += len(one.lines)
        else:
            place += 1
    for one in found[:-1]:
        aside += one.lines
    return found[-1] if found else _Shared()


def _shared_at(lines: Sequence[Line], place: int, sizes: set[int]) -> _Shared:
    """The answers that begin on a line: a row of them, with the numbers above or below it, or one a line."""
    here, below = lines[place], lines[place + 1] if place + 1 < len(lines) else None
    values = numbers(here.whole)
    if values and below is not None and len(row := row_of_answers(below, {len(values)})) == len(values):
        return _Shared(_scored(row, values), [here, below])
    if row := row_of_answers(here, sizes):
        if below is not None and len(values := numbers(below.whole)) == len(row):
            return _Shared(_scored(row, values), [here, below])
        return _Shared(row, [here])
    for size in sorted(sizes, reverse=True) or range(min(len(lines) - place, 12), 1, -1):
        some = lines[place : place + size]
        if len(some) == size and (listed := listed_answers(some, sizes)):
            return _Shared(listed, list(some))
    if len(values) in sizes and len(set(values)) == len(values):
        return _Shared([ListedAnswer(str(one), one) for one in values], [here])
    return _Shared()


def _scored(row: Sequence[ListedAnswer], values: Sequence[int]) -> list[ListedAnswer]:
    return [ListedAnswer(one.text, value) for one, value in zip(row, values, strict=True)]


def _behind(lines: Sequence[Line], asked: Sequence[_Asked], aside: Sequence[Line]) -> list[Line]:
    """The lines behind the last question that are no part of it."""
    last = asked[-1]
    rest = [line for line in lines if line.at > last.line.at]
    text = " ".join(last.text.split())
    while rest and not rest[0].blank and rest[0].text and not rest[0].style and " ".join(rest[0].text.split()) in text:
        rest.pop(0)
    if last.own:
        rest = rest[len(_block(rest)) :]
    return [line for line in rest if not line.blank and line not in aside]


def _instructions(before: Sequence[Line], aside: list[Line], shared: _Shared) -> tuple[Instruction, ...]:
    """The texts above the questions, a paragraph each. Lines to write on are put aside."""
    found: list[tuple[int, str]] = []
    open_ = False
    for line in before:
        if line.blank or line in shared.lines or line in aside:
            open_ = False
        elif is_to_fill_in(line.whole) or numbers(line.whole):
            aside.append(line)
            open_ = False
        elif open_ and not line.style:
            at, text = found[-1]
            found[-1] = at, joined(text, line.whole)
        else:
            found.append((line.at, line.whole))
            open_ = True
    return tuple(Instruction(text=text, path=f"line {at}") for at, text in found)


def _is_title(line: Line, instrument: Instrument | None, title: str | None) -> bool:
    """Whether a line says the name of the instrument and nothing else."""
    named = () if instrument is None else (*instrument.names, instrument.title, instrument.key)
    return bool(said := words(line.whole)) and said in {words(name) for name in (*named, title or "")}


def _language(texts: Sequence[str]) -> str | None:
    read = [language for text in texts if (language := language_of(text)) is not None]
    return max(set(read), key=read.count) if read else None


def _lacking(lines: Sequence[int], instrument: Instrument | None) -> QuestionnaireInvalid:
    takes = "" if instrument is None else f" {instrument.title} has {_numbers_of(instrument)} answers."
    what = f"No answers were found for this question.{takes} Put them below it, or once for all above the first one."
    shown = [QuestionnaireProblem(where=f"line {at}", what=what) for at in lines[:MOST_NAMED]]
    return QuestionnaireInvalid(shown)


def _numbers_of(instrument: Instrument) -> str:
    return " or ".join(map(str, sorted({len(item.allowed) for item in instrument.items})))


def _invalid(where: str, what: str) -> QuestionnaireInvalid:
    return QuestionnaireInvalid([QuestionnaireProblem(where=where, what=what)])
