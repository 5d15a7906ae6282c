"""Questionnaires as files go wrong: seeded changes to a form of which it is known what each question and answer is.

What is known stands apart from what is changed: `Truth` is by the text of a question and of its answers. Of words that
nobody reads, codes are all there is, and they are left with the question that they are of.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.schemas.instruments.wording.forms import MOOD, Json, loinc, printed
from tests.schemas.instruments.wording.languages import QUESTIONS, UNKNOWN, mood_in

from intersession_schemas.instruments import INSTRUMENTS, read_questionnaire
from intersession_schemas.instruments.wording.meaning.items import STEMS

Change = Callable[[Random, Json], None]
NAMES = tuple(instrument.title for instrument in INSTRUMENTS.values() if instrument.names)
NOWHERE = "Xyzzy"
ON_RISK = "Thoughts of suicide?"
PANELS = tuple(instrument.codes.panel for instrument in INSTRUMENTS.values() if instrument.codes.panel)


class Truth:
    """What the questions of a form are, and the values of their answers, whatever becomes of the file."""

    def __init__(self, key: str, form: Json, items: dict[str, str]) -> None:
        """`items` are the keys of the items by linkId."""
        self.key, self.form = key, form
        self.item = dict[str, str]()
        self.value = dict[tuple[str, str], int]()
        for question in read_questionnaire(json.dumps(form).encode()).questions:
            if (item := items.get(question.link_id)) is not None:
                self.item[question.text] = item
                for place, one in enumerate(question.options):
                    self.value[question.text, one.text] = place if one.score is None else one.score


def made() -> list[Truth]:
    """Forms of our own words of every known instrument, with codes and without, and in every language."""
    found = []
    for key, instrument in INSTRUMENTS.items():
        if key in STEMS and key != "check-in":
            items = {item: item for item in instrument.item_keys()}
            found += [Truth(key, printed(key, codes=codes), items) for codes in (False, True)]
    items = {f"q{number}": f"q{number}" for number in range(1, 10)}
    for language in (*QUESTIONS, UNKNOWN):
        for codes in (False, True):
            found.append(Truth("phq-9", mood_in(language, codes=codes, answer_codes=codes), items))
    return found


def brought() -> list[Truth]:
    """The real files of known instruments that lie beside the project; none where there are none."""
    folders = (parent / "shared" / "data" / "fhir" for parent in Path(__file__).resolve().parents)
    folder = next((one for one in folders if one.is_dir()), None)
    found = []
    for file in sorted(folder.glob("*.json")) if folder is not None else ():
        form = json.loads(file.read_bytes())
        by_code = {item.loinc: item.key for item in INSTRUMENTS["phq-9"].items}
        codes = {one["linkId"]: {code.get("code") for code in one.get("code", [])} for one in form.get("item", [])}
        items = {link: by_code[code] for link, there in codes.items() for code in there & by_code.keys()}
        if set(MOOD) <= {code for there in codes.values() for code in there}:
            found.append(Truth("phq-9", form, items))
    return found


def readable(form: Json) -> bool:
    """Whether its questions are in words that are read."""
    return not any(NOWHERE in item.get("text", "") for item in form["item"])


def _asked(form: Json) -> list[Json]:
    return [item for item in form["item"] if item.get("type") != "display"]


def _scored(random: Random, form: Json) -> Json | None:
    found = [item for item in _asked(form) if item.get("answerOption")]
    return random.choice(found) if found else None


def _reverse(item: Json) -> None:
    answers = item.get("answerOption", [])
    scores = [one.pop("extension", None) for one in answers]
    for one, score in zip(answers, reversed(scores), strict=True):
        if score is not None:
            one["extension"] = score


def turn_all(_: Random, form: Json) -> None:
    """Every answer gets the score of the one at the other end."""
    for item in _asked(form):
        _reverse(item)


def turn_one(random: Random, form: Json) -> None:
    """As `turn_all`, in one question."""
    if (item := _scored(random, form)) is not None:
        _reverse(item)


def swap_scores(random: Random, form: Json) -> None:
    """Two answers of one question have each other's scores."""
    item = _scored(random, form)
    if item is not None and len(item["answerOption"]) > 1:
        one, other = random.sample(item["answerOption"], 2)
        one["extension"], other["extension"] = other.get("extension", []), one.get("extension", [])


