"""Questions that are asked only when another was answered in some way (enableWhen), as far as instruments have that."""

from __future__ import annotations

from collections.abc import Sequence

from intersession_schemas.instruments.values import Instrument, Item
from intersession_schemas.instruments.wording.findings import Findings, Json
from intersession_schemas.instruments.wording.meaning.answers import said_yes
from intersession_schemas.instruments.wording.option_values import YES_NO, yes_no
from intersession_schemas.instruments.wording.questionnaires import Condition, QuestionnaireItem, QuestionnaireProblem

EXPRESSION = "sdc-questionnaire-enableWhenExpression"
ANSWERS = ("answerBoolean", "answerInteger", "answerString")
Pairs = Sequence[tuple[Item, QuestionnaireItem]]
Read = tuple[bool, tuple[Condition, ...]]
"""Whether there is a condition, and those that could be read: none where one of them is of a kind that cannot be."""


def read_conditions(findings: Findings, item: Json, path: str, around: Read) -> Read:
    """The conditions of an item, those of the groups around it among them."""
    listed = list(findings.objects(item, "enableWhen", path))
    by_expression = any(kind == EXPRESSION for kind, _, _ in findings.extensions(item, path))
    if not listed and not by_expression:
        return around
    read = [_condition(findings, element, where) for element, where in listed]
    any_of = len(listed) > 1 and findings.text(item, "enableBehavior", path) == "any"
    own = tuple(one for one in read if one is not None)
    if by_expression or any_of or len(own) < len(read) or (around[0] and not around[1]):
        return True, ()
    return True, (*around[1], *own)


def _condition(findings: Findings, element: Json, where: str) -> Condition | None:
    question, operator = findings.text(element, "question", where), findings.text(element, "operator", where) or "="
    if question is None:
        findings.lacks(f"{where}.question", "A condition without the linkId of the question that it depends on.")
        return None
    if (coding := findings.mapping(element, "answerCoding", where)) is not None:
        read = findings.coding(coding, f"{where}.answerCoding")
        return Condition(question=question, operator=operator, answer=(read.system, read.code), text=read.display)
    answer = next((element[name] for name in ANSWERS if element.get(name) is not None), None)
    if not isinstance(answer, bool | int | str):
        return None
    return Condition(question=question, operator=operator, answer=answer)


def _wants(condition: Condition, asked: QuestionnaireItem) -> bool | None:
    """Whether a condition wants a yes or a no from a yes-no question; None where it wants something else."""
    if isinstance(condition.answer, bool):
        wanted: bool | None = condition.answer
    elif isinstance(condition.answer, tuple):
        options = yes_no(asked) or ()
        same = (value for option, value in options if (option.system, option.code) == condition.answer)
        wanted = next(same, YES_NO.get((condition.answer[0] or "", condition.answer[1] or "")))
        if wanted is None and condition.text is not None:
            wanted = said_yes(condition.text)
    else:
        wanted = None
    if wanted is None or condition.operator not in {"=", "!="}:
        return None
    return wanted if condition.operator == "=" else not wanted


def fits(item: Item, question: QuestionnaireItem, by_link: dict[str, tuple[Item, QuestionnaireItem]]) -> bool:
    """Whether an item is asked under the very conditions that the instrument has for it."""
    for condition in question.conditions:
        other = by_link.get(condition.question)
        if other is None:
            return False
        wanted = _wants(condition, other[1])
        if not (
            (wanted is True and other[0].key == item.asked_when)
            or (wanted is False and other[0].key == item.not_applicable_when)
        ):
            return False
    return bool(question.conditions)


def check_conditions(instrument: Instrument, pairs: Pairs) -> tuple[QuestionnaireProblem, ...]:
    """Questions of a known instrument that the file asks only under a condition which the instrument does not have.

    An optional item without a score is none of them: asked of everybody, it changes no sum.
    """
    by_link = {question.link_id: (item, question) for item, question in pairs}
    return tuple(
        QuestionnaireProblem(
            where=question.path,
            what=f"Is asked only under a condition (enableWhen); “{item.label}” of {instrument.title} is not.",
        )
        for item, question in pairs
        if question.conditional and not (item.optional and not item.scored) and not fits(item, question, by_link)
    )


def asked_when(question: QuestionnaireItem, before: Pairs) -> str | None:
    """The key of the yes-no item before a question on whose yes it depends, and on nothing else; None for any other."""
    if len(question.conditions) != 1:
        return None
    (condition,) = question.conditions
    other = next(((item, asked) for item, asked in before if asked.link_id == condition.question), None)
    if other is None or other[0].type != "yes-no" or _wants(condition, other[1]) is not True:
        return None
    return other[0].key
