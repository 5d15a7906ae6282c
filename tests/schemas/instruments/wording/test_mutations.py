"""However a file goes wrong, no risk rule watches the wrong question, and nothing is known in a wrong direction."""

from __future__ import annotations

import json
from collections import Counter
from random import Random

import pytest
from tests.schemas.instruments.wording.mutations import ON_RISK, Truth, brought, made, mutated, readable

from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments import (
    INSTRUMENTS,
    Imported,
    QuestionnaireInvalid,
    import_questionnaire,
    read_questionnaire,
)

TRIES = 8
"""Mutated forms of each form that is known."""


def say(*what: object) -> None:
    """What came of it, for whoever runs this with -s."""
    print(*what)  # noqa: T201 - figures to be read, by whoever asks for them


def taken(form: object, taken_as: str | None = None) -> Imported | None:
    try:
        return import_questionnaire(read_questionnaire(json.dumps(form).encode()), taken_as)
    except (QuestionnaireInvalid, InvalidField):
        return None


def wrong(truth: Truth, found: Imported, *, said_so: bool = False) -> list[str]:
    """What of a known instrument was bound to something else than it is.

    Where somebody `said_so`, two answers in between that no word tells apart may have each other's scores.
    """
    if not found.known:
        return [] if not found.watched else ["a rule of nobody's"]
    said = []
    watched = {one.text[:40]: one for one in found.watched}
    for rule in found.instrument.risks:
        prompt = found.wording.prompt(rule.item)
        one = None if prompt is None else watched.get(prompt.text[:40])
        if prompt is None or one is None:
            said.append(f"{rule.item} is not watched")
        elif one.confirmed and not rightly(truth, found, rule.item, prompt.text):
            said.append(f"{rule.item} of {found.instrument.key} watches {prompt.text}")
    for prompt in found.wording.prompts:
        item = found.instrument.item(prompt.item)
        pairs = [(choice.value, truth.value.get((prompt.text, choice.text))) for choice in prompt.choices]
        known = [(bound, true) for bound, true in pairs if bound is not None and true is not None]
        if said_so and item.key not in RISKS[found.instrument.key]:
            known = sorted(known, key=lambda one: one[1])
            known = [*known[:1], *known[-1:]]
        rising = all((one[0] < other[0]) == (one[1] < other[1]) for one in known for other in known if one != other)
        if item.scored and readable(truth.form) and not rising:
            said.append(f"{prompt.item}: {known}")
    return said


RISKS = {key: {risk.item for risk in instrument.risks} for key, instrument in INSTRUMENTS.items()}


def rightly(truth: Truth, found: Imported, item: str, text: str) -> bool:
    """Whether a question is that risk item; of another instrument, whether it asks about risk there."""
    right = {item} if found.instrument.key == truth.key else RISKS[truth.key]
    return truth.item.get(text) in right or text == ON_RISK


FORMS = [*made(), *brought()]


def test_a_form_that_nobody_changed_stays_known() -> None:
    known = Counter(truth.key for truth in FORMS if (found := taken(truth.form)) is not None and found.known)
    say("known as they came:", dict(known), "of", len(FORMS), "forms,", len(brought()), "of them real files")
    # One of them is the PHQ-9 in words that nobody reads, without codes.
    assert sum(known.values()) == len(FORMS) - 1
    assert set(known) == {truth.key for truth in FORMS}
    for truth in FORMS:
        found = taken(truth.form)
        assert found is None or wrong(truth, found) == []


@pytest.mark.parametrize("number", range(len(FORMS)))
def test_a_form_that_went_wrong_is_never_taken_for_what_it_is_not(number: int) -> None:
    truth, random = FORMS[number], Random(number)
    became = Counter[str]()
    for _ in range(TRIES):
        form, changes = mutated(random, truth)
        by_itself = taken(form)
        became["refused" if by_itself is None else "known" if by_itself.known else "own"] += 1
        for taken_as in (None, truth.key, "phq-9", "epds"):
            found = by_itself if taken_as is None else taken(form, taken_as)
            told = (truth.key, changes, taken_as, json.dumps(form))
            assert found is None or wrong(truth, found, said_so=taken_as is not None) == [], told
    say(truth.key, dict(became))
    assert sum(became.values()) == TRIES