def shift_scores(random: Random, form: Json) -> None:
    """All scores are some more, or less, or double."""
    by, times = random.choice([(1, 1), (-1, 1), (0, 2), (10, 1)])
    for item in _asked(form):
        for answer in item.get("answerOption", []):
            for extension in answer.get("extension", []):
                extension["valueDecimal"] = extension["valueDecimal"] * times + by


def turn_page(random: Random, form: Json) -> None:
    """The answers stand in another order, with their scores."""
    for item in _asked(form):
        if random.random() < 0.7:
            item.get("answerOption", []).reverse()


def shuffle(random: Random, form: Json) -> None:
    """The questions stand in another order."""
    random.shuffle(form["item"])


def last_first(_: Random, form: Json) -> None:
    """The last question, often that on risk, stands first."""
    form["item"].insert(0, form["item"].pop())


def swap_items(random: Random, form: Json) -> None:
    """Two questions have changed places."""
    one, other = (random.randrange(len(form["item"])) for _ in range(2))
    form["item"][one], form["item"][other] = form["item"][other], form["item"][one]


def swap_texts(random: Random, form: Json) -> None:
    """Two questions have changed texts, and keep their codes and answers."""
    asked = _asked(form)
    if len(asked) > 1 and readable(form):
        one, other = random.sample(asked, 2)
        one["text"], other["text"] = other["text"], one["text"]


def swap_codes(random: Random, form: Json) -> None:
    """Two questions have each other's codes."""
    asked = [item for item in _asked(form) if item.get("code")]
    if len(asked) > 1 and readable(form):
        one, other = random.sample(asked, 2)
        one["code"], other["code"] = other["code"], one["code"]


def drop_codes(random: Random, form: Json) -> None:
    """Codes of questions, of answers or of the whole are gone."""
    for item in _asked(form):
        if random.random() < 0.5:
            item.pop("code", None)
        for answer in item.get("answerOption", []):
            if random.random() < 0.3:
                answer.get("valueCoding", {}).pop("code", None)
    if random.random() < 0.5:
        form.pop("code", None)


def drop_scores(_: Random, form: Json) -> None:
    """No answer states a score."""
    for item in _asked(form):
        for answer in item.get("answerOption", []):
            answer.pop("extension", None)


def drop_item(random: Random, form: Json) -> None:
    """A question is missing."""
    del form["item"][random.randrange(len(form["item"]))]


def add_item(random: Random, form: Json) -> None:
    """A question more, scored like another one."""
    item = copy.deepcopy(random.choice(_asked(form)))
    item |= {"linkId": f"more{random.random()}", "text": random.choice(["Plugh", ON_RISK, "Bad sleep?"])}
    form["item"].insert(random.randrange(len(form["item"]) + 1), item)


def rename(random: Random, form: Json) -> None:
    """It has the title of some instrument, or none that is known."""
    form["title"] = random.choice([*NAMES, "Weekly form"])
    form.pop("name", None)


def repanel(random: Random, form: Json) -> None:
    """It has the panel code of some instrument."""
    form["code"] = [loinc(random.choice(PANELS))]


CHANGES: tuple[Change, ...] = (
    turn_all, turn_one, swap_scores, shift_scores, turn_page, shuffle, last_first, swap_items, swap_texts, swap_codes,
    drop_codes, drop_scores, drop_item, add_item, rename, repanel,
)  # fmt: skip


def mutated(random: Random, truth: Truth) -> tuple[Json, tuple[str, ...]]:
    """A form after one to three changes, and what they were."""
    form = copy.deepcopy(truth.form)
    changes = random.sample(CHANGES, random.randint(1, 3))
    for change in changes:
        if form["item"] and _asked(form):
            change(random, form)
    return form, tuple(change.__name__ for change in changes)
