"""Which lines of a list are its questions, and which are answers. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from intersession_schemas.instruments.wording.by_hand.lines import Line, ListedAnswer, answer_of, cells, numbers
from intersession_schemas.instruments.wording.meaning.answers import extent, said_yes

MOST_ANSWER = 80
MOST_ANSWERS = 12
_MOST_WORDS = 12
_SENTENCE = (".", "?", ":")


def option_lines(lines: Sequence[Line], sizes: Collection[int], counts: Collection[int]) -> frozenset[int]:
    """The numbers of marked lines that are answers and no questions.

    `sizes` are how many answers the items take, `counts` how many questions there may be; both empty where nobody
    knows. Answers begin at 0, or are as many as an item takes, or come again and again.
    """
    runs = _runs(lines)
    often = Counter(_told(run[:size]) for run in runs for size in range(2, min(len(run), MOST_ANSWERS) + 1))
    found: set[int] = set()
    for run in runs:
        # The next question may count on from the last answer: 3. Always, 4. Sleep.
        again = [size for size in range(2, min(len(run), MOST_ANSWERS) + 1) if often[_told(run[:size])] > 1]
        fitting = [size for size in sizes if 1 < size <= len(run)]
        if again:
            found.update(one.at for one in run[: max(again)])
        elif run[0].mark == 0 and len(run) > 1:
            found.update(one.at for one in run[: max(fitting, default=len(run))])
        elif len(run) in fitting and len(run) not in counts and _are_answers(run):
            found.update(one.at for one in run)
    return frozenset(found)


def _told(run: Sequence[Line]) -> tuple[str, ...]:
    return tuple(one.text.casefold() for one in run)


def _runs(lines: Sequence[Line]) -> list[list[Line]]:
    """Marked lines in a row, without another kind between them: counting up by one, or all with one bullet."""
    runs: list[list[Line]] = []
    before: Line | None = None
    for line in lines:
        if line.style:
            follows = before is not None and before.style == line.style and before.at == line.at - 1
            in_order = follows and before is not None and _next(before, line)
            if in_order:
                runs[-1].append(line)
            else:
                runs.append([line])
        before = line
    return runs


def _next(before: Line, line: Line) -> bool:
    return line.mark is None if before.mark is None else line.mark == before.mark + 1


def _are_answers(run: Sequence[Line]) -> bool:
    return all(_is_short(one.text) for one in run) and sum(_says_how_much(one.text) for one in run) >= 2


def question_lines(lines: Sequence[Line], answers: Collection[int], counts: Collection[int]) -> list[Line]:
    """The lines at which questions begin: those numbered from 1 on, or with letters from a on, or with bullets; where
    nothing is marked, none. Of several ways to mark, one with as many lines as there may be questions, else the one
    with most."""
    by_style: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.style and line.at not in answers and not numbers(line.whole) and line.text:
            by_style[line.style].append(line)
    chains = [chain for some in by_style.values() if (chain := _counted(some))]
    chains.sort(key=lambda chain: (len(chain) in counts, chain[0].mark is not None, len(chain)), reverse=True)
    return chains[0] if chains and (len(chains[0]) > 1 or 1 in counts) else []


def _counted(some: Sequence[Line]) -> list[Line]:
    """Lines whose marks count up from 1, in order; all of them where the mark is a bullet."""
    if some[0].mark is None:
        return list(some)
    found: list[Line] = []
    for line in some:
        if line.mark == len(found) + 1:
            found.append(line)
    return found


def row_of_answers(line: Line, sizes: Collection[int]) -> list[ListedAnswer]:
    """The answers that stand beside one another on a line; none where it is no such row."""
    if line.style and line.mark not in (0, 1) and line.style not in "=–—":
        return []
    found = [answer_of(cell) for cell in cells(line.whole)]
    if len(found) < 2 and line.whole.count("/") in {size - 1 for size in sizes if size > 1}:
        found = [answer_of(part.strip()) for part in line.whole.split("/") if part.strip()]
    if len(found) < 2 or not all(_is_short(one.text) and any(map(str.isalpha, one.text)) for one in found):
        return []
    if sizes:
        return found if len(found) in sizes else []
    return found if sum(_says_how_much(one.text) for one in found) >= 2 or _numbered(found) else []


def listed_answers(lines: Sequence[Line], sizes: Collection[int]) -> list[ListedAnswer]:
    """The answers that these lines are, one a line; none where they are something else."""
    if len(lines) < 2 or (sizes and len(lines) not in sizes):
        return []
    if not all(_is_short(line.text) for line in lines):
        return []
    found = [answer_of(line.whole) if _is_score(line) else answer_of(line.text) for line in lines]
    if _numbered(found) or all(line.style and line.mark is None for line in lines):
        return found
    # Lines without marks may be instructions: nearly all of them have to say how much, and none is a sentence.
    read = sum(_says_how_much(one.text) for one in found)
    enough = len(found) - 1 if sizes and len(found) > 2 else len(found)
    return found if read >= enough and not any(one.text.endswith(_SENTENCE) for one in found) else []


def _is_score(line: Line) -> bool:
    """Whether the mark of an answer's line is its value: numbers are, letters and bullets are not."""
    return line.mark is not None and line.whole.lstrip("([")[:1].isdigit()


def _numbered(found: Sequence[ListedAnswer]) -> bool:
    return all(one.score is not None for one in found) and len({one.score for one in found}) == len(found)


def _is_short(text: str) -> bool:
    return 0 < len(text) <= MOST_ANSWER and len(text.split()) <= _MOST_WORDS


def _says_how_much(text: str) -> bool:
    return extent(text) is not None or said_yes(text) is not None
