"""Lists as people have them in a document: questions of our own words in many layouts, and as lists go wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

ROWS = (" / ", "\t", " | ", "    ", "/")
MARKS = ("{n}. ", "{n}) ", "{n}\t", "({n}) ", "{n}.) ", "{n}: ", "{a}) ", "• ", "- ", "{n} ")
Layout = Callable[[Random, Sequence[str], Sequence[str]], str]
"""Makes a text of questions and answers, the least one first."""


def marked(mark: str, questions: Sequence[str]) -> list[str]:
    """The questions with their numbers, letters or bullets in front."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [mark.format(n=n, a=letters[(n - 1) % 26]) + one for n, one in enumerate(questions, 1)]


def once_above(random: Random, questions: Sequence[str], answers: Sequence[str]) -> str:
    """The answers in one row above all questions."""
    row = random.choice(ROWS).join(answers)
    return "\n".join([row, *marked(random.choice(MARKS), questions)])


def numbered_above(random: Random, questions: Sequence[str], answers: Sequence[str]) -> str:
    """The answers in a row, with their values below, as a form in columns has them."""
    cells = "\t".join(answers), "\t".join(str(value) for value in range(len(answers)))
    head = [*cells] if random.random() < 0.5 else [*reversed(cells)]
    return "\n".join([*head, "", *marked("{n}. ", questions)])


def values_below(random: Random, questions: Sequence[str], answers: Sequence[str]) -> str:
    """The answers with their values, a line each, below all questions."""
    between = random.choice((" = ", " – ", ": ", "="))
    listed = [f"{value}{between}{one}" for value, one in enumerate(answers)]
    return "\n".join([*marked(random.choice(MARKS), questions), "", *listed])


def below_each(random: Random, questions: Sequence[str], answers: Sequence[str]) -> str:
    """The answers below every question, a line each."""
    mark = random.choice(("{v}. ", "☐ ", "- ", "", "{v} = ", "[ ] "))
    listed = [mark.format(v=value) + one for value, one in enumerate(answers)]
    gap = random.choice(("\n", "\n\n"))
    return gap.join("\n".join([one, *listed]) for one in marked(random.choice(("{n}. ", "{n}) ")), questions))


def in_a_table(random: Random, questions: Sequence[str], answers: Sequence[str]) -> str:
    """A table copied with its columns: every question with the values to mark."""
    values = "\t".join(str(value) for value in range(len(answers)))
    behind = random.choice((f"\t{values}", " ....... " + values.replace("\t", " "), " " + values.replace("\t", " ")))
    return "\n".join(["\t".join(answers), *(one + behind for one in marked("{n}. ", questions))])


def broken(random: Random, questions: Sequence[str], answers: Sequence[str]) -> str:
    """Every question over several lines, as a narrow column breaks them."""
    lines = [once_above(random, [], answers)]
    for one in marked("{n}. ", questions):
        words = one.split(" ")
        cut = random.randrange(2, len(words)) if len(words) > 2 else len(words)
        lines += [" ".join(words[:cut]), *filter(None, [" ".join(words[cut:])])]
    return "\n".join(lines)


LAYOUTS: tuple[Layout, ...] = (once_above, numbered_above, values_below, below_each, in_a_table, broken)


# --- how lists go wrong


def drop(random: Random, lines: list[str]) -> None:
    """A line is missing."""
    del lines[random.randrange(len(lines))]


def twice(random: Random, lines: list[str]) -> None:
    """A line is there twice."""
    place = random.randrange(len(lines))
    lines.insert(place, lines[place])


def swap(random: Random, lines: list[str]) -> None:
    """Two lines have changed places, and kept their numbers' order or not."""
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def join(random: Random, lines: list[str]) -> None:
    """Two lines have become one."""
    place = random.randrange(len(lines))
    if place + 1 < len(lines):
        lines[place] += " " + lines.pop(place + 1)


def blank(random: Random, lines: list[str]) -> None:
    """A blank line in between."""
    lines.insert(random.randrange(len(lines)), "")


def foreign(random: Random, lines: list[str]) -> None:
    """A line of something else."""
    lines.insert(
        random.randrange(len(lines)), random.choice(("Page 2 of 3", "Total: ____", "3", "Section B", "0 1 2 3"))
    )


def unmarked(random: Random, lines: list[str]) -> None:
    """A line has lost what stood in front of it."""
    place = random.randrange(len(lines))
    lines[place] = lines[place].lstrip("0123456789.)(:\t -•")


CHANGES = (drop, twice, swap, join, blank, foreign, unmarked)
