"""Which known instruments a questionnaire names: in its title, its name or the end of its url. Pure."""

from __future__ import annotations

import re
import unicodedata

from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.instruments.values import Instrument
from intersession_schemas.instruments.wording.questionnaires import Questionnaire

# Forms that share a name with an instrument and are another one.
OTHER_FORMS = {
    "modified", "adolescent", "adolescents", "teen", "teens", "child", "youth", "parent", "partner", "clinician",
    "proxy", "usaudit", "lifetime",
}  # fmt: skip


def named_in(questionnaire: Questionnaire) -> tuple[list[Instrument], list[Instrument]]:
    """Instruments whose name the url, the name or the title has, the longest name first; and those of which it says
    that it is another form."""
    last = (questionnaire.url or "").rstrip("/").rpartition("/")[2].partition("|")[0]
    texts = [words(text) for text in (questionnaire.title, questionnaire.name, last) if text]
    found = []
    for instrument in INSTRUMENTS.values():
        named = [len(name) for name in instrument.names for text in texts if f" {name} " in f" {text} "]
        if named:
            found.append((max(named), instrument))
    instruments = [instrument for _, instrument in sorted(found, key=lambda one: -one[0])]
    other = any(word in OTHER_FORMS for text in texts for word in text.split())
    return ([], instruments) if other else (instruments, [])


def words(text: str) -> str:
    """A name as words in lower case: `CIRG-PHQ9` is `cirg phq9`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", text))
    return " ".join(re.sub(r"[\W_]+", " ", spaced.casefold()).split())
