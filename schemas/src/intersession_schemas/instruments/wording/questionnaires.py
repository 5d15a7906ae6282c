"""A FHIR Questionnaire as it was read: what is asked, in which words, and which scores the file itself states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.errors import IntersessionError
from intersession_schemas.instruments.wording.meaning.languages import known_language, language_of

QuestionType = Literal["choice", "boolean", "number", "other"]
"""`number`: integer, decimal or quantity. `other`: text, dates and whatever else no score can be made of."""

LOINC = "http://loinc.org"
SHOWN = 10
LABEL = 40
UNWATCHED = "No risk rule watches this file, as nothing was imported. "
COPIED = 4
"""From how many words on a translation that is the same as the original is none: names and numbers are shorter."""


class QuestionnaireProblem(Struct, frozen=True, kw_only=True):
    """Something that has to be mended: where (a path into the JSON, from `Questionnaire`) and what to do."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class QuestionnaireInvalid(IntersessionError, ValueError):
    """A file that cannot be used as a questionnaire. `problems` are all that were found, in the order of the file."""

    code = "questionnaire_invalid"

    def __init__(self, problems: Sequence[QuestionnaireProblem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        lines = [f"\n- {problem}" for problem in self.problems[:SHOWN]]
        more = f"\n- and {count - SHOWN} more" if count > SHOWN else ""
        super().__init__(f"The questionnaire cannot be used; {count} to fix in the file:{''.join(lines)}{more}")


class QuestionnaireUnclear(QuestionnaireInvalid):
    """A file that may be a known instrument and does not fit it, or asks what nothing would watch: a person decides.

    `problems` say what does not fit, `candidates` are the keys of instruments that it can be taken as, each with how
    many of its scored questions would not be asked then. `risky` are the linkIds of questions about death or self-harm.
    """

    code = "questionnaire_unclear"

    def __init__(
        self,
        title: str | None,
        problems: Sequence[QuestionnaireProblem],
        candidates: Mapping[str, int],
        *,
        unwatched: bool = False,
        risky: Sequence[str] = (),
    ) -> None:
        super().__init__(problems)
        self.candidates = dict(candidates)
        self.risky = tuple(risky)
        first = UNWATCHED if unwatched else ""
        named = "It" if title is None else f"This may be the {title}, but it"
        what = "cannot be taken as it stands" if title is None else "does not match, or cannot be confirmed"
        lines = [f"{first}{named} {what}:", *_listed(self.problems)]
        lines.append("Nothing was imported, and nothing has to be changed in a file that is right. Say what it is:")
        for key, lost in self.candidates.items():
            without = f", without the {lost} scored question{'s' * (lost != 1)} that it does not have" if lost else ""
            lines.append(f"- as {key}: scored as that instrument is, by the scores in the file{without}")
        watched = "an instrument of your own, with a sum and a risk rule that watches"
        lines += [f"- risk {link}: {watched} {link}" for link in self.risky[:SHOWN]]
        lines.append("- as new: an instrument of your own, with a sum but no bands; no risk rule watches it")
        self.args = ("\n".join(lines),)


class QuestionnaireOther(QuestionnaireInvalid):
    """A file that cannot be what somebody says that it is; `problems` say what speaks against it."""

    def __init__(self, title: str, problems: Sequence[QuestionnaireProblem], *, unwatched: bool = False) -> None:
        super().__init__(problems)
        lines = [f"{UNWATCHED if unwatched else ''}This cannot be taken as the {title}:", *_listed(self.problems)]
        lines.append(
            "Nothing was imported. If the file is right, it is another form: import it as new. If it is not, whoever "
            "made it can tell; a file from the instrument's owner can be imported in its place."
        )
        self.args = ("\n".join(lines),)


def _listed(problems: Sequence[QuestionnaireProblem]) -> list[str]:
    shown = [f"- {problem}" for problem in problems[:SHOWN]]
    return shown if len(problems) <= SHOWN else [*shown, f"- and {len(problems) - SHOWN} more"]


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


class Condition(Struct, frozen=True, kw_only=True):
    """That a question is asked only when the one with the linkId `question` was answered in some way (enableWhen).

    `answer` is what it is compared with; of a coding, its (system, code), and `text` what it displays.
    """

    question: str
    operator: str
    answer: bool | int | str | tuple[str | None, str | None] | None = None
    text: str | None = None


class Instruction(Struct, frozen=True, kw_only=True):
    """A text that stands above or between the questions. `path` is where in the file, `translations` as elsewhere."""

    text: str
    path: str
    translations: tuple[tuple[str, str], ...] = ()


class QuestionnaireItem(Struct, frozen=True, kw_only=True):
    """One question. `path` is where it stands in the file; `low` and `high` bound a `number` where the file says so.

    `loinc` are its LOINC codes, those that its linkId is made of among them. `translations` are (language, text).
    `conditional`: it is asked only when something else was answered, its own condition or that of a group around it;
    `conditions` are those that could be read, and all have to hold; none where they are of another kind.
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
    conditions: tuple[Condition, ...] = ()
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

    questions: tuple[QuestionnaireItem, ...]
    url: str | None = None
    version: str | None = None
    name: str | None = None
    title: str | None = None
    language: str | None = None
    publisher: str | None = None
    copyright: str | None = None
    title_translations: tuple[tuple[str, str], ...] = ()
    loinc: tuple[str, ...] = ()
    instructed: tuple[Instruction, ...] = ()
    totals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def instructions(self) -> tuple[str, ...]:
        """The texts above and between the questions."""
        return tuple(one.text for one in self.instructed)

    def languages(self) -> tuple[str, ...]:
        """The languages that it has translations for, besides its own."""
        found = [language for question in self.questions for language, _ in question.translations]
        return tuple(dict.fromkeys(found))


def same_language(known: str, language: str) -> bool:
    """Whether a language tag is the one that is asked for, or a region's form of it: `de-AT` for `de`."""
    known, language = known.casefold().replace("_", "-"), language.casefold().replace("_", "-")
    return known == language or known.startswith(f"{language}-")


def in_language(questionnaire: Questionnaire, language: str) -> Questionnaire:
    """The questionnaire in another of its languages, all that is asked and said.

    Raises `QuestionnaireInvalid` with the places of whatever is not translated: people would be asked in two languages.
    The title stays as it is where it has no translation, and a note says so.
    """
    missing: list[QuestionnaireProblem] = []

    def translated(text: str, translations: tuple[tuple[str, str], ...], where: str) -> str:
        found = _translation(translations, language)
        if found is not None and len(text.split()) >= COPIED and found.split() == text.split():
            what = f"Its translation into {language} is the same as the original: “{shortened(text)}”."
            missing.append(QuestionnaireProblem(where=where, what=what))
        if found is None and any(map(str.isalpha, text)):
            what = f"Has no translation into {language}: “{shortened(text)}”."
            missing.append(QuestionnaireProblem(where=where, what=what))
        return text if found is None else found

    instructed = tuple(
        replace(one, text=translated(one.text, one.translations, f"{one.path}.text"))
        for one in questionnaire.instructed
    )
    questions = []
    for question in questionnaire.questions:
        if question.type == "other":  # it is never asked
            questions.append(question)
            continue
        text = translated(question.text, question.translations, f"{question.path}.text")
        options = tuple(
            replace(one, text=translated(one.text, one.translations, f"{question.path}, answer {number}"))
            for number, one in enumerate(question.options, start=1)
        )
        questions.append(replace(question, text=text, options=options))
    if missing:
        raise QuestionnaireInvalid(missing)
    title = _translation(questionnaire.title_translations, language)
    notes = questionnaire.notes
    if title is None and questionnaire.title:
        notes = (*notes, f"The title has no translation into {language}, and stays as it is.")
    return replace(
        questionnaire,
        questions=tuple(questions),
        instructed=instructed,
        title=title or questionnaire.title,
        language=language,
        notes=notes,
    )


def in_another_language(questionnaire: Questionnaire) -> tuple[str | None, tuple[QuestionnaireProblem, ...]]:
    """The language that all its texts read as, where that is another one than it says; else what of it is in another.

    Only texts with small words of a language are read: most answers are too short.
    """
    said = known_language(questionnaire.language)
    if said is None:
        return None, ()
    texts = [(one.path, one.text) for one in questionnaire.instructed]
    for question in questionnaire.questions:
        if question.type != "other":
            texts += [(question.path, text) for text in (question.text, *(one.text for one in question.options))]
    read = [(where, text, language_of(text)) for where, text in texts]
    found = {language for _, _, language in read if language is not None}
    if said not in found and len(found) == 1:
        return found.pop(), ()
    return None, tuple(
        QuestionnaireProblem(
            where=where,
            what=f"Reads as {language}, in a questionnaire that says it is {said}: “{shortened(text)}”. Is it "
            "translated in part only? Translate it; or say what the file is, and it is asked as it stands.",
        )
        for where, text, language in read
        if language not in {None, said}
    )


def shortened(text: str, most: int = LABEL) -> str:
    """A text in one line, cut to what a message has room for."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _translation(translations: tuple[tuple[str, str], ...], language: str) -> str | None:
    """The translation with that very tag, else one with a region's."""
    exact = (content for known, content in translations if known.casefold() == language.casefold())
    return next(exact, next((content for known, content in translations if same_language(known, language)), None))
