"""A FHIR Questionnaire as it was read: what is asked, in which words, and which scores the file itself states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.errors import IntersessionError

QuestionType = Literal["choice", "boolean", "number", "other"]
"""`number`: integer, decimal or quantity. `other`: text, dates and whatever else no score can be made of."""

LOINC = "http://loinc.org"
SHOWN = 10


class Problem(Struct, frozen=True, kw_only=True):
    """Something that has to be mended: where (a path into the JSON, from `Questionnaire`) and what to do."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class QuestionnaireInvalid(IntersessionError, ValueError):
    """A file that cannot be used as a questionnaire. `problems` are all that were found, in the order of the file."""

    code = "questionnaire_invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        lines = [f"\n- {problem}" for problem in self.problems[:SHOWN]]
        more = f"\n- and {count - SHOWN} more" if count > SHOWN else ""
        super().__init__(f"The questionnaire cannot be used; {count} to mend in its file:{''.join(lines)}{more}")


class Coding(Struct, frozen=True, kw_only=True):
    """A code with the terminology it is from."""

    system: str | None = None
    code: str | None = None
    display: str | None = None


class Option(Struct, frozen=True, kw_only=True):
    """One answer: its text, its code, and the score that the file states for it; None when it states none.

    `number` is the answer itself where it is a number (valueInteger). That is no score: hours of sleep are numbers too.
    """

    text: str
    score: int | None = None
    number: int | None = None
    system: str | None = None
    code: str | None = None
    prefix: str | None = None
    translations: tuple[tuple[str, str], ...] = ()


class Question(Struct, frozen=True, kw_only=True):
    """One question. `path` is where it stands in the file; `low` and `high` bound a `number` where the file says so.

    `loinc` are its LOINC codes, those that its linkId is made of among them. `translations` are (language, text).
    """

    link_id: str
    path: str
    text: str
    type: QuestionType
    fhir_type: str
    prefix: str | None = None
    required: bool = False
    repeats: bool = False
    conditional: bool = False
    loinc: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    low: int | None = None
    high: int | None = None
    translations: tuple[tuple[str, str], ...] = ()

    @property
    def scored(self) -> bool:
        """Whether the file states a score for at least one of its answers, and one answer only is given."""
        return not self.repeats and any(option.score is not None for option in self.options)


class Questionnaire(Struct, frozen=True, kw_only=True):
    """What a file asks. `totals` are the linkIds of scores it would reckon itself; they are not asked.

    `notes` say what was read in a way that its author may not expect.
    """

    questions: tuple[Question, ...]
    url: str | None = None
    version: str | None = None
    name: str | None = None
    title: str | None = None
    language: str | None = None
    publisher: str | None = None
    copyright: str | None = None
    loinc: tuple[str, ...] = ()
    instructions: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def languages(self) -> tuple[str, ...]:
        """The languages that it has translations for, besides its own."""
        found = [language for question in self.questions for language, _ in question.translations]
        return tuple(dict.fromkeys(found))


def in_language(questionnaire: Questionnaire, language: str) -> Questionnaire:
    """The questionnaire in another of its languages; a text that is not translated stays as it is."""

    def translated(text: str, translations: tuple[tuple[str, str], ...]) -> str:
        return next((content for found, content in translations if found == language), text)

    questions = [
        replace(
            question,
            text=translated(question.text, question.translations),
            options=tuple(replace(one, text=translated(one.text, one.translations)) for one in question.options),
        )
        for question in questionnaire.questions
    ]
    return replace(questionnaire, questions=tuple(questions), language=language)
