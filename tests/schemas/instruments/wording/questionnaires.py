"""What comes of a questionnaire that is read: its problems, its scores."""

from __future__ import annotations

import pytest
from tests.schemas.instruments.wording.forms import LABELS, data

from intersession_schemas.instruments import Questionnaire, QuestionnaireInvalid, read_questionnaire


def read(form: object) -> Questionnaire:
    return read_questionnaire(data(form))


def problems(form: object) -> list[tuple[str, str]]:
    with pytest.raises(QuestionnaireInvalid) as caught:
        read_questionnaire(form if isinstance(form, bytes) else data(form))
    return [(problem.where, problem.what) for problem in caught.value.problems]


def only(form: object) -> tuple[str, str]:
    (found,) = problems(form)
    return found


def scores(form: Questionnaire) -> list[list[tuple[str, int | None]]]:
    return [[(one.text, one.score) for one in asked.options] for asked in form.questions]


WEATHER = [[(label, value) for value, label in enumerate(LABELS)]] * 3
